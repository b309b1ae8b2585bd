/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 USART, as an asynchronous serial line or as the master of an SPI bus.
 *
 * Source: EFM32HG Reference Manual, chapter 16 (USART).
 * Modelled: transmitter and receiver with their buffers, baud rate, frame
 * length in time, overflow and underflow, interrupts on the RX and TX line;
 * synchronous master, where each frame that is sent receives one.
 * Not modelled: see usart_gaps.
 */
#include "efm32_common.h"

enum {
    CTRL = 0x00,
    FRAME = 0x04,
    TRIGCTRL = 0x08,
    CMD = 0x0c,
    STATUS = 0x10,
    CLKDIV = 0x14,
    RXDATAX = 0x18,
    RXDATA = 0x1c,
    RXDOUBLEX = 0x20,
    RXDOUBLE = 0x24,
    RXDATAXP = 0x28,
    RXDOUBLEXP = 0x2c,
    TXDATAX = 0x30,
    TXDATA = 0x34,
    TXDOUBLEX = 0x38,
    TXDOUBLE = 0x3c,
    IF = 0x40,
    IFS = 0x44,
    IFC = 0x48,
    IEN = 0x4c,
    IRCTRL = 0x50,
    ROUTE = 0x54,
    INPUT = 0x58,
    I2SCTRL = 0x5c
};

#define CTRL_SYNC   (1u << 0)
#define CTRL_LOOPBK (1u << 1)
#define CTRL_MSBF   (1u << 10)
#define CTRL_TXBIL  (1u << 12)
#define CTRL_ALL    0xffffff7fu
/* All but SYNC, LOOPBK, OVS, CLKPOL, CLKPHA, MSBF and TXBIL. */
#define CTRL_UNIMPL 0xffffe81cu

/* USARTn_CMD: pairs of enable and disable. */
#define CMD_RXEN       (1u << 0)
#define CMD_RXDIS      (1u << 1)
#define CMD_TXEN       (1u << 2)
#define CMD_TXDIS      (1u << 3)
#define CMD_MASTEREN   (1u << 4)
#define CMD_MASTERDIS  (1u << 5)
#define CMD_RXBLOCKEN  (1u << 6)
#define CMD_RXBLOCKDIS (1u << 7)
#define CMD_TXTRIEN    (1u << 8)
#define CMD_TXTRIDIS   (1u << 9)
#define CMD_CLEARTX    (1u << 10)
#define CMD_CLEARRX    (1u << 11)

#define STATUS_RXENS   (1u << 0)
#define STATUS_TXENS   (1u << 1)
#define STATUS_MASTER  (1u << 2)
#define STATUS_RXBLOCK (1u << 3)
#define STATUS_TXTRI   (1u << 4)
#define STATUS_TXC     (1u << 5)
#define STATUS_TXBL    (1u << 6)
#define STATUS_RXDATAV (1u << 7)
#define STATUS_RXFULL  (1u << 8)

#define IF_TXC     (1u << 0)
#define IF_TXBL    (1u << 1)
#define IF_RXDATAV (1u << 2)
#define IF_RXFULL  (1u << 3)
#define IF_RXOF    (1u << 4)
#define IF_RXUF    (1u << 5)
#define IF_TXOF    (1u << 6)
#define IF_ALL     0x1fffu
#define IF_LEVELS  (IF_TXBL | IF_RXDATAV) /* follow STATUS, not IFS and IFC */
#define IF_TX      0x10c3u /* TXC, TXBL, TXOF, TXUF, CCF: the TX line */

enum { OUT_RX, OUT_TX };

enum { TX_BUFFER = 2, RX_BUFFER = 2 };

typedef struct usart_state {
    uint8_t tx[TX_BUFFER];
    uint8_t tx_count;
    uint8_t shifting; /* the shift register holds tx_shift */
    uint8_t tx_shift;
    uint8_t rx[RX_BUFFER + 1]; /* the last one waits in the shift register */
    uint8_t rx_count;
    uint8_t reserved[7];
} usart_state;

