/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command shell on a serial line, for Arm's MPS2 with Cortex-M3: characters
 * arrive by interrupt, a line is a command, SysTick counts milliseconds and
 * blinks the LED.
 */
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

#define UART_DATA    REG(0x40004000)
#define UART_STATE   REG(0x40004004)
#define UART_CTRL    REG(0x40004008)
#define UART_INT     REG(0x4000400c)
#define UART_BAUDDIV REG(0x40004010)
#define LEDS         REG(0x40028000)
#define SYST_CSR     REG(0xe000e010)
#define SYST_RVR     REG(0xe000e014)
#define NVIC_ISER    REG(0xe000e100)

enum { CLOCK_HZ = 25000000, BAUD = 115200, UART_RX_IRQ = 0 };
enum { STATE_TXFULL = 1, CTRL_TX = 1, CTRL_RX = 2, CTRL_RX_INT = 8, INT_RX = 2 };
enum { LINE_MAX = 40, QUEUE = 64 };

extern uint32_t __stack_top, __data_load, __data_start, __data_end,
    __bss_start, __bss_end;

static volatile uint8_t queue[QUEUE];
static volatile uint32_t queue_head, queue_tail;
static volatile uint32_t uptime_ms;
static volatile uint32_t blink_half_ms;

/* ------------------------------------------------------------------ */
/* Interrupts                                                           */
/* ------------------------------------------------------------------ */

void systick_handler(void)
{
    static uint32_t left;

    uptime_ms++;
    if (!blink_half_ms) {
        left = 0;
    } else if (left <= 1) {
        left = blink_half_ms;
        LEDS ^= 1;
    } else {
        left--;
    }
}

void uart_handler(void)
{
    UART_INT = INT_RX;
    queue[queue_head++ % QUEUE] = (uint8_t)UART_DATA;
}

/* ------------------------------------------------------------------ */
/* Text                                                                 */
/* ------------------------------------------------------------------ */

static void put_char(char c)
{
    while (UART_STATE & STATE_TXFULL)
        ;
    UART_DATA = (uint8_t)c;
}

static void put(const char *text)
{
    for (; *text; text++) {
        if (*text == '\n')
            put_char('\r');
        put_char(*text);
    }
}

static void put_number(uint32_t n)
{
    char digits[11];
    int i = 10;

    digits[i] = '\0';
    do
        digits[--i] = (char)('0' + n % 10);
    while (n /= 10);
    put(digits + i);
}

static char get_char(void)
{
    while (queue_tail == queue_head)
        __asm__ volatile("wfi");
    return (char)queue[queue_tail++ % QUEUE];
}

/** Read a line, with echo and backspace. */
static void get_line(char *line)
{
    int n = 0;
    char c;

    while ((c = get_char()) != '\r') {
        if (c == '\b' && n > 0) {
            n--;
            put("\b \b");
        } else if (c >= ' ' && n < LINE_MAX - 1) {
            line[n++] = c;
            put_char(c);
        }
    }
    line[n] = '\0';
    put("\n");
}

/* ------------------------------------------------------------------ */
/* Commands                                                             */
/* ------------------------------------------------------------------ */

/** What follows the word @a word in @a line, or 0. */
static const char *after(const char *line, const char *word)
{
    while (*word && *line == *word)
        line++, word++;
    if (*word || (*line && *line != ' '))
        return 0;
    return *line ? line + 1 : line;
}

static uint32_t number(const char *text)
{
    uint32_t n = 0;

    while (*text >= '0' && *text <= '9')
        n = n * 10 + (uint32_t)(*text++ - '0');
    return n;
}

static void led(const char *what)
{
    blink_half_ms = 0;
    if (after(what, "on"))
        LEDS = 1;
    else if (after(what, "off"))
        LEDS = 0;
    else
        put("led on | off\n");
}

static void blink(const char *rate)
{
    uint32_t hz = number(rate);

    if (hz < 1 || hz > 100)
        put("blink 1 ... 100 (Hz)\n");
    else
        blink_half_ms = 500 / hz;
}

static void execute(const char *line)
{
    const char *rest;

    if (after(line, "help")) {
        put("help, echo, led, blink, uptime\n");
    } else if ((rest = after(line, "echo"))) {
        put(rest);
        put("\n");
    } else if ((rest = after(line, "led"))) {
        led(rest);
    } else if ((rest = after(line, "blink"))) {
        blink(rest);
    } else if (after(line, "uptime")) {
        put("up for ");
        put_number(uptime_ms);
        put(" ms\n");
    } else if (*line) {
        put("unknown command: ");
        put(line);
        put("\n");
    }
}

int main(void)
{
    char line[LINE_MAX];

    UART_BAUDDIV = CLOCK_HZ / BAUD;
    UART_CTRL = CTRL_TX | CTRL_RX | CTRL_RX_INT;
    NVIC_ISER = 1u << UART_RX_IRQ;
    SYST_RVR = CLOCK_HZ / 1000 - 1;
    SYST_CSR = 7;
    put("\nshell of the fwsim examples\n");
    for (;;) {
        put("> ");
        get_line(line);
        execute(line);
    }
}

/* ------------------------------------------------------------------ */
/* Start-up                                                             */
/* ------------------------------------------------------------------ */

void reset_handler(void)
{
    uint32_t *from = &__data_load;

    for (uint32_t *to = &__data_start; to < &__data_end;)
        *to++ = *from++;
    for (uint32_t *to = &__bss_start; to < &__bss_end;)
        *to++ = 0;
    main();
}

static void stop(void)
{
    for (;;)
        ;
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
    &__stack_top, reset_handler, stop, stop, stop, stop, stop, 0, 0, 0, 0, stop,
    stop, 0, stop, systick_handler,
    [16 + UART_RX_IRQ] = uart_handler,
};
