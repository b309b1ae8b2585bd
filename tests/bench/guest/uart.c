/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output of 1 MB through the UART, polled; MODE is that of uart_open. */
#include "guest.h"

void bench(void)
{
    uart_open(MODE);
    for (unsigned i = 0; i < 1000000; i++)
        uart_put(i % 64 == 63 ? '\n' : (char)('0' + i % 64));
    uart_drain();
}
