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

static bool peek(void *user, uint32_t addr, unsigned width, uint32_t pc,
                 uint32_t *value)
{
    (void)user;
    (void)pc;
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_poll_is_left_with_the_bit_it_waits_for),
        TEST(a_field_is_compared_as_a_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
