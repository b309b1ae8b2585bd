/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The M profile for people: registers by name, the fault status in words, the
 * call stack.
 */
#include "cpu/armv7m.h"

#include <stdio.h>
#include <string.h>

#include "image/image.h"

/** Names in the order of fwsim__arm_reg; NULL where there is none for people. */
static const char *const names[FWSIM__ARM_REGS] = {
    "r0",  "r1",  "r2",  "r3",  "r4",   "r5",  "r6",  "r7",      "r8",
    "r9",  "r10", "r11", "r12", "sp",   "lr",  "pc",  "xpsr",    NULL,
    "msp", "psp", "primask", "basepri", "faultmask", "control", NULL, "fpscr",
    "s0",  "s1",  "s2",  "s3",  "s4",   "s5",  "s6",  "s7",      "s8",
    "s9",  "s10", "s11", "s12", "s13",  "s14", "s15", "s16",     "s17",
    "s18", "s19", "s20", "s21", "s22",  "s23", "s24", "s25",     "s26",
    "s27", "s28", "s29", "s30", "s31",
};

const char *const armv7m_registers[] = {
    "r0",  "r1",  "r2",  "r3",  "r4",  "r5",  "r6",  "r7",  "r8",  "r9",
    "r10", "r11", "r12", "sp",  "lr",  "pc",  "xpsr", "msp", "psp", "primask",
    "basepri", "faultmask", "control", "fpscr",
    "s0",  "s1",  "s2",  "s3",  "s4",  "s5",  "s6",  "s7",  "s8",  "s9",
    "s10", "s11", "s12", "s13", "s14", "s15", "s16", "s17", "s18", "s19",
    "s20", "s21", "s22", "s23", "s24", "s25", "s26", "s27", "s28", "s29",
    "s30", "s31", NULL
};

/* ------------------------------------------------------------------ */
/* Registers by name                                                    */
/* ------------------------------------------------------------------ */

static bool core_has(const fwsim__cpu *cpu, unsigned reg)
{
    if (reg >= FWSIM__ARM_FPSCR)
        return cpu->core->fpu;
    if (reg == FWSIM__ARM_BASEPRI || reg == FWSIM__ARM_FAULTMASK)
        return !cpu->core->v6m;
    return true;
}

static int register_of(fwsim__cpu *cpu, const char *name, fwsim__arm_reg *reg)
{
    static const struct {
        const char *alias, *name;
    } aliases[] = { { "r13", "sp" }, { "r14", "lr" }, { "r15", "pc" } };

    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strcmp(name, aliases[i].alias) == 0)
            name = aliases[i].name;
    for (unsigned i = 0; i < FWSIM__ARM_REGS; i++)
        if (names[i] && strcmp(name, names[i]) == 0 && core_has(cpu, i)) {
            *reg = (fwsim__arm_reg)i;
            return 0;
        }
    return fwsim__error(cpu->m, FWSIM_ENOENT, "%s has no register %s%s%s",
                        cpu->core->name, name,
                        fwsim_closest(name, armv7m_registers)
                            ? "; did you mean "
                            : "",
                        fwsim_closest(name, armv7m_registers)
                            ? fwsim_closest(name, armv7m_registers)
                            : "");
}

int armv7m_read_register(fwsim__cpu *cpu, const char *name, uint64_t *value)
{
    fwsim__arm_reg reg;
    int err = register_of(cpu, name, &reg);

    if (!err)
        *value = armv7m_get(cpu, reg);
    return err;
}

int armv7m_write_register(fwsim__cpu *cpu, const char *name, uint64_t value)
{
    fwsim__arm_reg reg;
    int err = register_of(cpu, name, &reg);

    if (err)
        return err;
    if (value > UINT32_MAX)
        return fwsim__error(cpu->m, FWSIM_ERANGE, "%s has 32 bits", name);
    /* The mode is not changed by hand: it goes with the exception state. */
    if (reg == FWSIM__ARM_XPSR)
        value = (value & ~(uint64_t)XPSR_EXCEPTION) | cpu->st->exception;
    /* Bits 1:0 of a stack pointer are zero (B1.4.1). */
    if (reg == FWSIM__ARM_SP || reg == FWSIM__ARM_MSP || reg == FWSIM__ARM_PSP)
        value &= ~3u;
    if (reg == FWSIM__ARM_PC) {
        armv7m_set_pc(cpu, (uint32_t)value, true);
        cpu->skip_break = ARMV7M_NO_BREAK;
    } else {
        armv7m_set(cpu, reg, (uint32_t)value);
    }
    fwsim__attention(cpu->m);
    return 0;
}

