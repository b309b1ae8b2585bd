/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Translation of addresses, stage 1 (DDI 0487 D5): walks of the tables that
 * firmware made, with the fault status of what is refused; then the physical
 * space: memories and windows.
 */
#include "cpu/armv8a.h"

#include <string.h>

enum { PAGE_SHIFT_4K = 12, LAST_LEVEL = 3, VA_BITS = 48 };

#define SCTLR_M   (1u << 0)
#define SCTLR_WXN (1u << 19)

#define TTBR_BASE  0x0000fffffffffffeull
#define DESC_VALID (1u << 0)
#define DESC_TABLE (1u << 1)
#define DESC_USER  (1u << 6)
#define DESC_RO    (1u << 7)
#define DESC_AF    (1u << 10)

/** The half of the address space an address is in, as TCR describes it. */
typedef struct half {
    uint64_t base;
    unsigned bits;  /* of the address that are translated */
    unsigned shift; /* log2 of the granule */
    bool disabled;  /* EPD */
} half;

typedef struct rights {
    bool read, write, execute;
} rights;

/** Exception level whose registers translate for @a el. */
static unsigned regime_of(unsigned el)
{
    return el ? el : 1;
}

static bool refuse(fwsim__cpu *cpu, unsigned code)
{
    cpu->fault_code = code;
    return false;
}

/** D5.2.4, TCR_EL1 and its kin. @return false: outside of both halves */
static bool find_half(fwsim__cpu *cpu, unsigned regime, uint64_t *addr, half *h)
{
    static const unsigned tg0[] = { 12, 16, 14, 12 };
    static const unsigned tg1[] = { 12, 14, 12, 16 };
    uint64_t tcr = armv8a_system_get(cpu, armv8a_banked(regime, 2, 0, 2));
    bool upper = regime == 1 && (*addr >> 55 & 1);
    unsigned size = tcr >> (upper ? 16 : 0) & 63;
    bool ignore_top = regime == 1 ? tcr >> (upper ? 38 : 37) & 1
                                  : tcr >> 20 & 1;
    uint64_t top;

    h->base = armv8a_system_get(cpu, armv8a_banked(regime, 2, 0, upper));
    h->shift = upper ? tg1[tcr >> 30 & 3] : tg0[tcr >> 14 & 3];
    h->disabled = regime == 1 && (tcr >> (upper ? 23 : 7) & 1);
    /* D5.2.4: sizes out of range are as the nearest that is in range. */
    h->bits = 64 - (size < 16 ? 16 : size > 39 ? 39 : size);
    if (ignore_top)
        *addr = upper ? *addr | 0xffull << 56 : *addr & ~(0xffull << 56);
    top = *addr >> h->bits;
    if (top != (upper ? ~0ull >> h->bits : 0))
        return false;
    return true;
}

static bool read_descriptor(fwsim__cpu *cpu, uint64_t addr, uint64_t *desc)
{
    return fwsim_mem_read(cpu->m, addr, desc, sizeof *desc) == 0;
}

/** D5.4.5: what a leaf permits; @a tables are the limits of its tables. */
static rights rights_of(unsigned el, uint64_t desc, uint64_t tables,
                        uint64_t sctlr)
{
    bool user = (desc & DESC_USER) && !(tables >> 61 & 1);
    bool write = !(desc & DESC_RO) && !(tables >> 62 & 1);
    bool xn = (desc | (tables >> 60 & 1) << 54) >> 54 & 1;
    bool pxn = (desc | (tables >> 59 & 1) << 53) >> 53 & 1;
    rights r = { true, write, !xn };

    if (el == 0) {
        r.read = user;
        r.write = user && write;
    } else if (el == 1) {
        /* What EL0 may write, EL1 never executes. */
        r.execute = !pxn && !(user && write);
    }
    if ((sctlr & SCTLR_WXN) && r.write)
        r.execute = false;
    return r;
}

static bool permitted(const rights *r, fwsim__access_kind kind)
{
    return kind == FWSIM__FETCH ? r->execute
           : kind == FWSIM__WRITE ? r->write : r->read;
}

/** D5.3: may a leaf stand at this level for this granule? */
static bool leaf_at(uint64_t desc, unsigned level, unsigned shift)
{
    if (level == LAST_LEVEL)
        return desc & DESC_TABLE;
    return !(desc & DESC_TABLE) &&
           (level == 2 || (level == 1 && shift == PAGE_SHIFT_4K));
}

