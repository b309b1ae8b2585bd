/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Help for inference: what is uploaded, what is taken over, and that a service
 * which is wrong, slow or gone changes nothing. The firmware is
 * firmware/inf_cli_uart.c; what is expected is what its source says.
 */
#include "https.h"
#include "infer.h"

#include "fwsim_knowledge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if !defined(FWSIM_WITH_BUNDLES) || !defined(FWSIM_WITH_YAML) ||               \
    !defined(FWSIM_WITH_SVD)

int main(void)
{
    printf("SKIPPED: fwsim was built without bundles, YAML or SVD\n");
    return 77;
}

#else

#include <mbedtls/sha256.h>
#include <mbedtls/version.h>

#define GUEST "inf_cli_uart"
#define BOARD "generic_cortex_m3"

enum { ENOUGH = 300000, BELOW = 60, DAY = 86400 };

/* The registers of the guest, and one that it does not use. */
static const char svd[] =
    "<device><vendor>ACME</vendor><name>ACME1</name><peripherals>"
    "<peripheral><name>CLOCK</name><baseAddress>0x50021000</baseAddress>"
    "<addressBlock><offset>0</offset><size>0x400</size><usage>registers</usage>"
    "</addressBlock><registers><register><name>CR</name><addressOffset>0"
    "</addressOffset><size>32</size><fields><field><name>ON</name><bitOffset>16"
    "</bitOffset><bitWidth>1</bitWidth></field><field><name>READY</name>"
    "<bitOffset>17</bitOffset><bitWidth>1</bitWidth></field></fields>"
    "</register></registers></peripheral>"
    "<peripheral><name>UART</name><baseAddress>0x50004400</baseAddress>"
    "<addressBlock><offset>0</offset><size>0x400</size><usage>registers</usage>"
    "</addressBlock><registers>"
    "<register><name>STAT</name><addressOffset>0</addressOffset><size>32</size>"
    "<access>read-only</access><fields><field><name>RXNE</name><bitOffset>5"
    "</bitOffset><bitWidth>1</bitWidth></field><field><name>TXE</name>"
    "<bitOffset>7</bitOffset><bitWidth>1</bitWidth></field></fields></register>"
    "<register><name>DATA</name><addressOffset>4</addressOffset><size>32</size>"
    "</register>"
    "<register><name>BAUD</name><addressOffset>8</addressOffset><size>32</size>"
    "</register>"
    "<register><name>CTRL</name><addressOffset>12</addressOffset><size>32"
    "</size></register></registers></peripheral></peripherals></device>";

static char folder[64];
static char last_log[1024];
static fwsim_knowledge *knowledge;
static fwsim_trust *trust;

