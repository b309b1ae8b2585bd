/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unwinding of 32-bit Arm frames, from .debug_frame or .eh_frame.
 *
 * Source: DWARF 5, sections 2.5 and 6.4; DWARF for the Arm Architecture (IHI
 * 0040), section 4.1: registers 0 to 15 are r0 to r15.
 */
#include "image/dwarf.h"

#include <stdlib.h>
#include <string.h>

static uint32_t get_word(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

/*
 * An entry is its length, the offset of its CIE (all ones: it is one), and for
 * a function its address and size (DWARF 5, 6.4.1). Dropped ones are sent to
 * an address that is never executed.
 */
void fwsim__frames_hide_dropped(uint8_t *section, size_t size)
{
    static const uint8_t nowhere[8] = { 0xfc, 0xff, 0xff, 0xff, 1, 0, 0, 0 };
    size_t at = 0;

    while (size - at >= 16) {
        uint32_t length = get_word(section + at);
        uint8_t *body = section + at + 4;
        if (length == 0 || length > size - at - 4)
            return;
        if (length >= 12 && get_word(body) != UINT32_MAX &&
            get_word(body + 4) == 0)
            memcpy(body + 4, nowhere, sizeof nowhere);
        at += 4 + length;
    }
}

#ifdef FWSIM_WITH_DWARF

#include <dwarf.h>

/* What an expression may use. */
typedef struct context {
    const uint32_t *regs;
    uint32_t cfa;
    bool has_cfa;
    fwsim__unwind_read read;
    void *user;
} context;

/* How an expression ended. */
typedef enum result {
    UNKNOWN, /* not understood, or memory cannot be read */
    ADDRESS, /* where the value is stored */
    VALUE,   /* the value itself */
    REGISTER /* in this register of the frame */
} result;

enum { STACK_MAX = 16, OPS_MAX = 64, PLATFORM = 9 };

typedef struct stack {
    uint32_t value[STACK_MAX];
    size_t depth;
} stack;

static bool push(stack *s, uint64_t value)
{
    if (s->depth == STACK_MAX)
        return false;
    s->value[s->depth++] = (uint32_t)value;
    return true;
}

static bool pop(stack *s, uint32_t *value)
{
    if (s->depth == 0)
        return false;
    *value = s->value[--s->depth];
    return true;
}

static bool push_register(stack *s, const context *c, uint64_t number,
                          uint64_t offset)
{
    return number < 16 && push(s, c->regs[number] + offset);
}

static bool dereference(stack *s, const context *c)
{
    uint32_t addr;
    uint8_t b[4];

    return pop(s, &addr) && c->read(c->user, addr, b, sizeof b) &&
           push(s, get_word(b));
}

static bool binary(stack *s, uint8_t atom)
{
    uint32_t a, b;

    if (!pop(s, &b) || !pop(s, &a))
        return false;
    switch (atom) {
    case DW_OP_plus:
        return push(s, (uint64_t)a + b);
    case DW_OP_minus:
        return push(s, (uint64_t)a - b);
    case DW_OP_and:
        return push(s, a & b);
    case DW_OP_or:
        return push(s, a | b);
    case DW_OP_shl:
        return push(s, b < 32 ? (uint64_t)a << b : 0);
    default:
        return false;
    }
}

static bool step(stack *s, const context *c, const Dwarf_Op *op)
{
    uint8_t atom = op->atom;
    uint32_t top;

    if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
        return push(s, atom - DW_OP_lit0);
    if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
        return push_register(s, c, atom - DW_OP_breg0, op->number);
    switch (atom) {
    case DW_OP_bregx:
        return push_register(s, c, op->number, op->number2);
    case DW_OP_call_frame_cfa:
        return c->has_cfa && push(s, c->cfa);
    case DW_OP_addr:
    case DW_OP_const1u:
    case DW_OP_const1s:
    case DW_OP_const2u:
    case DW_OP_const2s:
    case DW_OP_const4u:
    case DW_OP_const4s:
    case DW_OP_constu:
    case DW_OP_consts:
        return push(s, op->number);
    case DW_OP_plus_uconst:
        return pop(s, &top) && push(s, top + op->number);
    case DW_OP_dup:
        return pop(s, &top) && push(s, top) && push(s, top);
    case DW_OP_drop:
        return pop(s, &top);
    case DW_OP_deref:
        return dereference(s, c);
    default:
        return binary(s, atom);
    }
}

static result evaluate(const context *c, const Dwarf_Op *ops, size_t count,
                       uint32_t *value)
{
    stack s = { .depth = 0 };
    result r = ADDRESS;

    if (count > OPS_MAX)
        return UNKNOWN;
    for (size_t i = 0; i < count; i++) {
        uint8_t atom = ops[i].atom;
        bool last = i + 1 == count;
        if (last && atom >= DW_OP_reg0 && atom <= DW_OP_reg15 && i == 0) {
            *value = c->regs[atom - DW_OP_reg0];
            return REGISTER;
        }
        if (last && atom == DW_OP_stack_value)
            r = VALUE;
        else if (!step(&s, c, &ops[i]))
            return UNKNOWN;
    }
    return pop(&s, value) ? r : UNKNOWN;
}

/* The caller's value of a register; false when it is not known. */
static bool recover(const context *c, Dwarf_Frame *frame, int number,
                    uint32_t *value)
{
    Dwarf_Op memory[3], *ops;
    size_t count;
    stack s = { .depth = 0 };

    if (dwarf_frame_register(frame, number, memory, &ops, &count) != 0)
        return false;
    if (count == 0) {
        /* NULL is "the same value", anything else "undefined". libdw has the
         * latter for r9 where the file has no rule, as the AAPCS leaves r9 to
         * the platform; on bare metal it is a callee-saved register. */
        *value = c->regs[number];
        return ops == NULL || number == PLATFORM;
    }
    switch (evaluate(c, ops, count, value)) {
    case VALUE:
    case REGISTER:
        return true;
    case ADDRESS:
        return push(&s, *value) && dereference(&s, c) && pop(&s, value);
    case UNKNOWN:
        break;
    }
    return false;
}

static bool find_cfa(context *c, Dwarf_Frame *frame)
{
    Dwarf_Op *ops;
    size_t count;

    /* The result is an address: what a location list calls a location. */
    if (dwarf_frame_cfa(frame, &ops, &count) != 0 || count == 0 ||
        evaluate(c, ops, count, &c->cfa) == UNKNOWN)
        return false;
    c->has_cfa = true;
    return true;
}

/*
 * r0 to r3 and r12 are gone after a call and keep whatever value they have:
 * no caller's rule depends on them. The other ones must be known.
 */
static bool apply(context *c, Dwarf_Frame *frame, uint32_t regs[16])
{
    int return_register = dwarf_frame_info(frame, NULL, NULL, NULL);
    uint32_t caller[16];

    if (return_register < 0 || return_register > 15 || !find_cfa(c, frame))
        return false;
    memcpy(caller, regs, sizeof caller);
    for (int i = 4; i <= 11; i++)
        if (!recover(c, frame, i, &caller[i]))
            return false;
    caller[13] = c->cfa;
    if (!recover(c, frame, return_register, &caller[14]))
        return false;
    caller[15] = caller[14] & ~1u;
    memcpy(regs, caller, sizeof caller);
    return true;
}

static void open_frames(fwsim__dwarf *d)
{
    if (d->frames_read)
        return;
    d->frames_read = true;
    d->debug_frame = d->dwarf ? dwarf_getcfi(d->dwarf) : NULL;
    d->eh_frame = d->elf ? dwarf_getcfi_elf(d->elf) : NULL;
}

static Dwarf_Frame *frame_at(fwsim__dwarf *d, uint32_t pc)
{
    Dwarf_Frame *frame;

    open_frames(d);
    if (d->debug_frame && dwarf_cfi_addrframe(d->debug_frame, pc, &frame) == 0)
        return frame;
    if (d->eh_frame && dwarf_cfi_addrframe(d->eh_frame, pc, &frame) == 0)
        return frame;
    return NULL;
}

bool fwsim__image_unwind(const fwsim_image *img, uint32_t regs[16],
                         bool is_return_address, fwsim__unwind_read read,
                         void *user)
{
    context c = { .regs = regs, .read = read, .user = user };
    uint32_t pc = (regs[15] & ~1u) - (is_return_address ? 1 : 0);

    if (!img->dwarf || img->arch != FWSIM_ARCH_ARM)
        return false;
    Dwarf_Frame *frame = frame_at(img->dwarf, pc);
    bool ok = frame && apply(&c, frame, regs);
    free(frame);
    return ok;
}

#else

bool fwsim__image_unwind(const fwsim_image *img, uint32_t regs[16],
                         bool is_return_address, fwsim__unwind_read read,
                         void *user)
{
    (void)img;
    (void)regs;
    (void)is_return_address;
    (void)read;
    (void)user;
    return false;
}

#endif
