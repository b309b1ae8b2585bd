/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arm DDI 0479, APB UART. Interrupts are seen in STATE and INTSTATUS, from
 * which the lines are made; test_fw_mps2 sees them arrive. */
#include "peripherals.h"
#include "support.h"

#include <string.h>

#define UART 0x40004000u
enum {
    DATA = UART,
    STATE = UART + 0x04,
    CTRL = UART + 0x08,
    INTSTATUS = UART + 0x0c,
    BAUDDIV = UART + 0x10
};
enum { TXFULL = 1, RXFULL = 2, TX_OVERRUN = 4, RX_OVERRUN = 8 };
enum {
    TXEN = 1,
    RXEN = 2,
    TXINT = 4,
    RXINT = 8,
    TX_OVERRUN_INT = 0x10,
    RX_OVERRUN_INT = 0x20,
    HSTM = 0x40
};
enum { INT_TX = 1, INT_RX = 2 };

/* 25 MHz, 250 clocks a bit: 100 us a byte. */
enum { DIVIDER = 250, BYTE_NS = 100000 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 25000000,
        .periph = (const fwsim_slot[]){
            { "uart", &cmsdk_uart, .base = UART },
            { 0 }
        },
    },
    .console = "uart",
};

static int power_up(void **state)
{
    int err = bench_setup(state, &board);
    bench *b = *state;

    bus_write(b->m, BAUDDIV, DIVIDER);
    return err;
}

static void expect_output(fwsim_machine *m, const char *text)
{
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), text);
}

static void a_byte_takes_ten_bits_of_the_divider(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CTRL, TXEN);
    bus_write(m, DATA, 'a');
    run_ns(m, BYTE_NS - 100);
    expect_output(m, "");
    run_ns(m, 200);
    expect_output(m, "a");
}

static void the_buffer_holds_a_second_byte(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CTRL, TXEN);
    bus_write(m, DATA, 'a');
    assert_int_equal(bus_read(m, STATE), 0);
    bus_write(m, DATA, 'b');
    assert_int_equal(bus_read(m, STATE), TXFULL);
    run_ns(m, BYTE_NS + 100);
    assert_int_equal(bus_read(m, STATE), 0);
    run_ns(m, BYTE_NS);
    expect_output(m, "ab");
}

static void a_third_byte_replaces_the_second_and_sets_overrun(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CTRL, TXEN);
    bus_write(m, DATA, 'a');
    bus_write(m, DATA, 'b');
    bus_write(m, DATA, 'c');
    assert_int_equal(bus_read(m, STATE), TXFULL | TX_OVERRUN);
    bus_write(m, STATE, TX_OVERRUN);
    assert_int_equal(bus_read(m, STATE), TXFULL);
    run_ns(m, 3 * BYTE_NS);
    expect_output(m, "ac");
}

static void the_tx_interrupt_says_that_the_buffer_became_empty(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CTRL, TXEN | TXINT);
    assert_int_equal(bus_read(m, INTSTATUS), 0);
    bus_write(m, DATA, 'a');
    assert_int_equal(bus_read(m, INTSTATUS), INT_TX);
    bus_write(m, INTSTATUS, INT_TX);
    bus_write(m, DATA, 'b');
    assert_int_equal(bus_read(m, INTSTATUS), 0);
    run_ns(m, BYTE_NS + 100);
    assert_int_equal(bus_read(m, INTSTATUS), INT_TX);
}

static void a_received_byte_waits_until_it_is_read(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CTRL, RXEN | RXINT);
    OK(fwsim_uart_send(m, NULL, "x", 1));
    run_ns(m, 2 * BYTE_NS);
    assert_int_equal(bus_read(m, STATE), RXFULL);
    assert_int_equal(bus_read(m, INTSTATUS), INT_RX);
    assert_int_equal(bus_read(m, DATA), 'x');
    assert_int_equal(bus_read(m, STATE), 0);
    /* The interrupt is cleared by software alone. */
    assert_int_equal(bus_read(m, INTSTATUS), INT_RX);
    bus_write(m, INTSTATUS, INT_RX);
    assert_int_equal(bus_read(m, INTSTATUS), 0);
}

