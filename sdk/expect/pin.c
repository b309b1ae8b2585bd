/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expectations of pins: their level, and what they did in a window of time.
 */
#include "expect/expect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/** A pin is watched. */
typedef struct watch {
    fwsim__wait wait;
    const char *pin;
    unsigned index;
    bool until;       /* a change to `level` meets it */
    bool held;        /* a change breaks it */
    bool level;
    uint64_t max;     /* edges; one more breaks it */
    fwsim_wave wave;
    uint64_t first_rising, last_rising;
    uint64_t high_at_first, high_at_last; /* high_ns at these edges */
    uint64_t since;   /* of the level it has */
    bool now;
} watch;

/** Time passes with the level it has. */
static void pass(watch *w, uint64_t now)
{
    if (w->now)
        w->wave.high_ns += now - w->since;
    w->since = now;
}

static void count_edge(watch *w, uint64_t now, bool level)
{
    uint64_t length = now - w->since;

    if (w->wave.rising + w->wave.falling) {
        if (!w->wave.shortest_ns || length < w->wave.shortest_ns)
            w->wave.shortest_ns = length;
        if (length > w->wave.longest_ns)
            w->wave.longest_ns = length;
    }
    pass(w, now);
    w->now = level;
    if (!level) {
        w->wave.falling++;
        return;
    }
    if (!w->wave.rising++) {
        w->first_rising = now;
        w->high_at_first = w->wave.high_ns;
    }
    w->last_rising = now;
    w->high_at_last = w->wave.high_ns;
}

static void on_pin(fwsim_machine *m, unsigned pin, bool level, void *user)
{
    watch *w = user;

    if (pin != w->index || w->wait.met || w->wait.broken)
        return;
    count_edge(w, fwsim_time_ns(m), level);
    w->wait.met = w->until && level == w->level;
    w->wait.broken = w->held || w->wave.rising + w->wave.falling > w->max;
    if (w->wait.met || w->wait.broken)
        fwsim_request_stop(m);
}

static void finish(watch *w, uint64_t now)
{
    fwsim_wave *v = &w->wave;
    uint64_t high = v->high_ns, of;

    pass(w, now);
    v->time_ns = now - w->wait.began_ns;
    high = v->high_ns;
    of = v->time_ns;
    if (v->rising > 1) {
        v->cycles_ns = w->last_rising - w->first_rising;
        high = w->high_at_last - w->high_at_first;
        of = v->cycles_ns;
    }
    v->duty = of ? (double)high / (double)of : w->now;
    v->hz = v->cycles_ns ? (double)(v->rising - 1) * 1e9 / (double)v->cycles_ns
                         : 0;
}

static int begin(fwsim_machine *m, const char *pin, const char *function,
                 watch *w)
{
    int index = fwsim_pin_find(m, pin);

    if (index < 0)
        return index;
    w->pin = pin;
    w->index = (unsigned)index;
    w->now = m->pins[index].level;
    return fwsim__expect_begin(m, function);
}

static int watch_pin(fwsim_machine *m, watch *w)
{
    int err;

    w->wait.kind = FWSIM__HOOK_PIN;
    w->wait.hook = (fwsim__hook){ .fn = (void (*)(void))on_pin, .user = w };
    w->since = fwsim_time_ns(m);
    err = fwsim__expect_run(m, &w->wait);
    if (!err)
        finish(w, fwsim_time_ns(m));
    return err;
}

/** Has the window passed, to its end? */
static bool whole_window(const watch *w)
{
    return w->wait.stop.reason == FWSIM_STOP_LIMIT;
}

static int failed(fwsim_machine *m, const watch *w, const char *headline,
                  const char *came)
{
    return fwsim__expect_failed(m, &(fwsim__failed){ .wanted = headline,
                                                     .came = came,
                                                     .wait = &w->wait });
}

static const char *level_name(bool level)
{
    return level ? "high" : "low";
}

/* ------------------------------------------------------------------ */
/* Levels                                                               */
/* ------------------------------------------------------------------ */

int fwsim_pin_expect(fwsim_machine *m, const char *pin, bool level,
                     uint64_t timeout_ns)
{
    watch w = { .until = true,
                .level = level,
                .max = UINT64_MAX,
                .wait.timeout_ns = timeout_ns };
    int err = begin(m, pin, "fwsim_pin_expect", &w);
    char headline[160], time[32];

    if (err)
        return err;
    w.wait.met = w.now == level;
    err = watch_pin(m, &w);
    if (err || w.wait.met)
        return err;
    snprintf(headline, sizeof headline, "%.80s: is not %s within %s", pin,
             level_name(level),
             fwsim__duration(timeout_ns, time, sizeof time));
    return failed(m, &w, headline,
                  level ? "it is low all the time" : "it is high all the time");
}

