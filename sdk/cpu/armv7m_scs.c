/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The private peripheral bus of the M profile: NVIC, SysTick and system
 * control block (B3.2 - B3.4). Rows of a table, as in a peripheral; the values
 * live in the core's state.
 */
#include "cpu/armv7m_regs.h"

enum {
    SCS_BASE = 0xe000e000 & 0xfffff,
    EVENT_SYSTICK = 0,
    VECTKEY = 0x05fa,
    VECTKEY_READ = 0xfa05,
    IRQ_WORDS = 16
};

#define SYSTICK_ENABLE    (1u << 0)
#define SYSTICK_TICKINT   (1u << 1)
#define SYSTICK_CLKSOURCE (1u << 2)
#define SYSTICK_COUNTFLAG (1u << 16)
#define SYSTICK_MAX       0xffffffu

/* Armv8-M has made these permanent (DDI 0553B, D1.2.9). */
#define CCR_V8M_ONES (CCR_NONBASETHRDENA | CCR_STKALIGN)

/* ------------------------------------------------------------------ */
/* SysTick (B3.3)                                                       */
/* ------------------------------------------------------------------ */

/** Core ticks a step of the counter: 1, or those of the reference clock. */
static uint64_t systick_scale(const fwsim__cpu *cpu)
{
    const fwsim_soc *soc = cpu->m->soc;

    if ((cpu->st->systick.ctrl & SYSTICK_CLKSOURCE) || !soc->systick_hz)
        return 1;
    return soc->clock_hz / soc->systick_hz ? soc->clock_hz / soc->systick_hz
                                           : 1;
}

static uint32_t systick_value(const fwsim__cpu *cpu)
{
    const armv7m_systick *s = &cpu->st->systick;
    uint64_t steps;

    if (!(s->ctrl & SYSTICK_ENABLE))
        return s->start_value;
    steps = (cpu->m->now - s->start) / systick_scale(cpu);
    if (steps <= s->start_value)
        return s->start_value - (uint32_t)steps;
    if (!s->reload)
        return 0;
    steps = (steps - s->start_value - 1) % ((uint64_t)s->reload + 1);
    return s->reload - (uint32_t)steps;
}

/** Set the event for the next time the counter counts down to zero. */
static void systick_schedule(fwsim__cpu *cpu)
{
    armv7m_systick *s = &cpu->st->systick;
    uint64_t steps = s->start_value;

    fwsim__event_cancel(cpu->m, FWSIM__OWNER_CPU, EVENT_SYSTICK);
    if (!(s->ctrl & SYSTICK_ENABLE) || (!s->reload && !steps))
        return;
    if (!steps)
        steps = (uint64_t)s->reload + 1;
    fwsim__event_set(cpu->m, FWSIM__OWNER_CPU, EVENT_SYSTICK,
                     s->start + steps * systick_scale(cpu));
}

/** Go on from the current value, after something that decides about it. */
static void systick_rebase(fwsim__cpu *cpu, uint32_t value)
{
    cpu->st->systick.start_value = value;
    cpu->st->systick.start = cpu->m->now;
}

void armv7m_systick_event(fwsim__cpu *cpu)
{
    armv7m_systick *s = &cpu->st->systick;

    s->start += s->start_value ? (uint64_t)s->start_value * systick_scale(cpu)
                               : ((uint64_t)s->reload + 1) * systick_scale(cpu);
    s->start_value = 0;
    s->ctrl |= SYSTICK_COUNTFLAG;
    if (s->ctrl & SYSTICK_TICKINT)
        armv7m_pend(cpu, EXC_SYSTICK);
    systick_schedule(cpu);
}

static uint32_t systick_ctrl_read(fwsim__cpu *cpu, unsigned index)
{
    uint32_t value = cpu->st->systick.ctrl;

    (void)index;
    cpu->st->systick.ctrl &= ~SYSTICK_COUNTFLAG;
    return value;
}

static void systick_ctrl_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                               uint32_t lanes)
{
    armv7m_systick *s = &cpu->st->systick;
    uint32_t writable = SYSTICK_ENABLE | SYSTICK_TICKINT | SYSTICK_CLKSOURCE;

    (void)index;
    systick_rebase(cpu, systick_value(cpu));
    s->ctrl = armv7m_merge(s->ctrl, value, lanes & writable);
    if (!cpu->m->soc->systick_hz)
        s->ctrl |= SYSTICK_CLKSOURCE;
    systick_schedule(cpu);
}

