/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine: what the files of sdk/machine/ and sdk/cpu/ share.
 *
 * State that a snapshot has to keep is plain data in one block, the arena:
 *
 *     fwsim__state | registers | own state | links | inputs | pins | core
 *
 * plus the bytes of the memories and the bytes that wait on serial lines.
 * Everything else here is wiring that is fixed when the machine is made, or
 * belongs to the host (hooks, log, output of the UARTs).
 */
#ifndef FWSIM_MACHINE_H
#define FWSIM_MACHINE_H

#include "cpu/cpu.h"
#include "fwsim.h"
#include "fwsim_periph.h"

/* ------------------------------------------------------------------ */
/* State                                                                */
/* ------------------------------------------------------------------ */

enum {
    FWSIM__EVENTS_MAX = 256,      /* events set at one time */
    FWSIM__OWNER_CPU = 0xffff,    /* events of the core */
    FWSIM__OWNER_SUBSTITUTE = 0xfffe,
    FWSIM__OWNER_LINE = 0xfffd,   /* a rise of an interrupt line that is late */
    FWSIM__OWNER_HOST = 0xfffc,   /* of the world outside: resets keep it */
    FWSIM__OWNER_UART = 0x8000    /* | peripheral: a byte of the host arrives */
};

/** An event in the queue, a binary heap on (at, seq). */
typedef struct fwsim__event {
    uint64_t at;  /* core tick */
    uint64_t seq; /* order of setting: events of one tick run in that order */
    uint16_t owner; /* index of the peripheral, or FWSIM__OWNER_x */
    uint16_t id;
    uint32_t tag; /* comes back with the event */
} fwsim__event;

/** Who drives a pin, and the level that comes of it. */
typedef struct fwsim__pin {
    uint8_t port;     /* fwsim_drive of the GPIO port */
    uint8_t override; /* of fwsim_pin_override; FLOAT: none */
    uint8_t host;     /* of fwsim_pin_set */
    uint8_t part;     /* of fwsim_part_drive */
    uint8_t level;
    uint8_t conflict; /* two strong drivers were reported */
    uint8_t reserved[2];
} fwsim__pin;

/** What the machine keeps for a peripheral's lines to the outside. */
typedef struct fwsim__link {
    uint64_t byte_time; /* UART: core ticks a byte; 0: at once */
    uint64_t free_at;   /* UART: tick at which the next byte may arrive */
    uint8_t held;       /* UART: the firmware holds the host back */
    uint8_t arriving;   /* UART: an event is set */
    uint16_t addressed; /* I2C: index + 1 of the part of this transfer, or
                         * FWSIM__OF_HOST | its place in m->parts */
    uint32_t irq_levels; /* one bit an interrupt output */
    uint8_t selected;    /* SPI parts: as it was told last */
    uint8_t reserved[3];
    int32_t drift_ppm;   /* its clock runs fast by this, */
    uint64_t drift_since; /* since this tick */
    uint32_t bit_ns;     /* CAN; 0: not on the bus */
    uint32_t reserved2;
} fwsim__link;

/** Head of the arena. */
typedef struct fwsim__state {
    uint64_t now;   /* core ticks: instructions executed + ticks slept */
    uint64_t slept; /* of these, ticks without an instruction */
    uint64_t event_seq;
    uint64_t random; /* generator */
    uint32_t event_count;
    uint16_t reset_pending; /* fwsim_reset_kind + 1 */
    uint8_t power_lost;     /* until that reset nothing has an effect */
    uint8_t ram_kept;       /* by that reset, whatever its kind */
    fwsim__event events[FWSIM__EVENTS_MAX];
} fwsim__state;

/* ------------------------------------------------------------------ */
/* Wiring                                                               */
/* ------------------------------------------------------------------ */

/** A memory. Aliases share `bytes` of another one. */
typedef struct fwsim__mem {
    const fwsim_memory *desc;
    uint64_t base, size;
    uint8_t *bytes;
    size_t granule; /* number of its first one, see granules.c */
    bool owned;     /* not an alias */
    fwsim_periph *controller; /* flash: who programs it; may be NULL */
} fwsim__mem;

