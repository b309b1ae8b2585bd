/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the instruction sequences that a test has put at ENTRIES, and prints a
 * line for each: hashes (FNV-1a) of what it leaves in x0 to x30, the status,
 * the vector registers with FPCR and FPSR, and the area. See tests/sequences.
 *
 * SVC begins a sequence, out of run_sequence, and ends it: the handler
 * exchanges all registers. The area is what run_sequence has on its stack.
 */
#include "a64.h"

#define ENTRIES 0x41000000ul

enum { AREA = 512, SYS_WRITE0 = 4, EC_SVC = 0x15 };

/* As in tests/sequences/sequence.h. */
typedef struct entry {
    u32 size, seed, bases, nzcv, fpcr, fpsr;
    u64 x[31], v[64];
    u32 code[];
} entry;

typedef struct header {
    u32 count;
    u32 dump; /* seed of which all is shown; no other is run then */
} header;

typedef struct vectors_state {
    u64 v[64], fpcr, fpsr;
} vectors_state;

static frame caller, left;
static vectors_state fp __attribute__((aligned(16)));
static u64 area[AREA / 8];
static const entry *current;
static int inside;

void run_sequence(void);
__asm__("run_sequence:\n"
        "sub sp, sp, #512\n"
        "svc #0\n"
        "add sp, sp, #512\n"
        "ret\n");

#define EACH_PAIR(op)                                                          \
    op " q0, q1, [%0]\n" op " q2, q3, [%0, #32]\n" op                          \
       " q4, q5, [%0, #64]\n" op " q6, q7, [%0, #96]\n" op                     \
       " q8, q9, [%0, #128]\n" op " q10, q11, [%0, #160]\n" op                 \
       " q12, q13, [%0, #192]\n" op " q14, q15, [%0, #224]\n" op               \
       " q16, q17, [%0, #256]\n" op " q18, q19, [%0, #288]\n" op               \
       " q20, q21, [%0, #320]\n" op " q22, q23, [%0, #352]\n" op               \
       " q24, q25, [%0, #384]\n" op " q26, q27, [%0, #416]\n" op               \
       " q28, q29, [%0, #448]\n" op " q30, q31, [%0, #480]\n"

static void load_fp(const entry *e)
{
    __asm__ volatile(EACH_PAIR("ldp") : : "r"(e->v));
    WRITE(fpcr, e->fpcr);
    WRITE(fpsr, e->fpsr);
}

static void store_fp(void)
{
    __asm__ volatile(EACH_PAIR("stp") : : "r"(fp.v) : "memory");
    fp.fpcr = READ(fpcr);
    fp.fpsr = READ(fpsr);
}

static u64 next(u64 x) /* xorshift64 */
{
    x ^= x << 13;
    x ^= x >> 7;
    return x ^ x << 17;
}

static void copy(void *to, const void *from, unsigned bytes)
{
    for (unsigned i = 0; i < bytes / 8; i++)
        ((u64 *)to)[i] = ((const u64 *)from)[i];
}

static void begin(frame *f, u64 *sp)
{
    u64 x = current->seed * 0x9e3779b97f4a7c15 | 1;

    for (unsigned i = 0; i < AREA / 8; i++)
        sp[i] = x = next(x);
    for (unsigned i = 0; i < 31; i++)
        f->x[i] = current->x[i] + (current->bases >> i & 1 ? (u64)sp : 0);
    f->elr = (u64)current->code;
    f->spsr = (f->spsr & 0x0fffffff) | current->nzcv;
    load_fp(current);
}

void on_exception(frame *f, unsigned vector)
{
    u64 *sp = (u64 *)((char *)f + sizeof *f); /* a64_start.S pushes this much */

    (void)vector;
    if (esr() >> 26 != EC_SVC) {
        show("esr", esr());
        show("elr", f->elr);
        stop(1);
    }
    if (!inside) {
        copy(&caller, f, sizeof caller);
        begin(f, sp);
    } else {
        store_fp();
        copy(&left, f, sizeof left);
        copy(area, sp, sizeof area);
        copy(f, &caller, sizeof caller);
    }
    inside = !inside;
}

static void write0(const char *text)
{
    register u64 w0 __asm__("x0") = SYS_WRITE0;
    register const char *x1 __asm__("x1") = text;

    __asm__ volatile("hlt #0xf000" : "+r"(w0) : "r"(x1) : "memory");
}

static char *hex(char *to, u64 value, int digits)
{
    while (digits--)
        *to++ = "0123456789abcdef"[value >> 4 * digits & 15];
    return to;
}

static u32 hash(const void *words, unsigned bytes)
{
    u32 h = 2166136261u;

    for (unsigned i = 0; i < bytes; i++)
        h = (h ^ ((const unsigned char *)words)[i]) * 16777619u;
    return h;
}

static void print_hashes(void)
{
    const u32 words[] = { current->seed, hash(left.x, sizeof left.x),
                          (u32)left.spsr, hash(&fp, sizeof fp),
                          hash(area, sizeof area) };
    char text[64], *to = text;

    for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
        to = hex(to, words[i], 8);
        *to++ = ' ';
    }
    to[-1] = '\n';
    *to = '\0';
    write0(text);
}

static void print_words(char name, const u64 *words, unsigned count)
{
    char text[64], *to;

    for (unsigned i = 0; i < count; i++) {
        to = text;
        *to++ = name;
        *to++ = (char)('0' + i / 10);
        *to++ = (char)('0' + i % 10);
        *to++ = ' ';
        to = hex(to, words[i], 16);
        *to++ = '\n';
        *to = '\0';
        write0(text);
    }
}

/* Normal memory, where accesses need not be aligned: the gigabyte of the RAM at
 * its own address. */
static void enable_mmu(void)
{
    static u64 level1[512] __attribute__((aligned(4096)));

    level1[1] = 0x40000000 | 1 << 10 | 1; /* AF, block */
    WRITE(mair_el1, 0xff);
    WRITE(tcr_el1, 32 | 1ul << 23); /* 4 GiB, granule of 4 KiB, no TTBR1 */
    WRITE(ttbr0_el1, level1);
    WRITE(sctlr_el1, READ(sctlr_el1) | 1);
}

int main(void)
{
    const header *h = (const header *)ENTRIES;
    const char *at = (const char *)(h + 1);

    WRITE(cpacr_el1, 3ul << 20);
    enable_mmu();
    for (u32 i = 0; i < h->count; i++, at += current->size) {
        current = (const entry *)at;
        if (h->dump && h->dump != current->seed)
            continue;
        run_sequence();
        print_hashes();
        if (!h->dump)
            continue;
        print_words('x', left.x, 31);
        print_words('v', fp.v, 64); /* halves of the vectors */
        print_words('f', &fp.fpcr, 2);
        print_words('a', area, AREA / 8);
    }
    return 0;
}
