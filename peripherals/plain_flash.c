/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flash that plain stores program, for chips of which nothing else is known.
 *
 * Source: none; STM32F1 (ST PM0075, 2.3.3) and nRF51 (nRF51 RM, 6.1.2) do it so
 * once their controller is unlocked. Bits can only be cleared. The image itself
 * cannot be changed: a store there is a wild pointer more often than an update.
 */
#include "fwsim_periph.h"

enum { IMAGE_START, IMAGE_END };

static bool store(fwsim_periph *p, uint64_t address, unsigned width,
                  uint32_t value)
{
    const uint32_t *param = fwsim_periph_slot(p)->param;
    uint8_t bytes[4];

    if (address + width > param[IMAGE_START] && address < param[IMAGE_END])
        return false;
    for (unsigned i = 0; i < width; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    return fwsim_flash_program(p, address, bytes, width);
}

static const char *const plain_flash_params[] = { "image_start", "image_end",
                                                  NULL };

static const char *const plain_flash_gaps[] = {
    "erasing: it takes registers that differ from chip to chip",
    "locks: a store programs at any time",
    NULL
};

const fwsim_periph_type plain_flash = {
    .name = "plain_flash",
    .summary = "flash that plain stores program",
    .source = "none",
    .gaps = plain_flash_gaps,
    .params = plain_flash_params,
    .on_flash_write = store,
};
