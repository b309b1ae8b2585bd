/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AArch64 on the boards virt*: what the guests a64_*.c print, here and on
 * qemu-system-aarch64, byte for byte. Syndromes are those of DDI 0487 D13.2.37.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

#define QEMU "/usr/bin/qemu-system-aarch64"

static const char exceptions_virt[] =
    "level 0x1\n"
    "pfr0 0x22\n"
    "midr 0x410fd034\n"
    "mpidr 0x80000000\n"
    "daif 0x3c0\n"
    "cntfrq 0x3b9aca0\n"
    "svc\n"
    "vector 0x4 esr 0x56000123\n"
    "  spsr 0x3c5\n"
    "brk\n"
    "vector 0x4 esr 0xf2000045\n"
    "  spsr 0x3c5\n"
    "undefined\n"
    "vector 0x4 esr 0x2000000\n"
    "  spsr 0x3c5\n"
    "smc\n"
    "vector 0x4 esr 0x2000000\n"
    "  spsr 0x3c5\n"
    "register that is not there\n"
    "vector 0x4 esr 0x2000000\n"
    "  spsr 0x3c5\n"
    "read and write of nothing\n"
    "vector 0x4 esr 0x96000010\n"
    "  spsr 0x3c5\n"
    "  far 0xb000124\n"
    "vector 0x4 esr 0x96000050\n"
    "  spsr 0x3c5\n"
    "  far 0xb000128\n"
    "jump to nothing, and to the middle of an instruction\n"
    "vector 0x4 esr 0x86000010\n"
    "  spsr 0x3c5\n"
    "  far 0xb000000\n"
    "vector 0x4 esr 0x8a000000\n"
    "  spsr 0x3c5\n"
    "  far - main 0x2\n"
    "floating point that is off\n"
    "vector 0x4 esr 0x1fe00000\n"
    "  spsr 0x3c5\n"
    "illegal return\n"
    "vector 0x4 esr 0x3a000000\n"
    "  spsr 0x1003c5\n"
    "level 0x1\n"
    "vector 0x0 esr 0x56000002\n"
    "  spsr 0x3c4\n"
    "sp_el0 0x1234560\n"
    "sp_el0 after an exception 0x1234560\n"
    "stxr alone 0x0\n"
    "stxr after an exception 0x1\n"
    "stxr after clrex 0x1\n"
    "user\n"
    "vector 0x8 esr 0x56000007\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x560000ff\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x92000010\n"
    "  spsr 0x0\n"
    "  far 0xb000000\n"
    "vector 0x8 esr 0x560000ff\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x2000000\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x560000ff\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x6232d065\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x560000ff\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x6234f8a1\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x560000ff\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x2000000\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x560000ff\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0xf2000001\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x560000ff\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x1fe00000\n"
    "  spsr 0x0\n"
    "vector 0x8 esr 0x560000ff\n"
    "  spsr 0x0\n"
    "level 0x1\n";

static const char interrupts_virt[] =
    "typer 0x8\n"
    "isenabler0 0xffff\n"
    "icfgr0 0xaaaaaaaa\n"
    "target0 0x0\n"
    "nothing\n"
    "iar 0x3ff\n"
    "rpr 0xff\n"
    "one that is masked, then taken\n"
    "hppir 0x5\n"
    "isr 0x80\n"
    "pending 0x20\n"
    "seen 0x0\n"
    "vector 0x5 irq 0x5 running 0xa0\n"
    "pending 0x0\n"
    "two, by priority\n"
    "vector 0x5 irq 0x1 running 0x80\n"
    "vector 0x5 irq 0x5 running 0xa0\n"
    "nesting\n"
    "vector 0x5 irq 0x1 running 0x80\n"
    "vector 0x5 irq 0x2 running 0x40\n"
    "  back in 0x1\n"
    "below the mask\n"
    "seen 0x5\n"
    "vector 0x5 irq 0x3 running 0xf0\n"
    "disabled distributor and CPU interface\n"
    "vector 0x5 irq 0x4 running 0xa0\n"
    "virtual timer\n"
    "ctl 0x1\n"
    "late enough 0x1\n"
    "ctl 0x5\n"
    "pending 0x8000000\n"
    "vector 0x5 irq 0x1b running 0xa0\n"
    "pending 0x0\n"
    "physical timer, compare value in the past\n"
    "vector 0x5 irq 0x1e running 0xa0\n"
    "a busy loop is interrupted\n"
    "vector 0x5 irq 0x1b running 0xa0\n"
    "the UART's transmit interrupt\n"
    "vector 0x5 irq 0x21 running 0xa0\n"
    "  ris 0x20\n"
    "software makes a shared interrupt pending\n"
    "pending 0x400\n"
    "vector 0x5 irq 0x2a running 0xa0\n"
    "pending 0x0\n"
    "active 0x0\n"
    "group 0 as FIQ is masked by F\n"
    "isr 0x40\n"
    "vector 0x6 irq 0x6 running 0xa0\n"
    "isr 0x0\n";

