/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transfers by controllers whose registers lie as manuals describe. The stream
 * brings "a", "b", ... in turn: what is filled shows in which order. No buffer
 * is empty, so direction and size come from the layout alone.
 */
#include "inf.h"

enum {
    TCD = 0x40009040, /* NXP K64: transfer control descriptor 2 */
    PDC = 0x400e8100, /* Atmel SAM3X: of a UART */
    PDMA = 0x50008200, /* Nuvoton NUC123: channel 2 */
    DMAC = 0x40005080, /* Renesas RA: channel 2 */
    STREAM = 0x40026028, /* ST STM32F4: stream 1 */
    DATA = 0x4006a007,
    SIZE = 8
};

static uint8_t in[SIZE] = "-------", copy[SIZE] = "-------";
static uint8_t out[SIZE] = "sendme!";
static uint16_t halves[SIZE / 2] = { 1, 2, 3, 4 };

static uint32_t at(const volatile void *p)
{
    return (uint32_t)(uintptr_t)p;
}

static bool has(const volatile void *buffer, char first)
{
    const volatile uint8_t *b = buffer;

    for (unsigned i = 0; i < SIZE; i++)
        if (b[i] != (uint8_t)(first + (char)i))
            return false;
    return true;
}

/** One byte an element of the count, CITER. */
static void tcd(uint32_t from, uint32_t to)
{
    REG(TCD + 0x00) = from;
    REG16(TCD + 0x04) = from == DATA ? 0 : 1;
    REG16(TCD + 0x06) = 0;
    REG(TCD + 0x08) = 1;
    REG(TCD + 0x0c) = 0;
    REG(TCD + 0x10) = to;
    REG16(TCD + 0x14) = to == DATA ? 0 : 1;
    REG16(TCD + 0x16) = SIZE;
    REG(TCD + 0x18) = 0;
    REG16(TCD + 0x1c) = BIT(3);
    REG16(TCD + 0x1e) = SIZE;
    while (!(REG16(TCD + 0x1c) & BIT(7)))
        ;
}

static void pdc(void)
{
    REG(PDC + 0x20) = BIT(1) | BIT(9);
    REG(PDC + 0x00) = at(in);
    REG(PDC + 0x04) = SIZE;
    REG(PDC + 0x20) = BIT(0);
    while (REG(PDC + 0x04))
        ;
}

static void pdma(void)
{
    REG(PDMA + 0x00) = BIT(0);
    REG(PDMA + 0x04) = at(out);
    REG(PDMA + 0x08) = at(copy);
    REG(PDMA + 0x0c) = SIZE;
    REG(PDMA + 0x00) = BIT(0) | BIT(23);
    while (REG(PDMA + 0x0c))
        ;
}

/** Elements of two bytes: SZ is 1. */
static void dmac(void)
{
    REG(DMAC + 0x00) = DATA;
    REG(DMAC + 0x04) = at(halves);
    REG16(DMAC + 0x10) = 1u << 8;
    REG(DMAC + 0x08) = SIZE / 2;
    REG8(DMAC + 0x1c) = BIT(0);
    while (REG(DMAC + 0x08))
        ;
}

/** The same: MSIZE is 1. */
static void stream(void)
{
    REG(STREAM + 0x00) = 0;
    REG(STREAM + 0x08) = DATA;
    REG(STREAM + 0x0c) = at(halves);
    REG(STREAM + 0x04) = SIZE / 2;
    REG(STREAM + 0x00) = BIT(13) | BIT(0);
    while (REG(STREAM + 0x04))
        ;
}

int main(void)
{
    tcd(DATA, at(in));
    check(has(in, 'a'));
    tcd(at(out), DATA);
    check(out[0] == 's');
    pdc();
    check(has(in, 'a' + SIZE));
    pdma();
    check(copy[0] == 's' && copy[6] == '!');
    dmac();
    check(has(halves, 'a' + 2 * SIZE));
    stream();
    check(has(halves, 'a' + 3 * SIZE));
    done();
    for (;;)
        ;
}
