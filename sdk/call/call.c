/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calling a function: the core's context is kept, arguments and copies of
 * buffers go where the procedure call standard wants them, and the function
 * returns to an address where no code is. That ends the run.
 */
#include "call/callee.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    INSTRUCTIONS = 100000000, /* default limits */
    SECONDS = 10,
    ALIGNMENT = 16,
    BUFFERS_MAX = 1 << 28 /* bytes: more than any RAM */
};

#define PSTATE_DAIF 0x3c0u
#define XPSR_T (1u << 24)

/** A call that is being made. */
typedef struct call {
    fwsim_machine *m;
    fwsim__callee callee;
    fwsim__signature signature;
    fwsim__abi abi;
    const fwsim_arg *args;
    size_t count;
    fwsim_type type[FWSIM_ARGS_MAX];
    uint64_t bits[FWSIM_ARGS_MAX];
    uint64_t buffer[FWSIM_ARGS_MAX]; /* address of the copy */
    uint64_t sp;                     /* at the function's entry */
    uint64_t top;                    /* SP of the caller */
    uint64_t context[FWSIM__CONTEXT_MAX / sizeof(uint64_t)];
} call;

const char *fwsim_call_verdict_name(fwsim_call_verdict verdict)
{
    static const char *const names[] = {
        [FWSIM_CALL_NONE] = "none",
#define X(name, id, text) [FWSIM_CALL_##name] = id,
        FWSIM_CALL_MAP(X)
#undef X
    };

    return (unsigned)verdict < sizeof names / sizeof *names ? names[verdict]
                                                            : "?";
}

/* ------------------------------------------------------------------ */
/* Arguments and the prototype                                          */
/* ------------------------------------------------------------------ */

/** A narrow parameter is passed extended to its register. */
static int fit_value(call *c, size_t i)
{
    const fwsim__parameter *p = &c->signature.parameters[i];
    unsigned bits = p->is_bool ? 1 : p->width * 8;
    uint64_t value = c->bits[i];
    char name[96];
    int64_t half;

    if (fwsim__type_is_float(p->type) || p->type == FWSIM_TYPE_PTR ||
        bits >= 32 || bits == 0)
        return 0;
    half = (int64_t)1 << (bits - 1);
    if (p->is_signed ? (int64_t)(int32_t)value >= -half &&
                           (int64_t)(int32_t)value < half
                     : value >> bits == 0)
        return 0;
    fwsim__parameter_name(&c->signature, i, name, sizeof name);
    return fwsim__error(c->m, FWSIM_ERANGE,
                        "%s: argument %zu, %" PRId64 ", does not fit %s",
                        c->callee.name, i + 1,
                        c->args[i].type == FWSIM_TYPE_I32
                            ? (int64_t)(int32_t)value
                            : (int64_t)value, name);
}

static int check_prototype(call *c)
{
    const fwsim__signature *s = &c->signature;
    char prototype[300], name[96];
    int err = 0;

    fwsim__callee_prototype(&c->callee, s, prototype, sizeof prototype);
    if (c->count < s->count || (c->count > s->count && !s->variadic))
        return fwsim__error(c->m, FWSIM_EINVAL,
                            "%zu arguments for %s, which has %zu parameters",
                            c->count, prototype, s->count);
    for (size_t i = 0; i < s->count && !err; i++) {
        fwsim__parameter_name(s, i, name, sizeof name);
        if (s->parameters[i].type == FWSIM_TYPE_AUTO)
            return fwsim__error(c->m, FWSIM_ENOTSUP,
                                "%s: %s is passed by value, which is not "
                                "supported", prototype, name);
        if (!fwsim__abi_alike(&c->abi, c->args[i].type,
                              s->parameters[i].type))
            return fwsim__error(c->m, FWSIM_EINVAL,
                                "argument %zu of %s is %s, not %s", i + 1,
                                prototype, fwsim__abi_type_text(c->args[i].type),
                                name);
        err = fit_value(c, i);
    }
    if (!err && s->result.type == FWSIM_TYPE_AUTO) {
        fwsim__debug_type_name(&s->result.die, name, sizeof name);
        err = fwsim__error(c->m, FWSIM_ENOTSUP,
                           "%s returns %s by value, which is not supported",
                           prototype, name);
    }
    return err;
}