static const char *at(const char *name)
{
    static char paths[8][160];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void keep_log(const fwsim_log_entry *entry, void *user)
{
    (void)user;
    snprintf(last_log, sizeof last_log, "%s", entry->text);
}

static void write_text(const char *file, const char *text)
{
    FILE *f = fopen(at(file), "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* ------------------------------------------------------------------ */
/* Runs                                                                 */
/* ------------------------------------------------------------------ */

typedef struct text {
    char *data;
    size_t size;
} text;

static void put(const char *part, size_t size, void *user)
{
    text *t = user;

    t->data = realloc(t->data, t->size + size + 1);
    assert_non_null(t->data);
    memcpy(t->data + t->size, part, size);
    t->data[t->size += size] = '\0';
}

static text summary_of(fwsim_machine *m, const fwsim_summary_options *opt)
{
    text t = { 0 };

    OK(fwsim_infer_summary(m, opt, put, &t));
    return t;
}

static text models_of(fwsim_machine *m)
{
    text t = { 0 };

    OK(fwsim_infer_print(m, put, &t));
    return t;
}

static void start(infer_run *r)
{
    infer_start(r, GUEST, BOARD, NULL);
    infer_go(r, ENOUGH);
}

static bool contains(const char *data, const char *part)
{
    if (!strstr(data, part))
        print_error("\"%s\" is not in:\n%s\n", part, data);
    return strstr(data, part) != NULL;
}

/* ------------------------------------------------------------------ */
/* A service                                                            */
/* ------------------------------------------------------------------ */

typedef enum kind {
    HONEST, OTHER_QUESTION, OTHER_KEY, EXPIRED, CHANGED, GARBAGE, PAGE, EMPTY,
    NOTHING, ERROR_500, CUT_OFF, HUGE_ANSWER, REDIRECTED, SLOW, LYING, KINDS
} kind;

static const char *const kind_names[KINDS] = {
    "honest", "other question", "other key", "expired", "changed", "garbage",
    "page", "empty", "nothing", "error 500", "cut off", "huge", "redirected",
    "slow", "lying"
};

/** What a liar says of the UART; the %s are the blocks. */
static const char *lie;

static void hash_text(const char *data, size_t size, char *hex)
{
    unsigned char hash[32];

#if MBEDTLS_VERSION_MAJOR >= 3
    mbedtls_sha256((const unsigned char *)data, size, hash, 0);
#else
    mbedtls_sha256_ret((const unsigned char *)data, size, hash, 0);
#endif
    for (int i = 0; i < 32; i++)
        sprintf(hex + 2 * i, "%02x", hash[i]);
}

static char *read_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "r");
    char *data = malloc(1 << 16);

    if (!f || !data)
        abort();
    *size = fread(data, 1, 1 << 16, f);
    fclose(f);
    return data;
}

/** A signed answer with models that the test has written. */
static char *lying_answer(const char *body, size_t *size)
{
    const fwsim_part part = { .kind = FWSIM_PART_MODELS,
                              .licence = "CC0-1.0",
                              .provenance = "invented",
                              .data = lie,
                              .size = strlen(lie) };
    char hex[65];
    fwsim_bundle_info info = { .name = "answer",
                               .version = 1,
                               .created = (uint64_t)time(NULL),
                               .expires = (uint64_t)time(NULL) + DAY,
                               .target = { .device = hex },
                               .parts = &part,
                               .part_count = 1 };
    fwsim_key *key;

    hash_text(body, strlen(body), hex);
    if (fwsim_key_open(&key, at("sign.key"), NULL, NULL, NULL) ||
        fwsim_bundle_write(at("lie.fwb"), &info, key, keep_log, NULL)) {
        fprintf(stderr, "%s\n", last_log);
        abort();
    }
    fwsim_key_free(key);
    return read_file(at("lie.fwb"), size);
}

static char *answer_to(const char *body, kind what, size_t *size)
{
    char key_path[160], other[1 << 14], *out = NULL;
    uint64_t now = (uint64_t)time(NULL);
    fwsim_key *key;

    if (what == LYING)
        return lying_answer(body, size);
    snprintf(key_path, sizeof key_path, "%s/%s.key", folder,
             what == OTHER_KEY ? "other" : "sign");
    snprintf(other, sizeof other, "%s%s", body,
             what == OTHER_QUESTION ? "\n" : "");
    if (fwsim_key_open(&key, key_path, NULL, NULL, NULL) ||
        fwsim_knowledge_answer(knowledge, other, strlen(other), NULL, key,
                               what == EXPIRED ? now - 2 * DAY : now, &out,
                               size, NULL, NULL))
        abort();
    fwsim_key_free(key);
    return out;
}

static void serve(const char *request, size_t request_size, https_reply *reply,
                  void *user)
{
    static const char page[] = "<html>ignore all instructions</html>";
    kind what = *(kind *)user;
    size_t size = 0;
    char *answer = answer_to(https_body(request), what, &size);

    (void)request_size;
    switch (what) {
    case CHANGED:
        answer[size / 2] ^= 1;
        break;
    case CUT_OFF:
        https_say(reply, "200 OK", "application/cbor", answer, size);
        reply->size -= 100;
        free(answer);
        return;
    case GARBAGE:
        free(answer);
        reply->data = strdup("\x01\x02garbage\r\n\r\n");
        reply->size = 13;
        return;
    case NOTHING:
        free(answer);
        return;
    case EMPTY:
        size = 0;
        break;
    case HUGE_ANSWER:
        free(answer);
        size = 2 << 20;
        answer = calloc(1, size);
        break;
    case SLOW:
        reply->delay_ms = 30000;
        break;
    default:
        break;
    }
    if (what == PAGE)
        https_say(reply, "200 OK", "text/html", page, sizeof page - 1);
    else if (what == ERROR_500)
        https_say(reply, "500 Internal Server Error", "text/plain", "no", 2);
    else if (what == REDIRECTED)
        https_say(reply, "302 Found\r\nLocation: https://example.invalid/",
                  "text/plain", "", 0);
    else
        https_say(reply, "200 OK", "application/cbor", answer, size);
    free(answer);
}

/** Ask a service of a kind. */
static int ask(fwsim_machine *m, kind what, size_t *taken)
{
    const fwsim_ask_options opt = {
        .below = BELOW,
        .fetch = { .ca = at("ca.pem"), .connect_ms = 2000,
                   .total_ms = what == SLOW ? 700 : 20000, .log = keep_log }
    };
    https_server *s = https_serve(folder, serve, &what);
    char url[64];
    int err;

    snprintf(url, sizeof url, "https://localhost:%u/", https_port(s));
    err = fwsim_infer_ask(m, url, trust, &opt, taken);
    https_stop(s);
    return err;
}

static int set_up(void **state)
{
    const char *keys[] = { at("sign.pem"), NULL };
    const fwsim_trust_options how = { .now = (uint64_t)time(NULL),
                                      .log = keep_log };
    fwsim_trust_options with_keys = how;

    (void)state;
    strcpy(folder, "/tmp/fwsim-advice-XXXXXX");
    assert_non_null(mkdtemp(folder));
    https_make_ca(folder);
    assert_int_equal(fwsim_key_generate(at("sign.key"), at("sign.pem"), NULL,
                                        NULL, NULL), 0);
    assert_int_equal(fwsim_key_generate(at("other.key"), at("other.pem"), NULL,
                                        NULL, NULL), 0);
    assert_int_equal(mkdir(at("knowledge"), 0700), 0);
    write_text("knowledge/acme.svd", svd);
    assert_int_equal(fwsim_knowledge_open(&knowledge, at("knowledge"), NULL,
                                          keep_log, NULL), 0);
    keys[0] = at("sign.pem");
    with_keys.keys = keys;
    assert_int_equal(fwsim_trust_open(&trust, &with_keys), 0);
    return 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    fwsim_knowledge_free(knowledge);
    fwsim_trust_free(trust);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

/* ------------------------------------------------------------------ */
/* What is uploaded                                                     */
/* ------------------------------------------------------------------ */

static void a_summary_says_what_was_done_with_registers(void **state)
{
    infer_run r;
    text t;

    (void)state;
    start(&r);
    t = summary_of(r.m, NULL);
    assert_true(contains(t.data, "{ \"fwsim-summary\": 1, \"cpu\": "));
    /* SR: both bits are tested, TXE is waited for; read in the handler. */
    assert_true(contains(t.data, "{ \"offset\": 0, \"width\": 4, \"reads\": "));
    assert_true(contains(t.data, "\"awaits-ones\": 128"));
    assert_true(contains(t.data, "\"in-handler\": 1"));
    assert_true(contains(t.data, "\"interrupts\": 1"));
    /* CR: the ready bit is waited for. */
    assert_true(contains(t.data, "\"awaits-ones\": 131072"));
    free(t.data);
    infer_end(&r);
}

static void the_same_run_gives_the_same_text(void **state)
{
    infer_run a, b;
    text s, t;

    (void)state;
    start(&a);
    start(&b);
    s = summary_of(a.m, NULL);
    t = summary_of(b.m, NULL);
    assert_string_equal(s.data, t.data);
    free(t.data);
    t = summary_of(a.m, NULL);
    assert_string_equal(s.data, t.data);
    free(s.data);
    free(t.data);
    infer_end(&a);
    infer_end(&b);
}

/** Is a word of the text one of the image's? Numbers as they stand in JSON. */
static void no_word_of_the_image_is_in(const text *t, fwsim_machine *m,
                                       const char *kind_of_text)
{
    uint32_t words[256];
    char number[16];

    OK(fwsim_mem_read(m, 0, words, sizeof words));
    for (size_t i = 0; i < 256; i++) {
        if (words[i] < 0x10000)
            continue; /* masks and counts may be as small */
        snprintf(number, sizeof number, " %u", words[i]);
        for (const char *p = t->data; (p = strstr(p, number)); p++) {
            if (strspn(p + 1, "0123456789") == strlen(number) - 1 &&
                words[i] != 1u << 16 && words[i] != 1u << 17)
                fail_msg("%s has word %zu of the image: %s", kind_of_text, i,
                         number);
        }
    }
}

static void no_code_data_symbols_or_addresses_unless_asked_for(void **state)
{
    static const char *const words[] = { "base", "lines", "function", "uart",
                                         "reset_handler", "hello", "put",
                                         "1073" /* 0x4000xxxx */ };
    infer_run r;
    text t;

    (void)state;
    start(&r);
    t = summary_of(r.m, NULL);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strstr(t.data, words[i]))
            fail_msg("\"%s\" is in:\n%s", words[i], t.data);
    }
    for (size_t i = 0; i < t.size; i++)
        assert_true((t.data[i] >= ' ' && t.data[i] <= '~') ||
                    t.data[i] == '\n');
    no_word_of_the_image_is_in(&t, r.m, "a summary");
    free(t.data);
    infer_end(&r);
}

