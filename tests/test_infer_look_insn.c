/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interpreter of look-ahead beside the machine: both execute the same
 * instructions, and registers, flags and memory have to agree after each.
 * First single random instructions, then the guests of the core.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cm.h"
#include "infer/look_run.h"
#include "machine/machine.h"
#include "support.h"

enum { MEMORIES = 8 };

/** A machine, and a run of the interpreter on its memory. */
typedef struct twin {
    fwsim_machine *m;
    fwsim__look_memory memory[MEMORIES];
    fwsim__look_world world;
    fwsim__look_read read;
    fwsim__look_result result;
    fwsim__look_run run;
    bool device;  /* the instruction has read a device */
    unsigned compared, gaps;
} twin;

static bool peek(void *user, uint32_t addr, unsigned width,
                 uint32_t *value)
{
    twin *t = user;

    (void)addr;
    (void)width;
    *value = 0;
    t->device = true;
    return true;
}

static uint32_t reg(twin *t, const char *name)
{
    fwsim_machine *m = t->m;
    uint64_t v = 0;

    OK(fwsim_cpu_read(m, name, &v));
    return (uint32_t)v;
}

static void set_reg(twin *t, const char *name, uint32_t value)
{
    fwsim_machine *m = t->m;

    OK(fwsim_cpu_write(m, name, value));
}

static const char *const names[16] = { "r0",  "r1",  "r2",  "r3",
                                       "r4",  "r5",  "r6",  "r7",
                                       "r8",  "r9",  "r10", "r11",
                                       "r12", "sp",  "lr",  "pc" };

static twin *twin_new(fwsim_machine *m, bool v6m)
{
    twin *t = calloc(1, sizeof(*t));

    assert_non_null(t);
    t->m = m;
    assert_true(m->mem_count <= MEMORIES);
    for (size_t i = 0; i < m->mem_count; i++)
        t->memory[i] = (fwsim__look_memory){
            (uint32_t)m->mems[i].base, (uint32_t)m->mems[i].size,
            m->mems[i].bytes, m->mems[i].desc->kind == FWSIM_MEM_RAM
        };
    t->world = (fwsim__look_world){ .memory = t->memory,
                                    .memory_count = m->mem_count,
                                    .peek = peek, .user = t, .v6m = v6m };
    t->read.width = 0; /* it is about no register */
    fwsim__look_prepare(&t->run, &t->world, &t->read, &t->result);
    return t;
}

/** The interpreter starts where the machine is. */
static void synchronise(twin *t)
{
    for (unsigned i = 0; i < 16; i++)
        t->read.regs[i] = reg(t, names[i]);
    t->read.xpsr = reg(t, "xpsr");
    t->read.masked = reg(t, "primask");
    fwsim__look_prepare(&t->run, &t->world, &t->read, &t->result);
    fwsim__look_start(&t->run, 0, &t->result.path[0]);
    t->run.control = reg(t, "control");
    t->run.basepri = t->world.v6m ? 0 : reg(t, "basepri");
    t->run.faultmask = t->world.v6m ? 0 : reg(t, "faultmask");
    t->run.psp = reg(t, "psp");
    t->run.psp_known = true;
}

static uint32_t code_at(twin *t, uint32_t pc)
{
    uint8_t b[4] = { 0 };

    fwsim_mem_read(t->m, pc, b, 4);
    return (uint32_t)(b[0] | b[1] << 8) << 16 | (uint32_t)(b[2] | b[3] << 8);
}

/** What the run has written to RAM is there. */
static void compare_memory(twin *t, uint32_t pc)
{
    for (unsigned i = 0; i < FWSIM__LOOK_WORDS; i++) {
        const fwsim__look_word *w = &t->run.word[i];
        uint8_t b[4];

        if (w->run != t->run.number ||
            fwsim_mem_read(t->m, w->addr, b, 4) != 0)
            continue;
        if ((b[0] | b[1] << 8 | b[2] << 16 | (uint32_t)b[3] << 24) != w->value)
            fail_msg("0x%x %08x: 0x%x holds 0x%02x%02x%02x%02x, not 0x%x", pc,
                     code_at(t, pc), w->addr, b[3], b[2], b[1], b[0],
                     w->value);
    }
}

