/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CAN: frames between the firmware and the test program, which is the other
 * nodes of the bus. It acknowledges every frame, and never disturbs one. The
 * conventions of fwsim.h hold; `can` is the slot of a controller.
 */
#ifndef FWSIM_CAN_H
#define FWSIM_CAN_H

#include "fwsim.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A frame of classical CAN. */
typedef struct fwsim_can_frame {
    uint32_t id;     /**< 11 bits, or 29 when extended */
    bool extended;
    bool remote;     /**< asks for data and has none */
    uint8_t dlc;     /**< bytes of data, 0 to 8 */
    uint8_t data[8]; /**< those beyond dlc, and of a remote frame, are 0 */
} fwsim_can_frame;

/**
 * Send a frame to the firmware. Frames are queued and arrive one by one, each
 * after the time that it takes at the bit rate the firmware has set (without
 * stuff bits); they wait while its controller is not on the bus. What its
 * filters refuse is lost, as on the bus. Legal in a callback.
 *
 * @return 0; FWSIM_ENOENT for a slot that is no CAN controller; FWSIM_ERANGE
 *         for a frame that there cannot be; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_can_send(fwsim_machine *m, const char *can,
                             const fwsim_can_frame *frame);

/** Frames sent that have not arrived yet; 0 for an unknown slot. */
FWSIM_API size_t fwsim_can_pending(fwsim_machine *m, const char *can);

/** The @a index-th frame that the firmware has sent since the machine was made.
 * Not part of a snapshot. Legal in a callback.
 * @return false when there is none (yet), and for an unknown slot */
FWSIM_API bool fwsim_can_output(fwsim_machine *m, const char *can, size_t index,
                                fwsim_can_frame *frame);

/**
 * Run until the firmware has sent this frame, equal in all fields. An
 * expectation, with the rules of fwsim_expect.h; frames are consumed as output
 * of a UART is.
 * @return also FWSIM_ERANGE for a frame that there cannot be
 */
FWSIM_API int fwsim_can_expect(fwsim_machine *m, const char *can,
                               const fwsim_can_frame *frame,
                               uint64_t timeout_ns);

typedef void (*fwsim_can_fn)(fwsim_machine *m, const char *can,
                             const fwsim_can_frame *frame, void *user);

/** Hear each frame that the firmware has sent, when it is complete. Stays for
 * the machine's life. The callback may send frames. */
FWSIM_API int fwsim_on_can(fwsim_machine *m, const char *can, fwsim_can_fn fn,
                           void *user);

#ifdef __cplusplus
}
#endif

#endif
