/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwsim: run the unmodified firmware of a microcontroller inside a C program.
 *
 * This header is for users: tests, fuzzers, debuggers, CI tools. Authors of
 * peripheral models include fwsim_periph.h.
 *
 *     fwsim_machine *m;
 *     fwsim_stop stop;
 *
 *     fwsim_new(&m, fwsim_board_find("bbc_microbit"), NULL);
 *     fwsim_load(m, "firmware.hex", NULL);
 *     fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_MS(100) }, &stop);
 *     puts(fwsim_uart_output(m, "uart0", NULL));
 *     fwsim_free(m);
 *
 * Conventions, valid where a function does not say otherwise:
 *
 * - Functions that return int return 0, or a negative error code (see
 *   fwsim_strerror). The text of the last error, with names and numbers, is
 *   kept in the machine: fwsim_errmsg.
 * - A crash of the firmware is not an error. fwsim_run returns 0 and the stop
 *   reason says what happened.
 * - Time is virtual: one instruction is one tick of the core clock, and
 *   sleeping jumps to the next event. Times are in nanoseconds of virtual time.
 * - A machine is used by one thread at a time. Different machines may be used
 *   by different threads at once; they share nothing.
 * - What comes back through `**out` is yours to free. What comes back as a
 *   pointer belongs to the machine and lives as long as the comment says.
 * - Callbacks are called in the order they were added, on the thread that
 *   runs the machine, with the `user` pointer as last argument. "Legal in a
 *   callback" says whether a function may be called from one.
 * - Zero is the default in every option structure. New fields go at the end.
 */
#ifndef FWSIM_H
#define FWSIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define FWSIM_API __attribute__((visibility("default")))
#else
#define FWSIM_API
#endif

#define FWSIM_VERSION_MAJOR 0
#define FWSIM_VERSION_MINOR 1
#define FWSIM_VERSION_PATCH 0
#define FWSIM_VERSION "0.1.0"

/** Nanoseconds of virtual time from other units. */
#define FWSIM_US(x) ((uint64_t)(x) * 1000u)
#define FWSIM_MS(x) ((uint64_t)(x) * 1000000u)
#define FWSIM_S(x)  ((uint64_t)(x) * 1000000000u)

typedef struct fwsim_machine fwsim_machine;
typedef struct fwsim_image fwsim_image;
typedef struct fwsim_snapshot fwsim_snapshot;
typedef struct fwsim_key fwsim_key;
typedef struct fwsim_trust fwsim_trust;
typedef struct fwsim_bundle fwsim_bundle;
struct fwsim_periph_type;

/* ------------------------------------------------------------------ */
/* Errors                                                               */
/* ------------------------------------------------------------------ */

/*
 * Linux errno numbers where one fits, on every host, so that a debugger's -22
 * means what you think.
 */
#define FWSIM_ERROR_MAP(X)                                                     \
    X(ENOENT, -2, "no such file, symbol, board or peripheral")                 \
    X(EIO, -5, "a file could not be read or written")                          \
    X(ENOMEM, -12, "out of memory")                                            \
    X(EACCES, -13, "the access is not permitted")                              \
    X(EFAULT, -14, "no memory at this address")                                \
    X(EBUSY, -16, "not legal here: the machine is running")                    \
    X(EINVAL, -22, "invalid argument")                                         \
    X(ENOSPC, -28, "does not fit")                                             \
    X(ERANGE, -34, "value out of range")                                       \
    X(ENOTSUP, -95, "not supported")                                           \
    X(ETIMEDOUT, -110, "did not happen within the virtual time given")         \
    X(EFORMAT, -1000, "the data is damaged or of another format")              \
    X(EBOARD, -1001, "the board description is inconsistent")                  \
    X(ECPU, -1002, "the CPU engine refused")                                   \
    X(ESTATE, -1003, "a snapshot of another machine")

enum {
#define X(name, code, text) FWSIM_##name = code,
    FWSIM_ERROR_MAP(X)
#undef X
};

/** Text of an error code: static, never NULL. Legal in a callback. */
FWSIM_API const char *fwsim_strerror(int code);

/** Version of the library, as FWSIM_VERSION of the header it was built with. */
FWSIM_API const char *fwsim_version(void);

/* ------------------------------------------------------------------ */
/* Log                                                                  */
/* ------------------------------------------------------------------ */

typedef enum fwsim_level {
    FWSIM_LOG_ERROR,
    FWSIM_LOG_WARN,
    FWSIM_LOG_INFO,
    FWSIM_LOG_DEBUG
} fwsim_level;

typedef enum fwsim_topic {
    FWSIM_TOPIC_GENERAL,
    FWSIM_TOPIC_GUEST_ERROR, /**< a mistake of the firmware */
    FWSIM_TOPIC_UNMODELLED,  /**< a gap of ours: no model answers here */
    FWSIM_TOPIC_UNIMPL,      /**< a gap of ours: model without this function */
    FWSIM_TOPIC_CPU          /**< exceptions, faults, resets */
} fwsim_topic;

/** One line of the log. Everything in it lives for the call only. */
typedef struct fwsim_log_entry {
    fwsim_level level;
    fwsim_topic topic;
    uint64_t time_ns;   /**< virtual time; 0 when there is no machine yet */
    uint64_t pc;        /**< instruction, when has_pc */
    bool has_pc;
    const char *origin; /**< name of the peripheral or module */
    const char *text;   /**< one line, no newline, UTF-8 */
} fwsim_log_entry;

