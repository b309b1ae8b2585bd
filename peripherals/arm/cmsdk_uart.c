/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CMSDK APB UART.
 *
 * Source: Arm DDI 0479, APB UART.
 * Modelled: transmitter and receiver with one byte of buffer each, overruns,
 * all interrupts, baud rate, high-speed test mode. Not modelled: pin levels.
 */
#include "fwsim_periph.h"
#include "cmsdk_id.h"

enum { DATA = 0x00, STATE = 0x04, CTRL = 0x08, INTSTATUS = 0x0c, BAUDDIV = 0x10 };

/* Bits 2 and 3 have the same place in STATE and in INTSTATUS. */
enum { TXFULL = 1u << 0, RXFULL = 1u << 1, TX_OVERRUN = 1u << 2,
       RX_OVERRUN = 1u << 3, OVERRUNS = TX_OVERRUN | RX_OVERRUN };
enum { TXEN = 1u << 0, RXEN = 1u << 1, TXINT = 1u << 2, RXINT = 1u << 3,
       HSTM = 1u << 6, OVERRUN_INTS_SHIFT = 2 };
enum { INT_TX = 1u << 0, INT_RX = 1u << 1, BAUDDIV_MIN = 16, FRAME_BITS = 10 };
enum { IRQ_COMBINED = 4, IRQS }; /* 0 to 3: the bits of INTSTATUS */

typedef struct uart_state { uint8_t buffer, shift, shifting; } uart_state;

/* INTSTATUS: the overrun bits are those of STATE where CTRL lets them through,
 * the others are kept until they are cleared. */
static void update(fwsim_periph *p)
{
    uint32_t overruns = fwsim_reg_get(p, STATE) & OVERRUNS &
                        fwsim_reg_get(p, CTRL) >> OVERRUN_INTS_SHIFT;
    uint32_t status = (fwsim_reg_get(p, INTSTATUS) & ~OVERRUNS) | overruns;

    fwsim_reg_set(p, INTSTATUS, status);
    for (unsigned i = 0; i < IRQ_COMBINED; i++)
        fwsim_irq_set(p, i, status >> i & 1);
    fwsim_irq_set(p, IRQ_COMBINED, status != 0);
}

static uint64_t frame_ns(const fwsim_periph *p, uint32_t divider)
{
    return (uint64_t)FRAME_BITS * divider * FWSIM_S(1) / fwsim_clock_hz(p);
}

/** The byte in the buffer goes on the line, when that is free. */
static void transmit_next(fwsim_periph *p)
{
    uart_state *s = fwsim_state(p);
    uint32_t ctrl = fwsim_reg_get(p, CTRL);
    uint32_t divider = ctrl & HSTM ? 1 : fwsim_reg_get(p, BAUDDIV);

    if (s->shifting || !(ctrl & TXEN) || !(fwsim_reg_get(p, STATE) & TXFULL))
        return;
    if (!(ctrl & HSTM) && divider < BAUDDIV_MIN) {
        fwsim_guest_error(p, "BAUDDIV is %u, the least that works is %d",
                          (unsigned)divider, BAUDDIV_MIN);
        return;
    }
    s->shift = s->buffer;
    s->shifting = true;
    fwsim_reg_update(p, STATE, TXFULL, 0);
    if (ctrl & TXINT)
        fwsim_reg_update(p, INTSTATUS, 0, INT_TX);
    fwsim_event_set(p, 0, fwsim_ticks_from_ns(p, frame_ns(p, divider)));
}

static void uart_event(fwsim_periph *p, unsigned id)
{
    uart_state *s = fwsim_state(p);

    (void)id;
    s->shifting = false;
    fwsim_uart_tx(p, s->shift);
    transmit_next(p);
    update(p);
}

/** on_write of STATE, CTRL and BAUDDIV. */
static void changed(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index, (void)written;
    fwsim_uart_set_byte_time(p, frame_ns(p, fwsim_reg_get(p, BAUDDIV)));
    transmit_next(p);
    update(p);
}

static void data_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    bool full = fwsim_reg_get(p, STATE) & TXFULL;

    ((uart_state *)fwsim_state(p))->buffer = (uint8_t)written;
    fwsim_reg_update(p, STATE, 0, TXFULL | (full ? TX_OVERRUN : 0));
    changed(p, index, written);
}

static uint32_t data_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    fwsim_reg_update(p, STATE, RXFULL, 0);
    return stored;
}

static void uart_rx(fwsim_periph *p, uint8_t byte)
{
    uint32_t ctrl = fwsim_reg_get(p, CTRL);
    bool full = fwsim_reg_get(p, STATE) & RXFULL;

    if (!(ctrl & RXEN) || fwsim_reg_get(p, BAUDDIV) < BAUDDIV_MIN)
        return;
    fwsim_reg_set(p, DATA, byte);
    fwsim_reg_update(p, STATE, 0, RXFULL | (full ? RX_OVERRUN : 0));
    if (ctrl & RXINT)
        fwsim_reg_update(p, INTSTATUS, 0, INT_RX);
    update(p);
}

static void intclear_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    fwsim_reg_update(p, STATE, written & OVERRUNS, 0);
    changed(p, index, written);
}

static void uart_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    *(uart_state *)fwsim_state(p) = (uart_state){ 0 };
    update(p);
}

/* clang-format off */
static const fwsim_reg uart_regs[] = {
    { "DATA",      DATA,      .wo = 0xff, .on_read = data_read, .on_write = data_written },
    { "STATE",     STATE,     .w1c = OVERRUNS, .on_write = changed },
    { "CTRL",      CTRL,      .rw = 0x7f, .on_write = changed },
    { "INTSTATUS", INTSTATUS, .w1c = INT_TX | INT_RX, .wo = OVERRUNS, .on_write = intclear_written },
    { "BAUDDIV",   BAUDDIV,   .rw = 0xfffff, .on_write = changed },
    CMSDK_ID_ROWS(0x21, 0x1b),
    FWSIM_REG_END
};

const fwsim_periph_type cmsdk_uart = {
    .name = "cmsdk_uart", .summary = "CMSDK APB UART",
    .source = "Arm DDI 0479, APB UART",
    .gaps = (const char *const[]){
        "a byte leaves the buffer at once, not with the next baud tick",
        "the line has no level: no noise, no false start bits", NULL },
    .size = 0x1000, .regs = uart_regs, .state_size = sizeof(uart_state),
    .irqs = IRQS, .uart = true,
    .on_reset = uart_reset, .on_event = uart_event, .on_rx = uart_rx,
};
/* clang-format on */