static void systick_reload_write(fwsim__cpu *cpu, unsigned index,
                                 uint32_t value, uint32_t lanes)
{
    (void)index;
    systick_rebase(cpu, systick_value(cpu));
    cpu->st->systick.reload =
        armv7m_merge(cpu->st->systick.reload, value, lanes) & SYSTICK_MAX;
    systick_schedule(cpu);
}

static uint32_t systick_value_read(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return systick_value(cpu);
}

/** Any write clears the counter and COUNTFLAG, and pends nothing. */
static void systick_value_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                                uint32_t lanes)
{
    (void)index;
    (void)value;
    (void)lanes;
    systick_rebase(cpu, 0);
    cpu->st->systick.ctrl &= ~SYSTICK_COUNTFLAG;
    systick_schedule(cpu);
}

/** NOREF when there is no reference clock; TENMS of the one there is. */
static uint32_t systick_calib_read(fwsim__cpu *cpu, unsigned index)
{
    uint32_t hz = cpu->m->soc->systick_hz;

    (void)index;
    return hz ? (hz / 100 - 1) & SYSTICK_MAX : 1u << 31;
}

/* ------------------------------------------------------------------ */
/* NVIC (B3.4)                                                          */
/* ------------------------------------------------------------------ */

/** Sets are indexed by exception number; interrupt 0 is exception 16. */
static uint32_t irq_word(const uint32_t *set, unsigned index)
{
    uint32_t high = index + 1 < EXC_WORDS ? set[index + 1] << 16 : 0;

    return set[index] >> 16 | high;
}

static void irq_word_put(fwsim__cpu *cpu, uint32_t *set, unsigned index,
                         uint32_t bits, bool value)
{
    for (; bits; bits &= bits - 1) {
        unsigned n = EXC_IRQ0 + index * 32 + (unsigned)__builtin_ctz(bits);

        if (n < cpu->exceptions)
            armv7m_bit_put(set, n, value);
    }
}

static uint32_t enable_read(fwsim__cpu *cpu, unsigned index)
{
    return irq_word(cpu->st->enabled, index);
}

static void enable_set(fwsim__cpu *cpu, unsigned index, uint32_t value,
                       uint32_t lanes)
{
    irq_word_put(cpu, cpu->st->enabled, index, value & lanes, true);
    fwsim__attention(cpu->m);
}

static void enable_clear(fwsim__cpu *cpu, unsigned index, uint32_t value,
                         uint32_t lanes)
{
    irq_word_put(cpu, cpu->st->enabled, index, value & lanes, false);
    fwsim__attention(cpu->m);
}

static uint32_t pending_read(fwsim__cpu *cpu, unsigned index)
{
    return irq_word(cpu->st->pending, index);
}

static void pending_set(fwsim__cpu *cpu, unsigned index, uint32_t value,
                        uint32_t lanes)
{
    uint32_t bits = value & lanes;

    for (; bits; bits &= bits - 1) {
        unsigned n = EXC_IRQ0 + index * 32 + (unsigned)__builtin_ctz(bits);

        if (n < cpu->exceptions)
            armv7m_pend(cpu, n);
    }
}

/** Clearing has no effect on an interrupt whose line is high. */
static void pending_clear(fwsim__cpu *cpu, unsigned index, uint32_t value,
                          uint32_t lanes)
{
    uint32_t high = irq_word(cpu->st->level, index) &
                    ~irq_word(cpu->st->active, index);

    irq_word_put(cpu, cpu->st->pending, index, value & lanes & ~high, false);
    fwsim__attention(cpu->m);
}

static uint32_t active_read(fwsim__cpu *cpu, unsigned index)
{
    return irq_word(cpu->st->active, index);
}

/** NVIC_ITNS: an interrupt of Non-secure state is refused when it is taken. */
static uint32_t target_read(fwsim__cpu *cpu, unsigned index)
{
    return irq_word(cpu->st->targets_ns, index);
}

static void target_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                         uint32_t lanes)
{
    irq_word_put(cpu, cpu->st->targets_ns, index, lanes & ~value, false);
    irq_word_put(cpu, cpu->st->targets_ns, index, lanes & value, true);
    fwsim__attention(cpu->m);
}

static uint32_t priorities(const fwsim__cpu *cpu, unsigned first)
{
    uint32_t word = 0;

    for (unsigned i = 0; i < 4 && first + i < EXC_MAX; i++)
        word |= (uint32_t)cpu->st->prio[first + i] << (8 * i);
    return word;
}

