/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Out of memory while an image is opened, asked and diagnosed: each allocation
 * fails once. A call succeeds or says FWSIM_ENOMEM, and nothing is lost.
 */
#include "images.h"

#include <stdlib.h>
#include <string.h>

#include "alloc_failure.h"
#include "image/image.h"

static bool no_memory(void *user, uint64_t addr, void *buf, size_t size)
{
    (void)user;
    (void)addr;
    (void)buf;
    (void)size;
    return false;
}

static int make_board(const fwsim_image *img)
{
    const fwsim_map map = { .vector_table = 0, .has_vector_table = true };
    fwsim_board *b;
    int err = fwsim_board_for_image(&b, fwsim_board_find("generic_cortex_m3"),
                                    img, &map);

    assert_int_equal(err == 0, b != NULL);
    fwsim_board_free(b);
    return err;
}

static int use(const void *data, size_t size)
{
    uint32_t regs[16] = { [15] = 0x84 };
    fwsim_image *img;
    fwsim_diagnosis *d = NULL;
    int err = fwsim_image_parse(&img, "sample", data, size, NULL);

    if (err) {
        assert_null(img);
        return err;
    }
    fwsim_image_line(img, 0x84, NULL, NULL);
    fwsim__image_unwind(img, regs, false, no_memory, NULL);
    err = fwsim_diagnose(&d, img);
    assert_int_equal(err == 0, d != NULL);
    fwsim_diagnosis_free(d);
    if (!err)
        err = make_board(img);
    fwsim_image_free(img);
    return err;
}

static void sweep(const void *data, size_t size)
{
    unsigned long n = 0, refused = 0;

    alloc_fail_at(0);
    assert_int_equal(use(data, size), 0);
    do {
        alloc_fail_at(++n);
        int err = use(data, size);
        assert_true(err == 0 || err == FWSIM_ENOMEM);
        refused += err != 0;
    } while (alloc_has_failed());
    alloc_fail_at(0);
    assert_true(refused >= 5);
}

static void an_elf_survives_each_failure(void **state)
{
    size_t size;
    uint8_t *data = read_file(GUEST("image_guest"), &size);
    (void)state;

    sweep(data, size);
    free(data);
}

static void text_formats_survive_each_failure(void **state)
{
    static const char hex[] = ":0400000001020304F2\n:041014004400F0FFA5\n"
                              ":00000001FF\n";
    static const char srec[] = "S1041000AA41\nS205123456BBA3\nS9030000FC\n";
    (void)state;

    sweep(hex, sizeof hex - 1);
    sweep(srec, sizeof srec - 1);
}

static void binary_formats_survive_each_failure(void **state)
{
    static const uint32_t uf2[128] = { 0x0a324655, 0x9e5d5157, 0, 0, 4, 0, 1,
                                       0, 0x12345678, [127] = 0x0ab16f30 };
    (void)state;

    sweep(uf2, sizeof uf2);
    sweep("\1\2\3", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_elf_survives_each_failure),
        cmocka_unit_test(text_formats_survive_each_failure),
        cmocka_unit_test(binary_formats_survive_each_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
