/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expectations of what a UART sends. Each kind is a function that looks at the
 * output that it has not looked at yet; it is called before the run, and for
 * each byte of it.
 */
#include "expect/expect.h"

#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = 10, PROMPT_BYTES = 10, CAME_LINES = 10, CAME_WIDTH = 160 };

#define PROMPT_QUIET_NS FWSIM_MS(1)

typedef struct wanted {
    fwsim__wait wait;
    fwsim_periph *uart;
    void (*look)(struct wanted *w);
    const char *what;   /* for messages: "the line" */
    const uint8_t *data; /* text, line, prompt, bytes */
    size_t size;
    size_t looked;      /* output before this was looked at */
    size_t line;        /* where the line that is looked at begins */
    size_t end;         /* met: what was waited for ends here */
    regex_t *regex;
    fwsim__bytes copy;  /* of the line, for the pattern */
    regmatch_t groups[GROUPS];
    int err;            /* of the callback */
} wanted;

/* ------------------------------------------------------------------ */
/* Kinds                                                                */
/* ------------------------------------------------------------------ */

static void met_at(wanted *w, size_t end)
{
    w->wait.met = true;
    w->end = end;
}

static void look_for_text(wanted *w)
{
    const fwsim_periph *p = w->uart;

    if (w->looked < p->tx_expected + w->size)
        w->looked = p->tx_expected + w->size;
    for (; w->looked <= p->tx.size && !w->wait.met; w->looked++)
        if (!w->size || memcmp(p->tx.data + w->looked - w->size, w->data,
                               w->size) == 0)
            met_at(w, w->looked);
}

/** Carriage returns around a line do not count. */
static void trim(const uint8_t *bytes, size_t *from, size_t *to)
{
    while (*from < *to && bytes[*from] == '\r')
        ++*from;
    while (*to > *from && bytes[*to - 1] == '\r')
        --*to;
}

/** Show complete lines to @a matches until one does. */
static void look_at_lines(wanted *w,
                          bool (*matches)(wanted *w, const uint8_t *line,
                                          size_t size))
{
    const fwsim_periph *p = w->uart;

    for (; w->looked < p->tx.size && !w->wait.met; w->looked++) {
        size_t from = w->line, to = w->looked;

        if (p->tx.data[w->looked] != '\n')
            continue;
        trim(p->tx.data, &from, &to);
        if (matches(w, p->tx.data + from, to - from))
            met_at(w, w->looked + 1);
        w->line = w->looked + 1;
    }
}

static bool is_line(wanted *w, const uint8_t *line, size_t size)
{
    return size == w->size && memcmp(line, w->data, size) == 0;
}

static void look_for_line(wanted *w)
{
    look_at_lines(w, is_line);
}

static bool matches_regex(wanted *w, const uint8_t *line, size_t size)
{
    w->copy.size = 0;
    if (!fwsim__bytes_add(&w->copy, line, size)) {
        w->err = FWSIM_ENOMEM;
        w->wait.broken = true;
        return false;
    }
    return regexec(w->regex, (const char *)w->copy.data, GROUPS, w->groups,
                   0) == 0;
}

static void look_for_regex(wanted *w)
{
    look_at_lines(w, matches_regex);
}

static void look_for_end(wanted *w)
{
    const fwsim_periph *p = w->uart;

    w->wait.met = p->tx.size - p->tx_expected >= w->size &&
                  memcmp(p->tx.data + p->tx.size - w->size, w->data,
                         w->size) == 0;
    w->end = p->tx.size;
}

static void look_for_bytes(wanted *w)
{
    const fwsim_periph *p = w->uart;
    size_t n = p->tx.size - p->tx_expected;

    if (n > w->size)
        n = w->size;
    if (n && memcmp(p->tx.data + p->tx_expected, w->data, n) != 0)
        w->wait.broken = true;
    else if (n == w->size)
        met_at(w, p->tx_expected + n);
}

static void look_for_anything(wanted *w)
{
    w->wait.broken = w->uart->tx.size > w->looked;
}

/* ------------------------------------------------------------------ */
/* Messages                                                             */
/* ------------------------------------------------------------------ */

