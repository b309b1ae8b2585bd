/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the chip says about itself: EFM32HG Reference Manual, chapter 5, on
 * the table of the EFM32HG309F64 with its core left out.
 */
#include "fwsim.h"
#include "support.h"

static int power_up(void **state)
{
    static fwsim_soc soc;
    static fwsim_board board;
    const fwsim_board *tomu = fwsim_board_find("efm32hg_tomu");

    assert_non_null(tomu);
    board = *tomu;
    soc = *tomu->soc;
    soc.cpu = NULL;
    board.soc = &soc;
    *state = new_machine(&board, NULL);
    return 0;
}

static void the_part_number_is_that_of_the_chip(void **state)
{
    assert_int_equal(bus_read(*state, 0x0fe081fc) & 0xffffff, 77 << 16 | 309);
}

static void the_memory_sizes_are_64_and_8_kib(void **state)
{
    assert_int_equal(bus_read(*state, 0x0fe081f8), 8 << 16 | 64);
}

static void flash_pages_have_1_kib(void **state)
{
    assert_int_equal(bus_read(*state, 0x0fe081e4) >> 24, 0);
}

/* The fields of the revision, put together as the chapter says. */
static void family_and_revision_are_those_of_happy_gecko_b(void **state)
{
    fwsim_machine *m = *state;
    uint32_t pid0 = bus_read(m, 0xf00fffe0), pid1 = bus_read(m, 0xf00fffe4);
    uint32_t pid2 = bus_read(m, 0xf00fffe8), pid3 = bus_read(m, 0xf00fffec);

    assert_int_equal((pid1 & 0xf) << 2 | pid0 >> 6, 5);
    assert_int_equal(pid0 & 0x3f, 1);
    assert_int_equal((pid2 & 0xf0) | pid3 >> 4, 1);
}

static void ram_shows_in_the_code_region_too(void **state)
{
    fwsim_machine *m = *state;
    const uint8_t byte = 0x5a;
    uint8_t seen = 0;

    OK(fwsim_mem_write(m, 0x20001fff, &byte, 1));
    OK(fwsim_mem_read(m, 0x10001fff, &seen, 1));
    assert_int_equal(seen, 0x5a);
}

static void the_leds_of_the_tomu_are_on_pa0_and_pb7(void **state)
{
    fwsim_machine *m = *state;

    assert_int_equal(fwsim_pin_find(m, "led_green"), fwsim_pin_find(m, "PA0"));
    assert_int_equal(fwsim_pin_find(m, "led_red"), fwsim_pin_find(m, "PB7"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_part_number_is_that_of_the_chip),
        TEST(the_memory_sizes_are_64_and_8_kib),
        TEST(flash_pages_have_1_kib),
        TEST(family_and_revision_are_those_of_happy_gecko_b),
        TEST(ram_shows_in_the_code_region_too),
        TEST(the_leds_of_the_tomu_are_on_pa0_and_pb7),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