typedef void (*fwsim_log_fn)(const fwsim_log_entry *entry, void *user);

/* ------------------------------------------------------------------ */
/* Images                                                               */
/* ------------------------------------------------------------------ */

typedef enum fwsim_format {
    FWSIM_FORMAT_AUTO, /**< from the content; raw binary as a last resort */
    FWSIM_FORMAT_ELF,
    FWSIM_FORMAT_IHEX,
    FWSIM_FORMAT_SREC,
    FWSIM_FORMAT_UF2,
    FWSIM_FORMAT_BIN
} fwsim_format;

typedef enum fwsim_arch {
    FWSIM_ARCH_UNKNOWN, /**< the format does not say (HEX, BIN, S-record) */
    FWSIM_ARCH_ARM,     /**< 32-bit Arm, Thumb */
    FWSIM_ARCH_AARCH64
} fwsim_arch;

/** How to read an image. */
typedef struct fwsim_image_options {
    fwsim_format format;
    /** Address of the first byte of a raw binary. Other formats ignore it. */
    uint64_t base;
    /** The caller gave `base`; without it a raw binary is placed by the board
     * at the start of its boot memory (fwsim_load), or at 0. */
    bool has_base;
    fwsim_log_fn log; /**< hears errors; NULL for silence */
    void *log_user;
} fwsim_image_options;

/** A run of bytes at a physical address. */
typedef struct fwsim_segment {
    uint64_t addr;
    uint64_t size;       /**< bytes, never 0 */
    const uint8_t *data; /**< lives as long as the image */
    bool executable;     /**< as far as the format says */
} fwsim_segment;

typedef struct fwsim_symbol {
    const char *name; /**< lives as long as the image */
    uint64_t addr;    /**< bit 0 of Thumb functions is cleared */
    uint64_t size;    /**< bytes; 0 when the file does not say */
    bool function;
} fwsim_symbol;

/**
 * Read an image from a file.
 *
 * @param out   out: the image; free with fwsim_image_free
 * @param path  file
 * @param opt   how to read it; NULL for defaults
 * @return 0; FWSIM_ENOENT, FWSIM_EIO for the file; FWSIM_EFORMAT when it is
 *         empty, truncated, damaged or of no known format (the log names the
 *         place); FWSIM_ENOTSUP for an ELF of another architecture
 */
FWSIM_API int fwsim_image_open(fwsim_image **out, const char *path,
                               const fwsim_image_options *opt);

/** The same from memory. @a data is copied; @a name is used in messages. */
FWSIM_API int fwsim_image_parse(fwsim_image **out, const char *name,
                                const void *data, size_t size,
                                const fwsim_image_options *opt);

/** Free an image. NULL is legal. */
FWSIM_API void fwsim_image_free(fwsim_image *img);

FWSIM_API fwsim_format fwsim_image_format(const fwsim_image *img);
FWSIM_API fwsim_arch fwsim_image_arch(const fwsim_image *img);

/** File name given at opening. Lives as long as the image. */
FWSIM_API const char *fwsim_image_name(const fwsim_image *img);

/** Entry point named by the format. Returns false when it names none. */
FWSIM_API bool fwsim_image_entry(const fwsim_image *img, uint64_t *entry);

/** Segments in ascending order of address; adjacent ones are merged when both
 * or neither are executable. */
FWSIM_API size_t fwsim_image_segments(const fwsim_image *img,
                                      const fwsim_segment **segments);

/**
 * Copy bytes of the image.
 * @return bytes copied: less than @a size where the image has a gap or ends
 */
FWSIM_API size_t fwsim_image_read(const fwsim_image *img, uint64_t addr,
                                  void *buf, size_t size);

/** All symbols with a name, in ascending order of address, then name. */
FWSIM_API size_t fwsim_image_symbols(const fwsim_image *img,
                                     const fwsim_symbol **symbols);

/** A symbol by name, global ones first; NULL when there is none. */
FWSIM_API const fwsim_symbol *fwsim_image_symbol(const fwsim_image *img,
                                                 const char *name);

/** The symbol that contains @a addr (functions first); NULL if none. */
FWSIM_API const fwsim_symbol *fwsim_image_symbol_at(const fwsim_image *img,
                                                    uint64_t addr);

/**
 * File and line of an instruction, from the DWARF line table.
 *
 * @param file out: path as the compiler recorded it; lives as long as @a img
 * @return true when known. Always false in a build without DWARF.
 */
FWSIM_API bool fwsim_image_line(const fwsim_image *img, uint64_t addr,
                                const char **file, unsigned *line);

/** A range of addresses; never empty. */
typedef struct fwsim_range {
    uint64_t addr;
    uint64_t size; /**< bytes */
} fwsim_range;

/** Something to know about an image. */
typedef struct fwsim_finding {
    fwsim_level level;  /**< ERROR: it will not run; WARN: it may not */
    const char *text;   /**< what it is: a sentence */
    const char *remedy; /**< what to do about it; NULL: nothing */
} fwsim_finding;

