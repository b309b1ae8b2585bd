/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fwsim.h"

/* ------------------------------------------------------------------ */
/* Requirements                                                         */
/* ------------------------------------------------------------------ */

/* "0x10->0x20": what is no address is left out. @return false: too long */
static bool read_path(corpus_path *path, const char *text, const char *end)
{
    while (text < end) {
        const char *hex = strstr(text, "0x");

        if (!hex || hex >= end)
            break;
        if (path->steps == STEPS_MAX)
            return false;
        path->step[path->steps++] = strtoull(hex, NULL, 16);
        text = hex + 2;
    }
    return true;
}

/* "a->b || c": `||` binds weakest. */
static bool read_requirement(corpus_goal *goal, const char *text)
{
    while (*text) {
        const char *bars = strstr(text, "||");
        const char *end = bars ? bars : text + strlen(text);

        if (goal->paths == PATHS_MAX ||
            !read_path(&goal->path[goal->paths++], text, end))
            return false;
        text = bars ? bars + 2 : end;
    }
    return goal->paths && goal->path[0].steps;
}

static corpus_goal *goal_add(corpus_image *img, const char *name, int length)
{
    corpus_goal *grown = realloc(img->goals, (img->goal_count + 1) *
                                                 sizeof *grown);
    corpus_goal *g;

    if (!grown)
        return NULL;
    img->goals = grown;
    g = &grown[img->goal_count++];
    *g = (corpus_goal){ 0 };
    snprintf(g->name, sizeof g->name, "%.*s", length, name);
    return g;
}

static bool goals_from_tests(corpus_image *img, const tsv *tests)
{
    for (size_t row = 1; row < tests->rows; row++) {
        const char *id = tsv_get(tests, row, "test_id");
        const char *name = strrchr(id, ':');
        corpus_goal *g;

        if (strcmp(tsv_get(tests, row, "file"), img->file) != 0)
            continue;
        name = name ? name + 1 : id;
        g = goal_add(img, name, (int)strlen(name));
        if (!g || !read_requirement(g, tsv_get(tests, row,
                                               "requirement_addresses")))
            return false;
    }
    return true;
}

/* Milestones: a goal for each beginning of the path. */
static bool milestones(corpus_image *img, const char *text, const char *end)
{
    corpus_path path = { .steps = 0 };

    if (!read_path(&path, text, end))
        return false;
    for (unsigned n = 1; n <= path.steps; n++) {
        char name[TEXT_SHORT];
        corpus_goal *g;

        snprintf(name, sizeof name, "milestone %u", n);
        g = goal_add(img, name, (int)strlen(name));
        if (!g)
            return false;
        g->paths = 1;
        g->path[0] = path;
        g->path[0].steps = n;
    }
    img->stop_at_goals = true;
    return true;
}

static bool is_trap(const corpus_image *img, uint64_t addr)
{
    for (size_t i = 0; i < img->trap_count; i++)
        if (img->traps[i].addr == addr)
            return true;
    return false;
}

/* "main@0x10 0x20->0x30": a symbol with its address, or milestones. */
static bool goals_from_pass_addr(corpus_image *img, const char *text)
{
    while (*text) {
        const char *end = text + strcspn(text, " ");
        const char *at = memchr(text, '@', (size_t)(end - text));

        if (at && !is_trap(img, strtoull(at + 1, NULL, 16))) {
            corpus_goal *g = goal_add(img, text, (int)(at - text));

            if (!g || !read_path(&g->path[g->paths++], at, end))
                return false;
        } else if (!at && !milestones(img, text, end)) {
            return false;
        }
        text = end + strspn(end, " ");
    }
    return true;
}

/* "name@0x10;name@0x20": one name an address. */
static bool read_traps(corpus_image *img, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, ";");
        const char *at = memchr(text, '@', length);
        uint64_t addr = at ? strtoull(at + 1, NULL, 16) : 0;

        if (at && !is_trap(img, addr)) {
            corpus_trap *grown = realloc(img->traps, (img->trap_count + 1) *
                                                         sizeof *grown);
            if (!grown)
                return false;
            img->traps = grown;
            grown = &grown[img->trap_count++];
            snprintf(grown->name, sizeof grown->name, "%.*s",
                     (int)(at - text), text);
            grown->addr = addr;
        }
        text += length + (text[length] == ';');
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* Images                                                               */
/* ------------------------------------------------------------------ */

