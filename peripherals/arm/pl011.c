/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PL011, Arm's PrimeCell UART.
 *
 * Source: PL011 Technical Reference Manual (DDI 0183G), section numbers of it.
 * Modelled: transfer through the FIFOs or single byte registers, polled or by
 * interrupt, receive timeout, overrun, loopback, time of a received byte.
 */
#include "fwsim_periph.h"

#include <string.h>

enum {
    DR = 0x00, RSR = 0x04, FR = 0x18, IBRD = 0x24, FBRD = 0x28, LCR_H = 0x2c,
    CR = 0x30, IFLS = 0x34, IMSC = 0x38, RIS = 0x3c
};

#define DR_OE (1u << 11)

#define FR_RXFE (1u << 4)
#define FR_RXFF (1u << 6)
#define FR_TXFE (1u << 7)

#define LCR_FEN (1u << 4)

#define CR_UARTEN (1u << 0)
#define CR_LBE    (1u << 7)
#define CR_TXE    (1u << 8)
#define CR_RXE    (1u << 9)

#define INT_RX  (1u << 4)
#define INT_TX  (1u << 5)
#define INT_RT  (1u << 6)
#define INT_OE  (1u << 10)
#define INT_ALL 0x7ffu

enum { FIFO_SIZE = 16, TIMEOUT = 0, BITS_OF_TIMEOUT = 32, BITS_OF_BYTE = 10 };

typedef struct uart {
    uint8_t fifo[FIFO_SIZE];
    uint32_t count;
    uint32_t overrun; /* the byte that is received next has OE */
} uart;

static uint32_t depth(fwsim_periph *p)
{
    return fwsim_reg_get(p, LCR_H) & LCR_FEN ? FIFO_SIZE : 1;
}

/** 3.3.9: the level of the receive FIFO that raises its interrupt. */
static uint32_t trigger(fwsim_periph *p)
{
    static const uint8_t levels[] = { 2, 4, 8, 12, 14, 14, 14, 14 };

    return depth(p) == 1 ? 1 : levels[fwsim_reg_get(p, IFLS) >> 3 & 7];
}

static void update(fwsim_periph *p)
{
    fwsim_irq_set(p, 0, fwsim_reg_get(p, RIS) & fwsim_reg_get(p, IMSC));
}

static void raise_int(fwsim_periph *p, uint32_t bits)
{
    fwsim_reg_update(p, RIS, 0, bits);
    update(p);
}

/** 3.3.6: 16 ticks of the divided clock a bit; 0 when no rate is set. */
static uint64_t bit_ns(fwsim_periph *p)
{
    uint64_t divisor =
        fwsim_reg_get(p, IBRD) * 64u + fwsim_reg_get(p, FBRD); /* in 1/64 */

    return divisor * 16 * 1000000000u / 64 / fwsim_clock_hz(p);
}

static void timing_changed(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    fwsim_uart_set_byte_time(p, bit_ns(p) * BITS_OF_BYTE);
}

static void receive(fwsim_periph *p, uint8_t byte)
{
    uart *u = fwsim_state(p);

    if (u->count >= depth(p)) {
        u->overrun = 1;
        raise_int(p, INT_OE);
        return;
    }
    u->fifo[u->count++] = byte;
    if (u->count >= trigger(p))
        raise_int(p, INT_RX);
    /* 2.4.6: the timeout counts from the last byte that arrived. */
    fwsim_event_set(p, TIMEOUT,
                    fwsim_ticks_from_ns(p, bit_ns(p) * BITS_OF_TIMEOUT));
}

static void pl011_rx(fwsim_periph *p, uint8_t byte)
{
    uint32_t wanted = CR_UARTEN | CR_RXE;

    if ((fwsim_reg_get(p, CR) & wanted) == wanted)
        receive(p, byte);
}

static void pl011_event(fwsim_periph *p, unsigned id)
{
    const uart *u = fwsim_state(p);

    (void)id;
    if (u->count)
        raise_int(p, INT_RT);
}

