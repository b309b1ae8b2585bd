/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots on disk (docs/snapshots.md has the format):
 *
 *     head | origin | arena | granules | bytes on serial lines | inference |
 *     faults
 *
 * The origin says in words what the snapshot was taken of; it is compared line
 * by line with what a snapshot of the machine at hand would say. The checksum
 * of the head covers everything behind it, so that what is read afterwards is
 * what was written, if only it was written by us: sizes are checked all the
 * same, and so is what would lead out of the tables of a machine.
 */
#include "machine/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

enum { FORMAT = 1, ORIGIN_MAX = 4096 };

/** Bytes that may wait on serial lines and in inference. */
#define WAITING_MAX ((uint64_t)256 << 20)

static const char magic[8] = "fwsnap\r\n";

typedef struct head {
    char magic[8];
    uint32_t format;
    uint32_t origin_size; /* bytes, with the zero byte at the end */
    uint64_t checksum;    /* XXH3-64 of everything behind it */
    uint64_t size;        /* of the file */
    uint64_t arena_size;
    uint64_t granules;    /* each: its number, then FWSIM__GRANULE bytes */
    uint64_t lines;       /* each: peripheral, size, bytes */
    uint64_t inferred_size;
    uint64_t faults_size;
} head;

/** What the checksum covers begins here. */
#define COVERED (offsetof(head, checksum) + sizeof(uint64_t))

/* ------------------------------------------------------------------ */
/* Origin                                                               */
/* ------------------------------------------------------------------ */

static uint64_t mix_text(const char *text, uint64_t hash)
{
    return XXH3_64bits_withSeed(text, strlen(text), hash);
}

static uint64_t mix(uint64_t value, uint64_t hash)
{
    return XXH3_64bits_withSeed(&value, sizeof value, hash);
}

/** Of everything that decides where something is in the state. */
static uint64_t layout_of(const fwsim_machine *m)
{
    uint64_t hash = mix(m->arena_size, mix(sizeof(fwsim__state), m->pins
                                               ? m->soc->pins : 0));

    for (size_t i = 0; i < m->mem_count; i++) {
        const fwsim__mem *mem = &m->mems[i];

        hash = mix_text(mem->desc->name, hash);
        hash = mix(mem->base, mix(mem->size, mix(mem->granule, hash)));
        hash = mix((uint64_t)mem->desc->kind, hash);
    }
    for (uint16_t i = 0; i < m->periph_count; i++) {
        const fwsim_periph *p = &m->periphs[i];

        hash = mix_text(p->type->name, mix_text(p->slot->name, hash));
        hash = mix(p->map ? p->map->words : 0, mix(p->type->state_size, hash));
        hash = mix(p->slot->base, hash);
    }
    return mix(m->cpu_ops ? m->cpu_ops->state_size : 0, hash);
}

char *fwsim__snapshot_origin(const fwsim_machine *m)
{
    char text[ORIGIN_MAX];
    int n = snprintf(text, sizeof text,
                     "fwsim %s\nboard %.1000s\ncore %.1000s\nsemihosting %s\n"
                     "inference %s\nlayout %016" PRIx64
                     "\nfirmware %016" PRIx64 "\n",
                     FWSIM_VERSION, m->board->name,
                     m->soc->cpu ? m->soc->cpu : "none",
                     m->opt.semihosting ? "on" : "off",
                     m->substitute ? "on" : "off", layout_of(m), m->firmware);
    char *copy = malloc((size_t)n + 1);

    return copy ? memcpy(copy, text, (size_t)n + 1) : NULL;
}

/** The next line of an origin, split. @return false at its end */
static bool next_line(const char **at, int *key, const char **value,
                      int *length)
{
    const char *text = *at;
    const char *space = strchr(text, ' ');
    const char *end = strchr(text, '\n');

    if (!space || !end || space > end)
        return false;
    *key = (int)(space - text);
    *value = space + 1;
    *length = (int)(end - space - 1);
    *at = end + 1;
    return true;
}

/** Nobody has given the machine other firmware than the snapshot has. */
static bool may_differ(const fwsim_machine *m, const char *key, int length)
{
    return length == 8 && !memcmp(key, "firmware", 8) && !m->firmware;
}

