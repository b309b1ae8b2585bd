/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same inputs give the same fingerprint, however a run is cut, restored
 * and watched. Guests that interrupt, sleep, read the clock, compute in
 * floating point, fault, change their code and talk; cuts and restores at
 * random places, from the seeds below.
 *
 * With the argument "fingerprints" the program prints those of the guests and
 * ends: builds of other compilers print the same (cmake/test.sh compares).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cm.h"
#include "images.h"
#include "support.h"

enum { CUTS = 1000, SNAPSHOTS = 40, AT_MOST = 200000, BLOCK_MAX = 512 };

static const uint32_t seeds[] = { 1, 20261120 };
enum { SEEDS = sizeof seeds / sizeof *seeds };

/* ------------------------------------------------------------------ */
/* Guests                                                               */
/* ------------------------------------------------------------------ */

/* The board virt, with memory that is quickly copied. */
static const fwsim_memory virt_memory[] = {
    { "flash", 0x00000000, 0x00001000, FWSIM_MEM_ROM },
    { "ram", 0x40000000, 0x00400000, FWSIM_MEM_RAM },
    { .name = NULL }
};

static const fwsim_board *small_virt(void)
{
    static fwsim_soc soc;
    static fwsim_board board;

    board = *fwsim_board_find("virt");
    soc = *board.soc;
    soc.memory = virt_memory;
    board.soc = &soc;
    return &board;
}

/* Sent when so many instructions are executed. */
static const struct {
    uint64_t at;
    const char *text;
} inputs[] = { { 5000, "a" }, { 5003, "de" }, { 30000, "hn" }, { 60000, "u" } };
enum { INPUTS = sizeof inputs / sizeof *inputs };

typedef struct guest {
    const char *name, *core; /* core: NULL for one that has a board */
    const char *board;       /* NULL: small_virt */
    bool listens;            /* to `inputs` */
    bool timeless;           /* reads no clock, and no interrupt has a time */
} guest;

/* clang-format off */
static const guest guests[] = {
    { "cm_code", "cortex-m0" },    /* interrupts anywhere, changing code */
    { "cm_code", "cortex-m4f" },
    { "cm_prio", "cortex-m33", .timeless = true },   /* nesting, masks */
    { "cm_time", "cortex-m3" },    /* sleep, SysTick */
    { "cm_dwt", "cortex-m7" },     /* reads the clock */
    { "cm_fp", "cortex-m4f", .timeless = true },     /* lazy stacking */
    { "cm_fault", "cortex-m3", .timeless = true },
    { "cm_exclusive", "cortex-m7", .timeless = true }, /* the monitor */
    { "cm_misuse", "cortex-m33" },
    { "cm_mpu", "cortex-m4f", .timeless = true },
    { "mps2_hello_an386", NULL, "mps2_an386" },
    { "cli_guest", NULL, "bbc_microbit", true },
    { "a64_interrupts" },
    { "a64_fp", .timeless = true },
    { "a64_mmu", .timeless = true },
};
/* clang-format on */
enum { GUESTS = sizeof guests / sizeof *guests };

static fwsim_machine *machine(const guest *g)
{
    const fwsim_options opt = { .semihosting = true, .deliver_faults = true };
    const fwsim_board *board = g->board ? fwsim_board_find(g->board)
                                        : small_virt();
    fwsim_machine *m;
    char path[512];

    if (g->core)
        return cm_machine(g->name, g->core, NULL);
    m = new_machine(board, &opt);
    snprintf(path, sizeof path, "%s/%s.elf", FWSIM_TEST_FIRMWARE_DIR, g->name);
    OK(fwsim_load(m, path, NULL));
    return m;
}

/* ------------------------------------------------------------------ */
/* Lives                                                                */
/* ------------------------------------------------------------------ */

/** How a guest is run. */
enum {
    IN_PIECES = 1 << 0, /* limits in instructions */
    IN_TIMES = 1 << 1,  /* limits in time */
    RESTORED = 1 << 2,  /* goes on a while, and back */
    ELSEWHERE = 1 << 3, /* restored in another machine */
    WATCHED = 1 << 4,
    STEPPED = 1 << 5    /* stretches of single steps */
};

typedef struct life {
    const guest *g;
    fwsim_machine *m;
    uint32_t random;
    size_t sent; /* inputs */
    bool ended;
} life;

typedef struct result {
    uint64_t hash, instructions, time_ns;
    uint64_t heard; /* by hooks; not part of the state */
} result;

