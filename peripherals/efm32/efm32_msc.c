/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 memory system controller: erases and writes the flash.
 *
 * Source: EFM32HG Reference Manual, chapter 7 (MSC); times from the data
 * sheet, "Flash".
 * Modelled: page erase, mass erase, single and triggered writes with their
 * times, the word time-out, erase abort, page lock words, LOCK and MASSLOCK,
 * interrupts.
 * Not modelled: see msc_gaps.
 */
#include "efm32_common.h"

enum {
    CTRL = 0x00,
    READCTRL = 0x04,
    WRITECTRL = 0x08,
    WRITECMD = 0x0c,
    ADDRB = 0x10,
    WDATA = 0x18,
    STATUS = 0x1c,
    IF = 0x2c,
    IFS = 0x30,
    IFC = 0x34,
    IEN = 0x38,
    LOCK = 0x3c,
    CMD = 0x40,
    CACHEHITS = 0x44,
    CACHEMISSES = 0x48,
    TIMEBASE = 0x50,
    MASSLOCK = 0x54,
    IRQLATENCY = 0x58
};

#define WRITECTRL_WREN (1u << 0)

#define WRITECMD_LADDRIM    (1u << 0)
#define WRITECMD_ERASEPAGE  (1u << 1)
#define WRITECMD_WRITEEND   (1u << 2)
#define WRITECMD_WRITEONCE  (1u << 3)
#define WRITECMD_WRITETRIG  (1u << 4)
#define WRITECMD_ERASEABORT (1u << 5)
#define WRITECMD_ERASEMAIN0 (1u << 8)
#define WRITECMD_CLEARWDATA (1u << 12)
#define WRITECMD_ALL        0x113fu

#define STATUS_BUSY         (1u << 0)
#define STATUS_LOCKED       (1u << 1)
#define STATUS_INVADDR      (1u << 2)
#define STATUS_WDATAREADY   (1u << 3)
#define STATUS_WORDTIMEOUT  (1u << 4)
#define STATUS_ERASEABORTED (1u << 5)
#define STATUS_PCRUNNING    (1u << 6)

#define IF_ERASE (1u << 0)
#define IF_WRITE (1u << 1)
#define IF_ALL   0xfu

#define CMD_INVCACHE (1u << 0)
#define CMD_STARTPC  (1u << 1)
#define CMD_STOPPC   (1u << 2)

enum { PAGE_SIZE = 1024, LOCK_KEY = 0x1b71, MASSLOCK_KEY = 0x631a };

/* Data sheet, "Flash": typical times. The time-out for the next word stands
 * at MSC_WRITECMD, WRITETRIG. */
enum {
    ERASE_PAGE_NS = 20400000,
    ERASE_ALL_NS = 40800000,
    WRITE_WORD_NS = 20000,
    NEXT_WORD_NS = 30000
};

enum { PARAM_MAIN, PARAM_LOCK_BITS };

static const char *const msc_params[] = {
    "main_base", /* address of the main flash */
    "lock_bits", /* address of the page with the lock words */
    NULL
};

typedef enum operation {
    OP_NONE,
    OP_ERASE_PAGE,
    OP_ERASE_ALL,
    OP_WRITE_ONCE,
    OP_WRITE_TRIG,
    OP_NEXT_WORD /* triggered write: the last word is in, waits for one more */
} operation;

typedef struct msc_state {
    uint32_t address; /* the internal write address, loaded from ADDRB */
    uint32_t word;    /* being written */
    uint32_t op;
    uint32_t ending;  /* WRITEEND came while a word was being written */
} msc_state;

static void update_irq(fwsim_periph *p)
{
    fwsim_irq_set(p, 0, fwsim_reg_get(p, IF) & fwsim_reg_get(p, IEN));
}

static void flag(fwsim_periph *p, uint32_t bits)
{
    fwsim_reg_update(p, IF, 0, bits);
    update_irq(p);
}

/* Lock bits page: bit n of the page lock words is 0 when page n is locked. */
static bool page_locked(fwsim_periph *p, uint32_t address)
{
    const uint32_t *param = fwsim_periph_slot(p)->param;
    uint32_t page = (address - param[PARAM_MAIN]) / PAGE_SIZE;
    uint32_t main_size = (uint32_t)fwsim_flash_size(p, param[PARAM_MAIN]);
    uint8_t byte;

    if (address - param[PARAM_MAIN] >= main_size ||
        !fwsim_dma_read(p, param[PARAM_LOCK_BITS] + page / 8, &byte, 1))
        return false;
    return !(byte >> page % 8 & 1);
}

static void begin(fwsim_periph *p, operation op, uint64_t ns)
{
    msc_state *s = fwsim_state(p);

    s->op = op;
    fwsim_reg_update(p, STATUS, 0, STATUS_BUSY);
    fwsim_event_set(p, 0, fwsim_ticks_from_ns(p, ns));
}

