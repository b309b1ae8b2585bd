/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where input goes, and how one sees that there is none left: the firmware asks
 * a stream or a model of the harness for more, polls a UART in vain, or sleeps.
 */
#include "fuzz/fuzz.h"
#include "infer/infer.h"

#include <string.h>

enum { POLLS = 200, STACK_ALIGN = 16 };

void fwsim__fuzz_finish(fwsim_fuzz *f, fwsim__fuzz_end why)
{
    if (f->end == FWSIM__FUZZ_GOES_ON)
        f->end = why;
    fwsim_request_stop(f->m);
}

/* ------------------------------------------------------------------ */
/* No input left                                                        */
/* ------------------------------------------------------------------ */

void fwsim__fuzz_drained(void *user, const fwsim_periph *p)
{
    fwsim_fuzz *f = user;

    if (!f->m->running)
        return; /* a line without a speed: all of it has arrived at once */
    if (!p && f->opt.stream) {
        fwsim__fuzz_finish(f, FWSIM__FUZZ_EXHAUSTED);
    } else if (p && p == f->uart && !f->drained) {
        f->drained = true;
        f->drained_now = f->quiet_since = f->m->now;
        fwsim_request_stop(f->m); /* for another limit */
    }
}

/**
 * Reads of the UART with nothing else happening on it: the firmware waits for
 * a byte. Or for one of its own to be sent, which takes no longer than a byte
 * takes to arrive; two may be on their way.
 */
void fwsim__fuzz_uart_access(fwsim_machine *m, const fwsim_access *a,
                             void *user)
{
    fwsim_fuzz *f = user;

    if (!f->drained)
        return;
    if (a->write) {
        f->polls = 0;
        f->quiet_since = m->now;
    } else if (++f->polls >= POLLS &&
               m->now - f->quiet_since > 3 * f->uart->link->byte_time) {
        fwsim__fuzz_finish(f, FWSIM__FUZZ_EXHAUSTED);
    }
}

size_t fwsim_fuzz_take(fwsim_fuzz *f, void *to, size_t size)
{
    size_t n = f->size - f->taken;

    if (n > size)
        n = size;
    if (n)
        memcpy(to, f->data + f->taken, n);
    memset((uint8_t *)to + n, 0, size - n);
    f->taken += n;
    if (n < size)
        fwsim__fuzz_finish(f, FWSIM__FUZZ_EXHAUSTED);
    return n;
}

static size_t left_in_stream(const fwsim_fuzz *f)
{
    const fwsim__infer *infer = fwsim__infer_of(f->m);
    const fwsim__stream *s =
        infer ? fwsim__stream_find(infer, f->opt.stream) : NULL;

    return s ? s->bytes.size - s->read : 0;
}

size_t fwsim__fuzz_taken(const fwsim_fuzz *f)
{
    size_t left = 0;

    if (f->uart)
        left = f->uart->rx.size - f->uart->rx_read;
    else if (f->opt.stream && f->end != FWSIM__FUZZ_EXHAUSTED)
        left = left_in_stream(f);
    else if (!f->opt.stream && !f->buffer && !f->function && !f->opt.input)
        return f->taken;
    return left < f->size ? f->size - left : 0;
}

/* ------------------------------------------------------------------ */
/* Feeding                                                              */
/* ------------------------------------------------------------------ */

static int write_buffer(fwsim_fuzz *f)
{
    uint8_t count[8];
    int err = 0;

    for (unsigned i = 0; i < sizeof count; i++)
        count[i] = (uint8_t)((uint64_t)f->size >> 8 * i);
    if (f->size)
        err = fwsim_mem_write(f->m, f->buffer, f->data, f->size);
    if (!err && f->length)
        err = fwsim_mem_write(f->m, f->length, count, f->length_width);
    return err;
}

/** The arguments as AAPCS and AAPCS64 pass them. */
static int call_function(fwsim_fuzz *f)
{
    static const char *const names[2][3] = { { "r0", "r1", "lr" },
                                             { "x0", "x1", "x30" } };
    const char *const *reg = names[f->a64];
    uint64_t sp, at = f->buffer;
    int err = 0;

    if (!at) {
        err = fwsim_cpu_read(f->m, "sp", &sp);
        at = (sp - f->size) & ~(uint64_t)(STACK_ALIGN - 1);
        if (!err)
            err = fwsim_cpu_write(f->m, "sp", at);
        if (!err && f->size)
            err = fwsim_mem_write(f->m, at, f->data, f->size);
    }
    if (!err)
        err = fwsim_cpu_write(f->m, reg[0], at);
    if (!err)
        err = fwsim_cpu_write(f->m, reg[1], f->size);
    if (!err)
        err = fwsim_cpu_write(f->m, reg[2], f->a64 ? f->returns : f->returns | 1);
    return err ? err : fwsim_cpu_write(f->m, "pc", f->function);
}

int fwsim__fuzz_feed(fwsim_fuzz *f)
{
    int err = 0;

    if (f->uart) {
        f->drained = !f->size || !f->uart->link->byte_time;
        f->drained_now = f->quiet_since = f->m->now;
        err = fwsim_uart_send(f->m, f->uart->slot->name, f->data, f->size);
        f->drained &= f->uart->rx_read == f->uart->rx.size;
    }
    if (!err && f->opt.stream)
        err = fwsim_stream_feed(f->m, f->opt.stream, f->data, f->size);
    if (!err && f->buffer)
        err = write_buffer(f);
    if (!err && f->function)
        err = call_function(f);
    if (!err && f->opt.input)
        err = f->opt.input(f, f->m, f->data, f->size, f->opt.user);
    return err;
}
