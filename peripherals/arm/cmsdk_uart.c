/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CMSDK APB UART.
 *
 * Source: Arm DDI 0479, APB UART.
 * Modelled: transmitter and receiver with one byte of buffer each, overruns,
 * all interrupts, baud rate, high-speed test mode.
 */
#include "fwsim_periph.h"
#include "cmsdk_id.h"

enum { DATA = 0x00, STATE = 0x04, CTRL = 0x08, INTSTATUS = 0x0c, BAUDDIV = 0x10 };

/* Bits 2 and 3 have the same place in STATE and in INTSTATUS. */
#define STATE_TXFULL (1u << 0)
#define STATE_RXFULL (1u << 1)
#define OVERRUN_TX   (1u << 2)
#define OVERRUN_RX   (1u << 3)
#define OVERRUNS     (OVERRUN_TX | OVERRUN_RX)

#define CTRL_TXEN  (1u << 0)
#define CTRL_RXEN  (1u << 1)
#define CTRL_TXINT (1u << 2)
#define CTRL_RXINT (1u << 3)
#define CTRL_HSTM  (1u << 6)
#define CTRL_OVERRUN_INTS_SHIFT 2 /* from bits 4 and 5 to those of STATE */

#define INT_TX (1u << 0)
#define INT_RX (1u << 1)

enum { IRQ_TX, IRQ_RX, IRQ_TX_OVERRUN, IRQ_RX_OVERRUN, IRQ_COMBINED, IRQS };
enum { BAUDDIV_MIN = 16, FRAME_BITS = 10 };

typedef struct uart_state {
    uint8_t tx, rx;
    uint8_t shift, shifting;
} uart_state;

/* INTSTATUS: the overrun bits are those of STATE where CTRL lets them through,
 * the others are kept until they are cleared. */
static void update(fwsim_periph *p)
{
    uint32_t enabled = fwsim_reg_get(p, CTRL) >> CTRL_OVERRUN_INTS_SHIFT;
    uint32_t status;

    fwsim_reg_update(p, INTSTATUS, OVERRUNS,
                     fwsim_reg_get(p, STATE) & enabled & OVERRUNS);
    status = fwsim_reg_get(p, INTSTATUS);
    for (unsigned i = 0; i < IRQ_COMBINED; i++)
        fwsim_irq_set(p, i, status >> i & 1);
    fwsim_irq_set(p, IRQ_COMBINED, status != 0);
}

static uint64_t frame_ns(const fwsim_periph *p, uint32_t divider)
{
    return (uint64_t)FRAME_BITS * divider * FWSIM_S(1) / fwsim_clock_hz(p);
}

/* ------------------------------------------------------------------ */
/* Transmitter                                                          */
/* ------------------------------------------------------------------ */

/* CTRL, HSTM: a bit takes one clock. 0: the divider is too small to work. */
static uint32_t tx_divider(const fwsim_periph *p)
{
    uint32_t divider = fwsim_reg_get(p, BAUDDIV);

    if (fwsim_reg_get(p, CTRL) & CTRL_HSTM)
        return 1;
    return divider >= BAUDDIV_MIN ? divider : 0;
}

static void transmit_next(fwsim_periph *p)
{
    uart_state *s = fwsim_state(p);
    uint32_t ctrl = fwsim_reg_get(p, CTRL), divider = tx_divider(p);

    if (s->shifting || !(ctrl & CTRL_TXEN) || !divider ||
        !(fwsim_reg_get(p, STATE) & STATE_TXFULL))
        return;
    s->shift = s->tx;
    s->shifting = true;
    fwsim_reg_update(p, STATE, STATE_TXFULL, 0);
    if (ctrl & CTRL_TXINT)
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

static void data_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    uart_state *s = fwsim_state(p);
    bool full = fwsim_reg_get(p, STATE) & STATE_TXFULL;

    (void)index;
    s->tx = (uint8_t)written;
    fwsim_reg_update(p, STATE, 0, STATE_TXFULL | (full ? OVERRUN_TX : 0));
    transmit_next(p);
    update(p);
}

/* ------------------------------------------------------------------ */
/* Receiver                                                             */
/* ------------------------------------------------------------------ */

static void uart_rx(fwsim_periph *p, uint8_t byte)
{
    uart_state *s = fwsim_state(p);
    uint32_t ctrl = fwsim_reg_get(p, CTRL);
    bool full = fwsim_reg_get(p, STATE) & STATE_RXFULL;

    if (!(ctrl & CTRL_RXEN) || fwsim_reg_get(p, BAUDDIV) < BAUDDIV_MIN)
        return;
    s->rx = byte;
    fwsim_reg_update(p, STATE, 0, STATE_RXFULL | (full ? OVERRUN_RX : 0));
    if (ctrl & CTRL_RXINT)
        fwsim_reg_update(p, INTSTATUS, 0, INT_RX);
    update(p);
}

static uint32_t data_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    uart_state *s = fwsim_state(p);

    (void)index;
    (void)stored;
    fwsim_reg_update(p, STATE, STATE_RXFULL, 0);
    return s->rx;
}

/* ------------------------------------------------------------------ */
/* Control                                                              */
/* ------------------------------------------------------------------ */

static void state_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    update(p);
}

static void control_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    if ((fwsim_reg_get(p, CTRL) & CTRL_TXEN) && !tx_divider(p))
        fwsim_guest_error(p, "BAUDDIV is %u, the least that works is %d",
                          (unsigned)fwsim_reg_get(p, BAUDDIV), BAUDDIV_MIN);
    fwsim_uart_set_byte_time(p, frame_ns(p, fwsim_reg_get(p, BAUDDIV)));
    transmit_next(p);
    update(p);
}

static void intclear_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_reg_update(p, STATE, written & OVERRUNS, 0);
    update(p);
}

static void uart_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    uart_state *s = fwsim_state(p);

    (void)kind;
    *s = (uart_state){ 0 };
    update(p);
}

/* clang-format off */
static const fwsim_reg uart_regs[] = {
    { "DATA",      DATA,      .wo = 0xff, .on_read = data_read, .on_write = data_written },
    { "STATE",     STATE,     .w1c = OVERRUNS, .on_write = state_written },
    { "CTRL",      CTRL,      .rw = 0x7f, .on_write = control_written },
    { "INTSTATUS", INTSTATUS, .w1c = INT_TX | INT_RX, .wo = OVERRUNS, .on_write = intclear_written },
    { "BAUDDIV",   BAUDDIV,   .rw = 0xfffff, .on_write = control_written },
    CMSDK_ID_ROWS(0x21, 0x1b),
    FWSIM_REG_END
};
/* clang-format on */

static const char *const uart_gaps[] = {
    "a byte leaves the buffer at once, not with the next tick of the baud rate",
    "the line has no level: no noise, no false start bits",
    NULL
};

const fwsim_periph_type cmsdk_uart = {
    .name = "cmsdk_uart",
    .summary = "CMSDK APB UART",
    .source = "Arm DDI 0479, APB UART",
    .gaps = uart_gaps,
    .size = 0x1000,
    .regs = uart_regs,
    .state_size = sizeof(uart_state),
    .irqs = IRQS,
    .uart = true,
    .on_reset = uart_reset,
    .on_event = uart_event,
    .on_rx = uart_rx,
};
