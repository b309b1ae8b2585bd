/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The register engine: masks, arrays, aliases, widths, callbacks, and the
 * check of a type's rows. Through the bus of a machine without a core.
 */
#include "support.h"

#include "fwsim_periph.h"
#include "machine/machine.h"

#define BASE UINT64_C(0x40000000)

/* ------------------------------------------------------------------ */
/* A type with a register of each kind                                  */
/* ------------------------------------------------------------------ */

enum {
    RW = 0x00, FLAGS = 0x04, W0C = 0x08, ONCE = 0x0c, WO = 0x10, RO = 0x14,
    ARRAY = 0x20, SPARSE = 0x40, OUT = 0x60, SET = 0x64, CLR = 0x68,
    TGL = 0x6c, BYTES = 0x70, HALF = 0x74, LONELY = 0x78, KEPT = 0x7c,
    COMPUTED = 0x80, PARTIAL = 0x84
};

/** What the callbacks have heard, last one first. */
typedef struct heard {
    uint32_t writes, reads;
    uint32_t offset, index, written, stored;
} heard;

static void note_write(fwsim_periph *p, uint32_t offset, unsigned index,
                       uint32_t written)
{
    heard *h = fwsim_state(p);

    h->writes++;
    h->offset = offset;
    h->index = index;
    h->written = written;
    h->stored = fwsim_reg_get(p, offset);
}

static void array_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    note_write(p, ARRAY + 4 * index, index, written);
}

static void out_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    note_write(p, OUT, index, written);
}

static void rw_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    note_write(p, RW, index, written);
}

static uint32_t computed_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    heard *h = fwsim_state(p);

    (void)index;
    h->reads++;
    return stored + 1;
}

static uint32_t once_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    /* The next item moves up: rc must not clear it again. */
    if (stored & 0x100)
        fwsim_reg_update(p, ONCE, 0, 0x1);
    return stored;
}

/* clang-format off */
static const fwsim_reg regs[] = {
    { "RW",     RW,     .reset = 0x11, .rw = 0xffffff00,
                        .on_write = rw_written },
    { "FLAGS",  FLAGS,  .reset = 0xff, .w1c = 0x0f, .rw = 0xf00 },
    { "W0C",    W0C,    .reset = 0xff, .w0c = 0x0f },
    { "ONCE",   ONCE,   .reset = 0x103, .rc = 0x03, .on_read = once_read },
    { "WO",     WO,     .wo = 0x1 },
    { "RO",     RO,     .reset = 0xcafe0000 },
    { "ARRAY",  ARRAY,  .count = 4, .rw = 0xff, .reset = 0x5,
                        .on_write = array_written },
    { "SPARSE", SPARSE, .count = 2, .stride = 16, .rw = 0xffffffff },
    { "OUT",    OUT,    .rw = 0xffff, .on_write = out_written },
    { "SET",    SET,    .alias = FWSIM_ALIAS_SET, .of = OUT },
    { "CLR",    CLR,    .alias = FWSIM_ALIAS_CLEAR, .of = OUT },
    { "TGL",    TGL,    .alias = FWSIM_ALIAS_TOGGLE, .of = OUT },
    { "BYTES",  BYTES,  .count = 4, .width = 1, .rw = 0x7f, .reset = 0x2 },
    { "HALF",   HALF,   .width = 2, .rw = 0xffff, .reset = 0x1234 },
    { "LONELY", LONELY + 1, .width = 1, .rw = 0xff, .reset = 0x55 },
    { "KEPT",   KEPT,   .rw = 0xff, .retained = true, .reset = 0x1 },
    { "COMPUTED", COMPUTED, .rw = 0xff, .rc = 0x0f, .on_read = computed_read },
    { "PARTIAL",  PARTIAL,  .rw = 0x0f, .unimpl = 0x3c },
    FWSIM_REG_END
};
/* clang-format on */

static const fwsim_periph_type probe = {
    .name = "probe",
    .size = 0x100,
    .regs = regs,
    .state_size = sizeof(heard),
};

