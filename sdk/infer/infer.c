/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inference engine on a machine: switching it on.
 */
#include "infer/export.h"
#include "infer/prior.h"

#include <stdlib.h>

enum { IRQ_PERIOD = 2000, GIVE_UP = 8 };

static void destroy(void *user)
{
    fwsim__infer *f = user;

    fwsim__tables_free(f);
    fwsim__streams_free(f);
    fwsim__models_free(f->models);
    free(f->prior);
    fwsim__code_free(f);
    free(f->memory);
    free(f);
}

static void on_event(void *user, unsigned id)
{
    (void)id;
    fwsim__interrupts_event(user);
}

static fwsim__cell reset_cell(fwsim__cell c)
{
    c.written = c.reset;
    return c;
}

/** What firmware has set is lost; what was learned of the hardware is not. */
static void on_reset(void *user, fwsim_reset_kind kind)
{
    fwsim__infer *f = user;

    (void)kind;
    for (uint32_t i = 0; i < f->st.cells; i++) {
        fwsim__touch(&f->touched_cells, i);
        f->cell[i] = reset_cell(f->cell[i]);
    }
    for (uint32_t i = 0; i < f->st.areas; i++)
        f->area[i].state = 0;
    fwsim__interrupts_start(f);
}

static void on_code(void *user, uint64_t pc, unsigned size)
{
    fwsim__code_met(user, pc, size);
}

static const fwsim__substitute ops = {
    .access = fwsim__infer_access,
    .event = on_event,
    .reset = on_reset,
    .code = on_code,
    .state_size = fwsim__state_size,
    .save = fwsim__state_save,
    .fits = fwsim__state_fits,
    .restore = fwsim__state_restore,
    .hash = fwsim__state_hash,
    .destroy = destroy,
};

/* ------------------------------------------------------------------ */
/* Switching on                                                         */
/* ------------------------------------------------------------------ */

/** Code that was expected so often and did not run is no news any more. */
static bool code_seen(void *user, uint32_t pc)
{
    return fwsim__code_seen(user, pc) ||
           *fwsim__taken(user, pc) >= GIVE_UP;
}

static bool is_data(void *user, uint32_t addr)
{
    const fwsim__cell *c = fwsim__cell_find(user, addr);

    return !c || fwsim__cell_is_data(c);
}

static unsigned taken(void *user, uint32_t pc)
{
    return *fwsim__taken(user, pc);
}

static int set_world(fwsim__infer *f)
{
    size_t n = f->m->mem_count;

    f->memory = calloc(n + 1, sizeof *f->memory);
    if (!f->memory)
        return FWSIM_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const fwsim__mem *mem = &f->m->mems[i];

        f->memory[i] = (fwsim__look_memory){
            .base = (uint32_t)mem->base,
            .size = (uint32_t)mem->size,
            .bytes = mem->bytes,
            .writable = mem->desc->kind == FWSIM_MEM_RAM,
        };
    }
    f->world = (fwsim__look_world){ .memory = f->memory,
                                    .memory_count = n,
                                    .peek = fwsim__infer_peek,
                                    .data = is_data,
                                    .taken = taken,
                                    .seen = code_seen,
                                    .user = f };
    return 0;
}

static int load_prior(fwsim__infer *f, const char *path)
{
    unsigned line;
    int err;

    f->prior = malloc(sizeof *f->prior);
    if (!f->prior)
        return fwsim__error(f->m, FWSIM_ENOMEM, "no memory for the prior");
    *f->prior = fwsim__prior_weights;
    if (!*path)
        return 0;
    err = fwsim__prior_read(f->prior, path, &line);
    return err ? fwsim__error(f->m, err, "%s:%u: %s", path, line,
                              fwsim_strerror(err))
               : 0;
}

static int set_up(fwsim__infer *f, const fwsim_infer_options *opt)
{
    int err = fwsim__code_new(f);

    if (!err)
        err = set_world(f);
    if (!err && !fwsim__tables_reserve(f, 1, 1, 1))
        err = FWSIM_ENOMEM;
    if (err)
        return fwsim__error(f->m, err, "no memory for inference");
    if (opt && opt->prior)
        err = load_prior(f, opt->prior);
    if (err)
        return err;
    f->frozen = opt && opt->frozen;
    return opt ? fwsim__infer_load(f, opt) : 0;
}

int fwsim_infer_enable(fwsim_machine *m, const fwsim_infer_options *opt)
{
    fwsim__infer *f;
    int err;

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "inference inside a callback");
    if (m->substitute)
        return fwsim__error(m, FWSIM_EINVAL, "inference is on already");
    f = calloc(1, sizeof *f);
    if (!f)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for inference");
    f->m = m;
    f->insight = m->cpu ? m->cpu_ops->insight : NULL;
    f->irq_period = opt && opt->irq_period ? opt->irq_period : IRQ_PERIOD;
    err = set_up(f, opt);
    if (err) {
        destroy(f);
        return err;
    }
    /* What is in no model stops a frozen run. */
    if (f->frozen)
        m->opt.policy = FWSIM_POLICY_FAIL;
    m->substitute = &ops;
    m->substitute_user = f;
    fwsim__interrupts_start(f);
    return 0;
}

fwsim__infer *fwsim__infer_of(const fwsim_machine *m)
{
    return m->substitute == &ops ? m->substitute_user : NULL;
}
