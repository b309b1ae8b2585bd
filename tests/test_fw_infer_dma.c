/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transfers without the core whose layout is known bring what waits in the
 * stream, in order and no more (firmware/inf_dma_layouts.c checks it), and no
 * other register takes it (firmware/inf_command.c).
 */
#include "infer.h"

#include <stdio.h>

static void layouts_tell_direction_size_and_source(void **state)
{
    uint8_t bytes[64];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)('a' + i);
    for (const char *const *l = infer_levels; *l; l++) {
        char image[64];
        infer_run r;

        snprintf(image, sizeof image, "inf_dma_layouts_o%s", *l);
        infer_start(&r, image, "generic_cortex_m4", NULL);
        assert_int_equal(fwsim_stream_feed(r.m, NULL, bytes, sizeof bytes), 0);
        assert_true(infer_gets_done(&r, image));
        assert_false(r.failed);
        infer_end(&r);
    }
}

/** The bytes are for the buffer, whole and in order, and what the firmware makes
 * of them is not prevented. */
static void a_command_arrives_and_crashes_the_firmware(void **state)
{
    static const char poke[] = "POKE\xff\xff\xff\xf7";

    (void)state;
    for (const char *const *l = infer_levels; *l; l++) {
        char image[64];
        fwsim_stop stop;
        infer_run r;

        snprintf(image, sizeof image, "inf_command_o%s", *l);
        infer_start(&r, image, "generic_cortex_m3", NULL);
        assert_int_equal(
            fwsim_stream_feed(r.m, NULL, poke, sizeof poke - 1), 0);
        assert_true(infer_gets_done(&r, image));
        assert_int_equal(
            fwsim_run(r.m, &(fwsim_limit){ .instructions = 1000 }, &stop), 0);
        assert_int_equal(stop.reason, FWSIM_STOP_FAULT);
        infer_end(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_tell_direction_size_and_source),
        cmocka_unit_test(a_command_arrives_and_crashes_the_firmware),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