static void end(fwsim_periph *p, uint32_t status, uint32_t interrupt)
{
    msc_state *s = fwsim_state(p);

    s->op = OP_NONE;
    s->ending = false;
    fwsim_event_cancel(p, 0);
    fwsim_reg_update(p, STATUS, STATUS_BUSY, status);
    flag(p, interrupt);
}

/* Checks that come before each erase and write. */
static bool permitted(fwsim_periph *p)
{
    const msc_state *s = fwsim_state(p);

    fwsim_reg_update(p, STATUS, STATUS_WORDTIMEOUT | STATUS_ERASEABORTED |
                                    STATUS_LOCKED, 0);
    if (!(fwsim_reg_get(p, WRITECTRL) & WRITECTRL_WREN)) {
        fwsim_guest_error(p, "erase or write without WRITECTRL.WREN");
        return false;
    }
    if (fwsim_reg_get(p, STATUS) & STATUS_INVADDR) {
        fwsim_guest_error(p, "erase or write at 0x%08x, which is no flash",
                          (unsigned)s->address);
        return false;
    }
    if (page_locked(p, s->address)) {
        fwsim_reg_update(p, STATUS, 0, STATUS_LOCKED);
        return false;
    }
    return true;
}

static void load_address(fwsim_periph *p)
{
    msc_state *s = fwsim_state(p);

    s->address = fwsim_reg_get(p, ADDRB) & ~3u;
    fwsim_reg_update(p, STATUS, STATUS_INVADDR | STATUS_LOCKED,
                     fwsim_flash_size(p, s->address) ? 0 : STATUS_INVADDR);
}

/* The controller takes the word from WDATA; the register is free again. */
static void write_word(fwsim_periph *p, operation op)
{
    msc_state *s = fwsim_state(p);

    s->word = fwsim_reg_get(p, WDATA);
    fwsim_reg_update(p, STATUS, 0, STATUS_WDATAREADY);
    begin(p, op, WRITE_WORD_NS);
}

/* A triggered write: the next word, or wait until it comes. */
static void write_next(fwsim_periph *p)
{
    if (fwsim_reg_get(p, STATUS) & STATUS_WDATAREADY)
        begin(p, OP_NEXT_WORD, NEXT_WORD_NS);
    else
        write_word(p, OP_WRITE_TRIG);
}

static void erase_all(fwsim_periph *p)
{
    if (fwsim_reg_get(p, MASSLOCK)) {
        fwsim_guest_error(p, "ERASEMAIN0 while MASSLOCK is locked");
        return;
    }
    if (!(fwsim_reg_get(p, WRITECTRL) & WRITECTRL_WREN)) {
        fwsim_guest_error(p, "ERASEMAIN0 without WRITECTRL.WREN");
        return;
    }
    begin(p, OP_ERASE_ALL, ERASE_ALL_NS);
}

static void page_command(fwsim_periph *p, uint32_t written)
{
    if (!permitted(p))
        return;
    if (written & WRITECMD_ERASEPAGE)
        begin(p, OP_ERASE_PAGE, ERASE_PAGE_NS);
    else if (written & WRITECMD_WRITETRIG)
        write_next(p);
    else
        write_word(p, OP_WRITE_ONCE);
}

static void busy_command(fwsim_periph *p, uint32_t written)
{
    msc_state *s = fwsim_state(p);

    if ((written & WRITECMD_ERASEABORT) && s->op == OP_ERASE_PAGE)
        end(p, STATUS_ERASEABORTED, 0);
    else if ((written & WRITECMD_WRITEEND) && s->op == OP_NEXT_WORD)
        end(p, 0, IF_WRITE);
    else if ((written & WRITECMD_WRITEEND) && s->op == OP_WRITE_TRIG)
        s->ending = true;
}

static void writecmd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if (fwsim_reg_get(p, LOCK)) {
        fwsim_guest_error(p, "WRITECMD 0x%x while LOCK is locked",
                          (unsigned)written);
        return;
    }
    /* MSC_STATUS, BUSY: new commands are ignored. */
    if (fwsim_reg_get(p, STATUS) & STATUS_BUSY) {
        busy_command(p, written);
        return;
    }
    if (written & WRITECMD_LADDRIM)
        load_address(p);
    if (written & WRITECMD_CLEARWDATA)
        fwsim_reg_update(p, STATUS, 0, STATUS_WDATAREADY);
    if (written & WRITECMD_ERASEMAIN0)
        erase_all(p);
    else if (written & (WRITECMD_ERASEPAGE | WRITECMD_WRITETRIG |
                        WRITECMD_WRITEONCE))
        page_command(p, written);
}

static void wdata_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    msc_state *s = fwsim_state(p);

    (void)index;
    (void)written;
    fwsim_reg_update(p, STATUS, STATUS_WDATAREADY, 0);
    if (s->op == OP_NEXT_WORD)
        write_word(p, OP_WRITE_TRIG);
}

