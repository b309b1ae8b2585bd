/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ends of the line (firmware/cm_alone.c): lockup, breakpoints, vectors that
 * cannot be read, accesses that begin in memory and end outside, probing.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) B1.5.10, B1.5.14, B1.5.15, B3.2.8; Armv6-M
 * ARM (DDI 0419E) B1.5.
 */
#include <stdio.h>
#include <string.h>

#include "cm.h"
#include "support.h"

/* As in the guest. */
enum {
    UDF_IN_HARDFAULT,
    UDF_IN_NMI,
    SVC_IN_HARDFAULT,
    BREAKPOINT,
    STACK_OVERFLOW,
    VECTORS_NOWHERE,
    VECTORS_AT_THE_END,
    UDF_WITH_FAULTMASK,
    PROBE,
    LOAD_MANY,
    STORE_MANY,
    LOAD_DUAL,
    LOAD_WORD
};

static uint64_t address_of(fwsim_machine *m, const char *symbol)
{
    const fwsim_symbol *s = fwsim_symbol_find(m, symbol);

    assert_non_null(s);
    return s->addr;
}

/* Run a scenario to its end. */
static fwsim_machine *run(const char *core, uint32_t scenario, fwsim_stop *stop)
{
    fwsim_machine *m = cm_machine("cm_alone", core, NULL);

    OK(fwsim_mem_write(m, address_of(m, "scenario"), &scenario,
                       sizeof scenario));
    OK(fwsim_run(m, &(fwsim_limit){.instructions = 100000}, stop));
    return m;
}

static const char *const cores[] = {"cortex-m0", "cortex-m3", "cortex-m4f",
                                    "cortex-m33"};
enum { CORES = sizeof cores / sizeof *cores };

static void a_fault_in_hardfault_or_nmi_locks_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < CORES; i++)
        for (uint32_t s = UDF_IN_HARDFAULT; s <= UDF_IN_NMI; s++) {
            fwsim_stop stop;
            fwsim_machine *m = run(cores[i], s, &stop);

            assert_int_equal(stop.reason, FWSIM_STOP_LOCKUP);
            assert_int_equal(stop.pc, address_of(m, "last_instruction"));
            assert_int_equal(stop.fault.pc, stop.pc);
            assert_int_equal(stop.fault.exception, s == UDF_IN_NMI ? 2 : 3);
            /* It is for good. */
            OK(fwsim_run(m, NULL, &stop));
            assert_int_equal(stop.reason, FWSIM_STOP_LOCKUP);
            assert_int_equal(stop.instructions, 0);
            OK(fwsim_reset(m, FWSIM_RESET_PIN));
            OK(fwsim_run(m, &(fwsim_limit){.instructions = 10}, &stop));
            assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
            fwsim_free(m);
        }
}

static void assert_lockup(const char *core, uint32_t scenario)
{
    fwsim_stop stop;
    fwsim_machine *m = run(core, scenario, &stop);

    assert_int_equal(stop.reason, FWSIM_STOP_LOCKUP);
    fwsim_free(m);
}

static void an_svc_in_hardfault_locks_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < CORES; i++)
        assert_lockup(cores[i], SVC_IN_HARDFAULT);
}

/* The frame of the HardFault has no place, nor has the handler's own. */
static void a_handler_without_a_stack_locks_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < CORES; i++)
        assert_lockup(cores[i], STACK_OVERFLOW);
}

static void a_fault_with_faultmask_set_locks_up(void **state)
{
    (void)state;
    for (size_t i = 1; i < CORES; i++)
        assert_lockup(cores[i], UDF_WITH_FAULTMASK);
}

static void no_vector_of_hardfault_locks_up(void **state)
{
    (void)state;
    for (size_t i = 1; i < CORES; i++)
        assert_lockup(cores[i], VECTORS_NOWHERE);
}

static void a_vector_that_cannot_be_read_is_a_hardfault(void **state)
{
    (void)state;
    for (size_t i = 1; i < CORES; i++) {
        fwsim_stop stop;
        fwsim_machine *m = run(cores[i], VECTORS_AT_THE_END, &stop);

        assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
        assert_non_null(strstr(cm_output(m), "exception 00000003\n"));
        assert_non_null(strstr(cm_output(m), "hfsr 00000002\n"));
        assert_null(strstr(cm_output(m), "pc 00000000\n"));
        fwsim_free(m);
    }
}

static void a_breakpoint_stops_and_the_run_goes_on_behind_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < CORES; i++) {
        fwsim_stop stop;
        fwsim_machine *m = run(cores[i], BREAKPOINT, &stop);
        uint16_t code;

        assert_int_equal(stop.reason, FWSIM_STOP_BREAKPOINT);
        OK(fwsim_mem_read(m, stop.pc, &code, sizeof code));
        assert_int_equal(code, 0xbe01);
        assert_string_equal(cm_output(m), "before");
        OK(fwsim_run(m, NULL, &stop));
        assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
        assert_string_equal(cm_output(m), "before behind\n");
        fwsim_free(m);
    }
}

static void hard_code_may_probe_the_bus(void **state)
{
    (void)state;
    for (size_t i = 1; i < CORES; i++) {
        fwsim_stop stop;
        fwsim_machine *m = run(cores[i], PROBE, &stop);

        cm_assert_text(cores[i], cm_output(m),
                       "steps 3\ncfsr 00008200\nbfar 9f000000\n");
        fwsim_free(m);
    }
}

static void bfar_is_the_first_address_that_failed(void **state)
{
    (void)state;
    for (size_t i = 1; i < CORES; i++)
        for (uint32_t s = LOAD_MANY; s <= LOAD_WORD; s++) {
            fwsim_stop stop;
            fwsim_machine *m = run(cores[i], s, &stop);

            assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
            assert_non_null(strstr(cm_output(m), i == CORES - 1
                                                     ? "bfar 38040000\n"
                                                     : "bfar 20040000\n"));
            assert_non_null(strstr(cm_output(m), "cfsr 00008200\n"));
            fwsim_free(m);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_in_hardfault_or_nmi_locks_up),
        cmocka_unit_test(an_svc_in_hardfault_locks_up),
        cmocka_unit_test(a_handler_without_a_stack_locks_up),
        cmocka_unit_test(a_fault_with_faultmask_set_locks_up),
        cmocka_unit_test(no_vector_of_hardfault_locks_up),
        cmocka_unit_test(a_vector_that_cannot_be_read_is_a_hardfault),
        cmocka_unit_test(a_breakpoint_stops_and_the_run_goes_on_behind_it),
        cmocka_unit_test(hard_code_may_probe_the_bus),
        cmocka_unit_test(bfar_is_the_first_address_that_failed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
