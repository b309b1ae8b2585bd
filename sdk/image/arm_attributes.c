/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Source: Addenda to, and Errata in, the ABI for the Arm Architecture (IHI
 * 0045), chapter 3.
 */
#include "image/arm_attributes.h"

#include <string.h>

enum {
    TAG_FILE = 1,
    TAG_CPU_RAW_NAME = 4,
    TAG_CPU_NAME = 5,
    TAG_CPU_ARCH = 6,
    TAG_CPU_ARCH_PROFILE = 7,
    TAG_FP_ARCH = 10,
    TAG_ABI_HARDFP_USE = 27,
    TAG_ABI_VFP_ARGS = 28,
    TAG_COMPATIBILITY = 32,
    TAG_ALSO_COMPATIBLE_WITH = 65,
    TAG_CONFORMANCE = 67
};

/* Tag_ABI_HardFP_use: only single precision is used. */
enum { SINGLE_ONLY = 1 };

/* Tag_ABI_VFP_args: the VFP variant of the procedure call standard. */
enum { VFP_ARGS_REGISTERS = 1 };

typedef struct cursor {
    const uint8_t *at, *end;
} cursor;

static bool take_uleb(cursor *c, uint32_t *value)
{
    unsigned shift = 0;

    *value = 0;
    while (c->at < c->end) {
        uint8_t byte = *c->at++;
        if (shift < 32)
            *value |= (uint32_t)(byte & 0x7f) << shift;
        shift += 7;
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

static bool take_string(cursor *c, const char **text)
{
    const uint8_t *zero = memchr(c->at, '\0', (size_t)(c->end - c->at));

    if (!zero)
        return false;
    *text = (const char *)c->at;
    c->at = zero + 1;
    return true;
}

/* A part of @a c that begins with its own length. */
static bool take_part(cursor *c, size_t before, cursor *part)
{
    const uint8_t *p = c->at;

    if (c->end - c->at < 4)
        return false;
    uint32_t size = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
                    (uint32_t)p[3] << 24;
    if (size < before + 4 || size - before > (size_t)(c->end - c->at))
        return false;
    *part = (cursor){ c->at + 4, c->at + (size - before) };
    c->at = part->end;
    return true;
}

/* Strings: tags 4 and 5, 32 after a number, and odd ones above 32 (3.1.2). */
static bool is_string(uint32_t tag)
{
    return tag == TAG_CPU_RAW_NAME || tag == TAG_CPU_NAME ||
           tag == TAG_ALSO_COMPATIBLE_WITH || tag == TAG_CONFORMANCE ||
           (tag > TAG_COMPATIBILITY && tag % 2);
}

static void read_file_attributes(cursor c, fwsim__arm_attributes *a)
{
    const char *text;
    uint32_t tag, value, hardfp = 0;

    while (take_uleb(&c, &tag)) {
        if (is_string(tag)) {
            if (!take_string(&c, &text))
                break;
            if (tag == TAG_CPU_NAME)
                a->cpu_name = text;
            continue;
        }
        if (!take_uleb(&c, &value) ||
            (tag == TAG_COMPATIBILITY && !take_string(&c, &text)))
            break;
        if (tag == TAG_CPU_ARCH)
            a->arch = value;
        else if (tag == TAG_CPU_ARCH_PROFILE)
            a->profile = (char)value;
        else if (tag == TAG_FP_ARCH)
            a->fp_arch = value;
        else if (tag == TAG_ABI_HARDFP_USE)
            hardfp = value;
        else if (tag == TAG_ABI_VFP_ARGS)
            a->vfp_args = value == VFP_ARGS_REGISTERS;
    }
    a->fp_double = a->fp_arch && hardfp != SINGLE_ONLY;
}

/* Subsections of the vendor "aeabi": we want the one for the whole file. */
static void read_vendor(cursor c, fwsim__arm_attributes *a)
{
    while (c.at < c.end) {
        uint8_t tag = *c.at++;
        cursor part;
        if (!take_part(&c, 1, &part))
            return;
        if (tag == TAG_FILE) {
            a->present = true;
            read_file_attributes(part, a);
        }
    }
}

fwsim__arm_attributes fwsim__arm_attributes_read(const fwsim_image *img)
{
    fwsim__arm_attributes a = { .present = false };
    cursor c, part;
    const char *vendor;

    if (img->attributes_size == 0 || img->attributes[0] != 'A')
        return a;
    c = (cursor){ img->attributes + 1,
                  img->attributes + img->attributes_size };
    while (take_part(&c, 0, &part))
        if (take_string(&part, &vendor) && strcmp(vendor, "aeabi") == 0)
            read_vendor(part, &a);
    return a;
}

const char *fwsim__arm_arch_name(unsigned arch)
{
    switch (arch) {
    case FWSIM__ARCH_V6_M:
    case FWSIM__ARCH_V6S_M:
        return "Armv6-M";
    case FWSIM__ARCH_V7:
        return "Armv7-M";
    case FWSIM__ARCH_V7E_M:
        return "Armv7E-M";
    case FWSIM__ARCH_V8_M_BASE:
        return "Armv8-M Baseline";
    case FWSIM__ARCH_V8_M_MAIN:
        return "Armv8-M Mainline";
    case FWSIM__ARCH_V8_1_M_MAIN:
        return "Armv8.1-M Mainline";
    default:
        return NULL;
    }
}