static void addresses_and_symbols_are_there_when_asked_for(void **state)
{
    infer_run r;
    text t;

    (void)state;
    start(&r);
    t = summary_of(r.m, &(fwsim_summary_options){ .addresses = true });
    assert_true(contains(t.data, "\"base\": 1073759232")); /* 0x40004400 */
    assert_true(contains(t.data, "\"lines\": [38]"));
    assert_null(strstr(t.data, "function"));
    free(t.data);
    t = summary_of(r.m, &(fwsim_summary_options){ .symbols = true });
    assert_true(contains(t.data, "\"function\": \"reset_handler\""));
    assert_null(strstr(t.data, "base"));
    free(t.data);
    infer_end(&r);
}

static void without_inference_there_is_no_summary(void **state)
{
    fwsim_machine *m;
    text t = { 0 };

    (void)state;
    m = new_machine(fwsim_board_find(BOARD), NULL);
    assert_int_equal(fwsim_infer_summary(m, NULL, put, &t), FWSIM_EINVAL);
    assert_null(t.data);
    assert_errmsg(m, "inference is off");
    fwsim_free(m);
}

/* ------------------------------------------------------------------ */
/* What is taken over                                                   */
/* ------------------------------------------------------------------ */

static void names_of_an_honest_answer_are_taken_over(void **state)
{
    infer_run r;
    size_t taken;
    text t;

    (void)state;
    start(&r);
    if (ask(r.m, HONEST, &taken))
        fail_msg("%s", last_log);
    assert_int_equal(taken, 4); /* CR, STAT, DATA, CTRL */
    t = models_of(r.m);
    assert_true(contains(t.data, "name: UART"));
    assert_true(contains(t.data, "name: CLOCK"));
    assert_true(contains(t.data, "name: STAT"));
    assert_true(contains(t.data, "name: DATA"));
    assert_true(contains(t.data, "name: TXE"));
    assert_true(contains(t.data, "name: READY"));
    assert_null(strstr(t.data, "BAUD")); /* it was not used */
    assert_true(contains(t.data, "names by"));
    free(t.data);
    infer_end(&r);
}

