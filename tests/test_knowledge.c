/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What blocks of registers may be, from SVD files that the test writes, and
 * summaries that it writes, too: what is expected follows from these.
 */
#include "support.h"

#include "fwsim_knowledge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if !defined(FWSIM_WITH_YAML) || !defined(FWSIM_WITH_SVD)

int main(void)
{
    printf("SKIPPED: fwsim was built without libyaml or expat\n");
    return 77;
}

#else

static char folder[64];
static char last_log[1024];

static void keep_log(const fwsim_log_entry *entry, void *user)
{
    (void)user;
    snprintf(last_log, sizeof last_log, "%s", entry->text);
}

static const char *at(const char *name)
{
    static char paths[8][160];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/* ------------------------------------------------------------------ */
/* Chips                                                                */
/* ------------------------------------------------------------------ */

/** A register of an SVD. */
typedef struct row {
    const char *name;
    unsigned offset;
    const char *access; /* NULL: read-write */
    const char *fields; /* "RXNE:5 TXE:7 DIV:0-11"; NULL: none */
} row;

typedef struct periph {
    const char *name;
    unsigned base;
    const row *rows; /* ends with a row without a name */
} periph;

static const row uart_rows[] = {
    { "SR", 0x00, "read-only", "RXNE:5 TC:6 TXE:7" },
    { "DR", 0x04, NULL, "BYTE:0-7" },
    { "BRR", 0x08, NULL, "DIV:0-11" },
    { "CR1", 0x0c, NULL, "RE:2 TE:3 UE:13" },
    { NULL, 0, NULL, NULL }
};
static const row timer_rows[] = {
    { "CTRL", 0x00, NULL, "ON:0 IRQ:1" },
    { "LOAD", 0x04, NULL, "VALUE:0-31" },
    { "COUNT", 0x08, "read-only", "VALUE:0-31" },
    { "CLR", 0x0c, "write-only", NULL },
    { NULL, 0, NULL, NULL }
};
static const row clock_rows[] = {
    { "CR", 0x100, NULL, "PLLON:24 PLLRDY:25" },
    { "CFGR", 0x104, NULL, "SW:0-1 SWS:2-3" },
    { NULL, 0, NULL, NULL }
};

static void put_fields(FILE *f, const char *text)
{
    char name[32];
    unsigned low, high;
    int n;

    fputs("<fields>", f);
    for (; text && sscanf(text, "%31[^:]:%u%n", name, &low, &n) == 2;
         text += strspn(text, " ")) {
        text += n;
        high = low;
        if (*text == '-' && sscanf(text, "-%u%n", &high, &n) == 1)
            text += n;
        fprintf(f, "<field><name>%s</name><bitOffset>%u</bitOffset>"
                "<bitWidth>%u</bitWidth></field>", name, low, high - low + 1);
    }
    fputs("</fields>", f);
}

static void put_periph(FILE *f, const periph *p)
{
    fprintf(f, "<peripheral><name>%s</name><baseAddress>0x%x</baseAddress>"
            "<addressBlock><offset>0</offset><size>0x800</size>"
            "<usage>registers</usage></addressBlock><registers>",
            p->name, p->base);
    for (const row *r = p->rows; r->name; r++) {
        fprintf(f, "<register><name>%s</name><addressOffset>0x%x"
                "</addressOffset><size>32</size>%s%s%s", r->name, r->offset,
                r->access ? "<access>" : "", r->access ? r->access : "",
                r->access ? "</access>" : "");
        if (r->fields)
            put_fields(f, r->fields);
        fputs("</register>", f);
    }
    fputs("</registers></peripheral>", f);
}

/** Write a chip. @param periphs  ends with one without a name */
static void write_chip(const char *file, const char *vendor, const char *name,
                       const periph *periphs)
{
    FILE *f = fopen(at(file), "w");

    assert_non_null(f);
    fprintf(f, "<device><vendor>%s</vendor><name>%s</name><peripherals>",
            vendor, name);
    for (; periphs->name; periphs++)
        put_periph(f, periphs);
    fputs("</peripherals></device>", f);
    assert_int_equal(fclose(f), 0);
}

static void write_text(const char *file, const char *text)
{
    FILE *f = fopen(at(file), "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/fwsim-knowledge-XXXXXX");
    assert_non_null(mkdtemp(folder));
    *last_log = '\0';
    return 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

/** Two chips: ACME1 has a UART, a timer and a clock; BOLT9 the same timer at
 * another place. */
static void write_chips(void)
{
    const periph acme[] = { { "UART1", 0x40001000, uart_rows },
                            { "UART2", 0x40001400, uart_rows },
                            { "TIM", 0x40002000, timer_rows },
                            { "RCC", 0x40003000, clock_rows },
                            { NULL, 0, NULL } };
    const periph bolt[] = { { "TMR7", 0x50007000, timer_rows },
                            { NULL, 0, NULL } };

    write_chip("acme1.svd", "ACME", "ACME1", acme);
    assert_int_equal(mkdir(at("more"), 0700), 0);
    write_chip("more/bolt9.SVD", "BOLT", "BOLT9", bolt);
}

static fwsim_knowledge *open_folder(void)
{
    fwsim_knowledge *k;
    int err = fwsim_knowledge_open(&k, folder, NULL, keep_log, NULL);

    if (err)
        fail_msg("%s: %s", fwsim_strerror(err), last_log);
    return k;
}

static fwsim_knowledge *open_chips(void)
{
    write_chips();
    return open_folder();
}

/* ------------------------------------------------------------------ */
/* Questions                                                            */
/* ------------------------------------------------------------------ */

static fwsim_identified found[FWSIM_SUMMARY_BLOCKS_MAX];

/** @param blocks  the list inside of a summary */
static size_t ask(const fwsim_knowledge *k, const char *blocks)
{
    char text[4096];
    size_t count;
    int err;

    snprintf(text, sizeof text,
             "{ \"fwsim-summary\": 1, \"cpu\": \"cortex-m3\", \"blocks\": "
             "[ %s ] }\n", blocks);
    err = fwsim_knowledge_match(k, text, strlen(text), found, &count, keep_log,
                                NULL);
    if (err)
        fail_msg("%s: %s", fwsim_strerror(err), last_log);
    return count;
}

#define UART_REGISTERS                                                         \
    "{ \"offset\": 0, \"width\": 4, \"reads\": 9, \"writes\": 0,"              \
    "  \"tested\": 128, \"awaits-ones\": 128, \"poll\": 7 },"                  \
    "{ \"offset\": 4, \"width\": 4, \"reads\": 0, \"writes\": 5 },"            \
    "{ \"offset\": 12, \"width\": 4, \"reads\": 0, \"writes\": 1 }"
#define UART_BLOCK                                                             \
    "{ \"block\": 0, \"registers\": [ " UART_REGISTERS " ] }"
#define TIMER_REGISTERS                                                        \
    "{ \"offset\": 0, \"width\": 4, \"reads\": 1, \"writes\": 1,"              \
    "  \"tested\": 2 },"                                                       \
    "{ \"offset\": 8, \"width\": 4, \"reads\": 9, \"writes\": 0 },"            \
    "{ \"offset\": 12, \"width\": 4, \"reads\": 0, \"writes\": 5 }"
#define TIMER_BLOCK                                                            \
    "{ \"block\": 1, \"registers\": [ " TIMER_REGISTERS " ] }"

/* ------------------------------------------------------------------ */
/* Tests                                                                */
/* ------------------------------------------------------------------ */

static void chips_peripherals_and_registers_are_counted(void **state)
{
    fwsim_knowledge *k = open_chips();
    fwsim_knowledge_stats s;

    (void)state;
    fwsim_knowledge_stats_get(k, &s);
    assert_int_equal(s.chips, 2);
    assert_int_equal(s.peripherals, 5);
    assert_int_equal(s.registers, 4 + 4 + 4 + 2 + 4);
    fwsim_knowledge_free(k);
}

static void a_block_is_the_peripheral_with_such_registers(void **state)
{
    fwsim_knowledge *k = open_chips();

    (void)state;
    assert_int_equal(ask(k, UART_BLOCK), 1);
    assert_true(found[0].count > 0);
    assert_string_equal(found[0].candidates[0].vendor, "ACME");
    assert_string_equal(found[0].candidates[0].chip, "ACME1");
    assert_memory_equal(found[0].candidates[0].peripheral, "UART", 4);
    assert_true(found[0].candidates[0].confidence > 90);
    fwsim_knowledge_free(k);
}

static void reasons_name_registers_bits_and_places(void **state)
{
    fwsim_knowledge *k = open_chips();

    (void)state;
    ask(k, UART_BLOCK);
    assert_string_equal(found[0].candidates[0].reason,
                        "3 of 3 registers are there, 1 of 1 tested bits are "
                        "fields; in 2 places");
    fwsim_knowledge_free(k);
}

static void candidates_come_most_likely_first(void **state)
{
    fwsim_knowledge *k = open_chips();
    unsigned sum = 0;

    (void)state;
    ask(k, UART_BLOCK "," TIMER_BLOCK);
    for (size_t b = 0; b < 2; b++) {
        assert_true(found[b].count >= 2);
        sum = 0;
        for (size_t i = 0; i < found[b].count; i++) {
            sum += found[b].candidates[i].confidence;
            assert_true(i == 0 || found[b].candidates[i].confidence <=
                                      found[b].candidates[i - 1].confidence);
        }
        assert_true(sum <= 100);
    }
    fwsim_knowledge_free(k);
}

static void writes_to_read_only_registers_count_against_it(void **state)
{
    fwsim_knowledge *k = open_chips();
    unsigned fits;

    (void)state;
    ask(k, "{ \"block\": 0, \"registers\": ["
           "{ \"offset\": 0, \"width\": 4, \"reads\": 1, \"writes\": 1 },"
           "{ \"offset\": 8, \"width\": 4, \"reads\": 1, \"writes\": 0 } ] }");
    assert_string_equal(found[0].candidates[0].peripheral, "TIM");
    fits = found[0].candidates[0].confidence;
    /* The timer's +8 is read-only, the UART's is not; its +0 is. */
    ask(k, "{ \"block\": 0, \"registers\": ["
           "{ \"offset\": 0, \"width\": 4, \"reads\": 1, \"writes\": 0 },"
           "{ \"offset\": 8, \"width\": 4, \"reads\": 0, \"writes\": 1 } ] }");
    assert_memory_equal(found[0].candidates[0].peripheral, "UART", 4);
    assert_true(fits > 50);
    fwsim_knowledge_free(k);
}

static void tested_bits_tell_blocks_of_the_same_offsets_apart(void **state)
{
    fwsim_knowledge *k = open_chips();

    (void)state;
    ask(k, "{ \"block\": 0, \"registers\": ["
           "{ \"offset\": 12, \"width\": 4, \"reads\": 3, \"writes\": 3,"
           "  \"tested\": 8192 } ] }");
    assert_memory_equal(found[0].candidates[0].peripheral, "UART", 4);
    ask(k, "{ \"block\": 0, \"registers\": ["
           "{ \"offset\": 0, \"width\": 4, \"reads\": 3, \"writes\": 0,"
           "  \"tested\": 1 } ] }");
    assert_string_equal(found[0].candidates[0].peripheral, "TIM");
    fwsim_knowledge_free(k);
}

static void of_equals_the_first_by_name_of_file_wins_always(void **state)
{
    fwsim_knowledge *k;
    const periph a[] = { { "X", 0x1000, timer_rows }, { NULL, 0, NULL } };
    const periph b[] = { { "Y", 0x9000, timer_rows }, { NULL, 0, NULL } };

    (void)state;
    write_chip("b.svd", "V", "SECOND", b);
    write_chip("a.svd", "V", "FIRST", a);
    k = open_folder();
    for (int i = 0; i < 3; i++) {
        ask(k, TIMER_BLOCK);
        assert_int_equal(found[0].count, 1); /* the same, in two places */
        assert_string_equal(found[0].candidates[0].chip, "FIRST");
        assert_non_null(strstr(found[0].candidates[0].reason, "in 2 places"));
    }
    fwsim_knowledge_free(k);
}

static void the_chip_that_explains_more_blocks_is_named(void **state)
{
    fwsim_knowledge *k;
    const periph a[] = { { "X", 0x1000, timer_rows }, { NULL, 0, NULL } };
    const periph b[] = { { "T", 0x9000, timer_rows },
                         { "U", 0xa000, uart_rows }, { NULL, 0, NULL } };

    (void)state;
    write_chip("a.svd", "V", "ONE", a);
    write_chip("b.svd", "V", "BOTH", b);
    k = open_folder();
    ask(k, TIMER_BLOCK);
    assert_string_equal(found[0].candidates[0].chip, "ONE");
    ask(k, UART_BLOCK "," TIMER_BLOCK);
    assert_string_equal(found[1].candidates[0].chip, "BOTH");
    fwsim_knowledge_free(k);
}

static void addresses_decide_where_layouts_do_not(void **state)
{
    fwsim_knowledge *k = open_chips();

    (void)state;
    ask(k, "{ \"block\": 0, \"base\": 1073746944, \"lines\": [3],"
           "  \"registers\": [ " UART_REGISTERS " ] }");
    assert_string_equal(found[0].candidates[0].peripheral, "UART2");
    ask(k, "{ \"block\": 0, \"base\": 1073745920, \"lines\": [],"
           "  \"registers\": [ " UART_REGISTERS " ] }");
    assert_string_equal(found[0].candidates[0].peripheral, "UART1");
    fwsim_knowledge_free(k);
}

static void registers_behind_the_first_window_are_found(void **state)
{
    static const row far[] = { { "A", 0x404, NULL, "GO:3" },
                               { "B", 0x410, NULL, NULL },
                               { NULL, 0, NULL, NULL } };
    const periph a[] = { { "WIDE", 0x40010000, far }, { NULL, 0, NULL } };
    fwsim_knowledge *k;

    (void)state;
    write_chip("a.svd", "V", "C", a);
    k = open_folder();
    ask(k, "{ \"block\": 0, \"registers\": ["
           "{ \"offset\": 4, \"width\": 4, \"reads\": 1, \"writes\": 1,"
           "  \"tested\": 8 } ] }");
    assert_int_equal(found[0].count, 1);
    assert_string_equal(found[0].candidates[0].peripheral, "WIDE");
    fwsim_knowledge_free(k);
}

static void what_nothing_is_like_has_no_candidate(void **state)
{
    fwsim_knowledge *k = open_chips();

    (void)state;
    assert_int_equal(
        ask(k, "{ \"block\": 7, \"registers\": ["
               "{ \"offset\": 1020, \"width\": 4, \"reads\": 1,"
               "  \"writes\": 0 } ] }, { \"block\": 8, \"registers\": [] }"),
        2);
    assert_int_equal(found[0].block, 7);
    assert_int_equal(found[0].count, 0);
    assert_int_equal(found[1].count, 0);
    fwsim_knowledge_free(k);
}

static void a_file_that_is_no_svd_is_left_out_with_a_warning(void **state)
{
    fwsim_knowledge *k;
    fwsim_knowledge_stats s;

    (void)state;
    write_chips();
    write_text("broken.svd", "<device><name>X</name>");
    write_text("empty.svd", "");
    write_text("readme.txt", "no map");
    k = open_folder();
    assert_non_null(strstr(last_log, "is left out"));
    fwsim_knowledge_stats_get(k, &s);
    assert_int_equal(s.chips, 2);
    fwsim_knowledge_free(k);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    fwsim_knowledge *k;

    (void)state;
    assert_int_equal(fwsim_knowledge_open(&k, at("nothing"), NULL, keep_log,
                                          NULL), FWSIM_ENOENT);
    assert_null(k);
    assert_non_null(strstr(last_log, "nothing"));
    write_text("file", "");
    assert_int_equal(fwsim_knowledge_open(&k, at("file"), NULL, NULL, NULL),
                     FWSIM_EIO);
}

static void an_empty_folder_knows_nothing(void **state)
{
    fwsim_knowledge *k = open_folder();

    (void)state;
    assert_int_equal(ask(k, UART_BLOCK), 1);
    assert_int_equal(found[0].count, 0);
    fwsim_knowledge_free(k);
}

/* ------------------------------------------------------------------ */
/* Bad summaries                                                        */
/* ------------------------------------------------------------------ */

#define HEAD "{ \"fwsim-summary\": 1, \"blocks\": [\n"
#define REG "\"width\": 4, \"reads\": 1, \"writes\": 1"

static void what_is_no_summary_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text, *why;
        int err;
    } bad[] = {
        { "", "", FWSIM_EFORMAT },
        { "{", "1", FWSIM_EFORMAT },
        { "[]", "1:1: expected a map for a summary, found a list", FWSIM_EFORMAT },
        { "{ \"fwsim-summary\": 2, \"blocks\": [] }",
          "1:20: expected version 1", FWSIM_ENOTSUP },
        { "{ \"blocks\": [] }", "fwsim-summary", FWSIM_EFORMAT },
        { "{ \"fwsim-summary\": 1 }", "blocks", FWSIM_EFORMAT },
        { HEAD "{ \"block\": 1 } ] }", "2:1", FWSIM_EFORMAT },
        { HEAD "{ \"block\": 70000, \"registers\": [] } ] }",
          "2:12: expected a number up to 0xffff", FWSIM_EFORMAT },
        { HEAD "{ \"block\": -1, \"registers\": [] } ] }", "2:12",
          FWSIM_EFORMAT },
        { HEAD "{ \"block\": 1.5, \"registers\": [] } ] }", "2:12",
          FWSIM_EFORMAT },
        { HEAD "{ \"block\": \"1\", \"registers\": [] } ] }", "2:12",
          FWSIM_EFORMAT },
        { HEAD "{ \"block\": 1, \"registers\": [ { \"offset\": 1024, " REG
          " } ] } ] }", "expected a number up to 0x3ff, found '1024'",
          FWSIM_EFORMAT },
        { HEAD "{ \"block\": 1, \"registers\": [\n{ \"offset\": 0, " REG
          ", \"code\": \"AA==\" } ] } ] }", "3:", FWSIM_EFORMAT },
        { HEAD "{ \"block\": 1, \"registers\": [\n{ \"offset\": 4, " REG
          " },\n{ \"offset\": 4, " REG " } ] } ] }",
          "4:1: the register at offset 0x4 is there twice", FWSIM_EFORMAT },
        { HEAD "{ \"block\": 1, \"registers\": [ { \"offset\": 0,"
          " \"offset\": 0, " REG " } ] } ] }", "twice", FWSIM_EFORMAT },
        { HEAD "{ \"block\": 1, \"registers\": 4 } ] }", "expected",
          FWSIM_EFORMAT },
        { HEAD "&a { \"block\": 1, \"registers\": [] }, *a ] }",
          "found an alias", FWSIM_EFORMAT },
        { HEAD "] }\n---\n{}", "", FWSIM_EFORMAT },
        { HEAD "] } \xff", "", FWSIM_EFORMAT },
    };
    fwsim_knowledge *k = open_chips();
    size_t count;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        *last_log = '\0';
        assert_int_equal(fwsim_knowledge_match(k, bad[i].text,
                                               strlen(bad[i].text), found,
                                               &count, keep_log, NULL),
                         bad[i].err);
        assert_int_equal(count, 0);
        if (!*last_log || !strstr(last_log, bad[i].why))
            fail_msg("'%s' is not in '%s', for %s", bad[i].why, last_log,
                     bad[i].text);
    }
    fwsim_knowledge_free(k);
}

