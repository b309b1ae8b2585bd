/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The peripheral models of the library, one line each, in order of name.
 * SoC and board tables include this; models do not include each other.
 */
#ifndef FWSIM_PERIPHERALS_H
#define FWSIM_PERIPHERALS_H

#include "fwsim_periph.h"

#endif
