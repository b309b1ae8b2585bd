/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debian's firmware-tomu: the USB boot loader of the Tomu board, unmodified.
 *
 * What it does is known from its documentation and from the board: without an
 * application it connects to USB and blinks its LEDs in turn, four changes a
 * second; it clears the watchdog all the while. After a reset that is not a
 * power-on it starts the application at 0x4000.
 */
#include "support.h"

#include <stdio.h>

#define FOLDER FWSIM_TOMU_DIR "/"
#define TOBOOT FOLDER "toboot.elf"

enum {
    USB_DCTL = 0x40100804, /* bit 1: SFTDISCON */
    WDOG_CMD = 0x40088004,
    APPLICATION = 0x4000
};

typedef struct observed {
    unsigned connects;     /* DCTL written with SFTDISCON clear */
    unsigned feeds;        /* the watchdog was cleared */
    unsigned green, red;   /* changes of the LED's pin */
    uint64_t last_ns;      /* of the last change of the green one */
    uint64_t shortest_ns, longest_ns; /* between two changes of it */
} observed;

static observed seen;
static log_lines heard;

static void accessed(fwsim_machine *m, const fwsim_access *a, void *user)
{
    (void)m;
    (void)user;
    if (!a->write)
        return;
    seen.connects += a->addr == USB_DCTL && !(a->value & 2);
    seen.feeds += a->addr == WDOG_CMD && (a->value & 1);
}

static void pin_changed(fwsim_machine *m, unsigned pin, bool level, void *user)
{
    uint64_t now = fwsim_time_ns(m), passed = now - seen.last_ns;

    (void)level;
    (void)user;
    seen.red += (int)pin == fwsim_pin_find(m, "led_red");
    if ((int)pin != fwsim_pin_find(m, "led_green"))
        return;
    seen.green++;
    seen.last_ns = now;
    if (seen.green > 1 && passed < seen.shortest_ns)
        seen.shortest_ns = passed;
    if (seen.green > 1 && passed > seen.longest_ns)
        seen.longest_ns = passed;
}

static int power_up(void **state)
{
    fwsim_options opt = log_options(&heard);
    fwsim_machine *m = new_machine(fwsim_board_find("efm32hg_tomu"), &opt);

    heard.count = 0;
    OK(fwsim_load(m, TOBOOT, NULL));
    *state = m;
    return 0;
}

static int power_down(void **state)
{
    fwsim_free(*state);
    return 0;
}

/* Start-up and the wait for a stable supply are over well before. */
static void boot(fwsim_machine *m)
{
    assert_int_equal(run_ns(m, FWSIM_MS(100)), FWSIM_STOP_LIMIT);
    seen = (observed){ .shortest_ns = UINT64_MAX };
}

static void it_connects_to_usb_within_100_ms(void **state)
{
    fwsim_machine *m = *state;

    seen = (observed){ 0 };
    assert_true(fwsim_on_access(m, USB_DCTL, 4, accessed, NULL) > 0);
    assert_int_equal(run_ns(m, FWSIM_MS(100)), FWSIM_STOP_LIMIT);
    assert_true(seen.connects > 0);
}

static void it_waits_in_its_main_loop(void **state)
{
    fwsim_machine *m = *state;
    const fwsim_symbol *loop = fwsim_symbol_find(m, "updater");
    fwsim_frame frames[8];
    size_t count;
    bool inside = false;

    assert_non_null(loop);
    boot(m);
    count = fwsim_backtrace(m, frames, 8);
    for (size_t i = 0; i < count; i++)
        inside |= fwsim_symbol_at(m, frames[i].pc) == loop;
    assert_true(inside);
}

static void it_feeds_the_watchdog(void **state)
{
    fwsim_machine *m = *state;

    boot(m);
    assert_true(fwsim_on_access(m, WDOG_CMD, 4, accessed, NULL) > 0);
    assert_int_equal(run_ns(m, FWSIM_S(1)), FWSIM_STOP_LIMIT);
    assert_true(seen.feeds > 100);
    assert_null(log_find(&heard, FWSIM_TOPIC_CPU, "reset"));
}