enum { FWSIM__GRANULE = 4096 }; /* bytes */

/** Flags of a granule. */
enum {
    FWSIM__DIRTY = 1, /* written to since memory was equal to a snapshot */
    FWSIM__USED = 2   /* written to since the machine was made */
};

/** Bytes that grow. */
typedef struct fwsim__bytes {
    uint8_t *data;
    size_t size, capacity;
} fwsim__bytes;

/** Decoded registers of a type: row + 1 for each unit of address, 0: none. */
typedef struct fwsim__regmap {
    const fwsim_periph_type *type;
    uint16_t *row;       /* type->size / unit entries */
    uint16_t *element;   /* the element of the row's array */
    unsigned unit;       /* bytes an entry: the narrowest register's width */
    uint32_t *slot;      /* for each row: index of its first stored word */
    uint32_t words;      /* stored words of one instance */
    uint16_t rows;
} fwsim__regmap;

struct fwsim_periph {
    fwsim_machine *m;
    const fwsim_periph_type *type;
    const fwsim_slot *slot;
    const fwsim__regmap *map; /* NULL for parts and stubs */
    uint16_t index;           /* in m->periphs */
    uint32_t *regs;           /* arena */
    void *state;              /* arena */
    int32_t *inputs;          /* arena */
    fwsim__link *link;        /* arena */
    fwsim_periph *bus;        /* parts: their controller */
    fwsim__bytes rx;          /* bytes of the host that have not arrived */
    size_t rx_read;           /* of these, bytes that have */
    fwsim__bytes tx;          /* output, with a zero byte after the last */
    size_t tx_expected;       /* of these, consumed by expectations */
    uint32_t *reported;       /* a register word: bits logged as unimpl or as
                               * reserved */
};

/** A range of addresses that answers accesses. */
typedef struct fwsim__window {
    uint64_t base, size;
    fwsim_periph *periph;       /* a peripheral, or */
    const fwsim_region *region; /* nobody, with a policy, or */
    /** the core itself. Returns false for a bus fault. */
    bool (*access)(void *user, uint64_t addr, unsigned width, bool write,
                   uint32_t *value);
    void *user;
} fwsim__window;

/** The window that was found in a page last. */
enum { FWSIM__WINDOW_PAGE = 1024, FWSIM__WINDOW_PAGES = 64 };
typedef struct fwsim__window_page {
    uint64_t base;
    uint32_t window; /* index + 1; 0: none is kept here */
    bool whole;      /* no other one answers in the page */
} fwsim__window_page;

typedef enum fwsim__hook_kind {
    FWSIM__HOOK_ACCESS,
    FWSIM__HOOK_BLOCK,
    FWSIM__HOOK_CODE,
    FWSIM__HOOK_EXCEPTION,
    FWSIM__HOOK_UART,
    FWSIM__HOOK_PIN,
    FWSIM__HOOK_NOTE,
    FWSIM__HOOK_CAN,
    FWSIM__HOOK_KINDS
} fwsim__hook_kind;

typedef struct fwsim__hook {
    int id;
    uint64_t addr, size;
    fwsim_periph *periph;
    void (*fn)(void); /* cast to the kind's type */
    void *user;
} fwsim__hook;

typedef struct fwsim__hooks {
    fwsim__hook *list;
    size_t count, capacity;
} fwsim__hooks;

/** What observers are told beside what the public hooks say. */
typedef enum fwsim__note_kind {
    FWSIM__NOTE_UNMODELLED, /* nobody models this access */
    FWSIM__NOTE_RESET,      /* is about to happen */
    FWSIM__NOTE_RESTORED,   /* the machine went back to a snapshot */
    FWSIM__NOTE_I2C_START,  /* value: address << 1 | read; ok: acknowledged */
    FWSIM__NOTE_I2C_WRITE,  /* value: byte; ok: acknowledged */
    FWSIM__NOTE_I2C_READ,   /* value: byte */
    FWSIM__NOTE_I2C_STOP,
    FWSIM__NOTE_SPI_SELECT, /* addr: pin; ok: selected */
    FWSIM__NOTE_SPI_BYTE,   /* value: out << 8 | in; ok: somebody is selected */
    FWSIM__NOTE_CAN         /* frame; write: by the firmware */
} fwsim__note_kind;

