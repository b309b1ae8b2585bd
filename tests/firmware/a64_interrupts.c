/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GICv2, the generic timers and the UART's interrupt: order and masking. */
#include "a64.h"

#define GICD 0x08000000
#define GICC 0x08010000
#define GICD_CTLR       REG32(GICD + 0x000)
#define GICD_TYPER      REG32(GICD + 0x004)
#define GICD_ISENABLER(n) REG32(GICD + 0x100 + 4 * (n))
#define GICD_ICENABLER(n) REG32(GICD + 0x180 + 4 * (n))
#define GICD_ISPENDR(n) REG32(GICD + 0x200 + 4 * (n))
#define GICD_ICPENDR(n) REG32(GICD + 0x280 + 4 * (n))
#define GICD_ISACTIVER(n) REG32(GICD + 0x300 + 4 * (n))
#define GICD_PRIORITY(id) (*(volatile uint8_t *)(u64)(GICD + 0x400 + (id)))
#define GICD_TARGET(id) (*(volatile uint8_t *)(u64)(GICD + 0x800 + (id)))
#define GICD_ICFGR(n)   REG32(GICD + 0xc00 + 4 * (n))
#define GICD_SGIR       REG32(GICD + 0xf00)
#define GICC_CTLR       REG32(GICC + 0x00)
#define GICC_PMR        REG32(GICC + 0x04)
#define GICC_BPR        REG32(GICC + 0x08)
#define GICC_IAR        REG32(GICC + 0x0c)
#define GICC_EOIR       REG32(GICC + 0x10)
#define GICC_RPR        REG32(GICC + 0x14)
#define GICC_HPPIR      REG32(GICC + 0x18)

#define UART_IMSC 0x09000038
#define UART_ICR  0x09000044
#define UART_RIS  0x0900003c

static volatile unsigned nested; /* raise SGI 2 inside of SGI 1 */
static volatile unsigned seen;

void on_exception(frame *f, unsigned vector)
{
    u32 id = GICC_IAR;

    (void)f;
    puts_("vector ");
    put_hex(vector);
    puts_(" irq ");
    put_hex(id);
    show(" running", GICC_RPR);
    seen++;
    if (id == 27)
        WRITE(cntv_ctl_el0, 3);
    if (id == 30)
        WRITE(cntp_ctl_el0, 3);
    if (id == 33) {
        REG32(UART_IMSC) = 0;
        show("  ris", REG32(UART_RIS) & 0x20);
    }
    if (id == 1 && nested) {
        nested = 0;
        GICD_SGIR = 1u << 16 | 2;
        __asm__ volatile("msr daifclr, #2\n nop\n nop\n msr daifset, #2");
        show("  back in", id);
    }
    if (id < 1020)
        GICC_EOIR = id;
}

static void unmask(void)
{
    __asm__ volatile("msr daifclr, #2\n nop\n nop\n msr daifset, #2" : : :
                     "memory");
}

static void sgi(unsigned id)
{
    GICD_SGIR = 1u << 16 | id;
}

int main(void)
{
    u64 start;

    show("typer", GICD_TYPER & 0x4ff);
    show("isenabler0", GICD_ISENABLER(0));
    show("icfgr0", GICD_ICFGR(0));
    show("target0", GICD_TARGET(0));
    GICD_CTLR = 1;
    GICC_CTLR = 1;
    GICC_PMR = 0xf0;
    for (unsigned id = 0; id < 64; id++)
        GICD_PRIORITY(id) = 0xa0;
    GICD_PRIORITY(1) = 0x80;
    GICD_PRIORITY(2) = 0x40;
    GICD_PRIORITY(3) = 0xf0;

    puts_("nothing\n");
    show("iar", GICC_IAR);
    show("rpr", GICC_RPR);
    puts_("one that is masked, then taken\n");
    sgi(5);
    show("hppir", GICC_HPPIR & 0x3ff);
    show("isr", READ(isr_el1));
    show("pending", GICD_ISPENDR(0));
    show("seen", seen);
    unmask();
    show("pending", GICD_ISPENDR(0));
    puts_("two, by priority\n");
    sgi(5);
    sgi(1);
    unmask();
    puts_("nesting\n");
    nested = 1;
    sgi(1);
    unmask();
    puts_("below the mask\n");
    sgi(3);
    unmask();
    show("seen", seen);
    GICC_PMR = 0xff;
    unmask();
    puts_("disabled distributor and CPU interface\n");
    GICD_CTLR = 0;
    sgi(4);
    unmask();
    GICD_CTLR = 1;
    GICC_CTLR = 0;
    unmask();
    GICC_CTLR = 1;
    unmask();

    puts_("virtual timer\n");
    GICD_ISENABLER(0) = 1u << 27 | 1u << 30;
    start = READ(cntvct_el0);
    WRITE(cntv_tval_el0, 6250000);
    WRITE(cntv_ctl_el0, 1);
    show("ctl", READ(cntv_ctl_el0));
    __asm__ volatile("wfi");
    show("late enough", READ(cntvct_el0) - start >= 6250000);
    show("ctl", READ(cntv_ctl_el0));
    show("pending", GICD_ISPENDR(0));
    unmask();
    show("pending", GICD_ISPENDR(0));
    puts_("physical timer, compare value in the past\n");
    WRITE(cntp_cval_el0, 1);
    WRITE(cntp_ctl_el0, 1);
    unmask();
    WRITE(cntp_ctl_el0, 0);
    puts_("a busy loop is interrupted\n");
    seen = 0;
    WRITE(cntv_tval_el0, 500);
    WRITE(cntv_ctl_el0, 1);
    __asm__ volatile("msr daifclr, #2");
    while (!seen)
        ;
    __asm__ volatile("msr daifset, #2");
    WRITE(cntv_ctl_el0, 0);

    puts_("the UART's transmit interrupt\n");
    GICD_TARGET(33) = 1;
    GICD_ISENABLER(1) = 2;
    REG32(UART_IMSC) = 0x20;
    unmask();
    puts_("software makes a shared interrupt pending\n");
    GICD_ISENABLER(1) = 1u << 10;
    GICD_TARGET(42) = 1;
    GICD_ISPENDR(1) = 1u << 10;
    show("pending", GICD_ISPENDR(1) & 1u << 10);
    unmask();
    show("pending", GICD_ISPENDR(1) & 1u << 10);
    show("active", GICD_ISACTIVER(1));
    puts_("group 0 as FIQ is masked by F\n");
    GICC_CTLR = 9;
    sgi(6);
    unmask();
    show("isr", READ(isr_el1));
    __asm__ volatile("msr daifclr, #1\n nop\n nop\n msr daifset, #1");
    show("isr", READ(isr_el1));
    return 0;
}
