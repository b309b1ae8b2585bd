/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Thumb decoder against an independent one: what it says of each
 * instruction of a program has to be what the text says that
 * arm-none-eabi-objdump prints. The programs are every load and store there
 * is, assembled here, and newlib for each kind of core.
 *
 * Skipped when the cross binutils are not installed.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cpu/thumb.h"

enum {
    MEM = FWSIM__THUMB_MEM,
    EXCLUSIVE = FWSIM__THUMB_EXCLUSIVE,
    FP = FWSIM__THUMB_FP,
    UNPRIV = FWSIM__THUMB_UNPRIV,
    CONTROL = FWSIM__THUMB_CONTROL,
    OURS = FWSIM__THUMB_OURS
};

/** What a mnemonic means. The width is 0 where no memory is accessed, the
 * count 0 where the text has a list. */
typedef struct meaning {
    const char *name;
    unsigned width, count, flags;
} meaning;

/* clang-format off */
static const meaning meanings[] = {
    { "ldr", 4, 1, 0 },     { "ldrb", 1, 1, 0 },    { "ldrh", 2, 1, 0 },
    { "ldrsb", 1, 1, 0 },   { "ldrsh", 2, 1, 0 },   { "ldrt", 4, 1, UNPRIV },
    { "ldrbt", 1, 1, UNPRIV },   { "ldrht", 2, 1, UNPRIV },   { "ldrsbt", 1, 1, UNPRIV },
    { "ldrsht", 2, 1, UNPRIV },  { "str", 4, 1, 0 },     { "strb", 1, 1, 0 },
    { "strh", 2, 1, 0 },    { "strt", 4, 1, UNPRIV },    { "strbt", 1, 1, UNPRIV },
    { "strht", 2, 1, UNPRIV },   { "ldrd", 4, 2, 0 },    { "strd", 4, 2, 0 },
    { "ldm", 4, 0, 0 },     { "ldmia", 4, 0, 0 },   { "ldmdb", 4, 0, 0 },
    { "stm", 4, 0, 0 },     { "stmia", 4, 0, 0 },   { "stmdb", 4, 0, 0 },
    { "push", 4, 0, 0 },    { "pop", 4, 0, 0 },     { "tbb", 1, 1, 0 },
    { "tbh", 2, 1, 0 },
    { "ldrex", 4, 1, EXCLUSIVE },  { "ldrexb", 1, 1, EXCLUSIVE },
    { "ldrexh", 2, 1, EXCLUSIVE }, { "ldaex", 4, 1, EXCLUSIVE },
    { "ldaexb", 1, 1, EXCLUSIVE }, { "ldaexh", 2, 1, EXCLUSIVE },
    { "strex", 4, 1, EXCLUSIVE },  { "strexb", 1, 1, EXCLUSIVE },
    { "strexh", 2, 1, EXCLUSIVE }, { "stlex", 4, 1, EXCLUSIVE },
    { "stlexb", 1, 1, EXCLUSIVE }, { "stlexh", 2, 1, EXCLUSIVE },
    { "clrex", 0, 0, EXCLUSIVE },
    { "lda", 4, 1, 0 },     { "ldab", 1, 1, 0 },    { "ldah", 2, 1, 0 },
    { "stl", 4, 1, 0 },     { "stlb", 1, 1, 0 },    { "stlh", 2, 1, 0 },
    { "vldr", 4, 1, FP },   { "vstr", 4, 1, FP },   { "vldmia", 4, 0, FP },
    { "vldmdb", 4, 0, FP }, { "vstmia", 4, 0, FP }, { "vstmdb", 4, 0, FP },
    { "vpush", 4, 0, FP },  { "vpop", 4, 0, FP },
    { "cpsie", 0, 0, FWSIM__THUMB_MASK }, { "cpsid", 0, 0, FWSIM__THUMB_MASK },
    { "msr", 0, 0, FWSIM__THUMB_MASK },   { "sev", 0, 0, FWSIM__THUMB_SEV },
    { "tt", 0, 0, OURS },  { "ttt", 0, 0, OURS },
    { "tta", 0, 0, OURS }, { "ttat", 0, 0, OURS },
    { "bxns", 0, 0, OURS }, { "blxns", 0, 0, OURS }, { "isb", 0, 0, OURS },
    { "sdiv", 0, 0, FWSIM__THUMB_DIV },   { "udiv", 0, 0, FWSIM__THUMB_DIV },
    { "mcr", 0, 0, FWSIM__THUMB_COPROC }, { "mrc", 0, 0, FWSIM__THUMB_COPROC },
    { "mcrr", 0, 0, FWSIM__THUMB_COPROC }, { "mrrc", 0, 0, FWSIM__THUMB_COPROC },
    { "cdp", 0, 0, FWSIM__THUMB_COPROC }, { "ldc", 0, 0, FWSIM__THUMB_COPROC },
    { "stc", 0, 0, FWSIM__THUMB_COPROC },
};

