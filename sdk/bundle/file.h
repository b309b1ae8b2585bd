/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the bundle code: read with a limit, written whole or not at all.
 */
#ifndef FWSIM_BUNDLE_FILE_H
#define FWSIM_BUNDLE_FILE_H

#include "bundle/cbor.h"
#include "bundle/refusal.h"

/** Read a file. The caller frees @a out->data.
 * @return 0; FWSIM_ENOENT, FWSIM_EIO, FWSIM_ENOSPC (above @a limit),
 *         FWSIM_ENOMEM, told */
int fwsim__file_read(fwsim__bytes *out, const char *path, size_t limit,
                     const fwsim__teller *t);

/** Write a file beside its place, then rename it. Mode 0644.
 * @return 0; FWSIM_EIO, FWSIM_ENOMEM, told */
int fwsim__file_write(const char *path, fwsim__span data,
                      const fwsim__teller *t);

/** Make a file that must not exist yet. @a mode  as for open(2)
 * @return 0; FWSIM_EACCES when it exists; FWSIM_EIO, told */
int fwsim__file_create(const char *path, unsigned mode, fwsim__span data,
                       const fwsim__teller *t);

#endif
