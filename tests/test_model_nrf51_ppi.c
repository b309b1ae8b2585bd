/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nRF51 RM v3.0, chapter 16. */
#include "peripherals.h"
#include "support.h"

#define GPIOTE 0x40006000u
#define TIMER0 0x40008000u
#define TIMER1 0x40009000u
#define PPI 0x4001f000u
enum {
    TIMER_START = 0x000, TIMER_COUNT = 0x008, TIMER_CAPTURE = 0x040,
    TIMER_COMPARE = 0x140, TIMER_SHORTS = 0x200, TIMER_MODE = 0x504,
    TIMER_CC = 0x540, GPIOTE_OUT = 0x000, GPIOTE_IN = 0x100,
    GPIOTE_CONFIG = 0x510
};
enum {
    CHG_EN = PPI + 0x000, CHG_DIS = PPI + 0x004, CHEN = PPI + 0x500,
    CHENSET = PPI + 0x504, CHENCLR = PPI + 0x508, EEP = PPI + 0x510,
    TEP = PPI + 0x514, CHG = PPI + 0x800
};

/* Fixed channels: TIMER0 COMPARE[0] counts TIMER1, the others are unused. */
static const uint32_t fixed[24] = {
    TIMER0 + TIMER_COMPARE, TIMER1 + TIMER_COUNT
};

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 16000000,
        .irq_lines = 32,
        .pins = 32,
        .periph = (const fwsim_slot[]){
            { "gpiote", &nrf51_gpiote, GPIOTE, .irq = { 6 },
              .param = (const uint32_t[]){ 0 } },
            { "timer0", &nrf51_timer, TIMER0, .irq = { 8 },
              .param = (const uint32_t[]){ 32 } },
            { "timer1", &nrf51_timer, TIMER1, .irq = { 9 },
              .param = (const uint32_t[]){ 16 } },
            { "ppi", &nrf51_ppi, PPI, .param = fixed },
            { 0 }
        },
    },
};

/** TIMER0 compares with 100 every 100 us, TIMER1 counts its task COUNT. */
static int power_up(void **state)
{
    fwsim_machine *m;

    bench_setup(state, &board);
    m = ((bench *)*state)->m;
    bus_write(m, TIMER0 + TIMER_CC, 100);
    bus_write(m, TIMER0 + TIMER_SHORTS, 1);
    bus_write(m, TIMER1 + TIMER_MODE, 1);
    bus_write(m, TIMER1 + TIMER_START, 1);
    return 0;
}

static void connect(fwsim_machine *m, unsigned channel, uint32_t event,
                    uint32_t task)
{
    bus_write(m, EEP + 8 * channel, event);
    bus_write(m, TEP + 8 * channel, task);
}

static uint32_t counted(fwsim_machine *m)
{
    bus_write(m, TIMER1 + TIMER_CAPTURE, 1);
    return bus_read(m, TIMER1 + TIMER_CC);
}

static void a_channel_runs_a_task_at_each_event(void **state)
{
    fwsim_machine *m = bench_machine(state);

    connect(m, 15, TIMER0 + TIMER_COMPARE, TIMER1 + TIMER_COUNT);
    bus_write(m, CHENSET, 1u << 15);
    bus_write(m, TIMER0 + TIMER_START, 1);
    run_ns(m, FWSIM_US(1050));
    /* The event register stays set; events come all the same. */
    assert_int_equal(counted(m), 10);
}

static void a_disabled_channel_does_nothing(void **state)
{
    fwsim_machine *m = bench_machine(state);

    connect(m, 0, TIMER0 + TIMER_COMPARE, TIMER1 + TIMER_COUNT);
    bus_write(m, CHENSET, 1u << 1 | 1u << 0);
    bus_write(m, CHENCLR, 1u << 0);
    assert_int_equal(bus_read(m, CHEN), 1u << 1);
    bus_write(m, TIMER0 + TIMER_START, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(counted(m), 0);
}

static void two_channels_run_two_tasks_at_one_event(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, GPIOTE + GPIOTE_CONFIG, 3 | 8 << 8 | 3 << 16);
    connect(m, 0, TIMER0 + TIMER_COMPARE, TIMER1 + TIMER_COUNT);
    connect(m, 1, TIMER0 + TIMER_COMPARE, GPIOTE + GPIOTE_OUT);
    bus_write(m, CHEN, 3);
    bus_write(m, TIMER0 + TIMER_START, 1);
    run_ns(m, FWSIM_US(110));
    assert_int_equal(counted(m), 1);
    assert_int_equal(fwsim_pin_get(m, "pin8"), 1);
    run_ns(m, FWSIM_US(100));
    assert_int_equal(fwsim_pin_get(m, "pin8"), 0);
}

static void groups_switch_their_channels(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CHG + 4 * 2, 1u << 3 | 1u << 31);
    bus_write(m, CHEN, 1u << 5);
    bus_write(m, CHG_EN + 8 * 2, 1);
    assert_int_equal(bus_read(m, CHEN), 1u << 3 | 1u << 5 | 1u << 31);
    bus_write(m, CHG_DIS + 8 * 2, 1);
    assert_int_equal(bus_read(m, CHEN), 1u << 5);
}

static void a_channel_may_disable_itself_by_its_group(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CHG, 3);
    connect(m, 0, TIMER0 + TIMER_COMPARE, TIMER1 + TIMER_COUNT);
    connect(m, 1, TIMER0 + TIMER_COMPARE, CHG_DIS);
    bus_write(m, CHEN, 3);
    bus_write(m, TIMER0 + TIMER_START, 1);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(counted(m), 1);
    assert_int_equal(bus_read(m, CHEN), 0);
}

static void the_fixed_channels_are_those_of_the_chip(void **state)
{
    fwsim_machine *m = bench_machine(state);

    bus_write(m, CHENSET, 1u << 20);
    bus_write(m, TIMER0 + TIMER_START, 1);
    run_ns(m, FWSIM_US(350));
    assert_int_equal(counted(m), 3);
}

static void channels_in_a_circle_let_time_go_on(void **state)
{
    fwsim_machine *m = bench_machine(state);

    /* Each change of pin 5 is an event, whose task changes pin 5. */
    bus_write(m, GPIOTE + GPIOTE_CONFIG, 1 | 5 << 8 | 3 << 16);
    bus_write(m, GPIOTE + GPIOTE_CONFIG + 4, 3 | 5 << 8 | 3 << 16);
    connect(m, 0, GPIOTE + GPIOTE_IN, GPIOTE + GPIOTE_OUT + 4);
    connect(m, 1, GPIOTE + GPIOTE_IN, TIMER1 + TIMER_COUNT);
    bus_write(m, CHEN, 3);
    bus_write(m, GPIOTE + GPIOTE_OUT + 4, 1);
    assert_int_equal(run_ns(m, FWSIM_US(10)), FWSIM_STOP_LIMIT);
    assert_true(counted(m) > 100);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, power_up, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_channel_runs_a_task_at_each_event),
        TEST(a_disabled_channel_does_nothing),
        TEST(two_channels_run_two_tasks_at_one_event),
        TEST(groups_switch_their_channels),
        TEST(a_channel_may_disable_itself_by_its_group),
        TEST(the_fixed_channels_are_those_of_the_chip),
        TEST(channels_in_a_circle_let_time_go_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
