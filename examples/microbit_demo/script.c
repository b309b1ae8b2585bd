/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The demo without a terminal: types a few lines at the prompt of MicroPython,
 * checks the answers and shows everything. All waiting is in virtual time, so
 * the transcript is the same on every host, to the byte.
 */
#include "microbit.h"

#include <stdio.h>
#include <string.h>

enum { FRAMES_A_LINE = 6, FRAMES_MIN = 20 };

#define PROMPT ">>> "

static const uint64_t patience_ns = FWSIM_S(10);
static const uint64_t look_every_ns = FWSIM_MS(10);

/* The display is measured over 18 ms. A picture that lasts longer than that is
 * one that was meant; the others are changes on their way. */
enum { STEADY_LOOKS = 3 };

typedef struct script {
    fwsim_machine *m;
    size_t shown; /* bytes of the console's output that are on stdout */
    bool blocks;
    picture frames[FRAMES_A_LINE];
    unsigned waiting; /* frames that are not on stdout yet */
    unsigned total;
} script;

/* What the firmware has written since the last call. */
static void show_output(script *s)
{
    size_t size;
    const char *text = fwsim_uart_output(s->m, NULL, &size);

    for (; s->shown < size; s->shown++) {
        if (text[s->shown] != '\r')
            putchar(text[s->shown]);
    }
    fflush(stdout);
}

static bool await(script *s, const char *text)
{
    int err = fwsim_uart_expect(s->m, NULL, text, patience_ns);

    show_output(s);
    if (err)
        fprintf(stderr, "\ndemo: \"%s\" did not come: %s\n", text,
                fwsim_errmsg(s->m));
    return !err;
}

static bool type(script *s, const char *line)
{
    int err = fwsim_uart_send(s->m, NULL, line, strlen(line));

    return !err && !fwsim_uart_send(s->m, NULL, "\r", 1);
}

/* A line, what has to be in the answer, and the next prompt. */
static bool ask(script *s, const char *line, const char *answer)
{
    /* The echo of the line comes first; the answer is not looked for in it. */
    return type(s, line) && await(s, "\r\n") &&
           (!answer || await(s, answer)) && await(s, PROMPT);
}

/* ------------------------------------------------------------------ */
/* Frames                                                               */
/* ------------------------------------------------------------------ */

static void show_frames(script *s)
{
    for (int y = 0; y < LED_SIDE && s->waiting; y++) {
        for (unsigned i = 0; i < s->waiting; i++) {
            fputs(i ? "  " : "", stdout);
            for (int x = 0; x < LED_SIDE; x++)
                fputs(microbit_led(s->frames[i].led[y][x], s->blocks), stdout);
        }
        putchar('\n');
    }
    if (s->waiting)
        putchar('\n');
    s->waiting = 0;
}

static void add_frame(script *s, const picture *frame)
{
    s->frames[s->waiting++] = *frame;
    s->total++;
    if (s->waiting == FRAMES_A_LINE)
        show_frames(s);
}

static bool same(const picture *a, const picture *b)
{
    return !memcmp(a, b, sizeof(*a));
}

/* Runs until the prompt is there, and shows each new picture that is steady. */
static bool watch_display(script *s)
{
    picture last = { 0 }, shown = { 0 }, now;
    unsigned looks = 0;

    for (uint64_t t = 0; t < patience_ns; t += look_every_ns) {
        if (!fwsim_uart_expect(s->m, NULL, PROMPT, look_every_ns)) {
            show_frames(s);
            show_output(s);
            return true;
        }
        microbit_look(s->m, &now);
        looks = same(&now, &last) ? looks + 1 : 1;
        if (looks == STEADY_LOOKS && !same(&now, &shown)) {
            add_frame(s, &now);
            shown = now;
        }
        last = now;
    }
    fprintf(stderr, "\ndemo: the text scrolls for ever\n");
    return false;
}

static bool scroll(script *s)
{
    if (!type(s, "display.scroll('fwsim')") || !await(s, "\r\n") ||
        !watch_display(s))
        return false;
    if (s->total < FRAMES_MIN) {
        fprintf(stderr, "\ndemo: %u pictures are too few for a text\n",
                s->total);
        return false;
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* The script                                                           */
/* ------------------------------------------------------------------ */

static bool press_a(script *s)
{
    const fwsim_limit moment = { .time_ns = FWSIM_MS(100) };

    microbit_press(s->m, BUTTON_A, true);
    fwsim_run(s->m, &moment, NULL);
    microbit_press(s->m, BUTTON_A, false);
    fwsim_run(s->m, &moment, NULL);
    fputs("# button A is pressed\n" PROMPT, stdout);
    return true;
}

int demo_script(fwsim_machine *m)
{
    script s = { .m = m, .blocks = microbit_has_blocks() };
    bool right =
        await(&s, "MicroPython") && await(&s, PROMPT) &&
        ask(&s, "print(6*7)", "42\r\n") &&
        ask(&s, "from microbit import *", NULL) &&
        scroll(&s) &&
        ask(&s, "button_a.was_pressed()", "False") &&
        press_a(&s) &&
        ask(&s, "button_a.was_pressed()", "True");

    putchar('\n');
    if (right)
        printf("\nAll answers are right: %.3f s of virtual time, "
               "%.0f million instructions.\n", (double)fwsim_time_ns(m) / 1e9,
               (double)fwsim_instructions(m) / 1e6);
    return right ? 0 : 1;
}
