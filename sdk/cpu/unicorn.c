/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.h on Unicorn 2.
 *
 * The virtual TLB mode is used: Unicorn asks for each page once, so memory
 * protection costs nothing afterwards, and a refused access comes back with
 * the PC of its instruction. One block hook and no other hook on the hot path.
 *
 * Unicorn 2.0 has no such mode. There the pages of a memory get their rights
 * when it is mapped, and the section "Unicorn 2.0" makes up for the rest.
 */
#include "cpu/copies.h"
#include "cpu/ram_pages.h"
#include "cpu/engine.h"

#include <stdlib.h>
#include <string.h>

#include <unicorn/unicorn.h>

#define VIRTUAL_TLB (UC_API_MAJOR > 2 || UC_API_MINOR > 0)

/*
 * Room for translations. What is dropped leaves a hole; when there is no room
 * left, Unicorn forgets all of them and begins anew. Its size is a bound for
 * memory, and what that costs, as Unicorn clears it: 5 ms.
 *
 * Unicorn 2.1.1 does so only when it was told to forget them before: otherwise
 * it overwrites translations that are in use. So it is told once, before it can
 * be full: an instruction of two bytes takes up to 800 bytes (LDM of all low
 * registers). A machine that does not come so far does not pay for the memory.
 * Unicorn 2.0 has room for 1 GB, always.
 */
enum {
    ROOM = VIRTUAL_TLB ? 32 << 20 : 1 << 30,
    ROOM_FOR_BYTE = 400,
    BYTES_MAX = ROOM / ROOM_FOR_BYTE,
    BLOCK_BYTES = 8,   /* what a block costs beside its instructions */
    DROPPED_BYTES = 16 /* what is translated again without a word */
};

enum { KNOWN = 16384, BATCH = 64, NO_INTERRUPT = -1 };

/** A flag that every block has, for the engine's own reasons to look at it:
 * edges and block hooks. The client never watches this one. */
#define FOR_ALL 0x200000u

#if !VIRTUAL_TLB
enum { REPAIRS = 64, STORE_MAX = 8 };

/** What a store to flash has to leave there, see on_refused. */
typedef struct repair {
    uint64_t addr;
    unsigned width;
    uint8_t bytes[STORE_MAX];
} repair;

static void repair_flash(fwsim__engine *e);
#endif

/** A device's user pointer in Unicorn: the engine and the device's base. */
typedef struct device {
    fwsim__engine *e;
    uint64_t base;
    struct device *next;
} device;

/** What on_block has to know of a block of memory that does not change. */
typedef struct known {
    uint64_t key;   /* see key_of; 0: free */
    uint32_t flags; /* as the architecture defines them, and ours */
    uint16_t count; /* instructions */
} known;

struct fwsim__engine {
    fwsim_machine *m;
    uint64_t block;     /* key of the one that runs or ran last */
    unsigned other;     /* flags of blocks for other_visit */
    unsigned attention; /* the same, and FOR_ALL with edges */
    unsigned watch;     /* of these, the client's */
    uc_engine *uc;
    const fwsim__engine_client *client;
    void *user;
    unsigned insn_shift; /* log2 of the bytes of the shortest instruction */
    unsigned page_size;
    bool a64;
    bool stopped;     /* by the block hook, at the deadline */
    bool code_changed; /* translations were dropped */
    bool was_flagged; /* by the block hook, at a flagged block */
    bool stale;       /* by the block hook: the bytes are not those translated */
    bool no_memory;   /* by the block hook */
    bool again;       /* by the block hook: first drop all translations */
    bool full;        /* BYTES_MAX is reached */
    bool recycles;    /* room is used again, see ROOM */
    bool compares;    /* are reported by what is translated */
    uc_hook compare_hook;
    bool refused;     /* translate said no to refused_addr */
    int interrupt;
    uint64_t refused_addr;
    unsigned refused_width; /* 0: the PC is that of the instruction */
    fwsim__access_kind refused_access;
#if !VIRTUAL_TLB
    repair repairs[REPAIRS];
    unsigned repair_count;
#endif
    device *devices;
    uint64_t *breaks;
    size_t break_count;
    uint64_t first; /* what was known of a run's first block */
    unsigned bytes; /* of the firmware that were translated, at most */
    fwsim__ram_pages ram;
    fwsim__copies copies; /* of blocks of RAM */
    known known[KNOWN];
};

static const int uc_models[] = {
    [FWSIM__ENGINE_CORTEX_M0] = UC_CPU_ARM_CORTEX_M0,
    [FWSIM__ENGINE_CORTEX_M3] = UC_CPU_ARM_CORTEX_M3,
    [FWSIM__ENGINE_CORTEX_M4] = UC_CPU_ARM_CORTEX_M4,
    [FWSIM__ENGINE_CORTEX_M7] = UC_CPU_ARM_CORTEX_M7,
    [FWSIM__ENGINE_CORTEX_M33] = UC_CPU_ARM_CORTEX_M33,
    [FWSIM__ENGINE_CORTEX_A53] = UC_CPU_ARM64_A53,
    [FWSIM__ENGINE_CORTEX_A72] = UC_CPU_ARM64_A72,
};

