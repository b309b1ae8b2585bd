/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an SVD file says, as register models of the weakest source: names,
 * reset values, access rights, interrupt lines, and hints where the file is
 * explicit about side effects.
 */
#ifndef FWSIM_MODEL_SVD_H
#define FWSIM_MODEL_SVD_H

#include "board/svd.h"
#include "infer/model.h"

/**
 * Of alternates the first in the file is taken.
 *
 * @param out  out: the models, to free; NULL after an error
 * @return 0; FWSIM_ENOMEM
 */
int fwsim__models_from_svd(fwsim__models **out, const fwsim__svd *svd);

#endif
