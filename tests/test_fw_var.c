/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Variables of the firmware by name; the values are those of call_guest.c. */
#include "call.h"

#include <stdio.h>
#include <string.h>

static fwsim_machine *m;

static void get(const char *path, int64_t expected)
{
    int64_t value = 0;

    OK(fwsim_var_get(m, path, &value));
    if (value != expected)
        fail_msg("%s is %lld, not %lld", path, (long long)value,
                 (long long)expected);
}

static void refuses(const char *path, int code, const char *part)
{
    int64_t value;

    assert_int_equal(fwsim_var_get(m, path, &value), code);
    assert_errmsg(m, part);
}

static void integers_and_enums_are_read(void **state)
{
    (void)state;
    get("g_state.count", 7);
    get("g_state.level", -42);
    get("g_state.mode", 5);
    get("g_state.ready", 1);
    get("large", (int64_t)0xfedcba9876543210u);
    get("negative64", -5);
    get("call_guest.c:private_count", 11);
    get("call_other.c:private_count", 22);
    get("firmware/call_other.c:private_count", 22);
    get("tick:count", 3);
    get("call_guest.c:tock:count", 30);
}

static void paths_go_through_arrays_pointers_and_unions(void **state)
{
    (void)state;
    get("g_state.bytes[2]", 3);
    get("g_state.grid[1][2]", 6);
    get("g_state.grid[0x1][0]", 4);
    get("g_state.word", 0x44332211);
    get("g_state.part[3]", 0x44);
    get("p_state->level", -42);
    get("p_state.level", -42);
    get("p_state[0].level", -42);
    get("g_state.head->value", 100);
    get("g_state.head->next->next->value", 300);
    get("nodes[1].value", 200);
    get("*table", 10);
    get("table[3]", 40);
}

static void bit_fields_are_read_and_written(void **state)
{
    (void)state;
    get("g_state.bits.low", 5);
    get("g_state.bits.middle", -3);
    get("g_state.bits.high", 0xabcde);
    get("g_state.bits.wide", 0x123456789a);
    OK(fwsim_var_set(m, "g_state.bits.middle", -16));
    OK(fwsim_var_set(m, "g_state.bits.high", 1));
    get("g_state.bits.middle", -16);
    get("g_state.bits.high", 1);
    get("g_state.bits.low", 5);
    get("g_state.bits.wide", 0x123456789a);
    assert_int_equal(fwsim_var_set(m, "g_state.bits.low", 8), FWSIM_ERANGE);
    assert_errmsg(m, "3 unsigned bits");
    assert_int_equal(fwsim_var_set(m, "g_state.bits.middle", 16), FWSIM_ERANGE);
}

static void what_is_set_is_what_the_firmware_sees(void **state)
{
    fwsim_call_result r;

    (void)state;
    OK(fwsim_var_set(m, "tick:count", 99));
    OK(fwsim_call(m, "tick", NULL, 0, NULL, &r));
    assert_int_equal(r.value, 111);
    get("tick:count", 100);
    OK(fwsim_var_set(m, "g_state.level", -32768));
    get("g_state.level", -32768);
    assert_int_equal(fwsim_var_set(m, "g_state.level", 32768), FWSIM_ERANGE);
    assert_int_equal(fwsim_var_set(m, "g_state.ready", 2), FWSIM_ERANGE);
    OK(fwsim_var_set_text(m, "g_state.ready", "false"));
    get("g_state.ready", 0);
    OK(fwsim_var_set_text(m, "g_state.mode", "MODE_ERROR"));
    get("g_state.mode", -1);
    OK(fwsim_var_set_text(m, "g_state.count", "0xffffffff"));
    get("g_state.count", 0xffffffff);
    OK(fwsim_var_set_text(m, "g_state.level", "-7"));
    get("g_state.level", -7);
    assert_int_equal(fwsim_var_set_text(m, "g_state.mode", "MODE_OM"),
                     FWSIM_EINVAL);
    assert_errmsg(m, "did you mean MODE_O");
    assert_int_equal(fwsim_var_set_text(m, "g_state.count", "-1"),
                     FWSIM_ERANGE);
    assert_int_equal(fwsim_var_set_text(m, "g_state.count",
                                        "99999999999999999999"), FWSIM_ERANGE);
}

