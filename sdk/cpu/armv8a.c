/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The A profile on the engine: registers, making, reset, state.
 */
#include "cpu/armv8a.h"

#include <stdlib.h>
#include <string.h>

#include "cpu/a64.h"

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

uint64_t armv8a_pc(fwsim__cpu *cpu)
{
    return fwsim__engine_get64(cpu->engine, FWSIM__A64_PC);
}

uint64_t armv8a_pstate(fwsim__cpu *cpu)
{
    return fwsim__engine_get64(cpu->engine, FWSIM__A64_PSTATE);
}

void armv8a_set_pc(fwsim__cpu *cpu, uint64_t pc)
{
    fwsim__engine_set64(cpu->engine, FWSIM__A64_PC, pc);
}

/** The stack pointer that PSTATE selects, among SP_EL0 to SP_EL3. */
static fwsim__a64_reg stack_of(uint64_t pstate)
{
    return FWSIM__A64_SP_EL0 + (pstate & PSTATE_SP ? armv8a_el(pstate) : 0);
}

void armv8a_set_pstate(fwsim__cpu *cpu, uint64_t pstate)
{
    fwsim__engine *e = cpu->engine;

    fwsim__engine_set64(e, stack_of(armv8a_pstate(cpu)),
                        fwsim__engine_get64(e, FWSIM__A64_SP));
    fwsim__engine_set64(e, FWSIM__A64_PSTATE, pstate);
    fwsim__engine_set64(e, FWSIM__A64_SP,
                        fwsim__engine_get64(e, stack_of(pstate)));
    /* The engine knows the new level from now on. */
    fwsim__engine_system_set(e, SYS_CPACR, armv8a_system_get(cpu, SYS_CPACR));
    cpu->watch_stale = true;
}

void armv8a_get_x(fwsim__cpu *cpu, uint64_t x[32])
{
    fwsim__a64_reg names[32];

    for (unsigned n = 0; n < 32; n++)
        names[n] = FWSIM__A64_X0 + n;
    fwsim__engine_get64_many(cpu->engine, names, x, 32);
}

uint64_t armv8a_sctlr(fwsim__cpu *cpu)
{
    unsigned el = armv8a_el(armv8a_pstate(cpu));

    return armv8a_system_get(cpu, armv8a_banked(el ? el : 1, 1, 0, 0));
}

/* ------------------------------------------------------------------ */
/* Life                                                                 */
/* ------------------------------------------------------------------ */

static const fwsim__engine_client client = {
    .translate = armv8a_translate,
    .device = armv8a_device,
    .scan = armv8a_scan,
    .flagged = armv8a_flagged,
    .system = armv8a_system,
};

static void note_reset_values(fwsim__cpu *cpu)
{
    const armv8a_register *r = armv8a_system_registers;

    for (unsigned i = 0; r[i].name; i++)
        cpu->system_reset[i] = armv8a_system_get(cpu, r[i].reg);
}

static int set_up(fwsim__cpu *cpu, fwsim__engine_model model)
{
    int err;

    cpu->breaks = malloc(sizeof *cpu->breaks);
    if (!cpu->breaks)
        return FWSIM_ENOMEM;
    if (cpu->m->opt.semihosting) {
        cpu->semihost = fwsim__semihost_new(cpu->m);
        if (!cpu->semihost)
            return FWSIM_ENOMEM;
    }
    err = fwsim__engine_open(&cpu->engine, cpu->m, model, &client, cpu);
    if (err)
        return err;
    note_reset_values(cpu);
    return armv8a_map(cpu);
}

static void destroy(fwsim__cpu *cpu)
{
    fwsim__engine_close(cpu->engine);
    fwsim__semihost_free(cpu->semihost);
    free(cpu->breaks);
    free(cpu);
}

static int create(fwsim__cpu **out, fwsim_machine *m,
                  const fwsim_cpu_info *info, void *state)
{
    fwsim__cpu *cpu = calloc(1, sizeof *cpu);
    int err;

    *out = NULL;
    if (!cpu)
        return FWSIM_ENOMEM;
    cpu->m = m;
    cpu->st = state;
    cpu->skip_break = cpu->stale_code = ARMV8A_NO_BREAK;
    cpu->highest_el = m->soc->highest_el ? m->soc->highest_el : 1;
    cpu->is_a72 = strcmp(info->name, "cortex-a72") == 0;
    err = set_up(cpu, cpu->is_a72 ? FWSIM__ENGINE_CORTEX_A72
                                  : FWSIM__ENGINE_CORTEX_A53);
    if (err) {
        destroy(cpu);
        return err;
    }
    *out = cpu;
    return 0;
}

/** Where execution begins: the entry point of the image that was loaded last,
 * or its first byte, as a boot loader would jump there. */
static uint64_t entry_of(const fwsim_machine *m)
{
    const fwsim_segment *seg;
    uint64_t entry = m->soc->boot_addr;

    if (m->image_count) {
        const fwsim_image *img = m->images[m->image_count - 1];

        if (!fwsim_image_entry(img, &entry) &&
            fwsim_image_segments(img, &seg))
            entry = seg[0].addr;
    }
    return entry;
}

