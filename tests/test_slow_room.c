/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Room for translations: code hooks and steps, and code that changes, make the
 * engine translate again and again. That has a bound in memory, and what is
 * executed stays right when the room is used again.
 */
#include "support.h"

#include <stdio.h>
#include <unistd.h>

enum { RAM = 0x20000000, CODE = RAM + 0x400, CHANGED = CODE + 16 };
enum { INSNS = 64, LAPS = 2000, CHANGES = 100000, BOUND_MB = 100 };

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/** Resident memory of the process in MiB. */
static long resident(void)
{
    long size = 0, pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (!f)
        return 0;
    if (fscanf(f, "%ld %ld", &size, &pages) != 2)
        pages = 0;
    fclose(f);
    return pages * sysconf(_SC_PAGESIZE) / (1 << 20);
}

static void assert_bounded(long before)
{
#ifdef SANITIZED
    (void)before; /* freed memory is kept for a while */
#else
    assert_in_range(resident() - before, 0, BOUND_MB);
#endif
}

static fwsim_machine *machine_at(const uint16_t *code, size_t size)
{
    fwsim_machine *m = new_machine(fwsim_board_find("mps2_an386"), NULL);

    OK(fwsim_mem_write(m, CODE, code, size));
    OK(fwsim_cpu_write(m, "pc", CODE));
    OK(fwsim_cpu_write(m, "xpsr", 1u << 24));
    OK(fwsim_cpu_write(m, "r0", 0));
    return m;
}

static uint64_t r0(fwsim_machine *m)
{
    uint64_t value = 0;

    OK(fwsim_cpu_read(m, "r0", &value));
    return value;
}

static void steps_have_a_bound_in_memory(void **state)
{
    uint16_t code[INSNS];
    fwsim_machine *m;
    long before;

    (void)state;
    for (unsigned i = 0; i < INSNS; i += 2) {
        code[i] = 0x3001;     /* adds r0, #1 */
        code[i + 1] = 0xc9fc; /* ldmia r1!, {r2-r7} */
    }
    code[INSNS - 2] = 0x4641;         /* mov r1, r8 */
    code[INSNS - 1] = 0xe7ff - INSNS; /* b to the first */
    m = machine_at(code, sizeof code);
    OK(fwsim_cpu_write(m, "r1", RAM));
    OK(fwsim_cpu_write(m, "r8", RAM));
    before = resident();
    for (unsigned i = 0; i < LAPS * INSNS; i++)
        OK(fwsim_step(m, NULL));
    assert_bounded(before);
    assert_int_equal(r0(m), LAPS * (INSNS / 2 - 1));
    fwsim_free(m);
}

static void code_that_changes_has_a_bound_in_memory(void **state)
{
    static const uint16_t code[] = {
        0x8019, /* strh r1, [r3] */
        0x4061, /* eors r1, r4 */
        0x3d01, /* subs r5, #1 */
        0xd503, /* bpl CHANGED */
        0xbe00, /* bkpt */
        0xbf00, 0xbf00, 0xbf00,
        0x3000, /* CHANGED: adds r0, #1 or #2 */
        0xe7f5, /* b to the first */
    };
    fwsim_machine *m = machine_at(code, sizeof code);
    fwsim_stop stop;
    long before;

    (void)state;
    OK(fwsim_cpu_write(m, "r1", 0x3001));
    OK(fwsim_cpu_write(m, "r3", CHANGED));
    OK(fwsim_cpu_write(m, "r4", 0x3001 ^ 0x3002));
    OK(fwsim_cpu_write(m, "r5", CHANGES));
    before = resident();
    OK(fwsim_run(m, NULL, &stop));
    assert_bounded(before);
    assert_int_equal(stop.reason, FWSIM_STOP_BREAKPOINT);
    assert_int_equal(r0(m), CHANGES / 2 * 3);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_have_a_bound_in_memory),
        cmocka_unit_test(code_that_changes_has_a_bound_in_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
