/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code in RAM that others than the core change: the host, a snapshot, a bus
 * master while the core is about to execute it. It does so long enough before
 * for the engine to take the code as settled.
 */
#include "support.h"

#include "fwsim_periph.h"

enum { RAM = 0x20000000, CODE = RAM + 0x400, MASTER = 0x40000000 };
enum { LONG = 20000, PERIOD = 1000 };

#define ADD_1 0x3001u
#define ADD_2 0x3002u
static const uint16_t code[] = {
    ADD_1,  /* adds r0, #1 */
    0xe7fd, /* b . - 2 */
};

/** Writes the other addition with each event. */
static void on_event(fwsim_periph *p, unsigned id)
{
    uint16_t insn = 0;

    (void)id;
    assert_true(fwsim_dma_read(p, CODE, &insn, sizeof insn));
    insn ^= ADD_1 ^ ADD_2;
    assert_true(fwsim_dma_write(p, CODE, &insn, sizeof insn));
    fwsim_event_set(p, 0, PERIOD);
}

static void on_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    fwsim_event_set(p, 0, LONG);
}

static const fwsim_periph_type master = {
    .name = "master", .size = 0x100, .on_event = on_event, .on_reset = on_reset};

static const fwsim_memory memory[] = {
    {"flash", 0, 0x400, .kind = FWSIM_MEM_FLASH},
    {"ram", RAM, 0x4000, .kind = FWSIM_MEM_RAM},
    {.name = NULL}};
static const fwsim_soc plain_soc = {.name = "plain",
                                    .cpu = "cortex-m3",
                                    .clock_hz = 1000000,
                                    .memory = memory};
static const fwsim_soc master_soc = {
    .name = "with a master",
    .cpu = "cortex-m3",
    .clock_hz = 1000000,
    .memory = memory,
    .periph = (const fwsim_slot[]){{"master", &master, MASTER},
                                   {.name = NULL}}};
static const fwsim_board plain = {.name = "plain", .soc = &plain_soc};
static const fwsim_board with_master = {.name = "with a master",
                                        .soc = &master_soc};

static fwsim_machine *machine(const fwsim_board *board)
{
    const uint32_t vectors[2] = {RAM + 0x4000, CODE + 1};
    fwsim_machine *m = new_machine(board, NULL);

    OK(fwsim_mem_write(m, 0, vectors, sizeof vectors));
    OK(fwsim_mem_write(m, CODE, code, sizeof code));
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    return m;
}

/** @return what r0 has gained */
static uint64_t run(fwsim_machine *m, uint64_t instructions)
{
    uint64_t before, after;

    OK(fwsim_cpu_read(m, "r0", &before));
    OK(fwsim_run(m, &(fwsim_limit){.instructions = instructions}, NULL));
    OK(fwsim_cpu_read(m, "r0", &after));
    return after - before;
}

static void what_the_host_writes_is_executed(void **state)
{
    fwsim_machine *m = machine(&plain);
    const uint16_t add = ADD_2;

    (void)state;
    assert_int_equal(run(m, LONG), LONG / 2);
    OK(fwsim_mem_write(m, CODE, &add, sizeof add));
    assert_int_equal(run(m, 100), 100);
    fwsim_free(m);
}

static void what_a_snapshot_brings_back_is_executed(void **state)
{
    fwsim_machine *m = machine(&plain);
    const uint16_t add = ADD_2;
    fwsim_snapshot *s;

    (void)state;
    run(m, LONG);
    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_mem_write(m, CODE, &add, sizeof add));
    assert_int_equal(run(m, LONG), LONG);
    OK(fwsim_snapshot_restore(m, s));
    assert_int_equal(run(m, LONG), LONG / 2);
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

static void what_a_bus_master_writes_is_executed_from_its_tick_on(void **state)
{
    fwsim_machine *m = machine(&with_master);

    (void)state;
    assert_int_equal(run(m, LONG), LONG / 2);
    for (unsigned i = 0; i < 10; i++) {
        assert_int_equal(run(m, PERIOD), PERIOD);
        assert_int_equal(run(m, PERIOD), PERIOD / 2);
    }
    /* The same without coming back in between. */
    assert_int_equal(run(m, 20 * PERIOD), 15 * PERIOD);
    fwsim_free(m);
}

static const fwsim_soc a64_soc = {.name = "a64",
                                  .cpu = "cortex-a53",
                                  .clock_hz = 1000000,
                                  .boot_addr = CODE,
                                  .memory = memory};
static const fwsim_board a64 = {.name = "a64", .soc = &a64_soc};

/** @return what x0 has gained */
static uint64_t run_a64(fwsim_machine *m, uint64_t instructions)
{
    uint64_t before, after;

    OK(fwsim_cpu_read(m, "x0", &before));
    OK(fwsim_run(m, &(fwsim_limit){.instructions = instructions}, NULL));
    OK(fwsim_cpu_read(m, "x0", &after));
    return after - before;
}

static void it_is_so_on_aarch64(void **state)
{
    const uint32_t loop[] = {
        0x91000400, /* add x0, x0, #1 */
        0x17ffffff, /* b . - 4 */
    };
    const uint32_t add_3[] = {
        0x91000400, /* add x0, x0, #1 */
        0x91000800, /* add x0, x0, #2 */
        0x17fffffe, /* b . - 8 */
    };
    fwsim_machine *m = new_machine(&a64, NULL);
    fwsim_snapshot *s;

    (void)state;
    OK(fwsim_mem_write(m, CODE, loop, sizeof loop));
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    assert_int_equal(run_a64(m, LONG), LONG / 2);
    OK(fwsim_snapshot_take(m, &s));
    for (unsigned i = 0; i < 3; i++) {
        OK(fwsim_mem_write(m, CODE, add_3, sizeof add_3));
        assert_int_equal(run_a64(m, 3000), 3000);
        OK(fwsim_snapshot_restore(m, s));
        assert_int_equal(run_a64(m, 3000), 1500);
    }
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_host_writes_is_executed),
        cmocka_unit_test(what_a_snapshot_brings_back_is_executed),
        cmocka_unit_test(what_a_bus_master_writes_is_executed_from_its_tick_on),
        cmocka_unit_test(it_is_so_on_aarch64),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
