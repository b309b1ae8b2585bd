/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replaced and watched functions in a run. Their code hooks only make the core
 * leave before the instruction; what happens there happens between two
 * stretches of the core, with the machine at rest.
 */
#include "call/mock.h"

#include <stdlib.h>
#include <string.h>

/** A callback that is being called. */
typedef struct fwsim__frame {
    fwsim_invocation *call;
    int mock;
    uint64_t addr, sp, link; /* link: the register, as it is */
    fwsim__run_state run; /* the run that it is in */
    bool moved;           /* the original function was executed */
    fwsim_stop stop;      /* the run ended in the original function */
} frame;

static uint64_t reg(fwsim_machine *m, const char *name)
{
    uint64_t value = 0;

    m->cpu_ops->read(m->cpu, name, &value);
    return value;
}

/** Addresses are without the bit for Thumb. */
static uint64_t code_address(const fwsim__mock *k, uint64_t addr)
{
    return k->abi.a64 ? addr : addr & ~(uint64_t)1;
}

void fwsim__mock_hook(fwsim_machine *m, uint64_t pc, void *user)
{
    (void)pc;
    (void)user;
    m->at_standin = true;
    fwsim__attention(m);
}

/* ------------------------------------------------------------------ */
/* Arguments and results                                                */
/* ------------------------------------------------------------------ */

static void set_value(fwsim_value *v, fwsim_type type, unsigned width,
                      uint64_t bits)
{
    v->type = type;
    if (fwsim__type_is_float(type))
        v->number = fwsim__abi_number(type, bits);
    else
        v->value = fwsim__abi_extend(type, width, bits);
}

static uint64_t bits_of(const fwsim_value *v)
{
    return fwsim__type_is_float(v->type) ? fwsim__abi_bits(v->type, v->number)
                                         : v->value;
}

static fwsim__abi abi_of(const fwsim__mock *k)
{
    fwsim__abi abi = k->abi;

    abi.hard_float &= !(k->signature.known && k->signature.variadic);
    return abi;
}

static size_t arg_count(const fwsim__mock *k)
{
    size_t n = k->signature.known ? k->signature.count : k->abi.a64 ? 8 : 4;

    return n < FWSIM_INVOCATION_ARGS ? n : FWSIM_INVOCATION_ARGS;
}

/** Read the arguments, or write them. */
static void args(fwsim_machine *m, const fwsim__mock *k,
                 fwsim_invocation *call, uint64_t sp, bool write)
{
    fwsim__abi_cursor cursor = { .abi = abi_of(k) };

    call->arg_count = arg_count(k);
    for (size_t i = 0; i < call->arg_count; i++) {
        const fwsim__parameter *p = &k->signature.parameters[i];
        fwsim_type type = k->signature.known ? p->type : FWSIM_TYPE_AUTO;
        fwsim__abi_place place = fwsim__abi_next(&cursor, type);
        uint64_t bits = 0;

        if (write) {
            bits = bits_of(&call->args[i]);
            fwsim__abi_put(m, &cursor.abi, &place, sp,
                           place.size == 4 ? bits & UINT32_MAX : bits);
            continue;
        }
        fwsim__abi_get(m, &cursor.abi, &place, sp, &bits);
        set_value(&call->args[i], type, k->signature.known ? p->width : 0,
                  bits);
        call->args[i].name = k->signature.known ? p->name : NULL;
    }
}

static fwsim_type result_type(const fwsim__mock *k)
{
    if (k->signature.known)
        return k->signature.result.type;
    return k->abi.a64 ? FWSIM_TYPE_U64 : FWSIM_TYPE_U32;
}

static void get_result(fwsim_machine *m, const fwsim__mock *k,
                       fwsim_invocation *call)
{
    fwsim_type type = result_type(k);
    fwsim__abi abi = abi_of(k);
    fwsim__abi_place place = fwsim__abi_result(&abi, type);
    uint64_t bits = 0;

    if (type != FWSIM_TYPE_VOID)
        fwsim__abi_get(m, &abi, &place, 0, &bits);
    set_value(&call->result, type,
              k->signature.known ? k->signature.result.width : 0, bits);
    call->returned = true;
}

