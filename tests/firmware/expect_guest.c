/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For tests of expectations, on the board of test_fw_expect.c: a line on the
 * UART, SysTick every millisecond, and a bxCAN that answers each frame with
 * the next identifier and inverted data. The frame 7F0 makes it recurse as deep
 * as its first byte says, 7FF crash.
 */
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

#define UART_TX  REG(0x40000000)
#define CAN(at)  REG(0x40006400 + (at))
#define SYST_CSR REG(0xe000e010)
#define SYST_RVR REG(0xe000e014)
#define NVIC_ISER REG(0xe000e100)

enum { MCR = 0x00, MSR = 0x04, RF0R = 0x0c, IER = 0x14, BTR = 0x1c,
       TI0R = 0x180, RI0R = 0x1b0, DT = 0x4, DL = 0x8, DH = 0xc,
       FMR = 0x200, FS1R = 0x20c, FA1R = 0x21c };
enum { CAN_RX0_IRQ = 20 };

extern uint32_t __stack_top, __data_load, __data_start, __data_end,
    __bss_start, __bss_end;

volatile uint32_t ticks, depth, crash;
uint32_t task_stack[64];

static void put(const char *text)
{
    while (*text)
        UART_TX = (uint8_t)*text++;
}

void systick_handler(void)
{
    ticks++;
}

void can_handler(void)
{
    uint32_t id = CAN(RI0R) >> 21;

    if (id == 0x7f0)
        depth = CAN(RI0R + DL) & 0xff;
    if (id == 0x7ff)
        crash = 1;
    CAN(TI0R + DT) = CAN(RI0R + DT) & 0xf;
    CAN(TI0R + DL) = ~CAN(RI0R + DL);
    CAN(TI0R + DH) = ~CAN(RI0R + DH);
    CAN(TI0R) = (id + 1) << 21 | 1;
    CAN(RF0R) = 1 << 5;
}

/** Uses at least 64 bytes of stack a level. */
__attribute__((noinline)) uint32_t recurse(uint32_t levels)
{
    volatile uint32_t local[16];

    for (unsigned i = 0; i < 16; i++)
        local[i] = levels + 1;
    return levels > 1 ? recurse(levels - 1) + local[3] : local[5];
}

__attribute__((noinline)) void wait_for_interrupt(void)
{
    __asm__ volatile("wfi\n\tnop");
}

int main(void)
{
    CAN(MCR) = 1;
    while (!(CAN(MSR) & 1))
        ;
    CAN(BTR) = 12u << 16 | 1u << 20;
    CAN(FS1R) = 1;
    CAN(FA1R) = 1;
    CAN(FMR) = 0;
    CAN(IER) = 1 << 1;
    CAN(MCR) = 0;
    NVIC_ISER = 1u << CAN_RX0_IRQ;
    SYST_RVR = 7999;
    SYST_CSR = 7;
    task_stack[0] = 0;
    put("ready\n");
    for (;;) {
        wait_for_interrupt();
        if (depth) {
            recurse(depth);
            depth = 0;
            put("back\n");
        }
        if (crash)
            __asm__ volatile("udf #0");
    }
}

void reset_handler(void)
{
    uint32_t *from = &__data_load;

    for (uint32_t *to = &__data_start; to < &__data_end;)
        *to++ = *from++;
    for (uint32_t *to = &__bss_start; to < &__bss_end;)
        *to++ = 0;
    main();
}

void fault(void)
{
    for (;;)
        ;
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
    &__stack_top, reset_handler, fault, fault, fault, fault, fault, 0, 0, 0, 0,
    fault, fault, 0, fault, systick_handler,
    [16 + CAN_RX0_IRQ] = can_handler,
};
