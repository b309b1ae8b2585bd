/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is learned of the registers of the guests (firmware/inf_*.c): the source
 * of each guest says what its registers are.
 */
#include "infer.h"

#include <stdio.h>
#include <string.h>

/** A register, as the guest's source describes it. */
typedef struct fact {
    const char *guest;
    uint64_t addr;
    const char *roles;    /* those that fit, with a space behind each */
    uint32_t ones, zeros; /* what the guest waits for */
    uint32_t never;       /* error bits: it must not be thought that hardware
                           * sets them */
} fact;

/* clang-format off */
static const fact facts[] = {
    { "clock",  0x40030000, "control-status ", .ones = 1 << 8 },
    { "clock",  0x40030004, "control " },
    { "clock",  0x40030008, "status ", .ones = 1 << 2, .never = 1 << 5 },
    { "uart",   0x40064004, "control " },
    { "uart",   0x40064010, "status flags ", .ones = 0x181, .never = 0x1e },
    { "i2c",    0x40020804, "status ", .never = 0x3 },
    { "spi",    0x40013808, "status ", .ones = 0x300 },
    { "flash",  0x4002240c, "status flags ", .never = 0x14 },
    { "adc",    0x40012008, "control control-status " },
    { "bases",  0x40074004, "status ", .ones = 1 << 3 },
    { "bases",  0x40075004, "status ", .ones = 1 << 3 },
    { "bases",  0x40074000, "control " },
    { "bitband", 0x40007004, "status ", .ones = 1 << 3 },
    { "bitband", 0x40002804, "status control-status ", .ones = 1 << 5 },
    { "dma",    0x40026014, "address " },
    { "dma",    0x4002600c, "count " },
    { "alias",  0x40024004, "status ", .ones = 1u << 31 },
    { "alias",  0x4000c008, "status ", .ones = 1 << 22 | 1 << 8 },
    { "hal",    0x40038004, "status ", .ones = 0x16, .never = 0x8 },
    { "rtos",   0x44000020, "data " },
    { .guest = NULL }
};
/* clang-format on */

static bool find(const infer_run *r, uint64_t addr, fwsim_infer_register *reg)
{
    for (size_t i = 0; fwsim_infer_register_get(r->m, i, reg); i++)
        if (reg->addr == addr)
            return true;
    return false;
}

/** A file that is written into memory. */
typedef struct text {
    char bytes[65536];
    size_t size;
} text;

static void put(const char *part, size_t size, void *user)
{
    text *t = user;

    assert_true(t->size + size < sizeof t->bytes);
    memcpy(t->bytes + t->size, part, size);
    t->size += size;
}

static const infer_guest *guest(const char *name)
{
    const infer_guest *g = infer_guests;

    while (strcmp(g->name, name) != 0)
        g++;
    return g;
}

static bool is_learned(const fact *t, const char *level)
{
    fwsim_infer_register reg = { .role = "not used" };
    char role[40];
    infer_run r;
    bool well;

    infer_start_guest(&r, guest(t->guest), level, NULL);
    infer_gets_done(&r, t->guest);
    find(&r, t->addr, &reg);
    snprintf(role, sizeof role, "%s ", reg.role);
    well = strstr(t->roles, role) && (reg.ones & t->ones) == t->ones &&
           (reg.zeros & t->zeros) == t->zeros && !(reg.ones & t->never);
    if (!well)
        print_error("inf_%s, -O%s: 0x%08x is %s, ones %08x, zeros %08x\n",
                    t->guest, level, (unsigned)t->addr, reg.role,
                    (unsigned)reg.ones, (unsigned)reg.zeros);
    infer_end(&r);
    return well;
}

static void registers_are_what_the_source_says(void **state)
{
    unsigned bad = 0;

    (void)state;
    for (const fact *t = facts; t->guest; t++)
        for (const char *const *l = infer_levels; *l; l++)
            bad += !is_learned(t, *l);
    assert_int_equal(bad, 0);
}

/** The source of the guest says which bits a handler looks at, and which one
 * starts a channel. */
static void says(const char *name, const char *expected)
{
    static text t;
    fwsim_machine *m;
    infer_run r;

    infer_start_guest(&r, guest(name), "2", NULL);
    assert_true(infer_gets_done(&r, name));
    m = r.m;
    memset(&t, 0, sizeof t);
    OK(fwsim_infer_print(m, put, &t));
    if (!strstr(t.bytes, expected))
        print_error("inf_%s: no\n%sin\n%s", name, expected, t.bytes);
    assert_non_null(strstr(t.bytes, expected));
    infer_end(&r);
}

static void a_file_tells_what_makes_a_line_fire_and_a_channel_start(void **state)
{
    (void)state;
    says("adc", "      - line: 5\n        status: 0x00\n"
                "        status-bits: 0x2\n");
    says("dma", "      - address: 0x14\n        count: 0x0c\n"
                "        control: 0x08\n        start-bits: 0x1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_are_what_the_source_says),
        cmocka_unit_test(
            a_file_tells_what_makes_a_line_fire_and_a_channel_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
