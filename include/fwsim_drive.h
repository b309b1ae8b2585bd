/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Driving a machine over time: courses of values for inputs and pins, in
 * virtual time.
 *
 *     const fwsim_point ramp[] = { { 0, 0 }, { FWSIM_MS(100), 3000000 } };
 *
 *     fwsim_input_play(m, "adc", "p0.03", &(fwsim_course){
 *         .points = ramp, .count = 2, .step_ns = FWSIM_MS(1) });
 *
 * A course is part of the world around the chip: it goes on over resets. Where
 * it stands is part of a snapshot. After going back to a moment at which a
 * course was playing it goes on as it did then, as long as the machine still
 * knows it: until another one is played on the same input or pin. A snapshot
 * from a file goes on with courses that were played at the same moment of
 * virtual time. The conventions of fwsim.h hold.
 */
#ifndef FWSIM_DRIVE_H
#define FWSIM_DRIVE_H

#include "fwsim.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A value from a moment on. */
typedef struct fwsim_point {
    uint64_t time_ns; /**< since the course began */
    int32_t value;    /**< in the unit of the input; for pins a fwsim_drive */
} fwsim_point;

/** Values over time. */
typedef struct fwsim_course {
    const fwsim_point *points; /**< each later than the one before; copied */
    size_t count;              /**< at least 1 */
    /** Begin again after this time; later than the last point. 0: the last
     * value stays. */
    uint64_t repeat_ns;
    /** Between two points the value changes evenly, with a new value at this
     * distance. 0: it jumps at the points. Inputs only. */
    uint64_t step_ns;
} fwsim_course;

/**
 * Play a course on an input of a model (fwsim_input_set), from now on. It takes
 * the place of the one that is playing there. fwsim_input_set in the meantime
 * holds until the next value of the course. Not legal in a callback.
 *
 * @param course  NULL: end the one that is playing; the value stays
 * @return 0; FWSIM_ENOENT; FWSIM_EINVAL for a course that is none; FWSIM_ERANGE
 *         for a value outside the input's range; FWSIM_EBUSY; FWSIM_ENOSPC when
 *         200 others are in use; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_input_play(fwsim_machine *m, const char *periph,
                               const char *input, const fwsim_course *course);

/** The same on a pin (fwsim_pin_set): presses of a button, a clock. */
FWSIM_API int fwsim_pin_play(fwsim_machine *m, const char *pin,
                             const fwsim_course *course);

#ifdef __cplusplus
}
#endif

#endif
