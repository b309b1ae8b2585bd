/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: the machine, its images, and inference. */
#include "scenario_run.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 64 }; /* of the address map, at most */

/* The address map of the file. The names are those of its keys. */
typedef struct map_rows {
    fwsim_memory memory[ROWS + 1];
    fwsim_region regions[ROWS + 1];
    char names[ROWS][24];
    size_t memories, region_count, named;
} map_rows;

static void keep_error(const fwsim_log_entry *e, void *user)
{
    scenario_run *r = user;

    if (e->level == FWSIM_LOG_ERROR)
        snprintf(r->error.text, sizeof(r->error.text), "%s", e->text);
}

/* What the log has said of a file, or the text of the code. */
static bool file_ok(scenario_run *r, const char *key, int err)
{
    if (!err)
        return true;
    return step_wrong(r, key, "%s",
                      r->error.text[0] ? r->error.text : fwsim_strerror(err));
}

/* ------------------------------------------------------------------ */
/* The board                                                            */
/* ------------------------------------------------------------------ */

static bool add_ranges(scenario_run *r, map_rows *rows, const char *key,
                       fwsim_mem_kind kind)
{
    const scenario_node *value = scenario_get(r->step, key);
    const scenario_node *n = value;

    if (value && value->kind == SCENARIO_LIST)
        n = value->first;
    for (; n; n = n == value ? NULL : n->next) {
        char *name = rows->names[rows->named];
        fwsim_range range = { 0 };

        if (rows->named == ROWS)
            return step_wrong(r, key, "more than %d ranges", (int)ROWS);
        snprintf(name, sizeof(rows->names[0]), "%s %zu", key, ++rows->named);
        cli_parse_range(n->text, &range);
        if (strcmp(key, "mmio") == 0)
            rows->regions[rows->region_count++] =
                (fwsim_region){ name, range.addr, range.size, 0 };
        else
            rows->memory[rows->memories++] = (fwsim_memory){
                .name = name, .base = range.addr, .size = range.size,
                .kind = kind
            };
    }
    return true;
}

static int open_image(scenario_run *r, const scenario_node *row,
                      fwsim_image **image)
{
    char *path = scenario_path(r->s, scenario_text(row, "image"));
    fwsim_image_options how = {
        .base = scenario_number(row, "base", 0),
        .has_base = scenario_get(row, "base") != NULL,
        .log = keep_error,
        .log_user = r,
    };
    int err = path ? fwsim_image_open(image, path, &how) : FWSIM_ENOMEM;

    free(path);
    return err;
}

static bool make_board(scenario_run *r, const fwsim_board **board,
                       map_rows *rows)
{
    const scenario_node *memory = scenario_get(r->s->root, "memory");
    const scenario_node *row = scenario_get(r->s->root, "load")->first;
    fwsim_map map = { rows->memory, rows->regions, 0, false };
    fwsim_image *image;
    int err;

    if (memory) {
        r->step = memory;
        if (!add_ranges(r, rows, "flash", FWSIM_MEM_FLASH) ||
            !add_ranges(r, rows, "rom", FWSIM_MEM_ROM) ||
            !add_ranges(r, rows, "ram", FWSIM_MEM_RAM) ||
            !add_ranges(r, rows, "mmio", FWSIM_MEM_RAM))
            return false;
        map.has_vector_table = scenario_get(memory, "vectors") != NULL;
        map.vector_table = scenario_number(memory, "vectors", 0);
    } else if (!(*board)->soc->generic) {
        return true;
    }
    r->step = row;
    err = open_image(r, row, &image);
    if (err)
        return file_ok(r, "image", err);
    err = fwsim_board_for_image(&r->made, *board, image, &map);
    fwsim_image_free(image);
    if (err == FWSIM_ENOENT)
        return step_wrong(r, "image", "the image has no vector table; say "
                          "where it is with \"memory: { vectors: ADDRESS }\"");
    *board = r->made;
    return file_ok(r, "image", err);
}

static bool find_board(scenario_run *r, const fwsim_board **board)
{
    const char *name = scenario_text(r->s->root, "board");
    char hint[128];

    *board = fwsim_board_find(name);
    if (*board)
        return true;
    r->step = r->s->root;
    cli_hint(name, cli_board_name, NULL, hint, sizeof(hint));
    return step_wrong(r, "board", "no board \"%s\"%s%s", name, hint,
                      hint[0] ? "" : "; \"fwsim boards\" lists them");
}

