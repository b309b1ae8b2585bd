/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running: limits, stop reasons, hooks, and that it makes no difference to the
 * firmware in how many pieces it runs. The firmware is a few instructions
 * written by hand, so that addresses and counts are known.
 */
#include "support.h"

enum { CODE = 0x100, HANDLER = 0x180, RAM = 0x20000000, NOBODY = 0x40000010 };

#define ISER 0xe000e100u
#define ISPR 0xe000e200u
#define SYST_CSR 0xe000e010u
#define SYST_RVR 0xe000e014u
#define SYST_CVR 0xe000e018u

static const fwsim_memory memory[] = {
    {"flash", 0, 0x10000, .kind = FWSIM_MEM_FLASH},
    {"ram", RAM, 0x4000, .kind = FWSIM_MEM_RAM},
    {.name = NULL}};

static const fwsim_region regions[] = {
    {"apb", 0x40000000, 0x1000, FWSIM_POLICY_WARN}, {.name = NULL}};

static const fwsim_soc soc = {.name = "bare",
                              .cpu = "cortex-m3",
                              .clock_hz = 1000000,
                              .irq_lines = 8,
                              .memory = memory,
                              .regions = regions};
static const fwsim_board board = {.name = "bare", .soc = &soc};

/* A loop of ten instructions; r0 is 11 at its end, r2 counts the rounds. */
enum { LOOP = 10, LAST = CODE + 0x10 };
static const uint16_t loop_code[] = {
    0x2000, /* 100 movs r0, #0 */
    0x2105, /* 102 movs r1, #5 */
    0x2905, /* 104 cmp r1, #5 */
    0xbf05, /* 106 ittet eq */
    0x3001, /* 108 addeq r0, #1 */
    0x3002, /* 10a addeq r0, #2 */
    0x3004, /* 10c addne r0, #4 */
    0x3008, /* 10e addeq r0, #8 */
    0x3201, /* 110 adds r2, #1 */
    0xe7f5, /* 112 b 100 */
};

/* Every handler: counts in r4, clobbers the flags and r0. */
static const uint16_t handler_code[] = {
    0x3401, /* adds r4, #1 */
    0x2000, /* movs r0, #0 */
    0x3000, /* adds r0, #0 */
    0x4770, /* bx lr */
};

static fwsim_machine *machine(const uint16_t *code, size_t size,
                              const fwsim_options *opt)
{
    fwsim_machine *m = new_machine(&board, opt);
    uint32_t vectors[24] = {RAM + 0x4000, CODE + 1};

    for (size_t i = 2; i < sizeof vectors / sizeof *vectors; i++)
        vectors[i] = HANDLER + 1;
    OK(fwsim_mem_write(m, 0, vectors, sizeof vectors));
    OK(fwsim_mem_write(m, CODE, code, size));
    OK(fwsim_mem_write(m, HANDLER, handler_code, sizeof handler_code));
    OK(fwsim_reset(m, FWSIM_RESET_PIN));
    return m;
}

static fwsim_machine *looping(void)
{
    return machine(loop_code, sizeof loop_code, NULL);
}

static void start_systick(fwsim_machine *m, uint32_t reload)
{
    bus_write(m, SYST_RVR, reload);
    bus_write(m, SYST_CVR, 0);
    bus_write(m, SYST_CSR, 7);
}

static uint64_t reg(fwsim_machine *m, const char *name)
{
    uint64_t value = 0;

    OK(fwsim_cpu_read(m, name, &value));
    return value;
}

static fwsim_stop run(fwsim_machine *m, fwsim_limit limit)
{
    fwsim_stop stop;

    OK(fwsim_run(m, &limit, &stop));
    return stop;
}

/* ------------------------------------------------------------------ */
/* Limits                                                               */
/* ------------------------------------------------------------------ */

static void a_limit_in_instructions_is_kept_to_the_end_of_a_block(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 60; n++) {
        fwsim_machine *m = looping();
        fwsim_stop stop = run(m, (fwsim_limit){.instructions = n});

        assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
        assert_in_range(stop.instructions, n, n + LOOP - 1);
        assert_int_equal(stop.instructions, fwsim_instructions(m));
        assert_int_equal(stop.time_ns, stop.instructions * 1000);
        assert_int_equal(reg(m, "r2"), stop.instructions / LOOP);
        fwsim_free(m);
    }
}

