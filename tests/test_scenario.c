/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenario files without a machine: what is refused and how, and that reader,
 * schema and document say the same.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../ports/cli/scenario.h"

#include "command.h"
#include "support.h"

#define DOCS FWSIM_TEST_SOURCE_DIR "/../docs/"
#define HEAD "fwsim-scenario: 1\nboard: b\nload: i.elf\n"
#define TEST HEAD "tests:\n - name: t\n   steps:\n"

/* ------------------------------------------------------------------ */
/* What is refused                                                      */
/* ------------------------------------------------------------------ */

/* A text that is no scenario, what is said of it, and whether the schema
 * refuses it as well: it knows types and names, and not YAML or files. */
static const struct {
    const char *text;
    const char *message;
    bool schema;
} bad[] = {
    { "", "x.yaml: the file is empty", false },
    { "[", "x.yaml:2:1: this is no YAML: ", false },
    { "a: \"\x01\"", "x.yaml: this is no YAML: control characters are not "
      "allowed at byte 4", false },
    { "tests", "x.yaml:1:1: expected a scenario that begins with "
      "\"fwsim-scenario: 1\", found \"tests\"", true },
    { "- 1", "x.yaml:1:1: expected a scenario that begins with "
      "\"fwsim-scenario: 1\", found a list", true },
    { "fwsim-scenario: 2", "x.yaml:1:17: fwsim-scenario: this fwsim reads "
      "version 1, found \"2\"", true },
    { "board: b\nload: i.elf\ntests: []", "x.yaml:3:8: tests: the list is "
      "empty", true },
    { "board: b\nload: i.elf\ntests: [{name: a, steps: []}]",
      "x.yaml:1:1: a scenario needs the key \"fwsim-scenario\"", true },
    { HEAD, "a scenario needs the key \"tests\"", true },
    { HEAD "boards: c\n", "x.yaml:4:1: a scenario has no key \"boards\"; did "
      "you mean \"board\"?", true },
    { HEAD "board: c\n", "x.yaml:4:1: \"board\" is here twice, first in line "
      "2", false },
    { HEAD "load: *a\n", "x.yaml:4:1: \"load\" is here twice", false },
    { HEAD "tests: *a\n", "x.yaml:4:8: aliases are not supported: \"*a\"",
      false },
    { HEAD "tests: &a [*a]\n", "x.yaml:4:12: aliases are not supported: "
      "\"*a\"", false },
    { HEAD "setup: !!python/object [1]\n", "x.yaml:4:8: tags are not "
      "supported", false },
    { HEAD "---\na: 1\n", "expected one document, found a second one", false },
    { HEAD "? [1]\n: 2\n", "x.yaml:4:3: expected a key", false },
    { HEAD "timeout: 5\n", "x.yaml:4:10: timeout: expected a time such as 500 "
      "us, 20 ms or 1.5 s, found \"5\"", true },
    { HEAD "timeout: 5 minutes\n", "timeout: expected a time", true },
    { HEAD "timeout:\n", "timeout: expected a time such as 500 us, 20 ms or "
      "1.5 s, found nothing", true },
    { HEAD "options: { seed: -1 }\n", "x.yaml:4:18: seed: expected a number",
      true },
    { HEAD "options: { seed: 010 }\n", "seed: expected a number (decimal, or "
      "hexadecimal with 0x), found \"010\"", false },
    { HEAD "options: { policy: wran }\n", "x.yaml:4:20: policy: there is no "
      "\"wran\"; did you mean \"warn\"?", true },
    { HEAD "options: { semihosting: yes }\n", "semihosting: expected true or "
      "false, found \"yes\"", false },
    { HEAD "options: [1]\n", "x.yaml:4:10: options: expected a map, found a "
      "list", true },
    { HEAD "memory: { ram: 0x2000 }\n", "ram: expected ranges such as "
      "0x20000000+64k", true },
    { HEAD "infer: 3\n", "enabled: expected true or false, found \"3\"", true },
    { HEAD "setup: 3\n", "setup: expected a list of steps, found \"3\"", true },
    { HEAD "setup: [3]\n", "there is no verb \"3\"", true },
    { HEAD "setup: [[3]]\n", "expected a step such as \"run: 10 ms\", found a "
      "list", true },
    { HEAD "setup: [{run: 1s, send: a}]\n", "x.yaml:4:9: expected a step such "
      "as \"run: 10 ms\", found a map without just one verb", true },
    { HEAD "tests: [{name: a, steps: []}, {name: a, steps: []}]\n",
      "x.yaml:4:38: a second test with the name \"a\", the first one is in "
      "line 4", false },
    { HEAD "tests: [{name: a}]\n", "x.yaml:4:9: tests needs the key \"steps\"",
      true },
    { HEAD "tests: [a]\n", "tests: expected a map, found \"a\"", true },
    { TEST "   - sent: a\n", "x.yaml:7:6: there is no verb \"sent\"; did you "
      "mean \"send\"?", true },
    { TEST "   - xyzzy: a\n", "x.yaml:7:6: there is no verb \"xyzzy\"; there "
      "are run, send, expect", true },
    { TEST "   - send: { txt: a }\n", "x.yaml:7:14: send has no key \"txt\"; "
      "did you mean \"text\"?", true },
    { TEST "   - send: { text: a, bytes: 0a }\n", "send needs only one of the "
      "keys \"text\", \"bytes\", \"file\"", true },
    { TEST "   - send: { uart: a }\n", "send needs exactly one of the keys",
      true },
    { TEST "   - send\n", "send needs exactly one of the keys", true },
    { TEST "   - send: [1, 2]\n", "text: expected text, found a list", true },
    { TEST "   - send: { bytes: 0q }\n", "bytes: expected bytes such as \"01 "
      "02 ff\" or [1, 2, 0xff], found \"0q\"", true },
    { TEST "   - send: { bytes: 10 }\n", "bytes: expected bytes", true },
    { TEST "   - send: { bytes: [1, 256] }\n", "x.yaml:7:25: bytes: expected "
      "bytes", true },
    { TEST "   - send: { file: '${NO_SUCH_VARIABLE}/x' }\n", "file: the "
      "environment has no variable \"NO_SUCH_VARIABLE\"", false },
    { TEST "   - run\n", "run needs one of the keys \"for\", ", true },
    { TEST "   - run: { for: 10 }\n", "for: expected a time", true },
    { TEST "   - run: { instructions: 0 }\n", "instructions: expected a count",
      false },
    { TEST "   - run: { stop: crash }\n", "stop: there is no \"crash\"", true },
    { TEST "   - run: { until: a+b }\n", "until: expected a number, a symbol, "
      "or \"symbol+4\", found \"a+b\"", true },
    { TEST "   - set-pin: { pin: a, level: hgh }\n", "level: there is no "
      "\"hgh\"; did you mean \"high\"?", true },
    { TEST "   - set-pin: { pin: \"a\\0b\", level: high }\n",
      "pin: expected a name without zero bytes", false },
    { TEST "   - call: { function: f, args: 1 }\n", "x.yaml:7:33: args: expected "
      "a list of numbers, symbols", true },
    { TEST "   - call: { function: f, args: [-x] }\n", "args: expected a list",
      true },
    { TEST "   - call: { function: f, args: [{u8: 1}] }\n", "an argument has no "
      "key \"u8\"", true },
    { TEST "   - expect-rate: { pin: a, hz: x, for: 1s }\n",
      "hz: expected a number such as 0.5, found \"x\"", true },
};