static bool is_a64(fwsim__engine_model model)
{
    return model >= FWSIM__ENGINE_CORTEX_A53;
}

static int uc_reg(fwsim__arm_reg reg)
{
    static const int special[] = {
        UC_ARM_REG_SP,       UC_ARM_REG_LR,        UC_ARM_REG_PC,
        UC_ARM_REG_XPSR,     UC_ARM_REG_IPSR,      UC_ARM_REG_MSP,
        UC_ARM_REG_PSP,      UC_ARM_REG_PRIMASK,   UC_ARM_REG_BASEPRI,
        UC_ARM_REG_FAULTMASK, UC_ARM_REG_CONTROL,  UC_ARM_REG_APSR_G,
        UC_ARM_REG_FPSCR,
    };

    if (reg >= FWSIM__ARM_S0)
        return UC_ARM_REG_S0 + (int)(reg - FWSIM__ARM_S0);
    if (reg >= FWSIM__ARM_SP)
        return special[reg - FWSIM__ARM_SP];
    return UC_ARM_REG_R0 + (int)reg;
}

static int uc_reg64(fwsim__a64_reg reg)
{
    static const int special[] = {
        UC_ARM64_REG_SP,     UC_ARM64_REG_PC,     UC_ARM64_REG_PSTATE,
        UC_ARM64_REG_FPCR,   UC_ARM64_REG_FPSR,   UC_ARM64_REG_SP_EL0,
        UC_ARM64_REG_SP_EL1, UC_ARM64_REG_SP_EL2, UC_ARM64_REG_SP_EL3,
    };

    if (reg >= FWSIM__A64_SP)
        return special[reg - FWSIM__A64_SP];
    if (reg >= 29)
        return UC_ARM64_REG_X29 + (int)reg - 29;
    return UC_ARM64_REG_X0 + (int)reg;
}

static uint64_t read_pc(fwsim__engine *e)
{
    return e->a64 ? fwsim__engine_get64(e, FWSIM__A64_PC)
                  : fwsim__engine_get(e, FWSIM__ARM_PC);
}

/* ------------------------------------------------------------------ */
/* Hooks                                                                */
/* ------------------------------------------------------------------ */

/** Address and size of a block in a word: addresses have 48 bits, and sizes are
 * below 2^16. */
static uint64_t key_of(uint64_t pc, uint64_t size)
{
    return pc ^ size << 48;
}

static uint64_t pc_of(uint64_t key)
{
    return (uint64_t)((int64_t)(key << 16) >> 16);
}

static uint32_t size_of(uint64_t key)
{
    return (uint32_t)((key ^ pc_of(key)) >> 48);
}

static known *known_at(fwsim__engine *e, uint64_t pc)
{
    return &e->known[(pc >> 1) % KNOWN];
}

/** A hash of the block's address: its place in the edge map. */
static uint32_t edge_of(const fwsim_machine *m, uint64_t pc)
{
    return (uint32_t)((pc >> 1) * 0x9e3779b97f4a7c15u >> 32) & m->edges.mask;
}

static void know(fwsim__engine *e, const fwsim__block *b)
{
    *known_at(e, b->pc) = (known){ .key = key_of(b->pc, b->size),
                                   .flags = b->flags | FOR_ALL,
                                   .count = b->count };
}

/** @return true when the block stays as it is */
static bool scan_block(fwsim__engine *e, fwsim__block *b, uint64_t pc,
                       uint32_t size)
{
    unsigned flags = 0;
    bool stable = false;

    b->count = (uint16_t)e->client->scan(e->user, pc, size, &flags, &stable);
    b->flags = flags;
    b->size = size;
    b->pc = pc;
    return stable;
}

void fwsim__engine_forget_blocks(fwsim__engine *e, uint64_t addr,
                                 uint64_t size)
{
    if (size >= 2 * KNOWN)
        memset(e->known, 0, sizeof e->known);
    else
        for (uint64_t pc = addr; pc < addr + size; pc += 2)
            known_at(e, pc)->key = 0;
}

/** Forget the blocks that have bytes in a range: none is longer than a page,
 * but for half an instruction. */
static void forget_blocks(fwsim__engine *e, uint64_t addr, uint64_t size)
{
    uint64_t first = addr > e->page_size ? addr - e->page_size : 0;

    fwsim__engine_forget_blocks(e, first, addr + size - first);
}

/* ------------------------------------------------------------------ */
/* Code in RAM                                                          */
/* ------------------------------------------------------------------ */

/** A block that equals its translation: known, if it will stay so. */
static void compared_equal(fwsim__engine *e, const fwsim__block *block)
{
    fwsim__ram_page *page = fwsim__ram_page_at(&e->ram, block->pc);
    uint64_t last = block->pc + block->size - 1;

    if (!VIRTUAL_TLB || page != fwsim__ram_page_at(&e->ram, last))
        return;
    if (fwsim__ram_page_compared(page))
        uc_ctl_flush_tlb(e->uc);
    if (page->written)
        return;
    page->cached = true;
    know(e, block);
}

