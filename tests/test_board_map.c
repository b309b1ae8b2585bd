/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boards made for an image: which memories they have, and what a user's map
 * changes. The images are made here, word by word.
 */
#include "images.h"

#include <string.h>

enum { SIZE = 1024, CODE = 0x100 };

static void put32(uint8_t *bytes, size_t at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        bytes[at + i] = (uint8_t)(value >> 8 * i);
}

/* A vector table for an image at @a base, and `b .` for all the rest. */
static fwsim_image *make_image(uint32_t base, uint32_t sp)
{
    const fwsim_image_options at = { .base = base, .has_base = true };
    uint8_t bytes[SIZE] = { 0 };
    fwsim_image *img;

    for (size_t i = CODE; i < SIZE; i += 4)
        put32(bytes, i, 0xe7fee7fe);
    put32(bytes, 0, sp);
    put32(bytes, 4, base + CODE + 0x21);
    for (size_t i = 2; i < 48; i++)
        put32(bytes, 4 * i, base + CODE + 1);
    for (size_t i = 7; i < 11; i++)
        put32(bytes, 4 * i, 0);
    put32(bytes, 4 * 13, 0);
    assert_int_equal(fwsim_image_parse(&img, "raw.bin", bytes, SIZE, &at), 0);
    return img;
}

static fwsim_board *make_board(uint32_t base, uint32_t sp, const fwsim_map *map)
{
    fwsim_image *img = make_image(base, sp);
    fwsim_board *b;

    assert_int_equal(fwsim_board_for_image(
                         &b, fwsim_board_find("generic_cortex_m3"), img, map),
                     0);
    fwsim_image_free(img);
    return b;
}

static const fwsim_memory *memory_at(const fwsim_board *b, uint64_t addr)
{
    for (const fwsim_memory *m = b->soc->memory; m->size; m++)
        if (addr - m->base < m->size)
            return m;
    return NULL;
}

static const fwsim_region *region_at(const fwsim_board *b, uint64_t addr)
{
    for (const fwsim_region *r = b->soc->regions; r->size; r++)
        if (addr - r->base < r->size)
            return r;
    return NULL;
}

/* The image runs on the board: its reset handler is an endless loop. */
static void assert_runs(const fwsim_board *b, uint32_t base, uint32_t sp)
{
    fwsim_machine *m;
    fwsim_stop stop;
    uint64_t reg;

    assert_int_equal(fwsim_new(&m, b, NULL), 0);
    assert_int_equal(fwsim_load_image(m, make_image(base, sp)), 0);
    assert_int_equal(fwsim_cpu_read(m, "sp", &reg), 0);
    assert_int_equal(reg, sp);
    assert_int_equal(fwsim_run(m, &(fwsim_limit){ .instructions = 100 }, &stop),
                     0);
    assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
    assert_int_equal(stop.pc, base + CODE + 0x20);
    fwsim_free(m);
}

static void memories_are_where_the_image_has_bytes_and_stack(void **state)
{
    fwsim_board *b = make_board(0x08000000, 0x20005000, NULL);
    (void)state;

    assert_int_equal(memory_at(b, 0x08000000)->kind, FWSIM_MEM_FLASH);
    assert_int_equal(memory_at(b, 0x08000000)->base, 0x08000000);
    assert_int_equal(memory_at(b, 0x20004ffc)->kind, FWSIM_MEM_RAM);
    assert_int_equal(memory_at(b, 0x20004ffc)->base, 0x20000000);
    assert_null(memory_at(b, 0x1fffffff));
    assert_int_equal(b->soc->boot_addr, 0x08000000);
    assert_runs(b, 0x08000000, 0x20005000);
    fwsim_board_free(b);
}

static void main_memories_go_on_for_a_mebibyte(void **state)
{
    fwsim_board *b = make_board(0x08000000, 0x20005000, NULL);
    (void)state;

    assert_ptr_equal(memory_at(b, 0x080fffff), memory_at(b, 0x08000000));
    assert_null(memory_at(b, 0x08100000));
    assert_ptr_equal(memory_at(b, 0x200fffff), memory_at(b, 0x20000000));
    assert_null(memory_at(b, 0x20100000));
    fwsim_board_free(b);
}