static const char mmu_virt[] =
    "on\n"
    "page 0x2222\n"
    "through the other page 0x3333\n"
    "read only\n"
    "vector 0x4 esr 0x9600004f far 0x80001010\n"
    "access flag, level 3 and 2\n"
    "vector 0x4 esr 0x9600000b far 0x80002010\n"
    "vector 0x4 esr 0x9600000a far 0x80200000\n"
    "invalid, level 3, 2, 1 and 0\n"
    "vector 0x4 esr 0x96000007 far 0x80009010\n"
    "vector 0x4 esr 0x96000047 far 0x80009010\n"
    "vector 0x4 esr 0x96000006 far 0x90000004\n"
    "vector 0x4 esr 0x96000005 far 0xc0000008\n"
    "vector 0x4 esr 0x96000004 far 0x1000000000000\n"
    "reserved descriptor\n"
    "vector 0x4 esr 0x96000007 far 0x80005010\n"
    "nobody there\n"
    "vector 0x4 esr 0x96000010 far 0x80004010\n"
    "read only block\n"
    "vector 0x4 esr 0x9600004e far 0x80500000\n"
    "execute\n"
    "execute never\n"
    "vector 0x4 esr 0x8600000f far 0x80003004\n"
    "what EL0 may write\n"
    "vector 0x4 esr 0x8600000f far 0x80007004\n"
    "upper half\n"
    "page 0x3333\n"
    "vector 0x4 esr 0x96000005 far 0xffffff8040000000\n"
    "vector 0x4 esr 0x96000004 far 0xfffffe8000000000\n"
    "user\n"
    "vector 0x8 esr 0x56000077\n"
    "user, privileged data\n"
    "vector 0x8 esr 0x9200000f far 0x80003018\n"
    "vector 0x8 esr 0x56000077\n"
    "mapped anew\n"
    "page 0x3333\n"
    "page 0xd4000ee1\n"
    "pair across the end of a page\n"
    "vector 0x4 esr 0x96000007 far 0x8000a000\n"
    "at\n"
    "par 0x0\n"
    "off\n";

static const char levels_virt_el2[] =
    "level 0x2\n"
    "pfr0 0x222\n"
    "vector 0x4 at 0x2 esr 0xf2000005\n"
    "  spsr 0x3c9\n"
    "vector 0x4 at 0x2 esr 0x5a000009\n"
    "  spsr 0x3c9\n"
    "level 0x1\n"
    "vector 0x4 at 0x1 esr 0x56000001\n"
    "  spsr 0x3c5\n"
    "vector 0x8 at 0x2 esr 0x5a000002\n"
    "  spsr 0x3c5\n"
    "vector 0x4 at 0x1 esr 0xf2000003\n"
    "  spsr 0x3c5\n"
    "interrupt for the level above, masked here\n"
    "vector 0x9 at 0x2 irq 0x3\n"
    "and for this one\n"
    "vector 0x8 at 0x2 esr 0x5a000004\n"
    "  spsr 0x3c5\n";

static const char levels_virt_el3[] =
    "level 0x3\n"
    "pfr0 0x2222\n"
    "vector 0x4 at 0x3 esr 0x5e000001\n"
    "  spsr 0x3cd\n"
    "vector 0x4 at 0x3 esr 0x5e000009\n"
    "  spsr 0x3cd\n"
    "level 0x2\n"
    "vector 0x8 at 0x3 esr 0x5e000002\n"
    "  spsr 0x3c9\n"
    "vector 0x4 at 0x2 esr 0xf2000005\n"
    "  spsr 0x3c9\n"
    "vector 0x4 at 0x2 esr 0x5a000009\n"
    "  spsr 0x3c9\n"
    "level 0x1\n"
    "vector 0x4 at 0x1 esr 0x56000001\n"
    "  spsr 0x3c5\n"
    "vector 0x8 at 0x2 esr 0x5a000002\n"
    "  spsr 0x3c5\n"
    "vector 0x4 at 0x1 esr 0xf2000003\n"
    "  spsr 0x3c5\n";