typedef struct fwsim__note {
    fwsim__note_kind kind;
    const char *origin;         /* UNMODELLED: slot or region */
    const fwsim_periph *periph; /* I2C, SPI, CAN: controller; NULL: of none */
    const fwsim_can_frame *frame;
    uint64_t addr;              /* UNMODELLED */
    uint32_t value; /* UNMODELLED: written; RESET: fwsim_reset_kind */
    bool write;     /* UNMODELLED, CAN */
    bool ok;
} fwsim__note;

typedef void (*fwsim__note_fn)(fwsim_machine *m, const fwsim__note *note,
                               void *user);

typedef enum fwsim__bus { FWSIM__BUS_I2C, FWSIM__BUS_SPI } fwsim__bus;

enum { FWSIM__OF_HOST = 0x8000, FWSIM__HOST_PARTS_MAX = 0x7fff };

/** A part of the host (fwsim_parts.h), or its place. */
typedef struct fwsim__host_part {
    fwsim__bus bus;
    fwsim_periph *controller; /* NULL: the place is free */
    uint8_t addr;             /* I2C; else 0 */
    int16_t cs;               /* SPI: pin; -1: none */
    uint8_t selected;         /* SPI: as it was told last */
    const fwsim_i2c_device *i2c;
    const fwsim_spi_device *spi;
    void *user;
    void (*detached)(void *user); /* may be NULL */
} fwsim__host_part;

/** Something that a subject of the API keeps beside a machine, see attach.c. */
typedef struct fwsim__attachment {
    const char *name; /* for messages: "the journal" */
    size_t size;      /* bytes, zeroed when they are made */
    void (*destroy)(void *data); /* before they are freed; may be NULL */
} fwsim__attachment;

/** Where edges are counted, see fwsim_edges_set. */
typedef struct fwsim__edges {
    uint8_t *map; /* the host's; NULL: nowhere */
    uint32_t mask;
    uint32_t last; /* of the block before this one: half of its hash */
} fwsim__edges;

/** What a fuzzer wants to know of a run (fuzz/); all of it off in a machine
 * that nobody fuzzes. */
typedef struct fwsim__guard {
    /** Two operands of @a bits were subtracted or compared in a block; they
     * differ, and one is no byte. Changes between runs only; NULL: not wanted,
     * and then it costs nothing. */
    void (*compare)(void *user, uint64_t block, uint64_t a, uint64_t b,
                    unsigned bits);
    /** The last byte of the host arrives at a UART; or firmware asks for a byte
     * of a stream and there is none (@a p is NULL). */
    void (*drained)(void *user, const fwsim_periph *p);
    void *user;
    uint64_t stack_limit; /* M profile: of the main stack; 0: none */
    bool ram_is_data;     /* M profile: nothing is executed there */
    /* What has happened. */
    bool overflowed;      /* the main stack, below its limit */
    bool ram_fetched;     /* with ram_is_data */
    bool stored, refused; /* flash was written to; and that made a fault */
    uint64_t stored_at;
} fwsim__guard;

/** Who stands in for models that nobody wrote (infer/). */
typedef struct fwsim__substitute {
    /** An access that no model answers. @return false: nor does this */
    bool (*access)(void *user, uint64_t addr, unsigned width, bool write,
                   uint32_t *value);
    /** The event FWSIM__OWNER_SUBSTITUTE is due. */
    void (*event)(void *user, unsigned id);
    void (*reset)(void *user, fwsim_reset_kind kind);
    /** Code is met that has not run before. */
    void (*code)(void *user, uint64_t pc, unsigned size);
    /** Its state, for snapshots and fingerprints. */
    size_t (*state_size)(void *user);
    void (*save)(void *user, uint8_t *to);
    /** Are these bytes of a file a state, as far as sizes tell? */
    bool (*fits)(void *user, const uint8_t *from, size_t size);
    /**
     * @param came_from  to these bytes the state was equal last, when they
     *                   were saved or restored
     * @return false without memory; nothing is changed then
     */
    bool (*restore)(void *user, const uint8_t *from, size_t size,
                    bool came_from);
    uint64_t (*hash)(void *user, uint64_t seed);
    void (*destroy)(void *user);
} fwsim__substitute;

