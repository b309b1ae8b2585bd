/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last versions that were seen, see seen.h.
 */
#include "bundle/seen.h"
#include "bundle/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { SEEN_MAX = 1 << 20 };

/** A line of the file. */
typedef struct line {
    char role[16];
    char name[FWSIM__NAME_MAX + 1];
    uint64_t version;
} line;

static const char *role_word(fwsim_key_role role)
{
    static const char *const words[] = {
#define X(name, text) text,
        FWSIM_ROLE_KEY_MAP(X)
#undef X
    };

    return words[role];
}

static bool parse_line(const char *text, size_t size, line *l)
{
    int end = 0;

    return sscanf(text, "%15[a-z] %64[A-Za-z0-9._-] %" SCNu64 "%n", l->role,
                  l->name, &l->version, &end) == 3 &&
           (size_t)end + (text[end] == '\n') == size;
}

static bool is_about(const line *l, fwsim_key_role role, fwsim__span name)
{
    const fwsim__span its = { (const uint8_t *)l->name, strlen(l->name) };

    return !strcmp(l->role, role_word(role)) && fwsim__span_equal(its, name);
}

/** Read the file; one that is not there is empty. */
static int load(const char *path, fwsim__bytes *text, const fwsim__teller *t)
{
    const fwsim__teller silent = { 0 };

    *text = (fwsim__bytes){ 0 };
    if (access(path, F_OK) && errno == ENOENT)
        return fwsim__bytes_add(text, "", 0)
                   ? 0
                   : fwsim__refuse(&silent, FWSIM_ENOMEM, "out of memory");
    return fwsim__file_read(text, path, SEEN_MAX, t);
}

static int damaged(const char *path, size_t number, const fwsim__teller *t)
{
    return fwsim__refuse(t, FWSIM_EFORMAT,
                         "%s:%zu: expected \"role name version\"; the file of "
                         "seen versions is damaged: mend it or remove it",
                         path, number);
}

/**
 * Find the version of a name, and copy the lines of others.
 * @param others  may be NULL
 */
static int scan(const char *path, const fwsim__bytes *text,
                fwsim_key_role role, fwsim__span name, uint64_t *version,
                fwsim__bytes *others, const fwsim__teller *t)
{
    const char *at = (const char *)text->data;
    line l;

    *version = 0;
    if (strlen(at) != text->size) /* zero bytes hide lines */
        return damaged(path, 1, t);
    for (size_t n = 1; *at; n++) {
        const char *next = strchr(at, '\n');
        size_t size = next ? (size_t)(next - at) + 1 : strlen(at);

        if (!parse_line(at, size, &l))
            return damaged(path, n, t);
        if (is_about(&l, role, name))
            *version = l.version;
        else if (others && !fwsim__bytes_add(others, at, size))
            return FWSIM_ENOMEM;
        at += size;
    }
    return 0;
}

int fwsim__seen_get(const char *path, fwsim_key_role role, fwsim__span name,
                    uint64_t *version, const fwsim__teller *t)
{
    fwsim__bytes text;
    int err;

    *version = 0;
    if (!path)
        return 0;
    err = load(path, &text, t);
    if (!err)
        err = scan(path, &text, role, name, version, NULL, t);
    free(text.data);
    return err;
}

int fwsim__seen_check(const char *path, fwsim_key_role role,
                      const fwsim__head *head, const fwsim__teller *t)
{
    uint64_t version;
    int err = fwsim__seen_get(path, role, head->name, &version, t);

    if (err || head->version >= version)
        return err;
    return fwsim__refuse(t, FWSIM_EACCES,
                         "version %" PRIu64 ", and version %" PRIu64
                         " was seen before; an old one is offered as new",
                         head->version, version);
}

static int update(const char *path, fwsim_key_role role, fwsim__span name,
                  uint64_t version, const fwsim__teller *t)
{
    fwsim__bytes text, others = { 0 };
    uint64_t before = 0;
    char row[128];
    int n, err = load(path, &text, t);

    if (!err)
        err = scan(path, &text, role, name, &before, &others, t);
    if (!err && before < version) {
        n = snprintf(row, sizeof row, "%s %.*s %" PRIu64 "\n", role_word(role),
                     (int)name.size, (const char *)name.data, version);
        err = fwsim__bytes_add(&others, row, (size_t)n)
                  ? fwsim__file_write(
                        path, (fwsim__span){ others.data, others.size }, t)
                  : FWSIM_ENOMEM;
    }
    free(text.data);
    free(others.data);
    return err;
}

int fwsim__seen_put(const char *path, fwsim_key_role role, fwsim__span name,
                    uint64_t version, const fwsim__teller *t)
{
    char lock[4096];
    int fd, err;

    if (!path)
        return 0;
    snprintf(lock, sizeof lock, "%s.lock", path);
    fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0 || flock(fd, LOCK_EX)) {
        err = fwsim__refuse(t, FWSIM_EIO, "%s: %s", lock, strerror(errno));
        if (fd >= 0)
            close(fd);
        return err;
    }
    err = update(path, role, name, version, t);
    close(fd);
    return err;
}