/** What can be told about an image from its bytes. */
typedef struct fwsim_diagnosis {
    fwsim_format format;
    fwsim_arch arch;        /**< found in the code when the format is silent */
    const char *cpu;        /**< closest core of fwsim_cpus; NULL: none */
    const char *cpu_reason; /**< why: a sentence */

    bool has_vectors;          /**< a Cortex-M vector table was found */
    uint64_t vector_table;     /**< its address */
    const char *vector_reason; /**< how it was found: a sentence */
    uint32_t initial_sp;       /**< as in the table */
    uint32_t reset_vector;     /**< as in the table: bit 0 is set */
    unsigned vectors;          /**< words in the table */
    unsigned irqs_used;        /**< external interrupts with own handlers */
    /** Address of the first byte, when nobody gave one for a raw binary and
     * the vector table shows it. */
    uint64_t base;
    bool has_base;

    const fwsim_range *flash; /**< where its bytes are loaded */
    size_t flash_count;
    const fwsim_range *ram; /**< what it uses besides, at least */
    size_t ram_count;
    /** Boards of the library that have its core and memories, and generic
     * ones; most likely first. */
    const struct fwsim_board *const *boards;
    size_t board_count;
    const fwsim_finding *findings; /**< most severe first */
    size_t finding_count;
} fwsim_diagnosis;

/**
 * Explain an image: core, vector table, memories, and what is wrong with it.
 *
 * @param out  out: free with fwsim_diagnosis_free. Strings in it live as long
 *             as it and @a img.
 * @return 0 also for an image that cannot run; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_diagnose(fwsim_diagnosis **out, const fwsim_image *img);

/** Free a diagnosis. NULL is legal. */
FWSIM_API void fwsim_diagnosis_free(fwsim_diagnosis *d);

/* ------------------------------------------------------------------ */
/* Boards                                                               */
/* ------------------------------------------------------------------ */

/** What an access that nobody models does. */
typedef enum fwsim_policy {
    FWSIM_POLICY_DEFAULT, /**< as the board says; without a word there: warn */
    FWSIM_POLICY_WARN,    /**< reads 0, writes vanish; logged once a register */
    FWSIM_POLICY_IGNORE,  /**< the same, logged at debug level */
    FWSIM_POLICY_FAIL     /**< the same, and the run stops at the next block:
                           * FWSIM_STOP_UNMODELLED */
} fwsim_policy;

typedef enum fwsim_mem_kind {
    FWSIM_MEM_RAM,   /**< read, write, execute */
    FWSIM_MEM_ROM,   /**< writes fault */
    FWSIM_MEM_FLASH  /**< erased to 0xff; writes go to the flash controller */
} fwsim_mem_kind;

/** A memory of a SoC. Tables end with a row whose size is 0. */
typedef struct fwsim_memory {
    const char *name;
    uint64_t base; /**< a multiple of 1024 */
    uint64_t size; /**< bytes; a multiple of 1024 */
    fwsim_mem_kind kind;
    /** FLASH: slot that programs it. NULL: writes are a bus fault. */
    const char *controller;
    /** Shows the memory of this name, from its start, instead of its own. */
    const char *alias_of;
} fwsim_memory;

/** A range where peripherals live; what no slot covers follows the policy. */
typedef struct fwsim_region {
    const char *name;
    uint64_t base;
    uint64_t size; /**< bytes; 0 ends the table */
    fwsim_policy policy;
} fwsim_region;

enum {
    FWSIM_SLOT_IRQS = 8,
    FWSIM_SLOT_PINS = 32,
    FWSIM_NO_IRQ = -1,
    FWSIM_NMI = -14 /* Cortex-M: its number in CMSIS */
};

/**
 * A peripheral or part at its place. Tables end with a row without a name.
 * The type says how many interrupt outputs, pins and parameters it has.
 */
typedef struct fwsim_slot {
    const char *name;
    const struct fwsim_periph_type *type;
    uint64_t base; /**< address; parts on a serial bus have none */
    /** NVIC line of each interrupt output; FWSIM_NO_IRQ: not connected;
     * FWSIM_NMI: the non-maskable interrupt. One left out is line 0. */
    int16_t irq[FWSIM_SLOT_IRQS];
    uint32_t clock_hz;   /**< input clock; 0: the core clock */
    /** Parts: slot of the controller they hang on; NULL: the one whose pins
     * the firmware has chosen to be theirs. */
    const char *bus;
    uint32_t bus_addr;   /**< parts: 7-bit I2C address, or SPI chip select */
    uint16_t first_pin;  /**< GPIO ports: machine pin number of bit 0 */
    /** Parts: machine pin of each pin the type lists. */
    uint16_t pin[FWSIM_SLOT_PINS];
    const uint32_t *param; /**< one value for each parameter the type lists */
    uint64_t alias; /**< a second address that shows the same; 0: none */
    /** A second name; NULL: none. For a block that is two peripherals at one
     * address, as TWI0 and SPI0 of an nRF51 are. */
    const char *also;
} fwsim_slot;

/** Name of a pin for people. Tables end with a row without a name. */
typedef struct fwsim_pin_name {
    const char *name; /**< "button_a", "P0.17" */
    uint16_t pin;
} fwsim_pin_name;

