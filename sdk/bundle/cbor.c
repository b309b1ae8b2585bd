/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deterministic CBOR, see cbor.h. libcbor decodes and encodes the heads of
 * items; what may follow what is decided here.
 */
#include "bundle/cbor.h"

#include <cbor.h>
#include <string.h>

bool fwsim__span_equal(fwsim__span a, fwsim__span b)
{
    return a.size == b.size && (a.size == 0 || !memcmp(a.data, b.data, a.size));
}

/* ------------------------------------------------------------------ */
/* Heads                                                                */
/* ------------------------------------------------------------------ */

typedef enum head_kind {
    HEAD_OTHER, /* what this profile does not use: floats, indefinite, ... */
    HEAD_UINT,
    HEAD_NEGATIVE, /* -1 - value */
    HEAD_BYTES,
    HEAD_TEXT,
    HEAD_ARRAY,
    HEAD_MAP,
    HEAD_TAG
} head_kind;

/** An item without what is in it. */
typedef struct head {
    head_kind kind;
    uint64_t value; /* or number of elements; pairs of a map */
    fwsim__span string;
    size_t size; /* bytes of the head, with those of a string */
} head;

#define HEAD_NUMBER(name, type, KIND)                                          \
    static void on_##name(void *user, type value)                              \
    {                                                                          \
        *(head *)user = (head){ .kind = KIND, .value = value };                \
    }
HEAD_NUMBER(uint8, uint8_t, HEAD_UINT)
HEAD_NUMBER(uint16, uint16_t, HEAD_UINT)
HEAD_NUMBER(uint32, uint32_t, HEAD_UINT)
HEAD_NUMBER(uint64, uint64_t, HEAD_UINT)
HEAD_NUMBER(negint8, uint8_t, HEAD_NEGATIVE)
HEAD_NUMBER(negint16, uint16_t, HEAD_NEGATIVE)
HEAD_NUMBER(negint32, uint32_t, HEAD_NEGATIVE)
HEAD_NUMBER(negint64, uint64_t, HEAD_NEGATIVE)
HEAD_NUMBER(array, size_t, HEAD_ARRAY)
HEAD_NUMBER(map, size_t, HEAD_MAP)

static void on_bytes(void *user, cbor_data data, size_t size)
{
    *(head *)user = (head){ .kind = HEAD_BYTES, .value = size,
                            .string = { data, size } };
}

static void on_text(void *user, cbor_data data, size_t size)
{
    on_bytes(user, data, size);
    ((head *)user)->kind = HEAD_TEXT;
}

/** The shortest head of a value or length. */
static size_t shortest(uint64_t value)
{
    return value < 24 ? 1 : value <= UINT8_MAX ? 2 : value <= UINT16_MAX ? 3
         : value <= UINT32_MAX ? 5 : 9;
}

bool fwsim__cbor_fail(fwsim__cbor *c, size_t at, const char *expected)
{
    if (!c->error) {
        c->error = expected;
        c->error_at = at;
    }
    return false;
}

static bool decode(const uint8_t *data, size_t size, head *h)
{
    struct cbor_callbacks calls = cbor_empty_callbacks;
    struct cbor_decoder_result r;

    calls.uint8 = on_uint8;
    calls.uint16 = on_uint16;
    calls.uint32 = on_uint32;
    calls.uint64 = on_uint64;
    calls.negint8 = on_negint8;
    calls.negint16 = on_negint16;
    calls.negint32 = on_negint32;
    calls.negint64 = on_negint64;
    calls.byte_string = on_bytes;
    calls.string = on_text;
    calls.array_start = on_array;
    calls.map_start = on_map;
    *h = (head){ .kind = HEAD_OTHER };
    r = cbor_stream_decode(data, size, &calls, h);
    h->size = r.read;
    return r.status == CBOR_DECODER_FINISHED;
}

enum { HEAD_MAX = 9, MAJOR_TAG = 6 };

/** Look at the next head without taking it. */
static bool peek(const fwsim__cbor *c, head *h)
{
    const uint8_t *data = c->input.data + c->at;
    size_t size = c->input.size - c->at;
    uint8_t number[HEAD_MAX];

    if (data[0] >> 5 != MAJOR_TAG)
        return decode(data, size, h);
    /* libcbor before 0.9 knows a few tags only. The head of a tag is that of
     * a number but for its major type. */
    size = size < sizeof number ? size : sizeof number;
    memcpy(number, data, size);
    number[0] &= 0x1f;
    if (!decode(number, size, h) || h->kind != HEAD_UINT)
        return false;
    h->kind = HEAD_TAG;
    return true;
}

