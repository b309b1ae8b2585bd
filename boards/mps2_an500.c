/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MPS2 with the FPGA image AN500: Cortex-M7.
 *
 * Source: Arm DAI 0500, Serial Configuration Controller, and the MPS2
 * Technical Reference Manual, DDI 0100112. Pin n of GPIO port x is machine pin
 * 16 * x + n; the LEDs and buttons of the FPGA follow.
 */
#include "boards.h"
#include "peripherals.h"

/* ID, AID, CFG4 (revision of the board); OSCCLK 0 to 2. */
static const uint32_t scc[] = {
    0x41045000, 0x00200008, 0x2, 50000000, 24576000, 25000000
};

static const fwsim_slot parts[] = {
    { "scc", &mps2_scc, 0x4002f000, .param = scc },
    { 0 }
};

static const fwsim_pin_name pins[] = {
    { "led0", 64 },
    { "led1", 65 },
    { "button0", 66 },
    { "button1", 67 },
    { 0 }
};

const fwsim_board board_mps2_an500 = {
    .name = "mps2_an500",
    .summary = "Arm MPS2, FPGA image AN500: Cortex-M7",
    .soc = &soc_mps2_cm7,
    .parts = parts,
    .pins = pins,
    .console = "uart0",
};
