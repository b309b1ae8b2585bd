/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of the identification registers that blocks of Arm end with: PID4 to
 * PID7, PID0 to PID3 and CID0 to CID3, one byte each.
 *
 * Source: Arm DDI 0479, the tables of registers.
 */
#ifndef FWSIM_CMSDK_ID_H
#define FWSIM_CMSDK_ID_H

#include "fwsim_periph.h"

/** @param part, revision  PID0 and PID2; the designer is Arm */
#define CMSDK_ID_ROWS(part, revision)                                          \
    { "PID4", 0xfd0, .reset = 0x04 }, { "PID5", 0xfd4, .reset = 0 },           \
    { "PID6", 0xfd8, .reset = 0 }, { "PID7", 0xfdc, .reset = 0 },              \
    { "PID0", 0xfe0, .reset = (part) }, { "PID1", 0xfe4, .reset = 0xb8 },      \
    { "PID2", 0xfe8, .reset = (revision) }, { "PID3", 0xfec, .reset = 0 },     \
    { "CID0", 0xff0, .reset = 0x0d }, { "CID1", 0xff4, .reset = 0xf0 },        \
    { "CID2", 0xff8, .reset = 0x05 }, { "CID3", 0xffc, .reset = 0xb1 }

#endif