static uint32_t dr_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    uart *u = fwsim_state(p);
    uint32_t value;

    (void)index;
    if (!u->count)
        return stored & 0xff;
    value = u->fifo[0];
    memmove(u->fifo, u->fifo + 1, --u->count);
    if (u->overrun && !u->count) {
        /* 3.3.2: OE belongs to the byte behind those that were lost. */
        u->overrun = 0;
        fwsim_reg_update(p, RSR, 0, 8);
        value |= DR_OE;
    }
    fwsim_reg_set(p, DR, value & 0xff);
    if (u->count < trigger(p))
        fwsim_reg_update(p, RIS, INT_RX, 0);
    if (!u->count)
        fwsim_reg_update(p, RIS, INT_RT, 0);
    update(p);
    return value;
}

static void dr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    uint32_t control = fwsim_reg_get(p, CR);

    (void)index;
    /* The byte leaves at once: the transmit FIFO is always empty. */
    if (!(control & CR_UARTEN) || !(control & CR_TXE))
        fwsim_guest_error(p, "a byte is sent while the transmitter is off");
    else if (control & CR_LBE)
        pl011_rx(p, (uint8_t)written);
    else
        fwsim_uart_tx(p, (uint8_t)written);
    raise_int(p, INT_TX);
}

static uint32_t fr_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    const uart *u = fwsim_state(p);

    (void)index;
    return stored | FR_TXFE | (u->count ? 0 : FR_RXFE) |
           (u->count >= depth(p) ? FR_RXFF : 0);
}

static void rsr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    /* 3.3.2: any value clears the errors. */
    fwsim_reg_set(p, RSR, 0);
}

static void mask_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    update(p);
}

static uint32_t mis_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    (void)stored;
    return fwsim_reg_get(p, RIS) & fwsim_reg_get(p, IMSC);
}

static void icr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_reg_update(p, RIS, written, 0);
    update(p);
}

static void pl011_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    memset(fwsim_state(p), 0, sizeof(uart));
    update(p);
}

/* clang-format off */
static const fwsim_reg pl011_regs[] = {
    { "DR",    DR,    .wo = 0xff, .on_read = dr_read, .on_write = dr_written },
    { "RSR",   RSR,   .wo = ~0u, .on_write = rsr_written },
    { "FR",    FR,    .on_read = fr_read },
    { "ILPR",  0x20,  .unimpl = 0xff },
    { "IBRD",  IBRD,  .rw = 0xffff, .on_write = timing_changed },
    { "FBRD",  FBRD,  .rw = 0x3f, .on_write = timing_changed },
    { "LCR_H", LCR_H, .rw = 0xfe, .unimpl = 0x01 },
    { "CR",    CR,    .reset = 0x300, .rw = 0xff81, .unimpl = 0x06 },
    { "IFLS",  IFLS,  .reset = 0x12, .rw = 0x3f },
    { "IMSC",  IMSC,  .rw = INT_ALL, .on_write = mask_written },
    { "RIS",   RIS },
    { "MIS",   0x40,  .on_read = mis_read },
    { "ICR",   0x44,  .wo = INT_ALL, .on_write = icr_written },
    { "DMACR", 0x48,  .unimpl = 0x7 },
    { "UARTPeriphID0", 0xfe0, .reset = 0x11 },
    { "UARTPeriphID1", 0xfe4, .reset = 0x10 },
    { "UARTPeriphID2", 0xfe8, .reset = 0x14 },
    { "UARTPeriphID3", 0xfec },
    { "UARTPCellID0",  0xff0, .reset = 0x0d },
    { "UARTPCellID1",  0xff4, .reset = 0xf0 },
    { "UARTPCellID2",  0xff8, .reset = 0x05 },
    { "UARTPCellID3",  0xffc, .reset = 0xb1 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const pl011_gaps[] = {
    "time of a sent byte: it leaves at once",
    "modem lines: CTS is not looked at, RTS and DTR have no pin",
    "line errors but overrun; break; DMA; IrDA",
    NULL
};

const fwsim_periph_type pl011 = {
    .name = "pl011",
    .summary = "PrimeCell UART with 16 byte FIFOs",
    .source = "Arm DDI 0183G",
    .gaps = pl011_gaps,
    .size = 0x1000,
    .regs = pl011_regs,
    .state_size = sizeof(uart),
    .irqs = 1,
    .uart = true,
    .on_reset = pl011_reset,
    .on_event = pl011_event,
    .on_rx = pl011_rx,
};
