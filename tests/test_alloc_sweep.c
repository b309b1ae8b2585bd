/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Out of memory, anywhere: the life of a machine is lived again and again, and
 * each time another allocation of fwsim fails, until none is left. Each call
 * succeeds or says FWSIM_ENOMEM (or FWSIM_ECPU, when it is the engine that
 * cannot go on in a run), and LeakSanitizer finds nothing.
 *
 * The linker sends the allocations of fwsim (not those of its libraries) here:
 * see the --wrap options in CMakeLists.txt.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fwsim_periph.h"

/* ------------------------------------------------------------------ */
/* Allocations that fail                                                */
/* ------------------------------------------------------------------ */

static unsigned long countdown; /* 0: none fails */
static unsigned long made;

/** Is it this one that fails? */
static bool fails(void)
{
    made++;
    return countdown > 0 && --countdown == 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

/* ------------------------------------------------------------------ */
/* A board and its firmware                                             */
/* ------------------------------------------------------------------ */

enum { UART = 0x40000000 };

static void tx_written(fwsim_periph *p, unsigned index, uint32_t written)
{
    (void)index;
    fwsim_uart_tx(p, (uint8_t)written);
}

static void on_rx(fwsim_periph *p, uint8_t byte)
{
    fwsim_reg_set(p, 4, byte);
}

static const fwsim_reg regs[] = {
    { "TX", .offset = 0, .wo = 0xff, .on_write = tx_written },
    { "RX", .offset = 4 },
    FWSIM_REG_END
};

static const fwsim_periph_type uart = {
    .name = "uart", .size = 0x400, .regs = regs, .uart = true, .on_rx = on_rx
};

/* clang-format off */
static const fwsim_soc soc = {
    .name = "soc",
    .cpu = "cortex-m0",
    .clock_hz = 1000000,
    .irq_lines = 4,
    .pins = 2,
    .memory = (const fwsim_memory[]) {
        { "flash", 0x00000000, 0x400,  .kind = FWSIM_MEM_FLASH },
        { "ram",   0x20000000, 0x1000, .kind = FWSIM_MEM_RAM },
        { 0 }
    },
    .regions = (const fwsim_region[]) {
        { "periph", UART, 0x10000, FWSIM_POLICY_WARN },
        { 0 }
    },
    .periph = (const fwsim_slot[]) {
        { "uart0", &uart, .base = UART },
        { 0 }
    },
};
/* clang-format on */

static const fwsim_board board = {
    .name = "board", .soc = &soc, .console = "uart0"
};

/*
 *  0: .word 0x20001000, 0x00000009     stack, reset
 *  8: ldr   r0, =0x40000000            UART
 *     movs  r1, #'h'
 *     str   r1, [r0]
 *     movs  r1, #'i'
 *     str   r1, [r0]
 *     ldr   r2, =0x40001000
 *     ldr   r3, [r2, #0x10]            nobody is there
 *     b     .
 */
static const char hex[] =
    ":1000000000100020090000000348682101606921F8\n"
    ":100010000160024A1369FEE7000000400010004042\n"
    ":00000001FF\n";

static const char srec[] =
    "S113000000100020090000000348682101606921F4\n"
    "S11300100160024A1369FEE700000040001000403E\n"
    "S9030000FC\n";

/* ------------------------------------------------------------------ */
/* A life                                                               */
/* ------------------------------------------------------------------ */

static void on_access(fwsim_machine *m, const fwsim_access *a, void *user)
{
    (void)m;
    (void)a;
    (void)user;
}

static void on_code(fwsim_machine *m, uint64_t pc, void *user)
{
    (void)m;
    (void)pc;
    (void)user;
}

static void on_uart(fwsim_machine *m, const char *name, uint8_t byte,
                    void *user)
{
    (void)m;
    (void)name;
    (void)byte;
    (void)user;
}

static int load(fwsim_machine *m, const char *name, const char *text)
{
    fwsim_image *image;
    int err = fwsim_image_parse(&image, name, text, strlen(text), NULL);

    return err ? err : fwsim_load_image(m, image);
}

static int add_hooks(fwsim_machine *m)
{
    int result = fwsim_on_uart(m, NULL, on_uart, NULL);

    if (result == 0)
        result = fwsim_on_access(m, 0, 0, on_access, NULL);
    if (result > 0)
        result = fwsim_on_code(m, 0x14, on_code, NULL);
    return result < 0 ? result : 0;
}

/** The file of a snapshot goes and comes. */
static int save_and_load(fwsim_machine *m, const fwsim_snapshot *s)
{
    static const char path[] = "test_alloc_sweep.snap";
    fwsim_snapshot *loaded = NULL;
    int err = fwsim_snapshot_save(s, path);

    if (!err)
        err = fwsim_snapshot_load(m, path, &loaded);
    if (!err)
        err = fwsim_snapshot_restore(m, loaded);
    fwsim_snapshot_free(loaded);
    remove(path);
    return err;
}

/** A fault at a place, and a sweep over a few. */
static int inject(fwsim_machine *m, const fwsim_snapshot *s)
{
    const fwsim_sweep_options how = { .limit = { .instructions = 20 },
                                      .ok_text = "never" };
    fwsim_sweep *sweep = NULL;
    int err = fwsim_inject_text(m, "flip:reg:r7:0@pc:0x14");

    if (err > 0)
        err = fwsim_sweep_new(&sweep, m, "flip:ram:{0x20000000..0x20000001}"
                                         ":1@{5..6}");
    if (!err)
        err = fwsim_sweep_run(m, sweep, s, &how);
    fwsim_sweep_free(sweep);
    if (!err)
        err = fwsim_uart_clear(m, NULL);
    return err;
}

static int run_and_go_back(fwsim_machine *m)
{
    fwsim_snapshot *s = NULL;
    fwsim_limit limit = { .instructions = 50 };
    int err = fwsim_snapshot_take(m, &s);

    if (!err)
        err = inject(m, s);
    if (!err)
        err = save_and_load(m, s);
    if (!err)
        err = fwsim_run(m, &limit, NULL);
    if (!err)
        err = fwsim_uart_send(m, NULL, "some text", 9);
    if (!err)
        err = fwsim_step(m, NULL);
    if (!err)
        err = fwsim_snapshot_restore(m, s);
    if (!err)
        err = fwsim_run(m, &limit, NULL);
    fwsim_snapshot_free(s);
    return err;
}

static int use(fwsim_machine *m)
{
    int err = load(m, "a.hex", hex);

    if (!err)
        err = load(m, "a.srec", srec);
    if (!err)
        err = add_hooks(m);
    if (!err)
        err = run_and_go_back(m);
    return err;
}

/** @return 0 or the error of the first call that failed */
static int live(fwsim_log_fn log, void *log_user, bool *said_hi)
{
    fwsim_options opt = { .log = log,
                          .log_user = log_user,
                          .semihosting = true,
                          .semihosting_args = "a b",
                          .semihosting_dir = "." };
    fwsim_machine *m = (fwsim_machine *)&opt;
    int err = fwsim_new(&m, &board, &opt);

    if (err) {
        assert_null(m);
        return err;
    }
    err = use(m);
    *said_hi = strcmp(fwsim_uart_output(m, NULL, NULL), "hihi") == 0;
    fwsim_free(m);
    return err;
}

static void the_life_without_a_failure_is_a_full_one(void **state)
{
    bool said_hi = false;

    (void)state;
    made = 0;
    assert_int_equal(live(NULL, NULL, &said_hi), 0);
    assert_true(said_hi);
    assert_true(made > 30);
}

static void every_allocation_may_fail(void **state)
{
    unsigned long n = 0, failures = 0;
    log_lines *log = calloc(1, sizeof *log);

    (void)state;
    assert_non_null(log);
    do {
        bool said_hi = false;
        int err;

        log->count = 0;
        countdown = ++n;
        err = live(log_collect, log, &said_hi);
        if (err && err != FWSIM_ENOMEM && err != FWSIM_ECPU)
            fail_msg("allocation %lu: %d, %s", n, err,
                     log->count ? log->line[0].text : "");
        /* An output that is not complete must have been explained. */
        if (!err && !said_hi &&
            !log_find(log, FWSIM_TOPIC_GENERAL, "out of memory"))
            fail_msg("allocation %lu: a byte is lost in silence", n);
        failures += err != 0;
    } while (countdown == 0);
    countdown = 0;
    free(log);
    assert_true(n > 30);
    assert_true(failures > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_life_without_a_failure_is_a_full_one),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
