/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "looks.h"

#include <stdlib.h>

#include "clock.h"
#include "infer/look.h"

/* The program's own; the library has no state like this. */
static uint64_t *looks;
static size_t look_count;

static void keep(uint64_t ns)
{
    static size_t look_capacity;

    if (look_count == look_capacity) {
        size_t capacity = look_capacity ? 2 * look_capacity : 4096;
        uint64_t *grown = realloc(looks, capacity * sizeof *looks);

        if (!grown)
            return;
        looks = grown;
        look_capacity = capacity;
    }
    looks[look_count++] = ns;
}

/* The linker leads calls of fwsim__look here (--wrap). Time of the processor:
 * other programs run as well. */
void __real_fwsim__look(const fwsim__look_world *world,
                        const fwsim__look_read *read, fwsim__look_result *out);
void __wrap_fwsim__look(const fwsim__look_world *world,
                        const fwsim__look_read *read, fwsim__look_result *out);

void __wrap_fwsim__look(const fwsim__look_world *world,
                        const fwsim__look_read *read, fwsim__look_result *out)
{
    uint64_t begin = clock_own_ns();

    __real_fwsim__look(world, read, out);
    keep(clock_own_ns() - begin);
}

static int by_length(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

size_t looks_count(void)
{
    return look_count;
}

uint64_t looks_ns(unsigned per_mille)
{
    if (!look_count)
        return 0;
    qsort(looks, look_count, sizeof *looks, by_length);
    return looks[(look_count - 1) * per_mille / 1000];
}