static uint32_t next_random(life *l, uint32_t below)
{
    l->random = l->random * 1664525u + 1013904223u;
    return (l->random >> 8) % below;
}

static void end_of_call(life *l, const fwsim_stop *stop)
{
    assert_true(stop->reason == FWSIM_STOP_LIMIT ||
                stop->reason == FWSIM_STOP_IDLE ||
                stop->reason == FWSIM_STOP_EXIT);
    l->ended = stop->reason != FWSIM_STOP_LIMIT;
    while (l->g->listens && l->sent < INPUTS &&
           fwsim_instructions(l->m) >= inputs[l->sent].at) {
        const char *text = inputs[l->sent++].text;

        fwsim_uart_send(l->m, NULL, text, strlen(text));
    }
}

/** One call, to an instruction or for a time; no further than to an input. */
static void call(life *l, uint64_t to, uint64_t time_ns)
{
    fwsim_machine *m = l->m;
    fwsim_limit limit = { .time_ns = time_ns };
    fwsim_stop stop;

    if (l->g->listens && l->sent < INPUTS && inputs[l->sent].at < to)
        to = inputs[l->sent].at;
    if (fwsim_instructions(m) >= to)
        return;
    limit.instructions = to - fwsim_instructions(m);
    OK(fwsim_run(m, &limit, &stop));
    end_of_call(l, &stop);
}

static void steps(life *l, uint64_t to, unsigned count)
{
    fwsim_machine *m = l->m;
    fwsim_stop stop;

    while (count-- && !l->ended && fwsim_instructions(m) < to) {
        OK(fwsim_step(m, &stop));
        end_of_call(l, &stop);
    }
}

/** Go on for a while, then back to where it was, here or elsewhere. */
static void there_and_back(life *l, bool elsewhere)
{
    fwsim_machine *m = l->m;
    life other = *l;
    fwsim_snapshot *s;
    uint64_t hash = fwsim_hash(m);

    OK(fwsim_snapshot_take(m, &s));
    call(&other, fwsim_instructions(m) + 1 + next_random(&other, 300), 0);
    if (elsewhere) {
        fwsim_free(m);
        m = l->m = machine(l->g);
    }
    OK(fwsim_snapshot_restore(m, s));
    fwsim_snapshot_free(s);
    assert_int_equal(fwsim_hash(m), hash);
}

static void on_block(fwsim_machine *m, uint64_t pc, unsigned size, void *user)
{
    uint64_t now;

    (void)pc;
    (void)size;
    assert_int_equal(fwsim_cpu_read(m, "pc", &now), 0);
    ++*(uint64_t *)user;
}

static void on_access(fwsim_machine *m, const fwsim_access *a, void *user)
{
    (void)m;
    (void)a;
    ++*(uint64_t *)user;
}

static void on_exception(fwsim_machine *m, const fwsim_exception *e,
                         void *user)
{
    (void)m;
    (void)e;
    ++*(uint64_t *)user;
}

static void watch(fwsim_machine *m, uint64_t *heard)
{
    assert_true(fwsim_on_block(m, on_block, heard) > 0);
    assert_true(fwsim_on_access(m, 0, 0, on_access, heard) > 0);
    assert_true(fwsim_on_exception(m, on_exception, heard) > 0);
}

/** @param end  how many instructions it lives, unless it ends itself */
static result live(const guest *g, unsigned how, uint32_t seed, uint64_t end)
{
    life l = { .g = g, .m = machine(g), .random = seed };
    uint32_t piece = (uint32_t)(2 * end / CUTS + 1);
    uint64_t tick_ns = 1000000000u / fwsim_machine_board(l.m)->soc->clock_hz;
    result r = { 0 };

    if (how & WATCHED)
        watch(l.m, &r.heard);
    while (!l.ended && fwsim_instructions(l.m) < end) {
        uint64_t to = fwsim_instructions(l.m) + 1 + next_random(&l, piece);

        if (!(how & (IN_PIECES | STEPPED)) || to > end)
            to = end;
        if (how & STEPPED && next_random(&l, 4) == 0)
            steps(&l, to, 1 + next_random(&l, 40));
        else
            call(&l, to, how & IN_TIMES
                             ? (1 + next_random(&l, 2 * piece)) * (tick_ns + 1)
                             : 0);
        if (how & (RESTORED | ELSEWHERE) && !l.ended &&
            next_random(&l, CUTS / SNAPSHOTS) == 0)
            there_and_back(&l, how & ELSEWHERE);
    }
    r.hash = fwsim_hash(l.m);
    r.instructions = fwsim_instructions(l.m);
    r.time_ns = fwsim_time_ns(l.m);
    fwsim_free(l.m);
    return r;
}

