/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DWARF of an image: what lines.c, unwind.c and debug.c share.
 */
#ifndef FWSIM_IMAGE_DWARF_H
#define FWSIM_IMAGE_DWARF_H

#include "image/image.h"

#ifdef FWSIM_WITH_DWARF

#include <elfutils/libdw.h>

struct fwsim__dwarf {
    Elf *elf;
    Dwarf *dwarf; /* NULL: the file has none */

    bool lines_read;
    bool dropped_at_0; /* lines at address 0 are of code that is not there */
    struct fwsim__dwarf_line *lines; /* in order of address */
    size_t line_count, line_capacity;

    bool frames_read;
    Dwarf_CFI *debug_frame; /* belongs to `dwarf`; may be NULL */
    Dwarf_CFI *eh_frame;    /* may be NULL */

    struct fwsim__debug *debug; /* NULL: not read, or there is none */
};

#endif

#endif
