/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Physical quantities that models sense (inputs) and show (outputs).
 */
#include "machine/machine.h"

#include <assert.h>
#include <string.h>

static int quantity_find(const fwsim_quantity *table, const char *name)
{
    for (int i = 0; table && table[i].name; i++)
        if (strcmp(table[i].name, name) == 0)
            return i;
    return -1;
}

/** Find peripheral and quantity by name, for host side calls. */
static int look_up(fwsim_machine *m, const char *periph, const char *name,
                   bool input, fwsim_periph **p)
{
    int index;

    *p = fwsim__periph_find(m, periph);
    if (!*p)
        return fwsim__error(m, FWSIM_ENOENT, "%s: no such peripheral on %s",
                            periph, m->board->name);
    index = quantity_find(input ? (*p)->type->inputs : (*p)->type->outputs,
                          name);
    if (index < 0)
        return fwsim__error(m, FWSIM_ENOENT, "%s (%s) has no %s '%s'", periph,
                            (*p)->type->name, input ? "input" : "output", name);
    return index;
}

int fwsim__input_find(fwsim_machine *m, const char *periph, const char *input,
                      fwsim_periph **p)
{
    return look_up(m, periph, input, true, p);
}

void fwsim__input_put(fwsim_periph *p, unsigned index, int32_t value)
{
    p->inputs[index] = value;
    if (p->type->on_input)
        p->type->on_input(p, index);
}

int fwsim_input_set(fwsim_machine *m, const char *periph, const char *input,
                    int32_t value)
{
    const fwsim_quantity *q;
    fwsim_periph *p;
    int index = look_up(m, periph, input, true, &p);

    if (index < 0)
        return index;
    q = &p->type->inputs[index];
    if (value < q->min || value > q->max)
        return fwsim__error(m, FWSIM_ERANGE, "%s: %s %ld is not in %ld..%ld %s",
                            periph, input, (long)value, (long)q->min,
                            (long)q->max, q->unit ? q->unit : "");
    fwsim__input_put(p, (unsigned)index, value);
    return 0;
}

int fwsim_output_get(fwsim_machine *m, const char *periph, const char *output,
                     int32_t *value)
{
    fwsim_periph *p;
    int index = look_up(m, periph, output, false, &p);

    if (index < 0)
        return index;
    assert(p->type->output);
    *value = p->type->output(p, (unsigned)index);
    return 0;
}

int32_t fwsim_input(const fwsim_periph *p, unsigned index)
{
    assert(p->type->inputs && p->type->inputs[index].name);
    return p->inputs[index];
}
