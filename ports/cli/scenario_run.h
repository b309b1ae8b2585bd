/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: a machine that does steps, for the files with the verbs. */
#ifndef FWSIM_CLI_SCENARIO_RUN_H
#define FWSIM_CLI_SCENARIO_RUN_H

#include "scenario.h"

/* Words of the grammar that verbs turn into numbers. */
extern const char *const scenario_policies[];
extern const char *const scenario_faults[];
extern const char *const scenario_resets[];
extern const char *const scenario_levels[];
extern const char *const scenario_drives[];
extern const char *const scenario_stops[];

/** A state that a step has kept. */
typedef struct kept_state {
    const char *name;
    fwsim_snapshot *snapshot;
    bool of_setup;
    struct kept_state *before;
} kept_state;

/** A fault that a step has armed. */
typedef struct armed_fault {
    const char *text;
    int id;
    bool of_setup;
    struct armed_fault *before;
} armed_fault;

/** A function that a step has replaced or watches. */
typedef struct mocked_function {
    const char *name;
    int id;
    bool of_setup;
    struct mocked_function *before;
} mocked_function;

/** A part on an I2C bus that a step has scripted. */
typedef struct scripted_part {
    const char *controller;
    uint8_t address;
    struct scripted_part *before;
} scripted_part;

struct scenario_run {
    const scenario *s;
    fwsim_board *made; /* of memories that the image or the file shows */
    fwsim_machine *m;
    const fwsim_symbol *symbols; /* of the image that was loaded last */
    size_t symbol_count;
    fwsim_snapshot *start; /* the state after the setup */
    kept_state *states;    /* the last one first */
    armed_fault *faults;   /* the same */
    mocked_function *mocks; /* the same */
    scripted_part *parts;   /* the same */
    bool in_setup;
    uint64_t timeout_ns;   /* of a test that does not say it */
    uint64_t deadline_ns;  /* virtual time when the test has to have ended */
    const char *test;      /* its name; NULL: the setup */
    const scenario_node *step;
    scenario_result *result;
    cli_last_error error;  /* of an image, or of the log */
};

/* ------------------------------------------------------------------ */
/* scenario_run.c: for verbs                                            */
/* ------------------------------------------------------------------ */

/** The firmware did not do what the step expects. @return false */
bool step_failed(scenario_run *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/** The same, of a run that @a stop ended: with the report of the core. */
bool step_stopped(scenario_run *r, const fwsim_stop *stop, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/** The step does not fit the machine, because of the value of a key (NULL: of
 * the step). @return false */
bool step_wrong(scenario_run *r, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/** A function of the library failed: its code, and the machine's text.
 * @return false, or true for 0 */
bool step_ok(scenario_run *r, const char *key, int err);

/** What a step has given the machine to hear. */
typedef struct step_data {
    void *bytes; /* to be freed */
    size_t size;
} step_data;

/** The same for functions that expect something: what came instead is what the
 * library tells (fwsim_failure). */
bool step_expected(scenario_run *r, const char *key, int err);

/** The bytes of text, bytes or file. @return false after step_wrong */
bool step_bytes(scenario_run *r, const scenario_node *step, step_data *data);

/** A number, or the address of a symbol. @return false after step_wrong */
bool step_address(scenario_run *r, const char *key, const char *text,
                  uint64_t *value);

/** @a ns, or the time that is left for the test when that is less. */
uint64_t step_time(const scenario_run *r, uint64_t ns);
/** The time of a key, all of which has to pass; 0 after step_failed: there is
 * less left for the test. */
uint64_t step_window(scenario_run *r, const char *key);
/** Is the time of the test over? @return true after step_failed */
bool step_late(scenario_run *r);

/** For people: text in quotes, with escapes. @return @a buf */
char *step_quote(const void *text, size_t size, char *buf, size_t room);

/* ------------------------------------------------------------------ */
/* The verbs                                                            */
/* ------------------------------------------------------------------ */

typedef bool scenario_verb_fn(scenario_run *r, const scenario_node *step);

/* scenario_time.c */
scenario_verb_fn run_check, run_run, reset_run, snapshot_run, restore_run;
/** count, or min and max, of a step. */
void step_how_often(const scenario_node *step, uint64_t *min, uint64_t *max);

/* scenario_serial.c */
scenario_verb_fn send_check, send_run, expect_check, expect_run,
    expect_silence_check, expect_silence_run, feed_run;
/* scenario_pins.c */
scenario_verb_fn pin_check, set_pin_run, expect_pin_run, expect_edges_run,
    expect_duty_run, expect_rate_run, expect_interrupt_run, set_input_run,
    expect_output_run;
/* scenario_memory.c */
scenario_verb_fn memory_check, expect_memory_run, set_memory_run,
    register_check, expect_register_run, set_register_run, stack_check,
    paint_stack_run, expect_stack_run;

/* scenario_variable.c */
scenario_verb_fn variable_check, expect_variable_run, set_variable_run;

/* scenario_play.c */
scenario_verb_fn play_input_check, play_input_run, play_pin_run;
/* scenario_i2c.c */
scenario_verb_fn script_i2c_check, script_i2c_run, i2c_check, expect_i2c_run;
/** Take the scripted parts away. */
void drop_parts(scenario_run *r);

/* scenario_inject.c */
scenario_verb_fn inject_check, inject_run, expect_injected_run, disarm_run;
/** Disarm the faults of a test, or all. */
void drop_faults(scenario_run *r, bool all);

/* scenario_call.c */
scenario_verb_fn call_check, call_run, replace_run, watch_run, expect_calls_run;
/** Give back the functions of a test, or all. */
void drop_mocks(scenario_run *r, bool all);
/** Those of the setup begin to count anew. */
void clear_mocks(scenario_run *r);

/* scenario_machine.c: make the machine and load its images. @return false
 * after step_wrong, whose place is that of the key */
bool scenario_machine(scenario_run *r);

#endif