/** A chip. */
typedef struct fwsim_soc {
    const char *name;
    const char *summary;   /**< one line, with the manual followed */
    const char *cpu;       /**< name of a core, see fwsim_cpus; NULL: none */
    uint32_t clock_hz;     /**< core clock; fixed for the whole run */
    uint16_t irq_lines;    /**< external interrupts of the NVIC */
    uint8_t prio_bits;     /**< priority bits of the NVIC; 0: 2 on v6-M, else 3 */
    uint32_t systick_hz;   /**< SysTick's reference clock; 0: there is none */
    uint16_t pins;         /**< number of pins */
    uint64_t boot_addr;    /**< vector table after reset; A profile: where
                            * execution begins when the image does not say */
    const fwsim_memory *memory;
    const fwsim_region *regions;
    const fwsim_slot *periph;
    /* A profile only. Interrupt lines are the shared ones of a GICv2. */
    uint8_t highest_el;       /**< exception level after reset; 0: 1 */
    uint32_t counter_hz;      /**< of the generic timer */
    uint64_t gic_distributor; /**< address; 0: there is none */
    uint64_t gic_cpu;         /**< address of the GIC's CPU interface */
    /** Of no certain chip: fwsim_board_for_image replaces the memories. */
    bool generic;
} fwsim_soc;

/** A board: a chip and what is soldered to it. */
typedef struct fwsim_board {
    const char *name;
    const char *summary;
    const fwsim_soc *soc;
    const fwsim_slot *parts;     /**< may be NULL */
    const fwsim_pin_name *pins;  /**< may be NULL; "pin17" always works */
    const char *console;         /**< slot of the UART a person talks to */
} fwsim_board;

/** All boards of the library, in order of name; ends with NULL. */
FWSIM_API extern const fwsim_board *const fwsim_boards[];

/** A board of the library by name; NULL when there is none. */
FWSIM_API const fwsim_board *fwsim_board_find(const char *name);

/** What a user knows of an address map. Copied with its names. */
typedef struct fwsim_map {
    const fwsim_memory *memory;  /**< may be NULL */
    const fwsim_region *regions; /**< may be NULL */
    uint64_t vector_table;
    bool has_vector_table; /**< the caller gave `vector_table` */
} fwsim_map;

/**
 * A board with the address map that an image needs.
 *
 * On a generic board (fwsim_soc.generic) memories come from the image:
 *
 * - flash is where its segments are loaded, RAM is where its writable sections
 *   and its stack are. An image shows what it uses and not what there is, so
 *   both begin at a multiple of 64 KiB (the RAM of the stack: 1 MiB), and the
 *   flash of the vector table and the RAM of the stack go on for 1 MiB, others
 *   for 128 KiB, or up to the next one;
 * - the core starts with the vector table that fwsim_diagnose finds. The flash
 *   around it appears at address 0 as well when nothing else is there;
 * - stores program the flash where the image has no bytes;
 * - the regions are those of the generic board.
 *
 * What @a map gives is not guessed: flash or ROM in it replaces the flash
 * found, RAM the RAM, and a region all regions. On every other board @a map is
 * added, and the image does not matter.
 *
 * @param out   out: the board; it must outlive the machines made of it. Free
 *              with fwsim_board_free
 * @param base  must outlive @a out
 * @param img   the image the core starts with; NULL: none. Not kept
 * @param map   NULL: nothing is known
 * @return 0; FWSIM_EINVAL; FWSIM_ENOENT when neither the image nor @a map has
 *         a vector table for a generic board; FWSIM_ENOMEM. Whether the map is
 *         consistent says fwsim_new.
 */
FWSIM_API int fwsim_board_for_image(fwsim_board **out, const fwsim_board *base,
                                    const fwsim_image *img,
                                    const fwsim_map *map);

/** Free a board of fwsim_board_for_image. NULL is legal. */
FWSIM_API void fwsim_board_free(fwsim_board *board);

/** A core that can be simulated. */
typedef struct fwsim_cpu_info {
    const char *name;    /**< "cortex-m4f" */
    const char *summary;
    fwsim_arch arch;
    const char *const *gaps; /**< what is left out, a line each; ends with NULL */
} fwsim_cpu_info;

/** All cores, ends with a row without a name. */
FWSIM_API extern const fwsim_cpu_info fwsim_cpus[];

/**
 * The name in @a names closest to @a name, for "did you mean" messages.
 * @param names  table that ends with NULL
 * @return an element of @a names, or NULL when none is close
 */
FWSIM_API const char *fwsim_closest(const char *name, const char *const *names);

/* ------------------------------------------------------------------ */
/* Machines                                                             */
/* ------------------------------------------------------------------ */

typedef struct fwsim_options {
    fwsim_log_fn log; /**< NULL for silence */
    void *log_user;
    fwsim_level log_level; /**< least severe level wanted; 0: errors only */
    uint64_t seed;         /**< of every random choice of the models */
    fwsim_policy policy;   /**< overrides the policy of every region */
    /**
     * Faults run the handler of the firmware, as on silicon, and the run goes
     * on. Otherwise the run stops with FWSIM_STOP_FAULT before the handler's
     * first instruction; a further fwsim_run enters the handler.
     */
    bool deliver_faults;
    bool stop_at_reset; /**< stop with FWSIM_STOP_RESET when firmware resets */
    /** Semihosting: BKPT 0xAB is served. Otherwise it is a breakpoint. */
    bool semihosting;
    const char *semihosting_args; /**< command line; NULL: empty */
    const char *semihosting_dir;  /**< only files below it; NULL: none */
} fwsim_options;

/**
 * Create a machine. It is reset (power-on) and has empty memories.
 *
 * @param out    out: the machine; free with fwsim_free. NULL on error.
 * @param board  must outlive the machine; so must what it points to
 * @param opt    NULL for defaults; strings in it are copied
 * @return 0; FWSIM_EINVAL without a board; FWSIM_EBOARD for an overlap, an
 *         unknown core or a dangling name (opt->log has the text);
 *         FWSIM_ENOMEM; FWSIM_ECPU
 */
