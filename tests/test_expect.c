/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expectations of UARTs and pins, on a machine without a core: a device plays
 * what the test has written down.
 */
#include "support.h"

#include "fwsim_periph.h"
#include "machine/machine.h"

/* ------------------------------------------------------------------ */
/* A device that plays a script                                         */
/* ------------------------------------------------------------------ */

enum { BASE = 0x40000000, PLAY = 0x0, STEP = 0x4, STEPS = 64 };

/** At each step a byte is sent; 0x80 and 0x81 set the pin, 0xff: nothing. */
typedef struct player {
    uint32_t step;
    uint32_t count;
    uint8_t bytes[256];
} player;

static void play_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    player *s = fwsim_state(p);

    (void)index;
    if (s->count == 0)
        fwsim_event_set(p, 0, fwsim_reg_get(p, STEP));
    s->bytes[s->count++] = (uint8_t)written;
}

static void on_event(fwsim_periph *p, unsigned id)
{
    player *s = fwsim_state(p);
    uint8_t byte = s->bytes[s->step++];

    if (byte == 0x80 || byte == 0x81)
        fwsim_port_drive(p, 0, byte & 1 ? FWSIM_PIN_HIGH : FWSIM_PIN_LOW);
    else if (byte != 0xff)
        fwsim_uart_tx(p, byte);
    if (s->step < s->count)
        fwsim_event_set(p, id, fwsim_reg_get(p, STEP));
    else
        s->step = s->count = 0;
}

static const fwsim_reg regs[] = {
    { "PLAY", PLAY, .wo = 0xff, .on_write = play_written },
    { "STEP", STEP, .reset = 1000, .rw = UINT32_MAX },
    FWSIM_REG_END
};

static const fwsim_periph_type device = {
    .name = "player",
    .size = 0x10,
    .regs = regs,
    .state_size = sizeof(player),
    .uart = true,
    .on_event = on_event,
};

/* clang-format off */
static const fwsim_soc soc = {
    .name = "soc",
    .clock_hz = 1000000,
    .pins = 2,
    .regions = (const fwsim_region[]) {
        { "rest", BASE, 0x1000, FWSIM_POLICY_WARN },
        { 0 }
    },
    .periph = (const fwsim_slot[]) {
        { "uart0", &device, .base = BASE },
        { 0 }
    },
};

static const fwsim_board board = {
    .name = "board",
    .soc = &soc,
    .console = "uart0",
    .pins = (const fwsim_pin_name[]) { { "led", 0 }, { 0 } },
};
/* clang-format on */

static int setup(void **state)
{
    return bench_setup(state, &board);
}

/** A step is a millisecond. */
static void play(fwsim_machine *m, const char *bytes)
{
    for (; *bytes; bytes++)
        bus_write(m, BASE + PLAY, (uint8_t)*bytes);
}

/* ------------------------------------------------------------------ */
/* UART                                                                 */
/* ------------------------------------------------------------------ */

static void a_line_is_found_when_its_end_has_come(void **state)
{
    fwsim_machine *m = bench_machine(state);

    play(m, "boot\r\nok\r\nmore");
    OK(fwsim_uart_expect_line(m, NULL, "ok", FWSIM_S(1)));
    assert_int_equal(fwsim_time_ns(m), FWSIM_MS(10));
    OK(fwsim_uart_expect_bytes(m, NULL, "more", 4, FWSIM_MS(4)));
}

static void a_part_of_a_line_is_no_line(void **state)
{
    fwsim_machine *m = bench_machine(state);

    play(m, "not ok\n");
    assert_int_equal(fwsim_uart_expect_line(m, NULL, "ok", FWSIM_MS(20)),
                     FWSIM_ETIMEDOUT);
    assert_string_equal(fwsim_errmsg(m),
                        "uart0: the line \"ok\" has not come within 20 ms; "
                        "what came ends with \"not ok\\n\" (0.020000 s, limit)");
    OK(fwsim_uart_expect_line(m, NULL, "not ok", 0));
}

