/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was fetched, and what is published: the cache, with damage, without
 * room and with many processes; the lock file; folders that a server serves.
 */
#include "bundle/cache.h"
#include "bundle/document.h"
#include "bundle/index.h"
#include "bundle/trust.h"
#include "bundles.h"

#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const fwsim__teller teller = { NULL, keep_log, NULL };

static fwsim__span span_of(const char *text)
{
    return (fwsim__span){ (const uint8_t *)text, strlen(text) };
}

/* ------------------------------------------------------------------ */
/* The cache                                                            */
/* ------------------------------------------------------------------ */

static const char *object_of(const char *cache, const char *hash)
{
    static char path[400];

    snprintf(path, sizeof path, "%s/objects/%.2s/%s", at(cache), hash, hash);
    return path;
}

static void the_cache_gives_back_what_it_was_given(void **state)
{
    char hash[FWSIM__HASH_TEXT];
    fwsim__bytes out;

    (void)state;
    assert_true(fwsim__hash_text(span_of("abc"), hash));
    /* FIPS 180-2, appendix B.1 */
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9c"
                              "b410ff61f20015ad");
    assert_int_equal(fwsim__cache_get(&out, at("c"), hash, &teller),
                     FWSIM_ENOENT);
    DONE(fwsim__cache_put(at("c"), hash, span_of("abc"), &teller));
    DONE(fwsim__cache_get(&out, at("c"), hash, &teller));
    assert_int_equal(out.size, 3);
    assert_memory_equal(out.data, "abc", 3);
    free(out.data);
}

static void a_damaged_object_is_removed_and_not_used(void **state)
{
    char hash[FWSIM__HASH_TEXT];
    fwsim__bytes out;

    (void)state;
    assert_true(fwsim__hash_text(span_of("damage"), hash));
    DONE(fwsim__cache_put(at("c"), hash, span_of("damage"), &teller));
    spill(object_of("c", hash), "damaged", 7);
    REFUSED(fwsim__cache_get(&out, at("c"), hash, &teller), FWSIM_ENOENT,
            "damaged; it is removed");
    assert_int_equal(access(object_of("c", hash), F_OK), -1);
    assert_null(out.data);
    spill(object_of("c", hash), "", 0); /* a crash of the host */
    assert_int_equal(fwsim__cache_get(&out, at("c"), hash, &teller),
                     FWSIM_ENOENT);
}

static void a_damaged_index_is_removed_and_fetched_again(void **state)
{
    static const char url[] = "https://a.example/index.fwb";
    fwsim__bytes out, etag;
    char path[400];
    size_t size;
    uint8_t *data;
    DIR *dir;
    struct dirent *e;

    (void)state;
    DONE(fwsim__cache_put_index(at("ci"), url, span_of("the index"), "\"x y\"",
                                &teller));
    DONE(fwsim__cache_get_index(&out, &etag, at("ci"), url, &teller));
    assert_string_equal((char *)etag.data, "\"x y\"");
    assert_int_equal(out.size, 9);
    assert_memory_equal(out.data, "the index", 9);
    free(out.data);
    free(etag.data);
    DONE(fwsim__cache_put_index(at("ci"), url, span_of("no tag"), "", &teller));
    DONE(fwsim__cache_get_index(&out, &etag, at("ci"), url, &teller));
    assert_int_equal(etag.size, 0);
    free(out.data);
    free(etag.data);

    dir = opendir(at("ci/index"));
    assert_non_null(dir);
    while ((e = readdir(dir)) != NULL && e->d_name[0] == '.')
        ;
    assert_non_null(e);
    snprintf(path, sizeof path, "%s/%s", at("ci/index"), e->d_name);
    closedir(dir);
    data = slurp(path, &size);
    for (size_t cut = 0; cut < size; cut++) {
        spill(path, data, cut);
        assert_int_equal(fwsim__cache_get_index(&out, &etag, at("ci"), url,
                                                &teller),
                         FWSIM_ENOENT);
        assert_int_equal(access(path, F_OK), -1);
    }
    data[size - 1] ^= 1;
    spill(path, data, size);
    assert_int_equal(fwsim__cache_get_index(&out, &etag, at("ci"), url, &teller),
                     FWSIM_ENOENT);
    free(data);
}

