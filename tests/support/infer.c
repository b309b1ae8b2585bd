/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "infer.h"

#include <stdio.h>

enum { ENOUGH = 200000 }; /* instructions to get done */

/* clang-format off */
const infer_guest infer_guests[] = {
    { "adc",      "generic_cortex_m4", .interrupts = true },
    { "alias",    "generic_cortex_m0plus" },
    { "bases",    "generic_cortex_m4" },
    { "bitband",  "generic_cortex_m3" },
    { "clock",    "generic_cortex_m3" },
    { "dma",      "generic_cortex_m3", .interrupts = true },
    { "events",   "generic_cortex_m3" },
    { "fifo",     "generic_cortex_m4" },
    { "flags",    "generic_cortex_m4" },
    { "flash",    "generic_cortex_m3" },
    { "hal",      "generic_cortex_m4", .interrupts = true },
    { "i2c",      "generic_cortex_m4" },
    { "ident",    "generic_cortex_m0plus",
      .gap = "a comparison by way of a sum" },
    { "idle",     "generic_cortex_m3", .interrupts = true },
    { "mux",      "generic_cortex_m0plus",
      .gap = "a status field that follows the select field" },
    { "rtos",     "generic_cortex_m3", .interrupts = true },
    { "secret",   "generic_cortex_m0plus",
      .gap = "a comparison in a loop whose outcomes both go on" },
    { "spi",      "generic_cortex_m4" },
    { "timer",    "generic_cortex_m3", .interrupts = true },
    { "triple",   "generic_cortex_m4", .interrupts = true,
      .gap = "registers that set and clear bits of another one" },
    { "uart",     "generic_cortex_m4" },
    { "uart_irq", "generic_cortex_m0plus", .interrupts = true,
      .gap = "registers that set and clear bits of another one" },
    { .name = NULL }
};
/* clang-format on */

const char *const infer_levels[] = { "0", "s", "2", NULL };

bool infer_left_out(const infer_guest *g)
{
    if (g->gap)
        print_message("KNOWN GAP, inf_%s is left out: %s\n", g->name, g->gap);
    return g->gap;
}

static void on_done(fwsim_machine *m, uint64_t pc, void *user)
{
    infer_run *r = user;

    (void)pc;
    if (!r->done_at) {
        r->done_at = fwsim_instructions(m);
        fwsim_request_stop(m);
    }
}

static void on_failed(fwsim_machine *m, uint64_t pc, void *user)
{
    infer_run *r = user;
    uint64_t lr;

    (void)pc;
    r->failed = true;
    OK(fwsim_cpu_read(m, "lr", &lr));
    fwsim_describe(m, lr & ~1ull, r->where, sizeof r->where);
    fwsim_request_stop(m);
}

static fwsim_board *board_for(const char *path, const char *name)
{
    fwsim_image *img = NULL;
    fwsim_board *board = NULL;
    fwsim_machine *m = NULL;

    OK(fwsim_image_open(&img, path, NULL));
    OK(fwsim_board_for_image(&board, fwsim_board_find(name), img, NULL));
    fwsim_image_free(img);
    return board;
}

static void hook(infer_run *r, const char *symbol, fwsim_code_fn fn)
{
    const fwsim_symbol *s = fwsim_symbol_find(r->m, symbol);

    if (s) /* the linker drops what nothing calls */
        assert_true(fwsim_on_code(r->m, s->addr, fn, r) > 0);
}

void infer_start(infer_run *r, const char *image, const char *board,
                 const fwsim_infer_options *opt)
{
    const fwsim_options options = { .policy = FWSIM_POLICY_IGNORE };
    fwsim_machine *m;
    char path[512];

    snprintf(path, sizeof path, "%s/%s.elf", FWSIM_TEST_FIRMWARE_DIR, image);
    *r = (infer_run){ .board = board_for(path, board) };
    m = r->m = new_machine(r->board, &options);
    OK(fwsim_load(m, path, NULL));
    OK(fwsim_infer_enable(m, opt));
    hook(r, "done", on_done);
    hook(r, "failed", on_failed);
}

void infer_start_guest(infer_run *r, const infer_guest *g, const char *level,
                       const fwsim_infer_options *opt)
{
    char image[64];

    snprintf(image, sizeof image, "inf_%s_o%s", g->name, level);
    infer_start(r, image, g->board, opt);
}

void infer_end(infer_run *r)
{
    fwsim_free(r->m);
    fwsim_board_free(r->board);
}

fwsim_stop_reason infer_go(infer_run *r, uint64_t instructions)
{
    const fwsim_limit limit = { instructions, FWSIM_S(1) };
    fwsim_machine *m = r->m;
    fwsim_stop stop;

    OK(fwsim_run(m, &limit, &stop));
    return stop.reason;
}

bool infer_gets_done(infer_run *r, const char *what)
{
    uint64_t pc = 0;
    fwsim_machine *m = r->m;

    infer_go(r, ENOUGH);
    if (r->done_at && !r->failed)
        return true;
    OK(fwsim_cpu_read(m, "pc", &pc));
    if (!r->failed)
        fwsim_describe(m, pc, r->where, sizeof r->where);
    print_error("%s: %s %s\n", what,
                r->failed ? "has failed, called by" : "is not done, but at",
                r->where);
    return false;
}
