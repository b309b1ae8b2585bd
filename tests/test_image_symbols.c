/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbols and lines of a guest program. Addresses come from the system's nm,
 * lines from the source.
 */
#include "images.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int setup(void **state)
{
    *state = image_open_ok(GUEST("image_guest"));
    return 0;
}

static int teardown(void **state)
{
    fwsim_image_free(*state);
    return 0;
}

static uint64_t address_of(const fwsim_image *img, const char *name)
{
    const fwsim_symbol *s = fwsim_image_symbol(img, name);

    if (!s)
        fail_msg("no symbol %s", name);
    return s->addr;
}

static void every_symbol_of_nm_is_found_by_name(void **state)
{
    fwsim_image *img = *state;
    FILE *nm = popen("arm-none-eabi-nm '" GUEST("image_guest") "'", "r");
    char line[256], name[200], kind;
    unsigned long long addr;
    size_t count = 0;

    assert_non_null(nm);
    while (fgets(line, sizeof line, nm)) {
        assert_int_equal(sscanf(line, "%llx %c %199s", &addr, &kind, name), 3);
        assert_int_equal(address_of(img, name), addr);
        count++;
    }
    assert_int_equal(pclose(nm), 0);
    assert_int_equal(fwsim_image_symbols(img, NULL), count);
}

static void symbols_are_in_order_of_address_then_name(void **state)
{
    const fwsim_symbol *s;
    size_t count = fwsim_image_symbols(*state, &s);

    assert_true(count > 10);
    for (size_t i = 1; i < count; i++) {
        assert_true(s[i - 1].addr <= s[i].addr);
        if (s[i - 1].addr == s[i].addr)
            assert_true(strcmp(s[i - 1].name, s[i].name) <= 0);
    }
}

static void marks_of_the_assembler_are_left_out(void **state)
{
    const fwsim_symbol *s;
    size_t count = fwsim_image_symbols(*state, &s);

    for (size_t i = 0; i < count; i++)
        assert_true(s[i].name[0] != '$');
}

static void an_address_inside_a_function_gives_the_function(void **state)
{
    fwsim_image *img = *state;
    const fwsim_symbol *s = fwsim_image_symbol(img, "local_function");

    assert_true(s && s->function && s->size > 2);
    assert_int_equal(s->addr % 2, 0);
    assert_ptr_equal(fwsim_image_symbol_at(img, s->addr), s);
    assert_ptr_equal(fwsim_image_symbol_at(img, s->addr + s->size - 1), s);
    assert_ptr_not_equal(fwsim_image_symbol_at(img, s->addr + s->size), s);
    assert_ptr_not_equal(fwsim_image_symbol_at(img, s->addr - 1), s);
}

static void objects_and_functions_without_a_size_are_found(void **state)
{
    fwsim_image *img = *state;
    uint64_t zeroed = address_of(img, "zeroed");
    uint64_t begin = address_of(img, "frame_begin");

    assert_string_equal(fwsim_image_symbol_at(img, zeroed + 255)->name,
                        "zeroed");
    assert_string_equal(fwsim_image_symbol_at(img, begin + 2)->name,
                        "frame_begin");
}

static void addresses_outside_the_program_have_no_symbol(void **state)
{
    assert_null(fwsim_image_symbol_at(*state, 0x20003ff0));
    assert_null(fwsim_image_symbol_at(*state, 0xffffffff));
    assert_null(fwsim_image_symbol(*state, "no_such_symbol"));
    assert_null(fwsim_image_symbol(*state, ""));
}

/* The line of the source that has @a text. */
static unsigned source_line(const char *text)
{
    FILE *f = fopen(FWSIM_TEST_SOURCE_DIR "/firmware/image_guest.c", "r");
    char line[256];
    unsigned number = 1;

    assert_non_null(f);
    while (fgets(line, sizeof line, f) && !strstr(line, text))
        number++;
    fclose(f);
    return number;
}

static void an_instruction_has_file_and_line(void **state)
{
    fwsim_image *img = *state;
    uint64_t addr = address_of(img, "local_function");
    const char *file;
    unsigned line;

    if (!fwsim_image_line(img, addr, &file, &line))
        skip(); /* a build without DWARF */
    assert_non_null(strstr(file, "image_guest.c"));
    assert_int_equal(line, source_line("local_function(void)") + 2);
    assert_true(fwsim_image_line(img, addr, NULL, NULL));
}

/* `dropped` claims addresses from 0 on, where the vectors are. */
static void dropped_functions_have_no_lines(void **state)
{
    fwsim_image *img = *state;
    uint64_t vectors = address_of(img, "vectors");

    assert_int_equal(vectors, 0);
    assert_null(fwsim_image_symbol(img, "dropped"));
    for (uint64_t a = 0; a < 24 * 4; a += 2)
        assert_false(fwsim_image_line(img, a, NULL, NULL));
}

static void addresses_behind_the_code_have_no_lines(void **state)
{
    assert_false(fwsim_image_line(*state, 0x10000, NULL, NULL));
    assert_false(fwsim_image_line(*state, 0xfffffffe, NULL, NULL));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_symbol_of_nm_is_found_by_name),
        CASE(symbols_are_in_order_of_address_then_name),
        CASE(marks_of_the_assembler_are_left_out),
        CASE(an_address_inside_a_function_gives_the_function),
        CASE(objects_and_functions_without_a_size_are_found),
        CASE(addresses_outside_the_program_have_no_symbol),
        CASE(an_instruction_has_file_and_line),
        CASE(dropped_functions_have_no_lines),
        CASE(addresses_behind_the_code_have_no_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