static void processes_share_a_cache(void **state)
{
    enum { PROCESSES = 6, OBJECTS = 10 };
    int status;

    (void)state;
    *last_log = '\0';
    for (int p = 0; p < PROCESSES; p++) {
        if (fork())
            continue;
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < OBJECTS; i++) {
                char text[3000], hash[FWSIM__HASH_TEXT];
                fwsim__bytes out;
                int err;

                memset(text, 'a' + i, sizeof text - 1);
                text[sizeof text - 1] = '\0';
                if (!fwsim__hash_text(span_of(text), hash))
                    _exit(1);
                err = fwsim__cache_get(&out, at("shared"), hash, &teller);
                if (!err && (out.size != sizeof text - 1 ||
                             memcmp(out.data, text, out.size)))
                    _exit(2);
                free(out.data);
                if (err && err != FWSIM_ENOENT)
                    _exit(3);
                if (fwsim__cache_put(at("shared"), hash, span_of(text), &teller))
                    _exit(4);
            }
        }
        _exit(strstr(last_log, "damaged") ? 5 : 0);
    }
    for (int p = 0; p < PROCESSES; p++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    /* No file is left over beside the objects. */
    shell("test $(find shared -type f | wc -l) = 10");
}

static void without_room_nothing_is_half_written(void **state)
{
    const struct rlimit small = { 1000, 1000 };
    char hash[FWSIM__HASH_TEXT];
    char *text = calloc(1, 5001);
    int status;

    (void)state;
    assert_non_null(text);
    memset(text, 'x', 5000);
    assert_true(fwsim__hash_text(span_of(text), hash));
    if (fork() == 0) {
        int err;

        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &small);
        err = fwsim__cache_put(at("full"), hash, span_of(text), &teller);
        if (err != FWSIM_EIO || !strstr(last_log, "cannot be written"))
            _exit(1);
        _exit(0);
    }
    assert_true(wait(&status) > 0);
    assert_int_equal(status, 0);
    shell("test -d full && test -z \"$(find full -type f)\"");
    free(text);
}

static void a_cache_that_is_a_file_is_an_error(void **state)
{
    char hash[FWSIM__HASH_TEXT];

    (void)state;
    spill(at("file"), "x", 1);
    assert_true(fwsim__hash_text(span_of("abc"), hash));
    REFUSED(fwsim__cache_put(at("file"), hash, span_of("abc"), &teller),
            FWSIM_EIO, "file");
}

static void a_row_that_is_no_hash_leads_nowhere(void **state)
{
    const fwsim_locked row = { "test1", 1, "../../../a.pub", "https://a/" };
    const fwsim_repo_options opt = { .cache = at("c"), .offline = true,
                                     .fetch = { .log = keep_log } };
    fwsim_trust *trust = trust_in_a(NOW);
    fwsim_bundle *bundle;

    (void)state;
    assert_false(fwsim_repo_cached(&row, &opt));
    REFUSED(fwsim_repo_open(&bundle, &row, trust, &opt), FWSIM_EINVAL,
            "no SHA-256");
    assert_return_code(access(at("a.pub"), F_OK), 0);
    fwsim_trust_free(trust);
}

/** Put a bundle into the cache and ask for it by a row. */
static int open_row(const char *name, uint64_t version)
{
    const fwsim_repo_options opt = { .cache = at("c"), .offline = true,
                                     .fetch = { .log = keep_log } };
    fwsim_bundle_info info = some_info();
    char hash[FWSIM__HASH_TEXT];
    const fwsim_locked row = { name, version, hash, "https://a/" };
    fwsim_trust *trust = trust_in_a(NOW);
    fwsim_bundle *bundle;
    size_t size;
    uint8_t *data;
    int err;

    DONE(write_bundle("x.fwb", &info, "a"));
    data = slurp(at("x.fwb"), &size);
    assert_true(fwsim__hash_text((fwsim__span){ data, size }, hash));
    DONE(fwsim__cache_put(at("c"), hash, (fwsim__span){ data, size }, &teller));
    err = fwsim_repo_open(&bundle, &row, trust, &opt);
    assert_int_equal(err == 0, bundle != NULL);
    fwsim_bundle_free(bundle);
    fwsim_trust_free(trust);
    free(data);
    return err;
}

