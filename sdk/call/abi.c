/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "call/abi.h"

#include <stdio.h>
#include <string.h>

#include "image/arm_attributes.h"

enum {
    CORE_REGS = 4,     /* r0 to r3 */
    CORE_REGS_A64 = 8, /* x0 to x7 */
    S_REGS = 16,       /* s0 to s15 */
    V_REGS_A64 = 8
};

fwsim__abi fwsim__abi_of(const fwsim_machine *m, const fwsim_image *img,
                         fwsim_float_abi asked)
{
    fwsim__abi abi = { .a64 = m->cpu_ops->registers[0][0] == 'x' };

    if (asked == FWSIM_FLOAT_AUTO)
        abi.hard_float = img && fwsim__arm_attributes_read(img).vfp_args;
    else
        abi.hard_float = asked == FWSIM_FLOAT_HARD;
    return abi;
}

unsigned fwsim__abi_size(const fwsim__abi *abi, fwsim_type type)
{
    switch (type) {
    case FWSIM_TYPE_VOID:
        return 0;
    case FWSIM_TYPE_U64:
    case FWSIM_TYPE_I64:
    case FWSIM_TYPE_F64:
        return 8;
    case FWSIM_TYPE_AUTO:
    case FWSIM_TYPE_PTR:
        return abi->a64 ? 8 : 4;
    default:
        return 4;
    }
}

static fwsim__abi_place on_stack(fwsim__abi_cursor *c, unsigned size)
{
    unsigned slot = c->abi.a64 ? 8 : size;
    fwsim__abi_place p = { .kind = FWSIM__ABI_STACK, .size = size };

    c->stack = (c->stack + slot - 1) / slot * slot;
    p.stack = c->stack;
    c->stack += slot;
    return p;
}

/** IHI 0042, 7.1.1.1: the first free S registers, also between others. */
static fwsim__abi_place in_fp(fwsim__abi_cursor *c, unsigned size)
{
    unsigned width = c->abi.a64 ? 1 : size / 4;
    unsigned regs = c->abi.a64 ? V_REGS_A64 : S_REGS;
    uint32_t mask = (1u << width) - 1;

    for (unsigned r = 0; !c->fp_full && r < regs; r += width)
        if (!(c->fp_used >> r & mask)) {
            c->fp_used |= mask << r;
            return (fwsim__abi_place){ .kind = FWSIM__ABI_FP,
                                       .reg = r,
                                       .size = size };
        }
    c->fp_full = true;
    return on_stack(c, size);
}

/** IHI 0042, C.3 to C.8: 64 bits begin at an even register. */
static fwsim__abi_place in_core(fwsim__abi_cursor *c, unsigned size)
{
    unsigned width = c->abi.a64 ? 1 : size / 4;
    unsigned regs = c->abi.a64 ? CORE_REGS_A64 : CORE_REGS;
    unsigned first = (c->core + width - 1) / width * width;

    if (first + width <= regs) {
        c->core = first + width;
        return (fwsim__abi_place){ .kind = FWSIM__ABI_CORE,
                                   .reg = first,
                                   .size = size };
    }
    c->core = regs;
    return on_stack(c, size);
}

fwsim__abi_place fwsim__abi_next(fwsim__abi_cursor *c, fwsim_type type)
{
    unsigned size = fwsim__abi_size(&c->abi, type);

    return fwsim__type_is_float(type) && (c->abi.a64 || c->abi.hard_float)
               ? in_fp(c, size)
               : in_core(c, size);
}

fwsim__abi_place fwsim__abi_result(const fwsim__abi *abi, fwsim_type type)
{
    fwsim__abi_cursor c = { .abi = *abi };

    return fwsim__abi_next(&c, type == FWSIM_TYPE_VOID ? FWSIM_TYPE_U32
                                                       : type);
}

static const char *reg_name(char letter, unsigned n, char buf[16])
{
    snprintf(buf, 16, "%c%u", letter, n);
    return buf;
}

