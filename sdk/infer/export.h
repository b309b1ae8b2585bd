/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the tables of the engine and register models (model.h).
 */
#ifndef FWSIM_EXPORT_H
#define FWSIM_EXPORT_H

#include "infer/infer.h"

/* export.c ----------------------------------------------------------- */

/** What the engine believes, with reasons. The caller frees it. NULL: no
 * memory */
fwsim__models *fwsim__infer_export(const fwsim__infer *f);

/** The register of a file at an address; NULL: none. */
const fwsim__register *fwsim__infer_named(const fwsim__infer *f, uint64_t addr);

/* export_sites.c ----------------------------------------------------- */

/** Add the sites to peripherals that have their registers. @return false: no
 * memory */
bool fwsim__infer_put_sites(const fwsim__infer *f, fwsim__models *models);

/* export_events.c ---------------------------------------------------- */

/** Add the lines whose handlers use an area. NULL for @a p: no memory.
 * @return false: no memory */
bool fwsim__infer_put_events(const fwsim__infer *f, const fwsim__area *a,
                             fwsim__periph_model *p);

/* export_known.c ----------------------------------------------------- */

/** What of the loaded models is to be kept. The caller frees it. NULL: no
 * memory */
fwsim__models *fwsim__infer_known(const fwsim__infer *f);

/* import.c ----------------------------------------------------------- */

/** Take models over: they win over what will be inferred. What an SVD says is
 * a hint, and waits for the first use of its register. @a models stays the
 * caller's. @return 0 or FWSIM_ENOMEM */
int fwsim__infer_import(fwsim__infer *f, const fwsim__models *models);

/* load.c ------------------------------------------------------------- */

/** Read the files of the options and take them over. @return as
 * fwsim_infer_enable, which is told */
int fwsim__infer_load(fwsim__infer *f, const fwsim_infer_options *opt);

#endif
