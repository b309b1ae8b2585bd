/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer: edges of the firmware are extra counters, which it clears and reads
 * around each run; operands of comparisons go to its tables of recent ones,
 * through the functions that instrumented code calls.
 */
#include "fwsim_fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAP_SIZE = 1 << 16, MANY = 16 };

static uint8_t counters[MAP_SIZE]
    __attribute__((section("__libfuzzer_extra_counters"), used));

/* Part of libFuzzer; absent where a harness is linked without it. */
void __sanitizer_cov_trace_cmp2(uint16_t a, uint16_t b) __attribute__((weak));
void __sanitizer_cov_trace_cmp4(uint32_t a, uint32_t b) __attribute__((weak));
void __sanitizer_cov_trace_cmp8(uint64_t a, uint64_t b) __attribute__((weak));
void __sanitizer_weak_hook_memcmp(void *pc, const void *a, const void *b,
                                  size_t size, int result)
    __attribute__((weak));

static void put(const char *line, void *user)
{
    fprintf(user, "%s\n", line);
}

static void compared(const uint8_t *a, const uint8_t *b, size_t size,
                     void *user)
{
    uint64_t x = 0, y = 0;

    (void)user;
    if (size > sizeof x || (size & (size - 1)) || size < 2) {
        if (__sanitizer_weak_hook_memcmp)
            __sanitizer_weak_hook_memcmp(NULL, a, b, size, 1);
        return;
    }
    for (size_t i = 0; i < size; i++) {
        x |= (uint64_t)a[i] << 8 * i;
        y |= (uint64_t)b[i] << 8 * i;
    }
    if (size == 2 && __sanitizer_cov_trace_cmp2)
        __sanitizer_cov_trace_cmp2((uint16_t)x, (uint16_t)y);
    else if (size == 4 && __sanitizer_cov_trace_cmp4)
        __sanitizer_cov_trace_cmp4((uint32_t)x, (uint32_t)y);
    else if (size == 8 && __sanitizer_cov_trace_cmp8)
        __sanitizer_cov_trace_cmp8(x, y);
}

static void failed(fwsim_fuzz *f, int err)
{
    fprintf(stderr, "fwsim: %s: %s\n", fwsim_strerror(err),
            fwsim_errmsg(fwsim_fuzz_machine(f)));
    exit(EXIT_FAILURE);
}

static void begin(fwsim_fuzz *f)
{
    int err = fwsim_fuzz_map_set(f, counters, sizeof counters);

    if (err)
        failed(f, err);
    fwsim_fuzz_on_compare(f, compared, NULL);
}

/** libFuzzer would blame the input for the memory that runs out. */
static void notice_leak(const fwsim_fuzz *f)
{
    static const fwsim_fuzz *seen[MANY];
    static size_t count;

    for (size_t i = 0; i < count; i++)
        if (seen[i] == f)
            return;
    if (count == MANY)
        return;
    seen[count++] = f;
    if (count == MANY)
        fprintf(stderr, "fwsim: the harness has used %d different fwsim_fuzz. "
                        "Does it leak one, with its machine, in each run? Make "
                        "it in LLVMFuzzerInitialize, or free both\n", MANY);
}

int fwsim_fuzz_one(fwsim_fuzz *f, const uint8_t *data, size_t size)
{
    static bool told;
    fwsim_fuzz_result result;
    int err;

    notice_leak(f);
    begin(f); /* each time: a harness may make a new one at the same place */
    err = fwsim_fuzz_run(f, data, size, &result);
    if (err == FWSIM_ENOSPC) {
        if (!told)
            fprintf(stderr, "fwsim: %s; such inputs are left out\n",
                    fwsim_errmsg(fwsim_fuzz_machine(f)));
        told = true;
        return -1;
    }
    if (err)
        failed(f, err);
    if (result.finding) {
        fprintf(stderr, "==fwsim== ");
        fwsim_fuzz_report(f, &result, put, stderr);
        abort();
    }
    return 0;
}
