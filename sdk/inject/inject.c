/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of armed faults, and how far each has come. */
#include "inject/inject.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

/** What a snapshot keeps of a fault. */
typedef struct saved {
    uint64_t id;
    uint64_t key;
    fwsim__inject_progress progress;
} saved;

/* ------------------------------------------------------------------ */
/* Where faults come in                                                 */
/* ------------------------------------------------------------------ */

static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
    return a - b < b_size || b - a < a_size;
}

/** Memory is the same at all addresses that show it. */
static bool covers(const fwsim__armed *a, uint64_t addr, uint64_t size)
{
    const fwsim__mem *mem;

    if (!a->mem)
        return overlap(a->fault.addr, a->fault.size, addr, size);
    mem = fwsim__mem_at(a->injector->m, addr);
    return mem && mem->bytes == a->mem->bytes &&
           overlap(a->fault.addr - a->mem->base, a->fault.size,
                   addr - mem->base, size);
}

static bool is_of(const fwsim_inject_fault *f, bool write)
{
    return write ? !f->only_read : !f->only_write;
}

/** A bus error on the way to memory or to a window. @return false: it is hit */
static bool on_memory(void *user, uint64_t addr, uint64_t size, bool write)
{
    fwsim__injector *in = user;
    bool ok = true;

    for (size_t i = 0; i < in->count; i++) {
        fwsim__armed *a = in->list[i];

        if (a->fault.kind == FWSIM_INJECT_BUS_ERROR &&
            covers(a, addr, size) && is_of(&a->fault, write) &&
            fwsim__inject_counts(a))
            ok = false;
    }
    return ok;
}

/** The bit of a stuck register that is in an access. @return 0: none */
static uint32_t stuck_bit(const fwsim__armed *a, uint64_t addr, unsigned width)
{
    uint64_t bit = (a->fault.addr - addr) * 8 + a->fault.bit;

    return a->fault.kind == FWSIM_INJECT_STUCK_IO && a->progress.begun &&
                   bit < 8 * width
               ? 1u << bit
               : 0;
}

static void force(fwsim__injector *in, uint64_t addr, unsigned width,
                  uint32_t *value)
{
    for (size_t i = 0; i < in->count; i++) {
        fwsim__armed *a = in->list[i];
        uint32_t bit = stuck_bit(a, addr, width);
        uint32_t forced = a->fault.level ? *value | bit : *value & ~bit;

        if (forced != *value)
            fwsim__inject_hit(a);
        *value = forced;
    }
}

static bool on_access(void *user, uint64_t addr, unsigned width, bool write,
                      uint32_t *value)
{
    if (!on_memory(user, addr, width, write))
        return false;
    if (write)
        force(user, addr, width, value);
    return true;
}

static void on_answered(void *user, uint64_t addr, unsigned width,
                        uint32_t *value)
{
    force(user, addr, width, value);
}

static bool guards(void *user, uint64_t addr, uint64_t size, bool write)
{
    const fwsim__injector *in = user;

    for (size_t i = 0; i < in->count; i++) {
        const fwsim__armed *a = in->list[i];

        if ((a->fault.kind == FWSIM_INJECT_BUS_ERROR && covers(a, addr, size) &&
             is_of(&a->fault, write)) ||
            (a->fault.kind == FWSIM_INJECT_STUCK_RAM && write &&
             covers(a, addr, size)))
            return true;
    }
    return false;
}

static bool on_i2c(void *user, fwsim_periph *controller, bool start)
{
    fwsim__injector *in = user;
    bool ok = true;

    for (size_t i = 0; i < in->count; i++) {
        fwsim__armed *a = in->list[i];

        if (a->fault.kind == (start ? FWSIM_INJECT_NACK_START
                                    : FWSIM_INJECT_NACK_BYTE) &&
            a->periph == controller && fwsim__inject_counts(a))
            ok = false;
    }
    return ok;
}

static bool on_rise(void *user, int line, uint64_t *delay)
{
    fwsim__injector *in = user;
    bool ok = true;

    for (size_t i = 0; i < in->count; i++) {
        fwsim__armed *a = in->list[i];

        if ((a->fault.kind != FWSIM_INJECT_IRQ_LOST &&
             a->fault.kind != FWSIM_INJECT_IRQ_LATE) ||
            a->fault.line != line || !fwsim__inject_counts(a))
            continue;
        if (a->fault.kind == FWSIM_INJECT_IRQ_LOST)
            ok = false;
        else
            *delay += fwsim__muldiv(a->fault.delay_ns, in->m->clock_hz,
                                    1000000000u);
    }
    return ok;
}

