/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parser of `make bench-fuzz`, as firmware and natively: some 20 000
 * instructions of a Cortex-M3 for an input of 1152 bytes.
 */
#include <stdint.h>

int parse(const uint8_t *data, unsigned size)
{
    static volatile uint32_t kinds[8];
    uint32_t sum = 0xffff;
    int tokens = 0;

    for (unsigned i = 0; i < size; i++) {
        uint8_t c = data[i];

        sum = (sum << 1 | sum >> 31) ^ c;
        if (c >= '0' && c <= '9')
            kinds[0]++;
        else if (c >= 'a' && c <= 'z')
            kinds[1]++;
        else if (c == ' ' || c == '\n')
            tokens++;
        else
            kinds[2] += c & 1;
        if ((sum & 7) == 3)
            kinds[3]++;
    }
    return tokens + (int)(sum & 1);
}

#ifdef __arm__
extern uint32_t __stack_top;

/* For QEMU, which is started for each input: the same work, and the end. */
void reset_handler(void)
{
    static uint8_t input[1152];
    register uint32_t op __asm__("r0") = 0x18;     /* SYS_EXIT */
    register uint32_t why __asm__("r1") = 0x20026; /* ADP_Stopped_... */

    for (unsigned i = 0; i < sizeof input; i++)
        input[i] = "key = value 42\n"[i % 15];
    parse(input, sizeof input);
    op = 0x18;
    why = 0x20026;
    __asm__ volatile("bkpt 0xab" : : "r"(op), "r"(why) : "memory");
    for (;;)
        ;
}

__attribute__((section(".vectors"), used)) static const uintptr_t vectors[16] = {
    (uintptr_t)&__stack_top, (uintptr_t)reset_handler
};
#else
#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    parse(data, (unsigned)size);
    return 0;
}
#endif
