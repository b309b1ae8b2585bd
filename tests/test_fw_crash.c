/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a person gets to read when firmware crashes (firmware/cm_crash.c): the
 * fault in words, registers, and a backtrace through the exception frame.
 */
#include <stdio.h>
#include <string.h>

#include "cm.h"
#include "support.h"

typedef struct text {
    char bytes[8192];
} text;

static void put(const char *line, void *user)
{
    text *t = user;
    size_t used = strlen(t->bytes);

    snprintf(t->bytes + used, sizeof t->bytes - used, "%s\n", line);
}

/* The parts occur, one behind the other. */
static void assert_in_order(const char *report, const char *const *parts)
{
    const char *at = report;

    for (; *parts; parts++) {
        const char *found = strstr(at, *parts);

        if (!found)
            print_error("\"%s\" is not in its place:\n%s", *parts, report);
        assert_non_null(found);
        at = found + strlen(*parts);
    }
}

static void crash_report(const char *core, text *report, fwsim_stop *stop)
{
    const fwsim_options opt = {.semihosting = true};
    fwsim_machine *m = new_machine(cm_board(core), &opt);
    char path[512];

    memset(report, 0, sizeof *report);
    OK(fwsim_load(m, cm_image("cm_crash", core, path, sizeof path), NULL));
    OK(fwsim_run(m, &(fwsim_limit){.instructions = 100000}, stop));
    assert_int_equal(stop->reason, FWSIM_STOP_FAULT);
    fwsim_report(m, stop, put, report);
    fwsim_free(m);
}

/* Lines of cm_crash.c. Behind reset_handler is nobody: its LR is not an
 * EXC_RETURN value. */
static const char *const calls[] = {"backtrace:\n",
                                    "#0 ",
                                    " crash (cm_crash.c:10)\n",
                                    "#1 ",
                                    " handle_data+0x6 (cm_crash.c:16)\n",
                                    "#2 ",
                                    " irq+0x8 (cm_crash.c:24)\n",
                                    "-- interrupted --\n",
                                    "#3 ",
                                    " work+0x",
                                    " (cm_crash.c:",
                                    "#4 ",
                                    " run+0x",
                                    " (cm_crash.c:39)\n",
                                    "#5 ",
                                    " reset_handler+0x",
                                    " (cm_start.c:",
                                    NULL};

static void a_crash_on_armv7m_is_told_with_status_and_address(void **state)
{
    static const char *const cores[] = {"cortex-m3", "cortex-m4f",
                                        "cortex-m33"};
    static const char *const words[] = {
        "stopped: fault", "HardFault at crash (cm_crash.c:10)\n",
        "PRECISERR",      "address 0x9f000010 (BFAR)\n",
        "FORCED",         "registers:\n",
        "r0  9f000010",   NULL};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        fwsim_stop stop;
        text report;

        crash_report(cores[i], &report, &stop);
        assert_int_equal(stop.fault.exception, 3);
        assert_int_equal(stop.fault.cfsr, 0x8200);
        assert_int_equal(stop.fault.hfsr, 0x40000000);
        assert_int_equal(stop.fault.bfar, 0x9f000010);
        assert_int_equal(stop.fault.pc, stop.pc);
        assert_in_order(report.bytes, words);
        assert_in_order(report.bytes, calls);
        assert_null(strstr(report.bytes, "#6 "));
    }
}

static void a_crash_on_armv6m_has_a_backtrace_too(void **state)
{
    static const char *const words[] = {"stopped: fault",
                                        "HardFault at crash (cm_crash.c:10)\n",
                                        "registers:\n", NULL};
    fwsim_stop stop;
    text report;

    (void)state;
    crash_report("cortex-m0", &report, &stop);
    assert_int_equal(stop.fault.exception, 3);
    assert_int_equal(stop.fault.cfsr, 0);
    assert_in_order(report.bytes, words);
    assert_in_order(report.bytes, calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_on_armv7m_is_told_with_status_and_address),
        cmocka_unit_test(a_crash_on_armv6m_has_a_backtrace_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
