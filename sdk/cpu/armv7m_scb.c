/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system control block (B3.2), with the ID registers and those of the MPU,
 * the SAU and the FPU, which have a file each.
 */
#include "cpu/armv7m_regs.h"

enum { VECTKEY = 0x05fa, VECTKEY_READ = 0xfa05 };

#define AIRCR_VECTRESET   (1u << 0) /* Armv7-M */
#define AIRCR_SYSRESETREQ (1u << 2)

/* Armv8-M has made these permanent (DDI 0553B, D1.2.9). */
#define CCR_V8M_ONES (CCR_NONBASETHRDENA | CCR_STKALIGN)

static uint32_t cpuid_read(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return cpu->core->cpuid;
}

static uint32_t features_read(fwsim__cpu *cpu, unsigned index)
{
    return cpu->core->id->features[index];
}

static uint32_t fp_features_read(fwsim__cpu *cpu, unsigned index)
{
    return cpu->core->id->fp[index];
}

/** CCSIDR of the cache that CSSELR.InD selects (B4.8.2). */
static uint32_t cache_read(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return cpu->core->id->caches[cpu->st->csselr & 1];
}

static void actlr_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                        uint32_t lanes)
{
    (void)index;
    cpu->st->actlr =
        armv7m_merge(cpu->st->actlr, value, lanes & cpu->core->actlr);
}

static uint32_t icsr_read(fwsim__cpu *cpu, unsigned index)
{
    const armv7m_state *st = cpu->st;
    uint32_t value = st->exception;
    unsigned pending = armv7m_highest_pending(cpu);
    unsigned active = 0;

    (void)index;
    value |= pending << 12;
    for (unsigned w = 0; w < EXC_WORDS; w++)
        active += (unsigned)__builtin_popcount(st->active[w]);
    if (active <= 1 && !cpu->core->v6m)
        value |= 1u << 11; /* RETTOBASE */
    for (unsigned i = 0; i < ARMV7M_IRQ_WORDS; i++)
        if (armv7m_irq_word(st->pending, i))
            value |= 1u << 22; /* ISRPENDING */
    value |= (uint32_t)armv7m_bit(st->pending, EXC_SYSTICK) << 26;
    value |= (uint32_t)armv7m_bit(st->pending, EXC_PENDSV) << 28;
    value |= (uint32_t)armv7m_bit(st->pending, EXC_NMI) << 31;
    return value;
}

static void icsr_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                       uint32_t lanes)
{
    armv7m_state *st = cpu->st;
    uint32_t bits = value & lanes;

    (void)index;
    if (bits & (1u << 25))
        armv7m_bit_put(st->pending, EXC_SYSTICK, false);
    if (bits & (1u << 27))
        armv7m_bit_put(st->pending, EXC_PENDSV, false);
    if (bits & (1u << 26))
        armv7m_pend(cpu, EXC_SYSTICK);
    if (bits & (1u << 28))
        armv7m_pend(cpu, EXC_PENDSV);
    if (bits & (1u << 31))
        armv7m_pend(cpu, EXC_NMI);
}

static uint32_t aircr_read(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return (uint32_t)VECTKEY_READ << 16 | cpu->st->prigroup << 8;
}

static void aircr_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                        uint32_t lanes)
{
    (void)index;
    (void)lanes;
    if (value >> 16 != VECTKEY)
        return;
    if (!cpu->core->v6m)
        cpu->st->prigroup = (value >> 8) & 7;
    if (value & AIRCR_SYSRESETREQ)
        cpu->m->st->reset_pending = FWSIM_RESET_SYSTEM + 1;
    else if (!cpu->core->v6m && !cpu->core->v8m)
        cpu->st->vectreset = (value & AIRCR_VECTRESET) != 0;
    fwsim__attention(cpu->m);
}

static void ccr_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                      uint32_t lanes)
{
    uint32_t writable = CCR_NONBASETHRDENA | CCR_USERSETMPEND |
                        CCR_UNALIGN_TRP | CCR_DIV_0_TRP | CCR_BFHFNMIGN |
                        CCR_STKALIGN;

    (void)index;
    if (cpu->core->v6m)
        return;
    if (cpu->core->v8m)
        writable &= ~CCR_V8M_ONES;
    if (cpu->core->v8m)
        writable |= CCR_STKOFHFNMIGN;
    if (armv7m_has_caches(cpu->core))
        writable |= CCR_DC | CCR_IC;
    cpu->st->ccr = armv7m_merge(cpu->st->ccr, value, lanes & writable);
    armv7m_update_watch(cpu);
}

