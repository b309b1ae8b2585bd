/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AArch64 on the boards virt*: what the guests a64_*.c print, here and on
 * qemu-system-aarch64, byte for byte. Syndromes are those of DDI 0487 D13.2.37.
 */
#include "a64_guest.h"

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

static const char fp_virt[] =
    "fpcr 0x0\n"
    "fadd 0x53c4d285a878870d flags 0xb9366949e751124d\n"
    "fmul 0x358f16148741b671 flags 0x33119eff92a0287\n"
    "fdiv 0xa3b8aba665c750ba flags 0xac560e8fa8e0be39\n"
    "fmaxnm 0xc19af084b44de48f flags 0x77efc442ba793c59\n"
    "sqrt 0x9a0d72cb696dce00 flags 0x294d06146a8cb100\n"
    "single 0x248a3806517d4580 flags 0x22bd44fbfec43680\n"
    "half 0xb293216dfacba80 flags 0x22bd44fbfec43680\n"
    "integer 0x87805104fc2bbe00 flags 0x3e0b16c3b48c0980\n"
    "unsigned 0x107dcc55badcaf80 flags 0x9c24d32ffb175200\n"
    "integral 0x527218d605c98000 flags 0x99c7d01ce5896880\n"
    "fpcr 0x400000\n"
    "fadd 0x70584d42aff90e0f flags 0xe6ba90b9fcca6e55\n"
    "fmul 0x4367e765151c6a12 flags 0x33119eff92a0287\n"
    "fdiv 0x748a44c06448ca1 flags 0xac560e8fa8e0be39\n"
    "fmaxnm 0xc19af084b44de48f flags 0x77efc442ba793c59\n"
    "sqrt 0x86cb0c02c90e6f00 flags 0x294d06146a8cb100\n"
    "single 0x5bcbe6c5c8be9600 flags 0x22bd44fbfec43680\n"
    "half 0x24d013b58b65db80 flags 0x22bd44fbfec43680\n"
    "integer 0x87805104fc2bbe00 flags 0x3e0b16c3b48c0980\n"
    "unsigned 0x107dcc55badcaf80 flags 0x9c24d32ffb175200\n"
    "integral 0x427218d605c98000 flags 0x99c7d01ce5896880\n"
    "fpcr 0x800000\n"
    "fadd 0x46c5be092872f94c flags 0xb9366949e751124d\n"
    "fmul 0xb4169efbe3fcb9ee flags 0x33119eff92a0287\n"
    "fdiv 0xb8639740ff0ffcdb flags 0xac560e8fa8e0be39\n"
    "fmaxnm 0xc19af084b44de48f flags 0x77efc442ba793c59\n"
    "sqrt 0x9a0d72cb696dce00 flags 0x294d06146a8cb100\n"
    "single 0x2075923f316cf500 flags 0x22bd44fbfec43680\n"
    "half 0xe979bf2ef4143a80 flags 0x22bd44fbfec43680\n"
    "integer 0x87805104fc2bbe00 flags 0x3e0b16c3b48c0980\n"
    "unsigned 0x107dcc55badcaf80 flags 0x9c24d32ffb175200\n"
    "integral 0xd67218d605c98000 flags 0x99c7d01ce5896880\n"
    "fpcr 0xc00000\n"
    "fadd 0x88652b33d5443f6e flags 0xb9366949e751124d\n"
    "fmul 0x847fb9dd94daa0f0 flags 0x33119eff92a0287\n"
    "fdiv 0x1eb6c331baf743e flags 0xac560e8fa8e0be39\n"
    "fmaxnm 0xc19af084b44de48f flags 0x77efc442ba793c59\n"
    "sqrt 0x9a0d72cb696dce00 flags 0x294d06146a8cb100\n"
    "single 0x37cc9ecef1dca480 flags 0x22bd44fbfec43680\n"
    "half 0xd0cbbeb483ea00 flags 0x22bd44fbfec43680\n"
    "integer 0x87805104fc2bbe00 flags 0x3e0b16c3b48c0980\n"
    "unsigned 0x107dcc55badcaf80 flags 0x9c24d32ffb175200\n"
    "integral 0x527218d605c98000 flags 0x99c7d01ce5896880\n"
    "flush to zero, default NaN\n"
    "fpcr 0x3000000\n"
    "fadd 0x8f6b623b882c7a96 flags 0xd84d49df941b230d\n"
    "fmul 0x38da830391584cc0 flags 0xd86fe843bcad0e6f\n"
    "fdiv 0xfc5513c72380f469 flags 0x1ffc8cab5303e176\n"
    "fmaxnm 0xe3af3e32c139ca79 flags 0xeff3f82b891d48d9\n"
    "sqrt 0xf542f39d387b7d80 flags 0xca2465d00b34f100\n"
    "single 0x248a3806517d4580 flags 0x956c42c4714cea80\n"
    "half 0xb293216dfacba80 flags 0x956c42c4714cea80\n"
    "integer 0x87805104fc2bbe00 flags 0x6ac78a87e11f4180\n"
    "unsigned 0x107dcc55badcaf80 flags 0xc8e146f427aa8a00\n"
    "integral 0xdda799a7d4d72f80 flags 0xc68443e1121ca080\n"
    "low 0x0\n"
    "high 0x2800000018100\n"
    "across 0x4299\n"
    "fpsr 0x8000000\n"
    "crc 0x21b4f4b5\n"
    "fmla 0x4c25b6624c25b662\n";

