/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes models.yaml as a file: beside its place first, then renamed, so that
 * nobody ever sees a part of it.
 */
#include "infer/model_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put_file(const char *text, size_t n, void *user)
{
    /* stdio keeps a failure until ferror is asked. */
    fwrite(text, 1, n, user);
}

static int failed(const char *path, const char *what, fwsim_log_fn log,
                  void *log_user)
{
    char text[512];
    int number = errno;

    if (!log)
        return FWSIM_EIO;
    snprintf(text, sizeof text, "%s: %s: %s", path, what, strerror(number));
    log(&(fwsim_log_entry){ .level = FWSIM_LOG_ERROR, .origin = "models",
                            .text = text },
        log_user);
    return FWSIM_EIO;
}

/** Write, and have it on the disk. @return false: errno says why */
static bool write_all(const fwsim__models *models,
                      const fwsim__models_sink *sink, const char *path,
                      bool sync)
{
    fwsim__models_sink to = sink ? *sink : (fwsim__models_sink){ 0 };
    FILE *f = fopen(path, "w");
    int number = 0;

    if (!f)
        return false;
    to.put = put_file;
    to.put_user = f;
    errno = 0;
    fwsim__models_write(models, &to);
    if (fflush(f) || ferror(f) || (sync && fsync(fileno(f))))
        number = errno ? errno : EIO;
    if (fclose(f) && !number)
        number = errno;
    errno = number;
    return !number;
}

/** A terminal, a pipe or a device is written to, not replaced. */
static bool is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

int fwsim__models_save(const fwsim__models *models, const char *path,
                       const fwsim__models_sink *sink, fwsim_log_fn log,
                       void *log_user)
{
    char *beside = NULL;
    int err = 0;

    if (is_special(path))
        return write_all(models, sink, path, false)
                   ? 0
                   : failed(path, "cannot be written", log, log_user);
    if (!fwsim__models_text(&beside, "%s.%ld.tmp", path, (long)getpid()))
        return FWSIM_ENOMEM;
    if (!write_all(models, sink, beside, true))
        err = failed(beside, "cannot be written", log, log_user);
    else if (rename(beside, path))
        err = failed(path, "cannot be replaced", log, log_user);
    if (err)
        unlink(beside);
    free(beside);
    return err;
}
