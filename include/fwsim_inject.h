/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fault injection: what goes wrong in hardware, at a moment that can be named
 * again. Included by fwsim.h.
 *
 *     fwsim_inject_text(m, "flip:ram:0x20000010:3@12345");
 *     fwsim_inject_text(m, "nack:start:twi0#2");
 *     fwsim_inject_text(m, "cut:flash:7#3");
 *     fwsim_run(m, &limit, &stop);
 *
 * Each fault has a text, which is also its id: the same text in the same run
 * gives the same fingerprint. docs/faults.md describes the kinds and the
 * texts. Nothing here may be called from a callback, unless it says so.
 */
#ifndef FWSIM_INJECT_H
#define FWSIM_INJECT_H

#include "fwsim.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * X(name, text, its arguments, what happens). The kinds with a count hit the
 * n-th of something, counted while they are armed (and their moment has come);
 * the others happen at their moment, at once when they have none.
 */
/* clang-format off */
#define FWSIM_INJECT_MAP(X)                                                    \
    X(FLIP_RAM, "flip:ram", "ADDRESS:BIT",                                     \
      "a bit of RAM changes, 0 to 31 of the little-endian word there")         \
    X(FLIP_FLASH, "flip:flash", "ADDRESS:BIT",                                 \
      "a bit of flash or ROM changes")                                         \
    X(FLIP_REG, "flip:reg", "REGISTER:BIT",                                    \
      "a bit of a register of the core changes")                               \
    X(STUCK_RAM, "stuck:ram", "ADDRESS:BIT:LEVEL",                             \
      "a bit of RAM is 0 or 1 from then on, whatever is written")              \
    X(STUCK_IO, "stuck:io", "ADDRESS:BIT:LEVEL",                               \
      "a bit of a peripheral's register is read and written as 0 or 1")        \
    X(BUS_ERROR, "buserror", "ADDRESS+SIZE[:read|:write]",                     \
      "the n-th access to a range is answered by a bus error")                 \
    X(NACK_START, "nack:start", "SLOT",                                        \
      "the n-th START of an I2C controller is not acknowledged")               \
    X(NACK_BYTE, "nack:byte", "SLOT",                                          \
      "the n-th byte an I2C controller sends is not acknowledged")             \
    X(IRQ_LOST, "irq:lost", "LINE",                                            \
      "the core does not hear the n-th rise of an interrupt line")             \
    X(IRQ_LATE, "irq:late", "LINE:DELAY",                                      \
      "the core hears the n-th rise of an interrupt line later")               \
    X(IRQ_SPURIOUS, "irq:spurious", "LINE",                                    \
      "an interrupt comes that nobody has asked for")                          \
    X(DROP_RX, "drop:rx", "SLOT",                                              \
      "the n-th byte to a UART of the firmware is lost")                       \
    X(DROP_TX, "drop:tx", "SLOT",                                              \
      "the n-th byte from a UART of the firmware is lost")                     \
    X(CORRUPT_RX, "corrupt:rx", "SLOT:BIT",                                    \
      "a bit changes in the n-th byte to a UART of the firmware")              \
    X(CORRUPT_TX, "corrupt:tx", "SLOT:BIT",                                    \
      "a bit changes in the n-th byte from a UART of the firmware")            \
    X(SKIP, "skip", "",                                                        \
      "an instruction has no effect")                                          \
    X(DRIFT_CORE, "drift:core", "PPM",                                         \
      "the core clock runs fast against all clocks that are not made of it")   \
    X(DRIFT_IO, "drift:io", "SLOT:PPM",                                        \
      "the clock of a peripheral runs fast by so many parts per million")      \
    X(BROWN_OUT, "brownout", "keep|lose",                                      \
      "the voltage dips: a power-on reset that keeps RAM or loses it")         \
    X(CUT, "cut", "",                                                          \
      "the power goes and comes back: RAM is lost, flash is kept")             \
    X(CUT_FLASH, "cut:flash", "SEED",                                          \
      "the power goes while the n-th word is programmed or the n-th erase is " \
      "done: some bits are, by seed; with seed 0: none")
/* clang-format on */

typedef enum fwsim_inject_kind {
#define X(name, text, args, what) FWSIM_INJECT_##name,
    FWSIM_INJECT_MAP(X)
#undef X
    FWSIM_INJECT_KINDS
} fwsim_inject_kind;

/** "flip:ram"; static. NULL for no kind. Legal in a callback. */
FWSIM_API const char *fwsim_inject_kind_name(fwsim_inject_kind kind);
/** Its arguments, "ADDRESS:BIT", and what happens, a sentence; static. */
FWSIM_API const char *fwsim_inject_kind_args(fwsim_inject_kind kind);
FWSIM_API const char *fwsim_inject_kind_text(fwsim_inject_kind kind);
/** Does it hit the n-th of something? */
FWSIM_API bool fwsim_inject_kind_counts(fwsim_inject_kind kind);