/* clang-format off */
static const fwsim_soc soc = {
    .name = "test_soc",
    .clock_hz = 1000000,
    .periph = (const fwsim_slot[]) {
        { "probe0", &probe, .base = BASE },
        { "probe1", &probe, .base = BASE + 0x100 },
        { 0 }
    },
};
/* clang-format on */

static const fwsim_board board = { .name = "test_board", .soc = &soc };

static int setup(void **state)
{
    return bench_setup(state, &board);
}

static const heard *heard_of(fwsim_machine *m)
{
    return fwsim_state(fwsim__periph_find(m, "probe0"));
}

static size_t guest_errors(const bench *b)
{
    return log_count(&b->log, FWSIM_TOPIC_GUEST_ERROR);
}

/* ------------------------------------------------------------------ */
/* Masks                                                                */
/* ------------------------------------------------------------------ */

static void registers_have_their_reset_values(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    assert_int_equal(bus_read(m, BASE + RW), 0x11);
    assert_int_equal(bus_read(m, BASE + RO), 0xcafe0000);
    assert_int_equal(bus_read(m, BASE + ARRAY + 12), 0x5);
}

static void only_rw_bits_are_stored(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + RW, 0xabcdef11);
    assert_int_equal(bus_read(m, BASE + RW), 0xabcdef11);
    bus_write(m, BASE + RW, 0);
    assert_int_equal(bus_read(m, BASE + RW), 0x11);
}

static void two_peripherals_of_a_type_have_their_own_registers(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + RW, 0x500);
    assert_int_equal(bus_read(m, BASE + 0x100 + RW), 0x11);
}

static void a_one_clears_w1c_bits(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + FLAGS, 0x305);
    assert_int_equal(bus_read(m, BASE + FLAGS), 0x3fa);
}

static void a_zero_clears_w0c_bits(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + W0C, 0xfa);
    assert_int_equal(bus_read(m, BASE + W0C), 0xfa);
    bus_write(m, BASE + W0C, 0x0f);
    assert_int_equal(bus_read(m, BASE + W0C), 0xfa);
}

static void a_narrow_write_clears_no_w0c_bits_of_other_bytes(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write8(m, BASE + W0C + 1, 0);
    assert_int_equal(bus_read(m, BASE + W0C), 0xff);
}

static void wo_bits_are_accepted_and_not_stored(void **state)
{
    bench *b = *state;

    bus_write(b->m, BASE + WO, 1);
    assert_int_equal(bus_read(b->m, BASE + WO), 0);
    assert_int_equal(guest_errors(b), 0);
}

static void a_read_clears_rc_bits_after_the_value_was_taken(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    assert_int_equal(bus_read(m, BASE + ONCE), 0x103);
    assert_int_equal(bus_read(m, BASE + ONCE), 0x101);
}

static void a_narrow_read_clears_only_rc_bits_of_its_bytes(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    assert_int_equal(bus_read8(m, BASE + ONCE + 1), 0x01);
    assert_int_equal(bus_read(m, BASE + ONCE), 0x103);
}

/* ------------------------------------------------------------------ */
/* Guest errors and gaps                                                */
/* ------------------------------------------------------------------ */

static void a_one_in_a_reserved_bit_is_a_guest_error(void **state)
{
    bench *b = *state;

    bus_write(b->m, BASE + RO, 0x4);
    assert_int_equal(guest_errors(b), 1);
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "RO"));
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_GUEST_ERROR, "0x4"));
    assert_string_equal(b->log.line[0].origin, "probe0");
}

static void writing_back_what_was_read_is_no_guest_error(void **state)
{
    bench *b = *state;

    bus_write(b->m, BASE + RO, 0xcafe0000);
    bus_write(b->m, BASE + RW, bus_read(b->m, BASE + RW) | 0x100);
    assert_int_equal(guest_errors(b), 0);
}

