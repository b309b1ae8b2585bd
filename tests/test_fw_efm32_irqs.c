/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each interrupt of the EFM32HG309F64 arrives on the line that the table of
 * the reference manual, chapter 4 (interrupt request lines), gives it.
 *
 * The program is a vector table and two instructions. The host enables one
 * line at a time and sets the flag by software, with the registers IFS, IEN.
 */
#include "support.h"

#define NVIC_ISER 0xe000e100u

enum { MAIN = 0x200, VECTORS = 16 + 21 };

typedef struct source {
    const char *name;
    uint32_t set;    /* address of IFS; 0: the flag is set after reset */
    uint32_t enable; /* address of IEN */
    uint32_t flag;
    unsigned line;
} source;

/* clang-format off */
static const source sources[] = {
    { "gpio even", 0x40006118, 0x40006110, 1 << 4,  1 },
    { "gpio odd",  0x40006118, 0x40006110, 1 << 11, 6 },
    { "timer0",    0x40010014, 0x4001000c, 1 << 0,  2 },
    { "timer1",    0x40010414, 0x4001040c, 1 << 5,  7 },
    { "timer2",    0x40010814, 0x4001080c, 1 << 1,  20 },
    { "i2c0",      0x4000a02c, 0x4000a034, 1 << 8,  5 },
    { "usart0 rx", 0x4000c044, 0x4000c04c, 1 << 4,  17 },
    { "usart0 tx", 0,          0x4000c04c, 1 << 1,  18 },
    { "usart1 rx", 0x4000c444, 0x4000c44c, 1 << 8,  8 },
    { "usart1 tx", 0x4000c444, 0x4000c44c, 1 << 0,  9 },
    { "leuart0",   0,          0x40084038, 1 << 1,  10 },
    { "rtc",       0x40080014, 0x4008001c, 1 << 2,  12 },
    { "cmu",       0,          0x400c803c, 1 << 0,  13 },
    { "msc",       0x400c0030, 0x400c0038, 1 << 1,  15 },
    { "usb",       0,          0x400c4014, 1 << 0,  19 },
};
/* clang-format on */

static unsigned taken; /* exception number of the first entry */

static void entered(fwsim_machine *m, const fwsim_exception *e, void *user)
{
    (void)user;
    if (!e->entry || taken)
        return;
    taken = e->number;
    fwsim_request_stop(m);
}

static void load_program(fwsim_machine *m)
{
    static const uint8_t code[] = {
        0xfe, 0xe7, /* main: b . */
        0x70, 0x47, /* every handler: bx lr */
    };
    uint32_t vectors[VECTORS] = { 0x20002000, MAIN | 1 };

    for (unsigned i = 2; i < VECTORS; i++)
        vectors[i] = (MAIN + 2) | 1;
    OK(fwsim_mem_write(m, 0, vectors, sizeof(vectors)));
    OK(fwsim_mem_write(m, MAIN, code, sizeof(code)));
    OK(fwsim_reset(m, FWSIM_RESET_POWER_ON));
}

static void each_interrupt_arrives_on_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        const source *s = &sources[i];
        fwsim_machine *m =
            new_machine(fwsim_board_find("efm32hg_tomu"), NULL);

        load_program(m);
        assert_true(fwsim_on_exception(m, entered, NULL) > 0);
        bus_write(m, NVIC_ISER, 1u << s->line);
        taken = 0;
        if (s->set)
            bus_write(m, s->set, s->flag);
        assert_int_equal(run_ns(m, FWSIM_US(10)), FWSIM_STOP_LIMIT);
        if (taken)
            print_error("%s: an interrupt before it was enabled\n", s->name);
        assert_int_equal(taken, 0);
        bus_write(m, s->enable, s->flag);
        run_ns(m, FWSIM_US(10));
        if (taken != 16 + s->line)
            print_error("%s: exception %u\n", s->name, taken);
        assert_int_equal(taken, 16 + s->line);
        fwsim_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_interrupt_arrives_on_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
