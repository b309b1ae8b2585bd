/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue of boards, in order of name. A board is a table in a file of
 * its own, or of its vendor when it is a bare chip; it needs one extern line and
 * one row here.
 */
#include "boards.h"

const fwsim_board *const fwsim_boards[] = {
    &board_bbc_microbit,
    &board_cc2538,
    &board_efm32gg990f1024,
    &board_efm32hg_tomu,
    &board_efm32lg990f256,
    &board_generic_cortex_m0,
    &board_generic_cortex_m0plus,
    &board_generic_cortex_m3,
    &board_generic_cortex_m33,
    &board_generic_cortex_m4,
    &board_generic_cortex_m7,
    &board_lpc1549,
    &board_lpc1768,
    &board_mk64fn1m0,
    &board_mps2_an385,
    &board_mps2_an386,
    &board_mps2_an500,
    &board_mps2_an505,
    &board_nrf52832,
    &board_nuc123,
    &board_r7fa4w1ad,
    &board_sam3x8e,
    &board_sam4e16e,
    &board_samr21g18a,
    &board_stm32f103rb,
    &board_stm32f303vc,
    &board_stm32f429zi,
    &board_stm32f469ni,
    &board_stm32l152rc,
    &board_stm32l152re,
    &board_stm32l431rc,
    &board_stm32l475vg,
    &board_virt,
    &board_virt_a72,
    &board_virt_el2,
    &board_virt_el3,
    NULL
};
