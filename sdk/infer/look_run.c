/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One concrete run: fetch and conditional execution, branches, calls and
 * returns, and the loops that lead nowhere.
 */
#include "infer/look_run.h"

#include <string.h>

/* Rounds with the same step until a loop counts as waiting for a time-out;
 * a loop that takes samples or drains a FIFO is over before. */
enum { ROUNDS_MAX = 8, ROUNDS_MIN = 2 };

#define FIRST_ERRNO (-255u) /* results from here on are negative errno values */

/* Start and end ------------------------------------------------------- */

void fwsim__look_start(fwsim__look_run *r, uint32_t value,
                       fwsim__look_path *path)
{
    const fwsim__look_read *read = r->read;

    r->number++;
    r->path = path;
    r->value = value;
    memset(path, 0, sizeof(*path));
    path->value = value;
    path->read_pc = read->regs[15];
    path->end = FWSIM__LOOK_LIMIT;
    memcpy(r->regs, read->regs, sizeof(r->regs));
    r->regs[13] &= ~3u; /* B1.4.1 */
    r->pc = read->regs[15];
    r->tainted = 0;
    r->nzcv = (uint8_t)(read->xpsr >> 28);
    r->it = (uint8_t)((read->xpsr >> 8 & 0xfc) | (read->xpsr >> 25 & 3));
    r->exception = read->xpsr & 0x1ff;
    r->apsr = read->xpsr & 0x080f0000;
    r->primask = read->masked;
    r->basepri = r->faultmask = r->control = r->psp = 0;
    r->psp_known = false;
    r->over = r->conditional = false;
    r->depth = r->lowest = 0;
    r->way = 0;
    memset(&r->flags, 0, sizeof(r->flags));
    r->carry_from = -1;
    r->carry_pc = 1; /* no instruction is there */
    r->words = r->kept_count = r->write_count = 0;
    r->own_written = false;
    memset(&r->progress, 0, sizeof(r->progress));
    r->s_known = r->fpscr = 0;
    r->fpscr_known = false;
    r->loop_count = r->poll_count = 0;
}

void fwsim__look_end_run(fwsim__look_run *r, fwsim__look_end end)
{
    if (r->over)
        return;
    r->over = true;
    r->path->end = end;
    r->path->end_pc = r->pc;
}

void fwsim__look_gap(fwsim__look_run *r)
{
    if (!r->over && !r->out->gap_pc)
        r->out->gap_pc = r->pc;
    fwsim__look_end_run(r, FWSIM__LOOK_GAP);
}

/* Branches ------------------------------------------------------------ */

/** Of the blocks that only this path has, remember the one taken least. */
static void note_rare(fwsim__look_run *r, uint32_t pc)
{
    uint32_t *base = &r->base_blocks[(pc >> 1) % FWSIM__LOOK_BASE_BLOCKS];
    fwsim__look_path *p = r->path;
    unsigned taken;

    if (r->number == 1) {
        *base = pc;
        return;
    }
    if (*base == pc || !r->world->taken)
        return;
    taken = r->world->taken(r->world->user, pc);
    if (!p->rare_pc || taken < p->rare_taken) {
        p->rare_pc = pc;
        p->rare_taken = taken;
    }
}

/** A block begins: is it one that never ran? */
static void note_block(fwsim__look_run *r, uint32_t pc)
{
    unsigned i = (pc >> 1 ^ pc >> 7) & (FWSIM__LOOK_BLOCKS - 1);

    if (r->blocks[i].pc != pc) {
        r->blocks[i].pc = pc;
        r->blocks[i].run = 0;
        r->blocks[i].seen =
            !r->world->seen || r->world->seen(r->world->user, pc);
    }
    note_rare(r, pc);
    if (r->blocks[i].run != r->number) {
        r->blocks[i].run = r->number;
        r->path->new_blocks += !r->blocks[i].seen;
    }
}

void fwsim__look_jump(fwsim__look_run *r, uint32_t target)
{
    r->next = target;
    note_block(r, target);
    if (target <= r->pc)
        fwsim__look_loop_closed(r, target);
}

void fwsim__look_branch(fwsim__look_run *r, bool taken, uint32_t target)
{
    if (taken)
        fwsim__look_jump(r, target);
    else
        note_block(r, r->next);
}

/** A call instruction ends at an address, so it is one that is returned to. */
static bool follows_call(const fwsim__look_run *r, uint32_t addr)
{
    const fwsim__look_memory *m = fwsim__look_find(r, addr - 4);
    const uint8_t *code;
    uint32_t first, second;

    if (!m || addr - m->base > m->size)
        return false;
    code = m->bytes + (addr - 4 - m->base);
    first = (uint32_t)(code[0] | code[1] << 8);
    second = (uint32_t)(code[2] | code[3] << 8);
    return ((first & 0xf800) == 0xf000 && (second & 0xd000) == 0xd000) ||
           (second & 0xff87) == 0x4780;
}

