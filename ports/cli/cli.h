/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line program: what its files share. Commands, options and exit
 * codes are tables in commands.c; --help, the manual pages, the parser and
 * the did-you-mean messages all read them.
 */
#ifndef FWSIM_CLI_H
#define FWSIM_CLI_H

#include "fwsim.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ------------------------------------------------------------------ */
/* Exit codes                                                           */
/* ------------------------------------------------------------------ */

/*
 * X(name, number, id, only `fwsim run` ends with it, text). Numbers are kept
 * for a major version; new ones go at the end.
 */
/* clang-format off */
#define CLI_EXIT_MAP(X)                                                        \
    X(OK, 0, "ok", false,                                                      \
      "Success. Of a run: all expected text has appeared. Without "            \
      "--expect-text: the firmware ended itself with code 0, or the run "      \
      "reached its limit, slept for good or was left by the user.")            \
    X(NOT_SEEN, 1, "not-seen", true,                                           \
      "The run ended before all expected text had appeared. Of \"fwsim "       \
      "test\": a test has failed.")                                            \
    X(USAGE, 2, "usage", false,                                                \
      "The command line is wrong: an unknown name, or a bad value.")           \
    X(INPUT, 3, "input", false,                                                \
      "A file or a board cannot be used: it is missing, damaged or does not "  \
      "fit. Of \"fwsim doctor\": the image would not run.")                    \
    X(CRASH, 4, "crash", true,                                                 \
      "The firmware crashed: a fault, a lockup, or a breakpoint that nobody "  \
      "serves.")                                                               \
    X(FAIL_TEXT, 5, "fail-text", true,                                         \
      "A text given by --fail-text has appeared.")                             \
    X(UNMODELLED, 6, "unmodelled", true,                                       \
      "The firmware used a register that nobody models, with --policy fail.")  \
    X(INTERNAL, 7, "internal", false,                                          \
      "fwsim itself failed: the CPU engine, memory, an instruction that the "  \
      "simulator lacks, or output that could not be written.")                 \
    X(FIRMWARE, 8, "firmware", true,                                           \
      "The firmware ended itself with a code other than 0, which is in the "   \
      "message and in the JSON document.")                                     \
    X(FROZEN, 9, "frozen", true,                                               \
      "With --frozen: the firmware used a register that neither a model nor "  \
      "the file of --models knows.")                                           \
    X(FAULTY, 10, "faulty", true,                                              \
      "Of \"fwsim faults\": a case ended in a wrong result, a hang or a "      \
      "crash.")
/* clang-format on */

typedef enum cli_exit {
#define X(name, code, id, run_only, text) CLI_##name = code,
    CLI_EXIT_MAP(X)
#undef X
} cli_exit;

typedef struct cli_exit_row {
    cli_exit code;
    const char *id;
    bool run_only;
    const char *text;
} cli_exit_row;

/** All exit codes in order; ends with a row without an id. */
extern const cli_exit_row cli_exits[];

/* ------------------------------------------------------------------ */
/* Commands and options                                                 */
/* ------------------------------------------------------------------ */

/** An option. Tables end with a row without a name. */
typedef struct cli_option {
    const char *name; /* without the dashes */
    char letter;      /* short form; 0: none */
    /* what its value is, "FILE"; "[=FILE]": it may be left out; NULL: a
     * switch */
    const char *arg;
    int id;
    const char *text; /* sentences for --help and the manual page */
} cli_option;

/** An example. Tables end with a row without a line. */
typedef struct cli_example {
    const char *line;
    const char *text;
} cli_example;

typedef struct cli_command {
    const char *name;     /* one word, or two: "bundle show" */
    const char *synopsis; /* what follows the name */
    const char *summary;  /* a few words */
    const char *text;     /* paragraphs, with an empty line between */
    const cli_option *options;
    const cli_example *examples;
    /** argv[0] is the name of the command. @return a cli_exit */
    int (*main)(int argc, char **argv);
} cli_command;

/** The commands in the order of --help; ends with a row without a name. */
extern const cli_command cli_commands[];

/** The program: options before the command, summary, examples. */
extern const cli_command cli_program;

const cli_command *cli_command_find(const char *name);

/** Can this command end with this code? */
bool cli_may_exit(const cli_command *cmd, const cli_exit_row *row);

/** The program. @return what it ends with */
int cli_main(int argc, char **argv);

int run_main(int argc, char **argv);
int infer_main(int argc, char **argv);
int faults_main(int argc, char **argv);
int fuzz_main(int argc, char **argv);
int repro_main(int argc, char **argv);
int test_main(int argc, char **argv);
int doctor_main(int argc, char **argv);
int boards_main(int argc, char **argv);
int cpus_main(int argc, char **argv);
int peripherals_main(int argc, char **argv);
int help_main(int argc, char **argv);

