/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots copy what was written to, and nothing else; and yet whoever goes
 * back, from wherever, finds the memory as it was. The firmware writes all
 * over the RAM; it is a few instructions written by hand.
 */
#include "support.h"

#include <string.h>

#include "machine/machine.h"

enum { RAM = 0x20000000, CODE = 0x100, SPAN = 0x40000, SNAPSHOTS = 6 };

static const fwsim_soc m_soc = {
    .name = "m",
    .cpu = "cortex-m3",
    .clock_hz = 1000000,
    .memory =
        (const fwsim_memory[]){
            {"flash", 0, 0x10000, .kind = FWSIM_MEM_FLASH},
            {"ram", RAM, SPAN + 0x400, .kind = FWSIM_MEM_RAM},
            {"again", RAM + 0x1000000, SPAN, .kind = FWSIM_MEM_RAM,
             .alias_of = "ram"},
            {.name = NULL}},
};
static const fwsim_soc a_soc = {
    .name = "a",
    .cpu = "cortex-a53",
    .clock_hz = 1000000,
    .boot_addr = CODE,
    .memory =
        (const fwsim_memory[]){
            {"flash", 0, 0x10000, .kind = FWSIM_MEM_FLASH},
            {"ram", RAM, 0x1000000, .kind = FWSIM_MEM_RAM},
            {.name = NULL}},
};
static const fwsim_board boards[] = {{.name = "m", .soc = &m_soc},
                                     {.name = "a", .soc = &a_soc}};

static const uint16_t m_code[] = {
    0x4358, /* 100 muls r0, r3, r0 */
    0x1900, /* 102 adds r0, r0, r4 */
    0x0b05, /* 104 lsrs r5, r0, #12 */
    0x4015, /* 106 ands r5, r2 */
    0x594e, /* 108 ldr r6, [r1, r5]: the page is known for reading */
    0x5148, /* 10a str r0, [r1, r5] */
    0xe7f8, /* 10c b 100 */
};
static const uint32_t a_code[] = {
    0x9b031000, /* 100 madd x0, x0, x3, x4 */
    0x8a405045, /* 104 and x5, x2, x0, lsr #20 */
    0xf8656826, /* 108 ldr x6, [x1, x5] */
    0xf8256820, /* 10c str x0, [x1, x5] */
    0x17fffffc, /* 110 b 100 */
};

/** The registers of both cores have the same numbers. */
static void set_registers(fwsim_machine *m, char bank)
{
    const uint64_t values[] = {1, RAM, SPAN - 8, 1103515245, 12345};

    for (unsigned i = 0; i < 5; i++) {
        char name[3] = {bank, (char)('0' + i), 0};

        OK(fwsim_cpu_write(m, name, values[i]));
    }
}

static fwsim_machine *machine(const fwsim_board *board)
{
    const uint32_t vectors[2] = {RAM + SPAN, CODE + 1};
    fwsim_machine *m = new_machine(board, NULL);
    bool a64 = board == &boards[1];

    OK(fwsim_mem_write(m, 0, vectors, sizeof vectors));
    OK(fwsim_mem_write(m, CODE, a64 ? (const void *)a_code : m_code,
                       a64 ? sizeof a_code : sizeof m_code));
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    set_registers(m, a64 ? 'x' : 'r');
    return m;
}

