/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel and nothing else; KERNEL and ROUNDS say which. */
#include "guest.h"
#include "kernels.h"

void bench(void)
{
    print_hex(KERNEL(ROUNDS));
}
