/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: lines for the callback of the user, with virtual time and the
 * instruction they belong to.
 */
#include "machine/machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void log_line(fwsim_machine *m, fwsim_level level, fwsim_topic topic,
                     const char *origin, const char *fmt, va_list args)
{
    char text[512];
    fwsim_log_entry entry = {
        .level = level, .topic = topic, .origin = origin, .text = text
    };

    vsnprintf(text, sizeof text, fmt, args);
    /* A board that is being refused may have no clock. */
    if (m->clock_hz)
        entry.time_ns = fwsim_time_ns(m);
    if (m->cpu) {
        entry.pc = m->cpu_ops->pc(m->cpu);
        entry.has_pc = true;
    }
    m->opt.log(&entry, m->opt.log_user);
}

static bool wanted(const fwsim_machine *m, fwsim_level level)
{
    return m->opt.log && level <= m->opt.log_level;
}

void fwsim__log(fwsim_machine *m, fwsim_level level, fwsim_topic topic,
                const char *origin, const char *fmt, ...)
{
    va_list args;

    if (!wanted(m, level))
        return;
    va_start(args, fmt);
    log_line(m, level, topic, origin, fmt, args);
    va_end(args);
}

void fwsim_guest_error(fwsim_periph *p, const char *fmt, ...)
{
    va_list args;

    if (!wanted(p->m, FWSIM_LOG_WARN))
        return;
    va_start(args, fmt);
    log_line(p->m, FWSIM_LOG_WARN, FWSIM_TOPIC_GUEST_ERROR, p->slot->name, fmt,
             args);
    va_end(args);
}

/** Is it the first time? Models have few such strings, and each is const. */
static bool first_use(fwsim_machine *m, const char *fmt)
{
    const size_t capacity = sizeof m->unimpl_logged / sizeof *m->unimpl_logged;

    for (size_t i = 0; i < m->unimpl_logged_count; i++)
        if (strcmp(m->unimpl_logged[i], fmt) == 0)
            return false;
    if (m->unimpl_logged_count < capacity)
        m->unimpl_logged[m->unimpl_logged_count++] = fmt;
    return true;
}

void fwsim_unimpl(fwsim_periph *p, const char *fmt, ...)
{
    va_list args;

    if (!wanted(p->m, FWSIM_LOG_WARN) || !first_use(p->m, fmt))
        return;
    va_start(args, fmt);
    log_line(p->m, FWSIM_LOG_WARN, FWSIM_TOPIC_UNIMPL, p->slot->name, fmt,
             args);
    va_end(args);
}