/* A word is in: MSC_WRITECMD, the address wraps at the end of the page. */
static void word_done(fwsim_periph *p)
{
    msc_state *s = fwsim_state(p);
    uint8_t bytes[4] = { s->word & 0xff, s->word >> 8 & 0xff,
                         s->word >> 16 & 0xff, s->word >> 24 };
    uint32_t page = s->address & ~(PAGE_SIZE - 1u);

    fwsim_flash_program(p, s->address, bytes, sizeof(bytes));
    s->address = page + (s->address + 4) % PAGE_SIZE;

    if (s->op == OP_WRITE_ONCE || s->ending)
        end(p, 0, IF_WRITE);
    else
        write_next(p);
}

static void msc_event(fwsim_periph *p, unsigned id)
{
    const msc_state *s = fwsim_state(p);
    uint32_t main_base = fwsim_periph_slot(p)->param[PARAM_MAIN];

    (void)id;
    switch (s->op) {
    case OP_ERASE_PAGE:
        fwsim_flash_erase(p, s->address & ~(PAGE_SIZE - 1u), PAGE_SIZE);
        end(p, 0, IF_ERASE);
        break;
    case OP_ERASE_ALL:
        fwsim_flash_erase(p, main_base, fwsim_flash_size(p, main_base));
        end(p, 0, IF_ERASE);
        break;
    case OP_NEXT_WORD:
        end(p, STATUS_WORDTIMEOUT, IF_WRITE);
        break;
    default:
        word_done(p);
        break;
    }
}

/* MSC_LOCK and MSC_MASSLOCK: read 0 when unlocked, 1 when locked. */
static void lock_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_reg_set(p, LOCK, (written & 0xffff) != LOCK_KEY);
}

static void masslock_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_reg_set(p, MASSLOCK, (written & 0xffff) != MASSLOCK_KEY);
}

static void cmd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if (written & CMD_STOPPC)
        fwsim_reg_update(p, STATUS, STATUS_PCRUNNING, 0);
    else if (written & CMD_STARTPC)
        fwsim_reg_update(p, STATUS, 0, STATUS_PCRUNNING);
}

EFM32_INTERRUPT_WRITES(IF_ALL, update_irq)

static void msc_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    msc_state *s = fwsim_state(p);

    (void)kind;
    *s = (msc_state){ 0 };
    update_irq(p);
}

/* clang-format off */
static const fwsim_reg msc_regs[] = {
    { "CTRL",        CTRL,        .reset = 0x1, .rw = 0x1 },
    { "READCTRL",    READCTRL,    .reset = 0x1, .rw = 0x9f },
    { "WRITECTRL",   WRITECTRL,   .rw = 0x3, .unimpl = 0x2 },
    { "WRITECMD",    WRITECMD,    .wo = WRITECMD_ALL, .on_write = writecmd_written },
    { "ADDRB",       ADDRB,       .rw = 0xffffffff },
    { "WDATA",       WDATA,       .rw = 0xffffffff, .on_write = wdata_written },
    { "STATUS",      STATUS,      .reset = STATUS_WDATAREADY },
    { "IF",          IF, .reset = 0x0 },
    { "IFS",         IFS,         .wo = IF_ALL, .on_write = ifs_written },
    { "IFC",         IFC,         .wo = IF_ALL, .on_write = ifc_written },
    { "IEN",         IEN,         .rw = IF_ALL, .on_write = ien_written },
    { "LOCK",        LOCK,        .rw = 0xffff, .on_write = lock_written },
    { "CMD",         CMD,         .wo = 0x7, .on_write = cmd_written },
    { "CACHEHITS",   CACHEHITS, .reset = 0x0 },
    { "CACHEMISSES", CACHEMISSES, .reset = 0x0 },
    { "TIMEBASE",    TIMEBASE,    .reset = 0x10, .rw = 0x1003f },
    { "MASSLOCK",    MASSLOCK,    .reset = 0x1, .rw = 0xffff, .on_write = masslock_written },
    { "IRQLATENCY",  IRQLATENCY,  .rw = 0xff },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const msc_gaps[] = {
    "the core is not stalled when it fetches from flash that is being written",
    "cache: no hits or misses are counted, CHOF and CMOF never rise",
    "LOCK protects WRITECMD only; CTRL, READCTRL and TIMEBASE stay writable",
    "TIMEBASE and AUXHFRCO: times are right whatever is set there",
    "lock words of the user page, of mass erase and of the debug port",
    "IRQERASEABORT: an interrupt does not abort an erase",
    NULL
};

const fwsim_periph_type efm32_msc = {
    .name = "efm32_msc",
    .summary = "EFM32 memory system controller: flash erase and write",
    .source = "EFM32HG Reference Manual, chapter 7",
    .gaps = msc_gaps,
    .size = 0x400,
    .regs = msc_regs,
    .state_size = sizeof(msc_state),
    .irqs = 1,
    .params = msc_params,
    .on_reset = msc_reset,
    .on_event = msc_event,
};
