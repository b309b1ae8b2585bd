/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine `virt` of QEMU: the part of it that bare metal firmware uses.
 *
 * Source: QEMU 7.2, docs/system/arm/virt.rst and the device tree that
 * `-M virt,gic-version=2,dumpdtb=` writes.
 */
#include "boards.h"
#include "peripherals.h"

static const fwsim_memory memory[] = {
    { "flash", 0x00000000, 0x00100000, FWSIM_MEM_ROM },
    { "ram", 0x40000000, 0x08000000, FWSIM_MEM_RAM },
    { 0 }
};

static const fwsim_region regions[] = {
    { "flash_rest", 0x00100000, 0x07f00000 }, /* QEMU has two of 64 MiB */
    { "rtc", 0x09010000, 0x1000 },
    { "fw_cfg", 0x09020000, 0x1000 },
    { "gpio", 0x09030000, 0x1000 },
    { "virtio", 0x0a000000, 0x4000 },
    { 0 }
};

static const fwsim_slot periph[] = {
    { "uart0", &pl011, 0x09000000, .irq = { 1 }, .clock_hz = 24000000 },
    { 0 }
};

/* QEMU's clock of instructions runs at 1 GHz (-icount shift=0). */
/* clang-format off */
#define VIRT(core, el)                                                         \
    .cpu = core, .clock_hz = 1000000000, .irq_lines = 256,                     \
    .memory = memory, .regions = regions, .periph = periph,                    \
    .highest_el = el, .counter_hz = 62500000,                                  \
    .gic_distributor = 0x08000000, .gic_cpu = 0x08010000

const fwsim_soc soc_virt_a53 = {
    .name = "virt_a53",
    .summary = "QEMU's virt with a Cortex-A53 and a GICv2",
    VIRT("cortex-a53", 1)
};
const fwsim_soc soc_virt_a53_el2 = {
    .name = "virt_a53_el2",
    .summary = "the same with virtualization=on: begins at EL2",
    VIRT("cortex-a53", 2)
};
const fwsim_soc soc_virt_a53_el3 = {
    .name = "virt_a53_el3",
    .summary = "the same with secure=on, virtualization=on: begins at EL3",
    VIRT("cortex-a53", 3)
};
const fwsim_soc soc_virt_a72 = {
    .name = "virt_a72",
    .summary = "QEMU's virt with a Cortex-A72 and a GICv2",
    VIRT("cortex-a72", 1)
};
/* clang-format on */
