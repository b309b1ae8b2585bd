/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intel HEX. Records are put together by hand from the specification (Intel,
 * 1988); the sum of all bytes of a record is 0.
 */
#include "images.h"

#define END ":00000001FF\n"

static void data_records_become_segments(void **state)
{
    (void)state;
    fwsim_image *img = text_ok(":0400000001020304F2\n"
                               ":020004000506EF\n" END);

    assert_int_equal(fwsim_image_format(img), FWSIM_FORMAT_IHEX);
    assert_int_equal(fwsim_image_arch(img), FWSIM_ARCH_UNKNOWN);
    assert_int_equal(fwsim_image_segments(img, NULL), 1);
    assert_segment(img, 0, 0, "\1\2\3\4\5\6", 6);
    assert_false(fwsim_image_entry(img, NULL));
    fwsim_image_free(img);
}

static void records_may_come_in_any_order(void **state)
{
    (void)state;
    fwsim_image *img = text_ok(":020004000506EF\n"
                               ":0400000001020304F2\n" END);

    assert_int_equal(fwsim_image_segments(img, NULL), 1);
    assert_segment(img, 0, 0, "\1\2\3\4\5\6", 6);
    fwsim_image_free(img);
}

static void extended_linear_addresses_reach_uicr_far_from_flash(void **state)
{
    (void)state;
    fwsim_image *img = text_ok(":020000041000EA\n"
                               ":041014004400F0FFA5\n"
                               ":020000040000FA\n"
                               ":01000000AA55\n" END);

    assert_int_equal(fwsim_image_segments(img, NULL), 2);
    assert_segment(img, 0, 0, "\xaa", 1);
    assert_segment(img, 1, 0x10001014, "\x44\x00\xf0\xff", 4);
    fwsim_image_free(img);
}

static void extended_segment_addresses_wrap_at_64_kib(void **state)
{
    (void)state;
    fwsim_image *img = text_ok(":020000021000EC\n"
                               ":04FFFE0001020304F5\n" END);

    assert_int_equal(fwsim_image_segments(img, NULL), 2);
    assert_segment(img, 0, 0x10000, "\3\4", 2);
    assert_segment(img, 1, 0x1fffe, "\1\2", 2);
    fwsim_image_free(img);
}

static void linear_data_goes_on_into_the_next_64_kib(void **state)
{
    (void)state;
    fwsim_image *img = text_ok(":04FFFE0001020304F5\n" END);

    assert_segment(img, 0, 0xfffe, "\1\2\3\4", 4);
    fwsim_image_free(img);
}

static void start_records_name_the_entry_point(void **state)
{
    (void)state;
    uint64_t entry = 0;
    fwsim_image *img = text_ok(":01000000AA55\n"
                               ":040000050001CCD951\n" END);
    assert_true(fwsim_image_entry(img, &entry));
    assert_int_equal(entry, 0x1ccd9);
    fwsim_image_free(img);

    img = text_ok(":01000000AA55\n:0400000312340008AB\n" END);
    assert_true(fwsim_image_entry(img, &entry));
    assert_int_equal(entry, 0x12348);
    fwsim_image_free(img);
}

static void all_line_ends_lower_case_and_blank_lines_are_accepted(void **state)
{
    (void)state;
    fwsim_image *img = text_ok("\r\n:01000000aa55\r\n\r\n"
                               ":01000100bb43 \r:01000200cc31\n:00000001ff");

    assert_segment(img, 0, 0, "\xaa\xbb\xcc", 3);
    fwsim_image_free(img);
}

static void a_wrong_checksum_names_line_and_value(void **state)
{
    (void)state;
    text_refused(":01000000AA55\n:01000100BB44\n" END,
                 "line 2: the checksum is 0x44 and should be 0x43");
    text_refused("\r\n\r\n:01000000AA56\r\n" END, "line 3: the checksum");
}

static void a_cut_off_record_names_its_line(void **state)
{
    (void)state;
    text_refused(":01000000AA55\n:0400000001020304", "line 2");
    text_refused(":01000000AA55\n:0400000001020", "line 2");
    text_refused(":01000000AA55\n:", "line 2");
    text_refused(":", "line 1");
}

static void a_missing_end_record_means_a_cut_off_file(void **state)
{
    (void)state;
    text_refused(":01000000AA55\n", "ends without an end record");
}

static void damage_is_not_taken_for_a_raw_binary(void **state)
{
    (void)state;
    text_refused(":01000000ZZ55\n" END, "line 1, column 10");
    text_refused(":01000000AA55\nhello\n" END, "line 2: a record begins");
    text_refused(":\x80\x81\x82\n", "line 1");
}

static void records_after_the_end_record_are_not_dropped_in_silence(void **s)
{
    (void)s;
    text_refused(":01000000AA55\n" END ":01000100BB43\n" END,
                 "line 3: there is more after the end record in line 2");
}

static void unknown_record_types_are_named(void **state)
{
    (void)state;
    text_refused(":00000006FA\n" END, "record type 06");
    text_refused(":0400000A9900C0DEBB\n" END, "Universal Hex");
    text_refused(":0100000400FB\n" END, "1 bytes of data and should have 2");
}

static void equal_bytes_may_overlap(void **state)
{
    (void)state;
    fwsim_image *img = text_ok(":0400000001020304F2\n"
                               ":0400020003040506E8\n"
                               ":0400000001020304F2\n" END);

    assert_int_equal(fwsim_image_segments(img, NULL), 1);
    assert_segment(img, 0, 0, "\1\2\3\4\5\6", 6);
    fwsim_image_free(img);
}

static void different_bytes_that_overlap_name_both_ranges(void **state)
{
    (void)state;
    text_refused(":0400000001020304F2\n:0400020003FF0506ED\n" END,
                 "0x0-0x3 (from line 1) and 0x2-0x5 (from line 2) overlap "
                 "with different bytes at 0x3");
}

static void an_image_without_data_is_refused(void **state)
{
    (void)state;
    text_refused(END, "no bytes to load");
}

static void data_beyond_32_bits_is_refused(void **state)
{
    (void)state;
    text_refused(":02000004FFFFFC\n:04FFFE0001020304F5\n" END,
                 "line 2: the data goes beyond");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_records_become_segments),
        cmocka_unit_test(records_may_come_in_any_order),
        cmocka_unit_test(extended_linear_addresses_reach_uicr_far_from_flash),
        cmocka_unit_test(extended_segment_addresses_wrap_at_64_kib),
        cmocka_unit_test(linear_data_goes_on_into_the_next_64_kib),
        cmocka_unit_test(start_records_name_the_entry_point),
        cmocka_unit_test(all_line_ends_lower_case_and_blank_lines_are_accepted),
        cmocka_unit_test(a_wrong_checksum_names_line_and_value),
        cmocka_unit_test(a_cut_off_record_names_its_line),
        cmocka_unit_test(a_missing_end_record_means_a_cut_off_file),
        cmocka_unit_test(damage_is_not_taken_for_a_raw_binary),
        cmocka_unit_test(
            records_after_the_end_record_are_not_dropped_in_silence),
        cmocka_unit_test(unknown_record_types_are_named),
        cmocka_unit_test(equal_bytes_may_overlap),
        cmocka_unit_test(different_bytes_that_overlap_name_both_ranges),
        cmocka_unit_test(an_image_without_data_is_refused),
        cmocka_unit_test(data_beyond_32_bits_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
