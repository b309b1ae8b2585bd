/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 RADIO, in a place without radio waves.
 *
 * Source: nRF51 RM v3.0, chapter 17; times from nRF51822 PS v3.1, chapter 8.
 * Modelled: the states, with the time they take; what is sent goes nowhere,
 * for as long as the packet would take; the receiver hears nothing.
 */
#include "nrf51_common.h"

enum {
    READY = 0x100, ADDRESS = 0x104, PAYLOAD = 0x108, END = 0x10c,
    DISABLED = 0x110, RSSIEND = 0x11c, SHORTS = 0x200, PACKETPTR = 0x504,
    MODE = 0x510, PCNF0 = 0x514, PCNF1 = 0x518, CRCCNF = 0x534,
    RSSISAMPLE = 0x548, STATE = 0x550
};
enum {
    SHORTS_READY_START = 1u << 0, SHORTS_END_DISABLE = 1u << 1,
    SHORTS_DISABLED_TXEN = 1u << 2, SHORTS_DISABLED_RXEN = 1u << 3,
    SHORTS_END_START = 1u << 5, SHORTS_ADDRESS_BCSTART = 1u << 6
};
/* RM 17, STATE; a state of the transmitter has this bit more. */
enum {
    STATE_DISABLED = 0, STATE_RU = 1, STATE_IDLE = 2, STATE_ON = 3,
    STATE_DISABLE = 4, TRANSMITTER = 8
};
/* The events of the packet in flight come in this order. */
enum {
    EVENT_STATE, EVENT_RSSI, EVENT_ADDRESS, EVENT_PAYLOAD, EVENT_END
};

#define TX_RAMP_UP_NS FWSIM_US(132)
#define RX_RAMP_UP_NS FWSIM_US(130)
#define TX_DISABLE_NS FWSIM_US(4)
#define RSSI_NS       FWSIM_US(8)

static uint32_t state_of(fwsim_periph *p)
{
    return fwsim_reg_get(p, STATE);
}

static bool transmits(fwsim_periph *p)
{
    return state_of(p) & TRANSMITTER;
}

/** Change to another state of the same half. */
static void enter(fwsim_periph *p, uint32_t state)
{
    fwsim_reg_update(p, STATE, ~(uint32_t)TRANSMITTER, state);
}

static void after(fwsim_periph *p, unsigned id, uint64_t ns)
{
    fwsim_event_set(p, id, fwsim_ticks_from_ns(p, ns));
}

static void cancel_packet(fwsim_periph *p)
{
    fwsim_event_cancel(p, EVENT_ADDRESS);
    fwsim_event_cancel(p, EVENT_PAYLOAD);
    fwsim_event_cancel(p, EVENT_END);
}

/** Bits of S0, LENGTH, S1 and payload, as they stand in RAM. */
static uint32_t packet_bits(fwsim_periph *p)
{
    uint32_t pcnf0 = fwsim_reg_get(p, PCNF0), pcnf1 = fwsim_reg_get(p, PCNF1);
    uint32_t s0 = pcnf0 >> 8 & 1, length_bits = pcnf0 & 0xf;
    uint32_t most = pcnf1 & 0xff, bytes = pcnf1 >> 8 & 0xff;
    uint8_t length = 0;

    if (length_bits &&
        !fwsim_dma_read(p, fwsim_reg_get(p, PACKETPTR) + s0, &length, 1))
        fwsim_guest_error(p, "PACKETPTR does not point to memory");
    bytes += length & ((1u << length_bits) - 1);
    return 8 * s0 + length_bits + (pcnf0 >> 16 & 0xf) +
           8 * (bytes < most ? bytes : most);
}

static void send(fwsim_periph *p)
{
    static const uint32_t bit_ns[] = { 1000, 500, 4000, 1000 };
    uint32_t bit = bit_ns[fwsim_reg_get(p, MODE)];
    /* Preamble, base address and prefix. */
    uint64_t address = 8 + 8 * ((fwsim_reg_get(p, PCNF1) >> 16 & 7) + 1);
    uint64_t payload = address + packet_bits(p);
    uint64_t end = payload + 8 * (fwsim_reg_get(p, CRCCNF) & 3);

    after(p, EVENT_ADDRESS, address * bit);
    after(p, EVENT_PAYLOAD, payload * bit);
    after(p, EVENT_END, end * bit);
}