/* One of each encoding; the assembler chooses by range and register. */
static const char program[] =
    ".syntax unified\n.thumb\n.align 2\n"
    "ldr r2, [pc, #12]\n ldr.w r2, [pc, #-12]\n ldr.w r9, [pc, #4092]\n"
    "ldrb.w r2, [pc, #1]\n ldrh.w r2, [pc, #-2]\n ldrsb.w r2, [pc, #3]\n"
    "ldrsh.w r2, [pc, #4]\n ldrd r2, r3, [pc, #-8]\n"
    ".irp op, ldr, ldrb, ldrh, ldrsb, ldrsh, str, strb, strh\n"
    " \\op r1, [r2, r3]\n \\op r9, [r10, r11]\n \\op r1, [sp, r3, lsl #3]\n"
    " \\op r9, [r2, #4095]\n \\op r9, [r2, #-255]\n \\op r9, [r2, #-1]!\n"
    " \\op r9, [r2, #255]!\n \\op r9, [r2], #17\n \\op r9, [r2], #-17\n"
    " \\op\\()t r9, [r2, #200]\n"
    ".endr\n"
    ".irp op, ldr, ldrb, ldrh, str, strb, strh\n"
    " \\op r1, [r2]\n \\op r7, [r0, #28]\n"
    ".endr\n"
    "ldr r1, [sp, #1020]\n str r1, [sp, #4]\n ldr.w r1, [sp, #1024]\n"
    "ldr pc, [r2, #4]\n ldr pc, [sp], #4\n str lr, [sp, #-4]!\n"
    "push {r0}\n push {r1-r7, lr}\n push {r4-r11, lr}\n pop {r0}\n"
    "pop {r1-r7, pc}\n pop {r4-r11, pc}\n"
    "ldmia r3!, {r0-r2}\n ldmia r3, {r0-r3}\n ldmia r9!, {r0, r12}\n"
    "stmia r3!, {r0-r2}\n stmia r9, {r0, r12}\n"
    "ldmdb r9!, {r0-r7}\n stmdb r9, {r0-r7, lr}\n"
    ".irp op, ldrd, strd\n"
    " \\op r0, r5, [r2]\n \\op r0, r5, [r2, #-1020]\n"
    " \\op r0, r5, [r2, #8]!\n \\op r0, r5, [r2, #-8]!\n"
    " \\op r0, r5, [r2], #8\n \\op r0, r5, [r2], #-8\n"
    ".endr\n"
    "ldrex r1, [r2]\n ldrex r1, [r2, #1020]\n strex r0, r1, [r2, #4]\n"
    "ldrexb r1, [r2]\n ldrexh r1, [r2]\n strexb r0, r1, [r2]\n"
    "strexh r0, r1, [r2]\n clrex\n"
    "lda r1, [r2]\n ldab r1, [r2]\n ldah r1, [r2]\n ldaex r1, [r2]\n"
    "ldaexb r1, [r2]\n ldaexh r1, [r2]\n stl r1, [r2]\n stlb r1, [r2]\n"
    "stlh r1, [r2]\n stlex r0, r1, [r2]\n stlexb r0, r1, [r2]\n"
    "stlexh r0, r1, [r2]\n"
    "tbb [pc, r3]\n tbb [r2, r3]\n tbh [pc, r3, lsl #1]\n"
    "pld [r2, #4]\n pld [r2, #-4]\n pld [r2, r3]\n pld [pc, #4]\n"
    "pli [r2, #4]\n pli [r2, #-4]\n pli [r2, r3]\n"
    ".irp op, vldr, vstr\n"
    " \\op s0, [r2]\n \\op s31, [r2, #-1020]\n \\op d15, [r2, #1020]\n"
    ".endr\n"
    "vldr s1, [pc, #8]\n vldr d1, [pc, #-8]\n"
    ".irp op, vldmia, vstmia, vldmdb, vstmdb\n"
    " \\op r2!, {s1-s3}\n \\op r2!, {d8-d15}\n \\op r2!, {s5}\n"
    ".endr\n"
    "vldmia r2, {d1}\n vstmia r2, {s16-s31}\n vpush {d8-d15}\n vpop {s3}\n"
    "vmov r0, s0\n vmov r0, r1, d3\n vmrs r0, fpscr\n vmsr fpscr, r0\n"
    "vadd.f32 s0, s1, s2\n vadd.f64 d0, d1, d2\n vsqrt.f32 s0, s1\n"
    "vseleq.f32 s0, s1, s2\n vmaxnm.f64 d0, d1, d2\n vrinta.f32 s0, s1\n"
    "sdiv r1, r2, r3\n udiv r9, r10, r11\n smull r1, r2, r3, r4\n"
    "cpsie i\n cpsid if\n msr primask, r1\n msr basepri, r9\n"
    "msr msp, r1\n msr psp, r9\n mrs r1, msp\n msr msplim, r1\n"
    "mov sp, r3\n mov.w sp, r9\n add sp, r3\n add.w sp, sp, r3\n"
    "sub.w sp, sp, r9\n sub sp, #8\n add sp, #8\n addw sp, sp, #9\n"
    "sub.w sp, sp, #256\n ldr sp, [r3]\n ldr sp, [r3, r4]\n"
    "ldr r3, [sp], #4\n ldr r3, [sp], #3\n strb r3, [sp, #-1]!\n"
    "mov r3, sp\n add r3, sp, #4\n"
    "mrs r1, control\n sev\n sev.w\n wfe\n wfi\n nop.w\n yield\n dmb\n isb\n"
    "mcr p7, 0, r1, c0, c0\n mrc p7, 0, r1, c0, c0\n mcrr p7, 0, r1, r2, c0\n"
    "mrrc p7, 0, r1, r2, c0\n cdp p7, 0, c1, c2, c3\n ldc p7, c0, [r2, #4]\n"
    "stc p7, c0, [r2], #4\n"
    "tt r1, r2\n tta r1, r2\n ttt r1, r2\n ttat r9, r10\n sg\n"
    "bxns lr\n blxns r9\n msr control, r1\n bkpt 0xab\n svc 1\n udf 0\n";
