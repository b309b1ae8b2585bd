/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Variables, functions and types of the firmware, from DWARF. Answers are
 * handles that live as long as the image; nothing here knows of a machine.
 * Damaged DWARF gives wrong answers, never a crash or an endless loop.
 */
#ifndef FWSIM_IMAGE_DEBUG_H
#define FWSIM_IMAGE_DEBUG_H

#include "image/image.h"

/** An entry of DWARF; debug.c knows what is in it. */
typedef struct fwsim__die {
    uint64_t opaque[4];
} fwsim__die;

typedef enum fwsim__kind {
    FWSIM__KIND_UNKNOWN,
    FWSIM__KIND_VOID,
    FWSIM__KIND_UINT, /* bool and characters, too */
    FWSIM__KIND_INT,
    FWSIM__KIND_FLOAT,
    FWSIM__KIND_ENUM,
    FWSIM__KIND_POINTER,
    FWSIM__KIND_ARRAY,
    FWSIM__KIND_STRUCT,
    FWSIM__KIND_FUNCTION
} fwsim__kind;

typedef struct fwsim__type {
    fwsim__die die; /* without typedef, const and volatile */
    fwsim__kind kind;
    uint64_t size;   /* bytes; 0: unknown */
    bool is_signed;  /* INT, and ENUM with negative constants */
    bool is_bool;
    unsigned dimension; /* ARRAY: of these the next to be indexed */
    uint64_t count;     /* ARRAY: elements; 0: unknown */
} fwsim__type;

typedef struct fwsim__member {
    const char *name; /* NULL: of an anonymous struct or union */
    fwsim__type type;
    uint64_t offset;
    unsigned bit_offset, bit_size; /* bit_size 0: no bit-field */
} fwsim__member;

/** A variable of a file, or a static one of a function. */
typedef struct fwsim__variable {
    const char *name;
    const char *unit;     /* source file; NULL: unknown */
    const char *function; /* NULL: of the file */
    fwsim__die die;
    uint32_t order;
} fwsim__variable;

typedef struct fwsim__function {
    const char *name;
    const char *unit;
    uint64_t entry; /* bit 0 clear */
    bool has_entry; /* it has code of its own */
    bool inlined;   /* it may have been put into others */
    fwsim__die die;
    uint32_t order;
} fwsim__function;

/** A call that was replaced by the function's body. */
typedef struct fwsim__inlining {
    const char *name; /* of the function */
    const char *into; /* of the function with the call; NULL: unknown */
    const char *file; /* of the call; NULL: unknown */
    unsigned line;
    uint32_t order;
} fwsim__inlining;

typedef struct fwsim__debug {
    fwsim__variable *variables; /* in order of name */
    size_t variable_count, variable_capacity;
    fwsim__function *functions; /* in order of name */
    size_t function_count, function_capacity;
    fwsim__inlining *inlinings; /* in order of name */
    size_t inlining_count, inlining_capacity;
} fwsim__debug;

/**
 * What the image has. Read at the first question.
 * @param out  out: belongs to the image; NULL when it has no DWARF
 * @return 0 or FWSIM_ENOMEM
 */
int fwsim__image_debug(const fwsim_image *img, const fwsim__debug **out);
void fwsim__debug_free(fwsim__debug *d);

/** Entries of a name. @return how many; @a first: out */
size_t fwsim__debug_variables(const fwsim__debug *d, const char *name,
                              const fwsim__variable **first);
size_t fwsim__debug_functions(const fwsim__debug *d, const char *name,
                              const fwsim__function **first);
size_t fwsim__debug_inlinings(const fwsim__debug *d, const char *name,
                              const fwsim__inlining **first);

/** The function whose code begins at an address; NULL when unknown. */
const fwsim__function *fwsim__debug_function_at(const fwsim__debug *d,
                                                uint64_t addr);

/** Does a qualifier ("uart.c", "drivers/uart.c") name this source file? */
bool fwsim__unit_is(const char *unit, const char *qualifier, size_t length);

typedef enum fwsim__place {
    FWSIM__PLACE_GONE, /* optimised out, or dropped by the linker */
    FWSIM__PLACE_ADDRESS,
    FWSIM__PLACE_CONSTANT
} fwsim__place;

/** Where a variable is. @param value  out: its address or value */
fwsim__place fwsim__debug_place(const fwsim_image *img,
                                const fwsim__variable *v, uint64_t *value);

/* Types. ------------------------------------------------------------- */

/** The type of a variable, parameter, member; of what a function returns. */
fwsim__type fwsim__debug_type(const fwsim__die *die);
/** What a pointer points to; the elements of an array. */
fwsim__type fwsim__type_target(const fwsim__type *t);

/** The @a index-th member. @return false at the end */
bool fwsim__type_member(const fwsim__type *t, size_t index,
                        fwsim__member *out);
/** A member by name, looked for in anonymous members as well. */
bool fwsim__type_find_member(const fwsim__type *t, const char *name,
                             fwsim__member *out);

/** The @a index-th constant of an enum; NULL at the end. */
const char *fwsim__type_constant(const fwsim__type *t, size_t index,
                                 int64_t *value);

/** The name of the type of a variable, parameter, member, as C has it. */
void fwsim__debug_type_name(const fwsim__die *die, char *buf, size_t size);
/** The same for a type that was reached by steps. */
void fwsim__type_name(const fwsim__type *t, char *buf, size_t size);

/* Prototypes. -------------------------------------------------------- */

/** The @a index-th parameter. @return false at the end
 * @param name  out: NULL when it has none */
bool fwsim__debug_parameter(const fwsim__function *f, size_t index,
                            fwsim__die *out, const char **name);
bool fwsim__debug_is_variadic(const fwsim__function *f);
/** Does the entry say what the parameters are? false for f() of old C. */
bool fwsim__debug_is_prototyped(const fwsim__function *f);

#endif
