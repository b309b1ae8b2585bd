/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Out of memory while functions are called, replaced and watched, and while
 * variables are found: each allocation fails once. A call succeeds or says
 * FWSIM_ENOMEM (FWSIM_ECPU, when the engine cannot go on); a message may lack
 * its suggestion, no more.
 */
#include "support.h"

#include <stdio.h>
#include <unistd.h>

#include "alloc_failure.h"

#define IMAGE FWSIM_TEST_FIRMWARE_DIR "/call_m4f.elf"

static void original(fwsim_machine *m, fwsim_invocation *call, void *user)
{
    *(int *)user = fwsim_mock_original(m, call);
}

static int failed(int result)
{
    return result < 0 ? result : 0;
}

static int step(fwsim_machine *m, unsigned n)
{
    fwsim_call_result r;
    char text[128];
    int64_t value;
    int err, inner = 0;

    switch (n) {
    case 0:
        return fwsim_var_get(m, "g_state.bits.middle", &value);
    case 1:
        return fwsim_var_format(m, "g_state", text, sizeof text, NULL);
    case 2:
        err = fwsim_var_get(m, "g_stat", &value);
        return err == FWSIM_ENOENT ? 0 : err;
    case 3:
        return fwsim_call(m, "crc16",
                          FWSIM_ARGS(fwsim_in("123456789", 9), fwsim_u32(9)),
                          NULL, &r);
    case 4:
        err = fwsim_call(m, "crc61", NULL, 0, NULL, &r);
        return err == FWSIM_ENOENT ? 0 : err;
    case 5:
        return failed(fwsim_spy(m, "hal_read", NULL, NULL, NULL));
    case 6:
        return failed(fwsim_mock_return(m, "tick", 1, NULL));
    case 7:
        return failed(fwsim_mock(m, "tock", original, &inner, NULL));
    case 8:
        return fwsim_call(m, "driver_temperature", NULL, 0, NULL, &r);
    default:
        err = fwsim_call(m, "factorial", FWSIM_ARGS(fwsim_u32(3)), NULL, &r);
        return err ? err : inner;
    }
}

static int live(void)
{
    fwsim_machine *m;
    int err = fwsim_new(&m, fwsim_board_find("mps2_an386"), NULL);

    if (!err)
        err = fwsim_load(m, IMAGE, NULL);
    for (unsigned n = 0; n < 10 && !err; n++)
        err = step(m, n);
    fwsim_free(m);
    return err;
}

static void every_allocation_may_fail(void **state)
{
    unsigned long n = 0, failures = 0;
    bool reached;

    (void)state;
    alloc_fail_at(0);
    assert_int_equal(live(), 0);
    do {
        int err;

        alloc_fail_at(++n);
        err = live();
        reached = alloc_has_failed();
        alloc_fail_at(0);
        if (err && err != FWSIM_ENOMEM && err != FWSIM_ECPU)
            fail_msg("allocation %lu: %d", n, err);
        failures += err != 0;
    } while (reached);
    print_message("%lu allocations\n", n);
    assert_true(n > 30 && failures > 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };

    if (access(IMAGE, R_OK) != 0) {
        print_message("SKIPPED: no arm-none-eabi-gcc when the tests were "
                      "built\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