static void fpccr_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                        uint32_t lanes)
{
    uint32_t writable = FPCCR_ASPEN | FPCCR_LSPEN | FPCCR_MONRDY | FPCCR_BFRDY |
                        FPCCR_MMRDY | FPCCR_HFRDY | FPCCR_THREAD | FPCCR_USER |
                        FPCCR_LSPACT;

    (void)index;
    if (cpu->core->v8m)
        writable |= FPCCR_LSPENS | FPCCR_UFRDY;
    cpu->st->fpccr = armv7m_merge(cpu->st->fpccr, value, lanes & writable);
    armv7m_update_watch(cpu);
    fwsim__attention(cpu->m);
}

static uint32_t shpr_read(fwsim__cpu *cpu, unsigned index)
{
    return armv7m_priorities(cpu, 4 + 4 * index);
}

static void shpr_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                       uint32_t lanes)
{
    armv7m_priorities_put(cpu, 4 + 4 * index, value, lanes);
}

/** SHCSR: which bit shows or sets what of which exception (B3.2.13). */
static const struct {
    uint8_t bit, exception;
    char what; /* Active, Pending, Enabled */
} shcsr_bits[] = {
    { 0, EXC_MEMMANAGE, 'A' },  { 1, EXC_BUSFAULT, 'A' },
    { 3, EXC_USAGEFAULT, 'A' }, { 7, EXC_SVCALL, 'A' },
    { 8, EXC_DEBUGMON, 'A' },   { 10, EXC_PENDSV, 'A' },
    { 11, EXC_SYSTICK, 'A' },   { 12, EXC_USAGEFAULT, 'P' },
    { 13, EXC_MEMMANAGE, 'P' }, { 14, EXC_BUSFAULT, 'P' },
    { 15, EXC_SVCALL, 'P' },    { 16, EXC_MEMMANAGE, 'E' },
    { 17, EXC_BUSFAULT, 'E' },  { 18, EXC_USAGEFAULT, 'E' },
    /* Armv8-M (DDI 0553B, D1.2.215) */
    { 2, EXC_HARDFAULT, 'A' },  { 4, EXC_SECUREFAULT, 'A' },
    { 5, EXC_NMI, 'A' },        { 19, EXC_SECUREFAULT, 'E' },
    { 20, EXC_SECUREFAULT, 'P' }, { 21, EXC_HARDFAULT, 'P' },
};

enum { SHCSR_V7M = 14 };

static unsigned shcsr_count(const fwsim__cpu *cpu)
{
    return cpu->core->v8m ? sizeof shcsr_bits / sizeof *shcsr_bits : SHCSR_V7M;
}

static uint32_t *shcsr_set(armv7m_state *st, char what)
{
    return what == 'A' ? st->active : what == 'P' ? st->pending : st->enabled;
}

static uint32_t shcsr_read(fwsim__cpu *cpu, unsigned index)
{
    uint32_t value = 0;

    (void)index;
    for (unsigned i = 0; i < shcsr_count(cpu); i++)
        if (armv7m_bit(shcsr_set(cpu->st, shcsr_bits[i].what),
                       shcsr_bits[i].exception))
            value |= 1u << shcsr_bits[i].bit;
    return value;
}

static void shcsr_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                        uint32_t lanes)
{
    (void)index;
    for (unsigned i = 0; i < shcsr_count(cpu); i++) {
        uint32_t bit = 1u << shcsr_bits[i].bit;

        if (!(lanes & bit))
            continue;
        /* NMIACT and HARDFAULTACT are not for writing. */
        if (shcsr_bits[i].what == 'A' &&
            shcsr_bits[i].exception <= EXC_HARDFAULT)
            continue;
        /* Armv6-M has SVCALLPENDED only (DDI 0419E, B3.2.11). */
        if (cpu->core->v6m && shcsr_bits[i].bit != 15)
            continue;
        armv7m_bit_put(shcsr_set(cpu->st, shcsr_bits[i].what),
                       shcsr_bits[i].exception, value & bit);
    }
    fwsim__attention(cpu->m);
}

