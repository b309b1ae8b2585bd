/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers by name, the report of a stop, and the call stack. */
#include "cpu/armv8a.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
const char *const armv8a_registers[] = {
    "x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",
    "x8",  "x9",  "x10", "x11", "x12", "x13", "x14", "x15",
    "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23",
    "x24", "x25", "x26", "x27", "x28", "x29", "x30",
    "sp",  "pc",  "pstate", "fpcr", "fpsr",
    "sp_el0", "sp_el1", "sp_el2", "sp_el3",
    "d0",  "d1",  "d2",  "d3",  "d4",  "d5",  "d6",  "d7",
    "d8",  "d9",  "d10", "d11", "d12", "d13", "d14", "d15",
    "d16", "d17", "d18", "d19", "d20", "d21", "d22", "d23",
    "d24", "d25", "d26", "d27", "d28", "d29", "d30", "d31",
    NULL
};
/* clang-format on */

/** Exception classes for people (D13.2.37). */
static const char *class_name(unsigned ec)
{
    switch (ec) {
    case EC_UNKNOWN:
        return "undefined instruction";
    case EC_ILLEGAL:
        return "illegal execution state";
    case EC_FETCH_LOWER:
    case EC_FETCH:
        return "instruction abort";
    case EC_PC_ALIGNMENT:
        return "misaligned PC";
    case EC_DATA_LOWER:
    case EC_DATA:
        return "data abort";
    case EC_SP_ALIGNMENT:
        return "misaligned stack pointer";
    case EC_BRK:
        return "BRK instruction";
    default:
        return "exception";
    }
}

static const char *status_name(uint32_t esr)
{
    unsigned code = esr & 63;

    if (code >= FSC_TRANSLATION && code < FSC_EXTERNAL)
        code &= ~3u;
    switch (code) {
    case FSC_TRANSLATION:
        return ", translation fault";
    case FSC_ACCESS_FLAG:
        return ", access flag fault";
    case FSC_PERMISSION:
        return ", permission fault";
    case FSC_EXTERNAL:
        return ", nobody answers at this address";
    case FSC_ALIGNMENT:
        return ", alignment fault";
    default:
        return "";
    }
}

enum { UNKNOWN = 1000 };

/** The engine's register of a name; FWSIM__A64_REGS + n for Dn. */
static unsigned find(const char *name)
{
    if (strcmp(name, "lr") == 0)
        return 30;
    for (unsigned i = 0; armv8a_registers[i]; i++)
        if (strcmp(armv8a_registers[i], name) == 0)
            return i;
    return UNKNOWN;
}

static const armv8a_register *find_system(const char *name)
{
    for (const armv8a_register *r = armv8a_system_registers; r->name; r++)
        if (strcmp(r->name, name) == 0)
            return r;
    return NULL;
}

static uint64_t low_half(fwsim__cpu *cpu, unsigned n)
{
    uint64_t value[2];

    fwsim__engine_get_vector(cpu->engine, n, value);
    return value[0];
}

int armv8a_read_register(fwsim__cpu *cpu, const char *name, uint64_t *value)
{
    const armv8a_register *r = find_system(name);
    unsigned reg = find(name);

    if (r)
        *value = armv8a_system_get(cpu, r->reg);
    else if (reg < FWSIM__A64_REGS)
        *value = fwsim__engine_get64(cpu->engine, (fwsim__a64_reg)reg);
    else if (reg != UNKNOWN)
        *value = low_half(cpu, reg - FWSIM__A64_REGS);
    else
        return FWSIM_ENOENT;
    return 0;
}

int armv8a_write_register(fwsim__cpu *cpu, const char *name, uint64_t value)
{
    const armv8a_register *r = find_system(name);
    unsigned reg = find(name);

    if (r)
        fwsim__engine_system_set(cpu->engine, r->reg, value);
    else if (reg == FWSIM__A64_PSTATE)
        armv8a_set_pstate(cpu, value & ~(uint64_t)PSTATE_NRW);
    else if (reg < FWSIM__A64_REGS)
        fwsim__engine_set64(cpu->engine, (fwsim__a64_reg)reg, value);
    else if (reg != UNKNOWN)
        fwsim__engine_set_vector(cpu->engine, reg - FWSIM__A64_REGS,
                                 (const uint64_t[2]){ value, 0 });
    else
        return FWSIM_ENOENT;
    if (reg == FWSIM__A64_PC)
        cpu->skip_break = ARMV8A_NO_BREAK;
    cpu->watch_stale = true;
    return 0;
}

void armv8a_report(fwsim__cpu *cpu, const fwsim_stop *stop,
                   void (*put)(const char *line, void *user), void *user)
{
    char line[160];
    uint64_t pstate = armv8a_pstate(cpu);

    if (stop->reason == FWSIM_STOP_FAULT || stop->reason == FWSIM_STOP_LOCKUP) {
        snprintf(line, sizeof line, "fault: %s%s, taken to EL%u",
                 class_name(stop->fault.esr >> 26),
                 status_name(stop->fault.esr), stop->fault.el);
        put(line, user);
        snprintf(line, sizeof line, "  ESR 0x%08" PRIx32 "  FAR 0x%016" PRIx64,
                 stop->fault.esr, stop->fault.far);
        put(line, user);
    }
    put("registers:", user);
    for (unsigned n = 0; n < 33; n += 3) {
        uint64_t v[3];
        int at = 0;

        for (unsigned k = 0; k < 3; k++) {
            v[k] = fwsim__engine_get64(cpu->engine, (fwsim__a64_reg)(n + k));
            at += snprintf(line + at, sizeof line - (size_t)at,
                           "  %-3s 0x%016" PRIx64, armv8a_registers[n + k],
                           v[k]);
        }
        put(line, user);
    }
    snprintf(line, sizeof line, "  pstate 0x%08" PRIx64 " (EL%u%s)", pstate,
             armv8a_el(pstate), pstate & PSTATE_SP ? "h" : "t");
    put(line, user);
}

/** The frame records of the procedure call standard: X29 points at a pair of
 * the caller's X29 and the return address. */
size_t armv8a_backtrace(fwsim__cpu *cpu, fwsim_frame *frames, size_t max)
{
    uint64_t fp = fwsim__engine_get64(cpu->engine, FWSIM__A64_X0 + 29);
    size_t n = 0;

    if (n < max)
        frames[n++] = (fwsim_frame){
            .pc = armv8a_pc(cpu),
            .sp = fwsim__engine_get64(cpu->engine, FWSIM__A64_SP)
        };
    while (n < max && fp && fp % 8 == 0) {
        uint64_t record[2];

        if (fwsim_mem_read(cpu->m, fp, record, sizeof record) || !record[1])
            break;
        frames[n++] = (fwsim_frame){ .pc = record[1], .sp = fp + 16 };
        /* A frame further in than its callee is no frame. */
        if (record[0] <= fp)
            break;
        fp = record[0];
    }
    return n;
}
