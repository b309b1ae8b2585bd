/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A user's program, built with the installed packages: it runs a guest of a
 * few bytes, and compares the library with its headers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <fwsim.h>

/* A vector table, and at 8: movs r0, #6; movs r1, #7; muls r0, r1; b . */
static const uint8_t guest[] = {
    0x00, 0x20, 0x00, 0x20, 0x09, 0x00, 0x00, 0x00,
    0x06, 0x20, 0x07, 0x21, 0x48, 0x43, 0xfe, 0xe7,
};

static void a_guest_multiplies(void **state)
{
    fwsim_machine *m;
    fwsim_image *image;
    uint64_t r0;

    (void)state;
    assert_int_equal(fwsim_new(&m, fwsim_board_find("bbc_microbit"), NULL), 0);
    assert_int_equal(fwsim_image_parse(&image, "guest.bin", guest,
                                       sizeof guest, NULL), 0);
    assert_int_equal(fwsim_load_image(m, image), 0);
    assert_int_equal(fwsim_run(m, &(fwsim_limit){ .instructions = 10 }, NULL), 0);
    assert_int_equal(fwsim_cpu_read(m, "r0", &r0), 0);
    assert_int_equal(r0, 42);
    fwsim_free(m);
}

static void library_and_header_have_one_version(void **state)
{
    (void)state;
    assert_string_equal(fwsim_version(), FWSIM_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guest_multiplies),
        cmocka_unit_test(library_and_header_have_one_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
