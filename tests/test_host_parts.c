/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of the host on I2C and SPI buses, and scripts: the test is the
 * firmware, through controllers that do at once what it says.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "fwsim_periph.h"
#include "i2c_probe.h"

/* ------------------------------------------------------------------ */
/* The board                                                            */
/* ------------------------------------------------------------------ */

#define SPI_PROBE 0x40000010u
enum { SPI_DATA = 0x0, SPI_PIN = 0x4, SPI_ALONE = 0x8, SPI_LATER = 0xc };
enum { CS = 1, PART_CS = 2 };

static void data_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    uint8_t in;
    bool any = fwsim_spi_transfer(p, (uint8_t)written, &in);

    (void)index;
    fwsim_reg_set(p, SPI_DATA, in);
    fwsim_reg_set(p, SPI_ALONE, !any);
}

/** PIN = pin << 4 | fwsim_drive */
static void pin_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_port_drive(p, written >> 4, (fwsim_drive)(written & 0xf));
}

/** LATER = ticks: pin 0 goes high then. */
static void later_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_event_set(p, 0, written);
}

static void on_event(fwsim_periph *p, unsigned id)
{
    (void)id;
    fwsim_port_drive(p, 0, FWSIM_PIN_HIGH);
}

static const fwsim_reg spi_regs[] = {
    { "DATA", SPI_DATA, .wo = 0xff, .on_write = data_written },
    { "PIN", SPI_PIN, .wo = 0xff, .on_write = pin_written },
    { "ALONE", SPI_ALONE },
    { "LATER", SPI_LATER, .wo = UINT32_MAX, .on_write = later_written },
    FWSIM_REG_END
};

static const fwsim_periph_type spi_probe = {
    .name = "spi_probe",
    .size = 0x10,
    .regs = spi_regs,
    .on_event = on_event,
    .spi_bus = true,
};

/** A part of the board that sends back what it gets, plus one. */
static uint8_t plus_one(fwsim_periph *p, uint8_t byte)
{
    ++*(uint64_t *)fwsim_state(p);
    return (uint8_t)(byte + 1);
}

static const fwsim_spi_ops plus_one_ops = { .transfer = plus_one };

static const fwsim_periph_type plus_one_part = {
    .name = "plus_one",
    .state_size = 8,
    .pins = (const char *const[]){ "cs", NULL },
    .spi = &plus_one_ops,
};

static bool i2c_part_write(fwsim_periph *p, uint8_t byte)
{
    (void)p, (void)byte;
    return true;
}

static const fwsim_i2c_ops i2c_part_ops = { .write = i2c_part_write };

static const fwsim_periph_type i2c_part = { .name = "i2c_part",
                                            .i2c = &i2c_part_ops };

/* clang-format off */
static const fwsim_soc soc = {
    .name = "soc",
    .clock_hz = 1000000,
    .pins = 3,
    .periph = (const fwsim_slot[]) {
        { "i2c0", &i2c_probe, .base = I2C_PROBE },
        { "spi0", &spi_probe, .base = SPI_PROBE },
        { 0 }
    },
};

static const fwsim_board board = {
    .name = "board",
    .soc = &soc,
    .parts = (const fwsim_slot[]) {
        { "chip", &i2c_part, .bus = "i2c0", .bus_addr = 0x20 },
        { "adder", &plus_one_part, .bus = "spi0", .pin = { PART_CS } },
        { 0 }
    },
    .pins = (const fwsim_pin_name[]) { { "cs", CS }, { 0 } },
};
/* clang-format on */

static int setup(void **state)
{
    return bench_setup(state, &board);
}

static void put_line(const char *line, void *user)
{
    strcat(user, line);
    strcat(user, "\n");
}

/* ------------------------------------------------------------------ */
/* The firmware                                                         */
/* ------------------------------------------------------------------ */

static bool i2c_start(fwsim_machine *m, uint8_t addr, bool read)
{
    bus_write(m, I2C_PROBE + I2C_PROBE_START, (uint32_t)addr << 1 | read);
    return bus_read(m, I2C_PROBE + I2C_PROBE_ACK);
}

static bool i2c_send(fwsim_machine *m, uint8_t byte)
{
    bus_write(m, I2C_PROBE + I2C_PROBE_DATA, byte);
    return bus_read(m, I2C_PROBE + I2C_PROBE_ACK);
}

