/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accesses that no model answers: keep what firmware writes, give what is
 * known of a register, ask for an analysis when that may not do.
 *
 * This is the hot path of inference. A read of a known site costs two look-ups
 * and reads no register of the core.
 */
#include "infer/infer.h"

enum {
    BUSY_CHANGES = 24,   /* a register written so often is no setting */
    SITES_OF_AREA = 768, /* beyond, the state of an area is ignored */
    PATIENCE = 3,        /* visits without anything new, then look again */
    PATIENCE_MAX = 1 << 20,
    BORED_TICKS = 10000,
    FREE_RELOOKS = 128,
    READS_A_RELOOK = 20000,
    NUMBER = 0x3f        /* fewer bits are a field */
};

static uint32_t width_mask(unsigned width)
{
    return width >= 4 ? UINT32_MAX : (1u << 8 * width) - 1;
}

static unsigned ones(uint32_t value)
{
    return (unsigned)__builtin_popcount(value);
}

/* ------------------------------------------------------------------ */
/* Values                                                               */
/* ------------------------------------------------------------------ */

bool fwsim__cell_is_data(const fwsim__cell *c)
{
    return !c->written_back && !(c->ones | c->zeros | c->contested) &&
           (c->after_wait || c->busy || !c->writes || c->compared ||
            (c->stored && !c->tested));
}

uint32_t fwsim__cell_value(const fwsim__infer *f, const fwsim__cell *c)
{
    uint32_t kept;

    /* What was sent is not what is received; a setting that is written once,
     * when the clock it needs is ready, is read as it was written. */
    if (c->after_wait && c->writes > 1 && fwsim__cell_is_data(c))
        return c->ones;
    /* A hint, unless the firmware relies on the opposite. */
    kept = c->elusive && !c->written_back ? c->reset : c->written;
    if (c->counting)
        return (uint32_t)(f->m->now - c->since) & width_mask(c->width);
    return ((kept & ~c->zeros) | c->ones) & width_mask(c->width);
}

/** The part of a register that an access sees. */
static uint32_t part(const fwsim__cell *c, uint64_t addr, unsigned width,
                     uint32_t value)
{
    return value >> 8 * (addr - c->addr) & width_mask(width);
}

/** A bit-band address shows one bit of memory or of a register. */
static bool peek_bit(fwsim__infer *f, uint64_t byte, unsigned bit,
                     uint32_t *value)
{
    uint8_t memory;

    if (!fwsim__mem_at(f->m, byte)) {
        if (!fwsim__infer_peek(f, (uint32_t)byte, 1, value))
            return false;
    } else {
        fwsim_mem_read(f->m, byte, &memory, 1);
        *value = memory;
    }
    *value = *value >> bit & 1;
    return true;
}

bool fwsim__infer_peek(void *user, uint32_t addr, unsigned width,
                       uint32_t *value)
{
    fwsim__infer *f = user;
    const fwsim__window *w = fwsim__window_at(f->m, addr);
    const fwsim__cell *c;
    uint64_t byte;
    unsigned bit;

    *value = 0;
    if (!w)
        return false;
    if (f->insight->bit_alias(f->m->cpu, addr, &byte, &bit))
        return peek_bit(f, byte, bit, value);
    if (w->access)
        return f->insight->peek(f->m->cpu, addr, width, value);
    if (w->periph && fwsim__regs_peek(w->periph, (uint32_t)(addr - w->base),
                                      width, value))
        return true;
    c = fwsim__cell_find(f, addr);
    if (!c)
        c = fwsim__cell_find(f, addr & ~3u);
    f->asked |= c && fwsim__dma_has_ended(f, c);
    if (c && addr - c->addr < c->width)
        *value = part(c, addr, width, fwsim__cell_value(f, c));
    return true;
}

/** A register that is accessed next to a wait for "ready" in its area is what
 * was waited for. */
static void note_waited(fwsim__infer *f, fwsim__cell *c, bool write)
{
    bool ready = !write && (c->ones | c->zeros | c->contested);

    if (write && f->st.waited == c->area + 1)
        c->after_wait = true;
    else if (write)
        c->unprompted = true;
    f->st.waited = ready ? c->area + 1 : 0;
}

/* ------------------------------------------------------------------ */
/* Writes                                                               */
/* ------------------------------------------------------------------ */