/** Output that was not consumed, line by line, the last ones of it. */
static bool print_came(fwsim__bytes *to, const fwsim_periph *p)
{
    const uint8_t *bytes = p->tx.data;
    size_t from = p->tx.size, lines = 0;
    char text[CAME_WIDTH];

    while (from > p->tx_expected && lines < CAME_LINES) {
        from--;
        while (from > p->tx_expected && bytes[from - 1] != '\n')
            from--;
        lines++;
    }
    if (from == p->tx.size)
        return fwsim__print(to, "nothing\n");
    if (from > p->tx_expected &&
        !fwsim__print(to, "(%zu bytes before)\n", from - p->tx_expected))
        return false;
    for (size_t end; from < p->tx.size; from = end) {
        const uint8_t *lf = memchr(bytes + from, '\n', p->tx.size - from);

        end = lf ? (size_t)(lf - bytes) + 1 : p->tx.size;
        if (!fwsim__print(to, "\"%s\"\n",
                          fwsim__escape_tail(text, sizeof text, bytes + from,
                                             end - from)))
            return false;
    }
    return true;
}

/** What is there of the line that has no end yet may be what was meant. */
static bool unfinished_line_matches(wanted *w)
{
    const fwsim_periph *p = w->uart;
    size_t from = w->line, to = p->tx.size;

    if (!p->tx.data)
        return false;
    trim(p->tx.data, &from, &to);
    if (w->look == look_for_line)
        return is_line(w, p->tx.data + from, to - from);
    return w->look == look_for_regex && to > from &&
           matches_regex(w, p->tx.data + from, to - from);
}

static void describe_bytes(const wanted *w, char *out, size_t size)
{
    const fwsim_periph *p = w->uart;
    const uint8_t *came = p->tx.data + p->tx_expected;
    size_t n = p->tx.size - p->tx_expected, at = 0;
    char text[120];

    while (at < n && at < w->size && came[at] == w->data[at])
        at++;
    if (at < n)
        snprintf(out, size,
                 "byte %zu of them is 0x%02x instead of 0x%02x: \"%s\"", at,
                 came[at], w->data[at],
                 fwsim__escape(text, sizeof text, came, n));
    else
        snprintf(out, size, "the first %zu of %zu bytes came", n, w->size);
}

static void describe_came(wanted *w, char *out, size_t size)
{
    const fwsim_periph *p = w->uart;
    size_t from = w->look == look_for_anything ? w->looked : p->tx_expected;
    char text[200];

    if (w->look == look_for_bytes) {
        describe_bytes(w, out, size);
        return;
    }
    if (from == p->tx.size) {
        snprintf(out, size, "nothing came");
        return;
    }
    fwsim__escape_tail(text, sizeof text, p->tx.data + from, p->tx.size - from);
    if (unfinished_line_matches(w))
        snprintf(out, size,
                 "\"%s\" came, but the line has no end: a prompt is expected "
                 "with fwsim_uart_expect_prompt", text);
    else
        snprintf(out, size, "what came ends with \"%s\"", text);
}

static int disappointed(wanted *w)
{
    fwsim_machine *m = w->uart->m;
    char headline[200], text[80], came[400], time[32], within[40] = "";
    fwsim__bytes details = { 0 };
    int err;

    fwsim__escape(text, sizeof text, w->data, w->size);
    if (w->wait.timeout_ns)
        snprintf(within, sizeof within, " within %s",
                 fwsim__duration(w->wait.timeout_ns, time, sizeof time));
    if (w->look == look_for_anything)
        snprintf(headline, sizeof headline, "%s: there is no silence of %s",
                 w->uart->slot->name,
                 fwsim__duration(w->wait.timeout_ns, time, sizeof time));
    else
        snprintf(headline, sizeof headline, "%s: %s\"%s\" %s not come%s",
                 w->uart->slot->name, w->what, text,
                 w->look == look_for_bytes ? "have" : "has", within);
    describe_came(w, came, sizeof came);
    err = fwsim__expect_failed(
        m, &(fwsim__failed){
               .wanted = headline,
               .came = came,
               .details = w->look != look_for_bytes &&
                                  print_came(&details, w->uart)
                              ? (const char *)details.data
                              : NULL,
               .wait = &w->wait });
    free(details.data);
    return err;
}

/* ------------------------------------------------------------------ */
/* Waiting                                                              */
/* ------------------------------------------------------------------ */

