/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debug units as firmware uses them: the cycle counter of the DWT (C1.8), the
 * stimulus ports of the ITM (C1.7), DHCSR and DEMCR (C1.6). No debugger is
 * attached.
 *
 * The cycle counter goes with virtual time, also in sleep. What is written to
 * a stimulus port goes to one serial line, whatever the port.
 *
 * Not modelled: comparators and event counters of the DWT, timestamps and
 * packets of the ITM, DebugMonitor.
 */
#include "cpu/armv7m_regs.h"

#define DEMCR_TRCENA (1u << 24)
/* VC_x, MON_EN, MON_STEP, MON_REQ; MON_PEND would pend DebugMonitor. */
#define DEMCR_RW (DEMCR_TRCENA | 0x000d07f1u)

#define DWT_CYCCNTENA (1u << 0)
#define DWT_CTRL_RW   0x007f1fffu
#define DWT_NUMCOMP   (4u << 28) /* as the parts have them; see above */

#define ITM_ITMENA  (1u << 0)
#define ITM_CTRL_RW 0x007f0f0fu

#define STIM_READY    (1u << 0)
#define STIM_DISABLED (1u << 1) /* Armv8-M, DDI 0553B D1.2.146 */

#define LOCK_KEY     0xc5acce55u
#define LOCK_PRESENT (1u << 0)
#define LOCK_LOCKED  (1u << 1)

static bool tracing(const fwsim__cpu *cpu)
{
    return cpu->st->debug.demcr & DEMCR_TRCENA;
}

/* ------------------------------------------------------------------ */
/* Locks (CoreSight): open says that the key was written                */
/* ------------------------------------------------------------------ */

static uint32_t lock_status(bool has_lock, uint32_t open)
{
    return has_lock ? LOCK_PRESENT | (open ? 0 : LOCK_LOCKED) : 0;
}

static bool dwt_writable(const fwsim__cpu *cpu)
{
    return !cpu->core->dwt_lock || cpu->st->debug.dwt_open;
}

/** Armv8-M has done away with the lock. */
static bool itm_writable(const fwsim__cpu *cpu)
{
    return cpu->core->v8m || cpu->st->debug.itm_open;
}

static void dwt_lock_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes)
{
    (void)index;
    cpu->st->debug.dwt_open = (value & lanes) == LOCK_KEY;
}

static uint32_t dwt_lock_status(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return lock_status(cpu->core->dwt_lock, cpu->st->debug.dwt_open);
}

static void itm_lock_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes)
{
    (void)index;
    cpu->st->debug.itm_open = (value & lanes) == LOCK_KEY;
}

static uint32_t itm_lock_status(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return lock_status(!cpu->core->v8m, cpu->st->debug.itm_open);
}

/* ------------------------------------------------------------------ */
/* DWT                                                                  */
/* ------------------------------------------------------------------ */

static uint32_t cycles(const fwsim__cpu *cpu)
{
    const armv7m_debug *d = &cpu->st->debug;

    if (!tracing(cpu) || !(d->dwt_ctrl & DWT_CYCCNTENA))
        return d->cycles;
    return d->cycles + (uint32_t)(cpu->m->now - d->cycles_from);
}

/** Go on from a value, before what decides about counting is changed. */
static void count_from(fwsim__cpu *cpu, uint32_t value)
{
    cpu->st->debug.cycles = value;
    cpu->st->debug.cycles_from = cpu->m->now;
}

static void demcr_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                        uint32_t lanes)
{
    armv7m_debug *d = &cpu->st->debug;

    (void)index;
    count_from(cpu, cycles(cpu));
    d->demcr = armv7m_merge(d->demcr, value, lanes & DEMCR_RW);
}

static uint32_t dwt_ctrl_read(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return DWT_NUMCOMP | cpu->st->debug.dwt_ctrl;
}

static void dwt_ctrl_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes)
{
    armv7m_debug *d = &cpu->st->debug;

    (void)index;
    if (!dwt_writable(cpu))
        return;
    count_from(cpu, cycles(cpu));
    d->dwt_ctrl = armv7m_merge(d->dwt_ctrl, value, lanes & DWT_CTRL_RW);
}