static uint8_t i2c_take(fwsim_machine *m)
{
    return (uint8_t)bus_read(m, I2C_PROBE + I2C_PROBE_DATA);
}

static void i2c_stop(fwsim_machine *m)
{
    bus_write(m, I2C_PROBE + I2C_PROBE_STOP, 1);
}

static void drive(fwsim_machine *m, unsigned pin, fwsim_drive level)
{
    bus_write(m, SPI_PROBE + SPI_PIN, pin << 4 | level);
}

static uint8_t spi(fwsim_machine *m, uint8_t byte)
{
    bus_write(m, SPI_PROBE + SPI_DATA, byte);
    return (uint8_t)bus_read(m, SPI_PROBE + SPI_DATA);
}

/* ------------------------------------------------------------------ */
/* A memory of 256 bytes, on both buses                                 */
/* ------------------------------------------------------------------ */

typedef struct eeprom {
    uint8_t bytes[256], at;
    bool addressed;
    unsigned stops, selected;
} eeprom;

static bool eeprom_start(fwsim_machine *m, bool read, void *user)
{
    eeprom *e = user;

    (void)m;
    e->addressed = read;
    return true;
}

static bool eeprom_write(fwsim_machine *m, uint8_t byte, void *user)
{
    eeprom *e = user;

    (void)m;
    if (e->addressed)
        e->bytes[e->at++] = byte;
    else
        e->at = byte;
    e->addressed = true;
    return byte != 0xee;
}

static uint8_t eeprom_read(fwsim_machine *m, void *user)
{
    eeprom *e = user;

    (void)m;
    return e->bytes[e->at++];
}

static void eeprom_stop(fwsim_machine *m, void *user)
{
    (void)m;
    ((eeprom *)user)->stops++;
}

static const fwsim_i2c_device i2c_eeprom = { .start = eeprom_start,
                                             .write = eeprom_write,
                                             .read = eeprom_read,
                                             .stop = eeprom_stop };

static void eeprom_select(fwsim_machine *m, bool selected, void *user)
{
    eeprom *e = user;

    (void)m;
    e->selected += selected;
    e->addressed = false;
}

static uint8_t eeprom_transfer(fwsim_machine *m, uint8_t byte, void *user)
{
    eeprom *e = user;

    if (e->addressed)
        return eeprom_read(m, user);
    eeprom_write(m, byte, user);
    return 0xa5;
}

static const fwsim_spi_device spi_eeprom = { .select = eeprom_select,
                                             .transfer = eeprom_transfer };

/* ------------------------------------------------------------------ */
/* Attached parts                                                       */
/* ------------------------------------------------------------------ */

static void an_i2c_part_hears_and_answers(void **state)
{
    fwsim_machine *m = bench_machine(state);
    eeprom e = { { 0 } };

    OK(fwsim_i2c_attach(m, "i2c0", 0x50, &i2c_eeprom, &e));
    assert_true(i2c_start(m, 0x50, false));
    assert_true(i2c_send(m, 7));
    assert_true(i2c_send(m, 0x42));
    assert_false(i2c_send(m, 0xee));
    i2c_stop(m);
    assert_int_equal(e.bytes[7], 0x42);
    assert_int_equal(e.stops, 1);
    assert_true(i2c_start(m, 0x50, false));
    i2c_send(m, 7);
    assert_true(i2c_start(m, 0x50, true));
    assert_int_equal(i2c_take(m), 0x42);
    i2c_stop(m);
    assert_false(i2c_start(m, 0x51, false));
}

static void an_i2c_part_without_callbacks_acknowledges(void **state)
{
    static const fwsim_i2c_device silent = { .start = NULL };
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_i2c_attach(m, "i2c0", 0x50, &silent, NULL));
    assert_true(i2c_start(m, 0x50, true));
    assert_int_equal(i2c_take(m), 0xff);
    i2c_stop(m);
}

