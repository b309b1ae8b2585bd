/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory protection (firmware/cm_mpu.c): which bytes may be read, written and
 * executed by whom, and what a refused access leaves in the fault registers.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) B3.5, B3.2.15, B1.5.10; Armv8-M ARM
 * (DDI 0553B.y) B11.2, D1.2.181 to D1.2.190.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define ARMV7M                                                                 \
    "type 00000800\n"                                                          \
    "ctrl 00000000\n"                                                          \
    "rbar 20000402\n"                                                          \
    "rnr 00000005\n"                                                           \
    "rbar 20000805\n"                                                          \
    "rasr 13060f12\n"                                                          \
    "rnr 00000006\n"                                                           \
    "rbar 20001006\n"                                                          \
    "rbar 20000402\n"                                                          \
    "none: privileged ---, user ---\n"                                         \
    "rw/ro: privileged rwx, user r-x\n"                                        \
    "rw/-: privileged rwx, user ---\n"                                         \
    "rw/rw: privileged rwx, user rwx\n"                                        \
    "rw/rw xn: privileged rw-, user rw-\n"                                     \
    "ro/-: privileged r-x, user ---\n"                                         \
    "ro/ro: privileged r-x, user r-x\n"                                        \
    "ro/ro xn: privileged r--, user r--\n"                                     \
    "background: privileged rwx, user ---\n"                                   \
    "no background: privileged ---, user ---\n"                                \
    "ctrl 00000001\n"                                                          \
    "mpu off: privileged rwx, user rwx\n"                                      \
    "small --w-----rrrrrrrr---------------w-\n"                                \
    "32 bytes: privileged rwx, user rwx\n"                                     \
    "256 bytes: privileged r--, user r--\n"                                    \
    "32 bytes xn: privileged rw-, user rw-\n"                                  \
    "overlap wwwwrrrr--------\n"                                               \
    "overlap rr--rrrr\n"                                                       \
    "overlap: privileged rw-, user ---\n"                                      \
    "subregions -wrrrww-\n"                                                    \
    "parts of 128 rwrwrwrw\n"                                                  \
    "parts of 32 rrwwwwrrw\n"

#define ARMV8M                                                                 \
    "type 00001000\n"                                                          \
    "ctrl 00000000\n"                                                          \
    "rnr 00000005\n"                                                           \
    "a1 is 5 20000043\n"                                                       \
    "rlar 200007e1\n"                                                          \
    "6 20001000\n"                                                             \
    "7 20002fe0\n"                                                             \
    "rw/-: privileged rwx, user ---\n"                                         \
    "rw/rw: privileged rwx, user rwx\n"                                        \
    "rw/rw xn: privileged rw-, user rw-\n"                                     \
    "ro/-: privileged r-x, user ---\n"                                         \
    "ro/ro: privileged r-x, user r-x\n"                                        \
    "ro/ro xn: privileged r--, user r--\n"                                     \
    "background: privileged rwx, user ---\n"                                   \
    "no background: privileged ---, user ---\n"                                \
    "ctrl 00000001\n"                                                          \
    "mpu off: privileged rwx, user rwx\n"                                      \
    "small --w-----rrrrrrrr---------------w-\n"                                \
    "32 bytes: privileged rwx, user rwx\n"                                     \
    "256 bytes: privileged r--, user r--\n"                                    \
    "32 bytes xn: privileged rw-, user rw-\n"                                  \
    "overlap wwww------------\n"                                               \
    "overlap --------\n"                                                       \
    "overlap: privileged ---, user ---\n"