static void put_result(fwsim_machine *m, const fwsim__mock *k,
                       fwsim_invocation *call)
{
    fwsim_type type = result_type(k);
    fwsim__abi abi = abi_of(k);
    fwsim__abi_place place = fwsim__abi_result(&abi, type);
    uint64_t bits;

    call->result.type = type;
    call->returned = true;
    if (type == FWSIM_TYPE_VOID)
        return;
    bits = bits_of(&call->result);
    if (!fwsim__type_is_float(type) && k->signature.known)
        bits = fwsim__abi_extend(type, k->signature.result.width, bits);
    fwsim__abi_put(m, &abi, &place, 0,
                   place.size == 4 ? bits & UINT32_MAX : bits);
}

/* ------------------------------------------------------------------ */
/* Waiting for a return                                                 */
/* ------------------------------------------------------------------ */

/** Stop at the place where a call returns to. Places stay, as most functions
 * are called from few; the oldest is given up for a new one. */
static int watch_site(fwsim_machine *m, fwsim__mock *k, uint64_t addr)
{
    unsigned slot = k->next_site;
    int id;

    if (addr == m->cpu_ops->call_end)
        return 0; /* the machine says so by itself */
    for (unsigned i = 0; i < FWSIM__RETURN_SITES; i++)
        if (k->return_hook[i] && k->return_site[i] == addr)
            return 0;
    id = fwsim_on_code(m, addr, fwsim__mock_hook, NULL);
    if (id < 0)
        return id;
    if (k->return_hook[slot])
        fwsim_unhook(m, k->return_hook[slot]);
    k->return_hook[slot] = id;
    k->return_site[slot] = addr;
    k->next_site = (slot + 1) % FWSIM__RETURN_SITES;
    return 0;
}

static int wait_for(fwsim__mocks *s, fwsim__mock *k, const fwsim__waiting *w)
{
    int err = watch_site(s->m, k, w->addr);

    if (err)
        return err;
    if (s->waiting_count == FWSIM__UNDER_WAY)
        memmove(s->waiting, s->waiting + 1,
                --s->waiting_count * sizeof *s->waiting);
    s->waiting[s->waiting_count++] = *w;
    return 0;
}

/** The latest call that returns to here; what was called later than it will
 * not return any more. @return false: none */
static bool take_waiting(fwsim__mocks *s, uint64_t pc, uint64_t sp,
                         fwsim__waiting *out)
{
    for (unsigned i = s->waiting_count; i-- > 0;)
        if (s->waiting[i].addr == pc && s->waiting[i].sp == sp) {
            *out = s->waiting[i];
            s->waiting_count = i;
            return true;
        }
    return false;
}

/* ------------------------------------------------------------------ */
/* Callbacks                                                            */
/* ------------------------------------------------------------------ */

/* What follows works with a copy of the replacement: a callback may remove it.
 */

static int call_back(fwsim__mocks *s, const fwsim__mock *k, frame *f)
{
    struct fwsim__frame *outer = s->frame;
    unsigned depth = s->depth;

    if (s->depth == FWSIM__MOCK_DEPTH)
        return fwsim__error(s->m, FWSIM_EINVAL,
                            "%s: callbacks are %d deep. Does one call the "
                            "function it replaces? fwsim_mock_original calls "
                            "the original. Were callbacks left by longjmp? "
                            "Then restore a snapshot, or reset", k->name,
                            FWSIM__MOCK_DEPTH);
    f->run = s->m->run;
    s->frame = f;
    s->depth = depth + 1;
    k->fn(s->m, f->call, k->user);
    s->depth = depth;
    s->frame = outer;
    return 0;
}

