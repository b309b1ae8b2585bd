/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MPS2 with the FPGA image AN505: Cortex-M33 in an IoTKit subsystem.
 *
 * Source: Arm DAI 0505, Serial Configuration Controller, and the MPS2
 * Technical Reference Manual, DDI 0100112. Pin n of GPIO port x is machine pin
 * 16 * x + n; the LEDs and buttons of the FPGA follow.
 */
#include "boards.h"
#include "peripherals.h"

/* ID, AID, CFG4 (revision of the board); OSCCLK 0 to 2. */
static const uint32_t scc[] = {
    0x41045050, 0x00200008, 0x2, 40000000, 24580000, 25000000
};

static const fwsim_slot parts[] = {
    { "scc", &mps2_scc, 0x50300000, .alias = 0x40300000, .param = scc },
    { 0 }
};

static const fwsim_pin_name pins[] = {
    { "led0", 64 },
    { "led1", 65 },
    { "button0", 66 },
    { "button1", 67 },
    { 0 }
};

const fwsim_board board_mps2_an505 = {
    .name = "mps2_an505",
    .summary = "Arm MPS2, FPGA image AN505: Cortex-M33 in an IoTKit subsystem",
    .soc = &soc_mps2_iotkit,
    .parts = parts,
    .pins = pins,
    .console = "uart0",
};
