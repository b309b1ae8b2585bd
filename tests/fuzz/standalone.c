/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz target without a fuzzer: over the empty input, then over each
 * file named, and over each file in each folder named, in the order of names.
 * A folder that does not exist is an empty one.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int runs;

/* The copy has exactly the input's size, so that a sanitizer sees an overrun. */
static int run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t size = 0, room = 0;

    if (!f) {
        perror(path);
        return -1;
    }
    for (;;) {
        if (size == room) {
            uint8_t *more = realloc(data, room = room ? room * 2 : 4096);
            if (!more)
                abort();
            data = more;
        }
        size_t n = fread(data + size, 1, room - size, f);
        if (n == 0)
            break;
        size += n;
    }
    int bad = ferror(f);
    fclose(f);
    if (bad) {
        perror(path);
        free(data);
        return -1;
    }

    uint8_t *exact = malloc(size ? size : 1);
    if (!exact)
        abort();
    memcpy(exact, data, size);
    free(data);
    fprintf(stderr, "%s: %zu bytes\n", path, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    runs++;
    return 0;
}

static int run_path(const char *path)
{
    struct stat st;
    struct dirent **names;
    int bad = 0;

    if (stat(path, &st) != 0) {
        fprintf(stderr, "%s: no inputs\n", path);
        return 0;
    }
    if (!S_ISDIR(st.st_mode))
        return run_file(path);

    int n = scandir(path, &names, NULL, alphasort);
    if (n < 0) {
        perror(path);
        return -1;
    }
    for (int i = 0; i < n; i++) {
        const char *name = names[i]->d_name;
        if (name[0] != '.') {
            size_t room = strlen(path) + strlen(name) + 2;
            char *inner = malloc(room);
            if (!inner)
                abort();
            snprintf(inner, room, "%s/%s", path, name);
            if (run_path(inner) != 0)
                bad = -1;
            free(inner);
        }
        free(names[i]);
    }
    free(names);
    return bad;
}

int main(int argc, char **argv)
{
    int bad = 0;

    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        if (run_path(argv[i]) != 0)
            bad = 1;
    }
    printf("%d inputs\n", runs);
    return bad;
}
