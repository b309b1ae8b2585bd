/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: what it keeps, what it leaves out, and what it prints.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "fwsim_periph.h"

enum { BASE = 0x40000000, TX = 0x0, PIN = 0x4 };

static void tx_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_uart_tx(p, (uint8_t)written);
}

static void pin_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_port_drive(p, 1, written ? FWSIM_PIN_HIGH : FWSIM_PIN_LOW);
}

static const fwsim_reg regs[] = {
    { "TX", TX, .wo = 0xff, .on_write = tx_written },
    { "PIN", PIN, .wo = 1, .on_write = pin_written },
    FWSIM_REG_END
};

static const fwsim_periph_type device = {
    .name = "device", .size = 0x10, .regs = regs, .uart = true
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
        { "uart1", &device, .base = BASE + 0x10 },
        { 0 }
    },
};
/* clang-format on */

static const fwsim_board board = {
    .name = "board", .soc = &soc, .console = "uart0"
};

static int setup(void **state)
{
    return bench_setup(state, &board);
}

static void say(fwsim_machine *m, unsigned uart, const char *text)
{
    for (; *text; text++)
        bus_write(m, BASE + 0x10 * uart + TX, (uint8_t)*text);
}

typedef struct lines {
    size_t count;
    char text[2000];
} lines;

static void put(const char *line, void *user)
{
    lines *l = user;

    l->count++;
    snprintf(l->text + strlen(l->text), sizeof l->text - strlen(l->text),
             "%s\n", line);
}

static void assert_journal(fwsim_machine *m, size_t last, const char *expected)
{
    lines l = { 0 };
    size_t n = fwsim_journal_print(m, last, put, &l);

    assert_string_equal(l.text, expected);
    assert_int_equal(n, l.count);
}

static void it_is_off_until_it_is_wanted(void **state)
{
    fwsim_machine *m = bench_machine(state);

    say(m, 0, "unheard\n");
    fwsim_journal_note(m, "test", "unheard");
    assert_int_equal(fwsim_journal_entries(m), 0);
    assert_journal(m, 0, "");
    OK(fwsim_uart_expect(m, NULL, "heard", 0));
    assert_int_equal(fwsim_journal_entries(m), FWSIM_JOURNAL_ENTRIES);
    say(m, 0, "heard\n");
    assert_journal(m, 0, "0.000000 s  uart0    \"heard\"\n");
    OK(fwsim_journal_enable(m, 0));
    say(m, 0, "unheard\n");
    assert_journal(m, 0, "");
    OK(fwsim_journal_enable(m, 2));
    assert_journal(m, 0, "");
}

static void the_oldest_events_make_room(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_journal_enable(m, 3));
    say(m, 0, "1\n2\n3\n4\n5\n");
    assert_journal(m, 0,
                   "0.000000 s  uart0    \"3\"\n"
                   "0.000000 s  uart0    \"4\"\n"
                   "0.000000 s  uart0    \"5\"\n");
    assert_journal(m, 1, "0.000000 s  uart0    \"5\"\n");
}

static void lines_of_two_uarts_stay_whole(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_journal_enable(m, 8));
    say(m, 0, "a");
    say(m, 1, "1");
    run_ns(m, FWSIM_MS(1));
    say(m, 0, "b\r\n");
    say(m, 1, "2\x1b\n");
    run_ns(m, FWSIM_MS(1));
    say(m, 1, "3");
    assert_journal(m, 0,
                   "0.001000 s  uart0    \"ab\"\n"
                   "0.001000 s  uart1    \"12\\x1b\"\n"
                   "0.002000 s  uart1    \"3\"\n");
}

static void a_long_line_takes_more_entries(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_journal_enable(m, 8));
    for (int i = 0; i < 7; i++)
        say(m, 0, "\x01" "123456789");
    say(m, 0, "\n");
    assert_journal(
        m, 0,
        "0.000000 s  uart0    \"\\x01123456789\\x01123456789\\x01123456789"
        "\\x01123456789\\x01123456789\\x01123456789\\x01123\"\n"
        "0.000000 s  uart0    \"456789\"\n");
}

static void what_repeats_shares_an_entry(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_journal_enable(m, 8));
    run_ns(m, FWSIM_MS(1));
    for (int i = 0; i < 100; i++) {
        (void)bus_read(m, BASE + 0x100);
        run_ns(m, FWSIM_MS(1));
    }
    (void)bus_read(m, BASE + 0x104);
    bus_write(m, BASE + 0x104, 7);
    assert_journal(m, 0,
                   "0.100000 s  rest     no model: read of 0x40000100, 100 "
                   "times since 0.001000 s\n"
                   "0.101000 s  rest     no model: read of 0x40000104\n"
                   "0.101000 s  rest     no model: write of 0x7 to "
                   "0x40000104\n");
}

static void pins_resets_and_notes_are_kept(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_journal_enable(m, 8));
    bus_write(m, BASE + PIN, 1);
    say(m, 0, "cut");
    fwsim_journal_note(m, "a_name_that_is_too_long", "brown-out");
    OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
    assert_journal(m, 0,
                   "0.000000 s  pin      pin1 goes high\n"
                   "0.000000 s  a_name_that_is_ brown-out\n"
                   "0.000000 s  uart0    \"cut\"\n"
                   "0.000000 s  chip     reset: power-on\n"
                   "0.000000 s  pin      pin1 goes low\n");
}

static void a_note_is_cut_between_characters(void **state)
{
    fwsim_machine *m = bench_machine(state);
    char text[80], expected[120];

    OK(fwsim_journal_enable(m, 8));
    memset(text, 'x', 62);
    strcpy(text + 62, "\xc3\xa9");
    fwsim_journal_note(m, "test", text);
    snprintf(expected, sizeof expected, "0.000000 s  test     %.62s\n", text);
    assert_journal(m, 0, expected);
}

static void going_back_forgets_what_has_not_happened(void **state)
{
    fwsim_machine *m = bench_machine(state);
    fwsim_snapshot *s;

    OK(fwsim_journal_enable(m, 8));
    say(m, 0, "before\n");
    run_ns(m, FWSIM_MS(1));
    OK(fwsim_snapshot_take(m, &s));
    run_ns(m, FWSIM_MS(1));
    say(m, 0, "after\nhal");
    OK(fwsim_snapshot_restore(m, s));
    say(m, 0, "f\n");
    assert_journal(m, 0,
                   "0.000000 s  uart0    \"before\"\n"
                   "0.001000 s  uart0    \"f\"\n");
    fwsim_snapshot_free(s);
}

static void its_size_has_bounds(void **state)
{
    fwsim_machine *m = bench_machine(state);

    assert_int_equal(fwsim_journal_enable(m, 1000001), FWSIM_ERANGE);
    assert_errmsg(m, "1000000");
    OK(fwsim_journal_enable(m, 1));
    say(m, 0, "x\n");
    OK(fwsim_journal_enable(m, 1));
    assert_journal(m, 0, "0.000000 s  uart0    \"x\"\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(it_is_off_until_it_is_wanted),
        TEST(the_oldest_events_make_room),
        TEST(lines_of_two_uarts_stay_whole),
        TEST(a_long_line_takes_more_entries),
        TEST(what_repeats_shares_an_entry),
        TEST(pins_resets_and_notes_are_kept),
        TEST(a_note_is_cut_between_characters),
        TEST(going_back_forgets_what_has_not_happened),
        TEST(its_size_has_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
