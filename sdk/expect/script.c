/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scripts: parts of the host that know which transfers should come, and in
 * which order. Each step keeps what came beside what should, for the report.
 */
#include "expect/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_STEPS = 12, SHOWN_BYTES = 24, NO_BYTE = 0xff };

typedef enum step_kind { WRITE, READ, EXCHANGE } step_kind;

typedef struct step {
    step_kind kind;
    size_t size;
    uint8_t *want;  /* what the firmware sends; NULL: anything */
    uint8_t *reply; /* NULL: 0xff */
    size_t done;    /* bytes that came */
    fwsim__bytes came;
} step;

typedef struct script {
    fwsim_machine *m;
    fwsim__host_part place;
    char name[60]; /* "twi0 0x1d" */
    step *steps;
    size_t count, current; /* current == count: all are done */
    bool open;      /* the transfer of the current step has begun */
    bool off;       /* another transfer came than the script has */
    char why[120];  /* what is off */
    fwsim__wait *wait; /* somebody waits for the end */
    struct script *next;
} script;

/* ------------------------------------------------------------------ */
/* Following it                                                         */
/* ------------------------------------------------------------------ */

static void stop_waiting(script *s)
{
    if (!s->wait)
        return;
    s->wait->met = !s->off;
    s->wait->broken = s->off;
    fwsim_request_stop(s->m);
}

static void go_off(script *s, const char *why)
{
    if (s->off)
        return;
    s->off = true;
    snprintf(s->why, sizeof s->why, "%s", why);
    stop_waiting(s);
}

static step *current(script *s)
{
    return s->current < s->count ? &s->steps[s->current] : NULL;
}

static const char *kind_name(step_kind kind)
{
    return kind == WRITE ? "a write" : kind == READ ? "a read" : "an exchange";
}

/** The transfer of the current step has ended. */
static void end_step(script *s)
{
    step *st = current(s);

    if (s->off || !st || !s->open)
        return;
    s->open = false;
    if (st->done < st->size) {
        char why[80];

        snprintf(why, sizeof why, "it ends after %zu of %zu bytes", st->done,
                 st->size);
        go_off(s, why);
        return;
    }
    s->current++;
    if (s->current == s->count)
        stop_waiting(s);
}

/** A transfer begins. @return false: it is another one */
static bool begin_step(script *s, step_kind kind)
{
    step *st = current(s);
    char why[80];

    if (s->off)
        return false;
    if (!st)
        snprintf(why, sizeof why, "%s comes after the last step",
                 kind_name(kind));
    else if (st->kind != kind)
        snprintf(why, sizeof why, "%s comes instead of %s", kind_name(kind),
                 kind_name(st->kind));
    s->open = st && st->kind == kind;
    if (!s->open)
        go_off(s, why);
    return s->open;
}

/** A byte of the current step. @return the reply */
static uint8_t take_byte(script *s, uint8_t byte)
{
    step *st = current(s);
    char why[80];
    size_t at;

    if (s->off || !st || !s->open)
        return NO_BYTE;
    at = st->done++;
    if (st->kind != READ && !fwsim__bytes_add(&st->came, &byte, 1)) {
        go_off(s, "no memory for what came");
        return NO_BYTE;
    }
    if (at >= st->size) {
        snprintf(why, sizeof why, "more than %zu bytes come", st->size);
        go_off(s, why);
        return NO_BYTE;
    }
    if (st->want && st->want[at] != byte) {
        snprintf(why, sizeof why, "byte %zu is 0x%02x instead of 0x%02x", at,
                 byte, st->want[at]);
        go_off(s, why);
    }
    return st->reply ? st->reply[at] : NO_BYTE;
}

static bool on_start(fwsim_machine *m, bool read, void *user)
{
    script *s = user;

    (void)m;
    end_step(s);
    return begin_step(s, read ? READ : WRITE);
}

