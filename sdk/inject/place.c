/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a machine has what a fault names. */
#include "inject/inject.h"

#include <inttypes.h>
#include <string.h>

enum { PPM_MAX = 500000 };

static const char *kind_of(const fwsim__armed *a)
{
    return fwsim__inject_rows[a->fault.kind].name;
}

static int place_bit(fwsim_machine *m, const fwsim__armed *a, unsigned bits)
{
    if (a->fault.bit < bits)
        return 0;
    return fwsim__error(m, FWSIM_ERANGE, "%s: bit %u, and there are %u",
                        kind_of(a), a->fault.bit, bits);
}

/** The core has to show its accesses to memory. */
static int place_guard(fwsim_machine *m, const fwsim__armed *a)
{
    if (!m->cpu || (m->cpu_ops->guards && m->cpu_ops->guards()))
        return 0;
    return fwsim__error(m, FWSIM_ENOTSUP,
                        "%s of memory: not with this core and engine",
                        kind_of(a));
}

static int place_memory(fwsim_machine *m, fwsim__armed *a)
{
    bool ram = a->fault.kind != FWSIM_INJECT_FLIP_FLASH;
    int err = place_bit(m, a, 32);

    if (err)
        return err;
    a->fault.size = 1 + a->fault.bit / 8u;
    a->mem = fwsim__mem_at(m, a->fault.addr);
    if (!a->mem || (a->mem->desc->kind == FWSIM_MEM_RAM) != ram ||
        a->mem->base + a->mem->size - a->fault.addr < a->fault.size)
        return fwsim__error(m, FWSIM_EFAULT, "%s: 0x%08" PRIx64 " is no %s",
                            kind_of(a), a->fault.addr, ram ? "RAM" : "flash");
    return a->fault.kind == FWSIM_INJECT_STUCK_RAM ? place_guard(m, a) : 0;
}

static int place_io(fwsim_machine *m, const fwsim__armed *a)
{
    if (fwsim__mem_at(m, a->fault.addr) ||
        !fwsim__window_at(m, a->fault.addr))
        return fwsim__error(m, FWSIM_EFAULT,
                            "%s: nothing at 0x%08" PRIx64
                            " is a register of a peripheral",
                            kind_of(a), a->fault.addr);
    return place_bit(m, a, 32);
}

static int place_range(fwsim_machine *m, fwsim__armed *a)
{
    const fwsim_inject_fault *f = &a->fault;

    if (!f->size || f->addr + f->size < f->addr)
        return fwsim__error(m, FWSIM_EINVAL, "%s: the range is empty",
                            kind_of(a));
    if (f->only_read && f->only_write)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s: only reads and only writes exclude each "
                            "other", kind_of(a));
    a->mem = fwsim__mem_at(m, f->addr);
    if (a->mem && a->mem->base + a->mem->size - f->addr < f->size)
        return fwsim__error(m, FWSIM_EFAULT,
                            "%s: 0x%08" PRIx64 "+0x%" PRIx64
                            " goes beyond the memory %s", kind_of(a), f->addr,
                            f->size, a->mem->desc->name);
    if (a->mem)
        return place_guard(m, a);
    return fwsim__window_at(m, f->addr)
               ? 0
               : fwsim__error(m, FWSIM_EFAULT, "%s: nothing is at 0x%08" PRIx64,
                              kind_of(a), f->addr);
}

static int no_slot(fwsim_machine *m, const fwsim__armed *a)
{
    const char *names[1024];
    const char *closest;
    size_t n = 0;

    for (uint16_t i = 0; i < m->periph_count && n < 1023; i++)
        names[n++] = m->periphs[i].slot->name;
    names[n] = NULL;
    closest = fwsim_closest(a->fault.name, names);
    return fwsim__error(m, FWSIM_ENOENT,
                        "%s: board %s has no peripheral \"%s\"%s%s%s",
                        kind_of(a), m->board->name, a->fault.name,
                        closest ? "; did you mean " : "",
                        closest ? closest : "", closest ? "?" : "");
}

static int place_slot(fwsim_machine *m, fwsim__armed *a)
{
    a->periph = fwsim__periph_find(m, a->fault.name);
    return a->periph ? 0 : no_slot(m, a);
}

static int place_uart(fwsim_machine *m, fwsim__armed *a)
{
    int err = place_slot(m, a);

    if (!err && !a->periph->type->uart)
        err = fwsim__error(m, FWSIM_ENOENT, "%s: %s (%s) is no UART",
                           kind_of(a), a->fault.name, a->periph->type->name);
    return err ? err : place_bit(m, a, 8);
}

