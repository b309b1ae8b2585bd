/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The edge map: equal runs count the same edges, however they are cut. The
 * firmware is a few instructions written by hand, so that its edges are known.
 */
#include "support.h"

#include <string.h>

enum { CODE = 0x100, HANDLER = 0x180, RAM = 0x20000000, MAP = 4096 };

#define SYST_CSR 0xe000e010u
#define SYST_RVR 0xe000e014u
#define SYST_CVR 0xe000e018u

static const fwsim_memory memory[] = {
    {"flash", 0, 0x10000, .kind = FWSIM_MEM_FLASH},
    {"ram", RAM, 0x4000, .kind = FWSIM_MEM_RAM},
    {.name = NULL}};
static const fwsim_soc soc = {.name = "bare",
                              .cpu = "cortex-m3",
                              .clock_hz = 1000000,
                              .memory = memory};
static const fwsim_board board = {.name = "bare", .soc = &soc};

/* A round is 100, 102, 102, 106, and 10c and 100 or 10e and 100 in turn. */
enum { EDGES_OF_ROUNDS = 7 };
static const uint16_t code[] = {
    0x2003, /* 100 movs r0, #3 */
    0x3801, /* 102 subs r0, #1 */
    0xd1fd, /* 104 bne 102 */
    0x3201, /* 106 adds r2, #1 */
    0x07d3, /* 108 lsls r3, r2, #31 */
    0xd000, /* 10a beq 10e */
    0x3401, /* 10c adds r4, #1 */
    0xe7f7, /* 10e b 100 */
};

static const uint16_t handler[] = {
    0x3501, /* 180 adds r5, #1 */
    0x4770, /* 182 bx lr */
};

/** The program at @a base, where RAM is as good as flash. */
static fwsim_machine *machine(uint32_t base)
{
    fwsim_machine *m = new_machine(&board, NULL);
    uint32_t vectors[16] = {RAM + 0x4000, base + 1};

    vectors[15] = HANDLER + 1;
    OK(fwsim_mem_write(m, 0, vectors, sizeof vectors));
    OK(fwsim_mem_write(m, base, code, sizeof code));
    OK(fwsim_mem_write(m, HANDLER, handler, sizeof handler));
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    return m;
}

static void run(fwsim_machine *m, uint64_t instructions)
{
    OK(fwsim_run(m, &(fwsim_limit){.instructions = instructions}, NULL));
}

static void start_systick(fwsim_machine *m)
{
    bus_write(m, SYST_RVR, 36);
    bus_write(m, SYST_CVR, 0);
    bus_write(m, SYST_CSR, 7);
}

typedef struct counts {
    unsigned sum, cells;
} counts;

static counts counts_of(const uint8_t map[MAP])
{
    counts c = {0, 0};

    for (unsigned i = 0; i < MAP; i++) {
        c.sum += map[i];
        c.cells += map[i] != 0;
    }
    return c;
}

static void count_block(fwsim_machine *m, uint64_t pc, unsigned size,
                        void *user)
{
    (void)m;
    (void)pc;
    (void)size;
    ++*(unsigned *)user;
}

static void each_edge_has_a_cell_and_each_block_counts(void **state)
{
    static const uint32_t places[] = {CODE, RAM + CODE};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        fwsim_machine *m = machine(places[i]);
        uint8_t map[MAP] = {0};
        unsigned blocks = 0;

        OK(fwsim_edges_set(m, map, MAP));
        run(m, 300);
        /* And the one from nowhere to the first block. */
        assert_int_equal(counts_of(map).cells, EDGES_OF_ROUNDS + 1);
        memset(map, 0, MAP);
        assert_true(fwsim_on_block(m, count_block, &blocks) > 0);
        run(m, 300);
        assert_int_equal(counts_of(map).cells, EDGES_OF_ROUNDS);
        assert_int_equal(counts_of(map).sum, blocks);
        fwsim_free(m);
    }
}