/**
 * A block of RAM.
 * @return false when the translation is out of date, or memory ran out
 */
static bool ram_block(fwsim__engine *e, const fwsim__mem *mem, uint64_t pc,
                      uint32_t size, fwsim__block *block)
{
    const uint8_t *bytes = mem->bytes + (pc - mem->base);
    fwsim__copy *copy = fwsim__copies_find(&e->copies, pc);

    if (size > mem->base + mem->size - pc)
        size = (uint32_t)(mem->base + mem->size - pc);
    if (copy && copy->block.size == size &&
        memcmp(copy->bytes, bytes, size) == 0) {
        *block = copy->block;
        compared_equal(e, block);
        return true;
    }
    scan_block(e, block, pc, size);
    e->stale = copy != NULL;
    e->no_memory = !fwsim__copies_put(&e->copies, block, bytes);
    return !e->no_memory && !e->stale;
}

/** Forget the blocks of a page of RAM, at all addresses that show it. */
static void forget_page(fwsim__engine *e, uint64_t addr)
{
    const fwsim__mem *mem = fwsim__mem_at(e->m, addr);
    uint64_t offset = (addr - mem->base) & ~(uint64_t)(e->page_size - 1);

    for (size_t i = 0; i < e->m->mem_count; i++)
        if (e->m->mems[i].bytes == mem->bytes && offset < e->m->mems[i].size)
            forget_blocks(e, e->m->mems[i].base + offset, e->page_size);
}

void fwsim__engine_written(fwsim__engine *e, uint64_t addr, uint64_t size)
{
    const fwsim__mem *mem = fwsim__mem_at(e->m, addr);
    uint64_t end = addr + size;

    fwsim__mem_touch(e->m, mem, addr - mem->base, size);
    for (addr &= ~(uint64_t)(e->page_size - 1); addr < end;
         addr += e->page_size) {
        fwsim__ram_page *page = fwsim__ram_page_at(&e->ram, addr);

        if (page && !page->written && fwsim__ram_page_written(page))
            forget_page(e, addr);
    }
}

/** Something was translated, or will be. */
static void count_room(fwsim__engine *e, unsigned bytes)
{
    if (!e->recycles)
        e->bytes += bytes;
    e->full = !e->recycles && e->bytes >= BYTES_MAX;
}

/** A block that is not known. @return false as ram_block, or when it is time
 * to forget all translations */
static bool other_block(fwsim__engine *e, uint64_t pc, uint32_t size,
                        fwsim__block *block)
{
    const fwsim__mem *mem = fwsim__mem_at(e->m, pc);

    if (key_of(pc, size) != e->first)
        count_room(e, size + BLOCK_BYTES);
    e->again = e->full;
    if (e->again)
        return false;
    /* Firmware of a 64-bit core says when it has changed code (IC). */
    if (mem && mem->desc->kind == FWSIM_MEM_RAM && !e->a64)
        return ram_block(e, mem, pc, size, block);
    if (scan_block(e, block, pc, size))
        know(e, block);
    return true;
}

static void count_edge(fwsim_machine *m, uint32_t edge)
{
    m->edges.map[edge ^ m->edges.last]++;
    m->edges.last = edge >> 1;
}

static __attribute__((noinline)) void edge_visit(fwsim_machine *m, uint64_t pc)
{
    count_edge(m, edge_of(m, pc));
}

/** A block that is not known, or that needs attention. */
static __attribute__((noinline)) void other_visit(fwsim__engine *e, uint64_t pc,
                                                  uint32_t size)
{
    const known *k = known_at(e, pc);
    fwsim_machine *m = e->m;
    fwsim__block b = { pc, size, k->count, k->flags };

    m->block = 0;
#if !VIRTUAL_TLB
    repair_flash(e);
#endif
    e->code_changed = false;
    if (m->now >= m->deadline &&
        (!fwsim__events_inside(m) || e->code_changed)) {
        e->stopped = true;
        uc_emu_stop(e->uc);
        return;
    }
    if (k->key != key_of(pc, size) && !other_block(e, pc, size, &b)) {
        uc_emu_stop(e->uc);
        return;
    }
    if (b.count > m->exact - m->now) {
        m->crosses = true;
        fwsim__attention(m);
        e->stopped = true;
        uc_emu_stop(e->uc);
        return;
    }
    if ((b.flags & e->watch) &&
        !e->client->flagged(e->user, pc, size, b.flags)) {
        e->was_flagged = true;
        uc_emu_stop(e->uc);
        return;
    }
    m->block = b.count;
    if (m->edges.map)
        count_edge(m, edge_of(m, pc));
    if (m->hooks[FWSIM__HOOK_BLOCK].count)
        fwsim__hooks_block(m, pc, size);
}

/**
 * The hot path: every block of the firmware comes through here. It touches a
 * cache line of the machine, one of the engine and one entry of known blocks,
 * and reads no register of the core: four or five processor cycles, some ten with
 * an edge map. What is rare is another function, for the sake of the registers
 * that it would save here.
 */
