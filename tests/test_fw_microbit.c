/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debian's firmware-microbit-micropython, unmodified: what its prompt says of
 * the board. Answers are those that MicroPython's documentation for the
 * micro:bit gives for the quantities that the test sets.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#define IMAGE FWSIM_MICROBIT_HEX
#define PROMPT ">>> "

static int boot(void **state)
{
    fwsim_machine *m = new_machine(fwsim_board_find("bbc_microbit"), NULL);

    OK(fwsim_load(m, IMAGE, NULL));
    OK(fwsim_uart_expect(m, NULL, "micro:bit v1.0.1 with nRF51822",
                         FWSIM_S(5)));
    OK(fwsim_uart_expect(m, NULL, PROMPT, FWSIM_S(1)));
    *state = m;
    return 0;
}

static int power_down(void **state)
{
    fwsim_free(*state);
    return 0;
}

/** Type a line. */
static void type(fwsim_machine *m, const char *line)
{
    OK(fwsim_uart_send(m, NULL, line, strlen(line)));
    OK(fwsim_uart_send(m, NULL, "\r", 1));
}

/** Type a line that says nothing. */
static void enter(fwsim_machine *m, const char *line)
{
    type(m, line);
    OK(fwsim_uart_expect(m, NULL, PROMPT, FWSIM_S(5)));
}

/** Type an expression; its value must be printed. */
static void ask(fwsim_machine *m, const char *expression, const char *value)
{
    char answer[128];

    type(m, expression);
    snprintf(answer, sizeof answer, "%s\r\n%s\r\n" PROMPT, expression, value);
    OK(fwsim_uart_expect(m, NULL, answer, FWSIM_S(5)));
}

static void set(fwsim_machine *m, const char *periph, const char *input,
                int32_t value)
{
    OK(fwsim_input_set(m, periph, input, value));
    run_ns(m, FWSIM_MS(200)); /* sensors sample, buttons stop bouncing */
}

/** The display in the notation of MicroPython's Image: 0 and 9 only. */
static void read_display(fwsim_machine *m, char *image)
{
    for (int y = 0; y < 5; y++) {
        for (int x = 0; x < 5; x++) {
            char led[] = { 'l', 'e', 'd', '_', (char)('0' + x), '_',
                           (char)('0' + y), 0 };
            int32_t percent;

            OK(fwsim_output_get(m, "display", led, &percent));
            *image++ = percent > 50 ? '9' : '0';
        }
        *image++ = y < 4 ? ':' : '\0';
    }
}

static void the_accelerometer_says_which_side_is_up(void **state)
{
    fwsim_machine *m = *state;

    enter(m, "from microbit import *");
    enter(m, "accelerometer.get_values()"); /* the driver begins to sample */
    run_ns(m, FWSIM_MS(200));
    ask(m, "accelerometer.get_values()", "(0, 0, -1024)"); /* face up */
    set(m, "accelerometer", "z", -1000);
    ask(m, "accelerometer.get_z()", "1024");
    set(m, "accelerometer", "x", -500); /* the right side down */
    ask(m, "accelerometer.get_x()", "512");
}

static void the_compass_measures_the_field(void **state)
{
    fwsim_machine *m = *state;

    enter(m, "from microbit import *");
    enter(m, "compass.get_y()");
    set(m, "magnetometer", "y", 12300);
    ask(m, "compass.get_y()", "12300"); /* nanotesla */
}

static void both_sensors_are_on_the_bus(void **state)
{
    fwsim_machine *m = *state;

    enter(m, "from microbit import *");
    ask(m, "i2c.scan()", "[14, 29]");
}

static void the_chip_knows_its_temperature(void **state)
{
    fwsim_machine *m = *state;

    enter(m, "from microbit import *");
    set(m, "temp", "temperature", 31000);
    ask(m, "temperature()", "31");
    set(m, "temp", "temperature", -7000);
    ask(m, "temperature()", "-7");
}

static void buttons_and_pads_are_read(void **state)
{
    fwsim_machine *m = *state;

    enter(m, "from microbit import *");
    enter(m, "button_a.is_pressed(), button_b.is_pressed()");
    set(m, "button_a", "pressed", 1);
    ask(m, "button_a.is_pressed(), button_b.is_pressed()", "(True, False)");
    set(m, "button_a", "pressed", 0);
    ask(m, "button_a.is_pressed(), button_b.is_pressed()", "(False, False)");
    enter(m, "pin0.is_touched()");
    run_ns(m, FWSIM_MS(200));
    ask(m, "pin0.is_touched()", "False");
    set(m, "pad0", "touched", 1);
    ask(m, "pin0.is_touched()", "True");
}

static void an_analog_pin_counts_to_1023(void **state)
{
    fwsim_machine *m = *state;

    enter(m, "from microbit import *");
    set(m, "adc", "ain4", 1650000); /* half of the supply */
    ask(m, "pin0.read_analog()", "512");
    set(m, "adc", "ain4", 3300000);
    ask(m, "pin0.read_analog()", "1023");
}

static void the_display_shows_an_image(void **state)
{
    fwsim_machine *m = *state;
    char image[30];

    enter(m, "from microbit import *");
    enter(m, "display.show(Image.HEART)");
    run_ns(m, FWSIM_MS(50));
    read_display(m, image);
    assert_string_equal(image, "09090:99999:99999:09990:00900");
    enter(m, "display.show(Image('90000:09000:00900:00090:90009'))");
    run_ns(m, FWSIM_MS(50));
    read_display(m, image);
    assert_string_equal(image, "90000:09000:00900:00090:90009");
}

static void files_stay_in_flash_over_a_reset(void **state)
{
    fwsim_machine *m = *state;

    enter(m, "f = open('x', 'w')");
    ask(m, "f.write('hello')", "5");
    enter(m, "f.close()");
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    OK(fwsim_uart_expect(m, NULL, PROMPT, FWSIM_S(5)));
    ask(m, "open('x').read()", "'hello'");
}

/* The identification of a flash of Macronix, as its data sheet has it. */
static void spi_exchanges_bytes_with_a_part(void **state)
{
    fwsim_machine *m = *state;

    OK(fwsim_spi_expect(m, "spi1", "pin16", "\x9f\0\0", "\xff\xc2\x20", 3));
    enter(m, "from microbit import *");
    enter(m, "spi.init()");
    enter(m, "b = bytearray(3)");
    enter(m, "pin16.write_digital(0)");
    enter(m, "spi.write_readinto(b'\\x9f\\0\\0', b)");
    enter(m, "pin16.write_digital(1)");
    OK(fwsim_spi_expect_done(m, "spi1", "pin16", 0));
    ask(m, "b", "bytearray(b'\\xff\\xc2 ')");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, boot, power_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_accelerometer_says_which_side_is_up),
        TEST(the_compass_measures_the_field),
        TEST(both_sensors_are_on_the_bus),
        TEST(the_chip_knows_its_temperature),
        TEST(buttons_and_pads_are_read),
        TEST(an_analog_pin_counts_to_1023),
        TEST(the_display_shows_an_image),
        TEST(files_stay_in_flash_over_a_reset),
        TEST(spi_exchanges_bytes_with_a_part),
    };
    FILE *image = fopen(IMAGE, "r");

    if (!image) {
        print_message("%s is not here (Debian: firmware-microbit-micropython)\n",
                      IMAGE);
        return 77;
    }
    fclose(image);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
