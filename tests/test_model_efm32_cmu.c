/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EFM32HG Reference Manual, chapter 11. */
#include "peripherals.h"
#include "support.h"

#define CMU 0x400c8000u

enum {
    CTRL = CMU, CALCTRL = CMU + 0x18, CALCNT = CMU + 0x1c,
    OSCENCMD = CMU + 0x20, CMD = CMU + 0x24, STATUS = CMU + 0x2c,
    IF = CMU + 0x30, IFC = CMU + 0x38, LOCK = CMU + 0x84
};

enum {
    HFRCODIS = 1 << 1, HFXOEN = 1 << 2, HFXODIS = 1 << 3, LFRCOEN = 1 << 6,
    LFRCODIS = 1 << 7, LFXOEN = 1 << 8, USHFRCOEN = 1 << 10
};

enum {
    HFRCOENS = 1 << 0, HFXOENS = 1 << 2, HFXORDY = 1 << 3, LFRCOENS = 1 << 6,
    LFRCORDY = 1 << 7, LFXORDY = 1 << 9, HFRCOSEL = 1 << 10,
    HFXOSEL = 1 << 11, CALBSY = 1 << 14, USBCUSHFRCOSEL = 1 << 18,
    USHFRCORDY = 1 << 22
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 21000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "cmu", &efm32_cmu, CMU, .irq = { 13 } },
            { 0 }
        },
    },
};

static log_lines heard;

static int power_up(void **state)
{
    fwsim_options opt = log_options(&heard);

    heard.count = 0;
    *state = new_machine(&board, &opt);
    return 0;
}

static void the_core_wakes_up_on_a_ready_hfrco(void **state)
{
    assert_int_equal(bus_read(*state, STATUS), 0x403);
    assert_int_equal(bus_read(*state, IF), 0x1);
}

static void an_oscillator_is_ready_some_time_after_it_was_enabled(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, OSCENCMD, LFRCOEN);
    assert_int_equal(bus_read(m, STATUS) & (LFRCOENS | LFRCORDY), LFRCOENS);
    run_ns(m, FWSIM_US(200));
    assert_int_equal(bus_read(m, STATUS) & (LFRCOENS | LFRCORDY),
                     LFRCOENS | LFRCORDY);
    assert_int_equal(bus_read(m, IF), 0x1 | 1 << 2);
    bus_write(m, IFC, 1 << 2);
    assert_int_equal(bus_read(m, IF), 0x1);
    bus_write(m, OSCENCMD, LFRCODIS);
    assert_int_equal(bus_read(m, STATUS) & (LFRCOENS | LFRCORDY), 0);
}

static void a_crystal_is_ready_after_the_time_out_of_ctrl(void **state)
{
    fwsim_machine *m = *state;

    /* Reset value: LFXOTIMEOUT of 32768 cycles, which is a second. */
    bus_write(m, OSCENCMD, LFXOEN);
    run_ns(m, FWSIM_MS(999));
    assert_int_equal(bus_read(m, STATUS) & LFXORDY, 0);
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(bus_read(m, STATUS) & LFXORDY, LFXORDY);
}

static void a_disabled_oscillator_does_not_become_ready(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, OSCENCMD, HFXOEN);
    bus_write(m, OSCENCMD, HFXODIS);
    run_ns(m, FWSIM_MS(10));
    assert_int_equal(bus_read(m, STATUS) & (HFXOENS | HFXORDY), 0);
}

static void one_oscillator_at_a_time_drives_the_core(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, OSCENCMD, HFXOEN);
    run_ns(m, FWSIM_MS(1));
    bus_write(m, CMD, 2);
    assert_int_equal(bus_read(m, STATUS) & (HFRCOSEL | HFXOSEL), HFXOSEL);
    bus_write(m, OSCENCMD, HFRCODIS);
    assert_int_equal(bus_read(m, STATUS) & HFRCOENS, 0);
    assert_int_equal(heard.count, 0);
}

static void the_oscillator_of_the_core_cannot_be_switched_off(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, OSCENCMD, HFRCODIS);
    assert_int_equal(bus_read(m, STATUS), 0x403);
    assert_int_equal(log_count(&heard, FWSIM_TOPIC_GUEST_ERROR), 1);
}

static void selecting_a_disabled_oscillator_is_a_guest_error(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, CMD, 2);
    assert_int_equal(bus_read(m, STATUS) & (HFRCOSEL | HFXOSEL), HFRCOSEL);
    assert_int_equal(log_count(&heard, FWSIM_TOPIC_GUEST_ERROR), 1);
}

static void ushfrco_drives_the_usb_controller(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, OSCENCMD, USHFRCOEN);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, STATUS) & USHFRCORDY, USHFRCORDY);
    bus_write(m, CMD, 4 << 5);
    assert_int_equal(bus_read(m, STATUS) & (USBCUSHFRCOSEL | HFRCOSEL),
                     USBCUSHFRCOSEL | HFRCOSEL);
}

static void lock_keeps_commands_away(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, LOCK, 0);
    assert_int_equal(bus_read(m, LOCK), 1);
    bus_write(m, OSCENCMD, HFXOEN);
    assert_int_equal(bus_read(m, STATUS) & HFXOENS, 0);
    bus_write(m, LOCK, 0x580e);
    assert_int_equal(bus_read(m, LOCK), 0);
    bus_write(m, OSCENCMD, HFXOEN);
    assert_int_equal(bus_read(m, STATUS) & HFXOENS, HFXOENS);
}

static void calibration_counts_one_clock_against_another(void **state)
{
    fwsim_machine *m = *state;

    /* 1000 cycles of LFRCO (DOWNSEL 4) last 30.5 ms: 427246 cycles of HFRCO
     * at 14 MHz (UPSEL 2). */
    bus_write(m, CALCTRL, 4 << 3 | 2);
    bus_write(m, CALCNT, 999);
    bus_write(m, CMD, 1 << 3);
    assert_int_equal(bus_read(m, STATUS) & CALBSY, CALBSY);
    run_ns(m, FWSIM_MS(31));
    assert_int_equal(bus_read(m, STATUS) & CALBSY, 0);
    assert_in_range(bus_read(m, CALCNT), 427245, 427247);
    assert_int_equal(bus_read(m, IF), 0x1 | 1 << 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_core_wakes_up_on_a_ready_hfrco),
        TEST(an_oscillator_is_ready_some_time_after_it_was_enabled),
        TEST(a_crystal_is_ready_after_the_time_out_of_ctrl),
        TEST(a_disabled_oscillator_does_not_become_ready),
        TEST(one_oscillator_at_a_time_drives_the_core),
        TEST(the_oscillator_of_the_core_cannot_be_switched_off),
        TEST(selecting_a_disabled_oscillator_is_a_guest_error),
        TEST(ushfrco_drives_the_usb_controller),
        TEST(lock_keeps_commands_away),
        TEST(calibration_counts_one_clock_against_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
