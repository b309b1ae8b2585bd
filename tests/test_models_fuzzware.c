/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzware's mmio_models. The samples have the form that README_config.yml of
 * fuzzware-emulator documents.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "infer/model_file.h"

#ifdef FWSIM_WITH_YAML

static log_lines log_of_test;

static int read_text(fwsim__models **out, const char *s)
{
    log_of_test.count = 0;
    return fwsim__fuzzware_read(out, &(fwsim__text_source){
        "config.yml", s, strlen(s), log_collect, &log_of_test });
}

static fwsim__models *read_ok(const char *s)
{
    fwsim__models *models;

    if (read_text(&models, s))
        fail_msg("%s", log_of_test.line[0].text);
    return models;
}

static void refused(const char *s, const char *message)
{
    fwsim__models *models = (fwsim__models *)&log_of_test;

    assert_int_equal(read_text(&models, s), FWSIM_EFORMAT);
    assert_null(models);
    assert_string_equal(log_of_test.line[0].text, message);
}

static const fwsim__register *reg_at(const fwsim__models *models, uint64_t addr)
{
    const fwsim__periph_model *p = fwsim__models_at(models, addr);
    const fwsim__register *r =
        p ? fwsim__models_register_at(p, (uint32_t)(addr - p->base)) : NULL;

    assert_non_null(r);
    assert_int_equal(r->source, FWSIM__SOURCE_BUNDLE);
    return r;
}

static const fwsim__site *site_at(const fwsim__models *models, uint64_t addr,
                                  uint64_t pc)
{
    const fwsim__periph_model *p = fwsim__models_at(models, addr);

    for (size_t i = 0; p && i < p->site_count; i++)
        if (p->sites[i].pc == pc && p->base + p->sites[i].offset == addr)
            return &p->sites[i];
    fail_msg("no site at 0x%x", (unsigned)pc);
    return NULL;
}

static const char documented[] =
    "include:\n"
    "  - ./configs/hw/cortexm_memory.yml\n"
    "memory_map:\n"
    "  rom: {base_addr: 0x0, size: 0x40000, permissions: r-x, file: '*.bin'}\n"
    "symbols:\n"
    "  0x000000000800554e: ErrorHandler\n"
    "handlers:\n"
    "  printf:\n"
    "mmio_models:\n"
    "  constant:\n"
    "    pc_00000e98_mmio_4000c014:\n"
    "      addr: 0x4000c014\n"
    "      pc: 0xe98\n"
    "      val: 0x1\n"
    "  bitextract:\n"
    "    pc_000001e2_mmio_0fe081fc:\n"
    "      addr: 0xfe081fc\n"
    "      pc: 0x1e2\n"
    "      size: 0x1\n"
    "      left_shift: 0x10\n"
    "      # mask: 0xff0000\n"
    "  passthrough:\n"
    "    pc_00000a10_mmio_4002c000:\n"
    "      addr: 0x4002c000\n"
    "      pc: 0xa10\n"
    "      init_val: 0x7\n"
    "  set:\n"
    "    pc_00000b32_mmio_4000c004:\n"
    "      addr: 0x4000c004\n"
    "      pc: 0xb32\n"
    "      vals:\n"
    "      - 0x0\n"
    "      - 0x2\n"
    "  unmodeled:\n"
    "    pc_00000ea4_mmio_4000c000:\n"
    "      addr: 0x4000c000\n"
    "      pc: 0xea4\n"
    "use_nvic: False\n";

static void the_documented_example_is_understood(void **state)
{
    fwsim__models *models = read_ok(documented);
    const fwsim__register *r;
    const fwsim__site *site;
    (void)state;

    assert_int_equal(log_of_test.count, 0);
    assert_int_equal(models->periph_count, 3);
    assert_string_equal(models->provenance, "Fuzzware");

    site = site_at(models, 0x4000c014, 0xe98);
    assert_int_equal(site->value_count, 1);
    assert_int_equal(site->values[0], 1);
    assert_int_equal(site->source, FWSIM__SOURCE_BUNDLE);
    assert_int_equal(reg_at(models, 0x4000c014)->field_count, 0);

    r = reg_at(models, 0xfe081fc);
    assert_int_equal(r->role, FWSIM__ROLE_DATA);
    assert_string_equal(r->stream, "mmio_0fe081fc");
    assert_int_equal(r->field_count, 1);
    assert_int_equal(r->fields[0].lsb, 16);
    assert_int_equal(r->fields[0].width, 8);
    assert_int_equal(r->fields[0].kind, FWSIM__FIELD_DATA_IN);
    assert_int_equal(r->pc, 0x1e2);

    r = reg_at(models, 0x4002c000);
    assert_int_equal(r->role, FWSIM__ROLE_CONTROL);
    assert_true(r->has_reset);
    assert_int_equal(r->reset, 7);
    assert_string_equal(r->reason, "Fuzzware: passthrough");

    site = site_at(models, 0x4000c004, 0xb32);
    assert_int_equal(site->value_count, 2);
    assert_int_equal(site->values[0], 0);
    assert_int_equal(site->values[1], 2);

    r = reg_at(models, 0x4000c000);
    assert_int_equal(r->role, FWSIM__ROLE_DATA);
    assert_int_equal(r->fields[0].width, 32);
    fwsim__models_free(models);
}

