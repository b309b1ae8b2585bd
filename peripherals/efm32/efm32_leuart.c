/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 low energy UART.
 *
 * Source: EFM32HG Reference Manual, chapter 17 (LEUART).
 * Modelled: transmitter and receiver with one frame of buffer each, baud rate,
 * overflow and underflow, start and signal frame, interrupts.
 * Not modelled: see leuart_gaps.
 */
#include "efm32_common.h"

enum {
    CTRL = 0x00,
    CMD = 0x04,
    STATUS = 0x08,
    CLKDIV = 0x0c,
    STARTFRAME = 0x10,
    SIGFRAME = 0x14,
    RXDATAX = 0x18,
    RXDATA = 0x1c,
    RXDATAXP = 0x20,
    TXDATAX = 0x24,
    TXDATA = 0x28,
    IF = 0x2c,
    IFS = 0x30,
    IFC = 0x34,
    IEN = 0x38,
    PULSECTRL = 0x3c,
    FREEZE = 0x40,
    SYNCBUSY = 0x44,
    ROUTE = 0x54,
    INPUT = 0xac
};

#define CTRL_DATABITS (1u << 1)
#define CTRL_PARITY   (3u << 2)
#define CTRL_STOPBITS (1u << 4)
#define CTRL_LOOPBK   (1u << 7)
#define CTRL_SFUBRX   (1u << 8)

#define CMD_RXEN       (1u << 0)
#define CMD_RXDIS      (1u << 1)
#define CMD_TXEN       (1u << 2)
#define CMD_TXDIS      (1u << 3)
#define CMD_RXBLOCKEN  (1u << 4)
#define CMD_RXBLOCKDIS (1u << 5)
#define CMD_CLEARTX    (1u << 6)
#define CMD_CLEARRX    (1u << 7)

#define STATUS_RXENS   (1u << 0)
#define STATUS_TXENS   (1u << 1)
#define STATUS_RXBLOCK (1u << 2)
#define STATUS_TXC     (1u << 3)
#define STATUS_TXBL    (1u << 4)
#define STATUS_RXDATAV (1u << 5)

#define IF_TXC     (1u << 0)
#define IF_TXBL    (1u << 1)
#define IF_RXDATAV (1u << 2)
#define IF_RXOF    (1u << 3)
#define IF_RXUF    (1u << 4)
#define IF_TXOF    (1u << 5)
#define IF_STARTF  (1u << 9)
#define IF_SIGF    (1u << 10)
#define IF_ALL     0x7ffu
#define IF_LEVELS  (IF_TXBL | IF_RXDATAV) /* follow STATUS, not IFS and IFC */

enum { RX_BUFFER = 1 };

typedef struct leuart_state {
    uint8_t tx, tx_full;
    uint8_t tx_shift, shifting;
    uint8_t rx[RX_BUFFER + 1]; /* the last one waits in the shift register */
    uint8_t rx_count;
    uint8_t reserved;
} leuart_state;

static void update(fwsim_periph *p)
{
    const leuart_state *s = fwsim_state(p);
    uint32_t txbl = s->tx_full ? 0 : ~0u, rxdatav = s->rx_count ? ~0u : 0;

    fwsim_reg_update(p, STATUS, STATUS_TXBL | STATUS_RXDATAV,
                     (STATUS_TXBL & txbl) | (STATUS_RXDATAV & rxdatav));
    fwsim_reg_update(p, IF, IF_LEVELS, (IF_TXBL & txbl) | (IF_RXDATAV & rxdatav));
    fwsim_irq_set(p, 0, fwsim_reg_get(p, IF) & fwsim_reg_get(p, IEN));
}

static void flag(fwsim_periph *p, uint32_t bits)
{
    fwsim_reg_update(p, IF, 0, bits);
    update(p);
}

