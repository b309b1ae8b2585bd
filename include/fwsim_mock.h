/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwsim: replace and watch functions of the firmware.
 *
 *     static void hal_read(fwsim_machine *m, fwsim_invocation *call, void *user)
 *     {
 *         uint8_t answer = 0x42;
 *
 *         fwsim_mem_write(m, call->args[1].value, &answer, 1);
 *         call->result.value = 0;
 *     }
 *
 *     int id = fwsim_mock(m, "hal_read", hal_read, NULL, NULL);
 *     fwsim_run(m, &limit, &stop);
 *     assert(fwsim_mock_calls(m, id) == 2);
 *
 * Functions are named as in fwsim_call. Whoever calls the function reaches the
 * replacement: also through a pointer, and also from its own file, unless the
 * compiler has inlined the call. A function that is inlined everywhere is an
 * error that names the places; one that is inlined somewhere is a warning in
 * the log.
 *
 * The callback runs between two instructions, before the first one of the
 * function, with the machine at rest: everything is legal in it that is legal
 * between two runs. It may call functions of the firmware (fwsim_call), take
 * snapshots, add hooks; and it may leave by longjmp, as cmocka's checks do when
 * they fail. The machine then stands before the function's first instruction;
 * the next run executes the original function, or the replacement again when
 * something else was called in between. A fwsim_run in a callback runs on from
 * there as well.
 *
 * A replacement takes the time of one instruction, and of what it runs.
 *
 * Replacements belong to the host: a snapshot has none of them, nor their
 * counters. After a restore, a reset or a load they are still there, and what
 * was called before is not seen to return.
 */
#ifndef FWSIM_MOCK_H
#define FWSIM_MOCK_H

#include "fwsim_call.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An argument or a result. */
typedef struct fwsim_value {
    fwsim_type type;  /**< AUTO: nothing is known but the register */
    uint64_t value;   /**< integers, with their sign in all bits; pointers */
    double number;    /**< F32, F64 */
    const char *name; /**< of the parameter, when DWARF knows it; or NULL.
                       * Lives as long as the machine */
} fwsim_value;

enum { FWSIM_INVOCATION_ARGS = 12 };

/** One call of a function. */
typedef struct fwsim_invocation {
    const char *function; /**< as it was named; until fwsim_unmock */
    uint64_t number;      /**< of the call, from 1 */
    uint64_t caller;      /**< where it returns to */
    uint64_t time_ns;     /**< virtual time at its entry */
    size_t arg_count;     /**< that are in args: the first 12. Without DWARF
                           * and without a signature: the registers */
    fwsim_value args[FWSIM_INVOCATION_ARGS];
    fwsim_value result;   /**< in a replacement: set it; begins as 0 */
    bool replaced;        /**< the original function was not executed by the
                           * firmware's call itself */
    bool returned;        /**< result is known */
} fwsim_invocation;

/** @param call  for the time of the callback only */
typedef void (*fwsim_mock_fn)(fwsim_machine *m, fwsim_invocation *call,
                              void *user);

typedef struct fwsim_mock_options {
    /** The first call that is meant, from 1, and how many: others go to the
     * original function, and are counted only. 0: from the first; all. */
    uint64_t first, count;
    /**
     * The types, where DWARF does not know them: "u32(ptr, u16, f64)". A type
     * is void, bool, u8 to u64, i8 to i64, f32, f64 or ptr. Where DWARF knows
     * them, it is compared. NULL: as DWARF says.
     */
    const char *signature;
    fwsim_float_abi float_abi;
    /** Spies: call back at the function's entry, not when it has returned. */
    bool at_entry;
    /** How many calls are kept for fwsim_mock_call_get, from the first; 0:
     * 64. */
    size_t keep;
    /** Called with the callback's `user` when the replacement is removed, or
     * the machine is freed; may be NULL. Not when fwsim_mock fails. */
    void (*destroy)(void *user);
} fwsim_mock_options;

/**
 * Replace a function by a callback.
 *
 * @param opt  NULL for defaults; the signature is not kept
 * @return a positive id; FWSIM_ENOENT for a name that is not there, is there
 *         several times or was inlined, see fwsim_call; FWSIM_EINVAL when it
 *         is replaced or watched already, for a signature that cannot be read,
 *         or is not that in DWARF; FWSIM_EBUSY in a callback of a run;
 *         FWSIM_ENOTSUP without a core, for structs by value; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_mock(fwsim_machine *m, const char *function,
                         fwsim_mock_fn fn, void *user,
                         const fwsim_mock_options *opt);

/** Replace a function that returns an integer, a pointer or nothing by a
 * constant. Returns as fwsim_mock; also FWSIM_ERANGE for a value that the
 * function cannot return. */
FWSIM_API int fwsim_mock_return(fwsim_machine *m, const char *function,
                                uint64_t value, const fwsim_mock_options *opt);

/**
 * Watch a function, which is executed as ever. The firmware does not notice:
 * neither its state nor its time differ.
 *
 * The callback hears of each call when it returns, with arguments and result;
 * one that does not return is counted, and kept with fwsim_invocation.returned
 * false. 64 calls may be under way at a time; then the oldest is given up.
 *
 * @param fn   may be NULL: count and keep only
 * @return as fwsim_mock
 */
FWSIM_API int fwsim_spy(fwsim_machine *m, const char *function,
                        fwsim_mock_fn fn, void *user,
                        const fwsim_mock_options *opt);

/**
 * For the callback of fwsim_mock: execute the original function, with the
 * arguments as they stand in @a call, in the run that called the replacement
 * and within its limits. May be done several times.
 *
 * @return 0: it has returned, call->result has its result, which the callback
 *         may change; FWSIM_ETIMEDOUT: the run ended in it (a fault, a limit).
 *         The firmware then stands in the original function as if it had not
 *         been replaced, and the run ends with the reason when the callback
 *         returns; FWSIM_EINVAL for another call than the current one;
 *         FWSIM_ENOTSUP for an exception handler; FWSIM_ENOMEM; FWSIM_ECPU
 */
FWSIM_API int fwsim_mock_original(fwsim_machine *m, fwsim_invocation *call);

/** Remove a replacement or a spy; legal in its own callback.
 * @return 0; FWSIM_ENOENT for an id not in use; FWSIM_EBUSY in a callback of a
 *         run */
FWSIM_API int fwsim_unmock(fwsim_machine *m, int id);

/** The id of the @a index-th replacement or spy, from 0, in the order of adding;
 * later ones have higher ids. 0: there are no more. Legal in a callback. */
FWSIM_API int fwsim_mock_id(const fwsim_machine *m, size_t index);

/** How often the function was called, those calls included that went to the
 * original; 0 for an id not in use. Legal in a callback. */
FWSIM_API uint64_t fwsim_mock_calls(const fwsim_machine *m, int id);

/** The @a index-th call, from 0. Legal in a callback.
 * @return 0; FWSIM_ENOENT when there was none, or it was not kept */
FWSIM_API int fwsim_mock_call_get(fwsim_machine *m, int id, uint64_t index,
                                  fwsim_invocation *out);

/** Forget the calls that were counted and kept. @return 0; FWSIM_ENOENT */
FWSIM_API int fwsim_mock_clear(fwsim_machine *m, int id);

#ifdef __cplusplus
}
#endif

#endif
