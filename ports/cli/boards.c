/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim boards`: the boards of the library, and what is on one. */
#include "fwsim_periph.h"
#include "list.h"

#include <inttypes.h>

static const char *kind_name(fwsim_mem_kind kind)
{
    static const char *const names[] = { "ram", "rom", "flash" };

    return names[kind];
}

static const char *policy_name(fwsim_policy policy)
{
    switch (policy) {
    case FWSIM_POLICY_IGNORE:
        return "ignore";
    case FWSIM_POLICY_FAIL:
        return "fail";
    default:
        return "warn";
    }
}

static const char *cpu_name(const fwsim_soc *soc)
{
    return soc->cpu ? soc->cpu : "no core";
}

/* ------------------------------------------------------------------ */
/* For people                                                           */
/* ------------------------------------------------------------------ */

static void print_memories(const fwsim_memory *mem)
{
    printf("\nMemories:\n");
    for (; mem && mem->size; mem++) {
        printf("  0x%08" PRIx64 "  %8" PRIu64 " KiB  %-6s %s", mem->base,
               mem->size / 1024, kind_name(mem->kind), mem->name);
        if (mem->alias_of)
            printf(" (the same as %s)", mem->alias_of);
        putchar('\n');
    }
}

static void print_regions(const fwsim_region *r)
{
    if (!r || !r->size)
        return;
    printf("\nWhere peripherals live, and what an access to nobody does:\n");
    for (; r->size; r++)
        printf("  0x%08" PRIx64 "  %8" PRIu64 " KiB  %-6s %s\n", r->base,
               r->size / 1024, policy_name(r->policy), r->name);
}

static const char *slot_name(const void *slots, size_t index)
{
    return ((const fwsim_slot *)slots)[index].name;
}

static void print_irqs(const fwsim_slot *s)
{
    const char *before = "  irq ";

    for (unsigned i = 0; i < s->type->irqs; i++) {
        if (s->irq[i] == FWSIM_NO_IRQ)
            continue;
        printf("%s%d", before, s->irq[i]);
        before = ", ";
    }
}

static void print_slots(const char *title, const fwsim_slot *slots)
{
    int width;

    if (!slots || !slots->name)
        return;
    width = list_width(slot_name, slots);
    printf("\n%s:\n", title);
    for (const fwsim_slot *s = slots; s->name; s++) {
        if (s->bus)
            printf("  on %s, 0x%02" PRIx32 "  ", s->bus, s->bus_addr);
        else if (s->type->size)
            printf("  0x%08" PRIx64 "  ", s->base);
        else
            printf("  %10s  ", "");
        printf("%-*s  %s", width, s->name, s->type->name);
        print_irqs(s);
        putchar('\n');
    }
}

static void print_pins(const fwsim_pin_name *pin)
{
    int column = 0;

    if (!pin || !pin->name)
        return;
    printf("\nPins:\n");
    for (; pin->name; pin++) {
        if (column > 60) {
            putchar('\n');
            column = 0;
        }
        column += printf("  %s", pin->name);
    }
    putchar('\n');
}

static void print_board(const fwsim_board *b)
{
    const fwsim_soc *soc = b->soc;

    printf("%s: %s\n\n", b->name, b->summary);
    printf("Chip:     %s, %s\n", soc->name, soc->summary);
    printf("Core:     %s at %" PRIu32 " Hz, %u interrupts\n", cpu_name(soc),
           soc->clock_hz, soc->irq_lines);
    printf("Console:  %s\n", b->console ? b->console : "none");
    print_memories(soc->memory);
    print_regions(soc->regions);
    print_slots("Peripherals", soc->periph);
    print_slots("On the board", b->parts);
    print_pins(b->pins);
}

static void print_boards(void)
{
    int width = list_width(cli_board_name, NULL);

    for (const fwsim_board *const *b = fwsim_boards; *b; b++)
        printf("%-*s  %s (%s, %s)\n", width, (*b)->name, (*b)->summary,
               (*b)->soc->name, cpu_name((*b)->soc));
}

/* ------------------------------------------------------------------ */
/* For programs                                                         */
/* ------------------------------------------------------------------ */

static void json_memories(json *j, const fwsim_memory *mem)
{
    json_array(j, "memories");
    for (; mem && mem->size; mem++) {
        json_object(j, NULL);
        json_string(j, "name", mem->name);
        json_string(j, "kind", kind_name(mem->kind));
        json_hex(j, "base", mem->base);
        json_uint(j, "size", mem->size);
        json_string(j, "alias_of", mem->alias_of);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_regions(json *j, const fwsim_region *r)
{
    json_array(j, "regions");
    for (; r && r->size; r++) {
        json_object(j, NULL);
        json_string(j, "name", r->name);
        json_hex(j, "base", r->base);
        json_uint(j, "size", r->size);
        json_string(j, "policy", policy_name(r->policy));
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_slots(json *j, const char *key, const fwsim_slot *s)
{
    json_array(j, key);
    for (; s && s->name; s++) {
        json_object(j, NULL);
        json_string(j, "name", s->name);
        json_string(j, "type", s->type->name);
        if (s->bus) {
            json_string(j, "bus", s->bus);
            json_uint(j, "bus_address", s->bus_addr);
        } else if (s->type->size) {
            json_hex(j, "base", s->base);
        }
        json_array(j, "irq");
        for (unsigned i = 0; i < s->type->irqs; i++) {
            if (s->irq[i] == FWSIM_NO_IRQ)
                json_null(j, NULL);
            else
                json_int(j, NULL, s->irq[i]);
        }
        json_array_end(j);
        json_object_end(j);
    }
    json_array_end(j);
}

static void json_pins(json *j, const fwsim_pin_name *pin)
{
    json_object(j, "pins");
    for (; pin && pin->name; pin++)
        json_uint(j, pin->name, pin->pin);
    json_object_end(j);
}

static void json_board(json *j, const fwsim_board *b)
{
    json_object(j, NULL);
    json_string(j, "name", b->name);
    json_string(j, "summary", b->summary);
    json_string(j, "soc", b->soc->name);
    json_string(j, "cpu", b->soc->cpu);
    json_uint(j, "clock_hz", b->soc->clock_hz);
    json_uint(j, "irq_lines", b->soc->irq_lines);
    json_hex(j, "boot_address", b->soc->boot_addr);
    json_string(j, "console", b->console);
    json_memories(j, b->soc->memory);
    json_regions(j, b->soc->regions);
    json_slots(j, "peripherals", b->soc->periph);
    json_slots(j, "parts", b->parts);
    json_pins(j, b->pins);
    json_object_end(j);
}

static void json_boards(json *j)
{
    json_array(j, NULL);
    for (const fwsim_board *const *b = fwsim_boards; *b; b++)
        json_board(j, *b);
    json_array_end(j);
}

int boards_main(int argc, char **argv)
{
    json j = { .out = stdout };
    const fwsim_board *board = NULL;
    list_request r;
    bool done;
    int code = list_read(&r, "boards", argc, argv, &done);

    if (code != CLI_OK || done)
        return code;
    if (r.name && !(board = cli_board(r.name)))
        return CLI_USAGE;
    if (!r.json) {
        if (board)
            print_board(board);
        else
            print_boards();
        return CLI_OK;
    }
    if (board)
        json_board(&j, board);
    else
        json_boards(&j);
    json_end(&j);
    return CLI_OK;
}
