/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP/1.1 as a client reads it (RFC 9112): strict, small, and without a
 * socket. What is not needed here is refused rather than guessed at.
 */
#ifndef FWSIM_HTTP_H
#define FWSIM_HTTP_H

#include "bundle/cbor.h"

enum {
    FWSIM__HTTP_HEAD_MAX = 16 << 10, /* bytes of status line and fields */
    FWSIM__HTTP_FIELD_MAX = 1024     /* bytes of a value that is kept */
};

/** What the head of a response says. */
typedef struct fwsim__http_head {
    unsigned status;
    bool chunked;
    bool has_length;
    uint64_t length;      /* of the body, when has_length */
    bool has_range;       /* Content-Range: bytes first-... */
    uint64_t range_first;
    unsigned retry_after; /* seconds; 0: not said, or said as a date */
    char etag[FWSIM__HTTP_FIELD_MAX];     /* "": none */
    char location[FWSIM__HTTP_FIELD_MAX]; /* "": none */
    char type[FWSIM__HTTP_FIELD_MAX];     /* Content-Type; "": none */
} fwsim__http_head;

/** Where the head ends, behind its empty line; 0: not yet. */
size_t fwsim__http_head_end(const char *text, size_t size);

/** Read a head, with its empty line. @return NULL, or what is wrong; static */
const char *fwsim__http_head_read(fwsim__http_head *out, const char *text,
                                  size_t size);

/** Takes a body apart. */
typedef struct fwsim__http_body {
    enum {
        FWSIM__BODY_LENGTH,      /* `left` bytes */
        FWSIM__BODY_CLOSE,       /* until the connection ends */
        FWSIM__BODY_CHUNK_SIZE,  /* in the line with the size of a chunk */
        FWSIM__BODY_CHUNK_DATA,  /* `left` bytes of it */
        FWSIM__BODY_CHUNK_END,   /* in the end of line behind it */
        FWSIM__BODY_TRAILER,     /* in the fields behind the last one */
        FWSIM__BODY_DONE
    } state;
    uint64_t left; /* of the run of bytes; of trailers: read so far */
    unsigned line; /* bytes of the line so far */
    uint8_t last;  /* the byte before */
} fwsim__http_body;

/** A body as a head announces it. */
void fwsim__http_body_begin(fwsim__http_body *b, const fwsim__http_head *head);

/**
 * Give it bytes of the connection; what they say is appended to @a out.
 * @return NULL, or what is wrong; static
 */
const char *fwsim__http_body_feed(fwsim__http_body *b, const uint8_t *data,
                                  size_t size, fwsim__bytes *out, size_t limit);

/** Is it whole, when the connection ends here? */
bool fwsim__http_body_whole(const fwsim__http_body *b);

/** A URL: https only. */
typedef struct fwsim__url {
    char host[256];
    char port[6];
    char path[FWSIM__HTTP_FIELD_MAX]; /* begins with '/'; with the query */
} fwsim__url;

/** Read a URL. @return NULL, or what is wrong; static */
const char *fwsim__url_read(fwsim__url *out, const char *text);

/** A URL that another one refers to: absolute, or a path from the root.
 * @return NULL, or what is wrong; static */
const char *fwsim__url_follow(fwsim__url *out, const fwsim__url *from,
                              const char *reference);

#endif
