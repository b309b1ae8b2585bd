/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Out of memory while bundles, roots and indexes are written, signed, verified,
 * published and locked: each allocation of ours fails once. A call succeeds or
 * says FWSIM_ENOMEM, gives nothing back then, and nothing is lost.
 */
#include "alloc_failure.h"
#include "bundles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char key_file[160], public_file[160], bundle_file[160], signed_file[160];
static char root_file[160], root_dir[160], repo_dir[160], lock_file[160];
static char cache_dir[160], seen_file[160], other_key[160];

static int read_key(void)
{
    fwsim_key *key;
    int err = fwsim_key_open(&key, key_file, NULL, NULL, NULL);

    assert_int_equal(err == 0, key != NULL);
    fwsim_key_free(key);
    return err;
}

static int make_pair(void)
{
    char id[FWSIM_KEY_ID_TEXT];
    int err;

    remove(at("n.key"));
    remove(at("n.pub"));
    err = fwsim_key_generate(at("n.key"), at("n.pub"), id, NULL, NULL);
    assert_int_equal(access(at("n.key"), F_OK) == 0, err == 0);
    return err;
}

static int open_trust(fwsim_trust **trust, const char *dir, const char *seen)
{
    const char *const keys[] = { public_file, NULL };
    const fwsim_trust_options opt = { .dir = dir, .keys = keys, .now = NOW,
                                      .seen = seen };
    int err = fwsim_trust_open(trust, &opt);

    assert_int_equal(err == 0, *trust != NULL);
    return err;
}

static int write_and_sign(void)
{
    const fwsim_bundle_info info = some_info();
    fwsim_key *key, *other = NULL;
    int err = fwsim_key_open(&key, key_file, NULL, NULL, NULL);

    if (!err)
        err = fwsim_key_open(&other, other_key, NULL, NULL, NULL);
    if (!err)
        err = fwsim_bundle_write(signed_file, &info, key, NULL, NULL);
    if (!err)
        err = fwsim_document_sign(signed_file, signed_file, other, NULL, NULL);
    fwsim_key_free(key);
    fwsim_key_free(other);
    return err;
}

static int open_bundle(void)
{
    fwsim_bundle *bundle = NULL;
    fwsim_trust *trust;
    int err = open_trust(&trust, NULL, seen_file);

    if (!err)
        err = fwsim_bundle_open(&bundle, bundle_file, trust);
    assert_int_equal(err == 0, bundle != NULL);
    if (!err)
        err = fwsim_bundle_remember(bundle, trust);
    fwsim_bundle_free(bundle);
    fwsim_trust_free(trust);
    return err;
}

static int write_and_rotate_root(void)
{
    const char *const keys[] = { public_file, NULL };
    fwsim_root root = { .name = "acme", .version = 1, .created = 1,
                        .expires = NOW + 1,
                        .roles = { { keys, 1 }, { keys, 1 }, { keys, 1 } } };
    fwsim_trust *trust = NULL;
    char first[200];
    fwsim_key *key;
    int err = fwsim_key_open(&key, key_file, NULL, NULL, NULL);

    snprintf(first, sizeof first, "%s/root.fwb", root_dir);
    remove(first);
    if (!err)
        err = fwsim_root_write(first, &root, key, NULL, NULL);
    root.version = 2;
    if (!err)
        err = fwsim_root_write(root_file, &root, key, NULL, NULL);
    if (!err)
        err = open_trust(&trust, root_dir, NULL);
    if (!err)
        err = fwsim_trust_rotate(trust, root_file);
    if (trust)
        assert_int_equal(fwsim_trust_root_version(trust), err ? 1 : 2);
    fwsim_trust_free(trust);
    fwsim_key_free(key);
    return err;
}

static int publish(void)
{
    const char *const bundles[] = { bundle_file, NULL };
    const fwsim_publication p = { .name = "acme", .created = NOW,
                                  .expires = NOW + 1, .bundles = bundles };
    fwsim_trust *trust = NULL;
    fwsim_key *key;
    int err = fwsim_key_open(&key, key_file, NULL, NULL, NULL);

    if (!err)
        err = open_trust(&trust, NULL, NULL);
    if (!err)
        err = fwsim_repo_publish(repo_dir, &p, key, trust, NULL, NULL);
    fwsim_trust_free(trust);
    fwsim_key_free(key);
    return err;
}

