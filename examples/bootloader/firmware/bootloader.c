/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A boot loader for the nRF51822: when a newer application is staged, it copies
 * it over the one that runs, then calls that. The power may go at any time.
 *
 * What makes it safe: the staged image is never touched, the header of the copy
 * is written last, and nothing is believed without its checksum. A copy that
 * was cut short has no valid header, and is made again at the next boot.
 *
 * With -DCARELESS it is what one writes first: it copies from the first word to
 * the last, and believes a header that has the right magic number.
 *
 * Source: nRF51 Series Reference Manual 3.0, chapters 6 (NVMC) and 29 (UART).
 */
#include <stdbool.h>
#include <stdint.h>

#include "../image.h"

#define REG(addr) (*(volatile uint32_t *)(addr))

#define UART_STARTTX REG(0x40002008)
#define UART_TXDRDY REG(0x4000211c)
#define UART_ENABLE REG(0x40002500)
#define UART_PSELTXD REG(0x4000250c)
#define UART_TXD REG(0x4000251c)
#define UART_BAUDRATE REG(0x40002524)

#define NVMC_READY REG(0x4001e400)
#define NVMC_CONFIG REG(0x4001e504)
#define NVMC_ERASEPAGE REG(0x4001e508)
enum { READ_ONLY, WRITE, ERASE };

#ifdef CARELESS
enum { IS_CARELESS = 1 };
#else
enum { IS_CARELESS = 0 };
#endif

extern uint32_t __stack_top;

/* ------------------------------------------------------------------ */
/* Serial line                                                          */
/* ------------------------------------------------------------------ */

static void put(char c)
{
    UART_TXDRDY = 0;
    UART_TXD = (uint8_t)c;
    while (!UART_TXDRDY)
        ;
}

static void print(const char *text)
{
    while (*text)
        put(*text++);
}

/* ------------------------------------------------------------------ */
/* Flash                                                                */
/* ------------------------------------------------------------------ */

static void flash_mode(uint32_t mode)
{
    NVMC_CONFIG = mode;
    while (!NVMC_READY)
        ;
}

static void erase_slot(uint32_t slot)
{
    flash_mode(ERASE);
    for (uint32_t at = 0; at < SLOT_SIZE; at += PAGE_SIZE) {
        NVMC_ERASEPAGE = slot + at;
        while (!NVMC_READY)
            ;
    }
    flash_mode(READ_ONLY);
}

static void copy(uint32_t to, uint32_t from, uint32_t size)
{
    flash_mode(WRITE);
    for (uint32_t at = 0; at < size; at += 4) {
        REG(to + at) = REG(from + at);
        while (!NVMC_READY)
            ;
    }
    flash_mode(READ_ONLY);
}

/* ------------------------------------------------------------------ */
/* Images                                                               */
/* ------------------------------------------------------------------ */

static bool is_valid(uint32_t slot)
{
    const image_header *h = (const image_header *)slot;
    uint32_t after_crc = sizeof h->magic + sizeof h->crc;

    if (h->magic != IMAGE_MAGIC)
        return false;
    if (IS_CARELESS)
        return true;
    /* The size is not known to be one before the checksum is right. */
    if (h->size > SLOT_SIZE - sizeof *h)
        return false;
    return crc32_of((const uint8_t *)slot + after_crc,
                    sizeof *h - after_crc + h->size, 0) == h->crc;
}

static uint32_t version_of(uint32_t slot)
{
    return ((const image_header *)slot)->version;
}

static void install(void)
{
    const image_header *staged = (const image_header *)STAGED_SLOT;
    uint32_t header = sizeof *staged;

    erase_slot(ACTIVE_SLOT);
    if (IS_CARELESS) {
        copy(ACTIVE_SLOT, STAGED_SLOT, header + staged->size);
        return;
    }
    copy(ACTIVE_SLOT + header, STAGED_SLOT + header, staged->size);
    copy(ACTIVE_SLOT, STAGED_SLOT, header);
}

static bool wants_update(void)
{
    return is_valid(STAGED_SLOT) &&
           (!is_valid(ACTIVE_SLOT) ||
            version_of(ACTIVE_SLOT) != version_of(STAGED_SLOT));
}

/** The code of an image: it returns its version, at its end as well. */
static void run(uint32_t slot)
{
    const image_header *h = (const image_header *)slot;
    uint32_t code = slot + sizeof *h;
    uint32_t (*first)(void) = (uint32_t (*)(void))(code | 1);
    uint32_t (*last)(void) = (uint32_t (*)(void))((code + h->size - 4) | 1);
    uint32_t version = first();

    if (version == h->version && last() == version) {
        print("app ");
        put((char)('0' + version));
        print(" runs\n");
    } else {
        print("app is broken\n");
    }
}

void reset_handler(void)
{
    UART_PSELTXD = 24;
    UART_BAUDRATE = 0x01d7e000; /* 115200 */
    UART_ENABLE = 4;
    UART_STARTTX = 1;
    if (wants_update())
        install();
    if (is_valid(ACTIVE_SLOT))
        run(ACTIVE_SLOT);
    else
        print("no app\n");
    for (;;)
        __asm__ volatile("wfi");
}

static void fault_handler(void)
{
    for (;;)
        ;
}

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    [0] = &__stack_top, [1] = (void *)reset_handler,
    [2] = (void *)fault_handler, [3] = (void *)fault_handler
};
