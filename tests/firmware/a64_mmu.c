/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Translation: granule of 4 KiB, both halves, faults of each kind and level. */
#include "a64.h"

#define TABLE 3ul
#define BLOCK 1ul
#define PAGE  3ul
#define AF    (1ul << 10)
#define USER  (1ul << 6)
#define RO    (1ul << 7)
#define UXN   (1ul << 54)
#define PXN   (1ul << 53)
#define NORMAL (0ul << 2)
#define DEVICE (1ul << 2)

static u64 level1[512] __attribute__((aligned(4096)));
static u64 level2[512] __attribute__((aligned(4096)));
static u64 level3[512] __attribute__((aligned(4096)));
static u64 upper1[512] __attribute__((aligned(4096)));
static u64 data[1024] __attribute__((aligned(4096)));

void on_exception(frame *f, unsigned vector)
{
    u64 syndrome = esr();
    unsigned ec = syndrome >> 26;

    puts_("vector ");
    put_hex(vector);
    puts_(" esr ");
    put_hex(syndrome);
    if (ec != 0x15)
        show(" far", far_());
    else
        puts_("\n");
    if (ec == 0x15) {
        f->spsr = 5;
        f->elr = f->x[19];
    } else if (ec == 0x20 || ec == 0x21) {
        f->elr = f->x[30];
        f->spsr = 5;
    } else {
        f->elr += 4;
    }
}

static void tlbi(void)
{
    __asm__ volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb" : : : "memory");
}

#define BASE 0x80000000ul /* level 2 table at this gigabyte */
#define WINDOW BASE       /* level 3 table at its first 2 MiB */

static volatile u32 *at(u64 page)
{
    return (volatile u32 *)(WINDOW + page * 4096 + 16);
}

static __attribute__((noinline)) void jump(u64 to)
{
    __asm__ volatile("blr %0" : : "r"(to) : "x30", "memory");
}

static __attribute__((noinline)) void user_at(u64 entry)
{
    WRITE(sp_el0, WINDOW + 3 * 4096 + 0x20);
    WRITE(elr_el1, entry);
    WRITE(spsr_el1, 0x3c0);
    __asm__ volatile("adr x19, 1f\n mov x30, x19\n eret\n1:" : : :
                     "x0", "x1", "x2", "x3", "x19", "x30", "memory", "cc");
}

int main(void)
{
    volatile u32 sink;
    u64 *code = data + 512;

    /* At EL1 and EL0: devices, RAM, and a gigabyte of windows. */
    level1[0] = 0 | BLOCK | AF | DEVICE | UXN | PXN;
    level1[1] = 0x40000000 | BLOCK | AF | NORMAL;
    level1[2] = (u64)level2 | TABLE;
    level2[0] = (u64)level3 | TABLE;
    level2[1] = 0x40000000 | BLOCK | NORMAL; /* no access flag */
    level2[2] = 0x40000000 | BLOCK | AF | NORMAL | RO;
    level3[0] = (u64)data | PAGE | AF | NORMAL;
    level3[1] = (u64)data | PAGE | AF | NORMAL | RO;
    level3[2] = (u64)data | PAGE | NORMAL;
    level3[3] = (u64)data | PAGE | AF | NORMAL | PXN | UXN;
    level3[4] = 0x0b000000 | PAGE | AF | NORMAL; /* nobody is there */
    level3[5] = (u64)data | 1 | AF; /* not a page: reserved */
    level3[6] = (u64)code | PAGE | AF | NORMAL | USER | RO | PXN;
    level3[7] = (u64)data | PAGE | AF | NORMAL | USER;
    upper1[0] = (u64)level2 | TABLE;
    ((u32 *)code)[0] = 0xd4000ee1; /* svc #0x77 */
    ((u32 *)code)[2] = 0xf85f83e0; /* ldur x0, [sp, #-8] */
    ((u32 *)code)[3] = 0xd4000ee1;
    data[0] = 0x1111;
    data[2] = 0x2222;
    ((u32 *)data)[1] = 0xd65f03c0; /* ret */

    WRITE(mair_el1, 0x00ff);
    WRITE(tcr_el1, 25 | 25 << 16 | 2ul << 30 | 2ul << 32);
    WRITE(ttbr0_el1, level1);
    WRITE(ttbr1_el1, upper1);
    tlbi();
    WRITE(sctlr_el1, READ(sctlr_el1) | 1);
    puts_("on\n");

    show("page", *at(0));
    *at(0) = 0x3333;
    show("through the other page", *at(1));
    puts_("read only\n");
    *at(1) = 1;
    puts_("access flag, level 3 and 2\n");
    sink = *at(2);
    sink = *(volatile u32 *)(BASE + 0x200000);
    puts_("invalid, level 3, 2, 1 and 0\n");
    sink = *at(9);
    *at(9) = 1;
    sink = *(volatile u32 *)(BASE + 0x10000000 + 4);
    sink = *(volatile u32 *)(0xc0000008ul);
    sink = *(volatile u32 *)(0x0001000000000000ul);
    puts_("reserved descriptor\n");
    sink = *at(5);
    puts_("nobody there\n");
    sink = *at(4);
    puts_("read only block\n");
    *(volatile u32 *)(BASE + 0x400000 + 0x100000) = 1;
    puts_("execute\n");
    jump(WINDOW + 4);
    puts_("execute never\n");
    jump(WINDOW + 3 * 4096 + 4);
    puts_("what EL0 may write\n");
    jump(WINDOW + 7 * 4096 + 4);
    puts_("upper half\n");
    show("page", *(volatile u32 *)(0xffffff8000000000ul + 16));
    sink = *(volatile u32 *)(0xffffff8040000000ul);
    sink = *(volatile u32 *)(0xfffffe8000000000ul);
    puts_("user\n");
    user_at(WINDOW + 6 * 4096);
    puts_("user, privileged data\n");
    user_at(WINDOW + 6 * 4096 + 8);
    puts_("mapped anew\n");
    level3[9] = (u64)data | PAGE | AF | NORMAL;
    tlbi();
    show("page", *at(9));
    level3[0] = (u64)code | PAGE | AF | NORMAL;
    __asm__ volatile("dsb sy\n tlbi vaae1, %0\n dsb sy\n isb" : :
                     "r"(WINDOW >> 12) : "memory");
    show("page", *(volatile u32 *)WINDOW);
    puts_("pair across the end of a page\n");
    level3[10] = 0;
    __asm__ volatile("ldp x2, x3, [%0]" : : "r"(WINDOW + 10 * 4096 - 8) :
                     "x2", "x3");
    puts_("at\n");
    __asm__ volatile("at s1e1r, %0\n isb" : : "r"(WINDOW + 4096 + 0x123));
    show("par", (READ(par_el1) & 0xfffffffff001) - (u64)data);
    WRITE(sctlr_el1, READ(sctlr_el1) & ~1ul);
    puts_("off\n");
    (void)sink;
    return 0;
}
