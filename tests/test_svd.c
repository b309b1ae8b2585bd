/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SVD files: what they derive, inherit and repeat, and what is wrong in them.
 * Expected values come from the text of the CMSIS-SVD schema, and for the
 * vendors' files from counts that another program made (Python's ElementTree,
 * deriving by copying elements).
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board/svd.h"

#ifdef FWSIM_WITH_SVD

static log_lines log_of_test;

static int read_text(fwsim__svd **out, const char *s)
{
    log_of_test.count = 0;
    return fwsim__svd_read(out, &(fwsim__text_source){
        "x.svd", s, strlen(s), log_collect, &log_of_test });
}

static void refused(const char *s, int code, const char *message)
{
    fwsim__svd *svd = (fwsim__svd *)&log_of_test;

    assert_int_equal(read_text(&svd, s), code);
    assert_null(svd);
    assert_string_equal(log_of_test.line[0].text, message);
}

#define DEVICE(peripherals)                                                    \
    "<device><name>D</name><size>32</size><resetValue>5</resetValue>\n"        \
    "<peripherals>" peripherals "</peripherals></device>\n"
#define PERIPHERAL(registers)                                                  \
    DEVICE("<peripheral><name>P</name><baseAddress>0x1000</baseAddress>"       \
           "<registers>" registers "</registers></peripheral>")
#define REGISTER(inside)                                                       \
    PERIPHERAL("<register><name>R</name><addressOffset>4</addressOffset>"      \
               inside "</register>")

static fwsim__svd *read_ok(const char *s)
{
    fwsim__svd *svd;

    if (read_text(&svd, s))
        fail_msg("%s", log_of_test.line[0].text);
    return svd;
}

static void assert_warned(const char *part)
{
    if (!log_find(&log_of_test, FWSIM_TOPIC_GENERAL, part))
        fail_msg("no warning of '%s', but '%s'", part,
                 log_of_test.count ? log_of_test.line[0].text : "none");
}

/* ------------------------------------------------------------------ */
/* What a file says                                                     */
/* ------------------------------------------------------------------ */

static void the_device_is_read_with_its_core(void **state)
{
    fwsim__svd *svd = read_ok(
        "<?xml version='1.0' encoding='utf-8'?>\n"
        "<device><vendor>V</vendor><name>D</name>"
        "<cpu><name>CM4</name><nvicPrioBits>4</nvicPrioBits></cpu>"
        "<addressUnitBits>8</addressUnitBits>"
        "<peripherals/></device>");
    (void)state;

    assert_string_equal(svd->vendor, "V");
    assert_string_equal(svd->name, "D");
    assert_string_equal(svd->cpu, "CM4");
    assert_int_equal(svd->nvic_prio_bits, 4);
    assert_int_equal(svd->address_unit_bits, 8);
    assert_int_equal(svd->periph_count, 0);
    fwsim__svd_free(svd);
}

static void what_a_register_does_not_say_is_said_around_it(void **state)
{
    fwsim__svd *svd = read_ok(DEVICE(
        "<peripheral><name>P</name><baseAddress>0x1000</baseAddress>"
        "<size>16</size><access>read-only</access><registers>"
        "<register><name>A</name><addressOffset>0</addressOffset></register>"
        "<register><name>B</name><addressOffset>2</addressOffset>"
        "<size>8</size><access>write-only</access><resetValue>0x1ff</resetValue>"
        "<resetMask>0xf0</resetMask></register>"
        "<cluster><name>C</name><addressOffset>4</addressOffset><size>32</size>"
        "<register><name>D</name><addressOffset>4</addressOffset>"
        "<resetMask>0</resetMask></register></cluster>"
        "</registers></peripheral>"));
    const fwsim__svd_register *r = svd->registers;
    (void)state;

    assert_int_equal(svd->register_count, 3);
    assert_string_equal(r[0].name, "A");
    assert_int_equal(r[0].width, 2);
    assert_int_equal(r[0].access, FWSIM__SVD_READ_ONLY);
    assert_true(r[0].has_reset);
    assert_int_equal(r[0].reset, 5);
    assert_int_equal(r[0].reset_mask, 0xffff);
    assert_int_equal(r[1].width, 1);
    assert_int_equal(r[1].access, FWSIM__SVD_WRITE_ONLY);
    assert_int_equal(r[1].reset, 0xf0);
    assert_int_equal(r[1].reset_mask, 0xf0);
    assert_string_equal(r[2].name, "C.D");
    assert_int_equal(r[2].offset, 8);
    assert_int_equal(r[2].width, 4);
    assert_int_equal(r[2].access, FWSIM__SVD_READ_ONLY);
    assert_false(r[2].has_reset);
    assert_int_equal(svd->periphs[0].size, 12);
    fwsim__svd_free(svd);
}