static int match_text(const fwsim_knowledge *k, const char *text, size_t size)
{
    size_t count;

    return fwsim_knowledge_match(k, text, size, found, &count, keep_log, NULL);
}

static void summaries_that_are_too_large_are_refused(void **state)
{
    fwsim_knowledge *k = open_chips();
    enum { SIZE = 4 << 20 };
    char *text = malloc(SIZE);
    size_t n;

    (void)state;
    assert_non_null(text);
    n = (size_t)sprintf(text, HEAD);
    for (int i = 0; i < FWSIM_SUMMARY_BLOCKS_MAX + 1; i++)
        n += (size_t)sprintf(text + n, "%s{ \"block\": %d, \"registers\": [] }",
                             i ? ",\n" : "", i);
    sprintf(text + n, "] }");
    assert_int_equal(match_text(k, text, strlen(text)), FWSIM_EFORMAT);
    assert_non_null(strstr(last_log, "258:1: expected 256 blocks at most"));

    n = (size_t)sprintf(text, HEAD "{ \"block\": 0, \"registers\": [");
    for (int i = 0; i < 257; i++)
        n += (size_t)sprintf(text + n, "%s{ \"offset\": %d, " REG " }",
                             i ? ",\n" : "\n", i);
    sprintf(text + n, "] } ] }");
    assert_int_equal(match_text(k, text, strlen(text)), FWSIM_EFORMAT);
    assert_non_null(strstr(last_log, "expected 256 registers of a block"));
    free(text);
    fwsim_knowledge_free(k);
}

