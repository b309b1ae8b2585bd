/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "roles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const role_names[ROLES] = { "CR", "SR", "DR", "C&SR", "none" };

/*
 * Our roles as P2IM's four categories: what software sets is control, what
 * hardware sets is status, what carries information is data. Registers that
 * set or clear single bits of an output are data there (BSRR, BRR).
 */
static const struct {
    const char *role;
    int category;
} mapping[] = {
    { "control", ROLE_CR },   { "set", ROLE_DR },
    { "clear", ROLE_DR },     { "address", ROLE_CR },
    { "count", ROLE_CR },     { "status", ROLE_SR },
    { "flags", ROLE_SR },     { "identity", ROLE_SR },
    { "data", ROLE_DR },      { "counter", ROLE_DR },
    { "control-status", ROLE_CSR },
};

static int category_of_role(const char *role)
{
    for (size_t i = 0; i < sizeof mapping / sizeof *mapping; i++)
        if (strcmp(mapping[i].role, role) == 0)
            return mapping[i].category;
    return ROLE_NONE;
}

static int category(const char *name)
{
    if (strcmp(name, "cr") == 0)
        return ROLE_CR; /* one row of P2IM's has it so */
    for (int i = 0; i < ROLE_NONE; i++)
        if (strcmp(role_names[i], name) == 0)
            return i;
    return ROLE_NONE;
}

static void add(roles_table *t, int truth, int said)
{
    t->cell[truth][said]++;
    t->all++;
    t->right += truth == said;
}

/* The category of a register in a run, or -1 when the run did not use it. */
static int said_by(const run_result *r, uint64_t addr)
{
    for (size_t i = 0; i < r->register_count; i++)
        if (r->registers[i].addr == addr)
            return category_of_role(r->registers[i].role);
    return -1;
}

/* Most say so; of equal ones the first in order of the categories. */
static int most(const size_t *votes)
{
    int best = 0;

    for (int i = 1; i < ROLES; i++)
        if (votes[i] > votes[best])
            best = i;
    return best;
}

static void compare_register(roles *out, const tsv *truth, size_t row,
                             const run_result *results, size_t count)
{
    const char *mcu = tsv_get(truth, row, "mcu");
    uint64_t addr = strtoull(tsv_get(truth, row, "address"), NULL, 16);
    int right = category(tsv_get(truth, row, "category"));
    size_t votes[ROLES] = { 0 }, voters = 0;

    for (size_t i = 0; i < count; i++) {
        int said = strcmp(results[i].image->mcu, mcu) == 0
                       ? said_by(&results[i], addr) : -1;

        if (said < 0)
            continue;
        add(&out->pairs, right, said);
        votes[said]++;
        voters++;
    }
    if (voters)
        add(&out->unique, right, most(votes));
}

bool roles_compare(roles *out, const char *folder, const run_result *results,
                   size_t count)
{
    char path[4096];
    tsv truth;

    *out = (roles){ .pairs = { .all = 0 } };
    snprintf(path, sizeof path, "%s/register_categories.tsv", folder);
    if (!tsv_read(&truth, path))
        return false;
    for (size_t row = 1; row < truth.rows; row++)
        compare_register(out, &truth, row, results, count);
    tsv_free(&truth);
    return true;
}
