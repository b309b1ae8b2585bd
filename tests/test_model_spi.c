/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SPI masters: nRF51 RM v3.0, chapter 26, and EFM32HG Reference Manual,
 * chapter 16. The part is one of the host, which gives 0x10, 0x11, ... and
 * keeps what it gets.
 */
#include "peripherals.h"
#include "support.h"

#include <string.h>

#define SPI 0x40003000u
#define USART 0x4000c000u
enum {
    READY = SPI + 0x108, INTENSET = SPI + 0x304, ENABLE = SPI + 0x500,
    PSELSCK = SPI + 0x508, PSELMOSI = SPI + 0x50c, PSELMISO = SPI + 0x510,
    RXD = SPI + 0x518, TXD = SPI + 0x51c, FREQUENCY = SPI + 0x524,
    CONFIG = SPI + 0x554
};
enum {
    CTRL = USART, FRAME = USART + 0x04, CMD = USART + 0x0c,
    STATUS = USART + 0x10, CLKDIV = USART + 0x14, RXDATA = USART + 0x1c,
    TXDATA = USART + 0x34, IF = USART + 0x40
};
enum { SYNC = 1, MSBF = 1 << 10, RXEN = 1, TXEN = 4, MASTEREN = 1 << 4 };
enum { TXC = 1 << 5, RXDATAV = 1 << 7 };
enum { SCK = 23, MISO = 22, MOSI = 21 };

typedef struct chip {
    uint8_t got[8];
    unsigned count;
} chip;

static uint8_t transfer(fwsim_machine *m, uint8_t byte, void *user)
{
    chip *c = user;

    (void)m;
    c->got[c->count++ % 8] = byte;
    return (uint8_t)(0x10 + c->count - 1);
}

static const fwsim_spi_device device = { .transfer = transfer };

static uint8_t invert(fwsim_periph *p, uint8_t byte)
{
    (void)p;
    return (uint8_t)~byte;
}

static const fwsim_periph_type inverter = {
    .name = "inverter",
    .pins = (const char *const[]){ "sck", "mosi", "miso", NULL },
    .spi = &(const fwsim_spi_ops){ .transfer = invert },
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .pins = 32,
        .periph = (const fwsim_slot[]){
            { "twi0", &nrf51_spi_twi, SPI, .irq = { 3 }, .also = "spi0" },
            { "usart0", &efm32_usart, USART, .irq = { 17, 18 } },
            { 0 }
        },
    },
    .parts = (const fwsim_slot[]){
        { "inverter", &inverter, .pin = { 1, 2, 3 } },
        { 0 }
    },
};

static chip the_chip;

static int power_up(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    the_chip = (chip){ .count = 0 };
    bus_write(m, PSELSCK, SCK);
    bus_write(m, PSELMOSI, MOSI);
    bus_write(m, PSELMISO, MISO);
    bus_write(m, FREQUENCY, 0x10000000); /* 1 MHz: 8 us a byte */
    bus_write(m, ENABLE, 1);
    *state = m;
    return 0;
}

static void attach(fwsim_machine *m, const char *controller)
{
    OK(fwsim_spi_attach(m, controller, NULL, &device, &the_chip));
}

/* ------------------------------------------------------------------ */
/* nRF51                                                                */
/* ------------------------------------------------------------------ */

static void a_byte_is_ready_after_eight_clocks(void **state)
{
    fwsim_machine *m = *state;

    attach(m, "spi0");
    bus_write(m, TXD, 0x9f);
    run_ns(m, 7900);
    assert_int_equal(bus_read(m, READY), 0);
    run_ns(m, 100);
    assert_int_equal(bus_read(m, READY), 1);
    assert_int_equal(bus_read(m, RXD), 0x10);
    assert_int_equal(the_chip.got[0], 0x9f);
    assert_int_equal(the_chip.count, 1);
}

static void two_bytes_wait_on_both_sides(void **state)
{
    fwsim_machine *m = *state;

    attach(m, "twi0");
    bus_write(m, TXD, 1);
    bus_write(m, TXD, 2);
    run_ns(m, FWSIM_US(8));
    bus_write(m, READY, 0);
    bus_write(m, TXD, 3);
    run_ns(m, FWSIM_US(100));
    /* RXD and RXD+1 are full: the third byte has not gone out, and the second
     * one is announced when the first was read. */
    assert_int_equal(the_chip.count, 2);
    assert_int_equal(bus_read(m, READY), 0);
    assert_int_equal(bus_read(m, RXD), 0x10);
    assert_int_equal(bus_read(m, READY), 1);
    assert_int_equal(bus_read(m, RXD), 0x11);
    run_ns(m, FWSIM_US(8));
    assert_int_equal(bus_read(m, RXD), 0x12);
    assert_int_equal(the_chip.got[2], 3);
}