static void its_leds_blink_in_turn_four_times_a_second(void **state)
{
    fwsim_machine *m = *state;

    boot(m);
    OK(fwsim_on_pin(m, pin_changed, NULL));
    for (unsigned i = 0; i < 40; i++) {
        assert_int_equal(run_ns(m, FWSIM_MS(50)), FWSIM_STOP_LIMIT);
        assert_int_not_equal(fwsim_pin_get(m, "led_green"),
                             fwsim_pin_get(m, "led_red"));
    }
    assert_int_equal(seen.green, 8);
    assert_int_equal(seen.red, 8);
    /* 8192 + 1 periods of the 32768 Hz clock. */
    assert_in_range(seen.shortest_ns, FWSIM_US(250000), FWSIM_US(250060));
    assert_in_range(seen.longest_ns, FWSIM_US(250000), FWSIM_US(250060));
}

static void every_register_it_uses_has_a_model(void **state)
{
    fwsim_machine *m = *state;
    fwsim_unmodelled u;

    boot(m);
    assert_int_equal(run_ns(m, FWSIM_S(1)), FWSIM_STOP_LIMIT);
    assert_false(fwsim_unmodelled_get(m, 0, &u));
    assert_int_equal(log_count(&heard, FWSIM_TOPIC_UNIMPL), 0);
}

static void all_formats_of_the_image_run_alike(void **state)
{
    static const char *const files[] = { FOLDER "toboot.ihex",
                                         FOLDER "toboot.bin" };
    fwsim_machine *elf = *state;
    uint64_t expected;

    boot(elf);
    expected = fwsim_hash(elf);
    for (unsigned i = 0; i < 2; i++) {
        fwsim_machine *m =
            new_machine(fwsim_board_find("efm32hg_tomu"), NULL);

        OK(fwsim_load(m, files[i], NULL));
        assert_int_equal(run_ns(m, FWSIM_MS(100)), FWSIM_STOP_LIMIT);
        assert_true(fwsim_hash(m) == expected);
        fwsim_free(m);
    }
}

/* An application: two vectors, and `b .` at their end. */
static void load_application(fwsim_machine *m)
{
    static const uint8_t application[] = {
        0x00, 0x20, 0x00, 0x20, /* stack pointer 0x20002000 */
        0x09, 0x40, 0x00, 0x00, /* reset 0x4008, Thumb */
        0xfe, 0xe7,
    };

    OK(fwsim_mem_write(m, APPLICATION, application, sizeof(application)));
}

static void power_on_enters_the_boot_loader_even_with_an_application(
    void **state)
{
    fwsim_machine *m = *state;
    uint64_t pc;

    load_application(m);
    boot(m);
    OK(fwsim_cpu_read(m, "pc", &pc));
    assert_true(pc >= 0x20000000);
}

static void other_resets_start_the_application(void **state)
{
    fwsim_machine *m = *state;
    uint64_t pc, sp;

    load_application(m);
    boot(m);
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    assert_int_equal(run_ns(m, FWSIM_MS(30)), FWSIM_STOP_LIMIT);
    OK(fwsim_cpu_read(m, "pc", &pc));
    OK(fwsim_cpu_read(m, "sp", &sp));
    assert_int_equal(pc, APPLICATION + 8);
    assert_int_equal(sp, 0x20002000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, power_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_connects_to_usb_within_100_ms),
        TEST(it_waits_in_its_main_loop),
        TEST(it_feeds_the_watchdog),
        TEST(its_leds_blink_in_turn_four_times_a_second),
        TEST(every_register_it_uses_has_a_model),
        TEST(all_formats_of_the_image_run_alike),
        TEST(power_on_enters_the_boot_loader_even_with_an_application),
        TEST(other_resets_start_the_application),
    };
    FILE *image = fopen(TOBOOT, "rb");

    if (!image) {
        print_message("SKIPPED: no " TOBOOT " (Debian: firmware-tomu)\n");
        return 77;
    }
    fclose(image);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
