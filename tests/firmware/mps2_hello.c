/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guest of the MPS2 boards: prints over UART0 by TX interrupts what it sees of
 * UART, timers, SysTick, watchdog, FPGA I/O and SCC. The watchdog resets it
 * once; the second time it echoes a line and ends.
 *
 * What it prints does not depend on the time an instruction takes, so that
 * QEMU prints the same. BOARD is 385, 386, 500 or 505.
 */
#include <stdbool.h>
#include <stdint.h>

#define REG(addr) (*(volatile uint32_t *)(addr))

#if BOARD == 505
enum {
    APB = 0x50000000,
    WATCHDOG = 0x50081000,
    UART0 = 0x50200000,
    UART1 = 0x50201000,
    SCC = 0x50300000,
    FPGAIO = 0x50302000,
    RAM = 0x38000000,
    CLOCK_HZ = 20000000
};
enum {
    IRQ_TIMER0 = 3,
    IRQ_DUALTIMER = 5,
    IRQ_RX = 32,
    IRQ_TX = 33,
    IRQ_OVERRUN = 47
};
#else
enum {
    APB = 0x40000000,
    WATCHDOG = 0x40008000,
    UART0 = 0x40004000,
    UART1 = 0x40005000,
    SCC = 0x4002f000,
    FPGAIO = 0x40028000,
    RAM = 0x20000000,
    CLOCK_HZ = 25000000
};
enum {
    IRQ_RX = 0,
    IRQ_TX = 1,
    IRQ_TIMER0 = 8,
    IRQ_DUALTIMER = 10,
    IRQ_OVERRUN = 12
};
#endif
enum { TIMER0 = APB, TIMER1 = APB + 0x1000, DUAL = APB + 0x2000 };
enum { MS = CLOCK_HZ / 1000 };

/* Behind everything the linker knows of: survives the watchdog's reset. */
#define STARTS REG(RAM + 0x10000)
enum { STARTED_ONCE = 0x51a27ed1 };

enum { EXCEPTION_NMI = 2, EXCEPTION_SYSTICK = 15, EXCEPTION_IRQ0 };

static volatile unsigned timer_irqs, dual_irqs[2], systicks, nmis, overruns;
static volatile bool starve;

/* ------------------------------------------------------------------ */
/* UART                                                                 */
/* ------------------------------------------------------------------ */

#define DATA(uart) REG((uart) + 0x00)
#define STATE(uart) REG((uart) + 0x04)
#define CTRL(uart) REG((uart) + 0x08)
#define INTSTATUS(uart) REG((uart) + 0x0c)
#define BAUDDIV(uart) REG((uart) + 0x10)

static volatile char out[256], in[32];
static volatile unsigned out_read, out_written, in_count;
static volatile bool sending;

static void wait(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

static void mask_interrupts(bool mask)
{
    if (mask)
        __asm__ volatile("cpsid i" ::: "memory");
    else
        __asm__ volatile("cpsie i" ::: "memory");
}

static void send_next(void)
{
    sending = out_read != out_written;
    if (sending)
        DATA(UART0) = (uint8_t)out[out_read++ % sizeof out];
}

static void put_char(char c)
{
    while (out_written - out_read == sizeof out)
        wait();
    mask_interrupts(true);
    out[out_written++ % sizeof out] = c;
    if (!sending)
        send_next();
    mask_interrupts(false);
}

static void put(const char *text)
{
    while (*text)
        put_char(*text++);
}

static void put_hex(uint32_t value)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        put_char("0123456789abcdef"[value >> shift & 15]);
}

static void line(const char *text, uint32_t value)
{
    put(text);
    put_char(' ');
    put_hex(value);
    put_char('\n');
}

/* All bytes out, the last one also from the shift register. */
static void flush(void)
{
    while (sending)
        ;
    for (volatile unsigned i = 0; i < 1000; i++)
        ;
}

static void uart_start(void)
{
    REG(0xe000e100 + IRQ_TX / 32 * 4) = 1u << IRQ_TX % 32;
    REG(0xe000e100 + IRQ_RX / 32 * 4) = 1u << IRQ_RX % 32;
    BAUDDIV(UART0) = 16;
    CTRL(UART0) = 1 << 0 | 1 << 2; /* transmitter with interrupt */
}

