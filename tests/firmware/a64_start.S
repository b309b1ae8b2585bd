/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Start-up and exception vectors of the AArch64 guests, at any level. */
    .section .text.start, "ax"
    .global _start
_start:
    adrp    x0, stack_top
    add     x0, x0, :lo12:stack_top
    mov     sp, x0
    adrp    x1, vectors
    add     x1, x1, :lo12:vectors
    mrs     x2, CurrentEL
    cmp     x2, #(2 << 2)
    b.eq    2f
    b.gt    3f
    msr     vbar_el1, x1
    b       4f
2:  msr     vbar_el2, x1
    b       4f
3:  msr     vbar_el3, x1
4:  isb
    bl      main
    mov     w0, #0
    b       stop

    .macro  entry number
    .balign 0x80
    sub     sp, sp, #272
    stp     x0, x1, [sp]
    mov     x1, #\number
    b       common
    .endm

    .balign 0x800
    .global vectors
vectors:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    entry \n
    .endr

    .macro  banked op, level
    .ifc    \op, save
    mrs     x2, elr_el\level
    mrs     x3, spsr_el\level
    .else
    msr     elr_el\level, x2
    msr     spsr_el\level, x3
    .endif
    .endm

common:
    stp     x2, x3, [sp, #16]
    stp     x4, x5, [sp, #32]
    stp     x6, x7, [sp, #48]
    stp     x8, x9, [sp, #64]
    stp     x10, x11, [sp, #80]
    stp     x12, x13, [sp, #96]
    stp     x14, x15, [sp, #112]
    stp     x16, x17, [sp, #128]
    stp     x18, x19, [sp, #144]
    stp     x20, x21, [sp, #160]
    stp     x22, x23, [sp, #176]
    stp     x24, x25, [sp, #192]
    stp     x26, x27, [sp, #208]
    stp     x28, x29, [sp, #224]
    str     x30, [sp, #240]
    mrs     x4, CurrentEL
    cmp     x4, #(2 << 2)
    b.eq    2f
    b.gt    3f
    banked  save, 1
    b       4f
2:  banked  save, 2
    b       4f
3:  banked  save, 3
4:  stp     x2, x3, [sp, #248]
    mov     x0, sp
    bl      on_exception
    ldp     x2, x3, [sp, #248]
    mrs     x4, CurrentEL
    cmp     x4, #(2 << 2)
    b.eq    2f
    b.gt    3f
    banked  load, 1
    b       4f
2:  banked  load, 2
    b       4f
3:  banked  load, 3
4:  ldr     x30, [sp, #240]
    ldp     x28, x29, [sp, #224]
    ldp     x26, x27, [sp, #208]
    ldp     x24, x25, [sp, #192]
    ldp     x22, x23, [sp, #176]
    ldp     x20, x21, [sp, #160]
    ldp     x18, x19, [sp, #144]
    ldp     x16, x17, [sp, #128]
    ldp     x14, x15, [sp, #112]
    ldp     x12, x13, [sp, #96]
    ldp     x10, x11, [sp, #80]
    ldp     x8, x9, [sp, #64]
    ldp     x6, x7, [sp, #48]
    ldp     x4, x5, [sp, #32]
    ldp     x2, x3, [sp, #16]
    ldp     x0, x1, [sp]
    add     sp, sp, #272
    eret

/* stop(code): SYS_EXIT with ADP_Stopped_ApplicationExit */
    .global stop
stop:
    mov     w1, w0
    adrp    x2, exit_block
    add     x2, x2, :lo12:exit_block
    movz    x3, #0x26
    movk    x3, #2, lsl #16
    stp     x3, x1, [x2]
    mov     x1, x2
    mov     w0, #0x18
    hlt     #0xf000
    b       .

    .bss
    .balign 16
exit_block:
    .skip   16
    .balign 4096
    .skip   16384
    .global stack_top
stack_top:
