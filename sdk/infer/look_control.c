/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 32-bit branches, special registers, hints and barriers (DDI 0403E, A5.3.4).
 */
#include "infer/look_run.h"

static unsigned reg(uint32_t insn, unsigned lsb)
{
    return insn >> lsb & 15;
}

static void undefined(fwsim__look_run *r)
{
    fwsim__look_end_run(r, FWSIM__LOOK_DEAD);
}

/** Special registers, numbered as in B5.2.2. */
enum { IPSR = 5, MSP = 8, PSP = 9, PRIMASK = 16, BASEPRI = 17,
       BASEPRI_MAX = 18, FAULTMASK = 19, CONTROL = 20 };

/** @return false: not known in a look */
static bool special(const fwsim__look_run *r, unsigned sysm, uint32_t *v)
{
    if (sysm >= MSP && sysm != CONTROL && !fwsim__look_privileged(r)) {
        *v = 0;
        return true;
    }
    switch (sysm) {
    case MSP:
        /* A handler uses the main stack, a thread may not. */
        *v = r->regs[13];
        return r->exception || !(r->control & 2);
    case PSP:
        *v = r->psp;
        return r->psp_known;
    case PRIMASK:
        *v = r->primask;
        return true;
    case BASEPRI:
    case BASEPRI_MAX:
        *v = r->basepri;
        return true;
    case FAULTMASK:
        *v = r->faultmask;
        return true;
    case CONTROL:
        *v = r->control;
        return true;
    default: /* APSR, IPSR and both; EPSR reads as 0 */
        *v = (sysm & 1 ? r->exception : 0) |
             (sysm & 4 ? 0 : (uint32_t)r->nzcv << 28 | r->apsr);
        return sysm < MSP;
    }
}

static void read_special(fwsim__look_run *r, uint32_t insn)
{
    unsigned sysm = insn & 0xff, rd = reg(insn, 8);
    uint32_t v = 0;

    if (!special(r, sysm, &v)) {
        fwsim__look_gap(r);
        return;
    }
    fwsim__look_put(r, rd, v);
    if (sysm < MSP && !(sysm & 4) && r->flags.kind != FWSIM__FLAGS_PLAIN)
        fwsim__look_set_mixed(r, rd, v, r->flags.bits.sources);
}

static void write_apsr(fwsim__look_run *r, uint32_t insn, fwsim__operand o)
{
    if (insn & 0x400)
        r->apsr = (r->apsr & ~0x000f0000u) | (o.value & 0x000f0000);
    if (!(insn & 0x800))
        return;
    r->apsr = (r->apsr & ~0x08000000u) | (o.value & 0x08000000);
    r->nzcv = (uint8_t)(o.value >> 28);
    r->flags.kind = o.bits ? FWSIM__FLAGS_MIXED : FWSIM__FLAGS_PLAIN;
    if (o.bits)
        fwsim__bits_mixed(&r->flags.bits, o.bits->sources);
}

static void write_special(fwsim__look_run *r, uint32_t insn)
{
    unsigned sysm = insn & 0xff;
    fwsim__operand o = fwsim__look_get(r, reg(insn, 16));
    uint32_t v = o.value;

    if (sysm >= MSP && !fwsim__look_privileged(r))
        return;
    switch (sysm) {
    case MSP:
        if (r->exception || !(r->control & 2))
            fwsim__look_set(r, 13, o);
        break;
    case PSP:
        r->psp = v & ~3u;
        r->psp_known = true;
        break;
    case PRIMASK:
        r->primask = v & 1;
        break;
    case BASEPRI:
        r->basepri = v & 0xff;
        break;
    case BASEPRI_MAX:
        if ((v & 0xff) && (!r->basepri || (v & 0xff) < r->basepri))
            r->basepri = v & 0xff;
        break;
    case FAULTMASK:
        r->faultmask = v & 1;
        break;
    case CONTROL:
        if (!r->exception && (v ^ r->control) & 2) {
            fwsim__look_gap(r); /* another stack, which is not known */
            return;
        }
        r->control = v & 7;
        break;
    default:
        if (sysm >= MSP)
            fwsim__look_gap(r);
        else
            write_apsr(r, insn, o);
        break;
    }
}

static void conditional_branch(fwsim__look_run *r, uint32_t insn)
{
    unsigned cond = insn >> 22 & 15;
    uint32_t offset = (insn & 0x7ff) << 1 | (insn >> 16 & 0x3f) << 12 |
                      (insn >> 13 & 1) << 18 | (insn >> 11 & 1) << 19 |
                      (insn >> 26 & 1 ? 0xfff00000 : 0);

    if (r->flags.kind != FWSIM__FLAGS_PLAIN)
        fwsim__look_decide(r, cond);
    fwsim__look_branch(r, fwsim__look_passed(r->nzcv, cond),
                       r->regs[15] + offset);
}

static uint32_t long_offset(uint32_t insn)
{
    uint32_t s = insn >> 26 & 1;
    uint32_t i1 = ~((insn >> 13 & 1) ^ s) & 1, i2 = ~((insn >> 11 & 1) ^ s) & 1;

    return (insn & 0x7ff) << 1 | (insn >> 16 & 0x3ff) << 12 | i2 << 22 |
           i1 << 23 | (s ? 0xff000000 : 0);
}

static void control(fwsim__look_run *r, uint32_t insn)
{
    switch (insn >> 20 & 0x7f) {
    case 0x38:
    case 0x39:
        write_special(r, insn);
        break;
    case 0x3a: /* hints; WFE and WFI wait */
        if ((insn & 0x7ff) == 2 || (insn & 0x7ff) == 3)
            fwsim__look_end_run(r, FWSIM__LOOK_IDLE);
        else if (insn & 0x700)
            undefined(r);
        break;
    case 0x3b: /* CLREX and barriers */
        break;
    case 0x3e:
    case 0x3f:
        read_special(r, insn);
        break;
    default: /* UDF among them */
        undefined(r);
        break;
    }
}

void fwsim__look_control(fwsim__look_run *r, uint32_t insn)
{
    uint32_t target = r->regs[15] + long_offset(insn);

    if (insn & 0x4000 && insn & 0x1000)
        fwsim__look_call(r, fwsim__plain(target | 1));
    else if (insn & 0x4000)
        undefined(r); /* BLX: there is no other instruction set */
    else if (insn & 0x1000)
        fwsim__look_jump(r, target);
    else if ((insn >> 23 & 7) == 7)
        control(r, insn);
    else
        conditional_branch(r, insn);
}