static bool on_write(fwsim_machine *m, uint8_t byte, void *user)
{
    (void)m;
    take_byte(user, byte);
    return true;
}

static uint8_t on_read(fwsim_machine *m, void *user)
{
    (void)m;
    return take_byte(user, NO_BYTE);
}

static void on_stop(fwsim_machine *m, void *user)
{
    (void)m;
    end_step(user);
}

static const fwsim_i2c_device i2c_script = {
    .start = on_start, .write = on_write, .read = on_read, .stop = on_stop
};

static void on_select(fwsim_machine *m, bool selected, void *user)
{
    script *s = user;

    (void)m;
    if (s->place.cs < 0)
        return;
    if (!selected)
        end_step(s);
    else if (current(s))
        begin_step(s, EXCHANGE);
}

static uint8_t on_transfer(fwsim_machine *m, uint8_t byte, void *user)
{
    script *s = user;
    step *st = current(s);
    uint8_t reply;

    (void)m;
    if (!s->open && !begin_step(s, EXCHANGE))
        return NO_BYTE;
    reply = take_byte(s, byte);
    /* Without a chip select the number of bytes is all there is. */
    if (s->place.cs < 0 && st->done == st->size)
        end_step(s);
    return reply;
}

static const fwsim_spi_device spi_script = { .select = on_select,
                                             .transfer = on_transfer };

/* ------------------------------------------------------------------ */
/* Scripts of a machine                                                 */
/* ------------------------------------------------------------------ */

typedef struct scripts {
    script *first;
    int hook; /* hears of restores */
} scripts;

static void free_step(step *st)
{
    free(st->want);
    free(st->reply);
    free(st->came.data);
}

static void free_script(script *s)
{
    for (size_t i = 0; i < s->count; i++)
        free_step(&s->steps[i]);
    free(s->steps);
    free(s);
}

static void free_scripts(void *data)
{
    scripts *all = data;

    while (all->first) {
        script *s = all->first;

        all->first = s->next;
        free_script(s);
    }
}

static const fwsim__attachment kind = {
    .name = "a script", .size = sizeof(scripts), .destroy = free_scripts
};

static bool same_place(const fwsim__host_part *a, const fwsim__host_part *b)
{
    return a->bus == b->bus && a->controller == b->controller &&
           a->addr == b->addr && a->cs == b->cs;
}

static script *find(fwsim_machine *m, const fwsim__host_part *place)
{
    scripts *all = fwsim__attached(m, &kind);

    for (script *s = all ? all->first : NULL; s; s = s->next)
        if (same_place(&s->place, place))
            return s;
    return NULL;
}

/** The part of a script was detached: the script goes with it. */
static void on_detached(void *user)
{
    script *gone = user;
    scripts *all = fwsim__attached(gone->m, &kind);

    for (script **at = &all->first; *at; at = &(*at)->next)
        if (*at == gone) {
            *at = gone->next;
            free_script(gone);
            return;
        }
}

/** The steps are those of another run. */
static void on_note(fwsim_machine *m, const fwsim__note *note, void *user)
{
    scripts *all = user;

    while (note->kind == FWSIM__NOTE_RESTORED && all->first)
        fwsim__part_detach(m, &all->first->place);
}

static int hear_restores(fwsim_machine *m, scripts *all)
{
    if (!all->hook)
        all->hook = fwsim__hook_add(m, FWSIM__HOOK_NOTE,
                                    &(fwsim__hook){
                                        .fn = (void (*)(void))on_note,
                                        .user = all });
    if (all->hook > 0)
        return 0;
    all->hook = 0;
    return FWSIM_ENOMEM;
}

