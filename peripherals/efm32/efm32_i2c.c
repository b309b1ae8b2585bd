/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 I2C controller, as a master.
 *
 * Source: EFM32HG Reference Manual, chapter 15 (I2C).
 * Modelled: start, repeated start, stop, address and data bytes in both
 * directions with their time, pending commands, automatic ACK, STOP at the end
 * and STOP on NACK, interrupts.
 * Not modelled: see i2c_gaps.
 *
 * A transfer is a row of phases. One that waits for the firmware (data to
 * send, an ACK to give) holds the bus until what it waits for is there.
 */
#include "efm32_common.h"

enum {
    CTRL = 0x00,
    CMD = 0x04,
    STATE = 0x08,
    STATUS = 0x0c,
    CLKDIV = 0x10,
    SADDR = 0x14,
    SADDRMASK = 0x18,
    RXDATA = 0x1c,
    RXDATAP = 0x20,
    TXDATA = 0x24,
    IF = 0x28,
    IFS = 0x2c,
    IFC = 0x30,
    IEN = 0x34,
    ROUTE = 0x38
};

#define CTRL_EN      (1u << 0)
#define CTRL_AUTOACK (1u << 2)
#define CTRL_AUTOSE  (1u << 3)
#define CTRL_AUTOSN  (1u << 4)

#define CMD_ABORT   (1u << 5)
#define CMD_CLEARTX (1u << 6)
#define CMD_CLEARPC (1u << 7)
#define CMD_PENDING 0x1fu /* START, STOP, ACK, NACK, CONT: wait in STATUS */

#define STATE_BUSY        (1u << 0)
#define STATE_MASTER      (1u << 1)
#define STATE_TRANSMITTER (1u << 2)
#define STATE_NACKED      (1u << 3)
#define STATE_BUSHOLD     (1u << 4)
#define STATE_START       (2u << 5)
#define STATE_ADDR        (3u << 5)
#define STATE_DATA        (5u << 5)
#define STATE_DATAACK     (6u << 5)

#define STATUS_PSTART  (1u << 0)
#define STATUS_PSTOP   (1u << 1)
#define STATUS_PACK    (1u << 2)
#define STATUS_PNACK   (1u << 3)
#define STATUS_PCONT   (1u << 4)
#define STATUS_TXC     (1u << 6)
#define STATUS_TXBL    (1u << 7)
#define STATUS_RXDATAV (1u << 8)

#define IF_START   (1u << 0)
#define IF_RSTART  (1u << 1)
#define IF_TXC     (1u << 3)
#define IF_TXBL    (1u << 4)
#define IF_RXDATAV (1u << 5)
#define IF_ACK     (1u << 6)
#define IF_NACK    (1u << 7)
#define IF_MSTOP   (1u << 8)
#define IF_BUSHOLD (1u << 11)
#define IF_TXOF    (1u << 12)
#define IF_RXUF    (1u << 13)
#define IF_ALL     0x1ffffu
#define IF_LEVELS  (IF_TXBL | IF_RXDATAV) /* follow STATUS, not IFS and IFC */

typedef enum phase {
    PHASE_UNKNOWN, /* after reset the bus counts as busy until an ABORT */
    PHASE_IDLE,
    PHASE_ADDRESS, /* after a start: the next byte to send is the address */
    PHASE_SEND,
    PHASE_SENDING, /* a byte is on the line, until the event */
    PHASE_RECEIVE,
    PHASE_RECEIVING,
    PHASE_ACK,     /* a byte has come: ACK or NACK? */
    PHASE_NACKED   /* only a start or a stop goes on from here */
} phase;

typedef struct i2c_state {
    uint8_t phase;
    uint8_t tx, tx_full;
    uint8_t rx, rx_full;
    uint8_t line;    /* the byte on the line */
    uint8_t address; /* it is an address */
    uint8_t reserved;
} i2c_state;

#define WAITS_TO_SEND                                                          \
    (STATE_BUSY | STATE_MASTER | STATE_TRANSMITTER | STATE_BUSHOLD)

/* I2Cn_STATE; the number in bits 5 to 7. */
static uint32_t state_of(const i2c_state *s)
{
    static const uint32_t states[] = {
        [PHASE_UNKNOWN] = STATE_BUSY,
        [PHASE_IDLE] = 0,
        [PHASE_ADDRESS] = STATE_START | WAITS_TO_SEND,
        [PHASE_SEND] = STATE_DATAACK | WAITS_TO_SEND,
        [PHASE_SENDING] =
            STATE_DATA | STATE_BUSY | STATE_MASTER | STATE_TRANSMITTER,
        [PHASE_RECEIVE] = STATE_DATA | STATE_BUSY | STATE_MASTER,
        [PHASE_RECEIVING] = STATE_DATA | STATE_BUSY | STATE_MASTER,
        [PHASE_ACK] = STATE_DATA | STATE_BUSY | STATE_MASTER | STATE_BUSHOLD,
        [PHASE_NACKED] = STATE_DATAACK | WAITS_TO_SEND | STATE_NACKED,
    };

    if (s->phase == PHASE_SENDING && s->address)
        return STATE_ADDR | STATE_BUSY | STATE_MASTER | STATE_TRANSMITTER;
    return states[s->phase];
}