static void a_line_without_an_end_is_shown_to_be_a_prompt(void **state)
{
    fwsim_machine *m = bench_machine(state);

    play(m, "login:");
    assert_int_equal(fwsim_uart_expect_line(m, NULL, "login:", FWSIM_MS(20)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, "fwsim_uart_expect_prompt");
    assert_int_equal(
        fwsim_uart_expect_regex(m, NULL, "^log", FWSIM_MS(20), NULL),
        FWSIM_ETIMEDOUT);
    assert_errmsg(m, "fwsim_uart_expect_prompt");
    OK(fwsim_uart_expect_prompt(m, NULL, "login:", 0));
}

static void a_pattern_gives_its_groups(void **state)
{
    fwsim_machine *m = bench_machine(state);
    fwsim_match match;

    play(m, "T=x\nT=-21.5 C\n");
    OK(fwsim_uart_expect_regex(m, NULL, "^T=(-?([0-9]+)(\\.[0-9])?)( K)? C$",
                               FWSIM_S(1), &match));
    assert_int_equal(fwsim_time_ns(m), FWSIM_MS(14));
    assert_string_equal(match.group[0], "T=-21.5 C");
    assert_string_equal(match.group[1], "-21.5");
    assert_string_equal(match.group[2], "21");
    assert_string_equal(match.group[3], ".5");
    assert_null(match.group[4]);
    assert_null(match.group[9]);
}

static void a_pattern_that_is_none_is_refused(void **state)
{
    fwsim_machine *m = bench_machine(state);

    assert_int_equal(
        fwsim_uart_expect_regex(m, NULL, "a(b", FWSIM_S(1), NULL),
        FWSIM_EINVAL);
    assert_errmsg(m, "\"a(b\": ");
    assert_int_equal(fwsim_time_ns(m), 0);
}

static void a_prompt_is_followed_by_silence(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_bus_write(m, BASE + STEP, 4, 100));
    play(m, "> is no prompt\n> ");
    OK(fwsim_uart_expect_prompt(m, NULL, "> ", FWSIM_S(1)));
    assert_int_equal(fwsim_time_ns(m), FWSIM_US(1700) + FWSIM_MS(1));
    OK(fwsim_uart_expect_bytes(m, NULL, "", 0, 0));
    play(m, "> more\n");
    assert_int_equal(fwsim_uart_expect_prompt(m, NULL, "> ", FWSIM_MS(20)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, "the prompt \"> \" has not come within 20 ms");
    /* What was no prompt is still there. */
    OK(fwsim_uart_expect_line(m, NULL, "> more", 0));
    assert_int_equal(fwsim_uart_expect_prompt(m, NULL, "", FWSIM_MS(20)),
                     FWSIM_EINVAL);
}

static void a_prompt_may_be_waited_for_without_end(void **state)
{
    fwsim_machine *m = bench_machine(state);

    run_ns(m, FWSIM_MS(5));
    play(m, "boot\n> ");
    OK(fwsim_uart_expect_prompt(m, NULL, "> ", UINT64_MAX));
}

static void names_that_are_none_have_a_remedy(void **state)
{
    fwsim_machine *m = bench_machine(state);

    assert_int_equal(fwsim_uart_expect_line(m, "urt0", "x", 1), FWSIM_ENOENT);
    assert_errmsg(m, "urt0: no such UART on board; it has uart0");
    assert_int_equal(fwsim_pin_expect(m, "lde", true, 1), FWSIM_ENOENT);
    assert_errmsg(m, "did you mean led?");
}

static void the_first_wrong_byte_ends_the_run(void **state)
{
    fwsim_machine *m = bench_machine(state);

    play(m, "\x01\x02\x03\x04");
    assert_int_equal(
        fwsim_uart_expect_bytes(m, NULL, "\x01\x02\x05\x04", 4, FWSIM_S(1)),
        FWSIM_ETIMEDOUT);
    assert_int_equal(fwsim_time_ns(m), FWSIM_MS(3));
    assert_errmsg(m, "byte 2 of them is 0x03 instead of 0x05");
    OK(fwsim_uart_expect_bytes(m, NULL, "\x01\x02\x03\x04", 4, FWSIM_S(1)));
    assert_int_equal(
        fwsim_uart_expect_bytes(m, NULL, "xy", 2, FWSIM_MS(10)),
        FWSIM_ETIMEDOUT);
    assert_errmsg(m, "the first 0 of 2 bytes came");
}

static void silence_lasts_for_the_time_given(void **state)
{
    fwsim_machine *m = bench_machine(state);

    play(m, "a\xff\xff\xff\xff\xff" "b");
    OK(fwsim_uart_expect(m, NULL, "a", FWSIM_MS(1)));
    OK(fwsim_uart_expect_silence(m, NULL, FWSIM_MS(5)));
    assert_int_equal(fwsim_time_ns(m), FWSIM_MS(6));
    assert_int_equal(fwsim_uart_expect_silence(m, NULL, FWSIM_MS(5)),
                     FWSIM_ETIMEDOUT);
    assert_string_equal(fwsim_errmsg(m),
                        "uart0: there is no silence of 5 ms; what came ends "
                        "with \"b\" (0.007000 s)");
    OK(fwsim_uart_expect(m, NULL, "b", 0));
}

static void going_back_consumes_what_was_sent(void **state)
{
    fwsim_machine *m = bench_machine(state);
    fwsim_snapshot *s;

    OK(fwsim_snapshot_take(m, &s));
    play(m, "ok\n");
    run_ns(m, FWSIM_MS(5));
    OK(fwsim_snapshot_restore(m, s));
    assert_int_equal(fwsim_uart_expect_line(m, NULL, "ok", FWSIM_MS(5)),
                     FWSIM_ETIMEDOUT);
    fwsim_snapshot_free(s);
}

static void the_failure_tells_the_story(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_journal_enable(m, 8));
    play(m, "one\n\x80\x81two\nth");
    run_ns(m, FWSIM_MS(1));
    (void)bus_read(m, BASE + 0x100);
    assert_int_equal(fwsim_uart_expect_line(m, NULL, "three", FWSIM_MS(20)),
                     FWSIM_ETIMEDOUT);
    assert_string_equal(
        fwsim_failure(m),
        "uart0: the line \"three\" has not come within 20 ms\n"
        "  came      \"one\\n\"\n"
        "            \"two\\n\"\n"
        "            \"th\"\n"
        "  ended     0.021000 s: a limit of the run was reached\n"
        "  events    0.001000 s  rest     no model: read of 0x40000100\n"
        "            0.004000 s  uart0    \"one\"\n"
        "            0.006000 s  pin      led goes high\n"
        "            0.010000 s  uart0    \"two\"\n"
        "            0.012000 s  uart0    \"th\"");
    assert_int_equal(fwsim_uart_expect(m, "uart9", "x", 1), FWSIM_ENOENT);
    assert_string_equal(fwsim_failure(m), fwsim_errmsg(m));
}