static void compare(twin *t, uint32_t pc)
{
    uint32_t flags = reg(t, "xpsr") >> 28;

    for (unsigned i = 0; i < 16; i++) {
        uint32_t v = i < 15 ? t->run.regs[i] : t->run.pc;

        if (reg(t, names[i]) != v)
            fail_msg("0x%x %08x: %s is 0x%x, not 0x%x", pc, code_at(t, pc),
                     names[i], reg(t, names[i]), v);
    }
    if (flags != t->run.nzcv)
        fail_msg("0x%x %08x: NZCV is 0x%x, not 0x%x", pc, code_at(t, pc),
                 flags, t->run.nzcv);
    if (!t->world.v6m && (reg(t, "xpsr") ^ t->run.apsr) & 0x000f0000)
        fail_msg("0x%x %08x: GE is 0x%x, not 0x%x", pc, code_at(t, pc),
                 reg(t, "xpsr") >> 16 & 15, t->run.apsr >> 16 & 15);
    t->compared++;
}

/* Random instructions --------------------------------------------------- */

/*
 * Encodings with fields by letter: b is r0 or r1; t one of r2 to r4, u of r5
 * to r7; other letters are r0 to r7 or r12 (three bits: r0 to r7); x is any
 * bit.
 */
typedef struct encoding {
    const char *bits;
    bool v6m; /* on every core */
    bool dsp; /* with the DSP extension only */
} encoding;