static char *image_of(const char *guest, char *buf, size_t size)
{
    snprintf(buf, size, "%s/a64_%s.elf", FWSIM_TEST_FIRMWARE_DIR, guest);
    return buf;
}

static fwsim_machine *machine_with(const char *guest, const char *board)
{
    const fwsim_options options = { .semihosting = true,
                                    .deliver_faults = true };
    fwsim_machine *m = new_machine(fwsim_board_find(board), &options);
    char path[512];

    OK(fwsim_load(m, image_of(guest, path, sizeof path), NULL));
    return m;
}

static void expect(const char *guest, const char *board, const char *text)
{
    fwsim_machine *m = machine_with(guest, board);
    fwsim_stop stop;

    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(500) }, &stop));
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), text);
    assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
    assert_int_equal(stop.exit_code, 0);
    fwsim_free(m);
}

static void expect_qemu(const char *guest, const char *machine,
                        const char *text)
{
    char path[512];
    const char *const argv[] = {
        QEMU, "-M", machine, "-cpu", "cortex-a53", "-nic", "none",
        "-nographic", "-monitor", "none", "-serial", "stdio",
        "-semihosting-config", "enable=on,target=native", "-kernel",
        image_of(guest, path, sizeof path), NULL
    };
    command c;

    if (access(QEMU, X_OK) != 0) {
        print_message("SKIPPED: no " QEMU " (Debian: qemu-system-arm)\n");
        skip();
    }
    command_run(&c, argv, NULL);
    assert_string_equal(c.out, text);
    assert_int_equal(c.code, 0);
    command_free(&c);
}

#define VIRT "virt,gic-version=2"

static void exceptions_have_the_syndromes_of_the_manual(void **state)
{
    (void)state;
    expect("exceptions", "virt", exceptions_virt);
}

static void exceptions_are_those_of_qemu(void **state)
{
    (void)state;
    expect_qemu("exceptions", VIRT, exceptions_virt);
}

static void interrupts_come_by_priority_and_mask(void **state)
{
    (void)state;
    expect("interrupts", "virt", interrupts_virt);
}

static void interrupts_are_those_of_qemu(void **state)
{
    (void)state;
    expect_qemu("interrupts", VIRT, interrupts_virt);
}

static void translation_faults_at_each_level(void **state)
{
    (void)state;
    expect("mmu", "virt", mmu_virt);
}

static void translation_is_that_of_qemu(void **state)
{
    (void)state;
    expect_qemu("mmu", VIRT, mmu_virt);
}

static void a_hypervisor_goes_down_and_is_called_back(void **state)
{
    (void)state;
    expect("levels", "virt_el2", levels_virt_el2);
}

static void a_hypervisor_sees_what_it_sees_on_qemu(void **state)
{
    (void)state;
    expect_qemu("levels", VIRT ",virtualization=on", levels_virt_el2);
}

static void a_monitor_goes_down_two_levels(void **state)
{
    (void)state;
    expect("levels", "virt_el3", levels_virt_el3);
}

static void a_monitor_sees_what_it_sees_on_qemu(void **state)
{
    (void)state;
    expect_qemu("levels", VIRT ",virtualization=on,secure=on",
                levels_virt_el3);
}

/** Run to the end in steps of this many instructions; the fingerprint. */
static uint64_t hash_in_steps(const char *guest, uint64_t step)
{
    fwsim_machine *m = machine_with(guest, "virt");
    fwsim_stop stop = { 0 };
    uint64_t hash;

    while (stop.reason != FWSIM_STOP_EXIT) {
        OK(fwsim_run(m, &(fwsim_limit){ .instructions = step }, &stop));
        assert_true(stop.reason == FWSIM_STOP_EXIT ||
                    stop.reason == FWSIM_STOP_LIMIT);
    }
    hash = fwsim_hash(m);
    fwsim_free(m);
    return hash;
}

static void the_fingerprint_does_not_depend_on_the_limits(void **state)
{
    uint64_t hash = hash_in_steps("interrupts", 1000000);

    (void)state;
    assert_int_equal(hash_in_steps("interrupts", 1000000), hash);
    assert_int_equal(hash_in_steps("interrupts", 997), hash);
    assert_int_equal(hash_in_steps("interrupts", 10), hash);
    assert_int_equal(hash_in_steps("mmu", 13), hash_in_steps("mmu", 1000000));
}

