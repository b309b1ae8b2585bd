/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions and variables for fwsim_call, fwsim_mock and fwsim_var; a Cortex-M
 * guest (cm.h) and an AArch64 guest (a64.h).
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __aarch64__
#include "a64.h"
#else
#include "cm.h"
#endif

#define CODE __attribute__((noinline, noclone, used))

/* ------------------------------------------------------------------ */
/* Arguments and results                                                */
/* ------------------------------------------------------------------ */

CODE uint16_t crc16(const uint8_t *data, uint32_t length)
{
    uint16_t crc = 0xffff;

    while (length--) {
        crc ^= (uint16_t)(*data++ << 8);
        for (int i = 0; i < 8; i++)
            crc = (uint16_t)(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
    }
    return crc;
}

/* Weights tell the places apart. */
CODE uint64_t weigh(uint32_t a, uint64_t b, uint32_t c, uint64_t d, uint32_t e)
{
    return a + 3 * b + 5 * (uint64_t)c + 7 * d + 11 * (uint64_t)e;
}

CODE uint32_t weigh10(uint32_t a, uint32_t b, uint32_t c, uint32_t d,
                      uint32_t e, uint32_t f, uint32_t g, uint32_t h,
                      uint32_t i, uint32_t j)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i +
           10 * j;
}

#if !defined(__aarch64__) || defined(__ARM_FP)
/* In the VFP variant c is put back between a and b. */
CODE double mix(float a, double b, float c, uint32_t d)
{
    return (double)a + 10 * b + 100 * (double)c + 1000.0 * d;
}

CODE float half(float x)
{
    return x / 2;
}

CODE float last_of_20(float a, float b, float c, float d, float e, float f,
                      float g, float h, float i, float j, float k, float l,
                      float m, float n, float o, float p, float q, float r,
                      float s, float t)
{
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h;
    (void)i, (void)j, (void)k, (void)l, (void)m, (void)n, (void)o, (void)p;
    return q + 10 * r + 100 * s + 1000 * t;
}
#define FLOATS mix, half, last_of_20
#else
#define FLOATS
#endif

CODE int8_t negate(int8_t x)
{
    return (int8_t)-x;
}

CODE int64_t negate64(int64_t x)
{
    return -x;
}

CODE bool invert(bool x)
{
    return !x;
}

CODE uint32_t sum(unsigned count, ...)
{
    va_list list;
    uint32_t total = 0;

    va_start(list, count);
    while (count--)
        total += va_arg(list, uint32_t);
    va_end(list);
    return total;
}

typedef struct point {
    int32_t x, y;
    uint8_t tag;
} point;

CODE void mirror(point *p, const char *tag)
{
    int32_t x = p->x;

    p->x = p->y;
    p->y = x;
    p->tag = (uint8_t)tag[0];
}

CODE void fill(uint8_t *out, size_t size, uint8_t value)
{
    while (size--)
        *out++ = value;
}

CODE int32_t by_value(point p)
{
    return p.x + p.y;
}

/* ------------------------------------------------------------------ */
/* Functions that do not return                                         */
/* ------------------------------------------------------------------ */

CODE uint32_t bad_read(void)
{
    return *(volatile uint32_t *)0x60000000 + 1;
}

CODE void deep_fault(uint32_t depth)
{
    if (depth)
        deep_fault(depth - 1);
    else
        bad_read();
    __asm__ volatile("");
}

volatile uint32_t spins;

CODE void hang(void)
{
    for (;;)
        spins++;
}

CODE void sleep_for_good(void)
{
    for (;;)
        __asm__ volatile("wfi");
}

#ifdef __aarch64__
CODE void restart(void)
{
    for (;;)
        ;
}

void wrong_stack(void);
__asm__(".text\n.global wrong_stack\n.type wrong_stack, %function\n"
        "wrong_stack: sub sp, sp, #16\n ret\n");
#else
CODE void restart(void)
{
    AIRCR = 0x05fa0004;
    for (;;)
        ;
}

__attribute__((naked)) CODE void wrong_stack(void)
{
    __asm__ volatile("sub sp, #16\n bx lr\n");
}
#endif

/* ------------------------------------------------------------------ */
/* A driver and its HAL                                                 */
/* ------------------------------------------------------------------ */

uint32_t hal_calls;

