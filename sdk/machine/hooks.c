/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hooks of the host: a list a kind, called in the order of adding.
 */
#include "machine/machine.h"

#include <stdlib.h>
#include <string.h>

int fwsim__hook_add(fwsim_machine *m, fwsim__hook_kind kind,
                    const fwsim__hook *hook)
{
    fwsim__hooks *hooks = &m->hooks[kind];
    int err = 0;

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "hooks are added between runs");
    if (!hook->fn)
        return fwsim__error(m, FWSIM_EINVAL, "a hook without a function");
    if (hooks->count == hooks->capacity) {
        size_t capacity = hooks->capacity ? hooks->capacity * 2 : 4;
        fwsim__hook *list =
            realloc(hooks->list, capacity * sizeof *hooks->list);

        if (!list)
            return fwsim__error(m, FWSIM_ENOMEM, "no memory for a hook");
        hooks->list = list;
        hooks->capacity = capacity;
    }
    hooks->list[hooks->count] = *hook;
    hooks->list[hooks->count++].id = ++m->last_hook_id;
    if (kind == FWSIM__HOOK_CODE && m->cpu)
        err = m->cpu_ops->code_hooks_changed(m->cpu);
    if (err) {
        hooks->count--;
        return fwsim__error(m, err, "no breakpoint for a code hook");
    }
    return m->last_hook_id;
}

static bool remove_id(fwsim__hooks *hooks, int id)
{
    for (size_t i = 0; i < hooks->count; i++)
        if (hooks->list[i].id == id) {
            memmove(&hooks->list[i], &hooks->list[i + 1],
                    (--hooks->count - i) * sizeof *hooks->list);
            return true;
        }
    return false;
}

int fwsim_unhook(fwsim_machine *m, int id)
{
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "hooks are removed between runs");
    for (int kind = 0; kind < FWSIM__HOOK_KINDS; kind++)
        if (remove_id(&m->hooks[kind], id)) {
            if (kind == FWSIM__HOOK_CODE && m->cpu)
                m->cpu_ops->code_hooks_changed(m->cpu);
            return 0;
        }
    return fwsim__error(m, FWSIM_ENOENT, "no hook has the id %d", id);
}

void fwsim__hooks_free(fwsim_machine *m)
{
    for (int kind = 0; kind < FWSIM__HOOK_KINDS; kind++)
        free(m->hooks[kind].list);
}

/* ------------------------------------------------------------------ */
/* Adding                                                               */
/* ------------------------------------------------------------------ */

int fwsim_on_access(fwsim_machine *m, uint64_t addr, uint64_t size,
                    fwsim_access_fn fn, void *user)
{
    return fwsim__hook_add(m, FWSIM__HOOK_ACCESS,
                           &(fwsim__hook){ .addr = addr,
                                           .size = size,
                                           .fn = (void (*)(void))fn,
                                           .user = user });
}

int fwsim_on_block(fwsim_machine *m, fwsim_block_fn fn, void *user)
{
    return fwsim__hook_add(
        m, FWSIM__HOOK_BLOCK,
        &(fwsim__hook){ .fn = (void (*)(void))fn, .user = user });
}

int fwsim_on_code(fwsim_machine *m, uint64_t addr, fwsim_code_fn fn,
                  void *user)
{
    return fwsim__hook_add(m, FWSIM__HOOK_CODE,
                           &(fwsim__hook){ .addr = addr,
                                           .fn = (void (*)(void))fn,
                                           .user = user });
}

int fwsim_on_exception(fwsim_machine *m, fwsim_exception_fn fn, void *user)
{
    return fwsim__hook_add(
        m, FWSIM__HOOK_EXCEPTION,
        &(fwsim__hook){ .fn = (void (*)(void))fn, .user = user });
}

/* ------------------------------------------------------------------ */
/* Edges                                                                */
/* ------------------------------------------------------------------ */

int fwsim_edges_set(fwsim_machine *m, uint8_t *map, size_t size)
{
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "fwsim_edges_set inside a callback");
    if (map && (!size || (size & (size - 1)) || size - 1 > UINT32_MAX))
        return fwsim__error(m, FWSIM_EINVAL,
                            "%zu is not a power of two up to 2^32", size);
    m->edges = (fwsim__edges){ .map = map, .mask = (uint32_t)(size - 1) };
    return 0;
}

/* ------------------------------------------------------------------ */
/* Calling                                                              */
/* ------------------------------------------------------------------ */

/* Each is copied before the call: outside of a run, a callback that breaks
 * the rule and adds a hook moves the list. */

void fwsim__hooks_access(fwsim_machine *m, const fwsim_access *a)
{
    const fwsim__hooks *hooks = &m->hooks[FWSIM__HOOK_ACCESS];

    for (size_t i = 0; i < hooks->count; i++) {
        fwsim__hook hook = hooks->list[i];

        if (hook.size == 0 || a->addr - hook.addr < hook.size ||
            hook.addr - a->addr < a->width)
            ((fwsim_access_fn)hook.fn)(m, a, hook.user);
    }
}

void fwsim__hooks_block(fwsim_machine *m, uint64_t pc, unsigned size)
{
    const fwsim__hooks *hooks = &m->hooks[FWSIM__HOOK_BLOCK];

    for (size_t i = 0; i < hooks->count; i++) {
        fwsim__hook hook = hooks->list[i];

        ((fwsim_block_fn)hook.fn)(m, pc, size, hook.user);
    }
}

bool fwsim__hooks_code(fwsim_machine *m, uint64_t pc)
{
    const fwsim__hooks *hooks = &m->hooks[FWSIM__HOOK_CODE];
    bool any = false;

    for (size_t i = 0; i < hooks->count; i++) {
        fwsim__hook hook = hooks->list[i];

        if (hook.addr != pc)
            continue;
        ((fwsim_code_fn)hook.fn)(m, pc, hook.user);
        any = true;
    }
    return any;
}

void fwsim__hooks_exception(fwsim_machine *m, const fwsim_exception *e)
{
    const fwsim__hooks *hooks = &m->hooks[FWSIM__HOOK_EXCEPTION];

    for (size_t i = 0; i < hooks->count; i++) {
        fwsim__hook hook = hooks->list[i];

        ((fwsim_exception_fn)hook.fn)(m, e, hook.user);
    }
}

void fwsim__hooks_note(fwsim_machine *m, const fwsim__note *note)
{
    const fwsim__hooks *hooks = &m->hooks[FWSIM__HOOK_NOTE];

    for (size_t i = 0; i < hooks->count; i++) {
        fwsim__hook hook = hooks->list[i];

        ((fwsim__note_fn)hook.fn)(m, note, hook.user);
    }
}
