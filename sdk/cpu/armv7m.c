/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The M profile on the engine: registers, modes, making, reset, state.
 */
#include "cpu/armv7m.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

bool armv7m_unprivileged(const fwsim__cpu *cpu)
{
    return cpu->st->exception == 0 && !cpu->core->v6m &&
           (fwsim__engine_get(cpu->engine, FWSIM__ARM_CONTROL) & CONTROL_NPRIV);
}

static bool needs_privilege(fwsim__arm_reg reg)
{
    return reg >= FWSIM__ARM_MSP && reg <= FWSIM__ARM_FAULTMASK;
}

/** Run one access with the engine in handler mode, where all is visible. */
static uint32_t privileged_access(fwsim__cpu *cpu, fwsim__arm_reg reg,
                                  const uint32_t *value)
{
    uint32_t old;

    fwsim__engine_set(cpu->engine, FWSIM__ARM_IPSR, EXC_RESET);
    old = fwsim__engine_get(cpu->engine, reg);
    if (value)
        fwsim__engine_set(cpu->engine, reg, *value);
    fwsim__engine_set(cpu->engine, FWSIM__ARM_IPSR, 0);
    return old;
}

/** CONTROL as firmware sees it, see armv7m_hide_fpca in armv7m_care.c. */
static uint32_t control_get(fwsim__cpu *cpu)
{
    uint32_t control = fwsim__engine_get(cpu->engine, FWSIM__ARM_CONTROL);

    return cpu->hides_fpca ? (control & ~CONTROL_FPCA) | cpu->fpca : control;
}

static void control_set(fwsim__cpu *cpu, uint32_t value)
{
    cpu->fpca = value & CONTROL_FPCA;
    if (cpu->hides_fpca)
        value |= CONTROL_FPCA;
    if (cpu->hides_fpca && armv7m_unprivileged(cpu))
        privileged_access(cpu, FWSIM__ARM_CONTROL, &value);
    else
        fwsim__engine_set(cpu->engine, FWSIM__ARM_CONTROL, value);
}

uint32_t armv7m_get(fwsim__cpu *cpu, fwsim__arm_reg reg)
{
    if (reg == FWSIM__ARM_CONTROL)
        return control_get(cpu);
    if (needs_privilege(reg) && armv7m_unprivileged(cpu))
        return privileged_access(cpu, reg, NULL);
    if (reg == FWSIM__ARM_XPSR) {
        uint32_t ge = cpu->core->dsp
                          ? fwsim__engine_get(cpu->engine, FWSIM__ARM_GE)
                          : 0;

        return fwsim__engine_get(cpu->engine, reg) | (ge & 0xf0000u);
    }
    return fwsim__engine_get(cpu->engine, reg);
}

void armv7m_set(fwsim__cpu *cpu, fwsim__arm_reg reg, uint32_t value)
{
    if (reg == FWSIM__ARM_CONTROL) {
        control_set(cpu, value);
        return;
    }
    if (needs_privilege(reg) && armv7m_unprivileged(cpu)) {
        privileged_access(cpu, reg, &value);
        return;
    }
    fwsim__engine_set(cpu->engine, reg, value);
    if (reg == FWSIM__ARM_XPSR && cpu->core->dsp)
        fwsim__engine_set(cpu->engine, FWSIM__ARM_GE, value & 0xf0000u);
}

void armv7m_set_pc(fwsim__cpu *cpu, uint32_t pc, bool thumb)
{
    fwsim__engine_set(cpu->engine, FWSIM__ARM_PC, (pc & ~1u) | thumb);
}

void armv7m_set_mode(fwsim__cpu *cpu, unsigned exception, bool spsel)
{
    fwsim__engine *e = cpu->engine;
    uint32_t control = fwsim__engine_get(e, FWSIM__ARM_CONTROL);
    uint32_t npriv = control & CONTROL_NPRIV;

    control &= ~(CONTROL_NPRIV | CONTROL_SPSEL);
    /* SPSEL can be written in privileged thread mode only. */
    fwsim__engine_set(e, FWSIM__ARM_IPSR, EXC_RESET);
    if (npriv)
        fwsim__engine_set(e, FWSIM__ARM_CONTROL, control);
    fwsim__engine_set(e, FWSIM__ARM_IPSR, 0);
    fwsim__engine_set(e, FWSIM__ARM_CONTROL,
                      control | (spsel ? CONTROL_SPSEL : 0));
    if (exception)
        fwsim__engine_set(e, FWSIM__ARM_IPSR, exception);
    if (npriv)
        fwsim__engine_set(e, FWSIM__ARM_CONTROL,
                          control | npriv | (spsel ? CONTROL_SPSEL : 0));
    cpu->st->exception = exception;
}

