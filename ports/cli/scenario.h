/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenario files: tests of firmware without C, see docs/scenario.md.
 *
 * A file is read into a tree of nodes that know their line and column
 * (scenario_yaml.c). One table says which keys and verbs there are and what
 * their values look like (scenario_grammar.c): the tree is held against it
 * (scenario_read.c), and the published schema is written from it
 * (scenario_schema.c). What the verbs do lies in scenario_<subject>.c.
 */
#ifndef FWSIM_CLI_SCENARIO_H
#define FWSIM_CLI_SCENARIO_H

#include "cli.h"

/* ------------------------------------------------------------------ */
/* The tree                                                             */
/* ------------------------------------------------------------------ */

typedef enum scenario_kind {
    SCENARIO_SCALAR,
    SCENARIO_LIST,
    SCENARIO_MAP
} scenario_kind;

typedef struct scenario_mark {
    size_t line, column; /* from 1; line 0: nowhere */
} scenario_mark;

struct scenario_verb;

/** A value. Nodes live as long as their scenario. */
typedef struct scenario_node {
    scenario_kind kind;
    bool plain;   /* SCALAR: without quotes */
    char *text;   /* SCALAR: a zero byte follows the last one */
    size_t size;  /* SCALAR: bytes of the text */
    size_t count; /* LIST, MAP: members */
    char *key;    /* of a member of a map; else NULL */
    scenario_mark mark, key_mark;
    const struct scenario_verb *verb; /* of a step: the value of the verb */
    struct scenario_node *first, *last, *next;
    struct scenario_node *made; /* the node that was made before this one */
} scenario_node;

/** What is wrong with a file: "file:line:column: text". */
typedef struct scenario_error {
    int code; /* CLI_INPUT, or CLI_INTERNAL for memory */
    char text[1024];
} scenario_error;

typedef struct scenario_test {
    const char *name;
    scenario_mark mark;
    const char *skip;  /* the reason; NULL: it is run */
    const char *fails; /* in the message of the failure that is expected */
    uint64_t timeout_ns; /* virtual; 0: that of the file */
    const scenario_node *steps;
} scenario_test;

typedef struct scenario {
    char *path;
    scenario_node *root;
    scenario_node *made; /* all nodes, the last one first */
    scenario_test *tests;
    size_t test_count;
} scenario;

/**
 * Read a file.
 *
 * @param out   out: free with scenario_free; NULL on error
 * @param path  for messages, and the folder of the files it names
 * @param data  its bytes; NULL: they are read from @a path
 * @return false: @a error says what is wrong
 */
bool scenario_read(scenario **out, const char *path, const char *data,
                   size_t size, scenario_error *error);
void scenario_free(scenario *s);

/** scenario_yaml.c: the tree of a text. @return false after scenario_fail */
bool scenario_parse(scenario *s, const char *data, size_t size,
                    scenario_error *error);

/** A new node, or NULL after scenario_fail. */
scenario_node *scenario_node_new(scenario *s, scenario_kind kind,
                                 scenario_mark mark, const char *text,
                                 size_t size, scenario_error *error);
void scenario_node_add(scenario_node *parent, scenario_node *child);

