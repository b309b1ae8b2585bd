/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instructions that are held: traps, alignment of addresses and of the stack
 * pointer, unprivileged accesses, and an exclusive store whose load happened
 * before a snapshot was restored.
 */
#include "cpu/armv8a.h"

#include <string.h>

#include "cpu/a64.h"

#define EXTRA_WFE 1u

static bool is_wait(uint32_t insn)
{
    return (insn & 0xffffffdfu) == 0xd503205fu;
}

/* ------------------------------------------------------------------ */
/* Alignment                                                            */
/* ------------------------------------------------------------------ */

/** D1.8.2: an access with a misaligned stack pointer as its base. */
static bool stack_misaligned(fwsim__cpu *cpu, uint32_t insn)
{
    unsigned el = armv8a_el(armv8a_pstate(cpu));
    uint64_t sp = fwsim__engine_get64(cpu->engine, FWSIM__A64_SP);

    if (!fwsim__a64_is_on_stack(insn) || sp % 16 == 0 ||
        !(armv8a_sctlr(cpu) & (el ? SCTLR_SA : SCTLR_SA0)))
        return false;
    armv8a_synchronous(cpu, EC_SP_ALIGNMENT, 0, armv8a_pc(cpu));
    return true;
}

/** SCTLR.A (B2.5.2). The engine checks exclusive accesses by itself. */
static bool address_misaligned(fwsim__cpu *cpu, uint32_t insn)
{
    uint64_t x[32], addr;

    if (!(armv8a_sctlr(cpu) & SCTLR_A) || !fwsim__a64_is_access(insn) ||
        fwsim__a64_is_exclusive(insn))
        return false;
    armv8a_get_x(cpu, x);
    if (!fwsim__a64_address(insn, armv8a_pc(cpu), x, &addr) ||
        addr % fwsim__a64_alignment(insn) == 0)
        return false;
    armv8a_misaligned(cpu, addr, fwsim__a64_is_store(insn));
    return true;
}

/* ------------------------------------------------------------------ */
/* Exclusive stores                                                     */
/* ------------------------------------------------------------------ */

unsigned armv8a_exclusive_size(uint32_t insn)
{
    return (1u << (insn >> 30)) << (insn >> 21 & 1);
}

/** The bytes that STXR or STXP stores. */
static void stored_bytes(fwsim__cpu *cpu, uint32_t insn, uint8_t bytes[16])
{
    unsigned registers = 1 + (insn >> 21 & 1), each = 1u << (insn >> 30);
    const unsigned rt[] = { insn & 31, insn >> 10 & 31 };
    uint64_t x[32];

    armv8a_get_x(cpu, x);
    x[31] = 0;
    for (unsigned n = 0; n < registers; n++)
        for (unsigned k = 0; k < each; k++)
            bytes[n * each + k] = (uint8_t)(x[rt[n]] >> 8 * k);
}

static bool monitor_passes(const fwsim__cpu *cpu, uint64_t addr, unsigned size,
                           const uint8_t *memory)
{
    const armv8a_exclusive *x = &cpu->st->exclusive;

    return x->size == size && x->addr == addr &&
           memcmp(memory, x->value, size) == 0;
}

/** The engine's monitor is not ours: do what it would do. */
static bool store_exclusive(fwsim__cpu *cpu, uint32_t insn)
{
    unsigned size = armv8a_exclusive_size(insn), rs = insn >> 16 & 31;
    fwsim__a64_reg base = FWSIM__A64_X0 + (insn >> 5 & 31);
    uint64_t addr = fwsim__engine_get64(cpu->engine, base);
    uint8_t bytes[16], *memory;
    bool passes;

    if (!cpu->monitor_lost || !fwsim__a64_is_exclusive(insn) || !fwsim__a64_is_store(insn))
        return false;
    if (addr % size) {
        armv8a_misaligned(cpu, addr, true);
        return true;
    }
    memory = armv8a_memory(cpu, addr, FWSIM__WRITE, size);
    if (!memory) {
        armv8a_abort(cpu, addr, FWSIM__WRITE);
        return true;
    }
    passes = monitor_passes(cpu, addr, size, memory);
    stored_bytes(cpu, insn, bytes);
    if (passes)
        memcpy(memory, bytes, size);
    if (rs != 31)
        fwsim__engine_set64(cpu->engine, FWSIM__A64_X0 + rs, !passes);
    memset(&cpu->st->exclusive, 0, sizeof cpu->st->exclusive);
    armv8a_set_pc(cpu, armv8a_pc(cpu) + 4);
    cpu->m->now++;
    return true;
}

/* ------------------------------------------------------------------ */
/* All of them                                                          */
/* ------------------------------------------------------------------ */

static bool trapped(fwsim__cpu *cpu, uint32_t insn)
{
    unsigned target = armv8a_trap(cpu, insn);
    uint64_t pc = armv8a_pc(cpu);

    if (!target)
        return false;
    if (is_wait(insn)) /* COND is 0b1110 in AArch64, and valid. */
        armv8a_synchronous_to(cpu, target, EC_WFX,
                              1u << 24 | 14u << 20 |
                                  (insn >> 5 & 1 ? 0 : EXTRA_WFE),
                              pc);
    else
        armv8a_synchronous_to(cpu, target, EC_SYSTEM,
                              armv8a_system_syndrome(insn), pc);
    return true;
}

bool armv8a_is_as_user(fwsim__cpu *cpu, uint32_t insn)
{
    return armv8a_el(armv8a_pstate(cpu)) == 1 &&
           fwsim__a64_is_unprivileged(insn);
}

bool armv8a_held(fwsim__cpu *cpu, uint32_t insn)
{
    if (fwsim__a64_is_fp(insn) && armv8a_fp_trap(cpu)) {
        armv8a_fp_disabled(cpu);
        return true;
    }
    if ((insn & 0xffc00000u) == 0xd5000000u)
        return trapped(cpu, insn);
    return stack_misaligned(cpu, insn) || address_misaligned(cpu, insn) ||
           store_exclusive(cpu, insn);
}
