/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is checked before an instruction is executed on AArch64: the exclusive
 * monitor, alignment of addresses and of the stack pointer, the rights of LDTR
 * and STTR, floating point that is switched off.
 */
#include "a64_guest.h"

/* FPEN, SCTLR.A, LDTR: the syndromes are those of DDI 0487 D13.2.37. */
static const char hold_virt[] =
    "together 0x0\n"
    "no load 0x1\n"
    "second store 0x1\n"
    "branch between 0x0\n"
    "svc between 0x1\n"
    "clrex between 0x1\n"
    "other address 0x1\n"
    "other value 0x1\n"
    "computed address 0x0\n"
    "last load 0x0\n"
    "byte 0x0\n"
    "half 0x0\n"
    "pair 0x0\n"
    "pair of words 0x0\n"
    "not aligned\n"
    "  vector 0x4 esr 0x96000021 far - data 0x4\n"
    "  vector 0x4 esr 0x96000021 far - data 0x8\n"
    "SCTLR.A clear\n"
    "SCTLR.A set\n"
    "  vector 0x4 esr 0x96000021 far - data 0x1\n"
    "  vector 0x4 esr 0x96000061 far - data 0x2\n"
    "  vector 0x4 esr 0x96000021 far - data 0x3\n"
    "  vector 0x4 esr 0x96000021 far - data 0xfffffffffffffffc\n"
    "  vector 0x4 esr 0x96000061 far - data 0x3\n"
    "  vector 0x4 esr 0x96000021 far - data 0x1\n"
    "  vector 0x4 esr 0x96000061 far - data 0x5\n"
    "  vector 0x4 esr 0x96000021 far - data 0x3\n"
    "  vector 0x4 esr 0x96000021 far - data 0x8\n"
    "  vector 0x4 esr 0x96000021 far - data 0x4\n"
    "  vector 0x4 esr 0x96000021 far - data 0x2\n"
    "  vector 0x4 esr 0x96000061 far - data 0x2\n"
    "  vector 0x4 esr 0x96000021 far - data 0x2\n"
    "  vector 0x4 esr 0x96000061 far - data 0x8\n"
    "  vector 0x4 esr 0x96000021 far - data 0x1\n"
    "  vector 0x4 esr 0x96000061 far - data 0x1\n"
    "data 0xcb9976faeaa35b7c\n"
    "fpen 0x0\n"
    "  vector 0x4 esr 0x1fe00000\n"
    "  vector 0x8 esr 0x1fe00000\n"
    "  vector 0x8 esr 0x560000ff\n"
    "fpen 0x1\n"
    "  vector 0x8 esr 0x1fe00000\n"
    "  vector 0x8 esr 0x560000ff\n"
    "fpen 0x2\n"
    "  vector 0x4 esr 0x1fe00000\n"
    "  vector 0x8 esr 0x1fe00000\n"
    "  vector 0x8 esr 0x560000ff\n"
    "fpen 0x3\n"
    "  vector 0x8 esr 0x560000ff\n"
    "LDTR and STTR: privileged, read only, read and write\n"
    "  vector 0x4 esr 0x9600000d far - data 0x0\n"
    "ldtr 0x11\n"
    "  vector 0x4 esr 0x9600004d far - data 0x2\n"
    "ldr 0x1f1e1d1c1b1a1918\n"
    "ldtr 0x1f1e1d1c1b1a1918\n"
    "  vector 0x4 esr 0x9600004d far - data 0x40000002\n"
    "ldr 0x1f1e1d1c1b1a1918\n"
    "ldtr 0x1f1e1d1c1b1a1918\n"
    "ldr 0x1f1e1d1c1b001918\n"
    "the rights of EL0 do not stay, nor those of EL1\n"
    "  vector 0x4 esr 0x9600000d far - data 0x0\n"
    "  vector 0x4 esr 0x9600004d far - data 0x0\n";

static void held_instructions_do_what_the_manual_says(void **state)
{
    (void)state;
    expect_here("hold", "virt", hold_virt);
}

static void held_instructions_do_what_they_do_on_qemu(void **state)
{
    (void)state;
    expect_qemu("hold", VIRT, hold_virt);
}

/* ------------------------------------------------------------------ */
/* The monitor in snapshots                                             */
/* ------------------------------------------------------------------ */

enum { CODE = 0x40000000, WORD = 0x40001000 };

