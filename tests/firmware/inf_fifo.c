/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FIFOs with fields that say how many words are in and how many have room. No
 * more than the depth of the FIFO may be said to be there: the driver has a
 * buffer of that size on its stack.
 */
#include "inf.h"

enum { PORT = 0x40080000, DEPTH = 16 };
#define CTRL REG(PORT + 0x00)
#define FIFO_STATUS REG(PORT + 0x04)
#define FIFO REG(PORT + 0x08)

enum { ENABLE = BIT(0), FLUSH = BIT(8), ROOM_POS = 8, LEVEL_MASK = 0x1f };

static unsigned level(void)
{
    return FIFO_STATUS & LEVEL_MASK;
}

static unsigned room(void)
{
    return FIFO_STATUS >> ROOM_POS & LEVEL_MASK;
}

static void send(const uint32_t *words, unsigned count)
{
    while (room() < count)
        ;
    while (count--)
        FIFO = *words++;
}

static unsigned receive(uint32_t *to)
{
    uint32_t chunk[DEPTH];
    unsigned n;

    do
        n = level();
    while (n == 0);
    check(n <= DEPTH);
    for (unsigned i = 0; i < n; i++)
        chunk[i] = FIFO;
    for (unsigned i = 0; i < n; i++)
        to[i] = chunk[i];
    return n;
}

int main(void)
{
    static const uint32_t command[4] = { 0x9f, 0, 0, 0 };
    static uint32_t answer[64];
    unsigned got = 0;

    CTRL = FLUSH;
    while (CTRL & FLUSH)
        ;
    CTRL |= ENABLE;
    send(command, 4);
    while (got < 32)
        got += receive(answer + got);
    done();
    for (;;) {
        send(command, 4);
        receive(answer);
    }
}
