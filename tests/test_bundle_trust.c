/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whom to believe: keys in all their forms, root documents, versions that were
 * seen, and documents in a role that is not theirs.
 */
#include "bundle/cose.h"
#include "bundle/document.h"
#include "bundle/index.h"
#include "bundle/seen.h"
#include "bundle/signing.h"
#include "bundle/trust.h"
#include "bundles.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ------------------------------------------------------------------ */
/* Keys                                                                 */
/* ------------------------------------------------------------------ */

static int open_file(const char *name, const char *passphrase)
{
    fwsim_key *key;
    int err = fwsim_key_open(&key, at(name), passphrase, keep_log, NULL);

    assert_int_equal(err == 0, key != NULL);
    fwsim_key_free(key);
    return err;
}

static void keys_of_openssl_are_read(void **state)
{
    static const char *const names[] = { "sec1.pem", "pkcs8.pem", "sec1.der",
                                         "pkcs8.der" };
    fwsim_key *ours;

    (void)state;
    if (!has_program("openssl"))
        skip();
    ours = open_key("a");
    shell("openssl ec -in a.key -out sec1.pem 2>/dev/null && "
          "openssl ec -in a.key -outform DER -out sec1.der 2>/dev/null && "
          "openssl pkcs8 -topk8 -nocrypt -in a.key -out pkcs8.pem && "
          "openssl pkcs8 -topk8 -nocrypt -in a.key -outform DER -out pkcs8.der");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fwsim_key *key;

        DONE(fwsim_key_open(&key, at(names[i]), NULL, keep_log, NULL));
        assert_string_equal(fwsim_key_id(key), fwsim_key_id(ours));
        fwsim_key_free(key);
    }
    fwsim_key_free(ours);
}

static void an_encrypted_key_wants_its_passphrase(void **state)
{
    static const char *const names[] = { "pbes2.pem", "sec1-aes.pem",
                                         "sec1-des3.pem" };

    (void)state;
    if (!has_program("openssl"))
        skip();
    shell("openssl pkcs8 -topk8 -v2 des3 -v2prf hmacWithSHA256 -passout "
          "pass:right -in a.key -out pbes2.pem && "
          "openssl ec -aes128 -passout pass:right -in a.key -out sec1-aes.pem "
          "2>/dev/null && "
          "openssl ec -des3 -passout pass:right -in a.key -out sec1-des3.pem "
          "2>/dev/null");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        DONE(open_file(names[i], "right"));
        REFUSED(open_file(names[i], NULL), FWSIM_EACCES, "passphrase");
        assert_int_equal(open_file(names[i], "wrong"), FWSIM_EACCES);
        assert_null(strstr(last_log, "wrong\""));
        assert_int_equal(open_file(names[i], ""), FWSIM_EACCES);
    }
}

static void what_is_no_key_on_p_256_is_refused(void **state)
{
    (void)state;
    if (!has_program("openssl"))
        skip();
    shell("openssl genrsa -out rsa.pem 2048 2>/dev/null && "
          "openssl ecparam -name secp384r1 -genkey -noout -out p384.pem && "
          "openssl ecparam -name secp256k1 -genkey -noout -out k256.pem && "
          "openssl pkey -in k256.pem -pubout -out k256.pub && "
          "openssl pkey -in rsa.pem -pubout -out rsa.pub && "
          "openssl genpkey -algorithm ed25519 -out ed.pem && "
          "printf '' >empty.pem && head -c 100 a.key >cut.pem && "
          "head -c 20000 /dev/zero >large.pem");
    REFUSED(open_file("rsa.pem", NULL), FWSIM_ENOTSUP, "RSA of 2048 bits");
    REFUSED(open_file("p384.pem", NULL), FWSIM_ENOTSUP, "of 384 bits");
    /* 256 bits, and another curve */
    REFUSED(open_file("k256.pem", NULL), FWSIM_ENOTSUP, "P-256 is wanted");
    assert_int_equal(open_file("ed.pem", NULL), FWSIM_EFORMAT);
    assert_int_equal(open_file("empty.pem", NULL), FWSIM_EFORMAT);
    assert_int_equal(open_file("cut.pem", NULL), FWSIM_EFORMAT);
    assert_int_equal(open_file("large.pem", NULL), FWSIM_ENOSPC);
    assert_int_equal(open_file("a.pub", NULL), FWSIM_EFORMAT);
    assert_int_equal(open_file("none.pem", NULL), FWSIM_ENOENT);
}