static int take_args(call *c)
{
    if (c->count > FWSIM_ARGS_MAX)
        return fwsim__error(c->m, FWSIM_EINVAL, "%s: more than %d arguments",
                            c->callee.name, FWSIM_ARGS_MAX);
    for (size_t i = 0; i < c->count; i++) {
        const fwsim_arg *a = &c->args[i];

        if (a->type <= FWSIM_TYPE_VOID || a->type > FWSIM_TYPE_PTR)
            return fwsim__error(c->m, FWSIM_EINVAL,
                                "%s: argument %zu has no type", c->callee.name,
                                i + 1);
        c->type[i] = a->type;
        c->bits[i] = fwsim__type_is_float(a->type)
                         ? fwsim__abi_bits(a->type, a->number)
                         : a->bits;
        if (fwsim__abi_size(&c->abi, a->type) == 4)
            c->bits[i] &= UINT32_MAX;
        if (a->type == FWSIM_TYPE_PTR && !a->size && a->bits != c->bits[i])
            return fwsim__error(c->m, FWSIM_ERANGE,
                                "%s: argument %zu, 0x%" PRIx64
                                ", is no address of this core",
                                c->callee.name, i + 1, a->bits);
    }
    return 0;
}

/* ------------------------------------------------------------------ */
/* The stack                                                            */
/* ------------------------------------------------------------------ */

/** A variable that buffers below SP would overwrite; the one around SP is the
 * stack itself. */
static const fwsim_symbol *in_the_way(const call *c, uint64_t low)
{
    for (size_t k = 0; k < c->m->image_count; k++) {
        const fwsim_image *img = c->m->images[k];

        for (size_t i = 0; i < img->symbol_count; i++) {
            const fwsim_symbol *s = &img->symbols[i];

            if (!s->function && s->size && s->addr < c->top &&
                s->addr + s->size > low && s->addr + s->size < c->top)
                return s;
        }
    }
    return NULL;
}

static int check_stack(const call *c, uint64_t needed)
{
    const fwsim__mem *mem = c->top ? fwsim__mem_at(c->m, c->top - 1) : NULL;
    const fwsim_symbol *s;

    if (!mem || mem->desc->kind != FWSIM_MEM_RAM)
        return fwsim__error(c->m, FWSIM_EFAULT,
                            "%s: the stack pointer 0x%08" PRIx64
                            " is in no RAM: load the firmware, run its "
                            "start-up code first, or set "
                            "fwsim_call_options.sp", c->callee.name, c->top);
    if (needed > c->top - mem->base)
        return fwsim__error(c->m, FWSIM_ENOSPC,
                            "%s: %" PRIu64 " bytes of arguments do not fit "
                            "below the stack pointer 0x%08" PRIx64
                            " in %s", c->callee.name, needed, c->top,
                            mem->desc->name);
    s = in_the_way(c, c->top - needed);
    if (needed && s)
        return fwsim__error(c->m, FWSIM_ENOSPC,
                            "%s: %" PRIu64 " bytes of arguments below the "
                            "stack pointer 0x%08" PRIx64 " would overwrite "
                            "%s: use a larger stack, or fwsim_ptr",
                            c->callee.name, needed, c->top, s->name);
    return 0;
}

static uint64_t align_down(uint64_t x)
{
    return x & ~(uint64_t)(ALIGNMENT - 1);
}

/** Buffers below SP, arguments of the stack below them. */
static int place_stack(call *c, fwsim__abi_place *places)
{
    fwsim__abi_cursor cursor = { .abi = c->abi };
    uint64_t at = align_down(c->top), buffers = 0;

    /* Variadic functions take all arguments by the base standard. */
    if (c->signature.known && c->signature.variadic)
        cursor.abi.hard_float = false;
    for (size_t i = 0; i < c->count; i++) {
        places[i] = fwsim__abi_next(&cursor, c->type[i]);
        if (c->args[i].type != FWSIM_TYPE_PTR || c->args[i].size == 0)
            continue;
        buffers += c->args[i].size;
        if (c->args[i].size > BUFFERS_MAX || buffers > BUFFERS_MAX ||
            at < buffers)
            return check_stack(c, BUFFERS_MAX);
        at = align_down(at - c->args[i].size);
        c->buffer[i] = c->bits[i] = at;
    }
    if (at < cursor.stack + ALIGNMENT)
        return check_stack(c, BUFFERS_MAX);
    c->sp = align_down(at - cursor.stack);
    return check_stack(c, c->top - c->sp);
}

