/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inference engine: what its files share.
 *
 * An access that no model answers comes to access.c. It finds the register
 * (cell), the place in the code that reads it (site), and gives the answer
 * that is known; look-ahead (look.h) is asked when a site is new, when it
 * spins, or when there may be something new behind it. What was learned is
 * plain data in flat tables: a snapshot copies them, and a frozen file is
 * made of them.
 */
#ifndef FWSIM_INFER_ENGINE_H
#define FWSIM_INFER_ENGINE_H

#include "infer/look.h"
#include "infer/model.h"
#include "machine/machine.h"

enum {
    FWSIM__CELLS_MAX = 8192,
    FWSIM__SITES_MAX = 16384,
    FWSIM__AREAS_MAX = 1024,
    FWSIM__ANSWERS = 8,        /* a site gives in turn */
    FWSIM__AREA_SIZE = 0x400,  /* registers so close belong together */
    FWSIM__LINES_MAX = 512,
    FWSIM__CHANNELS_MAX = 64,
    FWSIM__MET_MAX = 512,
    FWSIM__BORED_READS = 16, /* without new code anywhere, then look again */
    FWSIM__TAKEN = 4096
};

/** A register that nobody models, as far as it is known. */
typedef struct fwsim__cell {
    uint64_t addr;
    uint64_t pc;            /* first instruction that used it */
    uint32_t written;       /* bits that read as they were written */
    uint32_t reset;         /* value after reset, where it is known */
    uint32_t fixed;         /* bits that a model has decided */
    uint32_t ones, zeros;   /* hardware holds them so: learned in wait loops */
    uint32_t contested;     /* wanted both ways: only sites know */
    uint32_t ever_set;      /* software has set them */
    uint32_t flags;         /* acknowledged by writing ones */
    uint32_t tested, stored, written_back, addressed; /* see look.h */
    uint32_t reads, writes, changes;
    uint32_t last_write;
    uint32_t next_look;     /* reads at which something else is tried */
    uint32_t area;          /* index */
    uint64_t since;         /* a counter: tick at which it was 0 */
    uint8_t width;
    uint8_t compared;       /* as a whole */
    uint8_t busy;           /* written too often to be a setting */
    uint8_t counting;       /* no constant leaves the loop: it counts */
    uint8_t known;          /* has a model: looked at when it leads nowhere */
    uint8_t after_wait;     /* written at once after a wait in its area */
    uint8_t elusive;        /* written bits are not read back: so says an SVD */
    uint8_t unprompted;     /* written at another time, too */
    uint8_t plural;         /* a write was not of one bit alone */
    uint8_t handled;        /* read in an interrupt handler */
    uint8_t reserved[6];
} fwsim__cell;

/** Registers that are close: about a peripheral. */
typedef struct fwsim__area {
    uint64_t base;
    uint32_t state;     /* hash of the settings that software has made */
    uint32_t sites;     /* made for reads of this area */
    uint64_t lines[2];  /* interrupt lines whose handlers use it: 0 to 127 */
} fwsim__area;

/** A place in the code that reads a register, under one state of its area. */
typedef struct fwsim__live_site {
    uint64_t block, addr;  /* key: block, access in the block, register, */
    uint32_t state;        /* state of the area, */
    uint16_t nth;
    uint8_t handler;       /* in an interrupt handler */
    uint8_t width;
    uint64_t pc;           /* the instruction */
    uint32_t cell;         /* index */
    uint32_t quiet;        /* visits since something else happened */
    uint32_t patience;     /* look again after so many of these */
    uint32_t visits, next_look, looks;
    uint64_t writes_seen;  /* count of writes at the last visit */
    uint32_t mask;         /* bits that the site decides, not the register */
    uint32_t answer[FWSIM__ANSWERS]; /* their values, in turn */
    uint8_t answers, turn;
    uint8_t explores;      /* look for something new, then take turns */
    uint8_t end;           /* fwsim__look_end of the chosen path */
    uint32_t tested;       /* bits that decide where the firmware goes */
    uint32_t said;         /* the last answer, as a value of the register */
    uint64_t looked_at;    /* tick of the last analysis */
} fwsim__live_site;

/** Interrupt lines, as far as inference raises them. */
typedef struct fwsim__line {
    uint32_t raised;
    uint32_t trusted; /* times its handler was found to come back */
} fwsim__line;

