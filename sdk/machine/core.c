/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The core as the user sees it: registers, call stack, report. */
#include "machine/machine.h"

#include <inttypes.h>
#include <stdio.h>

enum { REPORT_FRAMES = 32 };

static int no_core(fwsim_machine *m)
{
    return fwsim__error(m, FWSIM_ENOTSUP, "board %s has no core",
                        m->board->name);
}

int fwsim_cpu_read(fwsim_machine *m, const char *reg, uint64_t *value)
{
    return m->cpu ? m->cpu_ops->read(m->cpu, reg, value) : no_core(m);
}

int fwsim_cpu_write(fwsim_machine *m, const char *reg, uint64_t value)
{
    return m->cpu ? m->cpu_ops->write(m->cpu, reg, value) : no_core(m);
}

const char *const *fwsim_cpu_registers(const fwsim_machine *m)
{
    return m->cpu ? m->cpu_ops->registers : NULL;
}

size_t fwsim_backtrace(fwsim_machine *m, fwsim_frame *frames, size_t max)
{
    size_t n = m->cpu ? m->cpu_ops->backtrace(m->cpu, frames, max) : 0;

    /* A call of the host has no caller in the firmware. */
    for (size_t i = 1; i < n; i++)
        if (frames[i].pc == m->cpu_ops->call_end)
            n = i;
    return n;
}

uint64_t fwsim_frame_code(const fwsim_frame *frames, size_t index)
{
    const fwsim_frame *f = &frames[index];

    return index && !f->exception && f->pc ? f->pc - 2 : f->pc;
}

static void put_backtrace(fwsim_machine *m,
                          void (*put)(const char *line, void *user), void *user)
{
    fwsim_frame frames[REPORT_FRAMES];
    size_t n = fwsim_backtrace(m, frames, REPORT_FRAMES);
    char where[256], line[320];

    put("backtrace:", user);
    for (size_t i = 0; i < n; i++) {
        if (frames[i].exception)
            put("  -- interrupted --", user);
        snprintf(line, sizeof line, "  #%zu 0x%08" PRIx64 " %s", i,
                 frames[i].pc,
                 fwsim_describe(m, fwsim_frame_code(frames, i), where,
                                sizeof where));
        put(line, user);
    }
}

void fwsim_report(fwsim_machine *m, const fwsim_stop *stop,
                  void (*put)(const char *line, void *user), void *user)
{
    char line[640];

    snprintf(line, sizeof line, "stopped: %s (%s) at %" PRIu64 " ns",
             fwsim_stop_name(stop->reason), stop->text ? stop->text : "",
             fwsim_time_ns(m));
    put(line, user);
    if (!m->cpu)
        return;
    m->cpu_ops->report(m->cpu, stop, put, user);
    put_backtrace(m, put, user);
}