static void reset(fwsim__cpu *cpu, fwsim_reset_kind kind)
{
    static const uint64_t zero[2];
    fwsim__engine *e = cpu->engine;

    (void)kind;
    memset(cpu->st, 0, sizeof *cpu->st);
    cpu->st->vector = UINT64_MAX;
    armv8a_system_reset(cpu);
    for (unsigned r = 0; r < FWSIM__A64_REGS; r++)
        if (r != FWSIM__A64_PSTATE)
            fwsim__engine_set64(e, (fwsim__a64_reg)r, 0);
    for (unsigned n = 0; n < 32; n++)
        fwsim__engine_set_vector(e, n, zero);
    /* D1.9: the highest level, its own stack pointer, all masked. */
    armv8a_set_pstate(cpu, PSTATE_DAIF | (uint64_t)cpu->highest_el << 2 |
                               PSTATE_SP);
    armv8a_set_pc(cpu, entry_of(cpu->m));
    fwsim__engine_pages_changed(e);
    cpu->stale_all |= cpu->stale_code != ARMV8A_NO_BREAK; /* still due */
    cpu->skip_break = cpu->stale_code = ARMV8A_NO_BREAK;
    cpu->aarch32 = false;
    cpu->watch_stale = cpu->monitor_lost = true;
}

static void irq(fwsim__cpu *cpu, unsigned line, bool level)
{
    gicv2_line(&cpu->st->gic, GICV2_SPI0 + line, level);
    fwsim__attention(cpu->m);
}

/**
 * The engine knows the block of an access only. The registers are current, so
 * the answer is the first instruction of the block whose address fits, in its
 * page: the access has a physical address.
 */
static uint64_t access_pc(fwsim__cpu *cpu)
{
    uint64_t mask = fwsim__engine_page_size(cpu->engine) - 1;
    uint64_t block = fwsim__engine_block(cpu->engine), first, x[32];
    uint32_t insn;

    armv8a_get_x(cpu, x);
    /* A block does not go beyond its page. */
    for (uint64_t pc = block; (pc ^ block) <= mask; pc += 4)
        if (armv8a_fetch(cpu, pc, &insn) &&
            fwsim__a64_address(insn, pc, x, &first) &&
            ((first ^ cpu->access_addr) & mask) == 0)
            return pc;
    return block;
}

static uint64_t current_pc(fwsim__cpu *cpu)
{
    return cpu->in_access ? access_pc(cpu) : armv8a_pc(cpu);
}

static void sync_out(fwsim__cpu *cpu)
{
    const armv8a_register *r = armv8a_system_registers;

    for (unsigned n = 0; n < FWSIM__A64_REGS; n++)
        cpu->st->regs[n] = fwsim__engine_get64(cpu->engine, (fwsim__a64_reg)n);
    /* The engine brings this one up to date when it is switched away from. */
    cpu->st->regs[stack_of(cpu->st->regs[FWSIM__A64_PSTATE])] =
        cpu->st->regs[FWSIM__A64_SP];
    for (unsigned n = 0; n < 32; n++)
        fwsim__engine_get_vector(cpu->engine, n, cpu->st->vectors[n]);
    for (unsigned i = 0; r[i].name; i++)
        cpu->st->system[i] = armv8a_system_get(cpu, r[i].reg);
}

static void sync_in(fwsim__cpu *cpu)
{
    const armv8a_register *r = armv8a_system_registers;
    fwsim__engine *e = cpu->engine;

    for (unsigned n = 0; n < FWSIM__A64_REGS; n++)
        fwsim__engine_set64(e, (fwsim__a64_reg)n, cpu->st->regs[n]);
    for (unsigned n = 0; n < 32; n++)
        fwsim__engine_set_vector(e, n, cpu->st->vectors[n]);
    /* Last, as these make PSTATE take effect. */
    for (unsigned i = 0; r[i].name; i++)
        fwsim__engine_system_set(e, r[i].reg, cpu->st->system[i]);
    fwsim__engine_pages_changed(e);
    cpu->stale_all |= cpu->stale_code != ARMV8A_NO_BREAK; /* still due */
    cpu->skip_break = cpu->stale_code = ARMV8A_NO_BREAK;
    cpu->aarch32 = false;
    cpu->watch_stale = cpu->monitor_lost = true;
}

static void memory_changed(fwsim__cpu *cpu, uint64_t addr, uint64_t size)
{
    fwsim__engine_code_changed(cpu->engine, addr, size);
}

static void pages_changed(fwsim__cpu *cpu)
{
    fwsim__engine_pages_changed(cpu->engine);
}

static int code_hooks_changed(fwsim__cpu *cpu)
{
    size_t n = cpu->m->hooks[FWSIM__HOOK_CODE].count + 1;
    uint64_t *breaks = realloc(cpu->breaks, n * sizeof *breaks);

    if (!breaks)
        return FWSIM_ENOMEM;
    cpu->breaks = breaks;
    return armv8a_set_breaks(cpu, ARMV8A_NO_BREAK);
}

static void skip(fwsim__cpu *cpu)
{
    fwsim__engine_set64(cpu->engine, FWSIM__A64_PC, armv8a_pc(cpu) + 4);
    cpu->m->now++;
}

const fwsim__cpu_ops armv8a_ops = {
    .state_size = sizeof(armv8a_state),
    .create = create,
    .destroy = destroy,
    .reset = reset,
    .run = armv8a_run,
    .step = armv8a_step,
    .skip = skip,
    .irq = irq,
    .event = armv8a_timer_event,
    .read = armv8a_read_register,
    .write = armv8a_write_register,
    .registers = armv8a_registers,
    .pc = current_pc,
    .sync_out = sync_out,
    .sync_in = sync_in,
    .memory_changed = memory_changed,
    .pages_changed = pages_changed,
    .code_hooks_changed = code_hooks_changed,
    .backtrace = armv8a_backtrace,
    .report = armv8a_report,
    .context_save = armv8a_context_save,
    .context_restore = armv8a_context_restore,
    .wake = armv8a_wake,
    .asleep = armv8a_asleep,
    .pass_hooks = armv8a_pass_hooks,
    .return_to = armv8a_return_to,
    .is_exception_return = armv8a_is_exception_return,
    .call_end = ARMV8A_CALL_END,
};
