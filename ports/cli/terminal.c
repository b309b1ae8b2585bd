/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal of the user. The state here is global because the terminal and
 * the signals of a process are.
 */
#include "terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static struct termios before;          /* what to go back to */
static volatile sig_atomic_t is_raw;
static volatile sig_atomic_t caught;   /* signal number */

void terminal_restore(void)
{
    if (is_raw) {
        /* Async-signal-safe (POSIX.1-2017, XSH 2.4.3). */
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
        is_raw = 0;
    }
}

static void on_signal(int number)
{
    int saved = errno;

    terminal_restore();
    caught = number;
    errno = saved;
}

void terminal_catch_signals(void)
{
    static const int numbers[] = { SIGINT,  SIGTERM, SIGHUP, SIGQUIT,
                                   SIGSEGV, SIGBUS,  SIGILL, SIGFPE, SIGABRT };
    struct sigaction action = { .sa_handler = on_signal,
                                .sa_flags = (int)SA_RESETHAND };

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        struct sigaction old;

        /* What the parent had ignored stays so (nohup). */
        if (sigaction(numbers[i], NULL, &old) == 0 &&
            old.sa_handler == SIG_DFL)
            sigaction(numbers[i], &action, NULL);
    }
}

int terminal_signal(void)
{
    return caught;
}

void terminal_die(int number)
{
    signal(number, SIG_DFL);
    raise(number);
}

bool terminal_raw(void)
{
    struct termios raw;

    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return false;
    raw = before;
    /* Output processing stays: firmware that ends lines with a bare newline
     * is as readable as one that sends a carriage return, too. */
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | IXON);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    is_raw = 1;
    if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) != 0) {
        is_raw = 0;
        return false;
    }
    return true;
}

int terminal_read(void *buf, size_t size, uint64_t timeout_ns)
{
    struct pollfd stdin_poll = { .fd = STDIN_FILENO, .events = POLLIN };
    int timeout_ms = (int)((timeout_ns + 999999) / 1000000);
    ssize_t n;

    if (poll(&stdin_poll, 1, timeout_ms) <= 0)
        return 0; /* nothing, or a signal: terminal_signal tells */
    n = read(STDIN_FILENO, buf, size);
    if (n > 0)
        return (int)n;
    return n < 0 && errno == EINTR ? 0 : -1;
}

uint64_t terminal_clock_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
