/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Semihosting as a C library uses it: command line, console, a file, time, and
 * an end with SYS_EXIT.
 *
 * Source: Arm "Semihosting for AArch32 and AArch64", release 2.0.
 */
#include "cm.h"

enum {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITEC = 0x03,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_SEEK = 0x0a,
    SYS_FLEN = 0x0c,
    SYS_CLOCK = 0x10,
    SYS_TIME = 0x11,
    SYS_GET_CMDLINE = 0x15,
    SYS_EXIT = 0x18,
    MODE_WPLUS = 6,
    ADP_STOPPED_APPLICATION_EXIT = 0x20026,
    ADP_STOPPED_RUN_TIME_ERROR = 0x20023
};

static uintptr_t call(uintptr_t op, uintptr_t a, uintptr_t b, uintptr_t c)
{
    const uintptr_t block[] = { a, b, c };

    return semihosting(op, block);
}

static void file(void)
{
    static const char name[] = "cm_semi.txt", text[] = "written by the guest";
    static char back[sizeof text];
    uintptr_t handle = call(SYS_OPEN, (uintptr_t)name, MODE_WPLUS,
                            sizeof name - 1);

    line_dec("opened", handle != (uintptr_t)-1);
    line_dec("not written",
             call(SYS_WRITE, handle, (uintptr_t)text, sizeof text));
    line_dec("length", call(SYS_FLEN, handle, 0, 0));
    line_dec("seek", call(SYS_SEEK, handle, 8, 0));
    line_dec("not read",
             call(SYS_READ, handle, (uintptr_t)back, sizeof text - 8));
    put(back);
    line_dec("\nclose", call(SYS_CLOSE, handle, 0, 0));
    line_dec("outside refused", call(SYS_OPEN, (uintptr_t) "../x", MODE_WPLUS,
                                     4) == (uintptr_t)-1);
}

static uintptr_t command_line(char *text, uintptr_t size)
{
    uintptr_t block[] = { (uintptr_t)text, size };

    return semihosting(SYS_GET_CMDLINE, block);
}

void run(void)
{
    static char arguments[64];
    const char star = '*';

    line_dec("command line", command_line(arguments, sizeof arguments));
    put(arguments);
    put("\n");
    semihosting(SYS_WRITEC, &star);
    put("\n");
    file();
    line_dec("clock", semihosting(SYS_CLOCK, 0) != (uintptr_t)-1);
    line_dec("time", semihosting(SYS_TIME, 0) != (uintptr_t)-1);
    semihosting(SYS_EXIT, (const void *)(arguments[0] == 'f'
                                             ? ADP_STOPPED_RUN_TIME_ERROR
                                             : ADP_STOPPED_APPLICATION_EXIT));
}