FWSIM_API int fwsim_new(fwsim_machine **out, const fwsim_board *board,
                        const fwsim_options *opt);

/** Free a machine. NULL is legal. Not legal in a callback. */
FWSIM_API void fwsim_free(fwsim_machine *m);

/** Text of the last error of this machine, a line; "" if none. Until the next
 * call. fwsim_failure says more where there is more to say. */
FWSIM_API const char *fwsim_errmsg(const fwsim_machine *m);

FWSIM_API const fwsim_board *fwsim_machine_board(const fwsim_machine *m);

/**
 * Load an image from a file and reset (power-on). Several images may be
 * loaded, later ones over earlier ones; symbols of all are kept. Without
 * opt->log the log of the machine hears of errors.
 *
 * @return as fwsim_image_open; FWSIM_EFAULT when a segment is outside the
 *         memories of the board; then nothing is loaded
 */
FWSIM_API int fwsim_load(fwsim_machine *m, const char *path,
                         const fwsim_image_options *opt);

/** Load an opened image. The machine takes it over, also on error. */
FWSIM_API int fwsim_load_image(fwsim_machine *m, fwsim_image *img);

typedef enum fwsim_reset_kind {
    FWSIM_RESET_POWER_ON, /**< RAM and retained registers are lost, too */
    FWSIM_RESET_PIN,
    FWSIM_RESET_SYSTEM,   /**< by software: AIRCR.SYSRESETREQ */
    FWSIM_RESET_WATCHDOG
} fwsim_reset_kind;

/** Reset core and peripherals. Virtual time goes on. Not in a callback. */
FWSIM_API int fwsim_reset(fwsim_machine *m, fwsim_reset_kind kind);

/* ------------------------------------------------------------------ */
/* Running                                                              */
/* ------------------------------------------------------------------ */

/**
 * How far to run from here; 0 in a field means no limit. With a limit of time
 * a core that sleeps for good sleeps until then: FWSIM_STOP_LIMIT, not IDLE.
 */
typedef struct fwsim_limit {
    uint64_t instructions; /**< executed; sleeping costs none */
    uint64_t time_ns;      /**< virtual, sleeping included */
} fwsim_limit;

#define FWSIM_STOP_MAP(X)                                                      \
    X(LIMIT, "limit", "a limit of the run was reached")                        \
    X(IDLE, "idle", "asleep, and nothing is left that could wake the core")    \
    X(EXIT, "exit", "the firmware ended itself (semihosting)")                 \
    X(FAULT, "fault", "the core takes a fault exception")                      \
    X(LOCKUP, "lockup", "a fault inside the fault handlers locked up the core") \
    X(UNMODELLED, "unmodelled", "access to a register that nobody models")     \
    X(BREAKPOINT, "breakpoint", "a BKPT instruction")                          \
    X(REQUEST, "request", "a callback asked for it (fwsim_request_stop)")      \
    X(RESET, "reset", "the firmware reset itself")                             \
    X(UNSUPPORTED, "unsupported", "a gap of the simulator, see the text")      \
    X(RETURN, "return", "the function that fwsim_call has called returned")

typedef enum fwsim_stop_reason {
    FWSIM_STOP_NONE,
#define X(name, id, text) FWSIM_STOP_##name,
    FWSIM_STOP_MAP(X)
#undef X
} fwsim_stop_reason;

/** Short name of a stop reason ("limit"); static. */
FWSIM_API const char *fwsim_stop_name(fwsim_stop_reason reason);

/** Fault status as the core has it; zero where the core has no register. */
typedef struct fwsim_fault {
    unsigned exception; /**< number: 2 NMI, 3 HardFault, 4 MemManage, ... */
    uint32_t cfsr, hfsr, mmfar, bfar;
    uint64_t pc;        /**< instruction that faulted, as far as is known */
    uint32_t esr;       /**< A profile: exception syndrome */
    uint64_t far;       /**< A profile: fault address, where there is one */
    unsigned el;        /**< A profile: exception level it is taken to */
} fwsim_fault;

/** Why and where a run stopped. */
typedef struct fwsim_stop {
    fwsim_stop_reason reason;
    uint64_t pc;           /**< next instruction; BREAKPOINT: the BKPT */
    uint64_t address;      /**< UNMODELLED: register */
    int exit_code;         /**< EXIT: as the firmware gave it */
    fwsim_reset_kind reset; /**< RESET */
    fwsim_fault fault;     /**< FAULT, LOCKUP */
    uint64_t instructions; /**< executed by this call */
    uint64_t time_ns;      /**< virtual time that passed in this call */
    const char *text;      /**< a sentence for people; until the next run */
} fwsim_stop;

/**
 * Run until a limit or an event.
 *
 * Returns 0 whenever the simulator worked, also when the firmware crashed;
 * read @a stop for the reason. Limits are kept to the end of a basic block.
 * On a board without a core only virtual time passes.
 *
 * @param limit  NULL: no limit
 * @param stop   out; may be NULL
 * @return 0; FWSIM_EBUSY from inside a callback; FWSIM_ECPU when the CPU
 *         engine failed
 */
FWSIM_API int fwsim_run(fwsim_machine *m, const fwsim_limit *limit,
                        fwsim_stop *stop);