/** When a fault happens, or begins. */
typedef enum fwsim_inject_when {
    FWSIM_INJECT_NOW,         /**< before the next instruction */
    FWSIM_INJECT_INSTRUCTION, /**< before the instruction of this number, as
                               * fwsim_instructions counts: @12345 */
    FWSIM_INJECT_TIME,        /**< virtual time, in ns: @1.5ms */
    FWSIM_INJECT_CODE         /**< before the instruction at this address:
                               * @main, @main+0x10, @pc:0x1234; the third
                               * time: @main*3 */
} fwsim_inject_when;

enum { FWSIM_INJECT_NAME_MAX = 32, FWSIM_INJECT_TEXT_MAX = 192 };

/** A fault. What its kind has no argument for is ignored. */
typedef struct fwsim_inject_fault {
    fwsim_inject_kind kind;
    fwsim_inject_when when;
    uint64_t at;      /**< instruction, ns or address, as `when` says */
    uint64_t visit;   /**< CODE: the n-th time since armed; 0: the first */
    uint64_t nth;     /**< kinds that count: the first that is hit; 0: 1 */
    uint64_t times;   /**< of these, how many one after the other; 0: 1;
                       * UINT64_MAX: all */
    uint64_t addr;    /**< ADDRESS */
    uint64_t size;    /**< SIZE in bytes */
    char name[FWSIM_INJECT_NAME_MAX]; /**< SLOT or REGISTER */
    uint64_t delay_ns; /**< DELAY */
    uint64_t seed;    /**< SEED */
    int32_t ppm;      /**< PPM, -500000 to 500000 */
    int16_t line;     /**< LINE of the interrupt controller */
    uint8_t bit;      /**< BIT, below 32; of a register of AArch64: below 64;
                       * of a byte on a line: below 8 */
    bool level;       /**< LEVEL */
    bool only_read, only_write; /**< BUS_ERROR */
    bool keeps_ram;   /**< BROWN_OUT */
} fwsim_inject_fault;

/**
 * Read the text of a fault. Addresses may be symbols of the images, with an
 * offset. A slot is not looked up here: fwsim_inject does that.
 * @return 0; FWSIM_EINVAL for a text that is none (fwsim_errmsg says where and
 *         what is meant); FWSIM_ENOENT for an unknown symbol; FWSIM_ERANGE
 */
FWSIM_API int fwsim_inject_parse(fwsim_machine *m, const char *text,
                                 fwsim_inject_fault *out);

/**
 * The text of a fault, with numbers for symbols; parsing it gives the fault.
 * Legal in a callback.
 * @param size  FWSIM_INJECT_TEXT_MAX is always enough
 * @return @a buf
 */
FWSIM_API char *fwsim_inject_print(const fwsim_inject_fault *fault, char *buf,
                                   size_t size);

/**
 * Arm a fault.
 *
 * Armed faults are the host's, as hooks are: fwsim_snapshot_restore leaves the
 * list alone. How far each of them has come (what it has counted, whether it
 * has happened, whether a bit is stuck) goes back to what it was when the
 * snapshot was taken; one that was armed later begins anew. A moment that is
 * over when it is armed comes at once.
 *
 * @return a positive id; FWSIM_EBUSY in a callback; FWSIM_ENOENT for a slot or
 *         register that the machine does not have; FWSIM_EFAULT for an address
 *         where the kind does not fit; FWSIM_EINVAL, FWSIM_ERANGE for values;
 *         FWSIM_ENOTSUP (stuck RAM and bus errors of memory on AArch64);
 *         FWSIM_ENOMEM
 */
FWSIM_API int fwsim_inject(fwsim_machine *m, const fwsim_inject_fault *fault);

/** fwsim_inject_parse, then fwsim_inject. */
FWSIM_API int fwsim_inject_text(fwsim_machine *m, const char *text);

/** Disarm a fault; what it has done stays. @return FWSIM_ENOENT; FWSIM_EBUSY */
FWSIM_API int fwsim_inject_remove(fwsim_machine *m, int id);
/** Disarm all of them. @return 0; FWSIM_EBUSY */
FWSIM_API int fwsim_inject_clear(fwsim_machine *m);

/** A fault that is armed, and how far it has come. */
typedef struct fwsim_inject_state {
    int id;
    fwsim_inject_fault fault;
    uint64_t seen;         /**< of what it counts */
    uint64_t hits;         /**< how often it has happened */
    uint64_t first_ns;     /**< virtual time of the first hit */
    uint64_t first_instruction; /**< instructions before it */
    uint64_t first_pc;     /**< instruction it hit, as far as is known */
} fwsim_inject_state;

/** The @a index-th armed fault, in the order of arming; false at the end.
 * Legal in a callback. */
FWSIM_API bool fwsim_inject_get(const fwsim_machine *m, size_t index,
                                fwsim_inject_state *out);

/* ------------------------------------------------------------------ */
/* Sweeps                                                               */
/* ------------------------------------------------------------------ */

/**
 * Many cases from one pattern: the text of a fault with ranges in braces.
 *
 *     flip:ram:{buffer..buffer+15}:{0..7}@{10000..20000/500}
 *     cut:flash:{0,1,2,3}#{1..40}
 *     skip@{1ms..2ms/10us}
 *
 * FROM..TO with both ends, /STEP if wanted; numbers, times with units, symbols
 * with offsets; or a list of words. The cases are all combinations, the last
 * range first.
 */