static void start(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (!nrf51_task(index, written))
        return;
    if ((state_of(p) & ~(uint32_t)TRANSMITTER) != STATE_IDLE) {
        fwsim_guest_error(p, "START in state %u", (unsigned)state_of(p));
        return;
    }
    enter(p, STATE_ON);
    if (transmits(p))
        send(p);
}

static void ramp_up(fwsim_periph *p, uint32_t half, uint64_t ns)
{
    if (state_of(p) != STATE_DISABLED) {
        fwsim_guest_error(p, "enabled in state %u", (unsigned)state_of(p));
        return;
    }
    fwsim_reg_set(p, STATE, half | STATE_RU);
    after(p, EVENT_STATE, ns);
}

static void txen(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        ramp_up(p, TRANSMITTER, TX_RAMP_UP_NS);
}

static void rxen(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        ramp_up(p, 0, RX_RAMP_UP_NS);
}

static void stop(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (!nrf51_task(index, written) ||
        (state_of(p) & ~(uint32_t)TRANSMITTER) != STATE_ON)
        return;
    cancel_packet(p);
    enter(p, STATE_IDLE);
}

static void disable(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (!nrf51_task(index, written))
        return;
    cancel_packet(p);
    enter(p, STATE_DISABLE);
    after(p, EVENT_STATE, transmits(p) ? TX_DISABLE_NS : 0);
}

static void rssistart(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        after(p, EVENT_RSSI, RSSI_NS);
}

static void rssistop(fwsim_periph *p, unsigned index, uint32_t written)
{
    if (nrf51_task(index, written))
        fwsim_event_cancel(p, EVENT_RSSI);
}

static bool shortcut(fwsim_periph *p, uint32_t which)
{
    return fwsim_reg_get(p, SHORTS) & which;
}

static void disabled(fwsim_periph *p)
{
    fwsim_reg_set(p, STATE, STATE_DISABLED);
    nrf51_event(p, DISABLED);
    if (shortcut(p, SHORTS_DISABLED_TXEN))
        txen(p, 0, 1);
    else if (shortcut(p, SHORTS_DISABLED_RXEN))
        rxen(p, 0, 1);
}

static void ready(fwsim_periph *p)
{
    enter(p, STATE_IDLE);
    nrf51_event(p, READY);
    if (shortcut(p, SHORTS_READY_START))
        start(p, 0, 1);
}

static void sent(fwsim_periph *p)
{
    enter(p, STATE_IDLE);
    nrf51_event(p, END);
    if (shortcut(p, SHORTS_END_DISABLE))
        disable(p, 0, 1);
    else if (shortcut(p, SHORTS_END_START))
        start(p, 0, 1);
}

static void radio_event(fwsim_periph *p, unsigned id)
{
    switch (id) {
    case EVENT_STATE:
        if ((state_of(p) & ~(uint32_t)TRANSMITTER) == STATE_RU)
            ready(p);
        else
            disabled(p);
        break;
    case EVENT_RSSI:
        fwsim_reg_set(p, RSSISAMPLE, 127); /* -127 dBm, the least there is */
        nrf51_event(p, RSSIEND);
        break;
    case EVENT_ADDRESS:
        nrf51_event(p, ADDRESS);
        break;
    case EVENT_PAYLOAD:
        nrf51_event(p, PAYLOAD);
        break;
    case EVENT_END:
        sent(p);
        break;
    }
}

