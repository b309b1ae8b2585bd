/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions of the firmware by name, and what DWARF says of their arguments.
 */
#ifndef FWSIM_CALL_CALLEE_H
#define FWSIM_CALL_CALLEE_H

#include "call/abi.h"
#include "image/debug.h"

/** A parameter, or the result. */
typedef struct fwsim__parameter {
    fwsim_type type;  /* of the procedure call standard; AUTO: not supported */
    unsigned width;   /* bytes of the C type */
    bool is_signed;
    bool is_bool;
    const char *name; /* NULL: unknown */
    fwsim__die die;   /* for the C type's name */
} fwsim__parameter;

typedef struct fwsim__signature {
    bool known;    /* DWARF has the prototype */
    bool variadic; /* arguments beyond the parameters are legal */
    size_t count;
    fwsim__parameter parameters[FWSIM_ARGS_MAX];
    fwsim__parameter result;
} fwsim__signature;

typedef struct fwsim__callee {
    char name[96];          /* for people */
    uint64_t addr;          /* bit 0 clear */
    const fwsim_image *img; /* NULL: an address outside of images */
    const fwsim__debug *debug;       /* of img; NULL: none */
    const fwsim__function *function; /* NULL: not in DWARF */
} fwsim__callee;

/** @return 0; FWSIM_ENOENT, FWSIM_EINVAL, FWSIM_EFAULT, FWSIM_ENOTSUP,
 *  FWSIM_ENOMEM as fwsim_call */
int fwsim__callee_find(fwsim_machine *m, const char *text,
                       fwsim__callee *out);

/** Say what DWARF knows of the prototype. @return 0; FWSIM_ENOTSUP for more
 * parameters than FWSIM_ARGS_MAX */
int fwsim__callee_signature(fwsim_machine *m, const fwsim__callee *callee,
                            fwsim__signature *out);

/** "uint32_t length", for messages. */
void fwsim__parameter_name(const fwsim__signature *s, size_t index, char *buf,
                           size_t size);

/** "crc16(const uint8_t *data, uint32_t length)" */
void fwsim__callee_prototype(const fwsim__callee *callee,
                             const fwsim__signature *s, char *buf,
                             size_t size);

/** Places where the function was put into others: "main (main.c:12), ...".
 * @return how many there are */
size_t fwsim__callee_inlinings(const fwsim__debug *d, const char *name,
                               char *buf, size_t size);

#endif
