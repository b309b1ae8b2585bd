/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watchpoints and DebugMonitor (firmware/cm_watch.c). QEMU 7.2 has neither: the
 * texts are from the manuals. A debug event of the DWT follows its instruction,
 * so the frame has the address of the next; that of BKPT has its own.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) C1.3.1, C1.4, C1.6, C1.8; Armv8-M ARM (DDI
 * 0553B.y) D1.2.74.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define REGISTERS                                                              \
    "dhcsr 03010000\n" /* S_RESET_ST, S_RETIRE_ST, S_REGRDY */                 \
    "dhcsr 01010000\n"                                                         \
    "dcrdr 12345678\n"                                                         \
    "dfsr 00000000\n"                                                          \
    "ctrl 40000000\n"

#define COMPARATOR(mask, id)                                                   \
    "comp fedcba98\n"                                                          \
    "mask " mask "\n"                                                          \
    "function " id "\n"

#define COMPARATORS_V7M                                                        \
    COMPARATOR("0000000f", "00000000") COMPARATOR("0000000f", "00000000")      \
    COMPARATOR("0000000f", "00000000") COMPARATOR("0000000f", "00000000")

#define COMPARATORS_V8M                                                        \
    COMPARATOR("00000000", "58000000") COMPARATOR("00000000", "f0000000")      \
    COMPARATOR("00000000", "50000000") COMPARATOR("00000000", "d0000000")

#define NOTHING "  nothing\n"
#define EVENT(status, distance)                                                \
    "  debug event 0000000" status "\n"                                        \
    "  from the instruction 0000000" distance "\n"
#define NARROW EVENT("4", "2")
#define WIDE   EVENT("4", "4")

#define WATCHPOINTS                                                            \
    "load:\n" NARROW                                                           \
    "load beside:\n" NOTHING                                                   \
    "store to what is read:\n" NOTHING                                         \
    "load byte:\n" NARROW                                                      \
    "load many:\n" WIDE                                                        \
    "load fewer:\n" NOTHING                                                    \
    "matched 1\n"                                                              \
    "condition fails:\n" NOTHING                                               \
    "matched again 0\n"                                                        \
    "load from what is written:\n" NOTHING                                     \
    "store:\n" NARROW                                                          \
    "store dual:\n" WIDE                                                       \
    "stored 00000506\n"                                                        \
    "either, load:\n" NARROW                                                   \
    "either, store:\n" NARROW                                                  \
    "no event:\n" NOTHING                                                      \
    "matched 1\n"                                                              \
    "below:\n" NOTHING                                                         \
    "first:\n" NARROW                                                          \
    "last:\n" NARROW                                                           \
    "above:\n" NOTHING                                                         \
    "value:\n" NARROW                                                          \
    "value elsewhere:\n" NOTHING                                               \
    "other value:\n" NOTHING                                                   \
    "instruction:\n" NARROW                                                    \
    "another:\n" NOTHING                                                       \
    "bkpt:\n" EVENT("2", "0")

/* What a priority does not allow is ignored (C1.4.1), but it matches. */
#define PRIORITIES                                                             \
    "disabled:\n" NOTHING                                                      \
    "matched 1\n"                                                              \
    "masked:\n" NOTHING                                                        \
    "not masked:\n" NARROW                                                     \
    "without trcena:\n" NOTHING

/* MON_PEND works without MON_EN (C1.6.5). */
#define PENDED                                                                 \
    "pended:\n"                                                                \
    "  monitor 00010000\n"                                                     \
    "  dfsr 00000000\n"                                                        \
    "  active 00000100\n"                                                      \
    "pended while masked:\n"                                                   \
    "  pends 00020000\n"                                                       \
    "  pends 00000000\n"                                                       \
    NOTHING                                                                    \
    "pended while disabled:\n"                                                 \
    "  monitor 00000000\n"                                                     \
    "  dfsr 00000000\n"                                                        \
    "  active 00000100\n"

/* The first one is pended, then one for each of five instructions. */
#define STEPS                                                                  \
    "steps:\n"                                                                 \
    "  status 00000001\n"                                                      \
    "  after step 6\n"                                                         \
    "  at 00000000\n"

#define ALL(comparators)                                                       \
    REGISTERS comparators WATCHPOINTS PRIORITIES PENDED STEPS
/* clang-format on */

static const struct {
    const char *core, *text;
} cores[] = {
    {"cortex-m3", ALL(COMPARATORS_V7M)},
    {"cortex-m4f", ALL(COMPARATORS_V7M)},
    {"cortex-m7", ALL(COMPARATORS_V7M)},
    {"cortex-m33", ALL(COMPARATORS_V8M)},
};

enum { CORES = sizeof cores / sizeof *cores };

static void comparators_match_and_the_monitor_follows(void **state)
{
    (void)state;
    for (size_t i = 0; i < CORES; i++)
        cm_expect("cm_watch", cores[i].core, cores[i].text);
}

/* Run the guest, each piece in the other of two machines. */
static uint64_t instructions_in_pieces(const char *core)
{
    fwsim_machine *m = cm_machine("cm_watch", core, NULL);
    fwsim_machine *other = cm_machine("cm_watch", core, NULL);
    fwsim_stop stop;
    uint64_t total = 0;

    do {
        fwsim_machine *next = other;
        fwsim_snapshot *s;

        OK(fwsim_run(m, &(fwsim_limit){.instructions = 97}, &stop));
        total += stop.instructions;
        OK(fwsim_snapshot_take(m, &s));
        other = m;
        m = next;
        OK(fwsim_snapshot_restore(m, s));
        fwsim_snapshot_free(s);
    } while (stop.reason == FWSIM_STOP_LIMIT);
    assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
    fwsim_free(m);
    fwsim_free(other);
    return total;
}

static void watchpoints_are_part_of_a_snapshot(void **state)
{
    (void)state;
    for (size_t i = 0; i < CORES; i++) {
        fwsim_machine *m = cm_machine("cm_watch", cores[i].core, NULL);
        fwsim_stop stop;

        OK(fwsim_run(m, NULL, &stop));
        assert_int_equal(stop.instructions,
                         instructions_in_pieces(cores[i].core));
        fwsim_free(m);
    }
}

static void bkpt_stops_the_run_without_a_monitor(void **state)
{
    static const uint16_t code[] = {0xbe07}; /* BKPT 7 */
    fwsim_machine *m = new_machine(cm_board("cortex-m3"), NULL);
    fwsim_stop stop;

    (void)state;
    OK(fwsim_mem_write(m, 0x20000000, code, sizeof code));
    OK(fwsim_cpu_write(m, "pc", 0x20000000));
    OK(fwsim_run(m, NULL, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_BREAKPOINT);
    assert_int_equal(stop.pc, 0x20000000);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparators_match_and_the_monitor_follows),
        cmocka_unit_test(watchpoints_are_part_of_a_snapshot),
        cmocka_unit_test(bkpt_stops_the_run_without_a_monitor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
