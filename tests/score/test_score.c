/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The score tool: what it makes of a corpus' columns, and of executed blocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "blocks.h"
#include "corpus.h"
#include "map.h"

#define FOLDER FWSIM_TEST_BINARY_DIR "/score_corpus"

static void write_file(const char *name, const char *text)
{
    char path[512];
    FILE *out;

    mkdir(FOLDER, 0777);
    snprintf(path, sizeof path, FOLDER "/%s", name);
    out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

#define HEADER "file\tcpu\tpass_kind\tpass_addr\tfail_symbols\tregions\tmcu\n"

static void read_corpus(corpus *c, const char *firmware, const char *tests)
{
    write_file("firmware.tsv", firmware);
    write_file("tests.tsv", tests);
    assert_true(corpus_read(c, FOLDER));
}

static void alternatives_of_steps_are_read(void **state)
{
    corpus c;
    (void)state;

    read_corpus(&c, HEADER "unit/a.elf\tCortex-M3\tcoverage\t\t\t\tX\n",
                "file\ttest_id\trequirement_addresses\n"
                "unit/a.elf\ta:Read\t0x10 || 0x20->0x30\n"
                "unit/b.elf\tb:Read\t0x40\n");
    assert_int_equal(c.image_count, 1);
    assert_string_equal(c.images[0].group, "unit");
    assert_string_equal(c.images[0].board, "generic_cortex_m3");
    assert_int_equal(c.images[0].goal_count, 1);
    assert_string_equal(c.images[0].goals[0].name, "Read");
    assert_int_equal(c.images[0].goals[0].paths, 2);
    assert_int_equal(c.images[0].goals[0].path[0].steps, 1);
    assert_int_equal(c.images[0].goals[0].path[0].step[0], 0x10);
    assert_int_equal(c.images[0].goals[0].path[1].steps, 2);
    assert_int_equal(c.images[0].goals[0].path[1].step[1], 0x30);
    corpus_free(&c);
}

static void symbols_and_milestones_are_goals_and_fail_functions_are_not(void **state)
{
    corpus c;
    const corpus_image *img;
    (void)state;

    read_corpus(&c, HEADER "pw/a.elf\tCortex-M4F\tmilestones\t"
                "main@0x10 oops@0x99 0x20->0x30->0x20\t"
                "oops@0x99;Default@0x99;abort@0x98\t\tX\n",
                "file\ttest_id\trequirement_addresses\n");
    img = &c.images[0];
    assert_int_equal(img->trap_count, 2);
    assert_string_equal(img->traps[0].name, "oops");
    assert_int_equal(img->traps[1].addr, 0x98);
    assert_int_equal(img->goal_count, 4);
    assert_string_equal(img->goals[0].name, "main");
    assert_int_equal(img->goals[3].path[0].steps, 3);
    assert_int_equal(img->goals[3].path[0].step[2], 0x20);
    assert_true(img->stop_at_goals);
    corpus_free(&c);
}

static void an_image_of_another_core_is_skipped_with_a_reason(void **state)
{
    corpus c;
    (void)state;

    read_corpus(&c, HEADER "riscv/a.elf\tRV32IMAC\tcoverage\tmain@0x10\t\t\tX\n",
                "file\ttest_id\trequirement_addresses\n");
    assert_null(c.images[0].board);
    assert_non_null(c.images[0].skip);
    corpus_free(&c);
}

static void a_block_finds_the_addresses_inside_of_it(void **state)
{
    const uint64_t watched[] = { 0x100, 0x104, 0x104, 0x10a, 0x200 };
    blocks b = { .watched = watched, .watched_count = 5 };
    const block *e = blocks_enter(&b, 0x102, 8);
    (void)state;

    assert_int_equal(e->first, 1);
    assert_int_equal(e->last, 3);
    e = blocks_enter(&b, 0x300, 4);
    assert_int_equal(e->first, e->last);
    /* The rest of the first block after an interrupt in it. */
    e = blocks_enter(&b, 0x102, 10);
    assert_int_equal(e->last, 4);
    assert_int_equal(e->count, 2);
    assert_int_equal(b.used, 2);
    blocks_free(&b);
}

static void many_blocks_are_all_kept(void **state)
{
    blocks b = { .watched_count = 0 };
    (void)state;

    for (int round = 0; round < 2; round++)
        for (uint64_t pc = 0; pc < 100000; pc += 4)
            assert_non_null(blocks_enter(&b, pc, 4));
    assert_int_equal(b.used, 25000);
    blocks_mark(&b);
    assert_null(blocks_busiest(&b));
    blocks_enter(&b, 64, 4);
    assert_int_equal(blocks_busiest(&b)->pc, 64);
    assert_int_equal(blocks_busiest(&b)->count, 3);
    blocks_free(&b);
}

static void coverage_counts_each_listed_address_once(void **state)
{
    blocks b = { .watched_count = 0 };
    size_t covered, all;
    (void)state;

    write_file("a.bbs.txt", "100\n104\n110\n104\n200\n");
    blocks_enter(&b, 0x100, 8);
    blocks_enter(&b, 0x104, 16);
    assert_true(blocks_covered(&b, FOLDER "/a.bbs.txt", &covered, &all));
    assert_int_equal(all, 4);
    assert_int_equal(covered, 3);
    assert_false(blocks_covered(&b, FOLDER "/none.txt", &covered, &all));
    blocks_free(&b);
}

static void regions_become_memories_and_peripherals(void **state)
{
    map m;
    (void)state;

    map_read(&m, "mmio=0x40000000+0x20000000(rw-) nvic=0xe0000000+0x1000(rw-) "
                 ".stack=0x1fff0000+0xa7c(rw-) text=0x80100+0x2000(rwx) "
                 "rom=0x00000000,0x40000");
    assert_int_equal(m.region_count, 1);
    assert_int_equal(m.regions[0].size, 0x20000000);
    assert_int_equal(m.memories, 3);
    assert_int_equal(m.memory[0].kind, FWSIM_MEM_RAM);
    assert_int_equal(m.memory[0].size, 0xc00);
    assert_int_equal(m.memory[1].kind, FWSIM_MEM_FLASH);
    assert_int_equal(m.memory[1].base, 0x80000);
    assert_int_equal(m.memory[1].size, 0x2400);
    assert_int_equal(m.memory[2].size, 0x40000);

    map_read(&m, "mmio=0x40000000+0x20000000(rw-) mmio_2=0x10000000+0x100(rw-)");
    map_add_base(&m, (const fwsim_region[]){ { "all", 0x40000000, 0x1000, 0 },
                                             { 0 } });
    assert_int_equal(m.region_count, 2);
    assert_string_equal(m.regions[0].name, "all");
    assert_int_equal(m.regions[1].base, 0x10000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alternatives_of_steps_are_read),
        cmocka_unit_test(symbols_and_milestones_are_goals_and_fail_functions_are_not),
        cmocka_unit_test(an_image_of_another_core_is_skipped_with_a_reason),
        cmocka_unit_test(a_block_finds_the_addresses_inside_of_it),
        cmocka_unit_test(many_blocks_are_all_kept),
        cmocka_unit_test(coverage_counts_each_listed_address_once),
        cmocka_unit_test(regions_become_memories_and_peripherals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
