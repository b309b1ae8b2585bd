/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel of two tasks with stacks of their own, switched by PendSV: one waits
 * for a semaphore that the handler of a radio gives, the other idles. The tick
 * ends waits that take too long.
 */
#include "inf.h"

enum { RADIO = 0x44000000, LINE = 7, STACK = 128, FOREVER = 0x7fffffff };
#define CMD REG(RADIO + 0x00)
#define STATE REG(RADIO + 0x04)
#define IRQ_MASK REG(RADIO + 0x10)
#define IRQ_FLAGS REG(RADIO + 0x14)
#define PACKET REG(RADIO + 0x20)
#define ICSR REG(0xe000ed04)

enum {
    CMD_ON = 1,
    CMD_LISTEN = 3,
    STATE_OFF = 0,
    STATE_IDLE = 2,
    STATE_LISTENING = 5,
    PACKET_RECEIVED = BIT(9),
    PENDSVSET = BIT(28)
};

typedef struct task {
    uint32_t *sp;
    uint32_t wake;
    bool waits;
} task;

/* The third stack takes what is kept of main, which never goes on. */
static uint32_t stacks[3][STACK];
static task tasks[2], boot;
static task *volatile current;
static volatile unsigned semaphore;
static volatile uint32_t packets;

/** The next task to run: the one that works, unless it waits. */
__attribute__((used)) static uint32_t *schedule(uint32_t *sp)
{
    current->sp = sp;
    if (semaphore || (int32_t)(ticks - tasks[0].wake) > 0)
        tasks[0].waits = false;
    current = tasks[0].waits ? &tasks[1] : &tasks[0];
    return current->sp;
}

__attribute__((naked)) void pendsv(void)
{
    __asm__ volatile("mrs r0, psp\n"
                     "stmdb r0!, {r4-r11, lr}\n"
                     "bl schedule\n"
                     "ldmia r0!, {r4-r11, lr}\n"
                     "msr psp, r0\n"
                     "bx lr\n");
}

static void yield(void)
{
    ICSR = PENDSVSET;
    __asm__ volatile("dsb\n isb" ::: "memory");
}

void irq7(void)
{
    uint32_t flags = IRQ_FLAGS & IRQ_MASK;

    IRQ_FLAGS = flags;
    if (flags & PACKET_RECEIVED) {
        semaphore++;
        yield();
    }
}

static bool semaphore_take(uint32_t patience)
{
    bool taken;

    __asm__ volatile("cpsid i" ::: "memory");
    if (!semaphore) {
        tasks[0].wake = ticks + patience;
        tasks[0].waits = true;
        ICSR = PENDSVSET;
    }
    __asm__ volatile("cpsie i\n isb" ::: "memory");
    __asm__ volatile("cpsid i" ::: "memory");
    taken = semaphore > 0;
    semaphore -= taken;
    __asm__ volatile("cpsie i" ::: "memory");
    return taken;
}

static void radio_enter(uint32_t command, uint32_t state)
{
    CMD = command;
    while ((STATE & 7) != state)
        ;
}

static void work(void)
{
    static volatile uint32_t sum;

    radio_enter(CMD_ON, STATE_IDLE);
    IRQ_MASK = PACKET_RECEIVED;
    irq_enable(LINE);
    radio_enter(CMD_LISTEN, STATE_LISTENING);
    while (packets < 4)
        if (semaphore_take(FOREVER)) {
            sum += PACKET;
            packets++;
        }
    done();
    for (;;)
        if (semaphore_take(20))
            sum += PACKET;
}

static void idle(void)
{
    for (;;)
        sleep();
}

/** What PendSV finds on the stack of a task that has not run. */
static void task_new(task *t, uint32_t *stack, void (*entry)(void))
{
    uint32_t *sp = stack + STACK;

    *--sp = BIT(24);
    *--sp = (uint32_t)(uintptr_t)entry & ~1u;
    sp -= 6;
    *--sp = 0xfffffffd;
    t->sp = sp - 8;
}

int main(void)
{
    task_new(&tasks[0], stacks[0], work);
    task_new(&tasks[1], stacks[1], idle);
    REG(0xe000ed20) = 0xff << 16; /* SHPR3: PendSV comes last */
    ticks_start();
    current = &boot;
    __asm__ volatile("msr psp, %0" ::"r"(stacks[2] + STACK));
    yield();
    failed();
}
