/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A vendor's library: handles in RAM with a state and a lock, every step with a
 * time-out by the system tick, callbacks from the handler, an error handler
 * that never returns.
 */
#include "inf.h"

typedef struct uart_registers {
    volatile uint32_t CTL, FLAGS, CLEAR, DATA, IRQ_ENABLE, CLOCK;
} uart_registers;

#define UART1 ((uart_registers *)0x40038000)

enum {
    CTL_RESET = BIT(0),
    CTL_ON = BIT(1),
    FLAG_RX = BIT(0),
    FLAG_TX = BIT(1),
    FLAG_DONE = BIT(2),
    FLAG_NOISE = BIT(3),
    FLAG_READY = BIT(4),
    LINE = 1,
    PATIENCE = 5
};

typedef enum status { HAL_OK, HAL_ERROR, HAL_BUSY, HAL_TIMEOUT } status;
typedef enum state { STATE_RESET, STATE_READY, STATE_TX, STATE_RX } state;

typedef struct uart {
    uart_registers *regs;
    volatile state state;
    bool lock;
    uint8_t *to;
    volatile unsigned left;
    uint32_t errors;
    void (*received)(struct uart *u);
} uart;

static uart uart1;
static uint8_t packet[8];
static volatile unsigned packets;

static status wait_flag(uart *u, uint32_t flag, bool value, uint32_t since)
{
    while (((u->regs->FLAGS & flag) != 0) != value)
        if (timed_out(since, PATIENCE)) {
            u->regs->IRQ_ENABLE = 0;
            u->state = STATE_READY;
            u->lock = false;
            return HAL_TIMEOUT;
        }
    return HAL_OK;
}

static status uart_init(uart *u)
{
    uint32_t since = ticks;

    u->regs->CTL |= CTL_RESET;
    while (u->regs->CTL & CTL_RESET)
        if (timed_out(since, PATIENCE))
            return HAL_TIMEOUT;
    u->regs->CLOCK = 48000000 / 115200;
    u->regs->CTL |= CTL_ON;
    if (wait_flag(u, FLAG_READY, true, ticks) != HAL_OK)
        return HAL_TIMEOUT;
    u->state = STATE_READY;
    return HAL_OK;
}

static status uart_transmit(uart *u, const uint8_t *from, unsigned size)
{
    uint32_t since = ticks;

    if (u->state != STATE_READY)
        return HAL_BUSY;
    if (!from || !size)
        return HAL_ERROR;
    u->lock = true;
    u->state = STATE_TX;
    while (size--) {
        if (wait_flag(u, FLAG_TX, true, since) != HAL_OK)
            return HAL_TIMEOUT;
        u->regs->DATA = *from++;
    }
    if (wait_flag(u, FLAG_DONE, true, since) != HAL_OK)
        return HAL_TIMEOUT;
    u->state = STATE_READY;
    u->lock = false;
    return HAL_OK;
}

static status uart_receive_by_irq(uart *u, uint8_t *to, unsigned size)
{
    if (u->state != STATE_READY)
        return HAL_BUSY;
    u->to = to;
    u->left = size;
    u->state = STATE_RX;
    u->regs->CLEAR = FLAG_NOISE;
    u->regs->IRQ_ENABLE |= FLAG_RX | FLAG_NOISE;
    return HAL_OK;
}

static void uart_irq(uart *u)
{
    uint32_t flags = u->regs->FLAGS, enabled = u->regs->IRQ_ENABLE;

    if (flags & enabled & FLAG_NOISE) {
        u->regs->CLEAR = FLAG_NOISE;
        u->errors++;
    }
    if (!(flags & enabled & FLAG_RX) || u->state != STATE_RX)
        return;
    *u->to++ = (uint8_t)u->regs->DATA;
    if (--u->left)
        return;
    u->regs->IRQ_ENABLE &= ~(uint32_t)(FLAG_RX | FLAG_NOISE);
    u->state = STATE_READY;
    u->received(u);
}

void irq1(void)
{
    uart_irq(&uart1);
}

static void packet_received(uart *u)
{
    (void)u;
    packets++;
}

int main(void)
{
    static const uint8_t greeting[] = "hal\n";

    ticks_start();
    uart1.regs = UART1;
    uart1.received = packet_received;
    check(uart_init(&uart1) == HAL_OK);
    irq_enable(LINE);
    check(uart_transmit(&uart1, greeting, sizeof greeting) == HAL_OK);
    for (unsigned i = 0; i < 3; i++) {
        check(uart_receive_by_irq(&uart1, packet, sizeof packet) == HAL_OK);
        while (uart1.state != STATE_READY)
            sleep();
        check(packets == i + 1);
        check(uart_transmit(&uart1, packet, sizeof packet) == HAL_OK);
    }
    done();
    for (;;)
        uart_transmit(&uart1, greeting, sizeof greeting);
}
