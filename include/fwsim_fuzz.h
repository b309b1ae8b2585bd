/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzing: run firmware on one input after the other, from one snapshot, and
 * say of each run what became of it. docs/fuzzing.md is the way in.
 *
 *     static fwsim_fuzz *fuzz;
 *
 *     int LLVMFuzzerInitialize(int *argc, char ***argv)
 *     {
 *         fwsim_machine *m;
 *
 *         fwsim_new(&m, fwsim_board_find("mps2_an386"), NULL);
 *         fwsim_load(m, "firmware.elf", NULL);
 *         fwsim_uart_expect(m, NULL, "ready", FWSIM_S(1));
 *         return fwsim_fuzz_new(&fuzz, m, &(fwsim_fuzz_options){ .uart = "" });
 *     }
 *
 *     int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
 *     {
 *         return fwsim_fuzz_one(fuzz, data, size);
 *     }
 *
 * That source is for libFuzzer, for AFL++ and for running files again, see
 * below. Whoever has a fuzzer of his own calls fwsim_fuzz_run. The conventions
 * of fwsim.h hold.
 */
#ifndef FWSIM_FUZZ_H
#define FWSIM_FUZZ_H

#include "fwsim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ */
/* Verdicts                                                             */
/* ------------------------------------------------------------------ */

/* X(name, id, is it a finding, text) */
#define FWSIM_VERDICT_MAP(X)                                                   \
    X(DONE, "done", 0, "the run came to its end")                              \
    X(EXHAUSTED, "exhausted", 0, "the firmware waits for more input")          \
    X(FAULT, "fault", 1, "the core takes a fault exception")                   \
    X(LOCKUP, "lockup", 1, "a fault inside the fault handlers")                \
    X(STACK_OVERFLOW, "stack-overflow", 1, "the stack is below its limit")     \
    X(FLASH_WRITE, "flash-write", 1, "a write to flash or ROM")                \
    X(RAM_EXECUTION, "ram-execution", 1, "execution from RAM")                 \
    X(ASSERT, "assert", 1, "the firmware says that it has failed")             \
    X(BREAKPOINT, "breakpoint", 1, "a BKPT instruction")                       \
    X(TIMEOUT, "timeout", 1, "no end within the virtual time of a run")        \
    X(BUDGET, "budget", 1, "no end within the instructions of a run")          \
    X(UNMODELLED, "unmodelled", 0, "access to a register that nobody models")  \
    X(UNSUPPORTED, "unsupported", 0, "a gap of the simulator")

typedef enum fwsim_verdict {
#define X(name, id, finding, text) FWSIM_VERDICT_##name,
    FWSIM_VERDICT_MAP(X)
#undef X
} fwsim_verdict;

/** Short name of a verdict ("stack-overflow"), and what it means; static. */
FWSIM_API const char *fwsim_verdict_name(fwsim_verdict verdict);
FWSIM_API const char *fwsim_verdict_text(fwsim_verdict verdict);

/** What became of one input. */
typedef struct fwsim_fuzz_result {
    fwsim_verdict verdict;
    bool finding;          /**< it is one, and not tolerated by the options */
    fwsim_stop stop;       /**< why the machine stopped, in its own words */
    uint64_t pc;           /**< instruction at fault, as far as is known */
    uint64_t address;      /**< FLASH_WRITE: where; otherwise 0 */
    size_t taken;          /**< bytes of the input that the firmware got */
    uint64_t instructions; /**< of this run */
    uint64_t time_ns;      /**< virtual, of this run */
    /** Of a finding: hash of the verdict and the functions of the backtrace.
     * Equal for findings that are most likely one bug; otherwise 0. */
    uint64_t backtrace_hash;
    const char *text;      /**< a sentence, until the next run */
} fwsim_fuzz_result;

/* ------------------------------------------------------------------ */
/* Running inputs                                                       */
/* ------------------------------------------------------------------ */

typedef struct fwsim_fuzz fwsim_fuzz;

/**
 * Puts an input where the firmware finds it, before each run; the machine is
 * at the snapshot. The bytes live until the end of the run.
 * @return 0, or an error that ends fwsim_fuzz_run
 */
typedef int (*fwsim_fuzz_input_fn)(fwsim_fuzz *f, fwsim_machine *m,
                                   const uint8_t *data, size_t size,
                                   void *user);

/**
 * Where input goes and what a run is. One of `uart`, `stream`, `buffer`,
 * `function` and `input` at least, or else only fwsim_fuzz_take gives input.
 */
