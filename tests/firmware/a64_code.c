/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rights of pages in all combinations, AT with its result, invalidation of
 * translations, and code that changes with the cache maintenance it needs. */
#include "a64.h"

#define BLOCK 1ul
#define TABLE 3ul
#define PAGE  3ul
#define AF    (1ul << 10)
#define CONTIGUOUS (1ul << 52)
#define WINDOW 0x80000000ul
#define RET   0xd65f03c0u
#define MOVZ(value) (0xd2800000u | (value) << 5) /* movz x0, #value */

static u64 level1[512] __attribute__((aligned(4096)));
static u64 level2[512] __attribute__((aligned(4096)));
static u64 level3[512] __attribute__((aligned(4096)));
static u32 code[1024] __attribute__((aligned(4096)));

void on_exception(frame *f, unsigned vector)
{
    u64 syndrome = esr();
    unsigned ec = syndrome >> 26;

    puts_(" at ");
    put_hex(vector);
    puts_(" esr ");
    put_hex(syndrome);
    show(" far", far_());
    f->elr = ec == 0x21 ? f->x[30] : f->elr + 4;
}

static void tlbi_all(void)
{
    __asm__ volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb" : : : "memory");
}

static u64 call(u64 at)
{
    register u64 result __asm__("x0") = 0;

    __asm__ volatile("blr %1" : "+r"(result) : "r"(at) : "x30", "memory");
    return result;
}

#define AT(op, addr)                                                           \
    ({                                                                         \
        __asm__ volatile("at " op ", %0\n isb" : : "r"((u64)(addr)));          \
        READ(par_el1);                                                         \
    })

static void put_par(u64 par)
{
    puts_(" ");
    put_hex(par & 0x7f);
}

/** AF, AP, PXN and UXN of a page: what EL1 and EL0 may do there. */
static void page_with(unsigned bits)
{
    u64 desc = (u64)code | PAGE | (u64)(bits & 3) << 6 | (bits & 4 ? AF : 0) |
               (u64)(bits >> 3 & 3) << 53;

    level3[0] = desc;
    tlbi_all();
    puts_("page ");
    put_hex(bits);
    put_par(AT("s1e1r", WINDOW + 0x10));
    put_par(AT("s1e1w", WINDOW + 0x10));
    put_par(AT("s1e0r", WINDOW + 0x10));
    put_par(AT("s1e0w", WINDOW + 0x10));
    puts_("\n");
    (void)*(volatile u32 *)(WINDOW + 0x10);
    *(volatile u32 *)(WINDOW + 0x10) = 1;
    call(WINDOW);
}

static void maintain(u64 at)
{
    __asm__ volatile("dc cvau, %0\n dsb ish\n ic ivau, %0\n dsb ish\n isb" : :
                     "r"(at) : "memory");
}

static void code_changes(void)
{
    volatile u32 *alias = (volatile u32 *)(WINDOW + 0x1000);

    level3[0] = (u64)code | PAGE | AF;
    level3[1] = (u64)code | PAGE | AF | 3ul << 53;
    tlbi_all();
    puts_("code that changes\n");
    show("  first", call(WINDOW));
    alias[0] = MOVZ(2);
    maintain(WINDOW);
    show("  ic ivau", call(WINDOW));
    alias[0] = MOVZ(3);
    maintain(WINDOW + 0x1000);
    show("  ic ivau at an alias", call(WINDOW));
    alias[0] = MOVZ(4);
    __asm__ volatile("dc cvau, %0\n dsb ish\n ic iallu\n dsb ish\n isb" : :
                     "r"(alias) : "memory");
    show("  ic iallu", call(WINDOW));
    alias[0] = MOVZ(5);
    __asm__ volatile("dc cvau, %0\n dsb ish\n ic ialluis\n dsb ish\n isb" : :
                     "r"(alias) : "memory");
    show("  ic ialluis", call(WINDOW));
    for (unsigned n = 0; n < 100; n++) {
        alias[0] = MOVZ(n);
        maintain((u64)alias);
        if (call(WINDOW) != n)
            show("  stale", n);
    }
}

#define TLBI(op)                                                               \
    do {                                                                       \
        level3[2] = (u64)code | PAGE | AF;                                     \
        tlbi_all();                                                            \
        (void)*(volatile u32 *)(WINDOW + 0x2000);                              \
        level3[2] = 0;                                                         \
        __asm__ volatile("dsb ish\n tlbi " op "\n dsb ish\n isb" : :           \
                         "r"((WINDOW + 0x2000) >> 12) : "memory");             \
        puts_(op "\n");                                                        \
        (void)*(volatile u32 *)(WINDOW + 0x2000);                              \
    } while (0)

int main(void)
{
    level1[0] = BLOCK | AF | 1 << 2;
    level1[1] = 0x40000000 | BLOCK | AF;
    level1[2] = (u64)level2 | TABLE;
    level2[0] = (u64)level3 | TABLE;
    code[0] = MOVZ(1);
    code[1] = RET;
    WRITE(mair_el1, 0x00ff);
    WRITE(tcr_el1, 25 | 1ul << 23 | 2ul << 32);
    WRITE(ttbr0_el1, level1);
    tlbi_all();
    WRITE(sctlr_el1, READ(sctlr_el1) | 1);

    for (unsigned bits = 0; bits < 32; bits++)
        page_with(bits);
    code_changes();
    TLBI("vmalle1is");
    TLBI("vae1, %0");
    TLBI("vae1is, %0");
    TLBI("vale1, %0");
    TLBI("vaale1is, %0");
    TLBI("vaae1is, %0");
    TLBI("aside1, xzr");
    puts_("contiguous\n");
    for (unsigned n = 0; n < 16; n++)
        level3[16 + n] = ((u64)code & ~0xfffful) + n * 4096 + (PAGE | AF | CONTIGUOUS);
    tlbi_all();
    show("  par", AT("s1e1r", WINDOW + 0x1f123) - ((u64)code & ~0xfffful) - 0xf000);
    return 0;
}