static void on_block(uc_engine *uc, uint64_t pc, uint32_t size, void *user)
{
    fwsim__engine *e = user;
    fwsim_machine *m = e->m;
    const known *k = known_at(e, pc);
    uint64_t key = key_of(pc, size);
    uint64_t now = m->now + m->block;
    unsigned flags = k->flags;

    (void)uc;
    m->now = now;
    e->block = key;
    if (!VIRTUAL_TLB || k->key != key || now >= m->deadline) {
        other_visit(e, pc, size);
    } else if (!(flags & e->attention)) {
        m->block = k->count;
    } else if (!(flags & e->other)) {
        m->block = k->count;
        edge_visit(m, pc);
    } else {
        other_visit(e, pc, size);
    }
}

#if VIRTUAL_TLB
/** Something is subtracted: what a comparison does, too. Most are of bytes, or of
 * what is equal, and end here. The address that Unicorn gives is none on 32-bit
 * cores. */
static void on_subtract(uc_engine *uc, uint64_t pc, uint64_t a, uint64_t b,
                        uint32_t bits, void *user)
{
    fwsim__engine *e = user;
    const fwsim__guard *g = &e->m->guard;

    (void)uc;
    (void)pc;
    if (bits == 32) {
        a = (uint32_t)a;
        b = (uint32_t)b;
    }
    if (!((a | b) >> 8) || a == b)
        return;
    g->compare(g->user, pc_of(e->block), a, b, bits);
}
#endif

static void on_interrupt(uc_engine *uc, uint32_t number, void *user)
{
    fwsim__engine *e = user;

    e->interrupt = (int)number;
    uc_emu_stop(uc);
}

static bool on_invalid(uc_engine *uc, void *user)
{
    (void)uc;
    (void)user;
    return false;
}

static fwsim__access_kind access_of(uc_mem_type type)
{
    switch (type) {
    case UC_MEM_WRITE:
    case UC_MEM_WRITE_UNMAPPED:
    case UC_MEM_WRITE_PROT:
        return FWSIM__WRITE;
    case UC_MEM_FETCH:
    case UC_MEM_FETCH_UNMAPPED:
    case UC_MEM_FETCH_PROT:
        return FWSIM__FETCH;
    default:
        return FWSIM__READ;
    }
}

static void refuse(fwsim__engine *e, uint64_t addr, fwsim__access_kind kind,
                   unsigned width)
{
    e->refused = true;
    e->refused_addr = addr;
    e->refused_access = kind;
    e->refused_width = width;
}

#if VIRTUAL_TLB
/** The first write to a page of RAM asks; until then it is protected. */
static void watch_page(fwsim__engine *e, fwsim__access_kind kind,
                       fwsim__page *page)
{
    const fwsim__mem *mem = fwsim__mem_at(e->m, page->addr);
    const fwsim__ram_page *code;

    if (!mem || !page->write)
        return;
    if (kind == FWSIM__WRITE)
        fwsim__engine_written(e, page->addr, 1);
    code = e->a64 ? NULL : fwsim__ram_page_at(&e->ram, page->addr);
    page->write = (!code || code->written) &&
                  fwsim__mem_is_dirty(e->m, mem, page->addr - mem->base);
}

static bool on_fill(uc_engine *uc, uint64_t addr, uc_mem_type type,
                    uc_tlb_entry *entry, void *user)
{
    fwsim__engine *e = user;
    fwsim__page page = { 0 };
    fwsim__access_kind kind = access_of(type);

    (void)uc;
    if (!e->client->translate(e->user, addr, kind, &page)) {
        refuse(e, addr, kind, 0);
        return false;
    }
    watch_page(e, kind, &page);
    entry->paddr = page.addr;
    entry->perms = (uc_prot)((page.read ? UC_PROT_READ : 0) |
                             (page.write ? UC_PROT_WRITE : 0) |
                             (page.execute ? UC_PROT_EXEC : 0));
    return true;
}

/** A block is translated, perhaps again: forget what was known of it. */
static void on_translated(uc_engine *uc, uc_tb *made, uc_tb *before, void *user)
{
    (void)uc;
    (void)before;
    known_at(user, made->pc)->key = 0;
}

static uint32_t system_key(const uc_arm64_cp_reg *reg)
{
    return FWSIM__A64_SYSTEM(reg->op0, reg->op1, reg->crn, reg->crm, reg->op2);
}

/* Both return 1 to skip the instruction. The engine repeats one that it does
 * not know for ever when it is skipped, so the client leaves those alone. */
static uint32_t on_mrs(uc_engine *uc, uc_arm64_reg to,
                       const uc_arm64_cp_reg *reg, void *user)
{
    fwsim__engine *e = user;
    uint64_t value = 0;

    if (!e->client->system(e->user, system_key(reg), false, &value))
        return 0;
    if (to != UC_ARM64_REG_XZR)
        uc_reg_write(uc, to, &value);
    return 1;
}

