/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which core an M-profile Thumb instruction needs, and where it goes on.
 *
 * Sources: Arm v6-M ARM (DDI 0419E) chapter A5, v7-M ARM (DDI 0403E) chapter
 * A5, v8-M ARM (DDI 0553B) chapter C2.
 */
#ifndef FWSIM_THUMB_CLASS_H
#define FWSIM_THUMB_CLASS_H

#include <stdbool.h>
#include <stdint.h>

/** What an instruction needs beyond Armv6-M; one bit each. */
enum {
    FWSIM__NEEDS_V8M_BASE = 1 << 0, /* in v7-M and v8-M Baseline */
    FWSIM__NEEDS_V7M = 1 << 1,      /* in v7-M and v8-M Mainline */
    FWSIM__NEEDS_DSP = 1 << 2,
    FWSIM__NEEDS_FP = 1 << 3,
    FWSIM__NEEDS_DOUBLE = 1 << 4,   /* arithmetic on doubles */
    FWSIM__NEEDS_FPV5 = 1 << 5,
    FWSIM__NEEDS_V8M = 1 << 6       /* in v8-M only */
};

typedef struct fwsim__thumb_class {
    uint8_t size;  /* bytes: 2 or 4 */
    uint8_t needs; /* FWSIM__NEEDS_x */
    bool ends;     /* execution does not fall through */
    bool jumps;    /* to `target` */
    bool undefined;
    uint32_t target;
} fwsim__thumb_class;

/**
 * Classify an instruction.
 * @param second  the halfword behind @a first; not used for short ones
 */
fwsim__thumb_class fwsim__thumb_classify(uint32_t pc, uint16_t first,
                                         uint16_t second);

#endif