static int lock(void)
{
    const fwsim_locked row = { "a", 1, "ba7816bf8f01cfea414140de5dae2223b00361a3"
                                       "96177a9cb410ff61f20015ad",
                               "https://a.example/" };
    fwsim_lock *l = NULL;
    int err = fwsim_lock_open(&l, lock_file, NULL, NULL);

    if (!err)
        err = fwsim_lock_put(l, &row);
    if (!err)
        err = fwsim_lock_save(l, NULL, NULL);
    fwsim_lock_free(l);
    return err;
}

static int use_cache(void)
{
    /* The cache has it: put there by the first life. */
    const fwsim_repo_options opt = { .cache = cache_dir, .offline = true };
    char hash[65] = "";
    const fwsim_locked row = { "test1", 3, hash, "https://a/" };
    fwsim_bundle *bundle = NULL;
    fwsim_trust *trust;
    FILE *f = fopen(at("hash"), "r");
    int err;

    assert_non_null(f);
    assert_int_equal(fscanf(f, "%64s", hash), 1);
    fclose(f);
    err = open_trust(&trust, NULL, NULL);
    if (!err)
        err = fwsim_repo_open(&bundle, &row, trust, &opt);
    assert_int_equal(err == 0, bundle != NULL);
    fwsim_bundle_free(bundle);
    fwsim_trust_free(trust);
    return err;
}

static void sweep(int (*life)(void))
{
    unsigned long n = 0, refused = 0;

    alloc_fail_at(0);
    assert_int_equal(life(), 0);
    do {
        int err;

        alloc_fail_at(++n);
        err = life();
        if (err && err != FWSIM_ENOMEM)
            fail_msg("allocation %lu: %d", n, err);
        refused += err != 0;
    } while (alloc_has_failed());
    alloc_fail_at(0);
    assert_true(refused > 0);
    assert_int_equal(life(), 0);
}

#define SWEEP(life)                                                            \
    static void out_of_memory_in_##life(void **state)                          \
    {                                                                          \
        (void)state;                                                           \
        sweep(life);                                                           \
    }
SWEEP(read_key)
SWEEP(make_pair)
SWEEP(write_and_sign)
SWEEP(open_bundle)
SWEEP(write_and_rotate_root)
SWEEP(publish)
SWEEP(lock)
SWEEP(use_cache)

static void keep(char *path, const char *name)
{
    snprintf(path, 160, "%s", at(name));
}

static int set_up(void **state)
{
    fwsim_bundle_info info = some_info();

    if (bundles_set_up(state))
        return -1;
    keep(key_file, "a.key");
    keep(other_key, "b.key");
    keep(public_file, "a.pub");
    keep(bundle_file, "x.fwb");
    keep(signed_file, "signed.fwb");
    keep(root_file, "2.fwb");
    keep(root_dir, "store");
    keep(repo_dir, "repo");
    keep(lock_file, "fwsim.lock");
    keep(cache_dir, "cache");
    keep(seen_file, "seen");
    DONE(write_bundle("x.fwb", &info, "a"));
    shell("mkdir store && sha256sum <x.fwb | cut -c1-64 >hash && "
          "h=$(cat hash) && d=cache/objects/$(cut -c1-2 hash) && "
          "mkdir -p $d && cp x.fwb $d/$h");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(out_of_memory_in_read_key),
        cmocka_unit_test(out_of_memory_in_make_pair),
        cmocka_unit_test(out_of_memory_in_write_and_sign),
        cmocka_unit_test(out_of_memory_in_open_bundle),
        cmocka_unit_test(out_of_memory_in_write_and_rotate_root),
        cmocka_unit_test(out_of_memory_in_publish),
        cmocka_unit_test(out_of_memory_in_lock),
        cmocka_unit_test(out_of_memory_in_use_cache),
    };

    return cmocka_run_group_tests(tests, set_up, bundles_tear_down);
}
