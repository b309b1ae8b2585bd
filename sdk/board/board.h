/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks of board descriptions, before a machine is made of one.
 */
#ifndef FWSIM_BOARD_H
#define FWSIM_BOARD_H

#include "fwsim.h"

/**
 * Check that a board's tables agree with themselves: no overlaps, no dangling
 * names, no number out of range.
 *
 * @param m  machine that keeps the text of the error; it needs no more than
 *           its options yet
 * @return 0; FWSIM_EBOARD with a text that names the rows; FWSIM_ENOMEM
 */
int fwsim__board_check(fwsim_machine *m, const fwsim_board *b);

#endif
