/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What subjects of the API keep beside a machine, without the machine knowing
 * their names: one piece of memory a kind, freed with the machine.
 */
#include "machine/machine.h"

#include <stdlib.h>

typedef struct fwsim__attached {
    const fwsim__attachment *kind;
    struct fwsim__attached *next;
    max_align_t data[];
} attached;

void *fwsim__attached(const fwsim_machine *m, const fwsim__attachment *kind)
{
    for (attached *a = m->attached; a; a = a->next)
        if (a->kind == kind)
            return a->data;
    return NULL;
}

void *fwsim__attach(fwsim_machine *m, const fwsim__attachment *kind)
{
    void *data = fwsim__attached(m, kind);
    attached *a;

    if (data)
        return data;
    a = calloc(1, sizeof *a + kind->size);
    if (!a) {
        fwsim__error(m, FWSIM_ENOMEM, "no memory for %s", kind->name);
        return NULL;
    }
    a->kind = kind;
    a->next = m->attached;
    m->attached = a;
    return a->data;
}

void fwsim__attached_free(fwsim_machine *m)
{
    while (m->attached) {
        attached *a = m->attached;

        m->attached = a->next;
        if (a->kind->destroy)
            a->kind->destroy(a->data);
        free(a);
    }
}
