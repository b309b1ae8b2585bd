/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sleep and SysTick (firmware/cm_time.c). Times are in thousands of ticks,
 * those of SysTick in ticks.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) B1.5.17 to B1.5.19, B3.3; Armv6-M ARM
 * (DDI 0419E) B1.5.17, B3.3.
 */
#include <stdio.h>

#include "cm.h"
#include "support.h"

/* clang-format off */
#define SLEEP                                                                  \
    "wfi slept 5\n"                                                            \
    "  handler calls 1\n"                                                      \
    "wfi with primask slept 3\n"                                               \
    "  handler calls 0\n"                                                      \
    "  when unmasked 1\n"                                                      \
    "wfi with one pending slept 0\n"                                           \
    "  handler calls 1\n"                                                      \
    "wfi woken by the enabled one after 7\n"                                   \
    "  handler calls 1\n"

#define BASEPRI                                                                \
    "wfi with basepri slept 6\n"                                               \
    "  handler calls 1\n"                                                      \
    "  when unmasked 1\n"

#define EVENTS_AND_SYSTICK                                                     \
    "wfe after sev slept 0\n"                                                  \
    "second wfe slept 4\n"                                                     \
    "  handler calls 1\n"                                                      \
    "wfe after a handler slept 0\n"                                            \
    "the next slept 4\n"                                                       \
    "  handler calls 1\n"                                                      \
    "wfe with sevonpend slept 2\n"                                             \
    "  handler calls 0\n"                                                      \
    "  later 1\n"                                                              \
    "sleeponexit slept 3\n"                                                    \
    "  handler calls 3\n"                                                      \
    "level came 3\n"                                                           \
    "pending 00000000\n"                                                       \
    "at one tick: 1 0\n"                                                       \
    "period 1000\n"                                                            \
    "period 1000\n"                                                            \
    "period 1000\n"                                                            \
    "  calls 4\n"                                                              \
    "csr 00010007\n"                                                           \
    "csr read again 00000007\n"                                                \
    "without TICKINT 1\n"                                                      \
    "csr 00010005\n"                                                           \
    "csr after a write to cvr 00000005\n"                                      \
    "cvr 00000000\n"                                                           \
    "counted 10\n"                                                             \
    "old period 500\n"                                                         \
    "new period 2000\n"                                                        \
    "calls until reload 0 3\n"                                                 \
    "good night\n"
/* clang-format on */

/* At the end the guest sleeps for good. */
static void expect(const char *core, const char *basepri)
{
    fwsim_machine *m = cm_machine("cm_time", core, NULL);
    char expected[4096];
    fwsim_stop stop;

    OK(fwsim_run(m, NULL, &stop));
    snprintf(expected, sizeof expected, "%s%s%s", SLEEP, basepri,
             EVENTS_AND_SYSTICK);
    cm_assert_text(core, cm_output(m), expected);
    assert_int_equal(stop.reason, FWSIM_STOP_IDLE);
    fwsim_free(m);
}

static void sleep_and_systick_are_as_in_armv6m(void **state)
{
    (void)state;
    expect("cortex-m0", "");
}

static void masked_interrupts_do_not_wake_armv7m(void **state)
{
    (void)state;
    expect("cortex-m3", BASEPRI);
    expect("cortex-m4f", BASEPRI);
    expect("cortex-m33", BASEPRI);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sleep_and_systick_are_as_in_armv6m),
        cmocka_unit_test(masked_interrupts_do_not_wake_armv7m),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
