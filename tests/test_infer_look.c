/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look-ahead on pieces of code (tests/firmware/look_snippets.S) whose outcome
 * can be told by reading them: which values are found, and how they end.
 */
#include <stdlib.h>
#include <string.h>

#include "images.h"
#include "infer/look_run.h"
#include "support.h"

#define RAM 0x20000000u
#define DEVICE 0x40001000u
#define OTHER (DEVICE + 4)

enum { RAM_SIZE = 0x4000, SP = 0x20003000, VARIABLE = 0x20000100 };

static struct {
    fwsim_image *img;
    uint8_t ram[RAM_SIZE];
    fwsim__look_memory memory[2];
    fwsim__look_world world;
    fwsim__look_read read;
    fwsim__look_result result;
    uint32_t other; /* what the other registers give */
} t;

static bool peek(void *user, uint32_t addr, unsigned width,
                 uint32_t *value)
{
    (void)user;
    (void)width;
    *value = t.other;
    return addr - DEVICE < 0x400 || addr >= 0xe0000000;
}

static uint32_t symbol(const char *name)
{
    const fwsim_symbol *s = fwsim_image_symbol(t.img, name);

    assert_non_null(s);
    return (uint32_t)s->addr & ~1u;
}

static int setup(void **state)
{
    const fwsim_segment *segments;

    (void)state;
    memset(&t, 0, sizeof(t));
    t.img = image_open_ok(GUEST("look_snippets"));
    assert_true(fwsim_image_segments(t.img, &segments) >= 1);
    t.memory[0] = (fwsim__look_memory){ (uint32_t)segments[0].addr,
                                        (uint32_t)segments[0].size,
                                        segments[0].data, false };
    t.memory[1] = (fwsim__look_memory){ RAM, RAM_SIZE, t.ram, true };
    t.world = (fwsim__look_world){ .memory = t.memory, .memory_count = 2,
                                   .peek = peek };
    t.read = (fwsim__look_read){
        .regs = { [1] = DEVICE, [2] = OTHER, [3] = VARIABLE, [13] = SP,
                  [14] = symbol("returned_to") | 1 },
        .xpsr = 0x01000000,
        .addr = DEVICE,
        .width = 4,
        .block = DEVICE,
        .block_size = 0x400,
        .max_paths = 32,
        .max_instructions = 300,
        .budget = 12000,
    };
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fwsim_image_free(t.img);
    return 0;
}

/** Look ahead from a piece of code; the RAM must stay as it is. */
static void look(const char *name, uint32_t base)
{
    uint8_t before[RAM_SIZE];

    memcpy(before, t.ram, sizeof(before));
    t.read.regs[15] = symbol(name);
    t.read.base = base;
    fwsim__look(&t.world, &t.read, &t.result);
    assert_memory_equal(before, t.ram, sizeof(before));
    assert_true(t.result.paths >= 1);
    assert_int_equal(t.result.path[0].value, base);
    assert_int_equal(t.result.gap_pc, 0);
}

static const fwsim__look_path *path_of(uint32_t value)
{
    for (unsigned i = 0; i < t.result.paths; i++)
        if (t.result.path[i].value == value)
            return &t.result.path[i];
    fail_msg("0x%x was not tried", value);
    return NULL;
}

static void assert_end(uint32_t value, fwsim__look_end end)
{
    static const char *const names[] = { "LIMIT", "EXIT", "IDLE", "SPIN",
                                         "WAIT",  "DEAD", "WILD", "GAP" };
    const fwsim__look_path *p = path_of(value);

    if (p->end != end)
        fail_msg("0x%x ends at 0x%x with %s, not %s", value, p->end_pc,
                 names[p->end], names[end]);
}

/** A poll: the base value spins, another one leaves. */
static void assert_poll(const char *name, uint32_t base, uint32_t leaves)
{
    look(name, base);
    assert_end(base, FWSIM__LOOK_SPIN);
    assert_end(leaves, FWSIM__LOOK_LIMIT);
    assert_true(t.result.complete);
}