/**
 * Execute one instruction, or take one exception, or wake from sleep by the
 * next event. Returns as fwsim_run, FWSIM_ENOTSUP on a board without a core;
 * reason LIMIT when all went well. Each step is a block of its own: what reads
 * a clock sees the time of the instruction, and an interrupt may come before
 * any of them, so a run with steps may differ from one without. It is the same
 * each time the same instructions are stepped.
 */
FWSIM_API int fwsim_step(fwsim_machine *m, fwsim_stop *stop);

/**
 * Why the last fwsim_run or fwsim_step ended, also one inside another function
 * (fwsim_uart_expect); reason NONE before the first. Going back to a snapshot
 * changes nothing in it. Valid until the next run. Legal in a callback.
 */
FWSIM_API const fwsim_stop *fwsim_last_stop(const fwsim_machine *m);

/** Stop the run at the next block with FWSIM_STOP_REQUEST. For callbacks. */
FWSIM_API void fwsim_request_stop(fwsim_machine *m);

/** Virtual time since the machine was made. Legal in a callback. */
FWSIM_API uint64_t fwsim_time_ns(const fwsim_machine *m);

/** Instructions executed since the machine was made. Legal in a callback. */
FWSIM_API uint64_t fwsim_instructions(const fwsim_machine *m);

/* ------------------------------------------------------------------ */
/* Memory, registers, symbols                                           */
/* ------------------------------------------------------------------ */

/**
 * Read or write RAM, ROM and flash, without side effects: writes reach flash
 * as a programmer would. Legal in a callback.
 * @return 0; FWSIM_EFAULT when a byte of the range is no memory (nothing is
 *         copied then)
 */
FWSIM_API int fwsim_mem_read(fwsim_machine *m, uint64_t addr, void *buf,
                             size_t size);
FWSIM_API int fwsim_mem_write(fwsim_machine *m, uint64_t addr, const void *buf,
                              size_t size);

/**
 * An access as the core would make it, with its side effects. Legal in a
 * callback.
 * @param width  1, 2 or 4 bytes; @a addr must be aligned to it
 * @return 0; FWSIM_EINVAL; FWSIM_EFAULT where the core would get a bus fault
 */
FWSIM_API int fwsim_bus_read(fwsim_machine *m, uint64_t addr, unsigned width,
                             uint32_t *value);
FWSIM_API int fwsim_bus_write(fwsim_machine *m, uint64_t addr, unsigned width,
                              uint32_t value);

/**
 * Core registers by name: r0-r15, sp, lr, pc, xpsr, msp, psp, primask,
 * basepri, faultmask, control, s0-s31, fpscr on Cortex-M; x0-x30, sp, pc,
 * pstate, d0-d31 (writing clears the upper half of V) and system registers (esr_el1) on AArch64. Writing is not
 * legal in a callback other than a code hook; it leaves the exception number
 * in xpsr alone.
 * @return 0; FWSIM_ENOENT for a name the core does not have; FWSIM_ERANGE for
 *         a value that does not fit; FWSIM_ENOTSUP on a board without a core
 */
FWSIM_API int fwsim_cpu_read(fwsim_machine *m, const char *reg, uint64_t *value);
FWSIM_API int fwsim_cpu_write(fwsim_machine *m, const char *reg, uint64_t value);

/** Names of the architecture's registers, ends with NULL; NULL without a core.
 * Reading one that this core lacks (FPU, basepri) gives FWSIM_ENOENT. */
FWSIM_API const char *const *fwsim_cpu_registers(const fwsim_machine *m);

/** A symbol of the loaded images, the last one loaded first; or NULL. */
FWSIM_API const fwsim_symbol *fwsim_symbol_find(fwsim_machine *m,
                                                const char *name);
FWSIM_API const fwsim_symbol *fwsim_symbol_at(fwsim_machine *m, uint64_t addr);

/** File and line of an instruction; false when unknown. */
FWSIM_API bool fwsim_line_at(fwsim_machine *m, uint64_t addr, const char **file,
                             unsigned *line);

/**
 * "function+0x12 (file.c:34)", "function+0x12" or "0x00001234".
 * @return @a buf
 */
FWSIM_API char *fwsim_describe(fwsim_machine *m, uint64_t addr, char *buf,
                               size_t size);

typedef struct fwsim_frame {
    uint64_t pc; /**< the instruction, or the return address in callers */
    uint64_t sp;
    bool exception; /**< this frame was interrupted by the one before it */
} fwsim_frame;

/**
 * The call stack, innermost first, from DWARF call frame information and the
 * exception frames of the core. Ends where information ends.
 * @return number of frames stored; 0 without a core
 */
FWSIM_API size_t fwsim_backtrace(fwsim_machine *m, fwsim_frame *frames,
                                 size_t max);

/**
 * The code that a frame of fwsim_backtrace is in, for fwsim_describe,
 * fwsim_symbol_at and fwsim_line_at: its PC, or of a caller an address in the
 * call. The return address may belong to the next line, or even function.
 * Legal in a callback.
 */
FWSIM_API uint64_t fwsim_frame_code(const fwsim_frame *frames, size_t index);

/**
 * The report for a person: reason, registers, decoded fault status, backtrace
 * with file and line.
 * @param put  called with one line at a time, no newline
 */
FWSIM_API void fwsim_report(fwsim_machine *m, const fwsim_stop *stop,
                            void (*put)(const char *line, void *user),
                            void *user);

/* ------------------------------------------------------------------ */
/* The outside: UART, pins, inputs and outputs                          */
/* ------------------------------------------------------------------ */

