/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots from files. The input is what happens to a good file: the bytes
 * that are left out at its end (two bytes), then changes, each an offset (four
 * bytes) and a value that is added there (a byte). The checksum and the size
 * are made right, so that the rest of the reader is reached; what it takes can
 * be restored.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE_MEMBER = 24 };

static fwsim_machine *m;
static uint8_t *good;
static size_t good_size;

static void must(int err)
{
    if (err)
        abort();
}

/** A machine with inference and input on its lines, and a file of it. */
static void make(void)
{
    char path[] = "/tmp/fuzz_snapshot_XXXXXX";
    int fd = mkstemp(path);
    fwsim_snapshot *s;
    FILE *f;

    if (fd < 0)
        abort();
    close(fd);
    must(fwsim_new(&m, fwsim_board_find("bbc_microbit"), NULL));
    must(fwsim_infer_enable(m, NULL));
    must(fwsim_stream_feed(m, "0x40004404", "abc", 3));
    must(fwsim_bus_write(m, 0x40002524, 4, 1));
    must(fwsim_uart_send(m, NULL, "waiting", 7));
    must(fwsim_mem_write(m, 0x20000100, "bytes", 5));
    must(fwsim_snapshot_take(m, &s));
    must(fwsim_snapshot_save(s, path));
    fwsim_snapshot_free(s);
    f = fopen(path, "rb");
    good = malloc(1 << 20);
    if (!f || !good)
        abort();
    good_size = fread(good, 1, 1 << 20, f);
    fclose(f);
    unlink(path);
    must(fwsim__snapshot_parse(m, "good", good, good_size, &s));
    fwsim_snapshot_free(s);
}

/** The file with the changes, of exactly its size. */
static uint8_t *changed(const uint8_t *data, size_t size, size_t *n)
{
    unsigned cut = size < 2 ? 0 : data[0] | (unsigned)data[1] << 8;
    uint8_t *file;
    uint64_t whole;

    *n = good_size - cut % good_size;
    file = malloc(*n);
    if (!file)
        abort();
    memcpy(file, good, *n);
    for (size_t i = 2; i + 5 <= size; i += 5) {
        uint32_t at;

        memcpy(&at, data + i, sizeof at);
        file[at % *n] = (uint8_t)(file[at % *n] + data[i + 4]);
    }
    whole = *n;
    if (*n >= SIZE_MEMBER + sizeof whole)
        memcpy(file + SIZE_MEMBER, &whole, sizeof whole);
    fwsim__snapshot_seal(file, *n);
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fwsim_snapshot *s;
    uint8_t *file;
    size_t n;

    if (!m)
        make();
    file = changed(data, size, &n);
    if (fwsim__snapshot_parse(m, "fuzz", file, n, &s) == 0) {
        must(fwsim_snapshot_restore(m, s));
        fwsim_hash(m);
        fwsim_snapshot_free(s);
    }
    free(file);
    return 0;
}
