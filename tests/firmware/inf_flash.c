/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A watchdog whose settings are locked and take their time, and the controller
 * of a flash: keys, busy, end of operation, errors.
 */
#include "inf.h"

enum { FLASH = 0x40022400, WDG = 0x40003400 };
#define KEY REG(FLASH + 0x04)
#define STAT REG(FLASH + 0x0c)
#define CTL REG(FLASH + 0x10)
#define ADDRESS REG(FLASH + 0x14)
#define WORD REG(FLASH + 0x18)
#define WDG_KEY REG(WDG + 0x00)
#define WDG_PSC REG(WDG + 0x04)
#define WDG_RELOAD REG(WDG + 0x08)
#define WDG_STAT REG(WDG + 0x0c)

enum {
    BUSY = BIT(0),
    PROGRAM_ERROR = BIT(2),
    PROTECTED = BIT(4),
    END = BIT(5),
    PROGRAM = BIT(0),
    ERASE = BIT(1),
    GO = BIT(6),
    LOCK = BIT(7),
    PSC_UPDATES = BIT(0),
    RELOAD_UPDATES = BIT(1)
};

static void watchdog_start(void)
{
    WDG_KEY = 0xcccc;
    WDG_KEY = 0x5555;
    while (WDG_STAT & PSC_UPDATES)
        ;
    WDG_PSC = 4;
    while (WDG_STAT & RELOAD_UPDATES)
        ;
    WDG_RELOAD = 0xfff;
    while (WDG_STAT)
        ;
    WDG_KEY = 0xaaaa;
}

static int flash_wait(void)
{
    uint32_t since = ticks;

    while (STAT & BUSY)
        if (timed_out(since, 10))
            return -1;
    if (STAT & (PROGRAM_ERROR | PROTECTED)) {
        STAT = PROGRAM_ERROR | PROTECTED;
        return -2;
    }
    return 0;
}

static void flash_unlock(void)
{
    if (!(CTL & LOCK))
        return;
    KEY = 0x45670123;
    KEY = 0xcdef89ab;
}

static int flash_erase(uint32_t page)
{
    int err = flash_wait();

    if (err)
        return err;
    CTL |= ERASE;
    ADDRESS = page;
    CTL |= GO;
    err = flash_wait();
    CTL &= ~(uint32_t)ERASE;
    return err;
}

static int flash_write(uint32_t addr, const uint32_t *words, unsigned count)
{
    int err = 0;

    CTL |= PROGRAM;
    for (; count-- && !err; addr += 4) {
        ADDRESS = addr;
        WORD = *words++;
        err = flash_wait();
        if (!(STAT & END))
            err = err ? err : -3;
        STAT = END;
    }
    CTL &= ~(uint32_t)PROGRAM;
    return err;
}

int main(void)
{
    static const uint32_t settings[4] = { 1, 2, 3, 4 };

    ticks_start();
    watchdog_start();
    flash_unlock();
    check(flash_erase(0x0801f000) == 0);
    check(flash_write(0x0801f000, settings, 4) == 0);
    CTL |= LOCK;
    done();
    for (;;)
        WDG_KEY = 0xaaaa;
}
