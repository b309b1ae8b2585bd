/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions to the tables of an SVD file.
 */
#include "board/svd.h"

/** The next register of a peripheral, from @a i on, that contains an offset. */
static const fwsim__svd_register *from(const fwsim__svd *svd,
                                       const fwsim__svd_periph *p, size_t i,
                                       uint64_t offset)
{
    for (; i < p->reg + p->reg_count; i++) {
        const fwsim__svd_register *r = &svd->registers[i];

        if (r->offset > offset)
            break;
        if (offset - r->offset < r->width)
            return r;
    }
    return NULL;
}

const fwsim__svd_register *fwsim__svd_at(const fwsim__svd *svd, uint64_t addr,
                                         const fwsim__svd_register *after,
                                         const fwsim__svd_periph **periph)
{
    size_t begin = after ? (size_t)(after - svd->registers) + 1 : 0;

    for (size_t i = 0; i < svd->periph_count; i++) {
        const fwsim__svd_periph *p = &svd->periphs[i];
        const fwsim__svd_register *found;

        if (addr < p->base || addr - p->base >= p->size ||
            p->reg + p->reg_count <= begin)
            continue;
        found = from(svd, p, p->reg > begin ? p->reg : begin, addr - p->base);
        if (found) {
            if (periph)
                *periph = p;
            return found;
        }
    }
    return NULL;
}

fwsim__svd_driver fwsim__svd_driven_by(const fwsim__svd_field *f)
{
    if (f->access == FWSIM__SVD_READ_ONLY || f->read_action ||
        f->write == FWSIM__SVD_ONE_CLEARS ||
        f->write == FWSIM__SVD_ZERO_CLEARS ||
        f->write == FWSIM__SVD_WRITE_CLEARS)
        return FWSIM__SVD_HARDWARE;
    return f->access == FWSIM__SVD_WRITE_ONLY ? FWSIM__SVD_SOFTWARE
                                              : FWSIM__SVD_UNSAID;
}
