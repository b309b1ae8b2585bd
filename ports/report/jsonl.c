/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON lines: an object for each result; what is unknown is left out. */
#include "text.h"

#include <inttypes.h>
#include <string.h>

static void put_key(const char *key, FILE *out)
{
    fputc(',', out);
    fwsim__text_json(key, strlen(key), out);
    fputc(':', out);
}

static void put_string(const char *key, const char *text, FILE *out)
{
    if (!text)
        return;
    put_key(key, out);
    fwsim__text_json(text, strlen(text), out);
}

static void put_properties(const fwsim__result *r, FILE *out)
{
    if (!r->property_count)
        return;
    put_key("properties", out);
    for (size_t i = 0; i < r->property_count; i++) {
        const fwsim__property *p = &r->properties[i];
        const char *name = p->name ? p->name : "";
        const char *value = p->value ? p->value : "";

        fputc(i ? ',' : '{', out);
        fwsim__text_json(name, strlen(name), out);
        fputc(':', out);
        fwsim__text_json(value, strlen(value), out);
    }
    fputc('}', out);
}

void fwsim__report_json_line(const fwsim__result *r, FILE *out)
{
    size_t output = fwsim__output_size(r);

    fprintf(out, "{\"status\":\"%s\"", fwsim__status_name(r->status));
    put_string("suite", r->suite, out);
    put_string("name", r->name, out);
    put_string("file", r->file, out);
    if (r->line) {
        put_key("line", out);
        fprintf(out, "%u", r->line);
    }
    put_key("time_ns", out);
    fprintf(out, "%" PRIu64, r->time_ns);
    put_string("message", r->message, out);
    if (output) {
        put_key("output", out);
        fwsim__text_json(r->output, output, out);
    }
    put_properties(r, out);
    fputs("}\n", out);
}

void fwsim__json_print(const fwsim__results *results, FILE *out)
{
    for (size_t i = 0; i < results->count; i++)
        fwsim__report_json_line(&results->item[i], out);
}
