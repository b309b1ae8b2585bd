/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzing: each verdict, with a guest that does what a packet says
 * (firmware/fuzz_guest.c); ends of runs; feedback. */
#include "support.h"

#include "fwsim_periph.h"
#include "peripherals.h"

#include <stdlib.h>
#include <string.h>

#define GUEST FWSIM_TEST_FIRMWARE_DIR "/fuzz_guest.elf"

enum { MAP = 1 << 16 };

/* An MPS2 in small, with flash in place of RAM at 0: its image is protected. */
static const fwsim_memory memory[] = {
    { "flash", 0, 0x40000, FWSIM_MEM_FLASH, .controller = "fmc" },
    { "ram", 0x20000000, 0x10000, FWSIM_MEM_RAM },
    { 0 }
};
static const fwsim_slot periphs[] = {
    { "uart0", &cmsdk_uart, 0x40004000, .irq = { 0, 1, 2 } },
    { "fmc", &plain_flash, .param = (const uint32_t[]) { 0, 0x10000 } },
    { 0 }
};
static const fwsim_soc soc = {
    .name = "fuzz_soc", .cpu = "cortex-m3", .clock_hz = 25000000,
    .irq_lines = 32, .memory = memory, .periph = periphs
};
static const fwsim_board board = {
    .name = "fuzz_board", .soc = &soc, .console = "uart0"
};

typedef struct fixture {
    fwsim_machine *m;
    fwsim_fuzz *fuzz;
} fixture;

static fwsim_machine *boot(void)
{
    fwsim_machine *m = new_machine(&board, NULL);

    OK(fwsim_load(m, GUEST, NULL));
    OK(fwsim_uart_expect(m, NULL, "ready\n", FWSIM_S(1)));
    return m;
}

static fixture fuzzed(const fwsim_fuzz_options *opt)
{
    fixture x = { .m = boot() };
    fwsim_machine *m = x.m;

    OK(fwsim_fuzz_new(&x.fuzz, m, opt));
    return x;
}

static void done(fixture *x)
{
    fwsim_fuzz_free(x->fuzz);
    fwsim_free(x->m);
}

static fwsim_fuzz_result run(fixture *x, const char *data, size_t size)
{
    fwsim_fuzz_result r;
    fwsim_machine *m = x->m;

    OK(fwsim_fuzz_run(x->fuzz, data, size, &r));
    return r;
}

/** parse() of this text. */
static fwsim_fuzz_result call(const fwsim_fuzz_options *more, const char *text)
{
    fwsim_fuzz_options opt = more ? *more : (fwsim_fuzz_options){ 0 };
    fwsim_fuzz_result r;
    fixture x;

    opt.function = "parse";
    x = fuzzed(&opt);
    r = run(&x, text, strlen(text));
    r.text = r.stop.text = NULL;
    done(&x);
    return r;
}

#define VERDICT(result, name)                                                  \
    assert_string_equal(fwsim_verdict_name((result).verdict), name)

static void finds(const fwsim_fuzz_options *opt, const char *text,
                  const char *verdict)
{
    fwsim_fuzz_result r = call(opt, text);

    VERDICT(r, verdict);
    assert_true(r.finding);
    assert_int_not_equal(r.backtrace_hash, 0);
}

/* ------------------------------------------------------------------ */
/* Verdicts                                                             */
/* ------------------------------------------------------------------ */

static void a_function_that_returns_is_done(void **state)
{
    fwsim_fuzz_result r = call(NULL, "z");

    (void)state;
    VERDICT(r, "done");
    assert_false(r.finding);
    assert_int_equal(r.taken, 1);
    assert_in_range(r.instructions, 3, 100);
}

static void a_fault_is_found(void **state)
{
    (void)state;
    finds(NULL, "f", "fault");
}

static void a_lockup_is_found(void **state)
{
    (void)state;
    finds(NULL, "l", "lockup");
}

static void a_stack_that_grows_into_variables_is_found(void **state)
{
    (void)state;
    finds(NULL, "s", "stack-overflow");
}

static void a_stack_limit_of_the_user_counts(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .function = "parse",
                                              .stack_limit = 0x2000f000 });
    fwsim_fuzz_result r = run(&x, "s", 1);
    uint64_t sp;
    fwsim_machine *m = x.m;

    (void)state;
    VERDICT(r, "stack-overflow");
    OK(fwsim_cpu_read(m, "sp", &sp));
    /* One frame of recurse() at most: 256 bytes of it, and what it saves. */
    assert_in_range(sp, 0x2000f000 - 512, 0x2000f000 + 16);
    done(&x);
}