typedef struct fwsim_fuzz_options {
    /** A UART by its slot name, "" for the board's console. */
    const char *uart;
    /** Registers that nobody models (fwsim_stream_feed): "" for all, or the
     * name of one. Inference must be on. */
    const char *stream;
    /** A symbol, or an address: the bytes are written to RAM there. */
    const char *buffer;
    /** With `buffer`: symbol or address of a variable that gets their number;
     * NULL: none. As wide as the symbol, 4 bytes for an address. */
    const char *length;
    /** Bytes of the buffer; 0: the size of its symbol. */
    size_t buffer_size;
    /** Call this function, a symbol or an address, with the address of the
     * bytes and their number as arguments; its return ends the run. Without
     * `buffer` they lie on the stack. */
    const char *function;
    fwsim_fuzz_input_fn input; /**< in place of, or after, all these */
    void *user;

    /** Longest input in bytes; 0: 64 KiB, or what `buffer_size` gives. */
    size_t max_size;

    /* The end of a run. */
    uint64_t instructions; /**< budget of a run; 0: 10 million */
    uint64_t time_ns;      /**< the same in virtual time; 0: 10 s */
    /** Virtual time that firmware has for what it makes of the input, once the
     * last byte has arrived; 0: 20 ms. It ends before when the core sleeps for
     * good or the firmware polls the UART in vain. */
    uint64_t settle_ns;
    /** With `stream`: once the firmware has taken a byte of input, a run is over
     * when it takes no other one within so many instructions; 0: 50 000.
     * UINT64_MAX: only the budget counts. */
    uint64_t settle_instructions;
    /** Symbols that end a run well when they are reached; ends with NULL. */
    const char *const *ends;

    /* What is a finding. */
    /** Symbols that firmware reaches when it has failed, besides the usual ones
     * (fwsim_fuzz_asserts); ends with NULL. A symbol that the image lacks is an
     * error. */
    const char *const *asserts;
    bool no_usual_asserts;
    /** Lowest address of the main stack, Cortex-M only; 0: as the symbols of
     * usual linker scripts say, and without them none is checked.
     * FWSIM_FUZZ_NO_STACK: none. Stacks of threads are not checked. */
    uint64_t stack_limit;
    bool ram_execution; /**< execution from RAM is a finding. Cortex-M only */
    /** Also writes that the flash takes are a finding. Otherwise those alone
     * that make a fault. */
    bool flash_writes;
    /** Verdicts that are no findings: 1u << FWSIM_VERDICT_x each. */
    uint32_t tolerated;

    /** Operands of comparisons are not looked at, see fwsim_fuzz_map_set and
     * fwsim_fuzz_on_compare. */
    bool no_compares;
} fwsim_fuzz_options;

#define FWSIM_FUZZ_NO_STACK UINT64_MAX

/** The symbols that usually mean that firmware has failed (abort, ...); ends
 * with NULL. Of fault handlers it has none: faults are verdicts. */
FWSIM_API extern const char *const fwsim_fuzz_asserts[];

/**
 * Prepare to run inputs from the state the machine is in now: the snapshot.
 * Boot the firmware before, to where it wants input.
 *
 * @param m    yours, and must outlive @a out. Only fwsim_fuzz_run may run it
 *             until fwsim_fuzz_free; one fwsim_fuzz a machine
 * @param opt  NULL for defaults; what it points to must outlive @a out
 * @return 0; FWSIM_EINVAL for options that exclude each other; FWSIM_ENOENT for
 *         a UART or a symbol that is not there; FWSIM_EFAULT for a buffer that
 *         is not in RAM; FWSIM_EBUSY; FWSIM_ENOMEM. fwsim_errmsg has the name.
 */
FWSIM_API int fwsim_fuzz_new(fwsim_fuzz **out, fwsim_machine *m,
                             const fwsim_fuzz_options *opt);

/** Back to the snapshot, and no more hooks. NULL is legal. */
FWSIM_API void fwsim_fuzz_free(fwsim_fuzz *f);

FWSIM_API fwsim_machine *fwsim_fuzz_machine(const fwsim_fuzz *f);

/**
 * Go back to the snapshot, and run the firmware on one input. The machine stays
 * as the run has left it, for looking at it, until the next one. The same input
 * gives the same result, map and fingerprint. Not legal in a callback.
 *
 * @param data    not kept; may be NULL for no bytes
 * @param result  out; may be NULL
 * @return 0, also for a finding; FWSIM_ENOSPC for an input that is longer than
 *         options allow: nothing is run; FWSIM_EBUSY; FWSIM_ENOMEM;
 *         FWSIM_ECPU; what fwsim_fuzz_options.input returns
 */