/* ------------------------------------------------------------------ */
/* Pins                                                                 */
/* ------------------------------------------------------------------ */

static void a_level_is_reached_by_its_deadline(void **state)
{
    fwsim_machine *m = bench_machine(state);

    play(m, "xx\x81x\x80");
    OK(fwsim_pin_expect(m, "led", false, 0));
    OK(fwsim_pin_expect(m, "led", true, FWSIM_MS(3)));
    assert_int_equal(fwsim_time_ns(m), FWSIM_MS(3));
    assert_int_equal(fwsim_pin_expect(m, "led", false, FWSIM_US(1999)),
                     FWSIM_ETIMEDOUT);
    assert_string_equal(fwsim_errmsg(m),
                        "led: is not low within 1.999 ms; it is high all the "
                        "time (0.004999 s, limit)");
    OK(fwsim_pin_expect(m, "led", false, FWSIM_US(1)));
}

static void a_level_is_held(void **state)
{
    fwsim_machine *m = bench_machine(state);

    play(m, "\x81xxx\x80xx\x81");
    run_ns(m, FWSIM_MS(1));
    OK(fwsim_pin_expect_held(m, "led", true, FWSIM_MS(3)));
    assert_int_equal(fwsim_pin_expect_held(m, "led", true, FWSIM_MS(3)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, "led: is not held high for 3 ms; it goes low after 1 ms");
    assert_int_equal(fwsim_pin_expect_held(m, "led", true, FWSIM_MS(3)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, "it is low (0.005000 s)");
    assert_int_equal(fwsim_time_ns(m), FWSIM_MS(5));
}

static void edges_are_counted(void **state)
{
    fwsim_machine *m = bench_machine(state);

    play(m, "\x81\x80\x81\x80");
    OK(fwsim_pin_expect_edges(m, "led", 3, 3, FWSIM_US(3500)));
    play(m, "xxxx");
    OK(fwsim_pin_expect_edges(m, "led", 1, 9, FWSIM_US(3500)));
    play(m, "\x81\x80\x81\x80");
    assert_int_equal(fwsim_pin_expect_edges(m, "led", 0, 1, FWSIM_S(1)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, "led: not 0 to 1 edges in 1 s");
    assert_errmsg(m, "1 rising and 1 falling");
    assert_int_equal(fwsim_pin_expect_edges(m, "led", 9, 9, FWSIM_MS(50)),
                     FWSIM_ETIMEDOUT);
    assert_int_equal(fwsim_pin_expect_edges(m, "led", 2, 1, FWSIM_S(1)),
                     FWSIM_EINVAL);
}

/** High for 1 of 4 steps. */
static void play_pulses(fwsim_machine *m, unsigned n)
{
    while (n--)
        play(m, "\x81\x80\xff\xff");
}

static void duty_and_rate_are_those_of_whole_cycles(void **state)
{
    fwsim_machine *m = bench_machine(state);
    fwsim_wave wave;

    play_pulses(m, 30);
    OK(fwsim_pin_expect_duty(m, "led", 0.25, 0, FWSIM_US(17300)));
    OK(fwsim_pin_expect_rate(m, "led", 250, 0, FWSIM_US(17300)));
    assert_int_equal(
        fwsim_pin_expect_rate(m, "led", 300, 0.1, FWSIM_US(17300)),
        FWSIM_ETIMEDOUT);
    assert_errmsg(m, "led: has not 300 Hz +- 10 % in 17.3 ms");
    assert_errmsg(m, ": 250 Hz, 25 % high");
    assert_int_equal(
        fwsim_pin_expect_duty(m, "led", 0.5, 0.2, FWSIM_US(17300)),
        FWSIM_ETIMEDOUT);
    assert_errmsg(m, "led: is not high 50 % +- 20 % of 17.3 ms");
    OK(fwsim_pin_measure(m, "led", FWSIM_MS(10), &wave));
    assert_int_equal(wave.time_ns, FWSIM_MS(10));
    assert_int_equal(wave.shortest_ns, FWSIM_MS(1));
    assert_int_equal(wave.longest_ns, FWSIM_MS(3));
}

static void a_pin_that_does_not_blink_has_no_rate(void **state)
{
    fwsim_machine *m = bench_machine(state);

    play(m, "\x81");
    assert_int_equal(fwsim_pin_expect_rate(m, "led", 1, 1, FWSIM_S(1)),
                     FWSIM_ETIMEDOUT);
    OK(fwsim_pin_expect_duty(m, "led", 1, 0, FWSIM_S(1)));
}

static void arguments_that_make_no_sense_are_refused(void **state)
{
    fwsim_machine *m = bench_machine(state);
    fwsim_wave wave;

    assert_int_equal(fwsim_pin_expect(m, "lad", true, 1), FWSIM_ENOENT);
    assert_int_equal(fwsim_pin_expect_rate(m, "led", 0, 0, 1), FWSIM_EINVAL);
    assert_int_equal(fwsim_pin_expect_rate(m, "led", 1, -1, 1), FWSIM_EINVAL);
    assert_int_equal(fwsim_pin_expect_duty(m, "led", 50, 1, 1), FWSIM_EINVAL);
    assert_int_equal(fwsim_pin_measure(m, "led", 0, &wave), FWSIM_EINVAL);
    assert_int_equal(fwsim_exception_expect(m, 15, 2, 1, 1), FWSIM_EINVAL);
    assert_int_equal(fwsim_uart_expect_line(m, "led", "", 1), FWSIM_ENOENT);
}

static void on_byte(fwsim_machine *m, const char *name, uint8_t byte,
                    void *user)
{
    int *results = user;

    (void)byte;
    results[0] = fwsim_uart_expect_line(m, name, "x", 1);
    results[1] = fwsim_pin_expect(m, "led", true, 1);
    results[2] = fwsim_exception_expect(m, 15, 0, 1, 1);
    results[3] = fwsim_journal_enable(m, 1);
}

static void expectations_are_not_legal_in_a_callback(void **state)
{
    fwsim_machine *m = bench_machine(state);
    int results[4] = { 0 };

    OK(fwsim_on_uart(m, NULL, on_byte, results));
    play(m, "x");
    run_ns(m, FWSIM_MS(2));
    for (int i = 0; i < 4; i++)
        assert_int_equal(results[i], FWSIM_EBUSY);
}

static void expectations_do_not_change_the_run(void **state)
{
    fwsim_machine *m = bench_machine(state);
    fwsim_machine *plain = new_machine(&board, NULL);

    play(plain, "ab\n\x81\x80> ");
    run_ns(plain, FWSIM_MS(20));
    play(m, "ab\n\x81\x80> ");
    OK(fwsim_uart_expect_line(m, NULL, "ab", FWSIM_S(1)));
    OK(fwsim_pin_expect(m, "led", true, FWSIM_S(1)));
    OK(fwsim_uart_expect_prompt(m, NULL, "> ", FWSIM_S(1)));
    run_ns(m, FWSIM_MS(20) - fwsim_time_ns(m));
    assert_int_equal(fwsim_hash(m), fwsim_hash(plain));
    fwsim_free(plain);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_line_is_found_when_its_end_has_come),
        TEST(a_part_of_a_line_is_no_line),
        TEST(a_line_without_an_end_is_shown_to_be_a_prompt),
        TEST(a_pattern_gives_its_groups),
        TEST(a_pattern_that_is_none_is_refused),
        TEST(a_prompt_is_followed_by_silence),
        TEST(a_prompt_may_be_waited_for_without_end),
        TEST(names_that_are_none_have_a_remedy),
        TEST(the_first_wrong_byte_ends_the_run),
        TEST(silence_lasts_for_the_time_given),
        TEST(going_back_consumes_what_was_sent),
        TEST(the_failure_tells_the_story),
        TEST(a_level_is_reached_by_its_deadline),
        TEST(a_level_is_held),
        TEST(edges_are_counted),
        TEST(duty_and_rate_are_those_of_whole_cycles),
        TEST(a_pin_that_does_not_blink_has_no_rate),
        TEST(arguments_that_make_no_sense_are_refused),
        TEST(expectations_are_not_legal_in_a_callback),
        TEST(expectations_do_not_change_the_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