/** Bytes that wait to be read by the firmware. */
typedef struct fwsim__stream {
    char *name; /* "": the common one */
    fwsim__bytes bytes;
    size_t read;
} fwsim__stream;

/** A buffer that a transfer without the core fills, or empties. */
typedef struct fwsim__channel {
    uint32_t address, count; /* indices of cells + 1; count 0: none found */
    uint64_t buffer, peer;   /* peer: memory it is copied from; 0: none */
    uint32_t size;           /* bytes */
    uint32_t control, start; /* index of a cell + 1, bits in it; 0: unknown */
    uint8_t armed;           /* programmed, and not done */
    uint8_t spent;           /* done, and not programmed again */
    uint8_t keeps;           /* the count stays as it was written */
    uint8_t repeats;
    uint8_t to_memory;
    uint8_t element;         /* bytes */
    uint8_t known;           /* a file says all this */
    uint8_t reserved;
    uint32_t done;           /* transfers */
} fwsim__channel;

/** Counters and the rest of the plain state. */
typedef struct fwsim__infer_state {
    uint64_t writes, reads, looks, relooks, look_instructions;
    uint64_t novelty_at; /* tick at which code was met the first time */
    uint64_t last_block, last_tick;
    uint32_t nth;        /* access in the current visit of the block */
    uint32_t cells, sites, areas;
    uint32_t next_line;  /* to be raised */
    uint32_t channels;
    uint64_t default_handler; /* of lines; looked for again after so many */
    uint32_t default_age;     /* interrupts */
    uint32_t table;      /* cell + 1 that points to descriptors of transfers */
    uint32_t started;    /* channels of these, a bit each */
    uint32_t input_size;      /* bytes of a stream that a transfer has moved */
    uint64_t input;           /* last, and where they are */
    uint32_t waited;     /* area + 1 whose register has just said "ready" */
    uint32_t resting;    /* no interrupt is to come: nothing would take it */
    uint64_t executed;   /* instructions at the last attempt to raise a line */
    uint64_t news;       /* novelty_at, when what follows was counted: */
    uint64_t news_reads, news_relooks; /* reads and relooks until then */
    uint8_t taken[FWSIM__TAKEN]; /* by block: how often it was chosen for
                                  * being rare */
    fwsim__line line[FWSIM__LINES_MAX];
    fwsim__channel channel[FWSIM__CHANNELS_MAX];
} fwsim__infer_state;

/** A table of 32-bit indices + 1, open-addressed. */
typedef struct fwsim__index {
    uint32_t *slot;
    size_t size; /* a power of two */
} fwsim__index;

/** Rows of a table that have changed since the state was equal to that of a
 * snapshot: to go back, these are brought back. */
typedef struct fwsim__touched {
    uint32_t *row;
    uint8_t *is; /* one a row of the table */
    size_t count;
} fwsim__touched;
#define FWSIM__TOUCHED_SIZE (sizeof(uint32_t) + 1) /* a row */

/** Code that was met since then. */
typedef struct fwsim__met {
    size_t bit;       /* of its first halfword */
    uint64_t pc;
    uint32_t size;
} fwsim__met;

struct fwsim__prior; /* prior.h */

typedef struct fwsim__infer {
    fwsim_machine *m;
    const fwsim__cpu_insight *insight; /* NULL: no look-ahead */
    fwsim__infer_state st;
    fwsim__cell *cell;
    fwsim__live_site *site;
    fwsim__area *area;
    size_t cell_room, site_room, area_room;
    fwsim__index cell_index, site_index, area_index;
    fwsim__stream *stream;
    size_t streams;
    fwsim__touched touched_cells, touched_sites;
    uint8_t *code;        /* one bit a halfword of each memory: it has run */
    uint8_t *code_kept;   /* as it was when nothing was touched */
    size_t code_size;
    fwsim__met met[FWSIM__MET_MAX];
    size_t met_count;     /* beyond the array: too many */
    uint64_t irq_period;  /* ticks between interrupts; 0: none are raised */
    bool frozen;
    bool asked; /* a look has read that a transfer has ended */
    fwsim__models *models; /* that were loaded, SVD included; NULL: none */
    struct fwsim__prior *prior; /* NULL: roles are left to the rules */
    fwsim__look_world world;
    fwsim__look_memory *memory;
    fwsim__look_result look; /* of the analysis that goes on */
} fwsim__infer;

