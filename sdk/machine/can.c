/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CAN buses between models and the host.
 *
 * Frames of the host wait in `rx`, those of the firmware are kept in `tx`, each
 * as PACKED bytes. A frame of the host takes its time on the bus; a controller
 * without a bit time is not on the bus.
 */
#include "machine/machine.h"

#include <assert.h>
#include <string.h>

enum { PACKED = FWSIM__CAN_PACKED, EXTENDED = 1, REMOTE = 2 };

static void pack(uint8_t *to, const fwsim_can_frame *f)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = (uint8_t)(f->id >> 8 * i);
    to[4] = (uint8_t)((f->extended ? EXTENDED : 0) | (f->remote ? REMOTE : 0));
    to[5] = f->dlc;
    to[6] = to[7] = 0;
    memset(to + 8, 0, 8);
    if (!f->remote)
        memcpy(to + 8, f->data, f->dlc);
}

/* From a snapshot file come any bytes. */
void fwsim__can_unpack(const uint8_t *from, fwsim_can_frame *f)
{
    *f = (fwsim_can_frame){ .extended = from[4] & EXTENDED,
                            .remote = from[4] & REMOTE,
                            .dlc = from[5] < 8 ? from[5] : 8 };
    for (unsigned i = 0; i < 4; i++)
        f->id |= (uint32_t)from[i] << 8 * i;
    f->id &= f->extended ? 0x1fffffffu : 0x7ffu;
    memcpy(f->data, from + 8, 8);
}

/** Bits of a frame, with the space behind it, without stuff bits. */
uint32_t fwsim_can_frame_bits(const fwsim_can_frame *f)
{
    return (f->extended ? 67u : 47u) + (f->remote ? 0 : 8u * f->dlc);
}

static size_t waiting(const fwsim_periph *p)
{
    return (p->rx.size - p->rx_read) / PACKED;
}

/** Start the next frame. */
static void go_on(fwsim_periph *p)
{
    fwsim__link *link = p->link;
    fwsim_can_frame frame;

    if (!waiting(p) || link->arriving || !link->bit_ns)
        return;
    fwsim__can_unpack(p->rx.data + p->rx_read, &frame);
    link->arriving = 1;
    fwsim__event_set(p->m, FWSIM__OWNER_UART | p->index, 0,
                     p->m->now +
                         fwsim__ticks_from_ns(p->m, fwsim_can_frame_bits(&frame) *
                                                        (uint64_t)link->bit_ns));
}

void fwsim__can_arrival(fwsim_periph *p)
{
    fwsim_can_frame frame;

    p->link->arriving = 0;
    /* A snapshot file may say so without a frame. */
    if (!waiting(p))
        return;
    /* The controller has left the bus in the middle: it comes again. */
    if (!p->link->bit_ns)
        return;
    fwsim__can_unpack(p->rx.data + p->rx_read, &frame);
    p->rx_read += PACKED;
    if (p->rx_read == p->rx.size)
        p->rx_read = p->rx.size = 0;
    fwsim__note_tell(p->m, &(fwsim__note){ .kind = FWSIM__NOTE_CAN,
                                           .periph = p,
                                           .frame = &frame });
    p->type->on_can(p, &frame);
    go_on(p);
}

void fwsim_can_set_bit_time(fwsim_periph *p, uint32_t ns)
{
    p->link->bit_ns = ns;
    go_on(p);
}

void fwsim_can_tx(fwsim_periph *p, const fwsim_can_frame *frame)
{
    fwsim_machine *m = p->m;
    const fwsim__hooks *hooks = &m->hooks[FWSIM__HOOK_CAN];
    uint8_t packed[PACKED];

    assert(frame->dlc <= 8);
    pack(packed, frame);
    if (!fwsim__bytes_add(&p->tx, packed, sizeof packed))
        fwsim__log(m, FWSIM_LOG_ERROR, FWSIM_TOPIC_GENERAL, p->slot->name,
                   "out of memory: a frame of the output is lost");
    fwsim__note_tell(m, &(fwsim__note){ .kind = FWSIM__NOTE_CAN,
                                        .periph = p,
                                        .frame = frame,
                                        .write = true });
    for (size_t i = 0; i < hooks->count; i++) {
        fwsim__hook hook = hooks->list[i];

        if (hook.periph == p)
            ((fwsim_can_fn)hook.fn)(m, p->slot->name, frame, hook.user);
    }
}

/* ------------------------------------------------------------------ */
/* For the host                                                         */
/* ------------------------------------------------------------------ */

fwsim_periph *fwsim__can_find(fwsim_machine *m, const char *name)
{
    fwsim_periph *p = fwsim__periph_find(m, name);

    if (p && p->type->on_can)
        return p;
    fwsim__error(m, FWSIM_ENOENT, "%s: no such CAN controller on %s", name,
                 m->board->name);
    return NULL;
}

int fwsim__can_check(fwsim_machine *m, const fwsim_can_frame *f)
{
    if (f->dlc > 8)
        return fwsim__error(m, FWSIM_ERANGE, "a CAN frame of %u bytes; 8 is the "
                            "most", f->dlc);
    if (f->id > (f->extended ? 0x1fffffffu : 0x7ffu))
        return fwsim__error(m, FWSIM_ERANGE,
                            "the identifier 0x%x has more than %d bits",
                            (unsigned)f->id, f->extended ? 29 : 11);
    return 0;
}

int fwsim_can_send(fwsim_machine *m, const char *can,
                   const fwsim_can_frame *frame)
{
    fwsim_periph *p = fwsim__can_find(m, can);
    uint8_t packed[PACKED];
    int err = p ? fwsim__can_check(m, frame) : FWSIM_ENOENT;

    if (err)
        return err;
    pack(packed, frame);
    if (!fwsim__bytes_add(&p->rx, packed, sizeof packed))
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for a frame to %s",
                            can);
    go_on(p);
    return 0;
}

size_t fwsim_can_pending(fwsim_machine *m, const char *can)
{
    fwsim_periph *p = fwsim__can_find(m, can);

    return p ? waiting(p) : 0;
}

bool fwsim_can_output(fwsim_machine *m, const char *can, size_t index,
                      fwsim_can_frame *frame)
{
    fwsim_periph *p = fwsim__can_find(m, can);

    if (!p || index >= p->tx.size / PACKED)
        return false;
    fwsim__can_unpack(p->tx.data + index * PACKED, frame);
    return true;
}

int fwsim_on_can(fwsim_machine *m, const char *can, fwsim_can_fn fn, void *user)
{
    fwsim_periph *p = fwsim__can_find(m, can);
    int id;

    if (!p)
        return FWSIM_ENOENT;
    id = fwsim__hook_add(m, FWSIM__HOOK_CAN,
                         &(fwsim__hook){ .periph = p,
                                         .fn = (void (*)(void))fn,
                                         .user = user });
    return id < 0 ? id : 0;
}
