/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calling functions of the firmware. What they compute is in call_guest.c;
 * expected values are computed here.
 */
#include "call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static fwsim_machine *m;
static const char *core;
static fwsim_snapshot *start;

static bool is_a64(void)
{
    return strcmp(core, "a64") == 0;
}

static fwsim_call_result call(const char *function, const fwsim_arg *args,
                              size_t count)
{
    fwsim_call_result r;

    OK(fwsim_call(m, function, args, count, NULL, &r));
    return r;
}

static uint64_t value(const char *function, const fwsim_arg *args,
                      size_t count)
{
    fwsim_call_result r = call(function, args, count);

    if (r.verdict != FWSIM_CALL_RETURNED)
        fail_msg("%s", r.text);
    return r.value;
}

static void refuses(const char *function, const fwsim_arg *args, size_t count,
                    int code, const char *part)
{
    fwsim_call_result r;

    assert_int_equal(fwsim_call(m, function, args, count, NULL, &r), code);
    assert_int_equal(r.verdict, FWSIM_CALL_NONE);
    assert_errmsg(m, part);
}

static uint64_t reg(const char *name)
{
    uint64_t v = 0;

    OK(fwsim_cpu_read(m, name, &v));
    return v;
}

/* ------------------------------------------------------------------ */
/* Arguments and results                                                */
/* ------------------------------------------------------------------ */

static void a_buffer_goes_in(void **state)
{
    (void)state;
    /* The check value of CRC-16/CCITT-FALSE. */
    assert_int_equal(value("crc16", FWSIM_ARGS(fwsim_in("123456789", 9),
                                               fwsim_u32(9))), 0x29b1);
}

static void a_struct_goes_in_and_out(void **state)
{
    struct {
        int32_t x, y;
        uint8_t tag, pad[3];
    } p = { 1, -2, 0, { 0 } };

    (void)state;
    value("mirror", FWSIM_ARGS(fwsim_inout(&p, sizeof p), fwsim_text("Q")));
    assert_int_equal(p.x, -2);
    assert_int_equal(p.y, 1);
    assert_int_equal(p.tag, 'Q');
}

static void a_buffer_comes_out(void **state)
{
    uint8_t out[5] = { 9, 9, 9, 9, 9 };
    fwsim_arg size = is_a64() ? fwsim_u64(3) : fwsim_u32(3);

    (void)state;
    value("fill", FWSIM_ARGS(fwsim_out(out, 5), size, fwsim_u32(0xa5)));
    assert_memory_equal(out, "\xa5\xa5\xa5\0\0", 5);
}

static void wide_integers_find_their_registers_and_the_stack(void **state)
{
    uint64_t b = 0x123456789abcdef0, d = 0xfedcba9876543210;

    (void)state;
    assert_true(value("weigh", FWSIM_ARGS(fwsim_u32(1), fwsim_u64(b),
                                          fwsim_u32(0xffffffff), fwsim_u64(d),
                                          fwsim_u32(9))) ==
                1 + 3 * b + 5 * 0xffffffffull + 7 * d + 99);
    assert_int_equal(value("weigh10",
                           FWSIM_ARGS(fwsim_u32(1), fwsim_u32(2), fwsim_u32(3),
                                      fwsim_u32(4), fwsim_u32(5), fwsim_u32(6),
                                      fwsim_u32(7), fwsim_u32(8), fwsim_u32(9),
                                      fwsim_u32(10))), 385);
}

static void floats_find_their_registers_and_the_stack(void **state)
{
    fwsim_arg twenty[20];
    fwsim_call_result r;

    (void)state;
    r = call("mix", FWSIM_ARGS(fwsim_f32(1.5f), fwsim_f64(2.25),
                               fwsim_f32(3), fwsim_u32(4)));
    assert_int_equal(r.type, FWSIM_TYPE_F64);
    assert_true(r.number == 1.5 + 22.5 + 300 + 4000);
    r = call("half", FWSIM_ARGS(fwsim_f32(-7)));
    assert_int_equal(r.type, FWSIM_TYPE_F32);
    assert_true(r.number == -3.5);
    for (int i = 0; i < 20; i++)
        twenty[i] = fwsim_f32((float)(i - 15));
    r = call("last_of_20", twenty, 20);
    assert_true(r.number == 1 + 20 + 300 + 4000);
}

