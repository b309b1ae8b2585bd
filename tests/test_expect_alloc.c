/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each allocation of expectations, parts, scripts, courses and the journal
 * fails once: the call says so, or does without, and nothing leaks.
 */
#include "support.h"

#include <string.h>

#include "alloc_failure.h"
#include "i2c_probe.h"
#include "peripherals.h"

#define UART 0x40000010u
#define CAN 0x40000400u

static void tx_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_uart_tx(p, (uint8_t)written);
}

static const fwsim_reg uart_regs[] = {
    { "TX", 0, .wo = 0xff, .on_write = tx_written },
    FWSIM_REG_END
};

static const fwsim_periph_type uart = {
    .name = "uart", .size = 0x10, .regs = uart_regs, .uart = true,
    .inputs = (const fwsim_quantity[]){ { "volts", "mV", 0, 0, 9 }, { 0 } }
};

/* clang-format off */
static const fwsim_board board = {
    .name = "board",
    .console = "uart0",
    .soc = &(const fwsim_soc) {
        .name = "soc", .clock_hz = 1000000, .pins = 2,
        .periph = (const fwsim_slot[]) {
            { "i2c0",  &i2c_probe, I2C_PROBE },
            { "uart0", &uart, UART },
            { "can1",  &stm32_bxcan, CAN },
            { 0 }
        },
    },
};
/* clang-format on */

static void say(fwsim_machine *m, const char *text)
{
    for (; *text; text++)
        bus_write(m, UART, (uint8_t)*text);
}

/** An expectation that fails does so with its message, also without memory
 * for the report. */
static int disappointed(fwsim_machine *m, int err)
{
    if (err != FWSIM_ETIMEDOUT)
        return err;
    assert_true(strlen(fwsim_errmsg(m)) > 0);
    assert_true(strlen(fwsim_failure(m)) > 0);
    return 0;
}

static int expect(fwsim_machine *m)
{
    fwsim_match match;
    int err = fwsim_journal_enable(m, 5);

    say(m, "a=12\nb");
    if (!err)
        err = disappointed(m, fwsim_uart_expect_line(m, NULL, "b", 1));
    if (!err)
        err = fwsim_uart_expect_regex(m, NULL, "=([0-9]+)", 0, &match);
    if (!err)
        assert_string_equal(match.group[1], "12");
    if (!err)
        err = disappointed(m, fwsim_uart_expect_bytes(m, NULL, "cc", 2, 1));
    if (!err)
        err = disappointed(m, fwsim_pin_expect(m, "pin0", true, 1));
    return err;
}

static int follow_script(fwsim_machine *m)
{
    int err = fwsim_i2c_expect_write(m, "i2c0", 0x1d, "ab", 2);

    if (!err)
        err = fwsim_i2c_expect_read(m, "i2c0", 0x1d, "ab", 2);
    if (err)
        return err;
    bus_write(m, I2C_PROBE + I2C_PROBE_START, 0x1d << 1);
    bus_write(m, I2C_PROBE + I2C_PROBE_DATA, 'a');
    bus_write(m, I2C_PROBE + I2C_PROBE_DATA, 'c');
    bus_write(m, I2C_PROBE + I2C_PROBE_STOP, 1);
    return disappointed(m, fwsim_i2c_expect_done(m, "i2c0", 0x1d, 1));
}

static int drive(fwsim_machine *m)
{
    static const fwsim_point points[] = { { 0, 1 }, { 5000, 2 } };
    const fwsim_course course = { points, 2, 10000, 0 };
    int err = fwsim_input_play(m, "uart0", "volts", &course);

    if (!err)
        err = fwsim_pin_play(m, "pin0", &course);
    if (!err)
        err = fwsim_input_play(m, "uart0", "volts", NULL);
    return err;
}

static int exchange_frames(fwsim_machine *m)
{
    const fwsim_can_frame frame = { .id = 1 };
    int err = fwsim_can_send(m, "can1", &frame);

    return err ? err : disappointed(m, fwsim_can_expect(m, "can1", &frame, 1));
}

static int use_all(fwsim_machine *m)
{
    static const fwsim_i2c_device silent = { .start = NULL };
    int err = expect(m);

    if (!err)
        err = fwsim_i2c_attach(m, "i2c0", 0x50, &silent, NULL);
    if (!err)
        err = follow_script(m);
    if (!err)
        err = drive(m);
    if (!err)
        err = exchange_frames(m);
    return err;
}

static void every_allocation_may_fail(void **state)
{
    unsigned long n = 0;
    unsigned refused = 0;
    bool failed;

    (void)state;
    do {
        fwsim_machine *m = NULL;
        int err;

        OK(fwsim_new(&m, &board, NULL));
        alloc_fail_at(++n);
        err = use_all(m);
        failed = alloc_has_failed();
        alloc_fail_at(0);
        if (!failed)
            OK(err);
        else if (err && err != FWSIM_ENOMEM)
            /* A byte of output that found no memory does not come. */
            assert_int_equal(err, FWSIM_ETIMEDOUT);
        refused += err == FWSIM_ENOMEM;
        fwsim_free(m);
    } while (failed);
    assert_true(n > 25);
    assert_true(refused > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
