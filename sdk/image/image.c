/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images: opening, format detection, and the segments that come of the pieces
 * a loader found.
 */
#include "image/image.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* ------------------------------------------------------------------ */
/* Messages                                                             */
/* ------------------------------------------------------------------ */

static void log_error(const fwsim_image_options *opt, const char *name,
                      const char *fmt, va_list args)
{
    char text[512];

    if (!opt->log)
        return;
    int n = snprintf(text, sizeof text, "%s: ", name);
    if (n < 0 || (size_t)n >= sizeof text)
        n = 0;
    vsnprintf(text + n, sizeof text - (size_t)n, fmt, args);
    opt->log(&(fwsim_log_entry){ .level = FWSIM_LOG_ERROR, .origin = "image",
                                 .text = text },
             opt->log_user);
}

static int fail(const fwsim_image_options *opt, const char *name, int code,
                const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static int fail(const fwsim_image_options *opt, const char *name, int code,
                const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    log_error(opt, name, fmt, args);
    va_end(args);
    return code;
}

int fwsim__loader_fail(const fwsim__loader *l, int code, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    log_error(l->opt, l->img->name, fmt, args);
    va_end(args);
    return code;
}

/* ------------------------------------------------------------------ */
/* Pieces                                                               */
/* ------------------------------------------------------------------ */

static int no_memory(const fwsim__loader *l)
{
    return fwsim__loader_fail(l, FWSIM_ENOMEM, "out of memory");
}

static bool make_room(fwsim__loader *l, size_t size)
{
    size_t capacity = l->byte_capacity;

    if (size <= capacity - l->byte_count)
        return true;
    capacity = capacity < size ? capacity + size : capacity * 2;
    uint8_t *bytes = realloc(l->bytes, capacity);
    if (!bytes)
        return false;
    l->bytes = bytes;
    l->byte_capacity = capacity;
    return true;
}

/* A record of a text format usually goes on where the last one ended. */
static bool continues(const fwsim__loader *l, uint64_t addr, bool executable)
{
    if (l->piece_count == 0)
        return false;
    const fwsim__piece *last = &l->pieces[l->piece_count - 1];
    return last->addr + last->size == addr && last->executable == executable;
}

int fwsim__loader_add(fwsim__loader *l, uint64_t addr, const uint8_t *data,
                      size_t size, bool executable, size_t place)
{
    if (size == 0)
        return 0;
    if (addr + (size - 1) < addr)
        return fwsim__loader_fail(l, FWSIM_EFORMAT,
            "%s %zu: %zu bytes at 0x%" PRIx64 " go beyond the end of the "
            "address space; the file is damaged, build it again",
            l->place_noun, place, size, addr);
    if (size > FWSIM__IMAGE_MAX - l->byte_count)
        return fwsim__loader_fail(l, FWSIM_EFORMAT,
            "%s %zu: the image holds more than %u MiB; leave out what is "
            "not for the microcontroller", l->place_noun, place,
            (unsigned)FWSIM__IMAGE_MAX >> 20);
    if (!make_room(l, size))
        return no_memory(l);
    if (!continues(l, addr, executable)) {
        if (l->piece_count == l->piece_capacity) {
            size_t capacity = l->piece_capacity ? l->piece_capacity * 2 : 16;
            fwsim__piece *p = realloc(l->pieces, capacity * sizeof *p);
            if (!p)
                return no_memory(l);
            l->pieces = p;
            l->piece_capacity = capacity;
        }
        l->pieces[l->piece_count++] = (fwsim__piece){
            .addr = addr, .offset = l->byte_count, .place = place,
            .executable = executable
        };
    }
    memcpy(l->bytes + l->byte_count, data, size);
    l->byte_count += size;
    l->pieces[l->piece_count - 1].size += size;
    return 0;
}

static int by_address(const void *a, const void *b)
{
    const fwsim__piece *x = a, *y = b;

    if (x->addr != y->addr)
        return x->addr < y->addr ? -1 : 1;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Two pieces disagree at an address: name both. */
static int overlap(const fwsim__loader *l, const fwsim__piece *piece,
                   uint64_t addr)
{
    const fwsim__piece *first = l->pieces;

    while (addr - first->addr >= first->size)
        first++;
    return fwsim__loader_fail(l, FWSIM_EFORMAT,
        "0x%" PRIx64 "-0x%" PRIx64 " (from %s %zu) and 0x%" PRIx64
        "-0x%" PRIx64 " (from %s %zu) overlap with different bytes at 0x%"
        PRIx64 "; give each its own place",
        first->addr, first->addr + (first->size - 1), l->place_noun,
        first->place, piece->addr, piece->addr + (piece->size - 1),
        l->place_noun, piece->place, addr);
}

/* Add a piece to the segments, which end at or before its end. */
static int merge(fwsim__loader *l, const fwsim__piece *piece, uint8_t *bytes,
                 size_t *used)
{
    fwsim_image *img = l->img;
    const uint8_t *data = l->bytes + piece->offset;
    uint64_t addr = piece->addr;
    size_t size = piece->size, same = 0;
    fwsim_segment *last =
        img->segment_count ? &img->segments[img->segment_count - 1] : NULL;
    bool touches = last && addr - last->addr <= last->size;

    if (touches) {
        uint64_t inside = last->size - (addr - last->addr);
        size_t most = inside < size ? (size_t)inside : size;
        const uint8_t *there = last->data + (addr - last->addr);
        while (same < most && there[same] == data[same])
            same++;
        if (same < most)
            return overlap(l, piece, addr + same);
    }
    if (same == size)
        return 0;
    memcpy(bytes + *used, data + same, size - same);
    if (touches && last->executable == piece->executable) {
        last->size += size - same;
    } else {
        img->segments[img->segment_count++] = (fwsim_segment){
            .addr = addr + same, .size = size - same, .data = bytes + *used,
            .executable = piece->executable
        };
    }
    *used += size - same;
    return 0;
}

/*
 * Segments from the pieces. In order of address each piece can only meet the
 * segment made last, except that the equal bytes of an executable and another
 * segment may end before it; what is behind them is then new anyway.
 */
static int build_segments(fwsim__loader *l)
{
    fwsim_image *img = l->img;
    size_t used = 0;
    int err = 0;

    if (l->piece_count == 0)
        return fwsim__loader_fail(l, FWSIM_EFORMAT,
            "there are no bytes to load; build the firmware again");
    img->bytes = malloc(l->byte_count);
    img->segments = calloc(l->piece_count, sizeof *img->segments);
    if (!img->bytes || !img->segments)
        return no_memory(l);
    qsort(l->pieces, l->piece_count, sizeof *l->pieces, by_address);
    for (size_t i = 0; !err && i < l->piece_count; i++)
        err = merge(l, &l->pieces[i], img->bytes, &used);
    return err;
}

/* ------------------------------------------------------------------ */
/* Opening                                                              */
/* ------------------------------------------------------------------ */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * A raw image begins with a stack pointer or an instruction, neither of which
 * looks like ':' or 'S1': the lowest two bits of a stack pointer are clear.
 */
static fwsim_format detect(const uint8_t *data, size_t size)
{
    size_t at = 0;

    if (size >= 4 && memcmp(data, "\177ELF", 4) == 0)
        return FWSIM_FORMAT_ELF;
    if (size >= 8 && memcmp(data, "UF2\n\x57\x51\x5d\x9e", 8) == 0)
        return FWSIM_FORMAT_UF2;
    while (at < size && is_blank(data[at]))
        at++;
    if (at < size && data[at] == ':')
        return FWSIM_FORMAT_IHEX;
    if (at + 1 < size && data[at] == 'S' && data[at + 1] >= '0' &&
        data[at + 1] <= '9')
        return FWSIM_FORMAT_SREC;
    return FWSIM_FORMAT_BIN;
}

/** Does a name promise ELF? */
static bool is_named_elf(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && (strcasecmp(dot, ".elf") == 0 || strcasecmp(dot, ".axf") == 0);
}

/** A damaged ELF file would be taken for a raw binary. */
static int check_name(const fwsim__loader *l)
{
    if (l->opt->format || l->img->format != FWSIM_FORMAT_BIN ||
        !is_named_elf(l->img->name))
        return 0;
    return fail(l->opt, l->img->name, FWSIM_EFORMAT,
                "is named as an ELF file and is none: it does not begin with "
                "7f 45 4c 46; build or copy it again, or name a raw binary "
                ".bin");
}

static int load(fwsim__loader *l)
{
    switch (l->img->format) {
    case FWSIM_FORMAT_ELF:
        return fwsim__load_elf(l);
    case FWSIM_FORMAT_IHEX:
        return fwsim__load_ihex(l);
    case FWSIM_FORMAT_SREC:
        return fwsim__load_srec(l);
    case FWSIM_FORMAT_UF2:
        return fwsim__load_uf2(l);
    case FWSIM_FORMAT_BIN:
        return fwsim__load_bin(l);
    case FWSIM_FORMAT_AUTO:
        break;
    }
    return fwsim__loader_fail(l, FWSIM_EINVAL, "format %d is not known",
                              (int)l->img->format);
}

int fwsim_image_parse(fwsim_image **out, const char *name, const void *data,
                      size_t size, const fwsim_image_options *opt)
{
    static const fwsim_image_options defaults = { .log = NULL };
    fwsim__loader l = { .data = data, .size = size, .place_noun = "byte",
                        .opt = opt ? opt : &defaults };
    fwsim_image *img;
    int err;

    if (!out)
        return FWSIM_EINVAL;
    *out = NULL;
    if (!name || (!data && size))
        return fail(l.opt, name ? name : "image", FWSIM_EINVAL,
                    "no name or no data");
    if (size == 0)
        return fail(l.opt, name, FWSIM_EFORMAT,
                    "the file is empty; build the firmware again");
    img = calloc(1, sizeof *img);
    if (img)
        img->name = malloc(strlen(name) + 1);
    if (!img || !img->name) {
        free(img);
        return fail(l.opt, name, FWSIM_ENOMEM, "out of memory");
    }
    strcpy(img->name, name);
    img->format = l.opt->format ? l.opt->format : detect(data, size);
    l.img = img;
    err = check_name(&l);
    if (!err)
        err = load(&l);
    if (!err)
        err = build_segments(&l);
    free(l.pieces);
    free(l.bytes);
    if (err)
        fwsim_image_free(img);
    else
        *out = img;
    return err;
}

/* Read to the end. @return 0, FWSIM_EIO (errno says why), FWSIM_ENOMEM or
 * FWSIM_EFORMAT when it is too large */
static int read_all(FILE *f, uint8_t **data, size_t *size)
{
    size_t capacity = 0, n;

    *data = NULL;
    *size = 0;
    do {
        if (*size == capacity) {
            if (capacity >= FWSIM__FILE_MAX)
                return FWSIM_EFORMAT;
            capacity = capacity ? capacity * 2 : 64 << 10;
            uint8_t *more = realloc(*data, capacity);
            if (!more)
                return FWSIM_ENOMEM;
            *data = more;
        }
        n = fread(*data + *size, 1, capacity - *size, f);
        *size += n;
    } while (n > 0);
    return ferror(f) ? FWSIM_EIO : 0;
}

int fwsim_image_open(fwsim_image **out, const char *path,
                     const fwsim_image_options *opt)
{
    static const fwsim_image_options defaults = { .log = NULL };
    uint8_t *data;
    size_t size;
    struct stat st;
    int err;

    if (!out)
        return FWSIM_EINVAL;
    *out = NULL;
    if (!opt)
        opt = &defaults;
    if (!path)
        return fail(opt, "image", FWSIM_EINVAL, "no path");
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return fail(opt, path, FWSIM_EIO,
                    "is a directory; name the image inside it");
    FILE *f = fopen(path, "rb");
    if (!f && errno == ENOENT)
        return fail(opt, path, FWSIM_ENOENT,
                    "there is no such file; check the path");
    if (!f)
        return fail(opt, path, FWSIM_EIO, "cannot be opened: %s",
                    strerror(errno));
    err = read_all(f, &data, &size);
    if (err == FWSIM_EIO)
        fail(opt, path, err, "cannot be read: %s", strerror(errno));
    else if (err == FWSIM_ENOMEM)
        fail(opt, path, err, "out of memory");
    else if (err)
        fail(opt, path, err, "is larger than %u MiB; this is no firmware "
             "image", (unsigned)FWSIM__FILE_MAX >> 20);
    else
        err = fwsim_image_parse(out, path, data, size, opt);
    fclose(f);
    free(data);
    return err;
}

void fwsim_image_free(fwsim_image *img)
{
    if (!img)
        return;
    fwsim__dwarf_free(img->dwarf);
    free(img->name);
    free(img->segments);
    free(img->bytes);
    free(img->symbols);
    free(img->spans);
    free(img->by_name);
    free(img->loads.list);
    free(img->sections.list);
    free(img->file);
    free(img);
}

/* ------------------------------------------------------------------ */
/* Questions                                                            */
/* ------------------------------------------------------------------ */

fwsim_format fwsim_image_format(const fwsim_image *img)
{
    return img->format;
}

fwsim_arch fwsim_image_arch(const fwsim_image *img)
{
    return img->arch;
}

const char *fwsim_image_name(const fwsim_image *img)
{
    return img->name;
}

bool fwsim_image_entry(const fwsim_image *img, uint64_t *entry)
{
    if (img->has_entry && entry)
        *entry = img->entry;
    return img->has_entry;
}

size_t fwsim_image_segments(const fwsim_image *img,
                            const fwsim_segment **segments)
{
    if (segments)
        *segments = img->segments;
    return img->segment_count;
}

const fwsim_segment *fwsim__image_segment_at(const fwsim_image *img,
                                             uint64_t addr)
{
    size_t low = 0, high = img->segment_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (img->segments[mid].addr <= addr)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0)
        return NULL;
    const fwsim_segment *s = &img->segments[low - 1];
    return addr - s->addr < s->size ? s : NULL;
}

size_t fwsim_image_read(const fwsim_image *img, uint64_t addr, void *buf,
                        size_t size)
{
    size_t done = 0;

    while (done < size) {
        const fwsim_segment *s = fwsim__image_segment_at(img, addr + done);
        if (!s)
            break;
        uint64_t offset = addr + done - s->addr;
        size_t n = size - done;
        if (n > s->size - offset)
            n = (size_t)(s->size - offset);
        memcpy((uint8_t *)buf + done, s->data + offset, n);
        done += n;
    }
    return done;
}
