/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The private keys of users, behind the public handle.
 */
#ifndef FWSIM_SIGNING_H
#define FWSIM_SIGNING_H

#include "bundle/key.h"
#include "fwsim_bundle.h"

fwsim__key *fwsim__signing_key(fwsim_key *key);

/** Read a public key from a file. */
int fwsim__public_key_open(fwsim__key **out, const char *path,
                           const fwsim__teller *t);

#endif