static void the_id_of_a_key_is_what_openssl_says(void **state)
{
    fwsim_key *key;
    char command[160];

    (void)state;
    if (!has_program("openssl"))
        skip();
    key = open_key("a");
    snprintf(command, sizeof command,
             "openssl pkey -pubin -in a.pub -outform DER | sha256sum | "
             "grep -q '^%s '", fwsim_key_id(key));
    shell(command);
    fwsim_key_free(key);
}

static void a_private_key_is_for_its_owner_and_not_overwritten(void **state)
{
    struct stat s;

    (void)state;
    assert_return_code(stat(at("a.key"), &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
    REFUSED(fwsim_key_generate(at("a.key"), at("new.pub"), NULL, keep_log,
                               NULL),
            FWSIM_EACCES, "exists");
    REFUSED(fwsim_key_generate(at("new.key"), at("a.pub"), NULL, keep_log,
                               NULL),
            FWSIM_EACCES, "exists");
    assert_int_equal(access(at("new.key"), F_OK), -1);
    assert_int_equal(access(at("new.pub"), F_OK), -1);
}

/* ------------------------------------------------------------------ */
/* Trust stores                                                         */
/* ------------------------------------------------------------------ */

static int open_store(const char *dir, uint64_t now, const char *seen)
{
    const fwsim_trust_options opt = { .dir = at(dir), .now = now, .seen = seen,
                                      .log = keep_log };
    fwsim_trust *trust;
    int err = fwsim_trust_open(&trust, &opt);

    assert_int_equal(err == 0, trust != NULL);
    fwsim_trust_free(trust);
    return err;
}

static void a_trust_store_with_bad_files_is_refused(void **state)
{
    (void)state;
    REFUSED(open_store("no-store", NOW, NULL), FWSIM_ENOENT, "no-store");
    shell("mkdir -p t && cp a.pub t/a.pem && echo not a key >t/notes.txt");
    DONE(open_store("t", NOW, NULL));
    REFUSED(open_store("t", 0, NULL), FWSIM_EINVAL, "now");
    shell("echo not a key >t/x.pem");
    REFUSED(open_store("t", NOW, NULL), FWSIM_EFORMAT, "x.pem");
    shell("cp a.key t/x.pem"); /* a private key has no place there */
    REFUSED(open_store("t", NOW, NULL), FWSIM_EFORMAT, "x.pem");
    shell("rm t/x.pem && mkdir t/x.pem");
    REFUSED(open_store("t", NOW, NULL), FWSIM_EIO, "x.pem");
    shell("rmdir t/x.pem; echo damaged >t/root.fwb");
    REFUSED(open_store("t", NOW, NULL), FWSIM_EFORMAT, "root.fwb");
    shell("rm -r t");
}

static void a_trust_without_keys_believes_nobody(void **state)
{
    fwsim_bundle_info info = some_info();
    fwsim_trust *trust = trust_in(NULL, 0, NOW);

    (void)state;
    DONE(write_bundle("x.fwb", &info, "a"));
    REFUSED(open_with(trust, "x.fwb"), FWSIM_EACCES, "not trusted");
    fwsim_trust_free(trust);
}

/** A root document: one key a role. */
static void write_root(const char *name, uint64_t version, uint64_t expires,
                       const char *root_key, const char *key,
                       const char *signer)
{
    char root_path[64], path[64], roots_at[160], keys_at[160];
    const char *roots[] = { roots_at, NULL }, *keys[] = { keys_at, NULL };
    const fwsim_root root = { .name = "acme",
                              .version = version,
                              .created = NOW - DAY,
                              .expires = expires,
                              .roles = { [FWSIM_KEY_ROLE_ROOT] = { roots, 1 },
                                         [FWSIM_KEY_ROLE_INDEX] = { keys, 1 },
                                         [FWSIM_KEY_ROLE_BUNDLE] = { keys,
                                                                     1 } } };
    fwsim_key *by = open_key(signer);

    snprintf(root_path, sizeof root_path, "%s.pub", root_key);
    snprintf(path, sizeof path, "%s.pub", key);
    strcpy(roots_at, at(root_path));
    strcpy(keys_at, at(path));
    DONE(fwsim_root_write(at(name), &root, by, keep_log, NULL));
    fwsim_key_free(by);
}

static void under_an_expired_root_nothing_is_believed_but_the_next(void **state)
{
    const fwsim_trust_options opt = { .dir = at("e"), .now = NOW,
                                      .log = keep_log };
    fwsim_bundle_info info = some_info();
    fwsim_trust *trust;

    (void)state;
    shell("mkdir -p e");
    write_root("e/root.fwb", 1, NOW, "a", "b", "a");
    write_root("2.fwb", 2, NOW - 5, "a", "b", "a"); /* expired, too */
    write_root("3.fwb", 3, NOW + DAY, "a", "b", "a");
    DONE(write_bundle("x.fwb", &info, "b"));
    DONE(fwsim_trust_open(&trust, &opt));
    REFUSED(open_with(trust, "x.fwb"), FWSIM_EACCES, "root document acme expired");
    DONE(fwsim_trust_rotate(trust, at("2.fwb")));
    REFUSED(open_with(trust, "x.fwb"), FWSIM_EACCES, "root document acme expired");
    DONE(fwsim_trust_rotate(trust, at("3.fwb")));
    DONE(open_with(trust, "x.fwb"));
    fwsim_trust_free(trust);
    shell("rm -r e");
}

static void keys_beside_a_root_are_not_looked_at_and_that_is_said(void **state)
{
    const char *const keys[] = { at("a.pub"), NULL };
    const fwsim_trust_options opt = { .dir = at("l"), .keys = keys, .now = NOW,
                                      .log = keep_log };
    fwsim_bundle_info info = some_info();
    fwsim_trust *trust;

    (void)state;
    shell("mkdir -p l && cp a.pub l/a.pem");
    write_root("l/root.fwb", 1, NOW + DAY, "a", "b", "a");
    DONE(write_bundle("x.fwb", &info, "a"));
    *last_log = '\0';
    DONE(fwsim_trust_open(&trust, &opt));
    assert_non_null(strstr(last_log, "a.pub is not looked at"));
    assert_int_equal(last_level, FWSIM_LOG_WARN);
    REFUSED(open_with(trust, "x.fwb"), FWSIM_EACCES, "0 of 1 signatures");
    fwsim_trust_free(trust);
    shell("rm -r l");
}

static void an_older_root_is_refused_after_a_newer_one(void **state)
{
    const fwsim_trust_options opt = { .dir = at("r"), .now = NOW,
                                      .seen = at("root-seen"), .log = keep_log };
    fwsim_trust *trust;

    (void)state;
    shell("mkdir -p r");
    write_root("r/root.fwb", 1, NOW + DAY, "a", "b", "a");
    shell("cp r/root.fwb 1.fwb");
    write_root("2.fwb", 2, NOW + DAY, "a", "b", "a");
    DONE(fwsim_trust_open(&trust, &opt));
    REFUSED(fwsim_trust_rotate(trust, at("1.fwb")), FWSIM_EACCES,
            "comes the next one");
    DONE(fwsim_trust_rotate(trust, at("2.fwb")));
    fwsim_trust_free(trust);
    shell("cp 1.fwb r/root.fwb"); /* behind the back of the file of versions */
    REFUSED(open_store("r", NOW, at("root-seen")), FWSIM_EACCES,
            "version 2 was seen");
    shell("rm -r r root-seen");
}

static void two_processes_that_rotate_leave_the_later_root(void **state)
{
    const fwsim_trust_options opt = { .dir = at("p"), .now = NOW,
                                      .seen = at("p-seen"), .log = keep_log };
    fwsim_trust *slow, *fast;

    (void)state;
    shell("mkdir -p p");
    write_root("p/root.fwb", 1, NOW + DAY, "a", "b", "a");
    write_root("2.fwb", 2, NOW + DAY, "a", "b", "a");
    write_root("3.fwb", 3, NOW + DAY, "a", "b", "a");
    DONE(fwsim_trust_open(&slow, &opt));
    DONE(fwsim_trust_open(&fast, &opt));
    DONE(fwsim_trust_rotate(fast, at("2.fwb")));
    DONE(fwsim_trust_rotate(fast, at("3.fwb")));
    DONE(fwsim_trust_rotate(slow, at("2.fwb")));
    fwsim_trust_free(slow);
    fwsim_trust_free(fast);
    DONE(fwsim_trust_open(&fast, &opt));
    assert_int_equal(fwsim_trust_root_version(fast), 3);
    fwsim_trust_free(fast);
    shell("rm -r p p-seen");
}

static void a_root_that_makes_no_sense_is_not_written(void **state)
{
    const char *const none[] = { NULL }, *const a[] = { at("a.pub"), NULL };
    fwsim_root root = { .name = "acme", .version = 1, .created = 1,
                        .expires = 2,
                        .roles = { { a, 1 }, { a, 1 }, { a, 1 } } };
    fwsim_key *key = open_key("a");

    (void)state;
    root.roles[1].threshold = 2;
    REFUSED(fwsim_root_write(at("n.fwb"), &root, key, keep_log, NULL),
            FWSIM_EINVAL, "threshold");
    root.roles[1].threshold = 0;
    REFUSED(fwsim_root_write(at("n.fwb"), &root, key, keep_log, NULL),
            FWSIM_EINVAL, "threshold");
    root.roles[1] = (fwsim_role_keys){ none, 1 };
    REFUSED(fwsim_root_write(at("n.fwb"), &root, key, keep_log, NULL),
            FWSIM_EINVAL, "threshold");
    root.roles[1] = (fwsim_role_keys){ a, 1 };
    root.revoked = a; /* all keys of all roles */
    REFUSED(fwsim_root_write(at("n.fwb"), &root, key, keep_log, NULL),
            FWSIM_EINVAL, "not revoked");
    root.revoked = NULL;
    root.version = 0;
    REFUSED(fwsim_root_write(at("n.fwb"), &root, key, keep_log, NULL),
            FWSIM_EINVAL, "versions begin with 1");
    fwsim_key_free(key);
    assert_int_equal(access(at("n.fwb"), F_OK), -1);
}

/** All one-byte changes of a file are refused by @a read. */
static void sweep(const char *file, const char *copy, bool (*taken)(void))
{
    size_t size;
    uint8_t *data = slurp(at(file), &size);

    spill(at(copy), data, size);
    assert_true(taken());
    for (size_t i = 0; i < size; i++) {
        data[i] ^= 1 << i % 8;
        spill(at(copy), data, size);
        if (taken())
            fail_msg("%s: a change at byte %zu is taken", file, i);
        data[i] ^= 1 << i % 8;
    }
    spill(at(copy), data, size - 1);
    assert_false(taken());
    free(data);
}

static bool root_taken(void)
{
    return !open_store("s", NOW, NULL);
}

static void every_changed_byte_of_a_root_is_refused(void **state)
{
    (void)state;
    shell("mkdir -p s");
    write_root("whole.fwb", 1, NOW + DAY, "a", "b", "a");
    sweep("whole.fwb", "s/root.fwb", root_taken);
    shell("rm -r s");
}

/* ------------------------------------------------------------------ */
/* Roles                                                                */
/* ------------------------------------------------------------------ */

static int write_index(const char *name, uint64_t version, uint64_t expires,
                       const char *key_name)
{
    static const uint8_t hash[FWSIM__SHA256] = { 1 };
    const fwsim__repo_entry entry = {
        .name = { (const uint8_t *)"test1", 5 },
        .sha256 = { hash, sizeof hash },
        .size = 100,
        .version = 3,
        .expires = NOW + DAY,
    };
    const fwsim__teller t = { name, keep_log, NULL };
    fwsim_key *key = open_key(key_name);
    int err = fwsim__index_write(at(name), "acme", version, NOW - DAY, expires,
                                 &entry, 1, key, &t);

    fwsim_key_free(key);
    return err;
}

static int read_index(const char *name, const fwsim_trust *trust)
{
    const fwsim__teller t = { name, keep_log, NULL };
    fwsim__repo_index index;
    fwsim__bytes file = { 0 };
    int err;

    file.data = slurp(at(name), &file.size);
    err = fwsim__index_read(&index, &file, trust, &t);
    if (!err) {
        assert_int_equal(index.count, 1);
        assert_non_null(fwsim__index_find(&index, "test1", &t));
        assert_null(fwsim__index_find(&index, "test", &t));
    }
    fwsim__index_free(&index);
    return err;
}

static fwsim_trust *index_trust;

static bool index_taken(void)
{
    return !read_index("changed.fwb", index_trust);
}

static void every_changed_byte_of_an_index_is_refused(void **state)
{
    (void)state;
    index_trust = trust_in_a(NOW);
    DONE(write_index("i.fwb", 7, NOW + DAY, "a"));
    sweep("i.fwb", "changed.fwb", index_taken);
    fwsim_trust_free(index_trust);
}

static void a_document_counts_in_its_own_role_only(void **state)
{
    fwsim_bundle_info info = some_info();
    fwsim_trust *trust = trust_in_a(NOW);

    (void)state;
    DONE(write_bundle("bundle.fwb", &info, "a"));
    DONE(write_index("index.fwb", 1, NOW + DAY, "a"));
    write_root("root.fwb", 1, NOW + DAY, "a", "a", "a");
    DONE(open_with(trust, "bundle.fwb"));
    REFUSED(open_with(trust, "index.fwb"), FWSIM_EFORMAT,
            "this is no bundle document");
    REFUSED(open_with(trust, "root.fwb"), FWSIM_EFORMAT,
            "this is no bundle document");
    DONE(read_index("index.fwb", trust));
    REFUSED(read_index("bundle.fwb", trust), FWSIM_EFORMAT,
            "this is no index document");
    REFUSED(read_index("root.fwb", trust), FWSIM_EFORMAT,
            "this is no index document");
    fwsim_trust_free(trust);
    shell("mkdir -p w && cp bundle.fwb w/root.fwb");
    REFUSED(open_store("w", NOW, NULL), FWSIM_EFORMAT, "this is no root");
    shell("cp index.fwb w/root.fwb");
    REFUSED(open_store("w", NOW, NULL), FWSIM_EFORMAT, "this is no root");
    shell("rm -r w");
}

static void a_key_counts_in_the_roles_of_the_root_only(void **state)
{
    char b[160], c[160], a[160];
    const char *as[] = { a, NULL }, *bs[] = { b, NULL }, *cs[] = { c, NULL };
    const fwsim_root root = { .name = "acme", .version = 1, .created = 1,
                              .expires = NOW + DAY,
                              .roles = { { as, 1 }, { bs, 1 }, { cs, 1 } } };
    const fwsim_trust_options opt = { .dir = at("k"), .now = NOW,
                                      .log = keep_log };
    fwsim_bundle_info info = some_info();
    fwsim_key *key = open_key("a");
    fwsim_trust *trust;

    (void)state;
    strcpy(a, at("a.pub"));
    strcpy(b, at("b.pub"));
    strcpy(c, at("c.pub"));
    shell("mkdir -p k");
    DONE(fwsim_root_write(at("k/root.fwb"), &root, key, keep_log, NULL));
    fwsim_key_free(key);
    DONE(fwsim_trust_open(&trust, &opt));
    /* b signs indexes, c bundles, a roots; none does the work of another. */
    DONE(write_index("by.fwb", 1, NOW + DAY, "b"));
    DONE(read_index("by.fwb", trust));
    DONE(write_index("by.fwb", 1, NOW + DAY, "c"));
    REFUSED(read_index("by.fwb", trust), FWSIM_EACCES, "0 of 1 signatures");
    DONE(write_index("by.fwb", 1, NOW + DAY, "a"));
    REFUSED(read_index("by.fwb", trust), FWSIM_EACCES, "0 of 1 signatures");
    DONE(write_bundle("by.fwb", &info, "c"));
    DONE(open_with(trust, "by.fwb"));
    DONE(write_bundle("by.fwb", &info, "b"));
    REFUSED(open_with(trust, "by.fwb"), FWSIM_EACCES, "0 of 1 signatures");
    DONE(write_bundle("by.fwb", &info, "a"));
    REFUSED(open_with(trust, "by.fwb"), FWSIM_EACCES, "0 of 1 signatures");
    fwsim_trust_free(trust);
    shell("rm -r k");
}

static void an_expired_or_older_index_is_refused(void **state)
{
    fwsim_trust *trust = trust_in_a(NOW);
    const fwsim__span name = { (const uint8_t *)"acme", 4 };
    const fwsim__teller t = { "seen", keep_log, NULL };

    (void)state;
    DONE(write_index("i.fwb", 7, NOW, "a"));
    REFUSED(read_index("i.fwb", trust), FWSIM_EACCES, "expired");
    DONE(write_index("i.fwb", 7, NOW + 1, "a"));
    DONE(fwsim__seen_put(at("seen"), FWSIM_KEY_ROLE_INDEX, name, 7, &t));
    DONE(read_index("i.fwb", trust));
    DONE(write_index("i.fwb", 6, NOW + 1, "a"));
    REFUSED(read_index("i.fwb", trust), FWSIM_EACCES, "version 7 was seen");
    fwsim_trust_free(trust);
    unlink(at("seen"));
}

/* ------------------------------------------------------------------ */
/* Payloads that only a key holder can make                             */
/* ------------------------------------------------------------------ */

/** Sign a payload as a bundle with the key a, whatever it is. */
static int open_payload(const uint8_t *data, size_t size)
{
    const fwsim__teller t = { "made", keep_log, NULL };
    fwsim_key *key = open_key("a");
    fwsim__cbor_writer w = { 0 };
    fwsim_trust *trust = trust_in_a(NOW);
    fwsim_bundle *bundle;
    fwsim__bytes out;
    int err;

    fwsim__cbor_put_raw(&w, (fwsim__span){ data, size });
    DONE(fwsim__document_make(&out, FWSIM_KEY_ROLE_BUNDLE, &w, key, &t));
    err = fwsim_bundle_parse(&bundle, "made", out.data, out.size, trust);
    fwsim_bundle_free(bundle);
    free(out.data);
    fwsim_key_free(key);
    fwsim_trust_free(trust);
    return err;
}

static void put_number(fwsim__cbor_writer *w, const char *name, uint64_t value)
{
    fwsim__cbor_put_text(w, name);
    fwsim__cbor_put_uint(w, value);
}

/** An empty bundle with, perhaps, more keys. */
static int open_made(uint64_t schema, const char *extra, const char *critical,
                     uint64_t version)
{
    fwsim__cbor_writer w = { 0 };
    int err;

    fwsim__cbor_put_map(&w, 7 + (size_t)!!extra + (size_t)!!critical);
    fwsim__cbor_put_text(&w, "for");
    fwsim__cbor_put_map(&w, 0);
    fwsim__cbor_put_text(&w, "name");
    fwsim__cbor_put_text(&w, "test1");
    fwsim__cbor_put_text(&w, "parts");
    fwsim__cbor_put_array(&w, 0);
    put_number(&w, "schema", schema);
    put_number(&w, "created", NOW - 1);
    put_number(&w, "expires", NOW + 1);
    put_number(&w, "version", version);
    if (critical) {
        fwsim__cbor_put_text(&w, "critical");
        fwsim__cbor_put_array(&w, 1);
        fwsim__cbor_put_text(&w, critical);
    }
    if (extra)
        put_number(&w, extra, 1);
    assert_false(w.failed);
    err = open_payload(w.out.data, w.out.size);
    free(w.out.data);
    return err;
}

static void what_a_newer_fwsim_needs_is_refused(void **state)
{
    (void)state;
    DONE(open_made(1, NULL, NULL, 1));
    REFUSED(open_made(2, NULL, NULL, 1), FWSIM_ENOTSUP, "schema 2");
    REFUSED(open_made(0, NULL, NULL, 1), FWSIM_ENOTSUP, "schema 0");
    DONE(open_made(1, "something-new", NULL, 1)); /* passed over */
    REFUSED(open_made(1, "something-new", "something-new", 1), FWSIM_ENOTSUP,
            "something-new");
    DONE(open_made(1, NULL, "parts", 1)); /* that is known */
    REFUSED(open_made(1, NULL, NULL, 0), FWSIM_EFORMAT, "no version");
}

static void a_payload_that_is_no_bundle_is_refused(void **state)
{
    static const uint8_t empty_map[] = { 0xa0 }, array[] = { 0x80 };
    static const uint8_t twice[] = { 0xa0, 0xa0 };

    (void)state;
    assert_int_equal(open_payload(empty_map, 1), FWSIM_EFORMAT);
    assert_int_equal(open_payload(array, 1), FWSIM_EFORMAT);
    assert_int_equal(open_payload(twice, 2), FWSIM_EFORMAT);
    assert_int_equal(open_payload(NULL, 0), FWSIM_EFORMAT);
}

/* ------------------------------------------------------------------ */
/* Versions that were seen                                              */
/* ------------------------------------------------------------------ */

static void a_damaged_file_of_versions_is_refused(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } damaged[] = {
        { "bundle test1\n", 13 },        { "bundle test1 x\n", 15 },
        { "bundle test1 2 3\n", 17 },    { "\n", 1 },
        { "bundle test1 9\n\0\0\0", 18 }, { "\0\0\0\0", 4 },
        { "bundle\ntest1\n9\n", 15 },
    };
    fwsim_bundle_info info = some_info();
    fwsim_trust *trust = trust_in_a(NOW);

    (void)state;
    DONE(write_bundle("x.fwb", &info, "a"));
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        spill(at("seen"), damaged[i].text, damaged[i].size);
        REFUSED(open_with(trust, "x.fwb"), FWSIM_EFORMAT, "seen:");
    }
    spill(at("seen"), "bundle test1 3\nindex test1 9", 28);
    DONE(open_with(trust, "x.fwb"));
    unlink(at("seen"));
    assert_return_code(mkdir(at("seen"), 0755), 0);
    assert_int_equal(open_with(trust, "x.fwb"), FWSIM_EIO);
    rmdir(at("seen"));
    fwsim_trust_free(trust);
}

