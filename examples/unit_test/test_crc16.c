/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of two functions of the firmware, in the image that is shipped. */
#include <fwsim_cmocka.h>

/* As the firmware has it. */
typedef struct frame {
    uint8_t id, length, data[8];
    uint16_t crc;
} frame;

/** Boot the logger until it has sent some frames. */
static int boot(void **state)
{
    return fwsim_cmocka_boot(state, &(fwsim_boot){ .board = "mps2_an386",
                                                   .image = LOGGER_ELF,
                                                   .timeout_ns = FWSIM_US(200) });
}

static uint64_t returned(fwsim_machine *m, const char *function,
                         const fwsim_arg *args, size_t count)
{
    fwsim_call_result r;

    assert_fwsim_ok(m, fwsim_call(m, function, args, count, NULL, &r));
    if (r.verdict != FWSIM_CALL_RETURNED)
        fail_msg("%s", r.text);
    return r.value;
}

static uint64_t crc16(fwsim_machine *m, const char *data, uint32_t length)
{
    return returned(m, "crc16",
                    FWSIM_ARGS(fwsim_in(data, length), fwsim_u32(length)));
}

static void crc16_has_the_check_value_of_its_catalogue(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    assert_int_equal(crc16(m, "123456789", 9), 0x29b1);
    assert_int_equal(crc16(m, "A", 1), 0xb915);
}

static void crc16_of_nothing_is_its_start_value(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);

    assert_int_equal(returned(m, "crc16", FWSIM_ARGS(fwsim_ptr(0),
                                                     fwsim_u32(0))), 0xffff);
}

static void a_frame_with_a_wrong_bit_is_rejected_and_counted(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);
    frame f = { .id = 1, .length = 1, .data = { 'A' } };
    int64_t before, after;

    f.crc = (uint16_t)crc16(m, "\1\1A", 3);
    assert_int_equal(returned(m, "frame_check",
                              FWSIM_ARGS(fwsim_in(&f, sizeof f))), 1);
    assert_fwsim_ok(m, fwsim_var_get(m, "g_log.rejected", &before));
    f.data[0] ^= 4;
    assert_int_equal((int64_t)returned(m, "frame_check",
                                       FWSIM_ARGS(fwsim_in(&f, sizeof f))),
                     -1);
    assert_fwsim_ok(m, fwsim_var_get(m, "g_log.rejected", &after));
    assert_int_equal(after, before + 1);
}

static void a_length_beyond_the_frame_reads_nothing(void **state)
{
    fwsim_machine *m = fwsim_cmocka_machine(state);
    frame f = { .length = 255 };
    int spy = fwsim_spy(m, "crc16", NULL, NULL, NULL);

    assert_fwsim_ok(m, spy);
    assert_int_equal((int64_t)returned(m, "frame_check",
                                       FWSIM_ARGS(fwsim_in(&f, sizeof f))),
                     -1);
    assert_int_equal(fwsim_mock_calls(m, spy), 0);
    assert_fwsim_ok(m, fwsim_unmock(m, spy));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc16_has_the_check_value_of_its_catalogue),
        cmocka_unit_test(crc16_of_nothing_is_its_start_value),
        cmocka_unit_test(a_frame_with_a_wrong_bit_is_rejected_and_counted),
        cmocka_unit_test(a_length_beyond_the_frame_reads_nothing),
    };

    return fwsim_run_tests(argc, argv, tests, boot, fwsim_cmocka_shutdown);
}
