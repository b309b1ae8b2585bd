/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The demo on a terminal: the prompt of MicroPython is the user's, the LEDs
 * are drawn above it. Virtual time is held to real time here, by waiting for
 * keys between short runs.
 */
#include "screen.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const uint64_t slice_ns = FWSIM_MS(10);
static const uint64_t lag_max_ns = FWSIM_MS(100);
static const uint64_t press_ns = FWSIM_MS(200);

typedef enum action { TYPE, PRESS_A, PRESS_B, QUIT } action;

/* Keys that are not for the firmware. F1 and F2 as xterm, the VT220 and the
 * Linux console send them; Ctrl-T and Ctrl-Y where a window manager takes them
 * for itself. MicroPython has no use for either. */
static const struct {
    const char *bytes;
    action action;
} keys[] = {
    { "\033OP", PRESS_A }, { "\033[11~", PRESS_A }, { "\033[[A", PRESS_A },
    { "\024", PRESS_A },
    { "\033OQ", PRESS_B }, { "\033[12~", PRESS_B }, { "\033[[B", PRESS_B },
    { "\031", PRESS_B },
    { "\035", QUIT },
};

typedef struct session {
    fwsim_machine *m;
    size_t shown; /* bytes of the console's output that are on the screen */
    unsigned lines; /* of the console's window */
    board_view view;
    uint64_t release_ns[BUTTONS]; /* virtual time at which a finger goes up */
    uint64_t virtual_ns, real_ns; /* equal moments of both times */
    bool quit;
} session;

static uint64_t real_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ------------------------------------------------------------------ */
/* Keys                                                                 */
/* ------------------------------------------------------------------ */

/* What the first key of the bytes does, and how many bytes it is. */
static action next_key(const char *bytes, size_t size, size_t *length)
{
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        *length = strlen(keys[i].bytes);
        if (*length <= size && !memcmp(bytes, keys[i].bytes, *length))
            return keys[i].action;
    }
    *length = 1;
    return TYPE;
}

static void press(session *s, microbit_button button)
{
    microbit_press(s->m, button, true);
    s->view.pressed[button] = true;
    s->release_ns[button] = fwsim_time_ns(s->m) + press_ns;
}

static void release(session *s)
{
    for (microbit_button b = BUTTON_A; b < BUTTONS; b++) {
        if (s->view.pressed[b] && fwsim_time_ns(s->m) >= s->release_ns[b]) {
            microbit_press(s->m, b, false);
            s->view.pressed[b] = false;
        }
    }
}

static void take_keys(session *s, uint64_t timeout_ns)
{
    char typed[256];
    int n = screen_keys(typed, sizeof(typed), timeout_ns);
    size_t length;

    if (n < 0)
        s->quit = true;
    for (size_t i = 0; n > 0 && i < (size_t)n && !s->quit; i += length) {
        switch (next_key(typed + i, (size_t)n - i, &length)) {
        case TYPE:
            fwsim_uart_send(s->m, NULL, typed + i, 1);
            break;
        case PRESS_A:
            press(s, BUTTON_A);
            break;
        case PRESS_B:
            press(s, BUTTON_B);
            break;
        case QUIT:
            s->quit = true;
            break;
        }
    }
}

/* ------------------------------------------------------------------ */
/* The screen                                                           */
/* ------------------------------------------------------------------ */

/* The last lines of the output, as many as the window has. */
static void replay(session *s)
{
    size_t size;
    const char *text = fwsim_uart_output(s->m, NULL, &size);
    unsigned lines = 0;

    for (s->shown = size; s->shown > 0; s->shown--) {
        if (text[s->shown - 1] == '\n' && ++lines == s->lines)
            break;
    }
}

static void show(session *s)
{
    size_t size;
    const char *text;

    if (screen_resized()) {
        s->lines = screen_layout();
        replay(s);
    }
    text = fwsim_uart_output(s->m, NULL, &size);
    if (size > s->shown)
        screen_console(text + s->shown, size - s->shown);
    s->shown = size;
    microbit_look(s->m, &s->view.leds);
    screen_draw(&s->view);
}

/* ------------------------------------------------------------------ */
/* Running                                                              */
/* ------------------------------------------------------------------ */

/* Wait until real time is where virtual time is. */
static void pace(session *s)
{
    uint64_t real = real_ns() - s->real_ns;
    uint64_t virtual = fwsim_time_ns(s->m) - s->virtual_ns;

    take_keys(s, virtual > real ? virtual - real : 0);
    if (real > virtual + lag_max_ns) {
        s->real_ns = real_ns();
        s->virtual_ns = fwsim_time_ns(s->m);
    }
}

/* @return 0, or 1 when the firmware or the simulator gave up */
static int run(session *s, fwsim_stop *stop)
{
    const fwsim_limit slice = { .time_ns = slice_ns };

    while (!s->quit && !screen_signal()) {
        if (fwsim_run(s->m, &slice, stop) != 0)
            return 1;
        show(s);
        if (stop->reason != FWSIM_STOP_LIMIT)
            return 1;
        release(s);
        pace(s);
    }
    return 0;
}

int demo_terminal(fwsim_machine *m)
{
    session s = { .m = m, .real_ns = real_ns() };
    fwsim_stop stop = { 0 };
    int failed;

    if (!screen_open()) {
        fprintf(stderr, "demo: cannot set up the terminal: %s\n",
                strerror(errno));
        return 1;
    }
    s.lines = screen_layout();
    failed = run(&s, &stop);
    screen_close();
    if (screen_signal())
        raise(screen_signal()); /* now it ends the program */
    if (failed)
        microbit_report(m, &stop);
    return failed;
}
