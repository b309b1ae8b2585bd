/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saying why something from outside is refused.
 */
#include "bundle/refusal.h"

#include <stdarg.h>
#include <stdio.h>

static void tell(const fwsim__teller *t, fwsim_level level, const char *fmt,
                 va_list args)
{
    char why[768], text[1024];

    if (!t->log)
        return;
    vsnprintf(why, sizeof why, fmt, args);
    snprintf(text, sizeof text, "%.240s%s%s", t->what ? t->what : "",
             t->what ? ": " : "", why);
    t->log(&(fwsim_log_entry){ .level = level, .origin = "bundle",
                               .text = text },
           t->log_user);
}

int fwsim__refuse(const fwsim__teller *t, int code, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    tell(t, FWSIM_LOG_ERROR, fmt, args);
    va_end(args);
    return code;
}

void fwsim__tell(const fwsim__teller *t, fwsim_level level, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    tell(t, level, fmt, args);
    va_end(args);
}
