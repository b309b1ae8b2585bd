/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot-once fixtures: a machine, and the moment that each test begins at. */
#include "runner.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct fixture {
    fwsim_board *board; /* made for the image; or NULL */
    fwsim_machine *m;
    fwsim_snapshot *booted;
    bool began; /* the first test has */
    int last_mock, last_fault; /* ids; those of tests are higher */
    struct fixture *next;
} fixture;

/* Groups may follow each other, and nest in tests of the runner itself. */
static fixture *fixtures;

static fixture *find(const void *state)
{
    fixture *f = fixtures;

    while (f && f != state)
        f = f->next;
    return f;
}

bool fwsim__is_booted(const void *state)
{
    return state && find(state);
}

static void log_errors(const fwsim_log_entry *entry, void *user)
{
    (void)user;
    if (entry->level == FWSIM_LOG_ERROR)
        fprintf(stderr, "%s: %s\n", entry->origin, entry->text);
}

static int failed(const char *what, const char *why)
{
    fprintf(stderr, "fwsim_cmocka_boot: %s%s%s\n", what, *why ? ": " : "", why);
    return -1;
}

/* ------------------------------------------------------------------ */
/* The machine                                                          */
/* ------------------------------------------------------------------ */

static const fwsim_board *named_board(const char *name)
{
    const fwsim_board *board = fwsim_board_find(name);
    const char *names[256];
    const char *near;
    size_t n = 0;

    if (board)
        return board;
    while (n < 255 && fwsim_boards[n]) {
        names[n] = fwsim_boards[n]->name;
        n++;
    }
    names[n] = NULL;
    near = fwsim_closest(name, names);
    fprintf(stderr, "fwsim_cmocka_boot: there is no board '%s'%s%s%s\n", name,
            near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return NULL;
}

/** The board by name, or the one that suits the image. */
static const fwsim_board *choose_board(const fwsim_boot *boot,
                                       const fwsim_image *image)
{
    fwsim_diagnosis *d = NULL;
    const fwsim_board *board = NULL;

    if (boot->board)
        return named_board(boot->board);
    if (!fwsim_diagnose(&d, image) && d->board_count)
        board = d->boards[0];
    fwsim_diagnosis_free(d);
    if (!board)
        failed(boot->image, "no board suits it; name one");
    return board;
}

static int make_machine(fixture *f, const fwsim_boot *boot,
                        const fwsim_options *opt)
{
    const fwsim_image_options how = { .log = opt->log,
                                      .log_user = opt->log_user };
    const fwsim_board *board;
    fwsim_image *image;
    int err;

    if (!boot->image)
        return failed("no image was given", "");
    err = fwsim_image_open(&image, boot->image, &how);
    if (err)
        return failed(boot->image, fwsim_strerror(err));
    board = choose_board(boot, image);
    if (board && board->soc->generic) {
        err = fwsim_board_for_image(&f->board, board, image, NULL);
        if (err)
            failed(boot->image, fwsim_strerror(err));
        board = f->board;
    }
    if (!board) {
        fwsim_image_free(image);
        return -1;
    }
    err = fwsim_new(&f->m, board, opt);
    if (err) {
        fwsim_image_free(image);
        return failed(board->name, fwsim_strerror(err));
    }
    if (fwsim_load_image(f->m, image))
        return failed(boot->image, fwsim_errmsg(f->m));
    if (fwsim_journal_enable(f->m, FWSIM_JOURNAL_ENTRIES))
        return failed(boot->image, fwsim_errmsg(f->m));
    if (boot->prepare && boot->prepare(f->m, boot->user))
        return failed(boot->image, "`prepare` failed");
    return 0;
}

/* ------------------------------------------------------------------ */
/* The boot                                                             */
/* ------------------------------------------------------------------ */

static uint64_t boot_time(const fwsim_boot *boot)
{
    return boot->until && !boot->timeout_ns ? FWSIM_S(1) : boot->timeout_ns;
}

static int run_boot(fwsim_machine *m, const fwsim_boot *boot)
{
    uint64_t time_ns = boot_time(boot);
    fwsim_stop stop = { 0 };
    int err = 0;

    if (boot->until)
        err = fwsim_uart_expect(m, boot->uart, boot->until, time_ns);
    else if (time_ns)
        err = fwsim_run(m, &(fwsim_limit){ .time_ns = time_ns }, &stop);
    if (!err && (boot->until || !time_ns || stop.reason == FWSIM_STOP_LIMIT ||
                 stop.reason == FWSIM_STOP_IDLE))
        return 0;
    failed(boot->image, err ? fwsim_errmsg(m) : "it did not run so long");
    fwsim__firmware_report(m);
    return -1;
}

/** FNV-1a, over a string and the zero byte behind it. */
static uint64_t add_text(uint64_t hash, const char *text)
{
    const char *c = text ? text : "";

    do {
        hash = (hash ^ (uint8_t)*c) * 0x100000001b3u;
    } while (*c++);
    return hash;
}

/** The file that keeps this boot; NULL: none shall. Free it. */
static char *kept_path(fwsim_machine *m, const fwsim_boot *boot)
{
    const char *folder = getenv("FWSIM_SNAPSHOT_DIR");
    const char *board = fwsim_machine_board(m)->name;
    char time_ns[32];
    uint64_t key;
    char *path;
    size_t room;

    if (!folder || !*folder)
        return NULL;
    snprintf(time_ns, sizeof time_ns, "%" PRIu64, boot_time(boot));
    key = add_text(fwsim_hash(m), fwsim_version());
    key = add_text(key, boot->until);
    key = add_text(key, boot->uart);
    key = add_text(key, time_ns);
    room = strlen(folder) + strlen(board) + 64;
    path = malloc(room);
    if (!path)
        return NULL;
    if (mkdir(folder, 0777) && errno != EEXIST)
        fprintf(stderr, "FWSIM_SNAPSHOT_DIR: %s: %s\n", folder,
                strerror(errno));
    snprintf(path, room, "%s/%s-%016" PRIx64 ".snapshot", folder, board, key);
    return path;
}

/** Have the boot from a file. A file that does not fit is replaced later. */
static bool read_kept(fixture *f, const char *path)
{
    int err;

    if (!path)
        return false;
    err = fwsim_snapshot_load(f->m, path, &f->booted);
    if (err == FWSIM_ENOENT)
        return false;
    if (!err)
        err = fwsim_snapshot_restore(f->m, f->booted);
    if (!err)
        return true;
    fprintf(stderr, "%s: %s; booting instead\n", path, fwsim_errmsg(f->m));
    fwsim_snapshot_free(f->booted);
    f->booted = NULL;
    return false;
}

static int boot_machine(fixture *f, const fwsim_boot *boot)
{
    char *path = kept_path(f->m, boot);
    int err = 0;

    if (!read_kept(f, path)) {
        err = run_boot(f->m, boot);
        if (!err && fwsim_snapshot_take(f->m, &f->booted))
            err = failed(boot->image, fwsim_errmsg(f->m));
        if (!err && path && fwsim_snapshot_save(f->booted, path))
            fprintf(stderr, "%s: cannot be written: %s\n", path,
                    strerror(errno));
    }
    free(path);
    return err;
}

static void free_fixture(fixture *f)
{
    fwsim_snapshot_free(f->booted);
    fwsim_free(f->m);
    fwsim_board_free(f->board);
    free(f);
}

int fwsim_cmocka_boot(void **state, const fwsim_boot *boot)
{
    fwsim_options opt = { 0 };
    fixture *f = calloc(1, sizeof *f);

    *state = NULL;
    if (!f)
        return failed("out of memory", "");
    if (boot->options)
        opt = *boot->options;
    if (!opt.log)
        opt.log = log_errors;
    if (make_machine(f, boot, &opt) || boot_machine(f, boot)) {
        free_fixture(f);
        return -1;
    }
    f->next = fixtures;
    fixtures = f;
    *state = f;
    return 0;
}

int fwsim_cmocka_shutdown(void **state)
{
    fixture **at = &fixtures, *f;

    while (*at && *at != *state)
        at = &(*at)->next;
    f = *at;
    if (!f)
        return 0; /* the set-up failed */
    *at = f->next;
    free_fixture(f);
    *state = NULL;
    return 0;
}

/* ------------------------------------------------------------------ */
/* Tests                                                                */
/* ------------------------------------------------------------------ */

/** Forget what the UARTs have sent: not part of a snapshot. */
static void clear_uarts(fwsim_machine *m)
{
    const fwsim_slot *slot = fwsim_machine_board(m)->soc->periph;

    for (; slot && slot->name; slot++)
        fwsim_uart_clear(m, slot->name); /* FWSIM_ENOENT: is none */
}

/** What the set-up of the group has replaced and armed stays. */
static void keep_those_of_the_group(fixture *f)
{
    fwsim_inject_state s;
    int id;

    for (size_t i = 0; (id = fwsim_mock_id(f->m, i)) != 0; i++)
        f->last_mock = id;
    for (size_t i = 0; fwsim_inject_get(f->m, i, &s); i++)
        f->last_fault = s.id;
    f->began = true;
}

/** A test that has failed does not clean up; nor does it have to. */
static void remove_those_of_a_test(fixture *f)
{
    fwsim_inject_state s;
    size_t i = 0;
    int id;

    while ((id = fwsim_mock_id(f->m, i)) != 0)
        if (id <= f->last_mock || fwsim_unmock(f->m, id))
            i++;
    i = 0;
    while (fwsim_inject_get(f->m, i, &s))
        if (s.id <= f->last_fault || fwsim_inject_remove(f->m, s.id))
            i++;
}

int fwsim_cmocka_restore(void **state)
{
    fixture *f = find(*state);

    if (!f) {
        fprintf(stderr, "fwsim_cmocka_restore: the group was not booted by "
                        "fwsim_cmocka_boot\n");
        return -1;
    }
    if (f->began)
        remove_those_of_a_test(f);
    else
        keep_those_of_the_group(f);
    if (fwsim_snapshot_restore(f->m, f->booted)) {
        fprintf(stderr, "fwsim_cmocka_restore: %s\n", fwsim_errmsg(f->m));
        return -1;
    }
    clear_uarts(f->m);
    return 0;
}

fwsim_machine *fwsim_cmocka_machine(void **state)
{
    fixture *f = state && *state ? find(*state) : NULL;

    if (!f)
        fail_msg("the state of this test has no machine: is the set-up of its "
                 "group fwsim_cmocka_boot?");
    return f->m;
}
