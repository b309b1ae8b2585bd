/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine that the benchmarks run on. */
#include "bench.h"

#include <stdlib.h>

static void complain(const fwsim_log_entry *e, void *user)
{
    (void)user;
    fprintf(stderr, "%s: %s\n", e->origin, e->text);
}

fwsim_machine *bench_machine(const fwsim_board *board, const char *image,
                             const char *args)
{
    fwsim_options opt = { .log = complain,
                          .semihosting = true,
                          .semihosting_args = args };
    fwsim_machine *m;

    if (!board) {
        fprintf(stderr, "there is no board for %s\n", image);
        exit(1);
    }
    if (fwsim_new(&m, board, &opt))
        exit(1);
    if (fwsim_load(m, image, NULL)) {
        fprintf(stderr, "%s\n", fwsim_errmsg(m));
        exit(1);
    }
    return m;
}

const fwsim_board *bench_small_board(void)
{
    static const fwsim_memory memory[] = {
        { "flash", 0x00000000, 256 * 1024, FWSIM_MEM_ROM },
        { "ram", 0x20000000, 128 * 1024, FWSIM_MEM_RAM },
        { 0 }
    };
    static fwsim_soc soc;
    static fwsim_board board;

    if (!fwsim_board_find(BENCH_BOARD))
        return NULL;
    board = *fwsim_board_find(BENCH_BOARD);
    soc = *board.soc;
    soc.memory = memory;
    board.soc = &soc;
    return &board;
}
