/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random A64 code, beginning at each exception level. The input is code in
 * ROM; the exception vectors lead to a return, or into the input. Code in RAM
 * that is changed without IC is UNPREDICTABLE (DDI 0487 B2.4.4), so runs that
 * execute RAM are not compared.
 */
#include "run_machine.h"

#include <string.h>

#include "peripherals.h"

#define PULSES 0x0a000000
#define RAM 0x40000000
#define GICD 0x08000000
#define GICC 0x08010000

enum { VECTORS_SIZE = 0x800, VECTOR = 0x80, RAM_SIZE = 0x4000,
       ROM_SIZE = 0x4000, CODE = 0x800 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* clang-format off */
static const fwsim_memory memory[] = {
    { "rom", 0x00000000, ROM_SIZE, .kind = FWSIM_MEM_ROM },
    { "ram", RAM, RAM_SIZE, .kind = FWSIM_MEM_RAM },
    { .name = NULL }
};

static const fwsim_region regions[] = {
    { "peripherals", 0x09001000, 0x1000 },
    { .name = NULL }
};

static const fwsim_slot slots[] = {
    { "pulses", &fuzz_pulses, PULSES, .irq = { 0, 1, 2, 3 } },
    { "uart0", &pl011, 0x09000000, .irq = { 4 }, .clock_hz = 24000000 },
    { .name = NULL }
};

#define BOARD(core, el)                                                        \
    &(const fwsim_board){ .name = core, .soc = &(const fwsim_soc){             \
        .name = core, .cpu = core, .clock_hz = 62500000, .irq_lines = 32,      \
        .boot_addr = CODE, .memory = memory, .regions = regions,         \
        .periph = slots, .highest_el = el, .counter_hz = 62500000,             \
        .gic_distributor = GICD, .gic_cpu = GICC } }

static const fwsim_board *const boards[] = {
    BOARD("cortex-a53", 1), BOARD("cortex-a53", 2), BOARD("cortex-a53", 3),
    BOARD("cortex-a72", 1), NULL
};
/* clang-format on */

/** The first byte of the input: how it begins. */
enum {
    ENABLED = 1,     /* the GIC forwards interrupts, and PSTATE has no masks */
    INTO_INPUT = 2,  /* vectors lead into the input */
    POINTERS = 4     /* registers hold addresses */
};

/** Skip the instruction that caused it, and return; x28 is lost:
 * mrs x28, elr_el1; add x28, x28, #4; msr elr_el1, x28; eret */
static const uint32_t skip[] = { 0xd538403c, 0x9100139c, 0xd518403c,
                                 0xd69f03e0 };

static void make_vectors(fwsim_machine *m, unsigned how)
{
    uint8_t vectors[VECTORS_SIZE] = { 0 };

    for (unsigned i = 0; i < VECTORS_SIZE / VECTOR; i++) {
        uint64_t at = VECTOR * i, to = CODE + 16 * i;
        /* ldr x28, #8; br x28; .quad to */
        uint32_t jump[] = { 0x5800005c, 0xd61f0380, (uint32_t)to, 0 };

        memcpy(vectors + at, how & INTO_INPUT ? jump : skip, sizeof skip);
    }
    fwsim_mem_write(m, 0, vectors, sizeof vectors);
}

static void set_register(fwsim_machine *m, unsigned n, uint64_t value)
{
    const char *const *names = fwsim_cpu_registers(m);

    fwsim_cpu_write(m, names[n], value);
}

static void enable_interrupts(fwsim_machine *m)
{
    fwsim_bus_write(m, GICD + 0x000, 4, 3);
    fwsim_bus_write(m, GICD + 0x100, 4, UINT32_MAX);
    fwsim_bus_write(m, GICD + 0x104, 4, UINT32_MAX);
    fwsim_bus_write(m, GICD + 0x820, 4, 0x01010101);
    fwsim_bus_write(m, GICC + 0x000, 4, 3);
    fwsim_bus_write(m, GICC + 0x004, 4, 0xff);
}

static void load(fwsim_machine *m, const uint8_t *code, size_t size)
{
    unsigned how = size ? *code : 0;
    uint64_t pstate;

    if (size > ROM_SIZE - CODE)
        size = ROM_SIZE - CODE;
    if (size)
        fwsim_mem_write(m, CODE, code + 1, size - 1);
    make_vectors(m, how);
    set_register(m, 31, RAM + RAM_SIZE / 2);
    for (unsigned n = 0; how & POINTERS && n < 16; n++)
        set_register(m, n, n < 12 ? RAM + 256 * n : n == 12 ? 0x09000000
                           : n == 13 ? GICD : n == 14 ? GICC : PULSES);
    if (how & ENABLED) {
        enable_interrupts(m);
        fwsim_cpu_read(m, "pstate", &pstate);
        fwsim_cpu_write(m, "pstate", pstate & ~(uint64_t)0x3c0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const fuzz_target target = { boards, PULSES, load, RAM, RAM_SIZE };

    fuzz_run(&target, data, size);
    return 0;
}
