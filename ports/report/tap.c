/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TAP, version 14. What a test point has to say besides is a block of YAML,
 * whose strings are strings of JSON.
 */
#include "text.h"

#include <inttypes.h>
#include <string.h>

/** Text of the line itself: no control characters, # and \ escaped. */
static void put_plain(const char *text, FILE *out)
{
    size_t size = strlen(text);

    for (size_t i = 0; i < size;) {
        uint32_t code;

        i += fwsim__text_next(text + i, size - i, &code);
        if (code == '#' || code == '\\')
            fputc('\\', out);
        fwsim__text_put(code < 0x20 || code == 0x7f ? ' ' : code, out);
    }
}

static void put_string(const char *key, const char *text, FILE *out)
{
    if (!text)
        return;
    fprintf(out, "  %s: ", key);
    fwsim__text_json(text, strlen(text), out);
    fputc('\n', out);
}

static void put_properties(const fwsim__result *r, FILE *out)
{
    if (!r->property_count)
        return;
    fputs("  properties:\n", out);
    for (size_t i = 0; i < r->property_count; i++) {
        const fwsim__property *p = &r->properties[i];
        const char *name = p->name ? p->name : "";
        const char *value = p->value ? p->value : "";

        fputs("    ", out);
        fwsim__text_json(name, strlen(name), out);
        fputs(": ", out);
        fwsim__text_json(value, strlen(value), out);
        fputc('\n', out);
    }
}

void fwsim__report_tap_point(const fwsim__result *r, size_t number, FILE *out)
{
    int broken = r->status == FWSIM__FAILED || r->status == FWSIM__ERROR;
    size_t output = fwsim__output_size(r);

    fprintf(out, "%s %zu - ", broken ? "not ok" : "ok", number);
    if (r->suite) {
        put_plain(r->suite, out);
        fputc('.', out);
    }
    put_plain(r->name ? r->name : "", out);
    if (r->status == FWSIM__SKIPPED) {
        fputs(" # SKIP ", out);
        put_plain(r->message ? r->message : "", out);
    }
    fprintf(out, "\n  ---\n  duration_ms: %" PRIu64 ".%06u\n",
            r->time_ns / 1000000, (unsigned)(r->time_ns % 1000000));
    if (broken) {
        fprintf(out, "  severity: %s\n",
                r->status == FWSIM__FAILED ? "fail" : "error");
        put_string("message", r->message, out);
    }
    put_string("file", r->file, out);
    if (r->line)
        fprintf(out, "  line: %u\n", r->line);
    put_properties(r, out);
    if (output) {
        fputs("  output: ", out);
        fwsim__text_json(r->output, output, out);
        fputc('\n', out);
    }
    fputs("  ...\n", out);
}

void fwsim__tap_print(const fwsim__results *results, FILE *out)
{
    fprintf(out, "TAP version 14\n1..%zu\n", results->count);
    for (size_t i = 0; i < results->count; i++)
        fwsim__report_tap_point(&results->item[i], i + 1, out);
}