/* infer.c ------------------------------------------------------------ */

/** The engine of a machine; NULL: it is off. */
fwsim__infer *fwsim__infer_of(const fwsim_machine *m);

/* tables.c ----------------------------------------------------------- */

/** The register at an address, made when it is new; it may be changed. NULL: no
 * room */
fwsim__cell *fwsim__cell_at(fwsim__infer *f, uint64_t addr, unsigned width);
/** Find only. Who changes it says so: fwsim__touch. */
fwsim__cell *fwsim__cell_find(const fwsim__infer *f, uint64_t addr);
fwsim__area *fwsim__area_of(const fwsim__infer *f, const fwsim__cell *c);
/** Key fields of @a key are set. NULL: not there, or no room */
fwsim__live_site *fwsim__live_site_find(const fwsim__infer *f,
                                   const fwsim__live_site *key);
fwsim__live_site *fwsim__live_site_add(fwsim__infer *f, const fwsim__live_site *key);
/** Make the indices anew, after the tables were replaced. */
void fwsim__tables_index(fwsim__infer *f);
bool fwsim__tables_reserve(fwsim__infer *f, size_t cells, size_t sites,
                           size_t areas);
/** Take away the rows that came last. */
void fwsim__tables_drop(fwsim__infer *f, uint32_t cells, uint32_t sites,
                        uint32_t areas);
/** A row is going to change: going back has to bring it back. */
static inline void fwsim__touch(fwsim__touched *t, size_t row)
{
    if (!t->is[row]) {
        t->is[row] = true;
        t->row[t->count++] = (uint32_t)row;
    }
}
/** The state is that of a snapshot from now on. */
void fwsim__tables_untouch(fwsim__infer *f);
void fwsim__tables_free(fwsim__infer *f);
uint32_t fwsim__mix(uint64_t a, uint64_t b);

/* code.c ------------------------------------------------------------- */

/** Code that has run: one bit a halfword. */
int fwsim__code_new(fwsim__infer *f);
void fwsim__code_met(fwsim__infer *f, uint64_t pc, unsigned size);
bool fwsim__code_seen(const fwsim__infer *f, uint64_t pc);
/** Here is where fwsim__code_back goes back to. */
void fwsim__code_keep(fwsim__infer *f);
void fwsim__code_back(fwsim__infer *f);
void fwsim__code_free(fwsim__infer *f);
/** Is there a branch to itself? */
bool fwsim__code_is_endless(const fwsim__infer *f, uint64_t pc);

/* state.c ------------------------------------------------------------ */

/* As in fwsim__substitute. */
size_t fwsim__state_size(void *user);
void fwsim__state_save(void *user, uint8_t *to);
bool fwsim__state_fits(void *user, const uint8_t *from, size_t size);
bool fwsim__state_restore(void *user, const uint8_t *from, size_t size,
                          bool came_from);
uint64_t fwsim__state_hash(void *user, uint64_t seed);

/* access.c ----------------------------------------------------------- */

bool fwsim__infer_access(void *user, uint64_t addr, unsigned width, bool write,
                         uint32_t *value);
/** What a register gives by itself: written bits and what was learned. */
uint32_t fwsim__cell_value(const fwsim__infer *f, const fwsim__cell *c);
/** Does it carry data, as far as is known, and no settings? */
bool fwsim__cell_is_data(const fwsim__cell *c);
/** The same without side effects, from anywhere; models and core included. */
bool fwsim__infer_peek(void *user, uint32_t addr, unsigned width,
                       uint32_t *value);

/* choose.c ----------------------------------------------------------- */

/** Of the paths in f->look the one to take, for its value. 0: that of the
 * register itself, also when none leads on.
 * @param explore  what is new counts
 * @param stuck    the own value has led nowhere for long */
unsigned fwsim__choose(const fwsim__infer *f, const fwsim__live_site *s,
                       bool explore, bool stuck);
/** Does the firmware go on? Does it at least leave the loop that waits here? */
bool fwsim__path_is_alive(const fwsim__infer *f, const fwsim__live_site *s,
                          const fwsim__look_path *p);
bool fwsim__path_leaves(const fwsim__live_site *s, const fwsim__look_path *p);
/** Of the paths that leave, the one that goes furthest; 0: none does. */
unsigned fwsim__path_furthest(const fwsim__live_site *s,
                              const fwsim__look_result *r);
