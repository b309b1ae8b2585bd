/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watchpoints of the DWT and the DebugMonitor exception, as a monitor in the
 * firmware uses them. Addresses are printed as distances.
 */
#include "cm.h"

#define DWT_CTRL REG(0xe0001000)
#define DWT_COMP(n) REG(0xe0001020 + 16 * (n))
#define DWT_MASK(n) REG(0xe0001024 + 16 * (n))
#define DWT_FUNCTION(n) REG(0xe0001028 + 16 * (n))
#define DWT_LAR REG(0xe0001fb0)
#define DFSR REG(0xe000ed30)
#define DHCSR REG(0xe000edf0)
#define DCRDR REG(0xe000edf8)
#define DEMCR REG(0xe000edfc)

enum { DEBUGMON = 12 };

#define TRCENA (1u << 24)
#define MON_EN (1u << 16)
#define MON_PEND (1u << 17)
#define MON_STEP (1u << 18)
#define MATCHED (1u << 24)

/* What a comparator can be told, in the words of each architecture. */
#if V8M
enum { WORD = 2 << 10, EVENT = 1 << 4 };
enum { PC_MATCH = EVENT | 2, READ = WORD | EVENT | 6, WRITE = WORD | EVENT | 5,
       EITHER = WORD | EVENT | 4, NO_EVENT = WORD | 4 };
#else
enum { PC_MATCH = 4, READ = 5, WRITE = 6, EITHER = 7, NO_EVENT = 11 };
#endif

static volatile uint32_t area[16] __attribute__((aligned(64)));

/* Where an instruction is that a case is about, and the one behind it. */
struct {
    uint32_t at, behind;
} labels;

static unsigned events, steps, last_step;

/* BKPT is not skipped by the exception. */
static void monitor(uint32_t *frame, uint32_t lr)
{
    uint32_t status = DFSR;

    (void)lr;
    events++;
    line("  debug event", status);
    line("  from the instruction", frame[F_PC] - labels.at);
    DFSR = status;
    if (status & 2)
        frame[F_PC] += 2;
}

#define CASE(name, instruction)                                                \
    __attribute__((naked, noinline)) static void name(                         \
        volatile uint32_t *at __attribute__((unused)))                         \
    {                                                                          \
        __asm__ volatile("push {r4-r6, lr}\n"                                  \
                         "ldr r1, =labels\n"                                   \
                         "ldr r2, =1f\n"                                       \
                         "str r2, [r1]\n"                                      \
                         "movs r3, #5\n"                                       \
                         "movs r4, #6\n"                                       \
                         "1: " instruction "\n"                                \
                         "nop\n"                                               \
                         "nop\n"                                               \
                         "pop {r4-r6, pc}\n"                                   \
                         ".ltorg\n");                                          \
    }

CASE(load, "ldr r1, [r0]")
CASE(load_byte, "ldrb r1, [r0, #2]")
CASE(load_many, "ldmia r0, {r1-r4}")
CASE(store, "str r3, [r0]")
CASE(store_other, "str r4, [r0]")
CASE(store_dual, "strd r3, r4, [r0]")
CASE(not_executed, "cmp r3, r4\n it eq\n ldreq r1, [r0]")
CASE(breakpoint, "bkpt 7")

static void expect(const char *name, void (*access)(volatile uint32_t *),
                   volatile uint32_t *at)
{
    events = 0;
    put(name);
    put(":\n");
    access(at);
    if (!events)
        put("  nothing\n");
}

static void watch(unsigned n, volatile void *at, unsigned bits, uint32_t what)
{
    DWT_FUNCTION(n) = 0;
    DWT_COMP(n) = (uint32_t)at;
    DWT_MASK(n) = bits;
    DWT_FUNCTION(n) = what;
    barrier();
}

static void data_addresses(void)
{
    watch(0, &area[4], 2, READ);
    expect("load", load, &area[4]);
    expect("load beside", load, &area[5]);
    expect("store to what is read", store, &area[4]);
    expect("load byte", load_byte, &area[4]);
    expect("load many", load_many, &area[1]);
    expect("load fewer", load_many, &area[0]);
    line_dec("matched", !!(DWT_FUNCTION(0) & MATCHED));
    expect("condition fails", not_executed, &area[4]);
    line_dec("matched again", !!(DWT_FUNCTION(0) & MATCHED));
    watch(0, &area[4], 2, WRITE);
    expect("load from what is written", load, &area[4]);
    expect("store", store, &area[4]);
    expect("store dual", store_dual, &area[3]);
    line("stored", area[3] << 8 | area[4]);
    watch(0, &area[4], 2, EITHER);
    expect("either, load", load, &area[4]);
    expect("either, store", store, &area[4]);
    watch(0, &area[4], 2, NO_EVENT);
    expect("no event", load, &area[4]);
    line_dec("matched", !!(DWT_FUNCTION(0) & MATCHED));
    watch(0, 0, 0, 0);
}

