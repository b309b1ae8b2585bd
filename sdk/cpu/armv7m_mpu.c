/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory protection unit: PMSAv7 (B3.5) and, on Armv8-M, PMSAv8 (DDI 0553B,
 * B11.2 and D1.2.181 ff.).
 *
 * The engine asks for rights a page at a time and remembers the answer. A page
 * whose bytes do not all have the same rights is refused, and armv7m_single.c
 * looks at each instruction that touches it.
 */
#include "cpu/armv7m.h"

#define CTRL_ENABLE     (1u << 0)
#define CTRL_HFNMIENA   (1u << 1)
#define CTRL_PRIVDEFENA (1u << 2)

#define RBAR_VALID  (1u << 4)
#define RASR_ENABLE (1u << 0)
#define RASR_XN     (1u << 28)
#define RLAR_ENABLE (1u << 0)
#define RBAR8_XN    (1u << 0)

#define SYSTEM_FIRST 0xe0000000u

enum {
    PPB_FIRST = 0xe00,
    SUBREGIONS = 8,
    SUBREGION_MIN = 256, /* smallest region that has them */
    REGION_MIN = 32
};

/** A region, decoded: addresses are inclusive. */
typedef struct region {
    uint64_t first, last;
    uint32_t disabled; /* subregions */
    unsigned ap;       /* as PMSAv7 encodes it */
    bool never_executed;
} region;

/* ------------------------------------------------------------------ */
/* Regions                                                              */
/* ------------------------------------------------------------------ */

/** @return false when the region is off */
static bool decode_v7(uint32_t rbar, uint32_t rasr, region *r)
{
    unsigned size = ((rasr >> 1) & 31) + 1;

    if (!(rasr & RASR_ENABLE) || size < 5)
        return false;
    r->first = rbar & ~31u & ~((1ull << size) - 1);
    r->last = r->first + (1ull << size) - 1;
    r->disabled = 1ull << size >= SUBREGION_MIN ? (rasr >> 8) & 0xff : 0;
    r->ap = (rasr >> 24) & 7;
    r->never_executed = rasr & RASR_XN;
    return true;
}

static bool decode_v8(uint32_t rbar, uint32_t rlar, region *r)
{
    /* AP[2:1]: read-write or read-only, privileged or any (D1.2.187). */
    static const uint8_t ap[] = { 1, 3, 5, 6 };

    if (!(rlar & RLAR_ENABLE))
        return false;
    r->first = rbar & ~31u;
    r->last = rlar | 31u;
    r->disabled = 0;
    r->ap = ap[(rbar >> 1) & 3];
    r->never_executed = rbar & RBAR8_XN;
    return r->first <= r->last;
}

static bool region_at(const fwsim__cpu *cpu, unsigned n, region *r)
{
    const armv7m_mpu *mpu = &cpu->st->mpu;

    return cpu->core->v8m ? decode_v8(mpu->base[n], mpu->attributes[n], r)
                          : decode_v7(mpu->base[n], mpu->attributes[n], r);
}

static bool covers(const region *r, uint32_t addr)
{
    uint64_t part = (r->last - r->first + 1) / SUBREGIONS;

    if (addr < r->first || addr > r->last)
        return false;
    return !r->disabled || !(r->disabled >> ((addr - r->first) / part) & 1);
}

/** The region that decides about an address: the one with the highest number.
 * @return false when there is none, or, on Armv8-M, more than one */
static bool deciding(const fwsim__cpu *cpu, uint32_t addr, region *found,
                     unsigned *hits)
{
    *hits = 0;
    for (unsigned n = 0; n < cpu->core->mpu_regions; n++) {
        region r;

        if (region_at(cpu, n, &r) && covers(&r, addr)) {
            *found = r;
            ++*hits;
        }
    }
    return *hits == 1 || (*hits > 1 && !cpu->core->v8m);
}

int armv7m_mpu_region_at(fwsim__cpu *cpu, uint32_t addr)
{
    int found = -1;

    for (unsigned n = 0; n < cpu->core->mpu_regions; n++) {
        region r;

        if (!armv7m_mpu_on(cpu) || !region_at(cpu, n, &r) || !covers(&r, addr))
            continue;
        if (found >= 0)
            return -1;
        found = (int)n;
    }
    return found;
}

/** B3.5.4, table of access permissions. */
static bool permits(const region *r, fwsim__access_kind kind, bool privileged)
{
    bool reads = privileged ? r->ap != 0 && r->ap != 4
                            : r->ap == 2 || r->ap == 3 || r->ap >= 6;
    bool writes = privileged ? r->ap >= 1 && r->ap <= 3 : r->ap == 3;

    if (kind == FWSIM__WRITE)
        return writes;
    return reads && (kind == FWSIM__READ || !r->never_executed);
}

bool armv7m_mpu_on(fwsim__cpu *cpu)
{
    uint32_t ctrl = cpu->st->mpu.ctrl;

    return (ctrl & CTRL_ENABLE) &&
           ((ctrl & CTRL_HFNMIENA) || armv7m_execution_priority(cpu) >= 0);
}

