/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Error codes and the text of the last error.
 */
#include "machine/machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *fwsim_strerror(int code)
{
    switch (code) {
    case 0:
        return "success";
#define X(name, number, text)                                                  \
    case FWSIM_##name:                                                         \
        return text;
        FWSIM_ERROR_MAP(X)
#undef X
    default:
        return "unknown error";
    }
}

const char *fwsim_errmsg(const fwsim_machine *m)
{
    return m->errmsg;
}

void fwsim__error_clear(fwsim_machine *m)
{
    m->errmsg[0] = '\0';
    free(m->failure);
    m->failure = NULL;
}

int fwsim__error(fwsim_machine *m, int code, const char *fmt, ...)
{
    char text[sizeof m->errmsg];
    va_list args;

    /* The arguments may point into the text of the error before. */
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    fwsim__error_clear(m);
    memcpy(m->errmsg, text, sizeof text);
    return code;
}
