/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bus: who answers an access to an address, for the core, the host and
 * peripherals that are bus masters.
 *
 * Memory comes first, then windows: the core's own and those of peripherals,
 * and last the regions, which say what an access to nobody does.
 */
#include "machine/machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Registers that are remembered; beyond, firmware is writing at random. */
enum { UNMODELLED_MAX = 65536 };

/* ------------------------------------------------------------------ */
/* Memory                                                               */
/* ------------------------------------------------------------------ */

fwsim__mem *fwsim__mem_at(fwsim_machine *m, uint64_t addr)
{
    for (size_t i = 0; i < m->mem_count; i++)
        if (addr - m->mems[i].base < m->mems[i].size)
            return &m->mems[i];
    return NULL;
}

/** The memory whose bytes an alias shows. */
static fwsim__mem *mem_owner(fwsim_machine *m, fwsim__mem *mem)
{
    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].owned && m->mems[i].bytes == mem->bytes)
            return &m->mems[i];
    return mem;
}

void fwsim__mem_changed(fwsim_machine *m, const fwsim__mem *mem,
                        uint64_t offset, uint64_t size)
{
    fwsim__mem_touch(m, mem, offset, size);
    if (m->intercept)
        m->intercept->stored(m->intercept_user, mem, offset, size);
    for (size_t i = 0; m->cpu && i < m->mem_count; i++) {
        const fwsim__mem *view = &m->mems[i];
        uint64_t n;

        if (view->bytes != mem->bytes || offset >= view->size)
            continue;
        n = view->size - offset < size ? view->size - offset : size;
        m->cpu_ops->memory_changed(m->cpu, view->base + offset, n);
    }
}

/** Bytes of @a mem from @a addr on, at most @a size. */
static uint64_t mem_run(const fwsim__mem *mem, uint64_t addr, uint64_t size)
{
    uint64_t left = mem->base + mem->size - addr;

    return left < size ? left : size;
}

/** Is every byte of the range memory (of this kind, if one is named)? */
static bool is_memory(fwsim_machine *m, uint64_t addr, uint64_t size,
                      bool ram_only)
{
    while (size > 0) {
        const fwsim__mem *mem = fwsim__mem_at(m, addr);
        uint64_t n;

        if (!mem || (ram_only && mem->desc->kind != FWSIM_MEM_RAM))
            return false;
        n = mem_run(mem, addr, size);
        addr += n;
        size -= n;
    }
    return true;
}

/** Copy from memory; the range was checked. */
static void copy_out(fwsim_machine *m, uint64_t addr, uint8_t *buf,
                     uint64_t size)
{
    for (uint64_t at = 0, n; at < size; at += n) {
        const fwsim__mem *mem = fwsim__mem_at(m, addr + at);

        n = mem_run(mem, addr + at, size - at);
        memcpy(buf + at, mem->bytes + (addr + at - mem->base), n);
    }
}

/** Copy to memory; the range was checked. */
static void copy_in(fwsim_machine *m, uint64_t addr, const uint8_t *buf,
                    uint64_t size)
{
    for (uint64_t at = 0, n; at < size; at += n) {
        const fwsim__mem *mem = fwsim__mem_at(m, addr + at);
        uint64_t offset = addr + at - mem->base;

        n = mem_run(mem, addr + at, size - at);
        memcpy(mem->bytes + offset, buf + at, n);
        fwsim__mem_changed(m, mem, offset, n);
    }
}

int fwsim_mem_read(fwsim_machine *m, uint64_t addr, void *buf, size_t size)
{
    if (!is_memory(m, addr, size, false))
        return fwsim__error(m, FWSIM_EFAULT,
                            "0x%08" PRIx64 "+0x%zx is not all memory", addr,
                            size);
    copy_out(m, addr, buf, size);
    return 0;
}

int fwsim_mem_write(fwsim_machine *m, uint64_t addr, const void *buf,
                    size_t size)
{
    if (!is_memory(m, addr, size, false))
        return fwsim__error(m, FWSIM_EFAULT,
                            "0x%08" PRIx64 "+0x%zx is not all memory", addr,
                            size);
    copy_in(m, addr, buf, size);
    return 0;
}

bool fwsim_dma_read(fwsim_periph *p, uint64_t addr, void *buf, uint32_t size)
{
    if (!is_memory(p->m, addr, size, false))
        return false;
    copy_out(p->m, addr, buf, size);
    return true;
}