static void bits_are_read_in_all_three_notations(void **state)
{
    fwsim__svd *svd = read_ok(REGISTER(
        "<fields>"
        "<field><name>C</name><bitOffset>8</bitOffset><bitWidth>4</bitWidth></field>"
        "<field><name>B</name><lsb>2</lsb><msb>3</msb></field>"
        "<field><name>A</name><bitRange>[1:0]</bitRange></field>"
        "<field><name>D</name><bitOffset>31</bitOffset></field>"
        "</fields>"));
    static const char *const names[] = { "A", "B", "C", "D" };
    static const unsigned bits[][2] = { { 0, 2 }, { 2, 2 }, { 8, 4 }, { 31, 1 } };
    (void)state;

    assert_int_equal(svd->field_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(svd->fields[i].name, names[i]);
        assert_int_equal(svd->fields[i].lsb, bits[i][0]);
        assert_int_equal(svd->fields[i].width, bits[i][1]);
    }
    fwsim__svd_free(svd);
}

static void side_effects_are_read_and_inherited_by_fields(void **state)
{
    fwsim__svd *svd = read_ok(REGISTER(
        "<modifiedWriteValues>oneToClear</modifiedWriteValues>"
        "<fields>"
        "<field><name>A</name><bitRange>[0:0]</bitRange></field>"
        "<field><name>B</name><bitRange>[1:1]</bitRange><access>read-only</access>"
        "<modifiedWriteValues>modify</modifiedWriteValues></field>"
        "<field><name>C</name><bitRange>[2:2]</bitRange>"
        "<modifiedWriteValues>modify</modifiedWriteValues>"
        "<readAction>clear</readAction></field>"
        "<field><name>D</name><bitRange>[3:3]</bitRange>"
        "<modifiedWriteValues>modify</modifiedWriteValues></field>"
        "<field><name>E</name><bitRange>[4:4]</bitRange><access>writeOnce</access>"
        "<modifiedWriteValues>modify</modifiedWriteValues></field>"
        "</fields>"));
    const fwsim__svd_field *f = svd->fields;
    (void)state;

    assert_int_equal(f[0].write, FWSIM__SVD_ONE_CLEARS);
    assert_int_equal(f[1].access, FWSIM__SVD_READ_ONLY);
    assert_int_equal(f[2].read_action, FWSIM__SVD_READ_CLEARS);
    assert_int_equal(f[4].access, FWSIM__SVD_WRITE_ONLY);
    assert_int_equal(fwsim__svd_driven_by(&f[0]), FWSIM__SVD_HARDWARE);
    assert_int_equal(fwsim__svd_driven_by(&f[1]), FWSIM__SVD_HARDWARE);
    assert_int_equal(fwsim__svd_driven_by(&f[2]), FWSIM__SVD_HARDWARE);
    assert_int_equal(fwsim__svd_driven_by(&f[3]), FWSIM__SVD_UNSAID);
    assert_int_equal(fwsim__svd_driven_by(&f[4]), FWSIM__SVD_SOFTWARE);
    fwsim__svd_free(svd);
}