static void a_bundle_is_the_one_of_its_row(void **state)
{
    (void)state;
    DONE(open_row("test1", 3));
    REFUSED(open_row("test2", 3), FWSIM_EACCES, "calls itself test1 3");
    REFUSED(open_row("test1", 4), FWSIM_EACCES, "calls itself test1 3");
}

static void a_bundle_that_cannot_be_remembered_is_not_used(void **state)
{
    (void)state;
    unlink(at("seen"));
    unlink(at("seen.lock"));
    assert_return_code(mkdir(at("seen.lock"), 0755), 0);
    REFUSED(open_row("test1", 3), FWSIM_EIO, "seen.lock");
    rmdir(at("seen.lock"));
}

/* ------------------------------------------------------------------ */
/* Lock files                                                           */
/* ------------------------------------------------------------------ */

#define HASH "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static void a_lock_file_comes_back_as_it_was_written(void **state)
{
    const fwsim_locked b = { "b", 2, HASH, "https://b.example/x" };
    const fwsim_locked a = { "a.1_-", UINT64_MAX, HASH, "https://a.example" };
    fwsim_lock *lock;
    uint8_t *first, *second;
    size_t size, again;

    (void)state;
    DONE(fwsim_lock_open(&lock, at("fwsim.lock"), keep_log, NULL));
    assert_null(fwsim_lock_get(lock, 0));
    DONE(fwsim_lock_put(lock, &b));
    DONE(fwsim_lock_put(lock, &a));
    DONE(fwsim_lock_put(lock, &b));
    DONE(fwsim_lock_save(lock, keep_log, NULL));
    fwsim_lock_free(lock);
    first = slurp(at("fwsim.lock"), &size);

    DONE(fwsim_lock_open(&lock, at("fwsim.lock"), keep_log, NULL));
    assert_string_equal(fwsim_lock_get(lock, 0)->name, "a.1_-");
    assert_true(fwsim_lock_get(lock, 0)->version == UINT64_MAX);
    assert_string_equal(fwsim_lock_get(lock, 1)->url, "https://b.example/x");
    assert_string_equal(fwsim_lock_get(lock, 1)->sha256, HASH);
    assert_null(fwsim_lock_get(lock, 2));
    DONE(fwsim_lock_save(lock, keep_log, NULL));
    second = slurp(at("fwsim.lock"), &again);
    assert_int_equal(size, again);
    assert_memory_equal(first, second, size);
    assert_int_equal(fwsim_lock_remove(lock, "c"), FWSIM_ENOENT);
    DONE(fwsim_lock_remove(lock, "a.1_-"));
    DONE(fwsim_lock_remove(lock, "b"));
    DONE(fwsim_lock_save(lock, keep_log, NULL));
    fwsim_lock_free(lock);
    DONE(fwsim_lock_open(&lock, at("fwsim.lock"), keep_log, NULL));
    assert_null(fwsim_lock_get(lock, 0));
    fwsim_lock_free(lock);
    free(first);
    free(second);
}

