/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debug units that firmware uses without a debugger: cycle counter, stimulus
 * ports, DEMCR and DHCSR.
 */
#include "cm.h"

#define ITM_STIM(n) REG(0xe0000000 + 4 * (n))
#define ITM_STIM16(n) (*(volatile uint16_t *)(0xe0000000 + 4 * (n)))
#define ITM_STIM8(n) REG8(0xe0000000 + 4 * (n))
#define ITM_TER REG(0xe0000e00)
#define ITM_TPR REG(0xe0000e40)
#define ITM_TCR REG(0xe0000e80)
#define ITM_LAR REG(0xe0000fb0)
#define ITM_LSR REG(0xe0000fb4)
#define DWT_CTRL REG(0xe0001000)
#define DWT_CYCCNT REG(0xe0001004)
#define DWT_LAR REG(0xe0001fb0)
#define DWT_LSR REG(0xe0001fb4)
#define DHCSR REG(0xe000edf0)
#define DEMCR REG(0xe000edfc)

#define TRCENA (1u << 24)
#define KEY 0xc5acce55u

static void spin(uint32_t n)
{
    __asm__ volatile("1: subs %0, #1\n bne 1b" : "+r"(n));
}

/* How the counter moves in a loop of 2000 instructions, to the hundred. */
static uint32_t cycles_of_spin(void)
{
    uint32_t start = DWT_CYCCNT;

    spin(1000);
    return (DWT_CYCCNT - start) / 100;
}

static void cycle_counter(void)
{
    line("dwt ctrl", DWT_CTRL);
    line("demcr", DEMCR);
    line_dec("all off", cycles_of_spin());
    DWT_CTRL |= 1;
    line_dec("without trcena", cycles_of_spin());
    DEMCR = TRCENA;
    line("demcr", DEMCR);
    line("lsr", DWT_LSR);
    DWT_CTRL |= 1;
    line_dec("as out of reset", cycles_of_spin());
    DWT_LAR = KEY;
    line("lsr", DWT_LSR);
    DWT_CTRL |= 1;
    line("dwt ctrl", DWT_CTRL);
    line_dec("on", cycles_of_spin());
    DWT_CYCCNT = 0xfffffff0;
    spin(1000);
    line_dec("wrapped", DWT_CYCCNT / 100);
    DWT_CTRL &= ~1u;
    line_dec("off", cycles_of_spin());
    DWT_CYCCNT = 1234;
    DWT_CTRL |= 1;
    line_dec("goes on at", DWT_CYCCNT / 100);
    DEMCR = 0;
    line_dec("stopped by trcena", cycles_of_spin());
    DEMCR = TRCENA;
}

static void send(unsigned port, const char *text)
{
    for (; *text; text++)
        ITM_STIM8(port) = (uint8_t)*text;
}

static void leave(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    WRITE_SPECIAL("control", 0);
}

static void send_as_user(unsigned port, const char *text)
{
    WRITE_SPECIAL("control", 1);
    send(port, text);
    __asm__ volatile("svc 0");
}

static void stimulus(void)
{
    line("itm lsr", ITM_LSR);
    line("port", ITM_STIM(0));
    send(0, "off");
    ITM_LAR = KEY;
    line("itm lsr", ITM_LSR);
    ITM_TCR = 1;
    ITM_TER = 3;
    line("tcr", ITM_TCR);
    line("ter", ITM_TER);
    line("port 0", ITM_STIM(0));
    line("port 2", ITM_STIM(2));
    send(0, "bytes ");
    ITM_STIM16(1) = 'a' | 'b' << 8;
    ITM_STIM(0) = 'c' | 'd' << 8 | 'e' << 16 | (uint32_t)'f' << 24;
    send(2, "not enabled");
    on[SVCALL] = leave;
    send_as_user(0, " user");
    ITM_TPR = 1;
    send_as_user(0, "not for users");
    send(0, " kernel");
    DEMCR = 0;
    send(0, "no trcena");
    DEMCR = TRCENA;
    ITM_TCR = 0;
    send(0, "no itmena");
}

void run(void)
{
    line("dhcsr", DHCSR);
    cycle_counter();
    stimulus();
    DEMCR = 0xfff9ffff; /* MON_PEND and MON_STEP: cm_watch.c */
    line("demcr", DEMCR);
}