static void arrays_are_taken_apart(void **state)
{
    fwsim__svd *svd = read_ok(PERIPHERAL(
        "<register><dim>2</dim><dimIncrement>4</dimIncrement><name>A[%s]</name>"
        "<addressOffset>0</addressOffset></register>"
        "<register><dim>2</dim><dimIncrement>4</dimIncrement>"
        "<dimIndex>B,D</dimIndex><name>PORT%s_X</name>"
        "<addressOffset>8</addressOffset></register>"
        "<register><dim>2</dim><dimIncrement>4</dimIncrement>"
        "<dimIndex>4-5</dimIndex><name>T%s</name>"
        "<addressOffset>0x10</addressOffset></register>"
        "<cluster><dim>2</dim><dimIncrement>8</dimIncrement>"
        "<dimIndex>A-B</dimIndex><name>CH%s</name>"
        "<addressOffset>0x20</addressOffset>"
        "<register><dim>2</dim><dimIncrement>4</dimIncrement><name>V%s</name>"
        "<addressOffset>0</addressOffset></register></cluster>"
        "<register><name>F</name><addressOffset>0x30</addressOffset><fields>"
        "<field><dim>3</dim><dimIncrement>2</dimIncrement><name>M%s</name>"
        "<bitRange>[1:0]</bitRange></field></fields></register>"));
    static const char *const names[] = {
        "A0", "A1", "PORTB_X", "PORTD_X", "T4", "T5", "CHA.V0", "CHA.V1",
        "CHB.V0", "CHB.V1", "F"
    };
    static const uint32_t offsets[] = { 0,    4,    8,    0xc,  0x10, 0x14,
                                        0x20, 0x24, 0x28, 0x2c, 0x30 };
    (void)state;

    assert_int_equal(svd->register_count, 11);
    for (size_t i = 0; i < 11; i++) {
        assert_string_equal(svd->registers[i].name, names[i]);
        assert_int_equal(svd->registers[i].offset, offsets[i]);
    }
    assert_int_equal(svd->field_count, 3);
    assert_string_equal(svd->fields[2].name, "M2");
    assert_int_equal(svd->fields[2].lsb, 4);
    fwsim__svd_free(svd);
}

static void a_derived_peripheral_has_what_it_does_not_say_itself(void **state)
{
    /* The one it derives from comes later, and derives, too. */
    fwsim__svd *svd = read_ok(DEVICE(
        "<peripheral derivedFrom='Q'><name>P</name>"
        "<baseAddress>0x3000</baseAddress>"
        "<interrupt><name>P</name><value>7</value></interrupt></peripheral>"
        "<peripheral derivedFrom='S'><name>Q</name>"
        "<baseAddress>0x2000</baseAddress><registers>"
        "<register><name>A</name><addressOffset>8</addressOffset></register>"
        "</registers></peripheral>"
        "<peripheral><name>S</name><groupName>G</groupName>"
        "<baseAddress>0x1000</baseAddress>"
        "<addressBlock><offset>0</offset><size>0x400</size></addressBlock>"
        "<interrupt><name>S</name><value>5</value></interrupt>"
        "<registers>"
        "<register><name>A</name><addressOffset>0</addressOffset></register>"
        "<register><name>B</name><addressOffset>4</addressOffset></register>"
        "</registers></peripheral>"));
    const fwsim__svd_periph *p = svd->periphs;
    (void)state;

    assert_int_equal(svd->periph_count, 3);
    assert_string_equal(p[0].group, "G");
    assert_string_equal(p[0].derived_from, "Q");
    assert_int_equal(p[0].size, 0x400);
    assert_int_equal(p[0].irq_count, 1);
    assert_int_equal(svd->interrupts[p[0].irq].line, 7);
    assert_int_equal(p[1].irq_count, 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(p[i].reg_count, 2);
        assert_string_equal(svd->registers[p[i].reg].name, "B");
        assert_string_equal(svd->registers[p[i].reg + 1].name, "A");
        assert_int_equal(svd->registers[p[i].reg + 1].offset, 8);
    }
    assert_null(p[2].derived_from);
    assert_int_equal(svd->registers[p[2].reg].offset, 0);
    fwsim__svd_free(svd);
}

