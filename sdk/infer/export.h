/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the tables of the engine and register models (model.h).
 */
#ifndef FWSIM_EXPORT_H
#define FWSIM_EXPORT_H

#include "infer/infer.h"

/** What the engine believes, with reasons. The caller frees it. NULL: no
 * memory */
fwsim__models *fwsim__infer_export(const fwsim__infer *f);

/** Take models over: they win over what will be inferred. @a models stays the
 * caller's. @return 0 or FWSIM_ENOMEM */
int fwsim__infer_import(fwsim__infer *f, const fwsim__models *models);

#endif
