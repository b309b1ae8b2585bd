/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debug units as firmware uses them: DebugMonitor and the registers of C1.6,
 * the cycle counter of the DWT (C1.8), the stimulus ports of the ITM (C1.7).
 * No debugger is attached. The comparators are in armv7m_watch.c.
 *
 * The cycle counter goes with virtual time, also in sleep. What is written to
 * a stimulus port goes to one serial line, whatever the port.
 *
 * Not modelled: event counters and packets of the DWT, timestamps and packets
 * of the ITM, vector catch.
 */
#include "cpu/armv7m_regs.h"

/* VC_x, MON_EN, MON_STEP, MON_REQ; MON_PEND is the pending bit. */
#define DEMCR_RW (DEMCR_TRCENA | 0x000d07f1u)

#define DHCSR_S_REGRDY    (1u << 16)
#define DHCSR_S_RETIRE_ST (1u << 24)
#define DHCSR_S_RESET_ST  (1u << 25)

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
/* DebugMonitor (C1.4, B1.5.3)                                          */
/* ------------------------------------------------------------------ */

bool armv7m_debug_event(fwsim__cpu *cpu, uint32_t dfsr)
{
    if (!(cpu->st->debug.demcr & DEMCR_MONEN) ||
        !armv7m_preempts(cpu, EXC_DEBUGMON))
        return false;
    cpu->st->debug.dfsr |= dfsr;
    armv7m_pend(cpu, EXC_DEBUGMON);
    return true;
}

bool armv7m_monitor_steps(fwsim__cpu *cpu)
{
    uint32_t both = DEMCR_MONEN | DEMCR_MONSTEP;

    return (cpu->st->debug.demcr & both) == both &&
           armv7m_preempts(cpu, EXC_DEBUGMON);
}

/** The two sticky bits are cleared by a read; instructions retire all the
 * time (C1.6.2). */
static uint32_t dhcsr_read(fwsim__cpu *cpu, unsigned index)
{
    uint32_t reset = cpu->st->debug.reset_seen ? 0 : DHCSR_S_RESET_ST;

    (void)index;
    cpu->st->debug.reset_seen = 1;
    return DHCSR_S_REGRDY | DHCSR_S_RETIRE_ST | reset;
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

static void comparator_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                             uint32_t lanes)
{
    if (dwt_writable(cpu))
        armv7m_set_comparator(cpu, index, value, lanes);
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

static uint32_t demcr_read(fwsim__cpu *cpu, unsigned index)
{
    (void)index;
    return cpu->st->debug.demcr |
           (armv7m_bit(cpu->st->pending, EXC_DEBUGMON) ? DEMCR_MONPEND : 0);
}

/** MON_PEND works whatever MON_EN is (C1.6.5). */
static void demcr_write(fwsim__cpu *cpu, unsigned index, uint32_t value,
                        uint32_t lanes)
{
    armv7m_debug *d = &cpu->st->debug;

    (void)index;
    count_from(cpu, cycles(cpu));
    d->demcr = armv7m_merge(d->demcr, value, lanes & DEMCR_RW);
    if (lanes & DEMCR_MONPEND)
        armv7m_bit_put(cpu->st->pending, EXC_DEBUGMON, value & DEMCR_MONPEND);
    armv7m_watches_changed(cpu);
    fwsim__attention(cpu->m);
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
    { 0x01020, 16, MAIN, armv7m_comparator,   comparator_write },
    { 0x01fb0, 1,  MAIN, .write = dwt_lock_write },
    { 0x01fb4, 1,  MAIN, dwt_lock_status },
    { 0x0ed30, 1,  MAIN, FIELD(debug.dfsr),   .w1c = 0x1f },
    { 0x0edf0, 1,  MAIN, dhcsr_read },        /* no debugger: nothing to write */
    { 0x0edf4, 1,  MAIN },                    /* DCRSR: write-only */
    { 0x0edf8, 1,  MAIN, FIELD(debug.dcrdr),  .rw = ~0u },
    { 0x0edfc, 1,  MAIN, demcr_read,          demcr_write },
    { 0x0ed30, 1,  ALL },                     /* Armv6-M: the debugger's alone */
    { 0x0edf0, 4,  ALL },
    { 0 }
};
/* clang-format on */
