/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenario files: the JSON schema, from the grammar. Editors complete and check
 * files with it; what only a machine can tell (names, symbols) is not in it.
 */
#include "json.h"
#include "scenario.h"

static void any_of(json *j)
{
    json_array(j, "anyOf");
}

static void pattern(json *j, const char *key, const char *regex)
{
    json_object(j, key);
    json_string(j, "type", "string");
    json_string(j, "pattern", regex);
    json_object_end(j);
}

static void whole(json *j, bool negative)
{
    json_object(j, NULL);
    json_string(j, "type", "integer");
    if (!negative)
        json_uint(j, "minimum", 0);
    json_object_end(j);
}

/* YAML makes numbers and booleans of text without quotes. */
static void scalar_type(json *j, bool may_be_empty)
{
    json_array(j, "type");
    json_string(j, NULL, "string");
    json_string(j, NULL, "number");
    json_string(j, NULL, "boolean");
    json_array_end(j);
    if (!may_be_empty)
        json_uint(j, "minLength", 1);
}

/* A number as YAML has it, or as a text. */
static void number(json *j, bool negative, const char *regex)
{
    any_of(j);
    whole(j, negative);
    pattern(j, NULL, regex);
    json_array_end(j);
}

static void address(json *j)
{
    any_of(j);
    whole(j, false);
    pattern(j, NULL, "^(0x[0-9A-Fa-f]+|[0-9]+|[^0-9+]"
                     "[^+]*(\\+(0x[0-9A-Fa-f]+|[0-9]+))?)$");
    json_array_end(j);
}

static void list_of(json *j, void (*item)(json *j))
{
    json_object(j, NULL);
    json_string(j, "type", "array");
    json_object(j, "items");
    item(j);
    json_object_end(j);
    json_object_end(j);
}

static void byte(json *j)
{
    json_string(j, "type", "integer");
    json_uint(j, "minimum", 0);
    json_uint(j, "maximum", 255);
}

static void range(json *j)
{
    json_string(j, "type", "string");
    json_string(j, "pattern", "^(0x[0-9A-Fa-f]+|[0-9]+)\\+"
                              "(0x[0-9A-Fa-f]+|[0-9]+)[kM]?$");
}

static void one_or_list(json *j, void (*item)(json *j))
{
    any_of(j);
    json_object(j, NULL);
    item(j);
    json_object_end(j);
    list_of(j, item);
    json_array_end(j);
}

static void bytes(json *j)
{
    any_of(j);
    pattern(j, NULL, "^ *([0-9A-Fa-f]{2} *)+$");
    list_of(j, byte);
    json_array_end(j);
}

static void words(json *j, const char *const *list)
{
    json_array(j, "enum");
    for (; *list; list++)
        json_string(j, NULL, *list);
    json_array_end(j);
}

static void value(json *j, const scenario_key *key);

/* ------------------------------------------------------------------ */
/* Maps                                                                 */
/* ------------------------------------------------------------------ */

static void needed(json *j, const scenario_key *keys, scenario_need need,
                   const char *how)
{
    bool any = false;

    for (const scenario_key *k = keys; k->name; k++)
        any |= k->need == need;
    if (!any)
        return;
    json_array(j, how);
    for (const scenario_key *k = keys; k->name; k++) {
        if (k->need != need)
            continue;
        if (need == SCENARIO_REQUIRED) {
            json_string(j, NULL, k->name);
            continue;
        }
        json_object(j, NULL);
        json_array(j, "required");
        json_string(j, NULL, k->name);
        json_array_end(j);
        json_object_end(j);
    }
    json_array_end(j);
}

static void members(json *j, const scenario_key *keys)
{
    json_string(j, "type", "object");
    json_object(j, "properties");
    for (const scenario_key *k = keys; k->name; k++) {
        json_object(j, k->name);
        json_string(j, "description", k->text);
        value(j, k);
        if (k->fallback)
            json_string(j, "default", k->fallback);
        json_object_end(j);
    }
    json_object_end(j);
    json_bool(j, "additionalProperties", false);
    needed(j, keys, SCENARIO_REQUIRED, "required");
    needed(j, keys, SCENARIO_ONE, "oneOf");
    needed(j, keys, SCENARIO_SOME, "anyOf");
}

static void argument(json *j)
{
    any_of(j);
    json_object(j, NULL);
    json_string(j, "type", "number");
    json_object_end(j);
    pattern(j, NULL, "^[^-]|^-[0-9]");
    json_object(j, NULL);
    members(j, scenario_argument_keys);
    json_object_end(j);
    json_array_end(j);
}

