/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replacing and watching functions: adding, removing, asking.
 */
#include "call/mock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 64, KEPT_MAX = 1 << 20 };

static void mock_free(fwsim__mock *k)
{
    if (k->opt.destroy)
        k->opt.destroy(k->user);
    free(k->kept);
    free(k);
}

static void mocks_destroy(void *data)
{
    fwsim__mocks *s = data;

    for (size_t i = 0; i < s->count; i++)
        mock_free(s->list[i]);
    free(s->list);
}

static const fwsim__attachment attachment = { "replaced functions",
                                              sizeof(fwsim__mocks),
                                              mocks_destroy };

fwsim__mocks *fwsim__mocks_of(const fwsim_machine *m)
{
    return fwsim__attached(m, &attachment);
}

fwsim__mock *fwsim__mock_of(const fwsim_machine *m, int id)
{
    fwsim__mocks *s = fwsim__mocks_of(m);

    for (size_t i = 0; s && i < s->count; i++)
        if (s->list[i]->id == id)
            return s->list[i];
    return NULL;
}

/* ------------------------------------------------------------------ */
/* Adding                                                               */
/* ------------------------------------------------------------------ */

static fwsim__mocks *mocks_make(fwsim_machine *m)
{
    fwsim__mocks *s = fwsim__attach(m, &attachment);
    fwsim__mock **list;

    if (!s)
        return NULL;
    s->m = m;
    m->standin = &fwsim__mocks_standin;
    m->standin_user = s;
    if (s->count == s->capacity) {
        size_t capacity = s->capacity ? s->capacity * 2 : 8;

        list = realloc(s->list, capacity * sizeof *list);
        if (!list) {
            fwsim__error(m, FWSIM_ENOMEM, "no memory for a replacement");
            return NULL;
        }
        s->list = list;
        s->capacity = capacity;
    }
    return s;
}

static void warn_of_inlining(fwsim_machine *m, const fwsim__callee *callee)
{
    const char *name = callee->function ? callee->function->name : NULL;
    char places[300];

    if (name && callee->debug &&
        fwsim__callee_inlinings(callee->debug, name, places, sizeof places))
        fwsim__log(m, FWSIM_LOG_WARN, FWSIM_TOPIC_GENERAL, "mock",
                   "%s was inlined into %s: these calls of it are not "
                   "replaced or seen. Declare it __attribute__((noinline))",
                   name, places);
}

static int check_free(fwsim_machine *m, const fwsim__callee *callee)
{
    fwsim__mocks *s = fwsim__mocks_of(m);

    for (size_t i = 0; s && i < s->count; i++)
        if (s->list[i]->addr == callee->addr)
            return fwsim__error(m, FWSIM_EINVAL,
                                "%s is %s already, by %d: fwsim_unmock it "
                                "first", callee->name,
                                s->list[i]->spy ? "watched" : "replaced",
                                s->list[i]->id);
    return 0;
}

static int check_value(fwsim_machine *m, const fwsim__mock *k)
{
    const fwsim__parameter *r = &k->signature.result;
    unsigned bits = r->is_bool ? 1 : r->width * 8;
    uint64_t value = k->value, high;

    if (!k->constant || !k->signature.known)
        return 0;
    if (fwsim__type_is_float(r->type))
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s returns a floating-point number: use "
                            "fwsim_mock", k->name);
    if (bits == 0 || bits >= 64)
        return 0;
    high = value >> bits;
    if (high == 0 || (r->is_signed && high == UINT64_MAX >> bits &&
                      value >> (bits - 1) & 1))
        return 0;
    return fwsim__error(m, FWSIM_ERANGE,
                        "%s returns %u bits, and 0x%" PRIx64
                        " has more", k->name, bits, value);
}