static int copy_in(call *c)
{
    static const uint8_t zeros[64];
    fwsim_machine *m = c->m;
    int err = 0;

    for (size_t i = 0; i < c->count && !err; i++) {
        const fwsim_arg *a = &c->args[i];

        if (!c->buffer[i])
            continue;
        if (a->in) {
            err = fwsim_mem_write(m, c->buffer[i], a->in, a->size);
            continue;
        }
        for (size_t at = 0; at < a->size && !err; at += sizeof zeros)
            err = fwsim_mem_write(m, c->buffer[i] + at, zeros,
                                  a->size - at < sizeof zeros ? a->size - at
                                                              : sizeof zeros);
    }
    return err;
}

static void copy_out(call *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->buffer[i] && c->args[i].out)
            fwsim_mem_read(c->m, c->buffer[i], c->args[i].out,
                           c->args[i].size);
}

/* ------------------------------------------------------------------ */
/* The call                                                             */
/* ------------------------------------------------------------------ */

static int mask_interrupts(fwsim_machine *m, bool a64)
{
    uint64_t value = 1;

    if (a64)
        fwsim_cpu_read(m, "pstate", &value);
    return fwsim_cpu_write(m, a64 ? "pstate" : "primask",
                           a64 ? value | PSTATE_DAIF : 1);
}

/** Make the core stand at the function's first instruction. */
static int enter(call *c, const fwsim__abi_place *places, bool mask)
{
    fwsim_machine *m = c->m;
    int err = copy_in(c);

    m->cpu_ops->wake(m->cpu);
    for (size_t i = 0; i < c->count && !err; i++)
        err = fwsim__abi_put(m, &c->abi, &places[i], c->sp, c->bits[i]);
    if (!err && mask)
        err = mask_interrupts(m, c->abi.a64);
    if (!err && !c->abi.a64)
        err = fwsim_cpu_write(m, "xpsr", XPSR_T); /* no IT block */
    if (!err)
        err = fwsim_cpu_write(m, "sp", c->sp);
    if (!err)
        err = fwsim_cpu_write(m, "lr", m->cpu_ops->call_end | !c->abi.a64);
    if (!err)
        err = fwsim_cpu_write(m, "pc", c->callee.addr);
    return err;
}

static fwsim_call_verdict verdict_of(const call *c, const fwsim_stop *stop)
{
    fwsim_machine *m = c->m;
    uint64_t sp = 0;

    switch (stop->reason) {
    case FWSIM_STOP_RETURN:
        fwsim_cpu_read(m, "sp", &sp);
        return sp == c->sp ? FWSIM_CALL_RETURNED : FWSIM_CALL_STACK;
    case FWSIM_STOP_FAULT:
    case FWSIM_STOP_LOCKUP:
        return FWSIM_CALL_FAULT;
    case FWSIM_STOP_LIMIT:
        return m->cpu_ops->asleep(m->cpu) ? FWSIM_CALL_ASLEEP
                                          : FWSIM_CALL_LIMIT;
    case FWSIM_STOP_IDLE:
        return FWSIM_CALL_ASLEEP;
    case FWSIM_STOP_RESET:
        return FWSIM_CALL_RESET;
    case FWSIM_STOP_EXIT:
        return FWSIM_CALL_EXIT;
    default:
        return FWSIM_CALL_STOPPED;
    }
}

