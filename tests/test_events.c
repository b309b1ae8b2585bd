/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events in virtual time, interrupt outputs and signals. Without a core, time
 * passes from event to event.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "fwsim_periph.h"
#include "machine/machine.h"

enum { CLOCK = 1000000, BASE = 0x40000000 };

/** Events in the order in which they came: "id@tick ". */
typedef struct diary {
    char text[400];
    uint32_t period, left; /* event 7 sets itself again */
} diary;

static void note(fwsim_periph *p, unsigned id)
{
    diary *d = fwsim_state(p);
    size_t used = strlen(d->text);

    snprintf(d->text + used, sizeof d->text - used, "%s%u@%u", used ? " " : "",
             id, (unsigned)fwsim_now(p));
}

static void on_event(fwsim_periph *p, unsigned id)
{
    diary *d = fwsim_state(p);

    note(p, id);
    if (id == 7 && d->left-- > 0)
        fwsim_event_set(p, 7, d->period);
    if (id == 8)
        fwsim_event_cancel(p, 9);
    if (id == 6)
        fwsim_event_set(p, 6, 0);
}

static void on_signal(fwsim_periph *p, uint64_t address)
{
    note(p, (unsigned)(address - BASE));
    if (address == BASE + 0x99)
        fwsim_signal(p, 0x99);
}

static const fwsim_periph_type timer = {
    .name = "timer",
    .size = 0x100,
    .state_size = sizeof(diary),
    .on_event = on_event,
    .on_signal = on_signal,
    .irqs = 1,
};

/* clang-format off */
static const fwsim_soc soc = {
    .name = "test_soc",
    .clock_hz = CLOCK,
    .periph = (const fwsim_slot[]) {
        { "timer0", &timer, .base = BASE },
        { "timer1", &timer, .base = BASE + 0x100, .clock_hz = 32768 },
        { 0 }
    },
};
/* clang-format on */

static const fwsim_board board = { .name = "test_board", .soc = &soc };

static int setup(void **state)
{
    return bench_setup(state, &board);
}

static fwsim_periph *timer0(void **state)
{
    return fwsim__periph_find(((bench *)*state)->m, "timer0");
}

static const char *text_of(fwsim_periph *p)
{
    return ((diary *)fwsim_state(p))->text;
}

static fwsim_stop_reason run_ticks(fwsim_machine *m, uint64_t ticks)
{
    return run_ns(m, ticks * (FWSIM_S(1) / CLOCK));
}

static void events_come_at_their_tick_in_order(void **state)
{
    fwsim_periph *p = timer0(state);

    fwsim_event_set(p, 1, 30);
    fwsim_event_set(p, 2, 10);
    fwsim_event_set(p, 3, 20);
    assert_int_equal(run_ticks(p->m, 25), FWSIM_STOP_LIMIT);
    assert_string_equal(text_of(p), "2@10 3@20");
    assert_int_equal(run_ticks(p->m, 5), FWSIM_STOP_LIMIT);
    assert_string_equal(text_of(p), "2@10 3@20 1@30");
}

static void events_of_one_tick_come_in_the_order_of_setting(void **state)
{
    fwsim_periph *p = timer0(state);

    for (unsigned id = 10; id < 20; id++)
        fwsim_event_set(p, id, 5);
    fwsim_event_set(p, 12, 5);
    run_ticks(p->m, 5);
    assert_string_equal(text_of(p), "10@5 11@5 13@5 14@5 15@5 16@5 17@5 18@5 "
                                    "19@5 12@5");
}

static void setting_an_event_again_replaces_it(void **state)
{
    fwsim_periph *p = timer0(state);

    fwsim_event_set(p, 1, 10);
    fwsim_event_set(p, 1, 40);
    run_ticks(p->m, 100);
    assert_string_equal(text_of(p), "1@40");
}

static void a_cancelled_event_does_not_come(void **state)
{
    fwsim_periph *p = timer0(state);

    fwsim_event_set(p, 1, 10);
    fwsim_event_set(p, 2, 20);
    fwsim_event_cancel(p, 1);
    fwsim_event_cancel(p, 77);
    run_ticks(p->m, 100);
    assert_string_equal(text_of(p), "2@20");
}

