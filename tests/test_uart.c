/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Serial lines between a model and the host: pacing, flow control, output,
 * and waiting for text.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "fwsim_periph.h"
#include "machine/machine.h"

enum { CLOCK = 1000000, BASE = 0x40000000, TX = 0x0, BYTE_US = 0x4, READY = 0x8 };

/** What has arrived, as "c@tick". */
typedef struct arrivals {
    char text[200];
    uint32_t echo;
    uint32_t next; /* a letter that is sent by the next event */
} arrivals;

static void tx_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_uart_tx(p, (uint8_t)written);
}

static void byte_time_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_uart_set_byte_time(p, written * UINT64_C(1000));
}

static void ready_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_uart_set_ready(p, written);
}

static void on_rx(fwsim_periph *p, uint8_t byte)
{
    arrivals *a = fwsim_state(p);
    size_t used = strlen(a->text);

    snprintf(a->text + used, sizeof a->text - used, "%s%c@%u", used ? " " : "",
             byte, (unsigned)fwsim_now(p));
    if (a->echo)
        fwsim_uart_tx(p, byte);
}

/** The alphabet, a letter in 10 ticks. */
static void on_event(fwsim_periph *p, unsigned id)
{
    arrivals *a = fwsim_state(p);

    fwsim_uart_tx(p, (uint8_t)('a' + a->next++ % 26));
    fwsim_event_set(p, id, 10);
}

static const fwsim_reg regs[] = {
    { "TX", TX, .wo = 0xff, .on_write = tx_written },
    { "BYTE_US", BYTE_US, .rw = 0xffff, .on_write = byte_time_written },
    { "READY", READY, .rw = 1, .reset = 1, .on_write = ready_written },
    FWSIM_REG_END
};

static const fwsim_periph_type uart = {
    .name = "test_uart",
    .size = 0x100,
    .regs = regs,
    .state_size = sizeof(arrivals),
    .uart = true,
    .on_rx = on_rx,
    .on_event = on_event,
};

static const fwsim_periph_type no_uart = { .name = "no_uart", .size = 0x100 };

/* clang-format off */
static const fwsim_soc soc = {
    .name = "test_soc",
    .clock_hz = CLOCK,
    .periph = (const fwsim_slot[]) {
        { "uart0", &uart,    .base = BASE },
        { "uart1", &uart,    .base = BASE + 0x100 },
        { "other", &no_uart, .base = BASE + 0x200 },
        { 0 }
    },
};
/* clang-format on */

static const fwsim_board board = {
    .name = "test_board", .soc = &soc, .console = "uart0"
};

static const fwsim_board silent_board = { .name = "silent", .soc = &soc };

static int setup(void **state)
{
    return bench_setup(state, &board);
}

static arrivals *arrivals_of(fwsim_machine *m)
{
    return fwsim_state(fwsim__periph_find(m, "uart0"));
}

/* ------------------------------------------------------------------ */
/* To the firmware                                                      */
/* ------------------------------------------------------------------ */

static void bytes_arrive_at_once_without_a_speed(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    OK(fwsim_uart_send(m, NULL, "abc", 3));
    assert_string_equal(arrivals_of(m)->text, "a@0 b@0 c@0");
    assert_int_equal(fwsim_uart_pending(m, NULL), 0);
}

static void bytes_arrive_at_the_pace_of_the_line(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + BYTE_US, 100);
    run_ns(m, FWSIM_US(50));
    OK(fwsim_uart_send(m, "uart0", "abc", 3));
    assert_int_equal(fwsim_uart_pending(m, "uart0"), 3);
    run_ns(m, FWSIM_US(99));
    assert_string_equal(arrivals_of(m)->text, "");
    run_ns(m, FWSIM_US(1000));
    assert_string_equal(arrivals_of(m)->text, "a@150 b@250 c@350");
}

static void a_byte_that_follows_later_waits_for_the_line_only(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + BYTE_US, 100);
    OK(fwsim_uart_send(m, NULL, "a", 1));
    run_ns(m, FWSIM_US(30));
    OK(fwsim_uart_send(m, NULL, "b", 1));
    run_ns(m, FWSIM_US(970));
    OK(fwsim_uart_send(m, NULL, "c", 1));
    run_ns(m, FWSIM_US(500));
    assert_string_equal(arrivals_of(m)->text, "a@100 b@200 c@1100");
}

static void the_firmware_can_hold_the_host_back(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + BYTE_US, 100);
    OK(fwsim_uart_send(m, NULL, "abc", 3));
    run_ns(m, FWSIM_US(150));
    /* b is on its way already. */
    bus_write(m, BASE + READY, 0);
    run_ns(m, FWSIM_US(850));
    assert_string_equal(arrivals_of(m)->text, "a@100 b@200");
    assert_int_equal(fwsim_uart_pending(m, NULL), 1);
    bus_write(m, BASE + READY, 1);
    run_ns(m, FWSIM_US(200));
    assert_string_equal(arrivals_of(m)->text, "a@100 b@200 c@1100");
}