/* ------------------------------------------------------------------ */
/* Faults in words                                                      */
/* ------------------------------------------------------------------ */

static const char *exception_name(unsigned n)
{
    static const char *const system_names[EXC_IRQ0] = {
        "thread", "Reset", "NMI", "HardFault", "MemManage", "BusFault",
        "UsageFault", "SecureFault", NULL, NULL, NULL, "SVCall",
        "DebugMonitor", NULL, "PendSV", "SysTick",
    };

    return n < EXC_IRQ0 && system_names[n] ? system_names[n] : NULL;
}

static const struct {
    uint32_t bit;
    const char *text;
} cfsr_texts[] = {
    { CFSR_IACCVIOL, "IACCVIOL: instruction fetch from a place that is never "
                     "executable" },
    { CFSR_DACCVIOL, "DACCVIOL: data access that the memory protection "
                     "forbids" },
    { CFSR_MSTKERR, "MSTKERR: protection fault while stacking" },
    { CFSR_IBUSERR, "IBUSERR: instruction fetch from an address where nothing "
                    "is" },
    { CFSR_PRECISERR, "PRECISERR: data access to an address where nothing "
                      "is" },
    { CFSR_IMPRECISERR, "IMPRECISERR: a data access failed; the PC is near "
                        "it" },
    { CFSR_UNSTKERR, "UNSTKERR: the frame could not be read at exception "
                     "return" },
    { CFSR_STKERR, "STKERR: the frame could not be written at exception "
                   "entry: a bad stack pointer" },
    { CFSR_UNDEFINSTR, "UNDEFINSTR: undefined instruction" },
    { CFSR_INVSTATE, "INVSTATE: not in Thumb state: a jump to an even "
                     "address" },
    { CFSR_INVPC, "INVPC: illegal EXC_RETURN value or frame" },
    { CFSR_NOCP, "NOCP: FPU or coprocessor instruction while it is off "
                 "(CPACR)" },
    { CFSR_STKOF, "STKOF: a stack went below its limit" },
    { CFSR_UNALIGNED, "UNALIGNED: unaligned access" },
    { CFSR_DIVBYZERO, "DIVBYZERO: division by zero" },
};

void armv7m_stop_fault(fwsim__cpu *cpu, fwsim_stop *stop)
{
    const armv7m_state *st = cpu->st;

    stop->fault = (fwsim_fault){
        .exception = st->lockup ? st->exception : st->fault,
        .cfsr = st->cfsr,
        .hfsr = st->hfsr,
        .mmfar = st->mmfar,
        .bfar = st->bfar,
        .pc = st->fault_pc,
    };
}

typedef struct sink {
    void (*put)(const char *line, void *user);
    void *user;
} sink;

static void put_registers(fwsim__cpu *cpu, const sink *out)
{
    char line[128];

    for (unsigned r = 0; r < 16; r += 4) {
        int n = 0;

        for (unsigned k = r; k < r + 4; k++)
            n += snprintf(line + n, sizeof line - (size_t)n, "%s%-4s%08x",
                          k == r ? "  " : "  ", names[k],
                          armv7m_get(cpu, (fwsim__arm_reg)k));
        out->put(line, out->user);
    }
    snprintf(line, sizeof line,
             "  xpsr %08x  msp %08x  psp %08x  control %x  primask %x",
             armv7m_get(cpu, FWSIM__ARM_XPSR),
             cpu->st->exception || !(armv7m_get(cpu, FWSIM__ARM_CONTROL) &
                                     CONTROL_SPSEL)
                 ? armv7m_get(cpu, FWSIM__ARM_SP)
                 : armv7m_get(cpu, FWSIM__ARM_MSP),
             armv7m_get(cpu, FWSIM__ARM_PSP),
             armv7m_get(cpu, FWSIM__ARM_CONTROL),
             armv7m_get(cpu, FWSIM__ARM_PRIMASK));
    out->put(line, out->user);
}