static void a_poll_is_left_with_the_bit_it_waits_for(void **state)
{
    (void)state;
    assert_poll("poll_set", 0, 0x20);
    assert_int_equal(t.result.tested, 0x20);
    assert_false(t.result.compared);
    assert_poll("poll_set", 0x40, 0x60);
    assert_poll("poll_clear", 0xffffffff, 0xffffffef);
    assert_int_equal(t.result.tested, 0x10);
    assert_poll("poll_cbz", 0, 0x100);
    assert_poll("poll_sign", 0, 0x80000000);
    assert_poll("poll_inverted", 0x30, 0x38);
}

static void a_field_is_compared_as_a_whole(void **state)
{
    (void)state;
    assert_poll("poll_field", 0, 2);
    assert_true(t.result.compared);
    assert_int_equal(t.result.tested, 3);
    assert_poll("poll_shifted", 0x80000000, 0x80005000);
    assert_poll("poll_ubfx", 0, 11 << 9);
    assert_poll("poll_above", 0x50, 0x60);
    t.read.width = 1;
    assert_poll("poll_byte", 0, 0x41);
}


static void bits_are_followed_through_memory_and_conditions(void **state)
{
    (void)state;
    /* Bytes 0 and 1 of the word are anded: bits 1 and 9 are needed. */
    look("poll_spread", 0x200);
    assert_end(0x200, FWSIM__LOOK_SPIN);
    assert_end(0x202, FWSIM__LOOK_LIMIT);
    assert_poll("poll_it", 0, 0x40);
}

static void a_loop_that_reads_two_registers_is_a_poll(void **state)
{
    (void)state;
    assert_poll("poll_two", 0, 1);
    assert_true(path_of(0)->reads >= 1);
}

static void a_loop_that_writes_another_register_is_no_spin(void **state)
{
    (void)state;
    look("poll_twice", 0);
    assert_end(0, FWSIM__LOOK_LIMIT);
    assert_end(1, FWSIM__LOOK_LIMIT);
    assert_true(path_of(0)->own_writes > 0);
}

static void fixed_bits_never_change(void **state)
{
    (void)state;
    t.read.fixed = 0x20;
    look("poll_set", 0);
    assert_int_equal(t.result.paths, 1);
    assert_true(t.result.complete);
}

static void a_loop_with_a_time_out_spins(void **state)
{
    (void)state;
    t.read.regs[5] = 5000;
    t.read.regs[15] = symbol("timeout_register") + 4;
    fwsim__look(&t.world, &t.read, &t.result);
    assert_end(0, FWSIM__LOOK_SPIN);
    assert_end(2, FWSIM__LOOK_LIMIT);
    assert_int_equal(path_of(2)->polls, 0);
}

static void the_same_on_the_stack(void **state)
{
    (void)state;
    t.read.regs[13] = SP - 4;
    t.ram[SP - 4 - RAM] = 0x88;
    t.ram[SP - 3 - RAM] = 0x13;
    t.read.regs[15] = symbol("timeout_stack") + 6;
    fwsim__look(&t.world, &t.read, &t.result);
    assert_end(0, FWSIM__LOOK_SPIN);
    assert_end(2, FWSIM__LOOK_LIMIT);
}

static void a_wait_in_another_place_is_no_spin(void **state)
{
    (void)state;
    look("set_then_clear", 0);
    assert_end(0, FWSIM__LOOK_SPIN);
    assert_end(4, FWSIM__LOOK_LIMIT);
    assert_true(path_of(4)->polls > 0);
}

static void a_few_samples_are_no_time_out(void **state)
{
    (void)state;
    t.read.regs[5] = 3;
    t.read.regs[15] = symbol("few_samples") + 2;
    fwsim__look(&t.world, &t.read, &t.result);
    assert_end(0, FWSIM__LOOK_LIMIT);
    assert_end(2, FWSIM__LOOK_LIMIT);
    assert_int_equal(path_of(0)->polls, 2);
}

static void reads_without_a_test_are_no_poll(void **state)
{
    (void)state;
    t.read.regs[5] = 200;
    t.read.regs[15] = symbol("drained") + 2;
    fwsim__look(&t.world, &t.read, &t.result);
    assert_end(0, FWSIM__LOOK_LIMIT);
    assert_int_equal(t.result.tested, 0);
}