static bool on_uart(void *user, fwsim_periph *p, bool tx, uint8_t *byte)
{
    const fwsim_inject_kind drop = tx ? FWSIM_INJECT_DROP_TX
                                      : FWSIM_INJECT_DROP_RX;
    const fwsim_inject_kind corrupt = tx ? FWSIM_INJECT_CORRUPT_TX
                                         : FWSIM_INJECT_CORRUPT_RX;
    fwsim__injector *in = user;
    bool ok = true;

    for (size_t i = 0; i < in->count; i++) {
        fwsim__armed *a = in->list[i];

        if ((a->fault.kind != drop && a->fault.kind != corrupt) ||
            a->periph != p || !fwsim__inject_counts(a))
            continue;
        if (a->fault.kind == drop)
            ok = false;
        else
            *byte = (uint8_t)(*byte ^ 1u << a->fault.bit);
    }
    return ok;
}

/** Bits that change before the power is gone: by seed and address alone. */
static uint8_t chosen(uint64_t seed, uint64_t addr)
{
    uint64_t both[] = { seed, addr };

    return seed ? (uint8_t)XXH3_64bits(both, sizeof both) : 0;
}

static void half_done(fwsim_machine *m, const fwsim__mem *mem, uint64_t offset,
                      const uint8_t *data, uint64_t size, uint64_t seed)
{
    for (uint64_t i = 0; i < size; i++) {
        uint8_t *byte = &mem->bytes[offset + i];
        uint8_t now = chosen(seed, mem->base + offset + i);

        if (data)
            *byte = (uint8_t)(*byte & (data[i] | ~now));
        else
            *byte |= now;
    }
    fwsim__mem_changed(m, mem, offset, size);
}