/* clang-format on */

/** Is this nothing, or the condition an IT block puts behind a mnemonic? */
static bool is_condition(const char *s)
{
    static const char all[] = "eqnecsccmiplvsvchilsgeltgtle";

    if (!*s)
        return true;
    if (strlen(s) != 2)
        return false;
    for (size_t i = 0; all[i]; i += 2)
        if (memcmp(all + i, s, 2) == 0)
            return true;
    return false;
}

static meaning meaning_of(const char *mnemonic)
{
    char name[32];

    snprintf(name, sizeof name, "%s", mnemonic);
    name[strcspn(name, ".")] = '\0';
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        size_t n = strlen(meanings[i].name);

        if (strncmp(name, meanings[i].name, n) == 0 && is_condition(name + n))
            return meanings[i];
    }
    return (meaning){ .name = "", .flags = name[0] == 'v' ? FP : 0 };
}

static int register_number(const char *s)
{
    static const char *const names[] = { "sl", "fp", "ip", "sp", "lr", "pc" };

    for (int i = 0; i < 6; i++)
        if (strncmp(s, names[i], 2) == 0)
            return 10 + i;
    return *s == 'r' ? atoi(s + 1) : -1;
}

/** Words that a list like {r0, r4-r7, lr} or {d8-d9} stands for. */
static unsigned words_of(const char *list)
{
    unsigned count = 0;

    for (const char *s = list; s && *s && *s != '}'; s = strpbrk(s, ",}")) {
        const char *dash;
        unsigned first, last;

        s += strspn(s, "{, ");
        if (*s == '}')
            break;
        dash = strpbrk(s, "-,}");
        if (strchr("sd", *s) && isdigit((unsigned char)s[1])) {
            first = (unsigned)atoi(s + 1);
            last = *dash == '-' ? (unsigned)atoi(dash + 2) : first;
            count += (last - first + 1) * (*s == 'd' ? 2 : 1);
        } else {
            first = (unsigned)register_number(s);
            last = *dash == '-' ? (unsigned)register_number(dash + 1) : first;
            count += last - first + 1;
        }
    }
    return count;
}

