/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The exclusive monitor is part of a snapshot (firmware/cm_exclusive.c). The
 * text is what QEMU 7.2 prints, see test_fw_cm_qemu.c.
 *
 * Source: Armv7-M ARM (DDI 0403E.e) A3.4, B1.5.6.
 */
#include "cm.h"
#include "support.h"

static const char *const cores[] = { "cortex-m3", "cortex-m4f", "cortex-m7",
                                     "cortex-m33" };
enum { CORES = sizeof cores / sizeof *cores };

/* clang-format off */
/* Status bits, the first try highest: 1 is a store that was not done. */
#define EXPECTED                                                               \
    "first 00000000\n"                                                         \
    "  cell 00000013\n"                                                        \
    "behind 00000000\n"                                                        \
    "  cell 00000013\n"                                                        \
    "offset 00000000\n"                                                        \
    "  cell 00000013\n"                                                        \
    "stored 00000000\n"                                                        \
    "  cell 00000013\n"                                                        \
    "overwritten 00000000\n"                                                   \
    "  cell 00000013\n"                                                        \
    "over base 00000000\n"                                                     \
    "  cell 00000013\n"                                                        \
    "halfword 00000000\n"                                                      \
    "  cell aabb0013\n"                                                        \
    "byte 00000000\n"                                                          \
    "  cell aabbcc13\n"                                                        \
    "conditional 000003ff\n"                                                   \
    "  cell 00000009\n"                                                        \
    "second conditional 000003ff\n"                                            \
    "  cell 00000009\n"                                                        \
    "cleared 000fffff\n"                                                       \
    "  cell aabbccdd\n"                                                        \
    "perhaps cleared 000ffc00\n"                                               \
    "  cell 00000013\n"                                                        \
    "called 000fffff\n"                                                        \
    "  cell aabbccdd\n"                                                        \
    "twice 00000000\n"                                                         \
    "  cell 00000013\n"
/* clang-format on */

static void exclusive_stores_in_other_blocks_succeed(void **state)
{
    (void)state;
    for (size_t i = 0; i < CORES; i++)
        cm_expect("cm_exclusive", cores[i], EXPECTED);
}

/** Run to the end with a cut after so many instructions, each time, from which
 * the run goes on in a snapshot that is restored in a machine that has done
 * something else. */
static uint64_t hash_in_cuts(const char *core, uint64_t length, bool restored)
{
    fwsim_machine *m = cm_machine("cm_exclusive", core, NULL);
    fwsim_stop stop = { 0 };
    uint64_t hash;

    while (stop.reason != FWSIM_STOP_EXIT) {
        fwsim_snapshot *s;

        OK(fwsim_run(m, &(fwsim_limit){ .instructions = length }, &stop));
        if (!restored || stop.reason == FWSIM_STOP_EXIT)
            continue;
        OK(fwsim_snapshot_take(m, &s));
        OK(fwsim_run(m, &(fwsim_limit){ .instructions = 30 }, NULL));
        OK(fwsim_snapshot_restore(m, s));
        fwsim_snapshot_free(s);
    }
    hash = fwsim_hash(m);
    fwsim_free(m);
    return hash;
}

static void a_run_from_snapshots_is_the_run_without_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < CORES; i++) {
        uint64_t hash = hash_in_cuts(cores[i], 1000000, false);

        assert_int_equal(hash_in_cuts(cores[i], 1, false), hash);
        assert_int_equal(hash_in_cuts(cores[i], 1, true), hash);
        assert_int_equal(hash_in_cuts(cores[i], 5, true), hash);
    }
}

/* ------------------------------------------------------------------ */
/* One load and one store                                               */
/* ------------------------------------------------------------------ */

enum { CODE = 0x20000000, WORD = 0x20001000, STORE = CODE + 6 };

static const uint16_t code[] = {
    0xe850, 0x1f00, /* ldrex r1, [r0] */
    0xbf00,         /* nop */
    0xe840, 0x3200, /* strex r2, r3, [r0] */
    0xe7fe,         /* b . */
};

static fwsim_machine *at_code(void)
{
    fwsim_machine *m = new_machine(cm_board("cortex-m3"), NULL);

    OK(fwsim_mem_write(m, CODE, code, sizeof code));
    OK(fwsim_cpu_write(m, "pc", CODE));
    OK(fwsim_cpu_write(m, "xpsr", 1u << 24));
    OK(fwsim_cpu_write(m, "r0", WORD));
    OK(fwsim_cpu_write(m, "r2", 9));
    return m;
}

/** Execute the store. @return what it says */
static uint64_t store(fwsim_machine *m)
{
    uint64_t status;

    OK(fwsim_cpu_write(m, "pc", STORE));
    OK(fwsim_step(m, NULL));
    OK(fwsim_cpu_read(m, "r2", &status));
    return status;
}

static void a_snapshot_holds_the_monitor_that_is_clear(void **state)
{
    fwsim_machine *m = at_code();
    fwsim_snapshot *s;

    (void)state;
    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_step(m, NULL)); /* it is set */
    OK(fwsim_snapshot_restore(m, s));
    assert_int_equal(store(m), 1);
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

static void a_restored_monitor_sees_that_memory_has_changed(void **state)
{
    const uint32_t other = 5;

    (void)state;
    for (int before = 0; before < 2; before++) {
        fwsim_machine *m = at_code();
        fwsim_snapshot *s;

        OK(fwsim_step(m, NULL));
        if (before)
            OK(fwsim_mem_write(m, WORD, &other, sizeof other));
        OK(fwsim_snapshot_take(m, &s));
        OK(fwsim_snapshot_restore(m, s));
        if (!before)
            OK(fwsim_mem_write(m, WORD, &other, sizeof other));
        assert_int_equal(store(m), 1);
        fwsim_snapshot_free(s);
        fwsim_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exclusive_stores_in_other_blocks_succeed),
        cmocka_unit_test(a_run_from_snapshots_is_the_run_without_them),
        cmocka_unit_test(a_snapshot_holds_the_monitor_that_is_clear),
        cmocka_unit_test(a_restored_monitor_sees_that_memory_has_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
