/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFM32 timer: 16 bits, three compare channels.
 *
 * Source: EFM32HG Reference Manual, chapter 18 (TIMER).
 * Modelled: counting up, down and up-down, one-shot, prescaler, overflow,
 * underflow, compare interrupts, buffered TOP and CCV.
 * Not modelled: see timer_gaps.
 *
 * Between two turns (a wrap, or a change of direction) the counter runs
 * straight on; such a stretch is planned as one event at its end and one for
 * each compare value on the way.
 */
#include "efm32_common.h"

enum { CHANNELS = 3, CC_STRIDE = 0x10 };

enum {
    CTRL = 0x00,
    CMD = 0x04,
    STATUS = 0x08,
    IEN = 0x0c,
    IF = 0x10,
    IFS = 0x14,
    IFC = 0x18,
    TOP = 0x1c,
    TOPB = 0x20,
    CNT = 0x24,
    ROUTE = 0x28,
    CC_CTRL = 0x30, /* of channel 0; the others follow at CC_STRIDE */
    CC_CCV = 0x34,
    CC_CCVP = 0x38,
    CC_CCVB = 0x3c,
    DTCTRL = 0x70,
    DTTIME = 0x74,
    DTFC = 0x78,
    DTOGEN = 0x7c,
    DTFAULT = 0x80,
    DTFAULTC = 0x84,
    DTLOCK = 0x88
};

#define CTRL_MODE   (3u << 0)
#define CTRL_OSMEN  (1u << 4)
#define CTRL_CLKSEL (3u << 16)
#define CTRL_ALL    0x3f032ffbu

#define CMD_START (1u << 0)
#define CMD_STOP  (1u << 1)

#define STATUS_RUNNING (1u << 0)
#define STATUS_DIR     (1u << 1) /* counts down */
#define STATUS_TOPBV   (1u << 2)
#define STATUS_CCVBV   (1u << 8) /* of channel 0 */

#define IF_OF  (1u << 0)
#define IF_UF  (1u << 1)
#define IF_CC  (1u << 4) /* of channel 0 */
#define IF_ALL 0x773u

enum { MODE_UP, MODE_DOWN, MODE_UPDOWN, MODE_QDEC };
enum { CC_OFF, CC_CAPTURE, CC_COMPARE, CC_PWM };

enum { EVENT_TURN, EVENT_CC }; /* EVENT_CC: of channel 0 */

typedef struct timer_state {
    fwsim_counter counter; /* steps */
    uint64_t begin;        /* steps at the begin of this stretch */
    uint32_t first;        /* CNT there */
    uint32_t reserved;
} timer_state;

static void update_irq(fwsim_periph *p)
{
    fwsim_irq_set(p, 0, fwsim_reg_get(p, IF) & fwsim_reg_get(p, IEN));
}

static void flag(fwsim_periph *p, uint32_t bits)
{
    fwsim_reg_update(p, IF, 0, bits);
    update_irq(p);
}

static unsigned mode(const fwsim_periph *p)
{
    return fwsim_reg_get(p, CTRL) & CTRL_MODE;
}

static bool down(const fwsim_periph *p)
{
    return fwsim_reg_get(p, STATUS) & STATUS_DIR;
}

static uint32_t count(fwsim_periph *p)
{
    const timer_state *s = fwsim_state(p);
    uint32_t steps =
        (uint32_t)(fwsim_counter_get(p, &s->counter) - s->begin);

    return (down(p) ? s->first - steps : s->first + steps) & 0xffff;
}

/* Steps from the begin of this stretch to its end, at least one. Counting up
 * beyond TOP goes on to the end of the 16 bits. */
static uint32_t length(fwsim_periph *p)
{
    const timer_state *s = fwsim_state(p);
    uint32_t top = fwsim_reg_get(p, TOP);
    uint32_t last = down(p) ? s->first
                            : (s->first <= top ? top : 0xffff) - s->first;

    return mode(p) == MODE_UPDOWN && last > 0 ? last : last + 1;
}

static void plan_channel(fwsim_periph *p, unsigned channel, uint32_t from)
{
    const timer_state *s = fwsim_state(p);
    unsigned ctrl = fwsim_reg_get(p, CC_CTRL + channel * CC_STRIDE) & 3;
    uint32_t ccv = fwsim_reg_get(p, CC_CCV + channel * CC_STRIDE);
    uint32_t steps = (down(p) ? s->first - ccv : ccv - s->first) & 0xffff;

    fwsim_event_cancel(p, EVENT_CC + channel);
    if ((ctrl == CC_COMPARE || ctrl == CC_PWM) && s->counter.running &&
        steps >= from && steps < length(p))
        fwsim_event_set(p, EVENT_CC + channel,
                        fwsim_counter_until(p, &s->counter, s->begin + steps));
}

