/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: a ring with the last events of a machine.
 *
 * What takes a while, a line of a UART or a transaction on a bus, is an open
 * entry of its peripheral until it is complete. Entries are kept as numbers
 * and bytes, and are made into text when they are printed.
 */
#include "machine/machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MAX = 1000000, TEXT = 64, ORIGIN = 16 };

typedef enum entry_kind {
    NOTHING,
    LINE,       /* text: of a UART */
    PIN,        /* number: pin; flag: level */
    EXCEPTION,  /* number; flag: has returned */
    UNMODELLED, /* addr, value; flag: write */
    RESET,      /* number: fwsim_reset_kind */
    I2C,        /* text: a transfer; value: bytes left out of it */
    SPI,        /* the same */
    CAN,        /* text: a frame */
    NOTE        /* text, from */
} entry_kind;

typedef struct entry {
    uint64_t time_ns; /* of the last part */
    uint64_t first_ns;
    uint64_t pc;
    uint64_t addr;
    const char *origin; /* static; NULL: `from` */
    uint32_t count;     /* of equal events in a row */
    uint32_t number;
    uint32_t value;
    uint8_t kind;
    bool flag;
    bool has_pc;
    uint8_t size;   /* of text */
    char from[ORIGIN];
    char text[TEXT];
} entry;

typedef struct journal {
    entry *ring;
    size_t capacity;
    size_t next;  /* place of the next one */
    size_t count; /* of entries in the ring */
    entry *open;  /* one a peripheral */
    uint16_t periphs;
    int hooks[4]; /* ids, those of UARTs excluded */
} journal;

static void destroy(void *data)
{
    journal *j = data;

    free(j->ring);
    free(j->open);
}

static const fwsim__attachment kind = {
    .name = "the journal", .size = sizeof(journal), .destroy = destroy
};

static journal *journal_of(const fwsim_machine *m)
{
    journal *j = fwsim__attached(m, &kind);

    return j && j->capacity ? j : NULL;
}

/* ------------------------------------------------------------------ */
/* The ring                                                             */
/* ------------------------------------------------------------------ */

/** The entry @a back places before the newest one. */
static entry *newest(journal *j, size_t back)
{
    return &j->ring[(j->next + j->capacity - 1 - back) % j->capacity];
}

static entry new_entry(fwsim_machine *m, entry_kind what, const char *origin)
{
    uint64_t now = fwsim_time_ns(m);
    entry e = { .time_ns = now,
                .first_ns = now,
                .origin = origin,
                .count = 1,
                .kind = (uint8_t)what };

    if (m->cpu) {
        e.pc = m->cpu_ops->pc(m->cpu);
        e.has_pc = true;
    }
    return e;
}

/** The ring is in order of time: an entry that was open for a while goes
 * before those that came after its last part. */
static void push(journal *j, const entry *e)
{
    size_t back = 0;

    j->next = (j->next + 1) % j->capacity;
    if (j->count < j->capacity)
        j->count++;
    while (back + 1 < j->count && newest(j, back + 1)->time_ns > e->time_ns) {
        *newest(j, back) = *newest(j, back + 1);
        back++;
    }
    *newest(j, back) = *e;
}

static bool same_text(const entry *a, const entry *b)
{
    return !strcmp(a->from, b->from) && a->size == b->size &&
           !memcmp(a->text, b->text, a->size);
}

/** An event like the newest one shares its entry. */
static void push_repeated(journal *j, const entry *e)
{
    entry *last = j->count ? newest(j, 0) : NULL;

    if (!last || last->kind != e->kind || last->number != e->number ||
        last->addr != e->addr || last->origin != e->origin ||
        (e->kind == UNMODELLED && last->flag != e->flag) ||
        (e->kind == NOTE && !same_text(last, e))) {
        push(j, e);
        return;
    }
    last->time_ns = e->time_ns;
    last->pc = e->pc;
    last->value = e->value;
    last->flag = e->flag;
    last->count++;
}

/** Close an entry that is open. */
static void close_entry(journal *j, entry *e)
{
    if (e->kind == NOTHING)
        return;
    push(j, e);
    e->kind = NOTHING;
}

/** Close all, those first that were changed first. */
static void close_all(journal *j)
{
    for (;;) {
        entry *first = NULL;

        for (uint16_t i = 0; i < j->periphs; i++)
            if (j->open[i].kind != NOTHING &&
                (!first || j->open[i].time_ns < first->time_ns))
                first = &j->open[i];
        if (!first)
            return;
        close_entry(j, first);
    }
}

/** The machine went back: what was after this moment has not happened. */
static void forget_future(journal *j, uint64_t now)
{
    while (j->count && newest(j, 0)->time_ns > now) {
        j->next = (j->next + j->capacity - 1) % j->capacity;
        j->count--;
    }
    for (uint16_t i = 0; i < j->periphs; i++)
        j->open[i].kind = NOTHING;
}