FWSIM_API int fwsim_fuzz_run(fwsim_fuzz *f, const void *data, size_t size,
                             fwsim_fuzz_result *result);

/**
 * Take the next bytes of the input: for models and parts of the harness, an I2C
 * sensor for example. When there is none left the run ends at the next block,
 * as exhausted. Legal in a callback, which is where it belongs.
 * @return bytes stored, less than @a size at the end of the input; the rest of
 *         @a to is zero
 */
FWSIM_API size_t fwsim_fuzz_take(fwsim_fuzz *f, void *to, size_t size);

/** Longest input in bytes. */
FWSIM_API size_t fwsim_fuzz_max_size(const fwsim_fuzz *f);

/**
 * Count edges of the firmware in a map from the next run on (fwsim_edges_set),
 * and the progress of comparisons: which bytes of the operands agree sets a
 * byte of the map, so that a magic value falls byte by byte. A checksum does
 * not: it changes as a whole with the bytes it is made of. That may cost half of
 * the speed where firmware compares much. fwsim_fuzz_one does all this itself.
 *
 * @param map   yours, and must outlive @a f; never cleared here. NULL: none
 * @param size  a power of two up to 2^32
 * @return as fwsim_edges_set
 */
FWSIM_API int fwsim_fuzz_map_set(fwsim_fuzz *f, uint8_t *map, size_t size);

/**
 * Operands that differ, in a comparison of the firmware, or of its memcmp,
 * strcmp and strncmp.
 * @param size  bytes of each: 2, 4 or 8 for integers, which are little-endian
 */
typedef void (*fwsim_fuzz_compare_fn)(const uint8_t *a, const uint8_t *b,
                                      size_t size, void *user);

/** Hear operands from the next run on, for a dictionary. NULL: no more. */
FWSIM_API void fwsim_fuzz_on_compare(fwsim_fuzz *f, fwsim_fuzz_compare_fn fn,
                                     void *user);

/**
 * The story of the last run, for people: verdict, input, registers, backtrace
 * with file and line, and the last events when fwsim_journal_enable was called.
 * @param put  called with one line at a time, no newline
 */
FWSIM_API void fwsim_fuzz_report(fwsim_fuzz *f, const fwsim_fuzz_result *result,
                                 void (*put)(const char *line, void *user),
                                 void *user);

/* ------------------------------------------------------------------ */
/* In a fuzzer                                                          */
/* ------------------------------------------------------------------ */

/*
 * These are in two libraries, of which a program links one, before fwsim:
 *
 *     clang -fsanitize=fuzzer harness.c -lfwsim-libfuzzer -lfwsim
 *     cc harness.c -lfwsim-aflpp -lfwsim
 *
 * The first is for libFuzzer. The second has a main: under afl-fuzz it is a
 * persistent target with a forkserver that starts after LLVMFuzzerInitialize
 * and with input in shared memory, whatever compiler it was built by. Without
 * afl-fuzz it runs the files, and those in the folders, that the command line
 * names and tells the story of each finding; its exit code is 1 when there was
 * one, 2 when a file could not be run.
 */

/**
 * fwsim_fuzz_run for LLVMFuzzerTestOneInput, with the map and the dictionary of
 * the fuzzer. A finding is reported as the fuzzer wants it: libFuzzer gets the
 * story on standard error and an abort; afl-fuzz a signal that stands for the
 * verdict, while the process goes on.
 * @return 0; -1 for an input that is too long: libFuzzer does not keep it. A
 *         machine that fails ends the process with a message.
 */
int fwsim_fuzz_one(fwsim_fuzz *f, const uint8_t *data, size_t size);

/** What the harness has; libFuzzer calls the first only where there is one. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/**
 * Only in fwsim-aflpp, for programs with a main of their own: run what afl-fuzz
 * asks for, and leave the process when it has enough.
 * @param one  as LLVMFuzzerTestOneInput, which calls fwsim_fuzz_one
 * @return false at once when no afl-fuzz has started the process
 */
bool fwsim_fuzz_serve(int (*one)(const uint8_t *data, size_t size));

/** Only in fwsim-aflpp: the signal that stands for a verdict. */
int fwsim_fuzz_signal(fwsim_verdict verdict);

#ifdef __cplusplus
}
#endif

#endif