enum { BAD = sizeof(bad) / sizeof(*bad) };

static void what_is_no_scenario_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < BAD; i++) {
        scenario_error error = { 0 };
        scenario *s;

        assert_false(scenario_read(&s, "x.yaml", bad[i].text,
                                   strlen(bad[i].text), &error));
        assert_null(s);
        assert_int_equal(error.code, CLI_INPUT);
        if (!strstr(error.text, bad[i].message))
            print_error("%s\n%s\nis not in\n%s\n", bad[i].text, bad[i].message,
                        error.text);
        assert_non_null(strstr(error.text, bad[i].message));
    }
}

static void refused(const char *text, size_t size, const char *message)
{
    scenario_error error = { 0 };
    scenario *s;

    assert_false(scenario_read(&s, "x.yaml", text, size, &error));
    if (!strstr(error.text, message))
        print_error("%s\n", error.text);
    assert_non_null(strstr(error.text, message));
}

static void what_is_too_large_or_too_deep_is_refused(void **state)
{
    enum { SIZE = (1 << 20) + 1 };
    char *text = malloc(SIZE + 64);
    size_t n = 0;

    (void)state;
    assert_non_null(text);
    memset(text, 'a', SIZE);
    refused(text, SIZE, "is larger than 1 MiB");
    memset(text, '[', 1 << 19);
    refused(text, 1 << 19, "nested deeper than 32 levels");
    for (int i = 0; i < 300; i++)
        n += (size_t)sprintf(text + n, "k%d: 1\n", i);
    refused(text, n, "a map with more than 256 keys");
    n = (size_t)sprintf(text, HEAD "tests:\n");
    for (int i = 0; i < 5000; i++)
        n += (size_t)sprintf(text + n, " - {name: n%d, steps: []}\n", i);
    refused(text, n, "x.yaml:5:2: more than 4096 tests");
    free(text);
}