/* ------------------------------------------------------------------ */
/* Life                                                                 */
/* ------------------------------------------------------------------ */

static uint8_t prio_mask_of(const fwsim_soc *soc, const armv7m_core *core)
{
    unsigned bits = soc->prio_bits;

    if (!bits)
        bits = core->v6m ? 2 : 3;
    return (uint8_t)(0xff00u >> bits);
}

static const fwsim__engine_client client = {
    .translate = armv7m_translate,
    .device = armv7m_device,
    .scan = armv7m_scan,
    .locate = armv7m_locate,
    .flagged = armv7m_flagged,
};

static int set_up(fwsim__cpu *cpu)
{
    int err;

    cpu->ppb_seen = calloc(ARMV7M_PPB_SIZE / 4 / 32, sizeof *cpu->ppb_seen);
    cpu->breaks = malloc(sizeof *cpu->breaks);
    if (!cpu->ppb_seen || !cpu->breaks)
        return FWSIM_ENOMEM;
    if (cpu->m->opt.semihosting) {
        cpu->semihost = fwsim__semihost_new(cpu->m);
        if (!cpu->semihost)
            return FWSIM_ENOMEM;
    }
    err = fwsim__engine_open(&cpu->engine, cpu->m, cpu->core->model, &client,
                             cpu);
    return err ? err : armv7m_map(cpu);
}

static void destroy(fwsim__cpu *cpu)
{
    fwsim__engine_close(cpu->engine);
    fwsim__semihost_free(cpu->semihost);
    free(cpu->scratch);
    free(cpu->ppb_seen);
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
    cpu->core = armv7m_core_find(info->name);
    cpu->st = state;
    cpu->skip_break = cpu->look_at = cpu->load = ARMV7M_NO_BREAK;
    cpu->exceptions = EXC_IRQ0 + m->soc->irq_lines;
    cpu->prio_mask = prio_mask_of(m->soc, cpu->core);
    err = set_up(cpu);
    if (err) {
        destroy(cpu);
        return err;
    }
    *out = cpu;
    return 0;
}

static void reset(fwsim__cpu *cpu, fwsim_reset_kind kind)
{
    static const fwsim__arm_reg zeroed[] = {
        FWSIM__ARM_PRIMASK, FWSIM__ARM_BASEPRI, FWSIM__ARM_FAULTMASK,
        FWSIM__ARM_CONTROL, FWSIM__ARM_FPSCR,   FWSIM__ARM_PSP,
    };
    uint32_t sp = 0, entry = 0;

    (void)kind;
    cpu->hides_fpca = false;
    armv7m_set_mode(cpu, EXC_RESET, false);
    memset(cpu->st, 0, sizeof *cpu->st);
    armv7m_scb_reset(cpu);
    armv7m_systick_reset(cpu);
    for (size_t i = 0; i < sizeof zeroed / sizeof *zeroed; i++)
        fwsim__engine_set(cpu->engine, zeroed[i], 0);
    armv7m_set_mode(cpu, 0, false);
    fwsim__engine_set(cpu->engine, FWSIM__ARM_CONTROL, 0);
    armv7m_limits_write(cpu);
    for (unsigned i = 0; i <= 12; i++)
        fwsim__engine_set(cpu->engine, FWSIM__ARM_R0 + i, 0);
    armv7m_mem_read(cpu, cpu->st->vtor, &sp);
    armv7m_mem_read(cpu, cpu->st->vtor + 4, &entry);
    fwsim__engine_set(cpu->engine, FWSIM__ARM_SP, sp & ~3u);
    fwsim__engine_set(cpu->engine, FWSIM__ARM_LR, 0xffffffffu);
    armv7m_set(cpu, FWSIM__ARM_XPSR, 0);
    armv7m_set_pc(cpu, entry, entry & 1);
    cpu->skip_break = ARMV7M_NO_BREAK;
    cpu->protects |= cpu->st->mpu.ctrl != 0;
    cpu->forget_pages |= cpu->protects;
    armv7m_watches_changed(cpu);
    armv7m_update_watch(cpu);
}

/** Lines of peripherals stay as they are: those that are high pend again. */
void armv7m_reset_core(fwsim__cpu *cpu)
{
    uint32_t level[EXC_WORDS];

    memcpy(level, cpu->st->level, sizeof level);
    reset(cpu, FWSIM_RESET_SYSTEM);
    memcpy(cpu->st->level, level, sizeof level);
    memcpy(cpu->st->pending, level, sizeof level);
}

