/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drivers for chips that nobody modelled get to their main loops, and stay
 * there (firmware/inf_*.c).
 */
#include "infer.h"

#include <stdio.h>

enum { AFTERWARDS = 300000 }; /* instructions */

/** Start, get done, go on. @return all was well */
static bool works(const infer_guest *g, const char *level, uint64_t irq_period)
{
    const fwsim_infer_options opt = { .irq_period = irq_period };
    infer_run r;
    char what[96];
    bool well;

    snprintf(what, sizeof what, "inf_%s, -O%s, interrupts after %u", g->name,
             level, (unsigned)irq_period);
    infer_start_guest(&r, g, level, &opt);
    well = infer_gets_done(&r, what);
    if (well) {
        infer_go(&r, AFTERWARDS);
        well = !r.failed;
        if (!well)
            print_error("%s: has failed later, called by %s\n", what, r.where);
    }
    infer_end(&r);
    return well;
}

static void every_guest_gets_done_and_goes_on(void **state)
{
    unsigned bad = 0;

    (void)state;
    for (const infer_guest *g = infer_guests; g->name; g++) {
        if (infer_left_out(g))
            continue;
        for (const char *const *l = infer_levels; *l; l++)
            bad += !works(g, *l, 0);
    }
    assert_int_equal(bad, 0);
}

static void interrupts_may_come_at_any_period(void **state)
{
    static const uint64_t periods[] = { 97,   200,  500,  999,  1500,
                                        2500, 3333, 5000, 7919, 10000 };
    unsigned bad = 0;

    (void)state;
    for (const infer_guest *g = infer_guests; g->name; g++) {
        if (!g->interrupts || infer_left_out(g))
            continue;
        for (const char *const *l = infer_levels; *l; l++)
            for (unsigned i = 0; i < sizeof periods / sizeof *periods; i++)
                bad += !works(g, *l, periods[i]);
    }
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_guest_gets_done_and_goes_on),
        cmocka_unit_test(interrupts_may_come_at_any_period),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
