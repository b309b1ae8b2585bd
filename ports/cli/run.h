/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim run`: what its files share. */
#ifndef FWSIM_CLI_RUN_H
#define FWSIM_CLI_RUN_H

#include "cli.h"
#include "json.h"
#include "watch.h"

/** An image as the command line names it. */
typedef struct run_image {
    const char *path; /* without @ADDRESS */
    uint64_t base;
    bool has_base;    /* by @ADDRESS */
} run_image;

/** What the user knows of the address map: one row an option. */
typedef struct run_map {
    fwsim_memory *memory;  /* the row after the last one is zero */
    fwsim_region *regions; /* the same */
    char (*names)[32];     /* of memories and regions */
    size_t memory_count, region_count;
    uint64_t vectors;
    bool has_vectors;
} run_map;

/** Texts in the order of the command line. */
typedef struct run_texts {
    watch *list;
    size_t count;
} run_texts;

/** Bytes of a file for registers that deliver data. */
typedef struct run_stream {
    char name[24]; /* for fwsim_stream_feed */
    const char *path;
} run_stream;

/** Bundles and a service, see infer_sources.c. */
typedef struct infer_sources infer_sources;

/** What becomes of registers that nobody models. */
typedef struct run_infer {
    bool on;      /* inference answers, or the models of a file do */
    bool command; /* `fwsim infer`: that is what the run is for */
    fwsim_infer_options how;
    const char *output; /* file of models to write; NULL: none */
    run_stream *streams;
    size_t stream_count;
    infer_sources *sources; /* NULL: none */
} run_infer;

/** What `fwsim faults` is to do. */
typedef struct run_faults {
    bool command;        /* that is the command */
    bool kinds, compare;
    const char **sweeps; /* patterns */
    size_t sweep_count;
    const char *only;    /* one case; NULL: the sweeps */
    const char *boot_text, *ok_text, *detected_text, *wrong_text;
} run_faults;

/** What `fwsim fuzz` is to do. */
typedef struct run_fuzz {
    bool command; /* that is what the run is for */
    const char *stream, *buffer, *length, *function; /* NULL: not given */
    const char *boot_symbol;
    uint64_t jobs, duration_ns;
    const char *output, *seeds, *blocks;
    const char **asserts, **ends; /* end with NULL */
    size_t assert_count, end_count;
    bool hangs, ram_execution, flash_writes;
} run_fuzz;

/** The command line. */
typedef struct run_options {
    const fwsim_board *board;
    fwsim_board *made; /* `board`, when it was made for the image */
    run_map map;
    const char *uart; /* NULL: the board's console */
    run_image *images;
    size_t image_count;
    uint64_t base; /* of raw binaries without @ADDRESS */
    bool has_base;
    bool interactive;
    const char *input;
    char *input_data; /* its bytes, from run_prepare */
    size_t input_size;
    watch input_after; /* text is NULL: at once */
    run_texts expected, failed;
    uint64_t timeout_ns, limit; /* 0: none */
    bool json, fingerprint;
    bool log_all; /* --log: no summary in place of lines */
    run_infer infer;
    run_faults faults;
    run_fuzz fuzz;
    fwsim_options machine;
} run_options;

/** What comes out. */
typedef struct run_result {
    int code;          /* cli_exit, or 128 + signal */
    char message[640]; /* a sentence */
    fwsim_stop stop;
    uint64_t time_ns, instructions;
    bool report; /* the state of the core helps to understand it */
} run_result;

/**
 * Read the command line of `run` or `infer` into zeroed options;
 * run_options_free in any case.
 * @param done  out: nothing is left to do (--help)
 * @return CLI_OK, or what the command ends with after a message
 */
int run_options_read(run_options *opt, int argc, char **argv, bool *done);
void run_options_free(run_options *opt);

/** Text that has been waited for and has not come; NULL: none. */
watch *run_next_expected(const run_options *opt);
/** A text of --fail-text that has come; NULL: none. */
const watch *run_failed_text(const run_options *opt);

/**
 * Make the machine, load the images, read the input.
 * @return 0, or the exit code with a message in @a result
 */
int run_prepare(fwsim_machine **m, run_options *opt, run_result *result);

/** Run to the end and fill in @a result. */
void run_session(fwsim_machine *m, run_options *opt, run_result *result);

/** What people need besides the message, on stderr. */
void run_report_text(fwsim_machine *m, const run_options *opt,
                     const run_result *result);
/** The document for programs, on stdout. @a m is NULL when there is none. */
void run_report_json(fwsim_machine *m, const run_options *opt,
                     const run_result *result);

/**
 * A file as a whole; "-" is standard input.
 * @return false with errno set; *data is to be freed in any case
 */
bool run_read_file(const char *path, char **data, size_t *size);

/** Keep what ends a run that could not begin. @return its exit code */
int run_failed(run_result *result, int code, const char *text);

/* ------------------------------------------------------------------ */
/* infer.c                                                              */
/* ------------------------------------------------------------------ */

/** --input of a stream: STREAM=FILE, where STREAM may be empty. @return false:
 * it names no stream */
bool infer_is_stream(const char *text);
/** @return CLI_OK, or CLI_USAGE after a message */
int infer_add_stream(run_infer *infer, const char *text);

/** Switch inference on and feed the streams. @return as run_prepare */
int infer_begin(fwsim_machine *m, const run_options *opt, run_result *result);

/** How a run of `fwsim infer` gets on. Begins as zero. */
typedef struct infer_watch {
    uint64_t known;    /* what has been found, as a number that grows */
    uint64_t since_ns; /* virtual time when it last grew */
} infer_watch;

/** Show progress on a terminal. @return false: nothing new is to come */
bool infer_goes_on(fwsim_machine *m, infer_watch *w);
/** Make room for what comes after it. */
void infer_progress_end(void);

/** Can the models be written there? To be asked before the run, which would be
 * lost. @return CLI_OK, or CLI_INTERNAL after a message */
int infer_check_output(const char *path);
/** Write the models. On failure @a result says so. */
void infer_save(fwsim_machine *m, const run_options *opt, run_result *result);

/* ------------------------------------------------------------------ */
/* infer_sources.c                                                      */
/* ------------------------------------------------------------------ */

/** An option of BUNDLE_OPTIONS or SERVICE_OPTIONS. @return CLI_OK, or CLI_x
 * after a message */
int infer_source_option(run_infer *infer, const cli_option *o,
                        const char *value);
void infer_sources_free(infer_sources *s);

/** Open the bundles. @return CLI_OK, or CLI_x after a message */
int infer_sources_open(run_infer *infer);

/** After the run: ask the service, or show what it would be asked. Its failure
 * is a message and no more. */
void infer_consult(fwsim_machine *m, const run_infer *infer);

/* infer_report.c: what was found, on stderr, and as a member of the document */
void infer_report_text(fwsim_machine *m, const run_options *opt,
                       const run_result *result);
void infer_report_json(json *j, fwsim_machine *m);

/** Serial ports of no slot: semihosting's console, and the ITM of the core. */
#define RUN_SEMIHOSTING_UART "semihosting"
#define RUN_ITM_UART "itm"

enum { RUN_CONSOLES_MAX = 2 };

/**
 * The serial ports whose output is shown: that of --uart or the board's
 * console, which gets the input, and semihosting's.
 * @param names  out: as many names as returned, at most RUN_CONSOLES_MAX
 */
size_t run_consoles(const run_options *opt, const char **names);

#endif