/** Take the next head, which must be of a kind. */
static bool take(fwsim__cbor *c, head_kind kind, head *h, const char *expected)
{
    size_t at = c->at;

    if (c->error)
        return false;
    if (at >= c->input.size || !peek(c, h))
        return fwsim__cbor_fail(c, at, "the rest of it: the data is cut off");
    if (h->kind != kind)
        return fwsim__cbor_fail(c, at, expected);
    if (h->size != shortest(h->value) + h->string.size)
        return fwsim__cbor_fail(c, at, "the shortest form of a number");
    if (++c->items > FWSIM__CBOR_ITEMS)
        return fwsim__cbor_fail(c, at, "fewer items");
    c->at += h->size;
    return true;
}

/** Go into an item with others. */
static bool enter(fwsim__cbor *c, size_t at)
{
    if (c->depth == FWSIM__CBOR_DEPTH)
        return fwsim__cbor_fail(c, at, "less depth");
    c->depth++;
    return true;
}

void fwsim__cbor_leave(fwsim__cbor *c)
{
    c->depth--;
}

/* ------------------------------------------------------------------ */
/* Items                                                                */
/* ------------------------------------------------------------------ */

void fwsim__cbor_begin(fwsim__cbor *c, fwsim__span input)
{
    *c = (fwsim__cbor){ .input = input };
}

bool fwsim__cbor_end(fwsim__cbor *c)
{
    if (!c->error && c->at != c->input.size)
        return fwsim__cbor_fail(c, c->at, "the end of the data");
    return !c->error;
}

bool fwsim__cbor_uint(fwsim__cbor *c, uint64_t *value)
{
    head h;

    if (!take(c, HEAD_UINT, &h, "an unsigned number"))
        return false;
    *value = h.value;
    return true;
}

bool fwsim__cbor_int(fwsim__cbor *c, int64_t *value)
{
    size_t at = c->at;
    head h = { 0 };
    bool negative;

    if (c->error)
        return false;
    negative = at < c->input.size && peek(c, &h) && h.kind == HEAD_NEGATIVE;
    if (!take(c, negative ? HEAD_NEGATIVE : HEAD_UINT, &h, "a number"))
        return false;
    if (h.value > INT64_MAX)
        return fwsim__cbor_fail(c, at, "a smaller number");
    *value = negative ? -1 - (int64_t)h.value : (int64_t)h.value;
    return true;
}

bool fwsim__cbor_bytes(fwsim__cbor *c, fwsim__span *bytes)
{
    head h;

    if (!take(c, HEAD_BYTES, &h, "a byte string"))
        return false;
    *bytes = h.string;
    return true;
}

/** Bytes of the character that begins here; 0: it is no UTF-8. */
static size_t utf8_length(const uint8_t *s, size_t left)
{
    static const struct {
        uint8_t mask, lead;
        uint32_t least;
    } forms[] = { { 0x80, 0x00, 1 },
                  { 0xe0, 0xc0, 0x80 },
                  { 0xf0, 0xe0, 0x800 },
                  { 0xf8, 0xf0, 0x10000 } };

    for (size_t n = 1; n <= 4 && n <= left; n++) {
        uint32_t code = s[0] & (uint8_t)~forms[n - 1].mask;

        if ((s[0] & forms[n - 1].mask) != forms[n - 1].lead)
            continue;
        for (size_t i = 1; i < n; i++) {
            if ((s[i] & 0xc0) != 0x80)
                return 0;
            code = code << 6 | (s[i] & 0x3f);
        }
        return code >= forms[n - 1].least && code <= 0x10ffff &&
                       (code < 0xd800 || code > 0xdfff)
                   ? n
                   : 0;
    }
    return 0;
}

static bool is_text(fwsim__span s)
{
    for (size_t i = 0, n; i < s.size; i += n) {
        n = utf8_length(s.data + i, s.size - i);
        if (!n)
            return false;
    }
    return true;
}

bool fwsim__cbor_text(fwsim__cbor *c, fwsim__span *text)
{
    size_t at = c->at;
    head h;

    if (!take(c, HEAD_TEXT, &h, "a text"))
        return false;
    if (!is_text(h.string))
        return fwsim__cbor_fail(c, at, "a text in UTF-8 without zero bytes");
    *text = h.string;
    return true;
}