static void a_part_of_the_host_hides_one_of_the_board(void **state)
{
    fwsim_machine *m = bench_machine(state);
    eeprom e = { { 0 } };

    OK(fwsim_i2c_attach(m, "i2c0", 0x20, &i2c_eeprom, &e));
    i2c_start(m, 0x20, false);
    i2c_send(m, 9);
    i2c_stop(m);
    assert_int_equal(e.at, 9);
    OK(fwsim_i2c_detach(m, "i2c0", 0x20));
    assert_true(i2c_start(m, 0x20, false));
    i2c_send(m, 1);
    assert_int_equal(e.at, 9);
}

static void a_part_that_goes_in_a_transfer_is_silent(void **state)
{
    fwsim_machine *m = bench_machine(state);
    eeprom e = { { 0 } };

    OK(fwsim_i2c_attach(m, "i2c0", 0x50, &i2c_eeprom, &e));
    i2c_start(m, 0x50, false);
    OK(fwsim_i2c_detach(m, "i2c0", 0x50));
    assert_false(i2c_send(m, 1));
    assert_int_equal(i2c_take(m), 0xff);
    i2c_stop(m);
}

static void which_part_is_addressed_is_in_the_snapshot(void **state)
{
    fwsim_machine *m = bench_machine(state);
    fwsim_snapshot *s;
    eeprom e = { { 0 } };
    uint64_t hash;

    OK(fwsim_i2c_attach(m, "i2c0", 0x50, &i2c_eeprom, &e));
    i2c_start(m, 0x50, false);
    hash = fwsim_hash(m);
    OK(fwsim_snapshot_take(m, &s));
    i2c_send(m, 1);
    i2c_stop(m);
    assert_false(i2c_send(m, 1));
    OK(fwsim_snapshot_restore(m, s));
    assert_true(fwsim_hash(m) == hash);
    assert_true(i2c_send(m, 1));
    fwsim_snapshot_free(s);
}

static void an_spi_part_is_selected_by_its_pin(void **state)
{
    fwsim_machine *m = bench_machine(state);
    eeprom e = { { [3] = 0x33, 0x44 } };

    OK(fwsim_spi_attach(m, "spi0", "cs", &spi_eeprom, &e));
    /* The pin floats. */
    assert_int_equal(spi(m, 3), 0xff);
    assert_int_equal(bus_read(m, SPI_PROBE + SPI_ALONE), 1);
    drive(m, CS, FWSIM_PIN_LOW);
    assert_int_equal(spi(m, 3), 0xa5);
    assert_int_equal(spi(m, 0), 0x33);
    assert_int_equal(spi(m, 0), 0x44);
    drive(m, CS, FWSIM_PIN_HIGH);
    assert_int_equal(spi(m, 3), 0xff);
    drive(m, CS, FWSIM_PIN_LOW);
    assert_int_equal(spi(m, 3), 0xa5);
    assert_int_equal(e.selected, 2);
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    assert_int_equal(spi(m, 3), 0xff);
    assert_false(e.addressed);
}

static void an_spi_part_without_a_pin_is_always_selected(void **state)
{
    fwsim_machine *m = bench_machine(state);
    eeprom e = { { 0 } };

    OK(fwsim_spi_attach(m, "spi0", NULL, &spi_eeprom, &e));
    assert_int_equal(spi(m, 3), 0xa5);
    OK(fwsim_spi_detach(m, "spi0", NULL));
    assert_int_equal(spi(m, 3), 0xff);
}

static void a_part_of_the_board_is_on_the_spi_bus(void **state)
{
    bench *b = *state;
    fwsim_machine *m = b->m;
    eeprom e = { { 0 } };

    assert_int_equal(spi(m, 7), 0xff);
    drive(m, PART_CS, FWSIM_PIN_LOW);
    assert_int_equal(spi(m, 7), 8);
    OK(fwsim_spi_attach(m, "spi0", NULL, &spi_eeprom, &e));
    spi(m, 7);
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR,
                             "more than one part is selected"));
}