/* ------------------------------------------------------------------ */
/* Listening                                                            */
/* ------------------------------------------------------------------ */

static void on_uart(fwsim_machine *m, const char *uart, uint8_t byte,
                    void *user)
{
    journal *j = user;
    entry *e = &j->open[fwsim__periph_find(m, uart)->index];

    if (e->kind == NOTHING && (byte == '\n' || byte == '\r'))
        return;
    if (e->kind == NOTHING)
        *e = new_entry(m, LINE, uart);
    if (byte != '\n' && byte != '\r')
        e->text[e->size++] = (char)byte;
    e->time_ns = fwsim_time_ns(m);
    if (byte == '\n' || e->size == TEXT)
        close_entry(j, e);
}

static void on_pin(fwsim_machine *m, unsigned pin, bool level, void *user)
{
    entry e = new_entry(m, PIN, "pin");

    e.number = pin;
    e.flag = level;
    push(user, &e);
}

static bool is_cortex_m(const fwsim_machine *m)
{
    return m->soc->cpu && strncmp(m->soc->cpu, "cortex-m", 8) == 0;
}

/** The newest entry of an exception that has not returned; 0: of any. */
static entry *entered(journal *j, unsigned number)
{
    for (size_t i = 0; i < j->count; i++) {
        entry *e = newest(j, i);

        if (e->kind == EXCEPTION && !e->flag &&
            (!number || e->number == number))
            return e;
    }
    return NULL;
}

/** Is it no address, but what an exception returns to? Then this one follows
 * the one before without a return in between (Cortex-M tail-chaining). */
static bool is_chained(const fwsim_machine *m, const fwsim_exception *x)
{
    return is_cortex_m(m) && x->entry && x->pc >= 0xff000000u;
}

static void on_exception(fwsim_machine *m, const fwsim_exception *x,
                         void *user)
{
    journal *j = user;
    entry *begun = x->entry ? NULL : entered(j, x->number);
    entry *before = is_chained(m, x) ? entered(j, 0) : NULL;
    entry e = { .time_ns = fwsim_time_ns(m),
                .origin = "core",
                .pc = x->pc,
                .has_pc = true,
                .count = 1,
                .number = x->number,
                .kind = EXCEPTION,
                .flag = !x->entry };

    e.first_ns = e.time_ns;
    if (before) {
        before->flag = true;
        e.pc = before->pc;
    }
    if (begun)
        begun->flag = true;
    else if (x->entry)
        push_repeated(j, &e);
}

/** The open transfer of a bus. */
static entry *transfer_of(fwsim_machine *m, journal *j, entry_kind what,
                          const fwsim_periph *p)
{
    entry *e = &j->open[p->index];

    if (e->kind != what) {
        close_entry(j, e);
        *e = new_entry(m, what, p->slot->name);
    }
    e->time_ns = fwsim_time_ns(m);
    return e;
}

/** More of a transfer, with a byte; what finds no room is counted. */
static void add_text(entry *e, const char *text)
{
    size_t n = strlen(text);

    if (e->value || e->size + n > TEXT) {
        e->value++;
        return;
    }
    memcpy(e->text + e->size, text, n);
    e->size = (uint8_t)(e->size + n);
}

static void on_i2c(fwsim_machine *m, journal *j, const fwsim__note *note)
{
    entry *e = transfer_of(m, j, I2C, note->periph);
    char text[40];

    switch (note->kind) {
    case FWSIM__NOTE_I2C_START:
        snprintf(text, sizeof text, "%s%s 0x%02x%s", e->size ? "; " : "",
                 note->value & 1 ? "read" : "write",
                 (unsigned)(note->value >> 1), note->ok ? "" : " NACK");
        break;
    case FWSIM__NOTE_I2C_STOP:
        /* A STOP of a bus where nothing has happened is none. */
        if (!e->size)
            e->kind = NOTHING;
        close_entry(j, e);
        return;
    default:
        snprintf(text, sizeof text, " %02x%s", (unsigned)note->value,
                 note->ok ? "" : " NACK");
        break;
    }
    add_text(e, text);
}

static void on_spi(fwsim_machine *m, journal *j, const fwsim__note *note)
{
    entry *e = transfer_of(m, j, SPI, note->periph);
    char text[40], name[16];

    if (note->kind == FWSIM__NOTE_SPI_BYTE) {
        snprintf(text, sizeof text, "%s%02x>%02x%s", e->size ? " " : "",
                 (unsigned)(note->value >> 8), (unsigned)(note->value & 0xff),
                 note->ok ? "" : " nobody");
        add_text(e, text);
        return;
    }
    if (!e->size)
        e->kind = NOTHING;
    close_entry(j, e);
    if (!note->ok)
        return;
    snprintf(text, sizeof text, "%.30s:",
             fwsim__pin_name(m, (unsigned)note->addr, name, sizeof name));
    add_text(transfer_of(m, j, SPI, note->periph), text);
}