/* clang-format off */
static const encoding encodings[] = {
    { "000 xx xxxxx mmm ddd", true },          /* LSL, LSR, ASR, ADD, SUB */
    { "001 xx ddd xxxxxxxx", true },           /* MOV, CMP, ADD, SUB */
    { "010000 xxxx mmm ddd", true },           /* data processing */
    { "01000100 0 0 mmm ddd", true },          /* ADD of high registers */
    { "01000110 0 0 mmm ddd", true },
    { "10110010 xx mmm ddd", true },           /* extend */
    { "1011101000 mmm ddd", true },            /* REV */
    { "1011101001 mmm ddd", true },
    { "1011101011 mmm ddd", true },
    { "10100 ddd xxxxxxxx", true },            /* ADR */
    { "10101 ddd xxxxxxxx", true },            /* ADD from SP */
    { "1101 xxx x 00000000", true },           /* conditional branch */
    { "1011 x0x1 00000 nnn", false },          /* CBZ, CBNZ */
    { "11110x0 0000 x nnnn 0 xxx dddd xxxxxxxx", false },
    { "11110x0 0001 x nnnn 0 xxx dddd xxxxxxxx", false },
    { "11110x0 0010 x nnnn 0 xxx dddd xxxxxxxx", false },
    { "11110x0 0010 x 1111 0 xxx dddd xxxxxxxx", false },
    { "11110x0 0011 x nnnn 0 xxx dddd xxxxxxxx", false },
    { "11110x0 0011 x 1111 0 xxx dddd xxxxxxxx", false },
    { "11110x0 0100 x nnnn 0 xxx dddd xxxxxxxx", false },
    { "11110x0 1000 x nnnn 0 xxx dddd xxxxxxxx", false },
    { "11110x0 1010 x nnnn 0 xxx dddd xxxxxxxx", false },
    { "11110x0 1011 x nnnn 0 xxx dddd xxxxxxxx", false },
    { "11110x0 1101 x nnnn 0 xxx dddd xxxxxxxx", false },
    { "11110x0 1110 x nnnn 0 xxx dddd xxxxxxxx", false },
    { "11110x0 0000 1 nnnn 0 xxx 1111 xxxxxxxx", false }, /* TST */
    { "11110x0 0100 1 nnnn 0 xxx 1111 xxxxxxxx", false }, /* TEQ */
    { "11110x0 1000 1 nnnn 0 xxx 1111 xxxxxxxx", false }, /* CMN */
    { "11110x0 1101 1 nnnn 0 xxx 1111 xxxxxxxx", false }, /* CMP */
    { "1110101 0000 x nnnn 0 xxx dddd xxxx mmmm", false },
    { "1110101 0001 x nnnn 0 xxx dddd xxxx mmmm", false },
    { "1110101 0010 x nnnn 0 xxx dddd xxxx mmmm", false },
    { "1110101 0010 x 1111 0 xxx dddd xxxx mmmm", false },
    { "1110101 0011 x nnnn 0 xxx dddd xxxx mmmm", false },
    { "1110101 0011 x 1111 0 xxx dddd xxxx mmmm", false },
    { "1110101 0100 x nnnn 0 xxx dddd xxxx mmmm", false },
    { "1110101 1000 x nnnn 0 xxx dddd xxxx mmmm", false },
    { "1110101 1010 x nnnn 0 xxx dddd xxxx mmmm", false },
    { "1110101 1011 x nnnn 0 xxx dddd xxxx mmmm", false },
    { "1110101 1101 x nnnn 0 xxx dddd xxxx mmmm", false },
    { "1110101 1110 x nnnn 0 xxx dddd xxxx mmmm", false },
    { "11110x1 00000 nnnn 0 xxx dddd xxxxxxxx", false },  /* ADDW */
    { "11110x1 01010 nnnn 0 xxx dddd xxxxxxxx", false },  /* SUBW */
    { "11110x1 00100 xxxx 0 xxx dddd xxxxxxxx", false },  /* MOVW */
    { "11110x1 01100 xxxx 0 xxx dddd xxxxxxxx", false },  /* MOVT */
    { "1111001 10100 nnnn 0 0xx dddd xx 0 0xxxx", false }, /* SBFX */
    { "1111001 11100 nnnn 0 0xx dddd xx 0 0xxxx", false }, /* UBFX */
    { "1111001 10110 nnnn 0 0xx dddd xx 0 1xxxx", false }, /* BFI */
    { "1111001 10110 1111 0 0xx dddd xx 0 1xxxx", false }, /* BFC */
    { "1111001 10000 nnnn 0 xxx dddd xx 0 xxxxx", false }, /* SSAT */
    { "1111001 11000 nnnn 0 xxx dddd xx 0 xxxxx", false }, /* USAT */
    { "1111001 10010 nnnn 0 xxx dddd 01 0 xxxxx", false }, /* SSAT, ASR */
    { "11111010 0xx x nnnn 1111 dddd 0000 mmmm", false },  /* LSL by register */
    { "11111010 000 x 1111 1111 dddd 10xx mmmm", false },  /* SXTH, UXTH */
    { "11111010 010 x 1111 1111 dddd 10xx mmmm", false },  /* SXTB, UXTB */
    { "11111010 1001 mmmm 1111 dddd 10xx mmmm", false },   /* REV, CLZ */
    { "11111010 1011 mmmm 1111 dddd 1000 mmmm", false },
    { "11111011 0000 nnnn 1111 dddd 0000 mmmm", false },   /* MUL */
    { "11111011 0000 nnnn ssss dddd 000x mmmm", false },   /* MLA, MLS */
    { "11111011 1001 nnnn 1111 dddd 1111 mmmm", false },   /* SDIV */
    { "11111011 1011 nnnn 1111 dddd 1111 mmmm", false },   /* UDIV */
    { "11111011 1000 nnnn tttt uuuu 0000 mmmm", false },   /* SMULL */
    { "11111011 1010 nnnn tttt uuuu 0000 mmmm", false },   /* UMULL */
    { "11111011 1100 nnnn tttt uuuu 0000 mmmm", false },   /* SMLAL */
    { "11111011 1110 nnnn tttt uuuu 0000 mmmm", false },   /* UMLAL */
    { "1111001111101111 1000 dddd 00010000", false },      /* MRS PRIMASK */
    { "1111001111101111 1000 dddd 00000000", true },       /* MRS APSR */
    { "111100111000 nnnn 1000 1000 00000000", true },      /* MSR APSR */
    /* Loads and stores; the registers point into RAM. */
    { "0101 xxx mmm nnn ddd", true },
    { "011 xx xxxxx nnn ddd", true },
    { "1000 x xxxxx nnn ddd", true },
    { "1001 x ddd xxxxxxxx", true },
    { "01001 ddd xxxxxxxx", true },
    { "1011010 0 1xxxxxxx", true },
    { "1011110 0 1xxxxxxx", true },
    { "1100 x 111 01xxxxxx", true },
    { "111110000 00 x bbbb tttt 1 1xx xxxxxxxx", false },
    { "111110000 01 x bbbb tttt 1 1xx xxxxxxxx", false },
    { "111110000 10 x bbbb tttt 1 1xx xxxxxxxx", false },
    { "111110000 xx 1 1111 dddd xxxxxxxxxxxx", false },
    { "111110001 xx 1 1111 dddd xxxxxxxxxxxx", false },
    { "111110001 00 x nnnn dddd xxxxxxxxxxxx", false },
    { "111110001 01 x nnnn dddd xxxxxxxxxxxx", false },
    { "111110001 10 x nnnn dddd xxxxxxxxxxxx", false },
    { "111110010 00 1 bbbb tttt 1 1xx xxxxxxxx", false },
    { "111110010 01 1 bbbb tttt 1 0x1 xxxxxxxx", false },
    { "111110011 0x 1 nnnn dddd xxxxxxxxxxxx", false },
    { "111110000 10 x nnnn dddd 000000 xx mmmm", false },
    { "111110010 0x 1 nnnn dddd 000000 xx mmmm", false },
    { "1110100 1 x1 x x bbbb tttt uuuu xxxxxxxx", false },
    { "1110100 0 x1 1 x bbbb tttt uuuu xxxxxxxx", false },
    { "1110100 01 0 x x bbbb 000 xxxxx xxxx 1100", false },
    { "1110100 10 0 x x bbbb 000 xxxxx xxxx 1100", false },
    { "111110101 x00 nnnn 1111 dddd 0 x00 mmmm", false, true }, /* ADD8 */
    { "111110101 x00 nnnn 1111 dddd 0 x01 mmmm", false, true },
    { "111110101 x00 nnnn 1111 dddd 0 x10 mmmm", false, true },
    { "111110101 x01 nnnn 1111 dddd 0 x00 mmmm", false, true }, /* ADD16 */
    { "111110101 x01 nnnn 1111 dddd 0 x01 mmmm", false, true },
    { "111110101 x01 nnnn 1111 dddd 0 x10 mmmm", false, true },
    { "111110101 x10 nnnn 1111 dddd 0 x00 mmmm", false, true }, /* ASX, SAX */
    { "111110101 x10 nnnn 1111 dddd 0 x01 mmmm", false, true },
    { "111110101 x10 nnnn 1111 dddd 0 x10 mmmm", false, true },
    { "11111010 0x0 x nnnn 1111 dddd 10xx mmmm", false, true }, /* SXTAB */
    { "111110101010 nnnn 1111 dddd 1000 mmmm", false, true },   /* SEL */
    { "111110110001 nnnn ssss dddd 00xx mmmm", false, true },   /* SMLAxy */
    { "111110110001 nnnn 1111 dddd 00xx mmmm", false, true },
    { "111110110011 nnnn ssss dddd 000x mmmm", false, true },   /* SMLAWx */
    { "111110110101 nnnn ssss dddd 000x mmmm", false, true },   /* SMMLA */
    { "111110111110 nnnn tttt uuuu 0110 mmmm", false, true },   /* UMAAL */
    { "111010000101 nnnn tttt 1111 xxxxxxxx", false },     /* LDREX */
    { "111010001101 nnnn tttt 1111 0100 1111", false },    /* LDREXB */
    { "111010001101 nnnn tttt 1111 0101 1111", false },    /* LDREXH */
};
/* clang-format on */