/** Walk the tables. @return false with the fault code in the core */
static bool walk(fwsim__cpu *cpu, unsigned el, uint64_t addr, const half *h,
                 fwsim__access_kind kind, uint64_t sctlr, uint64_t *physical,
                 rights *r)
{
    unsigned stride = h->shift - 3;
    unsigned level = LAST_LEVEL + 1 - (h->bits - h->shift + stride - 1) / stride;
    uint64_t table = h->base & TTBR_BASE, tables = 0;

    /* The table of the first level may be smaller than a granule. */
    table &= ~0ull << ((h->bits - h->shift) -
                       (LAST_LEVEL - level) * stride + 3);
    for (;; level++) {
        unsigned shift = h->shift + (LAST_LEVEL - level) * stride;
        unsigned top = shift + stride < h->bits ? shift + stride : h->bits;
        uint64_t index = (addr & ((1ull << top) - 1)) >> shift;
        uint64_t desc;

        if (!read_descriptor(cpu, table + index * 8, &desc))
            return refuse(cpu, FSC_EXTERNAL_WALK | level);
        if (!(desc & DESC_VALID))
            return refuse(cpu, FSC_TRANSLATION | level);
        if (leaf_at(desc, level, h->shift)) {
            if (!(desc & DESC_AF))
                return refuse(cpu, FSC_ACCESS_FLAG | level);
            *r = rights_of(el, desc, tables, sctlr);
            if (!permitted(r, kind))
                return refuse(cpu, FSC_PERMISSION | level);
            *physical = (desc & ((1ull << VA_BITS) - 1) & (~0ull << shift)) |
                        (addr & ((1ull << shift) - 1));
            return true;
        }
        if (level == LAST_LEVEL || !(desc & DESC_TABLE))
            return refuse(cpu, FSC_TRANSLATION | level);
        tables |= desc & (0x1full << 59);
        table = desc & ((1ull << VA_BITS) - 1) & (~0ull << h->shift);
    }
}

/** Bits of a physical address that the core has (ID_AA64MMFR0_EL1.PARange). */
static unsigned physical_bits(fwsim__cpu *cpu)
{
    static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48 };
    unsigned range = fwsim__engine_system_get(cpu->engine, SYS_MMFR0) & 15;

    return bits[range < sizeof bits ? range : sizeof bits - 1];
}

static bool to_physical(fwsim__cpu *cpu, uint64_t addr, fwsim__access_kind kind,
                        uint64_t *physical, rights *r)
{
    unsigned level = armv8a_el(armv8a_pstate(cpu));
    unsigned regime = regime_of(level);
    unsigned el = cpu->as_user && kind != FWSIM__FETCH ? 0 : level;
    uint64_t sctlr = armv8a_system_get(cpu, armv8a_banked(regime, 1, 0, 0));
    half h;

    *r = (rights){ true, true, true };
    if (!(sctlr & SCTLR_M)) {
        *physical = addr;
        return addr >> physical_bits(cpu) == 0 || refuse(cpu, FSC_ADDRESS_SIZE);
    }
    if (!find_half(cpu, regime, &addr, &h) || h.disabled)
        return refuse(cpu, FSC_TRANSLATION);
    return walk(cpu, el, addr, &h, kind, sctlr, physical, r);
}

bool armv8a_translate(void *user, uint64_t addr, fwsim__access_kind kind,
                      fwsim__page *page)
{
    fwsim__cpu *cpu = user;
    uint64_t mask = fwsim__engine_page_size(cpu->engine) - 1;
    const fwsim__mem *mem;
    uint64_t physical;
    rights r;

    if (!to_physical(cpu, addr, cpu->maintains ? FWSIM__READ : kind, &physical,
                     &r))
        return false;
    r.execute |= cpu->maintains;
    page->addr = physical & ~mask;
    mem = fwsim__mem_at(cpu->m, physical);
    page->read = r.read;
    page->write = r.write && (!mem || mem->desc->kind == FWSIM_MEM_RAM);
    page->execute = r.execute && mem;
    if (!mem && (kind == FWSIM__FETCH || !fwsim__window_at(cpu->m, physical)))
        return refuse(cpu, FSC_EXTERNAL);
    return kind != FWSIM__WRITE || page->write || refuse(cpu, FSC_EXTERNAL);
}

