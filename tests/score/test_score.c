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

#include "bits.h"
#include "blocks.h"
#include "corpus.h"
#include "map.h"
#include "roles.h"

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

static run_result said(const corpus_image *img, run_register *reg)
{
    return (run_result){ .image = img, .registers = reg, .register_count = 1 };
}

static void bits_are_judged_by_the_vendors_description(void **state)
{
    const corpus_image img = { .mcu = "STM32F103RB" };
    /* ST RM0008, 7.3.1: HSIRDY is bit 1 of RCC_CR, HSERDY bit 17. */
    run_register ready = { .addr = 0x40021000, .ones = 1u << 1 | 1u << 17 };
    run_register busy = { .addr = 0x40021000, .zeros = 1u << 1 };
    run_result results[2] = { said(&img, &ready), said(&img, &ready) };
    bits_result b;
    (void)state;

#ifndef FWSIM_WITH_SVD
    print_message("SKIPPED: built without expat\n");
    skip();
#endif
    write_file("STM32F103xx.svd",
               "<device><name>D</name><size>32</size><peripherals><peripheral>"
               "<name>RCC</name><baseAddress>0x40021000</baseAddress>"
               "<registers><register><name>CR</name>"
               "<addressOffset>0</addressOffset><fields><field>"
               "<name>HSIRDY</name><description>Internal High Speed clock ready "
               "flag</description><bitOffset>1</bitOffset><bitWidth>1</bitWidth>"
               "<access>read-only</access></field></fields></register>"
               "</registers></peripheral></peripherals></device>\n");
    assert_true(bits_compare(&b, FOLDER, results, 2));
    assert_int_equal(b.sum.claimed, 2);
    assert_int_equal(b.sum.found, 1);
    assert_int_equal(b.sum.hardware, 1);
    assert_int_equal(b.sum.polarity_right, 1);
    assert_int_equal(b.miss_count, 0);
    results[0] = said(&img, &busy);
    assert_true(bits_compare(&b, FOLDER, results, 1));
    assert_int_equal(b.sum.polarity_known, 1);
    assert_int_equal(b.sum.polarity_right, 0);
    assert_int_equal(b.miss_count, 1);
}

static void words_of_a_field_tell_its_polarity(void **state)
{
    (void)state;
    assert_int_equal(bits_polarity("RDY", "PLL ready", false), 1);
    assert_int_equal(bits_polarity("X", "Module not ready", false), -1);
    assert_int_equal(bits_polarity("BUSY", NULL, false), -1);
    assert_int_equal(bits_polarity("SWSTART", "Start conversion", false), -1);
    assert_int_equal(bits_polarity("SB", "Start bit", true), 1);
    assert_int_equal(bits_polarity("MODE", "Mode", false), 0);
}

static void most_firmware_decides_on_the_role_of_a_register(void **state)
{
    const corpus_image img = { .mcu = "M" };
    run_register right = { .addr = 0x10, .role = "control" };
    run_register wrong = { .addr = 0x10, .role = "counter" };
    const run_result results[] = { said(&img, &right), said(&img, &wrong),
                                   said(&img, &right) };
    roles r;
    (void)state;

    write_file("register_categories.tsv", "mcu\taddress\tcategory\tperipheral\n"
               "M\t0x10\tCR\tA\nM\t0x14\tSR\tA\nN\t0x10\tSR\tA\n");
    assert_true(roles_compare(&r, FOLDER, results, 3));
    assert_int_equal(r.pairs.all, 3);
    assert_int_equal(r.pairs.right, 2);
    assert_int_equal(r.pairs.cell[ROLE_CR][ROLE_DR], 1);
    assert_int_equal(r.unique.all, 1);
    assert_int_equal(r.unique.right, 1);
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
        cmocka_unit_test(bits_are_judged_by_the_vendors_description),
        cmocka_unit_test(words_of_a_field_tell_its_polarity),
        cmocka_unit_test(most_firmware_decides_on_the_role_of_a_register),
        cmocka_unit_test(regions_become_memories_and_peripherals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
