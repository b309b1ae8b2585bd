/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 6; times of the nRF51822 PS v3.1. */
#include "peripherals.h"
#include "support.h"

#define NVMC 0x4001e000u
#define UICR 0x10001000u
enum {
    READY = NVMC + 0x400, CONFIG = NVMC + 0x504, ERASEPAGE = NVMC + 0x508,
    ERASEALL = NVMC + 0x50c, ERASEPCR0 = NVMC + 0x510, ERASEUICR = NVMC + 0x514
};
enum { REN, WEN, EEN };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .memory = (const fwsim_memory[]){
            { "flash", 0, 8192, FWSIM_MEM_FLASH, "nvmc", NULL },
            { "uicr", UICR, 1024, FWSIM_MEM_FLASH, "nvmc", NULL },
            { 0 }
        },
        .periph = (const fwsim_slot[]){
            { "nvmc", &nrf51_nvmc, NVMC, .irq = { FWSIM_NO_IRQ } },
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

static void program(fwsim_machine *m, uint32_t addr, uint32_t value)
{
    bus_write(m, CONFIG, WEN);
    bus_write(m, addr, value);
    run_ns(m, FWSIM_US(50));
    bus_write(m, CONFIG, REN);
}

static void a_write_clears_bits_only(void **state)
{
    fwsim_machine *m = *state;

    program(m, 0x1000, 0xffff0000);
    program(m, 0x1000, 0x12345678);
    assert_int_equal(bus_read(m, 0x1000), 0x12340000);
    program(m, UICR + 0x80, 0x55);
    assert_int_equal(bus_read(m, UICR + 0x80), 0x55);
    assert_int_equal(log_count(&heard, FWSIM_TOPIC_GUEST_ERROR), 0);
}

static void a_word_takes_46_us(void **state)
{
    fwsim_machine *m = *state;

    assert_int_equal(bus_read(m, READY), 1);
    bus_write(m, CONFIG, WEN);
    bus_write(m, 0x1000, 0);
    run_ns(m, FWSIM_US(46));
    assert_int_equal(bus_read(m, READY), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, READY), 1);
}

static void a_write_without_wen_changes_nothing(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, 0x1000, 0);
    assert_int_equal(bus_read(m, 0x1000), 0xffffffff);
    assert_int_equal(log_count(&heard, FWSIM_TOPIC_GUEST_ERROR), 1);
}

static void narrow_writes_fault(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CONFIG, WEN);
    assert_int_equal(fwsim_bus_write(m, 0x1000, 1, 0), FWSIM_EFAULT);
    assert_int_equal(fwsim_bus_write(m, 0x1000, 2, 0), FWSIM_EFAULT);
    assert_int_equal(bus_read(m, 0x1000), 0xffffffff);
}

static void erasepage_erases_one_page_of_1_kib(void **state)
{
    fwsim_machine *m = *state;

    program(m, 0x0ffc, 1);
    program(m, 0x1000, 2);
    program(m, 0x13fc, 3);
    program(m, 0x1400, 4);
    bus_write(m, CONFIG, EEN);
    bus_write(m, ERASEPAGE, 0x1000);
    run_ns(m, FWSIM_MS(22));
    assert_int_equal(bus_read(m, READY), 0);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, READY), 1);
    assert_int_equal(bus_read(m, 0x0ffc), 1);
    assert_int_equal(bus_read(m, 0x1000), 0xffffffff);
    assert_int_equal(bus_read(m, 0x13fc), 0xffffffff);
    assert_int_equal(bus_read(m, 0x1400), 4);
    bus_write(m, ERASEPCR0, 0x1400);
    assert_int_equal(bus_read(m, 0x1400), 0xffffffff);
}

static void eraseuicr_leaves_code_and_eraseall_takes_both(void **state)
{
    fwsim_machine *m = *state;

    program(m, 0, 0);
    program(m, UICR, 0);
    bus_write(m, CONFIG, EEN);
    bus_write(m, ERASEUICR, 1);
    assert_int_equal(bus_read(m, UICR), 0xffffffff);
    assert_int_equal(bus_read(m, 0), 0);
    program(m, UICR, 0);
    bus_write(m, CONFIG, EEN);
    bus_write(m, ERASEALL, 1);
    assert_int_equal(bus_read(m, UICR), 0xffffffff);
    assert_int_equal(bus_read(m, 0), 0xffffffff);
}

static void an_erase_without_een_is_a_guest_error(void **state)
{
    fwsim_machine *m = *state;

    program(m, 0x1000, 0);
    bus_write(m, ERASEPAGE, 0x1000);
    assert_int_equal(log_count(&heard, FWSIM_TOPIC_GUEST_ERROR), 1);
    assert_int_equal(bus_read(m, 0x1000), 0);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_write_clears_bits_only),
        TEST(a_word_takes_46_us),
        TEST(a_write_without_wen_changes_nothing),
        TEST(narrow_writes_fault),
        TEST(erasepage_erases_one_page_of_1_kib),
        TEST(eraseuicr_leaves_code_and_eraseall_takes_both),
        TEST(an_erase_without_een_is_a_guest_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
