/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transfers that a structure in memory describes, as ARM's PL230 controller
 * has them (DDI 0417A chapter 2): a table of four words a channel, to whose
 * base a register points. EFM32LG RM 8: the same controller, with flags and
 * enable bits for the interrupt in the next page.
 */
#include "infer/dma.h"

enum {
    /* DDI 0417A table 3-1 */
    CTRL_BASE_PTR = 0x008,
    CHNL_ENABLE_SET = 0x028,
    TABLE_ALIGN = 0x80, /* 16 bytes a channel, in powers of two, and twice */
    ENTRY_SIZE = 16,
    PAGE = 0x1000,
    /* EFM32LG RM 8.6: DMA_IF, DMA_IFC */
    FLAGS = 0x1000,
    FLAGS_CLEAR = 0x1008,
    ALL = 32 /* channels */
};

/** channel_cfg, DDI 0417A table 2-9 */
enum {
    CYCLE = 7, /* 0: stopped; 1 to 3: runs from this structure */
    CYCLE_LAST = 3,
    COUNT_LSB = 4,
    COUNT_BITS = 0x3ff, /* - 1 */
    SRC_SIZE_LSB = 24,
    SRC_INC_LSB = 26,
    DST_SIZE_LSB = 28,
    DST_INC_LSB = 30,
    FIXED = 3 /* the address does not change */
};

static uint32_t field(uint32_t word, unsigned lsb)
{
    return word >> lsb & 3;
}

/** First address, where the structure has the last one. */
static uint64_t start_of(uint32_t end, uint32_t steps, unsigned inc)
{
    return inc == FIXED ? end : end - (steps << inc);
}

/** A structure that can run. */
static bool is_ready(uint32_t config)
{
    return (config & CYCLE) && (config & CYCLE) <= CYCLE_LAST &&
           field(config, SRC_SIZE_LSB) == field(config, DST_SIZE_LSB) &&
           field(config, SRC_SIZE_LSB) != 3;
}

/** The controller's first register; 0: @a c points to no table of one. */
static uint64_t controller_at(const fwsim__infer *f, const fwsim__cell *c)
{
    uint64_t block = c->addr - CTRL_BASE_PTR;

    return block % PAGE == 0 && c->width == 4 && c->writes &&
                   c->last_write % TABLE_ALIGN == 0 &&
                   fwsim__dma_is_ram(f, c->last_write, TABLE_ALIGN)
               ? block
               : 0;
}

static fwsim__cell *controller_near(const fwsim__infer *f, uint64_t addr)
{
    uint64_t page = addr - addr % PAGE;

    for (unsigned i = 0; i < 2; i++, page -= PAGE) {
        fwsim__cell *c = fwsim__cell_find(f, page + CTRL_BASE_PTR);

        if (c && controller_at(f, c))
            return c;
    }
    return NULL;
}

/** What the controller leaves behind: DDI 0417A 2.4.3. */
static void finish(fwsim__infer *f, uint64_t entry, uint32_t config,
                   uint64_t block, unsigned channel)
{
    fwsim__cell *enable = fwsim__cell_find(f, block + CHNL_ENABLE_SET);
    fwsim__cell *flags = fwsim__cell_at(f, block + FLAGS, 4);

    fwsim__dma_set_word(f, entry + 8,
                        config & ~(uint32_t)(CYCLE | COUNT_BITS << COUNT_LSB));
    if (enable) {
        fwsim__touch(&f->touched_cells, (size_t)(enable - f->cell));
        enable->written &= ~(1u << channel);
    }
    if (flags) {
        fwsim__touch(&f->touched_cells, (size_t)(flags - f->cell));
        flags->fixed = UINT32_MAX;
        flags->written |= 1u << channel;
    }
}

static bool run(fwsim__infer *f, const fwsim__cell *base, uint64_t block,
                unsigned channel)
{
    uint64_t entry = base->last_write + (uint64_t)channel * ENTRY_SIZE;
    uint32_t config = fwsim__dma_word(f, entry + 8);
    uint32_t steps = config >> COUNT_LSB & COUNT_BITS;
    fwsim__transfer t;

    if (!is_ready(config))
        return false;
    t = (fwsim__transfer){
        .from = start_of(fwsim__dma_word(f, entry), steps,
                         field(config, SRC_INC_LSB)),
        .to = start_of(fwsim__dma_word(f, entry + 4), steps,
                       field(config, DST_INC_LSB)),
        .size = (steps + 1) << field(config, DST_SIZE_LSB),
    };
    fwsim__dma_move(f, &t, t.from);
    finish(f, entry, config, block, channel);
    return true;
}

void fwsim__dma_memory_written(fwsim__infer *f, const fwsim__cell *c)
{
    const fwsim__cell *base = controller_near(f, c->addr);
    uint64_t block = base ? controller_at(f, base) : 0;
    fwsim__cell *flags;

    if (!base)
        return;
    if (c->addr == block + CHNL_ENABLE_SET)
        f->st.started |= c->last_write;
    flags = fwsim__cell_find(f, block + FLAGS);
    if (flags && flags->fixed && c->addr == block + FLAGS_CLEAR) {
        fwsim__touch(&f->touched_cells, (size_t)(flags - f->cell));
        flags->written &= ~c->last_write;
    }
    if (c->addr == block + CHNL_ENABLE_SET)
        f->st.table = (uint32_t)(base - f->cell) + 1;
}

bool fwsim__dma_has_ended(const fwsim__infer *f, const fwsim__cell *c)
{
    const fwsim__cell *base = f->st.table ? &f->cell[f->st.table - 1] : NULL;

    return base && c->addr == controller_at(f, base) + FLAGS && c->written;
}

void fwsim__dma_memory_complete(fwsim__infer *f)
{
    const fwsim__cell *base = f->st.table ? &f->cell[f->st.table - 1] : NULL;

    for (unsigned i = 0; base && f->st.started && i < ALL; i++)
        if (f->st.started >> i & 1 &&
            run(f, base, controller_at(f, base), i))
            f->st.started &= ~(1u << i);
}