bool fwsim_dma_write(fwsim_periph *p, uint64_t addr, const void *buf,
                     uint32_t size)
{
    /* Flash takes no plain writes from a bus master either. */
    if (!is_memory(p->m, addr, size, true))
        return false;
    copy_in(p->m, addr, buf, size);
    return true;
}

/* ------------------------------------------------------------------ */
/* Flash                                                                */
/* ------------------------------------------------------------------ */

bool fwsim__flash_store(fwsim_machine *m, fwsim__mem *mem, uint64_t addr,
                        unsigned width, uint32_t value)
{
    fwsim__mem *flash = mem_owner(m, mem);
    fwsim_periph *p = flash->controller;
    bool ok;

    if (m->st->power_lost)
        return true;
    ok = p && p->type->on_flash_write &&
         p->type->on_flash_write(p, flash->base + (addr - mem->base), width,
                                 value);
    m->guard.stored = true;
    m->guard.refused |= !ok;
    m->guard.stored_at = addr;
    return ok;
}

/** The flash at an address that names this slot as its controller. */
static fwsim__mem *own_flash(const fwsim_periph *p, uint64_t addr)
{
    fwsim__mem *mem = fwsim__mem_at(p->m, addr);

    return mem && mem->desc->kind == FWSIM_MEM_FLASH && mem->controller == p
               ? mem
               : NULL;
}

/** Flash is about to change; @a data is NULL when it is erased. */
static bool has_power(fwsim_machine *m, const fwsim__mem *mem, uint64_t addr,
                      const uint8_t *data, uint64_t size)
{
    return !m->st->power_lost &&
           (!m->intercept || m->intercept->flash(m->intercept_user, mem,
                                                 addr - mem->base, data, size));
}

bool fwsim_flash_program(fwsim_periph *p, uint64_t addr, const void *data,
                         uint32_t size)
{
    fwsim__mem *mem = own_flash(p, addr);
    const uint8_t *from = data;

    if (!mem || mem_run(mem, addr, size) < size)
        return false;
    if (!has_power(p->m, mem, addr, from, size))
        return true;
    for (uint32_t i = 0; i < size; i++)
        mem->bytes[addr - mem->base + i] &= from[i];
    fwsim__mem_changed(p->m, mem, addr - mem->base, size);
    return true;
}

bool fwsim_flash_erase(fwsim_periph *p, uint64_t addr, uint64_t size)
{
    fwsim__mem *mem = own_flash(p, addr);

    if (!mem || mem_run(mem, addr, size) < size)
        return false;
    if (!has_power(p->m, mem, addr, NULL, size))
        return true;
    memset(mem->bytes + (addr - mem->base), 0xff, size);
    fwsim__mem_changed(p->m, mem, addr - mem->base, size);
    return true;
}

uint64_t fwsim_flash_size(const fwsim_periph *p, uint64_t addr)
{
    const fwsim__mem *mem = own_flash(p, addr);

    return mem ? mem->size : 0;
}

/* ------------------------------------------------------------------ */
/* Windows                                                              */
/* ------------------------------------------------------------------ */

static const char *window_name(const fwsim__window *w)
{
    return w->periph ? w->periph->slot->name
           : w->region ? w->region->name
                       : "core";
}

