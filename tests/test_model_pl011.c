/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PL011, driven on the bus; sections of DDI 0183G. */
#include "support.h"

#include "fwsim_periph.h"
#include "peripherals.h"

#define UART 0x09000000u

enum { DR = UART, RSR = UART + 0x04, FR = UART + 0x18, IBRD = UART + 0x24,
       LCR_H = UART + 0x2c, CR = UART + 0x30, IFLS = UART + 0x34,
       IMSC = UART + 0x38, RIS = UART + 0x3c, MIS = UART + 0x40,
       ICR = UART + 0x44, ID0 = UART + 0xfe0 };

enum { RXFE = 0x10, RXFF = 0x40, TXFE = 0x80 };
enum { ON = 0x301, LOOPBACK = 0x381, FEN = 0x10 };
enum { INT_RX = 0x10, INT_TX = 0x20, INT_RT = 0x40, INT_OE = 0x400 };

static const fwsim_slot slots[] = {
    { "uart0", &pl011, UART, .irq = { FWSIM_NO_IRQ }, .clock_hz = 24000000 },
    { 0 }
};
static const fwsim_soc soc = { .name = "bare",
                               .clock_hz = 24000000,
                               .periph = slots };
static const fwsim_board board = { .name = "bare",
                                   .soc = &soc,
                                   .console = "uart0" };

static int set_up(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    bus_write(m, CR, ON);
    *state = m;
    return 0;
}

static int tear_down(void **state)
{
    fwsim_free(*state);
    return 0;
}

static void a_byte_that_is_written_leaves(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, DR, 'o');
    bus_write(m, DR, 'k');
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "ok");
    assert_int_equal(bus_read(m, FR), TXFE | RXFE);
    assert_int_equal(bus_read(m, RIS), INT_TX);
}

static void without_the_fifo_one_byte_fills_it(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_uart_send(m, NULL, "x", 1));
    run_ns(m, 1000);
    assert_int_equal(bus_read(m, FR), TXFE | RXFF);
    assert_int_equal(bus_read(m, RIS) & INT_RX, INT_RX);
    assert_int_equal(bus_read(m, DR), 'x');
    assert_int_equal(bus_read(m, FR), TXFE | RXFE);
    assert_int_equal(bus_read(m, RIS) & INT_RX, 0);
}

static void the_trigger_level_raises_the_receive_interrupt(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, LCR_H, FEN);
    bus_write(m, IFLS, 1 << 3); /* 3.3.9: a quarter */
    OK(fwsim_uart_send(m, NULL, "abc", 3));
    run_ns(m, 1000);
    assert_int_equal(bus_read(m, RIS) & INT_RX, 0);
    OK(fwsim_uart_send(m, NULL, "d", 1));
    run_ns(m, 1000);
    assert_int_equal(bus_read(m, RIS) & INT_RX, INT_RX);
    assert_int_equal(bus_read(m, MIS), 0);
    bus_write(m, IMSC, INT_RX);
    assert_int_equal(bus_read(m, MIS), INT_RX);
    bus_write(m, ICR, INT_RX);
    assert_int_equal(bus_read(m, MIS), 0);
}

static void a_byte_that_waits_times_out_after_32_bits(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, LCR_H, FEN);
    bus_write(m, IBRD, 13); /* 115384 baud: 8.67 us a bit */
    OK(fwsim_uart_send(m, NULL, "a", 1));
    run_ns(m, FWSIM_US(86 + 270));
    assert_int_equal(bus_read(m, RIS) & INT_RT, 0);
    run_ns(m, FWSIM_US(20));
    assert_int_equal(bus_read(m, RIS) & INT_RT, INT_RT);
    assert_int_equal(bus_read(m, DR), 'a');
    assert_int_equal(bus_read(m, RIS) & INT_RT, 0);
}

static void a_full_fifo_loses_bytes_and_says_so(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_uart_send(m, NULL, "xy", 2));
    run_ns(m, 1000);
    assert_int_equal(bus_read(m, RIS) & INT_OE, INT_OE);
    assert_int_equal(bus_read(m, DR) & 0xff, 'x');
    assert_int_equal(bus_read(m, RSR) & 8, 8);
    bus_write(m, RSR, 0);
    assert_int_equal(bus_read(m, RSR), 0);
}

static void loopback_receives_what_is_sent(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CR, LOOPBACK);
    bus_write(m, DR, 'z');
    assert_int_equal(bus_read(m, DR), 'z');
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "");
}

static void identification_is_that_of_a_pl011(void **state)
{
    static const uint8_t id[] = { 0x11, 0x10, 0x14, 0x00,
                                  0x0d, 0xf0, 0x05, 0xb1 };
    fwsim_machine *m = *state;

    for (unsigned i = 0; i < sizeof id; i++)
        assert_int_equal(bus_read(m, ID0 + 4 * i), id[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_byte_that_is_written_leaves),
        TEST(without_the_fifo_one_byte_fills_it),
        TEST(the_trigger_level_raises_the_receive_interrupt),
        TEST(a_byte_that_waits_times_out_after_32_bits),
        TEST(a_full_fifo_loses_bytes_and_says_so),
        TEST(loopback_receives_what_is_sent),
        TEST(identification_is_that_of_a_pl011),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