CODE int32_t hal_read(uint8_t reg, uint8_t *value)
{
    hal_calls++;
    *value = (uint8_t)(reg ^ 0xff);
    return 0;
}

static CODE uint32_t hal_ticks(void)
{
    return ++hal_calls;
}

static inline __attribute__((always_inline)) uint32_t twice(uint32_t x)
{
    return 2 * x + hal_calls;
}

CODE int32_t driver_temperature(void)
{
    uint8_t high, low;

    if (hal_read(0x10, &high) || hal_read(0x11, &low))
        return -1;
    return (int32_t)(int8_t)high * 256 + low;
}

CODE uint32_t driver_wait(uint32_t until)
{
    uint32_t polls = 0;

    while (hal_ticks() < until)
        polls++;
    return polls;
}

CODE uint32_t use_twice(uint32_t x)
{
    return twice(x) + 1;
}

CODE uint32_t factorial(uint32_t n)
{
    return n < 2 ? 1 : n * factorial(n - 1);
}

/* ------------------------------------------------------------------ */
/* Variables                                                            */
/* ------------------------------------------------------------------ */

typedef enum mode { MODE_OFF, MODE_ON = 5, MODE_ERROR = -1 } mode;

typedef struct node {
    struct node *next;
    uint16_t value;
} node;

typedef struct state {
    uint32_t count;
    int16_t level;
    mode mode;
    bool ready;
    float gain;
    double offset;
    char name[8];
    uint8_t bytes[3];
    struct {
        unsigned low : 3;
        int middle : 5;
        unsigned high : 20;
        uint64_t wide : 40;
    } bits;
    union {
        uint32_t word;
        uint8_t part[4];
    };
    uint16_t grid[2][3];
    node *head;
    void *nowhere;
    void (*handler)(void);
} state;

node nodes[3] = { { &nodes[1], 100 }, { &nodes[2], 200 }, { NULL, 300 } };

state g_state = {
    .count = 7,
    .level = -42,
    .mode = MODE_ON,
    .ready = true,
    .gain = 1.5f,
    .offset = -0.25,
    .name = "probe",
    .bytes = { 1, 2, 3 },
    .bits = { 5, -3, 0xabcde, 0x123456789a },
    .word = 0x44332211,
    .grid = { { 1, 2, 3 }, { 4, 5, 6 } },
    .head = nodes,
    .handler = sleep_for_good,
};

state *p_state = &g_state;
state *p_nowhere = (state *)0x70000000;
static volatile uint32_t private_count = 11;
uint64_t large = 0xfedcba9876543210u;
volatile int64_t negative64 = -5;
const uint32_t table[4] = { 10, 20, 30, 40 };

CODE uint32_t tick(void)
{
    static uint32_t count = 3;

    return ++count + private_count;
}

CODE uint32_t tock(void)
{
    static uint32_t count = 30;

    return ++count;
}

uint32_t other(void);

void *const kept[] = {
    other,
    crc16, weigh, weigh10, negate, negate64, invert, sum, mirror, fill,
    by_value, bad_read, deep_fault, hang, sleep_for_good, restart, wrong_stack,
    hal_read, driver_temperature, driver_wait, use_twice, factorial, tick,
    tock, &g_state, &p_state, &p_nowhere, &large, (void *)&negative64,
    (void *)table, FLOATS
};

volatile uint32_t loops;

CODE void main_loop(void)
{
    for (;;) {
        loops++;
        driver_temperature();
    }
}

#ifdef __aarch64__
void on_exception(frame *f, unsigned vector)
{
    (void)f;
    (void)vector;
    hang();
}

int main(void)
#else
volatile uint32_t interrupts;

static void interrupted(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    interrupts++;
    TESTDEV_LOWER = 1;
}

void run(void)
#endif
{
#ifndef __aarch64__
    on[IRQ0] = interrupted;
    NVIC_ISER(0) = 1;
#endif
#if defined(__ARM_FP) && !defined(__aarch64__)
    CPACR |= 0xfu << 20;
    barrier();
#endif
#if defined(__ARM_FP) && defined(__aarch64__)
    WRITE(cpacr_el1, 3u << 20);
#endif
    for (volatile unsigned i = 0; i < sizeof kept / sizeof *kept; i++)
        (void)*(void *const volatile *)&kept[i];
    main_loop();
#ifdef __aarch64__
    return 0;
#endif
}
