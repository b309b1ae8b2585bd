/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of faults: their names, and what is common to them. */
#include "inject/inject.h"

const fwsim__inject_row fwsim__inject_rows[FWSIM_INJECT_KINDS] = {
#define X(name, text, args, what) [FWSIM_INJECT_##name] = { text, args, what },
    FWSIM_INJECT_MAP(X)
#undef X
};

static const fwsim__inject_row *row_of(fwsim_inject_kind kind)
{
    static const fwsim__inject_row none = { NULL, NULL, NULL };

    return (unsigned)kind < FWSIM_INJECT_KINDS ? &fwsim__inject_rows[kind]
                                               : &none;
}

const char *fwsim_inject_kind_name(fwsim_inject_kind kind)
{
    return row_of(kind)->name;
}

const char *fwsim_inject_kind_args(fwsim_inject_kind kind)
{
    return row_of(kind)->args;
}

const char *fwsim_inject_kind_text(fwsim_inject_kind kind)
{
    return row_of(kind)->text;
}

bool fwsim_inject_kind_counts(fwsim_inject_kind kind)
{
    switch (kind) {
    case FWSIM_INJECT_BUS_ERROR:
    case FWSIM_INJECT_NACK_START:
    case FWSIM_INJECT_NACK_BYTE:
    case FWSIM_INJECT_IRQ_LOST:
    case FWSIM_INJECT_IRQ_LATE:
    case FWSIM_INJECT_DROP_RX:
    case FWSIM_INJECT_DROP_TX:
    case FWSIM_INJECT_CORRUPT_RX:
    case FWSIM_INJECT_CORRUPT_TX:
    case FWSIM_INJECT_CUT_FLASH:
        return true;
    default:
        return false;
    }
}