/** Of the paths of data, the one that goes where few went; 0: none. */
unsigned fwsim__path_rarest(const fwsim__infer *f, const fwsim__live_site *s);
/** Is it the first path that goes on its way, and no error? */
bool fwsim__path_is_distinct(const fwsim__infer *f, const fwsim__live_site *s,
                             unsigned i);
/** Was it waited for, and are its bits looked at one by one? They say what is
 * wrong with it. */
bool fwsim__is_sample(const fwsim__cell *c, const fwsim__look_result *r);

/* analyse.c ---------------------------------------------------------- */

/** Look ahead from the access being served and decide the site's answers. */
void fwsim__analyse(fwsim__infer *f, fwsim__live_site *site, bool stuck);
/** How often has a path been chosen for the block at @a pc? */
uint8_t *fwsim__taken(fwsim__infer *f, uint32_t pc);

/* import.c ----------------------------------------------------------- */

/** What the SVD says of a register that is used for the first time. */
void fwsim__infer_hint(const fwsim__infer *f, fwsim__cell *c);
/** Give a new site the answers that the loaded models have for it. */
void fwsim__infer_recall(fwsim__infer *f, fwsim__live_site *s);

/* explain.c ---------------------------------------------------------- */

/** Log what an analysis has found. */
void fwsim__explain(fwsim__infer *f, const fwsim__live_site *s, bool stuck);

/* stream.c ----------------------------------------------------------- */

fwsim__stream *fwsim__stream_find(const fwsim__infer *f, const char *name);
/** Append bytes. 0, FWSIM_ENOMEM */
int fwsim__stream_feed(fwsim__infer *f, const char *name, const void *data,
                       size_t size);
/** Bytes that wait for the register at an address; take some. */
size_t fwsim__stream_left(const fwsim__infer *f, uint64_t addr);
size_t fwsim__stream_take(fwsim__infer *f, uint64_t addr, uint8_t *to,
                          size_t size);
/** The bytes that wait, for snapshots and fingerprints. */
size_t fwsim__streams_size(const fwsim__infer *f);
void fwsim__streams_save(const fwsim__infer *f, uint8_t *to);
/** Do the sizes inside of saved bytes fit together? */
bool fwsim__streams_fit(const uint8_t *from, size_t size);
bool fwsim__streams_restore(fwsim__infer *f, const uint8_t *from, size_t size);
uint64_t fwsim__streams_hash(const fwsim__infer *f, uint64_t seed);
void fwsim__streams_free(fwsim__infer *f);

/* dma.c -------------------------------------------------------------- */

/** Does a channel fill memory? Then input is its, not the registers'. */
bool fwsim__dma_takes_input(const fwsim__infer *f);
/** Firmware has written to a register: does it program a transfer? */
void fwsim__dma_written(fwsim__infer *f, const fwsim__cell *c);
/** Correct what a look ahead from a register has found by what is known of
 * transfers. */
void fwsim__dma_judge(const fwsim__infer *f, const fwsim__cell *c,
                      fwsim__look_result *r);
/** Does a register say that a transfer has ended, so far unheard? */
bool fwsim__dma_has_ended(const fwsim__infer *f, const fwsim__cell *c);
/** Transfers that are programmed are done now. */
void fwsim__dma_complete(fwsim__infer *f);

/* interrupts.c ------------------------------------------------------- */

void fwsim__interrupts_start(fwsim__infer *f);
void fwsim__interrupts_event(fwsim__infer *f);
/** An access from a handler: its line belongs to the register's area. */
void fwsim__interrupts_seen(fwsim__infer *f, const fwsim__cell *c,
                            unsigned exception);

/* roles.c ------------------------------------------------------------ */

fwsim__role fwsim__cell_role(const fwsim__infer *f, const fwsim__cell *c);
/** How sure that is, in percent. */
enum {
    FWSIM__CERTAIN = 95,
    FWSIM__LIKELY = 80,
    FWSIM__POSSIBLE = 60,
    FWSIM__GUESSED = 40
};
uint8_t fwsim__cell_confidence(const fwsim__infer *f, const fwsim__cell *c);
/** Why, in words; static. */
const char *fwsim__cell_role_reason(const fwsim__infer *f,
                                    const fwsim__cell *c);

#endif