static void update(fwsim_periph *p)
{
    const i2c_state *s = fwsim_state(p);

    fwsim_reg_set(p, STATE, state_of(s));
    fwsim_reg_update(p, STATUS, STATUS_TXBL | STATUS_RXDATAV,
                     (s->tx_full ? 0 : STATUS_TXBL) |
                         (s->rx_full ? STATUS_RXDATAV : 0));
    fwsim_reg_update(p, IF, IF_LEVELS, (s->tx_full ? 0 : IF_TXBL) |
                                           (s->rx_full ? IF_RXDATAV : 0));
    fwsim_irq_set(p, 0, fwsim_reg_get(p, IF) & fwsim_reg_get(p, IEN));
}

static void flag(fwsim_periph *p, uint32_t bits)
{
    fwsim_reg_update(p, IF, 0, bits);
}

/* Clock generation: fSCL = fHFPERCLK / ((Nlow + Nhigh) * (CLKDIV + 1) + 8),
 * nine bits a byte. */
static uint64_t byte_ns(const fwsim_periph *p)
{
    static const uint8_t cycles[] = { 4 + 4, 6 + 3, 11 + 6, 4 + 4 };
    uint64_t n = cycles[fwsim_reg_get(p, CTRL) >> 8 & 3];

    return 9 * (n * (fwsim_reg_get(p, CLKDIV) + 1) + 8) * FWSIM_S(1) /
           fwsim_clock_hz(p);
}

/* Is a command pending? It no longer is. */
static bool take_command(fwsim_periph *p, uint32_t command)
{
    bool is = fwsim_reg_get(p, STATUS) & command;

    fwsim_reg_update(p, STATUS, command, 0);
    return is;
}

static void busy(fwsim_periph *p, phase next)
{
    i2c_state *s = fwsim_state(p);

    s->phase = next;
    fwsim_event_set(p, 0, fwsim_ticks_from_ns(p, byte_ns(p)));
}

static void send(fwsim_periph *p)
{
    i2c_state *s = fwsim_state(p);

    s->address = s->phase == PHASE_ADDRESS;
    s->line = s->tx;
    s->tx_full = false;
    fwsim_reg_update(p, STATUS, STATUS_TXC, 0);
    busy(p, PHASE_SENDING);
}

static void stop(fwsim_periph *p)
{
    i2c_state *s = fwsim_state(p);

    fwsim_i2c_stop(p);
    s->phase = PHASE_IDLE;
    flag(p, IF_MSTOP);
}

/* A byte has come, and waits for its ACK or NACK. */
static bool acknowledge(fwsim_periph *p)
{
    i2c_state *s = fwsim_state(p);
    bool automatic = fwsim_reg_get(p, CTRL) & CTRL_AUTOACK;

    if (take_command(p, STATUS_PNACK))
        s->phase = PHASE_NACKED;
    else if (!s->rx_full && (take_command(p, STATUS_PACK) || automatic))
        s->phase = PHASE_RECEIVE;
    return s->phase != PHASE_ACK;
}

/* The bus is held between two bytes: stop, or send the next one. */
static bool go_on(fwsim_periph *p)
{
    const i2c_state *s = fwsim_state(p);
    bool nacked = s->phase == PHASE_NACKED;
    uint32_t ctrl = fwsim_reg_get(p, CTRL);

    if (take_command(p, STATUS_PSTOP) || (nacked && (ctrl & CTRL_AUTOSN)) ||
        (!nacked && !s->tx_full && (ctrl & CTRL_AUTOSE))) {
        stop(p);
        return true;
    }
    if (!s->tx_full || (nacked && !take_command(p, STATUS_PCONT)))
        return false;
    send(p);
    return true;
}

/* One step, if the firmware has said which. @return true when it was taken */
static bool step(fwsim_periph *p)
{
    i2c_state *s = fwsim_state(p);

    switch (s->phase) {
    case PHASE_ADDRESS:
        if (s->tx_full)
            send(p);
        return s->phase != PHASE_ADDRESS;
    case PHASE_RECEIVE:
        busy(p, PHASE_RECEIVING);
        return true;
    case PHASE_ACK:
        return acknowledge(p);
    case PHASE_IDLE:
    case PHASE_SEND:
    case PHASE_NACKED:
        if (!take_command(p, STATUS_PSTART))
            return s->phase != PHASE_IDLE && go_on(p);
        flag(p, s->phase == PHASE_IDLE ? IF_START : IF_RSTART);
        s->phase = PHASE_ADDRESS;
        return true;
    default: /* a byte is on the line, or the bus is not known to be idle */
        return false;
    }
}

