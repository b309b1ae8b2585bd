/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests of bundles have in common: a folder of their own, keys that they
 * make, a small bundle, and the last line that the log has said.
 */
#ifndef FWSIM_TEST_BUNDLES_H
#define FWSIM_TEST_BUNDLES_H

#include "support.h"

#include "fwsim_bundle.h"
#include "fwsim_repo.h"

/** Assert that a call returned 0; shows what the log has said. */
#define DONE(call)                                                             \
    do {                                                                       \
        if (call)                                                              \
            fail_msg("%s: %s", #call, last_log);                               \
    } while (0)

/** Assert that a call is refused with a code, and why. */
#define REFUSED(call, code, why)                                               \
    do {                                                                       \
        *last_log = '\0';                                                      \
        if ((call) != (code) || !strstr(last_log, why))                        \
            fail_msg("%s: %s", #call, last_log);                               \
    } while (0)

enum { NOW = 1800000000, DAY = 86400 };

extern char last_log[1024];
extern fwsim_level last_level;
void keep_log(const fwsim_log_entry *entry, void *user);

/** Set-up and tear-down of a group: a folder with the keys a, b and c
 * (NAME.key, NAME.pub). */
int bundles_set_up(void **state);
int bundles_tear_down(void **state);

/** A path in the folder of the test; good for 63 more calls. */
const char *at(const char *name);

void make_key(const char *name);
fwsim_key *open_key(const char *name);

/** Run a command of the shell, with %s for the folder; it must succeed. */
void shell(const char *command);
/** Is there a program of this name? Tells loudly when not. */
bool has_program(const char *name);

/** A whole file; the caller frees it. */
uint8_t *slurp(const char *path, size_t *size);
void spill(const char *path, const void *data, size_t size);

/** A bundle "test1" in version 3 with one part of models. */
extern const char bundle_models[];
fwsim_bundle_info some_info(void);
int write_bundle(const char *name, const fwsim_bundle_info *info,
                 const char *key_name);
/** Add a signature to a document. */
void sign(const char *name, const char *key_name);

/** Trust in public keys, at a time, with the file "seen". */
fwsim_trust *trust_in(const char *const *keys, unsigned threshold, uint64_t now);
fwsim_trust *trust_in_a(uint64_t now);
int open_with(fwsim_trust *trust, const char *name);

#endif
