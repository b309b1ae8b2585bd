/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A picture of 5 x 5 LEDs behind a matrix of row and column lines: a LED is on
 * while its row line is high and its column line is low. Any matrix does, up
 * to 32 lines; the slot says which LED sits where.
 *
 * Firmware lights one row after the other, so that a LED at full brightness is
 * on for 1 / rows of the time; that share shows as 100 %. It is measured over
 * windows of a fixed length in virtual time. An output gives the last window
 * that is complete: what it shows depends on the pins alone, not on when and
 * how often a host looks.
 */
#include <string.h>

#include "fwsim_periph.h"

enum { SIDE = 5, LEDS = SIDE * SIDE };
enum { PARAM_ROWS, PARAM_COLS, PARAM_WINDOW_US, PARAM_LED };

typedef struct matrix {
    uint64_t since;       /* ticks are counted up to here */
    uint64_t window;      /* number of the window that contains `since` */
    uint64_t on[LEDS];    /* ticks on, in this window so far */
    uint64_t shown[LEDS]; /* ticks on, in the window before */
    uint32_t lit;         /* LEDs on at `since`, a bit each */
    uint32_t reserved;
} matrix;

static uint32_t param(const fwsim_periph *p, unsigned index)
{
    return fwsim_periph_slot(p)->param[index];
}

static uint64_t window_ticks(const fwsim_periph *p)
{
    uint64_t ns = FWSIM_US(param(p, PARAM_WINDOW_US));

    return fwsim_ticks_from_ns(p, ns ? ns : 1);
}

static void count_until(matrix *s, uint64_t tick)
{
    for (unsigned i = 0; i < LEDS; i++)
        if (s->lit >> i & 1)
            s->on[i] += tick - s->since;
    s->since = tick;
}

static void next_window(matrix *s, uint64_t length)
{
    count_until(s, (s->window + 1) * length);
    memcpy(s->shown, s->on, sizeof s->shown);
    memset(s->on, 0, sizeof s->on);
    s->window++;
}

static void advance(matrix *s, uint64_t now, uint64_t length)
{
    if (s->window < now / length)
        next_window(s, length);
    if (s->window < now / length) {
        /* Nothing changes in the windows between: the last one says it all. */
        s->window = now / length - 1;
        s->since = s->window * length;
        next_window(s, length);
    }
    count_until(s, now);
}

static uint32_t lit_now(const fwsim_periph *p)
{
    unsigned rows = param(p, PARAM_ROWS);
    uint32_t lit = 0;

    for (unsigned i = 0; i < LEDS; i++) {
        unsigned row = param(p, PARAM_LED + i) >> 8;
        unsigned col = param(p, PARAM_LED + i) & 0xff;

        if (fwsim_part_level(p, row) && !fwsim_part_level(p, rows + col))
            lit |= 1u << i;
    }
    return lit;
}

static void update(fwsim_periph *p)
{
    matrix *s = fwsim_state(p);

    advance(s, fwsim_now(p), window_ticks(p));
    s->lit = lit_now(p);
}

static void matrix_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    (void)kind;
    update(p);
}

static void matrix_pin(fwsim_periph *p, unsigned pin, bool level)
{
    unsigned lines = param(p, PARAM_ROWS) + param(p, PARAM_COLS);

    (void)level;
    for (unsigned i = 0; i < lines; i++)
        if (fwsim_periph_slot(p)->pin[i] == pin) {
            update(p);
            return;
        }
}

static int32_t matrix_output(fwsim_periph *p, unsigned index)
{
    matrix s = *(const matrix *)fwsim_state(p);
    uint64_t length = window_ticks(p), percent;

    advance(&s, fwsim_now(p), length);
    percent = (s.shown[index] * param(p, PARAM_ROWS) * 100 + length / 2) /
              length;
    return percent < 100 ? (int32_t)percent : 100;
}

/* clang-format off */
static const char *const matrix_pins[] = {
    "line_0",  "line_1",  "line_2",  "line_3",  "line_4",  "line_5",
    "line_6",  "line_7",  "line_8",  "line_9",  "line_10", "line_11",
    "line_12", "line_13", "line_14", "line_15", "line_16", "line_17",
    "line_18", "line_19", "line_20", "line_21", "line_22", "line_23",
    "line_24", "line_25", "line_26", "line_27", "line_28", "line_29",
    "line_30", "line_31",
    NULL
};

/* led_X_Y: X counts from the left, Y from the top; value row << 8 | col. */
static const char *const matrix_params[] = {
    "rows", "cols", "window_us",
    "led_0_0", "led_1_0", "led_2_0", "led_3_0", "led_4_0",
    "led_0_1", "led_1_1", "led_2_1", "led_3_1", "led_4_1",
    "led_0_2", "led_1_2", "led_2_2", "led_3_2", "led_4_2",
    "led_0_3", "led_1_3", "led_2_3", "led_3_3", "led_4_3",
    "led_0_4", "led_1_4", "led_2_4", "led_3_4", "led_4_4",
    NULL
};

#define LED(name) { name, "%", 0, 0, 0 }
static const fwsim_quantity matrix_outputs[] = {
    LED("led_0_0"), LED("led_1_0"), LED("led_2_0"), LED("led_3_0"), LED("led_4_0"),
    LED("led_0_1"), LED("led_1_1"), LED("led_2_1"), LED("led_3_1"), LED("led_4_1"),
    LED("led_0_2"), LED("led_1_2"), LED("led_2_2"), LED("led_3_2"), LED("led_4_2"),
    LED("led_0_3"), LED("led_1_3"), LED("led_2_3"), LED("led_3_3"), LED("led_4_3"),
    LED("led_0_4"), LED("led_1_4"), LED("led_2_4"), LED("led_3_4"), LED("led_4_4"),
    { 0 }
};
/* clang-format on */

static const char *const matrix_gaps[] = {
    "a column line that nobody drives counts as low",
    "LEDs as light sensors",
    NULL
};

const fwsim_periph_type part_led_matrix_5x5 = {
    .name = "part_led_matrix_5x5",
    .summary = "5x5 LEDs on row and column lines; led_X_Y from the top left",
    .source = "none",
    .gaps = matrix_gaps,
    .state_size = sizeof(matrix),
    .pins = matrix_pins,
    .params = matrix_params,
    .outputs = matrix_outputs,
    .on_reset = matrix_reset,
    .on_pin = matrix_pin,
    .output = matrix_output,
};
