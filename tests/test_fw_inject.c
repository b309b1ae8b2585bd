/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults that firmware sees: each kind, with a command of inject_guest.c that
 * shows it; that equal faults give equal runs, and what a snapshot does to
 * them.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

static const char image[] = FWSIM_TEST_FIRMWARE_DIR "/inject_guest.elf";

static fwsim_machine *booted(const fwsim_options *opt)
{
    fwsim_machine *m = new_machine(fwsim_board_find("bbc_microbit"), opt);

    OK(fwsim_load(m, image, NULL));
    OK(fwsim_uart_expect(m, NULL, "ready\n", FWSIM_MS(20)));
    return m;
}

static int setup(void **state)
{
    *state = booted(NULL);
    return 0;
}

static int inject(fwsim_machine *m, const char *text)
{
    int id = fwsim_inject_text(m, text);

    if (id < 0)
        fail_msg("%s: %s", text, fwsim_errmsg(m));
    return id;
}

/** Send a command; the answer begins with this line. */
static void answers(fwsim_machine *m, const char *command, const char *answer)
{
    OK(fwsim_uart_send(m, NULL, command, strlen(command)));
    OK(fwsim_uart_expect(m, NULL, answer, FWSIM_MS(200)));
}

static fwsim_inject_state state_of(fwsim_machine *m, size_t index)
{
    fwsim_inject_state s;

    assert_true(fwsim_inject_get(m, index, &s));
    return s;
}

/* ------------------------------------------------------------------ */
/* Memory and registers                                                 */
/* ------------------------------------------------------------------ */

static void a_bit_of_ram_flips(void **test)
{
    fwsim_machine *m = *test;

    inject(m, "flip:ram:word:2");
    answers(m, "r", "word 11111115\n");
    answers(m, "w", "word 22222222\n");
    answers(m, "r", "word 22222222\n");
    assert_int_equal(state_of(m, 0).hits, 1);
}

static void a_bit_in_the_last_byte_of_a_word_flips(void **test)
{
    fwsim_machine *m = *test;

    inject(m, "flip:ram:word:31");
    answers(m, "r", "word 91111111\n");
}

static void a_bit_of_flash_flips(void **test)
{
    fwsim_machine *m = *test;

    answers(m, "f", "flash written\n");
    answers(m, "d", "data 01010101\n");
    inject(m, "flip:flash:0x1f004:1");
    answers(m, "d", "data 01010103\n");
}

static void a_stuck_bit_of_ram_stays_whatever_is_written(void **test)
{
    fwsim_machine *m = *test;

    inject(m, "stuck:ram:word:0:0");
    answers(m, "r", "word 11111110\n");
    inject(m, "stuck:ram:word:3:1");
    answers(m, "r", "word 11111118\n");
    answers(m, "w", "word 2222222a\n");
    answers(m, "r", "word 2222222a\n");
    assert_int_equal(state_of(m, 1).hits, 2);
    OK(fwsim_inject_clear(m));
    answers(m, "w", "word 22222222\n");
}

static void a_stuck_bit_holds_against_the_host_as_well(void **test)
{
    const fwsim_symbol *word = fwsim_symbol_find(*test, "word");
    fwsim_machine *m = *test;
    uint32_t value = 0;

    inject(m, "stuck:ram:word:0:1");
    run_ns(m, FWSIM_US(1));
    OK(fwsim_mem_write(m, word->addr, &value, sizeof value));
    OK(fwsim_mem_read(m, word->addr, &value, sizeof value));
    assert_int_equal(value, 1);
}

static void a_bit_of_a_register_flips_at_a_function(void **test)
{
    fwsim_machine *m = *test;

    answers(m, "s", "sum 00000037\n");
    inject(m, "flip:reg:r0:0@sum"); /* n: 10 becomes 11 */
    answers(m, "s", "sum 00000042\n");
    answers(m, "s", "sum 00000037\n");
}

static void the_third_visit_of_a_function_is_meant(void **test)
{
    fwsim_machine *m = *test;

    inject(m, "flip:reg:r0:0@sum*3");
    answers(m, "s", "sum 00000037\n");
    answers(m, "s", "sum 00000037\n");
    answers(m, "s", "sum 00000042\n");
    answers(m, "s", "sum 00000037\n");
}

