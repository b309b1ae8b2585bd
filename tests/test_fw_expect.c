/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expectations of a firmware: exceptions, CAN, stacks, where it was when one
 * failed, and that expecting changes nothing.
 */
#include "support.h"

#include <string.h>

#include "peripherals.h"

#define GUEST FWSIM_TEST_FIRMWARE_DIR "/expect_guest.elf"

static void tx_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_uart_tx(p, (uint8_t)written);
}

static const fwsim_reg uart_regs[] = {
    { "TX", 0, .wo = 0xff, .on_write = tx_written },
    FWSIM_REG_END
};

static const fwsim_periph_type uart = {
    .name = "uart", .size = 0x100, .regs = uart_regs, .uart = true
};

/* clang-format off */
static const fwsim_board board = {
    .name = "bench",
    .console = "uart0",
    .soc = &(const fwsim_soc) {
        .name = "bench", .cpu = "cortex-m3", .clock_hz = 8000000,
        .irq_lines = 32, .prio_bits = 4,
        .memory = (const fwsim_memory[]) {
            { "flash", 0x00000000, 0x10000, FWSIM_MEM_ROM },
            { "ram",   0x20000000, 0x2000,  FWSIM_MEM_RAM },
            { 0 }
        },
        .periph = (const fwsim_slot[]) {
            { "uart0", &uart, 0x40000000 },
            { "can1",  &stm32_bxcan, 0x40006400, .irq = { 19, 20, 21, 22 } },
            { 0 }
        },
    },
};
/* clang-format on */

static int boot(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);

    OK(fwsim_load(m, GUEST, NULL));
    OK(fwsim_uart_expect_line(m, NULL, "ready", FWSIM_MS(5)));
    *state = m;
    return 0;
}

static void send(fwsim_machine *m, uint32_t id, uint8_t byte)
{
    OK(fwsim_can_send(m, "can1", &(fwsim_can_frame){ .id = id, .dlc = 2,
                                                     .data = { byte, 0xf0 } }));
}

static void a_frame_is_answered(void **state)
{
    fwsim_machine *m = *state;

    send(m, 0x100, 1);
    OK(fwsim_can_expect(m, "can1",
                        &(fwsim_can_frame){ .id = 0x101, .dlc = 2,
                                            .data = { 0xfe, 0x0f } },
                        FWSIM_MS(1)));
    send(m, 0x200, 2);
    OK(fwsim_exception_expect(m, FWSIM_IRQ(20), 1, 1, FWSIM_MS(1)));
}

