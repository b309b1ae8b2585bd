/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UF2 files.
 */
#include "image/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fwsim_image_options opt = { .format = FWSIM_FORMAT_UF2 };
    fwsim_image *img;
    fwsim_diagnosis *d;

    if (fwsim_image_parse(&img, "fuzz", data, size, &opt))
        return 0;
    if (fwsim_diagnose(&d, img) == 0)
        fwsim_diagnosis_free(d);
    fwsim_image_free(img);
    return 0;
}
