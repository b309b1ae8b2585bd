/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interrupt controller's registers (B3.4): a bit or a byte an interrupt.
 * The exception model is in armv7m_exception.c.
 */
#include "cpu/armv7m_regs.h"

uint32_t armv7m_irq_word(const uint32_t *set, unsigned index)
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
    return armv7m_irq_word(cpu->st->enabled, index);
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
    return armv7m_irq_word(cpu->st->pending, index);
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
    uint32_t high = armv7m_irq_word(cpu->st->level, index) &
                    ~armv7m_irq_word(cpu->st->active, index);

    irq_word_put(cpu, cpu->st->pending, index, value & lanes & ~high, false);
    fwsim__attention(cpu->m);
}

static uint32_t active_read(fwsim__cpu *cpu, unsigned index)
{
    return armv7m_irq_word(cpu->st->active, index);
}

/** NVIC_ITNS: an interrupt of Non-secure state is refused when it is taken. */
static uint32_t target_read(fwsim__cpu *cpu, unsigned index)
{
    return armv7m_irq_word(cpu->st->targets_ns, index);
}

static void target_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                         uint32_t lanes)
{
    irq_word_put(cpu, cpu->st->targets_ns, index, lanes & ~value, false);
    irq_word_put(cpu, cpu->st->targets_ns, index, lanes & value, true);
    fwsim__attention(cpu->m);
}

uint32_t armv7m_priorities(const fwsim__cpu *cpu, unsigned first)
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

void armv7m_priorities_put(fwsim__cpu *cpu, unsigned first, uint32_t value,
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
    return armv7m_priorities(cpu, EXC_IRQ0 + 4 * index);
}

static void irq_prio_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes)
{
    armv7m_priorities_put(cpu, EXC_IRQ0 + 4 * index, value, lanes);
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

/* clang-format off */
const armv7m_reg armv7m_nvic_regs[] = {
    { 0x0e004, 1,   MAIN, ictr_read },
    { 0x0e100, 15,  ALL,  enable_read,          enable_set },
    { 0x0e180, 15,  ALL,  enable_read,          enable_clear },
    { 0x0e200, 15,  ALL,  pending_read,         pending_set },
    { 0x0e280, 15,  ALL,  pending_read,         pending_clear },
    { 0x0e300, 15,  MAIN, active_read },
    { 0x0e380, 15,  V8M,  target_read,          target_write },
    { 0x0e400, 124, ALL,  irq_prio_read,        irq_prio_write },
    { 0x0ef00, 1,   MAIN, .write = stir_write },
    { 0 }
};
/* clang-format on */
