/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random instruction sequences leave the same registers, flags and memory on
 * fwsim and on QEMU. Seeds 1 to BATCHES * BATCH on each core, always; another
 * first seed may be given as an argument. On a difference both states and the
 * disassembly are printed.
 *
 * What is not in the sequences, because QEMU 7.2 or the engine differ from the
 * manual there, is said beside the forms in tests/sequences/.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cm.h"
#include "command.h"
#include "sequences/sequence.h"
#include "support.h"

enum { BATCHES = 5, BATCH = 400, SHOWN = 3 };

typedef size_t (*make_fn)(uint8_t *out, unsigned features, uint32_t seed);

typedef struct profile {
    const char *board, *guest;
    uint32_t entries; /* address */
    uint32_t room;
    make_fn make;
    unsigned features;
    const char *qemu, *machine, *cpu; /* cpu: NULL, the machine's */
    const char *objdump, *isa;
} profile;

#define QEMU_ARM "/usr/bin/qemu-system-arm"
#define T32_TOOLS "/usr/bin/arm-none-eabi-objdump", "-marm"
#define QEMU_A64 "/usr/bin/qemu-system-aarch64"
#define A64_TOOLS "/usr/bin/aarch64-linux-gnu-objdump", "-maarch64"
#define DSP_FP (V7M | DSP | FP)

/* clang-format off */
enum { M0, M3, M4F, M7, M33, A53, A72 };

static const profile profiles[] = {
    [M0] = { "bbc_microbit", "seq_m0", 0x10000, 0x30000, t32_sequence,
      0, QEMU_ARM, "microbit", NULL, T32_TOOLS },
    [M3] = { "mps2_an385", "seq_m3", 0x100000, 0x100000, t32_sequence,
      V7M, QEMU_ARM, "mps2-an385", NULL, T32_TOOLS },
    [M4F] = { "mps2_an386", "seq_m4f", 0x100000, 0x100000, t32_sequence,
      DSP_FP, QEMU_ARM, "mps2-an386", NULL, T32_TOOLS },
    [M7] = { "mps2_an500", "seq_m7", 0x100000, 0x100000, t32_sequence,
      DSP_FP | FPV5 | FPDP, QEMU_ARM, "mps2-an500", NULL, T32_TOOLS },
    [M33] = { "mps2_an505", "seq_m33", 0x10100000, 0x100000, t32_sequence,
      DSP_FP | FPV5 | V8M, QEMU_ARM, "mps2-an505", NULL, T32_TOOLS },
    [A53] = { "virt", "seq_a64", 0x41000000, 0x100000, a64_sequence,
      0, QEMU_A64, "virt,gic-version=2", "cortex-a53", A64_TOOLS },
    [A72] = { "virt_a72", "seq_a64", 0x41000000, 0x100000, a64_sequence,
      0, QEMU_A64, "virt,gic-version=2", "cortex-a72", A64_TOOLS },
};
/* clang-format on */

static uint32_t first_seed = 1;

/* ------------------------------------------------------------------ */
/* Batches                                                              */
/* ------------------------------------------------------------------ */

typedef struct batch {
    uint8_t *bytes; /* what the guest finds at `entries` */
    size_t size;
} batch;

enum {
    HEADER = 8,
    LITERALS = 256 /* the last sequence may read so much beyond its end */
};

static void put32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}

static batch make_batch(const profile *p, uint32_t seed, uint32_t count)
{
    batch b = { calloc(1, HEADER + (size_t)count * ENTRY_MAX + LITERALS),
                HEADER };

    assert_non_null(b.bytes);
    put32(b.bytes, count);
    for (uint32_t i = 0; i < count; i++) {
        size_t size = p->make(b.bytes + b.size, p->features, seed + i);

        assert_true(size <= ENTRY_MAX);
        b.size += size;
    }
    b.size += LITERALS;
    assert_true(b.size <= p->room);
    return b;
}

/* The entry of a seed. */
static const uint8_t *entry_of(const batch *b, uint32_t seed)
{
    const uint8_t *at = b->bytes + HEADER;
    uint32_t head[2];

    for (;; at += head[0]) {
        assert_true(at < b->bytes + b->size);
        memcpy(head, at, sizeof head);
        if (head[1] == seed)
            return at;
    }
}