static void a_stack_without_limit_ends_in_a_fault(void **state)
{
    (void)state;
    finds(&(fwsim_fuzz_options){ .stack_limit = FWSIM_FUZZ_NO_STACK }, "s",
          "fault");
}

static void a_write_to_protected_flash_is_found(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .function = "parse" });
    fwsim_fuzz_result r = run(&x, "w", 1);

    (void)state;
    VERDICT(r, "flash-write");
    assert_int_equal(r.address, 0x100);
    assert_non_null(strstr(r.text, "0x00000100"));
    done(&x);
}

static void a_write_that_flash_takes_is_found_when_asked_for(void **state)
{
    (void)state;
    VERDICT(call(NULL, "W"), "done");
    finds(&(fwsim_fuzz_options){ .flash_writes = true }, "W", "flash-write");
    VERDICT(call(&(fwsim_fuzz_options){ .flash_writes = true }, "z"), "done");
}

static void execution_from_ram_is_found_when_asked_for(void **state)
{
    (void)state;
    finds(&(fwsim_fuzz_options){ .ram_execution = true }, "x",
          "ram-execution");
    VERDICT(call(&(fwsim_fuzz_options){ .ram_execution = true }, "z"), "done");
    VERDICT(call(NULL, "x"), "done");
}

static void abort_is_found(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .function = "parse" });
    fwsim_fuzz_result r = run(&x, "a", 1);

    (void)state;
    VERDICT(r, "assert");
    assert_int_equal(r.pc, fwsim_symbol_find(x.m, "abort")->addr);
    assert_non_null(strstr(r.text, "abort"));
    done(&x);
}

static void the_usual_asserts_can_be_left_out(void **state)
{
    (void)state;
    finds(&(fwsim_fuzz_options){ .no_usual_asserts = true,
                                 .instructions = 10000 },
          "a", "budget");
}

static void an_assert_of_the_user_is_found(void **state)
{
    static const char *const names[] = { "complain", NULL };

    (void)state;
    finds(&(fwsim_fuzz_options){ .asserts = names }, "c", "assert");
}

static void a_symbol_that_ends_a_run_is_no_finding(void **state)
{
    static const char *const names[] = { "complain", NULL };

    (void)state;
    VERDICT(call(&(fwsim_fuzz_options){ .ends = names }, "c"), "done");
}

static void a_breakpoint_is_found(void **state)
{
    (void)state;
    finds(NULL, "b", "breakpoint");
}

static void a_loop_without_end_is_a_timeout(void **state)
{
    (void)state;
    finds(&(fwsim_fuzz_options){ .time_ns = FWSIM_MS(1) }, "t", "timeout");
}

static void a_loop_without_end_may_run_out_of_instructions(void **state)
{
    fwsim_fuzz_result r =
        call(&(fwsim_fuzz_options){ .instructions = 5000 }, "t");

    (void)state;
    VERDICT(r, "budget");
    assert_in_range(r.instructions, 5000, 5010);
}

static void what_is_tolerated_is_no_finding(void **state)
{
    fwsim_fuzz_result r = call(
        &(fwsim_fuzz_options){ .tolerated = 1u << FWSIM_VERDICT_FAULT }, "f");

    (void)state;
    VERDICT(r, "fault");
    assert_false(r.finding);
    assert_int_equal(r.backtrace_hash, 0);
}

static void findings_are_told_apart_by_their_functions(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .function = "parse" });
    uint64_t one = run(&x, "f", 1).backtrace_hash;

    (void)state;
    assert_int_equal(run(&x, "f and more", 10).backtrace_hash, one);
    assert_int_not_equal(run(&x, "F", 1).backtrace_hash, one);
    done(&x);
}

/* ------------------------------------------------------------------ */
/* Where input goes                                                     */
/* ------------------------------------------------------------------ */

static void bytes_of_a_uart_are_parsed(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .uart = "" });
    fwsim_fuzz_result r = run(&x, "\1f", 2);

    (void)state;
    VERDICT(r, "fault");
    assert_int_equal(r.taken, 2);
    done(&x);
}

static void firmware_that_polls_a_uart_in_vain_has_exhausted_its_input(
    void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .uart = "uart0" });
    fwsim_fuzz_result r = run(&x, "\2zz\3zzz\5z", 9);
    uint32_t packets;
    fwsim_machine *m = x.m;

    (void)state;
    VERDICT(r, "exhausted");
    assert_false(r.finding);
    assert_int_equal(r.taken, 9);
    /* Both packets were handled, and answered, before the run ended. */
    OK(fwsim_mem_read(m, fwsim_symbol_find(m, "packets")->addr, &packets, 4));
    assert_int_equal(packets, 2);
    assert_string_equal(fwsim_uart_output(m, NULL, NULL), "ok\nok\n");
    assert_in_range(r.instructions, 100, 20000);
    done(&x);
}