static void a_stuck_bit_of_a_register_of_a_peripheral_is_read(void **test)
{
    fwsim_machine *m = *test;

    /* RXD, bit 1: 'a' is read as 'c'. */
    inject(m, "stuck:io:0x40002518:1:1");
    answers(m, "a", "heard c\n");
}

static void a_stuck_bit_of_a_register_of_a_peripheral_is_written(void **test)
{
    fwsim_machine *m = *test;

    inject(m, "stuck:io:0x4000251c:1:1"); /* TXD */
    answers(m, "x", "jgcrf"); /* "heard" */
}

/* ------------------------------------------------------------------ */
/* Instructions                                                         */
/* ------------------------------------------------------------------ */

/** Instructions from a command to where its function begins. */
static uint64_t instructions_to(fwsim_machine *m, const char *command,
                                const char *at)
{
    char text[64];
    fwsim_inject_state s;

    snprintf(text, sizeof text, "irq:spurious:20@%s", at);
    inject(m, text);
    OK(fwsim_uart_send(m, NULL, command, 1));
    run_ns(m, FWSIM_MS(5));
    s = state_of(m, 0);
    assert_int_equal(s.hits, 1);
    OK(fwsim_inject_clear(m));
    return s.first_instruction;
}

static void faults_hit_the_very_instruction(void **test)
{
    fwsim_machine *m = *test;
    const fwsim_symbol *sum = fwsim_symbol_find(m, "sum");
    fwsim_snapshot *s;
    uint64_t n;
    char text[64];

    OK(fwsim_snapshot_take(m, &s));
    n = instructions_to(m, "s", "sum");
    for (uint64_t k = 0; k < 2; k++) {
        OK(fwsim_snapshot_restore(m, s));
        snprintf(text, sizeof text, "irq:spurious:20@%llu",
                 (unsigned long long)(n + k));
        inject(m, text);
        OK(fwsim_uart_send(m, NULL, "s", 1));
        run_ns(m, FWSIM_MS(5));
        assert_int_equal(state_of(m, 0).first_instruction, n + k);
        assert_int_equal(state_of(m, 0).first_pc, sum->addr + 2 * k);
        OK(fwsim_inject_clear(m));
    }
    fwsim_snapshot_free(s);
}

static void each_instruction_of_a_function_can_be_skipped(void **test)
{
    fwsim_machine *m = *test;
    fwsim_snapshot *s;
    unsigned other = 0;

    OK(fwsim_snapshot_take(m, &s));
    for (unsigned at = 0; at < 16; at += 2) {
        const char *out;
        char text[64];

        OK(fwsim_snapshot_restore(m, s));
        OK(fwsim_uart_clear(m, NULL));
        snprintf(text, sizeof text, "skip@sum+%u", at);
        inject(m, text);
        OK(fwsim_uart_send(m, NULL, "s", 1));
        run_ns(m, FWSIM_MS(5));
        out = fwsim_uart_output(m, NULL, NULL);
        other += !strstr(out, "sum 00000037\n");
        OK(fwsim_inject_clear(m));
    }
    /* The loop is in there: most of it matters. */
    assert_in_range(other, 3, 8);
    fwsim_snapshot_free(s);
}

static void a_fault_happens_at_a_time_while_the_core_sleeps(void **test)
{
    fwsim_machine *m = *test;
    char text[64];

    snprintf(text, sizeof text, "flip:ram:word:0@%lluns",
             (unsigned long long)(fwsim_time_ns(m) + FWSIM_US(700)));
    inject(m, text);
    run_ns(m, FWSIM_MS(2));
    assert_in_range(state_of(m, 0).first_ns,
                    state_of(m, 0).fault.at, state_of(m, 0).fault.at + 100);
}

/* ------------------------------------------------------------------ */
/* Buses and lines                                                      */
/* ------------------------------------------------------------------ */

