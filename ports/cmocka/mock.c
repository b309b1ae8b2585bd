/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions of the firmware that are replaced by cmocka's queues. The callback
 * is called with the machine at rest, so that a check which fails may leave it
 * by longjmp; what it needs beyond its stack belongs to the replacement.
 */
#include "fwsim_cmocka.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHECKS_MAX = FWSIM_INVOCATION_ARGS,
    NAME_MAX_ = 64,
    STRING_MAX = 4096,
    MEMORY_MAX = 1 << 28 /* bytes: more than any RAM */
};

typedef enum how {
    VALUE,  /* reg */
    MEMORY, /* data[length] */
    STRING, /* text[] */
    OUTPUT  /* value=length */
} how;

typedef struct check {
    how how;
    char name[NAME_MAX_];
    char length[NAME_MAX_]; /* a number or a parameter */
} check;

typedef struct queue {
    char function[NAME_MAX_]; /* as the test names it */
    check checks[CHECKS_MAX];
    size_t count;
    unsigned char *buffer; /* a copy of what a pointer points to */
    size_t size;
} queue;

/* ------------------------------------------------------------------ */
/* The list                                                             */
/* ------------------------------------------------------------------ */

static void skip_blanks(const char **at)
{
    while (isspace((unsigned char)**at))
        ++*at;
}

static bool take(const char **at, char c)
{
    skip_blanks(at);
    if (**at != c)
        return false;
    ++*at;
    return true;
}

static bool take_word(const char **at, char word[NAME_MAX_])
{
    size_t n = 0;

    skip_blanks(at);
    while (isalnum((unsigned char)(*at)[n]) || (*at)[n] == '_')
        n++;
    if (n == 0 || n >= NAME_MAX_)
        return false;
    memcpy(word, *at, n);
    word[n] = '\0';
    *at += n;
    return true;
}

static bool take_check(const char **at, check *c)
{
    if (!take_word(at, c->name))
        return false;
    if (take(at, '=')) {
        c->how = OUTPUT;
        return take_word(at, c->length);
    }
    if (!take(at, '['))
        return true;
    if (take(at, ']')) {
        c->how = STRING;
        return true;
    }
    c->how = MEMORY;
    return take_word(at, c->length) && take(at, ']');
}

static bool take_list(const char *at, queue *q)
{
    skip_blanks(&at);
    if (!*at)
        return true;
    do {
        if (q->count == CHECKS_MAX || !take_check(&at, &q->checks[q->count]))
            return false;
        q->count++;
    } while (take(&at, ','));
    skip_blanks(&at);
    return !*at;
}

/* ------------------------------------------------------------------ */
/* The call                                                             */
/* ------------------------------------------------------------------ */

static const fwsim_value *parameter(const queue *q,
                                    const fwsim_invocation *call,
                                    const char *name)
{
    for (size_t i = 0; i < call->arg_count; i++)
        if (call->args[i].name && strcmp(call->args[i].name, name) == 0)
            return &call->args[i];
    print_error("ERROR: %s has no parameter %s; it has", q->function, name);
    for (size_t i = 0; i < call->arg_count; i++)
        print_error(" %s", call->args[i].name ? call->args[i].name : "?");
    print_error("\n");
    _fail(__FILE__, __LINE__);
    return NULL;
}

static size_t length_of(const queue *q, const fwsim_invocation *call,
                        const check *c)
{
    if (isdigit((unsigned char)c->length[0]))
        return strtoul(c->length, NULL, 0);
    return (size_t)parameter(q, call, c->length)->value;
}

static void reserve(queue *q, size_t size)
{
    unsigned char *buffer;

    if (size <= q->size)
        return;
    buffer = realloc(q->buffer, size);
    if (!buffer) {
        print_error("ERROR: %s: no memory for %zu bytes\n", q->function, size);
        _fail(__FILE__, __LINE__);
    }
    q->buffer = buffer;
    q->size = size;
}

static void no_memory(const queue *q, const check *c, uint64_t addr,
                      size_t size)
{
    print_error("ERROR: %s: %s is 0x%08llx, and the %zu bytes from there are "
                "not all memory\n", q->function, c->name,
                (unsigned long long)addr, size);
    _fail(__FILE__, __LINE__);
}

static void copy_string(fwsim_machine *m, queue *q, const check *c,
                        uint64_t addr)
{
    size_t n = 0;

    reserve(q, STRING_MAX);
    do {
        if (fwsim_mem_read(m, addr + n, q->buffer + n, 1))
            no_memory(q, c, addr, n + 1);
    } while (q->buffer[n] && ++n < STRING_MAX - 1);
    q->buffer[n] = '\0';
}

static void check_one(fwsim_machine *m, queue *q,
                      const fwsim_invocation *call, const check *c)
{
    const fwsim_value *v = parameter(q, call, c->name);
    size_t size;

    switch (c->how) {
    case VALUE:
        _check_expected(q->function, c->name, __FILE__, __LINE__,
                        (LargestIntegralType)v->value);
        return;
    case STRING:
        copy_string(m, q, c, v->value);
        break;
    case MEMORY:
        size = length_of(q, call, c);
        if (size > MEMORY_MAX)
            no_memory(q, c, v->value, size);
        reserve(q, size + 1);
        if (fwsim_mem_read(m, v->value, q->buffer, size))
            no_memory(q, c, v->value, size);
        break;
    case OUTPUT:
        size = length_of(q, call, c);
        if (fwsim_mem_write(m, v->value,
                            (const void *)(uintptr_t)_mock(
                                q->function, __FILE__, __LINE__), size))
            no_memory(q, c, v->value, size);
        return;
    }
    _check_expected(q->function, c->name, __FILE__, __LINE__,
                    (LargestIntegralType)(uintptr_t)q->buffer);
}

static void called(fwsim_machine *m, fwsim_invocation *call, void *user)
{
    queue *q = user;

    for (size_t i = 0; i < q->count; i++)
        check_one(m, q, call, &q->checks[i]);
    if (call->result.type == FWSIM_TYPE_VOID)
        return;
    call->result.value = _mock(q->function, __FILE__, __LINE__);
    call->result.number = (double)(int64_t)call->result.value;
}

static void destroy(void *user)
{
    queue *q = user;

    free(q->buffer);
    free(q);
}

int fwsim_cmocka_mock_at(fwsim_machine *m, const char *function,
                         const char *checks, const char *file, int line)
{
    const fwsim_mock_options opt = { .destroy = destroy };
    const char *colon = strrchr(function, ':');
    const char *name = colon ? colon + 1 : function;
    queue *q = calloc(1, sizeof *q);
    bool legal = q && strlen(name) < sizeof q->function;
    int id = 0;

    if (legal) {
        strcpy(q->function, name);
        legal = take_list(checks ? checks : "", q);
    }
    if (legal)
        id = fwsim_mock(m, function, called, q, &opt);
    if (id > 0)
        return id;
    if (q)
        destroy(q);
    if (id < 0)
        print_error("ERROR: %s: %s\n", function, fwsim_errmsg(m));
    else
        print_error("ERROR: %s: \"%s\" is no list like \"reg, data[length], "
                    "text[], out=2\"\n", function, checks ? checks : "");
    _fail(file, line);
    return 0;
}