static uint32_t cycles_read(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return cycles(cpu);
}

static void cycles_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                         uint32_t lanes)
{
    (void)index;
    if (dwt_writable(cpu))
        count_from(cpu, armv7m_merge(cycles(cpu), value, lanes));
}

/* ------------------------------------------------------------------ */
/* ITM                                                                  */
/* ------------------------------------------------------------------ */

static bool port_enabled(const fwsim__cpu *cpu, unsigned port)
{
    const armv7m_debug *d = &cpu->st->debug;

    return tracing(cpu) && (d->itm_ctrl & ITM_ITMENA) &&
           (d->itm_enabled >> port & 1);
}

static uint32_t stimulus_read(fwsim__cpu *cpu, unsigned port)
{
    if (port_enabled(cpu, port))
        return STIM_READY;
    return cpu->core->v8m ? STIM_DISABLED : 0;
}

static void stimulus_write(fwsim__cpu *cpu, unsigned port, uint32_t value,
                           uint32_t lanes)
{
    /* C1.7.4: a bit of TPR is for eight ports. */
    bool privileged_only = cpu->st->debug.itm_privilege >> (port / 8) & 1;
    fwsim_periph *line = fwsim__periph_find(cpu->m, "itm");

    if (!port_enabled(cpu, port) ||
        (privileged_only && armv7m_unprivileged(cpu)))
        return;
    for (value &= lanes; lanes; lanes >>= 8, value >>= 8)
        if (lanes & 0xff)
            fwsim_uart_tx(line, (uint8_t)value);
}

static void itm_write(fwsim__cpu *cpu, uint32_t *reg, uint32_t value,
                      uint32_t lanes)
{
    if (itm_writable(cpu))
        *reg = armv7m_merge(*reg, value, lanes);
}

static void itm_enable_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                             uint32_t lanes)
{
    (void)index;
    itm_write(cpu, &cpu->st->debug.itm_enabled, value, lanes);
}

static void itm_privilege_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                                uint32_t lanes)
{
    (void)index;
    itm_write(cpu, &cpu->st->debug.itm_privilege, value, lanes & 0xf);
}

static void itm_ctrl_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                           uint32_t lanes)
{
    (void)index;
    itm_write(cpu, &cpu->st->debug.itm_ctrl, value, lanes & ITM_CTRL_RW);
}

static const fwsim_periph_type itm = {
    .name = "itm",
    .summary = "Stimulus ports of the core's ITM",
    .source = "Armv7-M ARM, DDI 0403E.e, C1.7",
    .uart = true,
};

static const fwsim_slot itm_slot = { .name = "itm", .type = &itm };

const fwsim_slot *armv7m_debug_slot(const fwsim_cpu_info *info)
{
    return armv7m_core_find(info->name)->v6m ? NULL : &itm_slot;
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

/* clang-format off */
const armv7m_reg armv7m_debug_regs[] = {
    { 0x00000, 32, MAIN, stimulus_read,   stimulus_write },
    { 0x00e00, 1,  MAIN, .write = itm_enable_write,
                         FIELD(debug.itm_enabled) },
    { 0x00e40, 1,  MAIN, .write = itm_privilege_write,
                         FIELD(debug.itm_privilege) },
    { 0x00e80, 1,  MAIN, .write = itm_ctrl_write,
                         FIELD(debug.itm_ctrl) },
    { 0x00fb0, 1,  MAIN, .write = itm_lock_write },
    { 0x00fb4, 1,  MAIN, itm_lock_status },
    { 0x01000, 1,  MAIN, dwt_ctrl_read,   dwt_ctrl_write },
    { 0x01004, 1,  MAIN, cycles_read,     cycles_write },
    { 0x01fb0, 1,  MAIN, .write = dwt_lock_write },
    { 0x01fb4, 1,  MAIN, dwt_lock_status },
    { 0x0edf0, 1,  ALL },                     /* DHCSR: no debugger */
    { 0x0edfc, 1,  MAIN, .write = demcr_write, FIELD(debug.demcr) },
    { 0 }
};
/* clang-format on */