static void the_nth_access_to_memory_is_a_bus_error(void **test)
{
    fwsim_machine *m = *test;

    /* It is written, then read. */
    inject(m, "buserror:word+4#3");
    answers(m, "w", "word 22222222\n");
    OK(fwsim_uart_send(m, NULL, "r", 1));
    fwsim_stop stop;
    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(10) }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_FAULT);
    assert_int_equal(state_of(m, 0).hits, 1);
    assert_int_equal(state_of(m, 0).seen, 3);
    /* On the way out of the stop comes the handler of the firmware. */
    OK(fwsim_uart_expect(m, NULL, "fault\n", FWSIM_MS(10)));
}

static void only_writes_are_bus_errors(void **test)
{
    fwsim_machine *m = *test;
    fwsim_stop stop;

    inject(m, "buserror:word+4:write#*");
    answers(m, "r", "word 11111111\n");
    OK(fwsim_uart_send(m, NULL, "w", 1));
    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(10) }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_FAULT);
}

static void an_access_to_a_peripheral_is_a_bus_error(void **test)
{
    fwsim_machine *m = *test;
    fwsim_stop stop;

    inject(m, "buserror:0x40003000+0x1000");
    answers(m, "r", "word 11111111\n");
    OK(fwsim_uart_send(m, NULL, "i", 1));
    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(10) }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_FAULT);
}

static void an_i2c_start_is_not_acknowledged(void **test)
{
    fwsim_machine *m = *test;

    inject(m, "nack:start:twi0#2");
    answers(m, "i", "i2c ok 00000000\n");
    answers(m, "i", "i2c error 00000002\n"); /* ANACK */
    answers(m, "i", "i2c ok 00000000\n");
}

static void an_i2c_byte_is_not_acknowledged(void **test)
{
    fwsim_machine *m = *test;

    inject(m, "nack:byte:twi0#2");
    answers(m, "i", "i2c error 00000004\n"); /* DNACK */
    answers(m, "i", "i2c ok 00000000\n");
}

static void an_interrupt_is_lost(void **test)
{
    fwsim_machine *m = *test;

    answers(m, "t", "interrupts 00000003\n");
    inject(m, "irq:lost:8#2");
    answers(m, "t", "interrupts 00000001\n");
}

static void an_interrupt_comes_late(void **test)
{
    fwsim_machine *m = *test;

    /* The line is high until the handler has run: three in two. */
    inject(m, "irq:late:8:60us#1");
    answers(m, "t", "interrupts 00000003\n");
    OK(fwsim_inject_clear(m));
    inject(m, "irq:late:8:5ms#3");
    answers(m, "t", "interrupts 00000002\n");
}

static void an_interrupt_comes_that_nobody_asked_for(void **test)
{
    fwsim_machine *m = *test;
    const fwsim_symbol *count = fwsim_symbol_find(m, "interrupts");
    uint32_t n = 0;

    answers(m, "t", "interrupts 00000003\n");
    inject(m, "irq:spurious:8");
    run_ns(m, FWSIM_MS(1));
    OK(fwsim_mem_read(m, count->addr, &n, sizeof n));
    assert_int_equal(n, 4);
}

static void bytes_to_the_firmware_are_dropped_and_corrupted(void **test)
{
    fwsim_machine *m = *test;

    inject(m, "drop:rx:uart0#1");
    answers(m, "ab", "heard b\n");
    inject(m, "corrupt:rx:uart0:1#2x2");
    answers(m, "aaaa", "heard a\nheard c\nheard c\nheard a\n");
}

typedef struct event_lines {
    char text[2000];
} event_lines;

static void put_event(const char *line, void *user)
{
    event_lines *e = user;
    size_t used = strlen(e->text);

    snprintf(e->text + used, sizeof e->text - used, "%s\n", line);
}

static void hits_are_among_the_last_events(void **test)
{
    fwsim_machine *m = *test;
    event_lines e = { "" };

    OK(fwsim_journal_enable(m, 32));
    inject(m, "corrupt:rx:uart0:1#2x2");
    answers(m, "aaaa", "heard a\nheard c\nheard c\nheard a\n");
    fwsim_journal_print(m, 0, put_event, &e);
    /* Both bytes, in a row. */
    assert_non_null(strstr(e.text, "fault    corrupt:rx:uart0:1#2x2, 2 times"));
    assert_non_null(strstr(e.text, "\"heard c\""));
}