static void bad_places_are_refused(void **state)
{
    fwsim_machine *m = bench_machine(state);
    fwsim_machine *bare = new_machine(
        &(fwsim_board){ .name = "bare",
                        .soc = &(fwsim_soc){ .name = "bare", .clock_hz = 1 } },
        NULL);
    eeprom e = { { 0 } };

    assert_int_equal(fwsim_i2c_attach(m, "spi0", 0x50, &i2c_eeprom, &e),
                     FWSIM_ENOENT);
    assert_errmsg(m, "spi0: no such I2C controller on board; it has i2c0");
    assert_int_equal(fwsim_spi_attach(m, "i2c0", NULL, &spi_eeprom, &e),
                     FWSIM_ENOENT);
    assert_errmsg(m, "it has spi0");
    assert_int_equal(fwsim_spi_attach(bare, "spi0", NULL, &spi_eeprom, &e),
                     FWSIM_ENOENT);
    assert_errmsg(bare, "it has none");
    assert_int_equal(fwsim_i2c_attach(m, "i2c0", 0xa0, &i2c_eeprom, &e),
                     FWSIM_ERANGE);
    assert_errmsg(m, "0xa0 is no address of 7 bits");
    assert_int_equal(fwsim_spi_attach(m, "spi0", "sc", &spi_eeprom, &e),
                     FWSIM_ENOENT);
    OK(fwsim_i2c_attach(m, "i2c0", 0x50, &i2c_eeprom, &e));
    assert_int_equal(fwsim_i2c_attach(m, "i2c0", 0x50, &i2c_eeprom, &e),
                     FWSIM_EINVAL);
    assert_int_equal(fwsim_i2c_detach(m, "i2c0", 0x51), FWSIM_ENOENT);
    assert_int_equal(fwsim_spi_detach(m, "spi0", "cs"), FWSIM_ENOENT);
    assert_int_equal(fwsim_i2c_expect_done(m, "i2c0", 0x50, 0), FWSIM_EINVAL);
    assert_int_equal(fwsim_i2c_expect_write(m, "i2c0", 0x50, "x", 1),
                     FWSIM_EINVAL);
    assert_int_equal(fwsim_spi_expect(m, "spi0", NULL, NULL, NULL, 0),
                     FWSIM_EINVAL);
    fwsim_free(bare);
}

/* ------------------------------------------------------------------ */
/* Scripts                                                              */
/* ------------------------------------------------------------------ */

static void a_script_is_followed(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_i2c_expect_write(m, "i2c0", 0x1d, "\x2a\x01", 2));
    OK(fwsim_i2c_expect_write(m, "i2c0", 0x1d, "\x0d", 1));
    OK(fwsim_i2c_expect_read(m, "i2c0", 0x1d, "\x5a\xc4", 2));
    assert_true(i2c_start(m, 0x1d, false));
    assert_true(i2c_send(m, 0x2a));
    assert_true(i2c_send(m, 0x01));
    i2c_stop(m);
    assert_int_equal(fwsim_i2c_expect_done(m, "i2c0", 0x1d, 0),
                     FWSIM_ETIMEDOUT);
    assert_string_equal(fwsim_failure(m),
                        "i2c0 0x1d: step 2 of 3 has not come\n"
                        "  came      1. write 2a 01: came\n"
                        "            2. write 0d: has not come\n"
                        "            3. read 2 bytes: to come\n"
                        "  ended     0.000000 s: not run");
    i2c_start(m, 0x1d, false);
    i2c_send(m, 0x0d);
    assert_true(i2c_start(m, 0x1d, true));
    assert_int_equal(i2c_take(m), 0x5a);
    assert_int_equal(i2c_take(m), 0xc4);
    i2c_stop(m);
    OK(fwsim_i2c_expect_done(m, "i2c0", 0x1d, 0));
    OK(fwsim_i2c_expect_write(m, "i2c0", 0x1d, "\x77", 1));
    assert_int_equal(fwsim_i2c_expect_done(m, "i2c0", 0x1d, FWSIM_MS(1)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, "i2c0 0x1d: step 4 of 4 has not come; nothing more came "
                     "(0.001000 s, limit)");
}

static void the_first_step_that_differs_is_shown(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_i2c_expect_write(m, "i2c0", 0x1d, "\x2a\x01\x02", 3));
    OK(fwsim_i2c_expect_read(m, "i2c0", 0x1d, "\x5a", 1));
    i2c_start(m, 0x1d, false);
    i2c_send(m, 0x2a);
    i2c_send(m, 0x00);
    i2c_send(m, 0x02);
    i2c_stop(m);
    assert_false(i2c_start(m, 0x1d, true));
    assert_int_equal(fwsim_i2c_expect_done(m, "i2c0", 0x1d, FWSIM_S(1)),
                     FWSIM_ETIMEDOUT);
    assert_int_equal(fwsim_time_ns(m), 0);
    assert_errmsg(m, "i2c0 0x1d: step 1 of 2 is another one; byte 1 is 0x00 "
                     "instead of 0x01");
    assert_non_null(strstr(fwsim_failure(m),
                           "  came      1. write 2a 01 02: here\n"
                           "               came  2a 00\n"
                           "            2. read 1 bytes: to come\n"
                           "            byte 1 is 0x00 instead of 0x01\n"));
}

