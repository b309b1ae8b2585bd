/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running the cases of a sweep, and what becomes of them. */
#include "inject/sweep.h"

#include <string.h>

static const uint64_t default_limit_ns = FWSIM_S(1);

/** What is looked for in the output while a case runs. */
typedef struct listener {
    fwsim_machine *m;
    fwsim_periph *uart; /* NULL: the machine has none */
    const fwsim_sweep_options *opt;
    fwsim_sweep_outcome heard;
    bool decided;
} listener;

const char *fwsim_sweep_outcome_name(fwsim_sweep_outcome outcome)
{
    static const char *const names[] = {
#define X(name, word, text) word,
        FWSIM_SWEEP_MAP(X)
#undef X
    };

    return (unsigned)outcome < FWSIM_SWEEP_OUTCOMES ? names[outcome] : "?";
}

/* ------------------------------------------------------------------ */
/* The output                                                           */
/* ------------------------------------------------------------------ */

static bool ends_with(const fwsim_periph *uart, const char *text)
{
    size_t n = text ? strlen(text) : 0;

    return n && uart->tx.size >= n &&
           memcmp(uart->tx.data + uart->tx.size - n, text, n) == 0;
}

static void on_byte(fwsim_machine *m, const char *name, uint8_t byte,
                    void *user)
{
    listener *l = user;

    (void)name;
    (void)byte;
    if (l->decided)
        return;
    l->decided = true;
    if (ends_with(l->uart, l->opt->detected_text))
        l->heard = FWSIM_SWEEP_DETECTED;
    else if (ends_with(l->uart, l->opt->wrong_text))
        l->heard = FWSIM_SWEEP_WRONG;
    else if (ends_with(l->uart, l->opt->ok_text))
        l->heard = FWSIM_SWEEP_OK;
    else
        l->decided = false;
    if (l->decided)
        fwsim_request_stop(m);
}

/** @return the id of a hook, 0 without a UART, or an error */
static int listen(listener *l)
{
    const char *name = l->opt->uart ? l->opt->uart : l->m->board->console;

    l->uart = name ? fwsim__periph_find(l->m, name) : NULL;
    if (l->uart && l->uart->type->uart)
        return fwsim__hook_add(l->m, FWSIM__HOOK_UART,
                               &(fwsim__hook){ .periph = l->uart,
                                               .fn = (void (*)(void))on_byte,
                                               .user = l });
    if (l->opt->uart || l->opt->ok_text || l->opt->detected_text ||
        l->opt->wrong_text)
        return fwsim__error(l->m, FWSIM_ENOENT, "%s: no such UART on %s",
                            name ? name : "console", l->m->board->name);
    l->uart = NULL;
    return 0;
}

static bool is_reference(const listener *l)
{
    const char *output = l->uart && l->uart->tx.data
                             ? (const char *)l->uart->tx.data
                             : "";

    return !l->opt->reference || strcmp(output, l->opt->reference) == 0;
}

/* ------------------------------------------------------------------ */
/* A case                                                               */
/* ------------------------------------------------------------------ */

static fwsim_sweep_outcome outcome_of(const listener *l, const fwsim_stop *stop)
{
    bool has_texts = l->opt->ok_text || l->opt->detected_text ||
                     l->opt->wrong_text;

    if (l->decided)
        return l->heard == FWSIM_SWEEP_OK && !is_reference(l)
                   ? FWSIM_SWEEP_WRONG
                   : l->heard;
    switch (stop->reason) {
    case FWSIM_STOP_LIMIT:
    case FWSIM_STOP_IDLE:
        return FWSIM_SWEEP_HANG;
    case FWSIM_STOP_EXIT:
        return !stop->exit_code && !has_texts && is_reference(l)
                   ? FWSIM_SWEEP_OK
                   : FWSIM_SWEEP_WRONG;
    case FWSIM_STOP_REQUEST:
        return FWSIM_SWEEP_OK;
    default:
        return FWSIM_SWEEP_CRASH;
    }
}

static fwsim_limit limit_of(const fwsim_sweep_options *opt)
{
    if (opt->limit.instructions || opt->limit.time_ns)
        return opt->limit;
    return (fwsim_limit){ .time_ns = default_limit_ns };
}

/** Back to the snapshot, with nothing but this fault. */
static int begin_case(listener *l, const char *text, const fwsim_snapshot *s)
{
    fwsim_machine *m = l->m;
    int err = fwsim_inject_clear(m);

    if (!err)
        err = fwsim_snapshot_restore(m, s);
    if (err)
        return err;
    l->decided = false;
    if (l->uart)
        fwsim_uart_clear(m, l->uart->slot->name);
    if (text)
        err = fwsim_inject_text(m, text);
    if (err < 0)
        return err;
    if (l->opt->prepare)
        l->opt->prepare(m, l->opt->user);
    return 0;
}

static int run_case(listener *l, const char *text, const fwsim_snapshot *s,
                    fwsim_sweep_case *c)
{
    fwsim_machine *m = l->m;
    fwsim_limit limit = limit_of(l->opt);
    int err = begin_case(l, text, s);

    if (!err)
        err = fwsim_run(m, &limit, &c->stop);
    if (err)
        return err;
    c->text = text ? text : "";
    fwsim_inject_get(m, 0, &c->fault);
    c->hits = c->fault.hits;
    c->outcome = outcome_of(l, &c->stop);
    if (l->opt->judge)
        c->outcome = l->opt->judge(m, c, l->opt->user);
    return 0;
}

int fwsim_sweep_case_run(fwsim_machine *m, const char *text,
                         const fwsim_snapshot *s,
                         const fwsim_sweep_options *opt, fwsim_sweep_case *out)
{
    fwsim_sweep_case c = { 0 };
    listener l = { .m = m, .opt = opt };
    int hook = listen(&l);
    int err = hook < 0 ? hook : run_case(&l, text, s, &c);

    if (hook > 0)
        fwsim_unhook(m, hook);
    if (!err && out)
        *out = c;
    return err;
}

int fwsim_sweep_run(fwsim_machine *m, const fwsim_sweep *sweep,
                    const fwsim_snapshot *s, const fwsim_sweep_options *opt)
{
    char text[FWSIM_INJECT_TEXT_MAX];
    listener l = { .m = m, .opt = opt };
    int hook = listen(&l);
    int err = hook < 0 ? hook : 0;
    bool on = true;

    for (size_t i = 0; i < fwsim_sweep_cases(sweep) && on && !err; i++) {
        fwsim_sweep_case c = { .index = i };

        fwsim_sweep_text(sweep, i, text, sizeof text);
        err = run_case(&l, text, s, &c);
        if (!err && opt->on_case)
            on = opt->on_case(m, &c, opt->user);
    }
    if (!err)
        err = fwsim_inject_clear(m);
    if (hook > 0)
        fwsim_unhook(m, hook);
    return err;
}
