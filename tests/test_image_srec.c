/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Motorola S-records. The example is that of the manual (M68000PM/AD, C.4);
 * the others are put together by hand: a record's bytes sum up to 0xff.
 */
#include "images.h"

static void the_example_of_the_manual_is_read(void **state)
{
    static const uint8_t bytes[] = {
        0x28, 0x5f, 0x24, 0x5f, 0x22, 0x12, 0x22, 0x6a, 0x00, 0x04, 0x24,
        0x29, 0x00, 0x08, 0x23, 0x7c, 0x00, 0x02, 0x00, 0x08, 0x00, 0x08,
        0x26, 0x29, 0x00, 0x18, 0x53, 0x81, 0x23, 0x41, 0x00, 0x18, 0x41,
        0xe9, 0x00, 0x08, 0x4e, 0x42, 0x23, 0x43, 0x00, 0x18, 0x23, 0x42,
        0x00, 0x08, 0x24, 0xa9, 0x00, 0x14, 0x4e, 0xd4
    };
    (void)state;
    fwsim_image *img = text_ok("S00600004844521B\r\n"
        "S1130000285F245F2212226A000424290008237C2A\r\n"
        "S11300100002000800082629001853812341001813\r\n"
        "S113002041E900084E42234300182342000824A952\r\n"
        "S107003000144ED492\r\n"
        "S9030000FC\r\n");

    assert_int_equal(fwsim_image_format(img), FWSIM_FORMAT_SREC);
    assert_int_equal(fwsim_image_segments(img, NULL), 1);
    assert_segment(img, 0, 0, bytes, sizeof bytes);
    assert_false(fwsim_image_entry(img, NULL));
    fwsim_image_free(img);
}

static void all_widths_of_addresses_are_read(void **state)
{
    uint64_t entry;
    (void)state;
    fwsim_image *img = text_ok("S1041000AA41\n"
                               "S205123456BBA3\n"
                               "S30608000000CC25\n"
                               "S5030003F9\n"
                               "S70508000101F0\n");

    assert_int_equal(fwsim_image_segments(img, NULL), 3);
    assert_segment(img, 0, 0x1000, "\xaa", 1);
    assert_segment(img, 1, 0x123456, "\xbb", 1);
    assert_segment(img, 2, 0x08000000, "\xcc", 1);
    assert_true(fwsim_image_entry(img, &entry));
    assert_int_equal(entry, 0x08000101);
    fwsim_image_free(img);
}

static void a_wrong_checksum_names_line_and_value(void **state)
{
    (void)state;
    text_refused("S1041000AA41\nS1041001AA42\nS9030000FC\n",
                 "line 2: the checksum is 0x42 and should be 0x40");
}

static void a_wrong_count_of_records_is_refused(void **state)
{
    (void)state;
    text_refused("S1041000AA41\nS5030003F9\nS9030000FC\n",
                 "line 2: 3 data records are announced and 1 are there");
}

static void damage_names_its_line(void **state)
{
    (void)state;
    text_refused("S1041000AA41\nS4030000FC\n", "line 2: a record begins");
    text_refused("S1041000AA41\nS10410\n", "line 2");
    text_refused("S1051000AA40\nS9030000FC\n", "line 1: the record announces");
    text_refused("S1041000GA41\n", "line 1, column 9");
    text_refused("S1", "line 1");
    text_refused("S1041000AA41\nS\n", "line 2");
}

static void a_missing_end_record_means_a_cut_off_file(void **state)
{
    (void)state;
    text_refused("S1041000AA41\n", "ends without an end record");
}

static void records_after_the_end_record_are_not_dropped_in_silence(void **s)
{
    (void)s;
    text_refused("S1041000AA41\nS9030000FC\nS1041001AA40\n",
                 "line 3: there is more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_manual_is_read),
        cmocka_unit_test(all_widths_of_addresses_are_read),
        cmocka_unit_test(a_wrong_checksum_names_line_and_value),
        cmocka_unit_test(a_wrong_count_of_records_is_refused),
        cmocka_unit_test(damage_names_its_line),
        cmocka_unit_test(a_missing_end_record_means_a_cut_off_file),
        cmocka_unit_test(
            records_after_the_end_record_are_not_dropped_in_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