static void a_snapshot_goes_on_where_it_was_taken(void **state)
{
    fwsim_machine *m = machine_with("mmu", "virt");
    fwsim_snapshot *s;
    fwsim_stop stop;
    uint64_t hash;

    (void)state;
    OK(fwsim_run(m, &(fwsim_limit){ .instructions = 12000 }, &stop));
    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_run(m, NULL, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
    hash = fwsim_hash(m);
    OK(fwsim_snapshot_restore(m, s));
    OK(fwsim_run(m, NULL, &stop));
    assert_int_equal(fwsim_hash(m), hash);
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

static void a_step_is_one_instruction(void **state)
{
    fwsim_machine *m = machine_with("exceptions", "virt");
    fwsim_stop stop;
    uint64_t before, after;

    (void)state;
    for (unsigned i = 0; i < 6; i++) { /* no branch among the first */
        OK(fwsim_cpu_read(m, "pc", &before));
        OK(fwsim_step(m, &stop));
        OK(fwsim_cpu_read(m, "pc", &after));
        assert_int_equal(after, before + 4);
        assert_int_equal(stop.instructions, 1);
    }
    fwsim_free(m);
}

static void a_fault_stops_before_its_handler(void **state)
{
    fwsim_machine *m = new_machine(fwsim_board_find("virt"), NULL);
    const uint32_t code[] = { 0xd2a16000 /* mov x0, #0x0b000000 */,
                              0xb9400801 /* ldr w1, [x0, #8] */ };
    fwsim_stop stop;

    (void)state;
    OK(fwsim_mem_write(m, 0x40000000, code, sizeof code));
    OK(fwsim_cpu_write(m, "pc", 0x40000000));
    OK(fwsim_run(m, &(fwsim_limit){ .instructions = 100 }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_FAULT);
    assert_int_equal(stop.fault.esr, 0x96000010);
    assert_int_equal(stop.fault.far, 0x0b000008);
    assert_int_equal(stop.fault.pc, 0x40000004);
    assert_int_equal(stop.pc, 0x200);
    fwsim_free(m);
}

static void vectors_to_nowhere_lock_up(void **state)
{
    const fwsim_options options = { .deliver_faults = true };
    fwsim_machine *m = new_machine(fwsim_board_find("virt"), &options);
    fwsim_stop stop;

    (void)state;
    OK(fwsim_cpu_write(m, "vbar_el1", 0x0b000000));
    OK(fwsim_cpu_write(m, "pc", 0x40000000)); /* zeros are undefined */
    OK(fwsim_run(m, &(fwsim_limit){ .instructions = 1000 }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_LOCKUP);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exceptions_have_the_syndromes_of_the_manual),
        cmocka_unit_test(exceptions_are_those_of_qemu),
        cmocka_unit_test(interrupts_come_by_priority_and_mask),
        cmocka_unit_test(interrupts_are_those_of_qemu),
        cmocka_unit_test(translation_faults_at_each_level),
        cmocka_unit_test(translation_is_that_of_qemu),
        cmocka_unit_test(a_hypervisor_goes_down_and_is_called_back),
        cmocka_unit_test(a_hypervisor_sees_what_it_sees_on_qemu),
        cmocka_unit_test(a_monitor_goes_down_two_levels),
        cmocka_unit_test(a_monitor_sees_what_it_sees_on_qemu),
        cmocka_unit_test(the_fingerprint_does_not_depend_on_the_limits),
        cmocka_unit_test(a_snapshot_goes_on_where_it_was_taken),
        cmocka_unit_test(a_step_is_one_instruction),
        cmocka_unit_test(a_fault_stops_before_its_handler),
        cmocka_unit_test(vectors_to_nowhere_lock_up),
    };
    fwsim_board const *board = fwsim_board_find("virt");
    char path[512];
    fwsim_machine *m = NULL;

    if (access(image_of("mmu", path, sizeof path), R_OK) != 0) {
        print_message("SKIPPED: no aarch64-linux-gnu-gcc when the tests were "
                      "built (Debian: gcc-aarch64-linux-gnu)\n");
        return 77;
    }
    if (fwsim_new(&m, board, NULL) == FWSIM_ECPU) {
        print_message("SKIPPED: this Unicorn is too old for AArch64\n");
        return 77;
    }
    fwsim_free(m);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
