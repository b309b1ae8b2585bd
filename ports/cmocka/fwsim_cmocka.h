/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmocka tests of firmware: groups that boot once, and reports for CI.
 *
 *     #include <fwsim_cmocka.h>
 *
 *     static int boot(void **state)
 *     {
 *         return fwsim_cmocka_boot(state, &(fwsim_boot){
 *             .board = "mps2_an386", .image = "shell.elf",
 *             .until = "ready>", .timeout_ns = FWSIM_MS(100) });
 *     }
 *
 *     static void help_lists_the_commands(void **state)
 *     {
 *         fwsim_machine *m = fwsim_cmocka_machine(state);
 *
 *         assert_fwsim_ok(m, fwsim_uart_send(m, NULL, "help\r", 5));
 *         assert_fwsim_ok(m, fwsim_uart_expect(m, NULL, "reboot", FWSIM_MS(5)));
 *     }
 *
 *     int main(int argc, char **argv)
 *     {
 *         const struct CMUnitTest tests[] = {
 *             cmocka_unit_test(help_lists_the_commands),
 *         };
 *
 *         return fwsim_run_tests(argc, argv, tests, boot,
 *                                fwsim_cmocka_shutdown);
 *     }
 *
 * Link fwsim::cmocka (CMake) or `pkg-config --libs fwsim-cmocka`. Nothing here
 * is for use inside a callback of the machine, or from two threads at once.
 */
#ifndef FWSIM_CMOCKA_H
#define FWSIM_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fwsim.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ */
/* Groups                                                               */
/* ------------------------------------------------------------------ */

/**
 * Run an array of tests, as cmocka_run_group_tests does, and besides:
 *
 *     option          environment
 *     --list          FWSIM_TEST_LIST=1     print the names, run nothing
 *     --filter NAME   FWSIM_TEST_FILTER     this test; or a pattern with * ?
 *     --junit PATH    FWSIM_TEST_JUNIT      JUnit XML
 *     --tap PATH      FWSIM_TEST_TAP        TAP 14
 *     --jsonl PATH    FWSIM_TEST_JSONL      JSON lines
 *
 * An option counts more than the environment. A filter may have several lines,
 * each a name or a pattern. Lists of FWSIM_TEST_LIST have "fwsim_test: " before
 * each name. A report whose PATH is a folder, or ends with '/', is a file in it
 * that has the name of the program (and of the test, when there is one only).
 * With a report the tests run in a child process, and one that crashes is a
 * result like others: the tests behind it go on.
 *
 * A test whose machine was running when it failed shows the report of the
 * firmware. A test that leaves a machine behind that it has made fails.
 *
 * Several groups in one program are called one after the other; the result of
 * the last call is that of the program.
 *
 * @param group_setup, group_teardown  may be NULL
 * @return for main, of all groups so far: 0; 1 when a test failed; 77 when each
 *         was skipped; 2 for a wrong option, names that occur twice, a filter
 *         that no test matches, or a report that cannot be written
 */
#define fwsim_run_tests(argc, argv, tests, group_setup, group_teardown)        \
    fwsim_cmocka_run((argc), (argv), #tests, (tests),                          \
                     sizeof(tests) / sizeof((tests)[0]), (group_setup),        \
                     (group_teardown))

/** The same, with the name of the group and the number of tests. */
int fwsim_cmocka_run(int argc, char *const *argv, const char *group,
                     const struct CMUnitTest *tests, size_t count,
                     CMFixtureFunction group_setup,
                     CMFixtureFunction group_teardown);

/* A test that was skipped shows no report of the firmware. */
void fwsim_cmocka_skipping(void);
#undef skip
#define skip() (fwsim_cmocka_skipping(), _skip(__FILE__, __LINE__))

/* ------------------------------------------------------------------ */
/* Fixtures: boot once                                                  */
/* ------------------------------------------------------------------ */

/** What to boot, and when it is done. */
typedef struct fwsim_boot {
    const char *board;   /**< name; NULL: the likeliest one for the image */
    const char *image;   /**< file of the firmware */
    /** Booted when this text comes; NULL: when `timeout_ns` has passed, or at
     * once when that is 0. */
    const char *until;
    const char *uart;    /**< slot that sends it; NULL: the board's console */
    uint64_t timeout_ns; /**< virtual time; 0 with `until`: one second */
    const fwsim_options *options; /**< NULL: defaults, errors to stderr */
    /** Called with the firmware loaded, before its first instruction: to set
     * pins and inputs, add hooks, connect parts. Not 0 fails the group. */
    int (*prepare)(fwsim_machine *m, void *user);
    void *user;
} fwsim_boot;

