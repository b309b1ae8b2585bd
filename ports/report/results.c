/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of results: owns copies of all that is added. */
#include "text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fwsim.h"

const char *fwsim__status_name(fwsim__status status)
{
    switch (status) {
    case FWSIM__PASSED:
        return "passed";
    case FWSIM__FAILED:
        return "failed";
    case FWSIM__SKIPPED:
        return "skipped";
    case FWSIM__ERROR:
        break;
    }
    return "error";
}

/** A copy with a zero byte behind it. */
static char *copy_bytes(const char *bytes, size_t size)
{
    char *copy = malloc(size + 1);

    if (copy) {
        memcpy(copy, bytes, size);
        copy[size] = '\0';
    }
    return copy;
}

/** Replace a string by a copy of it, or by NULL without memory. */
static void own(const char **text, bool *ok)
{
    if (!*text)
        return;
    *text = copy_bytes(*text, strlen(*text));
    *ok = *ok && *text;
}

static void free_result(fwsim__result *r)
{
    for (size_t i = 0; i < r->property_count; i++) {
        free((char *)r->properties[i].name);
        free((char *)r->properties[i].value);
    }
    free((fwsim__property *)r->properties);
    free((char *)r->suite);
    free((char *)r->name);
    free((char *)r->file);
    free((char *)r->message);
    free((char *)r->output);
}

static void own_properties(fwsim__result *r, bool *ok)
{
    const fwsim__property *from = r->properties;
    size_t count = r->property_count;
    fwsim__property *list;

    r->properties = NULL;
    r->property_count = 0;
    if (!count)
        return;
    list = calloc(count, sizeof *list);
    if (!list) {
        *ok = false;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = from[i];
        own(&list[i].name, ok);
        own(&list[i].value, ok);
    }
    r->properties = list;
    r->property_count = count;
}

static void own_output(fwsim__result *r, bool *ok)
{
    r->output_size = fwsim__output_size(r);
    if (!r->output)
        return;
    r->output = copy_bytes(r->output, r->output_size);
    *ok = *ok && r->output;
}

static bool make_room(fwsim__results *results)
{
    size_t room = results->room ? 2 * results->room : 16;
    fwsim__result *item;

    if (results->count < results->room)
        return true;
    item = realloc(results->item, room * sizeof *item);
    if (!item)
        return false;
    results->item = item;
    results->room = room;
    return true;
}

int fwsim__results_add(fwsim__results *results, const fwsim__result *result)
{
    fwsim__result r = *result;
    bool ok = make_room(results);

    /* Every string is tried, so that each is ours or NULL afterwards. */
    own(&r.suite, &ok);
    own(&r.name, &ok);
    own(&r.file, &ok);
    own(&r.message, &ok);
    own_output(&r, &ok);
    own_properties(&r, &ok);
    if (!ok) {
        free_result(&r);
        return FWSIM_ENOMEM;
    }
    results->item[results->count++] = r;
    return 0;
}

size_t fwsim__results_count(const fwsim__results *results, fwsim__status status)
{
    size_t count = 0;

    for (size_t i = 0; i < results->count; i++)
        count += results->item[i].status == status;
    return count;
}

void fwsim__results_clear(fwsim__results *results)
{
    for (size_t i = 0; i < results->count; i++)
        free_result(&results->item[i]);
    free(results->item);
    *results = (fwsim__results){ 0 };
}
