/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EFM32HG Reference Manual, chapters 16 (USART) and 17 (LEUART). */
#include "peripherals.h"
#include "support.h"

#define USART 0x4000c000u
#define LEUART 0x40084000u

enum {
    CTRL = USART, CMD = USART + 0x0c, STATUS = USART + 0x10,
    CLKDIV = USART + 0x14, RXDATA = USART + 0x1c, RXDOUBLE = USART + 0x24,
    RXDATAXP = USART + 0x28, TXDATA = USART + 0x34, IF = USART + 0x40,
    IFC = USART + 0x48
};

enum {
    LE_CMD = LEUART + 0x04, LE_STATUS = LEUART + 0x08,
    LE_CLKDIV = LEUART + 0x0c, LE_SIGFRAME = LEUART + 0x14,
    LE_RXDATA = LEUART + 0x1c, LE_TXDATA = LEUART + 0x28, LE_IF = LEUART + 0x2c
};

enum { LOOPBK = 2 };
enum { RXEN = 1, TXEN = 4, CLEARRX = 1 << 11 };
enum {
    TXC = 1 << 5, TXBL = 1 << 6, RXDATAV = 1 << 7, RXFULL = 1 << 8
};
enum {
    IF_TXC = 1 << 0, IF_TXBL = 1 << 1, IF_RXDATAV = 1 << 2, IF_RXFULL = 1 << 3,
    IF_RXOF = 1 << 4, IF_RXUF = 1 << 5, IF_TXOF = 1 << 6
};
enum { LE_TXC = 1 << 3, LE_TXBL = 1 << 4, LE_RXDATAV = 1 << 5 };
enum { LE_IF_RXOF = 1 << 3, LE_IF_SIGF = 1 << 10 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 21000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "usart0", &efm32_usart, USART, .irq = { 17, 18 } },
            { "leuart0", &efm32_leuart, LEUART, .irq = { 10 },
              .clock_hz = 32768 },
            { 0 }
        },
    },
};

/* 115200 baud of 21 MHz, 16 times oversampled: 256 * (21e6 / 16 / 115200 - 1)
 * is 2661, of which the register has bits 3 and up. A frame lasts 86.8 us. */
static int power_up(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    bus_write(m, CLKDIV, 2656);
    bus_write(m, CMD, RXEN | TXEN);
    *state = m;
    return 0;
}

static void a_byte_arrives_at_the_host_after_the_time_of_its_frame(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, TXDATA, 'a');
    run_ns(m, FWSIM_US(86));
    assert_string_equal(fwsim_uart_output(m, "usart0", NULL), "");
    assert_int_equal(bus_read(m, STATUS) & TXC, 0);
    run_ns(m, FWSIM_US(1));
    assert_string_equal(fwsim_uart_output(m, "usart0", NULL), "a");
    assert_int_equal(bus_read(m, STATUS) & TXC, TXC);
    assert_int_equal(bus_read(m, IF), IF_TXC | IF_TXBL);
}

static void the_transmitter_holds_three_bytes(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, TXDATA, 'a'); /* goes to the shift register */
    assert_int_equal(bus_read(m, STATUS) & TXBL, TXBL);
    bus_write(m, TXDATA, 'b');
    assert_int_equal(bus_read(m, STATUS) & TXBL, 0);
    bus_write(m, TXDATA, 'c');
    bus_write(m, TXDATA, 'd');
    assert_int_equal(bus_read(m, IF) & IF_TXOF, IF_TXOF);
    run_ns(m, FWSIM_MS(1));
    assert_string_equal(fwsim_uart_output(m, "usart0", NULL), "abc");
}

static void bytes_of_the_host_come_at_the_pace_of_the_line(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_uart_send(m, "usart0", "xy", 2));
    run_ns(m, FWSIM_US(100));
    assert_int_equal(bus_read(m, STATUS) & (RXDATAV | RXFULL), RXDATAV);
    assert_int_equal(bus_read(m, RXDATAXP), 'x');
    run_ns(m, FWSIM_US(100));
    assert_int_equal(bus_read(m, STATUS) & (RXDATAV | RXFULL), RXDATAV | RXFULL);
    assert_int_equal(bus_read(m, RXDATA), 'x');
    assert_int_equal(bus_read(m, RXDATA), 'y');
    assert_int_equal(bus_read(m, STATUS) & RXDATAV, 0);
    assert_int_equal(bus_read(m, IF) & IF_RXUF, 0);
    bus_read(m, RXDATA);
    assert_int_equal(bus_read(m, IF) & IF_RXUF, IF_RXUF);
}

