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
    return m->cpu ? m->cpu_ops->backtrace(m->cpu, frames, max) : 0;
}

static void put_backtrace(fwsim_machine *m,
                          void (*put)(const char *line, void *user), void *user)
{
    fwsim_frame frames[REPORT_FRAMES];
    size_t n = fwsim_backtrace(m, frames, REPORT_FRAMES);
    char where[256], line[320];

    put("backtrace:", user);
    for (size_t i = 0; i < n; i++) {
        /* A return address may belong to the line, or the function, behind
         * the call. */
        uint64_t pc = frames[i].pc;
        uint64_t at = i && !frames[i].exception && pc ? pc - 2 : pc;

        if (frames[i].exception)
            put("  -- interrupted --", user);
        snprintf(line, sizeof line, "  #%zu 0x%08" PRIx64 " %s", i, pc,
                 fwsim_describe(m, at, where, sizeof where));
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
