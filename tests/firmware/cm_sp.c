/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stack pointers that are given values which are no multiples of 4, in many
 * ways, each with an offset of 0 to 3 bytes.
 */
#include "cm.h"

#define WORDS 16
static uint32_t area[WORDS] __attribute__((aligned(64)));

/* r0 is a place in the area with an offset, and so is r7; r4 has the SP. The
 * code leaves in r0 what is printed: an SP or a word of the area. */
#define SHAPE(name, code)                                                      \
    __attribute__((naked, noinline)) static uint32_t name(                     \
        uint32_t value __attribute__((unused)))                                \
    {                                                                          \
        __asm__ volatile("push {r4, r7, lr}\n"                                 \
                         "mov r4, sp\n"                                        \
                         "mov r7, r0\n" code "mov sp, r4\n"                    \
                         "pop {r4, r7, pc}\n"                                  \
                         ".ltorg\n" ::                                         \
                             : "memory");                                      \
    }

SHAPE(moved, "mov sp, r7\n mov r0, sp\n")
SHAPE(popped, "mov sp, r7\n pop {r0}\n")
SHAPE(popped_twice, "mov sp, r7\n pop {r0, r1}\n mov r0, sp\n")
SHAPE(at_a_block, "b 1f\n 1: mov sp, r7\n pop {r0}\n b 2f\n 2:\n")
SHAPE(added_before, "adds r7, #2\n mov sp, r7\n mov r0, sp\n")
SHAPE(added_four, "adds r7, #4\n mov sp, r7\n pop {r0}\n")
SHAPE(added_after, "movs r0, #3\n mov sp, r7\n add sp, r0\n mov r0, sp\n")
SHAPE(subtracted, "lsls r1, r0, #30\n lsrs r1, r1, #30\n subs r7, r7, r1\n"
                  "mov sp, r7\n add sp, r1\n mov r0, sp\n")
SHAPE(by_msp, "msr msp, r7\n mov r0, sp\n")
SHAPE(by_msp_and_pop, "msr msp, r7\n pop {r0}\n")
SHAPE(by_psp, "mrs r1, psp\n msr psp, r7\n mrs r0, psp\n msr psp, r1\n")
SHAPE(read_as_msp, "mov sp, r7\n mrs r0, msp\n")
SHAPE(branched, "mov sp, r7\n b 1f\n 1: mov r0, sp\n")

#if !V6M
SHAPE(loaded, "ldr r1, =area\n str r7, [r1]\n ldr sp, [r1]\n mov r0, sp\n")
SHAPE(loaded_and_pop, "ldr r1, =area\n str r7, [r1]\n ldr sp, [r1]\n"
                      "pop {r0}\n")
SHAPE(written_back, "bic r7, r7, #3\n mov sp, r7\n ldr r0, [sp], #3\n"
                    "mov r0, sp\n")
SHAPE(conditional, "cmp r7, r7\n itte ne\n movne r7, #8\n movne r7, #4\n"
                   "moveq sp, r7\n mov r0, sp\n")
SHAPE(wide, "sub.w sp, sp, #64\n ands r1, r7, #3\n add.w sp, sp, r1\n"
            "mov r0, sp\n subs r0, r4, r0\n")
#endif

static void try(const char *name, uint32_t (*shape)(uint32_t))
{
    put(name);
    put("\n");
    for (unsigned offset = 0; offset < 4; offset++) {
        uint32_t value;

        for (unsigned i = 0; i < WORDS; i++)
            area[i] = 0x100 * i;
        value = shape((uint32_t)&area[8] + offset);
        if (value - (uint32_t)area < sizeof area)
            line_dec("  area +", value - (uint32_t)area);
        else
            line("  value", value);
    }
}

void run(void)
{
    try("moved", moved);
    try("popped", popped);
    try("popped twice", popped_twice);
    try("at a block", at_a_block);
    try("added before", added_before);
    try("added four", added_four);
    try("added after", added_after);
    try("subtracted", subtracted);
    try("by msp", by_msp);
    try("by msp and pop", by_msp_and_pop);
    try("by psp", by_psp);
    try("read as msp", read_as_msp);
    try("branched", branched);
#if !V6M
    try("loaded", loaded);
    try("loaded and pop", loaded_and_pop);
    try("written back", written_back);
    try("conditional", conditional);
    try("wide", wide);
#endif
}