static void uart_overrun(void)
{
    REG(0xe000e100 + IRQ_OVERRUN / 32 * 4) = 1u << IRQ_OVERRUN % 32;
    BAUDDIV(UART1) = 16;
    CTRL(UART1) = 0; /* nothing leaves the buffer */
    DATA(UART1) = 'a';
    line("uart1: state", STATE(UART1));
    DATA(UART1) = 'b';
    line("uart1: state", STATE(UART1));
    line("uart1: intstatus", INTSTATUS(UART1));
    CTRL(UART1) = 1 << 4; /* TX overrun interrupt */
    while (!overruns)
        ;
    line("uart1: overruns", overruns);
    line("uart1: state", STATE(UART1));
    line("uart1: id", REG(UART1 + 0xfe0));
}

/* ------------------------------------------------------------------ */
/* Handlers                                                             */
/* ------------------------------------------------------------------ */

static void dual_irq(void)
{
    for (unsigned i = 0; i < 2; i++)
        if (REG(DUAL + 0x20 * i + 0x14)) {
            REG(DUAL + 0x20 * i + 0x0c) = 1;
            dual_irqs[i]++;
        }
}

static void irq(unsigned number)
{
    switch (number) {
    case IRQ_TX:
        INTSTATUS(UART0) = 1 << 0;
        send_next();
        break;
    case IRQ_RX:
        INTSTATUS(UART0) = 1 << 1;
        in[in_count++ % sizeof in] = (char)DATA(UART0);
        break;
    case IRQ_OVERRUN:
        INTSTATUS(UART1) = 1 << 2;
        overruns++;
        break;
    case IRQ_TIMER0:
        REG(TIMER0 + 0x0c) = 1;
        timer_irqs++;
        break;
    case IRQ_DUALTIMER:
        dual_irq();
        break;
    }
}

static void dispatch(void)
{
    unsigned exception;

    __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
    if (exception >= EXCEPTION_IRQ0)
        irq(exception - EXCEPTION_IRQ0);
    else if (exception == EXCEPTION_SYSTICK)
        systicks++;
    else if (exception == EXCEPTION_NMI && !starve)
        REG(WATCHDOG + 0x0c) = 1;
    if (exception == EXCEPTION_NMI)
        nmis++;
}

/* ------------------------------------------------------------------ */
/* Timers                                                               */
/* ------------------------------------------------------------------ */

static void timer(void)
{
    REG(0xe000e100) = 1u << IRQ_TIMER0;
    REG(TIMER0 + 0x08) = MS - 1;
    line("timer0: value", REG(TIMER0 + 0x04) - (MS - 1));
    REG(TIMER0) = 1 << 0 | 1 << 3;
    while (timer_irqs < 5)
        wait();
    REG(TIMER0) = 0;
    line("timer0: interrupts", timer_irqs);
    line("timer0: value below reload", REG(TIMER0 + 0x04) < MS);
    line("timer0: intstatus", REG(TIMER0 + 0x0c));
}

static void dual_timer(void)
{
    REG(0xe000e100) = 1u << IRQ_DUALTIMER;
    line("dual: value at reset", REG(DUAL + 0x04));
    line("dual: control at reset", REG(DUAL + 0x08));
    REG(DUAL + 0x08) = 0;
    REG(DUAL + 0x00) = MS / 16 - 1;
    REG(DUAL + 0x08) = 0xe6; /* periodic, interrupt, by 16, 32 bits */
    REG(DUAL + 0x20) = MS - 1;
    REG(DUAL + 0x28) = 0xe1; /* one-shot, interrupt, 16 bits */
    while (dual_irqs[0] < 3)
        wait();
    REG(DUAL + 0x08) = 0;
    line("dual: interrupts", dual_irqs[0]);
    line("dual: one-shot interrupts", dual_irqs[1]);
    line("dual: one-shot value", REG(DUAL + 0x24));
    REG(DUAL + 0x18) = 0x1234; /* in the background */
    line("dual: load", REG(DUAL));
    line("dual: value is another", REG(DUAL + 0x04) != 0x1234);
}

/* Milliseconds, to the nearest, that ten periods take. */
static void systick(const char *name, uint32_t csr, uint32_t period)
{
    uint32_t ticks;

    REG(TIMER1) = 0;
    REG(TIMER1 + 0x08) = ~0u;
    systicks = 0;
    REG(0xe000e014) = period - 1;
    REG(0xe000e018) = 0;
    REG(0xe000e010) = csr;
    /* Awake: QEMU wakes a sleeping core as late as the host is busy. */
    while (systicks < 1)
        ;
    REG(TIMER1) = 1;
    while (systicks < 11)
        ;
    ticks = ~0u - REG(TIMER1 + 0x04);
    put(name);
    line(": csr", REG(0xe000e010) & 7);
    REG(0xe000e010) = 0;
    put(name);
    line(": ms", (ticks + MS / 2) / MS);
}