/** In one call, to a block before the last: a guest that sleeps for good at
 * its end does so for as long as the limit of a call says. */
static result whole(const guest *g)
{
    uint64_t end = live(g, 0, 0, AT_MOST).instructions;

    assert_true(end > 2 * BLOCK_MAX);
    return live(g, 0, 0, end - BLOCK_MAX);
}

static void assert_same(const guest *g, uint32_t seed, result is, result must)
{
    if (is.hash != must.hash)
        print_error("%s on %s, seed %u: %llu instructions, %llu ns instead of "
                    "%llu and %llu\n", g->name,
                    g->core ? g->core : g->board ? g->board : "virt", seed,
                    (unsigned long long)is.instructions,
                    (unsigned long long)is.time_ns,
                    (unsigned long long)must.instructions,
                    (unsigned long long)must.time_ns);
    assert_int_equal(is.hash, must.hash);
    assert_int_equal(is.instructions, must.instructions);
    assert_int_equal(is.time_ns, must.time_ns);
}

static void all_live_the_same(unsigned how)
{
    for (size_t i = 0; i < GUESTS; i++) {
        result must = whole(&guests[i]);

        for (size_t s = 0; s < SEEDS; s++)
            assert_same(&guests[i], seeds[s],
                        live(&guests[i], how, seeds[s], must.instructions),
                        must);
    }
}

/* ------------------------------------------------------------------ */
/* Tests                                                                */
/* ------------------------------------------------------------------ */

static void a_thousand_cuts_end_in_the_same_state(void **state)
{
    (void)state;
    all_live_the_same(IN_PIECES);
}

static void cuts_in_time_end_in_the_same_state(void **state)
{
    (void)state;
    all_live_the_same(IN_PIECES | IN_TIMES);
}

static void going_back_to_snapshots_ends_in_the_same_state(void **state)
{
    (void)state;
    all_live_the_same(IN_PIECES | RESTORED);
}

static void a_snapshot_goes_on_in_another_machine(void **state)
{
    (void)state;
    all_live_the_same(IN_PIECES | ELSEWHERE);
}

static void hooks_that_watch_change_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < GUESTS; i++) {
        result must = whole(&guests[i]);
        result is = live(&guests[i], WATCHED, 0, must.instructions);

        assert_same(&guests[i], 0, is, must);
        assert_true(is.heard > 100);
        assert_same(&guests[i], 3,
                    live(&guests[i], WATCHED | IN_PIECES | RESTORED, 3,
                         must.instructions), must);
    }
}

static void steps_change_nothing_where_no_clock_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < GUESTS; i++)
        if (guests[i].timeless) {
            result must = whole(&guests[i]);

            assert_same(&guests[i], 7,
                        live(&guests[i], STEPPED, 7, must.instructions), must);
        }
}

/* A step is a block of its own: another run than one without, but each time
 * the same, watched or not. */
static void steps_at_the_same_places_end_in_the_same_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < GUESTS; i++) {
        result must = live(&guests[i], STEPPED, 7, 20000);

        assert_same(&guests[i], 7, live(&guests[i], STEPPED, 7, 20000), must);
        assert_same(&guests[i], 7,
                    live(&guests[i], STEPPED | WATCHED, 7, 20000), must);
    }
}

static int print_fingerprints(void)
{
    for (size_t i = 0; i < GUESTS; i++)
        printf("%s %s %016llx\n", guests[i].name,
               guests[i].core ? guests[i].core : "-",
               (unsigned long long)whole(&guests[i]).hash);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_cuts_end_in_the_same_state),
        cmocka_unit_test(cuts_in_time_end_in_the_same_state),
        cmocka_unit_test(going_back_to_snapshots_ends_in_the_same_state),
        cmocka_unit_test(a_snapshot_goes_on_in_another_machine),
        cmocka_unit_test(hooks_that_watch_change_nothing),
        cmocka_unit_test(steps_change_nothing_where_no_clock_is_read),
        cmocka_unit_test(steps_at_the_same_places_end_in_the_same_state),
    };

    if (argc > 1 && strcmp(argv[1], "fingerprints") == 0)
        return print_fingerprints();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