static void held_bytes_arrive_when_the_firmware_gets_ready(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + READY, 0);
    OK(fwsim_uart_send(m, NULL, "xy", 2));
    assert_string_equal(arrivals_of(m)->text, "");
    bus_write(m, BASE + READY, 1);
    assert_string_equal(arrivals_of(m)->text, "x@0 y@0");
}

static void a_reset_keeps_bytes_on_their_way(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + BYTE_US, 100);
    OK(fwsim_uart_send(m, NULL, "abc", 3));
    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    run_ns(m, FWSIM_US(500));
    assert_int_equal(fwsim_uart_pending(m, NULL), 3);
    bus_write(m, BASE + BYTE_US, 10);
    run_ns(m, FWSIM_US(500));
    assert_string_equal(arrivals_of(m)->text, "a@510 b@520 c@530");
}

static void many_bytes_arrive_unchanged(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    uint8_t data[10000];
    size_t size;

    arrivals_of(m)->echo = 1;
    bus_write(m, BASE + BYTE_US, 1);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7);
    for (size_t at = 0; at < sizeof data; at += 1000) {
        OK(fwsim_uart_send(m, NULL, data + at, 1000));
        run_ns(m, FWSIM_US(950));
    }
    run_ns(m, FWSIM_MS(1));
    assert_non_null(fwsim_uart_output(m, NULL, &size));
    assert_int_equal(size, sizeof data);
    assert_memory_equal(fwsim_uart_output(m, NULL, NULL), data, size);
}

/* ------------------------------------------------------------------ */
/* To the host                                                          */
/* ------------------------------------------------------------------ */

static void output_is_kept_until_it_is_cleared(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    size_t size = 9;

    assert_string_equal(fwsim_uart_output(m, NULL, &size), "");
    assert_int_equal(size, 0);
    for (int i = 0; i < 1000; i++)
        bus_write(m, BASE + TX, 'a' + i % 26);
    assert_int_equal(strlen(fwsim_uart_output(m, NULL, &size)), 1000);
    assert_int_equal(size, 1000);
    assert_string_equal(fwsim_uart_output(m, "uart1", NULL), "");
    OK(fwsim_uart_clear(m, NULL));
    bus_write(m, BASE + TX, 'z');
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "z");
}

static void hear(fwsim_machine *m, const char *name, uint8_t byte, void *user)
{
    char *heard = user;

    (void)m;
    snprintf(heard + strlen(heard), 16, "%s:%c ", name, byte);
}

static void a_hook_hears_the_bytes_of_its_uart(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    char heard[100] = "";

    OK(fwsim_on_uart(m, "uart1", hear, heard));
    bus_write(m, BASE + TX, 'x');
    bus_write(m, BASE + 0x100 + TX, 'y');
    bus_write(m, BASE + 0x100 + TX, 'z');
    assert_string_equal(heard, "uart1:y uart1:z ");
}

static void answer(fwsim_machine *m, const char *name, uint8_t byte, void *user)
{
    (void)user;
    if (byte == '?')
        OK(fwsim_uart_send(m, name, "!!", 2));
}

static void a_hook_may_answer(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    arrivals_of(m)->echo = 1;
    OK(fwsim_on_uart(m, "uart0", answer, NULL));
    OK(fwsim_uart_send(m, NULL, "a?b", 3));
    assert_string_equal(arrivals_of(m)->text, "a@0 ?@0 b@0 !@0 !@0");
}

static void names_that_are_no_uart_are_refused(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    fwsim_machine *silent = new_machine(&silent_board, NULL);

    assert_int_equal(fwsim_uart_send(m, "uart9", "x", 1), FWSIM_ENOENT);
    assert_errmsg(m, "uart9");
    assert_int_equal(fwsim_uart_clear(m, "other"), FWSIM_ENOENT);
    assert_errmsg(m, "no_uart");
    assert_int_equal(fwsim_uart_pending(m, "uart9"), 0);
    assert_null(fwsim_uart_output(m, "uart9", NULL));
    assert_int_equal(fwsim_on_uart(m, "uart9", hear, NULL), FWSIM_ENOENT);
    assert_int_equal(fwsim_uart_expect(m, "uart9", "x", 1), FWSIM_ENOENT);
    assert_int_equal(fwsim_uart_send(silent, NULL, "x", 1), FWSIM_ENOENT);
    assert_errmsg(silent, "no console");
    fwsim_free(silent);
}

