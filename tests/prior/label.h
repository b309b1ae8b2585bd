/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a vendor's SVD file says of a register or a bit, as labels to learn
 * from.
 */
#ifndef PRIOR_LABEL_H
#define PRIOR_LABEL_H

#include "board/svd.h"

/** "control", "status", "data", "control-status"; NULL: not said. */
const char *label_register(const fwsim__svd *svd, uint64_t addr);

/** What it means that a bit has changed: 1 something is ready, -1 something
 * went wrong, 0: not said. */
int label_bit(const fwsim__svd *svd, uint64_t addr, unsigned bit, bool set);

#endif