static void registers_and_fields_derive_by_name_and_by_path(void **state)
{
    fwsim__svd *svd = read_ok(DEVICE(
        "<peripheral><name>P</name><baseAddress>0x1000</baseAddress><registers>"
        "<register><dim>2</dim><dimIncrement>4</dimIncrement><name>A%s</name>"
        "<addressOffset>0</addressOffset><access>read-only</access><fields>"
        "<field><name>F</name><bitRange>[3:2]</bitRange></field>"
        "<field derivedFrom='F'><name>G</name><bitRange>[5:4]</bitRange></field>"
        "</fields></register>"
        "<register derivedFrom='A1'><name>B</name>"
        "<addressOffset>8</addressOffset></register>"
        "</registers></peripheral>"
        "<peripheral><name>Q</name><baseAddress>0x2000</baseAddress><registers>"
        "<register derivedFrom='P.B'><name>C</name>"
        "<addressOffset>0</addressOffset></register>"
        "<register derivedFrom='P.X'><name>D</name>"
        "<addressOffset>4</addressOffset></register>"
        "</registers></peripheral>"));
    (void)state;

    /* A0, A1, B and C have both fields; D derives from nothing. */
    assert_int_equal(svd->register_count, 5);
    for (size_t i = 0; i < 4; i++) {
        const fwsim__svd_register *r = &svd->registers[i];

        assert_int_equal(r->field_count, 2);
        assert_int_equal(r->access, FWSIM__SVD_READ_ONLY);
        assert_string_equal(svd->fields[r->field + 1].name, "G");
        assert_int_equal(svd->fields[r->field + 1].lsb, 4);
    }
    assert_string_equal(svd->registers[3].name, "C");
    assert_int_equal(svd->registers[4].field_count, 0);
    assert_warned("there is no 'P.X' to derive from");
    fwsim__svd_free(svd);
}

static void what_derives_from_itself_ends(void **state)
{
    fwsim__svd *svd = read_ok(DEVICE(
        "<peripheral derivedFrom='Q'><name>P</name>"
        "<baseAddress>0x1000</baseAddress></peripheral>"
        "<peripheral derivedFrom='P'><name>Q</name>"
        "<baseAddress>0x2000</baseAddress><registers>"
        "<register derivedFrom='R'><name>R</name>"
        "<addressOffset>0</addressOffset></register>"
        "</registers></peripheral>"));
    (void)state;

    assert_int_equal(svd->register_count, 2);
    fwsim__svd_free(svd);
}

static void alternates_are_found_one_after_the_other(void **state)
{
    fwsim__svd *svd = read_ok(DEVICE(
        "<peripheral><name>P</name><baseAddress>0x1000</baseAddress><registers>"
        "<register><name>A</name><addressOffset>4</addressOffset></register>"
        "<register><name>B</name><addressOffset>4</addressOffset>"
        "<size>8</size></register></registers></peripheral>"
        "<peripheral><name>Q</name><baseAddress>0x1000</baseAddress><registers>"
        "<register><name>C</name><addressOffset>4</addressOffset></register>"
        "</registers></peripheral>"));
    const fwsim__svd_periph *p = NULL;
    const fwsim__svd_register *r = fwsim__svd_at(svd, 0x1004, NULL, &p);
    (void)state;

    assert_string_equal(r->name, "A");
    assert_string_equal(p->name, "P");
    r = fwsim__svd_at(svd, 0x1004, r, &p);
    assert_string_equal(r->name, "B");
    r = fwsim__svd_at(svd, 0x1004, r, &p);
    assert_string_equal(r->name, "C");
    assert_string_equal(p->name, "Q");
    assert_null(fwsim__svd_at(svd, 0x1004, r, &p));
    assert_string_equal(fwsim__svd_at(svd, 0x1007, NULL, NULL)->name, "A");
    assert_null(fwsim__svd_at(svd, 0x1000, NULL, NULL));
    assert_null(fwsim__svd_at(svd, 0xfff, NULL, NULL));
    fwsim__svd_free(svd);
}

/* ------------------------------------------------------------------ */
/* What is wrong                                                        */
/* ------------------------------------------------------------------ */

