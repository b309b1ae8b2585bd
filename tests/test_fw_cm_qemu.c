/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guests that need no device of ours print the same on QEMU. Where QEMU
 * differs from the manual, or has what fwsim leaves out, the line is named
 * here and left alone; the manual's line stands in test_fw_cm_*.c.
 *
 * Skipped without qemu-system-arm; nothing else needs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cm.h"
#include "command.h"
#include "support.h"

static const struct {
    const char *begins, *why;
    const char *core; /* NULL: on all */
} differences[] = {
    {"icsr ", "QEMU 7.2 has RETTOBASE on Armv6-M (none: DDI 0419E B3.2.4)"},
    {"scr ", "QEMU 7.2 has no SLEEPDEEP, and no SCR on Armv6-M"},
    {"shpr3 ", "QEMU 7.2 has a DebugMonitor on Armv6-M"},
    {"parts of ", "QEMU 7.2 takes the rights of the first part for a page"},
    {"  10 / 2, / 0:", "QEMU 7.2 loses what the block did before a division "
                       "by zero (DDI 0403E.e B1.5.6: a precise state)"},
    {"  10 / 0, / 0:", "the same"},
    {"  transition: ", "mps2-an505 has an IDAU, by which this is Secure"},
    {"non-secure tt ", "the same"},
    {"actlr ", "QEMU 7.2 has no ACTLR here"},
    {"stack limit at ", "QEMU 7.2 has no CCR.STKOFHFNMIGN (DDI 0553B, D1.2.9)"},
    {"id_", "QEMU 7.2 shows the registers of the Cortex-M3 (DDI 0439B 4.2)",
     "cortex-m4f"},
    {"ccr", "QEMU 7.2 has no caches and no CCR.BP (DDI 0489F 3.2)",
     "cortex-m7"},
    {"clidr ", "the same", "cortex-m7"},
    {"ctr ", "the same", "cortex-m7"},
    {"ccsidr ", "the same", "cortex-m7"},
};

static bool is_difference(size_t i, const char *text, const char *core)
{
    return strncmp(text, differences[i].begins,
                   strlen(differences[i].begins)) == 0 &&
           (!differences[i].core || strcmp(differences[i].core, core) == 0);
}

/* Without the lines above. */
static char *without_differences(const char *text, const char *core)
{
    char *out = calloc(1, strlen(text) + 1), *to = out;

    assert_non_null(out);
    while (*text) {
        size_t length = strcspn(text, "\n") + 1;
        bool known = false;

        for (size_t i = 0; i < sizeof differences / sizeof *differences; i++)
            known |= is_difference(i, text, core);
        if (length > strlen(text))
            length = strlen(text);
        if (!known) {
            memcpy(to, text, length);
            to += length;
        }
        text += length;
    }
    return out;
}

static void compare(const char *guest, const char *core, const char *board)
{
    char path[512], title[80];
    const char *const argv[] = {"/usr/bin/qemu-system-arm",
                                "-M",
                                board,
                                "-display",
                                "none",
                                "-serial",
                                "null",
                                "-monitor",
                                "none",
                                "-semihosting-config",
                                "enable=on,target=native",
                                "-kernel",
                                cm_image(guest, core, path, sizeof path),
                                NULL};
    fwsim_machine *m = cm_machine(guest, core, NULL);
    char *ours, *theirs;
    fwsim_stop stop;
    command c;

    snprintf(title, sizeof title, "%s on %s and %s", guest, core, board);
    OK(fwsim_run(m, &(fwsim_limit){.time_ns = FWSIM_S(10)}, &stop));
    command_run(&c, argv, NULL);
    assert_int_equal(c.code, 0);
    /* QEMU sends what a guest prints to its standard error or output. */
    theirs = without_differences(*c.out ? c.out : c.err, core);
    ours = without_differences(cm_output(m), core);
    cm_assert_text(title, ours, theirs);
    free(ours);
    free(theirs);
    command_free(&c);
    fwsim_free(m);
}

static void on_all(const char *guest)
{
    compare(guest, "cortex-m0", "microbit");
    compare(guest, "cortex-m3", "mps2-an385");
    compare(guest, "cortex-m4f", "mps2-an386");
    compare(guest, "cortex-m7", "mps2-an500");
    compare(guest, "cortex-m33", "mps2-an505");
}

