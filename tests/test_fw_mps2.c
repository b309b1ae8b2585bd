/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MPS2 boards run mps2_hello: its output is what the manuals say, and byte
 * for byte what QEMU gives for the same image. Left out of the comparison, as
 * QEMU 7.2 has no model of it: the register that tells the cause of a reset.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

typedef struct board {
    const char *name;
    const char *qemu;
    uint32_t scc_id;
    uint32_t rstinfo; /* register that says why the chip was reset */
    uint32_t cause;   /* its value after a reset by the watchdog */
} board;

/* clang-format off */
static const board boards[] = {
    { "an385", "mps2-an385", 0x41043850, 0x4001f010, 0x2 },
    { "an386", "mps2-an386", 0x41043860, 0x4001f010, 0x2 },
    { "an500", "mps2-an500", 0x41045000, 0x4001f010, 0x2 },
    { "an505", "mps2-an505", 0x41045050, 0x50021100, 0x5 },
};
/* clang-format on */

static const char typed[] = "hello\n";

static const char *image(const board *b)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/mps2_hello_%s.elf", FWSIM_TEST_FIRMWARE_DIR,
             b->name);
    return path;
}

/** A machine that has run the guest to its end. */
static fwsim_machine *run_guest(const board *b)
{
    const fwsim_options opt = { .semihosting = true };
    char name[32];
    fwsim_machine *m;
    fwsim_stop stop;

    snprintf(name, sizeof name, "mps2_%s", b->name);
    m = new_machine(fwsim_board_find(name), &opt);
    OK(fwsim_load(m, image(b), NULL));
    OK(fwsim_uart_expect(m, NULL, "type a line\n", FWSIM_S(2)));
    OK(fwsim_uart_send(m, NULL, typed, strlen(typed)));
    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_S(2) }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
    return m;
}

static void expect_line(const char *output, const char *text, uint32_t value)
{
    char line[128];

    snprintf(line, sizeof line, "%s %08x\n", text, (unsigned)value);
    if (!strstr(output, line))
        fail_msg("no line '%.*s' in:\n%s", (int)strlen(line) - 1, line, output);
}

static void check_output(const board *b, const char *output)
{
    bool iotkit = strcmp(b->name, "an505") == 0;

    assert_non_null(strstr(output, "first start\n"));
    expect_line(output, "scc: id", b->scc_id);
    expect_line(output, "scc: oscillator", 25000000);
    expect_line(output, "fpgaio: 20 to 30 ms in 3 ticks", 1);
    /* DDI 0479, UART: full, then full and overrun. */
    expect_line(output, "uart1: state", 1);
    expect_line(output, "uart1: state", 5);
    expect_line(output, "uart1: overruns", 1);
    expect_line(output, "timer0: interrupts", 5);
    expect_line(output, "dual: value at reset", 0xffffffff);
    expect_line(output, "dual: control at reset", 0x20);
    expect_line(output, "dual: interrupts", 3);
    expect_line(output, "dual: one-shot interrupts", 1);
    expect_line(output, "dual: one-shot value", 0);
    expect_line(output, "dual: load", 0x1234);
    expect_line(output, "systick: calib", iotkit ? 0x80000000 : 9999);
    expect_line(output, "systick by the core clock: ms", 10);
    expect_line(output,
                iotkit ? "systick without a reference: csr"
                       : "systick by the reference: csr",
                iotkit ? 7 : 3);
    expect_line(output,
                iotkit ? "systick without a reference: ms"
                       : "systick by the reference: ms",
                10);
    expect_line(output, "watchdog: load", 0xffffffff);
    expect_line(output, "watchdog: interrupts", 2);
    expect_line(output, "second start; watchdog: control", 0);
    assert_non_null(strstr(output, "you wrote hello\n"));
    if (!iotkit)
        return;
    expect_line(output, "timer0: other address", 0x12345678);
    expect_line(output, "sysctrl: cause", 1);
}

static void the_guest_sees_what_the_manuals_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof boards / sizeof *boards; i++) {
        fwsim_machine *m = run_guest(&boards[i]);

        print_message("%s\n", boards[i].name);
        check_output(&boards[i], fwsim_uart_output(m, NULL, NULL));
        fwsim_free(m);
    }
}

static void the_reset_cause_is_the_watchdog(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof boards / sizeof *boards; i++) {
        fwsim_machine *m = run_guest(&boards[i]);

        assert_int_equal(bus_read(m, boards[i].rstinfo), boards[i].cause);
        fwsim_free(m);
    }
}

static bool have_qemu(void)
{
    return system("command -v qemu-system-arm >/dev/null") == 0;
}

/* On a busy host QEMU may read what is typed too late. */
enum { ATTEMPTS = 3 };

/* The virtual clock makes a busy host all but harmless. It may not jump while the core
 * sleeps (sleep=off): QEMU 7.2 jumps too far then. */
static void run_qemu(command *c, const board *b)
{
    const char *argv[] = { "/usr/bin/env", "timeout", "60", "qemu-system-arm",
                           "-M", b->qemu, "-kernel", image(b),
                           "-display", "none", "-monitor", "none",
                           "-serial", "stdio", "-semihosting",
                           "-icount", "shift=5", NULL };

    command_run(c, argv, typed);
    if (c->code != 0)
        fail_msg("qemu-system-arm -M %s: code %d\n%s\n%s", b->qemu, c->code,
                 c->err, c->out);
}

static void qemu_prints_the_same_bytes(void **state)
{
    (void)state;
    if (!have_qemu()) {
        print_error("NOT COMPARED WITH QEMU: there is no qemu-system-arm "
                    "(Debian: qemu-system-arm)\n");
        skip();
    }
    for (size_t i = 0; i < sizeof boards / sizeof *boards; i++) {
        fwsim_machine *m = run_guest(&boards[i]);
        const char *ours = fwsim_uart_output(m, NULL, NULL);
        command c;

        run_qemu(&c, &boards[i]);
        for (unsigned n = 1; n < ATTEMPTS && strcmp(ours, c.out); n++) {
            command_free(&c);
            run_qemu(&c, &boards[i]);
        }
        assert_string_equal(ours, c.out);
        command_free(&c);
        fwsim_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guest_sees_what_the_manuals_say),
        cmocka_unit_test(the_reset_cause_is_the_watchdog),
        cmocka_unit_test(qemu_prints_the_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