/** Windows up to this place in their order: regions last, then by base. */
static size_t windows_before(const fwsim_machine *m, bool region,
                             uint64_t addr)
{
    size_t low = 0, high = m->window_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const fwsim__window *w = &m->windows[middle];
        bool is_region = w->region != NULL;

        if (is_region < region || (is_region == region && w->base <= addr))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const fwsim__window *overlap(const fwsim_machine *m,
                                    const fwsim__window *w)
{
    for (size_t i = 0; i < m->window_count; i++) {
        const fwsim__window *other = &m->windows[i];

        if (!other->region == !w->region &&
            (w->base - other->base < other->size ||
             other->base - w->base < w->size))
            return other;
    }
    return NULL;
}

int fwsim__window_add(fwsim_machine *m, const fwsim__window *w)
{
    const fwsim__window *other = overlap(m, w);
    size_t at = windows_before(m, w->region != NULL, w->base);

    if (other)
        return fwsim__error(m, FWSIM_EBOARD,
                            "%s 0x%08" PRIx64 "+0x%" PRIx64
                            " overlaps %s 0x%08" PRIx64 "+0x%" PRIx64,
                            window_name(w), w->base, w->size,
                            window_name(other), other->base, other->size);
    if (m->window_count == m->window_capacity) {
        size_t capacity = m->window_capacity ? m->window_capacity * 2 : 32;
        fwsim__window *windows =
            realloc(m->windows, capacity * sizeof *windows);

        if (!windows)
            return fwsim__error(m, FWSIM_ENOMEM, "no memory for %s",
                                window_name(w));
        m->windows = windows;
        m->window_capacity = capacity;
    }
    memmove(&m->windows[at + 1], &m->windows[at],
            (m->window_count - at) * sizeof *m->windows);
    m->windows[at] = *w;
    m->window_count++;
    memset(m->window_pages, 0, sizeof m->window_pages);
    return 0;
}

/** The window of one class at an address: its index + 1, or 0. */
static size_t search(const fwsim_machine *m, bool region, uint64_t addr)
{
    size_t n = windows_before(m, region, addr);
    const fwsim__window *w = n ? &m->windows[n - 1] : NULL;

    return w && (w->region != NULL) == region && addr - w->base < w->size ? n
                                                                          : 0;
}

/** Does a window, by its index + 1, answer for a whole page? A region does not
 * where peripherals begin or end. */
static bool fills_page(const fwsim_machine *m, size_t n, uint64_t page)
{
    const fwsim__window *w = &m->windows[n - 1], *before;
    uint64_t last = page + FWSIM__WINDOW_PAGE - 1;
    size_t others = w->region ? windows_before(m, false, last) : 0;

    if (page < w->base || last - w->base >= w->size)
        return false;
    before = others ? &m->windows[others - 1] : NULL;
    return !before || before->base + before->size <= page;
}

const fwsim__window *fwsim__window_at(fwsim_machine *m, uint64_t addr)
{
    uint64_t page = addr & ~(uint64_t)(FWSIM__WINDOW_PAGE - 1);
    fwsim__window_page *kept =
        &m->window_pages[addr / FWSIM__WINDOW_PAGE % FWSIM__WINDOW_PAGES];
    size_t n;

    if (kept->window && kept->base == page) {
        const fwsim__window *w = &m->windows[kept->window - 1];

        /* A region is no sure hit: a peripheral inside it wins. */
        if (kept->whole || (!w->region && addr - w->base < w->size))
            return w;
    }
    n = search(m, false, addr);
    if (!n)
        n = search(m, true, addr);
    if (!n)
        return NULL;
    *kept = (fwsim__window_page){ page, (uint32_t)n, fills_page(m, n, page) };
    return &m->windows[n - 1];
}

/* ------------------------------------------------------------------ */
/* Accesses that nobody models                                          */
/* ------------------------------------------------------------------ */

/** The place of an address in the open-addressed index. */
static size_t index_place(const fwsim_machine *m, uint64_t addr)
{
    size_t mask = m->unmodelled_index_size - 1;
    size_t i = (size_t)(addr * 0x9e3779b97f4a7c15u >> 32) & mask;

    while (m->unmodelled_index[i] &&
           m->unmodelled[m->unmodelled_index[i] - 1].addr != addr)
        i = (i + 1) & mask;
    return i;
}

/** Room for one more register, with half of the index free. */
static bool unmodelled_grow(fwsim_machine *m)
{
    size_t capacity = m->unmodelled_capacity ? m->unmodelled_capacity * 2 : 64;
    fwsim_unmodelled *list;
    uint32_t *index;

    if (m->unmodelled_count < m->unmodelled_capacity)
        return true;
    if (capacity > UNMODELLED_MAX)
        return false;
    list = realloc(m->unmodelled, capacity * sizeof *list);
    if (!list)
        return false;
    m->unmodelled = list;
    index = calloc(capacity * 2, sizeof *index);
    if (!index)
        return false;
    free(m->unmodelled_index);
    m->unmodelled_index = index;
    m->unmodelled_index_size = capacity * 2;
    m->unmodelled_capacity = capacity;
    for (size_t i = 0; i < m->unmodelled_count; i++)
        index[index_place(m, list[i].addr)] = (uint32_t)(i + 1);
    return true;
}

/** The record of a register; NULL when there is no room for a new one. */
static fwsim_unmodelled *unmodelled_at(fwsim_machine *m, uint64_t addr,
                                       unsigned width)
{
    fwsim_unmodelled *u;
    size_t i = 0;

    if (m->unmodelled_index_size) {
        i = index_place(m, addr);
        if (m->unmodelled_index[i])
            return &m->unmodelled[m->unmodelled_index[i] - 1];
    }
    if (!unmodelled_grow(m))
        return NULL;
    u = &m->unmodelled[m->unmodelled_count++];
    m->unmodelled_index[index_place(m, addr)] = (uint32_t)m->unmodelled_count;
    *u = (fwsim_unmodelled){ .addr = addr, .width = (uint8_t)width };
    if (m->cpu)
        u->first_pc = m->cpu_ops->pc(m->cpu);
    return u;
}

static fwsim_policy policy_at(fwsim_machine *m, uint64_t addr)
{
    size_t n = search(m, true, addr);
    fwsim_policy policy = n ? m->windows[n - 1].region->policy
                            : FWSIM_POLICY_DEFAULT;

    if (m->opt.policy != FWSIM_POLICY_DEFAULT)
        return m->opt.policy;
    return policy == FWSIM_POLICY_DEFAULT ? FWSIM_POLICY_WARN : policy;
}

static void report_unmodelled(fwsim_machine *m, const fwsim__window *w,
                              fwsim_policy policy, uint64_t addr,
                              unsigned width, bool write, uint32_t value)
{
    fwsim_level level = policy == FWSIM_POLICY_FAIL     ? FWSIM_LOG_ERROR
                        : policy == FWSIM_POLICY_IGNORE ? FWSIM_LOG_DEBUG
                                                        : FWSIM_LOG_WARN;
    char by[160] = "", where[128];

    if (!m->opt.log || level > m->opt.log_level)
        return;
    if (m->cpu)
        snprintf(by, sizeof by, " by %s",
                 fwsim_describe(m, m->cpu_ops->pc(m->cpu), where,
                                sizeof where));
    if (write)
        fwsim__log(m, level, FWSIM_TOPIC_UNMODELLED, window_name(w),
                   "no model at +0x%" PRIx64 " (0x%08" PRIx64
                   "): write of 0x%0*" PRIx32 "%s vanishes",
                   addr - w->base, addr, (int)(2 * width), value, by);
    else
        fwsim__log(m, level, FWSIM_TOPIC_UNMODELLED, window_name(w),
                   "no model at +0x%" PRIx64 " (0x%08" PRIx64
                   "): %u-byte read%s gives 0",
                   addr - w->base, addr, width, by);
}

static void unmodelled_access(fwsim_machine *m, const fwsim__window *w,
                              uint64_t addr, unsigned width, bool write,
                              uint32_t *value)
{
    fwsim_policy policy = policy_at(m, addr);
    fwsim_unmodelled *u = unmodelled_at(m, addr, width);

    fwsim__note_tell(m, &(fwsim__note){ .kind = FWSIM__NOTE_UNMODELLED,
                                        .origin = window_name(w),
                                        .addr = addr,
                                        .value = *value,
                                        .write = write });
    if (u && u->reads + u->writes == 0)
        report_unmodelled(m, w, policy, addr, width, write, *value);
    if (u && write) {
        u->writes++;
        u->last_written = *value;
    } else if (u) {
        u->reads++;
    }
    if (!write)
        *value = 0;
    if (policy == FWSIM_POLICY_FAIL && !m->stop_unmodelled) {
        m->stop_unmodelled = true;
        m->unmodelled_addr = addr;
        fwsim__attention(m);
    }
}

bool fwsim_unmodelled_get(fwsim_machine *m, size_t index, fwsim_unmodelled *out)
{
    if (index >= m->unmodelled_count)
        return false;
    *out = m->unmodelled[index];
    return true;
}

/* ------------------------------------------------------------------ */
/* Accesses                                                             */
/* ------------------------------------------------------------------ */

static uint32_t width_mask(unsigned width)
{
    return width == 4 ? UINT32_MAX : (1u << 8 * width) - 1;
}

static void call_hooks(fwsim_machine *m, const fwsim__window *w, uint64_t addr,
                       unsigned width, bool write, uint32_t value,
                       const char *reg)
{
    fwsim_access a = { .addr = addr,
                       .value = value,
                       .width = (uint8_t)width,
                       .write = write,
                       .reg = reg };

    if (w->periph || w->access)
        a.periph = window_name(w);
    if (m->cpu)
        a.pc = m->cpu_ops->pc(m->cpu);
    fwsim__hooks_access(m, &a);
}

bool fwsim__bus_access(fwsim_machine *m, uint64_t addr, unsigned width,
                       bool write, uint32_t *value)
{
    const fwsim__window *w = fwsim__window_at(m, addr);
    const char *reg = NULL;

    if (!w)
        return false;
    if (m->st->power_lost) {
        *value = 0;
        return true;
    }
    if (write)
        *value &= width_mask(width);
    if (m->intercept &&
        !m->intercept->access(m->intercept_user, addr, width, write, value))
        return false;
    if (w->access) {
        if (!w->access(w->user, addr, width, write, value))
            return false;
    } else if (!w->periph ||
               !fwsim__regs_access(w->periph, (uint32_t)(addr - w->base), width,
                                   write, value, &reg)) {
        if (!m->substitute ||
            !m->substitute->access(m->substitute_user, addr, width, write,
                                   value))
            unmodelled_access(m, w, addr, width, write, value);
    }
    if (m->intercept && !write)
        m->intercept->answered(m->intercept_user, addr, width, value);
    if (m->hooks[FWSIM__HOOK_ACCESS].count)
        call_hooks(m, w, addr, width, write, *value, reg);
    return true;
}

bool fwsim_bus_poke(fwsim_periph *p, uint64_t addr, uint32_t value)
{
    const fwsim__window *w = fwsim__window_at(p->m, addr);
    const char *name;

    return w && w->periph &&
           fwsim__regs_access(w->periph, (uint32_t)(addr - w->base), 4, true,
                              &value, &name);
}

static bool mem_store(fwsim_machine *m, fwsim__mem *mem, uint64_t addr,
                      unsigned width, uint32_t value)
{
    uint8_t bytes[4];

    if (mem->desc->kind == FWSIM_MEM_FLASH)
        return fwsim__flash_store(m, mem, addr, width, value);
    if (mem->desc->kind == FWSIM_MEM_ROM)
        return false;
    for (unsigned i = 0; i < width; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    copy_in(m, addr, bytes, width);
    return true;
}

static uint32_t mem_load(const fwsim__mem *mem, uint64_t addr, unsigned width)
{
    const uint8_t *bytes = mem->bytes + (addr - mem->base);
    uint32_t value = 0;

    for (unsigned i = 0; i < width; i++)
        value |= (uint32_t)bytes[i] << 8 * i;
    return value;
}

static int check_access(fwsim_machine *m, uint64_t addr, unsigned width)
{
    if (width != 1 && width != 2 && width != 4)
        return fwsim__error(m, FWSIM_EINVAL, "a width of %u bytes", width);
    if (addr % width)
        return fwsim__error(m, FWSIM_EINVAL,
                            "0x%08" PRIx64 " is not aligned to %u bytes", addr,
                            width);
    return 0;
}

static int bus_fault(fwsim_machine *m, uint64_t addr, const char *what)
{
    return fwsim__error(m, FWSIM_EFAULT, "%s 0x%08" PRIx64 " is a bus fault",
                        what, addr);
}

int fwsim_bus_read(fwsim_machine *m, uint64_t addr, unsigned width,
                   uint32_t *value)
{
    const fwsim__mem *mem = fwsim__mem_at(m, addr);
    int err = check_access(m, addr, width);

    *value = 0;
    if (err)
        return err;
    if (mem)
        *value = mem_load(mem, addr, width);
    else if (!fwsim__bus_access(m, addr, width, false, value))
        return bus_fault(m, addr, "reading");
    return 0;
}

int fwsim_bus_write(fwsim_machine *m, uint64_t addr, unsigned width,
                    uint32_t value)
{
    fwsim__mem *mem = fwsim__mem_at(m, addr);
    int err = check_access(m, addr, width);

    if (err)
        return err;
    if (mem ? !mem_store(m, mem, addr, width, value)
            : !fwsim__bus_access(m, addr, width, true, &value))
        return bus_fault(m, addr, "writing");
    return 0;
}
