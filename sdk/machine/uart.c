/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Serial lines between models and the host.
 *
 * Bytes of the host wait in `rx` and arrive one by one: each takes the time
 * the firmware's baud rate gives it, the next one starts when the line is free
 * and the firmware does not hold the host back. A model without a speed gets
 * its bytes at once.
 */
#include "machine/machine.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* From the host                                                        */
/* ------------------------------------------------------------------ */

static size_t waiting(const fwsim_periph *p)
{
    return p->rx.size - p->rx_read;
}

static void deliver_one(fwsim_periph *p)
{
    uint8_t byte;

    assert(waiting(p));
    byte = p->rx.data[p->rx_read++];
    if (p->rx_read == p->rx.size)
        p->rx_read = p->rx.size = 0;
    if (p->m->intercept &&
        !p->m->intercept->uart(p->m->intercept_user, p, false, &byte))
        return;
    if (p->type->on_rx)
        p->type->on_rx(p, byte);
    if (!waiting(p) && p->m->guard.drained)
        p->m->guard.drained(p->m->guard.user, p);
}

/** Start the next byte, or deliver all of them on a line without a speed. */
static void go_on(fwsim_periph *p)
{
    fwsim__link *link = p->link;
    fwsim_machine *m = p->m;

    while (waiting(p) && !link->held && !link->arriving) {
        /* Also while a byte is being delivered, so that a model or a hook
         * that answers at once does not come back here. */
        link->arriving = 1;
        if (link->byte_time) {
            if (link->free_at < m->now)
                link->free_at = m->now;
            link->free_at += link->byte_time;
            fwsim__event_set(m, FWSIM__OWNER_UART | p->index, 0,
                             link->free_at);
        } else {
            deliver_one(p);
            link->arriving = 0;
        }
    }
}

void fwsim__uart_arrival(fwsim_periph *p)
{
    deliver_one(p);
    p->link->arriving = 0;
    go_on(p);
}

void fwsim__uart_reset(fwsim_periph *p)
{
    /* The interrupt outputs fall, too. A clock stays as bad as it is. */
    *p->link = (fwsim__link){ .selected = p->link->selected,
                              .drift_ppm = p->link->drift_ppm,
                              .drift_since = p->link->drift_since };
}

void fwsim__uart_free(fwsim_periph *p)
{
    free(p->rx.data);
    free(p->tx.data);
}

void fwsim_uart_set_byte_time(fwsim_periph *p, uint64_t ns)
{
    p->link->byte_time = fwsim__undrifted(p, fwsim_ticks_from_ns(p, ns));
    go_on(p);
}

void fwsim_uart_set_ready(fwsim_periph *p, bool ready)
{
    p->link->held = !ready;
    go_on(p);
}

/** A name that is none. */
static void no_uart(fwsim_machine *m, const char *name)
{
    char all[200] = "";
    size_t n = 0;

    for (uint16_t i = 0; i < m->periph_count && n < sizeof all; i++)
        if (m->periphs[i].type->uart)
            n += (size_t)snprintf(all + n, sizeof all - n, "%s%s",
                                  n ? ", " : "", m->periphs[i].slot->name);
    fwsim__error(m, FWSIM_ENOENT, "%s: no such UART on %s; it has %s", name,
                 m->board->name, n ? all : "none");
}

fwsim_periph *fwsim__uart_find(fwsim_machine *m, const char *name)
{
    fwsim_periph *p;

    if (!name)
        name = m->board->console;
    if (!name) {
        fwsim__error(m, FWSIM_ENOENT, "%s has no console", m->board->name);
        return NULL;
    }
    p = fwsim__periph_find(m, name);
    if (!p)
        no_uart(m, name);
    else if (!p->type->uart)
        fwsim__error(m, FWSIM_ENOENT, "%s (%s) is no UART", name,
                     p->type->name);
    return p && p->type->uart ? p : NULL;
}

/** Forget the bytes that have arrived when they are most of the buffer. */
static void compact(fwsim_periph *p)
{
    if (p->rx_read < 4096 || p->rx_read < waiting(p))
        return;
    memmove(p->rx.data, p->rx.data + p->rx_read, waiting(p));
    p->rx.size -= p->rx_read;
    p->rx_read = 0;
}

int fwsim_uart_send(fwsim_machine *m, const char *uart, const void *data,
                    size_t size)
{
    fwsim_periph *p = fwsim__uart_find(m, uart);

    if (!p)
        return FWSIM_ENOENT;
    compact(p);
    if (!fwsim__bytes_add(&p->rx, data, size))
        return fwsim__error(m, FWSIM_ENOMEM, "%zu bytes for %s", size,
                            p->slot->name);
    go_on(p);
    return 0;
}

size_t fwsim_uart_pending(fwsim_machine *m, const char *uart)
{
    fwsim_periph *p = fwsim__uart_find(m, uart);

    return p ? waiting(p) : 0;
}

/* ------------------------------------------------------------------ */
/* To the host                                                          */
/* ------------------------------------------------------------------ */

void fwsim_uart_tx(fwsim_periph *p, uint8_t byte)
{
    fwsim_machine *m = p->m;
    const fwsim__hooks *hooks = &m->hooks[FWSIM__HOOK_UART];

    if (m->intercept &&
        !m->intercept->uart(m->intercept_user, p, true, &byte))
        return;
    if (!fwsim__bytes_add(&p->tx, &byte, 1))
        fwsim__log(m, FWSIM_LOG_ERROR, FWSIM_TOPIC_GENERAL, p->slot->name,
                   "out of memory: a byte of the output is lost");
    for (size_t i = 0; i < hooks->count; i++) {
        fwsim__hook hook = hooks->list[i];

        if (!hook.periph || hook.periph == p)
            ((fwsim_uart_fn)hook.fn)(m, p->slot->name, byte, hook.user);
    }
}

const char *fwsim_uart_output(fwsim_machine *m, const char *uart, size_t *size)
{
    fwsim_periph *p = fwsim__uart_find(m, uart);

    if (size)
        *size = p ? p->tx.size : 0;
    if (!p)
        return NULL;
    return p->tx.data ? (const char *)p->tx.data : "";
}

int fwsim_uart_clear(fwsim_machine *m, const char *uart)
{
    fwsim_periph *p = fwsim__uart_find(m, uart);

    if (!p)
        return FWSIM_ENOENT;
    p->tx.size = 0;
    p->tx_expected = 0;
    if (p->tx.data)
        p->tx.data[0] = '\0';
    return 0;
}

int fwsim_on_uart(fwsim_machine *m, const char *uart, fwsim_uart_fn fn,
                  void *user)
{
    fwsim_periph *p = fwsim__uart_find(m, uart);
    int id;

    if (!p)
        return FWSIM_ENOENT;
    id = fwsim__hook_add(m, FWSIM__HOOK_UART,
                         &(fwsim__hook){ .periph = p,
                                         .fn = (void (*)(void))fn,
                                         .user = user });
    return id < 0 ? id : 0;
}
