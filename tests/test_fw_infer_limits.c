/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inference stays within its limits: seldom an analysis once a guest is in its
 * main loop, little memory; and with firmware that does what no driver does
 * (firmware/inf_bad.c) the run ends, with a reason.
 */
#include "infer.h"

#include <string.h>

enum {
    WARM_UP = 2000000,         /* instructions, */
    STEADY = 2000000,
    READS_AN_ANALYSIS = 10000, /* then, at least, */
    FEW = 4,                   /* but for these */
    MEMORY_MAX = 4 << 20       /* bytes */
};

static fwsim_infer_stats stats_of(const infer_run *r)
{
    fwsim_infer_stats stats;

    fwsim_infer_stats_get(r->m, &stats);
    return stats;
}

static bool is_steady(const infer_guest *g, const char *level)
{
    fwsim_infer_stats before, after;
    uint64_t reads, analyses;
    infer_run r;

    infer_start_guest(&r, g, level, NULL);
    infer_go(&r, WARM_UP);
    infer_go(&r, WARM_UP);
    before = stats_of(&r);
    infer_go(&r, STEADY);
    after = stats_of(&r);
    reads = after.reads - before.reads;
    analyses = after.analyses - before.analyses;
    assert_true(after.memory_bytes < MEMORY_MAX);
    infer_end(&r);
    if (analyses <= reads / READS_AN_ANALYSIS + FEW)
        return true;
    print_error("inf_%s, -O%s: %u analyses in %u reads\n", g->name, level,
                (unsigned)analyses, (unsigned)reads);
    return false;
}

static void after_warm_up_few_reads_are_analysed(void **state)
{
    unsigned bad = 0;

    (void)state;
    for (const infer_guest *g = infer_guests; g->name; g++)
        for (const char *const *l = infer_levels; *l; l++)
            bad += !infer_left_out(g) && !is_steady(g, *l);
    assert_int_equal(bad, 0);
}

/* ------------------------------------------------------------------ */
/* Firmware that misbehaves                                             */
/* ------------------------------------------------------------------ */

typedef struct end {
    fwsim_stop stop;
    fwsim_infer_stats stats;
    char text[200];
} end;

/** Run a bad guest. */
static end run_bad(const char *image, const fwsim_limit *limit)
{
    infer_run r;
    end e;
    fwsim_machine *m;

    infer_start(&r, image, "generic_cortex_m3", NULL);
    m = r.m;
    OK(fwsim_run(m, limit, &e.stop)); /* until done, where its misdeeds begin */
    assert_true(r.done_at);
    OK(fwsim_run(m, limit, &e.stop));
    strncpy(e.text, e.stop.text, sizeof e.text - 1);
    e.text[sizeof e.text - 1] = '\0';
    e.stats = stats_of(&r);
    assert_true(e.stats.memory_bytes < MEMORY_MAX);
    assert_false(r.failed);
    infer_end(&r);
    return e;
}

static const fwsim_limit million = { .instructions = 1000000 };

static void reading_every_register_ends_at_the_limit(void **state)
{
    end e = run_bad("inf_bad_reads_all", &million);

    (void)state;
    assert_int_equal(e.stop.reason, FWSIM_STOP_LIMIT);
    assert_int_equal(e.stats.registers, 4096);
}

static void writing_random_registers_ends_at_the_limit(void **state)
{
    end e = run_bad("inf_bad_writes_random", &million);

    (void)state;
    assert_int_equal(e.stop.reason, FWSIM_STOP_LIMIT);
}

static void a_jump_into_peripherals_is_a_fault_that_names_the_place(void **state)
{
    end e = run_bad("inf_bad_jumps_astray", &million);

    (void)state;
    assert_int_equal(e.stop.reason, FWSIM_STOP_FAULT);
    assert_non_null(strstr(e.text, "0x40040000"));
}

static void masked_interrupts_do_not_end_a_wait(void **state)
{
    end e = run_bad("inf_bad_masks_interrupts", &million);

    (void)state;
    assert_int_equal(e.stop.reason, FWSIM_STOP_LIMIT);
    assert_int_equal(e.stop.instructions / 1000, million.instructions / 1000);
}

static void a_wait_that_nothing_can_end_is_not_analysed_for_ever(void **state)
{
    end e = run_bad("inf_bad_never_satisfied", &million);

    (void)state;
    assert_int_equal(e.stop.reason, FWSIM_STOP_LIMIT);
    assert_true(e.stats.analyses < 100);
}

static void resets_without_end_are_few_analyses(void **state)
{
    end e = run_bad("inf_bad_resets", &million);

    (void)state;
    assert_int_equal(e.stop.reason, FWSIM_STOP_LIMIT);
    assert_true(e.stats.reads > 1000);
    assert_true(e.stats.analyses < 100);
}

/** Without any limit: nothing is there that could wake it. */
static void sleep_without_a_way_to_wake_is_idle(void **state)
{
    end e = run_bad("inf_bad_sleeps", NULL);

    (void)state;
    assert_int_equal(e.stop.reason, FWSIM_STOP_IDLE);
    assert_non_null(strstr(e.text, "asleep"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_warm_up_few_reads_are_analysed),
        cmocka_unit_test(reading_every_register_ends_at_the_limit),
        cmocka_unit_test(writing_random_registers_ends_at_the_limit),
        cmocka_unit_test(
            a_jump_into_peripherals_is_a_fault_that_names_the_place),
        cmocka_unit_test(masked_interrupts_do_not_end_a_wait),
        cmocka_unit_test(a_wait_that_nothing_can_end_is_not_analysed_for_ever),
        cmocka_unit_test(resets_without_end_are_few_analyses),
        cmocka_unit_test(sleep_without_a_way_to_wake_is_idle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
