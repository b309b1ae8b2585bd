/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * See bundles.h.
 */
#include "bundles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char bundle_models[] = "fwsim-models: 1\n"
                             "soc: TEST1\n"
                             "peripherals:\n"
                             "  - base: 0x40000000\n"
                             "    size: 0x100\n"
                             "    registers:\n"
                             "      - offset: 0x00\n"
                             "        role: status\n"
                             "        fields:\n"
                             "          - { bits: 7, kind: ready-set }\n";

static char folder[64];
char last_log[1024];
fwsim_level last_level;

void keep_log(const fwsim_log_entry *entry, void *user)
{
    (void)user;
    snprintf(last_log, sizeof last_log, "%s", entry->text);
    last_level = entry->level;
}

const char *at(const char *name)
{
    static char paths[64][160];
    static unsigned next;
    char *path = paths[next++ % 64];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

void make_key(const char *name)
{
    char private_name[64], public_name[64];

    snprintf(private_name, sizeof private_name, "%s.key", name);
    snprintf(public_name, sizeof public_name, "%s.pub", name);
    DONE(fwsim_key_generate(at(private_name), at(public_name), NULL, keep_log,
                            NULL));
}

fwsim_key *open_key(const char *name)
{
    char file[64];
    fwsim_key *key;

    snprintf(file, sizeof file, "%s.key", name);
    DONE(fwsim_key_open(&key, at(file), NULL, keep_log, NULL));
    return key;
}

int bundles_set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/fwsim-bundle-XXXXXX");
    assert_non_null(mkdtemp(folder));
    make_key("a");
    make_key("b");
    make_key("c");
    return 0;
}

int bundles_tear_down(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

void shell(const char *command)
{
    char line[4096];

    snprintf(line, sizeof line, "cd %s && { %s; }", folder, command);
    if (system(line))
        fail_msg("this failed: %s", line);
}

bool has_program(const char *name)
{
    char line[128];

    snprintf(line, sizeof line, "command -v %s >/dev/null", name);
    if (!system(line))
        return true;
    print_message("SKIPPED: there is no %s here (make setup)\n", name);
    return false;
}

uint8_t *slurp(const char *path, size_t *size)
{
    enum { ROOM = 1 << 18 };
    FILE *f = fopen(path, "rb");
    uint8_t *data = malloc(ROOM + 1);

    assert_non_null(f);
    assert_non_null(data);
    *size = fread(data, 1, ROOM, f);
    fclose(f);
    return data;
}

void spill(const char *path, const void *data, size_t size)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, size, f), size);
    fclose(f);
}

fwsim_bundle_info some_info(void)
{
    static fwsim_part part = {
        .kind = FWSIM_PART_MODELS,
        .licence = "CC0-1.0",
        .provenance = "written for this test",
        .data = bundle_models,
        .size = sizeof bundle_models - 1,
    };

    return (fwsim_bundle_info){ .name = "test1",
                                .version = 3,
                                .created = NOW - DAY,
                                .expires = NOW + DAY,
                                .target = { .soc = "TEST1", .vendor = "ACME" },
                                .parts = &part,
                                .part_count = 1 };
}

int write_bundle(const char *name, const fwsim_bundle_info *info,
                 const char *key_name)
{
    fwsim_key *key = open_key(key_name);
    int err = fwsim_bundle_write(at(name), info, key, keep_log, NULL);

    fwsim_key_free(key);
    return err;
}

void sign(const char *name, const char *key_name)
{
    fwsim_key *key = open_key(key_name);

    DONE(fwsim_document_sign(at(name), at(name), key, keep_log, NULL));
    fwsim_key_free(key);
}

fwsim_trust *trust_in(const char *const *keys, unsigned threshold, uint64_t now)
{
    fwsim_trust *trust;
    const fwsim_trust_options opt = { .keys = keys,
                                      .threshold = threshold,
                                      .now = now,
                                      .seen = at("seen"),
                                      .log = keep_log };

    DONE(fwsim_trust_open(&trust, &opt));
    return trust;
}

fwsim_trust *trust_in_a(uint64_t now)
{
    const char *const keys[] = { at("a.pub"), NULL };

    return trust_in(keys, 1, now);
}

int open_with(fwsim_trust *trust, const char *name)
{
    fwsim_bundle *bundle;
    int err = fwsim_bundle_open(&bundle, at(name), trust);

    fwsim_bundle_free(bundle);
    return err;
}