static void the_fourth_byte_overwrites_the_third(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_uart_send(m, "usart0", "1234", 4));
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, IF) & IF_RXOF, IF_RXOF);
    assert_int_equal(bus_read(m, RXDOUBLE), '1' | '2' << 8);
    assert_int_equal(bus_read(m, RXDATA), '4');
    assert_int_equal(bus_read(m, STATUS) & RXDATAV, 0);
}

static void a_disabled_receiver_hears_nothing(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CMD, 1 << 1); /* RXDIS */
    OK(fwsim_uart_send(m, "usart0", "x", 1));
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, STATUS) & RXDATAV, 0);
}

static void loopback_leads_to_the_own_receiver(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, LOOPBK);
    bus_write(m, TXDATA, 'L');
    run_ns(m, FWSIM_US(100));
    assert_int_equal(bus_read(m, RXDATA), 'L');
    assert_string_equal(fwsim_uart_output(m, "usart0", NULL), "");
}

static void txbl_is_a_level_that_ifc_does_not_clear(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, IFC, IF_TXC);
    assert_int_equal(bus_read(m, IF), IF_TXBL);
}

static void leuart_sends_9600_baud_of_32768_hz(void **state)
{
    fwsim_machine *m = *state;

    /* 256 * (32768 / 9600 - 1) is 617; bits 3 and up: 616. */
    bus_write(m, LE_CLKDIV, 616);
    bus_write(m, LE_CMD, RXEN | TXEN);
    bus_write(m, LE_TXDATA, 'a');
    bus_write(m, LE_TXDATA, 'b');
    assert_int_equal(bus_read(m, LE_STATUS) & LE_TXBL, 0);
    run_ns(m, FWSIM_US(1030));
    assert_string_equal(fwsim_uart_output(m, "leuart0", NULL), "");
    run_ns(m, FWSIM_US(20));
    assert_string_equal(fwsim_uart_output(m, "leuart0", NULL), "a");
    assert_int_equal(bus_read(m, LE_STATUS) & (LE_TXBL | LE_TXC), LE_TXBL);
    run_ns(m, FWSIM_US(1050));
    assert_string_equal(fwsim_uart_output(m, "leuart0", NULL), "ab");
    assert_int_equal(bus_read(m, LE_STATUS) & (LE_TXBL | LE_TXC),
                     LE_TXBL | LE_TXC);
}

static void leuart_receives_and_knows_its_signal_frame(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, LE_CLKDIV, 616);
    bus_write(m, LE_SIGFRAME, '\r');
    bus_write(m, LE_CMD, RXEN | TXEN);
    OK(fwsim_uart_send(m, "leuart0", "x\r", 2));
    run_ns(m, FWSIM_US(1100));
    assert_int_equal(bus_read(m, LE_STATUS) & LE_RXDATAV, LE_RXDATAV);
    assert_int_equal(bus_read(m, LE_RXDATA), 'x');
    assert_int_equal(bus_read(m, LE_IF) & LE_IF_SIGF, 0);
    run_ns(m, FWSIM_US(1100));
    assert_int_equal(bus_read(m, LE_IF) & (LE_IF_SIGF | LE_IF_RXOF), LE_IF_SIGF);
    assert_int_equal(bus_read(m, LE_RXDATA), '\r');
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_byte_arrives_at_the_host_after_the_time_of_its_frame),
        TEST(the_transmitter_holds_three_bytes),
        TEST(bytes_of_the_host_come_at_the_pace_of_the_line),
        TEST(the_fourth_byte_overwrites_the_third),
        TEST(a_disabled_receiver_hears_nothing),
        TEST(loopback_leads_to_the_own_receiver),
        TEST(txbl_is_a_level_that_ifc_does_not_clear),
        TEST(leuart_sends_9600_baud_of_32768_hz),
        TEST(leuart_receives_and_knows_its_signal_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
