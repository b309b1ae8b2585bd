/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Out of memory while models are read, merged, written and saved, and while an
 * SVD file is read: each allocation fails once. A call succeeds or says
 * FWSIM_ENOMEM, and nothing is lost.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "alloc_failure.h"
#include "infer/model_file.h"
#include "infer/model_svd.h"

#define SAVED FWSIM_TEST_BINARY_DIR "/test_models_alloc.saved.yaml"

static void put(const char *s, size_t n, void *user)
{
    (void)s;
    *(size_t *)user += n;
}

static fwsim__text_source source(const char *s)
{
    return (fwsim__text_source){ "x", s, strlen(s), NULL, NULL };
}

static int use(fwsim__models *models)
{
    fwsim__models *other = fwsim__models_new();
    size_t written = 0;
    int err = other ? fwsim__models_merge(other, models) : FWSIM_ENOMEM;

    if (!err)
        err = fwsim__models_save(models, SAVED, NULL, NULL, NULL);
    fwsim__models_write(models, &(fwsim__models_sink){ put, &written, NULL,
                                                      NULL });
    assert_true(written > 300);
    fwsim__models_free(other);
    return err;
}

static int use_yaml(void)
{
    static const char file[] =
        "fwsim-models: 1\nsoc: D\nperipherals:\n- base: 0\n  size: 16\n"
        "  name: P\n  registers:\n"
        "  - { offset: 0, role: data, name: A, stream: s, reason: r, fields: ["
        "{ bits: 0, name: F, kind: w1c, reason: q }, { bits: 1, kind: w1c }] }\n"
        "  - { offset: 4, role: data }\n"
        "  interrupts: [{ line: 1, reason: i }]\n"
        "  dma: [{ address: 0, count: 4, control: 8, direction: to-memory,"
        " stream: d, reason: e }]\n"
        "  sites: [{ pc: 2, offset: 4, values: [1, 2, 3], reason: v }]\n";
    const fwsim__text_source s = source(file);
    fwsim__models *models;
    int err = fwsim__models_read(&models, &s);

    assert_int_equal(err == 0, models != NULL);
    if (!err)
        err = use(models);
    fwsim__models_free(models);
    return err;
}

static int use_fuzzware(void)
{
    static const char file[] =
        "mmio_models:\n"
        "  constant: {a: {addr: 0, val: 5}, b: {addr: 4, pc: 2, val: 5}}\n"
        "  set: {b: {addr: 8, pc: 4, vals: [4, 6, 5]}}\n"
        "  bitextract: {d: {addr: 12, mask: 0x81, size: 1}}\n";
    const fwsim__text_source s = source(file);
    fwsim__models *models;
    int err = fwsim__fuzzware_read(&models, &s);

    assert_int_equal(err == 0, models != NULL);
    fwsim__models_free(models);
    return err;
}

static int use_svd(void)
{
    static const char file[] =
        "<device><name>D</name><cpu><name>C</name></cpu><peripherals>"
        "<peripheral><name>P</name><baseAddress>0</baseAddress>"
        "<interrupt><name>I</name><value>1</value></interrupt><registers>"
        "<register><name>A</name><addressOffset>0</addressOffset><fields>"
        "<field><name>F</name><bitRange>[1:0]</bitRange></field>"
        "<field><name>G</name><bitRange>[3:2]</bitRange></field></fields>"
        "</register><register derivedFrom='A'><dim>3</dim>"
        "<dimIncrement>4</dimIncrement><name>B%s</name>"
        "<addressOffset>4</addressOffset></register></registers></peripheral>"
        "</peripherals></device>";
    const fwsim__text_source s = source(file);
    fwsim__models *models = NULL;
    fwsim__svd *svd;
    int err = fwsim__svd_read(&svd, &s);

    assert_int_equal(err == 0, svd != NULL);
    if (!err)
        err = fwsim__models_from_svd(&models, svd);
    if (!err)
        err = use(models);
    fwsim__models_free(models);
    fwsim__svd_free(svd);
    return err;
}

static void sweep(int (*life)(void))
{
    unsigned long n = 0, refused = 0;

    alloc_fail_at(0);
    if (life() == FWSIM_ENOTSUP) {
        print_message("SKIPPED: fwsim was built without the library\n");
        skip();
    }
    assert_int_equal(life(), 0);
    do {
        alloc_fail_at(++n);
        int err = life();
        if (err != 0 && err != FWSIM_ENOMEM)
            fail_msg("allocation %lu: %d", n, err);
        refused += err != 0;
    } while (alloc_has_failed());
    alloc_fail_at(0);
    remove(SAVED);
    assert_true(refused >= 8);
}

static void models_survive_each_failure(void **state)
{
    (void)state;
    sweep(use_yaml);
}

static void an_import_from_fuzzware_survives_each_failure(void **state)
{
    (void)state;
    sweep(use_fuzzware);
}

static void an_svd_file_survives_each_failure(void **state)
{
    (void)state;
    sweep(use_svd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models_survive_each_failure),
        cmocka_unit_test(an_import_from_fuzzware_survives_each_failure),
        cmocka_unit_test(an_svd_file_survives_each_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