static void put_fault(fwsim__cpu *cpu, const fwsim_stop *stop, const sink *out)
{
    const fwsim_fault *f = &stop->fault;
    const char *name = exception_name(f->exception);
    char where[256], line[512];

    snprintf(line, sizeof line, "%s%s at %s",
             stop->reason == FWSIM_STOP_LOCKUP ? "lockup in " : "",
             name ? name : "an interrupt handler",
             fwsim_describe(cpu->m, f->pc, where, sizeof where));
    out->put(line, out->user);
    for (size_t i = 0; i < sizeof cfsr_texts / sizeof *cfsr_texts; i++)
        if (f->cfsr & cfsr_texts[i].bit) {
            snprintf(line, sizeof line, "  %s", cfsr_texts[i].text);
            out->put(line, out->user);
        }
    if (f->cfsr & CFSR_BFARVALID) {
        snprintf(line, sizeof line, "  address 0x%08x (BFAR)", f->bfar);
        out->put(line, out->user);
    }
    if (f->cfsr & CFSR_MMARVALID) {
        snprintf(line, sizeof line, "  address 0x%08x (MMFAR)", f->mmfar);
        out->put(line, out->user);
    }
    if (f->hfsr & HFSR_VECTTBL)
        out->put("  VECTTBL: the vector table could not be read", out->user);
    if (f->hfsr & HFSR_FORCED)
        out->put("  FORCED: a configurable fault that could not be taken",
                 out->user);
}

void armv7m_report(fwsim__cpu *cpu, const fwsim_stop *stop,
                   void (*put)(const char *line, void *user), void *user)
{
    sink out = { put, user };

    if (stop->reason == FWSIM_STOP_FAULT || stop->reason == FWSIM_STOP_LOCKUP)
        put_fault(cpu, stop, &out);
    put("registers:", user);
    put_registers(cpu, &out);
}

/* ------------------------------------------------------------------ */
/* Call stack                                                           */
/* ------------------------------------------------------------------ */

static bool read_memory(void *user, uint64_t addr, void *buf, size_t size)
{
    return fwsim_mem_read(user, addr, buf, size) == 0;
}

static bool unwind(fwsim__cpu *cpu, uint32_t regs[16], bool is_return)
{
    for (size_t i = cpu->m->image_count; i-- > 0;)
        if (fwsim__image_unwind(cpu->m->images[i], regs, is_return,
                                read_memory, cpu->m))
            return true;
    return false;
}

/** From an EXC_RETURN value to what was interrupted (B1.5.6). */
static bool unwind_exception(fwsim__cpu *cpu, uint32_t regs[16],
                             uint32_t exc_return)
{
    bool fp = !(exc_return & (1u << 4));
    bool psp = exc_return & (1u << 2);
    uint32_t frame = psp ? armv7m_get(cpu, FWSIM__ARM_PSP) : regs[13];
    uint32_t words[8];

    if (fwsim_mem_read(cpu->m, frame, words, sizeof words))
        return false;
    memcpy(regs, words, 4 * sizeof *words);
    regs[12] = words[4];
    regs[14] = words[5];
    regs[15] = words[6] & ~1u;
    regs[13] = frame + (fp ? 0x68 : 0x20) + (words[7] & XPSR_ALIGN ? 4 : 0);
    return true;
}

size_t armv7m_backtrace(fwsim__cpu *cpu, fwsim_frame *frames, size_t max)
{
    uint32_t regs[16];
    size_t n = 0;
    bool is_return = false, exception = false;

    for (unsigned i = 0; i < 16; i++)
        regs[i] = armv7m_get(cpu, (fwsim__arm_reg)i);
    while (n < max) {
        uint32_t sp = regs[13], pc = regs[15];

        frames[n++] = (fwsim_frame){ pc, sp, exception };
        exception = false;
        if (!unwind(cpu, regs, is_return)) {
            /* Without information only the innermost function's LR is known,
             * and only when the function has not called another one. */
            if (n != 1 || regs[14] == pc)
                break;
            regs[15] = regs[14];
        }
        is_return = true;
        /* All ones is not EXC_RETURN, but the LR of the reset handler. */
        if (regs[15] >= 0xf0000000u) {
            if ((regs[15] | 1) == UINT32_MAX ||
                !unwind_exception(cpu, regs, regs[15]))
                break;
            exception = true;
            is_return = false;
        }
        regs[15] &= ~1u;
        if (regs[15] == 0 || (regs[13] == sp && regs[15] == pc))
            break;
    }
    return n;
}
