/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Misuse of the core (firmware/a64_misuse.c): the same on fwsim and on QEMU.
 *
 * Source: Arm ARM (DDI 0487): illegal return D1.11.3, alignment of the PC
 * D1.12.1, syndromes D13.2.37, registers that cannot be written D13.1.1; GIC
 * (IHI 0048B) 4.4.5.
 */
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "images.h"
#include "support.h"

#define QEMU "/usr/bin/qemu-system-aarch64"

#define EXCEPTION(vector, esr, spsr)                                           \
    "  vector 0x" vector " esr 0x" esr "\n    spsr 0x" spsr                    \
    "\n    elr - target 0x0\n"

static const char expected[] =
    "to the middle of an instruction\n" EXCEPTION("4", "8a000000", "3c5")
    "to nothing\n" EXCEPTION("4", "86000010", "3c5")
    /* PSTATE.IL is set; the level stays. */
    "to levels that are not there: 2\n" EXCEPTION("4", "3a000000", "1003c5")
    "3\n" EXCEPTION("4", "3a000000", "1003c5")
    "to level 0 with a stack of its own\n"
    EXCEPTION("4", "3a000000", "1003c5")
    "to a reserved mode\n" EXCEPTION("4", "3a000000", "1003c5")
    "midr\n" EXCEPTION("4", "2000000", "3c5")
    "id_aa64pfr0\n" EXCEPTION("4", "2000000", "3c5")
    "currentel\n" EXCEPTION("4", "2000000", "3c5")
    "cntvct\n" EXCEPTION("4", "2000000", "3c5")
    "ctr\n" EXCEPTION("4", "2000000", "3c5")
    "typer changed 0x0\n"
    "running 0xff\n"
    "no interrupt 0x3ff\n"
    "interrupts that pend themselves 0x3e8\n"
    "wrong results of changed code 0x0\n";

static void misuse_ends_in_the_exception_that_the_manual_names(void **state)
{
    const fwsim_options opt = { .semihosting = true, .deliver_faults = true };
    fwsim_machine *m = new_machine(fwsim_board_find("virt"), &opt);
    fwsim_stop stop;

    (void)state;
    OK(fwsim_load(m, GUEST("a64_misuse"), NULL));
    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(500) }, &stop));
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), expected);
    assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
    fwsim_free(m);
}

static void misuse_ends_as_in_qemu(void **state)
{
    const char *const argv[] = {
        QEMU, "-M", "virt,gic-version=2", "-cpu", "cortex-a53", "-nic", "none",
        "-nographic", "-monitor", "none", "-serial", "stdio",
        "-semihosting-config", "enable=on,target=native", "-kernel",
        GUEST("a64_misuse"), NULL
    };
    command c;

    (void)state;
    if (access(QEMU, X_OK) != 0) {
        print_message("SKIPPED: no " QEMU "\n");
        skip();
    }
    command_run(&c, argv, NULL);
    assert_string_equal(c.out, expected);
    command_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(misuse_ends_in_the_exception_that_the_manual_names),
        cmocka_unit_test(misuse_ends_as_in_qemu),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
