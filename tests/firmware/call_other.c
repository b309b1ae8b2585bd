/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that call_guest.c has as well. */
#include <stdint.h>

static volatile uint32_t private_count = 22;

static __attribute__((noinline, noclone, used)) uint32_t hal_ticks(void)
{
    return private_count += 1000;
}

__attribute__((used)) uint32_t (*const other_ticks)(void) = hal_ticks;

__attribute__((noinline, used)) uint32_t other(void)
{
    return other_ticks();
}
