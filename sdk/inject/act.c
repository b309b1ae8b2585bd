/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What faults do when their moment has come. */
#include "fwsim_journal.h"
#include "inject/inject.h"

#include <string.h>

static void note(const fwsim__armed *a)
{
    fwsim_machine *m = a->injector->m;
    char text[FWSIM_INJECT_TEXT_MAX];

    if (fwsim_journal_entries(m))
        fwsim_journal_note(m, "fault",
                           fwsim_inject_print(&a->fault, text, sizeof text));
}

void fwsim__inject_hit(fwsim__armed *a)
{
    fwsim_machine *m = a->injector->m;

    note(a);
    if (a->progress.hits++)
        return;
    a->progress.first_ns = fwsim_time_ns(m);
    a->progress.first_instruction = fwsim_instructions(m);
    a->progress.first_pc = m->cpu ? m->cpu_ops->pc(m->cpu) : 0;
}

/* ------------------------------------------------------------------ */
/* Memory                                                               */
/* ------------------------------------------------------------------ */

/** Where the bit is: a byte of the memory's owner. */
static uint64_t byte_of(const fwsim__armed *a)
{
    return a->fault.addr - a->mem->base + a->fault.bit / 8;
}

static uint8_t mask_of(const fwsim__armed *a)
{
    return (uint8_t)(1u << a->fault.bit % 8);
}

static void flip_memory(fwsim__armed *a)
{
    a->mem->bytes[byte_of(a)] ^= mask_of(a);
    fwsim__mem_changed(a->injector->m, a->mem, byte_of(a), 1);
}

/** @return true when the bit had another level */
static bool force(const fwsim__armed *a)
{
    uint8_t *byte = &a->mem->bytes[byte_of(a)], before = *byte;

    *byte = (uint8_t)(a->fault.level ? before | mask_of(a)
                                     : before & ~mask_of(a));
    return *byte != before;
}

void fwsim__inject_stored(void *user, const fwsim__mem *mem, uint64_t offset,
                          uint64_t size)
{
    fwsim__injector *in = user;

    for (size_t i = 0; i < in->count; i++) {
        fwsim__armed *a = in->list[i];

        if (a->fault.kind == FWSIM_INJECT_STUCK_RAM && a->progress.begun &&
            mem->bytes == a->mem->bytes && byte_of(a) - offset < size &&
            force(a))
            fwsim__inject_hit(a);
    }
}

/* ------------------------------------------------------------------ */
/* Core and clocks                                                      */
/* ------------------------------------------------------------------ */

static void flip_register(const fwsim__armed *a)
{
    fwsim_machine *m = a->injector->m;
    uint64_t value;

    if (fwsim_cpu_read(m, a->fault.name, &value) == 0)
        fwsim_cpu_write(m, a->fault.name,
                        value ^ (uint64_t)1 << a->fault.bit);
}

static void set_drift(fwsim_periph *p, int32_t ppm)
{
    p->link->drift_ppm = ppm;
    p->link->drift_since = ppm ? p->m->now : 0;
}

/** Clocks of their own run slow when the core's, the measure, runs fast. */
static void drift(const fwsim__armed *a, int64_t ppm)
{
    fwsim_machine *m = a->injector->m;
    int32_t others = (int32_t)(-ppm * 1000000 / (1000000 + ppm));

    if (a->periph)
        set_drift(a->periph, (int32_t)ppm);
    else
        for (uint16_t i = 0; i < m->periph_count; i++)
            if (m->periphs[i].slot->clock_hz)
                set_drift(&m->periphs[i], others);
}

void fwsim__inject_undrift(const fwsim__armed *a)
{
    if (a->progress.begun)
        drift(a, 0);
}

void fwsim__inject_begin(fwsim__armed *a)
{
    fwsim_machine *m = a->injector->m;

    a->progress.begun = 1;
    if (fwsim_inject_kind_counts(a->fault.kind) ||
        a->fault.kind == FWSIM_INJECT_STUCK_IO)
        return;
    if (a->fault.kind != FWSIM_INJECT_STUCK_RAM)
        fwsim__inject_hit(a);
    switch (a->fault.kind) {
    case FWSIM_INJECT_FLIP_RAM:
    case FWSIM_INJECT_FLIP_FLASH:
        flip_memory(a);
        break;
    case FWSIM_INJECT_FLIP_REG:
        flip_register(a);
        break;
    case FWSIM_INJECT_STUCK_RAM:
        if (force(a))
            fwsim__inject_hit(a);
        fwsim__mem_changed(m, a->mem, byte_of(a), 1);
        break;
    case FWSIM_INJECT_IRQ_SPURIOUS:
        fwsim__line_late(m, a->fault.line);
        break;
    case FWSIM_INJECT_SKIP:
        m->cpu_ops->skip(m->cpu);
        break;
    case FWSIM_INJECT_DRIFT_CORE:
    case FWSIM_INJECT_DRIFT_IO:
        drift(a, a->fault.ppm);
        break;
    default: /* FWSIM_INJECT_BROWN_OUT, FWSIM_INJECT_CUT */
        fwsim__power_cut(m, a->fault.kind == FWSIM_INJECT_BROWN_OUT &&
                                a->fault.keeps_ram);
        break;
    }
}
