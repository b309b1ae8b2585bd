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
#include <inttypes.h>
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
    if (p->type->on_rx)
        p->type->on_rx(p, byte);
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
    /* The interrupt outputs fall, too. */
    *p->link = (fwsim__link){ 0 };
}

void fwsim__uart_free(fwsim_periph *p)
{
    free(p->rx.data);
    free(p->tx.data);
}

void fwsim_uart_set_byte_time(fwsim_periph *p, uint64_t ns)
{
    p->link->byte_time = fwsim_ticks_from_ns(p, ns);
    go_on(p);
}

void fwsim_uart_set_ready(fwsim_periph *p, bool ready)
{
    p->link->held = !ready;
    go_on(p);
}

static fwsim_periph *find_uart(fwsim_machine *m, const char *name)
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
        fwsim__error(m, FWSIM_ENOENT, "%s: no such UART on %s", name,
                     m->board->name);
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
    fwsim_periph *p = find_uart(m, uart);

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
    fwsim_periph *p = find_uart(m, uart);

    return p ? waiting(p) : 0;
}

/* ------------------------------------------------------------------ */
/* To the host                                                          */
/* ------------------------------------------------------------------ */

/** Does the output end with what fwsim_uart_expect waits for? */
static bool expected(const fwsim_periph *p)
{
    const fwsim_machine *m = p->m;
    size_t length = m->expect.length;

    return m->expect.uart == p && p->tx.size - p->tx_expected >= length &&
           memcmp(p->tx.data + p->tx.size - length, m->expect.text, length) ==
               0;
}

void fwsim_uart_tx(fwsim_periph *p, uint8_t byte)
{
    fwsim_machine *m = p->m;
    const fwsim__hooks *hooks = &m->hooks[FWSIM__HOOK_UART];

    if (!fwsim__bytes_add(&p->tx, &byte, 1))
        fwsim__log(m, FWSIM_LOG_ERROR, FWSIM_TOPIC_GENERAL, p->slot->name,
                   "out of memory: a byte of the output is lost");
    else if (expected(p)) {
        p->tx_expected = p->tx.size;
        m->expect.uart = NULL;
        fwsim_request_stop(m);
    }
    for (size_t i = 0; i < hooks->count; i++) {
        fwsim__hook hook = hooks->list[i];

        if (hook.periph == p)
            ((fwsim_uart_fn)hook.fn)(m, p->slot->name, byte, hook.user);
    }
}

const char *fwsim_uart_output(fwsim_machine *m, const char *uart, size_t *size)
{
    fwsim_periph *p = find_uart(m, uart);

    if (size)
        *size = p ? p->tx.size : 0;
    if (!p)
        return NULL;
    return p->tx.data ? (const char *)p->tx.data : "";
}

int fwsim_uart_clear(fwsim_machine *m, const char *uart)
{
    fwsim_periph *p = find_uart(m, uart);

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
    fwsim_periph *p = find_uart(m, uart);
    int id;

    if (!p)
        return FWSIM_ENOENT;
    id = fwsim__hook_add(m, FWSIM__HOOK_UART,
                         &(fwsim__hook){ .periph = p,
                                         .fn = (void (*)(void))fn,
                                         .user = user });
    return id < 0 ? id : 0;
}

/* ------------------------------------------------------------------ */
/* Expect                                                               */
/* ------------------------------------------------------------------ */

/** Look for the text in output that is there already, and consume it. */
static bool take_present(fwsim_periph *p, const char *text, size_t length)
{
    for (size_t at = p->tx_expected; p->tx.size - at >= length; at++)
        if (length == 0 || memcmp(p->tx.data + at, text, length) == 0) {
            p->tx_expected = at + length;
            return true;
        }
    return false;
}

static size_t escaped_size(uint8_t byte)
{
    if (byte == '\n' || byte == '\r')
        return 2;
    return byte < 0x20 || byte >= 0x7f ? 4 : 1;
}

/** As many of the last bytes as fit, as a person can read them. */
static const char *escape_tail(char *out, size_t size, const uint8_t *bytes,
                               size_t n)
{
    static const char hex[] = "0123456789abcdef";
    size_t i = n, room = size - 1;

    while (i > 0 && escaped_size(bytes[i - 1]) <= room)
        room -= escaped_size(bytes[--i]);
    for (char *at = out; i < n || (*at = '\0'); i++) {
        uint8_t byte = bytes[i];

        if (escaped_size(byte) == 1) {
            *at++ = (char)byte;
            continue;
        }
        *at++ = '\\';
        if (escaped_size(byte) == 2) {
            *at++ = byte == '\n' ? 'n' : 'r';
            continue;
        }
        *at++ = 'x';
        *at++ = hex[byte >> 4];
        *at++ = hex[byte & 15];
    }
    return out;
}

/** What came instead of the text. */
static int disappointed(fwsim_machine *m, const fwsim_periph *p,
                        const char *text, const fwsim_stop *stop)
{
    const char *output = p->tx.data ? (const char *)p->tx.data : "";
    char wanted[80], came[200], where[100];

    escape_tail(wanted, sizeof wanted, (const uint8_t *)text, strlen(text));
    escape_tail(came, sizeof came, (const uint8_t *)output + p->tx_expected,
                p->tx.size - p->tx_expected);
    return fwsim__error(
        m, FWSIM_ETIMEDOUT,
        "%s: \"%s\" has not come by %" PRIu64 ".%06" PRIu64
        " s (%s, at %s); what came ends with \"%s\"",
        p->slot->name, wanted, fwsim_time_ns(m) / 1000000000u,
        fwsim_time_ns(m) % 1000000000u / 1000u, fwsim_stop_name(stop->reason),
        fwsim_describe(m, stop->pc, where, sizeof where), came);
}

int fwsim_uart_expect(fwsim_machine *m, const char *uart, const char *text,
                      uint64_t timeout_ns)
{
    fwsim_periph *p = find_uart(m, uart);
    size_t length = strlen(text);
    fwsim_stop stop = { 0 };
    int err = 0;

    if (!p)
        return FWSIM_ENOENT;
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY,
                            "fwsim_uart_expect inside a callback");
    if (take_present(p, text, length))
        return 0;
    m->expect.uart = p;
    m->expect.text = text;
    m->expect.length = length;
    if (timeout_ns)
        err = fwsim_run(m, &(fwsim_limit){ .time_ns = timeout_ns }, &stop);
    if (!m->expect.uart)
        return err;
    m->expect.uart = NULL;
    return err ? err : disappointed(m, p, text, &stop);
}
