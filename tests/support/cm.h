/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bare boards, one for each core of the M profile, and the guests cm_*.c that
 * run on them: flash at 0 and 256 KB of RAM at 0x20000000 (Cortex-M33: where
 * QEMU's mps2-an505 has its secure memory), 32 interrupts, and a test device
 * that raises one of the first 8 interrupts when it is told to.
 */
#ifndef FWSIM_TEST_CM_H
#define FWSIM_TEST_CM_H

#include "fwsim.h"

/** The core's name is fwsim's; "cortex-m4f" and the like. */
const fwsim_board *cm_board(const char *core);

/** Path of a guest's image for a core. @return @a buf */
char *cm_image(const char *guest, const char *core, char *buf, size_t size);

/** A machine with semihosting and faults delivered, the guest loaded.
 * @param opt  NULL: none but these two */
fwsim_machine *cm_machine(const char *guest, const char *core,
                          const fwsim_options *opt);

/** What the guest has printed. */
const char *cm_output(fwsim_machine *m);

/** Run the guest to its end, and assert exit code 0 and its output: texts one
 * after the other. */
#define cm_expect(guest, core, ...)                                            \
    cm_expect_parts(guest, core, (const char *const[]){__VA_ARGS__, NULL})
void cm_expect_parts(const char *guest, const char *core,
                     const char *const *parts);

/** Assert that two texts are equal; shows the first line that differs. */
void cm_assert_text(const char *title, const char *text, const char *expected);

#endif
