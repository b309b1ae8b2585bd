/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thermostat for the BBC micro:bit: measures the temperature every 100 ms,
 * switches a heater at pad 0, and obeys commands on the serial line:
 *
 *     temp          the temperature in degrees
 *     set DEGREES   the temperature to keep, 5 to 30
 *     stats         measurements, and switchings of the heater
 *
 * Source: nRF51 Series Reference Manual 3.0, chapters 14 (GPIO), 22 (TEMP),
 * 18 (TIMER) and 29 (UART).
 */
#include <stdbool.h>
#include <stdint.h>

#define REG(addr) (*(volatile uint32_t *)(addr))

#define UART(offset) REG(0x40002000 + (offset))
#define TEMP(offset) REG(0x4000c000 + (offset))
#define TIMER(offset) REG(0x40008000 + (offset))
#define GPIO_OUTSET REG(0x50000508)
#define GPIO_OUTCLR REG(0x5000050c)
#define GPIO_DIRSET REG(0x50000518)

enum { HEATER = 1u << 3 }; /* pad 0 */

struct thermostat {
    int32_t target;      /* quarters of a degree */
    int32_t temperature; /* the same */
    bool heating;
    uint32_t measurements, switchings;
};

static volatile struct thermostat thermostat = { .target = 20 * 4 };

/* ------------------------------------------------------------------ */
/* Serial line                                                          */
/* ------------------------------------------------------------------ */

static void uart_start(void)
{
    UART(0x50c) = 24; /* PSELTXD */
    UART(0x514) = 25; /* PSELRXD */
    UART(0x524) = 0x01d7e000; /* 115200 baud */
    UART(0x500) = 4; /* ENABLE */
    UART(0x008) = 1; /* STARTTX */
    UART(0x000) = 1; /* STARTRX */
}

static void put(const char *text)
{
    for (; *text; text++) {
        UART(0x11c) = 0;
        UART(0x51c) = (uint8_t)*text;
        while (!UART(0x11c))
            ;
    }
}

static void put_number(uint32_t value)
{
    char digits[12];
    unsigned n = sizeof(digits);

    digits[--n] = '\0';
    do {
        digits[--n] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    put(digits + n);
}

/* ------------------------------------------------------------------ */
/* Control                                                              */
/* ------------------------------------------------------------------ */

__attribute__((noinline)) static int32_t measure(void)
{
    TEMP(0x100) = 0;
    TEMP(0x000) = 1;
    while (!TEMP(0x100))
        ;
    return (int32_t)TEMP(0x508);
}

static void heat(bool on)
{
    if (on == thermostat.heating)
        return;
    thermostat.heating = on;
    thermostat.switchings++;
    if (on)
        GPIO_OUTSET = HEATER;
    else
        GPIO_OUTCLR = HEATER;
}

/* Half a degree of hysteresis. */
static void control(void)
{
    thermostat.temperature = measure();
    thermostat.measurements++;
    if (thermostat.temperature < thermostat.target - 2)
        heat(true);
    else if (thermostat.temperature > thermostat.target + 2)
        heat(false);
}

/* ------------------------------------------------------------------ */
/* Commands                                                             */
/* ------------------------------------------------------------------ */

static bool begins(const char *text, const char *word)
{
    while (*word) {
        if (*text++ != *word++)
            return false;
    }
    return true;
}

/* @return a number, or -1 */
int parse_degrees(const char *text)
{
    int value = 0;

    if (!*text)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || value > 99)
            return -1;
        value = value * 10 + (*text - '0');
    }
    return value;
}

static void show_temperature(void)
{
    static const char *const fractions[] = { ".00", ".25", ".50", ".75" };
    int32_t quarters = thermostat.temperature;

    if (quarters < 0) {
        put("-");
        quarters = -quarters;
    }
    put_number((uint32_t)quarters / 4);
    put(fractions[quarters % 4]);
    put(" C\r\n");
}

static void set_target(const char *text)
{
    int degrees = parse_degrees(text);

    if (degrees < 5 || degrees > 30) {
        put("error: 5 to 30\r\n");
        return;
    }
    thermostat.target = 4 * degrees;
    put("ok\r\n");
}

static void obey(const char *line)
{
    if (begins(line, "temp"))
        show_temperature();
    else if (begins(line, "set "))
        set_target(line + 4);
    else if (begins(line, "stats")) {
        put_number(thermostat.measurements);
        put(" measurements, ");
        put_number(thermostat.switchings);
        put(" switchings\r\n");
    } else {
        put("error: unknown command\r\n");
    }
    put("> ");
}

static void hear(char c)
{
    static char line[16];
    static unsigned length;

    if (c != '\r') {
        if (length < sizeof(line) - 1)
            line[length++] = c;
        return;
    }
    line[length] = '\0';
    length = 0;
    obey(line);
}

/* ------------------------------------------------------------------ */
/* Start                                                                */
/* ------------------------------------------------------------------ */

static void timer_start(void)
{
    TIMER(0x508) = 3;        /* BITMODE: 32 */
    TIMER(0x510) = 4;        /* PRESCALER: 1 us */
    TIMER(0x540) = 100000;   /* CC[0] */
    TIMER(0x200) = 1;        /* SHORTS: clear at CC[0] */
    TIMER(0x000) = 1;
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
    GPIO_DIRSET = HEATER;
    uart_start();
    timer_start();
    control();
    put("thermostat\r\n> ");
    for (;;) {
        if (TIMER(0x140)) {
            TIMER(0x140) = 0;
            control();
        }
        if (UART(0x108)) {
            UART(0x108) = 0;
            hear((char)UART(0x518));
        }
    }
}

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    [0] = &__stack_top, [1] = (void *)reset_handler,
};
