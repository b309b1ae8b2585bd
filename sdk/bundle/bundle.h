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

/** Read a payload whose signatures were checked into a zeroed handle.
 * @return as fwsim_bundle_open; the handle is to be freed also then */
int fwsim__bundle_payload_read(fwsim_bundle *b, fwsim__span payload,
                               const fwsim_trust *trust,
                               const fwsim__teller *teller);

/** A signed bundle in memory. Returns as fwsim_bundle_write. */
int fwsim__bundle_make(fwsim__bytes *out, const fwsim_bundle_info *info,
                       fwsim_key *key, const fwsim__teller *t);

#endif