/** A new script, attached. */
static int make(fwsim_machine *m, const fwsim__host_part *place,
                const char *place_name, script **out)
{
    scripts *all = fwsim__attach(m, &kind);
    fwsim__host_part part = *place;
    script *s = all ? calloc(1, sizeof *s) : NULL;
    int err;

    if (!all)
        return FWSIM_ENOMEM;
    if (!s)
        return fwsim__error(m, FWSIM_ENOMEM, "no memory for %s", kind.name);
    if (hear_restores(m, all)) {
        free(s);
        return FWSIM_ENOMEM;
    }
    s->m = m;
    s->place = *place;
    snprintf(s->name, sizeof s->name, "%s %s", place->controller->slot->name,
             place_name);
    part.i2c = &i2c_script;
    part.spi = &spi_script;
    part.user = s;
    part.detached = on_detached;
    err = fwsim__part_attach(m, &part);
    if (err) {
        free_script(s);
        return err;
    }
    s->next = all->first;
    all->first = s;
    *out = s;
    return 0;
}

/** Copies may fail; NULL stays NULL. */
static bool copy(uint8_t **to, const void *data, size_t size)
{
    if (!data)
        return true;
    *to = malloc(size + 1);
    if (*to && size)
        memcpy(*to, data, size);
    return *to != NULL;
}

static int add(script *s, step_kind what, const void *want, const void *reply,
               size_t size)
{
    step st = { .kind = what, .size = size };
    step *steps = realloc(s->steps, (s->count + 1) * sizeof *steps);

    if (steps)
        s->steps = steps;
    if (!steps || !copy(&st.want, want, size) ||
        !copy(&st.reply, reply, size)) {
        free_step(&st);
        return fwsim__error(s->m, FWSIM_ENOMEM, "no memory for a step of %s",
                            s->name);
    }
    s->steps[s->count++] = st;
    return 0;
}

static int add_step(fwsim_machine *m, const fwsim__host_part *place,
                    const char *name, step_kind what, const void *want,
                    const void *reply, size_t size)
{
    script *s = find(m, place);
    int err = m->running ? fwsim__error(m, FWSIM_EBUSY,
                                        "a step of a script in a callback")
                         : 0;

    if (!err && !s)
        err = make(m, place, name, &s);
    return err ? err : add(s, what, want, reply, size);
}

static void name_address(uint8_t addr, char *buf, size_t size)
{
    snprintf(buf, size, "0x%02x", addr);
}

int fwsim_i2c_expect_write(fwsim_machine *m, const char *controller,
                           uint8_t addr, const void *data, size_t size)
{
    fwsim__host_part place;
    char name[8];
    int err =
        fwsim__part_place(m, FWSIM__BUS_I2C, controller, NULL, addr, &place);

    name_address(addr, name, sizeof name);
    return err ? err : add_step(m, &place, name, WRITE, data, NULL, size);
}

int fwsim_i2c_expect_read(fwsim_machine *m, const char *controller,
                          uint8_t addr, const void *reply, size_t size)
{
    fwsim__host_part place;
    char name[8];
    int err =
        fwsim__part_place(m, FWSIM__BUS_I2C, controller, NULL, addr, &place);

    name_address(addr, name, sizeof name);
    return err ? err : add_step(m, &place, name, READ, NULL, reply, size);
}

int fwsim_spi_expect(fwsim_machine *m, const char *controller, const char *cs,
                     const void *data, const void *reply, size_t size)
{
    fwsim__host_part place;
    int err = fwsim__part_place(m, FWSIM__BUS_SPI, controller, cs, 0, &place);

    if (err)
        return err;
    if (!size)
        return fwsim__error(m, FWSIM_EINVAL, "%s: an exchange of no bytes",
                            controller);
    return add_step(m, &place, cs ? cs : "(no chip select)", EXCHANGE, data,
                    reply, size);
}

/* ------------------------------------------------------------------ */
/* The end of it                                                        */
/* ------------------------------------------------------------------ */

