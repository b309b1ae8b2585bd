/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenario files: scripted parts on I2C buses. A part is the host's and no part
 * of a snapshot, so it belongs to one test and not to the setup.
 */
#include "scenario_run.h"

#include <stdlib.h>
#include <string.h>

/* Is there such a bus, and room for the part? */
bool i2c_check(scenario_run *r, const scenario_node *step)
{
    static const fwsim_i2c_device nothing = { 0 };
    const char *controller = scenario_text(step, "controller");
    uint64_t address = scenario_number(step, "address", 0);

    if (address > 0x7f)
        return step_wrong(r, "address", "has more than 7 bits");
    if (!step_ok(r, "controller", fwsim_i2c_attach(r->m, controller,
                                                   (uint8_t)address, &nothing,
                                                   NULL)))
        return false;
    fwsim_i2c_detach(r->m, controller, (uint8_t)address);
    return true;
}

bool script_i2c_check(scenario_run *r, const scenario_node *step)
{
    if (r->in_setup)
        return step_wrong(r, NULL, "a script belongs to a test, not to the "
                          "setup");
    return i2c_check(r, step);
}

/* Remember the part, to take it away. @return false after step_wrong */
static bool keep(scenario_run *r, const char *controller, uint8_t address)
{
    scripted_part *part = r->parts;

    while (part && (part->address != address ||
                    strcmp(part->controller, controller) != 0))
        part = part->before;
    if (part)
        return true;
    part = malloc(sizeof(*part));
    if (!part)
        return step_wrong(r, NULL, "out of memory");
    *part = (scripted_part){ controller, address, r->parts };
    r->parts = part;
    return true;
}

static bool add_transfer(scenario_run *r, const char *controller,
                         uint8_t address, const scenario_node *row)
{
    const scenario_node *write = scenario_get(row, "write");
    size_t size;
    uint8_t *bytes = scenario_bytes(write ? write : scenario_get(row, "read"),
                                    &size);
    int err;

    if (!bytes)
        return step_wrong(r, NULL, "out of memory");
    err = write ? fwsim_i2c_expect_write(r->m, controller, address, bytes, size)
                : fwsim_i2c_expect_read(r->m, controller, address, bytes, size);
    free(bytes);
    return step_ok(r, "transfers", err);
}

bool script_i2c_run(scenario_run *r, const scenario_node *step)
{
    const char *controller = scenario_text(step, "controller");
    uint8_t address = (uint8_t)scenario_number(step, "address", 0);
    const scenario_node *row = scenario_get(step, "transfers")->first;
    bool ok = keep(r, controller, address);

    for (; ok && row; row = row->next)
        ok = add_transfer(r, controller, address, row);
    return ok;
}

bool expect_i2c_run(scenario_run *r, const scenario_node *step)
{
    uint64_t ns = step_time(r, scenario_time(step, "within", 0));
    int err = fwsim_i2c_expect_done(r->m, scenario_text(step, "controller"),
                                    (uint8_t)scenario_number(step, "address", 0),
                                    ns);

    return err == FWSIM_EINVAL
               ? step_wrong(r, NULL, "no script-i2c is before it")
               : step_expected(r, NULL, err);
}

void drop_parts(scenario_run *r)
{
    while (r->parts) {
        scripted_part *part = r->parts;

        r->parts = part->before;
        fwsim_i2c_detach(r->m, part->controller, part->address);
        free(part);
    }
}
