/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boards of which nothing is known but the core; see soc_generic.c.
 */
#include "boards.h"

const fwsim_board board_generic_cortex_m0 = {
    .name = "generic_cortex_m0",
    .summary = "any chip with Cortex-M0, memories as the image shows",
    .soc = &soc_generic_cm0,
};

const fwsim_board board_generic_cortex_m0plus = {
    .name = "generic_cortex_m0plus",
    .summary = "any chip with Cortex-M0+, memories as the image shows",
    .soc = &soc_generic_cm0plus,
};

const fwsim_board board_generic_cortex_m3 = {
    .name = "generic_cortex_m3",
    .summary = "any chip with Cortex-M3, memories as the image shows",
    .soc = &soc_generic_cm3,
};

const fwsim_board board_generic_cortex_m33 = {
    .name = "generic_cortex_m33",
    .summary = "any chip with Cortex-M33, memories as the image shows",
    .soc = &soc_generic_cm33,
};

const fwsim_board board_generic_cortex_m4 = {
    .name = "generic_cortex_m4",
    .summary = "any chip with Cortex-M4, memories as the image shows",
    .soc = &soc_generic_cm4,
};

const fwsim_board board_generic_cortex_m7 = {
    .name = "generic_cortex_m7",
    .summary = "any chip with Cortex-M7, memories as the image shows",
    .soc = &soc_generic_cm7,
};
