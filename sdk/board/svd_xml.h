/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The elements of an SVD file that matter, as a tree.
 */
#ifndef FWSIM_SVD_XML_H
#define FWSIM_SVD_XML_H

#include "board/text_source.h"

/** Elements that are kept; others are passed over with all they contain. */
#define FWSIM__SVD_TAGS(X)                                                     \
    X(ACCESS, "access")                                                        \
    X(ADDRESS_BLOCK, "addressBlock")                                           \
    X(ADDRESS_OFFSET, "addressOffset")                                         \
    X(ADDRESS_UNIT_BITS, "addressUnitBits")                                    \
    X(BASE_ADDRESS, "baseAddress")                                             \
    X(BIT_OFFSET, "bitOffset")                                                 \
    X(BIT_RANGE, "bitRange")                                                   \
    X(BIT_WIDTH, "bitWidth")                                                   \
    X(CLUSTER, "cluster")                                                      \
    X(CPU, "cpu")                                                              \
    X(DESCRIPTION, "description")                                              \
    X(DEVICE, "device")                                                        \
    X(DIM, "dim")                                                              \
    X(DIM_INCREMENT, "dimIncrement")                                           \
    X(DIM_INDEX, "dimIndex")                                                   \
    X(FIELD, "field")                                                          \
    X(FIELDS, "fields")                                                        \
    X(GROUP_NAME, "groupName")                                                 \
    X(INTERRUPT, "interrupt")                                                  \
    X(LSB, "lsb")                                                              \
    X(MODIFIED_WRITE_VALUES, "modifiedWriteValues")                            \
    X(MSB, "msb")                                                              \
    X(NAME, "name")                                                            \
    X(NVIC_PRIO_BITS, "nvicPrioBits")                                          \
    X(OFFSET, "offset")                                                        \
    X(PERIPHERAL, "peripheral")                                                \
    X(PERIPHERALS, "peripherals")                                              \
    X(READ_ACTION, "readAction")                                               \
    X(REGISTER, "register")                                                    \
    X(REGISTERS, "registers")                                                  \
    X(RESET_MASK, "resetMask")                                                 \
    X(RESET_VALUE, "resetValue")                                               \
    X(SIZE, "size")                                                            \
    X(VALUE, "value")                                                          \
    X(VENDOR, "vendor")

typedef enum fwsim__svd_tag {
#define X(name, text) FWSIM__SVD_##name,
    FWSIM__SVD_TAGS(X)
#undef X
    FWSIM__SVD_TAG_COUNT
} fwsim__svd_tag;

typedef struct fwsim__svd_node {
    struct fwsim__svd_node *parent, *first, *last, *next;
    const char *text;         /* trimmed, runs of blanks are one; never NULL */
    const char *derived_from; /* NULL: none */
    size_t line, column;
    fwsim__svd_tag tag;
} fwsim__svd_node;

/** Memory that is freed at once, in blocks; NULL is an empty one. */
typedef struct fwsim__svd_block fwsim__svd_block;

/** @return zeroed bytes, NULL without memory */
void *fwsim__svd_alloc(fwsim__svd_block **arena, size_t size);
void fwsim__svd_release(fwsim__svd_block *arena);

/**
 * Parse a file.
 *
 * @param arena  keeps nodes and texts, also after an error
 * @param root   out: the element `device`
 * @return as fwsim__svd_read
 */
int fwsim__svd_tree(fwsim__svd_block **arena, fwsim__svd_node **root,
                    const fwsim__text_source *source);

#endif
