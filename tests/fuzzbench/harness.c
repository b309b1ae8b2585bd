/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The harness of `make bench-fuzz`: parse() of the image that FIRMWARE names. */
#include <fwsim.h>

#include <stdio.h>
#include <stdlib.h>

static fwsim_fuzz *fuzz;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    fwsim_machine *m;
    int err;

    (void)argc;
    (void)argv;
    err = fwsim_new(&m, fwsim_board_find("mps2_an385"), NULL);
    if (!err)
        err = fwsim_load(m, getenv("FIRMWARE"), NULL);
    if (!err)
        err = fwsim_fuzz_new(
            &fuzz, m,
            &(fwsim_fuzz_options){ .function = "parse",
                                    .no_compares = !!getenv("NO_COMPARES") });
    if (err)
        fprintf(stderr, "%s: %s\n", fwsim_strerror(err),
                m ? fwsim_errmsg(m) : "");
    return err ? (exit(1), 1) : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fwsim_fuzz_one(fuzz, data, size);
}