typedef struct fwsim_sweep fwsim_sweep;

enum { FWSIM_SWEEP_CASES_MAX = 100000000 };

/**
 * Read a pattern, and check that its first and its last case are faults of
 * this machine.
 * @param out  out: free with fwsim_sweep_free; NULL on error
 * @return as fwsim_inject; FWSIM_ERANGE for more than FWSIM_SWEEP_CASES_MAX, and
 *         for texts of cases that could be FWSIM_INJECT_TEXT_MAX long
 */
FWSIM_API int fwsim_sweep_new(fwsim_sweep **out, fwsim_machine *m,
                              const char *pattern);
/** NULL is legal. */
FWSIM_API void fwsim_sweep_free(fwsim_sweep *sweep);

FWSIM_API size_t fwsim_sweep_cases(const fwsim_sweep *sweep);
/** Of these, how many differ in moment or count only: case i is at site
 * i / moments and moment i % moments. */
FWSIM_API size_t fwsim_sweep_moments(const fwsim_sweep *sweep);
/** The text of a case, which is its id.
 * @param index  below fwsim_sweep_cases
 * @param size   at least 1; FWSIM_INJECT_TEXT_MAX is always enough
 * @return @a buf, always terminated. Legal in a callback */
FWSIM_API char *fwsim_sweep_text(const fwsim_sweep *sweep, size_t index,
                                 char *buf, size_t size);

/** What became of a case; X(name, word, a sentence). */
/* clang-format off */
#define FWSIM_SWEEP_MAP(X)                                                     \
    X(OK, "ok", "the firmware did what it should")                             \
    X(DETECTED, "detected", "the firmware noticed, and said so")               \
    X(WRONG, "wrong", "the firmware ended with a wrong result")                \
    X(HANG, "hang", "the firmware did not come to an end")                     \
    X(CRASH, "crash", "the firmware crashed")
/* clang-format on */

typedef enum fwsim_sweep_outcome {
#define X(name, word, text) FWSIM_SWEEP_##name,
    FWSIM_SWEEP_MAP(X)
#undef X
    FWSIM_SWEEP_OUTCOMES
} fwsim_sweep_outcome;

/** "ok"; static. */
FWSIM_API const char *fwsim_sweep_outcome_name(fwsim_sweep_outcome outcome);

/** A case that was run. Lives for the callback only. */
typedef struct fwsim_sweep_case {
    size_t index; /**< of the sweep */
    const char *text;
    fwsim_sweep_outcome outcome;
    uint64_t hits; /**< how often the fault happened; 0: its moment did not
                    * come */
    fwsim_stop stop;
    fwsim_inject_state fault;
} fwsim_sweep_case;

/** How to run a case, and what to make of it. */
typedef struct fwsim_sweep_options {
    fwsim_limit limit; /**< of each case; both 0: time_ns is 1 s */
    const char *uart;  /**< NULL: the board's console */
    const char *ok_text;       /**< ends a case: OK */
    const char *detected_text; /**< ends a case: DETECTED */
    const char *wrong_text;    /**< ends a case: WRONG */
    /** What the UART has sent when the case ends as OK has to equal this, up to
     * a first zero byte; otherwise it is WRONG. NULL: no matter. */
    const char *reference;
    /** Before each case, when the machine is restored and the fault is armed:
     * to send input. Not a callback of a run: everything is legal. */
    void (*prepare)(fwsim_machine *m, void *user);
    /**
     * After each case, with the outcome so far; everything is legal but to
     * free the machine. NULL: as the texts say; without them: OK for the exit
     * code 0, WRONG for others, HANG at the limit, CRASH for faults.
     */
    fwsim_sweep_outcome (*judge)(fwsim_machine *m, const fwsim_sweep_case *c,
                                 void *user);
    /** Hear of each case. @return false to end the sweep */
    bool (*on_case)(fwsim_machine *m, const fwsim_sweep_case *c, void *user);
    void *user;
} fwsim_sweep_options;

/**
 * Run all cases of a sweep from a snapshot, one after the other. All faults
 * that were armed are disarmed, and the output of the UART is cleared before
 * each case. Equal sweeps have equal outcomes. The machine is left as the last
 * case has left it.
 *
 * @return 0, also when on_case ended it; FWSIM_ESTATE for a snapshot that does
 *         not fit; FWSIM_EBUSY; errors of fwsim_run and fwsim_inject
 */
FWSIM_API int fwsim_sweep_run(fwsim_machine *m, const fwsim_sweep *sweep,
                              const fwsim_snapshot *s,
                              const fwsim_sweep_options *opt);

/** Run one case by its text; the machine is left as it was at its end.
 * @param text  NULL: no fault, for a reference
 * @param out   may be NULL. Its texts live until the machine runs again. */
FWSIM_API int fwsim_sweep_case_run(fwsim_machine *m, const char *text,
                                   const fwsim_snapshot *s,
                                   const fwsim_sweep_options *opt,
                                   fwsim_sweep_case *out);

#ifdef __cplusplus
}
#endif

#endif