static void a_limit_in_time_is_kept_to_the_end_of_a_block(void **state)
{
    fwsim_machine *m = looping();
    fwsim_stop stop = run(m, (fwsim_limit){.time_ns = FWSIM_US(995)});

    (void)state;
    assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
    assert_int_equal(stop.time_ns, FWSIM_MS(1));
    assert_int_equal(stop.instructions, 1000);
    assert_int_equal(reg(m, "r2"), 100);
    fwsim_free(m);
}

/* ------------------------------------------------------------------ */
/* Pieces                                                               */
/* ------------------------------------------------------------------ */

/* Run to @a end instructions in pieces of @a piece. */
static uint64_t hash_of_pieces(uint64_t end, uint64_t piece)
{
    fwsim_machine *m = looping();
    uint64_t hash;

    start_systick(m, 76);
    while (fwsim_instructions(m) < end) {
        uint64_t left = end - fwsim_instructions(m);

        run(m, (fwsim_limit){.instructions = left < piece ? left : piece});
    }
    assert_true(reg(m, "r4") > 0);
    hash = fwsim_hash(m);
    fwsim_free(m);
    return hash;
}

static void one_call_or_a_thousand_end_in_the_same_state(void **state)
{
    uint64_t whole = hash_of_pieces(20000, 20000);

    (void)state;
    assert_int_equal(hash_of_pieces(20000, 20), whole);
    assert_int_equal(hash_of_pieces(20000, 7), whole);
    assert_int_equal(hash_of_pieces(20000, 999), whole);
}

static void step_by_step_ends_as_a_run_does(void **state)
{
    fwsim_machine *m = looping(), *n = looping();
    fwsim_stop stop;

    (void)state;
    run(m, (fwsim_limit){.instructions = 30 * LOOP});
    for (unsigned i = 0; i < 30 * LOOP; i++) {
        assert_int_equal(reg(n, "pc"), CODE + i % LOOP * 2);
        OK(fwsim_step(n, &stop));
        assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
        assert_int_equal(stop.instructions, 1);
    }
    assert_int_equal(fwsim_hash(n), fwsim_hash(m));
    fwsim_free(m);
    fwsim_free(n);
}