static void expect_off(fwsim_machine *m, const char *why)
{
    assert_int_equal(fwsim_i2c_expect_done(m, "i2c0", 0x1d, FWSIM_S(1)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, why);
    OK(fwsim_i2c_detach(m, "i2c0", 0x1d));
}

static void transfers_of_another_kind_or_length_differ(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_i2c_expect_write(m, "i2c0", 0x1d, "ab", 2));
    assert_false(i2c_start(m, 0x1d, true));
    expect_off(m, "a read comes instead of a write");

    OK(fwsim_i2c_expect_write(m, "i2c0", 0x1d, "ab", 2));
    i2c_start(m, 0x1d, false);
    i2c_send(m, 'a');
    i2c_stop(m);
    expect_off(m, "it ends after 1 of 2 bytes");

    OK(fwsim_i2c_expect_read(m, "i2c0", 0x1d, "a", 1));
    i2c_start(m, 0x1d, true);
    assert_int_equal(i2c_take(m), 'a');
    assert_int_equal(i2c_take(m), 0xff);
    i2c_stop(m);
    expect_off(m, "more than 1 bytes come");

    OK(fwsim_i2c_expect_write(m, "i2c0", 0x1d, "a", 1));
    i2c_start(m, 0x1d, false);
    i2c_send(m, 'a');
    i2c_stop(m);
    i2c_start(m, 0x1d, false);
    expect_off(m, "a write comes after the last step");
}

static void a_script_ends_with_going_back(void **state)
{
    fwsim_machine *m = bench_machine(state);
    fwsim_snapshot *s;

    OK(fwsim_snapshot_take(m, &s));
    for (int i = 0; i < 3; i++) {
        OK(fwsim_i2c_expect_write(m, "i2c0", 0x1d, "ab", 2));
        OK(fwsim_spi_expect(m, "spi0", "cs", "c", NULL, 1));
        if (i == 0)
            i2c_start(m, 0x1d, true); /* it is off from now on */
        OK(fwsim_snapshot_restore(m, s));
        assert_int_equal(fwsim_i2c_expect_done(m, "i2c0", 0x1d, 0),
                         FWSIM_EINVAL);
        assert_int_equal(fwsim_spi_expect_done(m, "spi0", "cs", 0),
                         FWSIM_EINVAL);
    }
    OK(fwsim_i2c_expect_write(m, "i2c0", 0x1d, "a", 1));
    i2c_start(m, 0x1d, false);
    i2c_send(m, 'a');
    i2c_stop(m);
    OK(fwsim_i2c_expect_done(m, "i2c0", 0x1d, 0));
    fwsim_snapshot_free(s);
}

static void a_script_for_spi_counts_selections(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_spi_expect(m, "spi0", "cs", "\x9f\0\0", "\xff\xc2\x20", 3));
    OK(fwsim_spi_expect(m, "spi0", "cs", "\x06", NULL, 1));
    drive(m, CS, FWSIM_PIN_LOW);
    assert_int_equal(spi(m, 0x9f), 0xff);
    assert_int_equal(spi(m, 0), 0xc2);
    assert_int_equal(spi(m, 0), 0x20);
    drive(m, CS, FWSIM_PIN_HIGH);
    drive(m, CS, FWSIM_PIN_LOW);
    spi(m, 0x04);
    drive(m, CS, FWSIM_PIN_HIGH);
    assert_int_equal(fwsim_spi_expect_done(m, "spi0", "cs", FWSIM_S(1)),
                     FWSIM_ETIMEDOUT);
    assert_errmsg(m, "spi0 cs: step 2 of 2 is another one; byte 0 is 0x04 "
                     "instead of 0x06");
}