static bool print_bytes(fwsim__bytes *to, const uint8_t *bytes, size_t n)
{
    bool ok = true;

    for (size_t i = 0; i < n && i < SHOWN_BYTES && ok; i++)
        ok = fwsim__print(to, " %02x", bytes[i]);
    if (ok && n > SHOWN_BYTES)
        ok = fwsim__print(to, " ... (%zu bytes)", n);
    return ok;
}

static bool print_wanted(fwsim__bytes *to, const step *st)
{
    static const char *const names[] = { "write", "read", "exchange" };

    if (!fwsim__print(to, "%s", names[st->kind]))
        return false;
    return st->want ? print_bytes(to, st->want, st->size)
                    : fwsim__print(to, " %zu bytes", st->size);
}

/** Steps from the one before the place where it stopped. */
static bool print_steps(fwsim__bytes *to, const script *s)
{
    size_t from = s->current > 2 ? s->current - 2 : 0;
    bool ok = from == 0 || fwsim__print(to, "(%zu steps as expected)\n", from);

    for (size_t i = from; i < s->count && i < from + SHOWN_STEPS && ok; i++) {
        const step *st = &s->steps[i];

        ok = fwsim__print(to, "%zu. ", i + 1) && print_wanted(to, st) &&
             fwsim__print(to, i < s->current      ? ": came\n"
                              : i > s->current    ? ": to come\n"
                              : st->done || s->off ? ": here\n"
                                                   : ": has not come\n");
        if (ok && i == s->current && st->came.size)
            ok = fwsim__print(to, "   came ") &&
                 print_bytes(to, st->came.data, st->came.size) &&
                 fwsim__print(to, "\n");
    }
    if (ok && s->off)
        ok = fwsim__print(to, "%s\n", s->why);
    return ok;
}

static int disappointed(script *s, const fwsim__wait *wait)
{
    char headline[200], came[200];
    fwsim__bytes details = { 0 };
    int err;

    snprintf(headline, sizeof headline, "%s: step %zu of %zu %s", s->name,
             s->current + (s->current < s->count), s->count,
             s->off ? "is another one" : "has not come");
    snprintf(came, sizeof came, "%s",
             s->off   ? s->why
             : s->open ? "it has begun and is not complete"
                       : "nothing more came");
    err = fwsim__expect_failed(
        s->m, &(fwsim__failed){ .wanted = headline,
                                .came = came,
                                .details = print_steps(&details, s)
                                               ? (const char *)details.data
                                               : NULL,
                                .wait = wait });
    free(details.data);
    return err;
}

static int expect_done(fwsim_machine *m, const fwsim__host_part *place,
                       const char *function, uint64_t timeout_ns)
{
    fwsim__wait wait = { .timeout_ns = timeout_ns };
    script *s = find(m, place);
    int err = fwsim__expect_begin(m, function);

    if (err)
        return err;
    if (!s)
        return fwsim__error(m, FWSIM_EINVAL, "%s: there is no script for it",
                            place->controller->slot->name);
    wait.broken = s->off;
    wait.met = !s->off && s->current == s->count;
    s->wait = &wait;
    err = fwsim__expect_run(m, &wait);
    s->wait = NULL;
    if (err || wait.met)
        return err;
    return disappointed(s, &wait);
}

int fwsim_i2c_expect_done(fwsim_machine *m, const char *controller,
                          uint8_t addr, uint64_t timeout_ns)
{
    fwsim__host_part place;
    int err =
        fwsim__part_place(m, FWSIM__BUS_I2C, controller, NULL, addr, &place);

    return err ? err
               : expect_done(m, &place, "fwsim_i2c_expect_done", timeout_ns);
}

int fwsim_spi_expect_done(fwsim_machine *m, const char *controller,
                          const char *cs, uint64_t timeout_ns)
{
    fwsim__host_part place;
    int err = fwsim__part_place(m, FWSIM__BUS_SPI, controller, cs, 0, &place);

    return err ? err
               : expect_done(m, &place, "fwsim_spi_expect_done", timeout_ns);
}
