/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces of code for tests/test_infer_look.c. Each begins with the read that
 * is looked ahead from:
 *
 *     r1 the register, r2 another one of its peripheral, r3 a word in RAM,
 *     r4 zero, lr `caller`
 *
 * A piece that gets on branches to `done`.
 */
    .syntax unified
    .cpu cortex-m4
    .section .vectors, "ax"
    .word 0x20004000
    .word reset_handler + 1

    .macro snippet name
    .balign 4
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .endm

snippet reset_handler
snippet done                    /* LIMIT: goes on */
    adds r7, #1
    b done

snippet caller                  /* LR of all pieces follows a call */
    bl done
snippet returned_to
    b done

/* Polls */
snippet poll_set
    ldr r0, [r1]
    tst r0, #0x20
    beq poll_set
    b done

snippet poll_clear
    ldr r0, [r1]
    lsls r0, r0, #28            /* C: bit 4 */
    bcs poll_clear
    b done

snippet poll_sign
    ldr r0, [r1]
    cmp r0, #0
    bge poll_sign
    b done

snippet poll_field
    ldr r0, [r1]
    and r0, r0, #3
    cmp r0, #2
    bne poll_field
    b done

snippet poll_shifted
    ldr r0, [r1]
    lsrs r0, r0, #12
    and r0, r0, #7
    cmp r0, #5
    bne poll_shifted
    b done

snippet poll_ubfx
    ldr r0, [r1]
    ubfx r0, r0, #9, #4
    cmp r0, #11
    bne poll_ubfx
    b done

snippet poll_byte
    ldrb r0, [r1]
    cmp r0, #0x41
    bne poll_byte
    b done

snippet poll_cbz
    ldr r0, [r1]
    and r0, r0, #0x100
    cbz r0, 1f
    b done
1:  b poll_cbz

snippet poll_inverted
    ldr r0, [r1]
    mvns r0, r0
    tst r0, #0x8
    bne poll_inverted           /* until bit 3 is set */
    b done

snippet poll_two                /* both registers, until bit 0 of the first */
    ldr r0, [r1]
    ldr r5, [r2]
    lsls r0, r0, #31
    bne done
    lsls r5, r5, #31
    beq poll_two
    b done

snippet poll_above              /* until the field is at least 6 */
    ldr r0, [r1]
    ubfx r0, r0, #4, #4
    cmp r0, #6
    blo poll_above
    b done