static void on_byte(fwsim_machine *m, const char *uart, uint8_t byte,
                    void *user)
{
    wanted *w = user;

    (void)uart;
    (void)byte;
    if (w->wait.met || w->wait.broken)
        return;
    w->look(w);
    if (w->wait.met || w->wait.broken)
        fwsim_request_stop(m);
}

/** Wait, and consume what came. @return 0, an error, or 1: it did not come */
static int wait_for(wanted *w)
{
    fwsim_machine *m = w->uart->m;
    int err;

    w->wait.kind = FWSIM__HOOK_UART;
    w->wait.hook = (fwsim__hook){ .periph = w->uart,
                                  .fn = (void (*)(void))on_byte,
                                  .user = w };
    w->look(w);
    err = fwsim__expect_run(m, &w->wait);
    if (!err && w->err)
        err = fwsim__error(m, w->err, "no memory for a line of %s",
                           w->uart->slot->name);
    if (err)
        return err;
    if (!w->wait.met)
        return 1;
    w->uart->tx_expected = w->end;
    return 0;
}

static int begin(fwsim_machine *m, const char *uart, const char *function,
                 wanted *w)
{
    w->uart = fwsim__uart_find(m, uart);
    if (!w->uart)
        return FWSIM_ENOENT;
    w->looked = w->line = w->uart->tx_expected;
    return fwsim__expect_begin(m, function);
}

static int expect(fwsim_machine *m, const char *uart, const char *function,
                  wanted *w)
{
    int err = begin(m, uart, function, w);

    if (!err)
        err = wait_for(w);
    return err > 0 ? disappointed(w) : err;
}

int fwsim_uart_expect(fwsim_machine *m, const char *uart, const char *text,
                      uint64_t timeout_ns)
{
    wanted w = { .look = look_for_text,
                 .what = "",
                 .data = (const uint8_t *)text,
                 .size = strlen(text),
                 .wait.timeout_ns = timeout_ns };

    return expect(m, uart, "fwsim_uart_expect", &w);
}

int fwsim_uart_expect_line(fwsim_machine *m, const char *uart,
                           const char *line, uint64_t timeout_ns)
{
    wanted w = { .look = look_for_line,
                 .what = "the line ",
                 .data = (const uint8_t *)line,
                 .size = strlen(line),
                 .wait.timeout_ns = timeout_ns };

    return expect(m, uart, "fwsim_uart_expect_line", &w);
}

int fwsim_uart_expect_bytes(fwsim_machine *m, const char *uart,
                            const void *data, size_t size,
                            uint64_t timeout_ns)
{
    wanted w = { .look = look_for_bytes,
                 .what = "the bytes ",
                 .data = data,
                 .size = size,
                 .wait.timeout_ns = timeout_ns };

    return expect(m, uart, "fwsim_uart_expect_bytes", &w);
}

int fwsim_uart_expect_silence(fwsim_machine *m, const char *uart,
                              uint64_t time_ns)
{
    wanted w = { .look = look_for_anything,
                 .what = "silence",
                 .wait.timeout_ns = time_ns };
    int err = begin(m, uart, "fwsim_uart_expect_silence", &w);

    if (err)
        return err;
    w.looked = w.uart->tx.size;
    err = wait_for(&w);
    if (err < 0)
        return err;
    return !w.wait.broken && (w.wait.stop.reason == FWSIM_STOP_LIMIT ||
                              time_ns == 0)
               ? 0
               : disappointed(&w);
}

/* ------------------------------------------------------------------ */
/* Prompts                                                              */
/* ------------------------------------------------------------------ */

/** Is the firmware silent after the prompt? */
static int stays_silent(wanted *w, bool *silent)
{
    fwsim_machine *m = w->uart->m;
    uint64_t bytes_ns = fwsim__muldiv(w->uart->link->byte_time * PROMPT_BYTES,
                                      1000000000u, m->clock_hz);
    wanted quiet = { .uart = w->uart,
                     .look = look_for_anything,
                     .looked = w->uart->tx.size,
                     .wait.timeout_ns = bytes_ns > PROMPT_QUIET_NS
                                            ? bytes_ns
                                            : PROMPT_QUIET_NS };
    int err = wait_for(&quiet);

    *silent = !quiet.wait.broken;
    return err < 0 ? err : 0;
}

