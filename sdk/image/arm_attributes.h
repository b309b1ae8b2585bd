/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Build attributes of an Arm ELF (.ARM.attributes).
 */
#ifndef FWSIM_ARM_ATTRIBUTES_H
#define FWSIM_ARM_ATTRIBUTES_H

#include "image/image.h"

/** Values of Tag_CPU_arch. */
enum {
    FWSIM__ARCH_V6_M = 11,
    FWSIM__ARCH_V6S_M = 12,
    FWSIM__ARCH_V7 = 10,
    FWSIM__ARCH_V7E_M = 13,
    FWSIM__ARCH_V8_M_BASE = 16,
    FWSIM__ARCH_V8_M_MAIN = 17,
    FWSIM__ARCH_V8_1_M_MAIN = 21
};

typedef struct fwsim__arm_attributes {
    bool present;
    unsigned arch;        /* Tag_CPU_arch */
    char profile;         /* Tag_CPU_arch_profile: 'M', 'A', 'R', 'S', 0 */
    const char *cpu_name; /* Tag_CPU_name; NULL when absent */
    unsigned fp_arch;     /* Tag_FP_arch; 0: no FP instructions permitted */
    bool fp_double;       /* FP arithmetic on doubles is permitted */
    bool vfp_args;        /* FP arguments are in FP registers: hard float */
} fwsim__arm_attributes;

/** What the file says; all zero when it says nothing. */
fwsim__arm_attributes fwsim__arm_attributes_read(const fwsim_image *img);

/** "Armv7E-M"; NULL for an architecture without a Cortex-M. */
const char *fwsim__arm_arch_name(unsigned arch);

#endif
