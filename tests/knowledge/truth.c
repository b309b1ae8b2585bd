/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the SVD of a chip says of a block, and whether a candidate says the
 * same: register by register, by name. Chips of a family share their blocks,
 * and one UART is as good as the other, so the name of the chip and the number
 * of the peripheral do not matter.
 */
#include "identify.h"
#include "infer/model_svd.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool truth_open(truth *t, const char *path)
{
    const fwsim__text_source source = { .name = path };
    fwsim__svd *svd;
    int err = fwsim__svd_read(&svd, &source);

    *t = (truth){ 0 };
    if (err) {
        fprintf(stderr, "fwsim_identify: %s: %s\n", path, fwsim_strerror(err));
        return false;
    }
    err = fwsim__models_from_svd(&t->models, svd);
    fwsim__svd_free(svd);
    return !err;
}

void truth_free(truth *t)
{
    fwsim__models_free(t->models);
    *t = (truth){ 0 };
}

static const fwsim__register *register_of(const truth *t, uint64_t addr,
                                          const fwsim__periph_model **periph)
{
    const fwsim__periph_model *p = fwsim__models_at(t->models, addr);
    size_t i;

    *periph = p;
    if (!p)
        return NULL;
    i = fwsim__models_registers_from(p, (uint32_t)(addr - p->base) + 1);
    if (!i || addr - p->base - p->registers[i - 1].offset >=
                  p->registers[i - 1].width)
        return NULL;
    return &p->registers[i - 1];
}

unsigned truth_at(const truth *t, const fwsim__asked_block *b, char *name,
                  size_t size)
{
    unsigned used = 0, most = 0;

    *name = '\0';
    for (size_t i = 0; i < b->count; i++) {
        const fwsim__periph_model *p, *q;
        unsigned same = 0;

        if (!register_of(t, b->base + b->registers[i].offset, &p))
            continue;
        used++;
        for (size_t n = 0; n < b->count; n++)
            same += register_of(t, b->base + b->registers[n].offset, &q) &&
                    q == p;
        if (same > most) {
            most = same;
            snprintf(name, size, "%s", p->name);
        }
    }
    return used;
}

/** A name without the peripheral's before it: UART1_CR is CR. */
static const char *plain(const char *name, const char *periph)
{
    size_t n = strcspn(name, "_");
    size_t letters = 0;

    while (periph && isalpha((unsigned char)periph[letters]))
        letters++;
    return name[n] && n && letters >= 2 && !strncmp(name, periph, letters) &&
                   n >= letters
               ? name + n + 1
               : name;
}

bool truth_agrees(const truth *t, const fwsim__asked_block *b,
                  const fwsim_knowledge *k, uint32_t layout)
{
    const fwsim__know_layout *l = &k->layouts[layout];
    const fwsim__know_place *place = &k->places[l->place - 1];
    const char *other_periph = fwsim__know_periph(k, place, b)->name;
    unsigned used = 0, same = 0;

    for (size_t i = 0; i < b->count; i++) {
        uint32_t offset = b->registers[i].offset;
        const fwsim__periph_model *p;
        const fwsim__register *r = register_of(t, b->base + offset, &p);

        if (!r)
            continue;
        used++;
        for (uint32_t n = 0; n < l->reg_count; n++) {
            const fwsim__know_register *x = &k->registers[l->reg + n];

            if (offset >= x->offset && offset < x->offset + x->model->width)
                same += x->model->name && r->name &&
                        !strcmp(plain(x->model->name, other_periph),
                                plain(r->name, p->name));
        }
    }
    return used && same * 4 >= used * 3;
}
