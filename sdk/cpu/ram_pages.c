/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of the pages of RAM; memories that show the same bytes share them. */
#include "cpu/ram_pages.h"

#include <stdlib.h>

enum { PATIENCE_MAX = 16 };

#define COMPARES_MIN 256u

int fwsim__ram_pages_make(fwsim__ram_pages *r, fwsim_machine *m,
                          unsigned page_size)
{
    r->m = m;
    r->page_size = page_size;
    r->of = calloc(m->mem_count + 1, sizeof *r->of);
    if (!r->of)
        return FWSIM_ENOMEM;
    for (size_t i = 0; i < m->mem_count; i++)
        if (m->mems[i].owned && m->mems[i].desc->kind == FWSIM_MEM_RAM) {
            r->of[i] = calloc(m->mems[i].size / page_size + 1,
                              sizeof *r->of[i]);
            if (!r->of[i])
                return FWSIM_ENOMEM;
        }
    for (size_t i = 0; i < m->mem_count; i++)
        for (size_t k = 0; k < m->mem_count && !m->mems[i].owned; k++)
            if (m->mems[k].owned && m->mems[k].bytes == m->mems[i].bytes)
                r->of[i] = r->of[k];
    return 0;
}

void fwsim__ram_pages_free(fwsim__ram_pages *r)
{
    for (size_t i = 0; r->of && i < r->m->mem_count; i++)
        if (r->m->mems[i].owned)
            free(r->of[i]);
    free(r->of);
    r->of = NULL;
}

fwsim__ram_page *fwsim__ram_page_at(const fwsim__ram_pages *r, uint64_t addr)
{
    const fwsim__mem *mem = fwsim__mem_at(r->m, addr);
    fwsim__ram_page *pages = mem ? r->of[mem - r->m->mems] : NULL;

    return pages ? &pages[(addr - mem->base) / r->page_size] : NULL;
}

bool fwsim__ram_page_written(fwsim__ram_page *page)
{
    bool cached = page->cached;

    page->written = true;
    page->cached = false;
    page->compares = 0;
    return cached;
}

bool fwsim__ram_page_compared(fwsim__ram_page *page)
{
    if (!page->written || ++page->compares < COMPARES_MIN << page->patience)
        return false;
    page->written = false;
    if (page->patience < PATIENCE_MAX)
        page->patience++;
    return true;
}
