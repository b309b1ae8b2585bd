/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look-ahead on drivers in C (tests/firmware/look_drivers.c) as compilers
 * translate them: -O0 and -O2 for Cortex-M3, -Os for Cortex-M0. A call begins
 * at the first instruction of a function; the look at its first read.
 */
#include <stdlib.h>
#include <string.h>

#include "images.h"
#include "infer/look_run.h"
#include "support.h"

#define RAM 0x20000000u
#define DEVICE 0x40001000u
#define SR DEVICE
#define SP 0x20003000u

enum { RAM_SIZE = 0x4000 };

typedef struct level {
    const char *path;
    bool v6m;
} level;

static const level levels[] = {
    { GUEST("look_drivers_o0"), false },
    { GUEST("look_drivers_o2"), false },
    { GUEST("look_drivers_m0"), true },
};

static struct {
    fwsim_image *img;
    const char *path;
    uint8_t ram[RAM_SIZE];
    fwsim__look_memory memory[2];
    fwsim__look_world world;
    fwsim__look_read read;
    fwsim__look_result result;
} t;

static bool peek(void *user, uint32_t addr, unsigned width,
                 uint32_t *value)
{
    (void)user;
    (void)width;
    *value = 0;
    return addr - DEVICE < 0x400;
}

static uint32_t symbol(const char *name)
{
    const fwsim_symbol *s = fwsim_image_symbol(t.img, name);

    assert_non_null(s);
    return (uint32_t)s->addr & ~1u;
}

static void open_level(const level *l)
{
    const fwsim_segment *segments;

    memset(&t, 0, sizeof(t));
    t.path = l->path;
    t.img = image_open_ok(l->path);
    assert_true(fwsim_image_segments(t.img, &segments) >= 1);
    t.memory[0] = (fwsim__look_memory){ (uint32_t)segments[0].addr,
                                        (uint32_t)segments[0].size,
                                        segments[0].data, false };
    t.memory[1] = (fwsim__look_memory){ RAM, RAM_SIZE, t.ram, true };
    t.world = (fwsim__look_world){ .memory = t.memory, .memory_count = 2,
                                   .peek = peek, .v6m = l->v6m };
}

/** Interpret up to the first read of the status register, and let the memory
 * be as it is then. */
static void run_up_to_the_read(void)
{
    static fwsim__look_run r;
    uint32_t regs[16];

    fwsim__look_prepare(&r, &t.world, &t.read, &t.result);
    fwsim__look_start(&r, 0, &t.result.path[0]);
    do {
        memcpy(regs, r.regs, sizeof(regs));
        regs[15] = r.pc;
        assert_true(fwsim__look_step(&r));
    } while (!r.progress.polls);
    memcpy(t.read.regs, regs, sizeof(regs));
    for (unsigned i = 0; i < FWSIM__LOOK_WORDS; i++)
        if (r.word[i].run == r.number)
            memcpy(t.ram + (r.word[i].addr - RAM), &r.word[i].value, 4);
}

static void look(const char *function, uint32_t lr, uint32_t exception,
                 uint32_t base)
{
    memset(t.ram, 0, sizeof(t.ram));
    t.read = (fwsim__look_read){
        .regs = { [0] = DEVICE, [13] = SP, [14] = lr,
                  [15] = symbol(function) },
        .xpsr = 0x01000000 | exception,
        .addr = SR,
        .width = 4,
        .base = base,
        .block = DEVICE,
        .block_size = 0x400,
        .max_paths = 32,
        .max_instructions = 300,
        .budget = 12000,
    };
    run_up_to_the_read();
    fwsim__look(&t.world, &t.read, &t.result);
    assert_int_equal(t.result.gap_pc, 0);
}

static const fwsim__look_path *path_of(uint32_t value)
{
    for (unsigned i = 0; i < t.result.paths; i++)
        if (t.result.path[i].value == value)
            return &t.result.path[i];
    fail_msg("%s: 0x%x was not tried", t.path, value);
    return NULL;
}

static void assert_end(uint32_t value, fwsim__look_end end)
{
    const fwsim__look_path *p = path_of(value);

    if (p->end != end)
        fail_msg("%s: 0x%x ends at 0x%x with %d, not %d", t.path, value,
                 p->end_pc, p->end, end);
}

#define FOR_EACH_LEVEL                                                         \
    for (size_t i_ = 0; i_ < sizeof(levels) / sizeof(levels[0]) &&             \
                        (open_level(&levels[i_]), true);                       \
         i_++, fwsim_image_free(t.img))

static void a_flag_with_a_time_out_is_waited_for(void **state)
{
    (void)state;
    FOR_EACH_LEVEL {
        look("hal_transmit", symbol("reset_handler") | 1, 0, 0);
        assert_end(0, FWSIM__LOOK_SPIN);
        assert_end(0x80, FWSIM__LOOK_LIMIT);
        assert_true(path_of(0x80)->own_writes > 0);
    }
}

static void a_count_down_is_a_spin(void **state)
{
    (void)state;
    FOR_EACH_LEVEL {
        look("count_down", symbol("reset_handler") | 1, 0, 0xff);
        assert_end(0xff, FWSIM__LOOK_SPIN);
        assert_end(0xfb, FWSIM__LOOK_LIMIT);
    }
}

static void an_accessor_is_looked_through(void **state)
{
    (void)state;
    FOR_EACH_LEVEL {
        look("by_accessor", symbol("reset_handler") | 1, 0, 0x100);
        assert_end(0x100, FWSIM__LOOK_SPIN);
        assert_end(0x200, FWSIM__LOOK_LIMIT);
        assert_int_equal(t.result.tested, 0x300);
        assert_true(t.result.compared);
    }
}

static void a_handler_tests_bit_by_bit(void **state)
{
    (void)state;
    FOR_EACH_LEVEL {
        look("handler", 0xfffffff9, 20, 0);
        assert_end(0, FWSIM__LOOK_EXIT);
        assert_end(0x20, FWSIM__LOOK_EXIT);
        assert_end(8, FWSIM__LOOK_DEAD);
        assert_true(path_of(0x20)->own_before_return);
        assert_false(path_of(0)->own_before_return);
        assert_int_equal(t.result.tested, 0x28);
    }
}

static void all_states_of_a_switch_are_found(void **state)
{
    (void)state;
    FOR_EACH_LEVEL {
        look("states", symbol("reset_handler") | 1, 0, 0x70);
        assert_end(0x70, FWSIM__LOOK_DEAD);
        for (uint32_t i = 0; i < 5; i++)
            assert_end(i << 4, FWSIM__LOOK_LIMIT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flag_with_a_time_out_is_waited_for),
        cmocka_unit_test(a_count_down_is_a_spin),
        cmocka_unit_test(an_accessor_is_looked_through),
        cmocka_unit_test(a_handler_tests_bit_by_bit),
        cmocka_unit_test(all_states_of_a_switch_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