static void rows_that_would_not_read_back_are_not_put(void **state)
{
    static const fwsim_locked rows[] = {
        { "", 1, HASH, "https://a/" },
        { "../x", 1, HASH, "https://a/" },
        { "a\nb", 1, HASH, "https://a/" },
        { "a", 1, "ba78", "https://a/" },
        { "a", 1, HASH, "http://a/" },
        { "a", 1, HASH, "https://a/\"\n  - name: b" },
        { "a", 1, HASH, "https://a/\"" },
    };
    fwsim_lock *lock;

    (void)state;
    DONE(fwsim_lock_open(&lock, at("none.lock"), keep_log, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(fwsim_lock_put(lock, &rows[i]), FWSIM_EINVAL);
    assert_null(fwsim_lock_get(lock, 0));
    fwsim_lock_free(lock);
}

static void a_damaged_lock_file_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text, *why;
    } damaged[] = {
        { "", "bad.lock" },
        { "fwsim-lock: 2\n", "bad.lock:1:13" },
        { "bundles: []\n", "fwsim-lock" },
        { "fwsim-lock: 1\nbundles:\n- {name: a}\n", "bad.lock:3" },
        { "fwsim-lock: 1\nbundles:\n- {name: a, version: 1, sha256: " HASH
          ", url: 'https://a/'}\n- {name: a, version: 1, sha256: " HASH
          ", url: 'https://a/'}\n",
          "here twice" },
        { "fwsim-lock: 1\nbundles:\n- {name: a, version: 1, sha256: XYZ, url: "
          "'https://a/'}\n",
          "bad.lock:3:33: expected a SHA-256" },
        { "fwsim-lock: 1\nbundles:\n- {name: ../a, version: 1, sha256: " HASH
          ", url: 'https://a/'}\n",
          "bad.lock:3:10: expected a name" },
        { "fwsim-lock: 1\nbundles:\n- {name: a, version: 1, sha256: " HASH
          ", url: 'http://a/'}\n",
          "expected the URL" },
        { "fwsim-lock: 1\nbundle: []\n", "bundle" },
        { "fwsim-lock: 1\nbundles: &x [*x]\n", "bad.lock:2" },
    };
    fwsim_lock *lock;

    (void)state;
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        spill(at("bad.lock"), damaged[i].text, strlen(damaged[i].text));
        *last_log = '\0';
        if (!fwsim_lock_open(&lock, at("bad.lock"), keep_log, NULL) ||
            !strstr(last_log, damaged[i].why))
            fail_msg("%s: %s", damaged[i].text, last_log);
        assert_null(lock);
    }
}

/* ------------------------------------------------------------------ */
/* Publishing                                                           */
/* ------------------------------------------------------------------ */

static int publish(const char *const *names, uint64_t expires)
{
    char paths[4][160];
    const char *bundles[5] = { NULL };
    const fwsim_publication p = { .name = "acme", .created = NOW,
                                  .expires = expires, .bundles = bundles };
    fwsim_trust *trust = trust_in_a(NOW);
    fwsim_key *key = open_key("a");
    int err;

    for (size_t i = 0; names[i]; i++) {
        snprintf(paths[i], sizeof paths[i], "%s", at(names[i]));
        bundles[i] = paths[i];
    }
    err = fwsim_repo_publish(at("repo"), &p, key, trust, keep_log, NULL);
    fwsim_key_free(key);
    fwsim_trust_free(trust);
    return err;
}

static void write_named(const char *file, const char *name, uint64_t version)
{
    fwsim_bundle_info info = some_info();

    info.name = name;
    info.version = version;
    DONE(write_bundle(file, &info, "a"));
}

/** The published index. */
static void read_index(fwsim__repo_index *index)
{
    fwsim_trust *trust = trust_in_a(NOW);
    fwsim__bytes file = { 0 };

    file.data = slurp(at("repo/index.fwb"), &file.size);
    DONE(fwsim__index_read(index, &file, trust, &teller));
    fwsim_trust_free(trust);
}

static void an_index_names_the_newest_of_each_bundle_in_order(void **state)
{
    const char *const first[] = { "b1.fwb", "a1.fwb", "ab1.fwb", NULL };
    const char *const second[] = { "b2.fwb", NULL }, *const none[] = { NULL };
    fwsim__repo_index index;
    char path[400];

    (void)state;
    write_named("b1.fwb", "b", 1);
    write_named("a1.fwb", "a", 1);
    write_named("ab1.fwb", "ab", 1);
    write_named("b2.fwb", "b", 2);
    DONE(publish(first, NOW + DAY));
    read_index(&index);
    assert_int_equal(index.head.version, 1);
    assert_int_equal(index.count, 3);
    assert_memory_equal(index.entries[0].name.data, "a", 1);
    assert_memory_equal(index.entries[1].name.data, "ab", 2);
    assert_memory_equal(index.entries[2].name.data, "b", 1);
    fwsim__index_free(&index);

    DONE(publish(second, NOW + DAY));
    read_index(&index);
    assert_int_equal(index.head.version, 2);
    assert_int_equal(index.count, 3);
    assert_int_equal(index.entries[2].version, 2);
    for (size_t i = 0; i < index.count; i++) {
        char hash[FWSIM__HASH_TEXT];
        struct stat s;

        fwsim__hex(index.entries[i].sha256.data, FWSIM__SHA256, hash);
        snprintf(path, sizeof path, "%s/%s.fwb", at("repo/bundles"), hash);
        assert_return_code(stat(path, &s), 0);
        assert_int_equal(s.st_size, index.entries[i].size);
    }
    fwsim__index_free(&index);
    /* The same again is a new edition; and an expired one can be renewed. */
    DONE(publish(second, NOW + 1));
    DONE(publish(none, NOW + DAY));
    read_index(&index);
    assert_int_equal(index.head.version, 4);
    fwsim__index_free(&index);
}