/* @param from  compare values on earlier steps have had their match */
static void plan(fwsim_periph *p, uint32_t from)
{
    const timer_state *s = fwsim_state(p);

    if (s->counter.running)
        fwsim_event_set(p, EVENT_TURN,
                        fwsim_counter_until(p, &s->counter,
                                            s->begin + length(p)));
    else
        fwsim_event_cancel(p, EVENT_TURN);
    for (unsigned channel = 0; channel < CHANNELS; channel++)
        plan_channel(p, channel, from);
}

/* Something that the plan rests on has changed: a new stretch begins. */
static void replan(fwsim_periph *p, uint32_t cnt)
{
    timer_state *s = fwsim_state(p);

    s->begin = fwsim_counter_get(p, &s->counter);
    s->first = cnt;
    plan(p, 1);
}

/* TIMERn_TOPB, TIMERn_CCx_CCVB: buffered values are taken over at each overflow and
 * underflow. */
static void take_buffers(fwsim_periph *p)
{
    uint32_t status = fwsim_reg_get(p, STATUS);

    if (status & STATUS_TOPBV)
        fwsim_reg_set(p, TOP, fwsim_reg_get(p, TOPB));
    for (unsigned i = 0; i < CHANNELS; i++)
        if (status & STATUS_CCVBV << i)
            fwsim_reg_set(p, CC_CCV + i * CC_STRIDE,
                          fwsim_reg_get(p, CC_CCVB + i * CC_STRIDE));
    fwsim_reg_update(p, STATUS, STATUS_TOPBV | 7 * STATUS_CCVBV, 0);
}

static void stop(fwsim_periph *p)
{
    timer_state *s = fwsim_state(p);
    uint32_t cnt = count(p);

    fwsim_counter_stop(p, &s->counter);
    fwsim_reg_update(p, STATUS, STATUS_RUNNING, 0);
    replan(p, cnt);
}

/* The end of a stretch: wrap, or turn round. */
static void turn(fwsim_periph *p)
{
    timer_state *s = fwsim_state(p);
    bool was_down = down(p);

    s->begin += length(p);
    take_buffers(p);
    if (mode(p) == MODE_UPDOWN) {
        s->first = was_down ? 0 : fwsim_reg_get(p, TOP);
        fwsim_reg_update(p, STATUS, STATUS_DIR, was_down ? 0 : STATUS_DIR);
    } else {
        s->first = was_down ? fwsim_reg_get(p, TOP) : 0;
    }
    flag(p, was_down ? IF_UF : IF_OF);
    if (fwsim_reg_get(p, CTRL) & CTRL_OSMEN)
        stop(p);
    else
        plan(p, 0);
}

static void timer_event(fwsim_periph *p, unsigned id)
{
    if (id == EVENT_TURN)
        turn(p);
    else
        flag(p, IF_CC << (id - EVENT_CC));
}

static void start(fwsim_periph *p)
{
    timer_state *s = fwsim_state(p);
    uint32_t ctrl = fwsim_reg_get(p, CTRL);
    uint32_t cnt = count(p);

    if ((ctrl & CTRL_CLKSEL) || mode(p) == MODE_QDEC) {
        fwsim_unimpl(p, "only the prescaled HFPERCLK counts");
        return;
    }
    fwsim_counter_start(p, &s->counter, fwsim_clock_hz(p),
                        1u << (ctrl >> 24 & 15));
    fwsim_reg_update(p, STATUS, 0, STATUS_RUNNING);
    replan(p, cnt);
}

static void cmd_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    /* TIMERn_CMD: STOP wins over START. */
    if (written & CMD_STOP)
        stop(p);
    else if (written & CMD_START)
        start(p);
}

static void ctrl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    const timer_state *s = fwsim_state(p);
    uint32_t cnt = count(p);

    (void)index;
    (void)written;
    if (mode(p) != MODE_UPDOWN)
        fwsim_reg_update(p, STATUS, STATUS_DIR,
                         mode(p) == MODE_DOWN ? STATUS_DIR : 0);
    if (s->counter.running)
        start(p);
    else
        replan(p, cnt);
}