/** B3.1: instructions are never fetched from device space or the system. */
static bool execute_never(uint32_t addr)
{
    return (addr >= 0x40000000u && addr < 0x60000000u) || addr >= 0xa0000000u;
}

/** The default memory map: what holds without a region. */
static bool background(uint32_t addr, fwsim__access_kind kind)
{
    return kind != FWSIM__FETCH || !execute_never(addr);
}

static bool allows(const fwsim__cpu *cpu, bool on, uint32_t addr,
                   fwsim__access_kind kind, bool privileged)
{
    region r;
    unsigned hits;

    if (kind == FWSIM__FETCH && addr >= SYSTEM_FIRST)
        return false;
    if (!on || addr >> 20 == PPB_FIRST)
        return background(addr, kind);
    if (deciding(cpu, addr, &r, &hits))
        return permits(&r, kind, privileged);
    return hits == 0 && privileged && (cpu->st->mpu.ctrl & CTRL_PRIVDEFENA) &&
           background(addr, kind);
}

bool armv7m_mpu_allows(fwsim__cpu *cpu, uint32_t addr, fwsim__access_kind kind,
                       bool privileged)
{
    return allows(cpu, armv7m_mpu_on(cpu), addr, kind, privileged);
}

/** Does a region, or one of its parts, begin or end inside these bytes? */
static bool splits(const region *r, uint64_t first, uint64_t last)
{
    uint64_t part = (r->last - r->first + 1) / SUBREGIONS;

    if (r->last < first || r->first > last)
        return false;
    return r->first > first || r->last < last ||
           (r->disabled && part < last - first + 1);
}

static bool is_split(const fwsim__cpu *cpu, uint32_t page, uint32_t size)
{
    for (unsigned n = 0; n < cpu->core->mpu_regions; n++) {
        region r;

        if (region_at(cpu, n, &r) && splits(&r, page, (uint64_t)page + size - 1))
            return true;
    }
    return false;
}

armv7m_share armv7m_mpu_share(fwsim__cpu *cpu, uint32_t page, uint32_t size,
                              fwsim__access_kind kind, bool privileged)
{
    bool on = armv7m_mpu_on(cpu);
    bool first = allows(cpu, on, page, kind, privileged);

    if (on && is_split(cpu, page, size))
        for (uint32_t at = REGION_MIN; at < size; at += REGION_MIN)
            if (allows(cpu, on, page + at, kind, privileged) != first)
                return ARMV7M_PART;
    return first ? ARMV7M_WHOLE : ARMV7M_NOTHING;
}

/* ------------------------------------------------------------------ */
/* Registers (B3.5.5 - B3.5.11)                                         */
/* ------------------------------------------------------------------ */

/** RBAR, RASR and their aliases: pairs from MPU_RBAR on. On Armv8-M the
 * aliases of RNR with the low bits replaced (D1.2.188). */
static unsigned region_of(const fwsim__cpu *cpu, unsigned index)
{
    unsigned number = cpu->st->mpu.number;

    if (cpu->core->v8m && index >= 2)
        return (number & ~3u) + index / 2;
    return number;
}

uint32_t armv7m_mpu_type(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return (uint32_t)cpu->core->mpu_regions << 8;
}

void armv7m_mpu_set_ctrl(fwsim__cpu *cpu, unsigned index, uint32_t value,
                         uint32_t lanes)
{
    armv7m_mpu *mpu = &cpu->st->mpu;

    (void)index;
    mpu->ctrl = ((mpu->ctrl & ~lanes) | (value & lanes)) &
                (CTRL_ENABLE | CTRL_HFNMIENA | CTRL_PRIVDEFENA);
    cpu->protects |= mpu->ctrl & CTRL_ENABLE;
    armv7m_protection_changed(cpu);
}

void armv7m_mpu_set_number(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes)
{
    (void)index;
    if ((value & lanes & 0xff) < cpu->core->mpu_regions)
        cpu->st->mpu.number = value & lanes & 0xff;
}

uint32_t armv7m_mpu_region(fwsim__cpu *cpu, unsigned index)
{
    const armv7m_mpu *mpu = &cpu->st->mpu;
    unsigned n = region_of(cpu, index);

    if (n >= cpu->core->mpu_regions)
        return 0;
    if (index & 1)
        return mpu->attributes[n];
    return cpu->core->v8m ? mpu->base[n] : (mpu->base[n] & ~0x1fu) | n;
}

void armv7m_mpu_set_region(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes)
{
    armv7m_mpu *mpu = &cpu->st->mpu;
    unsigned n = region_of(cpu, index);
    uint32_t *word;

    if (!(index & 1) && !cpu->core->v8m && (value & lanes & RBAR_VALID)) {
        n = value & 0xf;
        if (n >= cpu->core->mpu_regions)
            return;
        mpu->number = n;
    }
    if (n >= cpu->core->mpu_regions)
        return;
    word = index & 1 ? &mpu->attributes[n] : &mpu->base[n];
    *word = (*word & ~lanes) | (value & lanes);
    if (!(index & 1) && !cpu->core->v8m)
        *word &= ~0x1fu;
    armv7m_protection_changed(cpu);
}