static void entry_and_return_are_as_in_qemu(void **state)
{
    (void)state;
    on_all("cm_entry");
}

static void priorities_are_as_in_qemu(void **state)
{
    (void)state;
    on_all("cm_prio");
}

static void faults_are_as_in_qemu(void **state)
{
    (void)state;
    on_all("cm_fault");
}

static void registers_are_as_in_qemu(void **state)
{
    (void)state;
    on_all("cm_sys");
}

static void fp_frames_are_as_in_qemu(void **state)
{
    (void)state;
    compare("cm_fp", "cortex-m4f", "mps2-an386");
    compare("cm_fp", "cortex-m7", "mps2-an500");
    compare("cm_fp", "cortex-m33", "mps2-an505");
}

static void protection_is_as_in_qemu(void **state)
{
    (void)state;
    compare("cm_mpu", "cortex-m3", "mps2-an385");
    compare("cm_mpu", "cortex-m4f", "mps2-an386");
    compare("cm_mpu", "cortex-m7", "mps2-an500");
    compare("cm_mpu", "cortex-m33", "mps2-an505");
}

static void features_are_as_in_qemu(void **state)
{
    (void)state;
    compare("cm_id", "cortex-m3", "mps2-an385");
    compare("cm_id", "cortex-m4f", "mps2-an386");
    compare("cm_id", "cortex-m7", "mps2-an500");
    compare("cm_id", "cortex-m33", "mps2-an505");
}

static void traps_and_unprivileged_accesses_are_as_in_qemu(void **state)
{
    (void)state;
    compare("cm_care", "cortex-m3", "mps2-an385");
    compare("cm_care", "cortex-m4f", "mps2-an386");
    compare("cm_care", "cortex-m7", "mps2-an500");
    compare("cm_care", "cortex-m33", "mps2-an505");
}

static void exclusive_accesses_are_as_in_qemu(void **state)
{
    (void)state;
    compare("cm_exclusive", "cortex-m3", "mps2-an385");
    compare("cm_exclusive", "cortex-m4f", "mps2-an386");
    compare("cm_exclusive", "cortex-m7", "mps2-an500");
    compare("cm_exclusive", "cortex-m33", "mps2-an505");
}

static void returns_are_as_in_qemu(void **state)
{
    (void)state;
    compare("cm_return", "cortex-m3", "mps2-an385");
    compare("cm_return", "cortex-m4f", "mps2-an386");
    compare("cm_return", "cortex-m7", "mps2-an500");
    compare("cm_return", "cortex-m33", "mps2-an505");
}

static void secure_state_is_as_in_qemu(void **state)
{
    (void)state;
    compare("cm_secure", "cortex-m33", "mps2-an505");
}

static void stack_limits_are_as_in_qemu(void **state)
{
    (void)state;
    compare("cm_limit", "cortex-m33", "mps2-an505");
}

static void misuse_is_as_in_qemu(void **state)
{
    (void)state;
    on_all("cm_misuse");
}

static void stack_pointers_are_as_in_qemu(void **state)
{
    (void)state;
    on_all("cm_sp");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry_and_return_are_as_in_qemu),
        cmocka_unit_test(priorities_are_as_in_qemu),
        cmocka_unit_test(faults_are_as_in_qemu),
        cmocka_unit_test(registers_are_as_in_qemu),
        cmocka_unit_test(fp_frames_are_as_in_qemu),
        cmocka_unit_test(protection_is_as_in_qemu),
        cmocka_unit_test(features_are_as_in_qemu),
        cmocka_unit_test(traps_and_unprivileged_accesses_are_as_in_qemu),
        cmocka_unit_test(exclusive_accesses_are_as_in_qemu),
        cmocka_unit_test(returns_are_as_in_qemu),
        cmocka_unit_test(secure_state_is_as_in_qemu),
        cmocka_unit_test(stack_limits_are_as_in_qemu),
        cmocka_unit_test(misuse_is_as_in_qemu),
        cmocka_unit_test(stack_pointers_are_as_in_qemu),
    };
    FILE *qemu = fopen("/usr/bin/qemu-system-arm", "rb");

    if (!qemu) {
        print_message("SKIPPED: no /usr/bin/qemu-system-arm to compare with "
                      "(Debian: qemu-system-arm)\n");
        return 77;
    }
    fclose(qemu);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
