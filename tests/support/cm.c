/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fwsim_periph.h"
#include "support.h"

/* ------------------------------------------------------------------ */
/* The test device                                                      */
/* ------------------------------------------------------------------ */

enum { AFTER = 0x00, LOWER = 0x20, NOW = 0x24, LINES = 8 };

/* AFTER[n] = ticks: raise interrupt n then. */
static void after_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    fwsim_event_set(p, index, written);
}

static void on_event(fwsim_periph *p, unsigned id)
{
    fwsim_irq_set(p, id, true);
}

/* LOWER = mask: lower these interrupts. */
static void lower_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    for (unsigned i = 0; i < LINES; i++)
        if (written >> i & 1)
            fwsim_irq_set(p, i, false);
}

static uint32_t now_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    (void)stored;
    return (uint32_t)fwsim_now(p);
}

static const fwsim_reg regs[] = {
    {"AFTER", AFTER, .count = LINES, .rw = UINT32_MAX,
     .on_write = after_written},
    {"LOWER", LOWER, .wo = UINT32_MAX, .on_write = lower_written},
    {"NOW", NOW, .on_read = now_read},
    FWSIM_REG_END};

static const fwsim_periph_type testdev = {
    .name = "testdev",
    .size = 0x400,
    .regs = regs,
    .irqs = LINES,
    .on_event = on_event,
};

/* ------------------------------------------------------------------ */
/* Boards                                                               */
/* ------------------------------------------------------------------ */

static const fwsim_slot slots[] = {
    {"testdev", &testdev, 0x40000000, .irq = {0, 1, 2, 3, 4, 5, 6, 7}},
    {.name = NULL}};

static const fwsim_memory memory[] = {
    {"flash", 0x00000000, 0x80000, .kind = FWSIM_MEM_FLASH},
    {"ram", 0x20000000, 0x40000, .kind = FWSIM_MEM_RAM},
    {.name = NULL}};

static const fwsim_memory memory_m33[] = {
    {"flash", 0x10000000, 0x80000, .kind = FWSIM_MEM_FLASH},
    {"ram", 0x38000000, 0x40000, .kind = FWSIM_MEM_RAM},
    {.name = NULL}};

#define SOC(core, bits, boot, mem)                                             \
    {                                                                          \
        .name = core, .cpu = core, .clock_hz = 1000000, .irq_lines = 32,       \
        .prio_bits = bits, .boot_addr = boot, .memory = mem, .periph = slots   \
    }

static const fwsim_soc socs[] = {
    SOC("cortex-m0", 2, 0, memory),
    SOC("cortex-m0plus", 2, 0, memory),
    SOC("cortex-m3", 8, 0, memory),
    SOC("cortex-m4", 8, 0, memory),
    SOC("cortex-m4f", 8, 0, memory),
    SOC("cortex-m7", 8, 0, memory),
    SOC("cortex-m33", 8, 0x10000000, memory_m33),
};

static const fwsim_board boards[] = {
    {.name = "bare", .soc = &socs[0]}, {.name = "bare", .soc = &socs[1]},
    {.name = "bare", .soc = &socs[2]}, {.name = "bare", .soc = &socs[3]},
    {.name = "bare", .soc = &socs[4]}, {.name = "bare", .soc = &socs[5]},
    {.name = "bare", .soc = &socs[6]},
};

const fwsim_board *cm_board(const char *core)
{
    for (size_t i = 0; i < sizeof boards / sizeof *boards; i++)
        if (strcmp(boards[i].soc->cpu, core) == 0)
            return &boards[i];
    fail_msg("there is no core %s", core);
    return NULL;
}

/* ------------------------------------------------------------------ */
/* Guests                                                               */
/* ------------------------------------------------------------------ */

char *cm_image(const char *guest, const char *core, char *buf, size_t size)
{
    snprintf(buf, size, "%s/%s_%s.elf", FWSIM_TEST_FIRMWARE_DIR, guest,
             core + strlen("cortex-"));
    return buf;
}

fwsim_machine *cm_machine(const char *guest, const char *core,
                          const fwsim_options *opt)
{
    fwsim_options options = {0};
    char path[512];
    fwsim_machine *m;

    if (opt)
        options = *opt;
    options.semihosting = true;
    options.deliver_faults = true;
    m = new_machine(cm_board(core), &options);
    OK(fwsim_load(m, cm_image(guest, core, path, sizeof path), NULL));
    return m;
}

const char *cm_output(fwsim_machine *m)
{
    return fwsim_uart_output(m, "semihosting", NULL);
}

static size_t line_length(const char *text)
{
    return strcspn(text, "\n");
}

void cm_assert_text(const char *title, const char *text, const char *expected)
{
    const char *a = text, *b = expected;

    while (*a && line_length(a) == line_length(b) &&
           strncmp(a, b, line_length(a)) == 0) {
        a += line_length(a) + (a[line_length(a)] == '\n');
        b += line_length(b) + (b[line_length(b)] == '\n');
    }
    if (*a || *b)
        print_error("%s: after %d bytes:\n    is      \"%.*s\"\n"
                    "    must be \"%.*s\"\n%s",
                    title, (int)(a - text), (int)line_length(a), a,
                    (int)line_length(b), b, text);
    assert_true(!*a && !*b);
}

static char *join(const char *const *parts)
{
    size_t size = 1;
    char *text;

    for (const char *const *p = parts; *p; p++)
        size += strlen(*p);
    text = calloc(1, size);
    assert_non_null(text);
    for (const char *const *p = parts; *p; p++)
        strcat(text, *p);
    return text;
}

void cm_expect_parts(const char *guest, const char *core,
                     const char *const *parts)
{
    fwsim_machine *m = cm_machine(guest, core, NULL);
    char *expected = join(parts);
    fwsim_stop stop;
    char title[80];

    snprintf(title, sizeof title, "%s on %s", guest, core);
    OK(fwsim_run(m, &(fwsim_limit){.time_ns = FWSIM_S(10)}, &stop));
    cm_assert_text(title, cm_output(m), expected);
    if (stop.reason != FWSIM_STOP_EXIT)
        print_error("%s: %s\n", title, stop.text);
    assert_int_equal(stop.reason, FWSIM_STOP_EXIT);
    assert_int_equal(stop.exit_code, 0);
    free(expected);
    fwsim_free(m);
}