static void on_can(fwsim_machine *m, journal *j, const fwsim__note *note)
{
    entry e = new_entry(m, CAN, note->periph->slot->name);
    char text[40];

    e.size = (uint8_t)snprintf(e.text, TEXT, "%s %s",
                               note->write ? "sends" : "receives",
                               fwsim__can_text(note->frame, text, sizeof text));
    push(j, &e);
}

static void on_note(fwsim_machine *m, const fwsim__note *note, void *user)
{
    journal *j = user;
    entry e;

    if (note->kind == FWSIM__NOTE_CAN) {
        on_can(m, j, note);
        return;
    }
    if (note->kind >= FWSIM__NOTE_I2C_START) {
        if (!note->periph)
            return;
        if (note->kind <= FWSIM__NOTE_I2C_STOP)
            on_i2c(m, j, note);
        else
            on_spi(m, j, note);
        return;
    }
    if (note->kind == FWSIM__NOTE_RESTORED) {
        forget_future(j, fwsim_time_ns(m));
        return;
    }
    e = new_entry(m, note->kind == FWSIM__NOTE_RESET ? RESET : UNMODELLED,
                  note->origin ? note->origin : "chip");
    e.number = note->kind == FWSIM__NOTE_RESET ? note->value : 0;
    e.addr = note->addr;
    e.value = note->value;
    e.flag = note->write;
    if (note->kind == FWSIM__NOTE_RESET)
        close_all(j);
    push_repeated(j, &e);
}

/** Copy whole characters of UTF-8 that fit. @return bytes */
static size_t copy_text(char *to, size_t room, const char *from)
{
    size_t n = strlen(from);

    if (n > room) {
        n = room;
        while (n && ((unsigned char)from[n] & 0xc0) == 0x80)
            n--;
    }
    memcpy(to, from, n);
    return n;
}

void fwsim_journal_note(fwsim_machine *m, const char *origin, const char *text)
{
    journal *j = journal_of(m);
    entry e;

    if (!j)
        return;
    e = new_entry(m, NOTE, NULL);
    e.from[copy_text(e.from, ORIGIN - 1, origin)] = '\0';
    e.size = (uint8_t)copy_text(e.text, TEXT - 1, text);
    push_repeated(j, &e);
}

/* ------------------------------------------------------------------ */
/* Switching on                                                         */
/* ------------------------------------------------------------------ */

static void stop_listening(fwsim_machine *m, journal *j)
{
    for (size_t i = 0; i < sizeof j->hooks / sizeof *j->hooks; i++)
        if (j->hooks[i] > 0)
            fwsim_unhook(m, j->hooks[i]);
    memset(j->hooks, 0, sizeof j->hooks);
}

static int listen(fwsim_machine *m, journal *j)
{
    const struct {
        fwsim__hook_kind kind;
        void (*fn)(void);
    } wanted[] = {
        { FWSIM__HOOK_UART, (void (*)(void))on_uart },
        { FWSIM__HOOK_PIN, (void (*)(void))on_pin },
        { FWSIM__HOOK_EXCEPTION, (void (*)(void))on_exception },
        { FWSIM__HOOK_NOTE, (void (*)(void))on_note },
    };

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        j->hooks[i] =
            fwsim__hook_add(m, wanted[i].kind,
                            &(fwsim__hook){ .fn = wanted[i].fn, .user = j });
        if (j->hooks[i] < 0) {
            stop_listening(m, j);
            return FWSIM_ENOMEM;
        }
    }
    return 0;
}

/** A new ring, empty. */
static int make_ring(fwsim_machine *m, journal *j, size_t entries)
{
    entry *ring = calloc(entries, sizeof *ring);
    entry *open = calloc(m->periph_count + 1u, sizeof *open);

    if (!ring || !open) {
        free(ring);
        free(open);
        return fwsim__error(m, FWSIM_ENOMEM,
                            "no memory for a journal of %zu entries", entries);
    }
    destroy(j);
    j->ring = ring;
    j->open = open;
    j->periphs = m->periph_count;
    j->capacity = entries;
    j->next = j->count = 0;
    return 0;
}

static void switch_off(fwsim_machine *m, journal *j)
{
    stop_listening(m, j);
    destroy(j);
    *j = (journal){ .ring = NULL };
}

