/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sweeps: patterns, outcomes, and the command `fwsim faults`. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static const char image[] = FWSIM_TEST_FIRMWARE_DIR "/inject_guest.elf";

static int setup(void **state)
{
    fwsim_machine *m = new_machine(fwsim_board_find("bbc_microbit"), NULL);

    OK(fwsim_load(m, image, NULL));
    OK(fwsim_uart_expect(m, NULL, "ready\n", FWSIM_MS(20)));
    *state = m;
    return 0;
}

/* ------------------------------------------------------------------ */
/* Patterns                                                             */
/* ------------------------------------------------------------------ */

static void assert_cases(fwsim_machine *m, const char *pattern, size_t moments,
                         const char *const *texts)
{
    char buf[FWSIM_INJECT_TEXT_MAX];
    fwsim_sweep *s;
    size_t n = 0;

    OK(fwsim_sweep_new(&s, m, pattern));
    assert_int_equal(fwsim_sweep_moments(s), moments);
    for (; texts[n]; n++)
        assert_string_equal(fwsim_sweep_text(s, n, buf, sizeof buf), texts[n]);
    assert_int_equal(fwsim_sweep_cases(s), n);
    fwsim_sweep_free(s);
}

static void a_pattern_is_all_combinations(void **test)
{
#define CASES(...) (const char *const[]) { __VA_ARGS__, NULL }
    fwsim_machine *m = *test;

    assert_cases(m, "cut", 1, CASES("cut"));
    assert_cases(m, "cut@{8..10}", 3, CASES("cut@8", "cut@9", "cut@10"));
    assert_cases(m, "flip:ram:{0x20000000..0x20000004/4}:{0,7}@{5..9/3}", 2,
                 CASES("flip:ram:0x20000000:0@5", "flip:ram:0x20000000:0@8",
                       "flip:ram:0x20000000:7@5", "flip:ram:0x20000000:7@8",
                       "flip:ram:0x20000004:0@5", "flip:ram:0x20000004:0@8",
                       "flip:ram:0x20000004:7@5", "flip:ram:0x20000004:7@8"));
    assert_cases(m, "cut@{1ms..2ms/500us}", 3,
                 CASES("cut@1000000ns", "cut@1500000ns", "cut@2000000ns"));
    assert_cases(m, "drift:core:{-2..2/4}", 1,
                 CASES("drift:core:-2", "drift:core:2"));
    assert_cases(m, "{nack:start,nack:byte}:twi0#{1,2+}", 2,
                 CASES("nack:start:twi0#1", "nack:start:twi0#2+",
                       "nack:byte:twi0#1", "nack:byte:twi0#2+"));
    assert_cases(m, "skip@{0x10..0x12/2}", 2, CASES("skip@0x10", "skip@0x12"));
#undef CASES
}

static void symbols_are_moments_too(void **test)
{
    fwsim_machine *m = *test;
    const fwsim_symbol *sum = fwsim_symbol_find(m, "sum");
    char buf[FWSIM_INJECT_TEXT_MAX], expected[64];
    fwsim_sweep *s;

    OK(fwsim_sweep_new(&s, m, "skip@{sum..sum+4/2}"));
    assert_int_equal(fwsim_sweep_cases(s), 3);
    snprintf(expected, sizeof expected, "skip@pc:0x%llx",
             (unsigned long long)sum->addr + 4);
    assert_string_equal(fwsim_sweep_text(s, 2, buf, sizeof buf), expected);
    fwsim_sweep_free(s);
}

#define ZEROS "00000000000000000000000000000000000000000000000000"

static void bad_patterns_have_a_reason(void **test)
{
    static const char *const bad[][2] = {
        { "cut@{1..5", "brace" },          { "cut@1..5}", "brace" },
        { "cut@{}", "empty range" },       { "cut@{5..1}", "before it begins" },
        { "cut@{1..5/0}", "step of 0" },   { "cut@{1ms..2ms}", "has a step" },
        { "cut@{1ms..2/1ms}", "one kind" }, { "cut@{1..x}", "expected" },
        { "cut@{1..99999999999}", "too many" },
        { "cut@{1..20000}#{1..20000}", "more than" },
        { "cuts@{1..2}", "no kind" },      { "skip@{nobody..nobody+4}", "" },
        { "flip:ram:{0x20000000..0x20004000/4}:0", "is no RAM" },
        { "cut@" ZEROS ZEROS ZEROS ZEROS "{1..5}", "longer than" },
        { "cut@1{#" ZEROS ZEROS ZEROS ZEROS ",#2}", "longer than" },
        { "{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}", "too many ranges" },
    };
    fwsim_machine *m = *test;
    fwsim_sweep *s;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (fwsim_sweep_new(&s, m, bad[i][0]) == 0 ||
            !strstr(fwsim_errmsg(m), bad[i][1]))
            fail_msg("\"%s\": %s", bad[i][0], fwsim_errmsg(m));
        assert_null(s);
    }
}

