/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 28. */
#include "peripherals.h"
#include "support.h"

#define TWI 0x40003000u
enum {
    STARTRX = TWI, STARTTX = TWI + 0x008, STOP = TWI + 0x014,
    SUSPEND = TWI + 0x01c, RESUME = TWI + 0x020, STOPPED = TWI + 0x104,
    RXDREADY = TWI + 0x108, TXDSENT = TWI + 0x11c, ERROR = TWI + 0x124,
    BB = TWI + 0x138, SUSPENDED = TWI + 0x148, SHORTS = TWI + 0x200,
    ERRORSRC = TWI + 0x4c4, ENABLE = TWI + 0x500, PSELSCL = TWI + 0x508,
    PSELSDA = TWI + 0x50c, RXD = TWI + 0x518, TXD = TWI + 0x51c,
    FREQUENCY = TWI + 0x524, ADDRESS = TWI + 0x588
};
enum { ANACK = 2, DNACK = 4, BB_SUSPEND = 1, BB_STOP = 2 };
enum { PART = 0x42, STORED = 2, SCL = 0, SDA = 30 };

/* Long enough for anything between two actions of the firmware. */
#define A_WHILE FWSIM_MS(1)

/** A part that keeps two bytes, refuses a third and counts when it is read. */
typedef struct echo {
    uint8_t byte[STORED];
    uint8_t written, next, starts, stops;
    uint8_t reserved[2];
} echo;

static bool echo_start(fwsim_periph *p, bool read)
{
    echo *e = fwsim_state(p);

    e->starts++;
    if (!read)
        e->written = 0;
    return true;
}

static bool echo_write(fwsim_periph *p, uint8_t byte)
{
    echo *e = fwsim_state(p);

    if (e->written == STORED)
        return false;
    e->byte[e->written++] = byte;
    return true;
}

static uint8_t echo_read(fwsim_periph *p)
{
    echo *e = fwsim_state(p);

    return (uint8_t)(0x50 + e->next++);
}

static void echo_stop(fwsim_periph *p)
{
    echo *e = fwsim_state(p);

    e->stops++;
}

static int32_t echo_output(fwsim_periph *p, unsigned index)
{
    const echo *e = fwsim_state(p);
    const int32_t outputs[] = { e->byte[0], e->byte[1], e->next, e->starts,
                                e->stops };

    return outputs[index];
}

static const fwsim_periph_type echo_type = {
    .name = "echo",
    .summary = "for this test",
    .source = "none",
    .state_size = sizeof(echo),
    .pins = (const char *const[]){ "scl", "sda", NULL },
    .outputs = (const fwsim_quantity[]){ { "byte0", "", 0, 0, 0 },
                                         { "byte1", "", 0, 0, 0 },
                                         { "read", "", 0, 0, 0 },
                                         { "starts", "", 0, 0, 0 },
                                         { "stops", "", 0, 0, 0 },
                                         { 0 } },
    .output = echo_output,
    .i2c = &(const fwsim_i2c_ops){ echo_start, echo_write, echo_read,
                                   echo_stop },
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .pins = 32,
        .periph = (const fwsim_slot[]){
            { "twi0", &nrf51_spi_twi, TWI, .irq = { 3 } },
            { 0 }
        },
    },
    .parts = (const fwsim_slot[]){
        { "echo", &echo_type, .bus_addr = PART, .pin = { SCL, SDA } },
        { 0 }
    },
};

static int power_up(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    bus_write(m, PSELSCL, SCL);
    bus_write(m, PSELSDA, SDA);
    bus_write(m, FREQUENCY, 0x04000000); /* 250 kHz: 4 us a bit */
    bus_write(m, ENABLE, 5);
    bus_write(m, ADDRESS, PART);
    *state = m;
    return 0;
}

static int32_t of_part(fwsim_machine *m, const char *output)
{
    int32_t value;

    OK(fwsim_output_get(m, "echo", output, &value));
    return value;
}

/** An event must have happened; clears it. */
static void expect(fwsim_machine *m, uint32_t event)
{
    run_ns(m, A_WHILE);
    assert_int_equal(bus_read(m, event), 1);
    bus_write(m, event, 0);
}

static void bytes_reach_the_part_one_txdsent_each(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, STARTTX, 1);
    bus_write(m, TXD, 0x12);
    expect(m, TXDSENT);
    bus_write(m, TXD, 0x34);
    expect(m, TXDSENT);
    bus_write(m, STOP, 1);
    expect(m, STOPPED);
    assert_int_equal(of_part(m, "byte0"), 0x12);
    assert_int_equal(of_part(m, "byte1"), 0x34);
    assert_int_equal(of_part(m, "stops"), 1);
    assert_int_equal(bus_read(m, ERROR), 0);
}

static void a_byte_written_before_starttx_is_the_first(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, TXD, 0x77);
    bus_write(m, STARTTX, 1);
    expect(m, TXDSENT);
    assert_int_equal(of_part(m, "byte0"), 0x77);
}

static void address_and_byte_take_19_bit_times(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, STARTTX, 1);
    bus_write(m, TXD, 0x12);
    run_ns(m, FWSIM_US(19 * 4 - 1));
    assert_int_equal(bus_read(m, TXDSENT), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, TXDSENT), 1);
}

static void the_clock_is_stretched_until_txd_is_written(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, STARTTX, 1);
    run_ns(m, FWSIM_S(1));
    assert_int_equal(bus_read(m, TXDSENT), 0);
    bus_write(m, TXD, 0x12);
    expect(m, TXDSENT);
}

