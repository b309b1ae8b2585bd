/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU's virt, with the cores and exception levels that it offers. */
#include "boards.h"

const fwsim_board board_virt = {
    .name = "virt",
    .summary = "QEMU's virt: Cortex-A53, GICv2, PL011, begins at EL1",
    .soc = &soc_virt_a53,
    .console = "uart0",
};

const fwsim_board board_virt_a72 = {
    .name = "virt_a72",
    .summary = "QEMU's virt: Cortex-A72, GICv2, PL011, begins at EL1",
    .soc = &soc_virt_a72,
    .console = "uart0",
};

const fwsim_board board_virt_el2 = {
    .name = "virt_el2",
    .summary = "QEMU's virt with virtualization=on: begins at EL2",
    .soc = &soc_virt_a53_el2,
    .console = "uart0",
};

const fwsim_board board_virt_el3 = {
    .name = "virt_el3",
    .summary = "QEMU's virt with secure=on: begins at EL3",
    .soc = &soc_virt_a53_el3,
    .console = "uart0",
};
