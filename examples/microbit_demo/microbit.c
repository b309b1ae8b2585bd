/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The board, as fwsim.h shows it. */
#include "microbit.h"

#include <langinfo.h>
#include <stdio.h>
#include <string.h>

fwsim_machine *microbit_new(const char *image)
{
    fwsim_machine *m = NULL;
    int err = fwsim_new(&m, fwsim_board_find("bbc_microbit"), NULL);

    if (!err)
        err = fwsim_load(m, image, NULL);
    if (err) {
        const char *text = m ? fwsim_errmsg(m) : "";

        fprintf(stderr, "demo: %s: %s\n", image,
                *text ? text : fwsim_strerror(err));
        fwsim_free(m);
        return NULL;
    }
    return m;
}

void microbit_press(fwsim_machine *m, microbit_button button, bool pressed)
{
    static const char *const names[BUTTONS] = { "button_a", "button_b" };

    fwsim_input_set(m, names[button], "pressed", pressed);
}

void microbit_look(fwsim_machine *m, picture *now)
{
    for (int y = 0; y < LED_SIDE; y++) {
        for (int x = 0; x < LED_SIDE; x++) {
            char name[16];

            snprintf(name, sizeof(name), "led_%d_%d", x, y);
            now->led[y][x] = 0;
            fwsim_output_get(m, "display", name, &now->led[y][x]);
        }
    }
}

const char *microbit_led(int32_t percent, bool blocks)
{
    static const char *const as_blocks[] = { "··", "░░", "▒▒", "▓▓", "██" };
    static const char *const as_letters[] = { "..", "::", "++", "##", "@@" };
    /* The driver of the firmware dims in steps of a few percent. */
    int step = percent < 2 ? 0 : percent < 10 ? 1 : percent < 30 ? 2
                             : percent < 70 ? 3 : 4;

    return blocks ? as_blocks[step] : as_letters[step];
}

bool microbit_has_blocks(void)
{
    return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

static void put_line(const char *line, void *user)
{
    (void)user;
    fprintf(stderr, "  %s\n", line);
}

void microbit_report(fwsim_machine *m, const fwsim_stop *stop)
{
    fprintf(stderr, "demo: the firmware stopped: %s\n", stop->text);
    fwsim_report(m, stop, put_line, NULL);
}
