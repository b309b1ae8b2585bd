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
    if (f->streams == 1 && !*f->stream[0].name)
        return &f->stream[0];
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
    if (!n && f->m->guard.drained)
        f->m->guard.drained(f->m->guard.user, NULL);
    if (!n)
        return 0;
    memcpy(to, s->bytes.data + s->read, n);
    s->read += n;
    return n;
}

/* ------------------------------------------------------------------ */
/* State: for each stream its name and the bytes that wait              */
/* ------------------------------------------------------------------ */

/** What comes before a stream's name and bytes. */
typedef struct saved_stream {
    uint64_t name, bytes; /* sizes */
} saved_stream;

static size_t waiting(const fwsim__stream *s)
{
    return s->bytes.size - s->read;
}

size_t fwsim__streams_size(const fwsim__infer *f)
{
    size_t size = 0;

    for (size_t i = 0; i < f->streams; i++)
        size += sizeof(saved_stream) + strlen(f->stream[i].name) +
                waiting(&f->stream[i]);
    return size;
}

void fwsim__streams_save(const fwsim__infer *f, uint8_t *to)
{
    for (size_t i = 0; i < f->streams; i++) {
        const fwsim__stream *s = &f->stream[i];
        saved_stream head = { strlen(s->name), waiting(s) };

        memcpy(to, &head, sizeof head);
        memcpy(to + sizeof head, s->name, head.name);
        to += sizeof head + head.name;
        if (head.bytes)
            memcpy(to, s->bytes.data + s->read, head.bytes);
        to += head.bytes;
    }
}

/** The first stream of saved bytes. @return its size; 0: they are damaged */
static size_t saved_head(const uint8_t *from, size_t size, saved_stream *head)
{
    size_t rest = size;

    if (rest < sizeof *head)
        return 0;
    memcpy(head, from, sizeof *head);
    rest -= sizeof *head;
    if (head->name > rest || head->bytes > rest - head->name ||
        memchr(from + sizeof *head, 0, head->name))
        return 0;
    return sizeof *head + head->name + head->bytes;
}

bool fwsim__streams_fit(const uint8_t *from, size_t size)
{
    saved_stream head;

    for (size_t n; size; from += n, size -= n) {
        n = saved_head(from, size, &head);
        if (!n)
            return false;
    }
    return true;
}

static bool restore_stream(fwsim__infer *f, const saved_stream *head,
                           const uint8_t *at)
{
    char *name = malloc(head->name + 1);
    fwsim__stream *s;

    if (!name)
        return false;
    memcpy(name, at, head->name);
    name[head->name] = '\0';
    s = fwsim__stream_find(f, name);
    if (!s)
        s = stream_add(f, name);
    free(name);
    return s && (!head->bytes ||
                 fwsim__bytes_add(&s->bytes, at + head->name, head->bytes));
}

/** Streams that came later are empty. */
bool fwsim__streams_restore(fwsim__infer *f, const uint8_t *from, size_t size)
{
    saved_stream head;
    bool ok = true;

    for (size_t i = 0; i < f->streams; i++)
        f->stream[i].bytes.size = f->stream[i].read = 0;
    for (size_t n; ok && size && (n = saved_head(from, size, &head));
         from += n, size -= n)
        ok = restore_stream(f, &head, from + sizeof head);
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