/** Say what is wrong, and where. @return false */
bool scenario_fail(const scenario *s, scenario_error *error,
                   scenario_mark mark, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* ------------------------------------------------------------------ */
/* The grammar                                                          */
/* ------------------------------------------------------------------ */

typedef enum scenario_type {
    SCENARIO_TEXT,    /* any bytes */
    SCENARIO_NAME,    /* not empty, without zero bytes */
    SCENARIO_FILE,    /* a name: path, seen from the folder of the scenario */
    SCENARIO_BYTES,   /* "01 02 ff", or a list of numbers */
    SCENARIO_TIME,    /* "20 ms" */
    SCENARIO_COUNT,   /* 5000, "20k" */
    SCENARIO_NUMBER,  /* decimal or with 0x, up to 64 bits */
    SCENARIO_INTEGER, /* the same, or negative */
    SCENARIO_FRACTION, /* 2, -0.5 */
    SCENARIO_BOOL,    /* true, false */
    SCENARIO_WORD,    /* one of `words` */
    SCENARIO_ADDRESS, /* a number, a symbol, or "symbol+4" */
    SCENARIO_ARGS,    /* a list of SCENARIO_ADDRESS, -1, 0.5 and maps */
    SCENARIO_RANGES,  /* a list of "0x20000000+64k", or one */
    SCENARIO_VARIANT, /* a number, also with a fraction, true or false, text */
    SCENARIO_KEYS,    /* a map with `keys` */
    SCENARIO_TABLE,   /* a list of such maps, or one without the list */
    SCENARIO_STEPS,   /* a list of steps */
    SCENARIO_TYPES
} scenario_type;

/** What a map has to have. A key is in one of these groups, or in none. */
typedef enum scenario_need {
    SCENARIO_OPTIONAL,
    SCENARIO_REQUIRED,
    SCENARIO_ONE, /* exactly one of the keys that say so */
    SCENARIO_SOME /* at least one of the keys that say so */
} scenario_need;

/** A key of a map. Tables end with a row without a name. */
typedef struct scenario_key {
    const char *name;
    scenario_type type;
    scenario_need need;
    bool main; /* a scalar in place of the map is the value of this key */
    const char *fallback;     /* the value of a key that is not there */
    const char *const *words; /* WORD: ends with NULL */
    const struct scenario_key *keys; /* KEYS, TABLE */
    const char *text;         /* a sentence for the schema */
} scenario_key;

struct scenario_run;

/** A verb: what a step does. Tables end with a row without a name. */
typedef struct scenario_verb {
    const char *name;
    const char *text; /* a sentence for the schema */
    const scenario_key *keys;
    /** Do names and numbers fit the machine? NULL: nothing to look at.
     * @return false after step_wrong */
    bool (*check)(struct scenario_run *r, const scenario_node *step);
    /** @return false after step_failed or step_wrong */
    bool (*run)(struct scenario_run *r, const scenario_node *step);
} scenario_verb;

/** The whole file: keys of the outermost map. */
extern const scenario_key scenario_grammar[];
extern const scenario_verb scenario_verbs[];
/** Of a map in SCENARIO_ARGS. */
extern const scenario_key scenario_argument_keys[];

/** What a value of a type looks like: "a time such as 20 ms". */
const char *scenario_type_text(scenario_type type);

/** scenario_schema.c: the schema (JSON Schema 2020-12), on a stream. */
void scenario_schema(FILE *out);

/* ------------------------------------------------------------------ */
/* Values of a checked tree                                             */
/* ------------------------------------------------------------------ */

/** A member of a map, or its fallback; NULL: it is not there. */
const scenario_node *scenario_get(const scenario_node *map, const char *key);
/** Its text; NULL: it is not there. */
const char *scenario_text(const scenario_node *map, const char *key);
/** Its number; @a absent when it is not there. */
uint64_t scenario_number(const scenario_node *map, const char *key,
                         uint64_t absent);
int64_t scenario_integer(const scenario_node *map, const char *key,
                         int64_t absent);
uint64_t scenario_time(const scenario_node *map, const char *key,
                       uint64_t absent);
uint64_t scenario_count(const scenario_node *map, const char *key,
                        uint64_t absent);
double scenario_fraction(const scenario_node *map, const char *key,
                         double absent);
bool scenario_bool(const scenario_node *map, const char *key, bool absent);
/** Its place among the words of the key; @a absent when it is not there. */
size_t scenario_word(const scenario_node *map, const char *key,
                     const char *const *words, size_t absent);
/** Bytes of SCENARIO_BYTES, to be freed; NULL: out of memory. */
uint8_t *scenario_bytes(const scenario_node *value, size_t *size);
/**
 * Path of a SCENARIO_FILE, to be freed; NULL: out of memory. ${NAME} is a
 * variable of the environment; a path that begins with one is seen from the
 * current folder, any other one from that of the scenario.
 */
char *scenario_path(const scenario *s, const char *file);
/** The variable of a path that the environment lacks; NULL: none. */
const char *scenario_path_wrong(const char *file, char *name, size_t size);

/** NULL, or what is wrong with the text, as cli_parse_uint and cli_parse_time;
 * one space may stand before the unit. */
const char *scenario_parse_integer(const char *text, int64_t *value);
const char *scenario_parse_time(const char *text, uint64_t *ns);
/** Digits with a sign and a point, if any: the same in every locale. */
const char *scenario_parse_fraction(const char *text, double *value);

/* ------------------------------------------------------------------ */
/* Runs                                                                 */
/* ------------------------------------------------------------------ */

typedef enum scenario_status {
    SCENARIO_PASSED,
    SCENARIO_FAILED,
    SCENARIO_SKIPPED,
    SCENARIO_ERROR /* it could not be run: the file does not fit the machine */
} scenario_status;

typedef struct scenario_result {
    scenario_status status;
    scenario_mark mark;  /* of the step that failed */
    char message[4096];  /* empty, or lines: the first one says what is wrong */
    uint64_t time_ns;    /* virtual */
} scenario_result;

/** A machine that has done the setup of a file. */
typedef struct scenario_run scenario_run;

/**
 * Make the machine, load the images, do the setup.
 *
 * @param timeout_ns  virtual time of a test that does not say it; 0: default
 * @param result      out: what went wrong, if anything
 * @return NULL when no test can be run
 */
scenario_run *scenario_begin(const scenario *s, uint64_t timeout_ns,
                             scenario_result *result);
/** Run a test, from the state after the setup. */
void scenario_run_test(scenario_run *r, const scenario_test *test,
                       scenario_result *result);
/** NULL is legal. */
void scenario_end(scenario_run *r);

#endif
