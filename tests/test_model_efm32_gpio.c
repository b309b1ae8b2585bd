/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EFM32HG Reference Manual, chapter 26. */
#include "peripherals.h"
#include "support.h"

#define GPIO 0x40006000u
#define PORT(x) (GPIO + 0x24 * (x - 'A'))
#define MODEL(x) (PORT(x) + 0x04)
#define MODEH(x) (PORT(x) + 0x08)
#define DOUT(x) (PORT(x) + 0x0c)
#define DOUTSET(x) (PORT(x) + 0x10)
#define DOUTCLR(x) (PORT(x) + 0x14)
#define DOUTTGL(x) (PORT(x) + 0x18)
#define DIN(x) (PORT(x) + 0x1c)

enum {
    EXTIPSELH = GPIO + 0x104, EXTIRISE = GPIO + 0x108, EXTIFALL = GPIO + 0x10c,
    IEN = GPIO + 0x110, IF = GPIO + 0x114, IFS = GPIO + 0x118,
    IFC = GPIO + 0x11c
};

enum { INPUT = 1, INPUTPULL = 2, PUSHPULL = 4, WIREDOR = 6, WIREDAND = 8 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 21000000,
        .irq_lines = 32,
        .pins = 96,
        .periph = (const fwsim_slot[]){
            { "gpio", &efm32_gpio, GPIO, .irq = { 1, 6 } },
            { 0 }
        },
    },
    .pins = (const fwsim_pin_name[]){
        { "PA0", 0 }, { "PB7", 23 }, { "PC1", 33 }, { "PE12", 76 }, { 0 }
    },
};

static int power_up(void **state)
{
    *state = new_machine(&board, NULL);
    return 0;
}

static void a_push_pull_pin_follows_dout(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, MODEL('B'), (uint32_t)PUSHPULL << 28);
    assert_int_equal(fwsim_pin_get(m, "PB7"), 0);
    bus_write(m, DOUTSET('B'), 0x80);
    assert_int_equal(fwsim_pin_get(m, "PB7"), 1);
    assert_int_equal(bus_read(m, DOUT('B')), 0x80);
    bus_write(m, DOUTTGL('B'), 0x81);
    assert_int_equal(fwsim_pin_get(m, "PB7"), 0);
    assert_int_equal(bus_read(m, DOUT('B')), 0x01);
    bus_write(m, DOUT('B'), 0xff);
    assert_int_equal(fwsim_pin_get(m, "PB7"), 1);
    bus_write(m, DOUTCLR('B'), 0x80);
    assert_int_equal(fwsim_pin_get(m, "PB7"), 0);
    assert_int_equal(bus_read(m, DOUT('B')), 0x7f);
}

static void an_input_reads_the_pin(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_pin_set(m, "PE12", FWSIM_PIN_HIGH));
    assert_int_equal(bus_read(m, DIN('E')), 0);
    bus_write(m, MODEH('E'), INPUT << 16);
    assert_int_equal(bus_read(m, DIN('E')), 1 << 12);
    OK(fwsim_pin_set(m, "PE12", FWSIM_PIN_LOW));
    assert_int_equal(bus_read(m, DIN('E')), 0);
}

static void dout_chooses_the_pull_of_an_input(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, MODEH('E'), INPUTPULL << 16);
    assert_int_equal(bus_read(m, DIN('E')), 0);
    bus_write(m, DOUTSET('E'), 1 << 12);
    assert_int_equal(bus_read(m, DIN('E')), 1 << 12);
    OK(fwsim_pin_set(m, "PE12", FWSIM_PIN_LOW));
    assert_int_equal(bus_read(m, DIN('E')), 0);
}

static void wired_modes_drive_one_level_only(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_pin_set(m, "PA0", FWSIM_PIN_PULL_UP));
    bus_write(m, MODEL('A'), WIREDAND);
    assert_int_equal(fwsim_pin_get(m, "PA0"), 0);
    bus_write(m, DOUT('A'), 1);
    assert_int_equal(fwsim_pin_get(m, "PA0"), 1);
    OK(fwsim_pin_set(m, "PA0", FWSIM_PIN_PULL_DOWN));
    bus_write(m, MODEL('A'), WIREDOR);
    assert_int_equal(fwsim_pin_get(m, "PA0"), 1);
    bus_write(m, DOUT('A'), 0);
    assert_int_equal(fwsim_pin_get(m, "PA0"), 0);
}

static void an_edge_sets_the_flag_of_its_line(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, MODEH('E'), INPUT << 16);
    bus_write(m, EXTIPSELH, 4 << 16); /* line 12: port E */
    bus_write(m, EXTIFALL, 1 << 12);
    OK(fwsim_pin_set(m, "PE12", FWSIM_PIN_HIGH));
    assert_int_equal(bus_read(m, IF), 0);
    OK(fwsim_pin_set(m, "PE12", FWSIM_PIN_LOW));
    assert_int_equal(bus_read(m, IF), 1 << 12);
    bus_write(m, IFC, 1 << 12);
    assert_int_equal(bus_read(m, IF), 0);
    bus_write(m, EXTIRISE, 1 << 12);
    OK(fwsim_pin_set(m, "PE12", FWSIM_PIN_HIGH));
    assert_int_equal(bus_read(m, IF), 1 << 12);
}

static void a_line_hears_its_own_port_only(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, MODEH('E'), INPUT << 16);
    bus_write(m, EXTIPSELH, 2 << 16); /* line 12: port C */
    bus_write(m, EXTIRISE, 1 << 12);
    OK(fwsim_pin_set(m, "PE12", FWSIM_PIN_HIGH));
    assert_int_equal(bus_read(m, IF), 0);
    bus_write(m, IFS, 3);
    assert_int_equal(bus_read(m, IF), 3);
}

static void reset_gives_the_pins_up(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, MODEL('A'), PUSHPULL);
    bus_write(m, DOUT('A'), 1);
    assert_int_equal(fwsim_pin_get(m, "PA0"), 1);
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    assert_int_equal(fwsim_pin_get(m, "PA0"), 0);
    assert_int_equal(bus_read(m, DOUT('A')), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_push_pull_pin_follows_dout),
        TEST(an_input_reads_the_pin),
        TEST(dout_chooses_the_pull_of_an_input),
        TEST(wired_modes_drive_one_level_only),
        TEST(an_edge_sets_the_flag_of_its_line),
        TEST(a_line_hears_its_own_port_only),
        TEST(reset_gives_the_pins_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
