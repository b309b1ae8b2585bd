/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in the parts of a bundle: texts in the formats of files.
 */
#ifndef FWSIM_BUNDLE_PARTS_H
#define FWSIM_BUNDLE_PARTS_H

#include "bundle/board_part.h"
#include "bundle/cbor.h"
#include "bundle/refusal.h"
#include "fwsim_bundle.h"
#include "infer/prior.h"

/** All parts of a bundle, read. */
typedef struct fwsim__contents {
    fwsim__models *models;    /* of all parts with models or names */
    fwsim__prior *weights;    /* NULL: none */
    fwsim__board_part *board; /* NULL: none */
} fwsim__contents;

/** The kind of a name; FWSIM_PART_KINDS: none. */
fwsim_part_kind fwsim__part_kind(fwsim__span name);

/** Read all parts. @return 0; FWSIM_EFORMAT, FWSIM_ENOTSUP, FWSIM_ENOMEM, told;
 * the contents are to be freed also then */
int fwsim__contents_read(fwsim__contents *out, const fwsim_bundle_info *info,
                         const fwsim__teller *t);
void fwsim__contents_free(fwsim__contents *c);

#endif