static char *image_of(const profile *p, char *buf, size_t size)
{
    snprintf(buf, size, "%s/%s.elf", FWSIM_TEST_FIRMWARE_DIR, p->guest);
    return buf;
}

static void report_line(const char *line, void *user)
{
    (void)user;
    print_error("%s\n", line);
}

static fwsim_machine *load(const profile *p, const batch *b)
{
    const fwsim_options options = { .semihosting = true };
    fwsim_machine *m = new_machine(fwsim_board_find(p->board), &options);
    char path[512];

    OK(fwsim_load(m, image_of(p, path, sizeof path), NULL));
    OK(fwsim_mem_write(m, p->entries, b->bytes, b->size));
    return m;
}

static void assert_ended(fwsim_machine *m, const fwsim_stop *stop)
{
    if (stop->reason != FWSIM_STOP_EXIT)
        fwsim_report(m, stop, report_line, NULL);
    assert_int_equal(stop->reason, FWSIM_STOP_EXIT);
    assert_int_equal(stop->exit_code, 0);
}

/* What the guest prints here; free it. */
static char *run_fwsim(const profile *p, const batch *b)
{
    fwsim_machine *m = load(p, b);
    fwsim_stop stop;
    char *text;

    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = FWSIM_S(60) }, &stop));
    assert_ended(m, &stop);
    text = strdup(fwsim_uart_output(m, "semihosting", NULL));
    assert_non_null(text);
    fwsim_free(m);
    return text;
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* What it prints there; free it. */
static char *run_qemu(const profile *p, const batch *b)
{
    char image[512], blob[512], loader[640];
    const char *argv[] = {
        "/usr/bin/timeout", "60", p->qemu, "-M", p->machine, "-display", "none",
        "-serial", "null", "-monitor", "none", "-semihosting-config",
        "enable=on,target=native", "-kernel", image, "-device", loader,
        /* the rest for AArch64 only */
        p->cpu ? "-cpu" : NULL, p->cpu, "-nic", "none", NULL
    };
    command c;
    char *text;

    image_of(p, image, sizeof image);
    snprintf(blob, sizeof blob, "%s/%s.entries", FWSIM_TEST_FIRMWARE_DIR,
             p->guest);
    snprintf(loader, sizeof loader, "loader,file=%s,addr=0x%x,force-raw=on",
             blob, p->entries);
    write_file(blob, b->bytes, b->size);
    command_run(&c, argv, NULL);
    assert_int_equal(c.code, 0);
    /* QEMU sends what a guest prints to its standard error or output. */
    text = strdup(*c.out ? c.out : c.err);
    assert_non_null(text);
    command_free(&c);
    unlink(blob);
    return text;
}

/* ------------------------------------------------------------------ */
/* Differences                                                          */
/* ------------------------------------------------------------------ */

static size_t line_length(const char *text)
{
    return strcspn(text, "\n") + (strchr(text, '\n') != NULL);
}

static bool same_line(const char *a, const char *b)
{
    return line_length(a) == line_length(b) &&
           memcmp(a, b, line_length(a)) == 0;
}

static void disassemble(const profile *p, const batch *b, uint32_t seed)
{
    const uint8_t *entry = entry_of(b, seed);
    size_t state =
        p->make == t32_sequence ? sizeof(t32_entry) : sizeof(a64_entry);
    char path[512], address[40];
    const char *argv[] = {
        p->objdump, "-D",
        "-b",       "binary",
        p->isa,     p->make == t32_sequence ? "-Mforce-thumb" : "-Mno-notes",
        address,    path,
        NULL
    };
    uint32_t size;
    command c;

    memcpy(&size, entry, sizeof size);
    snprintf(path, sizeof path, "%s/%s.code", FWSIM_TEST_FIRMWARE_DIR,
             p->guest);
    snprintf(address, sizeof address, "--adjust-vma=0x%zx",
             p->entries + (size_t)(entry - b->bytes) + state);
    write_file(path, entry + state, size - state);
    command_run(&c, argv, NULL);
    for (const char *at = c.out; *at; at += line_length(at))
        print_error("%.*s\n", (int)strcspn(at, "\n"), at);
    command_free(&c);
    unlink(path);
}

