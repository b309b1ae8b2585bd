/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several sources in one set of models: who wins, and what survives of the
 * loser; SVD tables as models.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "infer/model_file.h"
#include "infer/model_svd.h"

#ifdef FWSIM_WITH_YAML

static fwsim__models *parse(const char *s)
{
    log_lines *log = calloc(1, sizeof *log);
    fwsim__models *models;

    if (fwsim__models_read(&models, &(fwsim__text_source){
            "m.yaml", s, strlen(s), log_collect, log }))
        fail_msg("%s in:\n%s", log->line[0].text, s);
    free(log);
    return models;
}

static void put(const char *s, size_t n, void *user)
{
    char **to = user;
    size_t old = *to ? strlen(*to) : 0;

    *to = realloc(*to, old + n + 1);
    assert_non_null(*to);
    memcpy(*to + old, s, n);
    (*to)[old + n] = 0;
}

/** Both as files; the result as a file is that of @a expected. */
static void merged(const char *into, const char *from, const char *expected)
{
    fwsim__models *a = parse(into), *b = parse(from), *c = parse(expected);
    char *got = NULL, *want = NULL;

    assert_int_equal(fwsim__models_merge(a, b), 0);
    fwsim__models_write(a, &(fwsim__models_sink){ put, &got, NULL, NULL });
    fwsim__models_write(c, &(fwsim__models_sink){ put, &want, NULL, NULL });
    assert_string_equal(got, want);
    free(got);
    free(want);
    fwsim__models_free(a);
    fwsim__models_free(b);
    fwsim__models_free(c);
}

#define HEAD "fwsim-models: 1\nperipherals:\n"
#define P(base, size) "- base: " base "\n  size: " size "\n"
#define R(offset, rest)                                                        \
    "  - { offset: " offset ", " rest " }\n"
#define ONE(rest) HEAD P("0x1000", "0x10") "  registers:\n" R("0", rest)

static void the_later_source_wins_and_keeps_what_only_the_other_knows(
    void **state)
{
    static const char svd[] = ONE(
        "role: status, name: SR, reset: 7, access: read-only, source: svd, "
        "confidence: 50, fields: [{bits: 3, name: RDY, kind: stored, source: svd}]");
    static const char look[] = ONE(
        "role: flags, source: look-ahead, confidence: 10, reason: seen, pc: 4, "
        "fields: [{bits: 3, kind: ready-set, source: look-ahead, reason: loop}]");
    static const char both[] = ONE(
        "role: flags, name: SR, reset: 7, access: read-only, "
        "source: look-ahead, confidence: 10, reason: seen, pc: 4, "
        "fields: [{bits: 3, name: RDY, kind: ready-set, source: look-ahead, "
        "reason: loop}]");
    (void)state;

    merged(svd, look, both);
    merged(look, svd, both);
}

static void of_one_source_the_more_confident_wins(void **state)
{
    static const char low[] =
        ONE("role: data, source: rules, confidence: 40, reason: low");
    static const char high[] =
        ONE("role: status, source: rules, confidence: 41, reason: high");
    (void)state;

    merged(low, high, high);
    merged(high, low, high);
}

static void of_two_that_are_as_good_the_first_stays(void **state)
{
    static const char a[] = ONE("role: data, source: rules");
    static const char b[] = ONE("role: status, source: rules");
    (void)state;

    merged(a, b, a);
    merged(b, a, b);
}

static void who_does_not_know_the_role_does_not_win_it(void **state)
{
    static const char named[] = ONE("role: unknown, name: CR, source: user");
    static const char guess[] = ONE("role: control, source: rules");
    static const char both[] = ONE("role: control, name: CR, source: rules");
    (void)state;

    merged(named, guess, both);
    merged(guess, named, both);
}

static void fields_in_the_way_of_a_stronger_one_go(void **state)
{
    static const char svd[] = ONE(
        "role: control, fields: [{bits: 0-3, name: MODE, kind: stored, source: svd},"
        "{bits: 5-6, name: X, kind: stored, source: svd},"
        "{bits: 8, name: Y, kind: stored, source: svd}]");
    static const char look[] = ONE(
        "role: control, fields: [{bits: 2-5, kind: const, value: 1, source: look-ahead},"
        "{bits: 7-9, kind: const, value: 0, source: none}]");
    static const char both[] = ONE(
        "role: control, fields: [{bits: 2-5, kind: const, value: 1, source: look-ahead},"
        "{bits: 8, name: Y, kind: stored, source: svd}]");
    (void)state;

    merged(svd, look, both);
    merged(look, svd, both);
}