/** Settings of software are what the meaning of a status depends on. */
static void note_setting(fwsim__infer *f, fwsim__cell *c, uint32_t before)
{
    fwsim__area *a = fwsim__area_of(f, c);

    if (c->busy)
        return;
    a->state ^= fwsim__mix(c->addr, before) ^ fwsim__mix(c->addr, c->written);
    if (++c->changes >= BUSY_CHANGES) {
        c->busy = true;
        a->state ^= fwsim__mix(c->addr, c->written) ^ fwsim__mix(c->addr, 0);
    }
}

/**
 * What a write leaves to be read. A value that is all ones but for a few bits,
 * in a register that is not read, modified and written, clears flags by
 * zeros; ones in bits that are acknowledged so clear them.
 */
static uint32_t stored_by(const fwsim__cell *c, uint32_t value, uint32_t lanes)
{
    unsigned width = 8 * c->width;

    if (lanes == width_mask(c->width) && width > 8 &&
        ones(value) + 6 >= width && ones(value) < width && !c->written_back)
        return c->written & value;
    if (c->flags & value & lanes)
        return (c->written & ~lanes) | (value & lanes & ~c->flags);
    return (c->written & ~lanes) | (value & lanes);
}

static void write_cell(fwsim__infer *f, fwsim__cell *c, uint64_t addr,
                       unsigned width, uint32_t value)
{
    unsigned shift = 8 * (unsigned)(addr - c->addr);
    uint32_t lanes = width_mask(width) << shift;
    uint32_t before = c->written;

    value <<= shift;
    c->writes++;
    c->plural |= ones(value) != 1;
    c->last_write = (c->last_write & ~lanes) | value;
    c->ever_set |= value & ~fwsim__cell_value(f, c);
    c->written = stored_by(c, value, lanes);
    if (c->written != before)
        note_setting(f, c, before);
    fwsim__dma_written(f, c);
}

/* ------------------------------------------------------------------ */
/* Reads                                                                */
/* ------------------------------------------------------------------ */

/** The place in the code, cheaply: block and number of the access in it. */
static void place(fwsim__infer *f, fwsim__live_site *key)
{
    fwsim__infer_state *st = &f->st;

    key->block = f->insight ? f->insight->block(f->m->cpu) : 0;
    if (key->block == st->last_block && f->m->now == st->last_tick)
        st->nth++;
    else
        st->nth = 0;
    st->last_block = key->block;
    st->last_tick = f->m->now;
    key->nth = (uint16_t)st->nth;
}

static uint32_t state_for(const fwsim__infer *f, const fwsim__cell *c)
{
    const fwsim__area *a = fwsim__area_of(f, c);

    return a->sites < SITES_OF_AREA ? a->state : 0;
}

static fwsim__live_site *new_site(fwsim__infer *f, fwsim__live_site *key,
                                  fwsim__cell *c, unsigned exception)
{
    fwsim__live_site *site;

    key->cell = (uint32_t)(c - f->cell);
    key->handler = exception >= 16;
    key->patience = PATIENCE;
    key->answers = 1;
    site = fwsim__live_site_add(f, key);
    if (site)
        fwsim__area_of(f, c)->sites++;
    return site;
}

/** When nothing new has run for a while, looking again must be worth it: some
 * are free, then one comes with so many reads. */
static bool may_look_again(fwsim__infer *f)
{
    fwsim__infer_state *st = &f->st;

    if (st->news != st->novelty_at) {
        st->news = st->novelty_at;
        st->news_reads = st->reads;
        st->news_relooks = st->relooks;
    }
    return st->relooks - st->news_relooks <
           FREE_RELOOKS + (st->reads - st->news_reads) / READS_A_RELOOK;
}

/** Is it time to look again? */
static bool is_due(fwsim__infer *f, fwsim__cell *c, fwsim__live_site *s,
                   bool *stuck)
{
    if (s->writes_seen == f->st.writes)
        s->quiet++;
    else
        s->quiet = 0;
    s->writes_seen = f->st.writes;
    *stuck = s->quiet >= s->patience;
    if (*stuck) {
        s->quiet = 0;
        if (s->patience < PATIENCE_MAX)
            s->patience *= 4;
        return true;
    }
    if (s->explores)
        return s->visits >= s->next_look;
    *stuck = c->reads >= c->next_look &&
             f->m->now - f->st.novelty_at >= BORED_TICKS;
    if (*stuck)
        c->next_look = c->reads * 8;
    return *stuck;
}

