/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Integer work under a steady fire of SysTick interrupts. The command line
 * says how many ticks of the core clock are between two of them.
 */
#include "guest.h"
#include "kernels.h"

enum { ROUNDS = INTEGER_ROUNDS / 4 };

static volatile uint32_t ticks;

void tick(void)
{
    ticks++;
}

void bench(void)
{
    uint32_t sum;

    SYST_RVR = argument() - 1;
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CORE_CLOCK;
    sum = kernel_integer(ROUNDS);
    SYST_CSR = 0;
    print_hex(ticks);
    print_hex(sum);
}