/* A larger range: a mask, or two comparators. */
static void ranges(void)
{
#if V8M
    watch(1, &area[12] - 1, 0, WORD | 7);
    watch(0, &area[8], 0, EITHER);
#else
    watch(3, &area[8], 4, EITHER);
#endif
    expect("below", store, &area[7]);
    expect("first", store, &area[8]);
    expect("last", load, &area[11]);
    expect("above", load, &area[12]);
    watch(0, 0, 0, 0);
    watch(1, 0, 0, 0);
    watch(3, 0, 0, 0);
}

static void values(void)
{
#if V8M
    watch(0, &area[4], 0, WORD | 5);
    watch(1, (void *)5, 0, WORD | EVENT | 11);
#else
    watch(2, &area[4], 2, 0);
    watch(1, (void *)5, 0, 2 << 16 | 2 << 12 | 2 << 10 | 1 << 8 | WRITE);
#endif
    expect("value", store, &area[4]);
    expect("value elsewhere", store, &area[5]);
    expect("other value", store_other, &area[4]);
    watch(1, 0, 0, 0);
    watch(0, 0, 0, 0);
}

static void instructions(void)
{
    load(&area[0]);
    watch(2, (void *)labels.at, 0, PC_MATCH);
    expect("instruction", load, &area[0]);
    expect("another", store, &area[0]);
    watch(2, 0, 0, 0);
}

static void priorities(void)
{
    watch(0, &area[4], 2, READ);
    DEMCR = TRCENA;
    expect("disabled", load, &area[4]);
    line_dec("matched", !!(DWT_FUNCTION(0) & MATCHED));
    DEMCR = TRCENA | MON_EN;
    WRITE_SPECIAL("primask", 1);
    expect("masked", load, &area[4]);
    WRITE_SPECIAL("primask", 0);
    expect("not masked", load, &area[4]);
    DEMCR = MON_EN;
    barrier();
    expect("without trcena", load, &area[4]);
    DEMCR = TRCENA | MON_EN;
    watch(0, 0, 0, 0);
}

static void pended(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    events++;
    line("  monitor", DEMCR & (MON_EN | MON_PEND));
    line("  dfsr", DFSR);
    line("  active", SHCSR & 1u << 8);
}

static void pend(volatile uint32_t *at)
{
    (void)at;
    DEMCR |= MON_PEND;
    barrier();
}

static void pend_masked(volatile uint32_t *at)
{
    WRITE_SPECIAL("primask", 1);
    pend(at);
    line("  pends", DEMCR & MON_PEND);
    DEMCR &= ~MON_PEND;
    line("  pends", DEMCR & MON_PEND);
    WRITE_SPECIAL("primask", 0);
}

static void stepper(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    steps++;
    last_step = frame[F_PC];
    if (steps == 1) {
        DEMCR = (DEMCR & ~MON_PEND) | MON_STEP;
    } else if (steps == 2) {
        line("  status", DFSR);
        DFSR = DFSR;
    } else if (last_step >= labels.behind) {
        DEMCR &= ~MON_STEP;
    }
}

__attribute__((naked, noinline)) static void five_instructions(void)
{
    __asm__ volatile("push {r4, lr}\n"
                     "ldr r1, =labels\n"
                     "ldr r2, =2f\n"
                     "str r2, [r1, #4]\n"
                     "ldr r0, =0xe000edfc\n"
                     "ldr r1, [r0]\n"
                     "orr r1, #0x20000\n"
                     "str r1, [r0]\n"
                     "isb\n"
                     "nop\n"
                     "movs r2, #0\n"
                     "cmp r2, #1\n"
                     "it eq\n"
                     "moveq r2, #9\n"
                     "2: pop {r4, pc}\n"
                     ".ltorg\n");
}

static void single_steps(void)
{
    on[DEBUGMON] = stepper;
    put("steps:\n");
    five_instructions();
    line_dec("  after step", steps);
    line("  at", last_step - labels.behind);
}

static void registers(void)
{
    line("dhcsr", DHCSR);
    line("dhcsr", DHCSR);
    DCRDR = 0x12345678;
    line("dcrdr", DCRDR);
    line("dfsr", DFSR);
    DEMCR = TRCENA;
    DWT_LAR = 0xc5acce55;
    line("ctrl", DWT_CTRL);
    for (unsigned n = 0; n < 4; n++) {
        DWT_COMP(n) = 0xfedcba98;
        DWT_MASK(n) = 0xffffffff;
        line("comp", DWT_COMP(n));
        line("mask", DWT_MASK(n));
        line("function", DWT_FUNCTION(n));
        DWT_COMP(n) = 0;
        DWT_MASK(n) = 0;
    }
}

void run(void)
{
    registers();
    DEMCR = TRCENA | MON_EN;
    on[DEBUGMON] = monitor;
    data_addresses();
    ranges();
    values();
    instructions();
    expect("bkpt", breakpoint, area);
    priorities();
    on[DEBUGMON] = pended;
    expect("pended", pend, area);
    expect("pended while masked", pend_masked, area);
    DEMCR = TRCENA;
    expect("pended while disabled", pend, area);
    DEMCR = TRCENA | MON_EN;
    single_steps();
}