static uint32_t answer_of(const fwsim__infer *f, fwsim__live_site *s,
                          const fwsim__cell *c)
{
    uint32_t mask = s->mask & ~c->fixed;
    uint32_t bits = s->answer[s->turn] & mask;

    if (s->answers > 1)
        s->turn = (uint8_t)((s->turn + 1) % s->answers);
    s->said = (fwsim__cell_value(f, c) & ~mask) | bits;
    return s->said;
}

/** Bits that the firmware has used. */
static uint32_t used_bits(const fwsim__cell *c)
{
    return c->stored | c->tested;
}

/** A number from the lowest bit on, with single flags above it at most: a status
 * and a setting have fields. */
static bool is_number(uint32_t used)
{
    uint32_t above = used & (used + 1);

    return (used & NUMBER) == NUMBER && !(above & above >> 1);
}

/** Compared with numbers, it is data where it is no setting and its peripheral
 * was set up: an identity is just there. */
static bool is_compared(const fwsim__infer *f, const fwsim__cell *c)
{
    return c->compared && (!c->writes || c->busy) &&
           fwsim__area_of(f, c)->state;
}

/** Is it a register that input comes from? */
static bool delivers(const fwsim__infer *f, const fwsim__cell *c)
{
    return !c->counting && fwsim__cell_is_data(c) && is_number(used_bits(c)) &&
           (c->after_wait || is_compared(f, c));
}

/** Input of a stream, as many bytes as the firmware looks at; without a stream,
 * or at its end, @a value stays. */
static void take_input(fwsim__infer *f, const fwsim__cell *c, unsigned width,
                       uint32_t *value)
{
    uint32_t used = used_bits(c);
    size_t size = used > 0xffff ? 4 : used > 0xff ? 2 : 1;
    uint8_t bytes[4] = { 0 };

    if (fwsim__stream_take(f, c->addr, bytes, size < width ? size : width))
        *value = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                 (uint32_t)bytes[3] << 24;
}

static bool read_cell(fwsim__infer *f, fwsim__cell *c, uint64_t addr,
                      unsigned width, uint32_t *value)
{
    unsigned exception = f->insight ? f->insight->exception(f->m->cpu) : 0;
    fwsim__live_site key = { .addr = addr, .width = (uint8_t)width };
    fwsim__live_site *site = NULL;
    bool fresh = false, stuck = false;

    c->reads++;
    f->st.reads++;
    if (f->insight) {
        place(f, &key);
        /* Handlers share drivers: what is right for one is not for another. */
        key.state = state_for(f, c) ^
                    (exception >= 16 ? fwsim__mix(exception, 1) : 0);
        site = fwsim__live_site_find(f, &key);
        if (!site) {
            site = new_site(f, &key, c, exception);
            fresh = true;
        }
    }
    if (!site) {
        *value = part(c, addr, width, fwsim__cell_value(f, c));
        return true;
    }
    fwsim__touch(&f->touched_sites, (size_t)(site - f->site));
    site->visits++;
    if (fresh && c->known) {
        fwsim__infer_recall(f, site);
        fresh = false;
    }
    if (fresh || (is_due(f, c, site, &stuck) && may_look_again(f))) {
        fwsim__dma_complete(f);
        fwsim__analyse(f, site, stuck);
    }
    if (exception >= 16) {
        c->handled = true;
        fwsim__interrupts_seen(f, c, exception);
    }
    *value = part(c, addr, width, answer_of(f, site, c));
    if (f->streams && delivers(f, c) && !fwsim__dma_takes_input(f))
        take_input(f, c, width, value);
    return true;
}

bool fwsim__infer_access(void *user, uint64_t addr, unsigned width, bool write,
                         uint32_t *value)
{
    fwsim__infer *f = user;
    fwsim__cell *c = fwsim__cell_at(f, addr, width);

    if (!c || (f->frozen && !c->known))
        return false;
    if (!c->pc && f->insight)
        c->pc = f->m->cpu_ops->pc(f->m->cpu);
    if (f->st.resting)
        fwsim__interrupts_start(f);
    if (!write) {
        bool read = read_cell(f, c, addr, width, value);

        note_waited(f, c, false);
        return read;
    }
    note_waited(f, c, true);
    f->st.writes++;
    write_cell(f, c, addr, width, *value);
    return true;
}
