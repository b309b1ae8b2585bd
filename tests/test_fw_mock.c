/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replacing and watching functions of the guest call_guest.c. */
#include "call.h"

#include <string.h>

static fwsim_machine *m;
static const char *core;
static fwsim_snapshot *start;

static bool is_a64(void)
{
    return strcmp(core, "a64") == 0;
}

static int mocked(int id)
{
    if (id <= 0)
        fail_msg("%d: %s", id, fwsim_errmsg(m));
    return id;
}

static fwsim_call_result call(const char *function, const fwsim_arg *args,
                              size_t count)
{
    fwsim_call_result r;

    OK(fwsim_call(m, function, args, count, NULL, &r));
    return r;
}

static int64_t value(const char *function, const fwsim_arg *args, size_t count)
{
    fwsim_call_result r = call(function, args, count);

    if (r.verdict != FWSIM_CALL_RETURNED)
        fail_msg("%s", r.text);
    return (int64_t)r.value;
}

/* 0xef at 0x10 and 0xee at 0x11: what the firmware computes by itself. */
enum { OWN_TEMPERATURE = -0x11 * 256 + 0xee };

static void hal_read(fwsim_machine *machine, fwsim_invocation *c, void *user)
{
    uint8_t answer = c->args[0].value == 0x10 ? 2 : 8;

    (void)user;
    assert_string_equal(c->args[0].name, "reg");
    assert_int_equal(c->arg_count, 2);
    fwsim_mem_write(machine, c->args[1].value, &answer, 1);
}

static void a_callback_takes_the_place_of_a_function(void **state)
{
    int id = mocked(fwsim_mock(m, "hal_read", hal_read, NULL, NULL));
    fwsim_invocation c;
    int64_t hal_calls;

    (void)state;
    OK(fwsim_var_set(m, "hal_calls", 0));
    assert_int_equal(value("driver_temperature", NULL, 0), 2 * 256 + 8);
    assert_int_equal(fwsim_mock_calls(m, id), 2);
    OK(fwsim_mock_call_get(m, id, 1, &c));
    assert_int_equal(c.args[0].value, 0x11);
    assert_int_equal(c.number, 2);
    assert_true(c.replaced && c.returned);
    assert_string_equal(fwsim_symbol_at(m, c.caller)->name,
                        "driver_temperature");
    OK(fwsim_var_get(m, "hal_calls", &hal_calls));
    assert_int_equal(hal_calls, 0);
    OK(fwsim_unmock(m, id));
    assert_int_equal(value("driver_temperature", NULL, 0), OWN_TEMPERATURE);
    assert_int_equal(fwsim_unmock(m, id), FWSIM_ENOENT);
}

static void a_constant_takes_the_place_of_a_function(void **state)
{
    int id = mocked(fwsim_mock_return(m, "hal_read", (uint64_t)-1, NULL));

    (void)state;
    assert_int_equal(value("driver_temperature", NULL, 0), -1);
    assert_int_equal(fwsim_mock_calls(m, id), 1);
    OK(fwsim_unmock(m, id));
}

static void a_static_function_is_named_with_its_file(void **state)
{
    fwsim_mock_options opt = { .first = 3 };
    int id;

    (void)state;
    assert_int_equal(fwsim_mock_return(m, "hal_ticks", 1, NULL), FWSIM_ENOENT);
    assert_errmsg(m, "call_other.c:hal_ticks");
    id = mocked(fwsim_mock_return(m, "call_guest.c:hal_ticks", 100, &opt));
    OK(fwsim_var_set(m, "hal_calls", 0));
    assert_int_equal(value("driver_wait", FWSIM_ARGS(fwsim_u32(50))), 2);
    assert_int_equal(fwsim_mock_calls(m, id), 3);
    OK(fwsim_unmock(m, id));
}

static void only_some_calls_are_replaced(void **state)
{
    fwsim_mock_options opt = { .first = 2, .count = 1 };
    int id = mocked(fwsim_mock(m, "hal_read", hal_read, NULL, &opt));

    (void)state;
    assert_int_equal(value("driver_temperature", NULL, 0),
                     -0x11 * 256 + 8);
    assert_int_equal(value("driver_temperature", NULL, 0), OWN_TEMPERATURE);
    assert_int_equal(fwsim_mock_calls(m, id), 4);
    OK(fwsim_mock_clear(m, id));
    assert_int_equal(fwsim_mock_calls(m, id), 0);
    assert_int_equal(value("driver_temperature", NULL, 0),
                     -0x11 * 256 + 8);
    OK(fwsim_unmock(m, id));
}