/**
 * Who may change what goes between the parts of the machine, for the good of
 * a test. Each is called in the order of the machine's work; none of them may
 * run the machine.
 */
typedef struct fwsim__intercept {
    /** Tick of the next moment at which it wants to be called between two
     * instructions, UINT64_MAX: none. @a asleep: none executes until then */
    uint64_t (*next)(void *user, bool asleep);
    /** Between two instructions: the core does not run. */
    void (*between)(void *user);
    /** Before an access to a window. @return false: a bus error */
    bool (*access)(void *user, uint64_t addr, unsigned width, bool write,
                   uint32_t *value);
    /** A window has answered a read. */
    void (*answered)(void *user, uint64_t addr, unsigned width,
                     uint32_t *value);
    /** Does it look at accesses of the core to memory in this range? */
    bool (*guards)(void *user, uint64_t addr, uint64_t size, bool write);
    /** Before such an access. @return false: a bus error */
    bool (*memory)(void *user, uint64_t addr, uint64_t size, bool write);
    /** Bytes of a memory were written to. */
    void (*stored)(void *user, const fwsim__mem *mem, uint64_t offset,
                   uint64_t size);
    /** A START (or a byte) is about to reach a part. @return false: not
     * acknowledged, and the part does not hear it */
    bool (*i2c)(void *user, fwsim_periph *controller, bool start);
    /** An interrupt line rises.
     * @param delay  out: ticks until the core hears of it
     * @return false: it does not */
    bool (*rise)(void *user, int line, uint64_t *delay);
    /** A byte on a serial line, from the firmware or to it.
     * @return false: it is lost */
    bool (*uart)(void *user, fwsim_periph *p, bool tx, uint8_t *byte);
    /** Flash is programmed (erased: @a data is NULL).
     * @return false: not, the power is gone */
    bool (*flash)(void *user, const fwsim__mem *mem, uint64_t offset,
                  const uint8_t *data, uint64_t size);
    /** How far it has come, for snapshots. What restore does not know, or what
     * is not there (@a size 0), begins anew. */
    size_t (*state_size)(void *user);
    void (*save)(void *user, uint8_t *to);
    void (*restore)(void *user, const uint8_t *from, size_t size);
    void (*destroy)(void *user);
} fwsim__intercept;

/** What a run is, while it lasts. */
typedef struct fwsim__run_state {
    bool calling; /* a branch to cpu_ops->call_end ends it, and so do resets */
    bool nested;  /* it is a part of another one, see fwsim__run_on */
    uint64_t end_tick, end_instruction; /* its limits */
} fwsim__run_state;

/** Who stands in for functions of the firmware: it is asked before those
 * instructions that code hooks of its own mark. */
typedef struct fwsim__standin {
    /**
     * A code hook has set machine->at_standin. The core is between two
     * instructions and the machine does not run, so everything is legal, also
     * to leave by longjmp.
     * @param stop  out: why the run ends here; reason NONE: it goes on
     * @return 0, or an error that ends the run
     */
    int (*call)(void *user, fwsim_stop *stop);
    /** The state of the machine is another one: restored, reset, loaded. */
    void (*forget)(void *user);
} fwsim__standin;

struct fwsim_machine {
    /*
     * The hot line: of the machine, the block hook touches nothing else.
     * `now` is the tick at which the current block began, `block` the
     * instructions of the current block, not yet in `now`.
     */
    uint64_t now;
    uint64_t block;
    uint64_t deadline; /* tick at which the core must come back; 0: at once */
    fwsim__edges edges;
    uint64_t until; /* tick at which the core must come back, events or not */
    uint64_t exact; /* tick that no block may go beyond, when it is near */
    bool crosses;   /* the next block would */

