/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a run. */
#include "fuzz/fuzz.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <xxhash.h>

enum { FRAMES = 8 };

/* CFSR: a frame could not be pushed, MemManage and BusFault; Armv8-M: below the
 * limit (Armv7-M ARM B3.2.15, Armv8-M ARM D1.2.8). */
#define CFSR_STACKING (1u << 4 | 1u << 12 | 1u << 20)

typedef struct row {
    const char *name, *text;
    bool finding;
} row;

static const row rows[] = {
#define X(name, id, is_finding, sentence) { id, sentence, is_finding },
    FWSIM_VERDICT_MAP(X)
#undef X
};

static const row *row_of(fwsim_verdict v)
{
    static const row none = { "?", "", false };

    return (unsigned)v < sizeof rows / sizeof *rows ? &rows[v] : &none;
}

const char *fwsim_verdict_name(fwsim_verdict verdict)
{
    return row_of(verdict)->name;
}

const char *fwsim_verdict_text(fwsim_verdict verdict)
{
    return row_of(verdict)->text;
}

/** A fault is more than that when one sees what the firmware was about. */
static fwsim_verdict fault(const fwsim_fuzz *f, const fwsim_stop *stop)
{
    const fwsim__guard *g = &f->m->guard;

    if (stop->fault.cfsr & CFSR_STACKING)
        return FWSIM_VERDICT_STACK_OVERFLOW;
    if (g->ram_fetched)
        return FWSIM_VERDICT_RAM_EXECUTION;
    if (g->refused)
        return FWSIM_VERDICT_FLASH_WRITE;
    return stop->reason == FWSIM_STOP_LOCKUP ? FWSIM_VERDICT_LOCKUP
                                             : FWSIM_VERDICT_FAULT;
}

static fwsim_verdict limit(const fwsim_fuzz *f, const fwsim_stop *stop)
{
    if (f->drained)
        return FWSIM_VERDICT_EXHAUSTED;
    if (f->settled)
        return FWSIM_VERDICT_DONE;
    return stop->instructions >= f->opt.instructions ? FWSIM_VERDICT_BUDGET
                                                     : FWSIM_VERDICT_TIMEOUT;
}

static fwsim_verdict request(const fwsim_fuzz *f)
{
    switch (f->end) {
    case FWSIM__FUZZ_EXHAUSTED:
        return FWSIM_VERDICT_EXHAUSTED;
    case FWSIM__FUZZ_ASSERTED:
        return FWSIM_VERDICT_ASSERT;
    default:
        return FWSIM_VERDICT_DONE;
    }
}

static fwsim_verdict verdict_of(const fwsim_fuzz *f, const fwsim_stop *stop)
{
    const fwsim__guard *g = &f->m->guard;

    if (g->overflowed)
        return FWSIM_VERDICT_STACK_OVERFLOW;
    switch (stop->reason) {
    case FWSIM_STOP_FAULT:
    case FWSIM_STOP_LOCKUP:
        return fault(f, stop);
    default:
        break;
    }
    if (g->refused || (g->stored && f->opt.flash_writes))
        return FWSIM_VERDICT_FLASH_WRITE;
    switch (stop->reason) {
    case FWSIM_STOP_LIMIT:
        return limit(f, stop);
    case FWSIM_STOP_IDLE:
        return FWSIM_VERDICT_EXHAUSTED;
    case FWSIM_STOP_REQUEST:
        return request(f);
    case FWSIM_STOP_BREAKPOINT:
        return FWSIM_VERDICT_BREAKPOINT;
    case FWSIM_STOP_UNMODELLED:
        return FWSIM_VERDICT_UNMODELLED;
    case FWSIM_STOP_UNSUPPORTED:
        return FWSIM_VERDICT_UNSUPPORTED;
    default: /* EXIT, RESET */
        return FWSIM_VERDICT_DONE;
    }
}

/* ------------------------------------------------------------------ */
/* Telling findings apart                                               */
/* ------------------------------------------------------------------ */

/**
 * Functions, not instructions: one bug faults at several of them. Where a wild
 * jump went is of the input, not of the bug; without symbols one cannot tell.
 */
static uint64_t place_of(fwsim_machine *m, uint64_t pc)
{
    const fwsim_symbol *s = fwsim_symbol_at(m, pc);

    if (s && s->function)
        return s->addr;
    for (size_t i = 0; i < m->image_count; i++)
        if (fwsim_image_symbols(m->images[i], &s))
            return 0;
    return fwsim__mem_at(m, pc) ? pc : 0;
}

static uint64_t hash_of(const fwsim_fuzz *f, const fwsim_fuzz_result *r)
{
    fwsim_frame frames[FRAMES];
    uint64_t places[FRAMES + 1] = { r->verdict };
    size_t n = fwsim_backtrace(f->m, frames, FRAMES);

    /* The function that is called has no caller: what would be behind is read
     * from the input. */
    for (size_t i = 0; i < n; i++) {
        if (f->function && (frames[i].pc & ~(uint64_t)1) == f->returns)
            n = i;
        else
            places[i + 1] = place_of(f->m, frames[i].pc);
    }
    return XXH3_64bits(places, (n + 1) * sizeof *places);
}

static void explain(fwsim_fuzz *f, fwsim_fuzz_result *r)
{
    char where[256];
    int n = snprintf(f->text, sizeof f->text, "%s",
                     fwsim_verdict_text(r->verdict));

    if (r->verdict == FWSIM_VERDICT_FLASH_WRITE)
        n += snprintf(f->text + n, sizeof f->text - (size_t)n,
                      ", to 0x%08" PRIx64, r->address);
    if (r->finding || r->verdict >= FWSIM_VERDICT_FAULT)
        snprintf(f->text + n, sizeof f->text - (size_t)n, ", at %s",
                 fwsim_describe(f->m, r->pc, where, sizeof where));
    r->text = f->text;
}

void fwsim__fuzz_judge(fwsim_fuzz *f, const fwsim_stop *stop,
                       fwsim_fuzz_result *r)
{
    *r = (fwsim_fuzz_result){ .verdict = verdict_of(f, stop), .stop = *stop };
    r->pc = stop->reason == FWSIM_STOP_FAULT ||
                    stop->reason == FWSIM_STOP_LOCKUP
                ? stop->fault.pc
                : stop->pc;
    if (r->verdict == FWSIM_VERDICT_FLASH_WRITE)
        r->address = f->m->guard.stored_at;
    if (r->verdict == FWSIM_VERDICT_ASSERT)
        r->pc = f->asserted;
    r->taken = fwsim__fuzz_taken(f);
    r->finding = row_of(r->verdict)->finding &&
                 !(f->opt.tolerated & 1u << r->verdict);
    if (r->finding)
        r->backtrace_hash = hash_of(f, r);
    explain(f, r);
}
