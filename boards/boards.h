/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chips and boards of the library, one line each, in order of name.
 */
#ifndef FWSIM_BOARDS_H
#define FWSIM_BOARDS_H

#include "fwsim.h"

extern const fwsim_soc soc_cc2538;
extern const fwsim_soc soc_efm32gg990f1024;
extern const fwsim_soc soc_efm32hg309;
extern const fwsim_soc soc_efm32lg990f256;
extern const fwsim_soc soc_generic_cm0;
extern const fwsim_soc soc_generic_cm0plus;
extern const fwsim_soc soc_generic_cm3;
extern const fwsim_soc soc_generic_cm33;
extern const fwsim_soc soc_generic_cm4;
extern const fwsim_soc soc_generic_cm7;
extern const fwsim_soc soc_lpc1549;
extern const fwsim_soc soc_lpc1768;
extern const fwsim_soc soc_mk64fn1m0;
extern const fwsim_soc soc_mps2_cm3;
extern const fwsim_soc soc_mps2_cm4;
extern const fwsim_soc soc_mps2_cm7;
extern const fwsim_soc soc_mps2_iotkit;
extern const fwsim_soc soc_nrf51822;
extern const fwsim_soc soc_nrf52832;
extern const fwsim_soc soc_nuc123;
extern const fwsim_soc soc_r7fa4w1ad;
extern const fwsim_soc soc_sam3x8e;
extern const fwsim_soc soc_sam4e16e;
extern const fwsim_soc soc_samr21g18a;
extern const fwsim_soc soc_stm32f103rb;
extern const fwsim_soc soc_stm32f303vc;
extern const fwsim_soc soc_stm32f429zi;
extern const fwsim_soc soc_stm32f469ni;
extern const fwsim_soc soc_stm32l152rc;
extern const fwsim_soc soc_stm32l152re;
extern const fwsim_soc soc_stm32l431rc;
extern const fwsim_soc soc_stm32l475vg;
extern const fwsim_soc soc_virt_a53;
extern const fwsim_soc soc_virt_a53_el2;
extern const fwsim_soc soc_virt_a53_el3;
extern const fwsim_soc soc_virt_a72;

extern const fwsim_board board_bbc_microbit;
extern const fwsim_board board_cc2538;
extern const fwsim_board board_efm32gg990f1024;
extern const fwsim_board board_efm32hg_tomu;
extern const fwsim_board board_efm32lg990f256;
extern const fwsim_board board_generic_cortex_m0;
extern const fwsim_board board_generic_cortex_m0plus;
extern const fwsim_board board_generic_cortex_m3;
extern const fwsim_board board_generic_cortex_m33;
extern const fwsim_board board_generic_cortex_m4;
extern const fwsim_board board_generic_cortex_m7;
extern const fwsim_board board_lpc1549;
extern const fwsim_board board_lpc1768;
extern const fwsim_board board_mk64fn1m0;
extern const fwsim_board board_mps2_an385;
extern const fwsim_board board_mps2_an386;
extern const fwsim_board board_mps2_an500;
extern const fwsim_board board_mps2_an505;
extern const fwsim_board board_nrf52832;
extern const fwsim_board board_nuc123;
extern const fwsim_board board_r7fa4w1ad;
extern const fwsim_board board_sam3x8e;
extern const fwsim_board board_sam4e16e;
extern const fwsim_board board_samr21g18a;
extern const fwsim_board board_stm32f103rb;
extern const fwsim_board board_stm32f303vc;
extern const fwsim_board board_stm32f429zi;
extern const fwsim_board board_stm32f469ni;
extern const fwsim_board board_stm32l152rc;
extern const fwsim_board board_stm32l152re;
extern const fwsim_board board_stm32l431rc;
extern const fwsim_board board_stm32l475vg;
extern const fwsim_board board_virt;
extern const fwsim_board board_virt_a72;
extern const fwsim_board board_virt_el2;
extern const fwsim_board board_virt_el3;

#endif