static void results_have_the_sign_of_their_type(void **state)
{
    (void)state;
    assert_true(value("negate", FWSIM_ARGS(fwsim_i32(5))) == (uint64_t)-5);
    assert_true(value("negate", FWSIM_ARGS(fwsim_i32(-5))) == 5);
    assert_true(value("negate64", FWSIM_ARGS(fwsim_i64(1ll << 40))) ==
                (uint64_t)-(1ll << 40));
    assert_int_equal(value("invert", FWSIM_ARGS(fwsim_u32(0))), 1);
}

static void variadic_functions_take_what_is_given(void **state)
{
    (void)state;
    assert_int_equal(value("sum", FWSIM_ARGS(fwsim_u32(0))), 0);
    assert_int_equal(value("sum", FWSIM_ARGS(fwsim_u32(6), fwsim_u32(1),
                                             fwsim_u32(20), fwsim_u32(300),
                                             fwsim_u32(4000),
                                             fwsim_u32(50000),
                                             fwsim_u32(600000))), 654321);
}

static void functions_are_named_in_three_ways(void **state)
{
    char address[32];

    (void)state;
    value("tick", NULL, 0);
    value("call_guest.c:tick", NULL, 0);
    snprintf(address, sizeof address, "0x%llx",
             (unsigned long long)fwsim_symbol_find(m, "tick")->addr);
    value(address, NULL, 0);
    snprintf(address, sizeof address, "0x%llx",
             (unsigned long long)fwsim_symbol_find(m, "tick")->addr | 1);
    if (!is_a64())
        value(address, NULL, 0);
    assert_int_equal(value("call_other.c:hal_ticks", NULL, 0), 1022);
    refuses("hal_ticks", NULL, 0, FWSIM_ENOENT, "call_other.c:hal_ticks");
    refuses("hal_ticks", NULL, 0, FWSIM_ENOENT, "call_guest.c:hal_ticks");
}

/* ------------------------------------------------------------------ */
/* Mistakes                                                             */
/* ------------------------------------------------------------------ */

static void a_wrong_signature_names_both(void **state)
{
    fwsim_call_options unchecked = { .unchecked = true };
    fwsim_call_result r;

    (void)state;
    refuses("crc16", FWSIM_ARGS(fwsim_u32(1)), FWSIM_EINVAL,
            "1 arguments for crc16(const uint8_t *data, uint32_t length), "
            "which has 2");
    refuses("negate64", FWSIM_ARGS(fwsim_u32(1)), FWSIM_EINVAL,
            "argument 1 of negate64(int64_t x) is a 32-bit integer, not "
            "int64_t x");
    refuses("half", FWSIM_ARGS(fwsim_f64(1)), FWSIM_EINVAL,
            "is a double, not float x");
    refuses("sum", NULL, 0, FWSIM_EINVAL, "sum(unsigned int count, ...)");
    refuses("negate", FWSIM_ARGS(fwsim_i32(128)), FWSIM_ERANGE,
            "128, does not fit int8_t x");
    refuses("invert", FWSIM_ARGS(fwsim_u32(2)), FWSIM_ERANGE, "does not fit");
    refuses("by_value", FWSIM_ARGS(fwsim_u32(1)), FWSIM_ENOTSUP,
            "point p is passed by value");
    OK(fwsim_call(m, "negate", FWSIM_ARGS(fwsim_u64(1)), &unchecked, &r));
    assert_int_equal(r.verdict, FWSIM_CALL_RETURNED);
}

static void a_name_that_is_not_there_gets_the_closest(void **state)
{
    (void)state;
    refuses("crc61", NULL, 0, FWSIM_ENOENT, "did you mean crc16?");
    refuses("nofile.c:crc16", NULL, 0, FWSIM_ENOENT, "but not in nofile.c");
    refuses("g_state", NULL, 0, FWSIM_EINVAL, "is a variable");
    refuses("", NULL, 0, FWSIM_EINVAL, "is missing");
    refuses("a.c:", NULL, 0, FWSIM_EINVAL, "is missing");
    refuses("0x", NULL, 0, FWSIM_EINVAL, "no address");
    refuses("0x12zz", NULL, 0, FWSIM_EINVAL, "no address");
    refuses("0x70000000", NULL, 0, FWSIM_EFAULT, "no memory");
}

