/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fwsim.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static fwsim_fuzz *fuzz;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    fwsim_machine *m;
    int err = fwsim_new(&m, fwsim_board_find(FWSIM_TEST_BOARD), NULL);

    (void)argc;
    (void)argv;
    if (!err)
        err = fwsim_load(m, FWSIM_TEST_FIRMWARE, NULL);
    if (!err)
        err = fwsim_uart_expect(m, NULL, "> ", FWSIM_MS(10));
    if (!err)
        err = fwsim_fuzz_new(&fuzz, m, &(fwsim_fuzz_options){ .uart = "" });
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fwsim_fuzz_one(fuzz, data, size);
}