static void run(fwsim_periph *p)
{
    const i2c_state *s = fwsim_state(p);
    uint32_t before = fwsim_reg_get(p, STATE);

    if (fwsim_reg_get(p, CTRL) & CTRL_EN)
        while (step(p))
            ;
    if (state_of(s) & ~before & STATE_BUSHOLD)
        flag(p, IF_BUSHOLD);
    update(p);
}

static void sent(fwsim_periph *p)
{
    i2c_state *s = fwsim_state(p);
    bool read = s->address && (s->line & 1);
    bool ack = s->address ? fwsim_i2c_start(p, s->line >> 1, read)
                          : fwsim_i2c_write(p, s->line);

    flag(p, ack ? IF_ACK : IF_NACK);
    s->phase = !ack ? PHASE_NACKED : read ? PHASE_RECEIVE : PHASE_SEND;
    if (!s->tx_full) {
        fwsim_reg_update(p, STATUS, 0, STATUS_TXC);
        flag(p, IF_TXC);
    }
}

static void i2c_event(fwsim_periph *p, unsigned id)
{
    i2c_state *s = fwsim_state(p);

    (void)id;
    if (s->phase == PHASE_SENDING) {
        sent(p);
    } else {
        s->rx = fwsim_i2c_read(p);
        s->rx_full = true;
        s->phase = PHASE_ACK;
    }
    run(p);
}

static void cmd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    i2c_state *s = fwsim_state(p);

    (void)index;
    if (written & CMD_CLEARPC)
        fwsim_reg_update(p, STATUS, CMD_PENDING, 0);
    if (written & CMD_CLEARTX)
        s->tx_full = false;
    /* I2Cn_CMD, ABORT: go idle, and let the bus go. */
    if (written & CMD_ABORT) {
        fwsim_event_cancel(p, 0);
        fwsim_i2c_stop(p);
        s->phase = PHASE_IDLE;
    }
    fwsim_reg_update(p, STATUS, 0, written & CMD_PENDING);
    run(p);
}

static void ctrl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    run(p);
}

static void txdata_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    i2c_state *s = fwsim_state(p);

    (void)index;
    if (s->tx_full) {
        flag(p, IF_TXOF);
    } else {
        s->tx = written & 0xff;
        s->tx_full = true;
    }
    run(p);
}

static uint32_t rxdata_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    i2c_state *s = fwsim_state(p);
    uint8_t byte = s->rx;

    (void)index;
    (void)stored;
    if (!s->rx_full)
        flag(p, IF_RXUF);
    s->rx_full = false;
    run(p);
    return byte;
}

static uint32_t rxdatap_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    const i2c_state *s = fwsim_state(p);

    (void)index;
    (void)stored;
    return s->rx;
}

EFM32_INTERRUPT_WRITES(IF_ALL & ~IF_LEVELS, update)

static void i2c_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    i2c_state *s = fwsim_state(p);

    (void)kind;
    *s = (i2c_state){ .phase = PHASE_UNKNOWN };
    update(p);
}

/* clang-format off */
static const fwsim_reg i2c_regs[] = {
    { "CTRL",      CTRL,      .rw = 0x7b37f, .unimpl = 0x7b062, .on_write = ctrl_written },
    { "CMD",       CMD,       .wo = 0xff, .on_write = cmd_written },
    { "STATE",     STATE,     .reset = STATE_BUSY },
    { "STATUS",    STATUS,    .reset = STATUS_TXBL },
    { "CLKDIV",    CLKDIV,    .rw = 0x1ff },
    { "SADDR",     SADDR,     .rw = 0xfe },
    { "SADDRMASK", SADDRMASK, .rw = 0xfe },
    { "RXDATA",    RXDATA,    .on_read = rxdata_read },
    { "RXDATAP",   RXDATAP,   .on_read = rxdatap_read },
    { "TXDATA",    TXDATA,    .wo = 0xff, .on_write = txdata_written },
    { "IF",        IF,        .reset = IF_TXBL },
    { "IFS",       IFS,       .wo = IF_ALL & ~IF_LEVELS, .on_write = ifs_written },
    { "IFC",       IFC,       .wo = IF_ALL & ~IF_LEVELS, .on_write = ifc_written },
    { "IEN",       IEN,       .rw = IF_ALL, .on_write = ien_written },
    { "ROUTE",     ROUTE,     .rw = 0x703 },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const i2c_gaps[] = {
    "slave mode, other masters (arbitration), time-outs, DMA",
    "the bus becomes idle by ABORT only, not by the idle time-out",
    "parts do not stretch the clock",
    "ROUTE: the bus is connected whatever pins are set, and no pin moves",
    NULL
};

const fwsim_periph_type efm32_i2c = {
    .name = "efm32_i2c",
    .summary = "EFM32 I2C controller, master",
    .source = "EFM32HG Reference Manual, chapter 15",
    .gaps = i2c_gaps,
    .size = 0x400,
    .regs = i2c_regs,
    .i2c_bus = true,
    .state_size = sizeof(i2c_state),
    .irqs = 1,
    .on_reset = i2c_reset,
    .on_event = i2c_event,
};