/** Note a call among those that are kept. */
static void keep(const fwsim__mocks *s, int id, size_t place,
                 const fwsim_invocation *call)
{
    fwsim__mock *k = fwsim__mock_of(s->m, id);

    if (k && place && place <= k->kept_count)
        k->kept[place - 1] = *call;
}

static int replace(fwsim__mocks *s, const fwsim__mock *k, frame *f, size_t place,
                   fwsim_stop *stop)
{
    fwsim_machine *m = s->m;
    int err = 0;

    f->call->replaced = true;
    f->call->result.type = result_type(k);
    if (k->constant)
        f->call->result.value = k->value;
    else
        err = call_back(s, k, f);
    if (err)
        return err;
    if (f->stop.reason != FWSIM_STOP_NONE) {
        *stop = f->stop; /* it stands in the original function */
        return 0;
    }
    /* A callback that has run the machine itself, or restored it, is not
     * brought back to the caller. */
    if (!f->moved && (reg(m, "pc") != f->addr || reg(m, "sp") != f->sp))
        return 0;
    put_result(m, k, f->call);
    keep(s, k->id, place, f->call);
    if (f->moved) {
        m->cpu_ops->pass_hooks(m->cpu);
    } else {
        /* A loop around a replacement has to come to an end as well. */
        m->now++;
        m->cpu_ops->return_to(m->cpu, f->link);
    }
    return 0;
}

static int watch(fwsim__mocks *s, const fwsim__mock *k, frame *f,
                 size_t place)
{
    fwsim_machine *m = s->m;
    fwsim__mock *there;
    fwsim__waiting w = { .mock = k->id, .addr = f->call->caller, .sp = f->sp,
                         .call = *f->call, .kept = place };
    int err = 0;

    if (k->opt.at_entry && k->fn)
        err = call_back(s, k, f);
    if (err || reg(m, "pc") != f->addr)
        return err;
    there = fwsim__mock_of(m, k->id);
    if (there && !m->cpu_ops->is_exception_return(f->link))
        err = wait_for(s, there, &w);
    m->cpu_ops->pass_hooks(m->cpu);
    return err;
}

/** @param moved  out: the core is where the function returned to */
static int entered(fwsim__mocks *s, fwsim__mock *found, fwsim_stop *stop,
                   bool *moved)
{
    fwsim_machine *m = s->m;
    fwsim_invocation call = { .function = found->name,
                              .number = ++found->calls };
    const fwsim__mock copy = *found, *k = &copy;
    frame f = { .call = &call, .mock = k->id, .addr = k->addr };
    uint64_t first = k->opt.first ? k->opt.first : 1;
    size_t place = 0;
    int err;

    if (k->kept_count < k->kept_max && k->kept_count == k->calls - 1)
        place = ++found->kept_count;
    f.sp = reg(m, "sp");
    f.link = reg(m, "lr");
    call.caller = code_address(k, f.link);
    call.time_ns = fwsim_time_ns(m);
    args(m, k, &call, f.sp, false);
    keep(s, k->id, place, &call);
    if (call.number < first ||
        (k->opt.count && call.number - first >= k->opt.count)) {
        m->cpu_ops->pass_hooks(m->cpu);
        return 0;
    }
    err = k->spy ? watch(s, k, &f, place) : replace(s, k, &f, place, stop);
    *moved = f.moved;
    return err;
}

/** A call that was waited for has returned. */
static int returned(fwsim__mocks *s, fwsim__waiting *w, fwsim_stop *stop)
{
    const fwsim__mock *found = fwsim__mock_of(s->m, w->mock);
    frame f = { .call = &w->call };
    fwsim__mock k;

    if (w->original) {
        /* Who waited for it may have left by longjmp. */
        if (s->m->run.nested)
            stop->reason = FWSIM_STOP_RETURN;
        return 0;
    }
    if (!found)
        return 0;
    k = *found;
    get_result(s->m, &k, &w->call);
    keep(s, k.id, w->kept, &w->call);
    return k.fn && !k.opt.at_entry ? call_back(s, &k, &f) : 0;
}

