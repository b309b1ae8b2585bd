/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input goes to the UART of the meter, from "meter ready" on. With libFuzzer,
 * with AFL++, and to see what an input does; see README.md. The firmware is
 * meter.elf beside the program.
 */
#include <fwsim.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static fwsim_fuzz *fuzz;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *program = (*argv)[0];
    const char *slash = strrchr(program, '/');
    int folder = slash ? (int)(slash - program) : 1;
    fwsim_machine *m;
    char path[4096];

    (void)argc;
    snprintf(path, sizeof(path), "%.*s/meter.elf", folder, slash ? program : ".");
    if (fwsim_new(&m, fwsim_board_find("mps2_an386"), NULL)) {
        fprintf(stderr, "no machine\n");
        exit(2);
    }
    if (fwsim_load(m, path, NULL) ||
        fwsim_uart_expect(m, NULL, "meter ready\n", FWSIM_MS(100)) ||
        fwsim_fuzz_new(&fuzz, m, &(fwsim_fuzz_options){ .uart = "" })) {
        fprintf(stderr, "%s: %s\n", path, fwsim_errmsg(m));
        exit(2);
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fwsim_fuzz_one(fuzz, data, size);
}
