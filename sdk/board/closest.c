/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Did you mean": the closest of some names, by the number of letters that
 * were left out, added, replaced or swapped with their neighbour (the optimal
 * string alignment distance). Case does not count.
 */
#include "fwsim.h"

#include <ctype.h>
#include <string.h>

enum { LENGTH_MAX = 63 };

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/** Distance of two names of at most LENGTH_MAX letters. */
static unsigned distance(const char *a, const char *b)
{
    unsigned rows[3][LENGTH_MAX + 1];
    unsigned *before = rows[0], *last = rows[1], *row = rows[2];
    size_t n = strlen(b);

    for (size_t k = 0; k <= n; k++)
        last[k] = (unsigned)k;
    for (size_t i = 1; a[i - 1]; i++) {
        unsigned *oldest = before;

        row[0] = (unsigned)i;
        for (size_t k = 1; k <= n; k++) {
            unsigned replaced = last[k - 1] + !same(a[i - 1], b[k - 1]);

            row[k] = least(replaced, least(last[k], row[k - 1]) + 1);
            if (i > 1 && k > 1 && same(a[i - 1], b[k - 2]) &&
                same(a[i - 2], b[k - 1]))
                row[k] = least(row[k], before[k - 2] + 1);
        }
        before = last;
        last = row;
        row = oldest;
    }
    return last[n];
}

/** A part of a name is close, too: "microbit" for "bbc_microbit". */
static bool is_part(const char *part, const char *name)
{
    return strlen(part) >= 3 && strstr(name, part);
}

const char *fwsim_closest(const char *name, const char *const *names)
{
    /* One mistake in three letters. */
    unsigned best = (unsigned)strlen(name) / 3 + 1;
    const char *closest = NULL;

    if (strlen(name) > LENGTH_MAX)
        return NULL;
    for (; *names; names++) {
        unsigned d;

        if (strlen(*names) > LENGTH_MAX)
            continue;
        d = is_part(name, *names) ? 1 : distance(name, *names);
        if (d <= best && (!closest || d < best)) {
            best = d;
            closest = *names;
        }
    }
    return closest;
}