static uint32_t seed = 1;

/** xorshift32, G. Marsaglia. */
static uint32_t random32(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

/** r0 to r7 for three bits, r12 as well for four. */
static unsigned some_register(char letter, unsigned width)
{
    unsigned n = random32() % 9;

    if (letter == 'b')
        return n & 1;
    if (letter == 't' || letter == 'u')
        return (letter == 't' ? 2 : 5) + n % 3;
    return n < 8 ? n : width == 4 ? 12 : 7;
}

/** @return the length in bytes */
static unsigned generate(const char *bits, uint8_t code[4])
{
    unsigned length = 0, width;
    uint32_t insn = 0;

    for (const char *p = bits; *p; p++)
        length += *p != ' ';
    for (const char *p = bits; *p; p += width ? width : 1) {
        uint32_t value;

        width = 0;
        if (*p == ' ')
            continue;
        while (p[width] == *p)
            width++;
        if (*p == 'x')
            value = random32();
        else if (*p == '0')
            value = 0;
        else if (*p == '1')
            value = UINT32_MAX;
        else
            value = some_register(*p, width);
        insn = insn << width | (value & ((1u << width) - 1));
    }
    if (length == 32)
        insn = insn << 16 | insn >> 16;
    memcpy(code, &insn, 4);
    assert_true(length == 16 || length == 32);
    return length / 8;
}

/** Small numbers, corner cases, addresses in RAM. */
static uint32_t some_value(uint32_t ram)
{
    static const uint32_t corners[] = { 0,          1,          UINT32_MAX,
                                        0x80000000, 0x7fffffff, 31,
                                        32,         33,         0xffff };
    switch (random32() % 4) {
    case 0:
        return corners[random32() % 9];
    case 1:
        return random32() >> random32() % 32;
    default:
        return ram + 0x8000 + random32() % 0x1000 * 4;
    }
}

static void random_instruction(twin *t, const encoding *e, uint32_t pc,
                               uint32_t ram)
{
    fwsim_machine *m = t->m;
    uint8_t code[8];
    unsigned size = generate(e->bits, code);
    fwsim_stop stop;

    memcpy(code + size, (uint8_t[2]){ 0x00, 0xbf }, 2);
    OK(fwsim_mem_write(m, pc, code, size + 2));
    for (unsigned i = 0; i < 13; i++)
        set_reg(t, names[i], some_value(ram));
    set_reg(t, "sp", ram + 0xc000 + random32() % 64 * 4);
    set_reg(t, "xpsr", 0x01000000 | random32() << 28);
    set_reg(t, "pc", pc);
    synchronise(t);
    t->device = false;
    if (!fwsim__look_step(&t->run) || t->device || t->run.progress.writes) {
        t->gaps++;
        return;
    }
    OK(fwsim_step(m, &stop));
    if (stop.reason != FWSIM_STOP_LIMIT || reg(t, "xpsr") & 0x1ff) {
        /* A fault that the interpreter does not know. */
        fail_msg("%s: %08x ends with %d, exception %u", e->bits,
                 code_at(t, pc), stop.reason, reg(t, "xpsr") & 0x1ff);
    }
    compare(t, pc);
    compare_memory(t, pc);
}

static void random_instructions(const char *core, bool v6m, bool dsp,
                                uint32_t ram)
{
    fwsim_machine *m = cm_machine("cm_entry", core, NULL);
    twin *t = twin_new(m, v6m);
    uint32_t pc = ram;

    for (unsigned round = 0; round < 60; round++) {
        for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++) {
            if ((v6m && !encodings[i].v6m) || (!dsp && encodings[i].dsp))
                continue;
            random_instruction(t, &encodings[i], pc, ram);
            pc = pc + 16 < ram + 0x6000 ? pc + 16 : ram;
        }
    }
    printf("%s: %u instructions agree, %u not executed\n", core, t->compared,
           t->gaps);
    assert_true(t->compared > 5 * t->gaps);
    free(t);
    fwsim_free(m);
}

