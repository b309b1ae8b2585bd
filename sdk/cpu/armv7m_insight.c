/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What inference asks of the M profile: where the core is in the middle of an
 * access, and what the NVIC would do.
 */
#include "cpu/armv7m.h"

#include <string.h>

#include "cpu/thumb.h"

static uint64_t block(const fwsim__cpu *cpu)
{
    return fwsim__engine_block(cpu->engine);
}

static unsigned exception(const fwsim__cpu *cpu)
{
    return cpu->st->exception;
}

/** IT is 0xbf00 to 0xbfff with a mask that is not zero; otherwise a hint. */
static bool is_it(const uint8_t *code)
{
    return code[1] == 0xbf && (code[0] & 0x0f) != 0;
}

/** A7.3.3, ITAdvance. */
static uint8_t advance(uint8_t it)
{
    return (it & 7) == 0 ? 0 : (uint8_t)((it & 0xe0) | (it << 1 & 0x1f));
}

/**
 * ITSTATE at an instruction of the current block, which the engine does not
 * show inside a block. IT blocks do not begin outside the block: a block that
 * was entered in the middle of one has it in XPSR.
 */
static uint8_t it_state(fwsim__cpu *cpu, uint32_t pc, uint8_t it)
{
    uint32_t at = (uint32_t)block(cpu);

    while (at < pc) {
        fwsim__thumb_insn insn;
        uint8_t code[4];

        if (fwsim_mem_read(cpu->m, at, code, 4))
            return 0;
        fwsim__thumb_decode(code, 4, &insn);
        it = insn.size == 2 && is_it(code) ? code[0] : advance(it);
        at += insn.size;
    }
    return it;
}

static uint32_t with_it(uint32_t xpsr, uint8_t it)
{
    return (xpsr & ~XPSR_IT) | (uint32_t)(it & 0xfc) << 8 |
           (uint32_t)(it & 3) << 25;
}

static uint8_t it_of(uint32_t xpsr)
{
    return (uint8_t)((xpsr >> 8 & 0xfc) | (xpsr >> 25 & 3));
}

static bool view(fwsim__cpu *cpu, fwsim__core_view *out)
{
    static const fwsim__arm_reg names[15] = {
        FWSIM__ARM_R0,      FWSIM__ARM_R0 + 1,  FWSIM__ARM_R0 + 2,
        FWSIM__ARM_R0 + 3,  FWSIM__ARM_R0 + 4,  FWSIM__ARM_R0 + 5,
        FWSIM__ARM_R0 + 6,  FWSIM__ARM_R0 + 7,  FWSIM__ARM_R0 + 8,
        FWSIM__ARM_R0 + 9,  FWSIM__ARM_R0 + 10, FWSIM__ARM_R0 + 11,
        FWSIM__ARM_R0 + 12, FWSIM__ARM_SP,      FWSIM__ARM_LR,
    };
    uint32_t xpsr;

    if (!cpu->access.active)
        return false;
    xpsr = armv7m_get(cpu, FWSIM__ARM_XPSR);
    fwsim__engine_get_many(cpu->engine, names, out->regs, 15);
    out->regs[15] = armv7m_access_pc(cpu);
    out->xpsr = with_it(xpsr, it_state(cpu, out->regs[15], it_of(xpsr)));
    out->masked = (armv7m_get(cpu, FWSIM__ARM_PRIMASK) & 1) ||
                  (!cpu->core->v6m &&
                   (armv7m_get(cpu, FWSIM__ARM_FAULTMASK) & 1));
    out->v6m = cpu->core->v6m;
    out->addr = cpu->access.addr;
    out->width = cpu->access.width;
    return true;
}

/* B3.3: 32 MiB of words, one a bit, at the same place in two regions. */
static bool bit_alias(const fwsim__cpu *cpu, uint64_t addr, uint64_t *byte,
                      unsigned *bit)
{
    uint64_t region = addr & 0xf0000000u, offset = addr - region - 0x2000000u;

    if (!cpu->core->bitband || offset >= 0x2000000u ||
        (region != 0x20000000u && region != 0x40000000u))
        return false;
    *byte = region + offset / 32;
    *bit = offset / 4 % 8;
    return true;
}

static bool peek(fwsim__cpu *cpu, uint64_t addr, unsigned width,
                 uint32_t *value)
{
    armv7m_systick systick = cpu->st->systick;

    if (addr - 0xe0000000u >= ARMV7M_PPB_SIZE)
        return false;
    armv7m_ppb_access(cpu, addr, width, false, value);
    /* A read of SYST_CSR clears COUNTFLAG. */
    cpu->st->systick = systick;
    return true;
}

static int enabled_line(const fwsim__cpu *cpu, unsigned line)
{
    unsigned first = EXC_IRQ0 + line;

    for (unsigned word = first / 32; word < EXC_WORDS; word++) {
        uint32_t bits = cpu->st->enabled[word];
        unsigned n;

        if (word == first / 32)
            bits &= ~0u << first % 32;
        if (!bits)
            continue;
        n = 32 * word + (unsigned)__builtin_ctz(bits);
        return n < cpu->exceptions ? (int)(n - EXC_IRQ0) : -1;
    }
    return -1;
}

static bool takes_line(fwsim__cpu *cpu, unsigned line)
{
    return armv7m_would_take(cpu, EXC_IRQ0 + line);
}

static uint64_t handler(fwsim__cpu *cpu, unsigned line)
{
    uint32_t at = cpu->st->vtor + 4 * (EXC_IRQ0 + line);
    uint32_t word = 0;

    if (!fwsim__mem_at(cpu->m, at) || !armv7m_mem_read(cpu, at, &word))
        return 0;
    return word & ~1u;
}

static void meet_code_again(fwsim__cpu *cpu, uint64_t addr, uint64_t size)
{
    fwsim__engine_forget_blocks(cpu->engine, addr, size);
}

const fwsim__cpu_insight armv7m_insight = {
    .block = block,
    .exception = exception,
    .view = view,
    .bit_alias = bit_alias,
    .peek = peek,
    .enabled_line = enabled_line,
    .takes_line = takes_line,
    .handler = handler,
    .meet_code_again = meet_code_again,
};