static void no_input_at_all_is_exhausted_at_once(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .uart = "" });

    (void)state;
    VERDICT(run(&x, NULL, 0), "exhausted");
    done(&x);
}

static void a_buffer_gets_bytes_and_their_number(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .buffer = "packet",
                                              .length = "packet_size",
                                              .instructions = 10000 });
    fwsim_machine *m = x.m;

    (void)state;
    assert_int_equal(fwsim_fuzz_max_size(x.fuzz), 64);
    VERDICT(run(&x, "f", 1), "fault");
    VERDICT(run(&x, "z", 1), "budget");
    assert_int_equal(fwsim_fuzz_run(x.fuzz, m, 65, NULL), FWSIM_ENOSPC);
    assert_errmsg(m, "65 bytes");
    done(&x);
}

static int choose(fwsim_fuzz *f, fwsim_machine *m, const uint8_t *data,
                  size_t size, void *user)
{
    (void)f;
    *(size_t *)user = size;
    return size > 3 ? FWSIM_ERANGE : fwsim_uart_send(m, NULL, data, size);
}

static void a_harness_puts_the_input_itself(void **state)
{
    size_t seen = 0;
    fixture x = fuzzed(&(fwsim_fuzz_options){ .input = choose,
                                              .user = &seen,
                                              .time_ns = FWSIM_MS(2) });

    (void)state;
    VERDICT(run(&x, "\1f", 2), "fault");
    assert_int_equal(seen, 2);
    assert_int_equal(fwsim_fuzz_run(x.fuzz, "four", 4, NULL), FWSIM_ERANGE);
    done(&x);
}

static void on_block(fwsim_machine *m, uint64_t pc, unsigned size, void *user)
{
    fwsim_fuzz **fuzz = user;
    uint8_t bytes[3];

    (void)m;
    (void)pc;
    (void)size;
    assert_in_range(fwsim_fuzz_take(*fuzz, bytes, sizeof bytes), 0, 3);
}

static void a_model_of_the_harness_takes_input_until_there_is_none(void **state)
{
    fixture x = { .m = boot() };
    fwsim_machine *m = x.m;
    fwsim_fuzz_result r;

    (void)state;
    OK(fwsim_fuzz_new(&x.fuzz, m, NULL));
    assert_true(fwsim_on_block(m, on_block, &x.fuzz) > 0);
    r = run(&x, "1234567", 7);
    VERDICT(r, "exhausted");
    assert_int_equal(r.taken, 7);
    done(&x);
}

static void an_input_of_100_megabytes_is_refused(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .uart = "" });
    size_t size = 100u << 20;
    char *data = calloc(1, size);

    (void)state;
    assert_non_null(data);
    assert_int_equal(fwsim_fuzz_run(x.fuzz, data, size, NULL), FWSIM_ENOSPC);
    assert_errmsg(x.m, "at most 65536");
    free(data);
    done(&x);
}

/* ------------------------------------------------------------------ */
/* Options that are wrong                                               */
/* ------------------------------------------------------------------ */

static void refused(const fwsim_fuzz_options *opt, int code, const char *text)
{
    fwsim_machine *m = boot();
    fwsim_fuzz *fuzz;

    assert_int_equal(fwsim_fuzz_new(&fuzz, m, opt), code);
    assert_null(fuzz);
    assert_errmsg(m, text);
    fwsim_free(m);
}

static void wrong_options_are_named(void **state)
{
    static const char *const names[] = { "complian", NULL };

    (void)state;
    refused(&(fwsim_fuzz_options){ .uart = "uart9" }, FWSIM_ENOENT, "uart9");
    refused(&(fwsim_fuzz_options){ .function = "pasre" }, FWSIM_ENOENT,
            "did you mean parse?");
    refused(&(fwsim_fuzz_options){ .asserts = names }, FWSIM_ENOENT,
            "did you mean complain?");
    refused(&(fwsim_fuzz_options){ .stream = "" }, FWSIM_EINVAL,
            "fwsim_infer_enable");
    refused(&(fwsim_fuzz_options){ .length = "packet_size" }, FWSIM_EINVAL,
            "buffer");
    refused(&(fwsim_fuzz_options){ .buffer = "parse", .buffer_size = 4 },
            FWSIM_EFAULT, "not in RAM");
    refused(&(fwsim_fuzz_options){ .buffer = "0x20000000" }, FWSIM_EINVAL,
            "buffer_size");
    refused(&(fwsim_fuzz_options){ .buffer = "packet", .buffer_size = 65 },
            FWSIM_EINVAL, "64 bytes, not 65");
    refused(&(fwsim_fuzz_options){ .buffer = "packet", .length = "packet" },
            FWSIM_EINVAL, "no integer");
}