static void the_first_bit_may_be_the_lowest(void **state)
{
    fwsim_machine *m = *state;

    attach(m, "spi0");
    bus_write(m, CONFIG, 1);
    bus_write(m, TXD, 0x01);
    run_ns(m, FWSIM_US(8));
    assert_int_equal(the_chip.got[0], 0x80);
    assert_int_equal(bus_read(m, RXD), 0x08);
}

static void without_a_part_the_pin_is_read(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, TXD, 0x55);
    run_ns(m, FWSIM_US(8));
    assert_int_equal(bus_read(m, RXD), 0);
    OK(fwsim_pin_set(m, "pin22", FWSIM_PIN_PULL_UP));
    bus_write(m, TXD, 0x55);
    run_ns(m, FWSIM_US(8));
    assert_int_equal(bus_read(m, RXD), 0xff);
}

static void a_part_is_found_by_its_pins(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, PSELSCK, 1);
    bus_write(m, PSELMOSI, 2);
    bus_write(m, PSELMISO, 3);
    bus_write(m, TXD, 0x55);
    run_ns(m, FWSIM_US(8));
    assert_int_equal(bus_read(m, RXD), 0xaa);
}

static void disabled_it_forgets(void **state)
{
    fwsim_machine *m = *state;

    attach(m, "spi0");
    bus_write(m, TXD, 1);
    bus_write(m, ENABLE, 0);
    run_ns(m, FWSIM_US(100));
    assert_int_equal(the_chip.count, 0);
    bus_write(m, ENABLE, 1);
    bus_write(m, TXD, 2);
    run_ns(m, FWSIM_US(8));
    assert_int_equal(the_chip.got[0], 2);
}

/* ------------------------------------------------------------------ */
/* EFM32                                                                */
/* ------------------------------------------------------------------ */

static void a_frame_of_a_usart_is_an_exchange(void **state)
{
    fwsim_machine *m = *state;

    attach(m, "usart0");
    bus_write(m, CTRL, SYNC | MSBF);
    bus_write(m, CLKDIV, 7 * 256); /* 16 MHz / (2 * 8) = 1 MHz */
    bus_write(m, CMD, RXEN | TXEN | MASTEREN);
    bus_write(m, TXDATA, 0x9f);
    run_ns(m, 7900);
    assert_int_equal(bus_read(m, STATUS) & (TXC | RXDATAV), 0);
    run_ns(m, 100);
    assert_int_equal(bus_read(m, STATUS) & (TXC | RXDATAV), TXC | RXDATAV);
    assert_int_equal(bus_read(m, RXDATA), 0x10);
    assert_int_equal(the_chip.got[0], 0x9f);
    assert_string_equal(fwsim_uart_output(m, "usart0", NULL), "");
    /* Reset value of MSBF: the lowest bit goes first. */
    bus_write(m, CTRL, SYNC);
    bus_write(m, TXDATA, 0x01);
    run_ns(m, FWSIM_US(8));
    assert_int_equal(bus_read(m, RXDATA), 0x88);
    assert_int_equal(the_chip.got[1], 0x80);
}

static void a_usart_without_a_part_receives_ones(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CTRL, SYNC | MSBF);
    bus_write(m, CMD, RXEN | TXEN | MASTEREN);
    bus_write(m, TXDATA, 0);
    run_ns(m, FWSIM_US(10));
    assert_int_equal(bus_read(m, RXDATA), 0xff);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)
    const struct CMUnitTest tests[] = {
        TEST(a_byte_is_ready_after_eight_clocks),
        TEST(two_bytes_wait_on_both_sides),
        TEST(the_first_bit_may_be_the_lowest),
        TEST(without_a_part_the_pin_is_read),
        TEST(a_part_is_found_by_its_pins),
        TEST(disabled_it_forgets),
        TEST(a_frame_of_a_usart_is_an_exchange),
        TEST(a_usart_without_a_part_receives_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