int fwsim_journal_enable(fwsim_machine *m, size_t entries)
{
    journal *j;
    int err;

    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY,
                            "fwsim_journal_enable inside a callback");
    if (entries > ENTRIES_MAX)
        return fwsim__error(m, FWSIM_ERANGE, "%zu entries; the most is %d",
                            entries, ENTRIES_MAX);
    j = fwsim__attach(m, &kind);
    if (!j)
        return FWSIM_ENOMEM;
    if (entries == 0)
        switch_off(m, j);
    if (entries == j->capacity)
        return 0;
    if (!j->hooks[0]) {
        err = listen(m, j);
        if (err)
            return err;
    }
    err = make_ring(m, j, entries);
    if (err && !j->capacity)
        stop_listening(m, j);
    return err;
}

size_t fwsim_journal_entries(const fwsim_machine *m)
{
    const journal *j = journal_of(m);

    return j ? j->capacity : 0;
}

/* ------------------------------------------------------------------ */
/* Printing                                                             */
/* ------------------------------------------------------------------ */

static const char *exception_name(unsigned number, char *buf, size_t size)
{
    static const char *const names[16] = {
        [1] = "Reset",       [2] = "NMI",        [3] = "HardFault",
        [4] = "MemManage",   [5] = "BusFault",   [6] = "UsageFault",
        [7] = "SecureFault", [11] = "SVCall",    [12] = "DebugMonitor",
        [14] = "PendSV",     [15] = "SysTick",
    };

    if (number < 16 && names[number])
        return names[number];
    if (number < 16)
        snprintf(buf, size, "exception %u", number);
    else
        snprintf(buf, size, "interrupt %u", number - 16);
    return buf;
}

static const char *reset_name(unsigned what)
{
    static const char *const names[] = {
        [FWSIM_RESET_POWER_ON] = "power-on",
        [FWSIM_RESET_PIN] = "pin",
        [FWSIM_RESET_SYSTEM] = "system",
        [FWSIM_RESET_WATCHDOG] = "watchdog",
    };

    return what < sizeof names / sizeof *names ? names[what] : "?";
}

/** Arm's names for exceptions are those of the M profile. */
static const char *exception_of(const fwsim_machine *m, const entry *e,
                                char *buf, size_t size)
{
    if (!is_cortex_m(m)) {
        snprintf(buf, size, "exception %u", e->number);
        return buf;
    }
    return exception_name(e->number, buf, size);
}

static void what_happened(const fwsim_machine *m, const entry *e, char *out,
                          size_t size)
{
    char name[40];

    switch (e->kind) {
    case LINE:
        out[0] = '"';
        fwsim__escape(out + 1, size - 2, e->text, e->size);
        strcat(out, "\"");
        break;
    case PIN:
        snprintf(out, size, "%s goes %s",
                 fwsim__pin_name(m, e->number, name, sizeof name),
                 e->flag ? "high" : "low");
        break;
    case EXCEPTION:
        snprintf(out, size, "%s%s", exception_of(m, e, name, sizeof name),
                 e->flag ? "" : ", has not returned");
        break;
    case UNMODELLED:
        if (e->flag)
            snprintf(out, size,
                     "no model: write of 0x%" PRIx32 " to 0x%08" PRIx64,
                     e->value, e->addr);
        else
            snprintf(out, size, "no model: read of 0x%08" PRIx64, e->addr);
        break;
    case RESET:
        snprintf(out, size, "reset: %s", reset_name(e->number));
        break;
    default:
        snprintf(out, size, "%.*s", e->size, e->text);
        if (e->kind != NOTE && e->value)
            snprintf(out + e->size, size - e->size, " and %" PRIu32 " more",
                     e->value);
        break;
    }
}

static void print_entry(fwsim_machine *m, const entry *e,
                        void (*put)(const char *line, void *user), void *user)
{
    char what[4 * TEXT + 40], more[64] = "", where[160] = "", line[640];

    what_happened(m, e, what, sizeof what);
    if (e->count > 1)
        snprintf(more, sizeof more,
                 ", %" PRIu32 " times since %" PRIu64 ".%06" PRIu64 " s",
                 e->count, e->first_ns / 1000000000u,
                 e->first_ns % 1000000000u / 1000u);
    if (e->has_pc)
        fwsim_describe(m, e->pc, where, sizeof where);
    snprintf(line, sizeof line, "%" PRIu64 ".%06" PRIu64 " s  %-8s %s%s%s%s",
             e->time_ns / 1000000000u, e->time_ns % 1000000000u / 1000u,
             e->origin ? e->origin : e->from, what, more,
             e->has_pc ? "  at " : "", where);
    put(line, user);
}

size_t fwsim_journal_print(fwsim_machine *m, size_t last,
                           void (*put)(const char *line, void *user),
                           void *user)
{
    journal *j = journal_of(m);
    size_t n;

    if (!j)
        return 0;
    close_all(j);
    n = last && last < j->count ? last : j->count;
    for (size_t i = n; i-- > 0;)
        print_entry(m, newest(j, i), put, user);
    return n;
}