/**
 * Set-up of a group: make a machine, boot it and keep the moment. Before each
 * test fwsim_run_tests goes back to it, in microseconds, and forgets what the
 * UARTs have sent. What the test before has replaced, watched (fwsim_mock.h) or
 * armed (fwsim_inject.h) is removed, and its scripts are (fwsim_parts.h); what
 * the set-up of the group has stays, and so do hooks and parts. The journal of
 * the last events is on.
 *
 * With FWSIM_SNAPSHOT_DIR in the environment the moment is kept in a file of
 * this folder and read from there the next time, by other processes too. It is
 * found by the state of the machine before the first instruction, what `boot`
 * says and the version of fwsim; remove the folder when hooks of `prepare`
 * take another influence on the boot than before.
 *
 * @param state  out: for fwsim_cmocka_machine, fwsim_cmocka_shutdown
 * @return 0; -1: the reason is on stderr
 */
int fwsim_cmocka_boot(void **state, const fwsim_boot *boot);

/** Teardown of such a group: frees the machine. Returns 0. */
int fwsim_cmocka_shutdown(void **state);

/** Go back to the moment after the boot. fwsim_run_tests does it; for groups
 * that cmocka runs alone it is the set-up of each test. Returns 0, or -1. */
int fwsim_cmocka_restore(void **state);

/** The machine of the group; the test fails when @a state has none. */
fwsim_machine *fwsim_cmocka_machine(void **state);

/* ------------------------------------------------------------------ */
/* Assertions                                                           */
/* ------------------------------------------------------------------ */

/** The call returned no error; shows fwsim_errmsg otherwise. */
#define assert_fwsim_ok(m, call)                                               \
    fwsim_cmocka_assert_ok((m), (call), #call, __FILE__, __LINE__)

/** The last run of the machine ended for this reason, FWSIM_STOP_x. */
#define assert_fwsim_stopped(m, reason)                                        \
    fwsim_cmocka_assert_stopped((m), (reason), __FILE__, __LINE__)

void fwsim_cmocka_assert_ok(fwsim_machine *m, int result, const char *call,
                            const char *file, int line);
void fwsim_cmocka_assert_stopped(fwsim_machine *m, fwsim_stop_reason reason,
                                 const char *file, int line);

/* ------------------------------------------------------------------ */
/* Functions of the firmware as mocks                                   */
/* ------------------------------------------------------------------ */

/**
 * Replace a function of the firmware by cmocka's queues, no callback needed:
 *
 *     fwsim_cmocka_mock(m, "hal_read", "reg, value=1");
 *
 *     expect_value(hal_read, reg, 0x10);
 *     will_return(hal_read, "\x42");  // what value points to
 *     will_return(hal_read, 0);       // the result
 *
 * Each call checks the parameters of the list, in its order:
 *
 *     reg           the value, for expect_value, expect_in_range, ...
 *     data[length]  a copy of so many bytes, for expect_memory
 *     text[]        a copy up to the zero, for expect_string
 *     value=length  takes a pointer from will_return, and copies so many bytes
 *                   from there to where the parameter points
 *
 * A length is a number or another parameter. Unless the function returns
 * nothing, its result is what will_return says then. Parameters have the names
 * of DWARF; the function is named as in fwsim_call, and in the queues without
 * its file.
 *
 * Callbacks of your own (fwsim_mock) may use mock(), check_expected() and all
 * assertions as well; give them the name of the function. A check that fails
 * leaves the callback and ends the test; the machine stands before the
 * function, and the next test begins with a restore or a reset.
 *
 * The test fails when the function cannot be replaced.
 *
 * @return the id, for fwsim_unmock, fwsim_mock_calls
 */
#define fwsim_cmocka_mock(m, function, checks)                                 \
    fwsim_cmocka_mock_at((m), (function), (checks), __FILE__, __LINE__)

int fwsim_cmocka_mock_at(fwsim_machine *m, const char *function,
                         const char *checks, const char *file, int line);

#ifdef __cplusplus
}
#endif

#endif