static void flash_appears_at_zero_when_nothing_else_is_there(void **state)
{
    fwsim_board *b = make_board(0x08000000, 0x20005000, NULL);
    fwsim_machine *m;
    uint32_t low, high;
    (void)state;

    assert_int_equal(fwsim_new(&m, b, NULL), 0);
    assert_int_equal(fwsim_load_image(m, make_image(0x08000000, 0x20005000)),
                     0);
    assert_int_equal(fwsim_mem_read(m, 4, &low, 4), 0);
    assert_int_equal(fwsim_mem_read(m, 0x08000004, &high, 4), 0);
    assert_int_equal(low, high);
    fwsim_free(m);
    fwsim_board_free(b);

    b = make_board(0, 0x20005000, NULL);
    assert_null(memory_at(b, 0)->alias_of);
    assert_runs(b, 0, 0x20005000);
    fwsim_board_free(b);
}

static void an_image_behind_a_boot_loader_starts_with_its_own_table(void **state)
{
    fwsim_board *b = make_board(0x0800c400, 0x20005000, NULL);
    (void)state;

    assert_int_equal(memory_at(b, 0x0800c400)->base, 0x08000000);
    assert_int_equal(b->soc->boot_addr, 0x0800c400);
    assert_runs(b, 0x0800c400, 0x20005000);
    fwsim_board_free(b);
}

static void memories_do_not_meet_their_neighbours(void **state)
{
    /* 512 KiB below the flash: as many bytes as there is room for. */
    fwsim_board *b = make_board(0x00080000, 0x20088000, NULL);
    (void)state;

    assert_string_equal(memory_at(b, 0)->name, "boot");
    assert_int_equal(memory_at(b, 0)->size, 0x80000);
    assert_runs(b, 0x00080000, 0x20088000);
    fwsim_board_free(b);
}

static void ram_begins_far_below_a_stack_that_is_all_the_image_shows(void **state)
{
    fwsim_board *b = make_board(0x08000000, 0x20020000, NULL);
    (void)state;

    assert_int_equal(memory_at(b, 0x2001fffc)->base, 0x20000000);
    fwsim_board_free(b);
}

static void ram_outside_of_the_sram_region_is_found(void **state)
{
    fwsim_board *b = make_board(0, 0x10008000, NULL);
    (void)state;

    assert_int_equal(memory_at(b, 0x10007ffc)->kind, FWSIM_MEM_RAM);
    /* NXP UM10360, 2.2: GPIO of LPC17xx. */
    assert_null(memory_at(b, 0x2009c000));
    assert_non_null(region_at(b, 0x2009c000));
    assert_runs(b, 0, 0x10008000);
    fwsim_board_free(b);
}

static void what_the_user_gives_is_not_guessed(void **state)
{
    const fwsim_memory ram[] = {
        { "mine", 0x20000000, 20 * 1024, FWSIM_MEM_RAM }, { 0 }
    };
    const fwsim_region mmio[] = { { "block", 0x40010000, 0x1000, 0 }, { 0 } };
    fwsim_board *b = make_board(0x08000000, 0x20005000,
                                &(fwsim_map){ .memory = ram, .regions = mmio });
    (void)state;

    assert_string_equal(memory_at(b, 0x20000000)->name, "mine");
    assert_ptr_not_equal(memory_at(b, 0x20000000)->name, ram[0].name);
    assert_null(memory_at(b, 0x20005000));
    assert_int_equal(memory_at(b, 0x08000000)->kind, FWSIM_MEM_FLASH);
    assert_non_null(region_at(b, 0x40010000));
    assert_null(region_at(b, 0x40000000));
    assert_runs(b, 0x08000000, 0x20005000);
    fwsim_board_free(b);
}

static void a_vector_table_is_given_where_the_image_has_none(void **state)
{
    const fwsim_board *generic = fwsim_board_find("generic_cortex_m3");
    const fwsim_map map = { .vector_table = 0x08000200,
                            .has_vector_table = true };
    const fwsim_image_options at = { .base = 0x08000000, .has_base = true };
    const uint8_t zeros[SIZE] = { 0 };
    fwsim_image *img;
    fwsim_board *b;
    (void)state;

    assert_int_equal(fwsim_image_parse(&img, "zeros", zeros, SIZE, &at), 0);
    assert_int_equal(fwsim_board_for_image(&b, generic, img, NULL),
                     FWSIM_ENOENT);
    assert_null(b);
    assert_int_equal(fwsim_board_for_image(&b, generic, img, &map), 0);
    assert_int_equal(b->soc->boot_addr, 0x08000200);
    fwsim_board_free(b);
    fwsim_image_free(img);
    assert_int_equal(fwsim_board_for_image(&b, NULL, NULL, NULL), FWSIM_EINVAL);
    fwsim_board_free(NULL);
}