static int another(fwsim_machine *m, const char *name, const char *key,
                   int key_length, const char *had, int had_length,
                   const char *has, int has_length)
{
    if (key_length == 8 && !memcmp(key, "firmware", 8))
        return fwsim__error(m, FWSIM_ESTATE,
                            "%s: it was taken with other firmware than is "
                            "loaded; take it anew", name);
    if (key_length == 6 && !memcmp(key, "layout", 6))
        return fwsim__error(m, FWSIM_ESTATE,
                            "%s: board %s had other memories or peripherals "
                            "when it was taken; take it anew", name,
                            m->board->name);
    return fwsim__error(m, FWSIM_ESTATE,
                        "%s: it was taken with %.*s %.*s, this is %.*s %.*s",
                        name, key_length, key, had_length, had, key_length,
                        key, has_length, has);
}

int fwsim__snapshot_check_origin(fwsim_machine *m, const char *name,
                                 const char *origin)
{
    char *own = fwsim__snapshot_origin(m);
    const char *there = origin, *here = own;
    const char *had, *has;
    int key_here, key_there, had_length, has_length, err = 0;

    if (!own)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for %s", name);
    while (!err) {
        const char *key = here;

        if (!next_line(&here, &key_here, &has, &has_length))
            break;
        if (!next_line(&there, &key_there, &had, &had_length) ||
            key_there != key_here)
            err = fwsim__error(m, FWSIM_EFORMAT,
                               "%s: it does not say what it was taken of",
                               name);
        else if ((had_length != has_length ||
                  memcmp(had, has, (size_t)has_length) != 0) &&
                 !may_differ(m, key, key_here))
            err = another(m, name, key, key_here, had, had_length, has,
                          has_length);
    }
    free(own);
    return err;
}

/* ------------------------------------------------------------------ */
/* Writing                                                              */
/* ------------------------------------------------------------------ */

static bool put_granules(fwsim__bytes *b, const fwsim_snapshot *s,
                         uint64_t *count)
{
    bool ok = true;

    for (size_t g = 0; g < s->granule_count && ok; g++) {
        uint64_t number = g;

        if (s->place[g] == FWSIM__NOT_KEPT)
            continue;
        ok = fwsim__bytes_add(b, &number, sizeof number) &&
             fwsim__bytes_add(b, s->memory + (size_t)s->place[g] *
                                                 FWSIM__GRANULE,
                              FWSIM__GRANULE);
        ++*count;
    }
    return ok;
}

static bool put_lines(fwsim__bytes *b, const fwsim_snapshot *s, uint64_t *count)
{
    bool ok = true;

    for (uint16_t i = 0; i < s->periph_count && ok; i++) {
        uint64_t row[] = { i, s->rx[i].size };

        if (!s->rx[i].size)
            continue;
        ok = fwsim__bytes_add(b, row, sizeof row) &&
             fwsim__bytes_add(b, s->rx[i].data, s->rx[i].size);
        ++*count;
    }
    return ok;
}

/** The whole file. @return false without memory */
static bool put_all(fwsim__bytes *b, const fwsim_snapshot *s)
{
    head h = { .format = FORMAT,
               .origin_size = (uint32_t)strlen(s->origin) + 1,
               .arena_size = s->arena_size,
               .inferred_size = s->inferred_size,
               .faults_size = s->faults_size };
    bool ok;

    memcpy(h.magic, magic, sizeof magic);
    ok = fwsim__bytes_add(b, &h, sizeof h) &&
         fwsim__bytes_add(b, s->origin, h.origin_size) &&
         fwsim__bytes_add(b, s->arena, s->arena_size) &&
         put_granules(b, s, &h.granules) && put_lines(b, s, &h.lines) &&
         fwsim__bytes_add(b, s->inferred, s->inferred_size) &&
         fwsim__bytes_add(b, s->faults, s->faults_size);
    if (!ok)
        return false;
    h.size = b->size;
    memcpy(b->data, &h, sizeof h);
    fwsim__snapshot_seal(b->data, b->size);
    return true;
}

void fwsim__snapshot_seal(uint8_t *data, size_t size)
{
    uint64_t checksum;

    if (size < sizeof(head))
        return;
    checksum = XXH3_64bits(data + COVERED, size - COVERED);
    memcpy(data + offsetof(head, checksum), &checksum, sizeof checksum);
}

