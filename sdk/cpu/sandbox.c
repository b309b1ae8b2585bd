/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files below a directory: a path is walked one component at a time with
 * openat(2) and O_NOFOLLOW, and its last component is used relative to the
 * directory that was reached.
 */
#include "cpu/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** The directory a path leads to, and the last component. */
typedef struct place {
    int fd;
    char name[NAME_MAX + 1];
} place;

/** What to report when a component could not be opened. */
static int open_error(int fd, const char *name)
{
    int err = errno;
    struct stat st;

    /* Which error a link or a FIFO causes depends on flags and system. */
    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
        !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return -EACCES;
    return -err;
}

/** Put the next component into at->name. @return what follows it, or NULL */
static const char *next_component(place *at, const char *path, int *err)
{
    size_t length = strcspn(path, "/");

    if (length > NAME_MAX) {
        *err = -ENAMETOOLONG;
        return NULL;
    }
    memcpy(at->name, path, length);
    at->name[length] = '\0';
    if (strcmp(at->name, "..") == 0) {
        *err = -EACCES;
        return NULL;
    }
    path += length;
    return path + strspn(path, "/");
}

static int walk(place *at, const char *path)
{
    int err = *path == '/' ? -EACCES : *path ? 0 : -ENOENT;

    while (!err && (path = next_component(at, path, &err)) && *path) {
        int fd = openat(at->fd, at->name,
                        O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        if (fd < 0)
            return open_error(at->fd, at->name);
        close(at->fd);
        at->fd = fd;
    }
    return err;
}

/** Close at->fd after success only. */
static int find(place *at, const char *root, const char *path)
{
    int err;

    if (!root)
        return -EACCES;
    at->fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at->fd < 0)
        return -errno;
    err = walk(at, path);
    if (err)
        close(at->fd);
    return err;
}

static bool is_plain(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

int fwsim__sandbox_open(const char *root, const char *path, int flags)
{
    place at;
    int err = find(&at, root, path);
    int fd;

    if (err)
        return err;
    /* A FIFO must not block here; it is refused below. */
    fd = openat(at.fd, at.name,
                flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
    if (fd < 0) {
        err = open_error(at.fd, at.name);
    } else if (!is_plain(fd)) {
        close(fd);
        err = -EACCES;
    }
    close(at.fd);
    return err ? err : fd;
}

int fwsim__sandbox_remove(const char *root, const char *path)
{
    place at;
    int err = find(&at, root, path);

    if (err)
        return err;
    err = unlinkat(at.fd, at.name, 0) == 0 ? 0 : -errno;
    close(at.fd);
    return err;
}

int fwsim__sandbox_rename(const char *root, const char *from, const char *to)
{
    place old, new;
    int err = find(&old, root, from);

    if (err)
        return err;
    err = find(&new, root, to);
    if (!err) {
        err = renameat(old.fd, old.name, new.fd, new.name) == 0 ? 0 : -errno;
        close(new.fd);
    }
    close(old.fd);
    return err;
}
