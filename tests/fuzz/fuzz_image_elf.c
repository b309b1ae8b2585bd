/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF files: loading, symbols, lines, call frames, diagnosis.
 */
#include "image/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool no_memory(void *user, uint64_t addr, void *buf, size_t size)
{
    (void)user;
    (void)addr;
    (void)buf;
    (void)size;
    return false;
}

static void ask(const fwsim_image *img, uint64_t addr)
{
    uint32_t regs[16] = { [13] = 0x20000000, [15] = (uint32_t)addr };

    fwsim_image_symbol_at(img, addr);
    fwsim_image_line(img, addr, NULL, NULL);
    fwsim__image_unwind(img, regs, false, no_memory, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fwsim_image_options opt = { .format = FWSIM_FORMAT_ELF };
    const fwsim_segment *s;
    fwsim_image *img;
    fwsim_diagnosis *d;

    if (fwsim_image_parse(&img, "fuzz.elf", data, size, &opt))
        return 0;
    size_t count = fwsim_image_segments(img, &s);
    for (size_t i = 0; i < count && i < 4; i++) {
        ask(img, s[i].addr);
        ask(img, s[i].addr + s[i].size / 2);
    }
    fwsim_image_symbol(img, "main");
    if (fwsim_diagnose(&d, img) == 0)
        fwsim_diagnosis_free(d);
    fwsim_image_free(img);
    return 0;
}