static void systick_both(void)
{
    line("systick: calib", REG(0xe000e01c));
    systick("systick by the core clock", 7, MS);
#if BOARD == 505
    systick("systick without a reference", 3, MS);
#else
    systick("systick by the reference", 3, 1000);
#endif
}

/* ------------------------------------------------------------------ */
/* The rest                                                             */
/* ------------------------------------------------------------------ */

static void board(void)
{
    line("scc: id", REG(SCC + 0xffc));
    line("scc: aid", REG(SCC + 0xff8));
    REG(SCC + 0xa8) = 1u << 31 | 1 << 20 | 2; /* read oscillator 2 */
    line("scc: stat", REG(SCC + 0xac));
    line("scc: oscillator", REG(SCC + 0xa0));
    REG(SCC + 0xa8) = 1u << 31 | 1 << 20 | 9;
    line("scc: stat", REG(SCC + 0xac));
    REG(FPGAIO) = 2;
    line("fpgaio: leds", REG(FPGAIO));
    line("fpgaio: buttons", REG(FPGAIO + 0x08));
    REG(FPGAIO + 0x1c) = CLOCK_HZ / 1000 - 1;
    REG(FPGAIO + 0x18) = 0;
    REG(FPGAIO + 0x14) = 0;
    while (REG(FPGAIO + 0x14) < 3)
        ;
    line("fpgaio: 20 to 30 ms in 3 ticks",
         REG(FPGAIO + 0x18) >= 19 && REG(FPGAIO + 0x18) <= 31);
#if BOARD == 505
    line("sysinfo: version", REG(0x40020000));
    line("sysinfo: config", REG(0x50020004));
    REG(0x50000008) = 0x12345678;
    line("timer0: other address", REG(0x40000004));
    REG(0x50000008) = 0;
    line("sysctrl: cause", REG(0x50021100));
#endif
}

static void be_reset(void)
{
    REG(WATCHDOG + 0xc00) = 1;
    REG(WATCHDOG) = 1234;
    line("watchdog: lock", REG(WATCHDOG + 0xc00));
    line("watchdog: load", REG(WATCHDOG));
    REG(WATCHDOG + 0xc00) = 0x1acce551;
    line("watchdog: lock", REG(WATCHDOG + 0xc00));
    REG(WATCHDOG) = 10 * MS;
    REG(WATCHDOG + 0x08) = 3;
    while (nmis < 2)
        wait();
    line("watchdog: interrupts", nmis);
    line("watchdog: pending", REG(WATCHDOG + 0x10));
    put("starving it\n");
    flush();
    starve = true;
    for (;;)
        wait();
}

static void after_reset(void)
{
    line("second start; watchdog: control", REG(WATCHDOG + 0x08));
    line("watchdog: load", REG(WATCHDOG));
    CTRL(UART0) |= 1 << 1 | 1 << 3; /* receiver with interrupt */
    put("type a line\n");
    while (in_count == 0 || in[in_count - 1] != '\n')
        wait();
    put("you wrote ");
    for (unsigned i = 0; i < in_count; i++)
        put_char(in[i]);
    flush();
}

static void finish(void)
{
    register uint32_t operation __asm__("r0") = 0x18; /* SYS_EXIT */
    register uint32_t reason __asm__("r1") = 0x20026;

    for (;;)
        __asm__ volatile("bkpt 0xab" : "+r"(operation) : "r"(reason));
}

extern uint32_t __stack_top, __data_load, __data_start, __data_end,
    __bss_start, __bss_end;

void reset_handler(void)
{
    uint32_t *from = &__data_load;

    for (uint32_t *to = &__data_start; to < &__data_end;)
        *to++ = *from++;
    for (uint32_t *to = &__bss_start; to < &__bss_end;)
        *to++ = 0;
    uart_start();
    if (STARTS == STARTED_ONCE) {
        after_reset();
        finish();
    }
    STARTS = STARTED_ONCE;
    put("first start\n");
    board();
    uart_overrun();
    timer();
    dual_timer();
    systick_both();
    be_reset();
}

__attribute__((section(".vectors"), used)) static void *const vectors[] = {
    [0] = &__stack_top,
    [1] = (void *)reset_handler,
    [2 ... EXCEPTION_IRQ0 + 63] = (void *)dispatch,
};
