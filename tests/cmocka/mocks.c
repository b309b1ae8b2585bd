/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmocka's queues inside replaced functions. Tests named fails_x fail, each in
 * the middle of a callback; those behind them find the machine in order. Run by
 * test_fw_cmocka_mock.c; the firmware is tests/firmware/call_guest.c.
 */
#include "fwsim_cmocka.h"

#include <stdlib.h>

static fwsim_machine *m;
static int spy;

static int64_t temperature(void)
{
    fwsim_call_result r;

    assert_fwsim_ok(m, fwsim_call(m, "driver_temperature", NULL, 0, NULL, &r));
    assert_int_equal(r.verdict, FWSIM_CALL_RETURNED);
    return (int64_t)r.value;
}

static void queues_answer_for_the_function(void **state)
{
    int id = fwsim_cmocka_mock(m, "hal_read", "reg, value=1");

    (void)state;
    expect_value(hal_read, reg, 0x10);
    will_return(hal_read, "\x15");
    will_return(hal_read, 0);
    expect_value(hal_read, reg, 0x11);
    will_return(hal_read, "\x80");
    will_return(hal_read, 0);
    assert_int_equal(temperature(), 0x1580);
    assert_int_equal(fwsim_mock_calls(m, id), 2);
    assert_fwsim_ok(m, fwsim_unmock(m, id));
}

static void fails_as_another_value_comes(void **state)
{
    (void)state;
    fwsim_cmocka_mock(m, "hal_read", "reg, value=1");
    expect_value(hal_read, reg, 0x99);
    will_return(hal_read, "\x15");
    will_return(hal_read, 0);
    temperature();
}

static void fails_as_nothing_is_queued(void **state)
{
    (void)state;
    fwsim_cmocka_mock(m, "call_guest.c:hal_ticks", NULL);
    assert_fwsim_ok(m, fwsim_run(m, &(fwsim_limit){ .instructions = 99 }, NULL));
    fwsim_call(m, "driver_wait", FWSIM_ARGS(fwsim_u32(5)), NULL,
               &(fwsim_call_result){ FWSIM_CALL_NONE });
}

static void fails_as_the_parameter_is_another(void **state)
{
    (void)state;
    fwsim_cmocka_mock(m, "hal_read", "rge");
    temperature();
}

static void fails_as_the_list_is_broken(void **state)
{
    (void)state;
    fwsim_cmocka_mock(m, "hal_read", "reg, value=");
}

static void fails_as_the_function_is_not_there(void **state)
{
    (void)state;
    fwsim_cmocka_mock(m, "hal_raed", "reg");
}

static void tock(fwsim_machine *machine, fwsim_invocation *call, void *user)
{
    (void)user;
    assert_int_equal(fwsim_mock_original(machine, call), 0);
    assert_int_equal(call->result.value, 99); /* it is 31 */
}

static void fails_behind_the_original(void **state)
{
    fwsim_call_result r;

    (void)state;
    fwsim_mock(m, "tock", tock, NULL, NULL);
    fwsim_call(m, "tock", NULL, 0, NULL, &r);
}

static void memory_and_strings_are_compared(void **state)
{
    static const uint8_t three[3] = { 1, 2, 3 };
    fwsim_call_result r;
    int id = fwsim_cmocka_mock(m, "crc16", "data[length], length");

    (void)state;
    expect_memory(crc16, data, three, 3);
    expect_value(crc16, length, 3);
    will_return(crc16, 0xbeef);
    assert_fwsim_ok(m, fwsim_call(m, "crc16",
                                  FWSIM_ARGS(fwsim_in(three, 3), fwsim_u32(3)),
                                  NULL, &r));
    assert_int_equal(r.value, 0xbeef);
    assert_fwsim_ok(m, fwsim_unmock(m, id));
    id = fwsim_cmocka_mock(m, "mirror", "tag[]");
    expect_string(mirror, tag, "hello");
    assert_fwsim_ok(m, fwsim_call(m, "mirror",
                                  FWSIM_ARGS(fwsim_ptr(0), fwsim_text("hello")),
                                  NULL, &r));
    assert_fwsim_ok(m, fwsim_unmock(m, id));
}