static void a_file_that_cannot_be_read_is_named(void **state)
{
    scenario_error error = { 0 };
    scenario *s;

    (void)state;
    assert_false(scenario_read(&s, "/no/such.yaml", NULL, 0, &error));
    assert_string_equal(error.text, "/no/such.yaml: cannot be read: No such "
                                    "file or directory");
    assert_false(scenario_read(&s, "/", NULL, 0, &error));
    assert_string_equal(error.text, "/: cannot be read: Is a directory");
    assert_false(scenario_read(&s, "/dev/zero", NULL, 0, &error));
    assert_string_equal(error.text, "/dev/zero: is larger than 1 MiB: that is "
                                    "no scenario");
}

/* ------------------------------------------------------------------ */
/* What is read                                                         */
/* ------------------------------------------------------------------ */

static scenario *read_good(const char *text)
{
    scenario_error error = { 0 };
    scenario *s;

    if (!scenario_read(&s, "dir/x.yaml", text, strlen(text), &error))
        fail_msg("%s", error.text);
    return s;
}

static void short_forms_are_those_of_maps(void **state)
{
    scenario *s = read_good(HEAD "infer: true\n"
                            "tests:\n  name: t\n  timeout: 1.5 s\n"
                            "  steps: [run: 10 ms, snapshot, restore: x]\n");
    const scenario_test *t = &s->tests[0];
    const scenario_node *step;

    (void)state;
    assert_int_equal(s->test_count, 1);
    assert_string_equal(t->name, "t");
    assert_int_equal(t->timeout_ns, 1500000000);
    step = t->steps->first;
    assert_int_equal(scenario_time(step->first, "for", 0), 10000000);
    assert_string_equal(step->first->verb->name, "run");
    step = step->next;
    assert_string_equal(step->first->verb->name, "snapshot");
    assert_string_equal(scenario_text(step->first, "name"), "snapshot");
    assert_string_equal(scenario_text(step->next->first, "name"), "x");
    assert_true(scenario_bool(scenario_get(s->root, "infer"), "enabled",
                              false));
    assert_string_equal(scenario_text(scenario_get(s->root, "load")->first,
                                      "image"), "i.elf");
    scenario_free(s);
}

static void bytes_are_hexadecimal_text_or_a_list(void **state)
{
    static const uint8_t expected[] = { 0x01, 0xab, 0x10, 0xff };
    scenario *s = read_good(TEST "   - send: { bytes: \"01AB 10 ff\" }\n"
                                 "   - send: { bytes: [1, 0xab, 16, 255] }\n");
    const scenario_node *step = s->tests[0].steps->first;

    (void)state;
    for (; step; step = step->next) {
        size_t size;
        uint8_t *data = scenario_bytes(scenario_get(step->first, "bytes"),
                                       &size);

        assert_int_equal(size, sizeof(expected));
        assert_memory_equal(data, expected, size);
        free(data);
    }
    scenario_free(s);
}

static void assert_path(const scenario *s, const char *file,
                        const char *expected)
{
    char *path = scenario_path(s, file);

    assert_string_equal(path, expected);
    free(path);
}

static void paths_are_seen_from_the_folder_of_the_scenario(void **state)
{
    scenario *s = read_good(TEST "   - run: 1ns\n");

    (void)state;
    setenv("SCENARIO_TEST", "build", 1);
    assert_path(s, "a.elf", "dir/a.elf");
    assert_path(s, "/a.elf", "/a.elf");
    assert_path(s, "${SCENARIO_TEST}/a.elf", "build/a.elf");
    assert_path(s, "b/${SCENARIO_TEST}.elf", "dir/b/build.elf");
    assert_path(s, "$x${y", "dir/$x${y");
    scenario_free(s);
}

/* ------------------------------------------------------------------ */
/* Reader, schema, document                                             */
/* ------------------------------------------------------------------ */

static char *read_text(const char *path)
{
    command c;

    command_run(&c, (const char *const[]){ "/bin/cat", path, NULL }, NULL);
    if (c.code != 0)
        fail_msg("%s", c.err);
    free(c.err);
    return c.out;
}

