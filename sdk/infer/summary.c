/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A summary of what a firmware did with registers that nobody modelled, for
 * those who know register maps: in JSON, without code and without data.
 */
#include "infer/infer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

typedef struct writer {
    void (*put)(const char *text, size_t size, void *user);
    void *user;
    const fwsim_summary_options *opt;
    fwsim_machine *m;
} writer;

static void say(writer *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void say(writer *w, const char *fmt, ...)
{
    char text[512];
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    w->put(text, n < (int)sizeof text ? (size_t)n : sizeof text - 1, w->user);
}

/** A text of ours or of an image as a JSON string: what is no plain character
 * becomes '?'. */
static void say_string(writer *w, const char *text)
{
    say(w, "\"");
    for (; *text; text++)
        say(w, "%c", *text < ' ' || *text > '~' || *text == '"' || *text == '\\'
                         ? '?' : *text);
    say(w, "\"");
}

/** Reads at the one place that has read the register most often. */
static uint32_t longest_poll(const fwsim__infer *f, uint32_t cell)
{
    uint32_t most = 0;

    if (!(f->cell[cell].ones | f->cell[cell].zeros | f->cell[cell].contested))
        return 0;
    for (uint32_t i = 0; i < f->st.sites; i++) {
        if (f->site[i].cell == cell && f->site[i].visits > most)
            most = f->site[i].visits;
    }
    return most;
}

/** A member that is left out when it says nothing. */
static void say_bits(writer *w, const char *name, uint32_t bits)
{
    if (bits)
        say(w, ", \"%s\": %" PRIu32, name, bits);
}

static void say_register(writer *w, const fwsim__infer *f, uint32_t index)
{
    const fwsim__cell *c = &f->cell[index];
    const fwsim_symbol *symbol;

    say(w, "\n        { \"offset\": %u, \"width\": %u, \"reads\": %" PRIu32
           ", \"writes\": %" PRIu32,
        (unsigned)(c->addr - fwsim__area_of(f, c)->base), c->width, c->reads,
        c->writes);
    say_bits(w, "tested", c->tested);
    say_bits(w, "awaits-ones", c->ones);
    say_bits(w, "awaits-zeros", c->zeros);
    say_bits(w, "awaits-both", c->contested);
    say_bits(w, "acknowledges", c->flags);
    say_bits(w, "poll", longest_poll(f, index));
    say_bits(w, "in-handler", c->handled);
    if (w->opt->symbols) {
        symbol = fwsim_symbol_at(w->m, c->pc);
        say(w, ", \"function\": ");
        say_string(w, symbol ? symbol->name : "");
    }
    say(w, " }");
}

static bool is_used(const fwsim__cell *c)
{
    return c->reads || c->writes;
}

static bool has_registers(const fwsim__infer *f, uint32_t area)
{
    for (uint32_t i = 0; i < f->st.cells; i++) {
        if (f->cell[i].area == area && is_used(&f->cell[i]))
            return true;
    }
    return false;
}

static unsigned line_count(const fwsim__area *a)
{
    return (unsigned)(__builtin_popcountll(a->lines[0]) +
                      __builtin_popcountll(a->lines[1]));
}

static void say_lines(writer *w, const fwsim__area *a)
{
    const char *separator = "";

    say(w, "\"lines\": [");
    for (unsigned line = 0; line < 128; line++) {
        if (!(a->lines[line / 64] >> line % 64 & 1))
            continue;
        say(w, "%s%u", separator, line);
        separator = ", ";
    }
    say(w, "], ");
}

static void say_block(writer *w, const fwsim__infer *f, uint32_t area,
                      bool first)
{
    const fwsim__area *a = &f->area[area];
    const char *separator = "";

    say(w, "%s\n    { \"block\": %" PRIu32 ", \"interrupts\": %u, ",
        first ? "" : ",", area, line_count(a));
    if (w->opt->addresses) {
        say(w, "\"base\": %" PRIu64 ", ", a->base);
        say_lines(w, a);
    }
    say(w, "\"registers\": [");
    for (uint32_t i = 0; i < f->st.cells; i++) {
        if (f->cell[i].area != area || !is_used(&f->cell[i]))
            continue;
        say(w, "%s", separator);
        say_register(w, f, i);
        separator = ",";
    }
    say(w, " ] }");
}

int fwsim_infer_summary(fwsim_machine *m, const fwsim_summary_options *opt,
                        void (*put)(const char *text, size_t size, void *user),
                        void *user)
{
    static const fwsim_summary_options none;
    const fwsim__infer *f = fwsim__infer_of(m);
    writer w = { put, user, opt ? opt : &none, m };
    uint32_t blocks = 0;

    if (!f)
        return fwsim__error(m, FWSIM_EINVAL, "inference is off");
    if (m->running)
        return fwsim__error(m, FWSIM_EBUSY, "a summary inside a callback");
    say(&w, "{ \"fwsim-summary\": 1, \"cpu\": ");
    say_string(&w, m->soc->cpu ? m->soc->cpu : "");
    say(&w, ", \"blocks\": [");
    for (uint32_t i = 0;
         i < f->st.areas && blocks < FWSIM_SUMMARY_BLOCKS_MAX; i++) {
        if (has_registers(f, i))
            say_block(&w, f, i, !blocks++);
    }
    say(&w, "\n] }\n");
    return 0;
}