static const uint32_t exclusive_code[] = {
    0xc85f7c01 /* ldxr x1, [x0] */,
    0xd503201f /* nop */,
    0xc8027c03 /* stxr w2, x3, [x0] */,
    0xd503207f /* wfi */
};

static fwsim_machine *at_exclusive_code(void)
{
    fwsim_machine *m = new_machine(fwsim_board_find("virt"), NULL);

    OK(fwsim_mem_write(m, CODE, exclusive_code, sizeof exclusive_code));
    OK(fwsim_cpu_write(m, "pc", CODE));
    OK(fwsim_cpu_write(m, "x0", WORD));
    OK(fwsim_cpu_write(m, "x2", 9));
    OK(fwsim_cpu_write(m, "x3", 0x1122334455667788));
    return m;
}

static void step(fwsim_machine *m, unsigned n)
{
    while (n--)
        OK(fwsim_step(m, NULL));
}

static uint64_t status(fwsim_machine *m)
{
    uint64_t value;

    OK(fwsim_cpu_read(m, "x2", &value));
    return value;
}

static void a_snapshot_holds_the_monitor_that_is_set(void **state)
{
    fwsim_machine *m = at_exclusive_code();
    fwsim_snapshot *s;
    uint64_t word, hash;

    (void)state;
    step(m, 2);
    OK(fwsim_snapshot_take(m, &s));
    step(m, 1);
    assert_int_equal(status(m), 0);
    hash = fwsim_hash(m);
    /* The engine's own monitor is clear now. */
    OK(fwsim_snapshot_restore(m, s));
    assert_int_equal(status(m), 9);
    step(m, 1);
    assert_int_equal(status(m), 0);
    OK(fwsim_mem_read(m, WORD, &word, sizeof word));
    assert_int_equal(word, 0x1122334455667788);
    assert_int_equal(fwsim_hash(m), hash);
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

static void a_snapshot_holds_the_monitor_that_is_clear(void **state)
{
    fwsim_machine *m = at_exclusive_code();
    fwsim_snapshot *s;

    (void)state;
    OK(fwsim_snapshot_take(m, &s));
    step(m, 2); /* it is set */
    OK(fwsim_snapshot_restore(m, s));
    OK(fwsim_cpu_write(m, "pc", CODE + 8));
    step(m, 1);
    assert_int_equal(status(m), 1);
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

static void a_restored_monitor_sees_that_memory_has_changed(void **state)
{
    fwsim_machine *m = at_exclusive_code();
    const uint64_t other = 5;
    fwsim_snapshot *s;

    (void)state;
    step(m, 2);
    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_snapshot_restore(m, s));
    OK(fwsim_mem_write(m, WORD, &other, sizeof other));
    step(m, 1);
    assert_int_equal(status(m), 1);
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

static void a_restored_store_faults_as_the_first_did(void **state)
{
    fwsim_machine *m = at_exclusive_code();
    fwsim_snapshot *s;
    fwsim_stop stop;

    (void)state;
    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_snapshot_restore(m, s));
    OK(fwsim_cpu_write(m, "x0", WORD + 4));
    OK(fwsim_cpu_write(m, "pc", CODE + 8));
    OK(fwsim_run(m, &(fwsim_limit){ .instructions = 10 }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_FAULT);
    assert_int_equal(stop.fault.esr, 0x96000061);
    assert_int_equal(stop.fault.far, WORD + 4);
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

/** Run to the end with a cut after so many instructions, each time. */
static uint64_t hash_in_cuts(uint64_t length, bool snapshots)
{
    fwsim_machine *m = machine_with("hold", "virt");
    fwsim_stop stop = { 0 };
    uint64_t hash;

    while (stop.reason != FWSIM_STOP_EXIT) {
        fwsim_snapshot *s;

        OK(fwsim_run(m, &(fwsim_limit){ .instructions = length }, &stop));
        if (!snapshots)
            continue;
        OK(fwsim_snapshot_take(m, &s));
        OK(fwsim_snapshot_restore(m, s));
        fwsim_snapshot_free(s);
    }
    hash = fwsim_hash(m);
    fwsim_free(m);
    return hash;
}

static void the_fingerprint_does_not_depend_on_cuts(void **state)
{
    uint64_t hash = hash_in_cuts(1000000, false);

    (void)state;
    assert_int_equal(hash_in_cuts(7, false), hash);
    assert_int_equal(hash_in_cuts(1, false), hash);
    assert_int_equal(hash_in_cuts(997, true), hash);
}

/* ------------------------------------------------------------------ */
/* The stack pointer, which QEMU does not check                         */
/* ------------------------------------------------------------------ */

#define SP_ALIGNMENT 0x9a000000u /* EC 0x26 and IL, D13.2.37 */

/** Run code with a stack pointer; where it faults, and with which syndrome. */
static uint32_t run_on_stack(const uint32_t *code, size_t size, uint64_t sp,
                             uint64_t *pc)
{
    fwsim_machine *m = new_machine(fwsim_board_find("virt"), NULL);
    fwsim_stop stop;

    OK(fwsim_mem_write(m, CODE, code, size));
    OK(fwsim_cpu_write(m, "pc", CODE));
    OK(fwsim_cpu_write(m, "sp", sp));
    OK(fwsim_run(m, &(fwsim_limit){ .instructions = 50 }, &stop));
    *pc = stop.reason == FWSIM_STOP_FAULT ? stop.fault.pc - CODE : UINT64_MAX;
    fwsim_free(m);
    return stop.reason == FWSIM_STOP_FAULT ? stop.fault.esr : 0;
}

#define ON_STACK(code, sp, pc) run_on_stack(code, sizeof (code), sp, pc)

static void an_access_on_a_misaligned_stack_faults(void **state)
{
    const uint32_t access[] = { 0xd503201f /* nop */,
                                0xf94003e1 /* ldr x1, [sp] */,
                                0xd503207f /* wfi */ };
    const uint32_t changed[] = { 0xf94003e1 /* ldr x1, [sp] */,
                                 0xd10023ff /* sub sp, sp, #8 */,
                                 0xd10043ff /* sub sp, sp, #16 */,
                                 0xf90003e1 /* str x1, [sp] */ };
    const uint32_t aligned[] = { 0xd10023ff /* sub sp, sp, #8 */,
                                 0x910023ff /* add sp, sp, #8 */,
                                 0xa9bf03e0 /* stp x0, x0, [sp, #-16]! */,
                                 0xf94003e1 /* ldr x1, [sp] */,
                                 0xd503207f /* wfi */ };
    const uint32_t prefetch[] = { 0xf98003e0 /* prfm pldl1keep, [sp] */,
                                  0xd503207f /* wfi */ };
    uint64_t pc;

    (void)state;
    assert_int_equal(ON_STACK(access, WORD, &pc), 0);
    assert_int_equal(ON_STACK(access, WORD + 8, &pc), SP_ALIGNMENT);
    assert_int_equal(pc, 4);
    assert_int_equal(ON_STACK(changed, WORD, &pc), SP_ALIGNMENT);
    assert_int_equal(pc, 12);
    assert_int_equal(ON_STACK(aligned, WORD, &pc), 0);
    assert_int_equal(ON_STACK(prefetch, WORD + 8, &pc), 0);
}

static void sctlr_sa_switches_the_check_of_the_stack_off(void **state)
{
    const uint32_t code[] = { 0xd5381000 /* mrs x0, sctlr_el1 */,
                              0x927cf800 /* and x0, x0, #~8 */,
                              0xd5181000 /* msr sctlr_el1, x0 */,
                              0xf94003e1 /* ldr x1, [sp] */,
                              0xb27d0000 /* orr x0, x0, #8 */,
                              0xd5181000 /* msr sctlr_el1, x0 */,
                              0xd5033fdf /* isb */,
                              0xf94003e1 /* ldr x1, [sp] */ };
    uint64_t pc;

    (void)state;
    assert_int_equal(ON_STACK(code, WORD + 4, &pc), SP_ALIGNMENT);
    assert_int_equal(pc, 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(held_instructions_do_what_the_manual_says),
        cmocka_unit_test(held_instructions_do_what_they_do_on_qemu),
        cmocka_unit_test(a_snapshot_holds_the_monitor_that_is_set),
        cmocka_unit_test(a_snapshot_holds_the_monitor_that_is_clear),
        cmocka_unit_test(a_restored_monitor_sees_that_memory_has_changed),
        cmocka_unit_test(a_restored_store_faults_as_the_first_did),
        cmocka_unit_test(the_fingerprint_does_not_depend_on_cuts),
        cmocka_unit_test(an_access_on_a_misaligned_stack_faults),
        cmocka_unit_test(sctlr_sa_switches_the_check_of_the_stack_off),
    };
    int missing = a64_missing("hold");

    return missing ? missing : cmocka_run_group_tests(tests, NULL, NULL);
}