static void many_processes_note_versions(void **state)
{
    enum { PROCESSES = 8, EACH = 8 };
    const fwsim__teller t = { "seen", keep_log, NULL };
    uint64_t version;
    int status;

    (void)state;
    for (int p = 0; p < PROCESSES; p++) {
        if (fork() == 0) {
            int err = 0;

            for (unsigned i = 1; i <= EACH; i++) {
                char name[8];

                snprintf(name, sizeof name, "n%d", p);
                err |= fwsim__seen_put(at("seen"), FWSIM_KEY_ROLE_BUNDLE,
                                       (fwsim__span){ (uint8_t *)name,
                                                      strlen(name) }, i, &t);
                err |= fwsim__seen_put(at("seen"), FWSIM_KEY_ROLE_BUNDLE,
                                       (fwsim__span){ (uint8_t *)"all", 3 },
                                       (unsigned)p * EACH + i, &t);
            }
            _exit(err ? 1 : 0);
        }
    }
    for (int p = 0; p < PROCESSES; p++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    for (int p = 0; p < PROCESSES; p++) {
        char name[8];

        snprintf(name, sizeof name, "n%d", p);
        DONE(fwsim__seen_get(at("seen"), FWSIM_KEY_ROLE_BUNDLE,
                             (fwsim__span){ (uint8_t *)name, strlen(name) },
                             &version, &t));
        assert_int_equal(version, EACH);
    }
    DONE(fwsim__seen_get(at("seen"), FWSIM_KEY_ROLE_BUNDLE,
                         (fwsim__span){ (uint8_t *)"all", 3 }, &version, &t));
    assert_int_equal(version, PROCESSES * EACH);
    unlink(at("seen"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_openssl_are_read),
        cmocka_unit_test(an_encrypted_key_wants_its_passphrase),
        cmocka_unit_test(what_is_no_key_on_p_256_is_refused),
        cmocka_unit_test(the_id_of_a_key_is_what_openssl_says),
        cmocka_unit_test(a_private_key_is_for_its_owner_and_not_overwritten),
        cmocka_unit_test(a_trust_store_with_bad_files_is_refused),
        cmocka_unit_test(a_trust_without_keys_believes_nobody),
        cmocka_unit_test(under_an_expired_root_nothing_is_believed_but_the_next),
        cmocka_unit_test(keys_beside_a_root_are_not_looked_at_and_that_is_said),
        cmocka_unit_test(an_older_root_is_refused_after_a_newer_one),
        cmocka_unit_test(two_processes_that_rotate_leave_the_later_root),
        cmocka_unit_test(a_root_that_makes_no_sense_is_not_written),
        cmocka_unit_test(every_changed_byte_of_a_root_is_refused),
        cmocka_unit_test(every_changed_byte_of_an_index_is_refused),
        cmocka_unit_test(a_document_counts_in_its_own_role_only),
        cmocka_unit_test(a_key_counts_in_the_roles_of_the_root_only),
        cmocka_unit_test(an_expired_or_older_index_is_refused),
        cmocka_unit_test(what_a_newer_fwsim_needs_is_refused),
        cmocka_unit_test(a_payload_that_is_no_bundle_is_refused),
        cmocka_unit_test(a_damaged_file_of_versions_is_refused),
        cmocka_unit_test(many_processes_note_versions),
    };

    return cmocka_run_group_tests(tests, bundles_set_up, bundles_tear_down);
}