static void what_is_no_svd_file_is_refused_with_its_place(void **state)
{
    (void)state;

    refused("", FWSIM_EFORMAT, "x.svd: the file is empty");
    refused("<device>\n <name>D</nam>\n", FWSIM_EFORMAT,
            "x.svd:2:11: this is no XML: mismatched tag");
    refused("<device>", FWSIM_EFORMAT,
            "x.svd:1:9: this is no XML: no element found");
    refused("fwsim-models: 1\n", FWSIM_EFORMAT,
            "x.svd:1:1: this is no XML: syntax error");
    refused("<svg></svg>", FWSIM_EFORMAT,
            "x.svd:1:1: this is no SVD file: expected the element 'device'");
    refused("<device>\n</device>", FWSIM_EFORMAT,
            "x.svd:1:1: expected the element 'peripherals', found none");
    refused("<device><addressUnitBits>16</addressUnitBits><peripherals/></device>",
            FWSIM_ENOTSUP, "x.svd:1:1: addresses do not count bytes");
}

static void entities_are_refused_before_they_grow(void **state)
{
    (void)state;

    refused("<!DOCTYPE device [\n"
            "<!ENTITY a 'aaaaaaaaaa'>\n"
            "<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>\n"
            "]><device><name>&b;</name></device>", FWSIM_EFORMAT,
            "x.svd:1:18: this is no SVD file: it has a document type");
}

static void too_much_of_anything_is_refused(void **state)
{
    char *deep = calloc(1, 1000), *at = deep;
    fwsim__svd *svd;
    (void)state;

    for (unsigned i = 0; i < 65; i++)
        at += sprintf(at, "<device>");
    assert_int_equal(read_text(&svd, deep), FWSIM_EFORMAT);
    assert_warned("too deep");
    free(deep);
    assert_int_equal(read_text(&svd, PERIPHERAL(
        "<cluster><dim>60000</dim><dimIncrement>4</dimIncrement><name>A%s</name>"
        "<cluster><dim>60000</dim><dimIncrement>4</dimIncrement><name>B%s</name>"
        "</cluster></cluster>")), FWSIM_EFORMAT);
    assert_warned("more repetitions than any chip has");
    assert_int_equal(read_text(&svd, PERIPHERAL(
        "<register><dim>60000</dim><dimIncrement>4</dimIncrement><name>A%s</name>"
        "<addressOffset>0</addressOffset></register>"
        "<register><dim>60000</dim><dimIncrement>4</dimIncrement><name>B%s</name>"
        "<addressOffset>0</addressOffset></register>"
        "<register><dim>60000</dim><dimIncrement>4</dimIncrement><name>C%s</name>"
        "<addressOffset>0</addressOffset></register>")), FWSIM_EFORMAT);
    assert_warned("more than any chip has");
}

static void nonsense_is_left_out_with_a_warning(void **state)
{
    fwsim__svd *svd = read_ok(PERIPHERAL(
        "<register><name>A</name>\n<addressOffset>four</addressOffset></register>"
        "<register><name>B</name><addressOffset>4</addressOffset>"
        "<size>128</size></register>"
        "<register><name>C</name><addressOffset>8</addressOffset>"
        "<access>sometimes</access><fields>"
        "<field><name>F</name><bitRange>[32:0]</bitRange></field>"
        "<field><name>G</name><bitRange>1:0</bitRange></field>"
        "<field><name>H</name><bitRange>[0:1]</bitRange></field>"
        "<field><name>I</name><bitRange>[1:1]</bitRange></field>"
        "</fields></register>"));
    (void)state;

    assert_warned("x.svd:3:1: expected a number up to 0xffffffff, found 'four'");
    assert_warned("the register B has no place or no size");
    assert_warned("'sometimes' has no meaning here");
    assert_warned("the field F is outside of its register");
    assert_warned("expected bits such as [7:4], found '1:0'");
    assert_warned("the field H is outside of its register");
    assert_int_equal(log_of_test.count, 6);
    assert_int_equal(svd->register_count, 1);
    assert_string_equal(svd->registers[0].name, "C");
    assert_int_equal(svd->field_count, 1);
    assert_string_equal(svd->fields[0].name, "I");
    fwsim__svd_free(svd);
}