static void a_restored_snapshot_runs_as_before(void **state)
{
    fwsim_machine *m = looping();
    fwsim_snapshot *s;
    uint64_t then, now;

    (void)state;
    start_systick(m, 76);
    run(m, (fwsim_limit){.instructions = 12345});
    OK(fwsim_snapshot_take(m, &s));
    then = fwsim_hash(m);
    run(m, (fwsim_limit){.instructions = 5000});
    now = fwsim_hash(m);
    assert_int_not_equal(now, then);
    OK(fwsim_snapshot_restore(m, s));
    assert_int_equal(fwsim_hash(m), then);
    run(m, (fwsim_limit){.instructions = 5000});
    assert_int_equal(fwsim_hash(m), now);
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

/* ------------------------------------------------------------------ */
/* Hooks                                                                */
/* ------------------------------------------------------------------ */

typedef struct seen {
    unsigned calls;
    unsigned wrong;
    uint64_t pc;
    unsigned size;
} seen;

static void count_call(fwsim_machine *m, uint64_t pc, void *user)
{
    seen *s = user;
    uint64_t at = 0;

    fwsim_cpu_read(m, "pc", &at);
    s->calls++;
    s->pc = pc;
    s->wrong += at != pc;
}

static void check_result(fwsim_machine *m, uint64_t pc, void *user)
{
    seen *s = user;

    (void)pc;
    s->calls++;
    s->wrong += reg(m, "r0") != 11;
}

static void a_code_hook_is_called_before_its_instruction_anywhere(void **state)
{
    (void)state;
    for (uint64_t at = CODE; at < CODE + sizeof loop_code; at += 2) {
        fwsim_machine *m = looping();
        seen here = {0}, end = {0};

        assert_true(fwsim_on_code(m, at, count_call, &here) > 0);
        assert_true(fwsim_on_code(m, LAST, check_result, &end) > 0);
        run(m, (fwsim_limit){.instructions = 20 * LOOP});
        assert_int_equal(here.calls, 20);
        assert_int_equal(here.wrong, 0);
        assert_int_equal(end.calls, 20);
        assert_int_equal(end.wrong, 0);
        assert_int_equal(fwsim_instructions(m), 20 * LOOP);
        fwsim_free(m);
    }
}

static void an_unhooked_code_hook_is_not_called(void **state)
{
    fwsim_machine *m = looping();
    seen s = {0};
    int id = fwsim_on_code(m, CODE + 8, count_call, &s);

    (void)state;
    run(m, (fwsim_limit){.instructions = 3 * LOOP});
    OK(fwsim_unhook(m, id));
    run(m, (fwsim_limit){.instructions = 3 * LOOP});
    assert_int_equal(s.calls, 3);
    assert_int_equal(reg(m, "r2"), 6);
    fwsim_free(m);
}

static void jump(fwsim_machine *m, uint64_t pc, void *user)
{
    (void)pc;
    (void)user;
    fwsim_cpu_write(m, "pc", LAST);
}

static void a_code_hook_may_change_the_pc(void **state)
{
    fwsim_machine *m = looping();

    (void)state;
    fwsim_on_code(m, CODE + 2, jump, NULL);
    run(m, (fwsim_limit){.instructions = 30});
    assert_int_equal(reg(m, "r0"), 0);
    assert_int_equal(reg(m, "r1"), 0);
    assert_int_equal(reg(m, "r2"), 10);
    fwsim_free(m);
}

static void count_and_stop(fwsim_machine *m, uint64_t pc, void *user)
{
    count_call(m, pc, user);
    fwsim_request_stop(m);
}

static void
a_stop_in_a_code_hook_is_before_the_instruction_and_once(void **state)
{
    (void)state;
    for (uint64_t at = CODE; at < CODE + sizeof loop_code; at += 2) {
        fwsim_machine *m = looping();
        seen s = {0}, end = {0};

        fwsim_on_code(m, at, count_and_stop, &s);
        fwsim_on_code(m, LAST, check_result, &end);
        for (unsigned i = 0; i < 5; i++) {
            fwsim_stop stop = run(m, (fwsim_limit){.instructions = 100});

            assert_int_equal(stop.reason, FWSIM_STOP_REQUEST);
            assert_int_equal(stop.pc, at);
            assert_int_equal(stop.instructions, i ? LOOP : (at - CODE) / 2);
            assert_int_equal(s.calls, i + 1);
        }
        assert_int_equal(end.wrong, 0);
        fwsim_free(m);
    }
}

static void pend_irq(fwsim_machine *m, uint64_t pc, void *user)
{
    seen *s = user;

    (void)pc;
    s->calls++;
    fwsim_bus_write(m, ISPR, 4, 1);
}

/* The interrupt comes behind the instruction, or at the end of its block. */
static void an_interrupt_may_come_anywhere_in_an_it_block(void **state)
{
    (void)state;
    for (uint64_t at = CODE; at < CODE + sizeof loop_code; at += 2) {
        fwsim_machine *m = looping();
        seen s = {0}, end = {0};

        bus_write(m, ISER, 1);
        fwsim_on_code(m, at, pend_irq, &s);
        fwsim_on_code(m, LAST, check_result, &end);
        run(m, (fwsim_limit){.instructions = 200});
        assert_true(end.calls > 10);
        assert_int_equal(end.wrong, 0);
        assert_in_range(s.calls, reg(m, "r4"), reg(m, "r4") + 1);
        fwsim_free(m);
    }
}

static void count_block(fwsim_machine *m, uint64_t pc, unsigned size,
                        void *user)
{
    seen *s = user;

    (void)m;
    s->calls++;
    s->pc = pc;
    s->size = size;
}

static void a_block_hook_hears_of_every_block(void **state)
{
    fwsim_machine *m = looping();
    seen s = {0};

    (void)state;
    fwsim_on_block(m, count_block, &s);
    run(m, (fwsim_limit){.instructions = 10 * LOOP});
    assert_int_equal(s.calls, 10);
    assert_int_equal(s.pc, CODE);
    assert_int_equal(s.size, sizeof loop_code);
    fwsim_free(m);
}

typedef struct exceptions {
    unsigned entries, returns, wrong;
    uint64_t interrupted;
} exceptions;

static void count_exception(fwsim_machine *m, const fwsim_exception *e,
                            void *user)
{
    exceptions *s = user;

    (void)m;
    s->wrong += e->number != 15;
    if (e->entry) {
        s->entries++;
        s->interrupted = e->pc;
    } else {
        s->returns++;
        s->wrong += e->pc != s->interrupted;
    }
}

static void an_exception_hook_hears_of_entry_and_return(void **state)
{
    fwsim_machine *m = looping();
    exceptions s = {0};

    (void)state;
    fwsim_on_exception(m, count_exception, &s);
    start_systick(m, 99);
    run(m, (fwsim_limit){.instructions = 1055});
    assert_int_equal(s.entries, 10);
    assert_int_equal(s.returns, 10);
    assert_int_equal(s.wrong, 0);
    assert_int_equal(reg(m, "r4"), 10);
    fwsim_free(m);
}

/* ------------------------------------------------------------------ */
/* Reasons to stop                                                      */
/* ------------------------------------------------------------------ */

static void a_breakpoint_is_a_stop_at_its_instruction(void **state)
{
    static const uint16_t code[] = {0x2001, 0xbe00, 0x3001, 0xbe01};
    fwsim_machine *m = machine(code, sizeof code, NULL);
    fwsim_stop stop = run(m, (fwsim_limit){0});

    (void)state;
    assert_int_equal(stop.reason, FWSIM_STOP_BREAKPOINT);
    assert_int_equal(stop.pc, CODE + 2);
    assert_int_equal(reg(m, "r0"), 1);
    stop = run(m, (fwsim_limit){0});
    assert_int_equal(stop.reason, FWSIM_STOP_BREAKPOINT);
    assert_int_equal(stop.pc, CODE + 6);
    assert_int_equal(reg(m, "r0"), 2);
    fwsim_free(m);
}

static void sleep_without_an_end_is_idle(void **state)
{
    static const uint16_t code[] = {0xbf30, 0x3001, 0xe7fc};
    fwsim_machine *m = machine(code, sizeof code, NULL);
    fwsim_stop stop = run(m, (fwsim_limit){0});

    (void)state;
    assert_int_equal(stop.reason, FWSIM_STOP_IDLE);
    assert_int_equal(stop.instructions, 1);
    assert_int_equal(reg(m, "r0"), 0);
    stop = run(m, (fwsim_limit){.time_ns = FWSIM_MS(3)});
    assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
    assert_int_equal(stop.time_ns, FWSIM_MS(3));
    assert_int_equal(stop.instructions, 0);
    bus_write(m, ISER, 1);
    bus_write(m, ISPR, 1);
    stop = run(m, (fwsim_limit){0});
    assert_int_equal(stop.reason, FWSIM_STOP_IDLE);
    assert_int_equal(reg(m, "r4"), 1);
    assert_int_equal(reg(m, "r0"), 1);
    fwsim_free(m);
}

/* ldr r0, =AIRCR; ldr r1, =SYSRESETREQ; str r1, [r0]; b . */
static const uint16_t reset_code[] = {0x4801, 0x4902, 0x6001, 0xe7fe,
                                      0xed0c, 0xe000, 0x0004, 0x05fa};

static void a_reset_by_firmware_is_a_stop_where_asked_for(void **state)
{
    const fwsim_options opt = {.stop_at_reset = true};
    fwsim_machine *m = machine(reset_code, sizeof reset_code, &opt);
    fwsim_stop stop = run(m, (fwsim_limit){.instructions = 100});

    (void)state;
    assert_int_equal(stop.reason, FWSIM_STOP_RESET);
    assert_int_equal(stop.reset, FWSIM_RESET_SYSTEM);
    assert_int_equal(stop.pc, CODE);
    assert_in_range(stop.instructions, 3, 4);
    fwsim_free(m);
    m = machine(reset_code, sizeof reset_code, NULL);
    stop = run(m, (fwsim_limit){.instructions = 100});
    assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
    fwsim_free(m);
}

/* ldr r0, =NOBODY; ldr r1, [r0]; b . */
static void the_policy_may_stop_at_an_unmodelled_register(void **state)
{
    static const uint16_t code[] = {0x4801, 0x6801, 0xe7fe,
                                    0x0000, 0x0010, 0x4000};
    const fwsim_options opt = {.policy = FWSIM_POLICY_FAIL};
    fwsim_machine *m = machine(code, sizeof code, &opt);
    fwsim_stop stop = run(m, (fwsim_limit){.instructions = 100});
    fwsim_unmodelled first;

    (void)state;
    assert_int_equal(stop.reason, FWSIM_STOP_UNMODELLED);
    assert_int_equal(stop.address, NOBODY);
    assert_true(fwsim_unmodelled_get(m, 0, &first));
    assert_int_equal(first.first_pc, CODE + 2);
    fwsim_free(m);
}

static void stop_at_access(fwsim_machine *m, const fwsim_access *a, void *user)
{
    (void)a;
    (void)user;
    fwsim_request_stop(m);
}

/* The same code. */
static void a_request_ends_with_its_run(void **state)
{
    static const uint16_t code[] = {0x4801, 0x6801, 0xe7fe,
                                    0x0000, 0x0010, 0x4000};
    const fwsim_options opt = {.policy = FWSIM_POLICY_FAIL};
    fwsim_machine *m = machine(code, sizeof code, &opt);
    fwsim_stop stop;

    (void)state;
    assert_true(fwsim_on_access(m, NOBODY, 4, stop_at_access, NULL) > 0);
    stop = run(m, (fwsim_limit){.instructions = 100});
    assert_int_equal(stop.reason, FWSIM_STOP_UNMODELLED);
    stop = run(m, (fwsim_limit){.instructions = 100});
    assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
    fwsim_free(m);
}

static void a_fault_stops_before_its_handler_and_then_enters_it(void **state)
{
    static const uint16_t code[] = {0x2001, 0xde00, 0xe7fe};
    fwsim_machine *m = machine(code, sizeof code, NULL);
    fwsim_stop stop = run(m, (fwsim_limit){0});

    (void)state;
    assert_int_equal(stop.reason, FWSIM_STOP_FAULT);
    assert_int_equal(stop.pc, CODE + 2);
    assert_int_equal(stop.fault.pc, CODE + 2);
    assert_int_equal(stop.fault.exception, 3);
    assert_int_equal(stop.fault.cfsr, 1 << 16);
    assert_int_equal(reg(m, "r4"), 0);
    /* The handler returns to the instruction, which faults again. */
    stop = run(m, (fwsim_limit){0});
    assert_int_equal(stop.reason, FWSIM_STOP_FAULT);
    assert_int_equal(reg(m, "r4"), 1);
    fwsim_free(m);
}

static void faults_may_be_left_to_their_handlers(void **state)
{
    static const uint16_t code[] = {0x2001, 0xde00, 0xe7fe};
    const fwsim_options opt = {.deliver_faults = true};
    fwsim_machine *m = machine(code, sizeof code, &opt);
    fwsim_stop stop = run(m, (fwsim_limit){.instructions = 100});

    (void)state;
    assert_int_equal(stop.reason, FWSIM_STOP_LIMIT);
    assert_true(reg(m, "r4") >= 20);
    fwsim_free(m);
}

static void priorities_have_the_bits_of_the_board(void **state)
{
    fwsim_machine *m = looping();

    (void)state;
    bus_write(m, 0xe000e400, 0xffffffff);
    assert_int_equal(bus_read(m, 0xe000e400), 0xe0e0e0e0);
    bus_write(m, 0xe000e408, 0xffffffff);
    assert_int_equal(bus_read(m, 0xe000e408), 0); /* 8 lines */
    bus_write(m, ISER, 0xffffffff);
    assert_int_equal(bus_read(m, ISER), 0xff);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_in_instructions_is_kept_to_the_end_of_a_block),
        cmocka_unit_test(a_limit_in_time_is_kept_to_the_end_of_a_block),
        cmocka_unit_test(one_call_or_a_thousand_end_in_the_same_state),
        cmocka_unit_test(step_by_step_ends_as_a_run_does),
        cmocka_unit_test(a_restored_snapshot_runs_as_before),
        cmocka_unit_test(a_code_hook_is_called_before_its_instruction_anywhere),
        cmocka_unit_test(an_unhooked_code_hook_is_not_called),
        cmocka_unit_test(a_code_hook_may_change_the_pc),
        cmocka_unit_test(
            a_stop_in_a_code_hook_is_before_the_instruction_and_once),
        cmocka_unit_test(an_interrupt_may_come_anywhere_in_an_it_block),
        cmocka_unit_test(a_block_hook_hears_of_every_block),
        cmocka_unit_test(an_exception_hook_hears_of_entry_and_return),
        cmocka_unit_test(a_breakpoint_is_a_stop_at_its_instruction),
        cmocka_unit_test(sleep_without_an_end_is_idle),
        cmocka_unit_test(a_reset_by_firmware_is_a_stop_where_asked_for),
        cmocka_unit_test(the_policy_may_stop_at_an_unmodelled_register),
        cmocka_unit_test(a_request_ends_with_its_run),
        cmocka_unit_test(a_fault_stops_before_its_handler_and_then_enters_it),
        cmocka_unit_test(faults_may_be_left_to_their_handlers),
        cmocka_unit_test(priorities_have_the_bits_of_the_board),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