static void bytes_from_the_firmware_are_dropped_and_corrupted(void **test)
{
    fwsim_machine *m = *test;

    inject(m, "drop:tx:uart0#1x2");
    inject(m, "corrupt:tx:uart0:0#3");
    answers(m, "x", "`rd x\n");
}

/* ------------------------------------------------------------------ */
/* Clocks and power                                                     */
/* ------------------------------------------------------------------ */

static unsigned measured(fwsim_machine *m)
{
    unsigned loops;

    OK(fwsim_uart_clear(m, NULL));
    OK(fwsim_uart_send(m, NULL, "m", 1));
    run_ns(m, FWSIM_MS(10));
    assert_int_equal(sscanf(fwsim_uart_output(m, NULL, NULL), "loops %x",
                            &loops), 1);
    return loops;
}

static void a_clock_that_drifts_is_fast_by_so_much(void **test)
{
    fwsim_machine *m = *test;
    unsigned right = measured(m), fast, slow;
    int id = inject(m, "drift:io:timer0:100000");

    fast = measured(m);
    assert_in_range(right, fast * 11 / 10 - 8, fast * 11 / 10 + 8);
    OK(fwsim_inject_remove(m, id));
    inject(m, "drift:io:timer0:-100000");
    slow = measured(m);
    assert_in_range(right, slow * 9 / 10 - 8, slow * 9 / 10 + 8);
}

static void a_drift_survives_a_reset_and_ends_when_it_is_removed(void **test)
{
    fwsim_machine *m = *test;
    unsigned right = measured(m);
    int id = inject(m, "drift:io:timer0:200000");

    run_ns(m, 1000);
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    run_ns(m, FWSIM_MS(5));
    assert_true(measured(m) < right * 9 / 10);
    OK(fwsim_inject_remove(m, id));
    assert_int_equal(measured(m), right);
}

static void the_power_goes_ram_is_lost_and_flash_is_kept(void **test)
{
    fwsim_machine *m = *test;

    answers(m, "f", "flash written\n");
    answers(m, "w", "word 22222222\n");
    inject(m, "cut");
    OK(fwsim_uart_expect(m, NULL, "ready\n", FWSIM_MS(20)));
    answers(m, "r", "word 11111111\n");
    answers(m, "d", "data 01010101\n");
}

static void a_brown_out_keeps_ram_or_loses_it(void **test)
{
    const uint32_t place = 0x20003000;
    fwsim_machine *m = *test;
    uint32_t value = 0x12345678, now;

    OK(fwsim_mem_write(m, place, &value, sizeof value));
    inject(m, "brownout:keep");
    OK(fwsim_uart_expect(m, NULL, "ready\n", FWSIM_MS(20)));
    OK(fwsim_mem_read(m, place, &now, sizeof now));
    assert_int_equal(now, value);
    inject(m, "brownout:lose");
    OK(fwsim_uart_expect(m, NULL, "ready\n", FWSIM_MS(20)));
    OK(fwsim_mem_read(m, place, &now, sizeof now));
    assert_int_equal(now, 0);
}

static void a_cut_can_be_a_reason_to_stop(void **test)
{
    fwsim_machine *m = booted(&(fwsim_options){ .stop_at_reset = true });
    fwsim_stop stop;

    (void)test;
    inject(m, "cut");
    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(1) }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_RESET);
    assert_string_equal(stop.text, "the power was cut");
    fwsim_free(m);
}

static uint32_t flash_word(fwsim_machine *m, uint32_t addr)
{
    uint32_t value;

    OK(fwsim_mem_read(m, addr, &value, sizeof value));
    return value;
}

static void a_cut_leaves_a_word_half_programmed(void **test)
{
    fwsim_machine *m = *test;
    uint32_t word;

    inject(m, "cut:flash:5#3"); /* after the erase and the first word */
    OK(fwsim_uart_send(m, NULL, "f", 1));
    OK(fwsim_uart_expect(m, NULL, "ready\n", FWSIM_MS(100)));
    assert_int_equal(flash_word(m, 0x1f000), 0);
    word = flash_word(m, 0x1f004);
    /* Bits that had to be cleared were, or not; the others are set. */
    assert_int_equal(word & 0x01010101, 0x01010101);
    assert_int_not_equal(word, 0xffffffff);
    assert_int_not_equal(word, 0x01010101);
    assert_int_equal(flash_word(m, 0x1f008), 0xffffffff);
}