int fwsim_snapshot_save(const fwsim_snapshot *s, const char *path)
{
    fwsim__bytes b = { 0 };
    int err = put_all(&b, s) ? fwsim__save(path, b.data, b.size)
                             : FWSIM_ENOMEM;
    int number = errno;

    free(b.data);
    errno = number;
    return err;
}

/* ------------------------------------------------------------------ */
/* Reading                                                              */
/* ------------------------------------------------------------------ */

/** Bytes that are left to be read. */
typedef struct cursor {
    const uint8_t *at;
    size_t left;
} cursor;

/** @return NULL: there are not so many */
static const uint8_t *take(cursor *c, uint64_t size)
{
    const uint8_t *at = c->at;

    if (size > c->left)
        return NULL;
    c->at += size;
    c->left -= (size_t)size;
    return at;
}

static int damaged(fwsim_machine *m, const char *name, const char *what)
{
    return fwsim__error(m, FWSIM_EFORMAT, "%s: damaged: %s", name, what);
}

static int check_head(fwsim_machine *m, const char *name, const uint8_t *data,
                      size_t size, head *h)
{
    if (size < sizeof magic || memcmp(data, magic, sizeof magic) != 0)
        return fwsim__error(m, FWSIM_EFORMAT, "%s: this is no snapshot", name);
    if (size < sizeof *h)
        return fwsim__error(m, FWSIM_EFORMAT,
                            "%s: truncated: %zu bytes are left", name, size);
    memcpy(h, data, sizeof *h);
    if (h->format != FORMAT)
        return fwsim__error(m, FWSIM_ENOTSUP,
                            "%s: a snapshot of format %" PRIu32
                            ", this is fwsim %s, which reads format %d; take "
                            "it anew", name, h->format, FWSIM_VERSION, FORMAT);
    if (h->size != size)
        return fwsim__error(m, FWSIM_EFORMAT,
                            "%s: truncated: %zu of %" PRIu64 " bytes", name,
                            size, h->size);
    if (XXH3_64bits(data + COVERED, size - COVERED) != h->checksum)
        return damaged(m, name, "the checksum is wrong");
    return 0;
}

/** Would an event lead out of the tables of the machine? */
static bool event_is_good(const fwsim_machine *m, const fwsim_snapshot *s,
                          const fwsim__event *e)
{
    unsigned index = e->owner & ~(unsigned)FWSIM__OWNER_UART;

    if (e->owner == FWSIM__OWNER_CPU)
        return m->cpu != NULL;
    if (e->owner == FWSIM__OWNER_SUBSTITUTE)
        return m->substitute != NULL;
    if (e->owner == FWSIM__OWNER_HOST)
        return true;
    if (e->owner == FWSIM__OWNER_LINE)
        return m->cpu && (e->id < m->soc->irq_lines ||
                          (int16_t)e->id == FWSIM_NMI);
    if (index >= m->periph_count)
        return false;
    return !(e->owner & FWSIM__OWNER_UART) || s->rx[index].size > 0;
}

static bool events_are_good(const fwsim_machine *m, const fwsim_snapshot *s,
                            const fwsim__state *st)
{
    if (st->event_count > FWSIM__EVENTS_MAX)
        return false;
    for (uint32_t i = 0; i < st->event_count; i++) {
        const fwsim__event *e = &st->events[i];

        if (!event_is_good(m, s, e) || (i && e->at < st->events[(i - 1) / 2].at))
            return false;
        for (uint32_t k = 0; k < i; k++)
            if (st->events[k].owner == e->owner && st->events[k].id == e->id)
                return false;
    }
    return true;
}

/** Where something of the machine's arena is in that of the snapshot. */
static const void *in_arena(const fwsim_machine *m, const fwsim_snapshot *s,
                            const void *place)
{
    return s->arena + ((const uint8_t *)place - (const uint8_t *)m->st);
}

static bool link_is_good(const fwsim_machine *m, const fwsim_periph *p,
                         const fwsim__link *link)
{
    return link->irq_levels >> p->type->irqs == 0 &&
           link->selected <= 1 && link->drift_ppm > -1000000 &&
           (!link->addressed || (link->addressed & FWSIM__OF_HOST) ||
            (link->addressed <= m->periph_count &&
             m->periphs[link->addressed - 1].type->i2c));
}

