/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unity: the board boots once in main; setUp goes back to that moment. */
#include <stdlib.h>

#include <fwsim.h>
#include <unity.h>

static fwsim_machine *m;
static fwsim_snapshot *booted;

void setUp(void)
{
    TEST_ASSERT_EQUAL_INT(0, fwsim_snapshot_restore(m, booted));
    fwsim_uart_clear(m, NULL);
}

void tearDown(void)
{
}

/** Press keys, one after the answer to the other. */
static const char *press(const char *keys)
{
    for (; *keys; keys++) {
        fwsim_uart_send(m, NULL, keys, 1);
        TEST_ASSERT_EQUAL_INT_MESSAGE(
            0, fwsim_uart_expect(m, NULL, "\n", FWSIM_MS(10)), fwsim_errmsg(m));
    }
    return fwsim_uart_output(m, NULL, NULL);
}

static void rises_and_falls(void)
{
    TEST_ASSERT_EQUAL_STRING("level 1\nlevel 2\nlevel 1\n", press("++-"));
}

static void lamp_is_lit_from_three_on(void)
{
    press("++");
    TEST_ASSERT_EQUAL_INT(0, fwsim_pin_get(m, "led0"));
    press("+");
    TEST_ASSERT_EQUAL_INT(1, fwsim_pin_get(m, "led0"));
}

int main(void)
{
    int failed;

    if (fwsim_new(&m, fwsim_board_find("mps2_an386"), NULL) ||
        fwsim_load(m, PUMP_ELF, NULL) ||
        fwsim_uart_expect(m, NULL, "pump 1.0\n", FWSIM_MS(10)) ||
        fwsim_snapshot_take(m, &booted))
        return EXIT_FAILURE;
    UNITY_BEGIN();
    RUN_TEST(rises_and_falls);
    RUN_TEST(lamp_is_lit_from_three_on);
    failed = UNITY_END();
    fwsim_snapshot_free(booted);
    fwsim_free(m);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