snippet poll_spread             /* bits 1 and 9 go through memory and back */
    ldr r0, [r1]
    sub sp, #8
    str r0, [sp, #4]
    ldrb r5, [sp, #5]
    ldrb r6, [sp, #4]
    add sp, #8
    ands r5, r6
    tst r5, #2
    beq poll_spread
    b done

snippet poll_it                 /* a choice without a branch */
    ldr r0, [r1]
    tst r0, #0x40
    ite eq
    moveq r5, #0
    movne r5, #1
    cmp r5, #0
    beq poll_it
    b done

snippet poll_twice              /* write in between: no spin */
    ldr r0, [r1]
    tst r0, #1
    bne done
    str r4, [r2]
    b poll_twice

snippet set_then_clear          /* no value can be right in both places */
    ldr r0, [r1]
    tst r0, #4
    beq set_then_clear
1:  ldr r0, [r1]
    tst r0, #4
    bne 1b
    b done

/* Time-outs */
snippet timeout_register
    movw r5, #5000
1:  ldr r0, [r1]
    tst r0, #2
    bne done
    subs r5, #1
    bne 1b
    b dead

snippet timeout_stack
    movw r5, #5000
    push {r5}
1:  ldr r0, [r1]
    tst r0, #2
    bne done
    ldr r5, [sp]
    subs r5, #1
    str r5, [sp]
    bne 1b
    b dead

snippet few_samples             /* three reads, whatever they are */
    movs r5, #3
1:  ldr r0, [r1]
    tst r0, #2
    it ne
    addne r6, #1
    subs r5, #1
    bne 1b
    b done

snippet drained                 /* reads that are not tested */
    movs r5, #200
1:  ldr r0, [r1]
    subs r5, #1
    bne 1b
    b done

/* Ends */
snippet dead
    b dead

snippet error_if_set
    ldr r0, [r1]
    tst r0, #0x10
    beq done
    bl error_handler
    b done

snippet error_handler
    cpsid i
1:  b 1b

snippet idle_end                /* main returns, and all is done */
    ldr r0, [r1]
    tst r0, #1
    beq 1f
    bx lr
1:  b dead

snippet idle_caller_call
    bl done
snippet idle_caller
    b idle_caller

snippet sleeps
    ldr r0, [r1]
    wfi
    b done

snippet breaks
    ldr r0, [r1]
    cbz r0, 1f
    b done
1:  bkpt #0

snippet faults
    ldr r0, [r1]
    cbz r0, 1f
    b done
1:  udf #0

snippet resets
    ldr r0, [r1]
    cbz r0, 1f
    b done
1:  ldr r5, =0xe000ed0c
    ldr r6, =0x05fa0004
    str r6, [r5]
    b done

snippet waits_for_ram
    ldr r0, [r1]
    tst r0, #1
    bne done
1:  ldr r0, [r3]
    cmp r0, #0
    beq 1b
    b done

snippet wild
    ldr r0, [r1]
    tst r0, #1
    bne done
    ldr r5, =0xa0000000
    ldr r0, [r5]
    b done

snippet handler_exit
    ldr r0, [r1]
    tst r0, #4
    beq 1f
    str r4, [r2]
1:  bx lr

snippet lacks                   /* the interpreter has no QADD */
    ldr r0, [r1]
    tst r0, #1
    bne done
snippet lacking
    qadd r0, r0, r0
    b done

/* Choices */
snippet table                   /* bits 4 to 6: 0 to 3, else dead */
    ldr r0, [r1]
    ubfx r0, r0, #4, #3
    cmp r0, #3
    bhi dead
    tbb [pc, r0]
1:  .byte (2f - 1b) / 2, (3f - 1b) / 2, (4f - 1b) / 2, (5f - 1b) / 2
2:  movs r5, #0
    b done
3:  movs r5, #1
    b done
4:  movs r5, #2
    b done
5:  movs r5, #3
    b done

snippet table_of_addresses      /* the low byte: 0 to 2, else dead */
    ldrb r0, [r1]
    cmp r0, #2
    bhi dead
    adr r5, 1f
    ldr pc, [r5, r0, lsl #2]
    .balign 4
1:  .word done, error_handler, done

snippet table_from_one          /* case 1 to case 3: (uint8_t)(x - 1) < 3 */
    ldr r0, [r1]
    subs r0, #1
    uxtb r0, r0
    cmp r0, #2
    bhi dead
    b done

snippet status_word             /* each bit has a branch of its own */
    ldr r0, [r1]
    lsls r5, r0, #31
    bmi done
    lsls r5, r0, #22
    bmi done
    tst r0, #0x40000
    bne done
    b dead

snippet independent_bits        /* three decisions that do not matter */
    ldr r0, [r1]
    movs r5, #0
    tst r0, #1
    it ne
    addne r5, #1
    tst r0, #2
    it ne
    addne r5, #1
    tst r0, #4
    it ne
    addne r5, #1
    b done

snippet two_bits_together       /* until bits 0 and 1 are set */
    ldr r0, [r1]
    movs r5, #0
    tst r0, #1
    it ne
    addne r5, #1
    tst r0, #2
    it ne
    addne r5, #1
    cmp r5, #2
    bne two_bits_together
    b done

/* What becomes of the value */
snippet modifies
    ldr r0, [r1]
    orr r0, r0, #0x80
    bic r0, r0, #0x3
    str r0, [r1]
    b done

snippet acknowledges
    ldr r0, [r1]
    tst r0, #0x30
    beq done
    movs r5, #0x30
    str r5, [r1]
    b done

snippet modifies_and_waits      /* RMW, and bit 17 must follow */
    ldr r0, [r1]
    orr r0, r0, #0x10000
    str r0, [r1]
1:  ldr r0, [r1]
    tst r0, #0x20000
    beq 1b
    b done

snippet receives
    ldrb r0, [r1]
    str r0, [r3]
    b done

snippet returns_value
    ldrb r0, [r1]
    bx lr

snippet indexes
    ldr r0, [r1]
    and r0, r0, #3
    ldr r5, [r3, r0, lsl #2]
    b done

snippet register_written        /* what a path writes it reads back */
    ldr r0, [r1]
    movs r5, #0x55
    str r5, [r2]
    ldr r6, [r2]
    cmp r6, #0x55
    bne dead
    b done

snippet memory_written
    ldr r0, [r1]
    movs r5, #0x77
    strb r5, [r3, #1]
    ldr r6, [r3]
    lsrs r6, r6, #8
    uxtb r6, r6
    cmp r6, #0x77
    bne dead
    b done
