/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages of RAM are written to, and which hold code that stays as it is.
 *
 * An engine may lose sight of code when other data of its page is written. So
 * a block of RAM is compared with what was there when it was translated; but
 * not at each visit: a page whose blocks keep comparing equal is protected
 * against writing, and the next write to it asks.
 */
#ifndef FWSIM_RAM_PAGES_H
#define FWSIM_RAM_PAGES_H

#include "machine/machine.h"

/** What is known of a page of RAM, at all addresses that show it. */
typedef struct fwsim__ram_page {
    bool written;      /* the engine may write to it without asking */
    bool cached;       /* blocks of it are taken as unchanged */
    uint8_t patience;  /* how often it was written to after being protected */
    uint32_t compares; /* of its blocks, since it was written to */
} fwsim__ram_page;

typedef struct fwsim__ram_pages {
    fwsim_machine *m;
    unsigned page_size;
    fwsim__ram_page **of; /* for each of the machine's memories; or NULL */
} fwsim__ram_pages;

/** Records of all RAM. 0, FWSIM_ENOMEM */
int fwsim__ram_pages_make(fwsim__ram_pages *r, fwsim_machine *m,
                          unsigned page_size);
void fwsim__ram_pages_free(fwsim__ram_pages *r);

/** NULL for addresses that are no RAM. */
fwsim__ram_page *fwsim__ram_page_at(const fwsim__ram_pages *r, uint64_t addr);

/** The page is written to from now on.
 * @return true when blocks of it were taken as unchanged */
bool fwsim__ram_page_written(fwsim__ram_page *page);

/** A block of the page has compared equal once more.
 * @return true when it is time to protect the page: the caller does so */
bool fwsim__ram_page_compared(fwsim__ram_page *page);

#endif