static bool may_be_empty(const scenario_key *keys)
{
    for (; keys->name; keys++) {
        if (keys->need != SCENARIO_OPTIONAL)
            return false;
    }
    return true;
}

/* A map, the value of its main key, or nothing; as a member of anyOf. */
static void map_forms(json *j, const scenario_key *keys)
{
    json_object(j, NULL);
    members(j, keys);
    json_object_end(j);
    for (const scenario_key *k = keys; k->name; k++) {
        if (!k->main)
            continue;
        json_object(j, NULL);
        value(j, k);
        json_object_end(j);
    }
    if (may_be_empty(keys)) {
        json_object(j, NULL);
        json_string(j, "type", "null");
        json_object_end(j);
    }
}

static void table(json *j, const scenario_key *keys)
{
    any_of(j);
    map_forms(j, keys);
    json_object(j, NULL);
    json_string(j, "type", "array");
    json_uint(j, "minItems", 1);
    json_object(j, "items");
    any_of(j);
    map_forms(j, keys);
    json_array_end(j);
    json_object_end(j);
    json_object_end(j);
    json_array_end(j);
}

static void steps(json *j)
{
    json_string(j, "type", "array");
    json_object(j, "items");
    json_string(j, "$ref", "#/$defs/step");
    json_object_end(j);
}

static void value(json *j, const scenario_key *key)
{
    switch (key->type) {
    case SCENARIO_TEXT:
    case SCENARIO_VARIANT:
        scalar_type(j, true);
        break;
    case SCENARIO_NAME:
    case SCENARIO_FILE:
        scalar_type(j, false);
        break;
    case SCENARIO_BYTES:
        bytes(j);
        break;
    case SCENARIO_TIME:
        json_string(j, "type", "string");
        json_string(j, "pattern", "^[0-9]+(\\.[0-9]+)? ?(ns|us|ms|s)$");
        break;
    case SCENARIO_COUNT:
        number(j, false, "^[0-9]+(\\.[0-9]+)?[kMG]?$");
        break;
    case SCENARIO_NUMBER:
        number(j, false, "^(0x[0-9A-Fa-f]+|[0-9]+)$");
        break;
    case SCENARIO_INTEGER:
        number(j, true, "^-?(0x[0-9A-Fa-f]+|[0-9]+)$");
        break;
    case SCENARIO_FRACTION:
        json_string(j, "type", "number");
        break;
    case SCENARIO_BOOL:
        json_string(j, "type", "boolean");
        break;
    case SCENARIO_WORD:
        words(j, key->words);
        break;
    case SCENARIO_ADDRESS:
        address(j);
        break;
    case SCENARIO_ARGS:
        json_string(j, "type", "array");
        json_object(j, "items");
        argument(j);
        json_object_end(j);
        break;
    case SCENARIO_RANGES:
        one_or_list(j, range);
        break;
    case SCENARIO_KEYS:
        any_of(j);
        map_forms(j, key->keys);
        json_array_end(j);
        break;
    case SCENARIO_TABLE:
        table(j, key->keys);
        break;
    default: /* SCENARIO_STEPS */
        steps(j);
    }
}

/* A verb with what it takes. */
static void step_map(json *j)
{
    json_object(j, NULL);
    json_string(j, "type", "object");
    json_uint(j, "minProperties", 1);
    json_uint(j, "maxProperties", 1);
    json_bool(j, "additionalProperties", false);
    json_object(j, "properties");
    for (const scenario_verb *v = scenario_verbs; v->name; v++) {
        json_object(j, v->name);
        json_string(j, "description", v->text);
        any_of(j);
        map_forms(j, v->keys);
        json_array_end(j);
        json_object_end(j);
    }
    json_object_end(j);
    json_object_end(j);
}

/* A verb alone. */
static void step_word(json *j)
{
    json_object(j, NULL);
    json_array(j, "enum");
    for (const scenario_verb *v = scenario_verbs; v->name; v++) {
        if (may_be_empty(v->keys))
            json_string(j, NULL, v->name);
    }
    json_array_end(j);
    json_object_end(j);
}

static void step(json *j)
{
    json_object(j, "step");
    any_of(j);
    step_map(j);
    step_word(j);
    json_array_end(j);
    json_object_end(j);
}

void scenario_schema(FILE *out)
{
    json j = { .out = out };

    json_object(&j, NULL);
    json_string(&j, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_string(&j, "title", "fwsim scenario");
    json_string(&j, "description",
                "Tests of firmware for \"fwsim test\", see docs/scenario.md.");
    members(&j, scenario_grammar);
    json_object(&j, "$defs");
    step(&j);
    json_object_end(&j);
    json_object_end(&j);
    json_end(&j);
}
