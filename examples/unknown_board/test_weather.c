/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firmware of a chip that nobody has modelled, run and tested all the same.
 */
#include <fwsim_cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { UART_DATA = 0x40024008, ADC_RESULT = 0x40030008 };

/** What the firmware writes to the register that looks like a UART's. */
typedef struct output {
    char text[512];
    size_t size;
} output;

static void hear(fwsim_machine *m, const fwsim_access *access, void *user)
{
    output *out = user;

    (void)m;
    if (access->write && out->size < sizeof(out->text) - 1)
        out->text[out->size++] = (char)access->value;
}

/** A machine of a generic board, with the memories that the image shows. */
static fwsim_machine *boot(fwsim_board **board, const fwsim_infer_options *how)
{
    fwsim_machine *m;
    fwsim_image *img;

    assert_int_equal(fwsim_image_open(&img, WEATHER_ELF, NULL), 0);
    assert_int_equal(fwsim_board_for_image(
                         board, fwsim_board_find("generic_cortex_m3"), img,
                         NULL), 0);
    assert_int_equal(fwsim_new(&m, *board, NULL), 0);
    assert_fwsim_ok(m, fwsim_load_image(m, img));
    assert_fwsim_ok(m, fwsim_infer_enable(m, how));
    return m;
}

static void feed_samples(fwsim_machine *m)
{
    /* Samples of 12 bits take two bytes. */
    static const uint8_t samples[] = { 21, 0, 22, 0, 23, 0 };

    assert_fwsim_ok(m, fwsim_stream_feed(m, "0x40030008", samples,
                                         sizeof(samples)));
}

static void run(fwsim_machine *m, uint64_t instructions)
{
    fwsim_stop stop;

    assert_fwsim_ok(m, fwsim_run(m, &(fwsim_limit){ .instructions =
                                                        instructions }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
}

static void it_boots_and_prints_what_the_adc_is_fed(void **state)
{
    output out = { { 0 }, 0 };
    fwsim_board *board;
    fwsim_machine *m = boot(&board, NULL);

    (void)state;
    assert_true(fwsim_on_access(m, UART_DATA, 4, hear, &out) > 0);
    feed_samples(m);
    run(m, 200000);
    assert_non_null(strstr(out.text, "weather station\n"));
    assert_non_null(strstr(out.text, "temperature 21\ntemperature 22\n"
                                     "temperature 23\n"));
    fwsim_free(m);
    fwsim_board_free(board);
}

static void the_adc_is_found_as_an_input(void **state)
{
    fwsim_infer_stream stream;
    fwsim_board *board;
    fwsim_machine *m = boot(&board, NULL);
    bool found = false;

    (void)state;
    run(m, 200000);
    for (size_t i = 0; fwsim_infer_stream_get(m, i, &stream); i++)
        found |= stream.addr == ADC_RESULT;
    assert_true(found);
    fwsim_free(m);
    fwsim_board_free(board);
}

static void a_frozen_run_does_the_same(void **state)
{
    char path[] = "/tmp/fwsim-weather-XXXXXX";
    int fd = mkstemp(path);
    fwsim_board *board, *other;
    fwsim_machine *live = boot(&board, NULL), *frozen;
    output first = { { 0 }, 0 }, second = { { 0 }, 0 };

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    fwsim_on_access(live, UART_DATA, 4, hear, &first);
    feed_samples(live);
    run(live, 200000);
    assert_fwsim_ok(live, fwsim_infer_save(live, path));

    frozen = boot(&other, &(fwsim_infer_options){ .models = path,
                                                  .frozen = true });
    fwsim_on_access(frozen, UART_DATA, 4, hear, &second);
    feed_samples(frozen);
    run(frozen, 200000);
    assert_non_null(strstr(first.text, "temperature 23\n"));
    assert_memory_equal(first.text, second.text,
                        (size_t)(strstr(first.text, "23\n") - first.text) + 3);
    unlink(path);
    fwsim_free(live);
    fwsim_free(frozen);
    fwsim_board_free(board);
    fwsim_board_free(other);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_boots_and_prints_what_the_adc_is_fed),
        cmocka_unit_test(the_adc_is_found_as_an_input),
        cmocka_unit_test(a_frozen_run_does_the_same),
    };

    return fwsim_run_tests(argc, argv, tests, NULL, NULL);
}
