/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assertions on machines; their messages look as those of fail_msg. */
#include "runner.h"

#include <string.h>

/** print_error cuts at a thousand bytes. */
static void print_lines(const char *text)
{
    for (size_t n; *text; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        print_error("%.*s\n", (int)n, text);
    }
}

void fwsim_cmocka_assert_ok(fwsim_machine *m, int result, const char *call,
                            const char *file, int line)
{
    const char *text = m ? fwsim_failure(m) : "";

    if (result >= 0)
        return;
    print_error("ERROR: %s: %s%s", call, fwsim_strerror(result),
                *text ? ": " : "\n");
    print_lines(text);
    /* An expectation has said where the firmware is, and the last events. */
    if (strchr(text, '\n'))
        fwsim__machine_reported(m);
    _fail(file, line);
}

void fwsim_cmocka_assert_stopped(fwsim_machine *m, fwsim_stop_reason reason,
                                 const char *file, int line)
{
    const fwsim_stop *stop = fwsim_last_stop(m);

    if (stop->reason == reason)
        return;
    print_error("ERROR: stopped: %s (%s), not %s\n", fwsim_stop_name(stop->reason),
                stop->text ? stop->text : "", fwsim_stop_name(reason));
    _fail(file, line);
}
