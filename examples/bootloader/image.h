/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An application as it lies in flash, for the boot loader and for the host that
 * makes it: a header, then code. The checksum is CRC-32 (IEEE 802.3) of what
 * follows it in the header, and of the code.
 */
#ifndef BOOTLOADER_IMAGE_H
#define BOOTLOADER_IMAGE_H

#include <stdint.h>

#define IMAGE_MAGIC  0x31505041u /* "APP1" */
#define ACTIVE_SLOT  0x00004000u /* what runs */
#define STAGED_SLOT  0x00008000u /* what was received */

enum { SLOT_SIZE = 2048, PAGE_SIZE = 1024 };

typedef struct image_header {
    uint32_t magic;
    uint32_t crc;
    uint32_t version;
    uint32_t size; /* bytes of code, a multiple of 4 */
} image_header;

static inline uint32_t crc32_of(const uint8_t *bytes, uint32_t size,
                                uint32_t crc)
{
    crc = ~crc;
    while (size--) {
        crc ^= *bytes++;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
    }
    return ~crc;
}

#endif