static void reading_goes_on_when_rxd_was_read(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, STARTRX, 1);
    expect(m, RXDREADY);
    run_ns(m, A_WHILE);
    assert_int_equal(of_part(m, "read"), 1);
    assert_int_equal(bus_read(m, RXD), 0x50);
    expect(m, RXDREADY);
    bus_write(m, STOP, 1); /* before the last byte is taken */
    assert_int_equal(bus_read(m, RXD), 0x51);
    expect(m, STOPPED);
    assert_int_equal(of_part(m, "read"), 2);
}

static void the_bb_shorts_pace_a_read_of_three_bytes(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, SHORTS, BB_SUSPEND);
    bus_write(m, STARTRX, 1);
    for (unsigned i = 0; i < 3; i++) {
        expect(m, RXDREADY);
        expect(m, BB);
        assert_int_equal(bus_read(m, RXD), 0x50 + i);
        run_ns(m, A_WHILE);
        assert_int_equal(bus_read(m, RXDREADY), 0);
        if (i == 1)
            bus_write(m, SHORTS, BB_STOP);
        if (i < 2) {
            expect(m, SUSPENDED);
            bus_write(m, RESUME, 1);
        }
    }
    expect(m, STOPPED);
    assert_int_equal(bus_read(m, SUSPENDED), 0);
    assert_int_equal(of_part(m, "read"), 3);
}

static void bb_stop_reads_a_single_byte(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, SHORTS, BB_STOP);
    bus_write(m, STARTRX, 1);
    expect(m, RXDREADY);
    assert_int_equal(bus_read(m, RXD), 0x50);
    expect(m, STOPPED);
    assert_int_equal(of_part(m, "read"), 1);
}

static void a_start_instead_of_stop_repeats_the_start(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, STARTTX, 1);
    bus_write(m, TXD, 0x12);
    expect(m, TXDSENT);
    bus_write(m, STARTRX, 1);
    expect(m, RXDREADY);
    assert_int_equal(of_part(m, "starts"), 2);
    assert_int_equal(of_part(m, "stops"), 0);
}

static void suspend_holds_the_bus_until_resume(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, STARTTX, 1);
    bus_write(m, SUSPEND, 1);
    expect(m, SUSPENDED);
    bus_write(m, TXD, 0x12);
    run_ns(m, A_WHILE);
    assert_int_equal(bus_read(m, TXDSENT), 0);
    bus_write(m, RESUME, 1);
    expect(m, TXDSENT);
}

static void nobody_at_the_address_is_anack(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, ADDRESS, PART + 1);
    bus_write(m, STARTTX, 1);
    bus_write(m, TXD, 0x12);
    expect(m, ERROR);
    assert_int_equal(bus_read(m, ERRORSRC), ANACK);
    assert_int_equal(bus_read(m, TXDSENT), 0);
    bus_write(m, ERRORSRC, ANACK);
    assert_int_equal(bus_read(m, ERRORSRC), 0);
    bus_write(m, STOP, 1);
    expect(m, STOPPED);
}

static void a_refused_byte_is_dnack(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, STARTTX, 1);
    for (unsigned i = 0; i < 3; i++) {
        bus_write(m, TXD, i);
        expect(m, TXDSENT);
    }
    assert_int_equal(bus_read(m, ERROR), 1);
    assert_int_equal(bus_read(m, ERRORSRC), DNACK);
}

static void without_pins_nobody_answers(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, PSELSCL, 0xffffffff);
    bus_write(m, STARTTX, 1);
    expect(m, ERROR);
    assert_int_equal(bus_read(m, ERRORSRC), ANACK);
    assert_int_equal(of_part(m, "starts"), 0);
}

static void on_other_pins_nobody_answers(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, PSELSCL, SDA);
    bus_write(m, PSELSDA, SCL);
    bus_write(m, STARTTX, 1);
    expect(m, ERROR);
    assert_int_equal(bus_read(m, ERRORSRC), ANACK);
    assert_int_equal(of_part(m, "starts"), 0);
}

static void disabling_aborts_the_transfer(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, STARTRX, 1);
    bus_write(m, ENABLE, 0);
    run_ns(m, A_WHILE);
    assert_int_equal(bus_read(m, RXDREADY), 0);
    bus_write(m, ENABLE, 5);
    bus_write(m, STARTRX, 1);
    expect(m, RXDREADY);
}

static void switching_it_off_resets_the_registers(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, ADDRESS, PART + 1);
    bus_write(m, STARTTX, 1);
    expect(m, ERROR);
    bus_write(m, TWI + 0xffc, 0);
    bus_write(m, TWI + 0xffc, 1);
    assert_int_equal(bus_read(m, ERRORSRC), 0);
    assert_int_equal(bus_read(m, ENABLE), 0);
    assert_int_equal(bus_read(m, PSELSCL), 0xffffffff);
    assert_int_equal(bus_read(m, ADDRESS), 0);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bytes_reach_the_part_one_txdsent_each),
        TEST(a_byte_written_before_starttx_is_the_first),
        TEST(address_and_byte_take_19_bit_times),
        TEST(the_clock_is_stretched_until_txd_is_written),
        TEST(reading_goes_on_when_rxd_was_read),
        TEST(the_bb_shorts_pace_a_read_of_three_bytes),
        TEST(bb_stop_reads_a_single_byte),
        TEST(a_start_instead_of_stop_repeats_the_start),
        TEST(suspend_holds_the_bus_until_resume),
        TEST(nobody_at_the_address_is_anack),
        TEST(a_refused_byte_is_dnack),
        TEST(without_pins_nobody_answers),
        TEST(on_other_pins_nobody_answers),
        TEST(disabling_aborts_the_transfer),
        TEST(switching_it_off_resets_the_registers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
