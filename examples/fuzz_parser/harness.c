/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The harness: boot the firmware once, then call its parser with each input. */
#include <fwsim.h>

#include <stdio.h>
#include <stdlib.h>

static fwsim_fuzz *fuzz;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *image = getenv("FIRMWARE");
    fwsim_machine *m;
    int err;

    (void)argc;
    (void)argv;
    err = fwsim_new(&m, fwsim_board_find("mps2_an385"), NULL);
    if (!err)
        err = fwsim_load(m, image ? image : FIRMWARE, NULL);
    if (!err)
        err = fwsim_uart_expect(m, NULL, "ready", FWSIM_S(1));
    if (!err)
        err = fwsim_fuzz_new(&fuzz, m,
                             &(fwsim_fuzz_options){ .function = "parse",
                                                    .max_size = 256 });
    if (err) {
        fprintf(stderr, "%s: %s\n", fwsim_strerror(err),
                m ? fwsim_errmsg(m) : "");
        exit(EXIT_FAILURE);
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fwsim_fuzz_one(fuzz, data, size);
}
