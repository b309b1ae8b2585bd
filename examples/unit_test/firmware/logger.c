/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A data logger for MPS2: frames with a CRC-16. Built as it would be shipped. */
#include <stdint.h>

extern uint32_t __stack_top, __data_load, __data_start, __data_end, __bss_start,
    __bss_end;

typedef struct frame {
    uint8_t id;
    uint8_t length;
    uint8_t data[8];
    uint16_t crc;
} frame;

struct {
    uint32_t sent;
    uint32_t rejected;
    frame last;
} g_log;

/* CRC-16/CCITT-FALSE */
__attribute__((noinline)) uint16_t crc16(const uint8_t *data, uint32_t length)
{
    uint16_t crc = 0xffff;

    while (length--) {
        crc ^= (uint16_t)(*data++ << 8);
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
    }
    return crc;
}

__attribute__((noinline)) int frame_check(const frame *f)
{
    if (f->length > sizeof f->data || crc16(&f->id, f->length + 2u) != f->crc) {
        g_log.rejected++;
        return -1;
    }
    return f->length;
}

static void frame_make(frame *f, uint8_t id)
{
    f->id = id;
    f->length = 1;
    f->data[0] = id;
    f->crc = crc16(&f->id, f->length + 2u);
}

int main(void)
{
    for (uint8_t id = 0;; id++) {
        frame_make(&g_log.last, id);
        if (frame_check(&g_log.last) > 0)
            g_log.sent++;
    }
}

void reset_handler(void)
{
    const uint32_t *from = &__data_load;

    for (uint32_t *to = &__data_start; to < &__data_end;)
        *to++ = *from++;
    for (uint32_t *to = &__bss_start; to < &__bss_end;)
        *to++ = 0;
    main();
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
    &__stack_top, (void *)reset_handler
};