static void an_inlined_function_is_told_with_its_places(void **state)
{
    (void)state;
    refuses("twice", FWSIM_ARGS(fwsim_u32(1)), FWSIM_ENOENT,
            "inlined into use_twice (call_guest.c:");
    refuses("twice", FWSIM_ARGS(fwsim_u32(1)), FWSIM_ENOENT, "noinline");
}

static void buffers_do_not_overwrite_variables(void **state)
{
    uint64_t variable = fwsim_symbol_find(m, "loops")->addr;
    bool above = reg("sp") > variable;
    size_t size = above ? reg("sp") - variable : 0;
    uint8_t *big = calloc(1, size + 64);

    (void)state;
    assert_true(above || is_a64());
    if (above)
        refuses("crc16", FWSIM_ARGS(fwsim_in(big, size), fwsim_u32(9)),
                FWSIM_ENOSPC, "would overwrite");
    refuses("crc16", FWSIM_ARGS(fwsim_in(big, (size_t)1 << 40), fwsim_u32(9)),
            FWSIM_ENOSPC, "do not fit below");
    free(big);
}

static void before_the_firmware_has_run_a_call_works_or_says_why(void **state)
{
    fwsim_machine *booted = m;
    fwsim_call_options own_stack = { 0 };
    fwsim_call_result r;

    (void)state;
    m = call_loaded(core, NULL);
    if (is_a64()) {
        /* Nobody has set the stack pointer. */
        refuses("tick", NULL, 0, FWSIM_EFAULT, "run its start-up code first");
        own_stack.sp = 0x40400000;
    }
    OK(fwsim_call(m, "crc16", FWSIM_ARGS(fwsim_in("123456789", 9),
                                         fwsim_u32(9)), &own_stack, &r));
    assert_int_equal(r.value, 0x29b1);
    fwsim_free(m);
    m = new_machine(fwsim_machine_board(booted), NULL);
    refuses("tick", NULL, 0, FWSIM_ENOENT, "no firmware is loaded");
    refuses(is_a64() ? "0x40100000" : "0x100", NULL, 0, FWSIM_EFAULT,
            "is in no RAM: load the firmware");
    fwsim_free(m);
    m = booted;
}

static void call_inside(fwsim_machine *machine, uint64_t pc, void *user)
{
    fwsim_call_result r;

    (void)pc;
    *(int *)user = fwsim_call(machine, "tick", NULL, 0, NULL, &r);
}

static void a_callback_of_a_run_may_not_call(void **state)
{
    int err = 0;
    int id = fwsim_on_code(m, fwsim_symbol_find(m, "hal_read")->addr,
                           call_inside, &err);

    (void)state;
    assert_true(id > 0);
    run_instructions(m, 1000);
    assert_int_equal(err, FWSIM_EBUSY);
    OK(fwsim_unhook(m, id));
}

/* ------------------------------------------------------------------ */
/* Verdicts                                                             */
/* ------------------------------------------------------------------ */

static const char *const kept_registers_m[] = {
    "r0", "r1", "r2", "r3", "r4", "r7", "r12", "sp", "lr", "pc", "xpsr",
    "msp", "psp", "primask", "control", NULL
};
static const char *const kept_registers_a64[] = {
    "x0", "x1", "x8", "x19", "x29", "x30", "sp", "pc", "pstate", "d0", "d8",
    "elr_el1", "spsr_el1", NULL
};

/** Call, and assert that the core stands where it stood and goes on. */
static fwsim_call_result undisturbed(const char *function,
                                     const fwsim_arg *args, size_t count,
                                     const fwsim_call_options *opt)
{
    const char *const *names = is_a64() ? kept_registers_a64
                                        : kept_registers_m;
    uint64_t before[16];
    fwsim_call_result r;
    int64_t loops, later;

    for (int i = 0; names[i]; i++)
        before[i] = reg(names[i]);
    OK(fwsim_var_get(m, "loops", &loops));
    OK(fwsim_call(m, function, args, count, opt, &r));
    for (int i = 0; names[i]; i++)
        if (reg(names[i]) != before[i])
            fail_msg("%s: %s was %llx, is %llx", function, names[i],
                     (unsigned long long)before[i],
                     (unsigned long long)reg(names[i]));
    assert_int_equal(run_instructions(m, 2000), FWSIM_STOP_LIMIT);
    OK(fwsim_var_get(m, "loops", &later));
    assert_true(later > loops);
    return r;
}

