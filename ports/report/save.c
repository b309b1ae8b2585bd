/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report as a file: written beside its place first, then renamed, so that
 * nobody ever sees a part of it.
 */
#include "text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fwsim.h"

void fwsim__report_print(fwsim__report_format format,
                         const fwsim__results *results, FILE *out)
{
    switch (format) {
    case FWSIM__REPORT_JUNIT:
        fwsim__junit_print(results, out);
        break;
    case FWSIM__REPORT_TAP:
        fwsim__tap_print(results, out);
        break;
    case FWSIM__REPORT_JSONL:
        fwsim__json_print(results, out);
        break;
    }
}

/** @return 0, or the errno of what stdio has noticed */
static int finish(FILE *f)
{
    int number = 0;

    if (fflush(f) || ferror(f))
        number = errno ? errno : EIO;
    return number;
}

static int failed(const char *path, const char *what, int number, char *error,
                  size_t size)
{
    snprintf(error, size, "%s: %s: %s", path, what, strerror(number));
    return FWSIM_EIO;
}

/** A terminal, a pipe or a device is written to, not replaced. */
static bool is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/** @return 0, or an errno */
static int write_file(fwsim__report_format format,
                      const fwsim__results *results, const char *path)
{
    FILE *f = fopen(path, "w");
    int number;

    if (!f)
        return errno;
    errno = 0;
    fwsim__report_print(format, results, f);
    number = finish(f);
    if (fclose(f) && !number)
        number = errno;
    return number;
}

/** Beside its place, then renamed. @return as fwsim__report_save */
static int replace_file(fwsim__report_format format,
                        const fwsim__results *results, const char *path,
                        char *error, size_t size)
{
    size_t room = strlen(path) + 32;
    char *beside = malloc(room);
    int number, err = 0;

    if (!beside) {
        snprintf(error, size, "%s: out of memory", path);
        return FWSIM_ENOMEM;
    }
    snprintf(beside, room, "%s.%ld.tmp", path, (long)getpid());
    number = write_file(format, results, beside);
    if (number)
        err = failed(path, "cannot be written", number, error, size);
    else if (rename(beside, path))
        err = failed(path, "cannot be replaced", errno, error, size);
    if (err)
        unlink(beside);
    free(beside);
    return err;
}

int fwsim__report_save(fwsim__report_format format,
                       const fwsim__results *results, const char *path,
                       char *error, size_t size)
{
    const char *shown = path;
    int number;

    if (!strcmp(path, "-")) {
        shown = "standard output";
        errno = 0;
        fwsim__report_print(format, results, stdout);
        number = finish(stdout);
    } else if (is_special(path)) {
        number = write_file(format, results, path);
    } else {
        return replace_file(format, results, path, error, size);
    }
    return number ? failed(shown, "cannot be written", number, error, size) : 0;
}
