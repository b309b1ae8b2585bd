/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The architecture comes from the build attributes; without them, from the
 * instructions. What it leaves open (is there an FPU, a VTOR, a cache?) is
 * decided by what the code uses.
 */
#include "image/core.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void decide(fwsim__core *out, const char *cpu, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void decide(fwsim__core *out, const char *cpu, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(out->reason, sizeof out->reason, fmt, args);
    va_end(args);
    out->cpu = cpu;
}

/* ------------------------------------------------------------------ */
/* Evidence                                                             */
/* ------------------------------------------------------------------ */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool starts_with(const char *text, const char *start)
{
    while (*start)
        if (lower(*text++) != *start++)
            return false;
    return true;
}

/* A handler of the FPU's interrupt: the chip has one, used or not. */
static const char *fpu_handler(const fwsim_image *img)
{
    static const char *const names[] = { "FPU_IRQHandler", "isr_fpu",
                                         "FPU_Handler", "fpu_isr",
                                         "FPU_IRQn_Handler" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (fwsim_image_symbol(img, names[i]))
            return names[i];
    return NULL;
}

/* Why there must be an FPU; NULL when nothing shows it. */
static const char *fpu_reason(const fwsim_image *img,
                              const fwsim__arm_attributes *a,
                              const fwsim__survey *s)
{
    if (a->fp_arch)
        return "the build attributes permit FP instructions";
    if (s->needs & FWSIM__NEEDS_FP)
        return "FP instructions are used";
    if (s->uses & FWSIM__USES_CPACR)
        return "CPACR is accessed to switch the FPU on";
    if (fpu_handler(img))
        return "the chip has an interrupt of an FPU";
    return NULL;
}

/* ------------------------------------------------------------------ */
/* Decisions                                                            */
/* ------------------------------------------------------------------ */

/* Armv6-M: both cores have the same instructions. */
static void decide_v6m(fwsim__core *out, const fwsim__arm_attributes *a,
                       const fwsim__survey *s, const char *why)
{
    if (a->cpu_name && (starts_with(a->cpu_name, "cortex-m0+") ||
                        starts_with(a->cpu_name, "cortex-m0plus")))
        decide(out, "cortex-m0plus", "%s; they name %s.", why, a->cpu_name);
    else if (s->uses & FWSIM__USES_VTOR)
        decide(out, "cortex-m0plus", "%s, and VTOR is accessed, which a "
               "Cortex-M0 does not have.", why);
    else
        decide(out, "cortex-m0", "%s, and nothing shows a Cortex-M0+.", why);
}

/* Armv7E-M: Cortex-M4, with or without FPU, or M7. */
static void decide_v7em(fwsim__core *out, const fwsim_image *img,
                        const fwsim__arm_attributes *a,
                        const fwsim__survey *s, const char *why)
{
    const char *fpu = fpu_reason(img, a, s);
    bool plain = !(s->needs & (FWSIM__NEEDS_DSP | FWSIM__NEEDS_FP));

    if (a->cpu_name && starts_with(a->cpu_name, "cortex-m7"))
        decide(out, "cortex-m7", "%s; they name %s.", why, a->cpu_name);
    else if (s->uses & FWSIM__USES_CACHE)
        decide(out, "cortex-m7", "%s, and cache maintenance registers are "
               "accessed, which a Cortex-M4 does not have.", why);
    else if (s->needs & (FWSIM__NEEDS_DOUBLE | FWSIM__NEEDS_FPV5))
        decide(out, "cortex-m7", "%s, and FP instructions are used that a "
               "Cortex-M4F does not have.", why);
    else if (fpu)
        decide(out, "cortex-m4f", "%s, and %s.", why, fpu);
    else
        decide(out, "cortex-m4f", "%s. Whether the chip has an FPU cannot be "
               "seen; most do, and without one the image runs as well%s.",
               why, plain ? " (it uses no DSP instruction either: a Cortex-M3 "
                            "will do)" : "");
}

static void by_attributes(fwsim__core *out, const fwsim_image *img,
                          const fwsim__arm_attributes *a,
                          const fwsim__survey *s)
{
    const char *name = fwsim__arm_arch_name(a->arch);
    char why[96];

    if (!name || (a->arch == FWSIM__ARCH_V7 &&
                  (a->profile == 'A' || a->profile == 'R'))) {
        decide(out, NULL, "The build attributes name architecture %u, profile "
               "%c: no Cortex-M.", a->arch, a->profile ? a->profile : '-');
        return;
    }
    snprintf(why, sizeof why, "The build attributes say %s", name);
    switch (a->arch) {
    case FWSIM__ARCH_V6_M:
    case FWSIM__ARCH_V6S_M:
        decide_v6m(out, a, s, why);
        break;
    case FWSIM__ARCH_V7:
        decide(out, "cortex-m3", "%s.", why);
        break;
    case FWSIM__ARCH_V7E_M:
        decide_v7em(out, img, a, s, why);
        break;
    case FWSIM__ARCH_V8_M_BASE:
        /* Linkers write this as well when they merge two kinds of Armv6-M. */
        if (s->instructions && !s->needs && !(s->uses & FWSIM__USES_SAU)) {
            snprintf(why, sizeof why, "The build attributes say %s, but only "
                     "Armv6-M instructions are used", name);
            decide_v6m(out, a, s, why);
            break;
        }
        decide(out, "cortex-m33", "%s; the Cortex-M33 runs it.", why);
        break;
    default:
        decide(out, "cortex-m33", "%s.", why);
        break;
    }
}

static void by_code(fwsim__core *out, const fwsim_image *img,
                    const fwsim__survey *s)
{
    static const fwsim__arm_attributes none = { .present = false };
    unsigned v7 = FWSIM__NEEDS_V7M | FWSIM__NEEDS_V8M_BASE;

    if (s->instructions == 0)
        decide(out, NULL, "There are no build attributes, and no code was "
               "found to judge by.");
    else if ((s->needs & FWSIM__NEEDS_V8M) || (s->uses & FWSIM__USES_SAU))
        decide(out, "cortex-m33", "Armv8-M instructions or registers are "
               "used.");
    else if ((s->needs & (FWSIM__NEEDS_DSP | FWSIM__NEEDS_FP)) ||
             fpu_reason(img, &none, s))
        decide_v7em(out, img, &none, s, s->needs & FWSIM__NEEDS_DSP
                    ? "DSP instructions are used" : "The code is Armv7-M");
    else if ((s->needs & v7) || (s->uses & FWSIM__USES_FAULTS))
        decide(out, "cortex-m3", "Armv7-M instructions are used, and neither "
               "DSP nor FP instructions.");
    else
        decide_v6m(out, &none, s, "Only Armv6-M instructions are used");
}

void fwsim__core_find(const fwsim_image *img,
                      const fwsim__arm_attributes *attributes,
                      const fwsim__survey *survey, fwsim__core *out)
{
    if (attributes->present && attributes->arch)
        by_attributes(out, img, attributes, survey);
    else
        by_code(out, img, survey);
}

bool fwsim__core_runs(const char *have, const char *want)
{
    /* Each core runs what those before it run; but for the instructions of a
     * Cortex-M7 on a Cortex-M33, which nobody relies on. */
    static const char *const order[] = { "cortex-m0", "cortex-m0plus",
                                         "cortex-m3", "cortex-m4",
                                         "cortex-m4f", "cortex-m33",
                                         "cortex-m7" };
    size_t count = sizeof order / sizeof *order, h = count, n = count;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(order[i], have) == 0)
            h = i;
        if (strcmp(order[i], want) == 0)
            n = i;
    }
    if (h == count || n == count)
        return false;
    return strcmp(want, "cortex-m33") == 0 ? h == n : h >= n;
}
