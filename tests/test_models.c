/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Register models in memory: lists in order, look-up by address, texts.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "infer/model.h"

static void registers_are_in_order_of_offset_however_they_came(void **state)
{
    static const uint32_t offsets[] = { 0x10, 0, 0x20, 4, 0x1c, 8, 4, 0 };
    static const uint32_t sorted[] = { 0, 4, 8, 0x10, 0x1c, 0x20 };
    fwsim__models *models = fwsim__models_new();
    fwsim__periph_model *p = fwsim__models_periph(models, 0x40000000);
    (void)state;

    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
        assert_int_equal(fwsim__models_register(p, offsets[i])->offset,
                         offsets[i]);
    assert_int_equal(p->register_count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(p->registers[i].offset, sorted[i]);
    fwsim__models_free(models);
}

static void a_second_call_finds_what_the_first_added(void **state)
{
    fwsim__models *models = fwsim__models_new();
    fwsim__periph_model *p = fwsim__models_periph(models, 0x40000000);
    fwsim__register *r = fwsim__models_register(p, 4);
    (void)state;

    r->role = FWSIM__ROLE_DATA;
    fwsim__models_field(r, 3)->width = 2;
    fwsim__models_site(p, 0x100, 0, 4)->confidence = 7;
    fwsim__models_event(p, 5)->confidence = 8;
    fwsim__models_dma(p, 0x30)->confidence = 9;

    assert_ptr_equal(fwsim__models_periph(models, 0x40000000), p);
    assert_int_equal(fwsim__models_register(p, 4)->role, FWSIM__ROLE_DATA);
    assert_int_equal(fwsim__models_field(r, 3)->width, 2);
    assert_int_equal(fwsim__models_site(p, 0x100, 0, 4)->confidence, 7);
    assert_int_equal(fwsim__models_event(p, 5)->confidence, 8);
    assert_int_equal(fwsim__models_dma(p, 0x30)->confidence, 9);
    assert_int_equal(p->register_count, 1);
    assert_int_equal(r->field_count, 1);
    assert_int_equal(p->site_count, 1);
    assert_int_equal(p->event_count, 1);
    assert_int_equal(p->dma_count, 1);
    fwsim__models_free(models);
}

static void what_is_added_is_zero_but_for_its_key_and_rights(void **state)
{
    fwsim__models *models = fwsim__models_new();
    fwsim__periph_model *p = fwsim__models_periph(models, 0x40000000);
    fwsim__register *r = fwsim__models_register(p, 8);
    (void)state;

    assert_int_equal(p->size, 0);
    assert_null(p->name);
    assert_int_equal(r->role, FWSIM__ROLE_UNKNOWN);
    assert_true(r->readable);
    assert_true(r->writable);
    assert_null(r->fields);
    assert_int_equal(fwsim__models_field(r, 31)->kind, FWSIM__FIELD_STORED);
    fwsim__models_free(models);
}

static void sites_are_in_order_of_pc_caller_and_register(void **state)
{
    static const uint32_t keys[][3] = {
        { 0x200, 1, 4 }, { 0x100, 9, 0 }, { 0x200, 1, 0 }, { 0x100, 3, 8 }
    };
    fwsim__models *models = fwsim__models_new();
    fwsim__periph_model *p = fwsim__models_periph(models, 0);
    (void)state;

    for (size_t i = 0; i < 4; i++)
        assert_non_null(fwsim__models_site(p, keys[i][0], keys[i][1],
                                           keys[i][2]));
    assert_int_equal(p->site_count, 4);
    assert_int_equal(p->sites[0].pc, 0x100);
    assert_int_equal(p->sites[0].state, 3);
    assert_int_equal(p->sites[1].state, 9);
    assert_int_equal(p->sites[2].pc, 0x200);
    assert_int_equal(p->sites[2].offset, 0);
    assert_int_equal(p->sites[3].offset, 4);
    fwsim__models_free(models);
}

static void an_address_belongs_to_the_peripheral_around_it(void **state)
{
    fwsim__models *models = fwsim__models_new();
    (void)state;

    assert_null(fwsim__models_at(models, 0));
    fwsim__models_periph(models, 0x40001000)->size = 0x400;
    fwsim__models_periph(models, 0x40000000)->size = 0x100;
    fwsim__models_periph(models, 0xfffffffffffffc00)->size = 0x400;

    assert_int_equal(fwsim__models_at(models, 0x40000000)->base, 0x40000000);
    assert_int_equal(fwsim__models_at(models, 0x400000ff)->base, 0x40000000);
    assert_null(fwsim__models_at(models, 0x40000100));
    assert_null(fwsim__models_at(models, 0x3fffffff));
    assert_int_equal(fwsim__models_at(models, 0x400013ff)->base, 0x40001000);
    assert_null(fwsim__models_at(models, 0x40001400));
    assert_int_equal(fwsim__models_at(models, UINT64_MAX)->base,
                     0xfffffffffffffc00);
    fwsim__models_free(models);
}

static void a_register_is_found_by_its_first_byte_only(void **state)
{
    fwsim__models *models = fwsim__models_new();
    fwsim__periph_model *p = fwsim__models_periph(models, 0);
    (void)state;

    assert_null(fwsim__models_register_at(p, 0));
    fwsim__models_register(p, 4)->width = 4;
    assert_ptr_equal(fwsim__models_register_at(p, 4), p->registers);
    assert_null(fwsim__models_register_at(p, 0));
    assert_null(fwsim__models_register_at(p, 5));
    assert_null(fwsim__models_register_at(p, 8));
    fwsim__models_free(models);
}

static void a_register_is_cut_where_the_next_one_begins(void **state)
{
    fwsim__models *models = fwsim__models_new();
    fwsim__periph_model *p = fwsim__models_periph(models, 0);
    fwsim__register *r;
    (void)state;

    p->size = 0x10;
    r = fwsim__models_register(p, 4);
    r->width = 4;
    r->reset = 0x12345678;
    fwsim__models_field(r, 8)->width = 16;
    fwsim__models_field(r, 24)->width = 8;
    fwsim__models_register(p, 6)->width = 2;
    fwsim__models_register(p, 0xd)->width = 4;
    fwsim__models_cut(models);

    r = &p->registers[0];
    assert_int_equal(r->width, 2);
    assert_int_equal(r->reset, 0x5678);
    assert_int_equal(r->field_count, 1);
    assert_int_equal(r->fields[0].width, 8);
    assert_int_equal(p->registers[1].width, 2);
    assert_int_equal(p->registers[2].width, 2);
    fwsim__models_free(models);
}

static void a_text_may_be_made_of_the_text_before(void **state)
{
    char *text = NULL;
    (void)state;

    assert_true(fwsim__models_text(&text, "%s", "uart"));
    assert_true(fwsim__models_text(&text, "%s%d", text, 1));
    assert_string_equal(text, "uart1");
    free(text);
}

static void every_number_has_a_name(void **state)
{
    (void)state;

    assert_string_equal(fwsim__role_name(FWSIM__ROLE_CONTROL_STATUS),
                        "control-status");
    assert_string_equal(fwsim__role_name(FWSIM__ROLES), "?");
    assert_string_equal(fwsim__field_kind_name(FWSIM__FIELD_W1C), "w1c");
    assert_string_equal(fwsim__field_kind_name(FWSIM__FIELD_KINDS), "?");
    assert_string_equal(fwsim__source_name(FWSIM__SOURCE_LOOK), "look-ahead");
    assert_string_equal(fwsim__source_name(FWSIM__SOURCES), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_are_in_order_of_offset_however_they_came),
        cmocka_unit_test(a_second_call_finds_what_the_first_added),
        cmocka_unit_test(what_is_added_is_zero_but_for_its_key_and_rights),
        cmocka_unit_test(sites_are_in_order_of_pc_caller_and_register),
        cmocka_unit_test(an_address_belongs_to_the_peripheral_around_it),
        cmocka_unit_test(a_register_is_found_by_its_first_byte_only),
        cmocka_unit_test(a_register_is_cut_where_the_next_one_begins),
        cmocka_unit_test(a_text_may_be_made_of_the_text_before),
        cmocka_unit_test(every_number_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