static void a_map_is_added_to_a_board_that_is_known(void **state)
{
    const fwsim_memory sdram[] = {
        { "sdram", 0xd0000000, 1024 * 1024, FWSIM_MEM_RAM }, { 0 }
    };
    const fwsim_board *known = fwsim_board_find("stm32f429zi");
    fwsim_board *b;
    (void)state;

    assert_int_equal(fwsim_board_for_image(&b, known, NULL,
                                           &(fwsim_map){ .memory = sdram }), 0);
    assert_string_equal(memory_at(b, 0xd0000000)->name, "sdram");
    for (const fwsim_memory *m = known->soc->memory; m->size; m++)
        assert_string_equal(memory_at(b, m->base)->name, m->name);
    assert_runs(b, 0x08000000, 0x20030000);
    fwsim_board_free(b);
}

/* An access by the core, which a bus access of the host is not for flash: the
 * reset handler stores r1 at r0. */
static fwsim_stop_reason store(uint32_t addr, uint32_t value, uint32_t *after)
{
    fwsim_board *b = make_board(0x08000000, 0x20005000, NULL);
    const uint16_t str_r1_at_r0[] = { 0x6001, 0xe7fe };
    fwsim_machine *m;
    fwsim_stop stop;

    assert_int_equal(fwsim_new(&m, b, NULL), 0);
    assert_int_equal(fwsim_load_image(m, make_image(0x08000000, 0x20005000)),
                     0);
    assert_int_equal(fwsim_mem_write(m, 0x08000000 + CODE + 0x20, str_r1_at_r0,
                                     sizeof str_r1_at_r0), 0);
    assert_int_equal(fwsim_cpu_write(m, "r0", addr), 0);
    assert_int_equal(fwsim_cpu_write(m, "r1", value), 0);
    assert_int_equal(fwsim_run(m, &(fwsim_limit){ .instructions = 10 }, &stop),
                     0);
    assert_int_equal(fwsim_mem_read(m, addr, after, 4), 0);
    fwsim_free(m);
    fwsim_board_free(b);
    return stop.reason;
}

static void stores_program_flash_that_the_image_does_not_use(void **state)
{
    uint32_t after;
    (void)state;

    assert_int_equal(store(0x08010000, 0x12345678, &after), FWSIM_STOP_LIMIT);
    assert_int_equal(after, 0x12345678);
    /* The image, and its alias. */
    assert_int_equal(store(0x08000004, 0, &after), FWSIM_STOP_FAULT);
    assert_int_not_equal(after, 0);
    assert_int_equal(store(0x00000004, 0, &after), FWSIM_STOP_FAULT);
    assert_int_not_equal(after, 0);
}

static void accesses_outside_of_memories_and_regions_are_bus_faults(void **state)
{
    fwsim_board *b = make_board(0x08000000, 0x20005000, NULL);
    fwsim_machine *m;
    uint32_t value;
    (void)state;

    assert_int_equal(fwsim_new(&m, b, NULL), 0);
    assert_int_equal(fwsim_bus_read(m, 0x40021000, 4, &value), 0);
    /* ST RM0008, 30.1: size of the flash. */
    assert_int_equal(fwsim_bus_read(m, 0x1ffff7e0, 4, &value), 0);
    assert_int_equal(fwsim_bus_read(m, 0x12345678, 4, &value), FWSIM_EFAULT);
    assert_int_equal(fwsim_bus_read(m, 0x90000000, 4, &value), FWSIM_EFAULT);
    fwsim_free(m);
    fwsim_board_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memories_are_where_the_image_has_bytes_and_stack),
        cmocka_unit_test(main_memories_go_on_for_a_mebibyte),
        cmocka_unit_test(flash_appears_at_zero_when_nothing_else_is_there),
        cmocka_unit_test(an_image_behind_a_boot_loader_starts_with_its_own_table),
        cmocka_unit_test(memories_do_not_meet_their_neighbours),
        cmocka_unit_test(ram_begins_far_below_a_stack_that_is_all_the_image_shows),
        cmocka_unit_test(ram_outside_of_the_sram_region_is_found),
        cmocka_unit_test(what_the_user_gives_is_not_guessed),
        cmocka_unit_test(a_vector_table_is_given_where_the_image_has_none),
        cmocka_unit_test(a_map_is_added_to_a_board_that_is_known),
        cmocka_unit_test(stores_program_flash_that_the_image_does_not_use),
        cmocka_unit_test(accesses_outside_of_memories_and_regions_are_bus_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
