/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue of boards, in order of name. A board is a table in a file of
 * its own; it needs one extern line and one row here.
 */
#include "boards.h"

const fwsim_board *const fwsim_boards[] = {
    &board_bbc_microbit,
    &board_efm32hg_tomu,
    &board_mps2_an385,
    &board_mps2_an386,
    &board_mps2_an500,
    &board_mps2_an505,
    &board_virt,
    &board_virt_a72,
    &board_virt_el2,
    &board_virt_el3,
    NULL
};