static void a_script_without_chip_select_counts_bytes(void **state)
{
    fwsim_machine *m = bench_machine(state);

    OK(fwsim_spi_expect(m, "spi0", NULL, NULL, "ab", 2));
    OK(fwsim_spi_expect(m, "spi0", NULL, "x", "c", 1));
    assert_int_equal(spi(m, 1), 'a');
    assert_int_equal(spi(m, 2), 'b');
    assert_int_equal(spi(m, 'x'), 'c');
    OK(fwsim_spi_expect_done(m, "spi0", NULL, 0));
}

/* ------------------------------------------------------------------ */
/* What the journal keeps of them                                       */
/* ------------------------------------------------------------------ */

static void transfers_are_in_the_journal(void **state)
{
    fwsim_machine *m = bench_machine(state);
    char text[1000] = "";
    eeprom e = { { [7] = 0x42 } };

    OK(fwsim_journal_enable(m, 10));
    OK(fwsim_i2c_attach(m, "i2c0", 0x50, &i2c_eeprom, &e));
    OK(fwsim_spi_attach(m, "spi0", "cs", &spi_eeprom, &e));
    i2c_start(m, 0x50, false);
    i2c_send(m, 7);
    i2c_start(m, 0x50, true);
    i2c_take(m);
    i2c_stop(m);
    i2c_start(m, 0x51, false);
    i2c_stop(m);
    drive(m, CS, FWSIM_PIN_LOW);
    spi(m, 7);
    spi(m, 0);
    drive(m, CS, FWSIM_PIN_HIGH);
    spi(m, 9);
    i2c_start(m, 0x50, false);
    for (int i = 0; i < 40; i++)
        i2c_send(m, 1);
    fwsim_journal_print(m, 0, put_line, text);
    assert_string_equal(
        text,
        "0.000000 s  i2c0     write 0x50 07; read 0x50 42\n"
        "0.000000 s  i2c0     write 0x51 NACK\n"
        "0.000000 s  spi0     cs: 07>a5 00>42\n"
        "0.000000 s  pin      cs goes high\n"
        "0.000000 s  i2c0     write 0x50 01 01 01 01 01 01 01 01 01 01 01 01 01"
        " 01 01 01 01 01 and 22 more\n"
        "0.000000 s  spi0     09>ff nobody\n");
}

static void attach_inside(fwsim_machine *m, unsigned pin, bool level,
                          void *user)
{
    int *results = user;

    (void)pin, (void)level;
    results[0] = fwsim_i2c_attach(m, "i2c0", 0x33, &i2c_eeprom, NULL);
    results[1] = fwsim_i2c_detach(m, "i2c0", 0x50);
    results[2] = fwsim_i2c_expect_write(m, "i2c0", 0x34, "x", 1);
}

static void attaching_is_not_legal_in_a_callback(void **state)
{
    fwsim_machine *m = bench_machine(state);
    eeprom e = { { 0 } };
    int results[3] = { 0 };

    OK(fwsim_i2c_attach(m, "i2c0", 0x50, &i2c_eeprom, &e));
    OK(fwsim_on_pin(m, attach_inside, results));
    bus_write(m, SPI_PROBE + SPI_LATER, 10);
    run_ns(m, FWSIM_MS(1));
    for (int i = 0; i < 3; i++)
        assert_int_equal(results[i], FWSIM_EBUSY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_i2c_part_hears_and_answers),
        TEST(an_i2c_part_without_callbacks_acknowledges),
        TEST(a_part_of_the_host_hides_one_of_the_board),
        TEST(a_part_that_goes_in_a_transfer_is_silent),
        TEST(which_part_is_addressed_is_in_the_snapshot),
        TEST(an_spi_part_is_selected_by_its_pin),
        TEST(an_spi_part_without_a_pin_is_always_selected),
        TEST(a_part_of_the_board_is_on_the_spi_bus),
        TEST(bad_places_are_refused),
        TEST(a_script_is_followed),
        TEST(the_first_step_that_differs_is_shown),
        TEST(transfers_of_another_kind_or_length_differ),
        TEST(a_script_ends_with_going_back),
        TEST(a_script_for_spi_counts_selections),
        TEST(a_script_without_chip_select_counts_bytes),
        TEST(transfers_are_in_the_journal),
        TEST(attaching_is_not_legal_in_a_callback),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
