/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `make demo` shows: MicroPython as Debian packages it, on a simulated
 * micro:bit, by the command line program and by the example.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "support.h"

#define DEMO FWSIM_TEST_BINARY_DIR "/../examples/microbit_demo"

static void demo(command *c, const char *image)
{
    command_run(c, (const char *const[]){ DEMO, "--script", image, NULL },
                NULL);
}

static void micropython_answers_at_its_prompt(void **state)
{
    command c;

    (void)state;
    command_run(&c,
                (const char *const[]){
                    command_fwsim(), "run", "--board", "bbc_microbit",
                    "--input", "-", "--input-after", ">>> ", "--expect-text",
                    "42\r\n>>> ", "--timeout", "5s", FWSIM_MICROBIT_HEX, NULL },
                "print(6*7)\r");
    assert_int_equal(c.code, 0);
    assert_non_null(strstr(c.out, "MicroPython v1."));
    assert_non_null(strstr(c.out, "micro:bit"));
    command_free(&c);
}

static void the_demo_gets_the_right_answers(void **state)
{
    command c;

    (void)state;
    demo(&c, FWSIM_MICROBIT_HEX);
    if (c.code != 0)
        print_error("%s%s", c.out, c.err);
    assert_int_equal(c.code, 0);
    assert_non_null(strstr(c.out, ">>> print(6*7)\n42\n>>> "));
    assert_non_null(strstr(c.out, "was_pressed()\nFalse\n"));
    assert_non_null(strstr(c.out, "was_pressed()\nTrue\n"));
    command_free(&c);
}

/* Is the picture of these lines, drawn with two characters a LED, in the text
 * with its lines one above the other? */
static bool has_picture(const char *text, const char *const *lines)
{
    for (const char *at = text; (at = strstr(at, lines[0])); at++) {
        const char *start = at;
        const char *line = at;
        unsigned y = 0;

        while (start > text && start[-1] != '\n')
            start--;
        while (y < 5 && !strncmp(line, lines[y], strlen(lines[y]))) {
            const char *next = strchr(line, '\n');

            y++;
            if (!next || (size_t)(at - start) > strcspn(next + 1, "\n"))
                break;
            line = next + 1 + (at - start);
        }
        if (y == 5)
            return true;
    }
    return false;
}

/* The letters as the font of the micro:bit's runtime has them (lancaster-
 * university/microbit-dal, MicroBitFont.cpp). */
static void the_demo_draws_the_letters_of_the_text(void **state)
{
    static const char *const f[] = { "....@@@@..", "..@@......", "@@@@@@....",
                                     "..@@......", "..@@......" };
    static const char *const m[] = { "..........", "@@@@..@@@@", "@@..@@..@@",
                                     "@@......@@", "@@......@@" };
    static const char *const e[] = { "..@@@@....", "@@....@@..", "@@@@@@....",
                                     "@@........", "..@@@@@@.." };
    command c;

    (void)state;
    command_run(&c,
                (const char *const[]){ "/usr/bin/env", "LC_ALL=C", DEMO,
                                       "--script", FWSIM_MICROBIT_HEX, NULL },
                NULL);
    assert_int_equal(c.code, 0);
    assert_true(has_picture(c.out, f));
    assert_true(has_picture(c.out, m));
    assert_false(has_picture(c.out, e)); /* it is not in "fwsim" */
    command_free(&c);
}

static void the_transcript_is_the_same_each_time(void **state)
{
    command first, second;

    (void)state;
    demo(&first, FWSIM_MICROBIT_HEX);
    demo(&second, FWSIM_MICROBIT_HEX);
    assert_string_equal(first.out, second.out);
    command_free(&first);
    command_free(&second);
}

static void without_its_image_the_demo_names_the_package(void **state)
{
    command c;

    (void)state;
    demo(&c, "/nowhere/firmware.hex");
    assert_int_equal(c.code, 1);
    assert_non_null(strstr(c.err, "/nowhere/firmware.hex"));
    assert_non_null(strstr(c.err, "firmware-microbit-micropython"));
    command_free(&c);
}

static void with_another_firmware_the_demo_fails(void **state)
{
    command c;

    (void)state;
    demo(&c, FWSIM_TEST_FIRMWARE_DIR "/cli_guest.elf");
    assert_int_equal(c.code, 1);
    assert_non_null(strstr(c.err, "\"MicroPython\" did not come"));
    command_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(micropython_answers_at_its_prompt),
        cmocka_unit_test(the_demo_gets_the_right_answers),
        cmocka_unit_test(the_demo_draws_the_letters_of_the_text),
        cmocka_unit_test(the_transcript_is_the_same_each_time),
        cmocka_unit_test(without_its_image_the_demo_names_the_package),
        cmocka_unit_test(with_another_firmware_the_demo_fails),
    };

    if (!command_have_fwsim())
        return 77;
    if (access(DEMO, X_OK) != 0) {
        printf("SKIPPED: %s was not built (FWSIM_EXAMPLES)\n", DEMO);
        return 77;
    }
    if (access(FWSIM_MICROBIT_HEX, R_OK) != 0) {
        printf("SKIPPED: no %s (Debian: firmware-microbit-micropython)\n",
               FWSIM_MICROBIT_HEX);
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
