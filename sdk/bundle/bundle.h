/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bundles inside sdk/: the handle, for those who use what is in one.
 */
#ifndef FWSIM_BUNDLE_READ_H
#define FWSIM_BUNDLE_READ_H

#include "bundle/parts.h"

struct fwsim_bundle {
    fwsim_bundle_info info;
    fwsim_part parts[FWSIM_BUNDLE_PARTS_MAX];
    fwsim_signer signers[16];
    fwsim__contents contents;
    char *texts;     /* the strings of info and parts, one after the other */
    uint8_t *bytes;  /* the file, which the data of the parts is in */
};

/** A signed bundle in memory. Returns as fwsim_bundle_write. */
int fwsim__bundle_make(fwsim__bytes *out, const fwsim_bundle_info *info,
                       fwsim_key *key, const fwsim__teller *t);

#endif