/* LEUARTn_CLKDIV: baud rate fLEUART / (1 + CLKDIV / 256). */
static uint64_t frame_ns(const fwsim_periph *p)
{
    uint32_t ctrl = fwsim_reg_get(p, CTRL);
    uint64_t bits = 10 + !!(ctrl & CTRL_DATABITS) + !!(ctrl & CTRL_PARITY) +
                    !!(ctrl & CTRL_STOPBITS);

    return bits * (256 + fwsim_reg_get(p, CLKDIV)) * FWSIM_S(1) / 256 /
           fwsim_clock_hz(p);
}

static void timing_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    fwsim_uart_set_byte_time(p, frame_ns(p));
}

/* ------------------------------------------------------------------ */
/* Receiver                                                             */
/* ------------------------------------------------------------------ */

/* LEUARTn_CTRL, SFUBRX: a start frame opens a blocked receiver, and is itself
 * received. */
static void match_frames(fwsim_periph *p, uint8_t byte)
{
    if (byte == fwsim_reg_get(p, STARTFRAME)) {
        flag(p, IF_STARTF);
        if (fwsim_reg_get(p, CTRL) & CTRL_SFUBRX)
            fwsim_reg_update(p, STATUS, STATUS_RXBLOCK, 0);
    }
    if (byte == fwsim_reg_get(p, SIGFRAME))
        flag(p, IF_SIGF);
}

static void receive(fwsim_periph *p, uint8_t byte)
{
    leuart_state *s = fwsim_state(p);

    if (!(fwsim_reg_get(p, STATUS) & STATUS_RXENS))
        return;
    match_frames(p, byte);
    if (fwsim_reg_get(p, STATUS) & STATUS_RXBLOCK)
        return;
    if (s->rx_count > RX_BUFFER) {
        s->rx[RX_BUFFER] = byte;
        flag(p, IF_RXOF);
        return;
    }
    s->rx[s->rx_count++] = byte;
    update(p);
}

static void leuart_rx(fwsim_periph *p, uint8_t byte)
{
    if (!(fwsim_reg_get(p, CTRL) & CTRL_LOOPBK))
        receive(p, byte);
}

static uint32_t rxdata_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    leuart_state *s = fwsim_state(p);
    uint32_t byte = s->rx[0];

    (void)index;
    (void)stored;
    if (s->rx_count == 0) {
        flag(p, IF_RXUF);
        return 0;
    }
    s->rx_count--;
    s->rx[0] = s->rx[1];
    update(p);
    return byte;
}

static uint32_t rxdataxp_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    const leuart_state *s = fwsim_state(p);

    (void)index;
    (void)stored;
    return s->rx_count ? s->rx[0] : 0;
}

/* ------------------------------------------------------------------ */
/* Transmitter                                                          */
/* ------------------------------------------------------------------ */

static void transmit_next(fwsim_periph *p)
{
    leuart_state *s = fwsim_state(p);

    if (s->shifting || !s->tx_full ||
        !(fwsim_reg_get(p, STATUS) & STATUS_TXENS))
        return;
    s->tx_shift = s->tx;
    s->tx_full = false;
    s->shifting = true;
    fwsim_event_set(p, 0, fwsim_ticks_from_ns(p, frame_ns(p)));
}

static void txdata_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    leuart_state *s = fwsim_state(p);

    (void)index;
    if (s->tx_full) {
        flag(p, IF_TXOF);
        return;
    }
    s->tx = written & 0xff;
    s->tx_full = true;
    fwsim_reg_update(p, STATUS, STATUS_TXC, 0);
    transmit_next(p);
    update(p);
}

static void leuart_event(fwsim_periph *p, unsigned id)
{
    leuart_state *s = fwsim_state(p);

    (void)id;
    s->shifting = false;
    if (fwsim_reg_get(p, CTRL) & CTRL_LOOPBK)
        receive(p, s->tx_shift);
    else
        fwsim_uart_tx(p, s->tx_shift);
    transmit_next(p);
    if (!s->shifting) {
        fwsim_reg_update(p, STATUS, 0, STATUS_TXC);
        flag(p, IF_TXC);
    }
    update(p);
}

/* ------------------------------------------------------------------ */
/* Control                                                              */
/* ------------------------------------------------------------------ */

