/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwsim: call a function of the firmware.
 *
 *     fwsim_call_result r;
 *
 *     fwsim_call(m, "crc16", FWSIM_ARGS(fwsim_in("123456789", 9), fwsim_u32(9)),
 *                NULL, &r);
 *     assert(r.verdict == FWSIM_CALL_RETURNED && r.value == 0x29b1);
 *
 * A function is named by
 *
 *   "crc16"           its symbol, static or not
 *   "driver.c:init"   the one of that file, when there are several
 *   "0x08000123"      its address; bit 0 does not matter
 *
 * The firmware must be loaded. Globals have the values that the start-up code
 * gives them once it has run: run to main first when the function needs any.
 */
#ifndef FWSIM_CALL_H
#define FWSIM_CALL_H

#include "fwsim.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Types that arguments and results have for the procedure call standard.
 * Narrower integers, bool and enums are passed as 32 bits. */
typedef enum fwsim_type {
    FWSIM_TYPE_AUTO, /**< as DWARF says; without it a register: U32, U64 */
    FWSIM_TYPE_VOID,
    FWSIM_TYPE_U32,
    FWSIM_TYPE_I32,
    FWSIM_TYPE_U64,
    FWSIM_TYPE_I64,
    FWSIM_TYPE_F32,
    FWSIM_TYPE_F64,
    FWSIM_TYPE_PTR
} fwsim_type;

/** How float and double are passed on a 32-bit core. */
typedef enum fwsim_float_abi {
    FWSIM_FLOAT_AUTO, /**< as the image says (Tag_ABI_VFP_args), else SOFT */
    FWSIM_FLOAT_SOFT, /**< in general registers: -mfloat-abi=soft, softfp */
    FWSIM_FLOAT_HARD  /**< in FP registers: -mfloat-abi=hard */
} fwsim_float_abi;

/** An argument; made by the functions below. */
typedef struct fwsim_arg {
    fwsim_type type;
    uint64_t bits;  /**< integers, pointers */
    double number;  /**< F32, F64 */
    const void *in; /**< PTR to a copy of these bytes; NULL: zeros */
    void *out;      /**< the copy comes back to here, in every case but that
                     * nothing was called; NULL: it does not */
    size_t size;    /**< bytes of the copy; 0: bits is the address */
} fwsim_arg;

static inline fwsim_arg fwsim_arg_make(fwsim_type type, uint64_t bits,
                                       double number)
{
    fwsim_arg a;

    a.type = type;
    a.bits = bits;
    a.number = number;
    a.in = NULL;
    a.out = NULL;
    a.size = 0;
    return a;
}

static inline fwsim_arg fwsim_u32(uint32_t value)
{
    return fwsim_arg_make(FWSIM_TYPE_U32, value, 0);
}

static inline fwsim_arg fwsim_i32(int32_t value)
{
    return fwsim_arg_make(FWSIM_TYPE_I32, (uint64_t)(int64_t)value, 0);
}

static inline fwsim_arg fwsim_u64(uint64_t value)
{
    return fwsim_arg_make(FWSIM_TYPE_U64, value, 0);
}

static inline fwsim_arg fwsim_i64(int64_t value)
{
    return fwsim_arg_make(FWSIM_TYPE_I64, (uint64_t)value, 0);
}

static inline fwsim_arg fwsim_f32(float value)
{
    return fwsim_arg_make(FWSIM_TYPE_F32, 0, value);
}

static inline fwsim_arg fwsim_f64(double value)
{
    return fwsim_arg_make(FWSIM_TYPE_F64, 0, value);
}

/** An address of the firmware. */
static inline fwsim_arg fwsim_ptr(uint64_t addr)
{
    return fwsim_arg_make(FWSIM_TYPE_PTR, addr, 0);
}

/**
 * A pointer to a buffer, or a struct, of the host. It is copied to the stack of
 * the firmware, below SP, aligned to 16 bytes; and back when the call is over.
 * A struct has to be laid out as the firmware has it.
 */
static inline fwsim_arg fwsim_in(const void *data, size_t size)
{
    fwsim_arg a = fwsim_arg_make(FWSIM_TYPE_PTR, 0, 0);

    a.in = data;
    a.size = size;
    return a;
}

/** A buffer that the function fills; it begins as zeros. */
static inline fwsim_arg fwsim_out(void *data, size_t size)
{
    fwsim_arg a = fwsim_arg_make(FWSIM_TYPE_PTR, 0, 0);

    a.out = data;
    a.size = size;
    return a;
}

static inline fwsim_arg fwsim_inout(void *data, size_t size)
{
    fwsim_arg a = fwsim_in(data, size);

    a.out = data;
    return a;
}

/** A string with its zero. */
static inline fwsim_arg fwsim_text(const char *text)
{
    size_t size = 1;

    for (const char *s = text; *s; s++)
        size++;
    return fwsim_in(text, size);
}

#ifndef __cplusplus
/** The two parameters for arguments of fwsim_call, from a list; at least one.
 * None is NULL, 0. */