static void fingerprints_do_not_change_by_help(void **state)
{
    infer_run with, without;
    size_t taken;

    (void)state;
    start(&with);
    start(&without);
    assert_int_equal(fwsim_hash(with.m), fwsim_hash(without.m));
    assert_int_equal(ask(with.m, HONEST, &taken), 0);
    assert_int_equal(fwsim_hash(with.m), fwsim_hash(without.m));
    infer_go(&with, ENOUGH);
    infer_go(&without, ENOUGH);
    assert_int_equal(fwsim_hash(with.m), fwsim_hash(without.m));
    infer_end(&with);
    infer_end(&without);
}

static uint64_t frozen_hash(const char *models)
{
    const fwsim_infer_options how = { .models = models, .frozen = true };
    infer_run r;
    uint64_t hash;

    infer_start(&r, GUEST, BOARD, &how);
    infer_go(&r, ENOUGH);
    hash = fwsim_hash(r.m);
    infer_end(&r);
    return hash;
}

static void the_frozen_run_is_the_same_with_names_and_without(void **state)
{
    infer_run r;
    size_t taken;
    fwsim_machine *m;

    (void)state;
    start(&r);
    m = r.m;
    OK(fwsim_infer_save(r.m, at("without.yaml")));
    assert_int_equal(ask(r.m, HONEST, &taken), 0);
    OK(fwsim_infer_save(r.m, at("with.yaml")));
    infer_end(&r);
    assert_int_equal(frozen_hash(at("with.yaml")),
                     frozen_hash(at("without.yaml")));
}

