/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input: bytes that a test, a file or a fuzzer feeds to registers that deliver
 * data, and to buffers that a transfer without the core fills.
 *
 * A register takes from the stream of its own name, its address in the form
 * 0x40004404, or else from the common one, whose name is empty. Streams are
 * few, so they are a list.
 */
#include "infer/infer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

fwsim__stream *fwsim__stream_find(const fwsim__infer *f, const char *name)
{
    for (size_t i = 0; i < f->streams; i++)
        if (strcmp(f->stream[i].name, name) == 0)
            return &f->stream[i];
    return NULL;
}

static fwsim__stream *stream_add(fwsim__infer *f, const char *name)
{
    fwsim__stream *s = realloc(f->stream, (f->streams + 1) * sizeof *s);

    if (!s)
        return NULL;
    f->stream = s;
    s += f->streams;
    *s = (fwsim__stream){ 0 };
    s->name = malloc(strlen(name) + 1);
    if (!s->name)
        return NULL;
    strcpy(s->name, name);
    f->streams++;
    return s;
}

int fwsim__stream_feed(fwsim__infer *f, const char *name, const void *data,
                       size_t size)
{
    fwsim__stream *s = fwsim__stream_find(f, name);

    if (!s)
        s = stream_add(f, name);
    if (!s || !fwsim__bytes_add(&s->bytes, data, size))
        return FWSIM_ENOMEM;
    return 0;
}

/** The stream of a register: its own, or the common one. */
static fwsim__stream *stream_for(const fwsim__infer *f, uint64_t addr)
{
    fwsim__stream *own;
    char name[24];

    if (!f->streams)
        return NULL;
    snprintf(name, sizeof name, "0x%08" PRIx64, addr);
    own = fwsim__stream_find(f, name);
    return own ? own : fwsim__stream_find(f, "");
}

size_t fwsim__stream_left(const fwsim__infer *f, uint64_t addr)
{
    const fwsim__stream *s = stream_for(f, addr);

    return s ? s->bytes.size - s->read : 0;
}

size_t fwsim__stream_take(fwsim__infer *f, uint64_t addr, uint8_t *to,
                          size_t size)
{
    fwsim__stream *s = stream_for(f, addr);
    size_t n = s ? s->bytes.size - s->read : 0;

    if (n > size)
        n = size;
    if (!n)
        return 0;
    memcpy(to, s->bytes.data + s->read, n);
    s->read += n;
    return n;
}

/* ------------------------------------------------------------------ */
/* State: for each stream the bytes that wait                           */
/* ------------------------------------------------------------------ */

static size_t waiting(const fwsim__stream *s)
{
    return s->bytes.size - s->read;
}

size_t fwsim__streams_size(const fwsim__infer *f)
{
    size_t size = sizeof(uint64_t);

    for (size_t i = 0; i < f->streams; i++)
        size += sizeof(uint64_t) + waiting(&f->stream[i]);
    return size;
}

void fwsim__streams_save(const fwsim__infer *f, uint8_t *to)
{
    uint64_t n = f->streams;

    memcpy(to, &n, sizeof n);
    to += sizeof n;
    for (size_t i = 0; i < f->streams; i++) {
        const fwsim__stream *s = &f->stream[i];

        n = waiting(s);
        memcpy(to, &n, sizeof n);
        to += sizeof n;
        if (n)
            memcpy(to, s->bytes.data + s->read, n);
        to += n;
    }
}

/** Streams that came later are empty. */
bool fwsim__streams_restore(fwsim__infer *f, const uint8_t *from, size_t size)
{
    uint64_t count, n;
    bool ok = size >= sizeof count;

    for (size_t i = 0; i < f->streams; i++)
        f->stream[i].bytes.size = f->stream[i].read = 0;
    if (ok)
        memcpy(&count, from, sizeof count);
    from += sizeof count;
    for (size_t i = 0; ok && i < count && i < f->streams; i++, from += n) {
        memcpy(&n, from, sizeof n);
        from += sizeof n;
        ok = !n || fwsim__bytes_add(&f->stream[i].bytes, from, n);
    }
    return ok;
}

uint64_t fwsim__streams_hash(const fwsim__infer *f, uint64_t seed)
{
    for (size_t i = 0; i < f->streams; i++) {
        const fwsim__stream *s = &f->stream[i];

        if (waiting(s))
            seed = XXH3_64bits_withSeed(s->bytes.data + s->read, waiting(s),
                                        seed ^ i);
    }
    return seed;
}

void fwsim__streams_free(fwsim__infer *f)
{
    for (size_t i = 0; i < f->streams; i++) {
        free(f->stream[i].name);
        free(f->stream[i].bytes.data);
    }
    free(f->stream);
}
