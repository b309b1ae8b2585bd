/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AArch64: no system register follows the clock of the host, and the cycle
 * counter of the performance monitors is virtual time. Registers are those of
 * DDI 0487 D13; the code is assembled here.
 */
#include "a64_guest.h"

#include <time.h>

enum { CODE = 0x40200000, VECTORS = 0x40100000, ENCODINGS = 1 << 15 };

#define MRS(reg, rt) (0xd5300000u | (reg) << 5 | (rt))
#define MSR(reg, rt) (0xd5100000u | (reg) << 5 | (rt))
/* As in MRS and MSR: o0 is op0 - 2. */
#define REG(o0, op1, crn, crm, op2)                                            \
    ((uint32_t)(o0) << 14 | (op1) << 11 | (crn) << 7 | (crm) << 3 | (op2))

#define PMCR       REG(1, 3, 9, 12, 0)
#define PMCNTENSET REG(1, 3, 9, 12, 1)
#define PMOVSCLR   REG(1, 3, 9, 12, 3)
#define PMCCNTR    REG(1, 3, 9, 13, 0)
#define PMUSERENR  REG(1, 3, 9, 14, 0)
#define PMEVTYPER0 REG(1, 3, 14, 12, 0)
#define DFR0       REG(1, 0, 0, 5, 0)
#define NOP        0xd503201fu
#define WFI        0xd503207fu

static fwsim_machine *machine(const char *board, const uint32_t *code,
                              size_t size)
{
    const fwsim_options options = { .deliver_faults = true };
    fwsim_machine *m = new_machine(fwsim_board_find(board), &options);

    OK(fwsim_mem_write(m, CODE, code, size));
    OK(fwsim_cpu_write(m, "pc", CODE));
    return m;
}

static void run(fwsim_machine *m, uint64_t instructions)
{
    fwsim_stop stop;

    OK(fwsim_run(m, &(fwsim_limit){ .instructions = instructions }, &stop));
}

static uint64_t x(fwsim_machine *m, const char *name)
{
    uint64_t value = 0;

    OK(fwsim_cpu_read(m, name, &value));
    return value;
}

static void wait_for_the_host_clock(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 3000000 }, NULL);
}

/** Fingerprint after all system registers were read, twice, at the highest
 * level of a board. Handlers go on behind an instruction that is undefined. */
static uint64_t read_all(const char *board, unsigned level, uint64_t *sum)
{
    static uint32_t code[16 + ENCODINGS * 3];
    const char *const vbar[] = { "", "vbar_el1", "vbar_el2", "vbar_el3" };
    unsigned op1 = level == 3 ? 6 : level == 2 ? 4 : 0;
    const uint32_t handler[] = { MRS(REG(1, op1, 4, 0, 1), 10),
                                 0x9100114a, /* add x10, x10, #4 */
                                 MSR(REG(1, op1, 4, 0, 1), 10),
                                 0xd69f03e0 /* eret */ };
    const uint32_t set_up[] = { MSR(PMCR, 2), MSR(PMCNTENSET, 3),
                                MSR(PMEVTYPER0, 4) };
    fwsim_machine *m;
    size_t n = 0;
    uint64_t hash;

    for (; n < sizeof set_up / sizeof *set_up; n++)
        code[n] = set_up[n];
    for (uint32_t reg = 0; reg < ENCODINGS; reg++) {
        code[n++] = MRS(reg, 0);
        code[n++] = 0xca000021; /* eor x1, x1, x0 */
        code[n++] = 0x93c10421; /* ror x1, x1, #1 */
    }
    code[n++] = 0x14000000; /* b . */
    m = machine(board, code, n * sizeof *code);
    OK(fwsim_mem_write(m, VECTORS + 0x200, handler, sizeof handler));
    OK(fwsim_cpu_write(m, vbar[level], VECTORS));
    OK(fwsim_cpu_write(m, "x2", 1));
    OK(fwsim_cpu_write(m, "x3", 0xffffffff));
    OK(fwsim_cpu_write(m, "x4", 0x11));
    wait_for_the_host_clock();
    run(m, 12 * ENCODINGS);
    assert_int_equal(x(m, "pc"), CODE + (n - 1) * sizeof *code);
    *sum = x(m, "x1");
    hash = fwsim_hash(m);
    fwsim_free(m);
    return hash;
}

static void no_system_register_follows_the_host(void **state)
{
    static const char *const boards[] = { "", "virt", "virt_el2", "virt_el3" };

    (void)state;
    for (unsigned level = 1; level <= 3; level++) {
        uint64_t first, second;
        uint64_t hash = read_all(boards[level], level, &first);

        assert_int_equal(read_all(boards[level], level, &second), hash);
        assert_int_equal(first, second);
    }
}