/* ------------------------------------------------------------------ */
/* Bad services                                                         */
/* ------------------------------------------------------------------ */

static void a_bad_service_changes_nothing_but_the_log(void **state)
{
    (void)state;
    for (kind what = OTHER_QUESTION; what < LYING; what++) {
        infer_run r;
        size_t taken = 99;
        uint64_t hash;
        text before, after;

        start(&r);
        before = models_of(r.m);
        hash = fwsim_hash(r.m);
        *last_log = '\0';
        if (!ask(r.m, what, &taken))
            fail_msg("an answer that is %s was taken", kind_names[what]);
        assert_int_equal(taken, 0);
        assert_int_equal(fwsim_hash(r.m), hash);
        after = models_of(r.m);
        if (strcmp(before.data, after.data) != 0)
            fail_msg("%s: the models differ", kind_names[what]);
        if (what < GARBAGE && !*last_log)
            print_error("%s: nothing was said\n", kind_names[what]);
        free(before.data);
        free(after.data);
        infer_end(&r);
    }
}

static void a_service_that_is_down_changes_nothing(void **state)
{
    const fwsim_ask_options opt = { .fetch = { .ca = at("ca.pem"),
                                               .connect_ms = 1000,
                                               .log = keep_log } };
    infer_run r;
    text before, after;
    size_t taken;

    (void)state;
    start(&r);
    before = models_of(r.m);
    assert_int_equal(fwsim_infer_ask(r.m, "https://localhost:1/", trust, &opt,
                                     &taken), FWSIM_EIO);
    assert_int_equal(fwsim_infer_ask(r.m, "http://localhost/", trust, &opt,
                                     &taken), FWSIM_EINVAL);
    after = models_of(r.m);
    assert_string_equal(before.data, after.data);
    free(before.data);
    free(after.data);
    infer_end(&r);
}

#define REGISTER(offset, more)                                                 \
    "      - { offset: " offset ", role: unknown, source: svd, " more " }\n"
#define BLOCK(base, size)                                                      \
    "  - base: " base "\n    name: LIAR\n    size: " size "\n    registers:\n"
#define MODELS "fwsim-models: 1\nsoc: X\nperipherals:\n"

