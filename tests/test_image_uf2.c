/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UF2, from its specification (https://github.com/microsoft/uf2).
 */
#include "images.h"

#include <string.h>

enum { BLOCK = 512, NOT_MAIN_FLASH = 1, HAS_FAMILY = 0x2000 };

static void put(uint8_t *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

static void make_block(uint8_t *b, uint32_t number, uint32_t count,
                       uint32_t flags, uint32_t addr, uint32_t size,
                       uint32_t family)
{
    const uint32_t head[] = { 0x0a324655, 0x9e5d5157, flags, addr,
                              size, number, count, family };

    memset(b, 0, BLOCK);
    for (size_t i = 0; i < 8; i++)
        put(b + 4 * i, head[i]);
    memset(b + 32, 0x40 + (int)number, size <= 476 ? size : 476);
    put(b + 508, 0x0ab16f30);
}

static void blocks_become_segments(void **state)
{
    uint8_t file[2 * BLOCK], bytes[512];
    (void)state;

    make_block(file, 0, 2, 0, 0x10000000, 256, 0);
    make_block(file + BLOCK, 1, 2, 0, 0x10000100, 256, 0);
    memset(bytes, 0x40, 256);
    memset(bytes + 256, 0x41, 256);
    fwsim_image *img = image_ok(file, sizeof file);
    assert_int_equal(fwsim_image_format(img), FWSIM_FORMAT_UF2);
    assert_int_equal(fwsim_image_segments(img, NULL), 1);
    assert_segment(img, 0, 0x10000000, bytes, sizeof bytes);
    fwsim_image_free(img);
}

static void blocks_may_come_in_any_order(void **state)
{
    uint8_t file[2 * BLOCK];
    (void)state;

    make_block(file + BLOCK, 0, 2, 0, 0x10000000, 4, 0);
    make_block(file, 1, 2, 0, 0x10000004, 4, 0);
    fwsim_image *img = image_ok(file, sizeof file);
    assert_segment(img, 0, 0x10000000, "@@@@AAAA", 8);
    fwsim_image_free(img);
}

static void blocks_that_are_not_for_main_flash_are_left_out(void **state)
{
    uint8_t file[2 * BLOCK];
    (void)state;

    make_block(file, 0, 2, NOT_MAIN_FLASH, 0x20000000, 4, 0);
    make_block(file + BLOCK, 1, 2, 0, 0x10000000, 4, 0);
    fwsim_image *img = image_ok(file, sizeof file);
    assert_int_equal(fwsim_image_segments(img, NULL), 1);
    assert_segment(img, 0, 0x10000000, "AAAA", 4);
    fwsim_image_free(img);
}

static void a_file_for_two_chips_is_refused(void **state)
{
    uint8_t file[2 * BLOCK];
    (void)state;

    make_block(file, 0, 2, HAS_FAMILY, 0x10000000, 4, 0xe48bff56);
    make_block(file + BLOCK, 1, 2, HAS_FAMILY, 0x10000100, 4, 0xada52840);
    image_refused(file, sizeof file, FWSIM_EFORMAT,
                  "block 1 is for family 0xada52840, an earlier one for "
                  "0xe48bff56");
}

static void damage_names_its_block(void **state)
{
    uint8_t file[2 * BLOCK];
    (void)state;

    make_block(file, 0, 2, 0, 0, 4, 0);
    make_block(file + BLOCK, 1, 2, 0, 4, 477, 0);
    image_refused(file, sizeof file, FWSIM_EFORMAT,
                  "block 1 says that it holds 477 bytes and can hold 476");
    make_block(file + BLOCK, 1, 2, 0, 4, 4, 0);
    file[BLOCK + 508] ^= 1;
    image_refused(file, sizeof file, FWSIM_EFORMAT, "block 1 has no UF2");
    make_block(file + BLOCK, 2, 2, 0, 4, 4, 0);
    image_refused(file, sizeof file, FWSIM_EFORMAT, "number 2 of 2");
    make_block(file + BLOCK, 0, 2, 0, 4, 4, 0);
    image_refused(file, sizeof file, FWSIM_EFORMAT, "number 0 is there twice");
    make_block(file + BLOCK, 1, 2, 0, 0xfffffffe, 4, 0);
    image_refused(file, sizeof file, FWSIM_EFORMAT, "block 1 goes beyond");
}

static void a_cut_off_file_is_refused(void **state)
{
    uint8_t file[2 * BLOCK];
    (void)state;

    make_block(file, 0, 2, 0, 0, 4, 0);
    make_block(file + BLOCK, 1, 2, 0, 4, 4, 0);
    image_refused(file, BLOCK, FWSIM_EFORMAT,
                  "announces 2 blocks and the file has 1");
    image_refused(file, BLOCK + 100, FWSIM_EFORMAT, "block 1 is cut off");
    image_refused(file, 20, FWSIM_EFORMAT, "block 0 is cut off");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_become_segments),
        cmocka_unit_test(blocks_may_come_in_any_order),
        cmocka_unit_test(blocks_that_are_not_for_main_flash_are_left_out),
        cmocka_unit_test(a_file_for_two_chips_is_refused),
        cmocka_unit_test(damage_names_its_block),
        cmocka_unit_test(a_cut_off_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