/* ------------------------------------------------------------------ */
/* Outcomes                                                             */
/* ------------------------------------------------------------------ */

static void send_sum(fwsim_machine *m, void *user)
{
    (void)user;
    OK(fwsim_uart_send(m, NULL, "s", 1));
}

static const fwsim_sweep_options how = {
    .limit = { .time_ns = FWSIM_MS(5) },
    .ok_text = "sum 00000037\n",
    .wrong_text = "sum 00000036\n",
    .detected_text = "sum 00000024\n",
    .prepare = send_sum,
};

static fwsim_sweep_outcome outcome(fwsim_machine *m, const fwsim_snapshot *s,
                                   const char *text)
{
    fwsim_sweep_case c;

    OK(fwsim_sweep_case_run(m, text, s, &how, &c));
    return c.outcome;
}

static void each_outcome_is_told_from_the_others(void **test)
{
    fwsim_machine *m = *test;
    fwsim_snapshot *s;

    OK(fwsim_snapshot_take(m, &s));
    assert_int_equal(outcome(m, s, NULL), FWSIM_SWEEP_OK);
    assert_int_equal(outcome(m, s, "skip@sum+4"), FWSIM_SWEEP_OK);
    assert_int_equal(outcome(m, s, "skip@sum+8"), FWSIM_SWEEP_WRONG);
    /* 10 becomes 8: a text that this test takes for a notice. */
    assert_int_equal(outcome(m, s, "flip:reg:r0:1@sum"), FWSIM_SWEEP_DETECTED);
    assert_int_equal(outcome(m, s, "flip:reg:r15:30@sum"), FWSIM_SWEEP_CRASH);
    assert_int_equal(outcome(m, s, "drop:rx:uart0#1"), FWSIM_SWEEP_HANG);
    fwsim_snapshot_free(s);
}

typedef struct record {
    unsigned outcome[64];
    size_t n;
} record;

static bool keep(fwsim_machine *m, const fwsim_sweep_case *c, void *user)
{
    record *r = user;

    (void)m;
    assert_int_equal(c->index, r->n);
    r->outcome[r->n++] = (unsigned)c->outcome;
    return r->n < 64;
}

static void a_sweep_is_the_same_each_time_and_as_its_cases(void **test)
{
    fwsim_machine *m = *test;
    fwsim_sweep_options opt = how;
    record first = { { 0 }, 0 }, second = { { 0 }, 0 };
    char text[FWSIM_INJECT_TEXT_MAX];
    fwsim_inject_state armed;
    fwsim_snapshot *s;
    fwsim_sweep *sweep;

    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_sweep_new(&sweep, m, "flip:reg:r{0..7}:{0..7}@sum+8"));
    opt.on_case = keep;
    opt.user = &first;
    OK(fwsim_sweep_run(m, sweep, s, &opt));
    opt.user = &second;
    OK(fwsim_sweep_run(m, sweep, s, &opt));
    assert_memory_equal(&first, &second, sizeof first);
    assert_int_equal(first.n, 64);
    assert_false(fwsim_inject_get(m, 0, &armed));
    for (size_t i = 63; i < 64; i -= 9) {
        fwsim_sweep_text(sweep, i, text, sizeof text);
        assert_int_equal(outcome(m, s, text), first.outcome[i]);
    }
    fwsim_sweep_free(sweep);
    fwsim_snapshot_free(s);
}

/* ------------------------------------------------------------------ */
/* The command                                                          */
/* ------------------------------------------------------------------ */