/**
 * Send bytes to a UART of the firmware. They are queued and arrive one by one
 * at the speed the firmware has set; at once when the model knows no speed.
 * Legal in a callback.
 *
 * @param uart  slot name; NULL: the board's console
 * @return 0; FWSIM_ENOENT; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_uart_send(fwsim_machine *m, const char *uart,
                              const void *data, size_t size);

/** Bytes sent to the UART that have not arrived yet; 0 for an unknown one. */
FWSIM_API size_t fwsim_uart_pending(fwsim_machine *m, const char *uart);

/**
 * Everything the firmware has sent since the machine was made, or since
 * fwsim_uart_clear. A zero byte follows the last one. Not part of a snapshot.
 *
 * @param size  out: bytes; may be NULL
 * @return the bytes, until the machine runs again; NULL for an unknown UART
 */
FWSIM_API const char *fwsim_uart_output(fwsim_machine *m, const char *uart,
                                        size_t *size);
FWSIM_API int fwsim_uart_clear(fwsim_machine *m, const char *uart);

/**
 * Run until the text appears in output that no earlier expect has consumed.
 *
 * @param timeout_ns  virtual time at most; 0: only look at what is there
 * @return 0; FWSIM_ETIMEDOUT when time or the run ended first (fwsim_errmsg
 *         has what came instead); FWSIM_ENOENT; FWSIM_EBUSY from inside a
 *         callback; FWSIM_ECPU
 */
FWSIM_API int fwsim_uart_expect(fwsim_machine *m, const char *uart,
                                const char *text, uint64_t timeout_ns);

typedef void (*fwsim_uart_fn)(fwsim_machine *m, const char *uart, uint8_t byte,
                              void *user);

/** Hear each byte as the firmware sends it. Stays for the machine's life. */
FWSIM_API int fwsim_on_uart(fwsim_machine *m, const char *uart,
                            fwsim_uart_fn fn, void *user);

/** What drives a pin, from one side. */
typedef enum fwsim_drive {
    FWSIM_PIN_FLOAT,
    FWSIM_PIN_LOW,
    FWSIM_PIN_HIGH,
    FWSIM_PIN_PULL_DOWN,
    FWSIM_PIN_PULL_UP,
    FWSIM_PIN_WEAK_DOWN, /**< megohms: gives way to pulls of the chip */
    FWSIM_PIN_WEAK_UP
} fwsim_drive;

/** Machine number of a pin by its name on this board; or FWSIM_ENOENT. */
FWSIM_API int fwsim_pin_find(fwsim_machine *m, const char *name);

/** Drive a pin from outside. Stronger than pulls of the chip, unless weak.
 * @return 0; FWSIM_ENOENT; FWSIM_EINVAL for a value that is no fwsim_drive */
FWSIM_API int fwsim_pin_set(fwsim_machine *m, const char *pin,
                            fwsim_drive drive);

/** Level of a pin, 0 or 1 (a floating pin reads 0); or FWSIM_ENOENT. */
FWSIM_API int fwsim_pin_get(fwsim_machine *m, const char *pin);

typedef void (*fwsim_pin_fn)(fwsim_machine *m, unsigned pin, bool level,
                             void *user);

/** Hear every change of level of any pin. Stays for the machine's life. */
FWSIM_API int fwsim_on_pin(fwsim_machine *m, fwsim_pin_fn fn, void *user);

/**
 * Physical quantities that a model senses: temperature, acceleration, volts
 * at an ADC input. `fwsim peripherals NAME` lists them with their units.
 * @return 0; FWSIM_ENOENT; FWSIM_ERANGE
 */
FWSIM_API int fwsim_input_set(fwsim_machine *m, const char *periph,
                              const char *input, int32_t value);

/** Quantities that a model shows: brightness of an LED, duty of a motor. */
FWSIM_API int fwsim_output_get(fwsim_machine *m, const char *periph,
                               const char *output, int32_t *value);

/* ------------------------------------------------------------------ */
/* Hooks                                                                */
/* ------------------------------------------------------------------ */

/** An access to a peripheral, an unmodelled register included. */
typedef struct fwsim_access {
    uint64_t pc; /**< instruction, as far as is known */
    uint64_t addr;
    uint32_t value;
    uint8_t width; /**< bytes */
    bool write;
    const char *periph; /**< slot that answered; "core" for registers of the
                         * core itself; NULL: nobody */
    const char *reg;    /**< register; NULL when unknown */
} fwsim_access;

typedef void (*fwsim_access_fn)(fwsim_machine *m, const fwsim_access *access,
                                void *user);
typedef void (*fwsim_block_fn)(fwsim_machine *m, uint64_t pc, unsigned size,
                               void *user);
typedef void (*fwsim_code_fn)(fwsim_machine *m, uint64_t pc, void *user);

/** An exception of the core: entry, or return. */
typedef struct fwsim_exception {
    unsigned number; /**< as in IPSR: 15 SysTick, 16 + line for interrupts */
    bool entry;
    uint64_t pc; /**< entry: interrupted at; return: continues at */
} fwsim_exception;
typedef void (*fwsim_exception_fn)(fwsim_machine *m, const fwsim_exception *e,
                                   void *user);

/**
 * Hooks return a positive id for fwsim_unhook, or a negative error code.
 * They may be added and removed between runs, not inside a callback.
 */

/** After each access to a peripheral in the range; size 0: all. */
FWSIM_API int fwsim_on_access(fwsim_machine *m, uint64_t addr, uint64_t size,
                              fwsim_access_fn fn, void *user);

