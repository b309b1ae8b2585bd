/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots and fingerprints: everything that decides about the future is in
 * them, and nothing else.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "fwsim_periph.h"
#include "machine/machine.h"

enum { BASE = 0x40000000, RAM = 0x20000000, FLASH = 0 };

typedef struct pot {
    fwsim_counter counter;
    uint32_t sum;
    uint32_t reserved;
} pot;

/** Mixes what it hears into its state, at random times. */
static void stir(fwsim_periph *p, uint32_t value)
{
    pot *s = fwsim_state(p);

    s->sum = s->sum * 31 + value + (uint32_t)fwsim_counter_get(p, &s->counter);
    fwsim_reg_set(p, 0, s->sum);
    fwsim_port_drive(p, s->sum % 4, s->sum & 16 ? FWSIM_PIN_HIGH : FWSIM_PIN_LOW);
    fwsim_dma_write(p, RAM + s->sum % 0x1000, &s->sum, 4);
    fwsim_uart_tx(p, (uint8_t)s->sum);
}

static void on_event(fwsim_periph *p, unsigned id)
{
    stir(p, id);
    fwsim_event_set(p, id, fwsim_random(p) % 1000 + 1);
}

static void on_rx(fwsim_periph *p, uint8_t byte)
{
    stir(p, byte);
}

static void on_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    pot *s = fwsim_state(p);

    (void)kind;
    fwsim_counter_start(p, &s->counter, 777, 10);
    fwsim_event_set(p, 1, 10);
    fwsim_event_set(p, 2, 10);
    fwsim_uart_set_byte_time(p, FWSIM_US(87));
}

static const fwsim_reg regs[] = { { "SUM", .rw = 0xffffffff }, FWSIM_REG_END };

static const fwsim_quantity inputs[] = {
    { "light", "%", 0, 0, 100 },
    { .name = NULL }
};

static const fwsim_periph_type stirrer = {
    .name = "stirrer",
    .size = 0x100,
    .regs = regs,
    .state_size = sizeof(pot),
    .inputs = inputs,
    .uart = true,
    .on_event = on_event,
    .on_rx = on_rx,
    .on_reset = on_reset,
};

/* clang-format off */
static const fwsim_soc soc = {
    .name = "test_soc",
    .clock_hz = 1000000,
    .pins = 4,
    .memory = (const fwsim_memory[]) {
        { "flash", FLASH, 0x2400, .kind = FWSIM_MEM_FLASH },
        { "ram",   RAM,   0x2000, .kind = FWSIM_MEM_RAM },
        { 0 }
    },
    .periph = (const fwsim_slot[]) {
        { "one", &stirrer, .base = BASE },
        { "two", &stirrer, .base = BASE + 0x100 },
        { 0 }
    },
};
/* clang-format on */

static const fwsim_board board = {
    .name = "test_board", .soc = &soc, .console = "one"
};
static const fwsim_board twin = {
    .name = "twin", .soc = &soc, .console = "one"
};

static int setup(void **state)
{
    return bench_setup(state, &board);
}

static void a_restored_machine_goes_on_in_the_same_way(void **test)
{
    fwsim_machine *m = ((bench *)*test)->m;
    fwsim_snapshot *s;
    uint64_t before, after;

    OK(fwsim_uart_send(m, NULL, "some text that is on its way", 28));
    run_ns(m, FWSIM_MS(1));
    OK(fwsim_snapshot_take(m, &s));
    before = fwsim_hash(m);
    run_ns(m, FWSIM_MS(50));
    after = fwsim_hash(m);
    assert_true(before != after);
    for (int i = 0; i < 3; i++) {
        OK(fwsim_snapshot_restore(m, s));
        assert_int_equal(fwsim_time_ns(m), FWSIM_MS(1));
        assert_true(fwsim_hash(m) == before);
        run_ns(m, FWSIM_MS(50));
        assert_true(fwsim_hash(m) == after);
    }
    fwsim_snapshot_free(s);
}

static void another_machine_of_the_board_takes_a_snapshot_over(void **test)
{
    fwsim_machine *m = ((bench *)*test)->m;
    fwsim_machine *other = new_machine(&board, NULL);
    fwsim_snapshot *s;

    OK(fwsim_uart_send(m, NULL, "waiting", 7));
    run_ns(m, FWSIM_US(200));
    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_snapshot_restore(other, s));
    assert_int_equal(fwsim_uart_pending(other, NULL), 5);
    run_ns(m, FWSIM_MS(5));
    run_ns(other, FWSIM_MS(5));
    assert_true(fwsim_hash(m) == fwsim_hash(other));
    fwsim_snapshot_free(s);
    fwsim_free(other);
}

static void the_same_inputs_give_the_same_fingerprint(void **test)
{
    fwsim_options seeded = { .seed = 5 };
    fwsim_machine *a = new_machine(&board, &seeded);
    fwsim_machine *b = new_machine(&board, &seeded);
    fwsim_machine *c = new_machine(&board, NULL);

    (void)test;
    run_ns(a, FWSIM_MS(30));
    run_ns(b, FWSIM_MS(30));
    run_ns(c, FWSIM_MS(30));
    assert_true(fwsim_hash(a) == fwsim_hash(b));
    assert_true(fwsim_hash(a) != fwsim_hash(c));
    fwsim_free(a);
    fwsim_free(b);
    fwsim_free(c);
}