/** A word with bits of the value goes into the PC. */
static void follow(fwsim__look_run *r, fwsim__operand target)
{
    if (!target.bits)
        return;
    r->out->addressed |= target.bits->sources;
    fwsim__look_enumerate(r, target.bits);
}

static void branch_exchange(fwsim__look_run *r, fwsim__operand target)
{
    follow(r, target);
    if (target.value >= 0xffffff00u && r->exception) {
        fwsim__look_end_run(r, FWSIM__LOOK_EXIT);
        return;
    }
    if (!(target.value & 1)) {
        fwsim__look_end_run(r, FWSIM__LOOK_WILD);
        return;
    }
    fwsim__look_jump(r, target.value & ~1u);
}

void fwsim__look_interwork(fwsim__look_run *r, fwsim__operand target)
{
    if (follows_call(r, target.value & ~1u))
        fwsim__look_return(r, target);
    else
        branch_exchange(r, target);
}

void fwsim__look_call(fwsim__look_run *r, fwsim__operand target)
{
    r->out->stored |= fwsim__look_sources(fwsim__look_get(r, 0));
    fwsim__look_put(r, 14, r->next | 1);
    r->depth++;
    branch_exchange(r, target);
}

void fwsim__look_return(fwsim__look_run *r, fwsim__operand target)
{
    r->depth--;
    r->path->failures += r->regs[0] >= FIRST_ERRNO;
    if (r->depth < r->lowest) {
        r->lowest = r->depth;
        if (!r->path->returned) {
            r->path->returned = true;
            r->path->result = r->regs[0];
            r->out->stored |= fwsim__look_sources(fwsim__look_get(r, 0));
        }
    }
    branch_exchange(r, target);
}

/* Loops --------------------------------------------------------------- */

/** A loop that nothing leaves: the idle end of a program that returned to
 * here, or the end of a program that failed. */
static void end_endless(fwsim__look_run *r)
{
    bool idle = !r->primask && !r->exception && r->path->returned &&
                r->depth == r->lowest;

    fwsim__look_end_run(r, idle ? FWSIM__LOOK_IDLE : FWSIM__LOOK_DEAD);
}

/** All is as it was a round ago. What did the round do? A wait for the
 * register in another place is no spin: there it may have changed, and it may
 * have to be what it must not be here. */
static void end_loop(fwsim__look_run *r, const fwsim__look_progress *then)
{
    const fwsim__look_progress *now = &r->progress;

    if (now->writes != then->writes)
        fwsim__look_end_run(r, FWSIM__LOOK_LIMIT);
    else if (now->here != then->here && now->tests != then->tests)
        fwsim__look_end_run(r, FWSIM__LOOK_SPIN);
    else if (now->polls != then->polls || now->reads != then->reads)
        fwsim__look_end_run(r, FWSIM__LOOK_LIMIT);
    else if (now->loads != then->loads)
        fwsim__look_end_run(r, FWSIM__LOOK_WAIT);
    else
        end_endless(r);
}

/** Registers in pairs, as UMAC's NH (RFC 4418, 5.2): products do not wait for
 * each other. */
static uint64_t hash_of(const fwsim__look_run *r, uint32_t target)
{
    uint64_t h = ((uint64_t)target << 8 | (uint64_t)r->nzcv << 1 | r->primask) *
                 0x9e3779b97f4a7c15u;

    for (uint32_t i = 0; i < 14; i += 2)
        h += (uint64_t)(r->regs[i] + 0x9e3779b1u * (i + 1)) *
             (r->regs[i + 1] + 0x85ebca6bu * (i + 1));
    h = (h ^ h >> 31) * 0xbf58476d1ce4e5b9u + r->regs[14];
    return h + r->progress.memory * 0x94d049bb133111ebu;
}

void fwsim__look_loop_closed(fwsim__look_run *r, uint32_t target)
{
    fwsim__look_loop loop = { hash_of(r, target), r->progress };
    unsigned n = r->loop_count < FWSIM__LOOK_LOOPS ? r->loop_count
                                                   : FWSIM__LOOK_LOOPS;

    if (target == r->pc) {
        end_endless(r);
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        if (r->loops[i].state == loop.state) {
            end_loop(r, &r->loops[i].progress);
            return;
        }
    }
    r->loops[r->loop_count++ % FWSIM__LOOK_LOOPS] = loop;
}

/* Polls --------------------------------------------------------------- */

static void remember_poll(fwsim__look_run *r, fwsim__look_poll *p)
{
    p->pc = r->pc;
    p->sp = r->regs[13];
    p->lr = r->regs[14];
    memcpy(p->regs, r->regs, sizeof(p->regs));
    p->progress = r->progress;
}

/** The round since the last poll in this place did nothing but test the
 * value. */
static bool idle_round(const fwsim__look_run *r, const fwsim__look_poll *p)
{
    return r->progress.tests != p->progress.tests &&
           r->progress.writes == p->progress.writes &&
           r->progress.data == p->progress.data &&
           r->progress.stores - p->progress.stores <= 1;
}