static void floats_are_read_and_written(void **state)
{
    double value;

    (void)state;
    OK(fwsim_var_get_float(m, "g_state.gain", &value));
    assert_true(value == 1.5);
    OK(fwsim_var_get_float(m, "g_state.offset", &value));
    assert_true(value == -0.25);
    OK(fwsim_var_get_float(m, "g_state.level", &value));
    assert_true(value == -42);
    OK(fwsim_var_set_float(m, "g_state.gain", -2.75));
    OK(fwsim_var_get_float(m, "g_state.gain", &value));
    assert_true(value == -2.75);
    OK(fwsim_var_set_text(m, "g_state.offset", "1e3"));
    OK(fwsim_var_get_float(m, "g_state.offset", &value));
    assert_true(value == 1000);
    assert_int_equal(fwsim_var_set_float(m, "g_state.gain", 1e300),
                     FWSIM_ERANGE);
    assert_int_equal(fwsim_var_set_float(m, "g_state.count", 1), FWSIM_EINVAL);
    refuses("g_state.gain", FWSIM_EINVAL, "type float, not an integer");
}

static void places_and_types_are_told(void **state)
{
    fwsim_var v, whole;

    (void)state;
    OK(fwsim_var_find(m, "g_state", &whole));
    assert_int_equal(whole.kind, FWSIM_VAR_STRUCT);
    assert_string_equal(whole.type, "state");
    assert_int_equal(whole.addr, fwsim_symbol_find(m, "g_state")->addr);
    assert_int_equal(whole.size, fwsim_symbol_find(m, "g_state")->size);
    OK(fwsim_var_find(m, "g_state.grid", &v));
    assert_int_equal(v.kind, FWSIM_VAR_ARRAY);
    assert_int_equal(v.count, 2);
    assert_int_equal(v.size, 12);
    assert_string_equal(v.type, "uint16_t[2][3]");
    OK(fwsim_var_find(m, "g_state.grid[1]", &v));
    assert_string_equal(v.type, "uint16_t[3]");
    OK(fwsim_var_find(m, "p_state", &v));
    assert_int_equal(v.kind, FWSIM_VAR_POINTER);
    assert_string_equal(v.type, "state *");
    OK(fwsim_var_find(m, "*p_state", &v));
    assert_int_equal(v.addr, whole.addr);
    OK(fwsim_var_find(m, "g_state.bits.middle", &v));
    assert_int_equal(v.bit_size, 5);
    assert_int_equal(v.bit_offset, 3);
}

static void bytes_are_read_and_written(void **state)
{
    uint8_t bytes[3];

    (void)state;
    OK(fwsim_var_read(m, "g_state.bytes", bytes, 3));
    assert_memory_equal(bytes, ((uint8_t[]){ 1, 2, 3 }), 3);
    OK(fwsim_var_write(m, "g_state.bytes", "\7\10", 2));
    get("g_state.bytes[1]", 8);
    get("g_state.bytes[2]", 3);
    assert_int_equal(fwsim_var_read(m, "g_state.bytes", bytes, 4),
                     FWSIM_ERANGE);
    assert_errmsg(m, "3 bytes, not 4");
}

static void values_are_printed_as_initialisers(void **state)
{
    char text[512];
    size_t needed;

    (void)state;
    OK(fwsim_var_format(m, "g_state", text, sizeof text, &needed));
    assert_int_equal(needed, strlen(text));
    assert_non_null(strstr(
        text, "{ .count = 7, .level = -42, .mode = MODE_ON, .ready = true, "
              ".gain = 1.5, .offset = -0.25, .name = \"probe\", "
              ".bytes = { 1, 2, 3 }, .bits = { .low = 5, .middle = -3, "
              ".high = 703710, .wide = 78187493530 }, { .word = 1144201745, "
              ".part = { 17, 34, 51, 68 } }, .grid = { { 1, 2, 3 }, "
              "{ 4, 5, 6 } }, .head = 0x"));
    OK(fwsim_var_format(m, "g_state.name", text, sizeof text, NULL));
    assert_string_equal(text, "\"probe\"");
    OK(fwsim_var_format(m, "g_state.mode", text, 5, &needed));
    assert_string_equal(text, "MODE");
    assert_int_equal(needed, 7);
    OK(fwsim_var_format(m, "g_state", NULL, 0, &needed));
}

