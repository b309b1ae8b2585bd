/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim doctor`: explains an image. What there is to find, the library finds;
 * here it is laid out. */
#include "cli.h"
#include "json.h"

#include <inttypes.h>
#include <string.h>

enum { WIDTH = 79 };

typedef struct request {
    const char *path;
    uint64_t base;
    bool has_base;
    bool json;
} request;

static int read_option(const cli_option *option, const char *value, void *user)
{
    request *r = user;
    const char *wrong;

    if (!option) {
        if (r->path)
            return cli_error(CLI_USAGE, "one image at a time; \"%s\" is the "
                             "second", value);
        r->path = value;
        return CLI_OK;
    }
    if (option->id == DOCTOR_JSON) {
        r->json = true;
        return CLI_OK;
    }
    wrong = cli_parse_uint(value, &r->base);
    if (wrong)
        return cli_error(CLI_USAGE, "--base: \"%s\" %s", value, wrong);
    r->has_base = true;
    return CLI_OK;
}

static bool has_error(const fwsim_diagnosis *d)
{
    for (size_t i = 0; i < d->finding_count; i++) {
        if (d->findings[i].level == FWSIM_LOG_ERROR)
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ */
/* For people                                                           */
/* ------------------------------------------------------------------ */

static void print_core(const fwsim_diagnosis *d)
{
    printf("Core:     %s\n", d->cpu ? d->cpu : "none that is known");
    if (d->cpu_reason)
        cli_print_filled(stdout, 10, WIDTH, d->cpu_reason);
}

static void print_vectors(const fwsim_diagnosis *d)
{
    if (!d->has_vectors) {
        printf("Vectors:  no vector table was found\n");
        return;
    }
    printf("Vectors:  %u at 0x%08" PRIx64 ", %u interrupts with handlers\n"
           "          stack 0x%08" PRIx32 ", reset 0x%08" PRIx32 "\n",
           d->vectors, d->vector_table, d->irqs_used, d->initial_sp,
           d->reset_vector);
    if (d->vector_reason)
        cli_print_filled(stdout, 10, WIDTH, d->vector_reason);
}

static void print_ranges(const char *title, const fwsim_range *ranges,
                         size_t count, const char *after)
{
    for (size_t i = 0; i < count; i++) {
        const fwsim_range *r = &ranges[i];

        printf("%-10s0x%08" PRIx64 " to 0x%08" PRIx64 ", %" PRIu64 " bytes%s\n",
               i ? "" : title, r->addr, r->addr + r->size - 1, r->size, after);
    }
}

static void print_boards(const fwsim_diagnosis *d)
{
    printf("Boards:   ");
    for (size_t i = 0; i < d->board_count; i++)
        printf("%s%s", i ? ", " : "", d->boards[i]->name);
    printf("%s\n", d->board_count ? "" : "none of the library fits");
}

static void print_findings(const fwsim_diagnosis *d)
{
    if (!d->finding_count)
        printf("\nNothing is wrong with it.\n");
    for (size_t i = 0; i < d->finding_count; i++) {
        const fwsim_finding *f = &d->findings[i];

        printf("\n%s:\n", cli_level_name(f->level));
        cli_print_filled(stdout, 2, WIDTH, f->text);
        if (f->remedy) {
            printf("  Remedy:\n");
            cli_print_filled(stdout, 4, WIDTH, f->remedy);
        }
    }
}

static void print_diagnosis(const request *r, const fwsim_image *img,
                            const fwsim_diagnosis *d)
{
    const fwsim_symbol *symbols;

    printf("%s: %s\n\n", r->path, cli_format_name(d->format));
    print_core(d);
    print_vectors(d);
    print_ranges("Loaded:", d->flash, d->flash_count, "");
    print_ranges("RAM:", d->ram, d->ram_count, " at least");
    if (d->has_base)
        printf("Base:     0x%08" PRIx64 ", as the vector table shows\n",
               d->base);
    printf("Symbols:  %zu\n", fwsim_image_symbols(img, &symbols));
    print_boards(d);
    print_findings(d);
    if (d->board_count && !has_error(d)) {
        printf("\nTo run it: fwsim run --board %s %s", d->boards[0]->name,
               r->path);
        if (d->has_base)
            printf("@0x%" PRIx64, d->base);
        putchar('\n');
    }
}

/* ------------------------------------------------------------------ */
/* For programs                                                         */
/* ------------------------------------------------------------------ */

static void json_ranges(json *j, const char *key, const fwsim_range *ranges,
                        size_t count)
{
    json_array(j, key);
    for (size_t i = 0; i < count; i++) {
        json_object(j, NULL);
        json_hex(j, "address", ranges[i].addr);
        json_uint(j, "size", ranges[i].size);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_vectors(json *j, const fwsim_diagnosis *d)
{
    if (!d->has_vectors) {
        json_null(j, "vectors");
        return;
    }
    json_object(j, "vectors");
    json_hex(j, "address", d->vector_table);
    json_string(j, "reason", d->vector_reason);
    json_uint(j, "count", d->vectors);
    json_uint(j, "irqs_used", d->irqs_used);
    json_hex(j, "initial_sp", d->initial_sp);
    json_hex(j, "reset", d->reset_vector);
    json_object_end(j);
}

static void json_findings(json *j, const fwsim_diagnosis *d)
{
    json_array(j, "findings");
    for (size_t i = 0; i < d->finding_count; i++) {
        json_object(j, NULL);
        json_string(j, "level", cli_level_name(d->findings[i].level));
        json_string(j, "text", d->findings[i].text);
        json_string(j, "remedy", d->findings[i].remedy);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_diagnosis(const request *r, const fwsim_image *img,
                           const fwsim_diagnosis *d)
{
    json j = { .out = stdout };
    const fwsim_symbol *symbols;

    json_object(&j, NULL);
    json_string(&j, "image", r->path);
    json_string(&j, "format", cli_format_name(d->format));
    json_string(&j, "arch", cli_arch_name(d->arch));
    json_string(&j, "cpu", d->cpu);
    json_string(&j, "cpu_reason", d->cpu_reason);
    json_vectors(&j, d);
    if (d->has_base)
        json_hex(&j, "base", d->base);
    json_ranges(&j, "loaded", d->flash, d->flash_count);
    json_ranges(&j, "ram", d->ram, d->ram_count);
    json_uint(&j, "symbols", fwsim_image_symbols(img, &symbols));
    json_array(&j, "boards");
    for (size_t i = 0; i < d->board_count; i++)
        json_string(&j, NULL, d->boards[i]->name);
    json_array_end(&j);
    json_findings(&j, d);
    json_object_end(&j);
    json_end(&j);
}

/* ------------------------------------------------------------------ */
/* The command                                                          */
/* ------------------------------------------------------------------ */

static int explain(const request *r, const fwsim_image *img)
{
    fwsim_diagnosis *d = NULL;
    int code = CLI_OK;

    if (fwsim_diagnose(&d, img) != 0)
        return cli_error(CLI_INTERNAL, "out of memory");
    if (r->json)
        json_diagnosis(r, img, d);
    else
        print_diagnosis(r, img, d);
    if (has_error(d))
        code = CLI_INPUT;
    fwsim_diagnosis_free(d);
    return code;
}

int doctor_main(int argc, char **argv)
{
    request r = { 0 };
    cli_last_error error = { 0 };
    fwsim_image_options how;
    fwsim_image *img;
    bool done;
    int code = cli_parse(cli_command_find("doctor"), argc, argv, read_option,
                         &r, &done);

    if (code != CLI_OK || done)
        return code;
    if (!r.path)
        return cli_error(CLI_USAGE, "which image?");
    how = (fwsim_image_options){ .base = r.base, .has_base = r.has_base,
                                 .log = cli_keep_error, .log_user = &error };
    code = fwsim_image_open(&img, r.path, &how);
    if (code)
        return cli_error(code == FWSIM_ENOMEM ? CLI_INTERNAL : CLI_INPUT, "%s",
                         *error.text ? error.text : fwsim_strerror(code));
    code = explain(&r, img);
    fwsim_image_free(img);
    return code;
}