/* TOP and CCV are written, and what was buffered for them is void. */
static void top_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    fwsim_reg_update(p, STATUS, STATUS_TOPBV, 0);
    replan(p, count(p));
}

static void topb_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    (void)written;
    fwsim_reg_update(p, STATUS, 0, STATUS_TOPBV);
}

static void ccv_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)written;
    fwsim_reg_update(p, STATUS, STATUS_CCVBV << index, 0);
    replan(p, count(p));
}

static void ccvb_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)written;
    fwsim_reg_update(p, STATUS, 0, STATUS_CCVBV << index);
}

static void cc_ctrl_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    if ((written & 3) == CC_CAPTURE)
        fwsim_unimpl(p, "input capture is not modelled");
    replan(p, count(p));
}

static uint32_t ccvp_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)stored;
    return fwsim_reg_get(p, CC_CCV + index * CC_STRIDE);
}

static uint32_t cnt_read(fwsim_periph *p, unsigned index, uint32_t stored)
{
    (void)index;
    (void)stored;
    return count(p);
}

static void cnt_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    replan(p, written & 0xffff);
}

EFM32_INTERRUPT_WRITES(IF_ALL, update_irq)

static void timer_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    timer_state *s = fwsim_state(p);

    (void)kind;
    *s = (timer_state){ 0 };
    update_irq(p);
}

/* clang-format off */
#define OF_CHANNELS .count = CHANNELS, .stride = CC_STRIDE

static const fwsim_reg timer_regs[] = {
    { "CTRL",     CTRL,     .rw = CTRL_ALL, .unimpl = 0x30002fa8, .on_write = ctrl_written },
    { "CMD",      CMD,      .wo = CMD_START | CMD_STOP, .on_write = cmd_written },
    { "STATUS",   STATUS,   .reset = 0x0 },
    { "IEN",      IEN,      .rw = IF_ALL, .on_write = ien_written },
    { "IF",       IF,       .reset = 0x0 },
    { "IFS",      IFS,      .wo = IF_ALL, .on_write = ifs_written },
    { "IFC",      IFC,      .wo = IF_ALL, .on_write = ifc_written },
    { "TOP",      TOP,      .reset = 0xffff, .rw = 0xffff, .on_write = top_written },
    { "TOPB",     TOPB,     .rw = 0xffff, .on_write = topb_written },
    { "CNT",      CNT,      .rw = 0xffff, .on_read = cnt_read, .on_write = cnt_written },
    { "ROUTE",    ROUTE,    .rw = 0x70707, .unimpl = 0x707 },
    { "CC_CTRL",  CC_CTRL,  OF_CHANNELS, .rw = 0x1f373f17, .on_write = cc_ctrl_written },
    { "CC_CCV",   CC_CCV,   OF_CHANNELS, .rw = 0xffff, .on_write = ccv_written },
    { "CC_CCVP",  CC_CCVP,  OF_CHANNELS, .on_read = ccvp_read },
    { "CC_CCVB",  CC_CCVB,  OF_CHANNELS, .rw = 0xffff, .on_write = ccvb_written },
    { "DTCTRL",   DTCTRL,   .rw = 0x0100007f, .unimpl = 0x1 },
    { "DTTIME",   DTTIME,   .rw = 0x003f3f0f },
    { "DTFC",     DTFC,     .rw = 0x0f030707 },
    { "DTOGEN",   DTOGEN,   .rw = 0x3f },
    { "DTFAULT",  DTFAULT,  .reset = 0x0 },
    { "DTFAULTC", DTFAULTC, .wo = 0xf },
    { "DTLOCK",   DTLOCK,   .rw = 0xffff },
    FWSIM_REG_END
};
/* clang-format on */

static const char *const timer_gaps[] = {
    "outputs on pins (PWM, compare actions), input capture, PRS",
    "quadrature decoder; clocks other than the prescaled HFPERCLK",
    "the prescaler's phase: a change of registers begins a new step",
    "dead time insertion, SYNC, DMA",
    NULL
};

const fwsim_periph_type efm32_timer = {
    .name = "efm32_timer",
    .summary = "EFM32 timer, 16 bits, three compare channels",
    .source = "EFM32HG Reference Manual, chapter 18",
    .gaps = timer_gaps,
    .size = 0x400,
    .regs = timer_regs,
    .state_size = sizeof(timer_state),
    .irqs = 1,
    .on_reset = timer_reset,
    .on_event = timer_event,
};