int fwsim_uart_expect_prompt(fwsim_machine *m, const char *uart,
                             const char *prompt, uint64_t timeout_ns)
{
    uint64_t now = fwsim_time_ns(m);
    uint64_t end = timeout_ns < UINT64_MAX - now ? now + timeout_ns : UINT64_MAX;
    uint64_t left;
    wanted w = { .look = look_for_end,
                 .what = "the prompt ",
                 .data = (const uint8_t *)prompt,
                 .size = strlen(prompt) };
    int err = begin(m, uart, "fwsim_uart_expect_prompt", &w);
    bool silent = false;

    if (err)
        return err;
    if (!w.size)
        return fwsim__error(m, FWSIM_EINVAL, "an empty prompt");
    do {
        size_t consumed = w.uart->tx_expected;

        now = fwsim_time_ns(m);
        left = end > now ? end - now : 0;
        w.wait.timeout_ns = left;
        w.wait.met = false;
        err = wait_for(&w);
        if (!err && timeout_ns)
            err = stays_silent(&w, &silent);
        if (!err && !silent && timeout_ns)
            w.uart->tx_expected = consumed;
    } while (!err && !silent && left);
    w.wait.timeout_ns = timeout_ns;
    if (err < 0 || (!err && (silent || !timeout_ns)))
        return err;
    return disappointed(&w);
}

/* ------------------------------------------------------------------ */
/* Regular expressions                                                  */
/* ------------------------------------------------------------------ */

/** The groups of the last match, as long as the machine does not expect again. */
typedef struct matched {
    fwsim__bytes text;
} matched;

static void free_matched(void *data)
{
    matched *k = data;

    free(k->text.data);
}

static const fwsim__attachment matched_kind = {
    .name = "the groups of a pattern",
    .size = sizeof(matched),
    .destroy = free_matched
};

/** Copy the groups, each with a zero byte behind it. */
static int give_groups(fwsim_machine *m, const wanted *w, fwsim_match *out)
{
    matched *k = fwsim__attach(m, &matched_kind);
    size_t at[GROUPS] = { 0 };

    if (!k)
        return FWSIM_ENOMEM;
    k->text.size = 0;
    for (int i = 0; i < GROUPS; i++) {
        const regmatch_t *g = &w->groups[i];

        if (g->rm_so < 0)
            continue;
        at[i] = k->text.size;
        if (!fwsim__bytes_add(&k->text, w->copy.data + g->rm_so,
                              (size_t)(g->rm_eo - g->rm_so)) ||
            !fwsim__bytes_add(&k->text, "", 1))
            return fwsim__error(m, FWSIM_ENOMEM, "no memory for %s",
                                matched_kind.name);
    }
    for (int i = 0; i < GROUPS; i++)
        out->group[i] = w->groups[i].rm_so < 0
                            ? NULL
                            : (const char *)k->text.data + at[i];
    return 0;
}

static int compile(fwsim_machine *m, regex_t *regex, const char *pattern)
{
    char why[120];
    int code = regcomp(regex, pattern, REG_EXTENDED);

    if (!code)
        return 0;
    regerror(code, regex, why, sizeof why);
    return fwsim__error(m, code == REG_ESPACE ? FWSIM_ENOMEM : FWSIM_EINVAL,
                        "the pattern \"%s\": %s", pattern, why);
}

int fwsim_uart_expect_regex(fwsim_machine *m, const char *uart,
                            const char *pattern, uint64_t timeout_ns,
                            fwsim_match *match)
{
    regex_t regex;
    wanted w = { .look = look_for_regex,
                 .what = "a line that matches ",
                 .data = (const uint8_t *)pattern,
                 .size = strlen(pattern),
                 .regex = &regex,
                 .wait.timeout_ns = timeout_ns };
    int err = compile(m, &regex, pattern);

    if (err)
        return err;
    err = begin(m, uart, "fwsim_uart_expect_regex", &w);
    if (!err)
        err = wait_for(&w);
    if (err > 0)
        err = disappointed(&w);
    else if (!err && match)
        err = give_groups(m, &w, match);
    regfree(&regex);
    free(w.copy.data);
    return err;
}
