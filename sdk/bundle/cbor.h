/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deterministic CBOR (RFC 8949, section 4.2.1), on libcbor's codec of item
 * heads. The reader takes nothing else: shortest heads, definite lengths, map
 * keys in ascending order of their bytes. It looks at bytes that others have
 * made, so depth, counts and sizes are bounded, it allocates nothing, and what
 * it gives points into the input.
 */
#ifndef FWSIM_CBOR_H
#define FWSIM_CBOR_H

#include "machine/machine.h"

enum {
    FWSIM__CBOR_DEPTH = 16,    /* of arrays, maps and tags in one another */
    FWSIM__CBOR_ITEMS = 1 << 20 /* in one input */
};

/** Bytes of somebody else. */
typedef struct fwsim__span {
    const uint8_t *data;
    size_t size;
} fwsim__span;

bool fwsim__span_equal(fwsim__span a, fwsim__span b);

/** Where a reader stands. The first error stays. */
typedef struct fwsim__cbor {
    fwsim__span input;
    size_t at;
    unsigned depth;
    size_t items;
    const char *error; /* what was expected; NULL: all is well */
    size_t error_at;   /* byte */
} fwsim__cbor;

void fwsim__cbor_begin(fwsim__cbor *c, fwsim__span input);

/** Is everything read, without an error? Bytes behind the item are one. */
bool fwsim__cbor_end(fwsim__cbor *c);

/** Say that what was just read at @a at is wrong. @return false */
bool fwsim__cbor_fail(fwsim__cbor *c, size_t at, const char *expected);

bool fwsim__cbor_uint(fwsim__cbor *c, uint64_t *value);
/** An integer of either sign that fits. */
bool fwsim__cbor_int(fwsim__cbor *c, int64_t *value);
bool fwsim__cbor_bytes(fwsim__cbor *c, fwsim__span *bytes);
/** UTF-8 without a zero byte. */
bool fwsim__cbor_text(fwsim__cbor *c, fwsim__span *text);
bool fwsim__cbor_tag(fwsim__cbor *c, uint64_t *tag);
/** Pass over an item with all that is in it. */
bool fwsim__cbor_skip(fwsim__cbor *c);
/** Does a byte string begin here? Else it is another item, or nothing. */
bool fwsim__cbor_is_bytes(const fwsim__cbor *c);
bool fwsim__cbor_is_array(const fwsim__cbor *c);

/**
 * An array: call @a item for each element.
 * @param max  elements at most
 */
bool fwsim__cbor_array(fwsim__cbor *c, size_t max,
                       bool (*item)(fwsim__cbor *c, void *into), void *into);

/** An array of just @a count items, which the caller reads, then leaves. */
bool fwsim__cbor_enter(fwsim__cbor *c, size_t count);
void fwsim__cbor_leave(fwsim__cbor *c);

/**
 * A map whose keys are integers: call @a item with each key, to read or skip
 * its value.
 */
bool fwsim__cbor_map(fwsim__cbor *c,
                     bool (*item)(fwsim__cbor *c, int64_t key, void *into),
                     void *into);

/** A key of a map with texts for keys. A table ends with a zero row. */
typedef struct fwsim__cbor_key {
    const char *name;
    bool (*read)(fwsim__cbor *c, size_t offset, void *into);
    size_t offset; /* of the member that it sets */
    bool required;
} fwsim__cbor_key;

/** A map with texts for keys. Keys that are not in the table are passed over.
 * @param seen  out: a bit a row of the table; may be NULL */
bool fwsim__cbor_fields(fwsim__cbor *c, const fwsim__cbor_key *keys,
                        void *into, uint32_t *seen);

/* For fwsim__cbor_key.read: a member of type uint64_t; of fwsim__span. */
bool fwsim__cbor_uint_member(fwsim__cbor *c, size_t offset, void *into);
bool fwsim__cbor_bytes_member(fwsim__cbor *c, size_t offset, void *into);
bool fwsim__cbor_text_member(fwsim__cbor *c, size_t offset, void *into);

/** A writer: heads are the shortest. The caller keeps keys in order. */
typedef struct fwsim__cbor_writer {
    fwsim__bytes out;
    bool failed; /* without memory */
} fwsim__cbor_writer;

void fwsim__cbor_put_uint(fwsim__cbor_writer *w, uint64_t value);
void fwsim__cbor_put_int(fwsim__cbor_writer *w, int64_t value);
void fwsim__cbor_put_bytes(fwsim__cbor_writer *w, const void *data, size_t size);
void fwsim__cbor_put_text(fwsim__cbor_writer *w, const char *text);
void fwsim__cbor_put_text_n(fwsim__cbor_writer *w, const void *text,
                            size_t size);
void fwsim__cbor_put_array(fwsim__cbor_writer *w, size_t count);
void fwsim__cbor_put_map(fwsim__cbor_writer *w, size_t count);
void fwsim__cbor_put_tag(fwsim__cbor_writer *w, uint64_t tag);
/** Bytes that are CBOR already. */
void fwsim__cbor_put_raw(fwsim__cbor_writer *w, fwsim__span item);

#endif
