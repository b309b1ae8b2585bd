/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which instruction makes the access that is being served.
 *
 * The engine knows the block only. The registers are current, so the answer is
 * an instruction of the block whose address, width and direction fit. Accesses
 * of a block come in its order, so the search goes on behind the last answer.
 */
#include "cpu/armv7m.h"

#include "cpu/thumb.h"

/** A block does not go beyond its page, but for half an instruction. */
static uint32_t block_limit(const fwsim__cpu *cpu, uint32_t block)
{
    uint32_t page = fwsim__engine_page_size(cpu->engine);

    return (block & ~(page - 1)) + page + 2;
}

static void core_registers(const fwsim__cpu *cpu, uint32_t regs[15])
{
    fwsim__arm_reg names[15];

    for (unsigned i = 0; i < 15; i++)
        names[i] = FWSIM__ARM_R0 + i;
    fwsim__engine_get_many(cpu->engine, names, regs, 15);
}

/** @return false when there is no whole instruction */
static bool decode_at(const fwsim__cpu *cpu, uint32_t pc,
                      fwsim__thumb_insn *insn)
{
    uint8_t code[4];
    size_t avail = 4;

    if (fwsim_mem_read(cpu->m, pc, code, 4)) {
        avail = 2;
        if (fwsim_mem_read(cpu->m, pc, code, 2))
            return false;
    }
    fwsim__thumb_decode(code, avail, insn);
    return avail >= insn->size;
}

static bool fits(const fwsim__cpu *cpu, const fwsim__thumb_insn *insn,
                 uint32_t pc, const uint32_t regs[15])
{
    uint32_t first;

    if (!(insn->flags & FWSIM__THUMB_MEM) || insn->store != cpu->access.write)
        return false;
    first = fwsim__thumb_address(insn, pc, regs);
    return insn->width == cpu->access.width &&
           cpu->access.addr - first < (uint32_t)insn->width * insn->count;
}

/** The word that a plain load would load now. @return false when it is another
 * instruction, or its base is lost */
static bool loaded_word(const fwsim__cpu *cpu, const fwsim__thumb_insn *insn,
                        uint32_t pc, const uint32_t regs[15], unsigned into,
                        uint32_t *word)
{
    uint32_t addr;

    if (!(insn->flags & FWSIM__THUMB_MEM) || insn->store || insn->width != 4 ||
        insn->count != 1 || insn->base == into || insn->index == (int)into)
        return false;
    addr = fwsim__thumb_address(insn, pc, regs);
    return fwsim__mem_at(cpu->m, addr) &&
           fwsim_mem_read(cpu->m, addr, word, sizeof *word) == 0;
}

/**
 * May the instruction at @a pc be the next one? Not when its base register
 * does not hold what the instruction before has loaded there: then it has
 * been executed, and has overwritten its own base.
 */
static bool is_consistent(const fwsim__cpu *cpu, uint32_t block, uint32_t pc,
                          unsigned base, const uint32_t regs[15])
{
    fwsim__thumb_insn insn;
    uint32_t word;
    bool same = true;

    for (uint32_t at = block; at < pc && decode_at(cpu, at, &insn);
         at += insn.size) {
        uint8_t code[4] = { 0 };

        fwsim_mem_read(cpu->m, at, code, insn.size);
        if (base < 15 && (fwsim__thumb_writes(code, insn.size) >> base & 1))
            same = !loaded_word(cpu, &insn, at, regs, base, &word) ||
                   word == regs[base];
    }
    return same;
}

/** @return the instruction at or behind @a from, or @a limit */
static uint32_t search(fwsim__cpu *cpu, uint32_t from, uint32_t limit,
                       const uint32_t regs[15])
{
    uint32_t block = (uint32_t)fwsim__engine_block(cpu->engine);
    uint32_t pc = from;

    while (pc < limit) {
        fwsim__thumb_insn insn;

        if (!decode_at(cpu, pc, &insn))
            return limit;
        if (fits(cpu, &insn, pc, regs) &&
            is_consistent(cpu, block, pc, insn.base, regs)) {
            bool last = cpu->access.addr ==
                        fwsim__thumb_address(&insn, pc, regs) +
                            (uint32_t)insn.width * (insn.count - 1u);

            cpu->access.next = last ? pc + insn.size : pc;
            return pc;
        }
        pc += insn.size;
    }
    return limit;
}