void armv7m_scb_reset(fwsim__cpu *cpu)
{
    armv7m_state *st = cpu->st;

    for (unsigned n = 1; n < EXC_IRQ0; n++)
        armv7m_bit_put(st->enabled, n,
                       n < EXC_MEMMANAGE || n > EXC_SECUREFAULT);
    st->vtor = (uint32_t)cpu->m->soc->boot_addr;
    /* STKALIGN reads as one on Armv6-M, where UNALIGN_TRP does, too. */
    st->ccr = CCR_STKALIGN | (cpu->core->v6m ? CCR_UNALIGN_TRP : 0);
    if (cpu->core->v8m)
        st->ccr |= CCR_V8M_ONES;
    if (cpu->core->fpu)
        st->fpccr = FPCCR_ASPEN | FPCCR_LSPEN | (cpu->core->v8m ? FPCCR_S : 0);
    if (armv7m_has_caches(cpu->core))
        st->ccr |= CCR_BP;
}

/* clang-format off */
const armv7m_reg armv7m_scb_regs[] = {
    { 0x0e008, 1,   ALL,  .write = actlr_write, FIELD(actlr) },
    { 0x0ed00, 1,   ALL,  cpuid_read },
    { 0x0ed04, 1,   ALL,  icsr_read,            icsr_write },
    { 0x0ed08, 1,   VTOR_ONLY, FIELD(vtor),     .rw = ~0x7fu },
    { 0x0ed0c, 1,   ALL,  aircr_read,           aircr_write },
    { 0x0ed10, 1,   ALL,  FIELD(scr),
        .rw = SCR_SLEEPONEXIT | SCR_SLEEPDEEP | SCR_SEVONPEND },
    { 0x0ed14, 1,   ALL,  .write = ccr_write,   FIELD(ccr) },
    { 0x0ed18, 3,   ALL,  shpr_read,            shpr_write },
    { 0x0ed24, 1,   ALL,  shcsr_read,           shcsr_write },
    { 0x0ed28, 1,   MAIN, FIELD(cfsr),          .w1c = ~0u },
    { 0x0ed2c, 1,   MAIN, FIELD(hfsr),          .w1c = ~0u },
    { 0x0ed34, 1,   MAIN, FIELD(mmfar),         .rw = ~0u },
    { 0x0ed38, 1,   MAIN, FIELD(bfar),          .rw = ~0u },
    { 0x0ed3c, 1,   MAIN },                     /* AFSR */
    { 0x0ed40, 16,  MAIN, features_read },
    { 0x0ed80, 1,   CACHES, cache_read },
    { 0x0ed84, 1,   CACHES, FIELD(csselr),      .rw = 1 },
    { 0x0ed80, 2,   MAIN },
    { 0x0ed88, 1,   FPU,  FIELD(cpacr),         .rw = 0xfu << 20 },
    { 0x0ed90, 1,   ALL,  armv7m_mpu_type },
    { 0x0ed94, 1,   MAIN, .write = armv7m_mpu_set_ctrl, FIELD(mpu.ctrl) },
    { 0x0ed98, 1,   MAIN, .write = armv7m_mpu_set_number, FIELD(mpu.number) },
    { 0x0ed9c, 8,   MAIN, armv7m_mpu_region,    armv7m_mpu_set_region },
    { 0x0edd0, 7,   V8M,  armv7m_sau_read,      armv7m_sau_write },
    { 0x0edc0, 2,   V8M,  FIELD(mpu.memory_attributes), .rw = ~0u },
    { 0x0ef34, 1,   FPU,  .write = fpccr_write, FIELD(fpccr) },
    { 0x0ef38, 1,   FPU,  FIELD(fpcar),         .rw = ~7u },
    { 0x0ef3c, 1,   FPU,  FIELD(fpdscr),        .rw = 0x07c00000 },
    { 0x0ef40, 3,   FPU,  fp_features_read },
    { 0x0ef40, 3,   MAIN },
    { 0x0ef50, 11,  CACHES },                   /* ICIALLU to BPIALL */
    { 0 }
};
/* clang-format on */
