/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unwinding of hand-made frames in a guest (tests/firmware/image_guest.c).
 * What is expected comes from the frame's description there: at frame_middle
 * the frame has 16 bytes, r4 at CFA-8 and the return address at CFA-4.
 */
#include "images.h"

#include <string.h>

#include "image/image.h"

enum { STACK = 0x20001000, STACK_SIZE = 64 };

typedef struct frame {
    uint32_t regs[16];
    uint32_t stack[STACK_SIZE / 4];
} frame;

static bool read_stack(void *user, uint64_t addr, void *buf, size_t size)
{
    frame *f = user;

    if (addr < STACK || addr > STACK + STACK_SIZE - size)
        return false;
    memcpy(buf, (uint8_t *)f->stack + (addr - STACK), size);
    return true;
}

static int setup(void **state)
{
    *state = image_open_ok(GUEST("image_guest"));
    return 0;
}

static int teardown(void **state)
{
    fwsim_image_free(*state);
    return 0;
}

/* Registers hold 0x100 + number, the stack 0x5500 + index. */
static frame frame_at(const fwsim_image *img, const char *symbol, int offset)
{
    frame f;

    for (uint32_t i = 0; i < 16; i++)
        f.regs[i] = 0x100 + i;
    for (uint32_t i = 0; i < STACK_SIZE / 4; i++)
        f.stack[i] = 0x5500 + i;
    f.regs[13] = STACK;
    f.regs[15] = (uint32_t)(fwsim_image_symbol(img, symbol)->addr) +
                 (uint32_t)offset;
    return f;
}

static bool unwind(const fwsim_image *img, frame *f, bool is_return)
{
    return fwsim__image_unwind(img, f->regs, is_return, read_stack, f);
}

static void need_dwarf(const fwsim_image *img)
{
    if (!fwsim_image_line(img, fwsim_image_symbol(img, "reset_handler")->addr,
                          NULL, NULL))
        skip();
}

static void saved_registers_come_from_the_stack(void **state)
{
    need_dwarf(*state);
    frame f = frame_at(*state, "frame_middle", 0);

    assert_true(unwind(*state, &f, false));
    assert_int_equal(f.regs[4], 0x5502);
    assert_int_equal(f.regs[14], 0x5503);
    assert_int_equal(f.regs[15], 0x5502); /* bit 0 is no part of the address */
    assert_int_equal(f.regs[13], STACK + 16);
    assert_int_equal(f.regs[5], 0x105);
    assert_int_equal(f.regs[11], 0x10b);
}

static void before_the_prologue_the_caller_is_in_lr(void **state)
{
    need_dwarf(*state);
    frame f = frame_at(*state, "frame_begin", 0);

    assert_true(unwind(*state, &f, false));
    assert_int_equal(f.regs[4], 0x104);
    assert_int_equal(f.regs[15], 0x10e);
    assert_int_equal(f.regs[13], STACK);
}

/* Two bytes into frame_begin a return address belongs to the push. */
static void a_return_address_is_looked_up_by_the_call_before_it(void **state)
{
    need_dwarf(*state);
    frame f = frame_at(*state, "frame_begin", 2), g = f;

    assert_true(unwind(*state, &f, true));
    assert_int_equal(f.regs[13], STACK);
    assert_true(unwind(*state, &g, false));
    assert_int_equal(g.regs[13], STACK + 8);
    assert_int_equal(g.regs[4], 0x5500);
}

static void unchanged(const fwsim_image *img, frame *f)
{
    frame before = *f;

    assert_false(unwind(img, f, false));
    assert_memory_equal(&before, f, sizeof before);
}

static void an_operation_that_is_not_understood_ends_the_stack(void **state)
{
    frame f = frame_at(*state, "frame_unknown", 0);
    unchanged(*state, &f);
}

static void an_undefined_return_address_ends_the_stack(void **state)
{
    frame f = frame_at(*state, "frame_undefined", 0);
    unchanged(*state, &f);
}

static void a_stack_outside_memory_ends_the_stack(void **state)
{
    frame f = frame_at(*state, "frame_middle", 0);
    f.regs[13] = 0xfffffff8;
    unchanged(*state, &f);
}

static void code_without_information_ends_the_stack(void **state)
{
    frame f = frame_at(*state, "vectors", 0);
    unchanged(*state, &f);
    f.regs[15] = 0xfffffff0;
    unchanged(*state, &f);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(saved_registers_come_from_the_stack),
        CASE(before_the_prologue_the_caller_is_in_lr),
        CASE(a_return_address_is_looked_up_by_the_call_before_it),
        CASE(an_operation_that_is_not_understood_ends_the_stack),
        CASE(an_undefined_return_address_ends_the_stack),
        CASE(a_stack_outside_memory_ends_the_stack),
        CASE(code_without_information_ends_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