/** [base], [base, #offset], [base, index], [base, index, lsl #n], [base], #n */
static void parse_address(const char *s, fwsim__thumb_insn *want)
{
    want->base = (uint8_t)register_number(s + 1);
    s += strcspn(s, ",]");
    if (*s == ']')
        return;
    s += strspn(s, ", ");
    if (*s == '#') {
        want->offset = atoi(s + 1);
        return;
    }
    want->index = (int8_t)register_number(s);
    s = strstr(s, "lsl #");
    if (s)
        want->shift = (uint8_t)atoi(s + 5);
}

static void parse_list(const char *mnemonic, const char *operands,
                       fwsim__thumb_insn *want)
{
    bool push = strstr(mnemonic, "push"), pop = strstr(mnemonic, "pop");

    want->count = (uint8_t)words_of(strchr(operands, '{'));
    want->base = push || pop ? 13 : (uint8_t)register_number(operands);
    if (push || strstr(mnemonic, "mdb"))
        want->offset = -4 * want->count;
}

/** Does the text make the SP of other registers, or of no multiple of 4? */
static bool makes_sp(const char *mnemonic, const char *operands)
{
    const char *constant = strrchr(operands, '#');
    const char *base = strstr(operands, "[sp");
    bool odd = constant && atoi(constant + 1) % 4;

    if (strncmp(mnemonic, "ldr", 3) == 0 && strncmp(operands, "sp, ", 4) == 0)
        return true;
    if (base)
        return odd && (strchr(base, '!') || strstr(base, "], #"));
    if (strncmp(operands, "sp, ", 4) != 0)
        return false;
    if (strncmp(mnemonic, "mov", 3) == 0)
        return true;
    return (strncmp(mnemonic, "add", 3) == 0 ||
            strncmp(mnemonic, "sub", 3) == 0) && (!constant || odd);
}

/** What the decoder should say of a line of disassembly. */
static fwsim__thumb_insn expected(unsigned size, const char *mnemonic,
                                  const char *operands)
{
    fwsim__thumb_insn want = { .size = (uint8_t)size, .index = -1 };
    meaning mean = meaning_of(mnemonic);

    want.flags = mean.flags;
    if (makes_sp(mnemonic, operands))
        want.flags |= FWSIM__THUMB_SP;
    if (strncmp(operands, "MSP,", 4) == 0 || strncmp(operands, "PSP,", 4) == 0)
        want.flags |= FWSIM__THUMB_STACKS;
    if (strstr(operands, "CONTROL")) /* MRS, MSR */
        want.flags |= CONTROL;
    if (!mean.width)
        return want;
    want.flags |= MEM;
    want.store = strstr(mean.name, "st") || strstr(mean.name, "push");
    want.width = (uint8_t)mean.width;
    want.count = (uint8_t)mean.count;
    if (!mean.count) {
        parse_list(mnemonic, operands, &want);
        return want;
    }
    if (mean.flags & FP && operands[0] == 'd')
        want.count = 2;
    assert_non_null(strchr(operands, '['));
    parse_address(strchr(operands, '['), &want);
    return want;
}

static bool equal(const fwsim__thumb_insn *a, const fwsim__thumb_insn *b)
{
    if (a->size != b->size || a->flags != b->flags)
        return false;
    return !(a->flags & MEM) ||
           (a->store == b->store && a->width == b->width &&
            a->count == b->count && a->base == b->base &&
            a->index == b->index && a->shift == b->shift &&
            a->offset == b->offset);
}