    fwsim__state *st; /* head of the arena; now is copied in and out */
    size_t arena_size;

    const fwsim_board *board;
    const fwsim_soc *soc;
    fwsim_options opt;
    char *semihosting_args, *semihosting_dir; /* copies */
    uint32_t clock_hz;

    const fwsim__cpu_ops *cpu_ops; /* NULL: no core */
    fwsim__cpu *cpu;
    uint32_t cpu_state_offset;     /* in the arena */

    fwsim_periph *periphs;
    uint16_t periph_count;
    fwsim__regmap *maps;
    size_t map_count;
    fwsim__mem *mems;
    size_t mem_count;
    uint8_t *granules; /* flags of each */
    uint32_t *dirty;   /* numbers of those that are dirty */
    size_t granule_count, dirty_count;
    struct fwsim__identity *equals; /* memory is that of this snapshot, but for
                                     * what is dirty; NULL: of none */
    fwsim__window *windows; /* sorted by base; peripherals before regions */
    size_t window_count, window_capacity;
    fwsim__window_page window_pages[FWSIM__WINDOW_PAGES];
    fwsim__pin *pins;       /* arena */

    fwsim_image **images;
    size_t image_count;
    uint64_t firmware; /* hash of what the images have loaded; 0: nothing */

    fwsim__hooks hooks[FWSIM__HOOK_KINDS];
    int last_hook_id;

    /** The event FWSIM__OWNER_HOST is due; NULL: nobody has set one. */
    void (*host_event)(fwsim_machine *m, unsigned id, uint32_t tag);

    const fwsim__substitute *substitute; /* NULL: none */
    void *substitute_user;
    const fwsim__intercept *intercept; /* NULL: none */
    void *intercept_user;
    const fwsim__standin *standin; /* NULL: none */
    void *standin_user;
    fwsim__guard guard;

    fwsim_unmodelled *unmodelled; /* in order of first use */
    size_t unmodelled_count, unmodelled_capacity;
    uint32_t *unmodelled_index;   /* open-addressed by address */
    size_t unmodelled_index_size;

    bool running;        /* inside fwsim_run or fwsim_step */
    bool stop_requested; /* by a callback */
    bool stop_unmodelled;
    fwsim__run_state run;
    bool exception_taken; /* by the core, since somebody cleared this */
    bool at_standin; /* a code hook hands the run to the stand-in */
    uint64_t unmodelled_addr;
    char errmsg[512];
    char *failure; /* errmsg at length; NULL: there is no more to say */
    char stop_text[512];
    char call_text[512]; /* of fwsim_call */
    fwsim_stop last_stop;

    struct fwsim__attached *attached;
    fwsim__host_part *parts; /* places, free ones too */
    size_t part_count;
    bool dispatching; /* inside fwsim__events_run */
    unsigned depth;   /* of signals and pin changes that cause each other */
    /** Format strings of fwsim_unimpl that were logged. */
    const char *unimpl_logged[64];
    size_t unimpl_logged_count;
};

/* log.c, error.c ---------------------------------------------------- */