/** One change of the state that a fingerprint must show. */
static void change_ram(fwsim_machine *m)
{
    OK(fwsim_mem_write(m, RAM + 0x1fff, "x", 1));
}

static void change_flash(fwsim_machine *m)
{
    OK(fwsim_mem_write(m, FLASH + 0x23ff, "x", 1));
}

static void change_register(fwsim_machine *m)
{
    bus_write(m, BASE + 0x100, 1);
}

static void change_pin(fwsim_machine *m)
{
    OK(fwsim_pin_set(m, "pin3", FWSIM_PIN_HIGH));
}

static void change_pull(fwsim_machine *m)
{
    OK(fwsim_pin_set(m, "pin3", FWSIM_PIN_PULL_DOWN));
}

static void change_input(fwsim_machine *m)
{
    OK(fwsim_input_set(m, "two", "light", 1));
}

static void change_waiting(fwsim_machine *m)
{
    OK(fwsim_uart_send(m, "two", "x", 1));
}

static void change_waiting_text(fwsim_machine *m)
{
    OK(fwsim_uart_send(m, "two", "y", 1));
}

static void change_time(fwsim_machine *m)
{
    run_ns(m, FWSIM_US(1));
}

static void change_random(fwsim_machine *m)
{
    fwsim_random(fwsim__periph_find(m, "one"));
}

static void change_event(fwsim_machine *m)
{
    fwsim_event_cancel(fwsim__periph_find(m, "one"), 2);
}

static void any_change_of_state_changes_the_fingerprint(void **test)
{
    static void (*const changes[])(fwsim_machine *) = {
        change_ram,     change_flash,        change_register, change_pin,
        change_pull,    change_input,        change_waiting,  change_waiting_text,
        change_time,    change_random,       change_event,
    };
    enum { COUNT = sizeof changes / sizeof *changes };
    fwsim_machine *m = ((bench *)*test)->m;
    uint64_t hash[COUNT + 1];
    fwsim_snapshot *s;

    OK(fwsim_snapshot_take(m, &s));
    hash[COUNT] = fwsim_hash(m);
    for (size_t i = 0; i < COUNT; i++) {
        changes[i](m);
        hash[i] = fwsim_hash(m);
        OK(fwsim_snapshot_restore(m, s));
        assert_true(fwsim_hash(m) == hash[COUNT]);
    }
    for (size_t i = 0; i <= COUNT; i++)
        for (size_t k = 0; k < i; k++)
            if (hash[i] == hash[k])
                fail_msg("changes %zu and %zu look the same", i, k);
    fwsim_snapshot_free(s);
}

static void host_side_state_is_not_part_of_it(void **test)
{
    fwsim_machine *m = ((bench *)*test)->m;
    uint64_t before = fwsim_hash(m);
    fwsim_snapshot *s;

    OK(fwsim_snapshot_take(m, &s));
    run_ns(m, FWSIM_MS(2));
    assert_true(strlen(fwsim_uart_output(m, NULL, NULL)) > 0);
    OK(fwsim_snapshot_restore(m, s));
    assert_true(strlen(fwsim_uart_output(m, NULL, NULL)) > 0);
    OK(fwsim_uart_clear(m, NULL));
    assert_true(fwsim_hash(m) == before);
    fwsim_snapshot_free(s);
}

static void a_snapshot_of_another_board_is_refused(void **test)
{
    fwsim_machine *m = ((bench *)*test)->m;
    fwsim_machine *other = new_machine(&twin, NULL);
    fwsim_machine *larger =
        new_machine(&board, &(fwsim_options){ .semihosting = true });
    uint64_t before = fwsim_hash(other);
    fwsim_snapshot *s;

    run_ns(m, FWSIM_MS(1));
    OK(fwsim_snapshot_take(m, &s));
    assert_int_equal(fwsim_snapshot_restore(other, s), FWSIM_ESTATE);
    assert_non_null(strstr(fwsim_errmsg(other), "it was taken with board "));
    assert_errmsg(other, "twin");
    assert_int_equal(fwsim_snapshot_restore(larger, s), FWSIM_ESTATE);
    assert_true(fwsim_hash(other) == before);
    fwsim_snapshot_free(s);
    fwsim_free(other);
    fwsim_free(larger);
}

static void take_in_hook(fwsim_machine *m, const char *uart, uint8_t byte,
                         void *user)
{
    int *results = user;
    fwsim_snapshot *s = (fwsim_snapshot *)user;

    (void)uart;
    (void)byte;
    results[0] = fwsim_snapshot_take(m, &s);
    assert_null(s);
}

static void snapshots_are_not_taken_in_a_callback(void **test)
{
    fwsim_machine *m = ((bench *)*test)->m;
    int result = 0;

    OK(fwsim_on_uart(m, NULL, take_in_hook, &result));
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(result, FWSIM_EBUSY);
    fwsim_snapshot_free(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_restored_machine_goes_on_in_the_same_way),
        TEST(another_machine_of_the_board_takes_a_snapshot_over),
        cmocka_unit_test(the_same_inputs_give_the_same_fingerprint),
        TEST(any_change_of_state_changes_the_fingerprint),
        TEST(host_side_state_is_not_part_of_it),
        TEST(a_snapshot_of_another_board_is_refused),
        TEST(snapshots_are_not_taken_in_a_callback),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
