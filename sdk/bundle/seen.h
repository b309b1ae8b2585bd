/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last versions that were seen, so that nobody can offer an old document
 * as the newest: a text file with a line "role name version" each.
 */
#ifndef FWSIM_SEEN_H
#define FWSIM_SEEN_H

#include "bundle/document.h"

/** The version of a name that was seen last.
 * @param path  NULL: none is kept
 * @return 0, with 0 for a name that was never seen; FWSIM_EIO, FWSIM_EFORMAT,
 *         FWSIM_ENOSPC, FWSIM_ENOMEM, told */
int fwsim__seen_get(const char *path, fwsim_key_role role, fwsim__span name,
                    uint64_t *version, const fwsim__teller *t);

/** Note a version, unless a newer one is noted. Safe with other processes. */
int fwsim__seen_put(const char *path, fwsim_key_role role, fwsim__span name,
                    uint64_t version, const fwsim__teller *t);

/** Is it older than what was seen? @return 0; FWSIM_EACCES; as above */
int fwsim__seen_check(const char *path, fwsim_key_role role,
                      const fwsim__head *head, const fwsim__teller *t);

#endif
