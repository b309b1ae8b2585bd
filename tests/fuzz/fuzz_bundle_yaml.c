/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The YAML of lock files and of boards in bundles: the first byte says which.
 * A lock file that is read is written so that it reads as the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle/board_part.h"
#include "fwsim_repo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void log_nothing(const fwsim_log_entry *entry, void *user)
{
    (void)user;
    if (!entry->text[0])
        abort();
}

static void spill(const char *path, const uint8_t *data, size_t size)
{
    FILE *f = fopen(path, "wb");

    if (!f || fwrite(data, 1, size, f) != size)
        abort();
    fclose(f);
}

static void lock(const uint8_t *data, size_t size)
{
    char path[64];
    fwsim_lock *first, *second;
    const fwsim_locked *a, *b;

    snprintf(path, sizeof path, "/tmp/fwsim-fuzz-lock.%ld", (long)getpid());
    spill(path, data, size);
    if (!fwsim_lock_open(&first, path, log_nothing, NULL)) {
        if (fwsim_lock_save(first, log_nothing, NULL) ||
            fwsim_lock_open(&second, path, log_nothing, NULL))
            abort();
        for (size_t i = 0; (a = fwsim_lock_get(first, i)) != NULL; i++) {
            b = fwsim_lock_get(second, i);
            if (!b || strcmp(a->name, b->name) || a->version != b->version ||
                strcmp(a->sha256, b->sha256) || strcmp(a->url, b->url))
                abort();
        }
        fwsim_lock_free(first);
        fwsim_lock_free(second);
    }
    unlink(path);
}

static void board(const uint8_t *data, size_t size)
{
    const fwsim__text_source source = { "fuzz", size ? (const char *)data : "",
                                        size, log_nothing, NULL };
    fwsim__board_part *part = NULL;

    if (!fwsim__board_part_read(&part, &source)) {
        for (size_t i = 0; i < part->memory_count; i++) {
            if (!part->memory[i].size || !part->memory[i].name)
                abort();
        }
    }
    fwsim__board_part_free(part);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size && data[0] == 'l')
        lock(data + 1, size - 1);
    else if (size && data[0] == 'b')
        board(data + 1, size - 1);
    return 0;
}
