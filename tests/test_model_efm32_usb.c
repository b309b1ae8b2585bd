/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EFM32HG Reference Manual, chapter 14, core registers. */
#include "peripherals.h"
#include "support.h"

#define CORE 0x40100000u

enum {
    GUSBCFG = CORE + 0x00c, GRSTCTL = CORE + 0x010, GINTSTS = CORE + 0x014,
    GRXFSIZ = CORE + 0x024, DCFG = CORE + 0x800, DCTL = CORE + 0x804,
    DIEPMSK = CORE + 0x810, DAINT = CORE + 0x818, DAINTMSK = CORE + 0x81c,
    DIEP0CTL = CORE + 0x900, DIEP1CTL = CORE + 0x920, DIEP1INT = CORE + 0x928,
    DOEP0CTL = CORE + 0xb00, PCGCCTL = CORE + 0xe00
};

#define AHBIDLE (1u << 31)
#define NAKSTS (1u << 17)
#define STALL (1u << 21)
#define CNAK (1u << 26)
#define SNAK (1u << 27)
#define EPDIS (1u << 30)
#define EPENA (1u << 31)

enum { CSFTRST = 1, TXFFLSH = 1 << 5 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 21000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "usb_core", &efm32_usb_core, CORE, .irq = { 19 } },
            { 0 }
        },
    },
};

static int power_up(void **state)
{
    *state = new_machine(&board, NULL);
    return 0;
}

static void a_core_reset_ends_by_itself(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, GRXFSIZ, 128);
    bus_write(m, DCFG, 0x08000003);
    bus_write(m, PCGCCTL, 1);
    bus_write(m, GRSTCTL, CSFTRST);
    assert_int_equal(bus_read(m, GRSTCTL) & CSFTRST, CSFTRST);
    run_ns(m, FWSIM_US(10));
    assert_int_equal(bus_read(m, GRSTCTL), AHBIDLE);
    assert_int_equal(bus_read(m, GRXFSIZ), 0x200);
    /* These survive. */
    assert_int_equal(bus_read(m, DCFG) & 3, 3);
    assert_int_equal(bus_read(m, PCGCCTL), 1);
}

static void a_flush_ends_by_itself_and_resets_nothing(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, GRXFSIZ, 128);
    bus_write(m, GRSTCTL, TXFFLSH | 0x10 << 6);
    assert_int_equal(bus_read(m, GRSTCTL) & TXFFLSH, TXFFLSH);
    run_ns(m, FWSIM_US(10));
    assert_int_equal(bus_read(m, GRSTCTL) & TXFFLSH, 0);
    assert_int_equal(bus_read(m, GRXFSIZ), 128);
}

static void nak_bits_set_and_clear_the_status(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, DIEP0CTL, SNAK);
    assert_int_equal(bus_read(m, DIEP0CTL), 0x8000 | NAKSTS);
    bus_write(m, DIEP0CTL, CNAK | STALL);
    assert_int_equal(bus_read(m, DIEP0CTL), 0x8000 | STALL);
}

static void an_enabled_endpoint_is_disabled_with_an_interrupt(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, DIEPMSK, 2);
    bus_write(m, DAINTMSK, 2);
    bus_write(m, DIEP1CTL, EPENA);
    assert_int_equal(bus_read(m, DIEP1CTL), EPENA);
    bus_write(m, DIEP1CTL, EPDIS);
    assert_int_equal(bus_read(m, DIEP1CTL), 0);
    assert_int_equal(bus_read(m, DIEP1INT) & 2, 2);
    assert_int_equal(bus_read(m, DAINT), 1 << 1);
    assert_int_equal(bus_read(m, GINTSTS), 1 << 18);
    bus_write(m, DIEP1INT, 2);
    assert_int_equal(bus_read(m, GINTSTS), 0);
}

static void out_endpoint_0_stays_enabled(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, DOEP0CTL, EPENA);
    bus_write(m, DOEP0CTL, EPDIS);
    assert_int_equal(bus_read(m, DOEP0CTL), EPENA | 0x8000);
}

static void global_nak_shows_in_dctl_and_gintsts(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, DCTL, 1 << 7 | 1 << 9);
    assert_int_equal(bus_read(m, DCTL), 1 << 2 | 1 << 3);
    assert_int_equal(bus_read(m, GINTSTS), 1 << 6 | 1 << 7);
    bus_write(m, DCTL, 1 << 8 | 1 << 10);
    assert_int_equal(bus_read(m, DCTL), 0);
    assert_int_equal(bus_read(m, GINTSTS), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_core_reset_ends_by_itself),
        TEST(a_flush_ends_by_itself_and_resets_nothing),
        TEST(nak_bits_set_and_clear_the_status),
        TEST(an_enabled_endpoint_is_disabled_with_an_interrupt),
        TEST(out_endpoint_0_stays_enabled),
        TEST(global_nak_shows_in_dctl_and_gintsts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