#define FAULTS                                                                 \
    "at the end of a page\n"                                                   \
    "load(at): exception 4, pc + 00000000\n"                                   \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000400\n"                                                \
    "load_byte(at): exception 4, pc + 00000000\n"                              \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000403\n"                                                \
    "load_many(at - 4): exception 4, pc + 00000000\n"                          \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000400\n"                                                \
    "load_many(at - 8): exception 4, pc + 00000000\n"                          \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000400\n"                                                \
    "load_many(at - 16): no fault\n"                                           \
    "load_two(at): exception 4, pc + 00000000\n"                               \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000400\n"                                                \
    "load_in_it(at): exception 4, pc + 00000000\n"                             \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000408\n"                                                \
    "store(at): exception 4, pc + 00000000\n"                                  \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000400\n"                                                \
    "store_half(at): exception 4, pc + 00000000\n"                             \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000402\n"                                                \
    "store_many(at + 12): exception 4, pc + 00000000\n"                        \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000400\n"                                                \
    "execute(at): exception 4, pc + 00000000\n"                                \
    "  cfsr 00000001\n"                                                        \
    "load_twice(at - 32): exception 4, pc + 00000000\n"                        \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000400\n"                                                \
    "as_user(load, at): exception 4, pc + 00000000\n"                          \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000400\n"                                                \
    "as_user(execute, at): exception 4, pc + 00000000\n"                       \
    "  cfsr 00000001\n"                                                        \
    "inside a page\n"                                                          \
    "load(at): exception 4, pc + 00000000\n"                                   \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000020\n"                                                \
    "load_byte(at): exception 4, pc + 00000000\n"                              \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000023\n"                                                \
    "load_many(at - 4): exception 4, pc + 00000000\n"                          \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000020\n"                                                \
    "load_many(at - 8): exception 4, pc + 00000000\n"                          \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000020\n"                                                \
    "load_many(at - 16): no fault\n"                                           \
    "load_two(at): exception 4, pc + 00000000\n"                               \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000020\n"                                                \
    "load_in_it(at): exception 4, pc + 00000000\n"                             \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000028\n"                                                \
    "store(at): exception 4, pc + 00000000\n"                                  \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000020\n"                                                \
    "store_half(at): exception 4, pc + 00000000\n"                             \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000022\n"                                                \
    "store_many(at + 12): exception 4, pc + 00000000\n"                        \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000020\n"                                                \
    "execute(at): exception 4, pc + 00000000\n"                                \
    "  cfsr 00000001\n"                                                        \
    "load_twice(at - 32): exception 4, pc + 00000000\n"                        \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000020\n"                                                \
    "as_user(load, at): exception 4, pc + 00000000\n"                          \
    "  cfsr 00000082\n"                                                        \
    "  mmfar area + 00000020\n"                                                \
    "as_user(execute, at): exception 4, pc + 00000000\n"                       \
    "  cfsr 00000001\n"                                                        \
    "disabled\n"                                                               \
    "load(at + 0x20): exception 3, pc + 00000000\n"                            \
    "  cfsr 00000082\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "  mmfar area + 00000020\n"                                                \
    "execute(at): exception 3, pc + 00000000\n"                                \
    "  cfsr 00000001\n"                                                        \
    "  hfsr 40000000\n"                                                        \
    "system control space\n"                                                   \
    "as_user(probe_scb, 0xe000ed00): exception 5, pc + 00000000\n"             \
    "  cfsr 00008200\n"                                                        \
    "  bfar e000ed00\n"                                                        \
    "store: no\n"                                                              \
    "store with FAULTMASK: yes\n"                                              \
    "store: no\n"                                                              \
    "2 may store\n"                                                            \
    "2 may store\n"                                                            \
    "stacking: lr fffffffd\n"                                                  \
    "  cfsr 00000010\n"                                                        \
    "svc: lr fffffffd\n"                                                       \
    "svc: lr fffffffd\n"                                                       \
    "unstacking: lr fffffffd\n"                                                \
    "  cfsr 00000008\n"                                                        \
    "svc: lr fffffffd\n"
/* clang-format on */

static void regions_protect_on_armv7m(void **state)
{
    (void)state;
    cm_expect("cm_mpu", "cortex-m3", ARMV7M, FAULTS);
    cm_expect("cm_mpu", "cortex-m4", ARMV7M, FAULTS);
    cm_expect("cm_mpu", "cortex-m4f", ARMV7M, FAULTS);
    cm_expect("cm_mpu", "cortex-m7", ARMV7M, FAULTS);
}

static void regions_protect_on_armv8m(void **state)
{
    (void)state;
    cm_expect("cm_mpu", "cortex-m33", ARMV8M, FAULTS);
}

/* Instruction by instruction, the same happens as in one run. */
static void rights_do_not_depend_on_where_a_run_is_cut(void **state)
{
    fwsim_machine *whole = cm_machine("cm_mpu", "cortex-m4", NULL);
    fwsim_machine *m = cm_machine("cm_mpu", "cortex-m4", NULL);
    fwsim_stop stop;

    (void)state;
    assert_int_equal(fwsim_run(whole, NULL, &stop), 0);
    do
        OK(fwsim_run(m, &(fwsim_limit){.instructions = 7}, &stop));
    while (stop.reason == FWSIM_STOP_LIMIT);
    cm_assert_text("in pieces", cm_output(m), cm_output(whole));
    assert_true(fwsim_hash(m) == fwsim_hash(whole));
    fwsim_free(whole);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regions_protect_on_armv7m),
        cmocka_unit_test(regions_protect_on_armv8m),
        cmocka_unit_test(rights_do_not_depend_on_where_a_run_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
