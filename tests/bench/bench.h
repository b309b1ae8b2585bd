/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the benchmark: what is measured (bench.c), programs run and
 * timed from outside (process.c), work done inside fwsim (inside.c,
 * inferred.c), and the page that is written (page.c).
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "fwsim.h"

/* ------------------------------------------------------------------ */
/* Programs                                                             */
/* ------------------------------------------------------------------ */

enum { ARGS_MAX = 32, OUTPUT_MAX = 256 };

/** What is taken of a run. */
typedef enum measure {
    BUSY,       /* seconds that it keeps processors busy, all its threads */
    FIRST_BYTE, /* seconds from start to the first byte on standard output */
    PRINTED     /* the number that it prints */
} measure;

typedef struct outcome {
    double value;
    size_t bytes;            /* of output; errors included, but FIRST_BYTE */
    char output[OUTPUT_MAX]; /* the last bytes */
} outcome;

/** Run a program without input.
 * @return false when it cannot be started or does not end with code 0 */
bool process_run(const char *const *argv, measure what, outcome *out);

/** Run a program and hear each line of its output.
 * @return as process_run */
bool process_lines(const char *const *argv,
                   void (*put)(const char *line, void *user), void *user);

double now_seconds(void);

double median(double *values, unsigned n);

/* ------------------------------------------------------------------ */
/* Inside fwsim                                                         */
/* ------------------------------------------------------------------ */

#define BENCH_BOARD "mps2_an386"

/** The program calls itself with these words: see inside.c.
 * @return the exit code, or -1 when the first word is none of them */
int inside(int argc, char **argv);

/** Words of inferred.c. @return as inside */
int inferred(const char *word, const char *image, const char *argument);

/** A machine with an image; ends the program when there is none. */
fwsim_machine *bench_machine(const fwsim_board *board, const char *image,
                             const char *args);
/** The board of the benchmark with 128 KiB of RAM. */
const fwsim_board *bench_small_board(void);

/* Registers of that board, for guest/reads.c: the LEDs, which have a model
 * (ARM DAI 0386, 3.8), and one of the Ethernet chip, which has none. */
#define BENCH_MODELLED "1073905664"
#define BENCH_INFERRED "1075838976"

/* ------------------------------------------------------------------ */
/* Rows and the page                                                    */
/* ------------------------------------------------------------------ */

/** Who is measured. */
typedef enum peer { FWSIM, QEMU_ICOUNT, QEMU, NATIVE, PEERS } peer;

typedef struct row {
    const char *what;
    measure how;
    const char *const *argv[PEERS]; /* NULL: not measured */
    double faster[PEERS]; /* goal: so many times as fast as this peer */
    double below;         /* goal: the value is below this one */
    double at_least;      /* goal: the value is this one, or more */
    double unit;          /* of the value, in what is measured */
    const char *suffix;   /* name of the unit */
    bool sums;            /* all peers must print the same last line */
    bool explains;        /* prints the reasons for its number, too */

    bool chosen;          /* to be measured, and shown */
    double result[PEERS]; /* median; 0: not measured */
    double ratio[PEERS];  /* of a peer to fwsim, median of the rounds */
    const char *failure;  /* NULL: all went well */
} row;

/** What the page says besides the rows. */
typedef struct facts {
    const row *rows;
    size_t count;
    unsigned rounds;
    bool has_qemu;
    double load; /* average of the machine at the start */
} facts;

bool goal_missed(const row *r);

/** Write the page. @return false for an error of the file */
bool page_write(const char *path, const facts *f);

#endif
