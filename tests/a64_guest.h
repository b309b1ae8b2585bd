/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guests a64_*.c: what they print here, and on qemu-system-aarch64. Each
 * file test_fw_a64*.c has its own copy of these functions.
 */
#ifndef A64_GUEST_H
#define A64_GUEST_H

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

#define QEMU "/usr/bin/qemu-system-aarch64"
#define VIRT "virt,gic-version=2"

static inline char *image_of(const char *guest, char *buf, size_t size)
{
    snprintf(buf, size, "%s/a64_%s.elf", FWSIM_TEST_FIRMWARE_DIR, guest);
    return buf;
}

static inline fwsim_machine *machine_with(const char *guest, const char *board)
{
    const fwsim_options options = { .semihosting = true,
                                    .deliver_faults = true };
    fwsim_machine *m = new_machine(fwsim_board_find(board), &options);
    char path[512];

    OK(fwsim_load(m, image_of(guest, path, sizeof path), NULL));
    return m;
}

static inline void expect_here(const char *guest, const char *board, const char *text)
{
    fwsim_machine *m = machine_with(guest, board);
    fwsim_stop stop;

    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(500) }, &stop));
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), text);
    assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
    assert_int_equal(stop.exit_code, 0);
    fwsim_free(m);
}

static inline void expect_qemu(const char *guest, const char *machine,
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

/** Can the guests run? @return 0, or 77 with the reason printed */
static inline int a64_missing(const char *guest)
{
    fwsim_machine *m = NULL;
    char path[512];

    if (access(image_of(guest, path, sizeof path), R_OK) != 0) {
        print_message("SKIPPED: no aarch64-linux-gnu-gcc when the tests were "
                      "built (Debian: gcc-aarch64-linux-gnu)\n");
        return 77;
    }
    if (fwsim_new(&m, fwsim_board_find("virt"), NULL) == FWSIM_ECPU) {
        print_message("SKIPPED: this Unicorn is too old for AArch64\n");
        return 77;
    }
    fwsim_free(m);
    return 0;
}

#endif
