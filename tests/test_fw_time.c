/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What docs/time-model.md promises: an instruction is a tick, as with QEMU's
 * -icount; an interrupt is taken at the first block that begins at or after its
 * time, and a block has at most 512 instructions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cm.h"
#include "command.h"
#include "support.h"

#define QEMU "/usr/bin/qemu-system-arm"
#define TESTDEV_AFTER 0x40000000u
#define NVIC_ISER 0xe000e100u

enum { CODE = 0x400, HANDLER = 0x200, SP = 0x20001000, BLOCK_MAX = 512 };

/* ------------------------------------------------------------------ */
/* Counts                                                               */
/* ------------------------------------------------------------------ */

/* The guest's lengths add up to this many instructions, five times. */
enum { INSTRUCTIONS = 10000, LENGTHS = 5 };

static void straight_line_code_takes_a_tick_an_instruction(void **state)
{
    (void)state;
    cm_expect("cm_icount", "cortex-m3", "ticks 50000\n");
    assert_int_equal(INSTRUCTIONS * LENGTHS, 50000);
}

/* SysTick of mps2-an385 has 25 MHz: with 8 ns an instruction, 5 a tick. */
static void straight_line_code_counts_as_with_icount_of_qemu(void **state)
{
    char path[512], expected[32];
    const char *const argv[] = { QEMU, "-M", "mps2-an385", "-display", "none",
                                 "-serial", "null", "-monitor", "none",
                                 "-icount", "shift=3", "-semihosting-config",
                                 "enable=on,target=native", "-kernel",
                                 cm_image("cm_icount", "cortex-m3", path,
                                          sizeof path), NULL };
    command c;

    (void)state;
    if (access(QEMU, X_OK) != 0) {
        print_message("SKIPPED: no " QEMU "\n");
        skip();
    }
    snprintf(expected, sizeof expected, "ticks %d\n", INSTRUCTIONS);
    command_run(&c, argv, NULL);
    assert_int_equal(c.code, 0);
    assert_string_equal(*c.out ? c.out : c.err, expected);
    command_free(&c);
}

/* ------------------------------------------------------------------ */
/* Interrupts                                                           */
/* ------------------------------------------------------------------ */

static void on_entry(fwsim_machine *m, const fwsim_exception *e, void *user)
{
    if (e->entry)
        *(uint64_t *)user = fwsim_instructions(m);
    fwsim_request_stop(m);
}

/** @return ticks from the time an interrupt is raised to its being taken */
static uint64_t lateness(const uint16_t *code, size_t size, uint32_t delay)
{
    fwsim_machine *m = new_machine(cm_board("cortex-m3"), NULL);
    uint32_t vectors[17] = { SP, CODE + 1 };
    const uint16_t handler = 0xe7fe; /* b . */
    uint64_t taken = 0;
    fwsim_stop stop;

    vectors[16] = HANDLER + 1;
    OK(fwsim_mem_write(m, 0, vectors, sizeof vectors));
    OK(fwsim_mem_write(m, HANDLER, &handler, sizeof handler));
    OK(fwsim_mem_write(m, CODE, code, size));
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    bus_write(m, NVIC_ISER, 1);
    bus_write(m, TESTDEV_AFTER, delay);
    assert_true(fwsim_on_exception(m, on_entry, &taken) > 0);
    OK(fwsim_run(m, &(fwsim_limit){ .instructions = delay + 2 * BLOCK_MAX },
                 &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_REQUEST);
    fwsim_free(m);
    return taken - delay;
}

static void an_interrupt_is_late_by_less_than_a_block(void **state)
{
    /* movs r0, #0 until the end of the memory's code: no branch, no end of a
     * page but those of 1 KiB. */
    static uint16_t code[4 * BLOCK_MAX];
    uint64_t latest = 0;

    (void)state;
    for (size_t i = 0; i < sizeof code / sizeof *code; i++)
        code[i] = 0x2000;
    for (uint32_t delay = 1; delay <= 2 * BLOCK_MAX; delay += 3) {
        uint64_t late = lateness(code, sizeof code, delay);

        assert_in_range(late, 0, BLOCK_MAX - 1);
        latest = late > latest ? late : latest;
    }
    /* The bound is a true one: not all come at once. */
    assert_in_range(latest, BLOCK_MAX / 2, BLOCK_MAX - 1);
}

static void a_loop_of_one_block_is_interruptible(void **state)
{
    static const uint16_t forever[] = { 0xe7fe }; /* b . */
    static const uint16_t ten[] = { 0x2000, 0x2000, 0x2000, 0x2000, 0x2000,
                                    0x2000, 0x2000, 0x2000, 0x2000, 0xe7f5 };

    (void)state;
    for (uint32_t delay = 1; delay <= 64; delay++) {
        assert_int_equal(lateness(forever, sizeof forever, delay), 0);
        assert_int_equal(lateness(ten, sizeof ten, delay), (1000 - delay) % 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_line_code_takes_a_tick_an_instruction),
        cmocka_unit_test(straight_line_code_counts_as_with_icount_of_qemu),
        cmocka_unit_test(an_interrupt_is_late_by_less_than_a_block),
        cmocka_unit_test(a_loop_of_one_block_is_interruptible),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