static void what_is_not_newer_or_not_trusted_is_not_published(void **state)
{
    const char *const old[] = { "old.fwb", NULL };
    uint8_t *before, *after;
    size_t size, size_after;

    (void)state;
    before = slurp(at("repo/index.fwb"), &size);
    write_named("old.fwb", "b", 1);
    REFUSED(publish(old, NOW + DAY), FWSIM_EACCES, "must be newer");
    {
        fwsim_bundle_info info = some_info();

        info.name = "b";
        info.version = 9;
        DONE(write_bundle("old.fwb", &info, "b"));
    }
    REFUSED(publish(old, NOW + DAY), FWSIM_EACCES, "not trusted");
    shell("echo x >old.fwb");
    REFUSED(publish(old, NOW + DAY), FWSIM_EFORMAT, "old.fwb");
    after = slurp(at("repo/index.fwb"), &size_after);
    assert_int_equal(size, size_after);
    assert_memory_equal(before, after, size);
    free(before);
    free(after);
}

static void put_entry(fwsim__repo_entry *e, const char *name)
{
    static const uint8_t hash[FWSIM__SHA256] = { 1 };

    *e = (fwsim__repo_entry){ .name = span_of(name),
                              .sha256 = { hash, sizeof hash },
                              .size = 1, .version = 1, .expires = NOW + 1 };
}

static void an_index_out_of_order_is_refused(void **state)
{
    static const char *const orders[][2] = { { "b", "a" }, { "a", "a" },
                                             { "ab", "a" } };
    fwsim_trust *trust = trust_in_a(NOW);
    fwsim_key *key = open_key("a");

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        fwsim__repo_entry entries[2];
        fwsim__repo_index index;
        fwsim__bytes file = { 0 };

        put_entry(&entries[0], orders[i][0]);
        put_entry(&entries[1], orders[i][1]);
        DONE(fwsim__index_write(at("i.fwb"), "acme", 1, NOW, NOW + 1, entries, 2,
                                key, &teller));
        file.data = slurp(at("i.fwb"), &file.size);
        REFUSED(fwsim__index_read(&index, &file, trust, &teller), FWSIM_EFORMAT,
                "ascending order");
    }
    fwsim_key_free(key);
    fwsim_trust_free(trust);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cache_gives_back_what_it_was_given),
        cmocka_unit_test(a_damaged_object_is_removed_and_not_used),
        cmocka_unit_test(a_damaged_index_is_removed_and_fetched_again),
        cmocka_unit_test(processes_share_a_cache),
        cmocka_unit_test(without_room_nothing_is_half_written),
        cmocka_unit_test(a_cache_that_is_a_file_is_an_error),
        cmocka_unit_test(a_row_that_is_no_hash_leads_nowhere),
        cmocka_unit_test(a_bundle_is_the_one_of_its_row),
        cmocka_unit_test(a_bundle_that_cannot_be_remembered_is_not_used),
        cmocka_unit_test(a_lock_file_comes_back_as_it_was_written),
        cmocka_unit_test(rows_that_would_not_read_back_are_not_put),
        cmocka_unit_test(a_damaged_lock_file_is_refused_with_its_place),
        cmocka_unit_test(an_index_names_the_newest_of_each_bundle_in_order),
        cmocka_unit_test(what_is_not_newer_or_not_trusted_is_not_published),
        cmocka_unit_test(an_index_out_of_order_is_refused),
    };

    return cmocka_run_group_tests(tests, bundles_set_up, bundles_tear_down);
}