/** Exceptions that are there and whose priority is not fixed (B3.2.10). */
static bool has_priority(const fwsim__cpu *cpu, unsigned exception)
{
    uint32_t system = 1u << EXC_SVCALL | 1u << EXC_PENDSV | 1u << EXC_SYSTICK;

    if (!cpu->core->v6m)
        system |= 1u << EXC_MEMMANAGE | 1u << EXC_BUSFAULT |
                  1u << EXC_USAGEFAULT | 1u << EXC_DEBUGMON;
    if (cpu->core->v8m)
        system |= 1u << EXC_SECUREFAULT;
    return exception < EXC_IRQ0 ? system >> exception & 1
                                : exception < cpu->exceptions;
}

static void priorities_put(fwsim__cpu *cpu, unsigned first, uint32_t value,
                           uint32_t lanes)
{
    for (unsigned i = 0; i < 4; i++)
        if (((lanes >> (8 * i)) & 0xff) && has_priority(cpu, first + i))
            cpu->st->prio[first + i] =
                (uint8_t)(value >> (8 * i)) & cpu->prio_mask;
    fwsim__attention(cpu->m);
}

static uint32_t irq_prio_read(fwsim__cpu *cpu, unsigned index)
{
    return priorities(cpu, EXC_IRQ0 + 4 * index);
}

static void irq_prio_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes)
{
    priorities_put(cpu, EXC_IRQ0 + 4 * index, value, lanes);
}

static uint32_t ictr_read(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return (cpu->exceptions - EXC_IRQ0 + 31) / 32 - 1;
}

static void stir_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                       uint32_t lanes)
{
    unsigned n = EXC_IRQ0 + (value & 0x1ff);

    (void)index;
    (void)lanes;
    if (n < cpu->exceptions)
        armv7m_pend(cpu, n);
}

/* ------------------------------------------------------------------ */
/* System control block (B3.2)                                          */
/* ------------------------------------------------------------------ */

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

static bool has_caches(const armv7m_core *core)
{
    return core->id && core->id->caches[0];
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
    for (unsigned i = 0; i < IRQ_WORDS - 1; i++)
        if (irq_word(st->pending, i))
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
    if (value & (1u << 2)) {
        cpu->m->st->reset_pending = FWSIM_RESET_SYSTEM + 1;
    } else if (value & (1u << 0)) {
        /* VECTRESET: only the core on silicon; the difference is documented. */
        cpu->m->st->reset_pending = FWSIM_RESET_SYSTEM + 1;
    }
    fwsim__attention(cpu->m);
}

static void ccr_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                      uint32_t lanes)
{
    uint32_t writable = CCR_NONBASETHRDENA | CCR_USERSETMPEND | CCR_UNALIGN_TRP |
                        CCR_DIV_0_TRP | CCR_BFHFNMIGN | CCR_STKALIGN;

    (void)index;
    if (cpu->core->v6m)
        return;
    if (cpu->core->v8m)
        writable &= ~CCR_V8M_ONES;
    if (has_caches(cpu->core))
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
    return priorities(cpu, 4 + 4 * index);
}

static void shpr_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                       uint32_t lanes)
{
    priorities_put(cpu, 4 + 4 * index, value, lanes);
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
        /* Only those of the other security state can be written. */
        if (shcsr_bits[i].what == 'A' && shcsr_bits[i].exception <= EXC_HARDFAULT)
            continue;
        armv7m_bit_put(shcsr_set(cpu->st, shcsr_bits[i].what),
                       shcsr_bits[i].exception, value & bit);
    }
    fwsim__attention(cpu->m);
}