static void an_event_can_cancel_another_one_of_its_tick(void **state)
{
    fwsim_periph *p = timer0(state);

    fwsim_event_set(p, 8, 10);
    fwsim_event_set(p, 9, 10);
    run_ticks(p->m, 100);
    assert_string_equal(text_of(p), "8@10");
}

static void an_event_after_the_end_of_time_is_never(void **state)
{
    fwsim_periph *p = timer0(state);

    fwsim_event_set(p, 1, 10);
    fwsim_event_set(p, 1, UINT64_MAX);
    assert_int_equal(fwsim__event_next(p->m), UINT64_MAX);
}

static void a_short_period_loses_no_event(void **state)
{
    fwsim_periph *p = timer0(state);
    diary *d = fwsim_state(p);

    d->period = 3;
    d->left = 3;
    fwsim_event_set(p, 7, 3);
    /* As if a block of 100 instructions had run: all are late. */
    p->m->now += 100;
    run_ticks(p->m, 1);
    assert_string_equal(text_of(p), "7@3 7@6 7@9 7@12");
    assert_int_equal(p->m->now, 101);
}

static void an_event_that_sets_itself_at_once_does_not_stop_the_time(
    void **state)
{
    fwsim_periph *p = timer0(state);

    fwsim_event_set(p, 6, 0);
    assert_int_equal(run_ticks(p->m, 3), FWSIM_STOP_LIMIT);
    assert_string_equal(text_of(p), "6@0 6@1 6@2 6@3");
}

static void setting_an_event_brings_the_core_back_in_time(void **state)
{
    fwsim_periph *p = timer0(state);

    p->m->deadline = 1000;
    fwsim_event_set(p, 1, 2000);
    assert_int_equal(p->m->deadline, 1000);
    fwsim_event_set(p, 2, 500);
    assert_int_equal(p->m->deadline, 500);
}

static void random_settings_and_cancels_keep_the_order(void **state)
{
    fwsim_periph *p = timer0(state);
    fwsim_machine *m = p->m;
    uint64_t seq = 0, at = 0;

    for (int i = 0; i < 5000; i++) {
        unsigned id = fwsim_random(p) % 200;

        if (fwsim_random(p) % 3)
            fwsim_event_set(p, id, fwsim_random(p) % 50);
        else
            fwsim_event_cancel(p, id);
    }
    assert_true(m->st->event_count > 50);
    while (m->st->event_count) {
        fwsim__event e = m->st->events[0];

        assert_true(e.at > at || (e.at == at && e.seq >= seq));
        at = e.at;
        seq = e.seq;
        fwsim__event_cancel(m, e.owner, e.id);
    }
    assert_memory_equal(m->st->events, (fwsim__event[200]){ { 0 } },
                        200 * sizeof(fwsim__event));
}

static void all_256_events_of_a_machine_can_be_set(void **state)
{
    fwsim_periph *p = timer0(state);

    for (unsigned id = 0; id < 256; id++)
        fwsim_event_set(p, id, 1000 - id);
    assert_int_equal(p->m->st->event_count, 256);
    assert_int_equal(fwsim__event_next(p->m), 1000 - 255);
}

static void a_reset_forgets_events(void **state)
{
    fwsim_periph *p = timer0(state);

    fwsim_event_set(p, 1, 10);
    assert_int_equal(fwsim_reset(p->m, FWSIM_RESET_PIN), 0);
    assert_int_equal(run_ticks(p->m, 100), FWSIM_STOP_LIMIT);
    assert_string_equal(text_of(p), "");
}