/* ------------------------------------------------------------------ */
/* The original                                                         */
/* ------------------------------------------------------------------ */

static void original_plus_one(fwsim_machine *machine, fwsim_invocation *c,
                              void *user)
{
    *(int *)user += 1;
    if (c->args[0].value == 3)
        c->args[0].value = 4; /* other arguments */
    assert_int_equal(fwsim_mock_original(machine, c), 0);
    c->result.value++;
}

static void the_original_is_called_from_a_replacement(void **state)
{
    int calls = 0;
    int id = mocked(fwsim_mock(m, "negate64", original_plus_one, &calls,
                               NULL));

    (void)state;
    assert_int_equal(value("negate64", FWSIM_ARGS(fwsim_i64(7))), -6);
    assert_int_equal(value("negate64", FWSIM_ARGS(fwsim_i64(3))), -3);
    assert_int_equal(calls, 2);
    OK(fwsim_unmock(m, id));
}

static void recursive(fwsim_machine *machine, fwsim_invocation *c, void *user)
{
    *(int *)user += 1;
    assert_int_equal(fwsim_mock_original(machine, c), 0);
    c->result.value += 1000 * (c->args[0].value == 1);
}

static void replacements_and_originals_nest(void **state)
{
    int calls = 0;
    int id = mocked(fwsim_mock(m, "factorial", recursive, &calls, NULL));

    (void)state;
    assert_int_equal(value("factorial", FWSIM_ARGS(fwsim_u32(5))),
                     120 * 1001);
    assert_int_equal(calls, 5);
    OK(fwsim_unmock(m, id));
}

static void twice_original(fwsim_machine *machine, fwsim_invocation *c,
                           void *user)
{
    int64_t first;

    (void)user;
    assert_int_equal(fwsim_mock_original(machine, c), 0);
    first = (int64_t)c->result.value;
    assert_int_equal(fwsim_mock_original(machine, c), 0);
    c->result.value += (uint64_t)first;
}

static void the_original_may_be_called_again(void **state)
{
    int id = mocked(fwsim_mock(m, "tock", twice_original, NULL, NULL));

    (void)state;
    assert_int_equal(value("tock", NULL, 0), 31 + 32);
    OK(fwsim_unmock(m, id));
}

static int original_error;

static void original_fails(fwsim_machine *machine, fwsim_invocation *c,
                           void *user)
{
    (void)user;
    original_error = fwsim_mock_original(machine, c);
}