static void update(fwsim_periph *p)
{
    const usart_state *s = fwsim_state(p);
    bool half = fwsim_reg_get(p, CTRL) & CTRL_TXBIL;
    uint32_t levels = 0, active;

    /* USARTn_CTRL, TXBIL: ready when the buffer is empty, or half full. */
    if (s->tx_count <= (half ? TX_BUFFER - 1 : 0))
        levels |= STATUS_TXBL;
    if (s->rx_count > 0)
        levels |= STATUS_RXDATAV;
    if (s->rx_count >= RX_BUFFER)
        levels |= STATUS_RXFULL;
    fwsim_reg_update(p, STATUS, STATUS_TXBL | STATUS_RXDATAV | STATUS_RXFULL,
                     levels);
    fwsim_reg_update(p, IF, IF_LEVELS,
                     (levels & STATUS_TXBL ? IF_TXBL : 0) |
                         (levels & STATUS_RXDATAV ? IF_RXDATAV : 0));

    active = fwsim_reg_get(p, IF) & fwsim_reg_get(p, IEN);
    fwsim_irq_set(p, OUT_RX, active & ~IF_TX);
    fwsim_irq_set(p, OUT_TX, active & IF_TX);
}

static void flag(fwsim_periph *p, uint32_t bits)
{
    fwsim_reg_update(p, IF, 0, bits);
    update(p);
}

/* Half bits of a frame: start, data, parity, stop (USARTn_FRAME). */
static uint32_t frame_half_bits(const fwsim_periph *p)
{
    uint32_t frame = fwsim_reg_get(p, FRAME);
    uint32_t data = (frame & 15) + 3, parity = (frame >> 8 & 3) != 0;

    return 2 * (1 + data + parity) + (frame >> 12 & 3) + 1;
}

/* Synchronous clock generation: fHFPERCLK / (2 * (1 + CLKDIV / 256)); there
 * are data bits only. */
static uint64_t sync_frame_ns(const fwsim_periph *p)
{
    uint64_t bits = (fwsim_reg_get(p, FRAME) & 15) + 3;

    return bits * 2 * (256 + fwsim_reg_get(p, CLKDIV)) * FWSIM_S(1) / 256 /
           fwsim_clock_hz(p);
}

/* Asynchronous clock generation: fHFPERCLK / (oversampling * (1 + CLKDIV / 256)). */
static uint64_t frame_ns(const fwsim_periph *p)
{
    static const uint8_t oversampling[] = { 16, 8, 6, 4 };
    uint64_t ovs = oversampling[fwsim_reg_get(p, CTRL) >> 5 & 3];
    uint64_t cycles256 = ovs * (256 + fwsim_reg_get(p, CLKDIV));

    if (fwsim_reg_get(p, CTRL) & CTRL_SYNC)
        return sync_frame_ns(p);
    return frame_half_bits(p) * cycles256 * FWSIM_S(1) / 512 /
           fwsim_clock_hz(p);
}

static void timing_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    fwsim_uart_set_byte_time(p, frame_ns(p));
    update(p);
}

/* ------------------------------------------------------------------ */
/* Transmitter                                                          */
/* ------------------------------------------------------------------ */

static void transmit_next(fwsim_periph *p)
{
    usart_state *s = fwsim_state(p);

    if (s->shifting || s->tx_count == 0 ||
        !(fwsim_reg_get(p, STATUS) & STATUS_TXENS))
        return;
    s->tx_shift = s->tx[0];
    s->tx[0] = s->tx[1];
    s->tx_count--;
    s->shifting = true;
    fwsim_event_set(p, 0, fwsim_ticks_from_ns(p, frame_ns(p)));
}

static void transmit(fwsim_periph *p, uint8_t byte)
{
    usart_state *s = fwsim_state(p);

    if (s->tx_count == TX_BUFFER) {
        flag(p, IF_TXOF);
        return;
    }
    s->tx[s->tx_count++] = byte;
    fwsim_reg_update(p, STATUS, STATUS_TXC, 0);
    transmit_next(p);
    update(p);
}

