/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interrupt registers that blocks of the EFM32 share.
 *
 * Source: EFM32HG Reference Manual, the registers n_IF, n_IFS, n_IFC and n_IEN
 * of each block: a one in IFS sets a flag, a one in IFC clears it.
 */
#ifndef FWSIM_EFM32_COMMON_H
#define FWSIM_EFM32_COMMON_H

#include "fwsim_periph.h"

/**
 * The functions ifs_written, ifc_written and ien_written for a block's
 * register table.
 *
 * @param flags   bits of the block's IF that IFS and IFC reach
 * @param update  void (fwsim_periph *): the flags or IEN have changed
 */
#define EFM32_INTERRUPT_WRITES(flags, update)                                  \
    static void ifs_written(fwsim_periph *p, unsigned index, uint32_t written) \
    {                                                                          \
        (void)index;                                                           \
        fwsim_reg_update(p, IF, 0, written & (flags));                         \
        update(p);                                                             \
    }                                                                          \
                                                                               \
    static void ifc_written(fwsim_periph *p, unsigned index, uint32_t written) \
    {                                                                          \
        (void)index;                                                           \
        fwsim_reg_update(p, IF, written & (flags), 0);                         \
        update(p);                                                             \
    }                                                                          \
                                                                               \
    static void ien_written(fwsim_periph *p, unsigned index, uint32_t written) \
    {                                                                          \
        (void)index;                                                           \
        (void)written;                                                         \
        update(p);                                                             \
    }

#endif