static void a_guest_error_is_logged_once_for_each_bit_and_element(void **state)
{
    bench *b = *state;

    for (int i = 0; i < 100; i++)
        bus_write(b->m, BASE + ARRAY, 0x100);
    assert_int_equal(guest_errors(b), 1);
    bus_write(b->m, BASE + ARRAY, 0x300);
    assert_int_equal(guest_errors(b), 2);
    bus_write(b->m, BASE + ARRAY + 4, 0x100);
    assert_int_equal(guest_errors(b), 3);
}

static void clearing_all_bits_by_an_alias_is_no_guest_error(void **state)
{
    bench *b = *state;

    bus_write(b->m, BASE + CLR, 0xffffffff);
    assert_int_equal(guest_errors(b), 0);
    bus_write(b->m, BASE + SET, 0x10000);
    assert_int_equal(guest_errors(b), 1);
}

static void unimpl_bits_are_stored_and_logged_when_first_set(void **state)
{
    bench *b = *state;

    bus_write(b->m, BASE + PARTIAL, 0x03);
    assert_int_equal(log_count(&b->log, FWSIM_TOPIC_UNIMPL), 0);
    bus_write(b->m, BASE + PARTIAL, 0x34);
    bus_write(b->m, BASE + PARTIAL, 0x34);
    assert_int_equal(bus_read(b->m, BASE + PARTIAL), 0x34);
    assert_int_equal(log_count(&b->log, FWSIM_TOPIC_UNIMPL), 1);
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_UNIMPL, "PARTIAL"));
    assert_int_equal(guest_errors(b), 0);
}

/* ------------------------------------------------------------------ */
/* Callbacks                                                            */
/* ------------------------------------------------------------------ */

static void on_write_hears_the_raw_value_after_the_masks(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + ARRAY + 8, 0x1ff);
    assert_int_equal(heard_of(m)->index, 2);
    assert_int_equal(heard_of(m)->written, 0x1ff);
    assert_int_equal(heard_of(m)->stored, 0xff);
}

static void on_write_of_a_narrow_access_hears_zeros_elsewhere(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + RW, 0x01020300);
    bus_write16(m, BASE + RW + 2, 0xa5a5);
    assert_int_equal(heard_of(m)->written, 0xa5a50000);
    assert_int_equal(heard_of(m)->stored, 0xa5a50311);
}

static void on_read_gives_the_value_and_rc_still_applies(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + COMPUTED, 0x22);
    assert_int_equal(bus_read(m, BASE + COMPUTED), 0x23);
    assert_int_equal(bus_read(m, BASE + COMPUTED), 0x21);
    assert_int_equal(heard_of(m)->reads, 2);
}

static void writing_calls_no_on_read(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + COMPUTED, 0x22);
    bus_write8(m, BASE + COMPUTED, 0x23);
    assert_int_equal(heard_of(m)->reads, 0);
}

/* ------------------------------------------------------------------ */
/* Aliases and arrays                                                   */
/* ------------------------------------------------------------------ */

static void aliases_set_clear_and_toggle(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + OUT, 0x0f0);
    bus_write(m, BASE + SET, 0x00f);
    assert_int_equal(bus_read(m, BASE + OUT), 0x0ff);
    bus_write(m, BASE + CLR, 0x0f0);
    assert_int_equal(bus_read(m, BASE + SET), 0x00f);
    bus_write(m, BASE + TGL, 0x101);
    assert_int_equal(bus_read(m, BASE + CLR), 0x10e);
}

static void an_alias_calls_on_write_of_its_target_with_the_new_value(
    void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + OUT, 0x0f0);
    bus_write(m, BASE + SET, 0x00f);
    assert_int_equal(heard_of(m)->writes, 2);
    assert_int_equal(heard_of(m)->written, 0x0ff);
}

static void array_elements_are_separate(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + ARRAY + 4, 0x77);
    assert_int_equal(bus_read(m, BASE + ARRAY), 0x5);
    assert_int_equal(bus_read(m, BASE + ARRAY + 4), 0x77);
    assert_int_equal(bus_read(m, BASE + ARRAY + 8), 0x5);
}