static uint32_t on_msr(uc_engine *uc, uc_arm64_reg from,
                       const uc_arm64_cp_reg *reg, void *user)
{
    fwsim__engine *e = user;
    uint64_t value = from == UC_ARM64_REG_XZR ? 0 : reg->val;

    (void)uc;
    return e->client->system(e->user, system_key(reg), true, &value);
}

#endif

static uint64_t on_device_read(uc_engine *uc, uint64_t offset, unsigned width,
                               void *user)
{
    device *d = user;
    uint64_t value = 0;

    (void)uc;
    d->e->client->device(d->e->user, d->base + offset, width, false, &value);
    return value;
}

static void on_device_write(uc_engine *uc, uint64_t offset, unsigned width,
                            uint64_t value, void *user)
{
    device *d = user;

    (void)uc;
    d->e->client->device(d->e->user, d->base + offset, width, true, &value);
}

/* ------------------------------------------------------------------ */
/* Unicorn 2.0                                                          */
/* ------------------------------------------------------------------ */

#if VIRTUAL_TLB
static uc_prot rights_of(fwsim__engine *e, uint64_t addr)
{
    (void)e;
    (void)addr;
    return UC_PROT_ALL;
}
#else
/** Rights of a whole memory: those of its first page. */
static uc_prot rights_of(fwsim__engine *e, uint64_t addr)
{
    fwsim__page page = { 0 };
    int rights = UC_PROT_READ;

    if (e->client->translate(e->user, addr, FWSIM__WRITE, &page) &&
        page.addr == addr)
        rights |= UC_PROT_WRITE;
    if (e->client->translate(e->user, addr, FWSIM__FETCH, &page))
        rights |= UC_PROT_EXEC;
    return (uc_prot)rights;
}

/**
 * A store to flash: the device decides what becomes of it, but Unicorn stores
 * the bytes nonetheless. What should be there is put back at the next block.
 */
static bool store_to_device(fwsim__engine *e, const fwsim__page *page,
                            uint64_t addr, unsigned width, uint64_t value)
{
    repair *r = &e->repairs[e->repair_count];
    uint64_t offset = addr & (e->page_size - 1);

    if (e->repair_count == REPAIRS || width > STORE_MAX)
        return false;
    e->client->device(e->user, page->addr + offset, width, true, &value);
    r->addr = addr;
    r->width = width;
    if (fwsim_mem_read(e->m, addr, r->bytes, width))
        return false;
    e->repair_count++;
    return true;
}

/** Nobody is asked before a write to RAM. */
static void touch_ram(fwsim_machine *m)
{
    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].desc->kind == FWSIM_MEM_RAM)
            fwsim__mem_touch(m, &m->mems[i], 0, m->mems[i].size);
}

static void repair_flash(fwsim__engine *e)
{
    for (unsigned i = 0; i < e->repair_count; i++) {
        const repair *r = &e->repairs[i];
        const fwsim__mem *mem = fwsim__mem_at(e->m, r->addr);

        memcpy(mem->bytes + (r->addr - mem->base), r->bytes, r->width);
    }
    e->repair_count = 0;
}

/** The PC of a refused access is that of its block: find the instruction. */
static void locate_refused(fwsim__engine *e)
{
    uint64_t pc;

    if (!e->refused || !e->refused_width)
        return;
    pc = e->client->locate(e->user, e->refused_addr, e->refused_width,
                           e->refused_access == FWSIM__WRITE);
    fwsim__engine_set(e, FWSIM__ARM_PC, (uint32_t)pc | 1);
}

static bool on_refused(uc_engine *uc, uc_mem_type type, uint64_t addr,
                       int width, int64_t value, void *user)
{
    fwsim__engine *e = user;
    fwsim__access_kind kind = access_of(type);
    fwsim__page page = { 0 };

    (void)uc;
    if (kind == FWSIM__WRITE &&
        e->client->translate(e->user, addr, kind, &page) &&
        store_to_device(e, &page, addr, (unsigned)width, (uint64_t)value))
        return true;
    refuse(e, addr, kind, kind == FWSIM__FETCH ? 0 : (unsigned)width);
    return false;
}
#endif

/* ------------------------------------------------------------------ */
/* Life                                                                 */
/* ------------------------------------------------------------------ */

static int failed(fwsim__engine *e, const char *what, uc_err err)
{
    return fwsim__error(e->m, err == UC_ERR_NOMEM ? FWSIM_ENOMEM : FWSIM_ECPU,
                        "unicorn: %s: %s", what, uc_strerror(err));
}

/** A callback as uc_hook_add wants it; ISO C has no cast for it. */
typedef union callback {
    uc_cb_hookcode_t block;
    uc_cb_hookintr_t interrupt;
    uc_cb_hookinsn_invalid_t invalid;
#if VIRTUAL_TLB
    uc_cb_tlbevent_t fill;
    uc_hook_edge_gen_t translated;
    uc_hook_tcg_op_2 subtract;
    uc_cb_insn_sys_t system;
#else
    uc_cb_eventmem_t refused;
#endif
    void *pointer;
} callback;