static int no_core(fwsim_machine *m, const fwsim__armed *a)
{
    return fwsim__error(m, FWSIM_ENOTSUP, "%s: board %s has no core",
                        kind_of(a), m->board->name);
}

static int place_register(fwsim_machine *m, const fwsim__armed *a)
{
    bool a64;
    uint64_t value;

    if (!m->cpu)
        return no_core(m, a);
    if (fwsim_cpu_read(m, a->fault.name, &value))
        return fwsim__error(m, FWSIM_ENOENT, "%s: the core has no register %s",
                            kind_of(a), a->fault.name);
    a64 = fwsim_cpu_read(m, "x0", &value) == 0;
    return place_bit(m, a, a64 ? 64 : 32);
}

static int place_line(fwsim_machine *m, const fwsim__armed *a)
{
    if (!m->cpu)
        return no_core(m, a);
    if ((a->fault.line >= 0 && a->fault.line < m->soc->irq_lines) ||
        a->fault.line == FWSIM_NMI)
        return 0;
    return fwsim__error(m, FWSIM_ERANGE,
                        "%s: interrupt line %d, and %s has %u", kind_of(a),
                        a->fault.line, m->soc->name, m->soc->irq_lines);
}

static bool is_drift(const fwsim__armed *a)
{
    return a->fault.kind == FWSIM_INJECT_DRIFT_CORE ||
           a->fault.kind == FWSIM_INJECT_DRIFT_IO;
}

static int place_drift(fwsim_machine *m, fwsim__armed *a)
{
    const fwsim__injector *in = fwsim__injector_of(m);
    int err = a->fault.kind == FWSIM_INJECT_DRIFT_IO ? place_slot(m, a) : 0;

    if (err)
        return err;
    if (!a->fault.ppm || a->fault.ppm > PPM_MAX || a->fault.ppm < -PPM_MAX)
        return fwsim__error(m, FWSIM_ERANGE,
                            "%s: %d parts per million; from %d to %d, not 0",
                            kind_of(a), a->fault.ppm, -PPM_MAX, PPM_MAX);
    for (size_t i = 0; i < in->count; i++)
        if (is_drift(in->list[i]) &&
            (!a->periph || !in->list[i]->periph ||
             a->periph == in->list[i]->periph))
            return fwsim__error(m, FWSIM_EINVAL,
                                "%s: this clock drifts already", kind_of(a));
    return 0;
}

static int place_code(fwsim_machine *m, const fwsim__armed *a)
{
    if (a->fault.when != FWSIM_INJECT_CODE)
        return 0;
    if (!m->cpu)
        return no_core(m, a);
    if (!fwsim__mem_at(m, a->fault.at))
        return fwsim__error(m, FWSIM_EFAULT,
                            "%s: the moment 0x%08" PRIx64 " is no memory",
                            kind_of(a), a->fault.at);
    return 0;
}

int fwsim__inject_place(fwsim_machine *m, fwsim__armed *a)
{
    int err;

    if ((unsigned)a->fault.kind >= FWSIM_INJECT_KINDS ||
        (unsigned)a->fault.when > FWSIM_INJECT_CODE ||
        !memchr(a->fault.name, 0, sizeof a->fault.name))
        return fwsim__error(m, FWSIM_EINVAL, "this is no fault");
    err = place_code(m, a);
    if (err)
        return err;
    switch (a->fault.kind) {
    case FWSIM_INJECT_FLIP_RAM:
    case FWSIM_INJECT_FLIP_FLASH:
    case FWSIM_INJECT_STUCK_RAM:
        return place_memory(m, a);
    case FWSIM_INJECT_FLIP_REG:
        return place_register(m, a);
    case FWSIM_INJECT_STUCK_IO:
        return place_io(m, a);
    case FWSIM_INJECT_BUS_ERROR:
        return place_range(m, a);
    case FWSIM_INJECT_NACK_START:
    case FWSIM_INJECT_NACK_BYTE:
        return place_slot(m, a);
    case FWSIM_INJECT_IRQ_LOST:
    case FWSIM_INJECT_IRQ_LATE:
    case FWSIM_INJECT_IRQ_SPURIOUS:
        return place_line(m, a);
    case FWSIM_INJECT_DROP_RX:
    case FWSIM_INJECT_DROP_TX:
    case FWSIM_INJECT_CORRUPT_RX:
    case FWSIM_INJECT_CORRUPT_TX:
        return place_uart(m, a);
    case FWSIM_INJECT_SKIP:
        return m->cpu ? 0 : no_core(m, a);
    case FWSIM_INJECT_DRIFT_CORE:
    case FWSIM_INJECT_DRIFT_IO:
        return place_drift(m, a);
    default:
        return 0;
    }
}
