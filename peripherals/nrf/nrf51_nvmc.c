/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nRF51 non-volatile memory controller: programs and erases the code flash and
 * the UICR.
 *
 * Source: nRF51 Series Reference Manual v3.0, chapter 6; times from the
 * nRF51822 Product Specification v3.1, NVMC specifications.
 */
#include "fwsim_periph.h"

enum {
    READY = 0x400,
    CONFIG = 0x504,
    ERASEPAGE = 0x508,
    ERASEALL = 0x50c,
    ERASEPCR0 = 0x510,
    ERASEUICR = 0x514
};

enum { CONFIG_WEN = 1, CONFIG_EEN = 2 };
enum { EVENT_READY };

/* The same in all chips of the series (chapter 5). */
#define CODE_BASE 0x00000000u
#define UICR_BASE 0x10001000u

#define WORD_WRITE_NS 46300u
#define ERASE_NS      22300000u

static void busy(fwsim_periph *p, uint64_t ns)
{
    fwsim_reg_set(p, READY, 0);
    fwsim_event_set(p, EVENT_READY, fwsim_ticks_from_ns(p, ns));
}

static void nvmc_event(fwsim_periph *p, unsigned id)
{
    (void)id;
    fwsim_reg_set(p, READY, 1);
}

static void erase(fwsim_periph *p, uint32_t address, uint64_t size)
{
    if (fwsim_reg_get(p, CONFIG) != CONFIG_EEN) {
        fwsim_guest_error(p, "erase at 0x%08x without CONFIG.EEN",
                          (unsigned)address);
        return;
    }
    if (!fwsim_flash_erase(p, address, size)) {
        fwsim_guest_error(p, "erase at 0x%08x, which is no flash",
                          (unsigned)address);
        return;
    }
    busy(p, ERASE_NS);
}

static void erasepage_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    const uint32_t page = 1024; /* FICR CODEPAGESIZE of all nRF51 */

    (void)index;
    erase(p, written & ~(page - 1), page);
}

static void eraseuicr_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if (written & 1)
        erase(p, UICR_BASE, fwsim_flash_size(p, UICR_BASE));
}

static void eraseall_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    /* Chapter 6: code and UICR together. */
    if (written & 1)
        erase(p, CODE_BASE, fwsim_flash_size(p, CODE_BASE));
    eraseuicr_written(p, index, written);
}

static bool nvmc_flash_write(fwsim_periph *p, uint64_t address, unsigned width,
                             uint32_t value)
{
    const uint8_t bytes[] = { (uint8_t)value, (uint8_t)(value >> 8),
                              (uint8_t)(value >> 16), (uint8_t)(value >> 24) };

    /* 6.1.1: byte and halfword writes result in a hard fault. */
    if (width != sizeof bytes)
        return false;
    if (fwsim_reg_get(p, CONFIG) != CONFIG_WEN) {
        fwsim_guest_error(p, "write to flash at 0x%08x without CONFIG.WEN",
                          (unsigned)address);
        return true;
    }
    busy(p, WORD_WRITE_NS);
    return fwsim_flash_program(p, address, bytes, sizeof bytes);
}

/* clang-format off */
static const fwsim_reg nvmc_regs[] = {
    { "READY", READY, .reset = 1 },
    { "CONFIG", CONFIG, .rw = 0x3 },
    { "ERASEPAGE", ERASEPAGE, .rw = 0xffffffff, .on_write = erasepage_written },
    { "ERASEALL", ERASEALL, .wo = 0x1, .on_write = eraseall_written },
    { "ERASEPCR0", ERASEPCR0, .rw = 0xffffffff, .on_write = erasepage_written },
    { "ERASEUICR", ERASEUICR, .wo = 0x1, .on_write = eraseuicr_written },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const nvmc_gaps[] = {
    "the CPU is not halted while flash is written or erased; it sees READY 0",
    "code regions 0 and 1 are not told apart, protected pages can be erased",
    "wear and the limit of writes to a word between erases",
    NULL
};

const fwsim_periph_type nrf51_nvmc = {
    .name = "nrf51_nvmc",
    .summary = "flash controller: word writes, page and full erase",
    .source = "nRF51 Series Reference Manual v3.0, chapter 6",
    .gaps = nvmc_gaps,
    .size = 0x1000,
    .regs = nvmc_regs,
    .on_event = nvmc_event,
    .on_flash_write = nvmc_flash_write,
};