static void deep_nesting_ends_soon(void **state)
{
    fwsim_knowledge *k = open_chips();
    enum { DEEP = 200000 };
    char *text = malloc(DEEP + 1);

    (void)state;
    assert_non_null(text);
    for (int i = 0; i < 2; i++) {
        memset(text, "[{"[i], DEEP);
        text[DEEP] = '\0';
        assert_int_equal(match_text(k, text, DEEP), FWSIM_EFORMAT);
    }
    free(text);
    fwsim_knowledge_free(k);
}

/** As many blocks as a question may have, each with as many registers as
 * --max-body lets through, against many layouts that all have them. */
static void the_largest_question_is_answered_in_seconds(void **state)
{
    enum { CHIPS = 64, REGISTERS = 16, SIZE = 1 << 19 };
    row rows[65] = { { 0 } };
    char names[64][8], *text = malloc(SIZE);
    fwsim_knowledge *k;
    clock_t begin;
    size_t n;

    (void)state;
    assert_non_null(text);
    for (unsigned c = 0; c < CHIPS; c++) {
        const periph p[] = { { "P", 0x1000, rows }, { NULL, 0, NULL } };
        char file[32];

        for (unsigned i = 0; i < 64; i++) {
            snprintf(names[i], sizeof names[i], "R%u_%u", c, i);
            rows[i] = (row){ names[i], i * 4, NULL, NULL };
        }
        snprintf(file, sizeof file, "c%02u.svd", c);
        write_chip(file, "V", file, p);
    }
    k = open_folder();
    n = (size_t)sprintf(text, HEAD);
    for (unsigned b = 0; b < FWSIM_SUMMARY_BLOCKS_MAX; b++) {
        n += (size_t)sprintf(text + n, "%s{ \"block\": %u, \"registers\": [",
                             b ? "," : "", b);
        for (unsigned i = 0; i < REGISTERS; i++)
            n += (size_t)sprintf(text + n, "%s{ \"offset\": %u, " REG " }",
                                 i ? "," : "", i * 4);
        n += (size_t)sprintf(text + n, "] }\n");
    }
    sprintf(text + n, "] }");
    begin = clock();
    assert_int_equal(match_text(k, text, strlen(text)), 0);
    assert_true(clock() - begin < 5 * CLOCKS_PER_SEC);
    free(text);
    fwsim_knowledge_free(k);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(chips_peripherals_and_registers_are_counted),
        TEST(a_block_is_the_peripheral_with_such_registers),
        TEST(reasons_name_registers_bits_and_places),
        TEST(candidates_come_most_likely_first),
        TEST(writes_to_read_only_registers_count_against_it),
        TEST(tested_bits_tell_blocks_of_the_same_offsets_apart),
        TEST(of_equals_the_first_by_name_of_file_wins_always),
        TEST(the_chip_that_explains_more_blocks_is_named),
        TEST(addresses_decide_where_layouts_do_not),
        TEST(registers_behind_the_first_window_are_found),
        TEST(what_nothing_is_like_has_no_candidate),
        TEST(a_file_that_is_no_svd_is_left_out_with_a_warning),
        TEST(a_folder_that_is_not_there_is_an_error),
        TEST(an_empty_folder_knows_nothing),
        TEST(what_is_no_summary_is_refused_with_its_place),
        TEST(summaries_that_are_too_large_are_refused),
        TEST(deep_nesting_ends_soon),
        TEST(the_largest_question_is_answered_in_seconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
