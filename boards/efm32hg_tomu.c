/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tomu: EFM32HG309F64 in a USB plug, two LEDs, four touch pads.
 *
 * Source: Tomu schematic. Pin n of port x (A is 0) is machine pin 16 * x + n.
 * Both LEDs light while their pin is low. The board has no serial line of its
 * own; usart1 comes out on the pads PC0 and PC1 at its location 0.
 */
#include "boards.h"
#include "peripherals.h"

#define PIN(port, n) (16 * (port - 'A') + (n))

/* An LED and its resistor lead to the supply: nobody drives, the pin is high. */
static const fwsim_slot parts[] = {
    { "led_green", &part_pull_up, .pin = { PIN('A', 0) } },
    { "led_red", &part_pull_up, .pin = { PIN('B', 7) } },
    { 0 }
};

/* The pins of the package, QFN24. */
static const fwsim_pin_name pins[] = {
    { "led_green", PIN('A', 0) }, { "led_red", PIN('B', 7) },
    { "cap1a", PIN('C', 1) },     { "cap1b", PIN('E', 12) },
    { "PA0", PIN('A', 0) },       { "PB7", PIN('B', 7) },
    { "PB8", PIN('B', 8) },       { "PB11", PIN('B', 11) },
    { "PB13", PIN('B', 13) },     { "PB14", PIN('B', 14) },
    { "PC0", PIN('C', 0) },       { "PC1", PIN('C', 1) },
    { "PC14", PIN('C', 14) },     { "PC15", PIN('C', 15) },
    { "PE12", PIN('E', 12) },     { "PE13", PIN('E', 13) },
    { "PF0", PIN('F', 0) },       { "PF1", PIN('F', 1) },
    { "PF2", PIN('F', 2) },       { 0 }
};

const fwsim_board board_efm32hg_tomu = {
    .name = "efm32hg_tomu",
    .summary = "Tomu: EFM32HG309F64 in a USB plug, two LEDs, touch pads",
    .soc = &soc_efm32hg309,
    .parts = parts,
    .pins = pins,
    .console = "usart1",
};
