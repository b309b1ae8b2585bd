/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exclusive accesses whose store is in another block than the load, in many
 * shapes: a run that is cut between them, and goes on from a snapshot, must not
 * differ.
 */
#include "cm.h"

static uint32_t cell;

/* Each stores r2 if the monitor is set. They leave the status in r0. */
#define STORE_AND_RETURN                                                       \
    "b 9f\n"                                                                   \
    ".align 2\n"                                                               \
    "9: strex r0, r2, [r1]\n"                                                  \
    "bx lr\n"

#define SHAPE(name, code)                                                      \
    __attribute__((naked, noinline)) static uint32_t name(                     \
        uint32_t value __attribute__((unused)),                                \
        uint32_t *at __attribute__((unused)))                                  \
    {                                                                          \
        __asm__ volatile("mov r2, r0\n" code ::: "memory");                    \
    }

SHAPE(first, "b 1f\n 1: ldrex r3, [r1]\n" STORE_AND_RETURN)
SHAPE(behind, "adds r1, #4\n subs r1, #4\n ldrex r3, [r1]\n cmp r3, #0\n"
              STORE_AND_RETURN)
SHAPE(offset, "subs r1, #8\n ldrex r3, [r1, #8]\n adds r1, #8\n"
              STORE_AND_RETURN)
SHAPE(stored, "push {r4, lr}\n ldrex r3, [r1]\n bl 1f\n"
              "strex r0, r2, [r1]\n pop {r4, pc}\n 1: bx lr\n")
SHAPE(overwritten, "nop\n ldrex r3, [r1]\n movs r3, #5\n" STORE_AND_RETURN)
SHAPE(over_base, "mov r3, r1\n ldrex r3, [r3]\n" STORE_AND_RETURN)
SHAPE(halfword, "nop\n ldrexh r3, [r1]\n b 1f\n 1: strexh r0, r2, [r1]\n"
                "bx lr\n")
SHAPE(byte, "nop\n ldrexb r3, [r1]\n b 1f\n 1: strexb r0, r2, [r1]\n"
            "bx lr\n")
SHAPE(conditional, "cmp r2, #10\n it lt\n ldrexlt r3, [r1]\n"
                   STORE_AND_RETURN)
SHAPE(second_conditional, "cmp r2, #10\n itte lt\n addlt r3, r2, #1\n"
                          "ldrexlt r3, [r1]\n addge r3, r2, #1\n"
                          STORE_AND_RETURN)
SHAPE(cleared, "nop\n ldrex r3, [r1]\n clrex\n" STORE_AND_RETURN)
SHAPE(perhaps_cleared, "nop\n ldrex r3, [r1]\n cmp r2, #10\n it lt\n"
                       "strexlt r0, r2, [r1]\n" STORE_AND_RETURN)
SHAPE(called, "nop\n ldrex r3, [r1]\n svc 0\n" STORE_AND_RETURN)
SHAPE(twice, "ldrex r3, [r1]\n strex r0, r2, [r1]\n ldrex r3, [r1]\n"
             STORE_AND_RETURN)

static void nothing(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
}

static void try(const char *name, uint32_t (*shape)(uint32_t, uint32_t *))
{
    uint32_t failures = 0;

    cell = 0xaabbccdd;
    for (uint32_t i = 0; i < 20; i++)
        failures = failures << 1 | shape(i, &cell);
    line(name, failures);
    line("  cell", cell);
}

void run(void)
{
    on[SVCALL] = nothing;
    try("first", first);
    try("behind", behind);
    try("offset", offset);
    try("stored", stored);
    try("overwritten", overwritten);
    try("over base", over_base);
    try("halfword", halfword);
    try("byte", byte);
    try("conditional", conditional);
    try("second conditional", second_conditional);
    try("cleared", cleared);
    try("perhaps cleared", perhaps_cleared);
    try("called", called);
    try("twice", twice);
}
