/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers of the system control space: reset values and what can be written;
 * VTOR; exclusive accesses across exceptions; bit-banding.
 */
#include "cm.h"

static void show(const char *name, uint32_t address)
{
    line(name, REG(address));
}

static void writable(const char *name, uint32_t address, uint32_t value)
{
    uint32_t old = REG(address);

    REG(address) = value;
    line(name, REG(address));
    REG(address) = old;
}

static void registers(void)
{
    show("cpuid", 0xe000ed00);
    show("icsr", 0xe000ed04);
    line("aircr", AIRCR & 0xffff8700);
    show("scr", 0xe000ed10);
    show("ccr", 0xe000ed14);
    writable("scr", 0xe000ed10, 0x16);
    writable("shpr2", 0xe000ed1c, 0xffffffff);
    writable("shpr3", 0xe000ed20, 0xffffffff);
    writable("syst_csr", 0xe000e010, 0x00010006);
    writable("syst_rvr", 0xe000e014, 0xff123456);
    writable("ipr0", 0xe000e400, 0xffffffff);
    REG(0xe000e100) = 0xffffffff;
    show("iser0", 0xe000e100);
    REG(0xe000e180) = 0x0000ffff;
    show("iser0", 0xe000e180);
    REG(0xe000e180) = 0xffffffff;
#if !V6M
    show("mpu_type", 0xe000ed90);
    writable("shcsr", 0xe000ed24, 0x00070000);
    writable("shpr1", 0xe000ed18, 0xffffffff);
    writable("ccr", 0xe000ed14, 0x0000031b);
    REG8(0xe000ed1f) = 0x40;
    line("shpr2 by bytes", REG(0xe000ed1c));
    line("  byte", REG8(0xe000ed1f));
    REG8(0xe000ed1f) = 0;
    REG8(0xe000e405) = 0x60;
    line("ipr1 by bytes", REG(0xe000e404));
    REG8(0xe000e405) = 0;
#endif
}

static void system_irq(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    line("exception", READ_SPECIAL("ipsr"));
}

#if V6M
enum { TABLE_ALIGNMENT = 256 };
#else
enum { TABLE_ALIGNMENT = 512 };
#endif

#ifdef HAS_VTOR
static void irq(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    put("irq\n");
}

static uint32_t table[IRQ0 + 32] __attribute__((aligned(TABLE_ALIGNMENT)));

__attribute__((naked)) static void moved(void)
{
    __asm__ volatile("push {r4, lr}\n"
                     "ldr r0, =moved_text\n"
                     "bl put\n"
                     "pop {r4, pc}\n"
                     ".ltorg\n");
}

const char moved_text[] = "from the moved table\n";

static void vector_table(void)
{
    uint32_t old = VTOR;
    const uint32_t *vectors = (const uint32_t *)old;

    for (unsigned i = 0; i < sizeof table / sizeof *table; i++)
        table[i] = vectors[i];
    table[IRQ0 + 5] = (uint32_t)moved;
    VTOR = (uint32_t)table;
    barrier();
    line_dec("vtor is back", VTOR == (uint32_t)table);
    NVIC_ISER(0) = 1u << 5 | 1u << 6;
    on[IRQ0 + 5] = on[IRQ0 + 6] = irq;
    NVIC_ISPR(0) = 1u << 5;
    barrier();
    NVIC_ISPR(0) = 1u << 6;
    barrier();
    VTOR = old;
    barrier();
    NVIC_ISPR(0) = 1u << 5;
    barrier();
    NVIC_ICER(0) = ~0u;
}
#endif

#if !V6M
static uint32_t word;

static uint32_t store_exclusive(uint32_t value)
{
    uint32_t failed;

    __asm__ volatile("strex %0, %1, [%2]"
                     : "=&r"(failed)
                     : "r"(value), "r"(&word)
                     : "memory");
    return failed;
}

static void load_exclusive(void)
{
    uint32_t value;

    __asm__ volatile("ldrex %0, [%1]" : "=r"(value) : "r"(&word) : "memory");
}

static void exclusive(void)
{
    on[SVCALL] = system_irq;
    load_exclusive();
    line_dec("strex failed", store_exclusive(1));
    line_dec("again", store_exclusive(2));
    load_exclusive();
    __asm__ volatile("clrex" ::: "memory");
    line_dec("after clrex", store_exclusive(3));
    load_exclusive();
    __asm__ volatile("svc 0" ::: "memory");
    line_dec("after an exception", store_exclusive(4));
    load_exclusive();
    ICSR = 1u << 28;
    barrier();
    line_dec("after pendsv", store_exclusive(5));
    line_dec("word", word);
}
#endif

#ifdef HAS_BITBAND
static void bit_band(void)
{
    static volatile uint32_t target;
    uint32_t offset = (uint32_t)&target - 0x20000000;
    volatile uint32_t *bits = (uint32_t *)(0x22000000 + offset * 32);

    target = 0;
    bits[0] = 1;
    bits[9] = 0xffffffff;
    bits[31] = 3;
    line("bits set", target);
    bits[31] = 2;
    line("bit cleared", target);
    line_dec("bit 9", bits[9]);
    line_dec("bit 10", bits[10]);
    *(volatile uint8_t *)&bits[20] = 1;
    line("by a byte", target);
    line_dec("  read", *(volatile uint8_t *)&bits[20]);
}
#endif

static void system_pending(void)
{
    on[PENDSV] = on[SYSTICK] = on[NMI] = system_irq;
    ICSR = 1u << 28;
    barrier();
    ICSR = 1u << 26;
    barrier();
    ICSR = 1u << 31;
    barrier();
}

void run(void)
{
    registers();
    system_pending();
#ifdef HAS_VTOR
    vector_table();
#endif
#if !V6M
    exclusive();
#endif
#ifdef HAS_BITBAND
    bit_band();
#endif
}