static void dead_ends_are_told_apart(void **state)
{
    (void)state;
    look("error_if_set", 0);
    assert_end(0, FWSIM__LOOK_LIMIT);
    assert_end(0x10, FWSIM__LOOK_DEAD);
    assert_int_equal(path_of(0x10)->end_pc, symbol("error_handler") + 2);
    look("breaks", 0);
    assert_end(0, FWSIM__LOOK_DEAD);
    look("faults", 0);
    assert_end(0, FWSIM__LOOK_DEAD);
    look("resets", 0);
    assert_end(0, FWSIM__LOOK_DEAD);
    look("waits_for_ram", 0);
    assert_end(0, FWSIM__LOOK_WAIT);
    look("wild", 0);
    assert_end(0, FWSIM__LOOK_WILD);
    assert_end(1, FWSIM__LOOK_LIMIT);
    look("sleeps", 0);
    assert_end(0, FWSIM__LOOK_IDLE);
}

static void an_endless_loop_of_a_caller_is_idle_with_interrupts_on(void **state)
{
    (void)state;
    t.read.regs[14] = symbol("idle_caller") | 1;
    look("idle_end", 1);
    assert_end(1, FWSIM__LOOK_IDLE);
    assert_end(0, FWSIM__LOOK_DEAD);
    assert_true(path_of(1)->returned);
    t.read.masked = true;
    look("idle_end", 1);
    assert_end(1, FWSIM__LOOK_DEAD);
}

static void a_handler_exits(void **state)
{
    (void)state;
    t.read.xpsr = 0x01000000 | 53;
    t.read.regs[14] = 0xfffffff9;
    look("handler_exit", 0);
    assert_end(0, FWSIM__LOOK_EXIT);
    assert_end(4, FWSIM__LOOK_EXIT);
    assert_false(path_of(0)->own_before_return);
    assert_true(path_of(4)->own_before_return);
    assert_int_equal(path_of(4)->own_writes, 1);
}

static void what_the_interpreter_lacks_is_reported(void **state)
{
    (void)state;
    t.read.regs[15] = symbol("lacks");
    fwsim__look(&t.world, &t.read, &t.result);
    assert_end(0, FWSIM__LOOK_GAP);
    assert_end(1, FWSIM__LOOK_LIMIT);
    assert_int_equal(t.result.gap_pc, symbol("lacking"));
}

static void all_cases_of_a_table_are_found(void **state)
{
    (void)state;
    look("table", 0);
    for (uint32_t i = 0; i < 4; i++)
        assert_end(i << 4, FWSIM__LOOK_LIMIT);
    assert_end(0x40, FWSIM__LOOK_DEAD);
    assert_int_equal(t.result.paths, 5);
    look("table_from_one", 0);
    assert_end(0, FWSIM__LOOK_DEAD);
    assert_end(2, FWSIM__LOOK_LIMIT);
    assert_end(3, FWSIM__LOOK_LIMIT);
    t.read.width = 1;
    look("table_of_addresses", 3);
    assert_end(3, FWSIM__LOOK_DEAD);
    assert_end(2, FWSIM__LOOK_LIMIT);
    assert_end(1, FWSIM__LOOK_DEAD);
    assert_end(0, FWSIM__LOOK_LIMIT);
    assert_int_equal(path_of(1)->end_pc, symbol("error_handler") + 2);
}

static void each_bit_of_a_status_word_is_tried_alone(void **state)
{
    (void)state;
    look("status_word", 0);
    assert_end(0, FWSIM__LOOK_DEAD);
    assert_end(1, FWSIM__LOOK_LIMIT);
    assert_end(0x200, FWSIM__LOOK_LIMIT);
    assert_end(0x40000, FWSIM__LOOK_LIMIT);
    assert_int_equal(t.result.paths, 4);
    assert_int_equal(t.result.tested, 0x40201);
}

static void bits_are_combined_only_when_nothing_else_gets_on(void **state)
{
    (void)state;
    look("independent_bits", 0);
    assert_int_equal(t.result.paths, 4); /* none, and each of three */
    for (unsigned i = 0; i < 4; i++)
        assert_end(i ? 1u << (i - 1) : 0, FWSIM__LOOK_LIMIT);
    look("two_bits_together", 0);
    assert_end(0, FWSIM__LOOK_SPIN);
    assert_end(1, FWSIM__LOOK_SPIN);
    assert_end(2, FWSIM__LOOK_SPIN);
    assert_end(3, FWSIM__LOOK_LIMIT);
}