static void a_machine_is_fuzzed_once_at_a_time(void **state)
{
    fixture x = fuzzed(NULL);
    fwsim_machine *m = x.m;
    fwsim_fuzz *second;

    (void)state;
    assert_int_equal(fwsim_fuzz_new(&second, m, NULL), FWSIM_EINVAL);
    fwsim_fuzz_free(x.fuzz);
    OK(fwsim_fuzz_new(&x.fuzz, m, NULL));
    done(&x);
}

/* ------------------------------------------------------------------ */
/* Feedback                                                             */
/* ------------------------------------------------------------------ */

static uint8_t map[MAP], other[MAP];

static size_t filled(const uint8_t *bytes)
{
    size_t n = 0;

    for (size_t i = 0; i < MAP; i++)
        n += bytes[i] != 0;
    return n;
}

/** Bytes of the map that a run fills which one with @a before does not. */
static size_t gain(fixture *x, const char *before, const char *now, size_t size)
{
    size_t n = 0;

    memset(map, 0, MAP);
    run(x, before, size);
    memcpy(other, map, MAP);
    memset(map, 0, MAP);
    run(x, now, size);
    for (size_t i = 0; i < MAP; i++)
        n += map[i] && !other[i];
    return n;
}

static void each_byte_of_a_magic_value_shows_in_the_map(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .function = "parse" });
    fwsim_machine *m = x.m;

    (void)state;
    OK(fwsim_fuzz_map_set(x.fuzz, map, MAP));
    assert_int_equal(gain(&x, "m....xxx", "m.,..xxx", 8), 0);
    assert_int_equal(gain(&x, "m....xxx", "m!...xxx", 8), 1);
    assert_int_equal(gain(&x, "m!...xxx", "m!Z..xxx", 8), 1);
    assert_int_equal(gain(&x, "m!Z..xxx", "m!ZY.xxx", 8), 1);
    assert_int_equal(gain(&x, "m....xxx", "m...Mxxx", 8), 1);
    done(&x);
}

static void each_byte_of_a_memcmp_shows_in_the_map(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .function = "parse" });
    fwsim_machine *m = x.m;

    (void)state;
    OK(fwsim_fuzz_map_set(x.fuzz, map, MAP));
    assert_true(gain(&x, "M.........", "MP........", 9) > 0);
    assert_true(gain(&x, "MPASSWO.......", "MPASSWOR......", 9) > 0);
    done(&x);
}

static void without_compares_only_edges_count(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .function = "parse",
                                              .no_compares = true });
    fwsim_machine *m = x.m;

    (void)state;
    OK(fwsim_fuzz_map_set(x.fuzz, map, MAP));
    assert_int_equal(gain(&x, "m....xxx", "m!...xxx", 8), 0);
    assert_true(gain(&x, "z", "m", 1) > 0);
    done(&x);
}

typedef struct pair {
    uint8_t a[64], b[64];
    size_t size;
    unsigned count;
} pair;

static void keep_pair(const uint8_t *a, const uint8_t *b, size_t size,
                      void *user)
{
    pair *p = user;

    p->count++;
    if (size != p->size)
        return;
    memcpy(p->a, a, size);
    memcpy(p->b, b, size);
}

static void operands_are_told(void **state)
{
    fixture x = fuzzed(&(fwsim_fuzz_options){ .function = "parse" });
    pair word = { .size = 4 }, text = { .size = 8 };

    (void)state;
    fwsim_fuzz_on_compare(x.fuzz, keep_pair, &word);
    run(&x, "mabcdxxx", 8);
    assert_memory_equal(word.a, "abcd", 4);
    assert_memory_equal(word.b, "!ZYM", 4);
    fwsim_fuzz_on_compare(x.fuzz, keep_pair, &text);
    run(&x, "Mabcdefgh", 9);
    assert_memory_equal(text.a, "abcdefgh", 8);
    assert_memory_equal(text.b, "PASSWORD", 8);
    fwsim_fuzz_on_compare(x.fuzz, NULL, NULL);
    text.count = 0;
    run(&x, "Mabcdefgh", 9);
    assert_int_equal(text.count, 0);
    done(&x);
}