static int add_hooks(fwsim__engine *e)
{
    const struct {
        int type;
        callback fn;
        int insn;
        bool a64;
    } hooks[] = {
        { UC_HOOK_BLOCK, { .block = on_block }, 0, false },
        { UC_HOOK_INTR, { .interrupt = on_interrupt }, 0, false },
        { UC_HOOK_INSN_INVALID, { .invalid = on_invalid }, 0, false },
#if VIRTUAL_TLB
        { UC_HOOK_TLB_FILL, { .fill = on_fill }, 0, false },
        { UC_HOOK_EDGE_GENERATED, { .translated = on_translated }, 0, true },
        { UC_HOOK_INSN, { .system = on_mrs }, UC_ARM64_INS_MRS, true },
        { UC_HOOK_INSN, { .system = on_msr }, UC_ARM64_INS_MSR, true },
        { UC_HOOK_INSN, { .system = on_msr }, UC_ARM64_INS_SYS, true },
#else
        { UC_HOOK_MEM_UNMAPPED | UC_HOOK_MEM_PROT, { .refused = on_refused },
          0, false },
#endif
    };

    for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
        uc_hook handle;
        uc_err err;

        if (hooks[i].a64 && !e->a64)
            continue;
        err = uc_hook_add(e->uc, &handle, hooks[i].type, hooks[i].fn.pointer, e,
                          1, 0, hooks[i].insn);
        if (err)
            return failed(e, "hook", err);
    }
    return 0;
}

static int configure(fwsim__engine *e, fwsim__engine_model model)
{
    uint32_t page = 0;
    uc_err err = uc_ctl_set_cpu_model(e->uc, uc_models[model]);

#if VIRTUAL_TLB
    /* Before anything that makes Unicorn take its room. */
    if (!err)
        err = uc_ctl_set_tcg_buffer_size(e->uc, ROOM);
    if (!err)
        err = uc_ctl_tlb_mode(e->uc, UC_TLB_VIRTUAL);
#endif
    if (!err)
        err = uc_ctl_exits_enable(e->uc);
    if (!err)
        err = uc_ctl_get_page_size(e->uc, &page);
    if (err)
        return failed(e, "set-up", err);
    e->page_size = page;
    if (fwsim__ram_pages_make(&e->ram, e->m, page))
        return FWSIM_ENOMEM;
    return add_hooks(e);
}

static int open_model(fwsim__engine *e, fwsim__engine_model model)
{
    uc_err err;

#if !VIRTUAL_TLB
    if (e->a64)
        return fwsim__error(e->m, FWSIM_ECPU,
                            "AArch64 needs Unicorn 2.1 or later");
#endif
    /* UC_MODE_MCLASS would turn every M model into a Cortex-M33. */
    err = e->a64 ? uc_open(UC_ARCH_ARM64, UC_MODE_ARM, &e->uc)
                 : uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &e->uc);
    return err ? failed(e, "open", err) : configure(e, model);
}

int fwsim__engine_open(fwsim__engine **out, fwsim_machine *m,
                       fwsim__engine_model model,
                       const fwsim__engine_client *client, void *user)
{
    fwsim__engine *e = calloc(1, sizeof *e);
    int err;

    *out = NULL;
    if (!e)
        return FWSIM_ENOMEM;
    e->m = m;
    e->client = client;
    e->user = user;
    e->a64 = is_a64(model);
    e->insn_shift = e->a64 ? 2 : 1;
    err = open_model(e, model);
    if (err) {
        fwsim__engine_close(e);
        return err;
    }
    *out = e;
    return 0;
}

void fwsim__engine_close(fwsim__engine *e)
{
    if (!e)
        return;
    if (e->uc)
        uc_close(e->uc);
    while (e->devices) {
        device *next = e->devices->next;

        free(e->devices);
        e->devices = next;
    }
    fwsim__ram_pages_free(&e->ram);
    fwsim__copies_free(&e->copies);
    free(e->breaks);
    free(e);
}

unsigned fwsim__engine_page_size(const fwsim__engine *e)
{
    return e->page_size;
}

int fwsim__engine_map_memory(fwsim__engine *e, uint64_t addr, uint64_t size,
                             void *bytes)
{
    uc_err err =
        uc_mem_map_ptr(e->uc, addr, size, rights_of(e, addr), bytes);

    return err ? failed(e, "map memory", err) : 0;
}

int fwsim__engine_map_device(fwsim__engine *e, uint64_t addr, uint64_t size)
{
    device *d = calloc(1, sizeof *d);
    uc_err err;

    if (!d)
        return FWSIM_ENOMEM;
    d->e = e;
    d->base = addr;
    d->next = e->devices;
    e->devices = d;
    err = uc_mmio_map(e->uc, addr, size, on_device_read, d, on_device_write, d);
    return err ? failed(e, "map device", err) : 0;
}

/* ------------------------------------------------------------------ */
/* Running                                                              */
/* ------------------------------------------------------------------ */

bool fwsim__engine_has_page_rights(void)
{
    return VIRTUAL_TLB;
}

void fwsim__engine_watch(fwsim__engine *e, unsigned flags)
{
    e->watch = flags;
    e->other = flags | (e->other & FOR_ALL);
    e->attention = e->other | (e->attention & FOR_ALL);
}

