/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the tests of images: it is loaded and looked at, never run. It has what
 * a linker makes of firmware: data that is loaded elsewhere than it is used,
 * bytes that are only zeroed, functions without a size, a function that is
 * dropped, and frames of known shape.
 */
#include <stdint.h>

extern uint32_t __stack_top;
void reset_handler(void);

uint32_t counter = 0x12345678; /* in .data */
uint32_t zeroed[64];           /* in .bss */

/*
 * frame_middle: 16 bytes of frame, r4 and lr saved. frame_unknown: a CFA by an
 * expression that begins with DW_OP_push_object_address (0x97). frame_undefined:
 * the return address is undefined: the outermost frame.
 */
__asm__(".cfi_sections .debug_frame\n"
        ".pushsection .text.frames, \"ax\"\n"
        ".syntax unified\n"
        ".thumb\n"
        ".global frame_begin, frame_middle, frame_unknown, frame_undefined\n"
        ".thumb_func\n"
        ".type frame_begin, %function\n"
        "frame_begin:\n"
        ".cfi_startproc\n"
        "    push {r4, lr}\n"
        ".cfi_def_cfa_offset 8\n"
        ".cfi_offset 4, -8\n"
        ".cfi_offset 14, -4\n"
        "    sub sp, #8\n"
        ".cfi_def_cfa_offset 16\n"
        "frame_middle:\n"
        "    nop\n"
        "    add sp, #8\n"
        ".cfi_def_cfa_offset 8\n"
        "    pop {r4, pc}\n"
        ".cfi_endproc\n"
        ".thumb_func\n"
        ".type frame_unknown, %function\n"
        "frame_unknown:\n"
        ".cfi_startproc\n"
        ".cfi_escape 0x0f, 0x03, 0x97, 0x23, 0x08\n"
        "    nop\n"
        "    bx lr\n"
        ".cfi_endproc\n"
        ".thumb_func\n"
        ".type frame_undefined, %function\n"
        "frame_undefined:\n"
        ".cfi_startproc\n"
        ".cfi_undefined 14\n"
        "    nop\n"
        "    bx lr\n"
        ".cfi_endproc\n"
        ".popsection\n");
void frame_begin(void);
void frame_unknown(void);
void frame_undefined(void);

/* Nobody refers to it: the linker drops it, its lines stay. */
void dropped(volatile uint32_t *p)
{
    for (int i = 0; i < 100; i++) {
        p[0] += p[1] * p[2] + p[3];
        p[4] += p[5] * p[6] + p[7];
        p[8] ^= p[9] * p[10] - p[11];
    }
}

static __attribute__((noinline)) void local_function(void)
{
    counter++; /* the line that a test looks for */
}

void default_handler(void)
{
    for (;;)
        ;
}

void line_5_handler(void)
{
    zeroed[5]++;
}

void reset_handler(void)
{
    local_function();
    frame_begin();
    frame_unknown();
    frame_undefined();
    for (;;)
        zeroed[0]++;
}

__attribute__((section(".vectors"), used)) const void *const vectors[16 + 8] = {
    [0] = &__stack_top,          [1] = reset_handler,
    [2] = default_handler,       [3] = default_handler,
    [11] = default_handler,      [14] = default_handler,
    [15] = default_handler,      [16 + 0] = default_handler,
    [16 + 1] = default_handler,  [16 + 2] = default_handler,
    [16 + 3] = default_handler,  [16 + 4] = default_handler,
    [16 + 5] = line_5_handler,   [16 + 6] = default_handler,
    [16 + 7] = default_handler
};