static void an_original_that_does_not_return_ends_the_run(void **state)
{
    int id = mocked(fwsim_mock(m, "bad_read", original_fails, NULL, NULL));
    fwsim_call_options opt = { .limit = { .instructions = 2000 } };
    fwsim_call_result r = call("deep_fault", FWSIM_ARGS(fwsim_u32(1)));
    fwsim_stop stop;

    (void)state;
    assert_int_equal(original_error, FWSIM_ETIMEDOUT);
    assert_int_equal(r.verdict, FWSIM_CALL_FAULT);
    assert_string_equal(fwsim_symbol_at(m, r.stop.fault.pc)->name, "bad_read");
    OK(fwsim_unmock(m, id));
    id = mocked(fwsim_mock(m, "hang", original_fails, NULL, NULL));
    OK(fwsim_call(m, "hang", NULL, 0, &opt, &r));
    assert_int_equal(r.verdict, FWSIM_CALL_LIMIT);
    assert_int_equal(original_error, FWSIM_ETIMEDOUT);
    OK(fwsim_unmock(m, id));
    OK(fwsim_run(m, &(fwsim_limit){ .instructions = 1000 }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
}

/* ------------------------------------------------------------------ */
/* Watching                                                             */
/* ------------------------------------------------------------------ */

static void note(fwsim_machine *machine, fwsim_invocation *c, void *user)
{
    int64_t *sum = user;

    (void)machine;
    assert_true(c->returned && !c->replaced);
    *sum += (int64_t)c->result.value;
}

static void a_spy_sees_arguments_and_results(void **state)
{
    int64_t sum = 0;
    int id = mocked(fwsim_spy(m, "factorial", note, &sum, NULL));
    fwsim_invocation c;

    (void)state;
    assert_int_equal(value("factorial", FWSIM_ARGS(fwsim_u32(5))), 120);
    assert_int_equal(sum, 1 + 2 + 6 + 24 + 120);
    assert_int_equal(fwsim_mock_calls(m, id), 5);
    OK(fwsim_mock_call_get(m, id, 0, &c));
    assert_int_equal(c.args[0].value, 5);
    assert_int_equal(c.result.value, 120);
    OK(fwsim_mock_call_get(m, id, 4, &c));
    assert_int_equal(c.args[0].value, 1);
    assert_int_equal(fwsim_mock_call_get(m, id, 5, &c), FWSIM_ENOENT);
    assert_errmsg(m, "was called 5 times");
    OK(fwsim_unmock(m, id));
}

static void a_spy_leaves_the_firmware_as_it_is(void **state)
{
    const fwsim_limit limit = { .instructions = 20000 };
    uint64_t hash[3], now[3];
    int id = 0;

    (void)state;
    for (int i = 0; i < 3; i++) {
        OK(fwsim_snapshot_restore(m, start));
        if (i == 1)
            id = mocked(fwsim_spy(m, "hal_read", NULL, NULL, NULL));
        OK(fwsim_run(m, &limit, NULL));
        if (i == 1) {
            assert_true(fwsim_mock_calls(m, id) > 100);
            OK(fwsim_unmock(m, id));
        }
        /* Limits are kept to blocks, which hooks cut. */
        OK(fwsim_cpu_read(m, "sp", &hash[i]));
        now[i] = fwsim_instructions(m);
    }
    assert_true(now[0] == now[2] && hash[0] == hash[2]);
    assert_in_range(now[1], now[0] - 40, now[0] + 40);
}

static void floats_and_pointers_are_seen(void **state)
{
    int id = mocked(fwsim_spy(m, "mix", NULL, NULL, NULL));
    fwsim_invocation c;

    (void)state;
    call("mix", FWSIM_ARGS(fwsim_f32(1.5f), fwsim_f64(2.25), fwsim_f32(3),
                           fwsim_u32(4)));
    OK(fwsim_mock_call_get(m, id, 0, &c));
    assert_true(c.args[0].number == 1.5 && c.args[1].number == 2.25 &&
                c.args[2].number == 3 && c.args[3].value == 4);
    assert_true(c.result.number == 4324);
    OK(fwsim_unmock(m, id));
}

static void half(fwsim_machine *machine, fwsim_invocation *c, void *user)
{
    (void)machine;
    (void)user;
    c->result.number = c->args[0].number * 100;
}

static void a_replacement_returns_floats(void **state)
{
    int id = mocked(fwsim_mock(m, "half", half, NULL, NULL));

    (void)state;
    assert_true(call("half", FWSIM_ARGS(fwsim_f32(2.5f))).number == 250);
    OK(fwsim_unmock(m, id));
    assert_int_equal(fwsim_mock_return(m, "half", 1, NULL), FWSIM_EINVAL);
}

/* ------------------------------------------------------------------ */
/* Everything is legal in a callback                                    */
/* ------------------------------------------------------------------ */

static void busy(fwsim_machine *machine, fwsim_invocation *c, void *user)
{
    fwsim_call_result r;
    fwsim_snapshot *s;
    int64_t before, after;

    (void)user;
    OK(fwsim_var_get(machine, "tick:count", &before));
    OK(fwsim_call(machine, "tick", NULL, 0, NULL, &r));
    OK(fwsim_var_get(machine, "tick:count", &after));
    assert_int_equal(after, before + 1);
    OK(fwsim_snapshot_take(machine, &s));
    OK(fwsim_call(machine, "tick", NULL, 0, NULL, &r));
    OK(fwsim_snapshot_restore(machine, s));
    fwsim_snapshot_free(s);
    c->result.value = (uint64_t)(after - before) + 41;
}

static void a_callback_may_call_and_take_snapshots(void **state)
{
    int id = mocked(fwsim_mock(m, "hal_read", busy, NULL, NULL));

    (void)state;
    assert_int_equal(value("driver_temperature", NULL, 0), -1);
    assert_int_equal(value("hal_read", FWSIM_ARGS(fwsim_u32(1),
                                                  fwsim_ptr(0))), 42);
    OK(fwsim_unmock(m, id));
}

static void removes_itself(fwsim_machine *machine, fwsim_invocation *c,
                           void *user)
{
    OK(fwsim_unmock(machine, *(int *)user));
    c->result.value = 5;
}

static void a_callback_may_remove_itself(void **state)
{
    int id = 0;

    (void)state;
    id = mocked(fwsim_mock(m, "tock", removes_itself, &id, NULL));
    assert_int_equal(value("tock", NULL, 0), 5);
    assert_int_equal(value("tock", NULL, 0), 31);
}

static void asks_to_stop(fwsim_machine *machine, fwsim_invocation *c,
                         void *user)
{
    (void)c;
    (void)user;
    fwsim_request_stop(machine);
}

static void a_callback_may_stop_the_run(void **state)
{
    int id = mocked(fwsim_mock(m, "hal_read", asks_to_stop, NULL, NULL));
    fwsim_stop stop;

    (void)state;
    OK(fwsim_run(m, &(fwsim_limit){ .instructions = 100000 }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_REQUEST);
    assert_int_equal(fwsim_mock_calls(m, id), 1);
    OK(fwsim_unmock(m, id));
}

static void calls_itself(fwsim_machine *machine, fwsim_invocation *c,
                         void *user)
{
    fwsim_call_result r;

    (void)c;
    *(int *)user = fwsim_call(machine, "tock", NULL, 0, NULL, &r);
}

static void endless_recursion_is_an_error(void **state)
{
    int err = 0;
    int id = mocked(fwsim_mock(m, "tock", calls_itself, &err, NULL));
    fwsim_call_result r;

    (void)state;
    OK(fwsim_call(m, "tock", NULL, 0, NULL, &r));
    assert_true(fwsim_mock_calls(m, id) > 10);
    OK(fwsim_unmock(m, id));
}

static void steps_go_over_a_replacement(void **state)
{
    int id = mocked(fwsim_mock_return(m, "hal_read", 0, NULL));
    fwsim_stop stop;

    (void)state;
    for (int i = 0; i < 2000 && fwsim_mock_calls(m, id) < 3; i++)
        OK(fwsim_step(m, &stop));
    assert_int_equal(fwsim_mock_calls(m, id), 3);
    OK(fwsim_unmock(m, id));
}

static void an_interrupt_handler_is_replaced(void **state)
{
    uint64_t xpsr;
    int id;

    (void)state;
    if (is_a64())
        return; /* its vectors are no functions */
    id = mocked(fwsim_mock_return(m, "dispatch", 0, NULL));
    OK(fwsim_bus_write(m, 0x40000000, 4, 100));
    run_instructions(m, 300);
    assert_true(fwsim_mock_calls(m, id) > 0);
    OK(fwsim_cpu_read(m, "xpsr", &xpsr));
    OK(fwsim_unmock(m, id));
    run_instructions(m, 300);
    OK(fwsim_cpu_read(m, "xpsr", &xpsr));
    assert_int_equal(xpsr & 0x1ff, 0);
}

/* ------------------------------------------------------------------ */
/* Mistakes                                                             */
/* ------------------------------------------------------------------ */

static void refused(const char *function, const char *signature, int code,
                    const char *part)
{
    fwsim_mock_options opt = { .signature = signature };

    assert_int_equal(fwsim_mock(m, function, hal_read, NULL, &opt), code);
    assert_errmsg(m, part);
}

static void mistakes_are_named(void **state)
{
    int id;

    (void)state;
    refused("hal_raed", NULL, FWSIM_ENOENT, "did you mean hal_read?");
    refused("twice", NULL, FWSIM_ENOENT, "inlined into use_twice");
    refused("hal_read", "i32(u8)", FWSIM_EINVAL,
            "is not that of int32_t hal_read(uint8_t reg, uint8_t *value)");
    refused("hal_read", "i32(u64, ptr)", FWSIM_EINVAL, "is not that of");
    refused("hal_read", "void(u8, ptr)", FWSIM_EINVAL, "is not that of");
    refused("hal_read", "i32(u8, ptr", FWSIM_EINVAL, "at character 12");
    refused("hal_read", "int(u8)", FWSIM_EINVAL, "cannot be read");
    refused("hal_read", "", FWSIM_EINVAL, "cannot be read");
    refused("by_value", NULL, FWSIM_ENOTSUP, "struct by value");
    assert_int_equal(fwsim_mock(m, "tick", NULL, NULL, NULL), FWSIM_EINVAL);
    assert_int_equal(fwsim_mock_return(m, "negate", 0x100, NULL),
                     FWSIM_ERANGE);
    id = mocked(fwsim_mock_return(m, "tick", 1, NULL));
    assert_int_equal(fwsim_spy(m, "tick", NULL, NULL, NULL), FWSIM_EINVAL);
    assert_errmsg(m, "replaced already");
    OK(fwsim_unmock(m, id));
    id = mocked(fwsim_mock(m, "hal_read", hal_read, NULL,
                           &(fwsim_mock_options){ .signature =
                                                      "i32 ( u8 , ptr )" }));
    OK(fwsim_unmock(m, id));
}

/* ------------------------------------------------------------------ */
/* Snapshots                                                            */
/* ------------------------------------------------------------------ */

static void what_was_under_way_is_not_seen_after_a_restore(void **state)
{
    int64_t sum = 0;
    int id = mocked(fwsim_spy(m, "hang", note, &sum, NULL));
    fwsim_call_options opt = { .limit = { .instructions = 500 } };
    fwsim_call_result r;

    (void)state;
    OK(fwsim_call(m, "hang", NULL, 0, &opt, &r));
    assert_int_equal(fwsim_mock_calls(m, id), 1);
    OK(fwsim_snapshot_restore(m, start));
    run_instructions(m, 5000);
    assert_int_equal(fwsim_mock_calls(m, id), 1);
    assert_int_equal(sum, 0);
    OK(fwsim_unmock(m, id));
}

static void a_replacement_stays_after_restore_and_is_deterministic(void **state)
{
    uint64_t hash[2];
    int id = mocked(fwsim_mock(m, "hal_read", hal_read, NULL, NULL));

    (void)state;
    for (int i = 0; i < 2; i++) {
        OK(fwsim_snapshot_restore(m, start));
        run_instructions(m, 20000);
        hash[i] = fwsim_hash(m);
    }
    assert_true(hash[0] == hash[1]);
    assert_true(fwsim_mock_calls(m, id) > 100);
    OK(fwsim_unmock(m, id));
}

static int destroyed;

static void destroy(void *user)
{
    destroyed += user == &destroyed;
}

static void what_a_replacement_owns_is_given_back(void **state)
{
    fwsim_mock_options opt = { .destroy = destroy };
    int id = mocked(fwsim_spy(m, "tick", NULL, &destroyed, &opt));

    (void)state;
    destroyed = 0;
    OK(fwsim_unmock(m, id));
    assert_int_equal(destroyed, 1);
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
        TEST(a_callback_takes_the_place_of_a_function),
        TEST(a_constant_takes_the_place_of_a_function),
        TEST(a_static_function_is_named_with_its_file),
        TEST(only_some_calls_are_replaced),
        TEST(the_original_is_called_from_a_replacement),
        TEST(replacements_and_originals_nest),
        TEST(the_original_may_be_called_again),
        TEST(an_original_that_does_not_return_ends_the_run),
        TEST(a_spy_sees_arguments_and_results),
        TEST(a_spy_leaves_the_firmware_as_it_is),
        TEST(floats_and_pointers_are_seen),
        TEST(a_replacement_returns_floats),
        TEST(a_callback_may_call_and_take_snapshots),
        TEST(a_callback_may_remove_itself),
        TEST(a_callback_may_stop_the_run),
        TEST(endless_recursion_is_an_error),
        TEST(steps_go_over_a_replacement),
        TEST(an_interrupt_handler_is_replaced),
        TEST(mistakes_are_named),
        TEST(what_was_under_way_is_not_seen_after_a_restore),
        TEST(a_replacement_stays_after_restore_and_is_deterministic),
        TEST(what_a_replacement_owns_is_given_back),
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