static void a_call_leaves_the_core_as_it_was(void **state)
{
    fwsim_call_result r;

    (void)state;
    for (int i = 0; i < 5; i++) {
        r = undisturbed("weigh10",
                        FWSIM_ARGS(fwsim_u32(1), fwsim_u32(1), fwsim_u32(1),
                                   fwsim_u32(1), fwsim_u32(1), fwsim_u32(1),
                                   fwsim_u32(1), fwsim_u32(1), fwsim_u32(1),
                                   fwsim_u32(1)), NULL);
        assert_int_equal(r.verdict, FWSIM_CALL_RETURNED);
        assert_int_equal(r.value, 55);
        run_instructions(m, 17);
    }
}

static void a_callee_that_faults_is_a_verdict_with_its_place(void **state)
{
    fwsim_call_result r = undisturbed("deep_fault", FWSIM_ARGS(fwsim_u32(2)),
                                      NULL);
    const fwsim_symbol *bad = fwsim_symbol_find(m, "bad_read");

    (void)state;
    assert_int_equal(r.verdict, FWSIM_CALL_FAULT);
    assert_int_equal(r.stop.reason, FWSIM_STOP_FAULT);
    assert_true(r.stop.fault.pc - bad->addr < bad->size);
    assert_non_null(strstr(r.text, "deep_fault: "));
    assert_non_null(strstr(r.text, "at bad_read"));
    assert_true(r.frame_count >= 1);
    /* Where the host called from is no frame. */
    for (size_t i = 0; i < r.frame_count; i++)
        assert_non_null(fwsim_symbol_at(m, r.frames[i].pc));
    assert_ptr_equal(fwsim_symbol_at(m, is_a64() ? r.stop.fault.pc
                                                 : r.frames[0].pc), bad);
}

static void a_callee_that_hangs_ends_with_its_limit(void **state)
{
    fwsim_call_options opt = { .limit = { .instructions = 5000 } };
    fwsim_call_result r = undisturbed("hang", NULL, 0, &opt);
    int64_t spins;

    (void)state;
    assert_int_equal(r.verdict, FWSIM_CALL_LIMIT);
    assert_in_range(r.stop.instructions, 5000, 5100);
    assert_non_null(strstr(r.text, "at hang"));
    OK(fwsim_var_get(m, "spins", &spins));
    assert_true(spins > 500); /* side effects stay */
    opt.limit = (fwsim_limit){ .time_ns = FWSIM_US(100) };
    r = undisturbed("hang", NULL, 0, &opt);
    assert_int_equal(r.verdict, FWSIM_CALL_LIMIT);
}

static void a_callee_that_sleeps_for_good_is_told(void **state)
{
    fwsim_call_options opt = { .mask_interrupts = true };
    fwsim_call_result r = undisturbed("sleep_for_good", NULL, 0, &opt);

    (void)state;
    assert_int_equal(r.verdict, FWSIM_CALL_ASLEEP);
    assert_true(r.stop.instructions < 100);
}

static void a_callee_with_a_broken_stack_is_told(void **state)
{
    fwsim_call_result r = undisturbed("wrong_stack", NULL, 0, NULL);

    (void)state;
    assert_int_equal(r.verdict, FWSIM_CALL_STACK);
    assert_string_equal(fwsim_call_verdict_name(r.verdict), "stack");
}

static void a_callee_that_resets_leaves_the_reset(void **state)
{
    fwsim_call_result r;

    (void)state;
    if (is_a64())
        return; /* the board has nothing that resets */
    r = call("restart", NULL, 0);
    assert_int_equal(r.verdict, FWSIM_CALL_RESET);
    assert_int_equal(reg("pc"), fwsim_symbol_find(m, "reset_handler")->addr);
    run_instructions(m, 40000);
    assert_int_equal(value("crc16", FWSIM_ARGS(fwsim_in("123456789", 9),
                                               fwsim_u32(9))), 0x29b1);
}

static void a_core_may_stay_where_the_callee_stopped(void **state)
{
    fwsim_call_options opt = { .stay = true };
    fwsim_call_result r;
    const fwsim_symbol *at;

    (void)state;
    OK(fwsim_call(m, "deep_fault", FWSIM_ARGS(fwsim_u32(0)), &opt, &r));
    assert_int_equal(r.verdict, FWSIM_CALL_FAULT);
    at = fwsim_symbol_at(m, reg("pc"));
    assert_non_null(at);
    assert_string_not_equal(at->name, "main_loop");
}

