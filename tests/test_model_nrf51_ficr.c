/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 7; memory sizes of the nRF51822-QFAA. */
#include "peripherals.h"
#include "support.h"

#define FICR 0x10000000u
enum {
    CODEPAGESIZE = FICR + 0x10, CODESIZE = FICR + 0x14, NUMRAMBLOCK = FICR + 0x34,
    SIZERAMBLOCK = FICR + 0x38, CONFIGID = FICR + 0x5c, DEVICEID = FICR + 0x60,
    ER = FICR + 0x80, DEVICEADDR = FICR + 0xa4
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "ficr", &nrf51_ficr, .base = FICR },
            { 0 }
        },
    },
};

static log_lines heard;

static int power_up(void **state)
{
    fwsim_options opt = log_options(&heard);

    heard.count = 0;
    opt.stop_at_reset = true;
    *state = new_machine(&board, &opt);
    return 0;
}

static void the_chip_has_256_kib_of_flash_and_16_kib_of_ram(void **state)
{
    uint32_t ram = 0;
    fwsim_machine *m = *state;

    assert_int_equal(bus_read(m, CODEPAGESIZE) * bus_read(m, CODESIZE),
                     256 * 1024);
    for (uint32_t i = 0; i < 4; i++)
        ram += bus_read(m, SIZERAMBLOCK + 4 * i);
    assert_int_equal(ram, 16 * 1024);
    assert_int_equal(bus_read(m, NUMRAMBLOCK) * bus_read(m, SIZERAMBLOCK),
                     16 * 1024);
    assert_int_equal(bus_read(m, CONFIGID) & 0xffff, 0x72);
}

static void numbers_of_the_chip_survive_every_reset(void **state)
{
    uint32_t id, key;
    fwsim_machine *m = *state;

    id = bus_read(m, DEVICEID);
    key = bus_read(m, ER);
    assert_int_equal(fwsim_reset(m, FWSIM_RESET_POWER_ON), 0);
    assert_int_equal(bus_read(m, DEVICEID), id);
    assert_int_equal(bus_read(m, ER), key);
}

static void chips_with_another_identifier_have_another_address(void **state)
{
    uint32_t address;
    fwsim_machine *m = *state;

    address = bus_read(m, DEVICEADDR);
    OK(fwsim_input_set(m, "ficr", "device_id_0", 0x1234));
    assert_int_equal(bus_read(m, DEVICEID), 0x1234);
    assert_int_not_equal(bus_read(m, DEVICEADDR), address);
    assert_int_equal(bus_read(m, DEVICEADDR + 4) >> 16, 0xffff);
}

static void writes_are_guest_errors(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, NUMRAMBLOCK, 0xff);
    assert_int_equal(log_count(&heard, FWSIM_TOPIC_GUEST_ERROR), 1);
    assert_int_equal(bus_read(m, NUMRAMBLOCK), 2);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_chip_has_256_kib_of_flash_and_16_kib_of_ram),
        TEST(numbers_of_the_chip_survive_every_reset),
        TEST(chips_with_another_identifier_have_another_address),
        TEST(writes_are_guest_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
