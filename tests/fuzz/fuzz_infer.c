/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random Thumb code whose registers hold addresses of devices that nobody
 * modelled: inference looks ahead from every read, and learns from nonsense.
 * The input is code, which starts with the vector that it names.
 */
#include "run_machine.h"

#include <stdio.h>
#include <string.h>

#define PULSES 0x40000000
#define DEVICES 0x40001000
#define RAM 0x20000000
#define NVIC_ISER 0xe000e100

enum { FLASH_SIZE = 0x1000, RAM_SIZE = 0x1000, VECTORS = 24,
       CODE = 4 * VECTORS };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* clang-format off */
static const fwsim_memory memory[] = {
    { "flash", 0x00000000, FLASH_SIZE, .kind = FWSIM_MEM_FLASH },
    { "ram", RAM, RAM_SIZE, .kind = FWSIM_MEM_RAM },
    { .name = NULL }
};

static const fwsim_region regions[] = {
    { "peripherals", DEVICES, 0x0ffff000, FWSIM_POLICY_IGNORE },
    { .name = NULL }
};

static const fwsim_slot slots[] = {
    { "pulses", &fuzz_pulses, PULSES, .irq = { 0, 1, 2, FWSIM_NMI } },
    { .name = NULL }
};

#define BOARD(core)                                                            \
    &(const fwsim_board){ .name = core, .soc = &(const fwsim_soc){             \
        .name = core, .cpu = core, .clock_hz = 1000000, .irq_lines = 8,        \
        .systick_hz = 100000, .memory = memory, .regions = regions,            \
        .periph = slots } }

static const fwsim_board *const boards[] = {
    BOARD("cortex-m0"), BOARD("cortex-m3"), BOARD("cortex-m4f"),
    BOARD("cortex-m33"), NULL
};

/* What r0 to r7 hold when the code starts. */
static const uint32_t values[] = {
    DEVICES, DEVICES + 0x40, DEVICES + 0x400, RAM + 0x100,
    RAM + 0x200, 0x42020000, 1, 0
};
/* clang-format on */

static void load(fwsim_machine *m, const uint8_t *code, size_t size)
{
    uint8_t image[FLASH_SIZE] = { 0 };
    uint32_t vectors[VECTORS] = { RAM + RAM_SIZE };
    char name[4];

    if (size > sizeof image - CODE)
        size = sizeof image - CODE;
    if (size)
        memcpy(image + CODE, code, size);
    for (unsigned i = 1; i < VECTORS; i++)
        vectors[i] = CODE + 4 * (i - 1) + 1;
    memcpy(image, vectors, sizeof vectors);
    fwsim_mem_write(m, 0, image, sizeof image);
    fwsim_reset(m, FWSIM_RESET_PIN);
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        snprintf(name, sizeof name, "r%u", i);
        fwsim_cpu_write(m, name, values[i]);
    }
    fwsim_bus_write(m, NVIC_ISER, 4, 0xff);
    fwsim_stream_feed(m, NULL, "input", 5);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const fuzz_target target = { .boards = boards,
                                        .pulses = PULSES,
                                        .load = load,
                                        .infer = true };

    fuzz_run(&target, data, size);
    return 0;
}