int fwsim__abi_put(fwsim_machine *m, const fwsim__abi *abi,
                   const fwsim__abi_place *p, uint64_t sp, uint64_t bits)
{
    char name[16];
    int err;

    if (p->kind == FWSIM__ABI_STACK)
        return fwsim_mem_write(m, sp + p->stack, &bits, p->size);
    if (abi->a64)
        return fwsim_cpu_write(
            m, reg_name(p->kind == FWSIM__ABI_FP ? 'd' : 'x', p->reg, name),
            bits);
    for (unsigned i = 0; i < p->size / 4; i++, bits >>= 32) {
        reg_name(p->kind == FWSIM__ABI_FP ? 's' : 'r', p->reg + i, name);
        err = fwsim_cpu_write(m, name, bits & UINT32_MAX);
        if (err)
            return err;
    }
    return 0;
}

int fwsim__abi_get(fwsim_machine *m, const fwsim__abi *abi,
                   const fwsim__abi_place *p, uint64_t sp, uint64_t *bits)
{
    unsigned words = abi->a64 ? 1 : p->size / 4;
    char letter = abi->a64 ? 'x' : 'r';
    uint64_t value;
    char name[16];
    int err;

    *bits = 0;
    if (p->kind == FWSIM__ABI_STACK)
        return fwsim_mem_read(m, sp + p->stack, bits, p->size);
    if (p->kind == FWSIM__ABI_FP)
        letter = abi->a64 ? 'd' : 's';
    for (unsigned i = 0; i < words; i++) {
        err = fwsim_cpu_read(m, reg_name(letter, p->reg + i, name), &value);
        if (err)
            return err;
        *bits |= value << 32 * i;
    }
    if (p->size == 4)
        *bits &= UINT32_MAX;
    return 0;
}

uint64_t fwsim__abi_bits(fwsim_type type, double number)
{
    float single = (float)number;
    uint64_t bits = 0;

    if (type == FWSIM_TYPE_F32)
        memcpy(&bits, &single, sizeof single);
    else
        memcpy(&bits, &number, sizeof number);
    return bits;
}

double fwsim__abi_number(fwsim_type type, uint64_t bits)
{
    uint32_t low = (uint32_t)bits;
    float single;
    double number;

    if (type == FWSIM_TYPE_F32) {
        memcpy(&single, &low, sizeof single);
        return single;
    }
    memcpy(&number, &bits, sizeof number);
    return number;
}

bool fwsim__abi_alike(const fwsim__abi *abi, fwsim_type a, fwsim_type b)
{
    if (fwsim__type_is_float(a) || fwsim__type_is_float(b))
        return a == b;
    return fwsim__abi_size(abi, a) == fwsim__abi_size(abi, b);
}

const char *fwsim__abi_type_text(fwsim_type type)
{
    static const char *const names[] = {
        [FWSIM_TYPE_AUTO] = "of no known type",
        [FWSIM_TYPE_VOID] = "void",
        [FWSIM_TYPE_U32] = "a 32-bit integer",
        [FWSIM_TYPE_I32] = "a 32-bit integer",
        [FWSIM_TYPE_U64] = "a 64-bit integer",
        [FWSIM_TYPE_I64] = "a 64-bit integer",
        [FWSIM_TYPE_F32] = "a float",
        [FWSIM_TYPE_F64] = "a double",
        [FWSIM_TYPE_PTR] = "a pointer",
    };

    return names[type];
}

uint64_t fwsim__abi_extend(fwsim_type type, unsigned width, uint64_t value)
{
    unsigned bits = width * 8;

    if (bits == 0 || bits >= 64)
        return value;
    value &= ((uint64_t)1 << bits) - 1;
    if ((type == FWSIM_TYPE_I32 || type == FWSIM_TYPE_I64) &&
        value >> (bits - 1) & 1)
        value |= ~(uint64_t)0 << bits;
    return value;
}
