/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log and the texts of errors.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "fwsim_periph.h"
#include "machine/machine.h"

static const fwsim_periph_type type = { .name = "type", .size = 0x100 };

/* clang-format off */
static const fwsim_soc soc = {
    .name = "test_soc",
    .clock_hz = 1000,
    .periph = (const fwsim_slot[]) {
        { "one", &type, .base = 0x40000000 },
        { "two", &type, .base = 0x40000100 },
        { 0 }
    },
};
/* clang-format on */

static const fwsim_board board = { .name = "test_board", .soc = &soc };

static int setup(void **state)
{
    return bench_setup(state, &board);
}

static void log_all_levels(fwsim_machine *m)
{
    fwsim__log(m, FWSIM_LOG_ERROR, FWSIM_TOPIC_GENERAL, "x", "e");
    fwsim__log(m, FWSIM_LOG_WARN, FWSIM_TOPIC_GENERAL, "x", "w");
    fwsim__log(m, FWSIM_LOG_INFO, FWSIM_TOPIC_GENERAL, "x", "i");
    fwsim__log(m, FWSIM_LOG_DEBUG, FWSIM_TOPIC_GENERAL, "x", "d");
}

static void a_level_lets_through_what_is_at_least_as_severe(void **state)
{
    (void)state;
    for (int level = FWSIM_LOG_ERROR; level <= FWSIM_LOG_DEBUG; level++) {
        log_lines log = { 0 };
        fwsim_options opt = { .log = log_collect,
                              .log_user = &log,
                              .log_level = (fwsim_level)level };
        fwsim_machine *m = new_machine(&board, &opt);

        log_all_levels(m);
        assert_int_equal(log.count, level + 1);
        fwsim_free(m);
    }
}

static void without_a_callback_there_is_silence(void **state)
{
    fwsim_machine *m = new_machine(&board, &(fwsim_options){ 0 });

    (void)state;
    log_all_levels(m);
    fwsim_guest_error(fwsim__periph_find(m, "one"), "x");
    fwsim_free(m);
}

static void a_line_has_time_origin_and_text(void **state)
{
    bench *b = *state;

    run_ns(b->m, FWSIM_MS(7));
    fwsim__log(b->m, FWSIM_LOG_INFO, FWSIM_TOPIC_CPU, "core", "%d of %s", 3,
               "x");
    assert_int_equal(b->log.count, 1);
    assert_int_equal(b->log.line[0].time_ns, FWSIM_MS(7));
    assert_int_equal(b->log.line[0].level, FWSIM_LOG_INFO);
    assert_int_equal(b->log.line[0].topic, FWSIM_TOPIC_CPU);
    assert_string_equal(b->log.line[0].origin, "core");
    assert_string_equal(b->log.line[0].text, "3 of x");
    /* There is no core that could be somewhere. */
    assert_false(b->log.line[0].has_pc);
}

static void a_line_that_is_too_long_is_cut(void **state)
{
    bench *b = *state;
    char text[2000];

    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    fwsim__log(b->m, FWSIM_LOG_INFO, FWSIM_TOPIC_GENERAL, "o", "%s", text);
    assert_int_equal(b->log.count, 1);
}

static void guest_errors_carry_the_slot(void **state)
{
    bench *b = *state;

    fwsim_guest_error(fwsim__periph_find(b->m, "two"), "bad %d", 5);
    assert_int_equal(b->log.line[0].topic, FWSIM_TOPIC_GUEST_ERROR);
    assert_int_equal(b->log.line[0].level, FWSIM_LOG_WARN);
    assert_string_equal(b->log.line[0].origin, "two");
    assert_string_equal(b->log.line[0].text, "bad 5");
}

static void a_gap_is_reported_once_for_each_format(void **state)
{
    bench *b = *state;
    fwsim_periph *one = fwsim__periph_find(b->m, "one");
    fwsim_periph *two = fwsim__periph_find(b->m, "two");

    for (int i = 0; i < 5; i++) {
        fwsim_unimpl(one, "mode %d", i);
        fwsim_unimpl(two, "mode %d", i);
        fwsim_unimpl(one, "parity");
    }
    assert_int_equal(log_count(&b->log, FWSIM_TOPIC_UNIMPL), 2);
    assert_string_equal(b->log.line[0].text, "mode 0");
    assert_string_equal(b->log.line[1].text, "parity");
}

static void each_error_code_has_a_text(void **state)
{
    (void)state;
#define X(name, code, text)                                                    \
    assert_string_equal(fwsim_strerror(FWSIM_##name), text);                   \
    assert_int_equal(FWSIM_##name, code);
    FWSIM_ERROR_MAP(X)
#undef X
    assert_string_equal(fwsim_strerror(0), "success");
    assert_non_null(fwsim_strerror(-9999));
    assert_non_null(fwsim_strerror(1));
}

static void the_text_of_an_error_is_kept_in_its_machine(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    fwsim_machine *other = new_machine(&board, NULL);

    assert_string_equal(fwsim_errmsg(m), "");
    assert_int_equal(fwsim__error(m, FWSIM_EIO, "file %s", "a.bin"), FWSIM_EIO);
    assert_string_equal(fwsim_errmsg(m), "file a.bin");
    assert_string_equal(fwsim_errmsg(other), "");
    /* A text may be built from the one before it. */
    fwsim__error(m, FWSIM_EIO, "loading: %s", fwsim_errmsg(m));
    assert_string_equal(fwsim_errmsg(m), "loading: file a.bin");
    fwsim_free(other);
}

static void the_version_is_that_of_the_header(void **state)
{
    char version[32];

    (void)state;
    snprintf(version, sizeof version, "%d.%d.%d", FWSIM_VERSION_MAJOR,
             FWSIM_VERSION_MINOR, FWSIM_VERSION_PATCH);
    assert_string_equal(fwsim_version(), version);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_lets_through_what_is_at_least_as_severe),
        cmocka_unit_test(without_a_callback_there_is_silence),
        TEST(a_line_has_time_origin_and_text),
        TEST(a_line_that_is_too_long_is_cut),
        TEST(guest_errors_carry_the_slot),
        TEST(a_gap_is_reported_once_for_each_format),
        cmocka_unit_test(each_error_code_has_a_text),
        TEST(the_text_of_an_error_is_kept_in_its_machine),
        cmocka_unit_test(the_version_is_that_of_the_header),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
