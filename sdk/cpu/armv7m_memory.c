/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory map of the M profile: what the engine is told about pages, where
 * device accesses and stores to flash go, bit-banding.
 *
 * Engine-physical addresses are those of the firmware, except that stores to
 * flash are sent to an alias, which is a device.
 */
#include "cpu/armv7m.h"

#include <stdlib.h>
#include <string.h>

enum { SCRATCH_SIZE = 4096, STIMULUS_SIZE = 0x400 };

#define PPB_BASE     0xe0000000u
#define STIR         0xe000ef00u
#define FLASH_ALIAS  0x100000000u /* engine-physical: stores to flash */
#define BITBAND_SIZE 0x02000000u

bool armv7m_mem_read(fwsim__cpu *cpu, uint32_t addr, uint32_t *word)
{
    if (fwsim__mem_at(cpu->m, addr))
        return fwsim_mem_read(cpu->m, addr, word, sizeof *word) == 0;
    return fwsim__window_at(cpu->m, addr) &&
           fwsim__bus_access(cpu->m, addr, sizeof *word, false, word);
}

void armv7m_stored(fwsim__cpu *cpu, uint32_t addr, uint32_t size)
{
    fwsim_machine *m = cpu->m;
    const fwsim__mem *mem = m->intercept ? fwsim__mem_at(m, addr) : NULL;

    if (mem)
        m->intercept->stored(m->intercept_user, mem, addr - mem->base, size);
}

static bool mem_write(fwsim__cpu *cpu, uint32_t addr, uint32_t word)
{
    fwsim__mem *mem = fwsim__mem_at(cpu->m, addr);

    if (mem && addr - mem->base + sizeof word <= mem->size &&
        mem->desc->kind == FWSIM_MEM_RAM) {
        memcpy(mem->bytes + (addr - mem->base), &word, sizeof word);
        fwsim__engine_written(cpu->engine, addr, sizeof word);
        armv7m_stored(cpu, addr, sizeof word);
        return true;
    }
    return !mem && fwsim__window_at(cpu->m, addr) &&
           fwsim__bus_access(cpu->m, addr, sizeof word, true, &word);
}

armv7m_result armv7m_pop(fwsim__cpu *cpu, uint32_t addr, bool privileged,
                         uint32_t *word)
{
    if (!armv7m_mpu_allows(cpu, addr, FWSIM__READ, privileged))
        return ARMV7M_PROTECTED;
    return armv7m_mem_read(cpu, addr, word) ? ARMV7M_OK : ARMV7M_NOTHING_THERE;
}

armv7m_result armv7m_push(fwsim__cpu *cpu, uint32_t addr, bool privileged,
                          uint32_t word)
{
    if (!armv7m_mpu_allows(cpu, addr, FWSIM__WRITE, privileged))
        return ARMV7M_PROTECTED;
    return mem_write(cpu, addr, word) ? ARMV7M_OK : ARMV7M_NOTHING_THERE;
}

void armv7m_protection_changed(fwsim__cpu *cpu)
{
    cpu->forget_pages = true;
    fwsim__attention(cpu->m);
}

static uint64_t flash_alias(const fwsim__cpu *cpu, const fwsim__mem *mem)
{
    uint64_t addr = FLASH_ALIAS;

    for (const fwsim__mem *k = cpu->m->mems; k != mem; k++)
        if (k->controller)
            addr += k->size;
    return addr;
}

static bool translate_memory(fwsim__cpu *cpu, const fwsim__mem *mem,
                             uint64_t addr, fwsim__access_kind kind,
                             fwsim__page *page)
{
    bool ram = mem->desc->kind == FWSIM_MEM_RAM;

    page->read = true;
    page->write = ram;
    page->execute = !ram || kind == FWSIM__FETCH;
    if (kind == FWSIM__FETCH && ram && cpu->m->guard.ram_is_data) {
        cpu->m->guard.ram_fetched = true;
        page->execute = false;
    }
    if (kind == FWSIM__FETCH)
        return page->execute;
    if (kind == FWSIM__READ || ram)
        return true;
    if (!mem->controller) {
        fwsim__flash_refused(cpu->m, addr);
        return false;
    }
    page->addr += flash_alias(cpu, mem) - mem->base;
    page->write = true;
    page->execute = false;
    return true;
}