static bool pin_is_good(const fwsim__pin *pin)
{
    const uint8_t most = FWSIM_PIN_WEAK_UP;

    return pin->port <= most && pin->override <= most && pin->host <= most &&
           pin->part <= most && pin->level <= 1;
}

static int check_arena(fwsim_machine *m, const char *name,
                       const fwsim_snapshot *s)
{
    const fwsim__state *st = (const fwsim__state *)s->arena;
    const fwsim__pin *pins = m->soc->pins ? in_arena(m, s, m->pins) : NULL;

    if (st->slept > st->now || st->reset_pending > FWSIM_RESET_WATCHDOG + 1 ||
        !events_are_good(m, s, st))
        return damaged(m, name, "the events are inconsistent");
    for (uint16_t i = 0; i < m->periph_count; i++)
        if (!link_is_good(m, &m->periphs[i], in_arena(m, s,
                                                      m->periphs[i].link)))
            return damaged(m, name, "the links are inconsistent");
    for (unsigned i = 0; i < m->soc->pins; i++)
        if (!pin_is_good(&pins[i]))
            return damaged(m, name, "the pins are inconsistent");
    return 0;
}

static int read_granules(fwsim_machine *m, const char *name, const head *h,
                         cursor *c, fwsim_snapshot *s)
{
    for (size_t g = 0; g < m->granule_count; g++)
        s->place[g] = FWSIM__NOT_KEPT;
    for (uint32_t i = 0; i < h->granules; i++) {
        const uint8_t *number = take(c, sizeof(uint64_t));
        const uint8_t *bytes = take(c, FWSIM__GRANULE);
        uint64_t g;

        if (!number || !bytes)
            return damaged(m, name, "the memories end too early");
        memcpy(&g, number, sizeof g);
        if (g >= m->granule_count || s->place[g] != FWSIM__NOT_KEPT)
            return damaged(m, name, "the memories are inconsistent");
        memcpy(s->memory + (size_t)i * FWSIM__GRANULE, bytes, FWSIM__GRANULE);
        s->place[g] = i;
    }
    return 0;
}

/** Can so many bytes wait for a peripheral? */
static bool line_is_good(const fwsim_periph *p, uint64_t size)
{
    if (p->type->on_can)
        return size && size % FWSIM__CAN_PACKED == 0;
    return size && p->type->uart;
}

static int read_lines(fwsim_machine *m, const char *name, const head *h,
                      cursor *c, fwsim_snapshot *s)
{
    for (uint64_t i = 0; i < h->lines; i++) {
        const uint8_t *at = take(c, 2 * sizeof(uint64_t));
        const uint8_t *bytes;
        uint64_t row[2];

        if (!at)
            return damaged(m, name, "the serial lines end too early");
        memcpy(row, at, sizeof row);
        bytes = take(c, row[1]);
        if (!bytes || row[0] >= m->periph_count || s->rx[row[0]].size ||
            !line_is_good(&m->periphs[row[0]], row[1]))
            return damaged(m, name, "the serial lines are inconsistent");
        if (!fwsim__bytes_add(&s->rx[row[0]], bytes, (size_t)row[1]))
            return fwsim__error(m, FWSIM_ENOMEM, "no memory for %s", name);
    }
    return 0;
}

static int read_inferred(fwsim_machine *m, const char *name, const head *h,
                         cursor *c, fwsim_snapshot *s)
{
    const uint8_t *bytes = take(c, h->inferred_size);

    if (!bytes || !m->substitute != !h->inferred_size ||
        (m->substitute && !m->substitute->fits(m->substitute_user, bytes,
                                               (size_t)h->inferred_size)))
        return damaged(m, name, "the state of inference is inconsistent");
    s->substitute = m->substitute;
    s->inferred_size = (size_t)h->inferred_size;
    s->inferred = malloc(s->inferred_size + 1);
    if (!s->inferred)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for %s", name);
    memcpy(s->inferred, bytes, s->inferred_size);
    return 0;
}