/* clang-format off */
static const armv7m_reg scs_regs[] = {
    { 0x004, 1,   MAIN, ictr_read },
    { 0x008, 1,   ALL,  .write = actlr_write, FIELD(actlr) },
    { 0x010, 1,   ALL,  systick_ctrl_read,    systick_ctrl_write },
    { 0x014, 1,   ALL,  .write = systick_reload_write,
                        FIELD(systick.reload) },
    { 0x018, 1,   ALL,  systick_value_read,   systick_value_write },
    { 0x01c, 1,   ALL,  systick_calib_read },
    { 0x100, 15,  ALL,  enable_read,          enable_set },
    { 0x180, 15,  ALL,  enable_read,          enable_clear },
    { 0x200, 15,  ALL,  pending_read,         pending_set },
    { 0x280, 15,  ALL,  pending_read,         pending_clear },
    { 0x300, 15,  MAIN, active_read },
    { 0x380, 15,  V8M,  target_read,          target_write },
    { 0x400, 124, ALL,  irq_prio_read,        irq_prio_write },
    { 0xd00, 1,   ALL,  cpuid_read },
    { 0xd04, 1,   ALL,  icsr_read,            icsr_write },
    { 0xd08, 1,   VTOR_ONLY, FIELD(vtor),     .rw = ~0x7fu },
    { 0xd0c, 1,   ALL,  aircr_read,           aircr_write },
    { 0xd10, 1,   ALL,  FIELD(scr),
      .rw = SCR_SLEEPONEXIT | SCR_SLEEPDEEP | SCR_SEVONPEND },
    { 0xd14, 1,   ALL,  .write = ccr_write,   FIELD(ccr) },
    { 0xd18, 3,   ALL,  shpr_read,            shpr_write },
    { 0xd24, 1,   ALL,  shcsr_read,           shcsr_write },
    { 0xd28, 1,   MAIN, FIELD(cfsr),          .w1c = ~0u },
    { 0xd2c, 1,   MAIN, FIELD(hfsr),          .w1c = ~0u },
    { 0xd34, 1,   MAIN, FIELD(mmfar),         .rw = ~0u },
    { 0xd38, 1,   MAIN, FIELD(bfar),          .rw = ~0u },
    { 0xd3c, 1,   MAIN },                     /* AFSR */
    { 0xd40, 16,  MAIN, features_read },
    { 0xd80, 1,   CACHES, cache_read },
    { 0xd84, 1,   CACHES, FIELD(csselr),      .rw = 1 },
    { 0xd80, 2,   MAIN },
    { 0xd88, 1,   FPU,  FIELD(cpacr),         .rw = 0xfu << 20 },
    { 0xd90, 1,   ALL,  armv7m_mpu_type },
    { 0xd94, 1,   MAIN, .write = armv7m_mpu_set_ctrl, FIELD(mpu.ctrl) },
    { 0xd98, 1,   MAIN, .write = armv7m_mpu_set_number, FIELD(mpu.number) },
    { 0xd9c, 8,   MAIN, armv7m_mpu_region,    armv7m_mpu_set_region },
    { 0xdd0, 7,   V8M,  armv7m_sau_read,      armv7m_sau_write },
    { 0xdc0, 2,   V8M,  FIELD(mpu.memory_attributes), .rw = ~0u },
    { 0xf00, 1,   MAIN, .write = stir_write },
    { 0xf34, 1,   FPU,  .write = fpccr_write, FIELD(fpccr) },
    { 0xf38, 1,   FPU,  FIELD(fpcar),         .rw = ~7u },
    { 0xf3c, 1,   FPU,  FIELD(fpdscr),        .rw = 0x07c00000 },
    { 0xf40, 3,   FPU,  fp_features_read },
    { 0xf40, 3,   MAIN },
    { 0xf50, 11,  CACHES },                   /* ICIALLU to BPIALL */
    { 0 }
};
/* clang-format on */

static bool core_has(const armv7m_core *core, uint8_t cores)
{
    return cores == ALL || (cores == MAIN && !core->v6m) ||
           (cores == VTOR_ONLY && core->vtor) || (cores == FPU && core->fpu) ||
           (cores == V8M && core->v8m) ||
           (cores == CACHES && has_caches(core));
}

static const armv7m_reg *find_reg(const fwsim__cpu *cpu,
                                  const armv7m_reg *table, uint32_t offset,
                                  unsigned *index)
{
    for (const armv7m_reg *r = table; r->words; r++)
        if (offset >= r->offset && offset < r->offset + 4u * r->words &&
            core_has(cpu->core, r->cores)) {
            *index = (offset - r->offset) / 4;
            return r;
        }
    return NULL;
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
        *word = armv7m_merge(*word, value, lanes & r->rw) & ~(value & lanes & r->w1c);
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
    const armv7m_reg *r =
        find_reg(cpu, armv7m_debug_regs, offset & ~3u, &index);

    if (!r && offset >= SCS_BASE && offset < SCS_BASE + 0x1000)
        r = find_reg(cpu, scs_regs, (offset & ~3u) - SCS_BASE, &index);
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

void armv7m_scs_reset(fwsim__cpu *cpu)
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
    if (has_caches(cpu->core))
        st->ccr |= CCR_BP;
    if (!cpu->m->soc->systick_hz)
        st->systick.ctrl = SYSTICK_CLKSOURCE;
}