static void take_result(const call *c, fwsim_type asked, fwsim_call_result *r)
{
    const fwsim__parameter *p = &c->signature.result;
    fwsim_type type = asked;
    fwsim__abi abi = c->abi;
    fwsim__abi_place place;
    unsigned width;

    if (type == FWSIM_TYPE_AUTO && c->signature.known)
        type = p->type;
    if (type == FWSIM_TYPE_AUTO)
        type = abi.a64 ? FWSIM_TYPE_U64 : FWSIM_TYPE_U32;
    if (c->signature.known && c->signature.variadic)
        abi.hard_float = false;
    r->type = type;
    if (type == FWSIM_TYPE_VOID)
        return;
    place = fwsim__abi_result(&abi, type);
    fwsim__abi_get(c->m, &abi, &place, c->sp, &r->value);
    if (fwsim__type_is_float(type)) {
        r->number = fwsim__abi_number(type, r->value);
        return;
    }
    width = asked == FWSIM_TYPE_AUTO && c->signature.known ? p->width
                                                           : place.size;
    r->value = fwsim__abi_extend(type, width, r->value);
}

static void explain(call *c, fwsim_call_result *r)
{
    static const char *const texts[] = {
        [FWSIM_CALL_NONE] = "",
#define X(name, id, text) [FWSIM_CALL_##name] = text,
        FWSIM_CALL_MAP(X)
#undef X
    };
    fwsim_machine *m = c->m;
    uint64_t at = r->verdict == FWSIM_CALL_FAULT ? r->stop.fault.pc
                                                 : r->stop.pc;
    char where[256];
    int n = snprintf(m->call_text, sizeof m->call_text, "%s: %s",
                     c->callee.name, texts[r->verdict]);

    if (r->verdict == FWSIM_CALL_STOPPED)
        n += snprintf(m->call_text + n, sizeof m->call_text - (size_t)n,
                      " (%s)", r->stop.text);
    if (r->verdict != FWSIM_CALL_RETURNED && r->verdict != FWSIM_CALL_STACK &&
        r->verdict != FWSIM_CALL_RESET)
        snprintf(m->call_text + n, sizeof m->call_text - (size_t)n, ", at %s",
                 fwsim_describe(m, at, where, sizeof where));
    r->text = m->call_text;
}

static int run(call *c, const fwsim_call_options *opt, fwsim_call_result *r)
{
    fwsim_machine *m = c->m;
    fwsim_limit limit = opt->limit;
    bool stays;
    int err;

    if (!limit.instructions)
        limit.instructions = INSTRUCTIONS;
    if (!limit.time_ns)
        limit.time_ns = FWSIM_S(SECONDS);
    m->exception_taken = false;
    err = fwsim__run_call(m, &limit, &r->stop);
    if (!err) {
        r->verdict = verdict_of(c, &r->stop);
        if (r->verdict == FWSIM_CALL_RETURNED)
            take_result(c, opt->returns, r);
        else
            r->frame_count = fwsim_backtrace(m, r->frames, FWSIM_CALL_FRAMES);
        copy_out(c);
        explain(c, r);
    }
    stays = r->verdict == FWSIM_CALL_RESET ||
            (opt->stay && r->verdict != FWSIM_CALL_RETURNED);
    if (!stays)
        m->cpu_ops->context_restore(m->cpu, c->context, m->exception_taken);
    return err;
}

int fwsim_call(fwsim_machine *m, const char *function, const fwsim_arg *args,
               size_t count, const fwsim_call_options *opt,
               fwsim_call_result *result)
{
    static const fwsim_call_options defaults;
    fwsim__abi_place places[FWSIM_ARGS_MAX];
    call c = { .m = m, .args = args, .count = count };
    int err;

    *result = (fwsim_call_result){ .verdict = FWSIM_CALL_NONE };
    opt = opt ? opt : &defaults;
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY,
                            "fwsim_call inside a callback of a run");
    err = fwsim__callee_find(m, function, &c.callee);
    if (err)
        return err;
    c.abi = fwsim__abi_of(m, c.callee.img, opt->float_abi);
    err = fwsim__callee_signature(m, &c.callee, &c.signature);
    if (!err)
        err = take_args(&c);
    if (!err && c.signature.known && !opt->unchecked)
        err = check_prototype(&c);
    if (err)
        return err;
    c.top = opt->sp;
    if (!c.top)
        fwsim_cpu_read(m, "sp", &c.top);
    err = place_stack(&c, places);
    if (err)
        return err;
    m->cpu_ops->context_save(m->cpu, c.context);
    err = enter(&c, places, opt->mask_interrupts);
    if (!err)
        return run(&c, opt, result);
    m->cpu_ops->context_restore(m->cpu, c.context, false);
    return err;
}
