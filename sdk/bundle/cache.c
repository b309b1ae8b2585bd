/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was fetched, see cache.h.
 */
#include "bundle/cache.h"
#include "bundle/file.h"
#include "bundle/key.h"
#include "fwsim_bundle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool fwsim__is_hash(const char *text)
{
    return strlen(text) == FWSIM__HASH_TEXT - 1 &&
           strspn(text, "0123456789abcdef") == FWSIM__HASH_TEXT - 1;
}

bool fwsim__hash_text(fwsim__span bytes, char hash[FWSIM__HASH_TEXT])
{
    uint8_t raw[FWSIM__SHA256];

    if (!fwsim__sha256(bytes, raw))
        return false;
    fwsim__hex(raw, sizeof raw, hash);
    return true;
}

int fwsim__make_folder(const char *path, const fwsim__teller *t)
{
    char part[FWSIM__CACHE_PATH];
    size_t length = strlen(path);

    if (length >= sizeof part)
        return fwsim__refuse(t, FWSIM_EIO, "%.80s...: the name is too long",
                             path);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0777) && errno != EEXIST)
            return fwsim__refuse(t, FWSIM_EIO, "%s: %s", part, strerror(errno));
    }
    return 0;
}

static fwsim__teller about(const fwsim__teller *t, const char *path)
{
    return (fwsim__teller){ path, t->log, t->log_user };
}

/* ------------------------------------------------------------------ */
/* Bundles                                                              */
/* ------------------------------------------------------------------ */

static void object_path(char *path, const char *cache, const char *hash)
{
    snprintf(path, FWSIM__CACHE_PATH, "%s/objects/%.2s/%s", cache, hash, hash);
}

int fwsim__cache_get(fwsim__bytes *out, const char *cache, const char *hash,
                     const fwsim__teller *t)
{
    char path[FWSIM__CACHE_PATH] = "", is[FWSIM__HASH_TEXT];
    fwsim__teller here = about(t, path);
    int err;

    *out = (fwsim__bytes){ 0 };
    object_path(path, cache, hash);
    if (access(path, F_OK))
        return FWSIM_ENOENT;
    err = fwsim__file_read(out, path, FWSIM_BUNDLE_SIZE_MAX, &here);
    if (err == FWSIM_ENOSPC || (!err && (!fwsim__hash_text((fwsim__span){
                                    out->data, out->size }, is) ||
                                strcmp(is, hash)))) {
        fwsim__tell(&here, FWSIM_LOG_WARN, "damaged; it is removed");
        unlink(path);
        free(out->data);
        *out = (fwsim__bytes){ 0 };
        return FWSIM_ENOENT;
    }
    return err;
}

int fwsim__cache_put(const char *cache, const char *hash, fwsim__span bytes,
                     const fwsim__teller *t)
{
    char path[FWSIM__CACHE_PATH] = "", *slash;
    fwsim__teller here = about(t, path);
    int err;

    object_path(path, cache, hash);
    slash = strrchr(path, '/');
    *slash = '\0';
    err = fwsim__make_folder(path, &here);
    *slash = '/';
    return err ? err : fwsim__file_write(path, bytes, &here);
}

/* ------------------------------------------------------------------ */
/* Indexes                                                              */
/* ------------------------------------------------------------------ */

static bool index_path(char *path, const char *cache, const char *url)
{
    char hash[FWSIM__HASH_TEXT];

    if (!fwsim__hash_text(
            (fwsim__span){ (const uint8_t *)url, strlen(url) }, hash))
        return false;
    snprintf(path, FWSIM__CACHE_PATH, "%s/index/%s", cache, hash);
    return true;
}

/** Take the first line, "HASH ETAG", off a file. @return false: it is damaged */
static bool split(fwsim__bytes *file, fwsim__bytes *etag)
{
    char is[FWSIM__HASH_TEXT];
    const char *text = (const char *)file->data;
    const char *end = memchr(text, '\n', file->size);
    size_t head = end ? (size_t)(end - text) + 1 : 0, hash = sizeof is;

    if (head < hash + 1 || text[hash - 1] != ' ' ||
        !fwsim__hash_text((fwsim__span){ file->data + head, file->size - head },
                          is) ||
        memcmp(text, is, hash - 1) ||
        !fwsim__bytes_add(etag, text + hash, head - hash - 1))
        return false;
    file->size -= head;
    memmove(file->data, file->data + head, file->size);
    return true;
}

int fwsim__cache_get_index(fwsim__bytes *out, fwsim__bytes *etag,
                           const char *cache, const char *url,
                           const fwsim__teller *t)
{
    char path[FWSIM__CACHE_PATH] = "";
    fwsim__teller here = about(t, path);
    int err;

    *out = *etag = (fwsim__bytes){ 0 };
    if (!index_path(path, cache, url))
        return FWSIM_ENOMEM;
    if (access(path, F_OK))
        return FWSIM_ENOENT;
    err = fwsim__file_read(out, path, FWSIM_BUNDLE_SIZE_MAX, &here);
    if (err == FWSIM_ENOSPC || (!err && !split(out, etag))) {
        fwsim__tell(&here, FWSIM_LOG_WARN, "damaged; it is removed");
        unlink(path);
        free(out->data);
        free(etag->data);
        *out = *etag = (fwsim__bytes){ 0 };
        return FWSIM_ENOENT;
    }
    return err;
}

int fwsim__cache_put_index(const char *cache, const char *url,
                           fwsim__span bytes, const char *etag,
                           const fwsim__teller *t)
{
    char path[FWSIM__CACHE_PATH] = "", hash[FWSIM__HASH_TEXT];
    fwsim__teller here = about(t, path);
    fwsim__bytes file = { 0 };
    int err;

    snprintf(path, sizeof path, "%s/index", cache);
    err = fwsim__make_folder(path, &here);
    if (err)
        return err;
    if (index_path(path, cache, url) && fwsim__hash_text(bytes, hash) &&
        fwsim__bytes_add(&file, hash, strlen(hash)) &&
        fwsim__bytes_add(&file, " ", 1) &&
        fwsim__bytes_add(&file, etag, strlen(etag)) &&
        fwsim__bytes_add(&file, "\n", 1) &&
        fwsim__bytes_add(&file, bytes.data, bytes.size))
        err = fwsim__file_write(path, (fwsim__span){ file.data, file.size },
                                &here);
    else
        err = fwsim__refuse(&here, FWSIM_ENOMEM, "out of memory");
    free(file.data);
    return err;
}