unsigned fwsim__engine_watched(const fwsim__engine *e)
{
    return e->watch;
}

uint64_t fwsim__engine_block(const fwsim__engine *e)
{
    return pc_of(e->block);
}

static bool at_break(const fwsim__engine *e, uint64_t pc)
{
    for (size_t i = 0; i < e->break_count; i++)
        if (e->breaks[i] == pc)
            return true;
    return false;
}

/**
 * The block hook has counted the whole block. Where the run ended inside it,
 * count only what was executed.
 */
static void settle_time(fwsim__engine *e, uint64_t pc)
{
    fwsim_machine *m = e->m;
    uint64_t block = pc_of(e->block);
    unsigned flags;
    bool stable;

    if (m->block && pc > block) {
        if (pc - block < size_of(e->block))
            m->block = e->client->scan(e->user, block, (unsigned)(pc - block),
                                       &flags, &stable);
    } else if (pc == block) {
        m->block = 0;
    }
    m->now += m->block;
    m->block = 0;
}

static fwsim__exit classify(fwsim__engine *e, uc_err err, uint64_t pc)
{
    fwsim__exit out = { .kind = FWSIM__EXIT_HALT };

    if (e->interrupt != NO_INTERRUPT) {
        out.kind = FWSIM__EXIT_INTERRUPT;
        out.number = (unsigned)e->interrupt;
    } else if (err == UC_ERR_INSN_INVALID) {
        out.kind = FWSIM__EXIT_INVALID;
    } else if (err && e->refused) {
        out.kind = FWSIM__EXIT_FAULT;
        out.addr = e->refused_addr;
        out.access = e->refused_access;
    } else if (err) {
        failed(e, "run", err);
        out.kind = FWSIM__EXIT_FAILED;
    } else if (e->was_flagged) {
        out.kind = FWSIM__EXIT_FLAGGED;
    } else if (e->stopped) {
        out.kind = FWSIM__EXIT_DEADLINE;
    } else if (at_break(e, pc)) {
        out.kind = FWSIM__EXIT_BREAK;
    }
    return out;
}

/** Edges and hooks change between runs only. */
static void begin_watching(fwsim__engine *e)
{
    const fwsim_machine *m = e->m;
    bool hooks = m->hooks[FWSIM__HOOK_BLOCK].count || m->exact != UINT64_MAX;

    e->other = e->watch | (hooks ? FOR_ALL : 0);
    e->attention = e->other | (m->edges.map ? FOR_ALL : 0);
}

/** Comparisons are reported by translated code: all of it is made anew. */
static uc_err watch_compares(fwsim__engine *e)
{
#if VIRTUAL_TLB
    bool wanted = e->m->guard.compare != NULL;
    uc_err err;

    if (wanted == e->compares)
        return UC_ERR_OK;
    if (wanted)
        err = uc_hook_add(e->uc, &e->compare_hook, UC_HOOK_TCG_OPCODE,
                          ((callback){ .subtract = on_subtract }).pointer, e, 1,
                          0, UC_TCG_OP_SUB, 0);
    else
        err = uc_hook_del(e->uc, e->compare_hook);
    if (err)
        return err;
    e->compares = wanted;
    fwsim__engine_all_code_changed(e);
#endif
    return UC_ERR_OK;
}

static uc_err start(fwsim__engine *e, uint64_t pc)
{
    uc_err err = watch_compares(e);

    if (err)
        return err;

    e->stopped = e->was_flagged = e->refused = false;
    e->stale = e->no_memory = e->again = false;
    e->interrupt = NO_INTERRUPT;
    e->block = key_of(pc, 0);
    begin_watching(e);
#if !VIRTUAL_TLB
    touch_ram(e->m);
#endif
    e->first = known_at(e, pc)->key;
    if (e->a64) /* on_translated is silent about a run's first block */
        known_at(e, pc)->key = 0;
    /* Bit 0 selects Thumb; an address whose bit 0 firmware had clear comes
     * with XPSR.T clear and is refused before it gets here. */
    err = uc_emu_start(e->uc, e->a64 ? pc : pc | 1, 0, 0, 0);
#if !VIRTUAL_TLB
    repair_flash(e);
    locate_refused(e);
#endif
    return e->no_memory ? UC_ERR_NOMEM : err;
}

static void drop(fwsim__engine *e, uint64_t addr, uint64_t size)
{
    count_room(e, DROPPED_BYTES);
    uc_ctl_remove_cache(e->uc, addr, addr + size);
}

void fwsim__engine_all_code_changed(fwsim__engine *e)
{
    e->recycles = true;
    e->full = false;
    uc_ctl(e->uc, UC_CTL_WRITE(UC_CTL_TB_FLUSH, 0)); /* its name in 2.0, too */
}