static fwsim__mock *mock_at(fwsim__mocks *s, uint64_t pc)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->list[i]->addr == pc)
            return s->list[i];
    return NULL;
}

/** Calls that return to where the core is. */
static int returns(fwsim__mocks *s, fwsim_stop *stop)
{
    fwsim_machine *m = s->m;
    uint64_t pc = reg(m, "pc"), sp = reg(m, "sp");
    fwsim__waiting w;
    int err = 0;

    while (!err && stop->reason == FWSIM_STOP_NONE && reg(m, "pc") == pc &&
           reg(m, "sp") == sp && take_waiting(s, pc, sp, &w))
        err = returned(s, &w, stop);
    return err;
}

static int call(void *user, fwsim_stop *stop)
{
    fwsim__mocks *s = user;
    fwsim_machine *m = s->m;
    uint64_t pc = reg(m, "pc");
    bool moved = false;
    fwsim__mock *k;
    int err = returns(s, stop);

    if (err || stop->reason != FWSIM_STOP_NONE || reg(m, "pc") != pc)
        return err;
    k = mock_at(s, pc);
    if (k)
        err = entered(s, k, stop, &moved);
    else
        m->cpu_ops->pass_hooks(m->cpu);
    if (!err && moved && stop->reason == FWSIM_STOP_NONE)
        err = returns(s, stop);
    return err;
}

/** Nothing is under way any more. */
static void forget(void *user)
{
    fwsim__mocks *s = user;

    s->waiting_count = s->depth = 0;
}

const fwsim__standin fwsim__mocks_standin = { call, forget };

/* ------------------------------------------------------------------ */
/* The original                                                         */
/* ------------------------------------------------------------------ */

/** Stand at the function's first instruction, again if need be. */
static void go_to_entry(fwsim_machine *m, const fwsim__mock *k, frame *f)
{
    fwsim_cpu_write(m, "sp", f->sp);
    fwsim_cpu_write(m, "lr", f->link);
    fwsim_cpu_write(m, "pc", f->addr);
    args(m, k, f->call, f->sp, true);
    m->cpu_ops->pass_hooks(m->cpu);
}

int fwsim_mock_original(fwsim_machine *m, fwsim_invocation *invocation)
{
    fwsim__mocks *s = fwsim__mocks_of(m);
    frame *f = s ? s->frame : NULL;
    fwsim__mock *k;
    fwsim_stop stop;
    int err;

    if (m->running || !f || f->call != invocation || !f->mock ||
        !(k = fwsim__mock_of(m, f->mock)) || k->spy)
        return fwsim__error(m, FWSIM_EINVAL,
                            "fwsim_mock_original is for the callback of the "
                            "function that is replaced");
    if (f->stop.reason != FWSIM_STOP_NONE)
        return fwsim__error(m, FWSIM_ETIMEDOUT, "the run has ended");
    if (m->cpu_ops->is_exception_return(f->link))
        return fwsim__error(m, FWSIM_ENOTSUP,
                            "%s is called as an exception handler: its "
                            "original is not", k->name);
    go_to_entry(m, k, f);
    err = wait_for(s, k, &(fwsim__waiting){ .mock = k->id, .original = true,
                                            .addr = invocation->caller,
                                            .sp = f->sp });
    if (!err)
        err = fwsim__run_on(m, &f->run, &stop);
    s->frame = f;
    f->moved = true;
    if (err)
        return err;
    if (stop.reason != FWSIM_STOP_RETURN) {
        f->stop = stop;
        return fwsim__error(m, FWSIM_ETIMEDOUT,
                            "%s: the run ended in the original function: %s",
                            k->name, stop.text);
    }
    get_result(m, k, invocation);
    return 0;
}