static void random_instructions_do_what_the_machine_does(void **state)
{
    (void)state;
    random_instructions("cortex-m3", false, false, 0x20000000);
    random_instructions("cortex-m4", false, true, 0x20000000);
    random_instructions("cortex-m33", false, true, 0x38000000);
    random_instructions("cortex-m0", true, false, 0x20000000);
}

/* Guests ---------------------------------------------------------------- */

/** How long the interpreter runs before it starts anew. */
enum { CHUNK = 60 };

/** Exclusive stores may fail in the machine, never in a look. */
static bool is_strex(uint32_t code)
{
    return (code & 0xfff00000) == 0xe8400000 ||
           (code & 0xfff000c0) == 0xe8c00040;
}

static void run_beside(twin *t, unsigned steps)
{
    fwsim_machine *m = t->m;
    unsigned in_chunk = CHUNK;
    fwsim_stop stop;

    for (unsigned i = 0; i < steps; i++) {
        uint32_t pc = reg(t, "pc"), exception = reg(t, "xpsr") & 0x1ff;
        bool went;

        if (in_chunk >= CHUNK && !t->run.it) {
            synchronise(t);
            in_chunk = 0;
        }
        t->device = false;
        went = fwsim__look_step(&t->run);
        OK(fwsim_step(m, &stop));
        if (stop.reason != FWSIM_STOP_LIMIT)
            break;
        in_chunk++;
        if (!went || t->device || t->run.progress.writes ||
            is_strex(code_at(t, pc)) ||
            (reg(t, "xpsr") & 0x1ff) != exception ||
            (reg(t, "pc") == pc && t->run.pc != pc)) { /* a fault */
            t->gaps++;
            t->run.it = 0;
            in_chunk = CHUNK;
            continue;
        }
        compare(t, pc);
        if (in_chunk == CHUNK)
            compare_memory(t, pc);
    }
}

