/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pins: names, who wins of several drivers, and who hears of a change.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "fwsim_periph.h"
#include "machine/machine.h"

enum { PINS = 20, FIRST = 4 };

typedef struct diary {
    char text[200];
    uint32_t from, to; /* an inverter between two pins; 0: none */
} diary;

static void on_pin(fwsim_periph *p, unsigned pin, bool level)
{
    diary *d = fwsim_state(p);
    size_t used = strlen(d->text);

    snprintf(d->text + used, sizeof d->text - used, "%s%u=%d", used ? " " : "",
             pin, level);
    if (pin == d->from)
        fwsim_pin_override(p, d->to, level ? FWSIM_PIN_LOW : FWSIM_PIN_HIGH);
}

static const fwsim_periph_type port = {
    .name = "port",
    .size = 0x100,
    .state_size = sizeof(diary),
    .on_pin = on_pin,
};

static const char *const key_pins[] = { "contact", NULL };

static const fwsim_periph_type key = { .name = "key", .pins = key_pins };

/* clang-format off */
static const fwsim_soc soc = {
    .name = "test_soc",
    .clock_hz = 1000000,
    .pins = PINS,
    .periph = (const fwsim_slot[]) {
        { "port0", &port, .base = 0x40000000, .first_pin = FIRST },
        { 0 }
    },
};

static const fwsim_board board = {
    .name = "test_board",
    .soc = &soc,
    .parts = (const fwsim_slot[]) {
        { "key1", &key, .pin = { 6 } },
        { 0 }
    },
    .pins = (const fwsim_pin_name[]) {
        { "P0.04", 4 },
        { "led",   5 },
        { "pin7",  8 },
        { 0 }
    },
};
/* clang-format on */

static int setup(void **state)
{
    return bench_setup(state, &board);
}

static fwsim_periph *periph(void **state, const char *name)
{
    return fwsim__periph_find(((bench *)*state)->m, name);
}

static void pins_are_found_by_board_name_and_number(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    assert_int_equal(fwsim_pin_find(m, "P0.04"), 4);
    assert_int_equal(fwsim_pin_find(m, "led"), 5);
    assert_int_equal(fwsim_pin_find(m, "pin19"), 19);
    assert_int_equal(fwsim_pin_find(m, "pin7"), 8);
    assert_int_equal(fwsim_pin_find(m, "pin20"), FWSIM_ENOENT);
    assert_errmsg(m, "pin20");
    assert_int_equal(fwsim_pin_find(m, "pin"), FWSIM_ENOENT);
    assert_int_equal(fwsim_pin_find(m, "pin-1"), FWSIM_ENOENT);
    assert_int_equal(fwsim_pin_find(m, "pin1x"), FWSIM_ENOENT);
    assert_int_equal(fwsim_pin_set(m, "door", FWSIM_PIN_LOW), FWSIM_ENOENT);
    assert_int_equal(fwsim_pin_get(m, "door"), FWSIM_ENOENT);
    assert_int_equal(fwsim_pin_set(m, "led", (fwsim_drive)9), FWSIM_EINVAL);
}

/** A row of drivers and the level that comes of them. */
typedef struct contest {
    fwsim_drive port, override, part, host;
    int level;
    bool conflict;
} contest;

#define F FWSIM_PIN_FLOAT
#define L FWSIM_PIN_LOW
#define H FWSIM_PIN_HIGH
#define D FWSIM_PIN_PULL_DOWN
#define U FWSIM_PIN_PULL_UP

static const contest contests[] = {
    { F, F, F, F, 0, false }, /* a floating pin reads 0 */
    { H, F, F, F, 1, false },
    { U, F, F, F, 1, false },
    { U, F, F, L, 0, false }, /* a button to ground against a pull-up */
    { U, F, L, F, 0, false },
    { D, F, F, U, 1, false }, /* of two pulls the outer one */
    { U, F, D, F, 0, false },
    { L, F, F, U, 0, false }, /* strong against pull */
    { H, F, D, D, 1, false },
    { L, H, F, F, 1, false }, /* multiplexer instead of the port */
    { H, U, F, F, 1, false },
    { H, F, F, L, 0, true  }, /* strong against strong */
    { L, F, H, F, 1, true  },
    { F, F, H, L, 0, true  },
    { H, F, H, H, 1, false },
};

static void the_strongest_and_outermost_driver_wins(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof contests / sizeof *contests; i++) {
        const contest *c = &contests[i];
        log_lines log = { 0 };
        fwsim_options opt = log_options(&log);
        fwsim_machine *m = new_machine(&board, &opt);
        fwsim_periph *p = fwsim__periph_find(m, "port0");

        fwsim_port_drive(p, 6 - FIRST, c->port);
        fwsim_pin_override(p, 6, c->override);
        fwsim_part_drive(fwsim__periph_find(m, "key1"), 0, c->part);
        OK(fwsim_pin_set(m, "pin6", c->host));
        if (fwsim_pin_get(m, "pin6") != c->level ||
            (log.count > 0) != c->conflict)
            fail_msg("row %zu: level %d, %zu log lines", i,
                     fwsim_pin_get(m, "pin6"), log.count);
        assert_int_equal(fwsim_port_level(p, 6 - FIRST), c->level);
        fwsim_free(m);
    }
}