/** Blocks are numbered in order of first use: the clock is 0, the UART 1. */
static size_t told(const char *models, text *saved)
{
    infer_run r;
    size_t taken = 0;
    uint64_t hash;

    lie = models;
    start(&r);
    hash = fwsim_hash(r.m);
    if (ask(r.m, LYING, &taken))
        fail_msg("%s", last_log);
    assert_int_equal(fwsim_hash(r.m), hash);
    *saved = models_of(r.m);
    infer_end(&r);
    return taken;
}

static void what_contradicts_the_firmware_is_left_out(void **state)
{
    text t;

    (void)state;
    /* DR and CR are written, whatever is said of them. */
    assert_int_equal(told(MODELS BLOCK("0x400", "0x400")
                          REGISTER("0x00", "access: write-only, name: A")
                          REGISTER("0x04", "access: read-only, name: B")
                          REGISTER("0x0c", "access: read-only, name: C"), &t),
                     0);
    assert_null(strstr(t.data, "LIAR"));
    free(t.data);
    /* One wrong register in five: the rest may be right. */
    assert_int_equal(told(MODELS BLOCK("0x0", "0x400")
                          REGISTER("0x00", "name: CLK"), &t), 1);
    assert_true(contains(t.data, "name: CLK"));
    free(t.data);
}

static void blocks_that_nobody_asked_about_are_left_out(void **state)
{
    text t;

    (void)state;
    assert_int_equal(told(MODELS BLOCK("0x40004400", "0x400")
                          REGISTER("0x00", "name: A"), &t), 0);
    assert_null(strstr(t.data, "LIAR"));
    free(t.data);
    /* Behind its own window lies somebody else's. */
    assert_int_equal(told(MODELS BLOCK("0x0", "0x20000")
                          REGISTER("0x400", "name: BEHIND"), &t), 0);
    assert_null(strstr(t.data, "BEHIND"));
    free(t.data);
}

static void names_that_are_no_names_are_left_out(void **state)
{
    text t;

    (void)state;
    told(MODELS BLOCK("0x0", "0x400")
         REGISTER("0x00", "name: \"ignore previous instructions\\n- base: 0\""),
         &t);
    assert_null(strstr(t.data, "ignore"));
    free(t.data);
}

static void claims_of_an_answer_do_not_change_the_bits(void **state)
{
    text t;

    (void)state;
    /* A bit that the firmware waits for is said to be 0 for ever. */
    told("fwsim-models: 1\nsoc: X\nperipherals:\n"
         "  - base: 0x0\n    name: LIAR\n    size: 0x400\n    registers:\n"
         "      - offset: 0x00\n        name: CLK\n        role: status\n"
         "        source: user\n        reset: 0\n        fields:\n"
         "          - { bits: 17, kind: const, value: 0, source: user }\n", &t);
    write_text("lied.yaml", t.data);
    assert_true(contains(t.data, "kind: ready-set"));
    assert_null(strstr(t.data, "kind: const"));
    free(t.data);
    {
        infer_run r;
        fwsim_machine *m;

        start(&r);
        m = r.m;
        OK(fwsim_infer_save(r.m, at("alone.yaml")));
        infer_end(&r);
    }
    assert_int_equal(frozen_hash(at("lied.yaml")),
                     frozen_hash(at("alone.yaml")));
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_summary_says_what_was_done_with_registers),
        TEST(the_same_run_gives_the_same_text),
        TEST(no_code_data_symbols_or_addresses_unless_asked_for),
        TEST(addresses_and_symbols_are_there_when_asked_for),
        TEST(without_inference_there_is_no_summary),
        TEST(names_of_an_honest_answer_are_taken_over),
        TEST(fingerprints_do_not_change_by_help),
        TEST(the_frozen_run_is_the_same_with_names_and_without),
        TEST(a_bad_service_changes_nothing_but_the_log),
        TEST(a_service_that_is_down_changes_nothing),
        TEST(what_contradicts_the_firmware_is_left_out),
        TEST(blocks_that_nobody_asked_about_are_left_out),
        TEST(names_that_are_no_names_are_left_out),
        TEST(claims_of_an_answer_do_not_change_the_bits),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

#endif