static void guest(const char *name, const char *core, bool v6m)
{
    fwsim_machine *m = cm_machine(name, core, NULL);
    twin *t = twin_new(m, v6m);

    run_beside(t, 20000);
    printf("%s on %s: %u instructions agree, %u not compared\n", name, core,
           t->compared, t->gaps);
    assert_true(t->compared > 3 * t->gaps);
    free(t);
    fwsim_free(m);
}

static void guests_run_as_in_the_machine(void **state)
{
    (void)state;
    guest("cm_entry", "cortex-m0", true);
    guest("cm_prio", "cortex-m3", false);
    guest("cm_sys", "cortex-m4f", false);
    guest("cm_entry", "cortex-m7", false);
    guest("cm_time", "cortex-m33", false);
    guest("cm_code", "cortex-m3", false);
    guest("cm_fp", "cortex-m4f", false);
}

/* The machine ----------------------------------------------------------- */

static void a_look_leaves_the_machine_as_it_is(void **state)
{
    fwsim_machine *m = cm_machine("cm_code", "cortex-m3", NULL);
    twin *t = twin_new(m, false);
    uint64_t before;

    (void)state;
    run_instructions(m, 500);
    synchronise(t);
    t->read.max_paths = FWSIM__LOOK_PATHS;
    t->read.max_instructions = 300;
    t->read.budget = 12000;
    before = fwsim_hash(m);
    fwsim__look(&t->world, &t->read, &t->result);
    assert_true(t->result.instructions > 100);
    assert_true(fwsim_hash(m) == before);
    free(t);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_instructions_do_what_the_machine_does),
        cmocka_unit_test(a_look_leaves_the_machine_as_it_is),
        cmocka_unit_test(guests_run_as_in_the_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