static void an_input_gives_the_same_map_and_fingerprint_again(void **state)
{
    static const char *const inputs[] = { "f", "s", "l", "mabcdxxx", "zz", "w" };
    fixture x = fuzzed(&(fwsim_fuzz_options){ .function = "parse" });
    fwsim_machine *m = x.m;
    uint64_t hash[6];
    static uint8_t maps[6][MAP];

    (void)state;
    OK(fwsim_fuzz_map_set(x.fuzz, map, MAP));
    for (size_t i = 0; i < 18; i++) {
        size_t k = i < 6 ? i : (i * 5) % 6;

        memset(map, 0, MAP);
        run(&x, inputs[k], strlen(inputs[k]));
        if (i < 6) {
            hash[k] = fwsim_hash(m);
            memcpy(maps[k], map, MAP);
            assert_true(filled(map) > 2);
        } else {
            assert_int_equal(fwsim_hash(m), hash[k]);
            assert_memory_equal(map, maps[k], MAP);
        }
    }
    done(&x);
}

static void take_line(const char *line, void *user)
{
    char *text = user;

    strncat(text, line, 8191 - strlen(text));
    strncat(text, "\n", 8191 - strlen(text));
}

static void the_story_has_verdict_backtrace_and_last_events(void **state)
{
    static char text[8192];
    fixture x = { .m = boot() };
    fwsim_machine *m = x.m;
    fwsim_fuzz_result r;

    (void)state;
    OK(fwsim_journal_enable(m, 32));
    OK(fwsim_fuzz_new(&x.fuzz, m, &(fwsim_fuzz_options){ .uart = "" }));
    r = run(&x, "\1z\1f", 4);
    fwsim_fuzz_report(x.fuzz, &r, take_line, text);
    assert_non_null(strstr(text, "fault: the core takes a fault exception"));
    assert_non_null(strstr(text, "4 of 4 bytes"));
    assert_non_null(strstr(text, "fuzz_guest.c"));
    assert_non_null(strstr(text, "parse"));
    assert_non_null(strstr(text, "last events:"));
    assert_non_null(strstr(text, "  uart0    "));
    done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_that_returns_is_done),
        cmocka_unit_test(a_fault_is_found),
        cmocka_unit_test(a_lockup_is_found),
        cmocka_unit_test(a_stack_that_grows_into_variables_is_found),
        cmocka_unit_test(a_stack_limit_of_the_user_counts),
        cmocka_unit_test(a_stack_without_limit_ends_in_a_fault),
        cmocka_unit_test(a_write_to_protected_flash_is_found),
        cmocka_unit_test(a_write_that_flash_takes_is_found_when_asked_for),
        cmocka_unit_test(execution_from_ram_is_found_when_asked_for),
        cmocka_unit_test(abort_is_found),
        cmocka_unit_test(the_usual_asserts_can_be_left_out),
        cmocka_unit_test(an_assert_of_the_user_is_found),
        cmocka_unit_test(a_symbol_that_ends_a_run_is_no_finding),
        cmocka_unit_test(a_breakpoint_is_found),
        cmocka_unit_test(a_loop_without_end_is_a_timeout),
        cmocka_unit_test(a_loop_without_end_may_run_out_of_instructions),
        cmocka_unit_test(what_is_tolerated_is_no_finding),
        cmocka_unit_test(findings_are_told_apart_by_their_functions),
        cmocka_unit_test(bytes_of_a_uart_are_parsed),
        cmocka_unit_test(
            firmware_that_polls_a_uart_in_vain_has_exhausted_its_input),
        cmocka_unit_test(no_input_at_all_is_exhausted_at_once),
        cmocka_unit_test(a_buffer_gets_bytes_and_their_number),
        cmocka_unit_test(a_harness_puts_the_input_itself),
        cmocka_unit_test(a_model_of_the_harness_takes_input_until_there_is_none),
        cmocka_unit_test(an_input_of_100_megabytes_is_refused),
        cmocka_unit_test(wrong_options_are_named),
        cmocka_unit_test(a_machine_is_fuzzed_once_at_a_time),
        cmocka_unit_test(each_byte_of_a_magic_value_shows_in_the_map),
        cmocka_unit_test(each_byte_of_a_memcmp_shows_in_the_map),
        cmocka_unit_test(without_compares_only_edges_count),
        cmocka_unit_test(operands_are_told),
        cmocka_unit_test(an_input_gives_the_same_map_and_fingerprint_again),
        cmocka_unit_test(the_story_has_verdict_backtrace_and_last_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
