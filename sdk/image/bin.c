/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw binaries: bytes, and an address that the caller knows.
 */
#include "image/image.h"

int fwsim__load_bin(fwsim__loader *l)
{
    l->img->placed = l->opt->has_base;
    return fwsim__loader_add(l, l->opt->has_base ? l->opt->base : 0, l->data,
                             l->size, false, 0);
}
