/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts of peripherals that nobody modelled: every line that firmware has
 * enabled is raised in turn, at a fixed period, when the core would take it at
 * once and the line has a handler of its own.
 */
#include "infer/infer.h"

enum {
    SHARED = 3, /* fewer lines share no default handler */
    DEFAULT_AGE = 256, /* interrupts until the vectors are looked at again */
    TRUSTED = 64, /* times; then it is raised unseen */
    HANDLER_INSTRUCTIONS = 300,
    FRAME_SIZE = 32,
    EXC_IRQ0 = 16 /* DDI 0403E B1.5.2: number of line 0 */
};
#define XPSR_T            (1u << 24)
#define EXC_RETURN_THREAD 0xfffffff9u
#define NOWHERE           0xffffffffu /* of which no handler reads */

/** The handler of most lines, if of more than a few: the default one. It is an
 * endless loop, or where an RTOS dispatches all interrupts. */
static uint64_t default_handler(const fwsim__infer *f)
{
    uint64_t candidate = 0;
    unsigned votes = 0, count = 0;

    for (unsigned line = 0; line < f->m->soc->irq_lines; line++) {
        uint64_t handler = f->insight->handler(f->m->cpu, line);

        if (!votes)
            candidate = handler;
        votes += handler == candidate ? 1u : -1u;
    }
    for (unsigned line = 0; line < f->m->soc->irq_lines; line++)
        count += f->insight->handler(f->m->cpu, line) == candidate;
    return count >= SHARED ? candidate : 0;
}

/** Would the handler come back, if the line were raised now? One that is called
 * before its driver is ready follows pointers that are not there yet. Where it
 * asks for a transfer that has ended it has a reason to be called. */
static bool comes_back(fwsim__infer *f, unsigned line, uint64_t handler)
{
    fwsim__look_read read = { .xpsr = XPSR_T | (EXC_IRQ0 + line),
                              .max_paths = 1,
                              .max_instructions = HANDLER_INSTRUCTIONS,
                              .budget = HANDLER_INSTRUCTIONS };
    uint64_t sp = 0;

    if (f->st.line[line].trusted >= TRUSTED)
        return true;
    f->m->cpu_ops->read(f->m->cpu, "msp", &sp);
    read.regs[13] = (uint32_t)sp - FRAME_SIZE;
    read.regs[14] = EXC_RETURN_THREAD;
    read.regs[15] = (uint32_t)handler;
    read.addr = NOWHERE;
    read.width = 1;
    f->asked = false;
    fwsim__look(&f->world, &read, &f->look);
    f->st.look_instructions += f->look.instructions;
    if (f->asked)
        return true;
    if (f->look.path[0].end == FWSIM__LOOK_WILD ||
        f->look.path[0].end == FWSIM__LOOK_DEAD)
        return false;
    f->st.line[line].trusted++;
    return true;
}

static bool is_ready(fwsim__infer *f, unsigned line, bool shared)
{
    uint64_t handler = f->insight->handler(f->m->cpu, line);

    return f->insight->takes_line(f->m->cpu, line) && handler &&
           fwsim__mem_at(f->m, handler) && !fwsim__code_is_endless(f, handler) &&
           (handler == f->st.default_handler) == shared &&
           comes_back(f, line, handler);
}

/** The first enabled line from @a from on that can be raised; -1: none. */
static int ready_from(fwsim__infer *f, unsigned from, bool shared)
{
    int line = f->insight->enabled_line(f->m->cpu, from);

    while (line >= 0 && !is_ready(f, (unsigned)line, shared))
        line = f->insight->enabled_line(f->m->cpu, (unsigned)line + 1);
    return line;
}

/** The next line to raise; -1: none. One that has the default handler is a
 * mistake, unless all have it. */
static int next_line(fwsim__infer *f)
{
    int line = -1;

    if (f->insight->enabled_line(f->m->cpu, 0) < 0)
        return -1;
    if (f->st.default_age-- == 0) {
        f->st.default_handler = default_handler(f);
        f->st.default_age = DEFAULT_AGE;
    }
    for (unsigned shared = 0; shared < 2 && line < 0; shared++) {
        line = ready_from(f, f->st.next_line, shared);
        if (line < 0)
            line = ready_from(f, 0, shared);
    }
    return line;
}

static void raise_line(fwsim__infer *f, unsigned line)
{
    f->st.line[line].raised++;
    f->st.next_line = line + 1;
    fwsim__line_rise(f->m, (int)line);
    f->m->cpu_ops->irq(f->m->cpu, line, false);
}

void fwsim__interrupts_start(fwsim__infer *f)
{
    f->st.resting = false;
    if (f->insight && f->irq_period)
        fwsim__event_set(f->m, FWSIM__OWNER_SUBSTITUTE, 0,
                         f->m->now + f->irq_period);
}

/** The core has slept for a whole period, takes none of the lines, and nothing
 * else is to come that could wake it. */
static bool sleeps_for_good(const fwsim__infer *f)
{
    return fwsim_instructions(f->m) == f->st.executed &&
           fwsim__event_next(f->m) == UINT64_MAX;
}

void fwsim__interrupts_event(fwsim__infer *f)
{
    int line = next_line(f);

    fwsim__dma_complete(f);
    if (line >= 0)
        raise_line(f, (unsigned)line);
    f->st.resting = line < 0 && sleeps_for_good(f);
    f->st.executed = fwsim_instructions(f->m);
    if (!f->st.resting)
        fwsim__interrupts_start(f);
}

void fwsim__interrupts_seen(fwsim__infer *f, const fwsim__cell *c,
                            unsigned exception)
{
    unsigned line = exception - 16;

    if (line < 128)
        fwsim__area_of(f, c)->lines[line / 64] |= (uint64_t)1 << line % 64;
}
