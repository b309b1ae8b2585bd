/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the inference engine says of itself: figures, registers, streams,
 * interrupts, transfers, and the file of models.
 */
#include "infer/export.h"
#include "infer/model_file.h"

#include <inttypes.h>
#include <stdio.h>

void fwsim_infer_stats_get(const fwsim_machine *m, fwsim_infer_stats *out)
{
    const fwsim__infer *f = fwsim__infer_of(m);

    *out = (fwsim_infer_stats){ 0 };
    if (!f)
        return;
    out->reads = f->st.reads;
    out->writes = f->st.writes;
    out->analyses = f->st.looks;
    out->reanalyses = f->st.relooks;
    out->instructions = f->st.look_instructions;
    out->registers = f->st.cells;
    out->sites = f->st.sites;
    out->memory_bytes =
        sizeof *f + 2 * f->code_size + f->cell_room * sizeof *f->cell +
        f->site_room * sizeof *f->site + f->area_room * sizeof *f->area +
        (f->cell_room + f->site_room) * FWSIM__TOUCHED_SIZE +
        (f->cell_index.size + f->site_index.size + f->area_index.size) *
            sizeof(uint32_t);
}

bool fwsim_infer_register_get(const fwsim_machine *m, size_t index,
                              fwsim_infer_register *out)
{
    const fwsim__infer *f = fwsim__infer_of(m);
    const fwsim__cell *c;

    if (!f || index >= f->st.cells)
        return false;
    c = &f->cell[index];
    *out = (fwsim_infer_register){
        .addr = c->addr,
        .width = c->width,
        .role = fwsim__role_name(fwsim__cell_role(f, c)),
        .reads = c->reads,
        .writes = c->writes,
        .ones = c->ones,
        .zeros = c->zeros,
        .first_pc = c->pc,
        .confidence = fwsim__cell_confidence(f, c),
        .reason = fwsim__cell_role_reason(f, c),
    };
    return true;
}

/* ------------------------------------------------------------------ */
/* Streams, interrupts, transfers                                       */
/* ------------------------------------------------------------------ */

/** Does a register deliver data, as it looks? */
static bool is_input(const fwsim__infer *f, const fwsim__cell *c)
{
    return c->reads && fwsim__cell_role(f, c) == FWSIM__ROLE_DATA;
}

static void describe_stream(const fwsim__infer *f, const fwsim__cell *c,
                            fwsim_infer_stream *out)
{
    *out = (fwsim_infer_stream){
        .addr = c->addr,
        .asked = c->reads,
        .waiting = fwsim__stream_left(f, c->addr),
        .first_pc = c->pc,
    };
    snprintf(out->name, sizeof out->name, "0x%08" PRIx64, c->addr);
}

/** The channel that a register's buffer is filled by; NULL: none. */
static const fwsim__channel *filled_by(const fwsim__infer *f, uint32_t cell)
{
    for (uint32_t i = 0; i < f->st.channels; i++) {
        const fwsim__channel *ch = &f->st.channel[i];

        if (ch->address == cell + 1 && ch->count && ch->to_memory)
            return ch;
    }
    return NULL;
}

bool fwsim_infer_stream_get(const fwsim_machine *m, size_t index,
                            fwsim_infer_stream *out)
{
    const fwsim__infer *f = fwsim__infer_of(m);

    for (uint32_t i = 0; f && i < f->st.cells; i++) {
        const fwsim__channel *ch = filled_by(f, i);

        if ((!ch && !is_input(f, &f->cell[i])) || index-- > 0)
            continue;
        describe_stream(f, &f->cell[i], out);
        if (ch) {
            out->buffer = true;
            out->asked = (uint64_t)ch->size * (ch->done ? ch->done : 1);
        }
        return true;
    }
    return false;
}

static const fwsim__area *area_of_line(const fwsim__infer *f, unsigned line)
{
    for (uint32_t i = 0; line < 128 && i < f->st.areas; i++)
        if (f->area[i].lines[line / 64] >> line % 64 & 1)
            return &f->area[i];
    return NULL;
}

bool fwsim_infer_line_get(const fwsim_machine *m, size_t index,
                          fwsim_infer_line *out)
{
    const fwsim__infer *f = fwsim__infer_of(m);

    for (unsigned line = 0; f && line < FWSIM__LINES_MAX; line++) {
        const fwsim__area *a;

        if (!f->st.line[line].raised || index-- > 0)
            continue;
        a = area_of_line(f, line);
        *out = (fwsim_infer_line){ .line = line,
                                   .raised = f->st.line[line].raised,
                                   .block = a ? a->base : 0 };
        return true;
    }
    return false;
}

bool fwsim_infer_dma_get(const fwsim_machine *m, size_t index,
                         fwsim_infer_dma *out)
{
    const fwsim__infer *f = fwsim__infer_of(m);

    for (uint32_t i = 0; f && i < f->st.channels; i++) {
        const fwsim__channel *ch = &f->st.channel[i];

        if (!ch->count || index-- > 0)
            continue;
        *out = (fwsim_infer_dma){ .address = f->cell[ch->address - 1].addr,
                                  .count = f->cell[ch->count - 1].addr,
                                  .buffer = ch->buffer,
                                  .size = ch->size,
                                  .to_memory = ch->to_memory,
                                  .transfers = ch->done };
        return true;
    }
    return false;
}

int fwsim_stream_feed(fwsim_machine *m, const char *stream, const void *data,
                      size_t size)
{
    fwsim__infer *f = fwsim__infer_of(m);

    if (!f)
        return fwsim__error(m, FWSIM_EINVAL, "inference is off");
    if (fwsim__stream_feed(f, stream ? stream : "", data, size))
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for %zu bytes", size);
    return 0;
}

/* ------------------------------------------------------------------ */
/* The file                                                             */
/* ------------------------------------------------------------------ */

static bool describe(uint64_t pc, char *text, size_t size, void *user)
{
    fwsim_describe(user, pc, text, size);
    return true;
}

static int export(fwsim_machine *m, fwsim__models **models)
{
    const fwsim__infer *f = fwsim__infer_of(m);

    *models = NULL;
    if (!f)
        return fwsim__error(m, FWSIM_EINVAL, "inference is off");
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "models inside a callback");
    *models = fwsim__infer_export(f);
    return *models ? 0
                   : fwsim__error(m, FWSIM_ENOMEM, "no memory for the models");
}

int fwsim_infer_save(fwsim_machine *m, const char *path)
{
    const fwsim__models_sink sink = { .describe = describe,
                                      .describe_user = m };
    fwsim__models *models;
    int err = export(m, &models);

    if (err)
        return err;
    err = fwsim__models_save(models, path, &sink, m->opt.log, m->opt.log_user);
    fwsim__models_free(models);
    return err ? fwsim__error(m, err, "%s: %s", path, fwsim_strerror(err)) : 0;
}

int fwsim_infer_print(fwsim_machine *m,
                      void (*put)(const char *text, size_t size, void *user),
                      void *user)
{
    const fwsim__models_sink sink = { .put = put,
                                      .put_user = user,
                                      .describe = describe,
                                      .describe_user = m };
    fwsim__models *models;
    int err = export(m, &models);

    if (err)
        return err;
    fwsim__models_write(models, &sink);
    fwsim__models_free(models);
    return 0;
}