static void run(fwsim_machine *m, uint64_t instructions)
{
    fwsim_stop stop;

    OK(fwsim_run(m, &(fwsim_limit){.instructions = instructions}, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
}

static uint32_t next(uint32_t *random)
{
    return (*random = *random * 1664525 + 1013904223) >> 8;
}

/** Something that happens to memory between snapshots. */
static void disturb(fwsim_machine *m, uint32_t *random)
{
    uint32_t value = next(random);

    switch (next(random) % 5) {
    case 0:
        OK(fwsim_mem_write(m, RAM + value % (SPAN - 4), &value, 4));
        break;
    case 1:
        OK(fwsim_mem_write(m, 0x1000 + value % 0x8000, &value, 4));
        break;
    default:
        run(m, value % 3000 + 1);
        break;
    }
}

static void every_snapshot_can_be_restored_from_anywhere(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        fwsim_machine *m = machine(&boards[i]);
        fwsim_snapshot *s[SNAPSHOTS];
        uint64_t hash[SNAPSHOTS];
        uint32_t random = 1;

        for (unsigned k = 0; k < SNAPSHOTS; k++) {
            OK(fwsim_snapshot_take(m, &s[k]));
            hash[k] = fwsim_hash(m);
            disturb(m, &random);
        }
        for (unsigned n = 0; n < 200; n++) {
            unsigned k = next(&random) % SNAPSHOTS;

            OK(fwsim_snapshot_restore(m, s[k]));
            assert_int_equal(fwsim_hash(m), hash[k]);
            disturb(m, &random);
            if (n % 3)
                OK(fwsim_snapshot_restore(m, s[k]));
            if (n % 16 == 5) {
                fwsim_snapshot_free(s[k]);
                OK(fwsim_snapshot_take(m, &s[k]));
                hash[k] = fwsim_hash(m);
            }
        }
        for (unsigned k = 0; k < SNAPSHOTS; k++)
            fwsim_snapshot_free(s[k]);
        fwsim_free(m);
    }
}

static void a_run_goes_on_in_the_same_way_after_each_restore(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        fwsim_machine *m = machine(&boards[i]);
        fwsim_snapshot *s;
        uint64_t hash;

        run(m, 1000);
        OK(fwsim_snapshot_take(m, &s));
        run(m, 5000);
        hash = fwsim_hash(m);
        for (unsigned n = 1; n < 20; n++) {
            OK(fwsim_snapshot_restore(m, s));
            run(m, n * 77);
            OK(fwsim_snapshot_restore(m, s));
            run(m, 5000);
            assert_int_equal(fwsim_hash(m), hash);
        }
        fwsim_snapshot_free(s);
        fwsim_free(m);
    }
}

static void a_snapshot_of_one_machine_brings_another_to_its_state(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        fwsim_machine *other = machine(&boards[i]), *m = machine(&boards[i]);
        fwsim_snapshot *s;
        uint64_t hash;

        run(other, 3000);
        OK(fwsim_snapshot_take(m, &s));
        hash = fwsim_hash(m);
        for (unsigned n = 0; n < 3; n++) {
            OK(fwsim_snapshot_restore(other, s));
            assert_int_equal(fwsim_hash(other), hash);
            run(other, 3000);
        }
        fwsim_snapshot_free(s);
        fwsim_free(other);
        fwsim_free(m);
    }
}

static void power_on_clears_what_was_written(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        fwsim_machine *m = machine(&boards[i]);
        static uint8_t bytes[SPAN];
        static const uint8_t zeros[SPAN];

        run(m, 3000);
        OK(fwsim_mem_read(m, RAM, bytes, SPAN));
        assert_memory_not_equal(bytes, zeros, SPAN);
        OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
        OK(fwsim_mem_read(m, RAM, bytes, SPAN));
        assert_memory_equal(bytes, zeros, SPAN);
        fwsim_free(m);
    }
}

static void only_what_is_written_to_is_dirty(void **state)
{
    fwsim_machine *m = machine(&boards[0]);
    const uint32_t word = 1;
    fwsim_snapshot *s;

    (void)state;
    run(m, 3000);
    OK(fwsim_snapshot_take(m, &s));
    assert_int_equal(m->dirty_count, 0);
    run(m, 7);
    assert_int_equal(m->dirty_count, 1);
    OK(fwsim_mem_write(m, 0x2ffe, &word, 4)); /* over two granules */
    assert_int_equal(m->dirty_count, 3);
    OK(fwsim_mem_write(m, RAM + 0x1000000 + SPAN - 4, &word, 4));
    OK(fwsim_mem_write(m, RAM + SPAN - 8, &word, 4));
    assert_int_equal(m->dirty_count, 4);
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_snapshot_can_be_restored_from_anywhere),
        cmocka_unit_test(a_run_goes_on_in_the_same_way_after_each_restore),
        cmocka_unit_test(a_snapshot_of_one_machine_brings_another_to_its_state),
        cmocka_unit_test(power_on_clears_what_was_written),
        cmocka_unit_test(only_what_is_written_to_is_dirty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
