/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: memory, and registers of the core. */
#include "scenario_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* Memory                                                               */
/* ------------------------------------------------------------------ */

static const struct {
    const char *key;
    unsigned width;
} numbers[] = { { "u8", 1 }, { "u16", 2 }, { "u32", 4 }, { "u64", 8 } };

/* The number of u8 to u64, little-endian. */
static bool number_bytes(scenario_run *r, const char *key, unsigned width,
                         const char *text, step_data *data)
{
    uint64_t value;

    if (!step_address(r, key, text, &value))
        return false;
    if (width < 8 && value >> (8 * width))
        return step_wrong(r, key, "0x%" PRIx64 " does not fit in %u bits",
                          value, 8 * width);
    data->bytes = malloc(width);
    if (!data->bytes)
        return step_wrong(r, NULL, "out of memory");
    for (unsigned i = 0; i < width; i++)
        ((uint8_t *)data->bytes)[i] = (uint8_t)(value >> (8 * i));
    data->size = width;
    return true;
}

/* What the step says of the memory. */
static bool content(scenario_run *r, const scenario_node *step,
                    step_data *data)
{
    *data = (step_data){ 0 };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        const char *text = scenario_text(step, numbers[i].key);

        if (text)
            return number_bytes(r, numbers[i].key, numbers[i].width, text,
                                data);
    }
    return step_bytes(r, step, data);
}

bool memory_check(scenario_run *r, const scenario_node *step)
{
    uint64_t addr;
    step_data data;
    bool ok = step_address(r, "at", scenario_text(step, "at"), &addr) &&
              content(r, step, &data);

    if (ok)
        free(data.bytes);
    return ok;
}

static char *in_hex(const uint8_t *bytes, size_t size, char *buf, size_t room)
{
    enum { SHOWN = 16 };
    size_t n = 0;

    buf[0] = '\0';
    for (size_t i = 0; i < size && i < SHOWN && n < room; i++)
        n += (size_t)snprintf(buf + n, room - n, "%s%02x", i ? " " : "",
                              bytes[i]);
    if (size > SHOWN && n < room)
        snprintf(buf + n, room - n, " ...");
    return buf;
}

static bool compare(scenario_run *r, const char *at, const step_data *data,
                    const uint8_t *found)
{
    const uint8_t *wanted = data->bytes;
    size_t first = 0;
    char want[64], got[64];

    while (first < data->size && wanted[first] == found[first])
        first++;
    if (first == data->size)
        return true;
    return step_failed(r, "memory at %s is another than expected, from byte "
                       "%zu on\n  expected %s\n  found    %s", at, first,
                       in_hex(wanted + first, data->size - first, want,
                              sizeof(want)),
                       in_hex(found + first, data->size - first, got,
                              sizeof(got)));
}

bool expect_memory_run(scenario_run *r, const scenario_node *step)
{
    const char *at = scenario_text(step, "at");
    uint64_t addr;
    step_data data;
    uint8_t *found;
    bool ok;

    if (!step_address(r, "at", at, &addr) || !content(r, step, &data))
        return false;
    found = malloc(data.size + 1);
    ok = found ? step_ok(r, "at", fwsim_mem_read(r->m, addr, found, data.size))
               : step_wrong(r, NULL, "out of memory");
    ok = ok && compare(r, at, &data, found);
    free(found);
    free(data.bytes);
    return ok;
}

bool set_memory_run(scenario_run *r, const scenario_node *step)
{
    uint64_t addr;
    step_data data;
    int err;

    if (!step_address(r, "at", scenario_text(step, "at"), &addr) ||
        !content(r, step, &data))
        return false;
    err = fwsim_mem_write(r->m, addr, data.bytes, data.size);
    free(data.bytes);
    return step_ok(r, "at", err);
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

static const char *register_name(const void *names, size_t index)
{
    return ((const char *const *)names)[index];
}

bool register_check(scenario_run *r, const scenario_node *step)
{
    const char *const *names = fwsim_cpu_registers(r->m);
    const char *name = scenario_text(step, "register");
    uint64_t value;
    char hint[128];

    if (fwsim_cpu_read(r->m, name, &value) == 0)
        return step_address(r, "value", scenario_text(step, "value"), &value);
    return step_wrong(r, "register", "the core has no register \"%s\"%s", name,
                      names ? cli_hint(name, register_name, names, hint,
                                       sizeof(hint))
                            : "");
}

bool expect_register_run(scenario_run *r, const scenario_node *step)
{
    const char *name = scenario_text(step, "register");
    uint64_t mask = scenario_number(step, "mask", UINT64_MAX);
    uint64_t wanted, found;

    if (!step_address(r, "value", scenario_text(step, "value"), &wanted) ||
        !step_ok(r, "register", fwsim_cpu_read(r->m, name, &found)))
        return false;
    if ((found & mask) == (wanted & mask))
        return true;
    return step_failed(r, "register %s should be 0x%" PRIx64 ", but it is 0x%"
                       PRIx64, name, wanted & mask, found & mask);
}

bool set_register_run(scenario_run *r, const scenario_node *step)
{
    uint64_t value;

    return step_address(r, "value", scenario_text(step, "value"), &value) &&
           step_ok(r, "register",
                   fwsim_cpu_write(r->m, scenario_text(step, "register"),
                                   value));
}

/* ------------------------------------------------------------------ */
/* Stacks                                                               */
/* ------------------------------------------------------------------ */

static bool find_stack(scenario_run *r, const scenario_node *step,
                       fwsim_range *stack)
{
    return step_ok(r, "stack",
                   fwsim_stack_find(r->m, scenario_text(step, "stack"), stack));
}

bool stack_check(scenario_run *r, const scenario_node *step)
{
    fwsim_range stack;

    return find_stack(r, step, &stack);
}

bool paint_stack_run(scenario_run *r, const scenario_node *step)
{
    fwsim_range stack;

    return find_stack(r, step, &stack) &&
           step_ok(r, NULL, fwsim_stack_paint(r->m, &stack));
}

bool expect_stack_run(scenario_run *r, const scenario_node *step)
{
    fwsim_range stack;
    int err;

    if (!find_stack(r, step, &stack))
        return false;
    err = fwsim_stack_expect(r->m, &stack, scenario_count(step, "most", 0));
    return err == FWSIM_ERANGE ? step_failed(r, "%s", fwsim_errmsg(r->m))
                               : step_ok(r, NULL, err);
}
