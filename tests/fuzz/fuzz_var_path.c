/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths of variables, names of functions, and what is done with them: the
 * first byte says with what firmware. With a first byte above 127 the rest
 * damages the DWARF of the firmware instead.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fwsim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATH_MAX_ = 512, STEP = 3 };

static uint8_t *image;
static size_t image_size;

static bool read_image(void)
{
    FILE *f = fopen(FWSIM_TEST_FIRMWARE_DIR "/call_m4f.elf", "rb");

    if (!f)
        return false;
    image = malloc(1 << 20);
    image_size = image ? fread(image, 1, 1 << 20, f) : 0;
    fclose(f);
    return image_size > 0;
}

static fwsim_machine *machine(const uint8_t *bytes, size_t size)
{
    fwsim_image *img;
    fwsim_machine *m;

    if (fwsim_new(&m, fwsim_board_find("mps2_an386"), NULL))
        abort();
    if (fwsim_image_parse(&img, "fuzz.elf", bytes, size, NULL) == 0)
        fwsim_load_image(m, img);
    return m;
}

static void ask(fwsim_machine *m, const char *path)
{
    const fwsim_call_options opt = { .limit = { .instructions = 200 } };
    fwsim_call_result r;
    char text[256];
    double number;
    int64_t value;
    int id;

    if (fwsim_var_get(m, path, &value) == 0)
        fwsim_var_set(m, path, value);
    fwsim_var_get_float(m, path, &number);
    fwsim_var_format(m, path, text, sizeof text, NULL);
    fwsim_var_set_text(m, path, "MODE_ON");
    id = fwsim_spy(m, path, NULL, NULL, NULL);
    fwsim_call(m, path, NULL, 0, &opt, &r);
    if (id > 0)
        fwsim_unmock(m, id);
    fwsim_mock(m, "crc16", NULL, NULL,
               &(fwsim_mock_options){ .signature = path });
    id = fwsim_spy(m, "crc16", NULL, NULL,
                   &(fwsim_mock_options){ .signature = path });
    if (id > 0)
        fwsim_unmock(m, id);
}

/** Triples: two bytes for a place in the last nine tenths, one for its value. */
static void damaged(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(image_size);
    fwsim_machine *m;

    if (!copy)
        abort();
    memcpy(copy, image, image_size);
    for (; size >= STEP; data += STEP, size -= STEP) {
        size_t at = image_size / 10 +
                    ((size_t)data[0] << 8 | data[1]) *
                        (image_size - image_size / 10) / 65536;

        copy[at] = data[2];
    }
    m = machine(copy, image_size);
    ask(m, "g_state");
    ask(m, "g_state.bits.middle");
    ask(m, "p_state->grid[1][2]");
    ask(m, "tick:count");
    ask(m, "hal_ticks");
    ask(m, "twice");
    fwsim_free(m);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fwsim_machine *m;
    char path[PATH_MAX_];

    if (!image && !read_image()) {
        fprintf(stderr, "SKIPPED: there is no call_m4f.elf\n");
        exit(77);
    }
    if (size == 0)
        return 0;
    if (data[0] > 127) {
        damaged(data + 1, size - 1);
        return 0;
    }
    if (!m)
        m = machine(image, image_size);
    if (size >= sizeof path)
        return 0;
    memcpy(path, data, size);
    path[size] = '\0';
    ask(m, path);
    return 0;
}