static void read_modify_write_is_seen(void **state)
{
    (void)state;
    look("modifies", 0x1234);
    assert_int_equal(t.result.written_back, 0xffffff7c);
    assert_int_equal(path_of(0x1234)->own_writes, 1);
    assert_int_equal(path_of(0x1234)->writes, 1);
}

static void a_written_register_keeps_the_bits_of_the_value(void **state)
{
    (void)state;
    look("modifies_and_waits", 0);
    assert_int_equal(t.result.tested, 0x20000);
    assert_end(0, FWSIM__LOOK_LIMIT);
    assert_end(0x20000, FWSIM__LOOK_LIMIT);
    assert_int_equal(path_of(0x20000)->polls, 1);
}

static void an_acknowledgement_is_seen(void **state)
{
    (void)state;
    look("acknowledges", 0);
    assert_int_equal(t.result.cleared_back, 0x30);
    assert_int_equal(t.result.written_back, 0);
}

static void data_is_seen_on_its_way(void **state)
{
    (void)state;
    t.read.width = 1;
    look("receives", 0);
    assert_int_equal(t.result.stored, 0xff);
    look("returns_value", 0x42);
    assert_int_equal(t.result.stored, 0xff);
    assert_true(path_of(0x42)->returned);
    assert_int_equal(path_of(0x42)->result, 0x42);
    t.read.width = 4;
    look("indexes", 0);
    assert_int_equal(t.result.addressed, 3);
    assert_int_equal(t.result.stored, 0);
}

static void a_path_sees_its_own_writes(void **state)
{
    (void)state;
    look("register_written", 0);
    assert_end(0, FWSIM__LOOK_LIMIT);
    look("memory_written", 0);
    assert_end(0, FWSIM__LOOK_LIMIT);
}

static bool seen(void *user, uint32_t pc)
{
    (void)user;
    return pc != symbol("error_handler");
}

static void blocks_that_never_ran_are_counted(void **state)
{
    (void)state;
    t.world.seen = seen;
    look("error_if_set", 0);
    assert_int_equal(path_of(0)->new_blocks, 0);
    assert_int_equal(path_of(0x10)->new_blocks, 1);
}

static void limits_are_kept(void **state)
{
    (void)state;
    t.read.max_instructions = 10;
    t.read.budget = 25;
    look("status_word", 0);
    assert_true(t.result.instructions <= 25);
    assert_false(t.result.complete);
    t.read.budget = 12000;
    t.read.max_paths = 2;
    look("status_word", 0);
    assert_int_equal(t.result.paths, 2);
    assert_false(t.result.complete);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_poll_is_left_with_the_bit_it_waits_for),
        TEST(a_field_is_compared_as_a_whole),
        TEST(bits_are_followed_through_memory_and_conditions),
        TEST(a_loop_that_reads_two_registers_is_a_poll),
        TEST(a_loop_that_writes_another_register_is_no_spin),
        TEST(fixed_bits_never_change),
        TEST(a_loop_with_a_time_out_spins),
        TEST(the_same_on_the_stack),
        TEST(a_wait_in_another_place_is_no_spin),
        TEST(a_few_samples_are_no_time_out),
        TEST(reads_without_a_test_are_no_poll),
        TEST(dead_ends_are_told_apart),
        TEST(an_endless_loop_of_a_caller_is_idle_with_interrupts_on),
        TEST(a_handler_exits),
        TEST(what_the_interpreter_lacks_is_reported),
        TEST(all_cases_of_a_table_are_found),
        TEST(each_bit_of_a_status_word_is_tried_alone),
        TEST(bits_are_combined_only_when_nothing_else_gets_on),
        TEST(read_modify_write_is_seen),
        TEST(a_written_register_keeps_the_bits_of_the_value),
        TEST(an_acknowledgement_is_seen),
        TEST(data_is_seen_on_its_way),
        TEST(a_path_sees_its_own_writes),
        TEST(blocks_that_never_ran_are_counted),
        TEST(limits_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