/** @a made has what the caller of the API wants. */
static int add(fwsim_machine *m, const char *function,
               const fwsim_mock_options *opt, const fwsim__mock *made)
{
    static const fwsim_mock_options defaults;
    fwsim__callee callee;
    fwsim__mocks *s;
    fwsim__mock *k;
    int err;

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY,
                            "functions are replaced between runs");
    err = fwsim__callee_find(m, function, &callee);
    if (!err)
        err = check_free(m, &callee);
    if (err)
        return err;
    s = mocks_make(m);
    k = s ? malloc(sizeof *k) : NULL;
    if (!k)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for a replacement");
    *k = *made;
    k->opt = opt ? *opt : defaults;
    k->addr = callee.addr;
    snprintf(k->name, sizeof k->name, "%s", function);
    k->abi = fwsim__abi_of(m, callee.img, k->opt.float_abi);
    k->kept_max = k->opt.keep ? k->opt.keep : KEPT;
    err = fwsim__signature_of(m, &callee, &k->abi, k->opt.signature,
                              &k->signature);
    if (!err)
        err = check_value(m, k);
    if (!err && k->kept_max > KEPT_MAX)
        err = fwsim__error(m, FWSIM_ERANGE, "%s: at most %d calls are kept",
                           function, KEPT_MAX);
    k->opt.signature = NULL;
    k->kept = err ? NULL : calloc(k->kept_max, sizeof *k->kept);
    if (!err && !k->kept)
        err = fwsim__error(m, FWSIM_ENOMEM, "no memory for %zu calls",
                           k->kept_max);
    if (!err)
        err = fwsim_on_code(m, k->addr, fwsim__mock_hook, s);
    if (err < 0) {
        free(k->kept);
        free(k);
        return err;
    }
    k->id = err;
    s->list[s->count++] = k;
    warn_of_inlining(m, &callee);
    return k->id;
}

int fwsim_mock(fwsim_machine *m, const char *function, fwsim_mock_fn fn,
               void *user, const fwsim_mock_options *opt)
{
    fwsim__mock k = { .fn = fn, .user = user };

    if (!fn)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s: a replacement without a function", function);
    return add(m, function, opt, &k);
}

int fwsim_mock_return(fwsim_machine *m, const char *function, uint64_t value,
                      const fwsim_mock_options *opt)
{
    fwsim__mock k = { .constant = true, .value = value };

    return add(m, function, opt, &k);
}

int fwsim_spy(fwsim_machine *m, const char *function, fwsim_mock_fn fn,
              void *user, const fwsim_mock_options *opt)
{
    fwsim__mock k = { .spy = true, .fn = fn, .user = user };

    return add(m, function, opt, &k);
}

/* ------------------------------------------------------------------ */
/* Removing and asking                                                  */
/* ------------------------------------------------------------------ */

static int unknown(fwsim_machine *m, int id)
{
    return fwsim__error(m, FWSIM_ENOENT, "no replacement has the id %d", id);
}

int fwsim_unmock(fwsim_machine *m, int id)
{
    fwsim__mocks *s = fwsim__mocks_of(m);
    fwsim__mock *k = fwsim__mock_of(m, id);

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY,
                            "replacements are removed between runs");
    if (!k)
        return unknown(m, id);
    fwsim_unhook(m, id);
    for (unsigned i = 0; i < FWSIM__RETURN_SITES; i++)
        if (k->return_hook[i])
            fwsim_unhook(m, k->return_hook[i]);
    for (size_t i = 0; i < s->count; i++)
        if (s->list[i] == k)
            memmove(&s->list[i], &s->list[i + 1],
                    (--s->count - i) * sizeof *s->list);
    mock_free(k);
    return 0;
}

int fwsim_mock_id(const fwsim_machine *m, size_t index)
{
    const fwsim__mocks *s = fwsim__mocks_of(m);

    return s && index < s->count ? s->list[index]->id : 0;
}

uint64_t fwsim_mock_calls(const fwsim_machine *m, int id)
{
    const fwsim__mock *k = fwsim__mock_of(m, id);

    return k ? k->calls : 0;
}

int fwsim_mock_call_get(fwsim_machine *m, int id, uint64_t index,
                        fwsim_invocation *out)
{
    const fwsim__mock *k = fwsim__mock_of(m, id);

    if (!k)
        return unknown(m, id);
    if (index >= k->calls)
        return fwsim__error(m, FWSIM_ENOENT,
                            "%s was called %" PRIu64 " times", k->name,
                            k->calls);
    if (index >= k->kept_count)
        return fwsim__error(m, FWSIM_ENOENT,
                            "%s: the first %zu calls are kept, see "
                            "fwsim_mock_options.keep", k->name, k->kept_max);
    *out = k->kept[index];
    return 0;
}

int fwsim_mock_clear(fwsim_machine *m, int id)
{
    fwsim__mocks *s = fwsim__mocks_of(m);
    fwsim__mock *k = fwsim__mock_of(m, id);

    if (!k)
        return unknown(m, id);
    k->calls = 0;
    k->kept_count = 0;
    for (unsigned i = 0; i < s->waiting_count; i++)
        if (s->waiting[i].mock == id)
            s->waiting[i].kept = 0;
    return 0;
}