static void without_an_event_a_machine_without_a_limit_is_idle(void **state)
{
    fwsim_periph *p = timer0(state);
    fwsim_machine *m = p->m;
    fwsim_stop stop;

    fwsim_event_set(p, 1, 10);
    OK(fwsim_run(m, NULL, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_IDLE);
    assert_int_equal(fwsim_time_ns(m), 10000);
    assert_int_equal(fwsim_instructions(m), 0);
}

/* ------------------------------------------------------------------ */
/* Units                                                                */
/* ------------------------------------------------------------------ */

static void muldiv_rounds_down_and_does_not_overflow(void **state)
{
    (void)state;
    assert_int_equal(fwsim__muldiv(7, 3, 2), 10);
    assert_int_equal(fwsim__muldiv(16000000, 1000000000u, 16000000),
                     1000000000u);
    /* 100 years of 64 MHz. */
    assert_int_equal(fwsim__muldiv(UINT64_C(201830400000000000), 1000000000u,
                                   64000000),
                     UINT64_C(3153600000000000000));
    assert_int_equal(fwsim__muldiv(UINT32_MAX, UINT32_MAX, UINT32_MAX),
                     UINT32_MAX);
}

static void ticks_from_ns_rounds_up(void **state)
{
    fwsim_periph *p = timer0(state);

    assert_int_equal(fwsim_ticks_from_ns(p, 0), 0);
    assert_int_equal(fwsim_ticks_from_ns(p, 1), 1);
    assert_int_equal(fwsim_ticks_from_ns(p, 1000), 1);
    assert_int_equal(fwsim_ticks_from_ns(p, 1001), 2);
    assert_int_equal(fwsim_ticks_from_ns(p, FWSIM_S(86400)),
                     UINT64_C(86400000000));
}

static void the_clock_of_a_slot_is_its_own_or_the_cores(void **state)
{
    fwsim_periph *p = timer0(state);

    assert_int_equal(fwsim_clock_hz(p), CLOCK);
    assert_int_equal(fwsim_clock_hz(fwsim__periph_find(p->m, "timer1")), 32768);
}

/* ------------------------------------------------------------------ */
/* Signals                                                              */
/* ------------------------------------------------------------------ */

static void everybody_hears_a_signal_at_once(void **state)
{
    fwsim_periph *p = timer0(state);

    fwsim_signal(p, 0x44);
    assert_string_equal(text_of(p), "68@0");
    assert_string_equal(text_of(fwsim__periph_find(p->m, "timer1")), "68@0");
}

static void signals_that_cause_each_other_end_as_a_guest_error(void **state)
{
    bench *b = *state;
    fwsim_periph *p = timer0(state);

    fwsim_signal(p, 0x99);
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "without end"));
    assert_int_equal(p->m->depth, 0);
}

static void an_interrupt_output_without_a_core_is_remembered(void **state)
{
    fwsim_periph *p = timer0(state);

    fwsim_irq_set(p, 0, true);
    assert_int_equal(p->link->irq_levels, 1);
    fwsim_irq_set(p, 0, false);
    assert_int_equal(p->link->irq_levels, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(events_come_at_their_tick_in_order),
        TEST(events_of_one_tick_come_in_the_order_of_setting),
        TEST(setting_an_event_again_replaces_it),
        TEST(a_cancelled_event_does_not_come),
        TEST(an_event_can_cancel_another_one_of_its_tick),
        TEST(an_event_after_the_end_of_time_is_never),
        TEST(a_short_period_loses_no_event),
        TEST(an_event_that_sets_itself_at_once_does_not_stop_the_time),
        TEST(setting_an_event_brings_the_core_back_in_time),
        TEST(random_settings_and_cancels_keep_the_order),
        TEST(all_256_events_of_a_machine_can_be_set),
        TEST(a_reset_forgets_events),
        TEST(without_an_event_a_machine_without_a_limit_is_idle),
        cmocka_unit_test(muldiv_rounds_down_and_does_not_overflow),
        TEST(ticks_from_ns_rounds_up),
        TEST(the_clock_of_a_slot_is_its_own_or_the_cores),
        TEST(everybody_hears_a_signal_at_once),
        TEST(signals_that_cause_each_other_end_as_a_guest_error),
        TEST(an_interrupt_output_without_a_core_is_remembered),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
