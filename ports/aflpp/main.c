/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main of an AFL++ target. Without afl-fuzz it runs the files named, and
 * those in the folders named, in the order of names; "-" is standard input.
 */
#include "aflpp.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LARGEST = 16 << 20 };

__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static unsigned runs, findings, failures;

static void fail(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    failures++;
}

/** The file, with not a byte of room behind it. @return NULL with errno set */
static uint8_t *read_all(FILE *in, size_t *size)
{
    size_t room = 4096, n = 0;
    uint8_t *data = malloc(room), *more;

    while (data && (n += fread(data + n, 1, room - n, in)) == room) {
        more = room < LARGEST ? realloc(data, room *= 2) : NULL;
        if (!more) {
            free(data);
            errno = EFBIG;
            return NULL;
        }
        data = more;
    }
    *size = n;
    more = data && !ferror(in) ? realloc(data, n ? n : 1) : NULL;
    if (!more)
        free(data);
    return more;
}

static void run_file(const char *path)
{
    FILE *in = strcmp(path, "-") ? fopen(path, "rb") : stdin;
    uint8_t *data = NULL;
    size_t size = 0;

    if (in)
        data = read_all(in, &size);
    if (!data) {
        fail(path, errno == EFBIG ? "larger than 16 MiB; no input is"
                                  : strerror(errno));
    } else {
        aflpp_last = (aflpp_run){ 0 };
        fprintf(stderr, "%s: %zu bytes\n", path, size);
        LLVMFuzzerTestOneInput(data, size);
        runs++;
        findings += aflpp_last.finding;
        failures += aflpp_last.too_long;
    }
    free(data);
    if (in && in != stdin)
        fclose(in);
}

static void run_path(const char *path)
{
    struct dirent **names;
    struct stat st;
    int n;

    if (!strcmp(path, "-") || stat(path, &st) || !S_ISDIR(st.st_mode)) {
        run_file(path);
        return;
    }
    n = scandir(path, &names, NULL, alphasort);
    if (n < 0)
        fail(path, strerror(errno));
    for (int i = 0; i < n; i++) {
        size_t room = strlen(path) + strlen(names[i]->d_name) + 2;
        char *inner = malloc(room);

        if (inner && names[i]->d_name[0] != '.') {
            snprintf(inner, room, "%s/%s", path, names[i]->d_name);
            run_path(inner);
        }
        free(inner);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

int main(int argc, char **argv)
{
    int err = LLVMFuzzerInitialize(&argc, &argv);

    if (err) {
        fprintf(stderr, "%s: LLVMFuzzerInitialize says %d: %s\n", argv[0], err,
                fwsim_strerror(err));
        return 2;
    }
    if (fwsim_fuzz_serve(LLVMFuzzerTestOneInput))
        return 0;
    aflpp_tells = true;
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE|FOLDER...\n"
                        "       afl-fuzz -i SEEDS -o FOLDER -- %s\n",
                argv[0], argv[0]);
        return 2;
    }
    for (int i = 1; i < argc; i++)
        run_path(argv[i]);
    printf("%u inputs, %u findings\n", runs, findings);
    return failures ? 2 : findings ? 1 : 0;
}
