/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file `campaign` that `fwsim fuzz` keeps, as `fwsim repro` reads it: it is
 * refused, or is a command line without a line break in an argument.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../ports/cli/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/fuzz_campaign_XXXXXX";
static char file[sizeof(folder) + sizeof("/campaign")];

static int nowhere, standard_error;

static void clean(void)
{
    remove(file);
    remove(folder);
}

static void begin(void)
{
    nowhere = open("/dev/null", O_WRONLY);
    standard_error = dup(STDERR_FILENO);
    if (nowhere < 0 || standard_error < 0 || !mkdtemp(folder))
        abort();
    snprintf(file, sizeof(file), "%s/campaign", folder);
    atexit(clean);
}

/* What is refused is refused with a message: of no interest here. */
static char **load(int *argc)
{
    char **argv;

    dup2(nowhere, STDERR_FILENO);
    argv = fuzz_campaign_load(folder, argc);
    dup2(standard_error, STDERR_FILENO);
    return argv;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char **argv;
    FILE *out;
    int argc;

    if (!*file)
        begin();
    out = fopen(file, "wb");
    if (!out || (size && fwrite(data, 1, size, out) != size) || fclose(out))
        abort();
    argv = load(&argc);
    if (!argv)
        return 0;
    if (argc < 2 || strcmp(argv[0], "fuzz") != 0 || argv[argc])
        abort();
    for (int i = 0; i < argc; i++)
        if (strchr(argv[i], '\n'))
            abort();
    free(argv);
    return 0;
}