static void with_seed_0_nothing_is_programmed(void **test)
{
    fwsim_machine *m = *test;

    inject(m, "cut:flash:0#3");
    OK(fwsim_uart_send(m, NULL, "f", 1));
    OK(fwsim_uart_expect(m, NULL, "ready\n", FWSIM_MS(100)));
    assert_int_equal(flash_word(m, 0x1f000), 0);
    assert_int_equal(flash_word(m, 0x1f004), 0xffffffff);
}

static void a_cut_leaves_a_page_half_erased(void **test)
{
    fwsim_machine *m = *test;
    unsigned ones = 0;

    answers(m, "f", "flash written\n");
    inject(m, "cut:flash:9#1");
    OK(fwsim_uart_send(m, NULL, "f", 1));
    OK(fwsim_uart_expect(m, NULL, "ready\n", FWSIM_MS(100)));
    ones = (unsigned)__builtin_popcount(flash_word(m, 0x1f000));
    assert_in_range(ones, 4, 28);
}

/* ------------------------------------------------------------------ */
/* Determinism, snapshots                                               */
/* ------------------------------------------------------------------ */

static const char *const kinds[] = {
    "flip:ram:0x20003000:2@3ms", "flip:flash:0x1e000:1",
    "flip:reg:r0:0@sum",     "stuck:ram:word:3:1",
    "stuck:io:0x40002518:1:1", "buserror:word+4#2",
    "nack:start:twi0#1",     "nack:byte:twi0#2",
    "irq:lost:8#2",          "irq:late:8:60us#1",
    "irq:spurious:8",        "drop:rx:uart0#2",
    "drop:tx:uart0#3",       "corrupt:rx:uart0:1#3",
    "corrupt:tx:uart0:1#3",  "skip@sum+8",
    "drift:core:30000",      "drift:io:timer0:-50000",
    "brownout:keep@2ms",     "cut@25000",
    "cut:flash:3#2",
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/** Everything the guest can do, with this fault: its state and its output. */
static uint64_t hash_with(fwsim_machine *m, const fwsim_snapshot *s,
                          const char *text)
{
    uint64_t hash;

    OK(fwsim_snapshot_restore(m, s));
    OK(fwsim_inject_clear(m));
    OK(fwsim_uart_clear(m, NULL));
    if (text)
        inject(m, text);
    OK(fwsim_uart_send(m, NULL, "wsitfdmr", 8));
    run_ns(m, FWSIM_MS(100));
    hash = fwsim_hash(m);
    for (const char *c = fwsim_uart_output(m, NULL, NULL); *c; c++)
        hash = (hash ^ (uint8_t)*c) * 0x100000001b3u;
    return hash;
}

static void the_same_text_gives_the_same_fingerprint(void **test)
{
    fwsim_machine *m = *test, *fresh;
    fwsim_snapshot *s, *t;
    uint64_t without, hash[KINDS];

    OK(fwsim_snapshot_take(m, &s));
    without = hash_with(m, s, NULL);
    for (size_t i = 0; i < KINDS; i++) {
        hash[i] = hash_with(m, s, kinds[i]);
        assert_int_equal(state_of(m, 0).fault.kind, (int)i);
        if (hash[i] == without || !state_of(m, 0).hits)
            fail_msg("%s makes no difference", kinds[i]);
    }
    assert_int_equal(KINDS, FWSIM_INJECT_KINDS);
    fresh = booted(NULL);
    OK(fwsim_snapshot_take(fresh, &t));
    for (size_t i = KINDS; i-- > 0;)
        if (hash_with(fresh, t, kinds[i]) != hash[i])
            fail_msg("%s differs from run to run", kinds[i]);
    assert_true(hash_with(m, s, NULL) == without);
    fwsim_snapshot_free(s);
    fwsim_snapshot_free(t);
    fwsim_free(fresh);
}

static void a_restored_fault_happens_again(void **test)
{
    fwsim_machine *m = *test;
    fwsim_snapshot *s;
    uint64_t hash;

    inject(m, "drop:rx:uart0#2");
    inject(m, "stuck:ram:word:3:1@1ms");
    OK(fwsim_uart_send(m, NULL, "a", 1));
    run_ns(m, FWSIM_MS(3));
    OK(fwsim_snapshot_take(m, &s)); /* one byte is counted */
    assert_int_equal(state_of(m, 0).seen, 1);
    OK(fwsim_uart_send(m, NULL, "bcw", 3));
    run_ns(m, FWSIM_MS(10));
    hash = fwsim_hash(m);
    assert_int_equal(state_of(m, 0).hits, 1);
    OK(fwsim_snapshot_restore(m, s));
    assert_int_equal(state_of(m, 0).seen, 1);
    assert_int_equal(state_of(m, 0).hits, 0);
    OK(fwsim_uart_send(m, NULL, "bcw", 3));
    run_ns(m, FWSIM_MS(10));
    assert_true(fwsim_hash(m) == hash);
    fwsim_snapshot_free(s);
}

static void a_fault_that_was_armed_later_begins_anew(void **test)
{
    fwsim_machine *m = *test;
    fwsim_snapshot *s;

    OK(fwsim_snapshot_take(m, &s));
    inject(m, "flip:ram:word:0");
    answers(m, "r", "word 11111110\n");
    OK(fwsim_snapshot_restore(m, s));
    assert_int_equal(state_of(m, 0).hits, 0);
    answers(m, "r", "word 11111110\n");
    OK(fwsim_snapshot_restore(m, s));
    OK(fwsim_inject_clear(m));
    answers(m, "r", "word 11111111\n");
    fwsim_snapshot_free(s);
}

static void progress_goes_through_a_file(void **test)
{
    static const char path[] = "test_fw_inject.snap";
    fwsim_machine *m = *test, *other;
    fwsim_snapshot *s;
    uint64_t hash;

    inject(m, "drop:rx:uart0#2");
    OK(fwsim_uart_send(m, NULL, "a", 1));
    run_ns(m, FWSIM_MS(3));
    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_snapshot_save(s, path));
    fwsim_snapshot_free(s);
    OK(fwsim_uart_send(m, NULL, "bc", 2));
    run_ns(m, FWSIM_MS(3));
    hash = fwsim_hash(m);
    other = new_machine(fwsim_board_find("bbc_microbit"), NULL);
    OK(fwsim_snapshot_load(other, path, &s));
    inject(other, "drop:rx:uart0#2");
    OK(fwsim_snapshot_restore(other, s));
    OK(fwsim_uart_send(other, NULL, "bc", 2));
    run_ns(other, FWSIM_MS(3));
    assert_true(fwsim_hash(other) == hash);
    fwsim_snapshot_free(s);
    fwsim_free(other);
    remove(path);
}

