/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 17. */
#include "peripherals.h"
#include "support.h"

#define RADIO 0x40001000u
#define RAM 0x20000000u
enum {
    TXEN = RADIO, RXEN = RADIO + 0x004, START = RADIO + 0x008,
    STOP = RADIO + 0x00c, DISABLE = RADIO + 0x010, RSSISTART = RADIO + 0x014,
    READY = RADIO + 0x100, ADDRESS = RADIO + 0x104, PAYLOAD = RADIO + 0x108,
    END = RADIO + 0x10c, DISABLED = RADIO + 0x110, RSSIEND = RADIO + 0x11c,
    SHORTS = RADIO + 0x200, PACKETPTR = RADIO + 0x504, PCNF0 = RADIO + 0x514,
    PCNF1 = RADIO + 0x518, CRCCNF = RADIO + 0x534, STATE = RADIO + 0x550
};
/* States by their number in STATE. */
enum { IS_DISABLED = 0, RXRU = 1, RXIDLE = 2, RX = 3, TXRU = 9, TXIDLE = 10,
       TX = 11 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .memory = (const fwsim_memory[]){
            { "ram", RAM, 1024, FWSIM_MEM_RAM },
            { 0 }
        },
        .periph = (const fwsim_slot[]){
            { "radio", &nrf51_radio, RADIO, .irq = { 1 } },
            { 0 }
        },
    },
};

/** A packet of ten bytes at 1 Mbit/s. */
static int power_up(void **state)
{
    static const uint8_t packet[] = { 10 };
    fwsim_machine *m;

    bench_setup(state, &board);
    m = ((bench *)*state)->m;
    OK(fwsim_mem_write(m, RAM, packet, sizeof packet));
    bus_write(m, PACKETPTR, RAM);
    bus_write(m, PCNF0, 8);                   /* LENGTH of eight bits */
    bus_write(m, PCNF1, 3u << 16 | 32);       /* 3 + 1 bytes of address */
    bus_write(m, CRCCNF, 2);
    return 0;
}

static void the_receiver_hears_nothing(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, RXEN, 1);
    assert_int_equal(bus_read(m, STATE), RXRU);
    run_ns(m, FWSIM_US(200));
    assert_int_equal(bus_read(m, READY), 1);
    assert_int_equal(bus_read(m, STATE), RXIDLE);
    bus_write(m, START, 1);
    run_ns(m, FWSIM_S(1));
    assert_int_equal(bus_read(m, STATE), RX);
    assert_int_equal(bus_read(m, ADDRESS), 0);
    bus_write(m, STOP, 1);
    assert_int_equal(bus_read(m, STATE), RXIDLE);
    bus_write(m, DISABLE, 1);
    run_ns(m, FWSIM_US(10));
    assert_int_equal(bus_read(m, DISABLED), 1);
    assert_int_equal(bus_read(m, STATE), IS_DISABLED);
}

static void a_packet_takes_the_time_of_its_bits(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, TXEN, 1);
    assert_int_equal(bus_read(m, STATE), TXRU);
    run_ns(m, FWSIM_US(200));
    assert_int_equal(bus_read(m, STATE), TXIDLE);
    bus_write(m, START, 1);
    run_ns(m, FWSIM_US(39)); /* preamble and address: 5 bytes */
    assert_int_equal(bus_read(m, ADDRESS), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, ADDRESS), 1);
    run_ns(m, FWSIM_US(87)); /* length and payload: 11 bytes */
    assert_int_equal(bus_read(m, PAYLOAD), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, PAYLOAD), 1);
    assert_int_equal(bus_read(m, STATE), TX);
    run_ns(m, FWSIM_US(15)); /* CRC: 2 bytes */
    assert_int_equal(bus_read(m, END), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, END), 1);
    assert_int_equal(bus_read(m, STATE), TXIDLE);
}

static void shortcuts_lead_from_txen_to_disabled(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, SHORTS, 1u << 0 | 1u << 1); /* READY_START, END_DISABLE */
    bus_write(m, TXEN, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, END), 1);
    assert_int_equal(bus_read(m, DISABLED), 1);
    assert_int_equal(bus_read(m, STATE), IS_DISABLED);
}

static void start_without_ready_is_a_guest_error(void **state)
{
    bench *b = *state;

    bus_write(b->m, START, 1);
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "START"));
    assert_int_equal(bus_read(b->m, STATE), IS_DISABLED);
}

static void signal_strength_is_measured_after_a_while(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, RSSISTART, 1);
    assert_int_equal(bus_read(m, RSSIEND), 0);
    run_ns(m, FWSIM_US(20));
    assert_int_equal(bus_read(m, RSSIEND), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, power_up, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_receiver_hears_nothing),
        TEST(a_packet_takes_the_time_of_its_bits),
        TEST(shortcuts_lead_from_txen_to_disabled),
        TEST(start_without_ready_is_a_guest_error),
        TEST(signal_strength_is_measured_after_a_while),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
