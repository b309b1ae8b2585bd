/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files, raw binaries, and what all formats share.
 */
#include "images.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_missing_file_is_no_entry(void **state)
{
    (void)state;
    image_open_refused("/does/not/exist.elf", FWSIM_ENOENT, "no such file");
}

static void a_directory_is_not_an_image(void **state)
{
    (void)state;
    image_open_refused(FWSIM_TEST_BINARY_DIR, FWSIM_EIO, "is a directory");
}

static void an_empty_file_is_refused(void **state)
{
    static const char path[] = FWSIM_TEST_BINARY_DIR "/empty.bin";
    FILE *f = fopen(path, "wb");
    (void)state;

    assert_non_null(f);
    fclose(f);
    image_open_refused(path, FWSIM_EFORMAT, "is empty");
    remove(path);
}

static void a_raw_binary_is_placed_at_its_base(void **state)
{
    fwsim_image_options opt = { .base = 0x8000, .has_base = true };
    fwsim_image *img;
    (void)state;

    assert_int_equal(fwsim_image_parse(&img, "x", "\1\2\3", 3, &opt), 0);
    assert_int_equal(fwsim_image_format(img), FWSIM_FORMAT_BIN);
    assert_segment(img, 0, 0x8000, "\1\2\3", 3);
    assert_string_equal(fwsim_image_name(img), "x");
    fwsim_image_free(img);
    assert_int_equal(fwsim_image_parse(&img, "x", "\1\2\3", 3, NULL), 0);
    assert_segment(img, 0, 0, "\1\2\3", 3);
    fwsim_image_free(img);
}

static void a_raw_binary_must_end_within_the_address_space(void **state)
{
    fwsim_image_options opt = { .base = UINT64_MAX - 1, .has_base = true };
    fwsim_image *img;
    (void)state;

    assert_int_equal(fwsim_image_parse(&img, "x", "\1\2\3", 3, &opt),
                     FWSIM_EFORMAT);
    assert_int_equal(fwsim_image_parse(&img, "x", "\1\2", 2, &opt), 0);
    assert_segment(img, 0, UINT64_MAX - 1, "\1\2", 2);
    fwsim_image_free(img);
}

static void a_format_that_is_named_is_not_guessed(void **state)
{
    fwsim_image_options opt = { .format = FWSIM_FORMAT_BIN };
    fwsim_image *img;
    (void)state;

    assert_int_equal(fwsim_image_parse(&img, "x", ":00000001FF", 11, &opt), 0);
    assert_int_equal(fwsim_image_format(img), FWSIM_FORMAT_BIN);
    fwsim_image_free(img);
    opt.format = FWSIM_FORMAT_ELF;
    assert_int_equal(fwsim_image_parse(&img, "x", ":00000001FF", 11, &opt),
                     FWSIM_EFORMAT);
    opt.format = (fwsim_format)99;
    assert_int_equal(fwsim_image_parse(&img, "x", ":00000001FF", 11, &opt),
                     FWSIM_EINVAL);
}

static void more_than_256_mib_are_refused(void **state)
{
    size_t size = ((size_t)256 << 20) + 1;
    uint8_t *data = calloc(size, 1);
    (void)state;

    assert_non_null(data);
    image_refused(data, size, FWSIM_EFORMAT, "more than 256 MiB");
    free(data);
}

static void reading_stops_at_a_gap(void **state)
{
    uint8_t buf[8];
    (void)state;
    fwsim_image *img = text_ok(":0400000001020304F2\n"
                               ":02000600090AE5\n"
                               ":00000001FF\n");

    assert_int_equal(fwsim_image_read(img, 2, buf, 8), 2);
    assert_memory_equal(buf, "\3\4", 2);
    assert_int_equal(fwsim_image_read(img, 4, buf, 1), 0);
    assert_int_equal(fwsim_image_read(img, 6, buf, 8), 2);
    assert_int_equal(fwsim_image_read(img, UINT64_MAX, buf, 8), 0);
    fwsim_image_free(img);
}

static void wrong_arguments_are_refused(void **state)
{
    fwsim_image *img;
    (void)state;

    assert_int_equal(fwsim_image_open(NULL, "x", NULL), FWSIM_EINVAL);
    assert_int_equal(fwsim_image_open(&img, NULL, NULL), FWSIM_EINVAL);
    assert_int_equal(fwsim_image_parse(&img, NULL, "a", 1, NULL),
                     FWSIM_EINVAL);
    assert_int_equal(fwsim_image_parse(&img, "x", NULL, 1, NULL),
                     FWSIM_EINVAL);
    fwsim_image_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_file_is_no_entry),
        cmocka_unit_test(a_directory_is_not_an_image),
        cmocka_unit_test(an_empty_file_is_refused),
        cmocka_unit_test(a_raw_binary_is_placed_at_its_base),
        cmocka_unit_test(a_raw_binary_must_end_within_the_address_space),
        cmocka_unit_test(a_format_that_is_named_is_not_guessed),
        cmocka_unit_test(more_than_256_mib_are_refused),
        cmocka_unit_test(reading_stops_at_a_gap),
        cmocka_unit_test(wrong_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
