/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BBC micro:bit, version 1.3: nRF51822-QFAA, 5x5 LEDs, two buttons,
 * accelerometer and magnetometer on I2C, serial line to the interface chip.
 *
 * Source: micro:bit V1.3B schematic. Machine pin n is P0.n.
 */
#include "boards.h"
#include "peripherals.h"

/* LED (x, y) sits in a row and a column of the matrix, both counted from 1. */
#define AT(row, col) ((row)-1) << 8 | ((col)-1)

/* Accelerations and fields are given in the axes of the board that lies on a
 * table: x to the right, y to the edge with the USB socket, z up. */

/* clang-format off */
static const uint32_t display_params[] = {
    3, 9,  /* rows, columns */
    18000, /* us: three rows of 6 ms, as the runtimes of the board refresh */
    AT(1, 1), AT(2, 4), AT(1, 2), AT(2, 5), AT(1, 3),
    AT(3, 4), AT(3, 5), AT(3, 6), AT(3, 7), AT(3, 8),
    AT(2, 2), AT(1, 9), AT(2, 3), AT(3, 9), AT(2, 1),
    AT(1, 8), AT(1, 7), AT(1, 6), AT(1, 5), AT(1, 4),
    AT(3, 3), AT(2, 7), AT(3, 1), AT(2, 6), AT(3, 2),
};

static const uint32_t on_underside[] = { 1 };

static const fwsim_slot parts[] = {
    { "accelerometer", &part_mma8653, .bus_addr = 0x1d,
      .pin = { 0, 30, 28, 27 }, .param = on_underside },
    { "magnetometer", &part_mag3110, .bus_addr = 0x0e,
      .pin = { 0, 30, 29 }, .param = on_underside },
    { "display", &part_led_matrix_5x5,
      .pin = { 13, 14, 15, 4, 5, 6, 7, 8, 9, 10, 11, 12 },
      .param = display_params },
    { "button_a", &part_button, .pin = { 17 } },
    { "button_b", &part_button, .pin = { 26 } },
    { "pad0", &part_touch_pad, .pin = { 3 } },
    { "pad1", &part_touch_pad, .pin = { 2 } },
    { "pad2", &part_touch_pad, .pin = { 1 } },
    { "scl_pull_up", &part_pull_up, .pin = { 0 } },
    { "sda_pull_up", &part_pull_up, .pin = { 30 } },
    { 0 }
};

static const fwsim_pin_name pins[] = {
    { "scl", 0 }, { "pad2", 1 }, { "pad1", 2 }, { "pad0", 3 },
    { "col1", 4 }, { "col2", 5 }, { "col3", 6 }, { "col4", 7 }, { "col5", 8 },
    { "col6", 9 }, { "col7", 10 }, { "col8", 11 }, { "col9", 12 },
    { "row1", 13 }, { "row2", 14 }, { "row3", 15 },
    { "button_a", 17 }, { "tx", 24 }, { "rx", 25 }, { "button_b", 26 },
    { "accelerometer_int2", 27 }, { "accelerometer_int1", 28 },
    { "magnetometer_int1", 29 }, { "sda", 30 },
    { "P0.00", 0 }, { "P0.01", 1 }, { "P0.02", 2 }, { "P0.03", 3 },
    { "P0.04", 4 }, { "P0.05", 5 }, { "P0.06", 6 }, { "P0.07", 7 },
    { "P0.08", 8 }, { "P0.09", 9 }, { "P0.10", 10 }, { "P0.11", 11 },
    { "P0.12", 12 }, { "P0.13", 13 }, { "P0.14", 14 }, { "P0.15", 15 },
    { "P0.16", 16 }, { "P0.17", 17 }, { "P0.18", 18 }, { "P0.19", 19 },
    { "P0.20", 20 }, { "P0.21", 21 }, { "P0.22", 22 }, { "P0.23", 23 },
    { "P0.24", 24 }, { "P0.25", 25 }, { "P0.26", 26 }, { "P0.27", 27 },
    { "P0.28", 28 }, { "P0.29", 29 }, { "P0.30", 30 },
    { 0 }
};
/* clang-format on */

const fwsim_board board_bbc_microbit = {
    .name = "bbc_microbit",
    .summary = "BBC micro:bit V1.3: nRF51822, 5x5 LEDs, buttons, sensors",
    .soc = &soc_nrf51822,
    .parts = parts,
    .pins = pins,
    .console = "uart0",
};