static void a_sleeping_core_sleeps_on_after_a_call(void **state)
{
    fwsim_stop stop;

    (void)state;
    OK(fwsim_cpu_write(m, "pc", fwsim_symbol_find(m, "sleep_for_good")->addr));
    OK(fwsim_run(m, NULL, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_IDLE);
    assert_int_equal(value("crc16", FWSIM_ARGS(fwsim_in("123456789", 9),
                                               fwsim_u32(9))), 0x29b1);
    OK(fwsim_run(m, NULL, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_IDLE);
    assert_int_equal(stop.instructions, 0);
}

static void interrupts_come_in_a_call_unless_they_are_masked(void **state)
{
    fwsim_call_options opt = { .limit = { .instructions = 3000 } };
    fwsim_call_result r;
    int64_t count;

    (void)state;
    if (is_a64())
        return; /* no device of the tests */
    OK(fwsim_bus_write(m, 0x40000000, 4, 1000));
    opt.mask_interrupts = true;
    OK(fwsim_call(m, "hang", NULL, 0, &opt, &r));
    OK(fwsim_var_get(m, "interrupts", &count));
    assert_int_equal(count, 0);
    run_instructions(m, 100); /* it pends, and comes now */
    OK(fwsim_var_get(m, "interrupts", &count));
    assert_int_equal(count, 1);
    OK(fwsim_bus_write(m, 0x40000000, 4, 1000));
    opt.mask_interrupts = false;
    OK(fwsim_call(m, "hang", NULL, 0, &opt, &r));
    OK(fwsim_var_get(m, "interrupts", &count));
    assert_int_equal(count, 2);
}

static void the_same_calls_give_the_same_machine(void **state)
{
    uint64_t hash[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        OK(fwsim_snapshot_restore(m, start));
        value("crc16", FWSIM_ARGS(fwsim_in("123456789", 9), fwsim_u32(9)));
        undisturbed("deep_fault", FWSIM_ARGS(fwsim_u32(3)), NULL);
        hash[i] = fwsim_hash(m);
    }
    assert_true(hash[0] == hash[1]);
}

static int restore(void **state)
{
    (void)state;
    return fwsim_snapshot_restore(m, start);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, restore)
    const struct CMUnitTest tests[] = {
        TEST(a_buffer_goes_in),
        TEST(a_struct_goes_in_and_out),
        TEST(a_buffer_comes_out),
        TEST(wide_integers_find_their_registers_and_the_stack),
        TEST(floats_find_their_registers_and_the_stack),
        TEST(results_have_the_sign_of_their_type),
        TEST(variadic_functions_take_what_is_given),
        TEST(functions_are_named_in_three_ways),
        TEST(a_wrong_signature_names_both),
        TEST(a_name_that_is_not_there_gets_the_closest),
        TEST(an_inlined_function_is_told_with_its_places),
        TEST(buffers_do_not_overwrite_variables),
        TEST(before_the_firmware_has_run_a_call_works_or_says_why),
        TEST(a_callback_of_a_run_may_not_call),
        TEST(a_call_leaves_the_core_as_it_was),
        TEST(a_callee_that_faults_is_a_verdict_with_its_place),
        TEST(a_callee_that_hangs_ends_with_its_limit),
        TEST(a_callee_that_sleeps_for_good_is_told),
        TEST(a_callee_with_a_broken_stack_is_told),
        TEST(a_callee_that_resets_leaves_the_reset),
        TEST(a_core_may_stay_where_the_callee_stopped),
        TEST(a_sleeping_core_sleeps_on_after_a_call),
        TEST(interrupts_come_in_a_call_unless_they_are_masked),
        TEST(the_same_calls_give_the_same_machine),
    };
    int failed = 0;

    for (const char *const *c = call_cores(); *c; c++) {
        core = *c;
        m = call_booted(core, NULL);
        OK(fwsim_snapshot_take(m, &start));
        failed += cmocka_run_group_tests_name(core, tests, NULL, NULL);
        fwsim_snapshot_free(start);
        fwsim_free(m);
    }
    return failed;
}
