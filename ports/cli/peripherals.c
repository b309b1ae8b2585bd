/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim peripherals`: the models of the library, and what one covers. */
#include "fwsim_periph.h"
#include "list.h"

#include <inttypes.h>
#include <string.h>

static const char *type_name(const void *unused, size_t index)
{
    (void)unused;
    return fwsim_periph_types[index] ? fwsim_periph_types[index]->name : NULL;
}

static const fwsim_periph_type *find_type(const char *name)
{
    char hint[128];

    for (const fwsim_periph_type *const *t = fwsim_periph_types; *t; t++) {
        if (!strcmp((*t)->name, name))
            return *t;
    }
    cli_hint(name, type_name, NULL, hint, sizeof(hint));
    cli_message("no peripheral \"%s\"%s%s", name, hint,
                hint[0] ? "" : "; \"fwsim peripherals\" lists them");
    return NULL;
}

/* Bits that a write can change, and what software can do to a register. */
static uint32_t writable(const fwsim_reg *r)
{
    return r->rw | r->w1c | r->w0c | r->wo;
}

static const char *access_name(const fwsim_reg *r)
{
    static const char *const aliases[] = { "", "set", "clear", "toggle" };

    if (r->alias != FWSIM_ALIAS_NONE)
        return aliases[r->alias];
    if (r->wo && !(r->rw | r->w1c | r->w0c))
        return "w";
    return writable(r) ? "rw" : "r";
}

static unsigned width_of(const fwsim_reg *r)
{
    return r->width ? r->width : 4;
}

static unsigned count_of(const fwsim_reg *r)
{
    return r->count ? r->count : 1;
}

/* ------------------------------------------------------------------ */
/* For people                                                           */
/* ------------------------------------------------------------------ */

static const char *register_name(const void *regs, size_t index)
{
    return ((const fwsim_reg *)regs)[index].name;
}

static void print_registers(const fwsim_reg *regs)
{
    int width;

    if (!regs || !regs->name)
        return;
    width = list_width(register_name, regs) + 6;
    printf("\nRegisters:\n  offset  %-*s  reset       access  writable\n",
           width, "name");
    for (const fwsim_reg *r = regs; r->name; r++) {
        char name[64];

        if (r->count > 1)
            snprintf(name, sizeof(name), "%s[%u]", r->name, r->count);
        else
            snprintf(name, sizeof(name), "%s", r->name);
        printf("  0x%03" PRIx32 "   %-*s  0x%08" PRIx32 "  %-6s  0x%08" PRIx32,
               r->offset, width, name, r->reset, access_name(r), writable(r));
        if (r->unimpl)
            printf("  without effect: 0x%08" PRIx32, r->unimpl);
        putchar('\n');
    }
}

static void print_quantities(const char *title, const fwsim_quantity *q,
                             bool input)
{
    if (!q || !q->name)
        return;
    printf("\n%s:\n", title);
    for (; q->name; q++) {
        printf("  %s", q->name);
        if (q->unit && *q->unit)
            printf(", in %s", q->unit);
        if (input)
            printf(", %" PRId32 " to %" PRId32 ", at first %" PRId32, q->min,
                   q->max, q->initial);
        putchar('\n');
    }
}

static void print_names(const char *title, const char *const *names)
{
    if (!names || !*names)
        return;
    printf("\n%s:\n", title);
    for (; *names; names++)
        cli_print_filled(stdout, 2, 79, *names);
}

static void print_type(const fwsim_periph_type *t)
{
    printf("%s: %s\n", t->name, t->summary);
    if (t->source)
        printf("Follows: %s\n", t->source);
    if (t->irqs)
        printf("Interrupt outputs: %u\n", t->irqs);
    print_names("Not modelled", t->gaps);
    print_names("Pins", t->pins);
    print_names("Parameters of a slot", t->params);
    print_quantities("Inputs", t->inputs, true);
    print_quantities("Outputs", t->outputs, false);
    print_registers(t->regs);
}

static void print_types(void)
{
    int width = list_width(type_name, NULL);

    for (const fwsim_periph_type *const *t = fwsim_periph_types; *t; t++)
        printf("%-*s  %s\n", width, (*t)->name,
               (*t)->summary ? (*t)->summary : "");
}

/* ------------------------------------------------------------------ */
/* For programs                                                         */
/* ------------------------------------------------------------------ */

static void json_registers(json *j, const fwsim_reg *r)
{
    json_array(j, "registers");
    for (; r && r->name; r++) {
        json_object(j, NULL);
        json_string(j, "name", r->name);
        json_uint(j, "offset", r->offset);
        json_uint(j, "count", count_of(r));
        json_uint(j, "stride", r->stride ? r->stride : width_of(r));
        json_uint(j, "width", width_of(r));
        json_hex(j, "reset", r->reset);
        json_string(j, "access", access_name(r));
        json_hex(j, "writable", writable(r));
        json_hex(j, "without_effect", r->unimpl);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_quantities(json *j, const char *key, const fwsim_quantity *q,
                            bool input)
{
    json_array(j, key);
    for (; q && q->name; q++) {
        json_object(j, NULL);
        json_string(j, "name", q->name);
        json_string(j, "unit", q->unit);
        if (input) {
            json_int(j, "initial", q->initial);
            json_int(j, "min", q->min);
            json_int(j, "max", q->max);
        }
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_type(json *j, const fwsim_periph_type *t)
{
    json_object(j, NULL);
    json_string(j, "name", t->name);
    json_string(j, "summary", t->summary);
    json_string(j, "source", t->source);
    json_uint(j, "size", t->size);
    json_uint(j, "irqs", t->irqs);
    json_bool(j, "uart", t->uart);
    list_json_strings(j, "gaps", t->gaps);
    list_json_strings(j, "pins", t->pins);
    list_json_strings(j, "params", t->params);
    json_quantities(j, "inputs", t->inputs, true);
    json_quantities(j, "outputs", t->outputs, false);
    json_registers(j, t->regs);
    json_object_end(j);
}

static void json_types(json *j)
{
    json_array(j, NULL);
    for (const fwsim_periph_type *const *t = fwsim_periph_types; *t; t++)
        json_type(j, *t);
    json_array_end(j);
}

int peripherals_main(int argc, char **argv)
{
    json j = { .out = stdout };
    const fwsim_periph_type *type = NULL;
    list_request r;
    bool done;
    int code = list_read(&r, "peripherals", argc, argv, &done);

    if (code != CLI_OK || done)
        return code;
    if (r.name && !(type = find_type(r.name)))
        return CLI_USAGE;
    if (!r.json) {
        if (type)
            print_type(type);
        else
            print_types();
        return CLI_OK;
    }
    if (type)
        json_type(&j, type);
    else
        json_types(&j);
    json_end(&j);
    return CLI_OK;
}