/** Before each basic block. Costs a call a block. */
FWSIM_API int fwsim_on_block(fwsim_machine *m, fwsim_block_fn fn, void *user);

/**
 * Before the instruction at @a addr. The callback may read and write memory
 * and registers, also the PC, and request a stop.
 */
FWSIM_API int fwsim_on_code(fwsim_machine *m, uint64_t addr, fwsim_code_fn fn,
                            void *user);

FWSIM_API int fwsim_on_exception(fwsim_machine *m, fwsim_exception_fn fn,
                                 void *user);

/** Remove a hook. Returns FWSIM_ENOENT for an id that is not in use. */
FWSIM_API int fwsim_unhook(fwsim_machine *m, int id);

/* ------------------------------------------------------------------ */
/* Coverage for fuzzers                                                 */
/* ------------------------------------------------------------------ */

/**
 * Count edges in a map, as AFL++ and libFuzzer (extra counters) want it. An
 * edge is a basic block that is executed after another one; code hooks and
 * fwsim_step cut blocks. At each block
 *
 *     map[(hash(block) ^ hash(block before) >> 1) % size]++
 *
 * where hash is a function of the address alone, so equal runs count the same
 * in every process. Counts wrap to 0 after 255. fwsim_snapshot_restore and
 * fwsim_edges_set forget the block before; the map is never cleared.
 *
 * Far cheaper than fwsim_on_block. Not legal in a callback.
 *
 * @param map   yours, and stays so: it must outlive its use. NULL: stop
 * @param size  bytes of the map, a power of two up to 2^32; ignored for NULL
 * @return 0; FWSIM_EINVAL; FWSIM_EBUSY
 */
FWSIM_API int fwsim_edges_set(fwsim_machine *m, uint8_t *map, size_t size);

/* ------------------------------------------------------------------ */
/* Unmodelled registers                                                 */
/* ------------------------------------------------------------------ */

/** A register that firmware used and nobody models. */
typedef struct fwsim_unmodelled {
    uint64_t addr;
    uint8_t width;      /**< bytes, of the first access */
    uint64_t reads, writes;
    uint32_t last_written;
    uint64_t first_pc;  /**< instruction of the first access */
} fwsim_unmodelled;

/** The @a index-th such register in order of first use; false at the end. */
FWSIM_API bool fwsim_unmodelled_get(fwsim_machine *m, size_t index,
                                    fwsim_unmodelled *out);

/* ------------------------------------------------------------------ */
/* Snapshots and fingerprints                                           */
/* ------------------------------------------------------------------ */

/**
 * Copy the whole state: core, memories, peripherals, events, virtual time.
 * Host side state (hooks, log, text already sent, unmodelled registers) is not
 * part of it. Not legal in a callback.
 * @return 0; FWSIM_EBUSY; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_snapshot_take(fwsim_machine *m, fwsim_snapshot **out);

/**
 * Go back. The snapshot stays valid and may be restored again, also into
 * another machine of the same board and options.
 * @return 0; FWSIM_EBUSY from inside a callback; FWSIM_ESTATE for a snapshot
 *         that does not fit; FWSIM_ENOMEM; nothing is changed then
 */
FWSIM_API int fwsim_snapshot_restore(fwsim_machine *m, const fwsim_snapshot *s);
/** Free a snapshot. NULL is legal. */
FWSIM_API void fwsim_snapshot_free(fwsim_snapshot *s);

/**
 * Write a snapshot to a file, whole or not at all: what was at @a path before
 * stays there on an error. Legal in a callback.
 * @return 0; FWSIM_EIO (errno says why); FWSIM_ENOMEM
 */
FWSIM_API int fwsim_snapshot_save(const fwsim_snapshot *s, const char *path);

/**
 * Read a snapshot from a file. Nothing happens to the machine: restore it then.
 * It was taken by the same version of fwsim, of a machine of the same board and
 * options, and with the same firmware unless this machine has none. The
 * checksum guards against damage and not against malice: models believe their
 * state.
 *
 * @param out  out: free with fwsim_snapshot_free; NULL on error
 * @return 0; FWSIM_ENOENT, FWSIM_EIO for the file; FWSIM_ENOTSUP for another
 *         format; FWSIM_ESTATE for a snapshot of something else; FWSIM_EFORMAT
 *         when it is damaged; FWSIM_ENOMEM. fwsim_errmsg names both sides.
 */
FWSIM_API int fwsim_snapshot_load(fwsim_machine *m, const char *path,
                                  fwsim_snapshot **out);

/**
 * Fingerprint of the whole state. The same inputs give the same value on every
 * little-endian 64-bit host. Which injected faults have happened is not part of
 * it; what they did is. Not legal in a callback.
 */
FWSIM_API uint64_t fwsim_hash(fwsim_machine *m);

#ifdef __cplusplus
}
#endif

/* The rest of the API, a header a subject; one include brings them all. */
#include "fwsim_bundle.h"
#include "fwsim_call.h"
#include "fwsim_can.h"
#include "fwsim_drive.h"
#include "fwsim_expect.h"
#include "fwsim_fuzz.h"
#include "fwsim_infer.h"
#include "fwsim_inject.h"
#include "fwsim_journal.h"
#include "fwsim_parts.h"
#include "fwsim_repo.h"
#include "fwsim_knowledge.h"
#include "fwsim_var.h"

#endif
