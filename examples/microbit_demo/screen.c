/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal of the demo, by the control sequences of ECMA-48 and xterm. */
#include "screen.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum {
    BOARD_LINES = LED_SIDE + 3, /* title, LEDs, two empty lines around them */
    CONSOLE_LINES_MIN = 4,
    BOARD_COLUMNS = 28
};

#define OTHER_SCREEN "\033[?1049h"
#define LEAVE "\033[r\033[0m\033[?25h\033[?1049l"

static const char title[] =
    " micro:bit   F1: button A   F2: button B   Ctrl-]: quit";

static struct termios before;
static volatile sig_atomic_t is_open, caught, resized;
static unsigned columns;
static bool shows_board, blocks, colours;
static board_view drawn;
static bool nothing_drawn;
static enum { PLAIN, ESCAPE, SEQUENCE } console_state;

/* ------------------------------------------------------------------ */
/* Taking and giving back                                               */
/* ------------------------------------------------------------------ */

/* Async-signal-safe. */
static void restore(void)
{
    if (is_open) {
        ssize_t n = write(STDOUT_FILENO, LEAVE, sizeof(LEAVE) - 1);

        (void)n;
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
        is_open = 0;
    }
}

static void on_end(int number)
{
    int saved = errno;

    restore();
    caught = number;
    errno = saved;
}

static void on_resize(int number)
{
    (void)number;
    resized = 1;
}

static void catch_signals(void)
{
    static const int ends[] = { SIGINT, SIGTERM, SIGHUP,  SIGQUIT,
                                SIGSEGV, SIGBUS, SIGABRT };
    struct sigaction end = { .sa_handler = on_end,
                             .sa_flags = (int)SA_RESETHAND };
    struct sigaction resize = { .sa_handler = on_resize };

    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        sigaction(ends[i], &end, NULL);
    sigaction(SIGWINCH, &resize, NULL);
}

bool screen_open(void)
{
    const char *no_color = getenv("NO_COLOR");
    struct termios raw;

    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return false;
    raw = before;
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | IXON);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    catch_signals();
    is_open = 1;
    if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) != 0) {
        is_open = 0;
        return false;
    }
    blocks = microbit_has_blocks();
    colours = !no_color || !*no_color; /* no-color.org */
    fputs(OTHER_SCREEN, stdout);
    return true;
}

void screen_close(void)
{
    fflush(stdout);
    restore();
}

int screen_signal(void)
{
    return caught;
}

int screen_keys(char *buf, size_t size, uint64_t timeout_ns)
{
    struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
    ssize_t n;

    if (poll(&in, 1, (int)((timeout_ns + 999999) / 1000000)) <= 0)
        return 0;
    n = read(STDIN_FILENO, buf, size);
    if (n > 0)
        return (int)n;
    return n < 0 && errno == EINTR ? 0 : -1;
}

/* ------------------------------------------------------------------ */
/* Drawing                                                              */
/* ------------------------------------------------------------------ */

bool screen_resized(void)
{
    bool was = resized;

    resized = 0;
    return was;
}

unsigned screen_layout(void)
{
    struct winsize size = { 0 };
    unsigned lines = 24;

    columns = 80;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row) {
        lines = size.ws_row;
        columns = size.ws_col;
    }
    shows_board = lines >= BOARD_LINES + CONSOLE_LINES_MIN &&
                  columns >= BOARD_COLUMNS;
    nothing_drawn = true;
    console_state = PLAIN;
    fputs("\033[r\033[2J\033[H", stdout);
    if (shows_board) {
        lines -= BOARD_LINES;
        printf("%s%-*.*s%s", colours ? "\033[7m" : "", (int)columns,
               (int)columns, title, colours ? "\033[0m" : "");
        printf("\033[%u;%ur\033[%u;1H", BOARD_LINES + 1, BOARD_LINES + lines,
               BOARD_LINES + 1);
    }
    fflush(stdout);
    return lines;
}

/* Where the firmware is in a control sequence, nothing may be drawn. */
static void follow(char c)
{
    switch (console_state) {
    case PLAIN:
        if (c == '\033')
            console_state = ESCAPE;
        break;
    case ESCAPE:
        console_state = c == '[' ? SEQUENCE : PLAIN;
        break;
    case SEQUENCE:
        if (c >= 0x40 && c <= 0x7e)
            console_state = PLAIN;
        break;
    }
}

void screen_console(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        follow(text[i]);
    fwrite(text, 1, size, stdout);
    fflush(stdout);
}

static void draw_button(const board_view *view, microbit_button button)
{
    const char *const *look = view->pressed[button]
        ? (const char *const[]){ "[A]", "[B]" }
        : (const char *const[]){ "(A)", "(B)" };

    if (colours && view->pressed[button])
        printf("\033[1m%s\033[0m", look[button]);
    else
        fputs(look[button], stdout);
}

static void draw_leds(const board_view *view, int y)
{
    for (int x = 0; x < LED_SIDE; x++) {
        int32_t percent = view->leds.led[y][x];

        putchar(' ');
        if (colours)
            fputs(percent ? "\033[91m" : "\033[2m", stdout);
        fputs(microbit_led(percent, blocks), stdout);
        if (colours)
            fputs("\033[0m", stdout);
    }
}

void screen_draw(const board_view *view)
{
    if (!shows_board || console_state != PLAIN ||
        (!nothing_drawn && !memcmp(view, &drawn, sizeof(drawn))))
        return;
    /* Cursor saved and hidden: the console's stands where it was. */
    fputs("\0337\033[?25l", stdout);
    for (int y = 0; y < LED_SIDE; y++) {
        bool middle = y == LED_SIDE / 2;

        printf("\033[%d;3H", y + 3);
        if (middle)
            draw_button(view, BUTTON_A);
        else
            fputs("   ", stdout);
        fputc(' ', stdout);
        draw_leds(view, y);
        fputs("  ", stdout);
        if (middle)
            draw_button(view, BUTTON_B);
    }
    fputs("\0338\033[?25h", stdout);
    fflush(stdout);
    memcpy(&drawn, view, sizeof(drawn));
    nothing_drawn = false;
}