static void the_gaps_of_a_stride_hold_no_register(void **state)
{
    bench *b = *state;

    bus_write(b->m, BASE + SPARSE + 16, 0x99);
    assert_int_equal(bus_read(b->m, BASE + SPARSE + 16), 0x99);
    assert_int_equal(log_count(&b->log, FWSIM_TOPIC_UNMODELLED), 0);
    assert_int_equal(bus_read(b->m, BASE + SPARSE + 4), 0);
    assert_int_equal(log_count(&b->log, FWSIM_TOPIC_UNMODELLED), 1);
}

/* ------------------------------------------------------------------ */
/* Widths                                                               */
/* ------------------------------------------------------------------ */

static void narrow_accesses_touch_only_their_bytes(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + RW, 0x11223300);
    bus_write8(m, BASE + RW + 1, 0xaa);
    assert_int_equal(bus_read(m, BASE + RW), 0x1122aa11);
    assert_int_equal(bus_read8(m, BASE + RW + 3), 0x11);
    assert_int_equal(bus_read16(m, BASE + RW), 0xaa11);
}

static void a_wide_access_composes_narrow_registers(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    assert_int_equal(bus_read(m, BASE + BYTES), 0x02020202);
    bus_write(m, BASE + BYTES, 0x44332211);
    assert_int_equal(bus_read8(m, BASE + BYTES + 2), 0x33);
    assert_int_equal(bus_read16(m, BASE + BYTES + 2), 0x4433);
}

static void a_wide_access_reads_zeros_in_gaps(void **state)
{
    bench *b = *state;

    assert_int_equal(bus_read(b->m, BASE + HALF), 0x1234);
    assert_int_equal(bus_read(b->m, BASE + LONELY), 0x5500);
    bus_write(b->m, BASE + LONELY, 0xffffffff);
    assert_int_equal(bus_read8(b->m, BASE + LONELY + 1), 0xff);
    assert_int_equal(log_count(&b->log, FWSIM_TOPIC_UNMODELLED), 0);
}

/* ------------------------------------------------------------------ */
/* Reset                                                                */
/* ------------------------------------------------------------------ */

static void retained_registers_are_lost_at_power_on_only(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, BASE + KEPT, 0x42);
    bus_write(m, BASE + RW, 0x4200);
    OK(fwsim_reset(m, FWSIM_RESET_SYSTEM));
    assert_int_equal(bus_read(m, BASE + KEPT), 0x42);
    assert_int_equal(bus_read(m, BASE + RW), 0x11);
    OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
    assert_int_equal(bus_read(m, BASE + KEPT), 0x1);
}

/* ------------------------------------------------------------------ */
/* The check of a type                                                  */
/* ------------------------------------------------------------------ */

typedef struct bad_type {
    const char *what; /* in the message */
    fwsim_reg regs[3];
} bad_type;