/** "  1a:\tf8d2 3004 \tldr.w\tr3, [r2, #4]" @return whether it was code */
static bool check_line(const char *line)
{
    unsigned first, second = 0;
    char mnemonic[32], operands[128] = "";
    fwsim__thumb_insn insn, want;
    uint8_t code[4];
    int halfwords;

    if (sscanf(line, " %*x:\t%4x %4x", &first, &second) < 1 ||
        sscanf(line, " %*[^\t]\t%*[^\t]\t%31[^\t\n]\t%127[^\n]", mnemonic,
               operands) < 1 ||
        mnemonic[0] == '.' || strchr(mnemonic, '<')) /* data; <UNDEFINED> */
        return false;
    halfwords = isxdigit((unsigned char)line[strcspn(line, ":") + 7]) ? 2 : 1;
    code[0] = first & 0xff;
    code[1] = first >> 8 & 0xff;
    code[2] = second & 0xff;
    code[3] = second >> 8 & 0xff;
    fwsim__thumb_decode(code, sizeof code, &insn);
    want = expected(halfwords == 2 ? 4 : 2, mnemonic, operands);
    if (!equal(&insn, &want))
        fail_msg("%s: size %d flags 0x%x store %d width %d count %d base %d "
                 "index %d shift %d offset %d",
                 line, insn.size, insn.flags, insn.store, insn.width,
                 insn.count, insn.base, insn.index, insn.shift,
                 (int)insn.offset);
    return true;
}

/** Compare all that objdump makes of a file. @return instructions */
static unsigned check_file(const char *path)
{
    char command[1024], line[512];
    unsigned count = 0;
    FILE *pipe;

    snprintf(command, sizeof command,
             "LC_ALL=C arm-none-eabi-objdump -d '%s' 2>/dev/null", path);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    while (fgets(line, sizeof line, pipe))
        count += check_line(line);
    pclose(pipe);
    return count;
}

static void need(const char *tool)
{
    char command[128];

    snprintf(command, sizeof command, "command -v %s >/dev/null", tool);
    if (system(command) != 0)
        skip();
}

static void every_encoding_reads_as_binutils_prints_it(void **state)
{
    static const char object[] = FWSIM_TEST_BINARY_DIR "/thumb_encodings.o";
    char command[1024];
    FILE *as;

    (void)state;
    need("arm-none-eabi-as");
    snprintf(command, sizeof command,
             "arm-none-eabi-as -march=armv8-m.main+dsp -mfpu=fpv5-d16 "
             "-o '%s' -", object);
    as = popen(command, "w");
    assert_non_null(as);
    fputs(program, as);
    assert_int_equal(pclose(as), 0);
    assert_in_range(check_file(object), 200, 1000);
    remove(object);
}

static void check_newlib(const char *options, unsigned at_least)
{
    char command[256], path[512] = "";
    FILE *pipe;

    need("arm-none-eabi-gcc");
    snprintf(command, sizeof command,
             "arm-none-eabi-gcc -mthumb %s -print-file-name=libc.a", options);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    if (!fgets(path, sizeof path, pipe))
        path[0] = '\0';
    pclose(pipe);
    path[strcspn(path, "\n")] = '\0';
    if (path[0] != '/')
        skip(); /* no newlib for this core */
    assert_in_range(check_file(path), at_least, UINT32_MAX);
}

static void newlib_for_v6m_reads_as_binutils_prints_it(void **state)
{
    (void)state;
    check_newlib("-mcpu=cortex-m0", 10000);
}

static void newlib_for_v7em_reads_as_binutils_prints_it(void **state)
{
    (void)state;
    check_newlib("-mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16", 10000);
}

static void newlib_for_v8m_reads_as_binutils_prints_it(void **state)
{
    (void)state;
    check_newlib("-mcpu=cortex-m33 -mfloat-abi=hard -mfpu=fpv5-sp-d16", 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_reads_as_binutils_prints_it),
        cmocka_unit_test(newlib_for_v6m_reads_as_binutils_prints_it),
        cmocka_unit_test(newlib_for_v7em_reads_as_binutils_prints_it),
        cmocka_unit_test(newlib_for_v8m_reads_as_binutils_prints_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
