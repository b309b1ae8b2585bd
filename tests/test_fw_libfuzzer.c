/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fwsim_fuzz_one for libFuzzer, without libFuzzer: its counters are here. */
#include "support.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define GUEST FWSIM_TEST_FIRMWARE_DIR "/fuzz_guest.elf"

/* The linker gives these names to both ends of the section. */
extern uint8_t __start___libfuzzer_extra_counters[];
extern uint8_t __stop___libfuzzer_extra_counters[];

static size_t counted(fwsim_fuzz *f, const char *text)
{
    const size_t size = (size_t)(__stop___libfuzzer_extra_counters -
                                 __start___libfuzzer_extra_counters);
    size_t n = 0;

    memset(__start___libfuzzer_extra_counters, 0, size);
    assert_int_equal(fwsim_fuzz_one(f, (const uint8_t *)text, strlen(text)), 0);
    for (size_t i = 0; i < size; i++)
        n += __start___libfuzzer_extra_counters[i] != 0;
    return n;
}

static void a_harness_may_begin_anew_for_each_input(void **state)
{
    fwsim_machine *m = new_machine(fwsim_board_find("mps2_an385"), NULL);
    size_t first = 0;

    (void)state;
    OK(fwsim_load(m, GUEST, NULL));
    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(1) }, NULL));
    for (int i = 0; i < 3; i++) {
        fwsim_fuzz *f;

        OK(fwsim_fuzz_new(&f, m, &(fwsim_fuzz_options){ .function = "parse" }));
        if (i == 0)
            first = counted(f, "xx");
        assert_int_not_equal(first, 0);
        assert_int_equal(counted(f, "xx"), first);
        fwsim_fuzz_free(f);
    }
    fwsim_free(m);
}

static void an_input_that_is_too_long_is_not_for_the_corpus(void **state)
{
    fwsim_machine *m = new_machine(fwsim_board_find("mps2_an385"), NULL);
    fwsim_fuzz *f;

    (void)state;
    OK(fwsim_load(m, GUEST, NULL));
    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(1) }, NULL));
    OK(fwsim_fuzz_new(&f, m, &(fwsim_fuzz_options){ .function = "parse",
                                                    .max_size = 2 }));
    assert_int_equal(fwsim_fuzz_one(f, (const uint8_t *)"xxx", 3), -1);
    fwsim_fuzz_free(f);
    fwsim_free(m);
}

static void a_harness_that_leaks_machines_is_told_so_once(void **state)
{
    enum { MANY = 20 };
    fwsim_machine *m[MANY];
    fwsim_fuzz *f[MANY];
    char text[4096];
    FILE *heard = tmpfile();
    int err = dup(STDERR_FILENO);
    size_t n;
    char *at;

    (void)state;
    assert_non_null(heard);
    dup2(fileno(heard), STDERR_FILENO);
    for (int i = 0; i < MANY; i++) {
        m[i] = new_machine(fwsim_board_find("mps2_an385"), NULL);
        assert_int_equal(fwsim_load(m[i], GUEST, NULL), 0);
        assert_int_equal(fwsim_run(m[i], &(fwsim_limit){ .time_ns = FWSIM_MS(1) },
                                   NULL), 0);
        assert_int_equal(fwsim_fuzz_new(&f[i], m[i],
                                        &(fwsim_fuzz_options){
                                            .function = "parse" }), 0);
        fwsim_fuzz_one(f[i], (const uint8_t *)"", 0);
    }
    fflush(stderr);
    dup2(err, STDERR_FILENO);
    close(err);
    rewind(heard);
    n = fread(text, 1, sizeof text - 1, heard);
    fclose(heard);
    text[n] = '\0';
    at = strstr(text, "LLVMFuzzerInitialize");
    assert_non_null(at);
    assert_null(strstr(at + 1, "LLVMFuzzerInitialize"));
    for (int i = 0; i < MANY; i++) {
        fwsim_fuzz_free(f[i]);
        fwsim_free(m[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_harness_may_begin_anew_for_each_input),
        cmocka_unit_test(an_input_that_is_too_long_is_not_for_the_corpus),
        cmocka_unit_test(a_harness_that_leaks_machines_is_told_so_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
