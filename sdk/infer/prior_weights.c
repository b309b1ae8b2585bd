/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Weights of the prior. Made by tests/prior/learn.py (target prior): do not
 * edit.
 */
#include "infer/prior.h"

/* clang-format off */
const fwsim__prior fwsim__prior_weights = {
    .role = { {
        /* control */
        62, 17, 77, -14, 45, 53, -25, -25, -3, -15, 0, -73, 4, -2, -9, -14,
        -31, 20, -11, 7, 17, -7, 2, -63, -18
    }, {
        /* status */
        -16, 11, -56, 40, -27, -63, 61, 30, -6, -15, -30, 19, 1, 0, 16, -7,
        -11, 8, 26, -3, -17, 7, -19, -6, -18
    }, {
        /* data */
        -11, -2, -14, 3, -9, -38, -49, -41, 33, 53, 9, -21, -2, 3, 5, 40, 29,
        -2, 27, -8, 3, 1, -17, 6, 24
    }, {
        /* control-status */
        -35, -25, -7, -28, -10, 48, 13, 35, -24, -22, 20, 75, -3, -1, -13,
        -19, 13, -26, -42, 4, -3, -2, 34, 63, 12
    } },
};
/* clang-format on */