/** ... and counted, as the round before it. */
static bool counting_round(fwsim__look_run *r, fwsim__look_poll *p)
{
    uint32_t stored = r->progress.stored - p->progress.stored;
    bool same = p->stored == stored;

    for (unsigned i = 0; i < 13; i++) {
        uint32_t step = r->regs[i] - p->regs[i];

        same = same && step == p->step[i];
        p->step[i] = step;
    }
    p->stored = stored;
    return same;
}

static void check_poll(fwsim__look_run *r, fwsim__look_poll *p)
{
    bool counting = counting_round(r, p);
    bool idle = idle_round(r, p);

    p->rounds = counting && idle ? p->rounds + 1 : 0;
    if (p->rounds >= ROUNDS_MAX ||
        (idle && r->progress.memory == p->progress.memory &&
         !memcmp(p->regs, r->regs, sizeof(p->regs))))
        fwsim__look_end_run(r, p == r->polls ? FWSIM__LOOK_SPIN
                                             : FWSIM__LOOK_LIMIT);
    remember_poll(r, p);
}

/** The caller belongs to the place, for the sake of accessors; in the call of
 * the function where the look began it does not change. */
static bool same_place(const fwsim__look_run *r, const fwsim__look_poll *p)
{
    return p->pc == r->pc && p->sp == r->regs[13] &&
           (p->lr == r->regs[14] || (p == r->polls && !r->lowest));
}

void fwsim__look_polled(fwsim__look_run *r)
{
    fwsim__look_poll *p = r->polls;
    fwsim__look_poll *end = r->polls + r->poll_count;

    r->path->read_pc = r->pc;
    if (r->progress.polls++)
        r->path->polls++;
    while (p < end && !same_place(r, p))
        p++;
    r->progress.here += p == r->polls;
    if (p < end) {
        check_poll(r, p);
    } else if (r->poll_count < FWSIM__LOOK_POLLS) {
        r->poll_count++;
        memset(p->step, 0, sizeof(p->step));
        p->stored = p->rounds = 0;
        remember_poll(r, p);
    }
}

/** The run is at its limit: was it counting down to a time-out? */
static bool times_out(const fwsim__look_run *r)
{
    return r->poll_count && r->polls[0].rounds >= ROUNDS_MIN;
}

/* Instructions -------------------------------------------------------- */

static uint32_t halfword(const uint8_t *b)
{
    return (uint32_t)(b[0] | b[1] << 8);
}

static bool fetch(fwsim__look_run *r, uint32_t *insn)
{
    uint32_t offset = r->pc - r->code_base;

    if (offset >= r->code_size) {
        const fwsim__look_memory *m = fwsim__look_find(r, r->pc);

        if (!m)
            return false;
        r->code_base = m->base;
        r->code_size = m->size & ~1u;
        r->code = m->bytes;
        offset = r->pc - r->code_base;
        if (offset >= r->code_size)
            return false;
    }
    *insn = halfword(r->code + offset);
    if (*insn < 0xe800) {
        r->next = r->pc + 2;
        return true;
    }
    r->next = r->pc + 4;
    if (r->code_size - offset < 4)
        return false;
    *insn = *insn << 16 | halfword(r->code + offset + 2);
    return true;
}

/** In an IT block (A7.3.3): does the instruction execute? */
static bool executes(fwsim__look_run *r)
{
    unsigned cond = r->it >> 4;

    r->it = r->it & 7 ? (uint8_t)((r->it & 0xe0) | (r->it << 1 & 0x1f)) : 0;
    if (r->flags.kind != FWSIM__FLAGS_PLAIN && cond < FWSIM__AL)
        fwsim__look_decide(r, cond);
    return fwsim__look_passed(r->nzcv, cond);
}

bool fwsim__look_step(fwsim__look_run *r)
{
    uint32_t insn;

    if (!fetch(r, &insn)) {
        fwsim__look_end_run(r, FWSIM__LOOK_WILD);
        return false;
    }
    r->regs[15] = r->pc + 4;
    r->conditional = r->it != 0;
    if (!r->conditional || executes(r)) {
        if (insn >> 16)
            fwsim__look_insn32(r, insn);
        else
            fwsim__look_insn16(r, insn);
        if (r->over)
            return false;
    }
    r->pc = r->next;
    return true;
}

void fwsim__look_go(fwsim__look_run *r, unsigned limit)
{
    unsigned n = 0;

    while (n < limit) {
        n++;
        if (!fwsim__look_step(r))
            break;
    }
    if (!r->over)
        fwsim__look_end_run(r, times_out(r) ? FWSIM__LOOK_SPIN
                                            : FWSIM__LOOK_LIMIT);
    r->path->route = r->way;
    r->path->instructions = n;
    r->out->instructions += n;
    r->out->tested |= r->path->tested;
}