/* clang-format off */
/* ids of the options of `run`, `infer`, `faults` and `fuzz` */
enum {
    RUN_BOARD, RUN_BASE, RUN_UART, RUN_INTERACTIVE, RUN_INPUT, RUN_INPUT_AFTER,
    RUN_EXPECT, RUN_FAIL, RUN_TIMEOUT, RUN_LIMIT, RUN_JSON, RUN_FINGERPRINT,
    RUN_SEED, RUN_POLICY, RUN_FAULTS, RUN_STOP_AT_RESET, RUN_SEMIHOSTING,
    RUN_ARGS, RUN_DIR, RUN_LOG, RUN_FLASH, RUN_ROM, RUN_RAM, RUN_MMIO,
    RUN_VECTORS, RUN_INFER, RUN_MODELS, RUN_FROZEN, RUN_SVD, RUN_FUZZWARE,
    RUN_IRQ_PERIOD, RUN_OUTPUT, RUN_SWEEP, RUN_CASE, RUN_KINDS, RUN_BOOT_TEXT,
    RUN_OK_TEXT, RUN_DETECTED_TEXT, RUN_WRONG_TEXT, RUN_COMPARE, RUN_STREAM,
    RUN_BUFFER, RUN_LENGTH, RUN_FUNCTION, RUN_BOOT_SYMBOL, RUN_JOBS,
    RUN_DURATION, RUN_SEEDS, RUN_BLOCKS, RUN_ASSERT, RUN_END, RUN_HANGS,
    RUN_RAM_EXECUTION, RUN_FLASH_WRITES
};
/* ids of the options of `test` */
enum {
    TEST_JOBS, TEST_FILTER, TEST_LIST, TEST_REPEAT, TEST_SHUFFLE, TEST_TIMEOUT,
    TEST_FAIL_FAST, TEST_JUNIT, TEST_TAP, TEST_JSONL, TEST_QUIET, TEST_SCHEMA
};
/* ids of the options of the other commands */
enum { LIST_JSON };
enum { DOCTOR_BASE, DOCTOR_JSON };
enum { HELP_MAN, HELP_MAN_DIR };
enum { PROGRAM_VERSION };
/* clang-format on */

/* ------------------------------------------------------------------ */
/* options.c                                                            */
/* ------------------------------------------------------------------ */

enum { CLI_OPTION_HELP = -1 }; /* every command has --help */

/**
 * Called with each option and its value (NULL for a switch), and with each
 * operand (@a option is NULL).
 * @return CLI_OK to go on, or what the command ends with
 */
typedef int (*cli_option_fn)(const cli_option *option, const char *value,
                             void *user);

/**
 * Read the command line of a command. Options and operands may be mixed; "--"
 * ends the options. --help is served here.
 *
 * @param done  out: the command has done its work (--help)
 * @return CLI_OK, or CLI_USAGE after a message
 */
int cli_parse(const cli_command *cmd, int argc, char **argv, cli_option_fn fn,
              void *user, bool *done);

/* ------------------------------------------------------------------ */
/* help.c, man.c                                                        */
/* ------------------------------------------------------------------ */

void cli_help(const cli_command *cmd, FILE *out);
void cli_man(const cli_command *cmd, FILE *out);

/** The name of a command's manual page: "fwsim-bundle-show". @return @a buf */
const char *cli_page_name(const cli_command *cmd, char *buf, size_t size);

/** Print a text, filled to @a width columns and indented. */
void cli_print_filled(FILE *out, int indent, int width, const char *text);

/* ------------------------------------------------------------------ */
/* message.c                                                            */
/* ------------------------------------------------------------------ */

/** "fwsim: text" and a newline on stderr. */
void cli_message(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** A cli_message. @return @a code */
int cli_error(int code, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/** Errors of an image end the command: the last one is its message. */
typedef struct cli_last_error {
    char text[512]; /* empty: none came */
} cli_last_error;

/** For fwsim_image_options.log: keeps errors, prints the rest. @a user is a
 * cli_last_error. */
void cli_keep_error(const fwsim_log_entry *entry, void *user);

/** The @a index-th name of a table; NULL at its end. */
typedef const char *(*cli_name_fn)(const void *table, size_t index);

/** The name of a table that is nearest to @a name; NULL when none is near. */
const char *cli_nearest(const char *name, cli_name_fn nth, const void *table);

/**
 * "; did you mean X?" for a name that is in no table, or "" when none is near.
 * @return @a buf
 */
const char *cli_hint(const char *name, cli_name_fn nth, const void *table,
                     char *buf, size_t size);

const char *cli_board_name(const void *unused, size_t index);

/** The board of a name; NULL after a message with the nearest one. */
const fwsim_board *cli_board(const char *name);

/** CLI_OK; CLI_INTERNAL after a message when stdout could not be written. */
int cli_flush(void);

/* ------------------------------------------------------------------ */
/* names.c                                                              */
/* ------------------------------------------------------------------ */

const char *cli_format_name(fwsim_format format); /* "Intel HEX" */
const char *cli_arch_name(fwsim_arch arch);       /* "arm" */
const char *cli_level_name(fwsim_level level);    /* "warning" */

/* ------------------------------------------------------------------ */
/* number.c                                                             */
/* ------------------------------------------------------------------ */

/*
 * Numbers on the command line. They return NULL, or what is wrong with the
 * text, to be put behind it in a message.
 */

/** "10", "2k", "1.5M", "3G": a count, not 0. */
const char *cli_parse_count(const char *text, uint64_t *count);
/** "500us", "1.5s": nanoseconds, not 0. */
const char *cli_parse_time(const char *text, uint64_t *ns);
/** Decimal, or hexadecimal with 0x. */
const char *cli_parse_uint(const char *text, uint64_t *value);
/** "0x20000000+0x5000", "0x20000000+20k", the size not 0. */
const char *cli_parse_range(const char *text, fwsim_range *range);

/** "1.234 s", "20 ms": for people. @return @a buf */
const char *cli_format_time(uint64_t ns, char *buf, size_t size);

#endif
