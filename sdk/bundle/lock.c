/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwsim.lock: which bundles a project uses, to the byte.
 */
#include "bundle/cache.h"
#include "bundle/document.h"
#include "bundle/file.h"
#include "bundle/http.h"
#include "infer/model.h"
#include "infer/model_yaml.h"
#include "fwsim_repo.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOCK_VERSION = 1 };
enum { ROW_NAME, ROW_VERSION, ROW_HASH, ROW_URL, ROW_COLUMNS };

/** A row with strings of its own. */
typedef struct row {
    char *name, *sha256, *url;
    uint64_t version;
    fwsim_locked shown;
} row;

struct fwsim_lock {
    char *path;
    row *rows; /* in order of name */
    size_t count;
};

static void row_clear(row *r)
{
    free(r->name);
    free(r->sha256);
    free(r->url);
    *r = (row){ 0 };
}

void fwsim_lock_free(fwsim_lock *lock)
{
    if (!lock)
        return;
    for (size_t i = 0; i < lock->count; i++)
        row_clear(&lock->rows[i]);
    free(lock->rows);
    free(lock->path);
    free(lock);
}

/** The place of a name in the order. @a found  out: it is there */
static size_t place_of(const fwsim_lock *lock, const char *name, bool *found)
{
    size_t i = 0;

    while (i < lock->count && strcmp(lock->rows[i].name, name) < 0)
        i++;
    *found = i < lock->count && !strcmp(lock->rows[i].name, name);
    return i;
}

/** Take a row over, also on error. */
static int put_row(fwsim_lock *lock, row *r)
{
    bool found;
    size_t i = place_of(lock, r->name, &found);

    if (found) {
        row_clear(&lock->rows[i]);
    } else {
        row *more = realloc(lock->rows, (lock->count + 1) * sizeof *more);

        if (!more) {
            row_clear(r);
            return FWSIM_ENOMEM;
        }
        lock->rows = more;
        memmove(more + i + 1, more + i, (lock->count - i) * sizeof *more);
        lock->count++;
    }
    r->shown = (fwsim_locked){ r->name, r->version, r->sha256, r->url };
    lock->rows[i] = *r;
    return 0;
}

const fwsim_locked *fwsim_lock_get(const fwsim_lock *lock, size_t index)
{
    return index < lock->count ? &lock->rows[index].shown : NULL;
}

/** What a row must be, so that it reads as it was written.
 * @return the column that is not; ROW_COLUMNS: all are right */
static unsigned wrong_column(const char *name, const char *sha256,
                             const char *url)
{
    fwsim__url parts;

    if (!fwsim__is_name((fwsim__span){ (const uint8_t *)name, strlen(name) }))
        return ROW_NAME;
    if (!fwsim__is_hash(sha256))
        return ROW_HASH;
    return fwsim__url_read(&parts, url) || strchr(url, '"') ? ROW_URL
                                                            : ROW_COLUMNS;
}

int fwsim_lock_put(fwsim_lock *lock, const fwsim_locked *locked)
{
    row r = { .name = strdup(locked->name),
              .sha256 = strdup(locked->sha256),
              .url = strdup(locked->url),
              .version = locked->version };

    if (r.name && r.sha256 && r.url &&
        wrong_column(r.name, r.sha256, r.url) != ROW_COLUMNS) {
        row_clear(&r);
        return FWSIM_EINVAL;
    }
    if (r.name && r.sha256 && r.url)
        return put_row(lock, &r);
    row_clear(&r);
    return FWSIM_ENOMEM;
}

int fwsim_lock_remove(fwsim_lock *lock, const char *name)
{
    bool found;
    size_t i = place_of(lock, name, &found);

    if (!found)
        return FWSIM_ENOENT;
    row_clear(&lock->rows[i]);
    lock->count--;
    memmove(lock->rows + i, lock->rows + i + 1,
            (lock->count - i) * sizeof *lock->rows);
    return 0;
}

/* ------------------------------------------------------------------ */
/* Reading                                                              */
/* ------------------------------------------------------------------ */

#ifdef FWSIM_WITH_YAML

#define TEXT(member)                                                           \
    .read = fwsim__yaml_text, FWSIM__YAML_MEMBER(row, member), .required = true

static const fwsim__yaml_key row_keys[] = {
    [ROW_NAME] = { "name", TEXT(name) },
    [ROW_VERSION] = { "version", .read = fwsim__yaml_number,
                      FWSIM__YAML_MEMBER(row, version), .max = UINT64_MAX,
                      .required = true },
    [ROW_HASH] = { "sha256", TEXT(sha256) },
    [ROW_URL] = { "url", TEXT(url) },
    { 0 }
};