static void edges_do_not_depend_on_how_a_run_is_cut(void **state)
{
    (void)state;
    for (unsigned piece = 1; piece < 40; piece++) {
        uint8_t whole[MAP] = {0}, pieces[MAP] = {0};
        fwsim_machine *m = machine(CODE);
        uint64_t hash, end;

        start_systick(m);
        OK(fwsim_edges_set(m, whole, MAP));
        run(m, 500);
        hash = fwsim_hash(m);
        end = fwsim_instructions(m);
        fwsim_free(m);
        m = machine(CODE);
        start_systick(m);
        OK(fwsim_edges_set(m, pieces, MAP));
        while (fwsim_instructions(m) < end) {
            uint64_t left = end - fwsim_instructions(m);

            run(m, left < piece ? left : piece);
        }
        assert_memory_equal(whole, pieces, MAP);
        assert_int_equal(fwsim_hash(m), hash);
        fwsim_free(m);
    }
}

static void edges_are_the_same_after_each_restore(void **state)
{
    uint8_t first[MAP] = {0}, again[MAP];
    fwsim_machine *m = machine(CODE);
    fwsim_snapshot *s;

    (void)state;
    start_systick(m);
    OK(fwsim_edges_set(m, first, MAP));
    run(m, 100);
    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_snapshot_restore(m, s));
    memset(first, 0, MAP);
    run(m, 200);
    OK(fwsim_edges_set(m, again, MAP));
    for (unsigned i = 0; i < 5; i++) {
        run(m, 10 * i + 1);
        OK(fwsim_snapshot_restore(m, s));
        memset(again, 0, MAP);
        run(m, 200);
        assert_memory_equal(first, again, MAP);
    }
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

static void counting_edges_does_not_change_the_run(void **state)
{
    uint8_t map[MAP] = {0};
    fwsim_machine *m = machine(CODE), *without = machine(CODE);

    (void)state;
    OK(fwsim_edges_set(m, map, MAP));
    run(m, 1000);
    run(without, 1000);
    assert_int_equal(fwsim_hash(m), fwsim_hash(without));
    fwsim_free(m);
    fwsim_free(without);
}

static void counts_wrap(void **state)
{
    uint8_t map[1] = {0};
    fwsim_machine *m = machine(CODE);
    unsigned blocks = 0;

    (void)state;
    OK(fwsim_edges_set(m, map, sizeof map));
    assert_true(fwsim_on_block(m, count_block, &blocks) > 0);
    run(m, 2000);
    assert_true(blocks > 256);
    assert_int_equal(map[0], blocks % 256);
    fwsim_free(m);
}

static void a_map_can_be_exchanged_and_taken_away(void **state)
{
    uint8_t large[MAP] = {0}, small[64] = {0}, before[MAP];
    fwsim_machine *m = machine(CODE);

    (void)state;
    OK(fwsim_edges_set(m, large, sizeof large));
    run(m, 100);
    memcpy(before, large, MAP);
    OK(fwsim_edges_set(m, small, sizeof small));
    run(m, 100);
    assert_memory_equal(large, before, MAP);
    OK(fwsim_edges_set(m, NULL, 0));
    memset(small, 0, sizeof small);
    run(m, 100);
    for (unsigned i = 0; i < sizeof small; i++)
        assert_int_equal(small[i], 0);
    fwsim_free(m);
}

static void set_inside(fwsim_machine *m, uint64_t pc, unsigned size,
                       void *user)
{
    uint8_t map[1];

    (void)pc;
    (void)size;
    *(int *)user = fwsim_edges_set(m, map, sizeof map);
}

static void a_map_of_another_size_than_a_power_of_two_is_refused(void **state)
{
    uint8_t map[MAP];
    fwsim_machine *m = machine(CODE);
    int inside = 0;

    (void)state;
    assert_int_equal(fwsim_edges_set(m, map, 0), FWSIM_EINVAL);
    assert_int_equal(fwsim_edges_set(m, map, 3), FWSIM_EINVAL);
    assert_int_equal(fwsim_edges_set(m, map, MAP - 1), FWSIM_EINVAL);
    assert_true(fwsim_on_block(m, set_inside, &inside) > 0);
    run(m, 10);
    assert_int_equal(inside, FWSIM_EBUSY);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_edge_has_a_cell_and_each_block_counts),
        cmocka_unit_test(edges_do_not_depend_on_how_a_run_is_cut),
        cmocka_unit_test(edges_are_the_same_after_each_restore),
        cmocka_unit_test(counting_edges_does_not_change_the_run),
        cmocka_unit_test(counts_wrap),
        cmocka_unit_test(a_map_can_be_exchanged_and_taken_away),
        cmocka_unit_test(a_map_of_another_size_than_a_power_of_two_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
