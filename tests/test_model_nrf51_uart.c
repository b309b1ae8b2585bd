/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 29. */
#include <string.h>

#include "peripherals.h"
#include "support.h"

#define UART 0x40002000u
enum {
    STARTRX = UART, STOPRX = UART + 0x004, STARTTX = UART + 0x008,
    STOPTX = UART + 0x00c, SUSPEND = UART + 0x01c, RXDRDY = UART + 0x108,
    TXDRDY = UART + 0x11c, ERROR = UART + 0x124, RXTO = UART + 0x144,
    INTENSET = UART + 0x304, INTENCLR = UART + 0x308, ERRORSRC = UART + 0x480,
    ENABLE = UART + 0x500, PSELRTS = UART + 0x508, PSELTXD = UART + 0x50c,
    PSELRXD = UART + 0x514, RXD = UART + 0x518, TXD = UART + 0x51c,
    BAUDRATE = UART + 0x524, CONFIG = UART + 0x56c, POWER = UART + 0xffc
};

/* Table of BAUDRATE; ten bits at 9600 baud take 1.04 ms. */
enum { BAUD9600 = 0x00275000, CONFIG_PARITY = 0xe, CONFIG_HWFC = 1 };

static const fwsim_board board = {
    .name = "bench",
    .console = "uart0",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .pins = 32,
        .periph = (const fwsim_slot[]){
            { "uart0", &nrf51_uart, UART, .irq = { 2 } },
            { 0 }
        },
    },
};

/** The UART at 9600 baud, pins connected, nothing started. */
static int power_up(void **state)
{
    fwsim_machine *m;

    bench_setup(state, &board);
    m = ((bench *)*state)->m;
    bus_write(m, PSELTXD, 24);
    bus_write(m, PSELRXD, 25);
    bus_write(m, BAUDRATE, BAUD9600);
    bus_write(m, ENABLE, 4);
    return 0;
}

static void a_byte_takes_the_time_of_ten_bits(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, STARTTX, 1);
    bus_write(m, TXD, 'A');
    run_ns(m, FWSIM_US(1000));
    assert_int_equal(bus_read(m, TXDRDY), 0);
    run_ns(m, FWSIM_US(50));
    assert_int_equal(bus_read(m, TXDRDY), 1);
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "A");
}

static void parity_makes_a_byte_longer(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CONFIG, CONFIG_PARITY);
    bus_write(m, STARTTX, 1);
    bus_write(m, TXD, 'A');
    run_ns(m, FWSIM_US(1100));
    assert_int_equal(bus_read(m, TXDRDY), 0);
    run_ns(m, FWSIM_US(100));
    assert_int_equal(bus_read(m, TXDRDY), 1);
}

static void nothing_leaves_an_unconnected_pin(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, PSELTXD, 0xffffffff);
    bus_write(m, STARTTX, 1);
    bus_write(m, TXD, 'A');
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(bus_read(m, TXDRDY), 1);
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "");
}

static void a_byte_for_a_stopped_transmitter_is_a_guest_error(void **state)
{
    bench *b = *state;

    bus_write(b->m, TXD, 'A');
    bus_write(b->m, STARTTX, 1);
    run_ns(b->m, FWSIM_MS(5));
    assert_string_equal(fwsim_uart_output(b->m, NULL, NULL), "");
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "STARTTX"));
}

static void a_byte_before_txdrdy_is_a_guest_error(void **state)
{
    bench *b = *state;

    bus_write(b->m, STARTTX, 1);
    bus_write(b->m, TXD, 'A');
    bus_write(b->m, TXD, 'B');
    run_ns(b->m, FWSIM_MS(5));
    assert_string_equal(fwsim_uart_output(b->m, NULL, NULL), "A");
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "TXDRDY"));
}

static void a_byte_on_its_way_is_completed_after_suspend(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, STARTTX, 1);
    bus_write(m, TXD, 'A');
    bus_write(m, SUSPEND, 1);
    run_ns(m, FWSIM_MS(2));
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "A");
    bus_write(m, TXD, 'B');
    run_ns(m, FWSIM_MS(2));
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "A");
}

static void bytes_arrive_at_the_speed_of_the_line(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, STARTRX, 1);
    OK(fwsim_uart_send(m, NULL, "xy", 2));
    run_ns(m, FWSIM_US(1000));
    assert_int_equal(bus_read(m, RXDRDY), 0);
    run_ns(m, FWSIM_US(100));
    assert_int_equal(bus_read(m, RXDRDY), 1);
    bus_write(m, RXDRDY, 0);
    assert_int_equal(bus_read(m, RXD), 'x');
    assert_int_equal(bus_read(m, RXDRDY), 0);
    run_ns(m, FWSIM_US(1042));
    assert_int_equal(bus_read(m, RXDRDY), 1);
    assert_int_equal(bus_read(m, RXD), 'y');
}

static void the_host_waits_until_the_receiver_is_started(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_uart_send(m, NULL, "x", 1));
    run_ns(m, FWSIM_MS(10));
    assert_int_equal(fwsim_uart_pending(m, NULL), 1);
    bus_write(m, STARTRX, 1);
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(fwsim_uart_pending(m, NULL), 0);
    assert_int_equal(bus_read(m, RXD), 'x');
}