uint8_t *armv8a_memory(fwsim__cpu *cpu, uint64_t addr, fwsim__access_kind kind,
                       unsigned size)
{
    const fwsim__mem *mem = NULL;
    uint64_t physical;
    rights r;

    if (to_physical(cpu, addr, kind, &physical, &r)) {
        mem = fwsim__mem_at(cpu->m, physical);
        refuse(cpu, FSC_EXTERNAL);
    }
    if (!mem || size > mem->base + mem->size - physical ||
        (kind == FWSIM__WRITE && mem->desc->kind != FWSIM_MEM_RAM))
        return NULL;
    return mem->bytes + (physical - mem->base);
}

const uint8_t *armv8a_code(fwsim__cpu *cpu, uint64_t pc, unsigned size)
{
    unsigned code = cpu->fault_code;
    const uint8_t *bytes = armv8a_memory(cpu, pc, FWSIM__FETCH, size);

    cpu->fault_code = code;
    return bytes;
}

bool armv8a_fetch(fwsim__cpu *cpu, uint64_t pc, uint32_t *insn)
{
    const uint8_t *code = armv8a_code(cpu, pc, sizeof *insn);

    if (code)
        memcpy(insn, code, sizeof *insn);
    return code != NULL;
}

/* ------------------------------------------------------------------ */
/* Devices                                                              */
/* ------------------------------------------------------------------ */

static void access_word(fwsim__cpu *cpu, uint64_t addr, unsigned width,
                        bool write, uint64_t *value)
{
    uint32_t word = (uint32_t)*value;

    if (fwsim__window_at(cpu->m, addr))
        fwsim__bus_access(cpu->m, addr, width, write, &word);
    *value = word;
}

void armv8a_device(void *user, uint64_t addr, unsigned width, bool write,
                   uint64_t *value)
{
    fwsim__cpu *cpu = user;
    uint64_t low = (uint32_t)*value, high = *value >> 32;

    cpu->in_access = true;
    cpu->access_addr = addr;
    /* The bus is 32 bits wide. */
    access_word(cpu, addr, width == 8 ? 4 : width, write, &low);
    if (width == 8)
        access_word(cpu, addr + 4, 4, write, &high);
    cpu->in_access = false;
    if (!write)
        *value = width == 8 ? high << 32 | low : low;
}

static bool distributor(void *user, uint64_t addr, unsigned width, bool write,
                        uint32_t *value)
{
    fwsim__cpu *cpu = user;
    unsigned offset = addr & (GICV2_DISTRIBUTOR_SIZE - 1);

    if (write) {
        gicv2_distributor_write(&cpu->st->gic, offset, width, *value);
        fwsim__attention(cpu->m);
    } else {
        *value = gicv2_distributor_read(&cpu->st->gic, offset, width);
    }
    return true;
}

static bool cpu_interface(void *user, uint64_t addr, unsigned width, bool write,
                          uint32_t *value)
{
    fwsim__cpu *cpu = user;
    unsigned offset = addr & (GICV2_CPU_SIZE - 1);

    (void)width;
    if (write)
        gicv2_cpu_write(&cpu->st->gic, offset, *value);
    else
        *value = gicv2_cpu_read(&cpu->st->gic, offset);
    fwsim__attention(cpu->m);
    return true;
}

static int add_gic(fwsim__cpu *cpu)
{
    const fwsim_soc *soc = cpu->m->soc;
    int err;

    if (!soc->gic_distributor)
        return 0;
    err = fwsim__window_add(cpu->m,
                            &(fwsim__window){ .base = soc->gic_distributor,
                                              .size = GICV2_DISTRIBUTOR_SIZE,
                                              .access = distributor,
                                              .user = cpu });
    if (err)
        return err;
    return fwsim__window_add(cpu->m, &(fwsim__window){ .base = soc->gic_cpu,
                                                       .size = GICV2_CPU_SIZE,
                                                       .access = cpu_interface,
                                                       .user = cpu });
}

/* ------------------------------------------------------------------ */
/* Set-up                                                               */
/* ------------------------------------------------------------------ */

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

int armv8a_map(fwsim__cpu *cpu)
{
    uint64_t first = 0, end = 0;
    int err = add_gic(cpu);

    for (size_t i = 0; i < cpu->m->mem_count && !err; i++) {
        const fwsim__mem *mem = &cpu->m->mems[i];

        err = fwsim__engine_map_memory(cpu->engine, mem->base, mem->size,
                                       mem->bytes);
    }
    while (!err && next_pages(cpu, end, &first, &end))
        err = fwsim__engine_map_device(cpu->engine, first, end - first);
    return err;
}
