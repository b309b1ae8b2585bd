/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One byte to the UART, as soon as can be. */
#include "guest.h"

void bench(void)
{
    uart_open(0);
    uart_put('!');
    uart_drain();
}