static void registers_meet_by_address_whatever_the_peripherals_are(void **state)
{
    (void)state;

    /* A guess with one block for a page, and a file with two blocks in it. */
    merged(HEAD P("0x1000", "0x1000") "  registers:\n"
           R("0x404", "role: status, source: rules"),
           HEAD P("0x1400", "0x100") "  name: uart\n  registers:\n"
           R("0x4", "role: data, name: DR, source: svd")
           R("0x8", "role: control, name: CR, source: svd")
           "  interrupts: [{ line: 3, status: 4, status-bits: 1 }]\n"
           "  dma: [{ address: 4, count: 8, control: 0, start-bits: 1, "
           "direction: to-memory }]\n"
           "  sites: [{ pc: 2, offset: 4, values: [1, 2] }]\n",
           HEAD P("0x1000", "0x1000") "  registers:\n"
           R("0x404", "role: status, name: DR, source: rules")
           R("0x408", "role: control, name: CR, source: svd")
           "  interrupts: [{ line: 3, status: 0x404, status-bits: 1 }]\n"
           "  dma: [{ address: 0x404, count: 0x408, control: 0x400, "
           "start-bits: 1, direction: to-memory }]\n"
           "  sites: [{ pc: 2, offset: 0x404, values: [1, 2] }]\n");
    /* The other way round: what is between the blocks gets blocks. */
    merged(HEAD P("0x1400", "0x100") P("0x1800", "0x100"),
           HEAD P("0x1000", "0x1000") "  registers:\n"
           R("0x0", "role: data") R("0x404", "role: status")
           R("0x500", "role: control") R("0xffc", "role: counter"),
           HEAD P("0x1000", "0x400") "  registers:\n" R("0", "role: data")
           P("0x1400", "0x100") "  registers:\n" R("4", "role: status")
           P("0x1500", "0x300") "  registers:\n" R("0", "role: control")
           P("0x1800", "0x100")
           P("0x1900", "0x700") "  registers:\n" R("0x6fc", "role: counter"));
}

static void a_peripheral_grows_up_to_the_next_one(void **state)
{
    (void)state;

    merged(HEAD P("0x1000", "0x10") P("0x1080", "0x10"),
           HEAD P("0x1000", "0x400") "  registers:\n" R("0x7c", "role: data"),
           HEAD P("0x1000", "0x80") "  registers:\n" R("0x7c", "role: data")
           P("0x1080", "0x10"));
}

static void registers_of_other_widths_do_not_come_to_overlap(void **state)
{
    (void)state;

    /* The word wins the role and not the room. */
    merged(HEAD P("0x1000", "0x10") "  registers:\n"
           R("0", "role: data, width: 2, source: rules")
           R("2", "role: data, width: 2, source: rules"),
           HEAD P("0x1000", "0x10") "  registers:\n"
           R("0", "role: status, source: look-ahead"),
           HEAD P("0x1000", "0x10") "  registers:\n"
           R("0", "role: status, width: 2, source: look-ahead")
           R("2", "role: data, width: 2, source: rules"));
    /* A byte in a word is part of the word. */
    merged(HEAD P("0x1000", "0x10") "  registers:\n" R("0", "role: data"),
           HEAD P("0x1000", "0x10") "  registers:\n"
           R("1", "role: status, width: 1"),
           HEAD P("0x1000", "0x10") "  registers:\n" R("0", "role: data"));
}

static void stronger_sites_lines_and_channels_replace_weaker_ones(void **state)
{
#define THREE(source, value)                                                   \
    HEAD P("0x1000", "0x10")                                                   \
    "  interrupts: [{ line: 3, status: 4, status-bits: " value source " }]\n"  \
    "  dma: [{ address: 4, count: 8, control: " value                          \
    ", direction: to-memory" source " }]\n"                                    \
    "  sites: [{ pc: 2, offset: 4, values: [" value "]" source " }]\n"
    static const char weak[] = THREE(", source: rules, reason: weak", "1");
    static const char strong[] = THREE(", source: look-ahead", "2");
    (void)state;

    merged(weak, strong, strong);
    merged(strong, weak, strong);
}