static void hal_read(fwsim_machine *machine, fwsim_invocation *call,
                     void *user)
{
    uint8_t reg = (uint8_t)call->args[0].value;
    uint8_t answer = mock_type(uint8_t);

    (void)user;
    check_expected(reg);
    fwsim_mem_write(machine, call->args[1].value, &answer, 1);
}

static void callbacks_may_use_the_queues(void **state)
{
    int id = fwsim_mock(m, "hal_read", hal_read, NULL, NULL);

    (void)state;
    assert_fwsim_ok(m, id);
    expect_in_range_count(hal_read, reg, 0x10, 0x11, 2);
    will_return(hal_read, 3);
    will_return(hal_read, 4);
    assert_int_equal(temperature(), 3 * 256 + 4);
    assert_fwsim_ok(m, fwsim_unmock(m, id));
}

static void fails_as_the_length_is_negative(void **state)
{
    fwsim_call_result r;

    (void)state;
    fwsim_cmocka_mock(m, "crc16", "data[length]");
    assert_fwsim_ok(m, fwsim_call(m, "crc16",
                                  FWSIM_ARGS(fwsim_in("x", 1),
                                             fwsim_u32((uint32_t)-1)),
                                  NULL, &r));
}

static void nothing_is_left_but_what_the_group_has(void **state)
{
    fwsim_inject_state armed;
    int id = fwsim_mock_return(m, "hal_read", 0, NULL);

    (void)state;
    assert_fwsim_ok(m, id);
    assert_int_equal(fwsim_mock_id(m, 0), spy);
    assert_int_equal(fwsim_mock_id(m, 1), id);
    assert_int_equal(fwsim_mock_id(m, 2), 0);
    assert_false(fwsim_inject_get(m, 0, &armed));
}

static void fails_with_a_fault_armed(void **state)
{
    (void)state;
    assert_fwsim_ok(m, fwsim_inject_text(m, "skip@pc:hal_read"));
    fwsim_cmocka_mock(m, "hal_read", "rge");
    temperature();
}

static void the_machine_runs_as_ever(void **state)
{
    uint64_t hash = 0;

    for (int i = 0; i < 2; i++) {
        assert_int_equal(fwsim_cmocka_restore(state), 0);
        assert_int_equal(temperature(), -0x11 * 256 + 0xee);
        assert_fwsim_ok(m, fwsim_run(m, &(fwsim_limit){ .instructions = 999 },
                                     NULL));
        assert_true(i == 0 || fwsim_hash(m) == hash);
        hash = fwsim_hash(m);
    }
}

/** The spy stays for all tests; what those that fail have replaced does not. */
static int boot(void **state)
{
    const fwsim_boot what = { .board = "mps2_an386",
                              .image = FWSIM_TEST_FIRMWARE_DIR "/call_m4f.elf",
                              .timeout_ns = FWSIM_US(1600) };

    if (fwsim_cmocka_boot(state, &what))
        return -1;
    m = fwsim_cmocka_machine(state);
    spy = fwsim_spy(m, "negate", NULL, NULL, NULL);
    return spy > 0 ? 0 : -1;
}

static int end(void **state)
{
    return fwsim_cmocka_shutdown(state);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, fwsim_cmocka_restore)
    const struct CMUnitTest tests[] = {
        TEST(queues_answer_for_the_function),
        TEST(fails_as_another_value_comes),
        TEST(the_machine_runs_as_ever),
        TEST(fails_as_nothing_is_queued),
        TEST(fails_as_the_parameter_is_another),
        TEST(fails_as_the_list_is_broken),
        TEST(fails_as_the_function_is_not_there),
        TEST(fails_behind_the_original),
        TEST(fails_with_a_fault_armed),
        TEST(fails_as_the_length_is_negative),
        TEST(nothing_is_left_but_what_the_group_has),
        TEST(memory_and_strings_are_compared),
        TEST(callbacks_may_use_the_queues),
        TEST(the_machine_runs_as_ever),
    };

    return cmocka_run_group_tests(tests, boot, end);
}