/**
 * The PPB is for privileged code (B3.1.1), but for the page of the stimulus
 * ports, and STIR when CCR.USERSETMPEND is set (B3.2.8).
 */
static bool ppb_allows(const fwsim__cpu *cpu, uint64_t addr, bool privileged)
{
    return privileged || addr < PPB_BASE + STIMULUS_SIZE ||
           addr >= PPB_BASE + ARMV7M_PPB_SIZE ||
           ((cpu->st->ccr & CCR_USERSETMPEND) && (addr & ~3ull) == STIR);
}

bool armv7m_allows(fwsim__cpu *cpu, uint32_t addr, fwsim__access_kind kind,
                   bool privileged)
{
    return ppb_allows(cpu, addr, privileged) &&
           !(kind == FWSIM__FETCH && armv7m_nonsecure(cpu, addr)) &&
           armv7m_mpu_allows(cpu, addr, kind, privileged);
}

/** The engine asks for the pages of both privileges apart. */
static bool ppb_gives_page(fwsim__cpu *cpu, uint64_t addr)
{
    uint64_t size = fwsim__engine_page_size(cpu->engine);
    bool privileged = !armv7m_unprivileged(cpu);

    cpu->refused_part = !privileged && addr / size == STIR / size &&
                        ppb_allows(cpu, STIR, false);
    return cpu->refused_part ? cpu->checked : ppb_allows(cpu, addr, privileged);
}

/** Somebody wants to see the accesses to a page of memory. */
static bool guarded(const fwsim__cpu *cpu, uint32_t addr, uint32_t size,
                           fwsim__access_kind kind)
{
    fwsim_machine *m = cpu->m;

    return m->intercept && kind != FWSIM__FETCH &&
           m->intercept->guards(m->intercept_user, addr, size,
                                kind == FWSIM__WRITE);
}

/** Take away what the MPU does not give, and what a comparator of the DWT
 * looks at. @return false: a MemManage fault, or a page that the instruction
 * may touch in part */
static bool protect(fwsim__cpu *cpu, uint32_t addr, fwsim__access_kind kind,
                    fwsim__page *page)
{
    uint32_t size = fwsim__engine_page_size(cpu->engine);
    bool *const rights[] = { [FWSIM__READ] = &page->read,
                             [FWSIM__WRITE] = &page->write,
                             [FWSIM__FETCH] = &page->execute };

    for (fwsim__access_kind k = FWSIM__READ; k <= FWSIM__FETCH; k++) {
        armv7m_share share = armv7m_mpu_share(cpu, addr & ~(size - 1), size, k,
                                              !armv7m_unprivileged(cpu));

        if (share == ARMV7M_WHOLE && k == FWSIM__FETCH)
            share = armv7m_sau_share(cpu, addr & ~(size - 1), size);
        if (share == ARMV7M_WHOLE &&
            (armv7m_watched(cpu, addr & ~(size - 1), size, k) ||
             guarded(cpu, addr & ~(size - 1), size, k)))
            share = ARMV7M_PART;
        *rights[k] &= share == ARMV7M_WHOLE ||
                      (share == ARMV7M_PART && cpu->checked);
        if (k == kind)
            cpu->refused_part = share == ARMV7M_PART;
    }
    return *rights[kind];
}

static bool translate_address(fwsim__cpu *cpu, uint64_t addr,
                              fwsim__access_kind kind, fwsim__page *page)
{
    uint32_t mask = fwsim__engine_page_size(cpu->engine) - 1;
    fwsim__mem *mem = fwsim__mem_at(cpu->m, addr);

    page->addr = addr & ~(uint64_t)mask;
    if (mem)
        return translate_memory(cpu, mem, addr, kind, page);
    if (kind == FWSIM__FETCH) {
        page->execute = cpu->in_scratch && addr >= ARMV7M_SCRATCH &&
                        addr < ARMV7M_SCRATCH + SCRATCH_SIZE;
        return page->execute;
    }
    page->read = page->write = true;
    return fwsim__window_at(cpu->m, addr) != NULL && ppb_gives_page(cpu, addr);
}