static void irq(fwsim__cpu *cpu, unsigned line, bool level)
{
    unsigned n = EXC_IRQ0 + line;
    bool before_level;

    if (n >= cpu->exceptions)
        return;
    before_level = armv7m_bit(cpu->st->level, n);
    armv7m_bit_put(cpu->st->level, n, level);
    if (level && !before_level)
        armv7m_pend(cpu, n);
}

static void event(fwsim__cpu *cpu, unsigned id)
{
    (void)id;
    armv7m_systick_event(cpu);
}

static uint64_t current_pc(fwsim__cpu *cpu)
{
    if (cpu->access.active)
        return armv7m_access_pc(cpu);
    return armv7m_pc(cpu);
}

static void sync_out(fwsim__cpu *cpu)
{
    armv7m_limits_read(cpu);
    for (unsigned r = 0; r < FWSIM__ARM_REGS; r++)
        if (cpu->core->fpu || r < FWSIM__ARM_FPSCR)
            cpu->st->regs[r] = armv7m_get(cpu, (fwsim__arm_reg)r);
}

static void sync_in(fwsim__cpu *cpu)
{
    armv7m_state *st = cpu->st;
    uint32_t control = st->regs[FWSIM__ARM_CONTROL];
    unsigned exception = st->exception;

    cpu->access.tick = UINT64_MAX; /* no visit that came before goes on */
    armv7m_set_mode(cpu, EXC_RESET, false);
    for (unsigned r = 0; r < FWSIM__ARM_REGS; r++)
        if (r != FWSIM__ARM_IPSR && r != FWSIM__ARM_XPSR &&
            (cpu->core->fpu || r < FWSIM__ARM_FPSCR))
            fwsim__engine_set(cpu->engine, (fwsim__arm_reg)r,
                              r == FWSIM__ARM_CONTROL
                                  ? control & ~CONTROL_NPRIV
                                  : st->regs[r]);
    armv7m_set_mode(cpu, 0, false);
    fwsim__engine_set(cpu->engine, FWSIM__ARM_CONTROL,
                      control & ~CONTROL_NPRIV);
    if (exception)
        armv7m_set_mode(cpu, exception, false);
    armv7m_set(cpu, FWSIM__ARM_XPSR, st->regs[FWSIM__ARM_XPSR]);
    fwsim__engine_set(cpu->engine, FWSIM__ARM_SP, st->regs[FWSIM__ARM_SP]);
    fwsim__engine_set(cpu->engine, FWSIM__ARM_CONTROL, control);
    armv7m_set_pc(cpu, st->regs[FWSIM__ARM_PC],
                  st->regs[FWSIM__ARM_XPSR] & XPSR_T);
    armv7m_restore_exclusive(cpu);
    armv7m_limits_write(cpu);
    cpu->skip_break = ARMV7M_NO_BREAK;
    cpu->protects |= cpu->st->mpu.ctrl != 0 || (control & CONTROL_NPRIV);
    cpu->forget_pages |= cpu->protects;
    armv7m_watches_changed(cpu);
    armv7m_update_watch(cpu);
}

/** The engine compares what it has translated from RAM. */
static void memory_changed(fwsim__cpu *cpu, uint64_t addr, uint64_t size)
{
    const fwsim__mem *mem = fwsim__mem_at(cpu->m, addr);

    if (mem && mem->desc->kind == FWSIM_MEM_RAM)
        fwsim__engine_written(cpu->engine, addr, size);
    else
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
    return armv7m_set_breaks(cpu, ARMV7M_NO_BREAK);
}

static void skip(fwsim__cpu *cpu)
{
    armv7m_skip_instruction(cpu, armv7m_pc(cpu));
}

const fwsim__cpu_ops armv7m_ops = {
    .state_size = sizeof(armv7m_state),
    .create = create,
    .destroy = destroy,
    .slot = armv7m_debug_slot,
    .reset = reset,
    .run = armv7m_run,
    .step = armv7m_step,
    .skip = skip,
    .guards = fwsim__engine_has_page_rights,
    .irq = irq,
    .event = event,
    .read = armv7m_read_register,
    .write = armv7m_write_register,
    .registers = armv7m_registers,
    .pc = current_pc,
    .sync_out = sync_out,
    .sync_in = sync_in,
    .memory_changed = memory_changed,
    .pages_changed = pages_changed,
    .code_hooks_changed = code_hooks_changed,
    .backtrace = armv7m_backtrace,
    .report = armv7m_report,
    .context_save = armv7m_context_save,
    .context_restore = armv7m_context_restore,
    .wake = armv7m_wake,
    .asleep = armv7m_asleep,
    .pass_hooks = armv7m_pass_hooks,
    .return_to = armv7m_return_to,
    .is_exception_return = armv7m_is_exception_return,
    .call_end = ARMV7M_CALL_END,
    .insight = &armv7m_insight,
};