static void mistakes_are_named(void **state)
{
    (void)state;
    refuses("g_stat.count", FWSIM_ENOENT, "did you mean g_state?");
    refuses("g_state.cout", FWSIM_ENOENT, "did you mean count?");
    refuses("private_count", FWSIM_ENOENT, "call_guest.c:private_count");
    refuses("private_count", FWSIM_ENOENT, "call_other.c:private_count");
    refuses("count", FWSIM_ENOENT, "call_guest.c:tock:count");
    refuses("nofile.c:private_count", FWSIM_ENOENT, "but not in nofile.c");
    refuses("g_state.grid[2][0]", FWSIM_ERANGE, "2 elements");
    refuses("g_state.count.x", FWSIM_EINVAL, "g_state.count is an integer");
    refuses("g_state->count", FWSIM_EINVAL, "use '.'");
    refuses("g_state.count[0]", FWSIM_EINVAL, "not an array");
    refuses("*g_state.count", FWSIM_EINVAL, "not a pointer");
    refuses("p_nowhere->count", FWSIM_EFAULT, "0x70000000");
    refuses("g_state.nowhere[0]", FWSIM_EINVAL, "nothing of a known size");
    refuses("g_state", FWSIM_EINVAL, "of type state, not an integer");
    refuses("", FWSIM_EINVAL, "a name is missing");
    refuses("a.c:", FWSIM_EINVAL, "a name is missing");
    refuses("g_state.", FWSIM_EINVAL, "at character 9");
    refuses("g_state.grid[", FWSIM_EINVAL, "a number is missing");
    refuses("g_state.grid[1", FWSIM_EINVAL, "']' is missing");
    refuses("g_state.grid[-1]", FWSIM_EINVAL, "a number is missing");
    refuses("g_state grid", FWSIM_EINVAL, "not understood");
    refuses("g_state.bits.low[0]", FWSIM_EINVAL, "a bit-field has no parts");
    refuses("g_state.grid[99999999999999999999][0]", FWSIM_ERANGE, "elements");
}

static void a_name_of_the_symbol_table_is_enough_for_an_integer(void **state)
{
    fwsim_var v;

    (void)state;
    /* Of the start-up code's linker script, DWARF knows nothing. */
    if (fwsim_symbol_find(m, "exit_block")) {
        OK(fwsim_var_find(m, "exit_block", &v));
        assert_int_equal(v.kind, FWSIM_VAR_BYTES);
        refuses("exit_block.x", FWSIM_ENOTSUP, "build its file with -g");
    }
}

static void without_firmware_there_is_no_variable(void **state)
{
    fwsim_machine *all = m;
    int64_t value;

    (void)state;
    m = new_machine(fwsim_board_find("mps2_an385"), NULL);
    assert_int_equal(fwsim_var_get(m, "g_state", &value), FWSIM_ENOENT);
    assert_errmsg(m, "no firmware is loaded");
    fwsim_free(m);
    m = all;
}

static fwsim_snapshot *start;

static int restore(void **state)
{
    (void)state;
    return fwsim_snapshot_restore(m, start);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, restore)
    const struct CMUnitTest tests[] = {
        TEST(integers_and_enums_are_read),
        TEST(paths_go_through_arrays_pointers_and_unions),
        TEST(bit_fields_are_read_and_written),
        TEST(what_is_set_is_what_the_firmware_sees),
        TEST(floats_are_read_and_written),
        TEST(places_and_types_are_told),
        TEST(bytes_are_read_and_written),
        TEST(values_are_printed_as_initialisers),
        TEST(mistakes_are_named),
        TEST(a_name_of_the_symbol_table_is_enough_for_an_integer),
        TEST(without_firmware_there_is_no_variable),
    };
    int failed = 0;

#ifndef FWSIM_WITH_DWARF
    puts("SKIPPED: this fwsim was built without libdw");
    return 77;
#endif

    for (const char *const *core = call_cores(); *core; core++) {
        print_message("%s\n", *core);
        m = call_booted(*core, NULL);
        OK(fwsim_snapshot_take(m, &start));
        failed += cmocka_run_group_tests_name(*core, tests, NULL, NULL);
        fwsim_snapshot_free(start);
        fwsim_free(m);
    }
    return failed;
}
