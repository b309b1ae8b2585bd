/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debug units that firmware uses (firmware/cm_dwt.c). An instruction is one
 * cycle, so a loop of 2000 counts as many.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) C1.6.5, C1.7, C1.8; Armv8-M ARM (DDI
 * 0553B.y) D1.2.146.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define BEGINS                                                                 \
    "dhcsr 03010000\n"                                                         \
    "dwt ctrl 40000000\n"                                                      \
    "demcr 00000000\n"                                                         \
    "all off 0\n"                                                              \
    "without trcena 0\n"                                                       \
    "demcr 01000000\n"

#define UNLOCKED                                                               \
    "lsr 00000000\n"                                                           \
    "as out of reset 20\n"                                                     \
    "lsr 00000000\n"

/* Cortex-M7: nothing counts before the key is written. */
#define LOCKED                                                                 \
    "lsr 00000003\n"                                                           \
    "as out of reset 0\n"                                                      \
    "lsr 00000001\n"

#define COUNTER                                                                \
    "dwt ctrl 40000001\n"                                                      \
    "on 20\n"                                                                  \
    "wrapped 19\n"                                                             \
    "off 0\n"                                                                  \
    "goes on at 12\n"                                                          \
    "stopped by trcena 0\n"

#define ITM_V7M                                                                \
    "itm lsr 00000003\n"                                                       \
    "port 00000000\n"                                                          \
    "itm lsr 00000001\n"                                                       \
    "tcr 00000001\n"                                                           \
    "ter 00000003\n"                                                           \
    "port 0 00000001\n"                                                        \
    "port 2 00000000\n"

#define ITM_V8M                                                                \
    "itm lsr 00000000\n"                                                       \
    "port 00000002\n"                                                          \
    "itm lsr 00000000\n"                                                       \
    "tcr 00000001\n"                                                           \
    "ter 00000003\n"                                                           \
    "port 0 00000001\n"                                                        \
    "port 2 00000002\n"

#define ENDS "demcr 010907f1\n"
/* clang-format on */

static void cycles_are_counted_and_ports_are_ready(void **state)
{
    (void)state;
    cm_expect("cm_dwt", "cortex-m3", BEGINS, UNLOCKED, COUNTER, ITM_V7M, ENDS);
    cm_expect("cm_dwt", "cortex-m4f", BEGINS, UNLOCKED, COUNTER, ITM_V7M, ENDS);
    cm_expect("cm_dwt", "cortex-m7", BEGINS, LOCKED, COUNTER, ITM_V7M, ENDS);
    cm_expect("cm_dwt", "cortex-m33", BEGINS, UNLOCKED, COUNTER, ITM_V8M, ENDS);
}

static void stimulus_ports_are_a_serial_line_of_the_host(void **state)
{
    static const char *const cores[] = {"cortex-m3", "cortex-m4f", "cortex-m7",
                                        "cortex-m33"};

    (void)state;
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++) {
        fwsim_machine *m = cm_machine("cm_dwt", cores[i], NULL);
        fwsim_stop stop;

        OK(fwsim_run(m, &(fwsim_limit){.time_ns = FWSIM_S(10)}, &stop));
        assert_string_equal(fwsim_uart_output(m, "itm", NULL),
                            "bytes abcdef user kernel");
        fwsim_free(m);
    }
}

static void armv6m_has_no_itm(void **state)
{
    fwsim_machine *m = new_machine(cm_board("cortex-m0"), NULL);

    (void)state;
    assert_int_not_equal(fwsim_uart_send(m, "itm", "x", 1), 0);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cycles_are_counted_and_ports_are_ready),
        cmocka_unit_test(stimulus_ports_are_a_serial_line_of_the_host),
        cmocka_unit_test(armv6m_has_no_itm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