static void each_byte_of_the_fifo_gives_an_event(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, STARTRX, 1);
    OK(fwsim_uart_send(m, NULL, "123456", 6));
    run_ns(m, FWSIM_MS(20));
    for (char c = '1'; c <= '6'; c++) {
        assert_int_equal(bus_read(m, RXDRDY), 1);
        bus_write(m, RXDRDY, 0);
        assert_int_equal(bus_read(m, RXD), c);
    }
    assert_int_equal(bus_read(m, RXDRDY), 0);
    assert_int_equal(bus_read(m, ERROR), 0);
}

static void a_seventh_byte_overruns_the_fifo(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, STARTRX, 1);
    OK(fwsim_uart_send(m, NULL, "1234567", 7));
    run_ns(m, FWSIM_MS(20));
    assert_int_equal(bus_read(m, ERROR), 1);
    assert_int_equal(bus_read(m, ERRORSRC), 1);
    assert_int_equal(bus_read(m, RXD), '1');
    bus_write(m, ERRORSRC, 1);
    assert_int_equal(bus_read(m, ERRORSRC), 0);
}

static void with_flow_control_nothing_is_lost(void **state)
{
    static const char text[] = "more than there is room for";
    fwsim_machine *m = bench_machine(state);
    char got[sizeof text] = "";

    bus_write(m, CONFIG, CONFIG_HWFC);
    bus_write(m, STARTRX, 1);
    OK(fwsim_uart_send(m, NULL, text, strlen(text)));
    for (size_t n = 0; n < strlen(text); n++) {
        run_ns(m, FWSIM_MS(20));
        bus_write(m, RXDRDY, 0);
        got[n] = (char)bus_read(m, RXD);
    }
    assert_string_equal(got, text);
    assert_int_equal(bus_read(m, ERROR), 0);
}

static void the_receiver_times_out_after_four_more_bytes(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, STARTRX, 1);
    bus_write(m, STOPRX, 1);
    run_ns(m, FWSIM_US(4100));
    assert_int_equal(bus_read(m, RXTO), 0);
    run_ns(m, FWSIM_US(200));
    assert_int_equal(bus_read(m, RXTO), 1);
    OK(fwsim_uart_send(m, NULL, "x", 1));
    run_ns(m, FWSIM_MS(5));
    assert_int_equal(bus_read(m, RXDRDY), 0);
}

static void a_disabled_uart_does_not_start(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, ENABLE, 0);
    bus_write(m, STARTTX, 1);
    bus_write(m, STARTRX, 1);
    OK(fwsim_uart_send(m, NULL, "x", 1));
    bus_write(m, TXD, 'A');
    run_ns(m, FWSIM_MS(5));
    assert_int_equal(bus_read(m, TXDRDY), 0);
    assert_int_equal(bus_read(m, RXDRDY), 0);
}

static void intenset_and_intenclr_change_single_bits(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, INTENSET, 1u << 2 | 1u << 7);
    bus_write(m, INTENSET, 1u << 9);
    bus_write(m, INTENCLR, 1u << 7);
    assert_int_equal(bus_read(m, INTENSET), 1u << 2 | 1u << 9);
    assert_int_equal(bus_read(m, INTENCLR), 1u << 2 | 1u << 9);
}

/* Chapter 10: so do all blocks with a POWER register. */
static void switched_off_it_loses_its_registers_and_the_byte_it_sends(
    void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, INTENSET, 1u << 7);
    bus_write(m, STARTTX, 1);
    bus_write(m, TXD, 'A');
    bus_write(m, POWER, 0);
    assert_int_equal(bus_read(m, POWER), 0);
    bus_write(m, POWER, 1);
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(bus_read(m, TXDRDY), 0);
    assert_int_equal(bus_read(m, INTENSET), 0);
    assert_int_equal(bus_read(m, PSELTXD), 0xffffffff);
    assert_int_equal(bus_read(m, POWER), 1);
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, power_up, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_byte_takes_the_time_of_ten_bits),
        TEST(parity_makes_a_byte_longer),
        TEST(nothing_leaves_an_unconnected_pin),
        TEST(a_byte_for_a_stopped_transmitter_is_a_guest_error),
        TEST(a_byte_before_txdrdy_is_a_guest_error),
        TEST(a_byte_on_its_way_is_completed_after_suspend),
        TEST(bytes_arrive_at_the_speed_of_the_line),
        TEST(the_host_waits_until_the_receiver_is_started),
        TEST(each_byte_of_the_fifo_gives_an_event),
        TEST(a_seventh_byte_overruns_the_fifo),
        TEST(with_flow_control_nothing_is_lost),
        TEST(the_receiver_times_out_after_four_more_bytes),
        TEST(a_disabled_uart_does_not_start),
        TEST(intenset_and_intenclr_change_single_bits),
        TEST(switched_off_it_loses_its_registers_and_the_byte_it_sends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