static void the_published_schema_is_that_of_the_reader(void **state)
{
    char *published = read_text(DOCS "scenario.schema.json");
    char *made = NULL;
    size_t size;
    FILE *out = open_memstream(&made, &size);

    (void)state;
    assert_non_null(out);
    scenario_schema(out);
    fclose(out);
    if (strcmp(made, published) != 0)
        print_error("fwsim test --schema >docs/scenario.schema.json\n");
    assert_string_equal(made, published);
    free(made);
    free(published);
}

static void assert_documented(const char *document, const char *name)
{
    char quoted[80];

    snprintf(quoted, sizeof(quoted), "`%s`", name);
    if (!strstr(document, quoted))
        fail_msg("docs/scenario.md does not say what %s is", quoted);
}

static void keys_documented(const char *document, const scenario_key *k)
{
    for (; k->name; k++) {
        assert_documented(document, k->name);
        for (size_t i = 0; k->words && k->words[i]; i++)
            assert_documented(document, k->words[i]);
        if (k->fallback && strcmp(k->fallback, "snapshot") != 0 &&
            !strstr(document, k->fallback))
            fail_msg("docs/scenario.md does not have the default of %s",
                     k->name);
        if (k->keys)
            keys_documented(document, k->keys);
        if (k->type == SCENARIO_ARGS)
            keys_documented(document, scenario_argument_keys);
    }
}

static void the_document_has_every_verb_key_word_and_default(void **state)
{
    char *document = read_text(DOCS "scenario.md");

    (void)state;
    keys_documented(document, scenario_grammar);
    for (const scenario_verb *v = scenario_verbs; v->name; v++) {
        assert_documented(document, v->name);
        keys_documented(document, v->keys);
    }
    free(document);
}

/* What validate.py says of a file. */
static void validate(command *c, const char *path)
{
    command_run(c, (const char *const[]){
        "/usr/bin/env", "python3",
        FWSIM_TEST_SOURCE_DIR "/scenario/validate.py",
        DOCS "scenario.schema.json", path, NULL }, NULL);
    if (c->code == 0)
        return;
    print_message("%s%s", c->out, c->err);
    if (c->code != 77 && c->code != 127)
        fail_msg("validate.py ended with code %d", c->code);
    if (c->code == 127)
        print_message("SKIPPED: there is no python3\n");
    command_free(c);
    skip();
}

static void the_schema_takes_what_the_reader_takes(void **state)
{
    glob_t files = { 0 };
    command c;

    (void)state;
    assert_int_equal(glob(FWSIM_TEST_SOURCE_DIR "/scenario/*.yaml", 0, NULL,
                          &files), 0);
    assert_int_equal(glob(FWSIM_TEST_SOURCE_DIR "/../examples/*/*.yaml",
                          GLOB_APPEND, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        validate(&c, files.gl_pathv[i]);
        if (strncmp(c.out, "ok ", 3) != 0)
            fail_msg("%s", c.out);
        command_free(&c);
    }
    globfree(&files);
}

static void the_schema_refuses_what_the_reader_refuses(void **state)
{
    char path[] = "/tmp/fwsim-scenario-XXXXXX";
    int fd = mkstemp(path);
    command c;

    (void)state;
    assert_true(fd >= 0);
    for (size_t i = 0; i < BAD; i++) {
        if (!bad[i].schema)
            continue;
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(pwrite(fd, bad[i].text, strlen(bad[i].text), 0),
                         strlen(bad[i].text));
        validate(&c, path);
        if (strncmp(c.out, "bad ", 4) != 0)
            fail_msg("%s\n%s", bad[i].text, c.out);
        command_free(&c);
    }
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_scenario_is_refused_with_its_place),
        cmocka_unit_test(what_is_too_large_or_too_deep_is_refused),
        cmocka_unit_test(a_file_that_cannot_be_read_is_named),
        cmocka_unit_test(short_forms_are_those_of_maps),
        cmocka_unit_test(bytes_are_hexadecimal_text_or_a_list),
        cmocka_unit_test(paths_are_seen_from_the_folder_of_the_scenario),
        cmocka_unit_test(the_published_schema_is_that_of_the_reader),
        cmocka_unit_test(the_document_has_every_verb_key_word_and_default),
        cmocka_unit_test(the_schema_takes_what_the_reader_takes),
        cmocka_unit_test(the_schema_refuses_what_the_reader_refuses),
    };

#ifndef FWSIM_WITH_YAML
    printf("SKIPPED: built without libyaml\n");
    return 77;
#endif
    return cmocka_run_group_tests(tests, NULL, NULL);
}
