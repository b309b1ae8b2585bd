/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzing: what the files of sdk/fuzz/ share. */
#ifndef FWSIM_FUZZ_ENGINE_H
#define FWSIM_FUZZ_ENGINE_H

#include "fwsim_fuzz.h"
#include "machine/machine.h"

enum {
    FWSIM__FUZZ_HOOKS = 96,
    FWSIM__FUZZ_TEXT = 512,
    FWSIM__FUZZ_WORD = 64 /* bytes of a memcmp that are looked at */
};

/** Why a callback has ended the run. */
typedef enum fwsim__fuzz_end {
    FWSIM__FUZZ_GOES_ON,
    FWSIM__FUZZ_ENDED,     /* one of the `ends`, or the function has returned */
    FWSIM__FUZZ_EXHAUSTED,
    FWSIM__FUZZ_ASSERTED
} fwsim__fuzz_end;

/** A function of the firmware that compares bytes. */
typedef struct fwsim__fuzz_comparer {
    const char *name;
    bool text;    /* ends at a zero byte */
    bool counted; /* the third argument is a limit */
} fwsim__fuzz_comparer;

struct fwsim_fuzz {
    fwsim_machine *m;
    fwsim_fuzz_options opt;
    fwsim_snapshot *start;
    int hooks[FWSIM__FUZZ_HOOKS];
    size_t hook_count;

    /* Where input goes. */
    const fwsim_periph *uart;
    uint64_t buffer, length, function;
    unsigned length_width;
    uint64_t returns; /* the function does, to here */
    bool a64;

    /* Feedback. */
    uint8_t *map;
    size_t map_mask;
    fwsim_fuzz_compare_fn compared;
    void *compared_user;
    uint64_t last_block, last_now; /* of a comparison */
    uint32_t nth; /* in the visit of the block, of those that count */

    /* The run. */
    const uint8_t *data;
    size_t size, taken;
    bool drained;          /* the last byte has arrived */
    bool settled;          /* no byte of a stream was taken for long */
    uint64_t drained_now;
    uint64_t quiet_since;  /* tick of the last write to the UART */
    unsigned polls;        /* of it, since then */
    fwsim__fuzz_end end;
    uint64_t asserted;     /* address */
    char text[FWSIM__FUZZ_TEXT];
};

/* places.c ----------------------------------------------------------- */

/** Find what the options name. 0 or an error with its text in the machine. */
int fwsim__fuzz_places(fwsim_fuzz *f);

/** Hooks at the symbols that end a run, or compare. The same. */
int fwsim__fuzz_hooks(fwsim_fuzz *f);

/** Lowest address of the main stack by the usual symbols; 0: unknown. */
uint64_t fwsim__fuzz_stack_limit(fwsim_fuzz *f);

/* input.c ------------------------------------------------------------ */

/** Give the input of the run to the firmware. */
int fwsim__fuzz_feed(fwsim_fuzz *f);

/** For fwsim__guard.drained. @a user is the fwsim_fuzz */
void fwsim__fuzz_drained(void *user, const fwsim_periph *p);

/** Hear accesses to the UART: is it polled in vain? */
void fwsim__fuzz_uart_access(fwsim_machine *m, const fwsim_access *a,
                             void *user);

/** How much of the input the firmware got. */
size_t fwsim__fuzz_taken(const fwsim_fuzz *f);

/** The run is to end. The first reason counts. */
void fwsim__fuzz_finish(fwsim_fuzz *f, fwsim__fuzz_end why);

/* verdict.c ---------------------------------------------------------- */

/** What became of a run that stopped so. */
void fwsim__fuzz_judge(fwsim_fuzz *f, const fwsim_stop *stop,
                       fwsim_fuzz_result *result);

/* compare.c ---------------------------------------------------------- */

/** For fwsim__guard.compare. @a user is the fwsim_fuzz */
void fwsim__fuzz_compare(void *user, uint64_t block, uint64_t a, uint64_t b,
                         unsigned bits);

/** Functions that compare; ends with a row without a name. */
extern const fwsim__fuzz_comparer fwsim__fuzz_comparers[];

/** One of them is called. */
void fwsim__fuzz_compare_call(fwsim_fuzz *f, const fwsim__fuzz_comparer *c,
                              uint64_t pc);

#endif
