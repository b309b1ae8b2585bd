/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim fuzz` and `fwsim repro`, with the guest of test_fw_fuzz.c: a campaign of some
 * seconds whose seeds hold a finding, so that nothing is left to luck.
 */
#include "command.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IMAGE FWSIM_TEST_FIRMWARE_DIR "/fuzz_guest.elf"
#define WORK FWSIM_TEST_BINARY_DIR "/cli_fuzz"

/* One frame that makes the firmware fault, one that does not, one too long. */
static int make_work(void **state)
{
    FILE *f;

    (void)state;
    if (system("rm -rf " WORK " && mkdir -p " WORK "/seeds"))
        return -1;
    f = fopen(WORK "/seeds/bad", "wb");
    if (!f || fputs("fxxxxxxxxxxxxxxxxxxxxxx", f) < 0 || fclose(f))
        return -1;
    f = fopen(WORK "/seeds/good", "wb");
    if (!f || fputs("zzz", f) < 0 || fclose(f))
        return -1;
    f = fopen(WORK "/seeds/huge", "wb");
    return !f || ftruncate(fileno(f), 100 << 20) || fclose(f) ? -1 : 0;
}

static bool have_afl(void)
{
    if (system("command -v afl-fuzz >/dev/null 2>&1") == 0)
        return true;
    print_message("SKIPPED: afl-fuzz is not installed (Debian: afl++)\n");
    return false;
}

static const char *const campaign[] = {
    NULL, "fuzz", "-b", "mps2_an385", "-o", WORK "/out", "--function", "parse",
    "--boot-text", "ready", "--seeds", WORK "/seeds", "--duration", "4s", IMAGE,
    NULL
};

static void run(command *c, const char *const *like)
{
    const char *argv[32];
    size_t n = 0;

    for (; like[n] || n == 0; n++)
        argv[n] = like[n];
    argv[0] = command_fwsim();
    argv[n] = NULL;
    command_run(c, argv, NULL);
}

static char *read_text(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = calloc(1, 65536);

    assert_non_null(text);
    if (!f)
        fail_msg("%s is not there", path);
    assert_true(fread(text, 1, 65535, f) > 0);
    fclose(f);
    return text;
}

static void file_has(const char *path, const char *part)
{
    char *text = read_text(path);

    if (!strstr(text, part))
        fail_msg("%s lacks \"%s\":\n%s", path, part, text);
    free(text);
}

static void a_campaign_keeps_its_findings_once_and_tells_them(void **state)
{
    struct stat st;
    command c;

    (void)state;
    if (!have_afl())
        skip();
    run(&c, campaign);
    if (c.code != 4)
        fail_msg("code %d\n%s%s", c.code, c.out, c.err);
    assert_non_null(strstr(c.out, "1-fault-bug: the core takes a fault"));
    assert_non_null(strstr(c.out, "executions"));
    assert_non_null(strstr(c.err, "huge: 104857600 bytes; at most"));
    command_free(&c);

    /* One byte is all that the bug needs. */
    assert_int_equal(stat(WORK "/out/findings/1-fault-bug/input", &st), 0);
    assert_int_equal(st.st_size, 1);
    file_has(WORK "/out/findings/1-fault-bug/story.txt", "fuzz_guest.c:");
    file_has(WORK "/out/report.md", "1-fault-bug");
    file_has(WORK "/out/report.json", "\"verdict\": \"fault\"");
    file_has(WORK "/out/findings.sarif", "\"version\": \"2.1.0\"");
    file_has(WORK "/out/findings.sarif", "\"ruleId\": \"fault\"");
    file_has(WORK "/out/findings.sarif", "fuzz_guest.c\"");
    file_has(WORK "/out/findings.sarif", "\"startLine\": ");
    file_has(WORK "/out/blocks.txt", "\n");
}

/* What SARIF 2.1.0 requires of a log and of what it holds (3.13, 3.14, 3.18,
 * 3.27, 3.29, 3.30 of the standard). */
static void the_sarif_log_has_all_that_the_standard_requires(void **state)
{
    static const char *const checks[] = {
        ".version == \"2.1.0\" and (.runs | length) == 1",
        ".runs[].tool.driver | (.name | length) > 0 and (.version | length) > 0",
        ".runs[].tool.driver.rules | length > 0 and all(.id | type == \"string\")",
        ".runs[].tool.driver.rules | map(.id) | length == (unique | length)",
        ".runs[] | (.results | length) > 0 and ([.results[].ruleId] - "
        "[.tool.driver.rules[].id] | length) == 0",
        ".runs[].results | all(.message.text | length > 0)",
        ".runs[].results | all(.level | IN(\"error\", \"warning\", \"note\"))",
        ".runs[].results[].locations | length > 0 and all(.physicalLocation | "
        "(.artifactLocation.uri | type == \"string\" and (contains(\" \") | not))"
        " and .region.startLine >= 1)",
        ".runs[].results[].partialFingerprints | all(type == \"string\")",
    };
    char line[1024];

    (void)state;
    if (!have_afl())
        skip();
    if (system("command -v jq >/dev/null 2>&1")) {
        print_message("SKIPPED: jq is not installed\n");
        skip();
    }
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        snprintf(line, sizeof line,
                 "jq -e '%s' " WORK "/out/findings.sarif >/dev/null", checks[i]);
        if (system(line))
            fail_msg("not so: %s", checks[i]);
    }
}

static void repro_tells_the_story(void **state)
{
    const char *const argv[] = { NULL, "repro",
                                 WORK "/out/findings/1-fault-bug/input", NULL };
    command c;

    (void)state;
    if (!have_afl())
        skip();
    run(&c, argv);
    assert_int_equal(c.code, 4);
    assert_non_null(strstr(c.out, "fault: the core takes a fault exception"));
    assert_non_null(strstr(c.out, "backtrace:"));
    assert_non_null(strstr(c.out, "fuzz_guest.c:"));
    command_free(&c);
}

static void a_campaign_goes_on_with_two_instances(void **state)
{
    const char *argv[sizeof(campaign) / sizeof(*campaign) + 2];
    size_t n = sizeof(campaign) / sizeof(*campaign) - 1;
    command c;

    (void)state;
    if (!have_afl())
        skip();
    memcpy(argv, campaign, sizeof(campaign));
    argv[n++] = "-j";
    argv[n++] = "2";
    argv[n] = NULL;
    run(&c, argv);
    assert_int_equal(c.code, 4);
    command_free(&c);
    file_has(WORK "/out/afl/job0.log", "esum"); /* "Resuming..." */
    file_has(WORK "/out/report.json", "\"instances\": 2");
    file_has(WORK "/out/afl/job1.log", "afl");
}

static void fails(const char *const *argv, int code, const char *text)
{
    command c;

    run(&c, argv);
    if (c.code != code || !strstr(c.err, text))
        fail_msg("code %d: %s", c.code, c.err);
    command_free(&c);
}

static void mistakes_are_named(void **state)
{
    const char *const no_folder[] = { NULL, "fuzz", "-b", "mps2_an385", IMAGE,
                                      NULL };
    const char *const two[] = { NULL, "fuzz", "-b", "mps2_an385", "-o",
                                WORK "/no", "--uart", "uart0", "--buffer", "x",
                                IMAGE, NULL };
    const char *const no_campaign[] = { NULL, "repro", WORK "/seeds/bad",
                                        NULL };
    const char *const no_file[] = { NULL, "repro", WORK "/nothing", NULL };
    const char *const no_symbol[] = { NULL, "fuzz", "-b", "mps2_an385", "-o",
                                      WORK "/no", "--function", "pasre", IMAGE,
                                      NULL };

    (void)state;
    fails(no_folder, 2, "-o FOLDER");
    fails(two, 2, "exclude each other");
    fails(no_campaign, 3, "no folder above it");
    fails(no_file, 3, "nothing");
    if (have_afl())
        fails(no_symbol, 2, "did you mean parse?");
}

static void a_missing_afl_is_named_with_its_package(void **state)
{
    char *path = strdup(getenv("PATH"));

    (void)state;
    setenv("PATH", "/nowhere", 1);
    fails(campaign, 3, "apt-get install afl++");
    setenv("PATH", path, 1);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_campaign_keeps_its_findings_once_and_tells_them),
        cmocka_unit_test(the_sarif_log_has_all_that_the_standard_requires),
        cmocka_unit_test(repro_tells_the_story),
        cmocka_unit_test(a_campaign_goes_on_with_two_instances),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(a_missing_afl_is_named_with_its_package),
    };

    if (!command_have_fwsim())
        return 77;
    return cmocka_run_group_tests(tests, make_work, NULL);
}
