/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the instruction sequences that a test has put at ENTRIES, and prints a
 * line for each: hashes (FNV-1a) of what it leaves in r0 to lr, xPSR, the
 * registers of the FPU with FPSCR, and the area. See tests/sequences.
 *
 * SVC begins a sequence, out of run_sequence, and ends it: the handler
 * exchanges all registers. The area is what run_sequence has on its stack.
 */
#include "cm.h"

#include <stddef.h>

enum { AREA = 512 };

/* As in tests/sequences/sequence.h. */
typedef struct entry {
    uint32_t size, seed, bases, apsr, fpscr, r[14], s[32];
    uint16_t code[];
} entry;

typedef struct header {
    uint32_t count;
    uint32_t dump; /* seed of which all is shown; no other is run then */
} header;

/* r0 to r3, r12, lr, pc, xpsr by the core; r4 to r11 by svc. */
static uint32_t callee[8];
static struct {
    uint32_t frame[8], callee[8];
} caller, left;
static uint32_t fpu[33], area[AREA / 4];
static const entry *current;
static bool inside;

__attribute__((naked)) static void run_sequence(void)
{
    __asm__ volatile("sub sp, #256\n"
                     "sub sp, #256\n"
                     "svc 0\n"
                     "add sp, #256\n"
                     "add sp, #256\n"
                     "bx lr\n");
}

#ifdef HAS_FPU
static void load_fpu(const uint32_t *s, uint32_t fpscr)
{
    __asm__ volatile("vldmia %0, {s0-s31}\n"
                     "vmsr fpscr, %1\n"
                     :
                     : "r"(s), "r"(fpscr));
}

static void store_fpu(void)
{
    __asm__ volatile("vmrs r3, fpscr\n"
                     "str r3, [%0, #128]\n"
                     "vstmia %0, {s0-s31}\n"
                     :
                     : "r"(fpu)
                     : "r3", "memory");
}

/* No frames of the FPU: its registers stay as they are in handlers. */
static void enable_fpu(void)
{
    CPACR |= 0xf << 20;
    FPCCR = 0;
    __asm__ volatile("dsb\n isb");
}
#else
static void load_fpu(const uint32_t *s, uint32_t fpscr)
{
    (void)s;
    (void)fpscr;
}

static void store_fpu(void)
{
}

static void enable_fpu(void)
{
}
#endif

static uint32_t next(uint32_t x) /* xorshift32 */
{
    x ^= x << 13;
    x ^= x >> 17;
    return x ^ x << 5;
}

static void copy(uint32_t *to, const uint32_t *from, unsigned words)
{
    while (words--)
        *to++ = *from++;
}

static uint32_t initial(const entry *e, unsigned reg, const uint32_t *sp)
{
    return e->r[reg] + (e->bases >> reg & 1 ? (uint32_t)sp : 0);
}

static void begin(uint32_t *frame)
{
    const entry *e = current;
    uint32_t *sp = frame + 8, x = e->seed * 2654435761u | 1;

    for (unsigned i = 0; i < AREA / 4; i++)
        sp[i] = x = next(x);
    for (unsigned i = 0; i < 4; i++)
        frame[i] = initial(e, i, sp);
    for (unsigned i = 0; i < 8; i++)
        callee[i] = initial(e, 4 + i, sp);
    frame[F_R12] = initial(e, 12, sp);
    frame[F_LR] = e->r[13];
    frame[F_PC] = (uint32_t)e->code;
    frame[F_XPSR] = e->apsr | 1u << 24;
    load_fpu(e->s, e->fpscr);
}

__attribute__((used)) static void on_svc(uint32_t *frame)
{
    if (!inside) {
        copy(caller.frame, frame, 8);
        copy(caller.callee, callee, 8);
        begin(frame);
    } else {
        store_fpu();
        copy(left.frame, frame, 8);
        copy(left.callee, callee, 8);
        copy(area, frame + 8, AREA / 4);
        copy(frame, caller.frame, 8);
        copy(callee, caller.callee, 8);
    }
    inside = !inside;
}

__attribute__((naked)) static void svc(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    __asm__ volatile("ldr r2, =callee\n"
                     "stmia r2!, {r4-r7}\n"
                     "mov r4, r8\n"
                     "mov r5, r9\n"
                     "mov r6, r10\n"
                     "mov r7, r11\n"
                     "stmia r2!, {r4-r7}\n"
                     "push {r3, lr}\n"
                     "bl on_svc\n"
                     "ldr r2, =callee + 16\n"
                     "ldmia r2!, {r4-r7}\n"
                     "mov r8, r4\n"
                     "mov r9, r5\n"
                     "mov r10, r6\n"
                     "mov r11, r7\n"
                     "ldr r2, =callee\n"
                     "ldmia r2!, {r4-r7}\n"
                     "pop {r3, pc}\n"
                     ".ltorg\n");
}

static uint32_t hash(const uint32_t *words, unsigned count, uint32_t h)
{
    const uint8_t *bytes = (const uint8_t *)words;

    for (unsigned i = 0; i < 4 * count; i++)
        h = (h ^ bytes[i]) * 16777619u;
    return h;
}

static char *hex(char *to, uint32_t value)
{
    *to++ = ' ';
    for (int shift = 28; shift >= 0; shift -= 4)
        *to++ = "0123456789abcdef"[value >> shift & 15];
    return to;
}

static void print_hashes(const uint32_t *r)
{
    const uint32_t basis = 2166136261u;
    char text[64], *to = text;

    to = hex(to, current->seed);
    to = hex(to, hash(r, 14, basis));
    to = hex(to, left.frame[F_XPSR]);
    to = hex(to, hash(fpu, 33, basis));
    to = hex(to, hash(area, AREA / 4, basis));
    *to++ = '\n';
    *to = '\0';
    put(text + 1);
}

static void print_words(const char *name, const uint32_t *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        put(name);
        put_dec(i);
        line("", words[i]);
    }
}

static void show(bool dump)
{
    uint32_t r[14];

    copy(r, left.frame, 4);
    copy(r + 4, left.callee, 8);
    copy(r + 12, left.frame + F_R12, 2);
    print_hashes(r);
    if (!dump)
        return;
    print_words("r", r, 14);
    print_words("s", fpu, 32);
    line("fpscr", fpu[32]);
    print_words("area", area, AREA / 4);
}

void run(void)
{
    const header *h = (const header *)ENTRIES;
    const uint8_t *at = (const uint8_t *)(h + 1);

    on[SVCALL] = svc;
    enable_fpu();
    for (uint32_t i = 0; i < h->count; i++, at += current->size) {
        current = (const entry *)at;
        if (h->dump && h->dump != current->seed)
            continue;
        run_sequence();
        show(h->dump);
    }
}