static void the_cycle_counter_is_virtual_time(void **state)
{
    const uint32_t code[] = { MRS(PMCCNTR, 1), MSR(PMCR, 2),
                              MSR(PMCNTENSET, 3), 0x14000001 /* b .+4 */,
                              MRS(PMCCNTR, 4), NOP, NOP, NOP, NOP, NOP, NOP,
                              0x14000001 /* b .+4 */, MRS(PMCCNTR, 5),
                              MSR(PMCR, 31), 0x14000001, NOP, 0x14000001,
                              MRS(PMCCNTR, 6), 0x14000001, MRS(PMCCNTR, 7),
                              WFI };
    fwsim_machine *m = machine("virt", code, sizeof code);

    (void)state;
    OK(fwsim_cpu_write(m, "x2", 1));
    OK(fwsim_cpu_write(m, "x3", 1u << 31));
    run(m, 100);
    assert_int_equal(x(m, "x1"), 0);
    assert_int_equal(x(m, "x5") - x(m, "x4"), 8);
    assert_in_range(x(m, "x6"), x(m, "x5"), x(m, "x5") + 2);
    assert_int_equal(x(m, "x7"), x(m, "x6"));
    fwsim_free(m);
}

static void the_cycle_counter_overflows_at_32_bits_unless_told(void **state)
{
    const uint32_t code[] = { MSR(PMCCNTR, 1), MSR(PMCNTENSET, 3), MSR(PMCR, 2),
                              0x14000001, NOP, NOP, 0x14000001,
                              MRS(PMOVSCLR, 4), MSR(PMOVSCLR, 3),
                              MRS(PMOVSCLR, 5), MRS(PMCCNTR, 6), WFI };

    (void)state;
    for (unsigned lc = 0; lc < 2; lc++) {
        fwsim_machine *m = machine("virt", code, sizeof code);

        OK(fwsim_cpu_write(m, "x1", 0xffffffff));
        OK(fwsim_cpu_write(m, "x2", 1 | lc << 6));
        OK(fwsim_cpu_write(m, "x3", 1u << 31));
        run(m, 50);
        assert_int_equal(x(m, "x4"), lc ? 0 : 1u << 31);
        assert_int_equal(x(m, "x5"), 0);
        assert_true(x(m, "x6") >> 32 == 1);
        fwsim_free(m);
    }
}

/** D13.2.59: PMUVer 1 is PMUv3; D13.4.11: N in PMCR says how many counters. */
static void the_monitors_say_that_they_have_no_event_counter(void **state)
{
    const uint32_t code[] = { MRS(DFR0, 1), MRS(PMCR, 2), WFI };
    const char *const boards[] = { "virt", "virt_a72" };
    const uint32_t pmcr[] = { 0x41030000, 0x41020000 };

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        fwsim_machine *m = machine(boards[i], code, sizeof code);

        run(m, 10);
        assert_int_equal(x(m, "x1") >> 8 & 15, 1);
        assert_int_equal(x(m, "x2"), pmcr[i]);
        fwsim_free(m);
    }
}

/** PMUSERENR_EL0.CR, D13.4.16; a trap has class 0x18. */
static void a_program_reads_cycles_when_it_may(void **state)
{
    const uint32_t code[] = { MSR(PMUSERENR, 2), 0xd69f03e0 /* eret */,
                              MRS(PMCCNTR, 1), 0x14000000 /* b . */ };

    (void)state;
    for (unsigned may = 0; may < 2; may++) {
        fwsim_machine *m = machine("virt", code, sizeof code);

        OK(fwsim_mem_write(m, VECTORS + 0x400, &code[3], sizeof *code));
        OK(fwsim_cpu_write(m, "x2", may << 2));
        OK(fwsim_cpu_write(m, "vbar_el1", VECTORS));
        OK(fwsim_cpu_write(m, "elr_el1", CODE + 8));
        OK(fwsim_cpu_write(m, "spsr_el1", 0x3c0));
        run(m, 10);
        assert_int_equal(x(m, "pc"), may ? CODE + 12 : VECTORS + 0x400);
        if (!may) {
            assert_int_equal(x(m, "esr_el1"), 0x6230e43b);
            assert_int_equal(x(m, "elr_el1"), CODE + 8);
        }
        fwsim_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_system_register_follows_the_host),
        cmocka_unit_test(the_cycle_counter_is_virtual_time),
        cmocka_unit_test(the_cycle_counter_overflows_at_32_bits_unless_told),
        cmocka_unit_test(the_monitors_say_that_they_have_no_event_counter),
        cmocka_unit_test(a_program_reads_cycles_when_it_may),
    };
    int missing = a64_missing("fp");

    return missing ? missing : cmocka_run_group_tests(tests, NULL, NULL);
}
