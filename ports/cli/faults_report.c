/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim faults`: progress, the matrix, the story of a case. */
#include "faults.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS_MAX = 60, ROWS_MAX = 48, SHOWN_MAX = 20, STEP = 64 };

static const char letters[FAULTS_MARKS] = {
    [FWSIM_SWEEP_OK] = '.',   [FWSIM_SWEEP_DETECTED] = 'd',
    [FWSIM_SWEEP_WRONG] = 'W', [FWSIM_SWEEP_HANG] = 'H',
    [FWSIM_SWEEP_CRASH] = 'C', [FAULTS_NOT_HIT] = '-'
};

/* ------------------------------------------------------------------ */
/* Progress                                                             */
/* ------------------------------------------------------------------ */

void faults_progress(const faults_run *f)
{
    size_t bad = 0;

    if (!isatty(STDERR_FILENO) || (f->done % STEP && f->done != f->cases))
        return;
    for (size_t i = 0; i < f->sweep_count; i++)
        for (int mark = 0; mark < FAULTS_MARKS; mark++)
            bad += faults_is_bad(mark) ? f->sweeps[i].count[mark] : 0;
    fprintf(stderr, "\rfwsim: %zu of %zu cases, %zu did not end well ", f->done,
            f->cases, bad);
}

void faults_progress_end(void)
{
    /* ECMA-48: erase the line. */
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

/* ------------------------------------------------------------------ */
/* The matrix                                                           */
/* ------------------------------------------------------------------ */

/* How much a mark wants to be seen. */
static int weight(int mark)
{
    static const int weights[FAULTS_MARKS] = {
        [FAULTS_NOT_HIT] = 0,      [FWSIM_SWEEP_OK] = 1,
        [FWSIM_SWEEP_DETECTED] = 2, [FWSIM_SWEEP_HANG] = 3,
        [FWSIM_SWEEP_CRASH] = 4,   [FWSIM_SWEEP_WRONG] = 5
    };

    return weights[mark];
}

/* The mark of sites and moments that share a place. */
static char worst(const faults_sweep *s, size_t site, size_t sites,
                  size_t moment, size_t moments)
{
    size_t all = fwsim_sweep_moments(s->sweep);
    int found = -1;

    for (size_t i = site; i < site + sites; i++)
        for (size_t k = moment; k < moment + moments && k < all; k++) {
            size_t at = i * all + k;

            if (at < s->done &&
                (found < 0 || weight(s->marks[at]) > weight(found)))
                found = s->marks[at];
        }
    return found < 0 ? ' ' : letters[found];
}

static size_t shares(size_t n, size_t places)
{
    return (n + places - 1) / places;
}

static void put_grid(const faults_sweep *s)
{
    size_t moments = fwsim_sweep_moments(s->sweep);
    size_t sites = fwsim_sweep_cases(s->sweep) / moments;
    size_t across = shares(moments, COLUMNS_MAX), down = shares(sites, ROWS_MAX);
    char text[FWSIM_INJECT_TEXT_MAX];

    if (across > 1 || down > 1)
        printf("  a mark is the worst of %zu by %zu cases\n", down, across);
    for (size_t i = 0; i < sites; i += down) {
        fwsim_sweep_text(s->sweep, i * moments, text, sizeof(text));
        printf("  %-28.*s ", (int)strcspn(text, "@#"), text);
        for (size_t k = 0; k < moments; k += across)
            putchar(worst(s, i, down, k, across));
        putchar('\n');
    }
}

static void put_counts(const faults_run *f)
{
    size_t sum[FAULTS_MARKS] = { 0 };

    fputs("cases   ", stdout);
    for (int mark = 0; mark < FAULTS_MARKS; mark++)
        printf(" %9s", faults_word(mark));
    puts("   pattern");
    for (size_t i = 0; i < f->sweep_count; i++) {
        printf("%-8zu", f->sweeps[i].done);
        for (int mark = 0; mark < FAULTS_MARKS; mark++) {
            sum[mark] += f->sweeps[i].count[mark];
            printf(" %9zu", f->sweeps[i].count[mark]);
        }
        printf("   %s\n", f->sweeps[i].pattern);
    }
    if (f->sweep_count < 2)
        return;
    printf("%-8zu", f->done);
    for (int mark = 0; mark < FAULTS_MARKS; mark++)
        printf(" %9zu", sum[mark]);
    puts("   all");
}

static void put_bad(const faults_run *f)
{
    char text[FWSIM_INJECT_TEXT_MAX];
    size_t count = 0;

    for (size_t i = 0; i < f->sweep_count; i++)
        for (size_t k = 0; k < f->sweeps[i].done; k++) {
            const faults_sweep *s = &f->sweeps[i];

            if (!faults_is_bad(s->marks[k]) || ++count > SHOWN_MAX)
                continue;
            if (count == 1)
                puts("\nrun one of these again with --case:");
            printf("  %-8s %s\n", faults_word(s->marks[k]),
                   fwsim_sweep_text(s->sweep, k, text, sizeof(text)));
        }
    if (count > SHOWN_MAX)
        printf("  and %zu more; --json lists all\n", count - SHOWN_MAX);
}

void faults_report_text(const faults_run *f)
{
    char time[48];

    printf("reference: ok after %s\n\n",
           cli_format_time(f->reference_ns, time, sizeof(time)));
    put_counts(f);
    for (size_t i = 0; i < f->sweep_count; i++) {
        printf("\n%s\n", f->sweeps[i].pattern);
        put_grid(&f->sweeps[i]);
    }
    puts("\n  . ok  d detected  W wrong  H hang  C crash  - not hit");
    put_bad(f);
}

/* ------------------------------------------------------------------ */
/* For programs                                                         */
/* ------------------------------------------------------------------ */

static void json_sweep(json *j, const faults_sweep *s)
{
    char text[FWSIM_INJECT_TEXT_MAX];

    json_object(j, NULL);
    json_string(j, "pattern", s->pattern);
    json_uint(j, "moments", fwsim_sweep_moments(s->sweep));
    json_object(j, "count");
    for (int mark = 0; mark < FAULTS_MARKS; mark++)
        json_uint(j, faults_word(mark), s->count[mark]);
    json_object_end(j);
    json_array(j, "cases");
    for (size_t i = 0; i < s->done; i++) {
        json_object(j, NULL);
        json_string(j, "id", fwsim_sweep_text(s->sweep, i, text, sizeof(text)));
        json_string(j, "outcome", faults_word(s->marks[i]));
        json_object_end(j);
    }
    json_array_end(j);
    json_object_end(j);
}

void faults_report_json(const faults_run *f)
{
    json j = { .out = stdout };

    json_object(&j, NULL);
    json_int(&j, "exit_code", f->result->code);
    json_string(&j, "message", f->result->message);
    json_string(&j, "board", f->opt->board->name);
    json_uint(&j, "reference_ns", f->reference_ns);
    json_uint(&j, "cases", f->cases);
    json_array(&j, "sweeps");
    for (size_t i = 0; i < f->sweep_count; i++)
        json_sweep(&j, &f->sweeps[i]);
    json_array_end(&j);
    json_object_end(&j);
    json_end(&j);
}

/* ------------------------------------------------------------------ */
/* The story                                                            */
/* ------------------------------------------------------------------ */

static void put_line(const char *line, void *user)
{
    (void)user;
    printf("  %s\n", line);
}

static void put_hit(faults_run *f, const fwsim_inject_state *s)
{
    char text[FWSIM_INJECT_TEXT_MAX], time[48], where[160];

    printf("fault      %s\n",
           fwsim_inject_print(&s->fault, text, sizeof(text)));
    cli_print_filled(stdout, 11, 78, fwsim_inject_kind_text(s->fault.kind));
    putchar('\n');
    if (!s->hits) {
        puts("hit        never: its moment did not come");
        return;
    }
    printf("hit        %" PRIu64 " times, first at %s, instruction %" PRIu64
           ", %s\n", s->hits,
           cli_format_time(s->first_ns, time, sizeof(time)),
           s->first_instruction,
           fwsim_describe(f->m, s->first_pc, where, sizeof(where)));
}

void faults_story(faults_run *f, const fwsim_sweep_case *c)
{
    const char *output = fwsim_uart_output(f->m, f->how.uart, NULL);
    char time[48];

    put_hit(f, &c->fault);
    printf("outcome    %s after %s (%s)\n", faults_word((int)c->outcome),
           cli_format_time(c->stop.time_ns, time, sizeof(time)),
           c->stop.text ? c->stop.text : "");
    if (c->outcome != FWSIM_SWEEP_OK && c->outcome != FWSIM_SWEEP_DETECTED)
        fwsim_report(f->m, &c->stop, put_line, NULL);
    printf("fingerprint %016" PRIx64 "\n", fwsim_hash(f->m));
    if (output && *output)
        printf("output\n%s\n", output);
}
