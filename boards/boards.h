/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chips and boards of the library, one line each, in order of name.
 */
#ifndef FWSIM_BOARDS_H
#define FWSIM_BOARDS_H

#include "fwsim.h"

extern const fwsim_soc soc_efm32hg309;
extern const fwsim_soc soc_nrf51822;

extern const fwsim_board board_bbc_microbit;
extern const fwsim_board board_efm32hg_tomu;

#endif