static void receive(fwsim_periph *p, uint8_t byte)
{
    usart_state *s = fwsim_state(p);
    uint32_t status = fwsim_reg_get(p, STATUS);

    if (!(status & STATUS_RXENS) || (status & STATUS_RXBLOCK))
        return;
    /* USARTn_IF, RXOF: an overflow overwrites the shift register. */
    if (s->rx_count > RX_BUFFER) {
        s->rx[RX_BUFFER] = byte;
        flag(p, IF_RXOF);
        return;
    }
    s->rx[s->rx_count++] = byte;
    flag(p, s->rx_count == RX_BUFFER ? IF_RXFULL : 0);
}

/** Bits in the order of the line, first one highest. */
static uint8_t on_line(const fwsim_periph *p, uint8_t byte)
{
    uint8_t reversed = 0;

    if (fwsim_reg_get(p, CTRL) & CTRL_MSBF)
        return byte;
    for (unsigned i = 0; i < 8; i++)
        reversed = (uint8_t)(reversed << 1 | (byte >> i & 1));
    return reversed;
}

static void exchange(fwsim_periph *p, uint8_t out)
{
    uint8_t in;

    if (!(fwsim_reg_get(p, STATUS) & STATUS_MASTER)) {
        fwsim_unimpl(p, "synchronous mode as a slave");
        return;
    }
    fwsim_spi_transfer(p, on_line(p, out), &in);
    receive(p, on_line(p, in));
}

static void usart_event(fwsim_periph *p, unsigned id)
{
    usart_state *s = fwsim_state(p);
    uint32_t ctrl = fwsim_reg_get(p, CTRL);

    (void)id;
    s->shifting = false;
    if (ctrl & CTRL_LOOPBK)
        receive(p, s->tx_shift);
    else if (ctrl & CTRL_SYNC)
        exchange(p, s->tx_shift);
    else
        fwsim_uart_tx(p, s->tx_shift);
    transmit_next(p);
    if (!s->shifting) {
        fwsim_reg_update(p, STATUS, 0, STATUS_TXC);
        flag(p, IF_TXC);
    }
    update(p);
}

static void usart_rx(fwsim_periph *p, uint8_t byte)
{
    if (!(fwsim_reg_get(p, CTRL) & (CTRL_LOOPBK | CTRL_SYNC)))
        receive(p, byte);
}

static void txdata_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    transmit(p, written & 0xff);
}

static void txdouble_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    transmit(p, written & 0xff);
    transmit(p, written >> 8 & 0xff);
}

static void txdoublex_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    transmit(p, written & 0xff);
    transmit(p, written >> 16 & 0xff);
}

/* ------------------------------------------------------------------ */
/* Receiver                                                             */
/* ------------------------------------------------------------------ */

static uint8_t take(fwsim_periph *p)
{
    usart_state *s = fwsim_state(p);
    uint8_t byte = s->rx[0];

    if (s->rx_count == 0) {
        flag(p, IF_RXUF);
        return 0;
    }
    s->rx_count--;
    for (unsigned i = 0; i < s->rx_count; i++)
        s->rx[i] = s->rx[i + 1];
    update(p);
    return byte;
}

static uint32_t rxdata_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    (void)stored;
    return take(p);
}

static uint32_t rxdouble_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    uint32_t first = take(p);

    (void)index;
    (void)stored;
    return first | (uint32_t)take(p) << 8;
}

static uint32_t rxdoublex_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    uint32_t first = take(p);

    (void)index;
    (void)stored;
    return first | (uint32_t)take(p) << 16;
}

/* The peek registers show the buffer and leave it as it is. */
static uint32_t rxdataxp_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    const usart_state *s = fwsim_state(p);

    (void)index;
    (void)stored;
    return s->rx_count > 0 ? s->rx[0] : 0;
}

static uint32_t rxdoublexp_read(fwsim_periph *p, unsigned index,
                                uint32_t stored)
{
    const usart_state *s = fwsim_state(p);

    return rxdataxp_read(p, index, stored) |
           (s->rx_count > 1 ? (uint32_t)s->rx[1] << 16 : 0);
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
        { CMD_MASTEREN, CMD_MASTERDIS, STATUS_MASTER },
        { CMD_RXBLOCKEN, CMD_RXBLOCKDIS, STATUS_RXBLOCK },
        { CMD_TXTRIEN, CMD_TXTRIDIS, STATUS_TXTRI },
    };
    usart_state *s = fwsim_state(p);

    (void)index;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (written & pairs[i].disable)
            fwsim_reg_update(p, STATUS, pairs[i].status, 0);
        if (written & pairs[i].enable)
            fwsim_reg_update(p, STATUS, 0, pairs[i].status);
    }
    if (written & CMD_CLEARTX)
        s->tx_count = 0;
    if (written & CMD_CLEARRX)
        s->rx_count = 0;
    fwsim_uart_set_byte_time(p, frame_ns(p));
    transmit_next(p);
    update(p);
}