#define FWSIM_ARGS(...)                                                        \
    ((fwsim_arg[]){ __VA_ARGS__ }),                                            \
        (sizeof((fwsim_arg[]){ __VA_ARGS__ }) / sizeof(fwsim_arg))
#endif

enum { FWSIM_ARGS_MAX = 32 };

typedef struct fwsim_call_options {
    /** How long it may take; 0 in a field: 100 million instructions, 10
     * seconds of virtual time. */
    fwsim_limit limit;
    fwsim_type returns;
    fwsim_float_abi float_abi;
    uint64_t sp; /**< stack pointer for the call; 0: the current one */
    /** No interrupt is taken in the call (PRIMASK, DAIF). Otherwise the
     * masks are what they are, and interrupts come as ever. */
    bool mask_interrupts;
    /** When it does not return, the core stays where it stopped, as after
     * fwsim_run. */
    bool stay;
    /** Do not compare the arguments with the prototype in DWARF. */
    bool unchecked;
} fwsim_call_options;

#define FWSIM_CALL_MAP(X)                                                      \
    X(RETURNED, "returned", "it returned")                                     \
    X(FAULT, "fault", "the core took a fault, or locked up")                   \
    X(LIMIT, "limit", "it did not return within its limit")                    \
    X(ASLEEP, "asleep", "it sleeps, and nothing wakes it within its limit")    \
    X(RESET, "reset", "it reset the chip")                                     \
    X(EXIT, "exit", "it ended the program (semihosting)")                      \
    X(STACK, "stack", "it returned with another stack pointer")                \
    X(STOPPED, "stopped", "the run stopped for another reason")

/** How a call ended. */
typedef enum fwsim_call_verdict {
    FWSIM_CALL_NONE, /**< nothing was called: there is an error */
#define X(name, id, text) FWSIM_CALL_##name,
    FWSIM_CALL_MAP(X)
#undef X
} fwsim_call_verdict;

/** Short name of a verdict ("returned"); static. Legal in a callback. */
FWSIM_API const char *fwsim_call_verdict_name(fwsim_call_verdict verdict);

enum { FWSIM_CALL_FRAMES = 16 };

typedef struct fwsim_call_result {
    fwsim_call_verdict verdict;
    uint64_t value; /**< RETURNED: integer or pointer; what is signed has its
                     * sign in all 64 bits */
    double number;  /**< RETURNED: float or double */
    fwsim_type type; /**< that was used */
    fwsim_stop stop; /**< why the run ended, and its cost */
    /** The call stack where it ended, innermost first; RETURNED: empty. */
    fwsim_frame frames[FWSIM_CALL_FRAMES];
    size_t frame_count;
    const char *text; /**< a sentence with function and place; until the next
                       * run or call */
} fwsim_call_result;

/**
 * Call a function, as another function of the firmware would.
 *
 * It runs where the core stands now: in its mode, with its privilege, masks
 * and MPU, on its stack below SP. Peripherals, interrupts, hooks and
 * replacements work as in fwsim_run, and virtual time goes on. In a handler of
 * the firmware it runs as a part of the handler.
 *
 * Afterwards the core goes on where it stood: registers, flags, masks, active
 * exceptions, and sleep (unless an interrupt came) are as before, whatever the
 * verdict. Memory, peripherals and time keep what the function did; take a
 * snapshot before, and restore it, to undo that. After FWSIM_CALL_RESET the
 * core stands at its reset vector: the reset is kept.
 *
 * A fault ends the call, unless fwsim_options.deliver_faults lets the handler
 * of the firmware run.
 *
 * Where DWARF knows the prototype, number and width of the arguments are
 * checked, and values are checked to fit. Structs by value are not supported;
 * a function that returns one in memory takes its place as first argument on
 * Cortex-M: fwsim_out, with fwsim_call_options.unchecked.
 *
 * Not legal in a callback, but legal in that of a replaced function
 * (fwsim_mock.h).
 *
 * @param function  name or address, see above
 * @param args      NULL when there are none
 * @param opt       NULL for defaults
 * @param result    out; on an error its verdict is FWSIM_CALL_NONE
 * @return 0 also when the function crashed: see result->verdict; FWSIM_ENOENT
 *         for a name that is not there (with the closest one), is there
 *         several times (with a list), or was inlined (with the places);
 *         FWSIM_EINVAL for arguments that do not fit the prototype;
 *         FWSIM_ERANGE for a value that does not fit its parameter;
 *         FWSIM_EFAULT when the address or the stack pointer is in no memory:
 *         nothing is loaded, or start-up code has not set the stack;
 *         FWSIM_ENOSPC when buffers do not fit below SP, or would overwrite a
 *         variable there; FWSIM_EBUSY in a callback; FWSIM_ENOTSUP without a
 *         core, or for a struct by value; FWSIM_ECPU
 */
FWSIM_API int fwsim_call(fwsim_machine *m, const char *function,
                         const fwsim_arg *args, size_t count,
                         const fwsim_call_options *opt,
                         fwsim_call_result *result);

#ifdef __cplusplus
}
#endif

#include "fwsim_mock.h"

#endif