int fwsim_pin_expect_held(fwsim_machine *m, const char *pin, bool level,
                          uint64_t time_ns)
{
    watch w = { .held = true,
                .level = level,
                .max = UINT64_MAX,
                .wait.timeout_ns = time_ns };
    int err = begin(m, pin, "fwsim_pin_expect_held", &w);
    char headline[160], came[120], time[32];

    if (err)
        return err;
    w.wait.broken = w.now != level;
    err = watch_pin(m, &w);
    if (err || (!w.wait.broken && (whole_window(&w) || !time_ns)))
        return err;
    snprintf(headline, sizeof headline, "%.80s: is not held %s for %s", pin,
             level_name(level), fwsim__duration(time_ns, time, sizeof time));
    if (w.wait.broken && w.wait.stop.reason == FWSIM_STOP_NONE)
        snprintf(came, sizeof came, "it is %s", level_name(!level));
    else if (w.wait.broken)
        snprintf(came, sizeof came, "it goes %s after %s", level_name(!level),
                 fwsim__duration(w.wave.time_ns, time, sizeof time));
    else
        snprintf(came, sizeof came, "the run ends after %s",
                 fwsim__duration(w.wave.time_ns, time, sizeof time));
    return failed(m, &w, headline, came);
}

/* ------------------------------------------------------------------ */
/* Windows                                                              */
/* ------------------------------------------------------------------ */

int fwsim_pin_measure(fwsim_machine *m, const char *pin, uint64_t time_ns,
                      fwsim_wave *wave)
{
    watch w = { .max = UINT64_MAX, .wait.timeout_ns = time_ns };
    int err = begin(m, pin, "fwsim_pin_measure", &w);

    if (err)
        return err;
    if (!time_ns)
        return fwsim__error(m, FWSIM_EINVAL, "%s: measured for no time", pin);
    err = watch_pin(m, &w);
    if (!err)
        *wave = w.wave;
    return err;
}

/** What came, for people. */
static void describe_wave(const watch *w, char *out, size_t size)
{
    const fwsim_wave *v = &w->wave;
    char time[32], high[32];

    snprintf(out, size,
             "in %s came %" PRIu64 " rising and %" PRIu64
             " falling edges, high for %s: %.6g Hz, %.4g %% high",
             fwsim__duration(v->time_ns, time, sizeof time), v->rising,
             v->falling, fwsim__duration(v->high_ns, high, sizeof high), v->hz,
             v->duty * 100);
}

int fwsim_pin_expect_edges(fwsim_machine *m, const char *pin, uint64_t min,
                           uint64_t max, uint64_t time_ns)
{
    watch w = { .max = max, .wait.timeout_ns = time_ns };
    int err = begin(m, pin, "fwsim_pin_expect_edges", &w);
    char headline[200], came[200], time[32];

    if (err)
        return err;
    if (min > max || !time_ns)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s: %" PRIu64 " to %" PRIu64 " edges in %s", pin,
                            min, max,
                            fwsim__duration(time_ns, time, sizeof time));
    err = watch_pin(m, &w);
    if (err || (whole_window(&w) && w.wave.rising + w.wave.falling >= min))
        return err;
    snprintf(headline, sizeof headline,
             "%.80s: not %" PRIu64 " to %" PRIu64 " edges in %s", pin, min,
             max, fwsim__duration(time_ns, time, sizeof time));
    describe_wave(&w, came, sizeof came);
    return failed(m, &w, headline, came);
}

static bool near(double value, double wanted, double distance)
{
    /* The limits themselves are inside, whatever the binary fractions say. */
    return value >= wanted - distance - 1e-9 * wanted &&
           value <= wanted + distance + 1e-9 * wanted;
}

int fwsim_pin_expect_duty(fwsim_machine *m, const char *pin, double duty,
                          double tolerance, uint64_t time_ns)
{
    watch w = { .max = UINT64_MAX, .wait.timeout_ns = time_ns };
    int err = begin(m, pin, "fwsim_pin_expect_duty", &w);
    char headline[200], came[200], time[32];

    if (err)
        return err;
    if (!(duty >= 0 && duty <= 1 && tolerance >= 0 && tolerance <= 1) ||
        !time_ns)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s: a duty of %g +- %g; 1 is always high", pin,
                            duty, tolerance);
    err = watch_pin(m, &w);
    if (err || (whole_window(&w) && near(w.wave.duty, duty, tolerance)))
        return err;
    snprintf(headline, sizeof headline,
             "%.80s: is not high %.4g %% +- %.4g %% of %s", pin, duty * 100,
             tolerance * 100, fwsim__duration(time_ns, time, sizeof time));
    describe_wave(&w, came, sizeof came);
    return failed(m, &w, headline, came);
}

int fwsim_pin_expect_rate(fwsim_machine *m, const char *pin, double hz,
                          double tolerance, uint64_t time_ns)
{
    watch w = { .max = UINT64_MAX, .wait.timeout_ns = time_ns };
    int err = begin(m, pin, "fwsim_pin_expect_rate", &w);
    char headline[200], came[200], time[32];

    if (err)
        return err;
    if (!(hz > 0 && tolerance >= 0 && tolerance <= 1) || !time_ns)
        return fwsim__error(m, FWSIM_EINVAL,
                            "%s: %g Hz with a tolerance of %g", pin, hz,
                            tolerance);
    err = watch_pin(m, &w);
    if (err || (whole_window(&w) && w.wave.rising > 1 &&
                near(w.wave.hz, hz, hz * tolerance)))
        return err;
    snprintf(headline, sizeof headline,
             "%.80s: has not %.6g Hz +- %.4g %% in %s", pin, hz,
             tolerance * 100, fwsim__duration(time_ns, time, sizeof time));
    describe_wave(&w, came, sizeof came);
    return failed(m, &w, headline, came);
}
