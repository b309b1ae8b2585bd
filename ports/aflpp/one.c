/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One input, under afl-fuzz or from a file. */
#include "aflpp.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

uint8_t *aflpp_map;
aflpp_run aflpp_last;
bool aflpp_tells;

/* afl-fuzz puts the number of the signal into the name of what it saves. */
int fwsim_fuzz_signal(fwsim_verdict verdict)
{
    switch (verdict) {
    case FWSIM_VERDICT_LOCKUP:
        return SIGBUS;
    case FWSIM_VERDICT_STACK_OVERFLOW:
        return SIGUSR1;
    case FWSIM_VERDICT_FLASH_WRITE:
        return SIGUSR2;
    case FWSIM_VERDICT_RAM_EXECUTION:
        return SIGILL;
    case FWSIM_VERDICT_ASSERT:
        return SIGABRT;
    case FWSIM_VERDICT_BREAKPOINT:
        return SIGTRAP;
    case FWSIM_VERDICT_TIMEOUT:
        return SIGALRM;
    case FWSIM_VERDICT_BUDGET:
        return SIGXCPU;
    default:
        return SIGSEGV;
    }
}

static void put(const char *line, void *user)
{
    fprintf(user, "%s\n", line);
}

static void failed(fwsim_fuzz *f, int err)
{
    fprintf(stderr, "fwsim: %s: %s\n", fwsim_strerror(err),
            fwsim_errmsg(fwsim_fuzz_machine(f)));
    exit(2);
}

int fwsim_fuzz_one(fwsim_fuzz *f, const uint8_t *data, size_t size)
{
    fwsim_fuzz_result result;
    int err = 0;

    /* Each time: a harness may make a new one at the same place. */
    if (aflpp_map)
        err = fwsim_fuzz_map_set(f, aflpp_map, AFLPP_MAP_SIZE);
    if (!err)
        err = fwsim_fuzz_run(f, data, size, &result);
    if (err == FWSIM_ENOSPC) {
        aflpp_last = (aflpp_run){ .too_long = true };
        if (aflpp_tells)
            fprintf(stderr, "fwsim: %s\n", fwsim_errmsg(fwsim_fuzz_machine(f)));
        return -1;
    }
    if (err)
        failed(f, err);
    aflpp_last = (aflpp_run){ .verdict = result.verdict,
                              .finding = result.finding };
    if (result.finding && aflpp_tells)
        fwsim_fuzz_report(f, &result, put, stderr);
    return 0;
}