#ifdef FWSIM_WITH_SVD

static void an_svd_file_gives_names_rights_and_explicit_hints(void **state)
{
    static const char file[] =
        "<device><name>D</name><cpu><name>CM3</name></cpu><peripherals>"
        "<peripheral><name>B</name><baseAddress>0x2000</baseAddress>"
        "<addressBlock><offset>0</offset><size>0xFFFFF3FF</size></addressBlock>"
        "<interrupt><name>B_IRQ</name><value>9</value></interrupt>"
        "<registers>"
        "<register><name>FLAGS</name><addressOffset>0</addressOffset>"
        "<resetValue>1</resetValue><fields>"
        "<field><name>F</name><bitRange>[0:0]</bitRange>"
        "<modifiedWriteValues>oneToClear</modifiedWriteValues></field>"
        "<field><name>G</name><bitRange>[3:0]</bitRange></field>"
        "<field><name>H</name><bitRange>[4:4]</bitRange>"
        "<readAction>clear</readAction></field></fields></register>"
        "<register><name>ALTERNATE</name><addressOffset>2</addressOffset>"
        "<size>16</size></register>"
        "<register><name>OUT</name><addressOffset>4</addressOffset>"
        "<size>8</size><access>write-only</access></register>"
        "</registers></peripheral>"
        "<peripheral><name>A</name><baseAddress>0x1000</baseAddress>"
        "<addressBlock><offset>0</offset><size>0x1001</size></addressBlock>"
        "<registers><register><name>IN</name><addressOffset>0</addressOffset>"
        "<access>read-only</access></register></registers></peripheral>"
        "</peripherals></device>";
    static const char expected[] =
        "fwsim-models: 1\nsoc: D\ncpu: CM3\nprovenance: SVD\nperipherals:\n"
        P("0x1000", "0x1000") "  name: A\n  registers:\n"
        R("0", "role: status, name: IN, access: read-only, source: svd, "
          "confidence: 50")
        P("0x2000", "5") "  name: B\n"
        "  interrupts: [{ line: 9, source: svd, confidence: 50, reason: B_IRQ }]\n"
        "  registers:\n"
        R("0", "role: flags, name: FLAGS, reset: 1, source: svd, confidence: 50,"
          "fields: [{ bits: 0, name: F, kind: w1c, source: svd, confidence: 50 },"
          "{ bits: 4, name: H, kind: read-clear, source: svd, confidence: 50 }]")
        R("4", "role: unknown, name: OUT, width: 1, access: write-only, "
          "source: svd");
    fwsim__models *want = parse(expected), *got;
    char *got_text = NULL, *want_text = NULL;
    fwsim__svd *svd;
    (void)state;

    assert_int_equal(fwsim__svd_read(&svd, &(fwsim__text_source){
        "x.svd", file, sizeof file - 1, NULL, NULL }), 0);
    assert_int_equal(fwsim__models_from_svd(&got, svd), 0);
    fwsim__models_write(got, &(fwsim__models_sink){ put, &got_text, NULL, NULL });
    fwsim__models_write(want, &(fwsim__models_sink){ put, &want_text, NULL,
                                                     NULL });
    assert_string_equal(got_text, want_text);
    free(got_text);
    free(want_text);
    fwsim__models_free(got);
    fwsim__models_free(want);
    fwsim__svd_free(svd);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_later_source_wins_and_keeps_what_only_the_other_knows),
        cmocka_unit_test(of_one_source_the_more_confident_wins),
        cmocka_unit_test(of_two_that_are_as_good_the_first_stays),
        cmocka_unit_test(who_does_not_know_the_role_does_not_win_it),
        cmocka_unit_test(fields_in_the_way_of_a_stronger_one_go),
        cmocka_unit_test(registers_meet_by_address_whatever_the_peripherals_are),
        cmocka_unit_test(a_peripheral_grows_up_to_the_next_one),
        cmocka_unit_test(registers_of_other_widths_do_not_come_to_overlap),
        cmocka_unit_test(stronger_sites_lines_and_channels_replace_weaker_ones),
#ifdef FWSIM_WITH_SVD
        cmocka_unit_test(an_svd_file_gives_names_rights_and_explicit_hints),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

#include <stdio.h>

int main(void)
{
    printf("SKIPPED: this fwsim was built without libyaml\n");
    return 77;
}

#endif