static int read_row(fwsim__yaml *y, void *into)
{
    static const char *const expected[] = {
        [ROW_NAME] = "a name: 1 to 64 letters, digits, '.', '_' and '-'",
        [ROW_HASH] = "a SHA-256: 64 digits of 0-9a-f",
        [ROW_URL] = "the URL of a repository: https://host/path",
    };
    fwsim__text_mark marks[FWSIM__YAML_KEYS];
    fwsim_lock *lock = into;
    row r = { 0 };
    bool found = false;
    int err = fwsim__yaml_map(y, "a bundle", row_keys, &r, marks, false);
    unsigned wrong = err ? ROW_COLUMNS : wrong_column(r.name, r.sha256, r.url);

    if (wrong != ROW_COLUMNS)
        err = fwsim__yaml_fail(y, marks[wrong], FWSIM_EFORMAT, "expected %s",
                               expected[wrong]);
    if (!err)
        place_of(lock, r.name, &found);
    if (found)
        err = fwsim__yaml_fail(y, marks[ROW_NAME], FWSIM_EFORMAT,
                               "the bundle '%s' is here twice", r.name);
    if (err) {
        row_clear(&r);
        return err;
    }
    return put_row(lock, &r) ? fwsim__yaml_no_memory(y) : 0;
}

static int read_rows(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    (void)key;
    return fwsim__yaml_list(y, "bundles", read_row, into);
}

static int read_version(fwsim__yaml *y, const fwsim__yaml_key *key, void *into)
{
    fwsim__text_mark mark;
    uint64_t version;
    int err = fwsim__yaml_mark_next(y, &mark);

    (void)into;
    if (!err)
        err = fwsim__yaml_value(y, key->max, &version);
    if (!err && version != LOCK_VERSION)
        err = fwsim__yaml_fail(y, mark, FWSIM_ENOTSUP,
                               "expected version %d of the format",
                               LOCK_VERSION);
    return err;
}

static int read_lock(fwsim__yaml *y, void *into)
{
    static const fwsim__yaml_key keys[] = {
        { "fwsim-lock", read_version, .max = UINT32_MAX, .required = true },
        { "bundles", read_rows },
        { 0 }
    };
    fwsim__text_mark marks[FWSIM__YAML_KEYS];

    return fwsim__yaml_map(y, "a lock file", keys, into, marks, false);
}

#else

#define read_lock NULL

#endif

int fwsim_lock_open(fwsim_lock **out, const char *path, fwsim_log_fn log,
                    void *log_user)
{
    const fwsim__text_source source = { .name = path,
                                        .log = log,
                                        .log_user = log_user };
    fwsim_lock *lock = calloc(1, sizeof *lock);
    int err = 0;

    *out = NULL;
    if (!lock || !(lock->path = strdup(path)))
        err = FWSIM_ENOMEM;
    else if (!access(path, F_OK))
        err = fwsim__yaml_parse(&source, read_lock, lock);
    if (err) {
        fwsim_lock_free(lock);
        return err;
    }
    *out = lock;
    return 0;
}

/* ------------------------------------------------------------------ */
/* Writing                                                              */
/* ------------------------------------------------------------------ */

int fwsim_lock_save(const fwsim_lock *lock, fwsim_log_fn log, void *log_user)
{
    const fwsim__teller t = { lock->path, log, log_user };
    fwsim__bytes text = { 0 };
    char *line = NULL;
    bool ok = fwsim__models_text(&line, "fwsim-lock: %d\n%s", LOCK_VERSION,
                                 lock->count ? "bundles:\n" : "") &&
              fwsim__bytes_add(&text, line, strlen(line));
    int err;

    for (size_t i = 0; ok && i < lock->count; i++) {
        const row *r = &lock->rows[i];

        ok = fwsim__models_text(&line,
                                "  - name: \"%s\"\n"
                                "    version: %" PRIu64 "\n"
                                "    sha256: \"%s\"\n"
                                "    url: \"%s\"\n",
                                r->name, r->version, r->sha256, r->url) &&
             fwsim__bytes_add(&text, line, strlen(line));
    }
    err = ok ? fwsim__file_write(lock->path,
                                 (fwsim__span){ text.data, text.size }, &t)
             : fwsim__refuse(&t, FWSIM_ENOMEM, "out of memory");
    free(text.data);
    free(line);
    return err;
}