/* ------------------------------------------------------------------ */
/* Options                                                              */
/* ------------------------------------------------------------------ */

static int new_machine(scenario_run *r, const fwsim_board *board)
{
    const scenario_node *o = scenario_get(r->s->root, "options");
    fwsim_options options = { .log = keep_error, .log_user = r };
    char *dir = NULL;
    int err;

    if (o) {
        const char *folder = scenario_text(o, "dir");

        dir = folder ? scenario_path(r->s, folder) : NULL;
        if (folder && !dir)
            return FWSIM_ENOMEM;
        options.seed = scenario_number(o, "seed", 0);
        options.policy = (fwsim_policy)(scenario_word(o, "policy",
            scenario_policies, (size_t)-1) + 1 + FWSIM_POLICY_DEFAULT);
        options.deliver_faults =
            scenario_word(o, "faults", scenario_faults, 0) == 1;
        options.stop_at_reset = scenario_bool(o, "stop-at-reset", false);
        options.semihosting = scenario_bool(o, "semihosting", false);
        options.semihosting_args = scenario_text(o, "args");
        options.semihosting_dir = dir;
    }
    err = fwsim_new(&r->m, board, &options);
    free(dir);
    return err;
}

static bool load(scenario_run *r)
{
    const scenario_node *row = scenario_get(r->s->root, "load")->first;

    for (; row; row = row->next) {
        fwsim_image *image;
        fwsim_format format;
        int err;

        r->step = row;
        err = open_image(r, row, &image);
        if (err)
            return file_ok(r, "image", err);
        format = fwsim_image_format(image);
        if (scenario_get(row, "base") && format != FWSIM_FORMAT_BIN) {
            fwsim_image_free(image);
            return step_wrong(r, "base", "an image in the format %s says "
                              "itself where it lies",
                              cli_format_name(format));
        }
        /* The machine keeps images for their symbols. */
        r->symbol_count = fwsim_image_symbols(image, &r->symbols);
        if (!step_ok(r, "image", fwsim_load_image(r->m, image)))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* Inference                                                            */
/* ------------------------------------------------------------------ */

enum { MODELS, SVD, FUZZWARE, FILES };

static bool infer(scenario_run *r)
{
    static const char *const keys[FILES] = { "models", "svd", "fuzzware" };
    const scenario_node *n = scenario_get(r->s->root, "infer");
    fwsim_infer_options how = { 0 };
    char *paths[FILES] = { NULL };
    bool ok = true;

    if (!n || !scenario_bool(n, "enabled", true))
        return true;
    r->step = n;
    for (size_t i = 0; i < FILES; i++) {
        const char *file = scenario_text(n, keys[i]);

        paths[i] = file ? scenario_path(r->s, file) : NULL;
        ok = ok && (!file || paths[i]);
    }
    how.models = paths[MODELS];
    how.svd = paths[SVD];
    how.fuzzware = paths[FUZZWARE];
    how.frozen = scenario_bool(n, "frozen", false);
    how.irq_period = scenario_count(n, "irq-period", 0);
    r->error.text[0] = '\0';
    ok = file_ok(r, NULL, ok ? fwsim_infer_enable(r->m, &how) : FWSIM_ENOMEM);
    for (size_t i = 0; i < FILES; i++)
        free(paths[i]);
    return ok;
}

bool scenario_machine(scenario_run *r)
{
    const fwsim_board *board = NULL;
    map_rows *rows = calloc(1, sizeof(*rows));
    bool ok;

    r->step = r->s->root;
    ok = rows ? find_board(r, &board) && make_board(r, &board, rows)
              : step_wrong(r, NULL, "out of memory");
    free(rows); /* the board has copied it */
    if (!ok)
        return false;
    r->step = r->s->root;
    return file_ok(r, "board", new_machine(r, board)) &&
           step_ok(r, NULL, fwsim_journal_enable(r->m,
                                                 FWSIM_JOURNAL_ENTRIES)) &&
           load(r) && infer(r);
}