/* clang-format off */
static const fwsim_reg radio_regs[] = {
    NRF51_TASK("TASKS_TXEN",      0x000, txen),
    NRF51_TASK("TASKS_RXEN",      0x004, rxen),
    NRF51_TASK("TASKS_START",     0x008, start),
    NRF51_TASK("TASKS_STOP",      0x00c, stop),
    NRF51_TASK("TASKS_DISABLE",   0x010, disable),
    NRF51_TASK("TASKS_RSSISTART", 0x014, rssistart),
    NRF51_TASK("TASKS_RSSISTOP",  0x018, rssistop),
    { "TASKS_BCSTART", 0x01c, .unimpl = 1, .wo = 1 },
    { "TASKS_BCSTOP",  0x020, .wo = 1 },
    NRF51_EVENT("EVENTS_READY",    READY),
    NRF51_EVENT("EVENTS_ADDRESS",  ADDRESS),
    NRF51_EVENT("EVENTS_PAYLOAD",  PAYLOAD),
    NRF51_EVENT("EVENTS_END",      END),
    NRF51_EVENT("EVENTS_DISABLED", DISABLED),
    NRF51_EVENT("EVENTS_DEVMATCH", 0x114),
    NRF51_EVENT("EVENTS_DEVMISS",  0x118),
    NRF51_EVENT("EVENTS_RSSIEND",  RSSIEND),
    NRF51_EVENT("EVENTS_BCMATCH",  0x128),
    NRF51_INTERRUPTS(0x4ff),
    { "SHORTS",      SHORTS,     .rw = 0x17f, .unimpl = SHORTS_ADDRESS_BCSTART },
    { "CRCSTATUS",   0x400 },
    { "RXMATCH",     0x408 },
    { "RXCRC",       0x40c },
    { "DAI",         0x410 },
    { "PACKETPTR",   PACKETPTR,  .rw = ~0u },
    { "FREQUENCY",   0x508,      .rw = 0x7f, .reset = 0x2 },
    { "TXPOWER",     0x50c,      .rw = 0xff },
    { "MODE",        MODE,       .rw = 0x3 },
    { "PCNF0",       PCNF0,      .rw = 0xf010f },
    { "PCNF1",       PCNF1,      .rw = 0x307ffff },
    { "BASE0",       0x51c,      .rw = ~0u },
    { "BASE1",       0x520,      .rw = ~0u },
    { "PREFIX0",     0x524,      .rw = ~0u },
    { "PREFIX1",     0x528,      .rw = ~0u },
    { "TXADDRESS",   0x52c,      .rw = 0x7 },
    { "RXADDRESSES", 0x530,      .rw = 0xff },
    { "CRCCNF",      CRCCNF,     .rw = 0x103 },
    { "CRCPOLY",     0x538,      .rw = 0xffffff },
    { "CRCINIT",     0x53c,      .rw = 0xffffff },
    { "TEST",        0x540,      .unimpl = 0x3 },
    { "TIFS",        0x544,      .unimpl = 0xff },
    { "RSSISAMPLE",  RSSISAMPLE },
    { "STATE",       STATE },
    { "DATAWHITEIV", 0x554,      .rw = 0x3f, .reset = 0x40 },
    { "BCC",         0x560,      .rw = ~0u },
    { "DAB",         0x600, 8,   .rw = ~0u },
    { "DAP",         0x620, 8,   .rw = 0xffff },
    { "DACNF",       0x640,      .rw = 0xffff },
    { "OVERRIDE0",   0x724,      .rw = ~0u },
    { "OVERRIDE1",   0x728,      .rw = ~0u },
    { "OVERRIDE2",   0x72c,      .rw = ~0u },
    { "OVERRIDE3",   0x730,      .rw = ~0u },
    { "OVERRIDE4",   0x734,      .rw = 0x8fffffff },
    NRF51_POWER_CONTROL,
    FWSIM_REG_END
};
/* clang-format on */

static const char *const radio_gaps[] = {
    "the air: nothing is received, what is sent reaches nobody",
    "bit counter, inter frame spacing, constant carrier",
    NULL
};

const fwsim_periph_type nrf51_radio = {
    .name = "nrf51_radio",
    .summary = "states and times of the radio; nothing is on the air",
    .source = "nRF51 RM v3.0, chapter 17",
    .gaps = radio_gaps,
    .size = NRF51_SIZE,
    .regs = radio_regs,
    .irqs = 1,
    .on_event = radio_event,
};