#define FAULTS(c, ...)                                                         \
    command_run(c, (const char *const[]){ command_fwsim(), "faults", "-b",     \
                                          "bbc_microbit", "--boot-text",       \
                                          "ready\n", "--input", "-",           \
                                          __VA_ARGS__, NULL }, "s")

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void the_command_prints_a_matrix_with_ids(void **test)
{
    command c;

    (void)test;
    if (!command_have_fwsim())
        skip();
    FAULTS(&c, "--ok-text", "sum 00000037", "--sweep", "skip@{sum..sum+16/2}",
           "--sweep", "flip:reg:sp:{28..29}@sum", image);
    assert_int_equal(c.code, 10);
    assert_has(c.out, "reference: ok after");
    assert_has(c.out, "skip@{sum..sum+16/2}");
    assert_has(c.out, "crash    flip:reg:sp:28@");
    assert_has(c.out, "hang     skip@pc:0x");
    command_free(&c);
}

static void the_command_tells_the_story_of_a_case(void **test)
{
    command c, again;

    (void)test;
    if (!command_have_fwsim())
        skip();
    FAULTS(&c, "--ok-text", "sum 00000037", "--case", "skip@sum+8", image);
    FAULTS(&again, "--ok-text", "sum 00000037", "--case", "skip@sum+8", image);
    assert_int_equal(c.code, 10);
    assert_has(c.out, "hit        1 times");
    assert_has(c.out, "sum+0x8");
    assert_has(c.out, "sum 00000036");
    assert_string_equal(c.out, again.out);
    command_free(&c);
    command_free(&again);
}

static void with_compare_other_output_is_wrong(void **test)
{
    command c;

    (void)test;
    if (!command_have_fwsim())
        skip();
    FAULTS(&c, "--ok-text", "\n", "--compare", "--case", "skip@sum+8", image);
    assert_int_equal(c.code, 10);
    assert_has(c.out, "outcome    wrong");
    command_free(&c);
    FAULTS(&c, "--ok-text", "\n", "--case", "skip@sum+8", image);
    assert_int_equal(c.code, 0);
    assert_has(c.out, "outcome    ok");
    command_free(&c);
}

static void the_document_has_every_case(void **test)
{
    command c;

    (void)test;
    if (!command_have_fwsim())
        skip();
    FAULTS(&c, "--ok-text", "sum 00000037", "--json", "--sweep",
           "skip@pc:{0x144..0x146/2}", image);
    assert_has(c.out, "\"cases\": 2");
    assert_has(c.out, "\"id\": \"skip@pc:0x146\"");
    assert_has(c.out, "\"outcome\": \"ok\"");
    command_free(&c);
}

static void what_cannot_be_swept_is_refused(void **test)
{
    command c;

    (void)test;
    if (!command_have_fwsim())
        skip();
    FAULTS(&c, "--ok-text", "sum 00000037", "--sweep", "skap@{1..2}", image);
    assert_int_equal(c.code, 2);
    assert_has(c.err, "did you mean skip?");
    command_free(&c);
    FAULTS(&c, "--ok-text", "sum 00000037", image);
    assert_int_equal(c.code, 2);
    assert_has(c.err, "--sweep PATTERN or --case ID");
    command_free(&c);
    FAULTS(&c, "--sweep", "skip@{1..2}", image);
    assert_int_equal(c.code, 2);
    assert_has(c.err, "--ok-text");
    command_free(&c);
    FAULTS(&c, "--ok-text", "never", "--timeout", "2ms", "--sweep",
           "skip@{1..2}", image);
    assert_int_equal(c.code, 1);
    assert_has(c.err, "without a fault the outcome is \"hang\"");
    command_free(&c);
    command_run(&c, (const char *const[]){ command_fwsim(), "faults", "--kinds",
                                           NULL }, NULL);
    assert_int_equal(c.code, 0);
    for (int k = 0; k < FWSIM_INJECT_KINDS; k++)
        assert_has(c.out, fwsim_inject_kind_name((fwsim_inject_kind)k));
    command_free(&c);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, free_machine)
    const struct CMUnitTest tests[] = {
        TEST(a_pattern_is_all_combinations),
        TEST(symbols_are_moments_too),
        TEST(bad_patterns_have_a_reason),
        TEST(each_outcome_is_told_from_the_others),
        TEST(a_sweep_is_the_same_each_time_and_as_its_cases),
        cmocka_unit_test(the_command_prints_a_matrix_with_ids),
        cmocka_unit_test(the_command_tells_the_story_of_a_case),
        cmocka_unit_test(with_compare_other_output_is_wrong),
        cmocka_unit_test(the_document_has_every_case),
        cmocka_unit_test(what_cannot_be_swept_is_refused),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