static void without_an_instruction_a_model_is_for_all(void **state)
{
    fwsim__models *models = read_ok(
        "mmio_models:\n"
        "  constant: {a: {addr: 0x40000000, val: 5}}\n"
        "  set: {b: {addr: 0x40000004, pc: 0xffffffff, vals: [4, 6, 5]}}\n"
        "  linear: {c: {addr: 0x40000008, step: 1, init_val: 3}}\n");
    const fwsim__register *r = reg_at(models, 0x40000000);
    (void)state;

    assert_int_equal(models->periphs[0].site_count, 0);
    assert_int_equal(r->role, FWSIM__ROLE_STATUS);
    assert_int_equal(r->fields[0].kind, FWSIM__FIELD_CONST);
    assert_int_equal(r->fields[0].value, 5);
    r = reg_at(models, 0x40000004);
    assert_int_equal(r->field_count, 2);
    assert_int_equal(r->fields[0].kind, FWSIM__FIELD_DATA_IN);
    assert_int_equal(r->fields[0].width, 2);
    assert_int_equal(r->fields[1].kind, FWSIM__FIELD_CONST);
    assert_int_equal(r->fields[1].lsb, 2);
    assert_int_equal(r->fields[1].value, 1);
    r = reg_at(models, 0x40000008);
    assert_int_equal(r->role, FWSIM__ROLE_COUNTER);
    assert_int_equal(r->reset, 3);
    fwsim__models_free(models);
}

static void sites_that_store_and_sites_that_take_input_make_one_register(
    void **state)
{
    fwsim__models *models = read_ok(
        "mmio_models:\n"
        "  passthrough: {a: {addr: 0x40000000, pc: 2}}\n"
        "  bitextract: {b: {addr: 0x40000000, pc: 4, mask: 0x81, size: 1},\n"
        "               c: {addr: 0x40000000, pc: 6, mask: 0xc0, size: 1}}\n");
    const fwsim__register *r = reg_at(models, 0x40000000);
    static const unsigned bits[] = { 0, 6, 7 };
    (void)state;

    assert_int_equal(r->role, FWSIM__ROLE_CONTROL_STATUS);
    assert_int_equal(r->pc, 2);
    assert_int_equal(r->field_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(r->fields[i].lsb, bits[i]);
        assert_int_equal(r->fields[i].width, 1);
    }
    fwsim__models_free(models);
}

static void registers_end_where_the_next_one_begins(void **state)
{
    fwsim__models *models = read_ok(
        "mmio_models:\n"
        "  constant: {a: {addr: 0x400003fd, val: 0x12345678}}\n"
        "  unmodeled: {b: {addr: 0x400003fe},\n"
        "              c: {addr: 0x40000400, access_size: 2}}\n");
    const fwsim__register *r = reg_at(models, 0x400003fd);
    (void)state;

    assert_int_equal(r->width, 1);
    assert_int_equal(r->fields[0].width, 8);
    assert_int_equal(r->fields[0].value, 0x78);
    r = reg_at(models, 0x400003fe);
    assert_int_equal(r->width, 2);
    assert_int_equal(r->fields[0].width, 16);
    assert_int_equal(reg_at(models, 0x40000400)->width, 2);
    fwsim__models_free(models);
}

static void a_configuration_without_models_gives_none(void **state)
{
    fwsim__models *models = read_ok("mmio_models:\n");
    (void)state;

    assert_int_equal(models->periph_count, 0);
    fwsim__models_free(models);
    models = read_ok("mmio_models:\n  unmodeled: {}\n  set: null\n  custom: {x: 1}\n");
    assert_int_equal(models->periph_count, 0);
    fwsim__models_free(models);
}

static void mistakes_are_named_with_their_place(void **state)
{
    (void)state;

    refused("memory_map: {}\n", "config.yml:1:1: a Fuzzware configuration needs "
            "the key 'mmio_models'");
    refused("mmio_models:\n  set: [1]\n",
            "config.yml:2:8: expected a map of models, found a list");
    refused("mmio_models:\n  set: {x: {pc: 1, vals: [1]}}\n",
            "config.yml:2:12: a model needs the key 'addr'");
    refused("mmio_models:\n  set: {x: {addr: 1}}\n",
            "config.yml:2:19: a set needs one value at least in 'vals'");
    refused("mmio_models:\n  constant: {x: {addr: 1}}\n",
            "config.yml:2:24: a constant needs the key 'val'");
    refused("mmio_models:\n  constant: {x: {addr: uart_dr, val: 1}}\n",
            "config.yml:2:24: expected a number up to 0xffffffff, found 'uart_dr'");
    refused("mmio_models:\n  bitextract: {x: {addr: 1, size: 5}}\n",
            "config.yml:2:35: expected a number up to 4, found '5'");
    refused("mmio_models:\n  unmodeled: {x: {addr: 1, access_size: 3}}\n",
            "config.yml:2:41: expected a size of 1, 2 or 4 bytes, found 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_example_is_understood),
        cmocka_unit_test(without_an_instruction_a_model_is_for_all),
        cmocka_unit_test(
            sites_that_store_and_sites_that_take_input_make_one_register),
        cmocka_unit_test(registers_end_where_the_next_one_begins),
        cmocka_unit_test(a_configuration_without_models_gives_none),
        cmocka_unit_test(mistakes_are_named_with_their_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

#include <stdio.h>

int main(void)
{
    printf("SKIPPED: this fwsim was built without libyaml\n");
    return 77;
}

#endif
