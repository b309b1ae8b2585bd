/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Features, a linear model over them, and its table. See prior.h.
 */
#include "infer/prior.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDE_BITS = 6,   /* so many stored bits are a value */
    NEAR = 8,        /* bytes to a neighbour */
    LINE_MAX_SIZE = 512
};

const fwsim__role fwsim__prior_roles[FWSIM__PRIOR_ROLES] = {
    FWSIM__ROLE_CONTROL, FWSIM__ROLE_STATUS, FWSIM__ROLE_DATA,
    FWSIM__ROLE_CONTROL_STATUS
};

static unsigned ones(uint32_t value)
{
    return (unsigned)__builtin_popcount(value);
}

static uint32_t feature(unsigned index, bool holds)
{
    return (uint32_t)holds << index;
}

/* ------------------------------------------------------------------ */
/* Features                                                             */
/* ------------------------------------------------------------------ */

/** Is there a register within @a distance bytes below that is waited for? */
static bool after_status(const fwsim__infer *f, const fwsim__cell *c,
                         uint64_t distance)
{
    for (uint32_t i = 0; i < f->st.cells; i++) {
        const fwsim__cell *other = &f->cell[i];

        if (other->area == c->area && other->addr < c->addr &&
            c->addr - other->addr <= distance &&
            (other->ones | other->zeros | other->contested))
            return true;
    }
    return false;
}

uint32_t fwsim__prior_features(const fwsim__infer *f, const fwsim__cell *c)
{
    bool once = c->writes && !c->plural;

    return feature(0, true) | feature(1, c->reads) | feature(2, c->writes) |
           feature(3, c->reads && !c->writes) |
           feature(4, c->writes && !c->reads) | feature(5, c->written_back) |
           feature(6, c->tested) | feature(7, c->tested & ~c->ever_set) |
           feature(8, c->stored) | feature(9, ones(c->stored) >= WIDE_BITS) |
           feature(10, c->compared) | feature(11, c->ones) |
           feature(12, c->zeros) | feature(13, c->contested) |
           feature(14, c->flags) | feature(15, c->busy) |
           feature(16, c->after_wait) | feature(17, once) |
           feature(18, c->handled) | feature(19, c->addressed) |
           feature(20, c->counting) | feature(21, c->width < 4) |
           feature(22, c->writes == 1) |
           feature(23, after_status(f, c, NEAR)) |
           feature(24, after_status(f, c, FWSIM__AREA_SIZE));
}

/* ------------------------------------------------------------------ */
/* Models                                                               */
/* ------------------------------------------------------------------ */

static int sum(const int16_t *weights, uint32_t features)
{
    int total = 0;

    for (uint32_t left = features; left; left &= left - 1)
        total += weights[__builtin_ctz(left)];
    return total;
}

fwsim__role fwsim__prior_role(const fwsim__prior *p, uint32_t features)
{
    unsigned best = 0;

    for (unsigned i = 1; i < FWSIM__PRIOR_ROLES; i++)
        if (sum(p->role[i], features) > sum(p->role[best], features))
            best = i;
    return fwsim__prior_roles[best];
}

/* ------------------------------------------------------------------ */
/* The file                                                             */
/* ------------------------------------------------------------------ */

static bool read_weights(char *text, int16_t *weights, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char *end;
        long w = strtol(text, &end, 10);

        if (end == text || w < INT16_MIN || w > INT16_MAX)
            return false;
        weights[i] = (int16_t)w;
        text = end;
    }
    return text[strspn(text, " \t\r\n")] == '\0';
}

static bool read_line(fwsim__prior *p, char *text)
{
    size_t name;

    text[strcspn(text, "#\n")] = '\0';
    text += strspn(text, " \t\r");
    name = strcspn(text, " \t\r");
    if (!name)
        return true;
    for (unsigned i = 0; i < FWSIM__PRIOR_ROLES; i++) {
        const char *role = fwsim__role_name(fwsim__prior_roles[i]);

        if (strlen(role) == name && strncmp(text, role, name) == 0)
            return read_weights(text + name, p->role[i],
                                FWSIM__PRIOR_FEATURES);
    }
    return false;
}

static int read_lines(fwsim__prior *out, FILE *file, unsigned *line)
{
    char text[LINE_MAX_SIZE];

    *out = (fwsim__prior){ .role = { { 0 } } };
    while (fgets(text, sizeof text, file)) {
        ++*line;
        if (!read_line(out, text))
            return FWSIM_EFORMAT;
    }
    return ferror(file) ? FWSIM_EIO : 0;
}

int fwsim__prior_read(fwsim__prior *out, const char *path, unsigned *line)
{
    FILE *file = fopen(path, "r");
    int err;

    *line = 0;
    if (!file)
        return errno == ENOENT ? FWSIM_ENOENT : FWSIM_EIO;
    err = read_lines(out, file, line);
    fclose(file);
    return err;
}

int fwsim__prior_parse(fwsim__prior *out, const char *text, size_t size,
                       unsigned *line)
{
    FILE *file = fmemopen((char *)text, size ? size : 1, "r");
    int err;

    *line = 0;
    if (!file)
        return FWSIM_ENOMEM;
    err = size ? read_lines(out, file, line) : FWSIM_EFORMAT;
    fclose(file);
    return err;
}