static void exceptions_have_the_syndromes_of_the_manual(void **state)
{
    (void)state;
    expect_here("exceptions", "virt", exceptions_virt);
}

static void exceptions_are_those_of_qemu(void **state)
{
    (void)state;
    expect_qemu("exceptions", VIRT, exceptions_virt);
}

static void interrupts_come_by_priority_and_mask(void **state)
{
    (void)state;
    expect_here("interrupts", "virt", interrupts_virt);
}

static void interrupts_are_those_of_qemu(void **state)
{
    (void)state;
    expect_qemu("interrupts", VIRT, interrupts_virt);
}

static void translation_faults_at_each_level(void **state)
{
    (void)state;
    expect_here("mmu", "virt", mmu_virt);
}

static void translation_is_that_of_qemu(void **state)
{
    (void)state;
    expect_qemu("mmu", VIRT, mmu_virt);
}

static void a_hypervisor_goes_down_and_is_called_back(void **state)
{
    (void)state;
    expect_here("levels", "virt_el2", levels_virt_el2);
}

static void a_hypervisor_sees_what_it_sees_on_qemu(void **state)
{
    (void)state;
    expect_qemu("levels", VIRT ",virtualization=on", levels_virt_el2);
}

static void a_monitor_goes_down_two_levels(void **state)
{
    (void)state;
    expect_here("levels", "virt_el3", levels_virt_el3);
}

static void a_monitor_sees_what_it_sees_on_qemu(void **state)
{
    (void)state;
    expect_qemu("levels", VIRT ",virtualization=on,secure=on",
                levels_virt_el3);
}

static void floating_point_rounds_and_flags_as_asked(void **state)
{
    (void)state;
    expect_here("fp", "virt", fp_virt);
}

static void floating_point_is_that_of_qemu(void **state)
{
    (void)state;
    expect_qemu("fp", VIRT, fp_virt);
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

static void note_pc(fwsim_machine *m, const fwsim_access *access, void *user)
{
    (void)m;
    *(uint64_t *)user = access->pc;
}

static void an_access_knows_its_instruction(void **state)
{
    fwsim_machine *m = new_machine(fwsim_board_find("virt"), NULL);
    const uint32_t code[] = { 0xd2a12000 /* mov x0, #0x09000000 */,
                              0xb9400be1 /* ldr w1, [sp, #8] */,
                              0xb9401801 /* ldr w1, [x0, #0x18] */,
                              0xd503207f /* wfi */ };
    uint64_t pc = 0;

    (void)state;
    OK(fwsim_mem_write(m, 0x40000000, code, sizeof code));
    OK(fwsim_cpu_write(m, "pc", 0x40000000));
    OK(fwsim_cpu_write(m, "sp", 0x40001000));
    assert_true(fwsim_on_access(m, 0, 0, note_pc, &pc) > 0);
    OK(fwsim_run(m, &(fwsim_limit){ .instructions = 4 }, NULL));
    assert_int_equal(pc, 0x40000008);
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

static void a_vector_that_traps_on_itself_locks_up(void **state)
{
    const fwsim_options options = { .deliver_faults = true };
    fwsim_machine *m = new_machine(fwsim_board_find("virt"), &options);
    const uint32_t fmov = 0x9e6703e0; /* fmov d0, xzr: CPACR_EL1 is 0 */
    fwsim_stop stop;

    (void)state;
    OK(fwsim_mem_write(m, 0x40000000, &fmov, sizeof fmov));
    OK(fwsim_mem_write(m, 0x40001200, &fmov, sizeof fmov));
    OK(fwsim_cpu_write(m, "vbar_el1", 0x40001000));
    OK(fwsim_cpu_write(m, "pc", 0x40000000));
    OK(fwsim_run(m, &(fwsim_limit){ .instructions = 1000 }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_LOCKUP);
    assert_int_equal(stop.fault.esr, 0x1fe00000);
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
        cmocka_unit_test(floating_point_rounds_and_flags_as_asked),
        cmocka_unit_test(floating_point_is_that_of_qemu),
        cmocka_unit_test(the_fingerprint_does_not_depend_on_the_limits),
        cmocka_unit_test(a_snapshot_goes_on_where_it_was_taken),
        cmocka_unit_test(a_step_is_one_instruction),
        cmocka_unit_test(an_access_knows_its_instruction),
        cmocka_unit_test(a_fault_stops_before_its_handler),
        cmocka_unit_test(vectors_to_nowhere_lock_up),
        cmocka_unit_test(a_vector_that_traps_on_itself_locks_up),
    };
    int missing = a64_missing("mmu");

    return missing ? missing : cmocka_run_group_tests(tests, NULL, NULL);
}
