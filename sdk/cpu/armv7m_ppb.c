/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The private peripheral bus of the M profile (B3.1): accesses find the rows of
 * the units that are on it, as in a peripheral; the values live in the core's
 * state.
 */
#include "cpu/armv7m_regs.h"

static bool core_has(const armv7m_core *core, uint8_t cores)
{
    return cores == ALL || (cores == MAIN && !core->v6m) ||
           (cores == VTOR_ONLY && core->vtor) || (cores == FPU && core->fpu) ||
           (cores == V8M && core->v8m) ||
           (cores == CACHES && armv7m_has_caches(core));
}

/** Where several rows have a register, the first that the core has counts. */
static const armv7m_reg *find_in(const fwsim__cpu *cpu, const armv7m_reg *table,
                                 uint32_t offset, unsigned *index)
{
    for (const armv7m_reg *r = table; r->words; r++)
        if (offset >= r->offset && offset < r->offset + 4u * r->words &&
            core_has(cpu->core, r->cores)) {
            *index = (offset - r->offset) / 4;
            return r;
        }
    return NULL;
}

static const armv7m_reg *find_reg(const fwsim__cpu *cpu, uint32_t offset,
                                  unsigned *index)
{
    static const armv7m_reg *const tables[] = {
        armv7m_nvic_regs, armv7m_systick_regs, armv7m_scb_regs,
        armv7m_debug_regs
    };
    const armv7m_reg *r = NULL;

    for (size_t i = 0; !r && i < sizeof tables / sizeof *tables; i++)
        r = find_in(cpu, tables[i], offset, index);
    return r;
}

static uint32_t *field_of(fwsim__cpu *cpu, const armv7m_reg *r, unsigned index)
{
    return (uint32_t *)((uint8_t *)cpu->st + r->field) + index;
}

static uint32_t read_reg(fwsim__cpu *cpu, const armv7m_reg *r, unsigned index)
{
    if (r->read)
        return r->read(cpu, index);
    return r->field ? *field_of(cpu, r, index) : 0;
}

static void write_reg(fwsim__cpu *cpu, const armv7m_reg *r, unsigned index,
                      uint32_t value, uint32_t lanes)
{
    uint32_t *word;

    if (r->write) {
        r->write(cpu, index, value, lanes);
    } else if (r->field) {
        word = field_of(cpu, r, index);
        *word = armv7m_merge(*word, value, lanes & r->rw);
        *word &= ~(value & lanes & r->w1c);
        armv7m_update_watch(cpu);
    }
}

/** A register of the PPB that is left out: RAZ/WI, said once. */
static void report_gap(fwsim__cpu *cpu, uint32_t offset, bool write)
{
    uint32_t *seen = &cpu->ppb_seen[offset / 4 / 32];
    uint32_t bit = 1u << (offset / 4 % 32);

    if (*seen & bit)
        return;
    *seen |= bit;
    fwsim__log(cpu->m, FWSIM_LOG_INFO, FWSIM_TOPIC_UNIMPL, "ppb",
               "%s of system register 0x%08x, which is not modelled (reads 0)",
               write ? "write" : "read", 0xe0000000u + offset);
}

bool armv7m_ppb_access(void *user, uint64_t addr, unsigned width, bool write,
                       uint32_t *value)
{
    fwsim__cpu *cpu = user;
    uint32_t offset = (uint32_t)addr & 0xfffff;
    unsigned index = 0;
    unsigned shift = 8 * (offset & 3);
    uint32_t lanes = (width == 4 ? ~0u : (1u << (8 * width)) - 1) << shift;
    const armv7m_reg *r = find_reg(cpu, offset & ~3u, &index);

    if (!r) {
        report_gap(cpu, offset & ~3u, write);
        if (!write)
            *value = 0;
    } else if (write) {
        write_reg(cpu, r, index, *value << shift, lanes);
    } else {
        *value = (read_reg(cpu, r, index) & lanes) >> shift;
    }
    return true;
}