bool armv7m_translate(void *user, uint64_t addr, fwsim__access_kind kind,
                      fwsim__page *page)
{
    fwsim__cpu *cpu = user;

    cpu->refused_part = false;
    return translate_address(cpu, addr, kind, page) &&
           (cpu->in_scratch || protect(cpu, (uint32_t)addr, kind, page));
}

/** A store to flash, by its address in the alias space. */
static bool flash_access(fwsim__cpu *cpu, uint64_t addr, unsigned width,
                         bool write, uint64_t *value)
{
    fwsim__mem *mem = cpu->m->mems;
    uint64_t offset;

    while (mem->controller == NULL ||
           addr >= flash_alias(cpu, mem) + mem->size)
        mem++;
    offset = addr - flash_alias(cpu, mem);
    if (write)
        return fwsim__flash_store(cpu->m, mem, mem->base + offset, width,
                                  (uint32_t)*value);
    memcpy(value, mem->bytes + offset, width);
    return true;
}

static bool device_access(fwsim__cpu *cpu, uint32_t addr, unsigned width,
                          bool write, uint64_t *value)
{
    uint32_t word = (uint32_t)*value;
    bool ok = fwsim__bus_access(cpu->m, addr, width, write, &word);

    if (ok && !write)
        *value = word;
    return ok;
}

void armv7m_device(void *user, uint64_t addr, unsigned width, bool write,
                   uint64_t *value)
{
    fwsim__cpu *cpu = user;
    bool ok;

    cpu->access.active = true;
    cpu->access.served = false;
    cpu->access.write = write;
    cpu->access.width = (uint8_t)width;
    cpu->access.addr = (uint32_t)addr;
    if (addr >= FLASH_ALIAS)
        ok = flash_access(cpu, addr, width, write, value);
    else
        ok = device_access(cpu, (uint32_t)addr, width, write, value);
    cpu->access.active = false;
    /* The access cannot be abandoned any more: an imprecise fault. */
    if (!ok)
        armv7m_fault(cpu, EXC_BUSFAULT, CFSR_IMPRECISERR,
                     (uint32_t)fwsim__engine_block(cpu->engine));
}

static bool bitband(void *user, uint64_t addr, unsigned width, bool write,
                    uint32_t *value)
{
    fwsim__cpu *cpu = user;
    uint32_t region = (uint32_t)addr & 0xf0000000u;
    uint32_t offset = ((uint32_t)addr - region) & (BITBAND_SIZE - 1);
    uint32_t byte = region + offset / 32;
    uint32_t target = byte & ~(width - 1);
    unsigned bit = offset / 4 % 8 + 8 * (byte - target);
    uint32_t word = 0;

    if (fwsim_bus_read(cpu->m, target, width, &word))
        return false;
    if (!write) {
        *value = (word >> bit) & 1;
        return true;
    }
    word = (word & ~(1u << bit)) | (*value & 1) << bit;
    return fwsim_bus_write(cpu->m, target, width, word) == 0;
}

/* ------------------------------------------------------------------ */
/* Set-up                                                               */
/* ------------------------------------------------------------------ */

static int map_memories(fwsim__cpu *cpu)
{
    fwsim_machine *m = cpu->m;
    int err = 0;

    for (size_t i = 0; i < m->mem_count && !err; i++) {
        fwsim__mem *mem = &m->mems[i];

        if (mem->base + mem->size > PPB_BASE)
            return fwsim__error(m, FWSIM_EBOARD,
                                "memory %s reaches into the system space at "
                                "0xe0000000",
                                mem->desc->name);
        err = fwsim__engine_map_memory(cpu->engine, mem->base, mem->size,
                                       mem->bytes);
        if (!err && mem->controller)
            err = fwsim__engine_map_device(cpu->engine, flash_alias(cpu, mem),
                                           mem->size);
    }
    return err;
}

/** Map a range of pages, except what memories have taken already. */
static int map_around_memories(fwsim__cpu *cpu, uint64_t first, uint64_t end)
{
    while (first < end) {
        const fwsim__mem *mem = fwsim__mem_at(cpu->m, first);
        uint64_t stop = end;
        int err;

        if (mem) {
            first = mem->base + mem->size;
            continue;
        }
        for (size_t i = 0; i < cpu->m->mem_count; i++)
            if (cpu->m->mems[i].base > first && cpu->m->mems[i].base < stop)
                stop = cpu->m->mems[i].base;
        err = fwsim__engine_map_device(cpu->engine, first, stop - first);
        if (err)
            return err;
        first = stop;
    }
    return 0;
}