uint32_t armv7m_access_pc(fwsim__cpu *cpu)
{
    uint32_t block = (uint32_t)fwsim__engine_block(cpu->engine);
    uint32_t limit = block_limit(cpu, block);
    bool same_visit = cpu->access.block == block &&
                      cpu->access.tick == cpu->m->now;
    uint32_t regs[15];
    uint32_t pc = limit;

    core_registers(cpu, regs);
    if (same_visit && cpu->access.served)
        return cpu->access.pc;
    if (same_visit)
        pc = search(cpu, cpu->access.next, limit, regs);
    if (pc == limit)
        pc = search(cpu, block, limit, regs);
    cpu->access.block = block;
    cpu->access.tick = cpu->m->now;
    cpu->access.pc = pc == limit ? block : pc;
    cpu->access.served = true;
    return cpu->access.pc;
}

uint64_t armv7m_locate(void *user, uint64_t addr, unsigned width, bool write)
{
    fwsim__cpu *cpu = user;

    cpu->access.served = false;
    cpu->access.write = write;
    cpu->access.width = (uint8_t)width;
    cpu->access.addr = (uint32_t)addr;
    return armv7m_access_pc(cpu);
}

/** The first access of an instruction that is not allowed.
 * @return false when there is none */
static bool first_forbidden(fwsim__cpu *cpu, const fwsim__thumb_insn *insn,
                            uint32_t addr, bool privileged,
                            uint32_t *forbidden)
{
    fwsim__access_kind kind = insn->store ? FWSIM__WRITE : FWSIM__READ;

    for (unsigned i = 0; i < insn->count; i++, addr += insn->width)
        if (!armv7m_allows(cpu, addr, kind, privileged) ||
            !armv7m_allows(cpu, addr + insn->width - 1, kind, privileged)) {
            *forbidden = addr;
            return true;
        }
    return false;
}

bool armv7m_forbidden(fwsim__cpu *cpu, uint32_t pc, bool privileged,
                      uint32_t *forbidden)
{
    fwsim__thumb_insn insn;
    uint32_t regs[15];

    if (!decode_at(cpu, pc, &insn) || !(insn.flags & FWSIM__THUMB_MEM))
        return false;
    core_registers(cpu, regs);
    return first_forbidden(cpu, &insn, fwsim__thumb_address(&insn, pc, regs),
                           privileged, forbidden);
}

bool armv7m_instruction_allowed(fwsim__cpu *cpu, uint32_t pc)
{
    bool privileged = !armv7m_unprivileged(cpu);
    fwsim__thumb_insn insn;
    uint32_t forbidden;

    return decode_at(cpu, pc, &insn) &&
           armv7m_allows(cpu, pc, FWSIM__FETCH, privileged) &&
           armv7m_allows(cpu, pc + insn.size - 1, FWSIM__FETCH, privileged) &&
           !armv7m_forbidden(cpu, pc, privileged, &forbidden);
}

void armv7m_touched(fwsim__cpu *cpu, uint32_t pc, armv7m_touch *touch)
{
    fwsim__thumb_insn insn;
    uint32_t regs[15];

    *touch = (armv7m_touch){ .pc = pc };
    if (!decode_at(cpu, pc, &insn) || !(insn.flags & FWSIM__THUMB_MEM))
        return;
    core_registers(cpu, regs);
    touch->addr = fwsim__thumb_address(&insn, pc, regs);
    touch->bytes = (uint32_t)insn.width * insn.count;
    touch->width = insn.width;
    touch->store = insn.store;
}

uint32_t armv7m_refused_address(fwsim__cpu *cpu, uint32_t pc, uint32_t refused)
{
    uint32_t page = ~(fwsim__engine_page_size(cpu->engine) - 1);
    fwsim__thumb_insn insn;
    uint32_t regs[15];
    uint32_t addr;

    if (!decode_at(cpu, pc, &insn) || !(insn.flags & FWSIM__THUMB_MEM))
        return refused;
    core_registers(cpu, regs);
    addr = fwsim__thumb_address(&insn, pc, regs);
    if (first_forbidden(cpu, &insn, addr, !armv7m_unprivileged(cpu), &refused))
        return refused;
    for (unsigned i = 0; i < insn.count; i++, addr += insn.width)
        if ((addr & page) == (refused & page))
            return addr;
    return refused;
}