/** Whose progress it is, and whether there is such a fault, says restoring. */
static int read_faults(fwsim_machine *m, const char *name, const head *h,
                       cursor *c, fwsim_snapshot *s)
{
    const uint8_t *bytes = take(c, h->faults_size);

    if (!bytes || c->left)
        return damaged(m, name, "its end is inconsistent");
    s->faults_size = (size_t)h->faults_size;
    s->faults = malloc(s->faults_size + 1);
    if (!s->faults)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for %s", name);
    memcpy(s->faults, bytes, s->faults_size);
    return 0;
}

static int read_state(fwsim_machine *m, const char *name, const head *h,
                      cursor *c, fwsim_snapshot *s)
{
    const uint8_t *arena = take(c, h->arena_size);
    int err;

    if (!arena)
        return damaged(m, name, "it ends too early");
    memcpy(s->arena, arena, s->arena_size);
    if (!(err = read_granules(m, name, h, c, s)) &&
        !(err = read_lines(m, name, h, c, s)) &&
        !(err = read_inferred(m, name, h, c, s)) &&
        !(err = read_faults(m, name, h, c, s)))
        err = check_arena(m, name, s);
    return err;
}

int fwsim__snapshot_parse(fwsim_machine *m, const char *name,
                          const uint8_t *data, size_t size,
                          fwsim_snapshot **out)
{
    cursor c = { data, size };
    fwsim_snapshot *s;
    const char *origin;
    head h;
    int err = check_head(m, name, data, size, &h);

    *out = NULL;
    if (err)
        return err;
    take(&c, sizeof h);
    origin = (const char *)take(&c, h.origin_size);
    if (!origin || !h.origin_size || h.origin_size > ORIGIN_MAX ||
        strnlen(origin, h.origin_size) != h.origin_size - 1)
        return damaged(m, name, "the description is inconsistent");
    err = fwsim__snapshot_check_origin(m, name, origin);
    if (err)
        return err;
    if (h.arena_size != m->arena_size || h.granules > m->granule_count)
        return damaged(m, name, "the sizes are inconsistent");
    s = fwsim__snapshot_new(m, (size_t)h.granules);
    if (s)
        s->origin = fwsim__snapshot_origin(m);
    if (!s || !s->origin)
        err = fwsim__error(m, FWSIM_ENOMEM, "no memory for %s", name);
    else
        err = read_state(m, name, &h, &c, s);
    if (err)
        fwsim_snapshot_free(s);
    else
        *out = s;
    return err;
}

/** More is in no snapshot of the machine. */
static uint64_t size_max(const fwsim_machine *m)
{
    return sizeof(head) + ORIGIN_MAX + m->arena_size +
           m->granule_count * (FWSIM__GRANULE + sizeof(uint64_t)) +
           WAITING_MAX;
}

static int cannot_read(fwsim_machine *m, const char *path, int number)
{
    return fwsim__error(m, number == ENOENT ? FWSIM_ENOENT : FWSIM_EIO,
                        "%s: cannot be read: %s", path, strerror(number));
}

static int read_all(fwsim_machine *m, const char *path, int fd, uint8_t **data,
                    size_t *size)
{
    struct stat st;
    size_t at = 0;

    if (fstat(fd, &st))
        return cannot_read(m, path, errno);
    if (!S_ISREG(st.st_mode))
        return fwsim__error(m, FWSIM_EFORMAT, "%s: this is no file", path);
    if ((uint64_t)st.st_size > size_max(m))
        return fwsim__error(m, FWSIM_EFORMAT,
                            "%s: no snapshot of board %s has %jd bytes", path,
                            m->board->name, (intmax_t)st.st_size);
    *data = malloc((size_t)st.st_size + 1);
    if (!*data)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for %s", path);
    while (at < (size_t)st.st_size) {
        ssize_t n = read(fd, *data + at, (size_t)st.st_size - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cannot_read(m, path, errno);
        if (n == 0)
            break;
        at += (size_t)n;
    }
    *size = at;
    return 0;
}

int fwsim_snapshot_load(fwsim_machine *m, const char *path,
                        fwsim_snapshot **out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    uint8_t *data = NULL;
    size_t size = 0;
    int err;

    *out = NULL;
    if (fd < 0)
        return cannot_read(m, path, errno);
    err = read_all(m, path, fd, &data, &size);
    close(fd);
    if (!err)
        err = fwsim__snapshot_parse(m, path, data, size, out);
    free(data);
    return err;
}