/* clang-format off */
static const bad_type bad_types[] = {
    { "name is used twice",  { { "A", .offset = 0 }, { "A", .offset = 4 } } },
    { "A overlaps B",        { { "B", .offset = 4 }, { "A", .offset = 0, .count = 2 } } },
    { "B overlaps A",        { { "A", .offset = 0 }, { "B", .offset = 2, .width = 2 } } },
    { "outside the window",  { { "A", .offset = 0x10 } } },
    { "outside the window",  { { "A", .offset = 0xc, .count = 2 } } },
    { "width is not",        { { "A", .offset = 0, .width = 3 } } },
    { "multiple of the width", { { "A", .offset = 2 } } },
    { "stride",              { { "A", .offset = 0, .count = 2, .stride = 6 } } },
    { "beyond the width",    { { "A", .offset = 0, .width = 1, .rw = 0x100 } } },
    { "beyond the width",    { { "A", .offset = 0, .width = 2, .reset = 0x10000 } } },
    { "bits in two",         { { "A", .offset = 0, .rw = 0x3, .w1c = 0x2 } } },
    { "bits in two",         { { "A", .offset = 0, .rw = 0x3, .wo = 0x2 } } },
    { "bits in two",         { { "A", .offset = 0, .w0c = 0x3, .w1c = 0x2 } } },
    { "without a register",  { { "A", .offset = 0, .alias = FWSIM_ALIAS_SET, .of = 8 } } },
    { "alias of an alias",   { { "A", .offset = 0, .alias = FWSIM_ALIAS_SET, .of = 4 },
                               { "B", .offset = 4, .alias = FWSIM_ALIAS_SET, .of = 0 } } },
    { "another shape",       { { "A", .offset = 0, .count = 2 },
                               { "B", .offset = 8, .alias = FWSIM_ALIAS_SET, .of = 0 } } },
    { "masks of its target", { { "A", .offset = 0 },
                               { "B", .offset = 8, .alias = FWSIM_ALIAS_SET, .of = 0,
                                 .rw = 1 } } },
};
/* clang-format on */

static void a_type_with_a_mistake_is_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_types / sizeof *bad_types; i++) {
        const fwsim_periph_type type = {
            .name = "bad_type", .size = 0x10, .regs = bad_types[i].regs
        };
        const fwsim_slot slots[] = { { "bad0", &type, .base = BASE }, { 0 } };
        const fwsim_soc bad_soc = { .name = "s", .clock_hz = 1,
                                    .periph = slots };
        const fwsim_board bad_board = { .name = "b", .soc = &bad_soc };
        log_lines log = { 0 };
        fwsim_options opt = log_options(&log);
        fwsim_machine *m;

        assert_int_equal(fwsim_new(&m, &bad_board, &opt), FWSIM_EBOARD);
        assert_null(m);
        assert_non_null(log_find(&log, FWSIM_TOPIC_GENERAL, "bad_type"));
        if (!log_find(&log, FWSIM_TOPIC_GENERAL, bad_types[i].what))
            fail_msg("row %zu: \"%s\" is not in \"%s\"", i, bad_types[i].what,
                     log.line[0].text);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(registers_have_their_reset_values),
        TEST(only_rw_bits_are_stored),
        TEST(two_peripherals_of_a_type_have_their_own_registers),
        TEST(a_one_clears_w1c_bits),
        TEST(a_zero_clears_w0c_bits),
        TEST(a_narrow_write_clears_no_w0c_bits_of_other_bytes),
        TEST(wo_bits_are_accepted_and_not_stored),
        TEST(a_read_clears_rc_bits_after_the_value_was_taken),
        TEST(a_narrow_read_clears_only_rc_bits_of_its_bytes),
        TEST(a_one_in_a_reserved_bit_is_a_guest_error),
        TEST(writing_back_what_was_read_is_no_guest_error),
        TEST(a_guest_error_is_logged_once_for_each_bit_and_element),
        TEST(clearing_all_bits_by_an_alias_is_no_guest_error),
        TEST(unimpl_bits_are_stored_and_logged_when_first_set),
        TEST(on_write_hears_the_raw_value_after_the_masks),
        TEST(on_write_of_a_narrow_access_hears_zeros_elsewhere),
        TEST(on_read_gives_the_value_and_rc_still_applies),
        TEST(writing_calls_no_on_read),
        TEST(aliases_set_clear_and_toggle),
        TEST(an_alias_calls_on_write_of_its_target_with_the_new_value),
        TEST(array_elements_are_separate),
        TEST(the_gaps_of_a_stride_hold_no_register),
        TEST(narrow_accesses_touch_only_their_bytes),
        TEST(a_wide_access_composes_narrow_registers),
        TEST(a_wide_access_reads_zeros_in_gaps),
        TEST(retained_registers_are_lost_at_power_on_only),
        cmocka_unit_test(a_type_with_a_mistake_is_refused_by_name),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
