/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JUnit XML, as the schema of Jenkins (junit-10.xsd) has it. That knows
 * properties of a suite only, so those of a test carry its name.
 */
#include "text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/** A character that XML 1.0 can hold, for any. */
static uint32_t xml_character(uint32_t code)
{
    if (code == 0x7f)
        return 0x2421;
    if (code < 0x20 && code != '\t' && code != '\n' && code != '\r')
        return 0x2400 + code;
    if (code == 0xfffe || code == 0xffff)
        return FWSIM__NO_CHARACTER;
    return code;
}

static void put_escaped(const char *text, FILE *out)
{
    size_t size = strlen(text);

    for (size_t i = 0; i < size;) {
        uint32_t code;

        i += fwsim__text_next(text + i, size - i, &code);
        code = xml_character(code);
        switch (code) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\t':
        case '\n':
        case '\r':
            fprintf(out, "&#%" PRIu32 ";", code);
            break;
        default:
            fwsim__text_put(code, out);
        }
    }
}

static void put_attribute(const char *name, const char *value, FILE *out)
{
    fprintf(out, " %s=\"", name);
    put_escaped(value, out);
    fputc('"', out);
}

static void put_cdata(const char *text, size_t size, FILE *out)
{
    fputs("<![CDATA[", out);
    for (size_t i = 0; i < size;) {
        uint32_t code;

        if (size - i >= 3 && !memcmp(text + i, "]]>", 3)) {
            fputs("]]]]><![CDATA[>", out);
            i += 3;
            continue;
        }
        i += fwsim__text_next(text + i, size - i, &code);
        fwsim__text_put(xml_character(code), out);
    }
    fputs("]]>", out);
}

static void put_time(uint64_t time_ns, FILE *out)
{
    uint64_t us = time_ns / 1000 + (time_ns % 1000 >= 500);

    fprintf(out, " time=\"%" PRIu64 ".%06u\"", us / 1000000,
            (unsigned)(us % 1000000));
}

/** The first line of a message is its attribute, all of it the content. */
static void put_outcome(const char *element, const fwsim__result *r, FILE *out)
{
    const char *message = or_empty(r->message);
    size_t first = strcspn(message, "\n");
    char line[512];

    if (first >= sizeof line)
        first = sizeof line - 1;
    /* Not in the middle of a character. */
    while (first && ((uint8_t)message[first] & 0xc0) == 0x80)
        first--;
    memcpy(line, message, first);
    line[first] = '\0';
    fprintf(out, "      <%s", element);
    put_attribute("message", line, out);
    fputc('>', out);
    if (message[first])
        put_cdata(message, strlen(message), out);
    fprintf(out, "</%s>\n", element);
}

static void put_test(const fwsim__result *r, FILE *out)
{
    size_t output = fwsim__output_size(r);

    fputs("    <testcase", out);
    put_attribute("name", or_empty(r->name), out);
    put_attribute("classname", or_empty(r->suite), out);
    put_time(r->time_ns, out);
    if (r->file)
        put_attribute("file", r->file, out);
    if (r->line)
        fprintf(out, " line=\"%u\"", r->line);
    if (r->status == FWSIM__PASSED && !output) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n", out);
    if (r->status == FWSIM__FAILED)
        put_outcome("failure", r, out);
    else if (r->status == FWSIM__ERROR)
        put_outcome("error", r, out);
    else if (r->status == FWSIM__SKIPPED)
        put_outcome("skipped", r, out);
    if (output) {
        fputs("      <system-out>", out);
        put_cdata(r->output, output, out);
        fputs("</system-out>\n", out);
    }
    fputs("    </testcase>\n", out);
}

typedef struct totals {
    size_t tests, failures, errors, skipped;
    uint64_t time_ns;
} totals;

static bool same_suite(const fwsim__result *a, const fwsim__result *b)
{
    return !strcmp(or_empty(a->suite), or_empty(b->suite));
}

/** Totals of the suite of a result; of all for NULL. */
static totals sum(const fwsim__results *results, const fwsim__result *of)
{
    totals t = { 0 };

    for (size_t i = 0; i < results->count; i++) {
        const fwsim__result *r = &results->item[i];

        if (of && !same_suite(of, r))
            continue;
        t.tests++;
        t.failures += r->status == FWSIM__FAILED;
        t.errors += r->status == FWSIM__ERROR;
        t.skipped += r->status == FWSIM__SKIPPED;
        t.time_ns += r->time_ns;
    }
    return t;
}

static void put_totals(const totals *t, FILE *out)
{
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", t->tests,
            t->failures, t->errors);
    put_time(t->time_ns, out);
}

static void put_properties(const fwsim__results *results,
                           const fwsim__result *of, FILE *out)
{
    bool any = false;

    for (size_t i = 0; i < results->count; i++) {
        const fwsim__result *r = &results->item[i];

        if (!same_suite(of, r))
            continue;
        for (size_t p = 0; p < r->property_count; p++) {
            if (!any)
                fputs("    <properties>\n", out);
            any = true;
            fputs("      <property name=\"", out);
            put_escaped(or_empty(r->name), out);
            fputc('.', out);
            put_escaped(or_empty(r->properties[p].name), out);
            fputc('"', out);
            put_attribute("value", or_empty(r->properties[p].value), out);
            fputs("/>\n", out);
        }
    }
    if (any)
        fputs("    </properties>\n", out);
}

static void put_suite(const fwsim__results *results, size_t first, FILE *out)
{
    const fwsim__result *of = &results->item[first];
    totals t = sum(results, of);

    fputs("  <testsuite", out);
    put_attribute("name", or_empty(of->suite), out);
    put_totals(&t, out);
    fprintf(out, " skipped=\"%zu\">\n", t.skipped);
    put_properties(results, of, out);
    for (size_t i = first; i < results->count; i++)
        if (same_suite(of, &results->item[i]))
            put_test(&results->item[i], out);
    fputs("  </testsuite>\n", out);
}

static bool is_new_suite(const fwsim__results *results, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (same_suite(&results->item[i], &results->item[index]))
            return false;
    return true;
}

void fwsim__junit_print(const fwsim__results *results, FILE *out)
{
    totals t = sum(results, NULL);

    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
    put_totals(&t, out);
    fputs(">\n", out);
    for (size_t i = 0; i < results->count; i++)
        if (is_new_suite(results, i))
            put_suite(results, i, out);
    fputs("</testsuites>\n", out);
}
