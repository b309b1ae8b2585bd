/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The repository as files: index.fwb, bundles/HASH.fwb, root/VERSION.fwb. No
 * other name is looked up, so none leads out of the folder.
 */
#include "modeld.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = FWSIM_BUNDLE_SIZE_MAX };

/** "/folder/NAME.fwb", the name of characters of a set. */
static bool is_in(const char *path, const char *folder, const char *set,
                  size_t max)
{
    size_t n = strlen(folder), name;

    if (strncmp(path, folder, n))
        return false;
    name = strspn(path + n, set);
    return name > 0 && name <= max && !strcmp(path + n + name, ".fwb");
}

static bool is_ours(const char *path)
{
    return !strcmp(path, "/index.fwb") ||
           is_in(path, "/bundles/", "0123456789abcdef", 64) ||
           is_in(path, "/root/", "0123456789", 20);
}

static bool read_all(int fd, char *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = read(fd, data + done, size - done);

        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

/** The bytes of an open file. @return false: it cannot be read */
static bool load(int fd, modeld_response *out)
{
    struct stat st;

    if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > FILE_MAX)
        return false;
    out->size = (size_t)st.st_size;
    out->body = malloc(out->size + 1);
    if (!out->body || !read_all(fd, out->body, out->size))
        return false;
    /* Files are replaced, not changed: a new one is another inode. */
    snprintf(out->etag, sizeof(out->etag), "\"%llx-%llx-%llx.%lx\"",
             (unsigned long long)st.st_ino, (unsigned long long)st.st_size,
             (unsigned long long)st.st_mtim.tv_sec,
             (unsigned long)st.st_mtim.tv_nsec);
    return true;
}

/** Only the rest of the file, when it is still the same one. */
static void cut(const modeld_request *request, modeld_response *out)
{
    if (request->method != MODELD_GET || !request->has_range ||
        request->range_first >= out->size ||
        (*request->if_range && strcmp(request->if_range, out->etag)))
        return;
    out->status = 206;
    out->total = out->size;
    out->first = request->range_first;
    out->size -= (size_t)out->first;
    memmove(out->body, out->body + out->first, out->size);
}

void modeld_file(const modeld *server, const modeld_request *request,
                 modeld_response *out)
{
    char path[4096];
    bool ok;
    int fd = -1;

    out->route = "repository";
    if (server->opt.repository && is_ours(request->path) &&
        snprintf(path, sizeof(path), "%s%s", server->opt.repository,
                 request->path) < (int)sizeof(path))
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        modeld_say(out, 404, "there is nothing here\n");
        return;
    }
    ok = load(fd, out);
    close(fd);
    if (!ok) {
        free(out->body);
        out->body = NULL;
        modeld_say(out, 500, "the file cannot be read\n");
        return;
    }
    out->status = 200;
    out->type = "application/cbor";
    if (*request->if_none_match && !strcmp(request->if_none_match, out->etag)) {
        out->status = 304;
        out->size = 0;
        return;
    }
    cut(request, out);
}