EFM32_INTERRUPT_WRITES(IF_ALL & ~IF_LEVELS, update)

static void usart_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    usart_state *s = fwsim_state(p);

    (void)kind;
    *s = (usart_state){ 0 };
    update(p);
}

/* clang-format off */
static const fwsim_reg usart_regs[] = {
    { "CTRL",       CTRL,       .rw = CTRL_ALL, .unimpl = CTRL_UNIMPL, .on_write = timing_written },
    { "FRAME",      FRAME,      .reset = 0x1005, .rw = 0x330f, .on_write = timing_written },
    { "TRIGCTRL",   TRIGCTRL,   .rw = 0x77, .unimpl = 0x70 },
    { "CMD",        CMD,        .wo = 0xfff, .on_write = cmd_written },
    { "STATUS",     STATUS,     .reset = STATUS_TXBL },
    { "CLKDIV",     CLKDIV,     .rw = 0x1ffff8, .on_write = timing_written },
    { "RXDATAX",    RXDATAX,    .on_read = rxdata_read },
    { "RXDATA",     RXDATA,     .on_read = rxdata_read },
    { "RXDOUBLEX",  RXDOUBLEX,  .on_read = rxdoublex_read },
    { "RXDOUBLE",   RXDOUBLE,   .on_read = rxdouble_read },
    { "RXDATAXP",   RXDATAXP,   .on_read = rxdataxp_read },
    { "RXDOUBLEXP", RXDOUBLEXP, .on_read = rxdoublexp_read },
    { "TXDATAX",    TXDATAX,    .wo = 0xf9ff, .on_write = txdata_written },
    { "TXDATA",     TXDATA,     .wo = 0xff, .on_write = txdata_written },
    { "TXDOUBLEX",  TXDOUBLEX,  .wo = 0xf9fff9ff, .on_write = txdoublex_written },
    { "TXDOUBLE",   TXDOUBLE,   .wo = 0xffff, .on_write = txdouble_written },
    { "IF",         IF,         .reset = IF_TXBL },
    { "IFS",        IFS,        .wo = IF_ALL & ~IF_LEVELS, .on_write = ifs_written },
    { "IFC",        IFC,        .wo = IF_ALL & ~IF_LEVELS, .on_write = ifc_written },
    { "IEN",        IEN,        .rw = IF_ALL, .on_write = ien_written },
    { "IRCTRL",     IRCTRL,     .rw = 0xff, .unimpl = 0x81 },
    { "ROUTE",      ROUTE,      .rw = 0x70f },
    { "INPUT",      INPUT,      .rw = 0x17, .unimpl = 0x10 },
    { "I2SCTRL",    I2SCTRL,    .rw = 0x71f, .unimpl = 0x1 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const usart_gaps[] = {
    "SPI as a slave, AUTOCS, I2S, IrDA, smartcard, multi-processor mode, PRS, DMA",
    "MSBF of an asynchronous line",
    "frames of other than 8 bits: their length counts in time, their data is a "
    "byte; no parity or framing errors",
    "ROUTE: the line is connected whatever pins are set",
    "TXDATAX control bits",
    NULL
};

const fwsim_periph_type efm32_usart = {
    .name = "efm32_usart",
    .summary = "EFM32 USART, asynchronous or SPI master",
    .source = "EFM32HG Reference Manual, chapter 16",
    .gaps = usart_gaps,
    .size = 0x400,
    .regs = usart_regs,
    .state_size = sizeof(usart_state),
    .irqs = 2,
    .uart = true,
    .spi_bus = true,
    .on_reset = usart_reset,
    .on_event = usart_event,
    .on_rx = usart_rx,
};