bool fwsim__cbor_tag(fwsim__cbor *c, uint64_t *tag)
{
    head h;

    if (!take(c, HEAD_TAG, &h, "a tag"))
        return false;
    *tag = h.value;
    return true;
}

static bool begins(const fwsim__cbor *c, head_kind kind)
{
    head h;

    return !c->error && c->at < c->input.size && peek(c, &h) && h.kind == kind;
}

bool fwsim__cbor_is_bytes(const fwsim__cbor *c)
{
    return begins(c, HEAD_BYTES);
}

bool fwsim__cbor_is_array(const fwsim__cbor *c)
{
    return begins(c, HEAD_ARRAY);
}

bool fwsim__cbor_enter(fwsim__cbor *c, size_t count)
{
    size_t at = c->at;
    head h;

    if (!take(c, HEAD_ARRAY, &h, "an array"))
        return false;
    if (h.value != count)
        return fwsim__cbor_fail(c, at, "an array of another length");
    return enter(c, at);
}

bool fwsim__cbor_array(fwsim__cbor *c, size_t max,
                       bool (*item)(fwsim__cbor *c, void *into), void *into)
{
    size_t at = c->at;
    head h;

    if (!take(c, HEAD_ARRAY, &h, "an array"))
        return false;
    if (h.value > max)
        return fwsim__cbor_fail(c, at, "a shorter array");
    if (!enter(c, at))
        return false;
    for (uint64_t i = 0; i < h.value; i++) {
        if (!item(c, into))
            return fwsim__cbor_fail(c, c->at, "another element");
    }
    fwsim__cbor_leave(c);
    return true;
}

/** Keys must ascend, as bytes. */
static bool key_in_order(fwsim__cbor *c, fwsim__span *before, size_t at)
{
    fwsim__span key = { c->input.data + at, c->at - at };
    size_t common = key.size < before->size ? key.size : before->size;
    int order = common ? memcmp(before->data, key.data, common) : 0;

    if (before->data && (order > 0 || (!order && key.size <= before->size)))
        return fwsim__cbor_fail(c, at, "keys in ascending order, each once");
    *before = key;
    return true;
}

bool fwsim__cbor_map(fwsim__cbor *c,
                     bool (*item)(fwsim__cbor *c, int64_t key, void *into),
                     void *into)
{
    fwsim__span before = { 0 };
    size_t at = c->at;
    head h;

    if (!take(c, HEAD_MAP, &h, "a map") || !enter(c, at))
        return false;
    for (uint64_t i = 0; i < h.value; i++) {
        int64_t key;

        at = c->at;
        if (!fwsim__cbor_int(c, &key) || !key_in_order(c, &before, at))
            return false;
        if (!item(c, key, into))
            return fwsim__cbor_fail(c, at, "a key that is known here");
    }
    fwsim__cbor_leave(c);
    return true;
}

bool fwsim__cbor_fields(fwsim__cbor *c, const fwsim__cbor_key *keys,
                        void *into, uint32_t *seen)
{
    fwsim__span before = { 0 }, name;
    size_t start = c->at, at;
    uint32_t found = 0;
    head h;

    if (!take(c, HEAD_MAP, &h, "a map") || !enter(c, start))
        return false;
    for (uint64_t i = 0; i < h.value; i++) {
        const fwsim__cbor_key *k = keys;

        at = c->at;
        if (!fwsim__cbor_text(c, &name) || !key_in_order(c, &before, at))
            return false;
        while (k->name && (strlen(k->name) != name.size ||
                           memcmp(k->name, name.data, name.size)))
            k++;
        if (!(k->name ? k->read(c, k->offset, into) : fwsim__cbor_skip(c)))
            return false;
        if (k->name)
            found |= 1u << (k - keys);
    }
    fwsim__cbor_leave(c);
    for (const fwsim__cbor_key *k = keys; k->name; k++) {
        if (k->required && !(found >> (k - keys) & 1))
            return fwsim__cbor_fail(c, start, k->name);
    }
    if (seen)
        *seen = found;
    return true;
}

static bool skip_element(fwsim__cbor *c, void *unused)
{
    (void)unused;
    return fwsim__cbor_skip(c);
}