/* ------------------------------------------------------------------ */
/* Files of vendors                                                     */
/* ------------------------------------------------------------------ */

typedef struct sample {
    const char *file;
    size_t periphs, registers, fields;
    unsigned prio_bits;
} sample;

/* clang-format off */
static const sample samples[] = {
    { "ATSAM3X8E.svd", 38, 1733, 13204, 4 },
    { "ATSAMR21G18A.svd", 36, 1452, 5581, 2 },
    { "EFM32GG990F1024.svd", 38, 1198, 5374, 3 },
    { "EFM32HG309F64.svd", 24, 482, 2167, 3 },
    { "GD32VF103.svd", 46, 1074, 7713, 4 },
    { "LPC15xx_v0.7.svd", 34, 1200, 6808, 3 },
    { "LPC176x5x_v0.2.svd", 35, 1149, 5342, 5 },
    { "NUC100_Series.svd", 50, 616, 2380, 0 },
    { "R7FA4W1AD.svd", 72, 2659, 13365, 4 },
    { "STM32F103xx.svd", 53, 722, 4833, 0 },
    { "STM32F405.svd", 91, 1540, 12347, 3 },
    { "STM32F429.svd", 92, 1578, 12520, 3 },
    { "STM32L1xx.svd", 51, 580, 4099, 0 },
    { "nrf51.svd", 31, 680, 1214, 2 },
    { "nrf52.svd", 65, 1708, 3365, 3 },
    { "nrf52840.svd", 73, 2140, 5947, 3 },
    { "rp2040.svd", 35, 1114, 4821, 2 },
};
/* clang-format on */

static void files_of_vendors_have_what_another_program_counts(void **state)
{
    size_t seen = 0;
    (void)state;

    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const sample *s = &samples[i];
        char path[400];
        fwsim__svd *svd;
        FILE *f;

        snprintf(path, sizeof path, FWSIM_CORPUS_DIR "/svd/%s", s->file);
        f = fopen(path, "rb");
        if (!f) {
            print_message("NOT TESTED, not there: %s\n", path);
            continue;
        }
        fclose(f);
        log_of_test.count = 0;
        assert_int_equal(fwsim__svd_read(&svd, &(fwsim__text_source){
            .name = path, .log = log_collect, .log_user = &log_of_test }), 0);
        if (log_of_test.count)
            fail_msg("%s", log_of_test.line[0].text);
        assert_int_equal(svd->periph_count, s->periphs);
        assert_int_equal(svd->register_count, s->registers);
        assert_int_equal(svd->field_count, s->fields);
        assert_int_equal(svd->nvic_prio_bits, s->prio_bits);
        fwsim__svd_free(svd);
        seen++;
    }
    if (!seen) {
        print_message("SKIPPED: no SVD files below " FWSIM_CORPUS_DIR "\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_device_is_read_with_its_core),
        cmocka_unit_test(what_a_register_does_not_say_is_said_around_it),
        cmocka_unit_test(bits_are_read_in_all_three_notations),
        cmocka_unit_test(side_effects_are_read_and_inherited_by_fields),
        cmocka_unit_test(arrays_are_taken_apart),
        cmocka_unit_test(a_derived_peripheral_has_what_it_does_not_say_itself),
        cmocka_unit_test(registers_and_fields_derive_by_name_and_by_path),
        cmocka_unit_test(what_derives_from_itself_ends),
        cmocka_unit_test(alternates_are_found_one_after_the_other),
        cmocka_unit_test(what_is_no_svd_file_is_refused_with_its_place),
        cmocka_unit_test(entities_are_refused_before_they_grow),
        cmocka_unit_test(too_much_of_anything_is_refused),
        cmocka_unit_test(nonsense_is_left_out_with_a_warning),
        cmocka_unit_test(files_of_vendors_have_what_another_program_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

#include <stdio.h>

int main(void)
{
    fwsim__svd *svd;

    if (fwsim__svd_read(&svd, &(fwsim__text_source){ "x.svd", "", 0 }) !=
        FWSIM_ENOTSUP)
        return 1;
    printf("SKIPPED: this fwsim was built without expat\n");
    return 77;
}

#endif