static bool on_flash(void *user, const fwsim__mem *mem, uint64_t offset,
                     const uint8_t *data, uint64_t size)
{
    fwsim__injector *in = user;

    for (size_t i = 0; i < in->count; i++) {
        fwsim__armed *a = in->list[i];

        if (a->fault.kind != FWSIM_INJECT_CUT_FLASH || !fwsim__inject_counts(a))
            continue;
        half_done(in->m, mem, offset, data, size, a->fault.seed);
        fwsim__power_cut(in->m, false);
        return false;
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* Snapshots                                                            */
/* ------------------------------------------------------------------ */

static size_t state_size(void *user)
{
    return ((const fwsim__injector *)user)->count * sizeof(saved);
}

static void save(void *user, uint8_t *to)
{
    const fwsim__injector *in = user;

    for (size_t i = 0; i < in->count; i++) {
        saved row = { (uint64_t)in->list[i]->id, in->list[i]->key,
                      in->list[i]->progress };

        memcpy(to + i * sizeof row, &row, sizeof row);
    }
}

static void restore(void *user, const uint8_t *from, size_t size)
{
    fwsim__injector *in = user;

    for (size_t i = 0; i < in->count; i++) {
        fwsim__armed *a = in->list[i];

        a->progress = (fwsim__inject_progress){ 0 };
        for (size_t at = 0; at + sizeof(saved) <= size; at += sizeof(saved)) {
            saved row;

            memcpy(&row, from + at, sizeof row);
            if (row.id == (uint64_t)a->id && row.key == a->key)
                a->progress = row.progress;
        }
    }
}

static void destroy(void *user)
{
    fwsim__injector *in = user;

    for (size_t i = 0; i < in->count; i++)
        free(in->list[i]);
    free(in->list);
    free(in);
}

static const fwsim__intercept intercept = {
    .next = fwsim__inject_next,
    .between = fwsim__inject_between,
    .access = on_access,
    .answered = on_answered,
    .guards = guards,
    .memory = on_memory,
    .stored = fwsim__inject_stored,
    .i2c = on_i2c,
    .rise = on_rise,
    .uart = on_uart,
    .flash = on_flash,
    .state_size = state_size,
    .save = save,
    .restore = restore,
    .destroy = destroy,
};

/* ------------------------------------------------------------------ */
/* The list                                                             */
/* ------------------------------------------------------------------ */

fwsim__injector *fwsim__injector_of(const fwsim_machine *m)
{
    return m->intercept == &intercept ? m->intercept_user : NULL;
}

static fwsim__injector *injector(fwsim_machine *m)
{
    fwsim__injector *in = fwsim__injector_of(m);

    if (in)
        return in;
    in = calloc(1, sizeof *in);
    if (!in)
        return NULL;
    in->m = m;
    m->intercept = &intercept;
    m->intercept_user = in;
    return in;
}

static bool reserve(fwsim__injector *in)
{
    size_t capacity = in->capacity ? in->capacity * 2 : 8;
    fwsim__armed **list;

    if (in->count < in->capacity)
        return true;
    list = realloc(in->list, capacity * sizeof *list);
    if (!list)
        return false;
    in->list = list;
    in->capacity = capacity;
    return true;
}

/** Accesses to memory are shown to us page by page. */
static void guards_changed(fwsim_machine *m, const fwsim__armed *a)
{
    bool memory = a->fault.kind == FWSIM_INJECT_STUCK_RAM ||
                  a->fault.kind == FWSIM_INJECT_BUS_ERROR;

    if (memory && m->cpu)
        m->cpu_ops->pages_changed(m->cpu);
}

static int put(fwsim_machine *m, fwsim__injector *in, fwsim__armed *a)
{
    char text[FWSIM_INJECT_TEXT_MAX];
    int err = fwsim__inject_place(m, a);

    if (err)
        return err;
    if (a->fault.when == FWSIM_INJECT_CODE) {
        a->hook = fwsim_on_code(m, a->fault.at, fwsim__inject_visited, a);
        if (a->hook < 0)
            return a->hook;
    }
    fwsim_inject_print(&a->fault, text, sizeof text);
    a->key = XXH3_64bits(text, strlen(text));
    a->id = ++in->last_id;
    a->injector = in;
    in->list[in->count++] = a;
    guards_changed(m, a);
    return a->id;
}

int fwsim_inject(fwsim_machine *m, const fwsim_inject_fault *fault)
{
    fwsim__injector *in;
    fwsim__armed *a;
    int id;

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "faults are armed between runs");
    in = injector(m);
    a = in && reserve(in) ? calloc(1, sizeof *a) : NULL;
    if (!a)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for a fault");
    a->fault = *fault;
    id = put(m, in, a);
    if (id < 0)
        free(a);
    return id;
}

int fwsim_inject_text(fwsim_machine *m, const char *text)
{
    fwsim_inject_fault fault;
    int err = fwsim_inject_parse(m, text, &fault);

    return err ? err : fwsim_inject(m, &fault);
}

static void remove_at(fwsim_machine *m, fwsim__injector *in, size_t i)
{
    fwsim__armed *a = in->list[i];

    memmove(&in->list[i], &in->list[i + 1],
            (--in->count - i) * sizeof *in->list);
    if (a->hook)
        fwsim_unhook(m, a->hook);
    if (a->fault.kind == FWSIM_INJECT_DRIFT_IO ||
        a->fault.kind == FWSIM_INJECT_DRIFT_CORE)
        fwsim__inject_undrift(a);
    guards_changed(m, a);
    free(a);
}

int fwsim_inject_remove(fwsim_machine *m, int id)
{
    fwsim__injector *in = fwsim__injector_of(m);

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "faults are disarmed between runs");
    for (size_t i = 0; in && i < in->count; i++)
        if (in->list[i]->id == id) {
            remove_at(m, in, i);
            return 0;
        }
    return fwsim__error(m, FWSIM_ENOENT, "no fault has the id %d", id);
}

int fwsim_inject_clear(fwsim_machine *m)
{
    fwsim__injector *in = fwsim__injector_of(m);

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "faults are disarmed between runs");
    while (in && in->count)
        remove_at(m, in, in->count - 1);
    return 0;
}

bool fwsim_inject_get(const fwsim_machine *m, size_t index,
                      fwsim_inject_state *out)
{
    const fwsim__injector *in = fwsim__injector_of(m);
    const fwsim__armed *a;

    if (!in || index >= in->count)
        return false;
    a = in->list[index];
    *out = (fwsim_inject_state){
        .id = a->id,
        .fault = a->fault,
        .seen = a->progress.seen,
        .hits = a->progress.hits,
        .first_ns = a->progress.first_ns,
        .first_instruction = a->progress.first_instruction,
        .first_pc = a->progress.first_pc,
    };
    return true;
}