/* Run one seed of a batch again, and show all that it leaves. */
static void explain(const profile *p, const batch *b, uint32_t seed)
{
    char *ours, *theirs, *a, *q;

    put32(b->bytes + 4, seed);
    ours = run_fwsim(p, b);
    theirs = run_qemu(p, b);
    put32(b->bytes + 4, 0);
    print_error("%s, seed %u: fwsim beside QEMU\n", p->board, seed);
    for (a = ours, q = theirs; *a && *q;
         a += line_length(a), q += line_length(q))
        print_error("%c %-48.*s%.*s\n", same_line(a, q) ? ' ' : '!',
                    (int)strcspn(a, "\n"), a, (int)strcspn(q, "\n"), q);
    disassemble(p, b, seed);
    free(ours);
    free(theirs);
}

/* @return lines that differ */
static unsigned compare(const profile *p, const batch *b, const char *ours,
                        const char *theirs)
{
    unsigned differ = 0;

    for (; *ours && *theirs;
         ours += line_length(ours), theirs += line_length(theirs)) {
        if (same_line(ours, theirs))
            continue;
        if (differ++ < SHOWN)
            explain(p, b, (uint32_t)strtoul(ours, NULL, 16));
    }
    return differ + (*ours || *theirs);
}

static unsigned lines(const char *text)
{
    unsigned n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* ------------------------------------------------------------------ */
/* Tests                                                                */
/* ------------------------------------------------------------------ */

/* Name the board; is there its image? Each architecture has a compiler. */
static void begin(const profile *p)
{
    char path[512];

    print_message("%s\n", p->board);
    if (access(image_of(p, path, sizeof path), R_OK) == 0)
        return;
    print_message("SKIPPED: there was no compiler for %s\n", path);
    skip();
}

static void sequences_leave_what_they_leave_on_qemu(void **state)
{
    const profile *p = *state;
    bool have_qemu = access(p->qemu, X_OK) == 0;
    unsigned differ = 0;

    begin(p);
    for (uint32_t i = 0; i < BATCHES; i++) {
        batch b = make_batch(p, first_seed + i * BATCH, BATCH);
        char *ours = run_fwsim(p, &b);

        assert_int_equal(lines(ours), BATCH);
        if (have_qemu) {
            char *theirs = run_qemu(p, &b);

            differ += compare(p, &b, ours, theirs);
            free(theirs);
        }
        free(ours);
        free(b.bytes);
    }
    if (differ)
        print_error("%s: %u of %u differ\n", p->board, differ, BATCHES * BATCH);
    assert_int_equal(differ, 0);
    if (!have_qemu) {
        print_message("SKIPPED: ran %u sequences without a fault, but there "
                      "is no %s to compare with\n",
                      BATCHES * BATCH, p->qemu);
        skip();
    }
}

static void steps_lead_where_a_run_leads(void **state)
{
    const profile *p = *state;
    fwsim_machine *run, *m;
    fwsim_stop stop;
    batch b;

    begin(p);
    b = make_batch(p, first_seed, 3);
    run = load(p, &b);
    m = load(p, &b);
    OK(fwsim_run(run, &(fwsim_limit){ .time_ns = FWSIM_S(10) }, &stop));
    assert_ended(run, &stop);
    do
        OK(fwsim_step(m, &stop));
    while (stop.reason == FWSIM_STOP_LIMIT);
    assert_ended(m, &stop);
    assert_string_equal(fwsim_uart_output(m, "semihosting", NULL),
                        fwsim_uart_output(run, "semihosting", NULL));
    assert_true(fwsim_hash(m) == fwsim_hash(run));
    fwsim_free(run);
    fwsim_free(m);
    free(b.bytes);
}

#define ON(core)                                                               \
    cmocka_unit_test_prestate(sequences_leave_what_they_leave_on_qemu,         \
                              (void *)&profiles[core]),                        \
        cmocka_unit_test_prestate(steps_lead_where_a_run_leads,                \
                                  (void *)&profiles[core])

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ON(M0), ON(M3), ON(M4F), ON(M7), ON(M33), ON(A53), ON(A72),
    };

    if (argc > 1)
        first_seed = (uint32_t)strtoul(argv[1], NULL, 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
