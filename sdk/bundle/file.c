/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the bundle code, see file.h.
 */
#include "bundle/file.h"

#include <errno.h>
#include <fcntl.h>
#include <mbedtls/platform_util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_some(fwsim__bytes *out, int fd, uint8_t *buf, size_t size,
                     size_t limit, const fwsim__teller *t)
{
    ssize_t n;

    while ((n = read(fd, buf, size)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fwsim__refuse(t, FWSIM_EIO, "%s", strerror(errno));
        if (out->size + (size_t)n > limit)
            return fwsim__refuse(t, FWSIM_ENOSPC, "larger than %zu bytes",
                                 limit);
        if (!fwsim__bytes_add(out, buf, (size_t)n))
            return fwsim__refuse(t, FWSIM_ENOMEM, "out of memory");
    }
    return out->data || fwsim__bytes_add(out, "", 0)
               ? 0
               : fwsim__refuse(t, FWSIM_ENOMEM, "out of memory");
}

static int read_fd(fwsim__bytes *out, int fd, size_t limit,
                   const fwsim__teller *t)
{
    uint8_t buf[16384];
    int err = read_some(out, fd, buf, sizeof buf, limit, t);

    mbedtls_platform_zeroize(buf, sizeof buf); /* it may have been a key */
    return err;
}

int fwsim__file_read(fwsim__bytes *out, const char *path, size_t limit,
                     const fwsim__teller *t)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), err;

    *out = (fwsim__bytes){ 0 };
    if (fd < 0)
        return fwsim__refuse(t, errno == ENOENT ? FWSIM_ENOENT : FWSIM_EIO,
                             "%s", strerror(errno));
    err = read_fd(out, fd, limit, t);
    close(fd);
    if (err) {
        free(out->data);
        *out = (fwsim__bytes){ 0 };
    }
    return err;
}

/** @return 0 or errno */
static int write_fd(int fd, fwsim__span data)
{
    size_t done = 0;

    while (done < data.size) {
        ssize_t n = write(fd, data.data + done, data.size - done);

        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            done += (size_t)n;
    }
    return fsync(fd) ? errno : 0;
}

int fwsim__file_create(const char *path, unsigned mode, fwsim__span data,
                       const fwsim__teller *t)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode), e;

    if (fd < 0)
        return errno == EEXIST
                   ? fwsim__refuse(t, FWSIM_EACCES, "it exists already")
                   : fwsim__refuse(t, FWSIM_EIO, "cannot be written: %s",
                                   strerror(errno));
    e = write_fd(fd, data);
    if (close(fd) && !e)
        e = errno;
    if (!e)
        return 0;
    unlink(path);
    return fwsim__refuse(t, FWSIM_EIO, "cannot be written: %s", strerror(e));
}

int fwsim__file_write(const char *path, fwsim__span data,
                      const fwsim__teller *t)
{
    size_t size = strlen(path) + sizeof ".XXXXXX";
    char *beside = malloc(size);
    int fd, e;

    if (!beside)
        return fwsim__refuse(t, FWSIM_ENOMEM, "out of memory");
    snprintf(beside, size, "%s.XXXXXX", path);
    fd = mkstemp(beside);
    e = fd < 0 ? errno : write_fd(fd, data);
    if (fd >= 0 && fchmod(fd, 0644) && !e)
        e = errno;
    if (fd >= 0 && close(fd) && !e)
        e = errno;
    if (!e && rename(beside, path))
        e = errno;
    if (e && fd >= 0)
        unlink(beside);
    free(beside);
    return e ? fwsim__refuse(t, FWSIM_EIO, "cannot be written: %s", strerror(e))
             : 0;
}