static void choose_board(corpus_image *img, const char *kind)
{
    static const struct {
        const char *cpu, *board;
    } boards[] = { { "Cortex-M0", "generic_cortex_m0" },
                   { "Cortex-M0+", "generic_cortex_m0plus" },
                   { "Cortex-M3", "generic_cortex_m3" },
                   { "Cortex-M4", "generic_cortex_m4" },
                   { "Cortex-M4F", "generic_cortex_m4" },
                   { "Cortex-M7", "generic_cortex_m7" },
                   { "Cortex-M33", "generic_cortex_m33" } };

    if (strcmp(kind, "boot-only") == 0) {
        img->skip = "not scored: the corpus has no criterion for it";
        return;
    }
    for (size_t i = 0; i < sizeof boards / sizeof *boards; i++)
        if (strcmp(img->cpu, boards[i].cpu) == 0)
            img->board = boards[i].board;
    if (!img->board)
        img->skip = strstr(img->cpu, "AArch64")
                        ? "peripherals of AArch64 images are not inferred"
                        : "fwsim has no such core";
}

/* The banner is sent, ten bytes come, they are sent back: as the functions of
 * ST's HAL that do it are called. */
static bool echo_goal(const corpus *c, corpus_image *img)
{
    static const char *const called[] = {
        "HAL_UART_Transmit_IT",    "HAL_UART_Receive_IT",
        "HAL_UART_RxCpltCallback", "HAL_UART_Transmit_IT",
        "HAL_UART_TxCpltCallback"
    };
    corpus_goal *g = goal_add(img, "echo", 4);
    fwsim_image *firmware;
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", c->folder, img->file);
    if (!g || fwsim_image_open(&firmware, path, NULL) != 0)
        return false;
    g->paths = 1;
    for (size_t i = 0; i < sizeof called / sizeof *called; i++) {
        const fwsim_symbol *s = fwsim_image_symbol(firmware, called[i]);

        if (s)
            g->path[0].step[g->path[0].steps++] = s->addr;
    }
    fwsim_image_free(firmware);
    return g->path[0].steps == sizeof called / sizeof *called;
}

static bool read_image(corpus *c, size_t row)
{
    corpus_image *img = &c->images[c->image_count++];
    const char *kind = tsv_get(&c->firmware, row, "pass_kind");

    img->file = tsv_get(&c->firmware, row, "file");
    img->mcu = tsv_get(&c->firmware, row, "mcu");
    img->cpu = tsv_get(&c->firmware, row, "cpu");
    img->regions = tsv_get(&c->firmware, row, "regions");
    snprintf(img->group, sizeof img->group, "%.*s",
             (int)strcspn(img->file, "/"), img->file);
    choose_board(img, kind);
    if (img->skip)
        return true;
    if (!read_traps(img, tsv_get(&c->firmware, row, "fail_symbols")) ||
        !goals_from_tests(img, &c->tests))
        return false;
    if (strcmp(kind, "uart-echo") == 0)
        return echo_goal(c, img);
    return img->goal_count ||
           goals_from_pass_addr(img, tsv_get(&c->firmware, row, "pass_addr"));
}

static bool read_table(tsv *t, const char *folder, const char *name)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return tsv_read(t, path);
}

bool corpus_read(corpus *c, const char *folder)
{
    *c = (corpus){ .folder = malloc(strlen(folder) + 1) };
    if (!c->folder || !read_table(&c->firmware, folder, "firmware.tsv") ||
        !read_table(&c->tests, folder, "tests.tsv"))
        return false;
    strcpy(c->folder, folder);
    c->images = calloc(c->firmware.rows + 1, sizeof *c->images);
    for (size_t row = 1; c->images && row < c->firmware.rows; row++)
        if (!read_image(c, row)) {
            fprintf(stderr, "fwsim_score: firmware.tsv:%zu: %s: the "
                    "requirement cannot be read\n", row + 1,
                    tsv_get(&c->firmware, row, "file"));
            return false;
        }
    return c->images;
}

void corpus_free(corpus *c)
{
    for (size_t i = 0; i < c->image_count; i++) {
        free(c->images[i].goals);
        free(c->images[i].traps);
    }
    free(c->images);
    tsv_free(&c->firmware);
    tsv_free(&c->tests);
    free(c->folder);
}
