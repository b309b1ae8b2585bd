/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Branches that return from an exception and others that do not, ICI state in
 * a frame, stack limits at negative priorities (firmware/cm_return.c), and
 * reset of the core alone. The text is what QEMU 7.2 prints, but for the last
 * line, see test_fw_cm_qemu.c.
 *
 * Sources: Armv7-M ARM (DDI 0403E.e) B1.4.1, B1.5.8, B1.5.10, B3.2.6; Armv8-M
 * ARM (DDI 0553B) B3.21, D1.2.9.
 */
#include "cm.h"
#include "support.h"

/* clang-format off */
#define FETCH_FAULT                                                            \
    "  exception 4\n"                                                          \
    "  lr fffffff1\n"                                                          \
    "  cfsr 00000001\n"                                                        \
    "  pc fffffff8\n"                                                          \
    "  and back\n"

#define EXPECTED                                                               \
    "mov\n" FETCH_FAULT                                                        \
    "blx\n" FETCH_FAULT                                                        \
    "mov in an it block\n" FETCH_FAULT                                         \
    "a load that goes on\n"                                                    \
    "  last two 0000000c\n"                                                    \
    "  it 00000000\n"

#define LIMIT                                                                  \
    "stack limit at a negative priority: kept,1 interrupts, cfsr 00000000\n"
/* clang-format on */

static void mov_and_blx_do_not_return_from_exceptions(void **state)
{
    (void)state;
    cm_expect("cm_return", "cortex-m3", EXPECTED);
    cm_expect("cm_return", "cortex-m4f", EXPECTED);
    cm_expect("cm_return", "cortex-m7", EXPECTED);
}

static void hardfault_may_go_below_the_stack_limit(void **state)
{
    (void)state;
    cm_expect("cm_return", "cortex-m33", EXPECTED, LIMIT);
}

/* ------------------------------------------------------------------ */
/* Reset                                                                */
/* ------------------------------------------------------------------ */

enum { RAM = 0x20000000, AFTER = 0x4000001c, AGAIN = 0x1c };

#define ISER 0xe000e100u

static const uint32_t vectors[] = { RAM + 0x1003, 9 };

/* Once: interrupt 5 enabled, 1 written to AIRCR as bit 0 or 2. */
static const uint16_t code[] = {
    0x4b05,         /* ldr r3, =RAM */
    0x681a,         /* ldr r2, [r3] */
    0xb932,         /* cbnz r2, the end */
    0x3201,         /* adds r2, #1 */
    0x601a,         /* str r2, [r3] */
    0x4b04,         /* ldr r3, =AIRCR */
    0x6019,         /* str r1, [r3] */
    0xe7fe,         /* b . */
    0xbf00,
    0xbf00,
    0xe7fe,         /* AGAIN: b . */
    0xbf00,
    0x0000, 0x2000, /* RAM */
    0xed0c, 0xe000, /* AIRCR */
};

/** Write to AIRCR after the first reset, and see what becomes of it. */
static fwsim_machine *written(const char *core, uint32_t value)
{
    fwsim_machine *m = new_machine(cm_board(core), NULL);

    OK(fwsim_mem_write(m, 0, vectors, sizeof vectors));
    OK(fwsim_mem_write(m, 8, code, sizeof code));
    OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
    OK(fwsim_cpu_write(m, "r1", value));
    OK(fwsim_bus_write(m, AFTER, 4, 1000000));
    OK(fwsim_bus_write(m, ISER, 4, 1u << 5));
    OK(fwsim_run(m, &(fwsim_limit){ .instructions = 100 }, NULL));
    return m;
}

static uint32_t word(fwsim_machine *m, uint32_t addr)
{
    uint32_t value;

    OK(fwsim_bus_read(m, addr, 4, &value));
    return value;
}

static uint64_t register_of(fwsim_machine *m, const char *name)
{
    uint64_t value;

    OK(fwsim_cpu_read(m, name, &value));
    return value;
}

static void vectreset_resets_the_core_and_no_peripheral(void **state)
{
    fwsim_machine *m = written("cortex-m3", 0x05fa0001);

    (void)state;
    assert_int_equal(register_of(m, "pc"), AGAIN);
    assert_int_equal(word(m, ISER), 0);
    assert_int_equal(word(m, AFTER), 1000000);
    fwsim_free(m);
}

static void sysresetreq_resets_both(void **state)
{
    fwsim_machine *m = written("cortex-m3", 0x05fa0004);

    (void)state;
    assert_int_equal(register_of(m, "pc"), AGAIN);
    assert_int_equal(word(m, ISER), 0);
    assert_int_equal(word(m, AFTER), 0);
    fwsim_free(m);
}

static void armv6m_has_no_vectreset(void **state)
{
    fwsim_machine *m = written("cortex-m0", 0x05fa0001);

    (void)state;
    assert_int_equal(word(m, ISER), 1u << 5);
    fwsim_free(m);
}

static void the_stack_pointer_of_reset_is_aligned(void **state)
{
    fwsim_machine *m = written("cortex-m3", 0);

    (void)state;
    assert_int_equal(register_of(m, "sp"), RAM + 0x1000);
    assert_int_equal(register_of(m, "msp"), RAM + 0x1000);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mov_and_blx_do_not_return_from_exceptions),
        cmocka_unit_test(hardfault_may_go_below_the_stack_limit),
        cmocka_unit_test(vectreset_resets_the_core_and_no_peripheral),
        cmocka_unit_test(sysresetreq_resets_both),
        cmocka_unit_test(armv6m_has_no_vectreset),
        cmocka_unit_test(the_stack_pointer_of_reset_is_aligned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
