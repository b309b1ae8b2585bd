/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Roles of registers beside the truth of a corpus, register_categories.tsv.
 */
#ifndef SCORE_ROLES_H
#define SCORE_ROLES_H

#include "run.h"

/** P2IM's categories; NONE: a register of which inference says nothing. */
enum { ROLE_CR, ROLE_SR, ROLE_DR, ROLE_CSR, ROLE_NONE, ROLES };

/** "CR", "SR", "DR", "C&SR", "none" */
extern const char *const role_names[ROLES];

/** Rows are the truth, columns what inference says. */
typedef struct roles_table {
    size_t cell[ROLES][ROLES];
    size_t right, all;
} roles_table;

typedef struct roles {
    roles_table pairs;  /* of firmware and register */
    roles_table unique; /* registers, as most firmware of them shows */
} roles;

/**
 * Compare what the runs say with a corpus' truth.
 * @return false when there is no truth (after a message)
 */
bool roles_compare(roles *out, const char *folder, const run_result *results,
                   size_t count);

#endif
