/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32HG Reference Manual, chapter 15, with a part that answers at address
 * 0x50: it keeps the last bytes written, and reads give 0x10, 0x11, ...
 */
#include "peripherals.h"
#include "support.h"

#define I2C 0x4000a000u

enum {
    CTRL = I2C, CMD = I2C + 0x04, STATE = I2C + 0x08, STATUS = I2C + 0x0c,
    CLKDIV = I2C + 0x10, RXDATA = I2C + 0x1c, TXDATA = I2C + 0x24,
    IF = I2C + 0x28, IFC = I2C + 0x30
};

enum { EN = 1, AUTOSN = 1 << 4 };
enum { START = 1, STOP = 2, ACK = 4, NACK = 8, ABORT = 1 << 5 };
enum { BUSY = 1, BUSHOLD = 1 << 4 };
enum { PSTART = 1, TXBL = 1 << 7, RXDATAV = 1 << 8 };
enum {
    IF_START = 1 << 0, IF_RSTART = 1 << 1, IF_ACK = 1 << 6, IF_NACK = 1 << 7,
    IF_MSTOP = 1 << 8, IF_EVENTS = IF_START | IF_RSTART | IF_ACK | IF_NACK |
                                   IF_MSTOP
};

typedef struct echo {
    uint8_t last, next;
} echo;

static bool echo_start(fwsim_periph *p, bool read)
{
    echo *e = fwsim_state(p);

    (void)read;
    e->next = 0x10;
    return true;
}

static bool echo_write(fwsim_periph *p, uint8_t byte)
{
    echo *e = fwsim_state(p);

    e->last = byte;
    return byte != 0xee;
}

static uint8_t echo_read(fwsim_periph *p)
{
    echo *e = fwsim_state(p);

    return e->next++;
}

static void echo_stop(fwsim_periph *p)
{
    (void)p;
}

static int32_t echo_last(fwsim_periph *p, unsigned index)
{
    const echo *e = fwsim_state(p);

    (void)index;
    return e->last;
}

static const fwsim_i2c_ops echo_ops = { echo_start, echo_write, echo_read,
                                        echo_stop };

static const fwsim_periph_type echo_part = {
    .name = "echo",
    .summary = "remembers a byte",
    .source = "none",
    .state_size = sizeof(echo),
    .outputs = (const fwsim_quantity[]){ { .name = "last", .unit = "" },
                                         { .name = NULL } },
    .output = echo_last,
    .i2c = &echo_ops,
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 21000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "i2c0", &efm32_i2c, I2C, .irq = { 5 } },
            { 0 }
        },
    },
    .parts = (const fwsim_slot[]){
        { "echo", &echo_part, .bus = "i2c0", .bus_addr = 0x50 },
        { 0 }
    },
};

/* 21 MHz / (8 * 26 + 8) is 97 kHz: nine bits last 92.6 us. */
static int power_up(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    bus_write(m, CLKDIV, 25);
    bus_write(m, CTRL, EN);
    bus_write(m, CMD, ABORT);
    *state = m;
    return 0;
}

static uint32_t events(fwsim_machine *m)
{
    uint32_t flags = bus_read(m, IF) & IF_EVENTS;

    bus_write(m, IFC, flags);
    return flags;
}

static void start(fwsim_machine *m, unsigned address)
{
    bus_write(m, CMD, START);
    bus_write(m, TXDATA, address);
    run_ns(m, FWSIM_US(93));
}

static int32_t last(fwsim_machine *m)
{
    int32_t value;

    OK(fwsim_output_get(m, "echo", "last", &value));
    return value;
}

static void after_reset_the_bus_is_busy_until_abort(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    assert_int_equal(bus_read(m, STATE), BUSY);
    bus_write(m, CTRL, EN);
    bus_write(m, CMD, START);
    assert_int_equal(bus_read(m, STATUS) & PSTART, PSTART);
    bus_write(m, CMD, ABORT);
    assert_int_equal(bus_read(m, STATUS) & PSTART, 0);
    assert_int_equal(events(m), IF_START);
}

static void an_address_of_nobody_is_not_acknowledged(void **state)
{
    fwsim_machine *m = *state;

    start(m, 0x51 << 1);
    assert_int_equal(events(m), IF_START | IF_NACK);
    bus_write(m, CMD, STOP);
    assert_int_equal(events(m), IF_MSTOP);
    assert_int_equal(bus_read(m, STATE), 0);
}

static void autosn_stops_after_a_nack(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, EN | AUTOSN);
    start(m, 0x51 << 1);
    assert_int_equal(events(m), IF_START | IF_NACK | IF_MSTOP);
}

static void a_byte_takes_nine_bits_and_reaches_the_part(void **state)
{
    fwsim_machine *m = *state;

    start(m, 0x50 << 1);
    assert_int_equal(events(m), IF_START | IF_ACK);
    assert_int_equal(bus_read(m, STATE) & BUSHOLD, BUSHOLD);
    bus_write(m, TXDATA, 0xa5);
    assert_int_equal(bus_read(m, STATUS) & TXBL, TXBL);
    run_ns(m, FWSIM_US(92));
    assert_int_equal(events(m), 0);
    assert_int_equal(last(m), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(events(m), IF_ACK);
    assert_int_equal(last(m), 0xa5);
    bus_write(m, TXDATA, 0xee);
    run_ns(m, FWSIM_US(93));
    assert_int_equal(events(m), IF_NACK);
    bus_write(m, CMD, STOP);
    assert_int_equal(events(m), IF_MSTOP);
}

static void a_read_ends_with_nack_and_stop(void **state)
{
    fwsim_machine *m = *state;

    start(m, 0x50 << 1 | 1);
    assert_int_equal(events(m), IF_START | IF_ACK);
    run_ns(m, FWSIM_US(93));
    assert_int_equal(bus_read(m, STATUS) & RXDATAV, RXDATAV);
    assert_int_equal(bus_read(m, RXDATA), 0x10);
    bus_write(m, CMD, ACK);
    run_ns(m, FWSIM_US(93));
    assert_int_equal(bus_read(m, RXDATA), 0x11);
    bus_write(m, CMD, NACK);
    bus_write(m, CMD, STOP);
    assert_int_equal(events(m), IF_MSTOP);
    run_ns(m, FWSIM_US(200));
    assert_int_equal(bus_read(m, STATUS) & RXDATAV, 0);
    assert_int_equal(bus_read(m, STATE), 0);
}

static void a_second_start_is_a_repeated_start(void **state)
{
    fwsim_machine *m = *state;

    start(m, 0x50 << 1);
    bus_write(m, TXDATA, 1);
    run_ns(m, FWSIM_US(93));
    events(m);
    start(m, 0x50 << 1 | 1);
    assert_int_equal(events(m), IF_RSTART | IF_ACK);
    run_ns(m, FWSIM_US(93));
    assert_int_equal(bus_read(m, RXDATA), 0x10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(after_reset_the_bus_is_busy_until_abort),
        TEST(an_address_of_nobody_is_not_acknowledged),
        TEST(autosn_stops_after_a_nack),
        TEST(a_byte_takes_nine_bits_and_reaches_the_part),
        TEST(a_read_ends_with_nack_and_stop),
        TEST(a_second_start_is_a_repeated_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
