/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "call.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cm.h"

static char *image(const char *core, char *buf, size_t size)
{
    snprintf(buf, size, "%s/call_%s.elf", FWSIM_TEST_FIRMWARE_DIR, core);
    return buf;
}

static const fwsim_board *board(const char *core)
{
    if (strcmp(core, "m0") == 0)
        return cm_board("cortex-m0");
    if (strcmp(core, "m4f") == 0)
        return cm_board("cortex-m4f");
    return fwsim_board_find("virt");
}

const char *const *call_cores(void)
{
    static const char *const all[] = { "m0", "m4f", "a64", NULL };
    static const char *const cortex_m[] = { "m0", "m4f", NULL };
    fwsim_machine *m = NULL;
    char path[512];

    if (access(image("a64", path, sizeof path), R_OK) != 0) {
        print_message("NOT TESTED ON AARCH64: no aarch64-linux-gnu-gcc\n");
        return cortex_m;
    }
    if (fwsim_new(&m, board("a64"), NULL) == FWSIM_ECPU) {
        print_message("NOT TESTED ON AARCH64: this Unicorn is too old\n");
        return cortex_m;
    }
    fwsim_free(m);
    return all;
}

fwsim_machine *call_loaded(const char *core, const fwsim_options *opt)
{
    fwsim_machine *m = new_machine(board(core), opt);
    char path[512];

    OK(fwsim_load(m, image(core, path, sizeof path), NULL));
    return m;
}

fwsim_machine *call_booted(const char *core, const fwsim_options *opt)
{
    fwsim_machine *m = call_loaded(core, opt);
    fwsim_stop stop;
    int64_t loops = 0;

    OK(fwsim_run(m, &(fwsim_limit){ .instructions = 40000 }, &stop));
    OK(fwsim_var_get(m, "loops", &loops));
    assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
    assert_true(loops > 0);
    return m;
}