static void systick_comes_each_millisecond(void **state)
{
    fwsim_machine *m = *state;
    uint64_t began = fwsim_time_ns(m);

    OK(fwsim_exception_expect(m, 15, 20, 20, FWSIM_MS(20)));
    assert_int_equal(fwsim_exception_expect(m, 15, 0, 3, FWSIM_S(1)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, "exception 15: is not taken 0 to 3 times in 1 s; it was "
                     "taken 4 times");
    assert_in_range(fwsim_time_ns(m) - began, FWSIM_MS(23), FWSIM_MS(25));
    assert_int_equal(fwsim_exception_expect(m, 15, 5, 9, FWSIM_MS(2)),
                     FWSIM_ETIMEDOUT);
}

static void a_failure_says_where_the_firmware_was(void **state)
{
    fwsim_machine *m = *state;
    const char *text;

    send(m, 0x100, 1);
    assert_int_equal(fwsim_uart_expect(m, NULL, "x", FWSIM_MS(5)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, ", limit, at wait_for_interrupt");
    text = fwsim_failure(m);
    assert_non_null(strstr(text, "uart0: \"x\" has not come within 5 ms\n"));
    assert_non_null(strstr(text, "  came      nothing\n"));
    assert_non_null(strstr(text, "  firmware  wait_for_interrupt"));
    assert_non_null(strstr(text, "(expect_guest.c:"));
    assert_non_null(strstr(text, "            main+"));
    assert_non_null(strstr(text, "core     interrupt 20  at wait_for_interr"));
    assert_non_null(strstr(text, "can1     sends 101#FE0F  at "));
    assert_non_null(strstr(text, "core     SysTick, "));
}

static void a_crash_ends_the_wait(void **state)
{
    fwsim_machine *m = *state;

    send(m, 0x7ff, 0);
    assert_int_equal(fwsim_uart_expect(m, NULL, "x", FWSIM_S(9)),
                     FWSIM_ETIMEDOUT);
    assert_true(fwsim_time_ns(m) < FWSIM_MS(2));
    assert_errmsg(m, ", fault, at ");
    assert_non_null(strstr(fwsim_failure(m), "the core takes a fault exception"));
    assert_non_null(strstr(fwsim_failure(m), "main+"));
}

/* The start-up is over: its frames are those of reset_handler and main. */
static void paint_shows_how_deep_the_stack_was(void **state)
{
    fwsim_machine *m = *state;
    fwsim_range stack;
    uint64_t before, after;

    OK(fwsim_stack_find(m, NULL, &stack));
    assert_int_equal(stack.addr + stack.size, 0x20002000);
    OK(fwsim_stack_paint(m, &stack));
    run_ns(m, FWSIM_MS(5));
    OK(fwsim_stack_used(m, &stack, &before));
    /* At least the frame of an exception. */
    assert_in_range(before, 32, 200);
    OK(fwsim_stack_expect(m, &stack, before));
    send(m, 0x7f0, 20);
    OK(fwsim_uart_expect_line(m, NULL, "back", FWSIM_MS(5)));
    OK(fwsim_stack_used(m, &stack, &after));
    assert_in_range(after - before, 20 * 64 - 64, 20 * 128);
    assert_int_equal(fwsim_stack_expect(m, &stack, after - 1), FWSIM_ERANGE);
    assert_errmsg(m, "bytes were used; ");
    OK(fwsim_stack_expect(m, &stack, after));
}

static void paint_and_mark_are_in_snapshots(void **state)
{
    fwsim_machine *m = *state;
    fwsim_snapshot *s;
    fwsim_range stack;
    uint64_t before, again;

    OK(fwsim_stack_find(m, NULL, &stack));
    OK(fwsim_stack_paint(m, &stack));
    run_ns(m, FWSIM_MS(3));
    OK(fwsim_stack_used(m, &stack, &before));
    OK(fwsim_snapshot_take(m, &s));
    send(m, 0x7f0, 20);
    OK(fwsim_uart_expect_line(m, NULL, "back", FWSIM_MS(5)));
    OK(fwsim_snapshot_restore(m, s));
    OK(fwsim_stack_used(m, &stack, &again));
    assert_int_equal(again, before);
    fwsim_snapshot_free(s);
}

static void a_stack_of_a_task_is_a_variable(void **state)
{
    fwsim_machine *m = *state;
    fwsim_range stack;
    uint64_t used;

    OK(fwsim_stack_find(m, "task_stack", &stack));
    assert_int_equal(stack.size, 256);
    OK(fwsim_stack_paint(m, &stack));
    OK(fwsim_stack_used(m, &stack, &used));
    assert_int_equal(used, 0);
    OK(fwsim_mem_write(m, stack.addr + 200, "x", 1));
    OK(fwsim_stack_used(m, &stack, &used));
    assert_int_equal(used, 56);
    OK(fwsim_mem_write(m, stack.addr, "x", 1));
    assert_int_equal(fwsim_stack_expect(m, &stack, 255), FWSIM_ERANGE);
    assert_errmsg(m, "it is full, has overflowed, or was not painted");
    assert_int_equal(fwsim_stack_find(m, "tusk_stack", &stack), FWSIM_ENOENT);
    assert_errmsg(m, "tusk_stack");
    assert_errmsg(m, "did you mean task_stack?");
    assert_int_equal(fwsim_stack_find(m, "main", &stack), FWSIM_EINVAL);
    stack = (fwsim_range){ UINT64_MAX - 15, 0x100 };
    assert_int_equal(fwsim_stack_used(m, &stack, &used), FWSIM_EFAULT);
    stack = (fwsim_range){ 0x90000000, 4 };
    assert_int_equal(fwsim_stack_paint(m, &stack), FWSIM_EFAULT);
    assert_int_equal(fwsim_stack_used(m, &stack, &used), FWSIM_EFAULT);
}

static void without_an_image_there_is_no_main_stack(void **state)
{
    fwsim_machine *m = new_machine(&board, NULL);
    fwsim_range stack;

    (void)state;
    assert_int_equal(fwsim_stack_find(m, NULL, &stack), FWSIM_ENOENT);
    assert_errmsg(m, "is an image loaded?");
    fwsim_free(m);
}

static void expecting_changes_nothing(void **state)
{
    fwsim_machine *m = *state;
    fwsim_machine *plain = new_machine(&board, NULL);

    OK(fwsim_load(plain, GUEST, NULL));
    run_ns(plain, fwsim_time_ns(m));
    send(m, 0x7f0, 9);
    send(plain, 0x7f0, 9);
    OK(fwsim_can_expect(m, "can1",
                        &(fwsim_can_frame){ .id = 0x7f1, .dlc = 2,
                                            .data = { 0xf6, 0x0f } },
                        FWSIM_MS(1)));
    OK(fwsim_uart_expect_line(m, NULL, "back", FWSIM_MS(1)));
    OK(fwsim_exception_expect(m, 15, 3, 3, FWSIM_MS(3)));
    assert_int_equal(fwsim_uart_expect(m, NULL, "x", FWSIM_MS(2)),
                     FWSIM_ETIMEDOUT);
    run_ns(m, FWSIM_MS(50) - fwsim_time_ns(m));
    run_ns(plain, FWSIM_MS(50) - fwsim_time_ns(plain));
    assert_int_equal(fwsim_instructions(m), fwsim_instructions(plain));
    assert_true(fwsim_hash(m) == fwsim_hash(plain));
    fwsim_free(plain);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, boot, free_machine)
    const struct CMUnitTest tests[] = {
        TEST(a_frame_is_answered),
        TEST(systick_comes_each_millisecond),
        TEST(a_failure_says_where_the_firmware_was),
        TEST(a_crash_ends_the_wait),
        TEST(paint_shows_how_deep_the_stack_was),
        TEST(paint_and_mark_are_in_snapshots),
        TEST(a_stack_of_a_task_is_a_variable),
        TEST(without_an_image_there_is_no_main_stack),
        TEST(expecting_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
