/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thermostat on an nRF51822: ten times a second it reads an LM75 sensor over
 * I2C and prints the temperature; above 30 C it switches a fan on, below 28 C
 * off. A sensor that does not answer is reported once and set up again when it
 * is back; meanwhile the fan runs, to be on the safe side.
 */
#include <stdbool.h>
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

#define UART(offset)  REG(0x40002000 + (offset))
#define TWI(offset)   REG(0x40003000 + (offset))
#define TIMER(offset) REG(0x40008000 + (offset))
#define GPIO_OUTSET   REG(0x50000508)
#define GPIO_OUTCLR   REG(0x5000050c)
#define GPIO_PIN_CNF(pin) REG(0x50000700 + 4 * (pin))
#define NVIC_ISER     REG(0xe000e100)

enum { FAN = 3, TX = 24, RX = 25, SCL = 0, SDA = 30, TIMER_IRQ = 8 };
enum { LM75 = 0x48, LM75_TEMPERATURE = 0, LM75_CONFIG = 1 };

/* nRF51 Series Reference Manual, chapters 28 (TWI) and 29 (UART). */
enum { STARTRX = 0x000, STARTTX = 0x008, STOP = 0x014, RESUME = 0x020,
       STOPPED = 0x104, RXDREADY = 0x108, TXDSENT = 0x11c, ERROR = 0x124,
       SHORTS = 0x200, ERRORSRC = 0x4c4, ENABLE = 0x500, PSELSCL = 0x508,
       PSELSDA = 0x50c, RXD = 0x518, TXD = 0x51c, ADDRESS = 0x588,
       BB_SUSPEND = 1, BB_STOP = 2 };
enum { UART_STARTTX = 0x008, TXDRDY = 0x11c, PSELTXD = 0x50c, BAUDRATE = 0x524 };

extern uint32_t __stack_top, __data_load, __data_start, __data_end,
    __bss_start, __bss_end;

static volatile uint32_t ticks;

void timer_handler(void)
{
    TIMER(0x140) = 0;
    ticks++;
}

/* ------------------------------------------------------------------ */
/* Text                                                                 */
/* ------------------------------------------------------------------ */

static void put(const char *text)
{
    for (; *text; text++) {
        UART(TXDRDY) = 0;
        UART(TXD) = (uint8_t)*text;
        while (!UART(TXDRDY))
            ;
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

/* ------------------------------------------------------------------ */
/* I2C                                                                  */
/* ------------------------------------------------------------------ */

/** Wait for an event of the TWI. @return false: not acknowledged */
static bool wait_for(uint32_t event)
{
    while (!TWI(event))
        if (TWI(ERROR))
            return false;
    TWI(event) = 0;
    return true;
}

static bool end_transfer(bool ok)
{
    TWI(STOPPED) = 0;
    TWI(STOP) = 1;
    while (!TWI(STOPPED))
        ;
    if (TWI(ERROR)) {
        TWI(ERROR) = 0;
        TWI(ERRORSRC) = TWI(ERRORSRC);
    }
    return ok;
}

static bool send(uint8_t byte)
{
    TWI(TXDSENT) = 0;
    TWI(TXD) = byte;
    return wait_for(TXDSENT);
}

static bool write_register(uint8_t reg, uint8_t value)
{
    TWI(STARTTX) = 1;
    return end_transfer(send(reg) && send(value));
}

static bool read_register(uint8_t reg, uint8_t bytes[2])
{
    TWI(SHORTS) = 0;
    TWI(STARTTX) = 1;
    if (!send(reg))
        return end_transfer(false);
    TWI(RXDREADY) = 0;
    TWI(SHORTS) = BB_SUSPEND;
    TWI(STARTRX) = 1;
    if (!wait_for(RXDREADY))
        return end_transfer(false);
    TWI(SHORTS) = BB_STOP;
    TWI(STOPPED) = 0;
    bytes[0] = (uint8_t)TWI(RXD);
    TWI(RESUME) = 1;
    if (!wait_for(RXDREADY))
        return end_transfer(false);
    bytes[1] = (uint8_t)TWI(RXD);
    while (!TWI(STOPPED))
        ;
    TWI(SHORTS) = 0;
    return true;
}

/* ------------------------------------------------------------------ */
/* The thermostat                                                       */
/* ------------------------------------------------------------------ */

static void set_fan(bool on)
{
    if (on)
        GPIO_OUTSET = 1u << FAN;
    else
        GPIO_OUTCLR = 1u << FAN;
}

/** @param half  degrees Celsius, times two */
static void show(int half)
{
    if (half < 0) {
        put("-");
        half = -half;
    }
    put_number((uint32_t)half / 2);
    put(half & 1 ? ".5 C\r\n" : ".0 C\r\n");
}

static bool measure(int *half)
{
    uint8_t bytes[2] = { 0, 0 };

    if (!read_register(LM75_TEMPERATURE, bytes))
        return false;
    /* Nine bits, two's complement, left-aligned. */
    *half = (int16_t)(bytes[0] << 8 | bytes[1]) >> 7;
    return true;
}

static void set_up(void)
{
    GPIO_PIN_CNF(FAN) = 1;
    UART(PSELTXD) = TX;
    UART(BAUDRATE) = 0x01d7e000; /* 115200 */
    UART(ENABLE) = 4;
    UART(UART_STARTTX) = 1;
    TWI(PSELSCL) = SCL;
    TWI(PSELSDA) = SDA;
    TWI(ADDRESS) = LM75;
    TWI(ENABLE) = 5;
    TIMER(0x508) = 3;       /* 32 bits */
    TIMER(0x510) = 4;       /* 1 MHz */
    TIMER(0x540) = 100000;  /* COMPARE0 in 100 ms, */
    TIMER(0x200) = 1;       /* begins again, */
    TIMER(0x304) = 1 << 16; /* and interrupts */
    TIMER(0x000) = 1;
    NVIC_ISER = 1u << TIMER_IRQ;
}

int main(void)
{
    bool present = false, first = true;
    uint32_t seen = 0;
    int half;

    set_up();
    for (;;) {
        bool was = present;

        if (!present)
            present = write_register(LM75_CONFIG, 0x18); /* 6 faults to alarm */
        if (present)
            present = measure(&half);
        if (present) {
            show(half);
            if (half > 60)
                set_fan(true);
            else if (half < 56)
                set_fan(false);
        } else {
            if (was || first)
                put("the sensor does not answer\r\n");
            set_fan(true);
        }
        first = false;
        while (ticks == seen)
            __asm__ volatile("wfi");
        seen = ticks;
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
    &__stack_top, reset_handler, stop, stop, 0, 0, 0, 0, 0, 0, 0, stop, 0, 0,
    stop, stop,
    [16 + TIMER_IRQ] = timer_handler,
};