/** The lowest page from @a from on that a window touches, and where the pages
 * of that window end. @return false when there is none */
static bool next_pages(const fwsim__cpu *cpu, uint64_t from, uint64_t *first,
                       uint64_t *end)
{
    uint64_t page = fwsim__engine_page_size(cpu->engine);
    bool found = false;

    for (size_t i = 0; i < cpu->m->window_count; i++) {
        const fwsim__window *w = &cpu->m->windows[i];
        uint64_t begins = w->base & ~(page - 1);
        uint64_t ends = (w->base + w->size + page - 1) & ~(page - 1);

        if (begins < from)
            begins = from;
        if (begins < ends && (!found || begins < *first)) {
            found = true;
            *first = begins;
            *end = ends;
        }
    }
    return found;
}

/** Map the pages of all windows, which may overlap. */
static int map_windows(fwsim__cpu *cpu)
{
    uint64_t first = 0, end = 0;
    int err = 0;

    while (!err && next_pages(cpu, end, &first, &end))
        err = map_around_memories(cpu, first, end);
    return err;
}

static int add_windows(fwsim__cpu *cpu)
{
    fwsim__window ppb = { .base = PPB_BASE,
                          .size = ARMV7M_PPB_SIZE,
                          .access = armv7m_ppb_access,
                          .user = cpu };
    int err = fwsim__window_add(cpu->m, &ppb);

    for (uint32_t base = 0x22000000u; cpu->core->bitband && !err &&
                                      base <= 0x42000000u;
         base += 0x20000000u)
        err = fwsim__window_add(cpu->m,
                                &(fwsim__window){ .base = base,
                                                  .size = BITBAND_SIZE,
                                                  .access = bitband,
                                                  .user = cpu });
    return err;
}

static int map_scratch(fwsim__cpu *cpu)
{
    static const uint8_t code[] = {
        0xbf, 0xf3, 0x2f, 0x8f, /* CLREX */
        0x30, 0xbf, 0, 0,       /* WFI */
        0xef, 0xf3, 0x0a, 0x80, /* MRS r0, MSPLIM */
        0xef, 0xf3, 0x0b, 0x81, /* MRS r1, PSPLIM */
        0x30, 0xbf, 0, 0,       /* WFI */
        0x80, 0xf3, 0x0a, 0x88, /* MSR MSPLIM, r0 */
        0x81, 0xf3, 0x0b, 0x88, /* MSR PSPLIM, r1 */
        0x30, 0xbf, 0, 0,       /* WFI */
        0x50, 0xe8, 0x00, 0x1f, /* LDREX r1, [r0] */
        0x30, 0xbf, 0, 0,       /* WFI */
        0xd0, 0xe8, 0x5f, 0x1f, /* LDREXH r1, [r0] */
        0x30, 0xbf, 0, 0,       /* WFI */
        0xd0, 0xe8, 0x4f, 0x1f, /* LDREXB r1, [r0] */
        0x30, 0xbf,             /* WFI */
    };
    int err;

    cpu->scratch = aligned_alloc(SCRATCH_SIZE, SCRATCH_SIZE);
    if (!cpu->scratch)
        return FWSIM_ENOMEM;
    memset(cpu->scratch, 0, SCRATCH_SIZE);
    memcpy(cpu->scratch, code, sizeof code);
    /* An engine that fixes rights when it maps asks while this is set. */
    cpu->in_scratch = true;
    err = fwsim__engine_map_memory(cpu->engine, ARMV7M_SCRATCH, SCRATCH_SIZE,
                                   cpu->scratch);
    cpu->in_scratch = false;
    return err;
}

int armv7m_map(fwsim__cpu *cpu)
{
    int err = add_windows(cpu);

    if (!err)
        err = map_memories(cpu);
    if (!err)
        err = map_windows(cpu);
    return err ? err : map_scratch(cpu);
}