/* ------------------------------------------------------------------ */
/* Expect                                                               */
/* ------------------------------------------------------------------ */

static void start_alphabet(fwsim_machine *m)
{
    fwsim_event_set(fwsim__periph_find(m, "uart0"), 0, 10);
}

static void expect_stops_when_the_text_is_complete(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    start_alphabet(m);
    OK(fwsim_uart_expect(m, NULL, "cde", FWSIM_S(1)));
    assert_int_equal(fwsim_time_ns(m), FWSIM_US(50));
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "abcde");
}

static void each_expect_consumes_what_it_found(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    start_alphabet(m);
    OK(fwsim_uart_expect(m, NULL, "b", FWSIM_S(1)));
    OK(fwsim_uart_expect(m, NULL, "ab", FWSIM_S(1)));
    assert_int_equal(fwsim_time_ns(m), FWSIM_US(280));
}

static void expect_finds_what_is_there_already(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    start_alphabet(m);
    run_ns(m, FWSIM_US(60));
    OK(fwsim_uart_expect(m, NULL, "bc", 0));
    OK(fwsim_uart_expect(m, NULL, "ef", FWSIM_S(1)));
    OK(fwsim_uart_expect(m, NULL, "", 0));
    assert_int_equal(fwsim_time_ns(m), FWSIM_US(60));
    assert_int_equal(fwsim_uart_expect(m, NULL, "bc", 0), FWSIM_ETIMEDOUT);
}

static void a_text_that_does_not_come_is_a_timeout(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + TX, '\n');
    bus_write(m, BASE + TX, 0x1b);
    start_alphabet(m);
    assert_int_equal(fwsim_uart_expect(m, NULL, "abd\r", FWSIM_US(45)),
                     FWSIM_ETIMEDOUT);
    assert_int_equal(fwsim_time_ns(m), FWSIM_US(45));
    assert_errmsg(m, "uart0: \"abd\\r\"");
    assert_errmsg(m, "0.000045 s");
    assert_errmsg(m, "limit");
    assert_errmsg(m, "\"\\n\\x1babcd\"");
    /* What was not found is still there. */
    OK(fwsim_uart_expect(m, NULL, "abcde", FWSIM_S(1)));
}

static void a_long_output_is_shortened_in_the_message(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    start_alphabet(m);
    assert_int_equal(fwsim_uart_expect(m, NULL, "!", FWSIM_MS(26)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, "uvwxyz\"");
    assert_true(strlen(fwsim_errmsg(m)) < 400);
}

static void expect_names_the_reason_when_the_run_ends_early(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    assert_int_equal(fwsim_uart_expect(m, NULL, "x", 0), FWSIM_ETIMEDOUT);
    fwsim_request_stop(m);
    assert_int_equal(fwsim_uart_expect(m, NULL, "x", FWSIM_S(1)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, "request");
}

static void expect_in_hook(fwsim_machine *m, const char *name, uint8_t byte,
                           void *user)
{
    int *result = user;

    (void)byte;
    *result = fwsim_uart_expect(m, name, "x", 1);
}

static void expect_is_not_legal_in_a_callback(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    int result = 0;

    OK(fwsim_on_uart(m, NULL, expect_in_hook, &result));
    start_alphabet(m);
    run_ns(m, FWSIM_US(10));
    assert_int_equal(result, FWSIM_EBUSY);
}

static void after_an_expect_the_machine_runs_on(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    start_alphabet(m);
    OK(fwsim_uart_expect(m, NULL, "a", FWSIM_S(1)));
    assert_int_equal(run_ns(m, FWSIM_US(25)), FWSIM_STOP_LIMIT);
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "abc");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(bytes_arrive_at_once_without_a_speed),
        TEST(bytes_arrive_at_the_pace_of_the_line),
        TEST(a_byte_that_follows_later_waits_for_the_line_only),
        TEST(the_firmware_can_hold_the_host_back),
        TEST(held_bytes_arrive_when_the_firmware_gets_ready),
        TEST(a_reset_keeps_bytes_on_their_way),
        TEST(many_bytes_arrive_unchanged),
        TEST(output_is_kept_until_it_is_cleared),
        TEST(a_hook_hears_the_bytes_of_its_uart),
        TEST(a_hook_may_answer),
        TEST(names_that_are_no_uart_are_refused),
        TEST(expect_stops_when_the_text_is_complete),
        TEST(each_expect_consumes_what_it_found),
        TEST(expect_finds_what_is_there_already),
        TEST(a_text_that_does_not_come_is_a_timeout),
        TEST(a_long_output_is_shortened_in_the_message),
        TEST(expect_names_the_reason_when_the_run_ends_early),
        TEST(expect_is_not_legal_in_a_callback),
        TEST(after_an_expect_the_machine_runs_on),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
