/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a file so that nobody ever sees a part of it: beside its place first,
 * then renamed.
 */
#include "machine/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** @return false: errno says why */
static bool write_all(int fd, const uint8_t *data, size_t size)
{
    while (size) {
        ssize_t n = write(fd, data, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n ? errno : EIO;
            return false;
        }
        data += n;
        size -= (size_t)n;
    }
    return true;
}

/** A terminal, a pipe or a device is written to, not replaced. */
static bool is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/** @return false: errno says why */
static bool write_file(const char *path, int flags, const void *data,
                       size_t size, bool sync)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0666);
    int number = 0;

    if (fd < 0)
        return false;
    if (!write_all(fd, data, size) || (sync && fsync(fd)))
        number = errno;
    if (close(fd) && !number)
        number = errno;
    errno = number;
    return !number;
}

int fwsim__save(const char *path, const void *data, size_t size)
{
    size_t room = strlen(path) + 32;
    char *beside;
    int number = 0;

    if (is_special(path))
        return write_file(path, 0, data, size, false) ? 0 : FWSIM_EIO;
    beside = malloc(room);
    if (!beside)
        return FWSIM_ENOMEM;
    snprintf(beside, room, "%s.%ld.tmp", path, (long)getpid());
    if (!write_file(beside, O_CREAT | O_TRUNC, data, size, true) ||
        rename(beside, path)) {
        number = errno;
        unlink(beside);
    }
    free(beside);
    errno = number;
    return number ? FWSIM_EIO : 0;
}