static void a_byte_that_was_not_read_is_overrun(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CTRL, RXEN);
    OK(fwsim_uart_send(m, NULL, "xy", 2));
    run_ns(m, 3 * BYTE_NS);
    assert_int_equal(bus_read(m, STATE), RXFULL | RX_OVERRUN);
    assert_int_equal(bus_read(m, DATA), 'y');
}

static void overruns_interrupt_where_ctrl_lets_them(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, DATA, 'a');
    bus_write(m, DATA, 'b');
    assert_int_equal(bus_read(m, STATE), TXFULL | TX_OVERRUN);
    assert_int_equal(bus_read(m, INTSTATUS), 0);
    bus_write(m, CTRL, TX_OVERRUN_INT | RX_OVERRUN_INT | RXEN);
    assert_int_equal(bus_read(m, INTSTATUS), TX_OVERRUN);
    OK(fwsim_uart_send(m, NULL, "xy", 2));
    run_ns(m, 3 * BYTE_NS);
    assert_int_equal(bus_read(m, INTSTATUS), TX_OVERRUN | RX_OVERRUN);
    /* Cleared in either register. */
    bus_write(m, STATE, RX_OVERRUN);
    assert_int_equal(bus_read(m, INTSTATUS), TX_OVERRUN);
    bus_write(m, INTSTATUS, TX_OVERRUN);
    assert_int_equal(bus_read(m, INTSTATUS), 0);
    assert_int_equal(bus_read(m, STATE), TXFULL | RXFULL);
}

static void without_the_transmitter_the_byte_waits(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, DATA, 'a');
    run_ns(m, 3 * BYTE_NS);
    expect_output(m, "");
    bus_write(m, CTRL, TXEN);
    run_ns(m, BYTE_NS + 100);
    expect_output(m, "a");
}

static void without_the_receiver_bytes_are_lost(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_uart_send(m, NULL, "x", 1));
    run_ns(m, 2 * BYTE_NS);
    assert_int_equal(bus_read(m, STATE), 0);
}

static void a_divider_below_16_is_a_guest_error(void **state)
{
    bench *b = *state;
    fwsim_machine *m = b->m;

    bus_write(m, BAUDDIV, 15);
    bus_write(m, CTRL, TXEN);
    bus_write(m, DATA, 'a');
    run_ns(m, FWSIM_MS(1));
    expect_output(m, "");
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "BAUDDIV"));
}

static void in_the_test_mode_a_bit_takes_one_clock(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CTRL, TXEN | HSTM);
    bus_write(m, DATA, 'a');
    run_ns(m, 10 * 40);
    expect_output(m, "a");
}

static void it_identifies_itself(void **state)
{
    static const uint8_t id[] = { 0x04, 0, 0, 0, 0x21, 0xb8,
                                  0x1b, 0, 0x0d, 0xf0, 0x05, 0xb1 };
    fwsim_machine *m = bench_machine(state);

    for (unsigned i = 0; i < sizeof id; i++)
        assert_int_equal(bus_read(m, UART + 0xfd0 + 4 * i), id[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_byte_takes_ten_bits_of_the_divider),
        TEST(the_buffer_holds_a_second_byte),
        TEST(a_third_byte_replaces_the_second_and_sets_overrun),
        TEST(the_tx_interrupt_says_that_the_buffer_became_empty),
        TEST(a_received_byte_waits_until_it_is_read),
        TEST(a_byte_that_was_not_read_is_overrun),
        TEST(overruns_interrupt_where_ctrl_lets_them),
        TEST(without_the_transmitter_the_byte_waits),
        TEST(without_the_receiver_bytes_are_lost),
        TEST(a_divider_below_16_is_a_guest_error),
        TEST(in_the_test_mode_a_bit_takes_one_clock),
        TEST(it_identifies_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