/** Log a line; cheap when nobody listens. */
void fwsim__log(fwsim_machine *m, fwsim_level level, fwsim_topic topic,
                const char *origin, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/** Keep the text of an error and return its code. */
int fwsim__error(fwsim_machine *m, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** No error any more. */
void fwsim__error_clear(fwsim_machine *m);

/* symbols.c ---------------------------------------------------------- */

typedef enum fwsim__symbol_kind {
    FWSIM__SYMBOLS,
    FWSIM__FUNCTIONS,
    FWSIM__VARIABLES
} fwsim__symbol_kind;

/** The symbol of the images that may have been meant; NULL: none is close, or
 * no memory. */
const char *fwsim__symbol_closest(fwsim_machine *m, const char *name,
                                  fwsim__symbol_kind kind);

/* text.c ------------------------------------------------------------- */

/** As many of the first (the last) bytes as fit, with escapes for what is not
 * printable ASCII. @return @a out */
char *fwsim__escape(char *out, size_t size, const void *bytes, size_t n);
char *fwsim__escape_tail(char *out, size_t size, const void *bytes, size_t n);
/** "123#0102", "00000123#R2": identifier, and data or R. @return @a out */
char *fwsim__can_text(const fwsim_can_frame *frame, char *out, size_t size);

/* attach.c ----------------------------------------------------------- */

/** The data of a kind; NULL when there is none. */
void *fwsim__attached(const fwsim_machine *m, const fwsim__attachment *kind);
/** The data of a kind, made when there is none; NULL without memory (the error
 * is in the machine). */
void *fwsim__attach(fwsim_machine *m, const fwsim__attachment *kind);
void fwsim__attached_free(fwsim_machine *m);

/* bus.c -------------------------------------------------------------- */

/** The memory at an address, or NULL. */
fwsim__mem *fwsim__mem_at(fwsim_machine *m, uint64_t addr);

/** Bytes of a memory have changed: they are dirty; tells the core, for its
 * aliases as well. */
void fwsim__mem_changed(fwsim_machine *m, const fwsim__mem *mem,
                        uint64_t offset, uint64_t size);

/* granules.c --------------------------------------------------------- */

int fwsim__granules_make(fwsim_machine *m);
void fwsim__granules_free(fwsim_machine *m);

/** Bytes of a memory are written to, or may be from now on. */
void fwsim__mem_touch(fwsim_machine *m, const fwsim__mem *mem, uint64_t offset,
                      uint64_t size);

bool fwsim__mem_is_dirty(const fwsim_machine *m, const fwsim__mem *mem,
                         uint64_t offset);

/** Where a granule is in a memory. @return false when it is in another one */
bool fwsim__mem_granule(const fwsim__mem *mem, size_t g, uint64_t *offset,
                        size_t *size);

/** No granule is dirty; the core asks before it writes to one. */
void fwsim__granules_clean(fwsim_machine *m);

/* bus.c, windows ----------------------------------------------------- */

/**
 * Add a window. Only while the machine is made.
 * @return 0; FWSIM_EBOARD when it overlaps another one that is no region;
 *         FWSIM_ENOMEM
 */
int fwsim__window_add(fwsim_machine *m, const fwsim__window *w);

/** The window at an address, or NULL. */
const fwsim__window *fwsim__window_at(fwsim_machine *m, uint64_t addr);

/**
 * An access by the core or by the host to a window, with hooks, policy and
 * log. @a width is 1, 2 or 4, the address aligned to it.
 * @return false for a bus fault
 */
bool fwsim__bus_access(fwsim_machine *m, uint64_t addr, unsigned width,
                       bool write, uint32_t *value);

/** A store of the core to a flash: goes to its controller.
 * @return false for a bus fault */
bool fwsim__flash_store(fwsim_machine *m, fwsim__mem *mem, uint64_t addr,
                        unsigned width, uint32_t value);

/** A store to ROM, or to flash that nobody programs: a bus fault. */
static inline void fwsim__flash_refused(fwsim_machine *m, uint64_t addr)
{
    m->guard.stored = m->guard.refused = true;
    m->guard.stored_at = addr;
}

/* registers.c -------------------------------------------------------- */

/** Check the rows of a type and build its map. 0, FWSIM_EBOARD (with a text
 * that names type and row), FWSIM_ENOMEM */
int fwsim__regmap_build(fwsim_machine *m, const fwsim_periph_type *type,
                        fwsim__regmap *map);
void fwsim__regmap_free(fwsim__regmap *map);

/** Put the registers of a peripheral to their reset values. */
void fwsim__regs_reset(fwsim_periph *p, fwsim_reset_kind kind);

/**
 * Access to the registers of a peripheral.
 * @param name  out: register, NULL when there is none at this offset
 * @return false when no register is there
 */
bool fwsim__regs_access(fwsim_periph *p, uint32_t offset, unsigned width,
                        bool write, uint32_t *value, const char **name);

/** The value a read would begin with, without side effects or `on_read`.
 * @return false when no register is there */
bool fwsim__regs_peek(const fwsim_periph *p, uint32_t offset, unsigned width,
                      uint32_t *value);

/* event.c ------------------------------------------------------------ */

void fwsim__event_set(fwsim_machine *m, unsigned owner, unsigned id,
                      uint64_t at);
void fwsim__event_set_tagged(fwsim_machine *m, unsigned owner, unsigned id,
                             uint64_t at, uint32_t tag);
void fwsim__event_cancel(fwsim_machine *m, unsigned owner, unsigned id);
/** Tick of the earliest event; UINT64_MAX when there is none. */
uint64_t fwsim__event_next(const fwsim_machine *m);
/** Run the callbacks of all events that are due. */
void fwsim__events_run(fwsim_machine *m);
/**
 * The deadline is reached at the start of a block: run the events that are due
 * without leaving the core.
 * @return true when it may go on with the block
 */
bool fwsim__events_inside(fwsim_machine *m);
/** Ticks of @a ns, rounded up. */
uint64_t fwsim__ticks_from_ns(const fwsim_machine *m, uint64_t ns);
/** Forget the events of every owner but the host (reset). */
void fwsim__events_clear(fwsim_machine *m);

/** a * b / c without overflow, rounded down. c > 0, c and b < 2^32 */
uint64_t fwsim__muldiv(uint64_t a, uint64_t b, uint64_t c);

/** Ask the core to come back at the next block. */
static inline void fwsim__attention(fwsim_machine *m)
{
    m->deadline = 0;
}

/** Must a core leave at an instruction with code hooks, before it? */
static inline bool fwsim__leaves(const fwsim_machine *m)
{
    return m->stop_requested || m->at_standin;
}

static inline void fwsim__standin_forget(fwsim_machine *m)
{
    if (m->standin)
        m->standin->forget(m->standin_user);
}

/* run.c --------------------------------------------------------------- */

/** fwsim_run inside a call of the host: machine->run.calling is set. */
int fwsim__run_call(fwsim_machine *m, const fwsim_limit *limit,
                    fwsim_stop *stop);
/** For the stand-in: a part of the run it was called from, within its limits.
 * machine->run.nested is set. */
int fwsim__run_on(fwsim_machine *m, const fwsim__run_state *of,
                  fwsim_stop *stop);

/* irq.c -------------------------------------------------------------- */

/** An interrupt line rises for the core, unless somebody intercepts it. */
void fwsim__line_rise(fwsim_machine *m, int line);
/** The event FWSIM__OWNER_LINE of a line is due: the core hears of its rise. */
void fwsim__line_late(fwsim_machine *m, int line);

/** Somebody cuts the power: as of now nothing has an effect, and the machine
 * is reset (power-on) before the next block. */
void fwsim__power_cut(fwsim_machine *m, bool keeps_ram);

/** Time of the peripheral's own clock that has passed between two ticks, and
 * the tick at which so much will have passed from now on. */
uint64_t fwsim__drifted(const fwsim_periph *p, uint64_t from, uint64_t to);
uint64_t fwsim__undrifted(const fwsim_periph *p, uint64_t ticks);

/* parts.c, i2c.c, spi.c ---------------------------------------------- */

/** The place that names mean. @return 0; FWSIM_ENOENT, FWSIM_ERANGE */
int fwsim__part_place(fwsim_machine *m, fwsim__bus bus, const char *controller,
                      const char *cs, uint8_t addr, fwsim__host_part *out);
/** The part of the host at a place, until one is attached; or NULL. */
fwsim__host_part *fwsim__part_find(fwsim_machine *m,
                                   const fwsim__host_part *place);
int fwsim__part_attach(fwsim_machine *m, const fwsim__host_part *part);
int fwsim__part_detach(fwsim_machine *m, const fwsim__host_part *place);
/** Machine number of a part's pin; -1: it has none of this name. */
int fwsim__part_pin(const fwsim_periph *part, const char *name);
/** Tell parts whose chip select has changed: all, or those at a pin. */
void fwsim__spi_settle(fwsim_machine *m);
void fwsim__spi_pin(fwsim_machine *m, unsigned pin);

/* can.c -------------------------------------------------------------- */

enum { FWSIM__CAN_PACKED = 16 }; /* bytes of a frame in rx and tx */

/** The event FWSIM__OWNER_UART of a CAN controller is due. */
void fwsim__can_arrival(fwsim_periph *p);
void fwsim__can_unpack(const uint8_t *from, fwsim_can_frame *frame);
/** A controller by name; NULL when there is none (the error is in the
 * machine). */
fwsim_periph *fwsim__can_find(fwsim_machine *m, const char *name);
/** Can there be such a frame? @return 0, FWSIM_ERANGE */
int fwsim__can_check(fwsim_machine *m, const fwsim_can_frame *frame);

/* uart.c, pins.c, quantity.c ----------------------------------------- */

/** The event FWSIM__OWNER_UART of a peripheral is due. */
void fwsim__uart_arrival(fwsim_periph *p);
/** Reset forgets pacing and hold; bytes on their way stay. */
void fwsim__uart_reset(fwsim_periph *p);
void fwsim__uart_free(fwsim_periph *p);
/** Ports and overrides stop driving (reset); host and parts go on. */
void fwsim__pins_reset(fwsim_machine *m);
fwsim_periph *fwsim__periph_find(fwsim_machine *m, const char *name);
/** A UART by name, NULL: the console; NULL when there is none (the error is in
 * the machine). */
fwsim_periph *fwsim__uart_find(fwsim_machine *m, const char *name);
/** An input by name. @return its index; FWSIM_ENOENT */
int fwsim__input_find(fwsim_machine *m, const char *periph, const char *input,
                      fwsim_periph **p);
/** Give an input a value in its range; drive a pin from outside. */
void fwsim__input_put(fwsim_periph *p, unsigned index, int32_t value);
void fwsim__pin_put(fwsim_machine *m, unsigned pin, fwsim_drive drive);
/** Name of a pin for people. @return the board's, or @a buf */
const char *fwsim__pin_name(const fwsim_machine *m, unsigned pin, char *buf,
                            size_t size);

/** Append; false when out of memory. */
bool fwsim__bytes_add(fwsim__bytes *b, const void *data, size_t size);

/* hooks.c ------------------------------------------------------------ */

int fwsim__hook_add(fwsim_machine *m, fwsim__hook_kind kind,
                    const fwsim__hook *hook);
void fwsim__hooks_free(fwsim_machine *m);
void fwsim__hooks_access(fwsim_machine *m, const fwsim_access *a);
void fwsim__hooks_block(fwsim_machine *m, uint64_t pc, unsigned size);
/** Call the code hooks of an address. @return false if there are none */
bool fwsim__hooks_code(fwsim_machine *m, uint64_t pc);
void fwsim__hooks_exception(fwsim_machine *m, const fwsim_exception *e);
void fwsim__hooks_note(fwsim_machine *m, const fwsim__note *note);
/** Tell observers, if there are any. */
static inline void fwsim__note_tell(fwsim_machine *m, const fwsim__note *note)
{
    if (m->hooks[FWSIM__HOOK_NOTE].count)
        fwsim__hooks_note(m, note);
}

/* save.c ------------------------------------------------------------- */

/** Write a file; nobody ever sees a part of it.
 * @return 0; FWSIM_EIO, errno says why; FWSIM_ENOMEM */
int fwsim__save(const char *path, const void *data, size_t size);

/* snapshot.c --------------------------------------------------------- */

/** The machine does not equal a snapshot any more. */
void fwsim__snapshot_forget(fwsim_machine *m);

/* machine.c ---------------------------------------------------------- */

/** Reset everything but virtual time. */
void fwsim__machine_reset(fwsim_machine *m, fwsim_reset_kind kind);

#endif
