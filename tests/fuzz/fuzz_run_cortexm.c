/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random Thumb code on each core of the M profile. The input is a vector
 * table and code, in flash and once more in RAM.
 */
#include "run_machine.h"

#include <string.h>

#define PULSES 0x40000000
#define RAM 0x20000000
#define NVIC_ISER 0xe000e100

enum { FLASH_SIZE = 0x4000, RAM_SIZE = 0x4000, CODE_IN_RAM = 0x400,
       VECTORS = 24, CODE = 4 * VECTORS };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* clang-format off */
static const fwsim_memory memory[] = {
    { "flash", 0x00000000, FLASH_SIZE, .kind = FWSIM_MEM_FLASH },
    { "ram", RAM, RAM_SIZE, .kind = FWSIM_MEM_RAM },
    { .name = NULL }
};

static const fwsim_region regions[] = {
    { "peripherals", 0x40001000, 0x1000 },
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
    BOARD("cortex-m0"), BOARD("cortex-m0plus"), BOARD("cortex-m3"),
    BOARD("cortex-m4"), BOARD("cortex-m4f"), BOARD("cortex-m7"),
    BOARD("cortex-m33"), NULL
};
/* clang-format on */

/**
 * The first byte of the input is a bit mask: the vector table is the input's
 * own, or leads to every second halfword of it; interrupts are enabled; the
 * code in RAM is run instead of that in flash.
 */
enum { OWN_VECTORS = 1, ENABLED = 2, IN_RAM = 4 };

static void make_vectors(uint32_t vectors[VECTORS], unsigned how)
{
    uint32_t code = how & IN_RAM ? RAM + CODE_IN_RAM : 0;

    vectors[0] = RAM + RAM_SIZE;
    for (unsigned i = 1; i < VECTORS; i++)
        vectors[i] = code + CODE + 4 * (i - 1) + 1;
}

static void load(fwsim_machine *m, const uint8_t *code, size_t size)
{
    uint8_t image[FLASH_SIZE / 2] = { 0 };
    uint32_t vectors[VECTORS];
    unsigned how = size ? *code : 0;
    size_t at = how & OWN_VECTORS ? 0 : CODE;

    if (size > sizeof image - at)
        size = sizeof image - at;
    if (size)
        memcpy(image + at, code + 1, size - 1);
    if (!(how & OWN_VECTORS)) {
        make_vectors(vectors, how);
        memcpy(image, vectors, sizeof vectors);
    }
    fwsim_mem_write(m, 0, image, sizeof image);
    fwsim_reset(m, FWSIM_RESET_PIN);
    fwsim_mem_write(m, RAM + CODE_IN_RAM, image, RAM_SIZE / 2);
    if (how & ENABLED)
        fwsim_bus_write(m, NVIC_ISER, 4, 7);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const fuzz_target target = { boards, PULSES, load, 0, 0 };

    fuzz_run(&target, data, size);
    return 0;
}