#undef F
#undef L
#undef H
#undef D
#undef U

static void a_conflict_is_reported_once_a_pin(void **state)
{
    bench *b = *state;
    fwsim_machine *m = b->m;
    fwsim_periph *p = periph(state, "port0");

    OK(fwsim_pin_set(m, "led", FWSIM_PIN_LOW));
    for (int i = 0; i < 5; i++) {
        fwsim_port_drive(p, 1, FWSIM_PIN_HIGH);
        fwsim_port_drive(p, 1, FWSIM_PIN_LOW);
    }
    assert_int_equal(b->log.count, 1);
    assert_string_equal(b->log.line[0].origin, "led");
    assert_int_equal(b->log.line[0].level, FWSIM_LOG_WARN);
}

static void hear(fwsim_machine *m, unsigned pin, bool level, void *user)
{
    char *heard = user;

    (void)m;
    snprintf(heard + strlen(heard), 10, "%u=%d ", pin, level);
}

static void models_and_hooks_hear_changes_of_level(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    diary *d = fwsim_state(periph(state, "port0"));
    char heard[100] = "";

    OK(fwsim_on_pin(m, hear, heard));
    OK(fwsim_pin_set(m, "led", FWSIM_PIN_LOW));
    OK(fwsim_pin_set(m, "led", FWSIM_PIN_PULL_UP));
    OK(fwsim_pin_set(m, "led", FWSIM_PIN_HIGH));
    OK(fwsim_pin_set(m, "led", FWSIM_PIN_FLOAT));
    assert_string_equal(d->text, "5=1 5=0");
    assert_string_equal(heard, "5=1 5=0 ");
}

static void a_model_may_change_another_pin(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    diary *d = fwsim_state(periph(state, "port0"));

    OK(fwsim_pin_set(m, "pin12", FWSIM_PIN_HIGH));
    d->from = 12;
    d->to = 10;
    OK(fwsim_pin_set(m, "pin12", FWSIM_PIN_LOW));
    assert_int_equal(fwsim_pin_get(m, "pin10"), 1);
    assert_string_equal(d->text, "12=1 12=0 10=1");
}

static void pins_that_cause_each_other_end_as_a_guest_error(void **state)
{
    bench *b = *state;
    diary *d = fwsim_state(periph(state, "port0"));

    d->from = d->to = 9;
    fwsim_pin_override(periph(state, "port0"), 9, FWSIM_PIN_HIGH);
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "without end"));
    assert_int_equal(b->m->depth, 0);
}

static void pins_that_do_not_exist_read_0(void **state)
{
    fwsim_periph *p = periph(state, "port0");

    fwsim_port_drive(p, PINS - FIRST, FWSIM_PIN_HIGH);
    fwsim_pin_override(p, PINS, FWSIM_PIN_HIGH);
    assert_false(fwsim_port_level(p, PINS - FIRST));
    assert_false(fwsim_pin_level(p, 1000));
}

static void a_reset_releases_ports_and_multiplexers(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    fwsim_periph *p = periph(state, "port0");

    fwsim_port_drive(p, 0, FWSIM_PIN_HIGH);
    fwsim_pin_override(p, 5, FWSIM_PIN_HIGH);
    fwsim_part_drive(periph(state, "key1"), 0, FWSIM_PIN_HIGH);
    OK(fwsim_pin_set(m, "pin7", FWSIM_PIN_HIGH));
    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    assert_int_equal(fwsim_pin_get(m, "P0.04"), 0);
    assert_int_equal(fwsim_pin_get(m, "led"), 0);
    assert_int_equal(fwsim_pin_get(m, "pin6"), 1);
    assert_int_equal(fwsim_pin_get(m, "pin7"), 1);
}

static void a_part_sees_the_level_of_its_pin(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    OK(fwsim_pin_set(m, "pin6", FWSIM_PIN_HIGH));
    assert_true(fwsim_part_level(periph(state, "key1"), 0));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(pins_are_found_by_board_name_and_number),
        cmocka_unit_test(the_strongest_and_outermost_driver_wins),
        TEST(a_conflict_is_reported_once_a_pin),
        TEST(models_and_hooks_hear_changes_of_level),
        TEST(a_model_may_change_another_pin),
        TEST(pins_that_cause_each_other_end_as_a_guest_error),
        TEST(pins_that_do_not_exist_read_0),
        TEST(a_reset_releases_ports_and_multiplexers),
        TEST(a_part_sees_the_level_of_its_pin),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