/** Cuts at every instruction, one after the other: none upsets the machine. */
static void the_power_can_go_at_any_instruction(void **test)
{
    fwsim_machine *m = *test;
    uint64_t first = fwsim_instructions(m);
    fwsim_snapshot *s;

    OK(fwsim_uart_send(m, NULL, "f", 1));
    OK(fwsim_snapshot_take(m, &s));
    for (uint64_t n = first; n < first + 4000; n += 61) {
        char text[64];

        OK(fwsim_snapshot_restore(m, s));
        OK(fwsim_inject_clear(m));
        OK(fwsim_uart_clear(m, NULL));
        snprintf(text, sizeof text, "cut@%llu", (unsigned long long)n);
        inject(m, text);
        OK(fwsim_uart_expect(m, NULL, "ready\n", FWSIM_MS(100)));
        assert_int_equal(state_of(m, 0).first_instruction, n);
    }
    fwsim_snapshot_free(s);
}

/** The image of a guest for AArch64, where there is a compiler for it. */
static void moments_are_exact_on_aarch64_as_well(void **test)
{
    static const char guest[] = FWSIM_TEST_FIRMWARE_DIR "/a64_interrupts.elf";
    fwsim_machine *m = new_machine(fwsim_board_find("virt"), NULL);
    fwsim_snapshot *s;

    (void)test;
    if (fwsim_load(m, guest, NULL)) {
        print_message("SKIPPED: %s\n", fwsim_errmsg(m));
        fwsim_free(m);
        skip();
    }
    OK(fwsim_snapshot_take(m, &s));
    for (uint64_t n = 50; n < 250; n += 13) {
        uint64_t pc[2], hash[2];
        char text[64];

        OK(fwsim_inject_clear(m));
        snprintf(text, sizeof text, "skip@%llu", (unsigned long long)n);
        inject(m, text);
        for (int i = 0; i < 2; i++) {
            OK(fwsim_snapshot_restore(m, s));
            run_instructions(m, 1000);
            assert_int_equal(state_of(m, 0).first_instruction, n);
            pc[i] = state_of(m, 0).first_pc;
            hash[i] = fwsim_hash(m);
        }
        assert_true(pc[0] == pc[1] && hash[0] == hash[1]);
        /* The same place by steps. */
        OK(fwsim_inject_clear(m));
        OK(fwsim_snapshot_restore(m, s));
        for (uint64_t k = 0; k < n; k++)
            OK(fwsim_step(m, NULL));
        OK(fwsim_cpu_read(m, "pc", &hash[0]));
        assert_true(hash[0] == pc[0]);
    }
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

static void arm_in_hook(fwsim_machine *m, const char *uart, uint8_t byte,
                        void *user)
{
    int *results = user;

    (void)uart;
    (void)byte;
    results[0] = fwsim_inject_text(m, "cut");
    results[1] = fwsim_inject_clear(m);
    results[2] = fwsim_inject_remove(m, 1);
}

static void faults_are_not_armed_in_a_callback(void **test)
{
    fwsim_machine *m = *test;
    int results[3] = { 0 };

    OK(fwsim_on_uart(m, NULL, arm_in_hook, results));
    answers(m, "x", "heard");
    for (int i = 0; i < 3; i++)
        assert_int_equal(results[i], FWSIM_EBUSY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, free_machine)
    const struct CMUnitTest tests[] = {
        TEST(a_bit_of_ram_flips),
        TEST(a_bit_in_the_last_byte_of_a_word_flips),
        TEST(a_bit_of_flash_flips),
        TEST(a_stuck_bit_of_ram_stays_whatever_is_written),
        TEST(a_stuck_bit_holds_against_the_host_as_well),
        TEST(a_bit_of_a_register_flips_at_a_function),
        TEST(the_third_visit_of_a_function_is_meant),
        TEST(a_stuck_bit_of_a_register_of_a_peripheral_is_read),
        TEST(a_stuck_bit_of_a_register_of_a_peripheral_is_written),
        TEST(faults_hit_the_very_instruction),
        TEST(each_instruction_of_a_function_can_be_skipped),
        TEST(a_fault_happens_at_a_time_while_the_core_sleeps),
        TEST(the_nth_access_to_memory_is_a_bus_error),
        TEST(only_writes_are_bus_errors),
        TEST(an_access_to_a_peripheral_is_a_bus_error),
        TEST(an_i2c_start_is_not_acknowledged),
        TEST(an_i2c_byte_is_not_acknowledged),
        TEST(an_interrupt_is_lost),
        TEST(an_interrupt_comes_late),
        TEST(an_interrupt_comes_that_nobody_asked_for),
        TEST(bytes_to_the_firmware_are_dropped_and_corrupted),
        TEST(hits_are_among_the_last_events),
        TEST(bytes_from_the_firmware_are_dropped_and_corrupted),
        TEST(a_clock_that_drifts_is_fast_by_so_much),
        TEST(a_drift_survives_a_reset_and_ends_when_it_is_removed),
        TEST(the_power_goes_ram_is_lost_and_flash_is_kept),
        TEST(a_brown_out_keeps_ram_or_loses_it),
        TEST(a_cut_can_be_a_reason_to_stop),
        TEST(a_cut_leaves_a_word_half_programmed),
        TEST(with_seed_0_nothing_is_programmed),
        TEST(a_cut_leaves_a_page_half_erased),
        TEST(the_same_text_gives_the_same_fingerprint),
        TEST(a_restored_fault_happens_again),
        TEST(a_fault_that_was_armed_later_begins_anew),
        TEST(progress_goes_through_a_file),
        TEST(the_power_can_go_at_any_instruction),
        cmocka_unit_test(moments_are_exact_on_aarch64_as_well),
        TEST(faults_are_not_armed_in_a_callback),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