static bool skip_pairs(fwsim__cbor *c, size_t at, uint64_t pairs)
{
    fwsim__span before = { 0 };

    if (!enter(c, at))
        return false;
    for (uint64_t i = 0; i < pairs; i++) {
        at = c->at;
        if (!fwsim__cbor_skip(c) || !key_in_order(c, &before, at) ||
            !fwsim__cbor_skip(c))
            return false;
    }
    fwsim__cbor_leave(c);
    return true;
}

bool fwsim__cbor_skip(fwsim__cbor *c)
{
    size_t at = c->at;
    fwsim__span text;
    bool ok;
    head h;

    if (c->error)
        return false;
    if (at >= c->input.size || !peek(c, &h))
        return fwsim__cbor_fail(c, at, "the rest of it: the data is cut off");
    switch (h.kind) {
    case HEAD_ARRAY:
        return fwsim__cbor_array(c, FWSIM__CBOR_ITEMS, skip_element, NULL);
    case HEAD_TEXT:
        return fwsim__cbor_text(c, &text);
    case HEAD_MAP:
        return take(c, HEAD_MAP, &h, "a map") && skip_pairs(c, at, h.value);
    case HEAD_TAG:
        ok = take(c, HEAD_TAG, &h, "a tag") && enter(c, at) &&
             fwsim__cbor_skip(c);
        if (ok)
            fwsim__cbor_leave(c);
        return ok;
    case HEAD_OTHER:
        return fwsim__cbor_fail(c, at, "an item of the deterministic profile");
    default:
        return take(c, h.kind, &h, "an item");
    }
}

bool fwsim__cbor_uint_member(fwsim__cbor *c, size_t offset, void *into)
{
    return fwsim__cbor_uint(c, (uint64_t *)((char *)into + offset));
}

bool fwsim__cbor_bytes_member(fwsim__cbor *c, size_t offset, void *into)
{
    return fwsim__cbor_bytes(c, (fwsim__span *)((char *)into + offset));
}

bool fwsim__cbor_text_member(fwsim__cbor *c, size_t offset, void *into)
{
    return fwsim__cbor_text(c, (fwsim__span *)((char *)into + offset));
}

/* ------------------------------------------------------------------ */
/* Writing                                                              */
/* ------------------------------------------------------------------ */

static void put(fwsim__cbor_writer *w, const void *data, size_t size)
{
    if (!w->failed && !fwsim__bytes_add(&w->out, data, size))
        w->failed = true;
}

void fwsim__cbor_put_uint(fwsim__cbor_writer *w, uint64_t value)
{
    unsigned char h[HEAD_MAX];

    put(w, h, cbor_encode_uint(value, h, sizeof h));
}

void fwsim__cbor_put_int(fwsim__cbor_writer *w, int64_t value)
{
    unsigned char h[HEAD_MAX];

    if (value >= 0)
        fwsim__cbor_put_uint(w, (uint64_t)value);
    else
        put(w, h, cbor_encode_negint((uint64_t)(-1 - value), h, sizeof h));
}

void fwsim__cbor_put_bytes(fwsim__cbor_writer *w, const void *data, size_t size)
{
    unsigned char h[HEAD_MAX];

    put(w, h, cbor_encode_bytestring_start(size, h, sizeof h));
    put(w, data, size);
}

void fwsim__cbor_put_text_n(fwsim__cbor_writer *w, const void *text, size_t size)
{
    unsigned char h[HEAD_MAX];

    put(w, h, cbor_encode_string_start(size, h, sizeof h));
    put(w, text, size);
}

void fwsim__cbor_put_text(fwsim__cbor_writer *w, const char *text)
{
    fwsim__cbor_put_text_n(w, text, strlen(text));
}

void fwsim__cbor_put_array(fwsim__cbor_writer *w, size_t count)
{
    unsigned char h[HEAD_MAX];

    put(w, h, cbor_encode_array_start(count, h, sizeof h));
}

void fwsim__cbor_put_map(fwsim__cbor_writer *w, size_t count)
{
    unsigned char h[HEAD_MAX];

    put(w, h, cbor_encode_map_start(count, h, sizeof h));
}

void fwsim__cbor_put_tag(fwsim__cbor_writer *w, uint64_t tag)
{
    unsigned char h[HEAD_MAX];

    put(w, h, cbor_encode_tag(tag, h, sizeof h));
}

void fwsim__cbor_put_raw(fwsim__cbor_writer *w, fwsim__span item)
{
    put(w, item.data, item.size);
}
