/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chips and boards of the library, one line each, in order of name.
 */
#ifndef FWSIM_BOARDS_H
#define FWSIM_BOARDS_H

#include "fwsim.h"

extern const fwsim_soc soc_efm32hg309;
extern const fwsim_soc soc_mps2_cm3;
extern const fwsim_soc soc_mps2_cm4;
extern const fwsim_soc soc_mps2_cm7;
extern const fwsim_soc soc_mps2_iotkit;
extern const fwsim_soc soc_nrf51822;
extern const fwsim_soc soc_virt_a53;
extern const fwsim_soc soc_virt_a53_el2;
extern const fwsim_soc soc_virt_a53_el3;
extern const fwsim_soc soc_virt_a72;

extern const fwsim_board board_bbc_microbit;
extern const fwsim_board board_efm32hg_tomu;
extern const fwsim_board board_mps2_an385;
extern const fwsim_board board_mps2_an386;
extern const fwsim_board board_mps2_an500;
extern const fwsim_board board_mps2_an505;
extern const fwsim_board board_virt;
extern const fwsim_board board_virt_a72;
extern const fwsim_board board_virt_el2;
extern const fwsim_board board_virt_el3;

#endif