static void cmd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    static const struct {
        uint32_t enable, disable, status;
    } pairs[] = {
        { CMD_RXEN, CMD_RXDIS, STATUS_RXENS },
        { CMD_TXEN, CMD_TXDIS, STATUS_TXENS },
        { CMD_RXBLOCKEN, CMD_RXBLOCKDIS, STATUS_RXBLOCK },
    };
    leuart_state *s = fwsim_state(p);

    (void)index;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (written & pairs[i].disable)
            fwsim_reg_update(p, STATUS, pairs[i].status, 0);
        if (written & pairs[i].enable)
            fwsim_reg_update(p, STATUS, 0, pairs[i].status);
    }
    if (written & CMD_CLEARTX)
        s->tx_full = false;
    if (written & CMD_CLEARRX)
        s->rx_count = 0;
    fwsim_uart_set_byte_time(p, frame_ns(p));
    transmit_next(p);
    update(p);
}

EFM32_INTERRUPT_WRITES(IF_ALL & ~IF_LEVELS, update)

static void leuart_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    leuart_state *s = fwsim_state(p);

    (void)kind;
    *s = (leuart_state){ 0 };
    update(p);
}

/* clang-format off */
static const fwsim_reg leuart_regs[] = {
    { "CTRL",       CTRL,       .rw = 0xffff, .unimpl = 0x3e61, .on_write = timing_written },
    { "CMD",        CMD,        .wo = 0xff, .on_write = cmd_written },
    { "STATUS",     STATUS,     .reset = STATUS_TXBL },
    { "CLKDIV",     CLKDIV,     .rw = 0x7ff8, .on_write = timing_written },
    { "STARTFRAME", STARTFRAME, .rw = 0x1ff },
    { "SIGFRAME",   SIGFRAME,   .rw = 0x1ff },
    { "RXDATAX",    RXDATAX,    .on_read = rxdata_read },
    { "RXDATA",     RXDATA,     .on_read = rxdata_read },
    { "RXDATAXP",   RXDATAXP,   .on_read = rxdataxp_read },
    { "TXDATAX",    TXDATAX,    .wo = 0xe1ff, .on_write = txdata_written },
    { "TXDATA",     TXDATA,     .wo = 0xff, .on_write = txdata_written },
    { "IF",         IF,         .reset = IF_TXBL },
    { "IFS",        IFS,        .wo = IF_ALL & ~IF_LEVELS, .on_write = ifs_written },
    { "IFC",        IFC,        .wo = IF_ALL & ~IF_LEVELS, .on_write = ifc_written },
    { "IEN",        IEN,        .rw = IF_ALL, .on_write = ien_written },
    { "PULSECTRL",  PULSECTRL,  .rw = 0x3f, .unimpl = 0x10 },
    { "FREEZE",     FREEZE,     .rw = 0x1, .unimpl = 0x1 },
    { "SYNCBUSY",   SYNCBUSY,   .reset = 0x0 },
    { "ROUTE",      ROUTE,      .rw = 0x703 },
    { "INPUT",      INPUT,      .rw = 0x17, .unimpl = 0x10 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const leuart_gaps[] = {
    "the clock is that of the slot: CMU_LFCLKSEL, CMU_LFBPRESC0 and "
    "CMU_LFBCLKEN0 have no effect",
    "SYNCBUSY is always 0 and FREEZE has no effect: writes take effect at once",
    "the ninth bit, parity and framing errors, pulse mode, DMA, PRS",
    "ROUTE: the line is connected whatever pins are set",
    NULL
};

const fwsim_periph_type efm32_leuart = {
    .name = "efm32_leuart",
    .summary = "EFM32 low energy UART",
    .source = "EFM32HG Reference Manual, chapter 17",
    .gaps = leuart_gaps,
    .size = 0x400,
    .regs = leuart_regs,
    .state_size = sizeof(leuart_state),
    .irqs = 1,
    .uart = true,
    .on_reset = leuart_reset,
    .on_event = leuart_event,
    .on_rx = leuart_rx,
};