fwsim__exit fwsim__engine_run(fwsim__engine *e, uint64_t pc)
{
    uint64_t end;
    uc_err err;

    if (e->full)
        fwsim__engine_all_code_changed(e);
    err = start(e, pc);
    while (e->stale || e->again) {
        uint64_t block = pc_of(e->block);

        if (e->stale)
            drop(e, block, size_of(e->block));
        if (e->full)
            fwsim__engine_all_code_changed(e);
        err = start(e, block);
    }
    end = read_pc(e);
    settle_time(e, end);
    return classify(e, err, end);
}

/** Translations made before do not know of the breaks, or still do. */
static void drop_around_breaks(fwsim__engine *e)
{
    for (size_t i = 0; i < e->break_count; i++)
        drop(e, e->breaks[i], 1u << e->insn_shift);
}

int fwsim__engine_breaks_set(fwsim__engine *e, const uint64_t *addr, size_t n)
{
    uint64_t *copy = NULL;
    uc_err err;

    if (n) {
        copy = malloc(n * sizeof *copy);
        if (!copy)
            return FWSIM_ENOMEM;
        memcpy(copy, addr, n * sizeof *copy);
    }
    drop_around_breaks(e);
    free(e->breaks);
    e->breaks = copy;
    e->break_count = n;
    err = uc_ctl_set_exits(e->uc, copy, n);
    if (err)
        return failed(e, "breakpoints", err);
    drop_around_breaks(e);
    return 0;
}

void fwsim__engine_code_changed(fwsim__engine *e, uint64_t addr, uint64_t size)
{
    e->code_changed = true;
    if (!e->a64) /* there on_translated does */
        forget_blocks(e, addr, size);
    drop(e, addr, size);
}

void fwsim__engine_pages_changed(fwsim__engine *e)
{
    uc_ctl_flush_tlb(e->uc);
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

uint32_t fwsim__engine_get(fwsim__engine *e, fwsim__arm_reg reg)
{
    uint32_t value = 0;

    uc_reg_read(e->uc, uc_reg(reg), &value);
    return value;
}

void fwsim__engine_set(fwsim__engine *e, fwsim__arm_reg reg, uint32_t value)
{
    uc_reg_write(e->uc, uc_reg(reg), &value);
}

void fwsim__engine_get_many(fwsim__engine *e, const fwsim__arm_reg *regs,
                            uint32_t *values, size_t n)
{
    int ids[BATCH];
    void *at[BATCH];

    for (size_t i = 0; i < n; i++) {
        ids[i] = uc_reg(regs[i]);
        at[i] = &values[i];
    }
    uc_reg_read_batch(e->uc, ids, at, (int)n);
}

void fwsim__engine_set_many(fwsim__engine *e, const fwsim__arm_reg *regs,
                            const uint32_t *values, size_t n)
{
    int ids[BATCH];
    void *at[BATCH];

    for (size_t i = 0; i < n; i++) {
        ids[i] = uc_reg(regs[i]);
        at[i] = (void *)&values[i];
    }
    uc_reg_write_batch(e->uc, ids, at, (int)n);
}

uint64_t fwsim__engine_get64(fwsim__engine *e, fwsim__a64_reg reg)
{
    uint64_t value = 0;

    uc_reg_read(e->uc, uc_reg64(reg), &value);
    return value;
}

void fwsim__engine_set64(fwsim__engine *e, fwsim__a64_reg reg, uint64_t value)
{
    uc_reg_write(e->uc, uc_reg64(reg), &value);
}

void fwsim__engine_get64_many(fwsim__engine *e, const fwsim__a64_reg *regs,
                              uint64_t *values, size_t n)
{
    int ids[BATCH];
    void *at[BATCH];

    for (size_t i = 0; i < n; i++) {
        values[i] = 0;
        ids[i] = uc_reg64(regs[i]);
        at[i] = &values[i];
    }
    uc_reg_read_batch(e->uc, ids, at, (int)n);
}

void fwsim__engine_get_vector(fwsim__engine *e, unsigned n, uint64_t value[2])
{
    uc_reg_read(e->uc, UC_ARM64_REG_V0 + (int)n, value);
}

void fwsim__engine_set_vector(fwsim__engine *e, unsigned n,
                              const uint64_t value[2])
{
    uc_reg_write(e->uc, UC_ARM64_REG_V0 + (int)n, value);
}

static uc_arm64_cp_reg system_reg(uint32_t reg, uint64_t value)
{
    return (uc_arm64_cp_reg){ .op0 = reg >> 14 & 3,
                              .op1 = reg >> 11 & 7,
                              .crn = reg >> 7 & 15,
                              .crm = reg >> 3 & 15,
                              .op2 = reg & 7,
                              .val = value };
}

uint64_t fwsim__engine_system_get(fwsim__engine *e, uint32_t reg)
{
    uc_arm64_cp_reg r = system_reg(reg, 0);

    return uc_reg_read(e->uc, UC_ARM64_REG_CP_REG, &r) ? 0 : r.val;
}

void fwsim__engine_system_set(fwsim__engine *e, uint32_t reg, uint64_t value)
{
    uc_arm64_cp_reg r = system_reg(reg, value);

    uc_reg_write(e->uc, UC_ARM64_REG_CP_REG, &r);
}
