/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boards by name, did-you-mean, and the check of a board's tables: each case
 * is a good board with one mistake.
 */
#include "support.h"

#include <string.h>

#include "fwsim_periph.h"

/* ------------------------------------------------------------------ */
/* A good board that cases change                                       */
/* ------------------------------------------------------------------ */

static const fwsim_reg no_regs[] = { FWSIM_REG_END };
static const char *const param_names[] = { "channels", NULL };
static const char *const pin_names[] = { "a", "b", NULL };
static const fwsim_i2c_ops i2c_ops = { 0 };

static const fwsim_periph_type uart = {
    .name = "t_uart", .size = 0x400, .regs = no_regs, .irqs = 1, .uart = true
};
static const fwsim_periph_type wide = { .name = "t_wide", .size = 0x1000 };
static const fwsim_periph_type with_params = {
    .name = "t_params", .size = 0x100, .params = param_names
};
static const fwsim_periph_type greedy = {
    .name = "t_greedy", .size = 0x100, .irqs = 9
};
static const fwsim_periph_type chip = { .name = "t_chip", .i2c = &i2c_ops };
static const fwsim_periph_type lamp = { .name = "t_lamp", .pins = pin_names };

enum { ROWS = 6 };

/** Everything that a case may change. */
typedef struct tables {
    fwsim_memory memory[ROWS];
    fwsim_region regions[ROWS];
    fwsim_slot periph[ROWS];
    fwsim_slot parts[ROWS];
    fwsim_pin_name pins[ROWS];
    fwsim_soc soc;
    fwsim_board board;
} tables;

/* clang-format off */
static const tables good = {
    .memory = {
        { "flash", 0x00000000, 0x10000, FWSIM_MEM_FLASH,
          .controller = "usart2" },
        { "ram",   0x20000000, 0x4000,  .kind = FWSIM_MEM_RAM },
        { "mirror", 0x08000000, 0x8000, FWSIM_MEM_FLASH, .alias_of = "flash" },
    },
    .regions = {
        { "apb", 0x40000000, 0x10000, FWSIM_POLICY_WARN },
    },
    .periph = {
        { "usart1", &uart, .base = 0x40003000, .irq = { 3 } },
        { "usart2", &uart, .base = 0x40004400, .irq = { FWSIM_NO_IRQ } },
    },
    .parts = {
        { "accel", &chip, .bus = "usart1", .bus_addr = 0x1d },
        { "lamp",  &lamp, .pin = { 3, 4 } },
    },
    .pins = {
        { "led", 3 },
        { "key", 7 },
    },
    .soc = {
        .name = "test_soc",
        .cpu = "cortex-m0",
        .clock_hz = 1000000,
        .irq_lines = 8,
        .pins = 8,
    },
    .board = { .name = "test_board", .console = "usart1" },
};
/* clang-format on */

static int create(tables *t, log_lines *log)
{
    fwsim_options opt = log_options(log);
    fwsim_machine *m;
    int err;

    t->soc.memory = t->memory;
    t->soc.regions = t->regions;
    t->soc.periph = t->periph;
    t->board.soc = &t->soc;
    t->board.parts = t->parts;
    t->board.pins = t->pins;
    err = fwsim_new(&m, &t->board, &opt);
    fwsim_free(m);
    return err;
}

/* ------------------------------------------------------------------ */
/* Mistakes                                                             */
/* ------------------------------------------------------------------ */

static void slots_overlap(tables *t)
{
    t->periph[2] = (fwsim_slot){ "usart3", &wide, .base = 0x40004000 };
}

static void slots_overlap_from_below(tables *t)
{
    t->periph[2] = (fwsim_slot){ "usart3", &wide, .base = 0x40002400 };
}

static void aliases_overlap(tables *t)
{
    t->periph[0].alias = 0x50003000;
    t->periph[1].alias = 0x50003200;
}

static void alias_in_memory(tables *t)
{
    t->periph[0].alias = 0x20001000;
}

static void memories_overlap(tables *t)
{
    t->memory[3] = (fwsim_memory){ "ram2", 0x20003c00, 0x800,
                                   .kind = FWSIM_MEM_RAM };
}

static void slot_in_memory(tables *t)
{
    t->periph[1].base = 0x20000400;
}

static void regions_overlap(tables *t)
{
    t->regions[1] = (fwsim_region){ "ahb", 0x4000ff00, 0x1000,
                                    FWSIM_POLICY_WARN };
}

static void slot_name_twice(tables *t)
{
    t->parts[1].name = "usart2";
}

static void memory_name_twice(tables *t)
{
    t->memory[1].name = "flash";
}

static void pin_name_twice(tables *t)
{
    t->pins[1].name = "led";
}

static void memory_of_odd_size(tables *t)
{
    t->memory[1].size = 0x4001;
}

static void memory_at_odd_base(tables *t)
{
    t->memory[1].base = 0x20000200;
}

static void memory_beyond_the_end(tables *t)
{
    t->memory[1].base = UINT64_MAX - 0x3ff;
}

static void memory_without_name(tables *t)
{
    t->memory[1].name = NULL;
}

static void alias_of_unknown(tables *t)
{
    t->memory[2].alias_of = "flsh";
}

static void alias_of_alias(tables *t)
{
    t->memory[3] = (fwsim_memory){ "third", 0x10000000, 0x400,
                                   FWSIM_MEM_FLASH, .alias_of = "mirror" };
}

static void alias_too_large(tables *t)
{
    t->memory[2].size = 0x20000;
}

static void unknown_controller(tables *t)
{
    t->memory[0].controller = "usrat2";
}

static void unknown_bus(tables *t)
{
    t->parts[0].bus = "usart11";
}

static void i2c_part_without_bus(tables *t)
{
    t->parts[0].bus = NULL;
}

static void bus_address_twice(tables *t)
{
    t->parts[2] = (fwsim_slot){ "gyro", &chip, .bus = "usart1",
                                .bus_addr = 0x1d };
}

static void unknown_console(tables *t)
{
    t->board.console = "uart1";
}

static void console_is_no_uart(tables *t)
{
    t->board.console = "lamp";
}

static void irq_beyond_the_lines(tables *t)
{
    t->periph[0].irq[0] = 8;
}

static void negative_irq(tables *t)
{
    t->periph[0].irq[0] = -2;
}

static void too_many_irqs(tables *t)
{
    t->periph[0].type = &greedy;
    t->board.console = NULL;
}

static void pin_beyond_the_pins(tables *t)
{
    t->parts[1].pin[1] = 8;
}

static void named_pin_beyond_the_pins(tables *t)
{
    t->pins[0].pin = 8;
}

static void first_pin_beyond_the_pins(tables *t)
{
    t->periph[0].first_pin = 32;
}

static void no_parameters(tables *t)
{
    t->periph[1].type = &with_params;
}

static void no_type(tables *t)
{
    t->periph[1].type = NULL;
}

static void unknown_core(tables *t)
{
    t->soc.cpu = "cortx-m0";
}

static void no_clock(tables *t)
{
    t->soc.clock_hz = 0;
}

static void too_many_priorities(tables *t)
{
    t->soc.prio_bits = 9;
}

static void boots_from_nowhere(tables *t)
{
    t->soc.boot_addr = 0x30000000;
}

static void soc_without_name(tables *t)
{
    t->soc.name = NULL;
}

typedef struct mistake {
    void (*make)(tables *t);
    const char *text;
} mistake;

/* clang-format off */
static const mistake mistakes[] = {
    { slots_overlap, "usart3 0x40004000+0x1000 overlaps "
                     "usart2 0x40004400+0x400" },
    { slots_overlap_from_below, "usart3 0x40002400+0x1000 overlaps "
                                "usart1 0x40003000+0x400" },
    { aliases_overlap, "usart2 0x50003200+0x400 overlaps "
                       "usart1 0x50003000+0x400" },
    { alias_in_memory, "usart1 0x20001000+0x400 overlaps "
                       "ram 0x20000000+0x4000" },
    { memories_overlap, "ram2 0x20003c00+0x800 overlaps "
                        "ram 0x20000000+0x4000" },
    { slot_in_memory,   "usart2 0x20000400+0x400 overlaps "
                        "ram 0x20000000+0x4000" },
    { regions_overlap,  "ahb 0x4000ff00+0x1000 overlaps "
                        "apb 0x40000000+0x10000" },
    { slot_name_twice,   "two slots have the name 'usart2'" },
    { memory_name_twice, "two memories have the name 'flash'" },
    { pin_name_twice,    "two pins have the name 'led'" },
    { memory_of_odd_size, "ram 0x20000000+0x4001 is not in multiples of 1024" },
    { memory_at_odd_base, "ram 0x20000200+0x4000 is not in multiples of 1024" },
    { memory_beyond_the_end, "beyond the address space" },
    { memory_without_name, "the memory at 0x20000000 has no name" },
    { alias_of_unknown, "mirror: memory 'flsh' does not exist; "
                        "did you mean 'flash'?" },
    { alias_of_alias,   "third: alias of the alias mirror" },
    { alias_too_large,  "mirror: 0x20000 bytes, but flash has only 0x10000" },
    { unknown_controller, "flash: controller 'usrat2' does not exist; "
                          "did you mean 'usart2'?" },
    { unknown_bus, "accel: bus 'usart11' does not exist; "
                   "did you mean 'usart1'?" },
    { i2c_part_without_bus, "accel: t_chip needs a bus" },
    { bus_address_twice, "gyro and accel both have address 0x1d on usart1" },
    { unknown_console, "console 'uart1' does not exist; "
                       "did you mean 'usart1'?" },
    { console_is_no_uart, "the console lamp (t_lamp) is no UART" },
    { irq_beyond_the_lines, "usart1: interrupt line 8, but test_soc has 8" },
    { negative_irq,  "usart1: interrupt line -2" },
    { too_many_irqs, "t_greedy has 9 interrupt outputs" },
    { pin_beyond_the_pins, "lamp: b is at pin 8, but test_soc has 8" },
    { named_pin_beyond_the_pins, "led is pin 8, but test_soc has 8" },
    { first_pin_beyond_the_pins, "usart1: first pin 32" },
    { no_parameters, "usart2: t_params needs parameters, first 'channels'" },
    { no_type,       "usart2 has no type" },
    { unknown_core,  "core 'cortx-m0' does not exist; "
                     "did you mean 'cortex-m0'?" },
    { no_clock, "test_soc has no clock" },
    { too_many_priorities, "9 priority bits" },
    { boots_from_nowhere,  "test_soc boots from 0x30000000" },
    { soc_without_name,    "need a name" },
};
/* clang-format on */

static void a_board_with_a_mistake_is_refused_with_its_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        tables t = good;
        log_lines log = { 0 };
        int err;

        mistakes[i].make(&t);
        err = create(&t, &log);
        if (err != FWSIM_EBOARD ||
            !log_find(&log, FWSIM_TOPIC_GENERAL, mistakes[i].text))
            fail_msg("row %zu: %d, \"%s\" is not in \"%s\"", i, err,
                     mistakes[i].text, log.line[0].text);
        assert_int_equal(log.count, 1);
        assert_int_equal(log.line[0].level, FWSIM_LOG_ERROR);
    }
}

static void the_board_without_a_mistake_is_accepted(void **state)
{
    tables t = good;
    log_lines log = { 0 };

    (void)state;
    assert_int_equal(create(&t, &log), 0);
    assert_int_equal(log_count(&log, FWSIM_TOPIC_GENERAL), 0);
}

static void a_machine_needs_a_board_and_a_chip(void **state)
{
    static const fwsim_board empty = { .name = "empty" };
    fwsim_machine *m = (fwsim_machine *)&m;

    (void)state;
    assert_int_equal(fwsim_new(&m, NULL, NULL), FWSIM_EINVAL);
    assert_null(m);
    assert_int_equal(fwsim_new(&m, &empty, NULL), FWSIM_EINVAL);
    fwsim_free(NULL);
}

static void every_board_of_the_library_makes_a_machine(void **state)
{
    (void)state;
    for (const fwsim_board *const *b = fwsim_boards; *b; b++) {
        fwsim_machine *m = new_machine(*b, NULL);

        assert_ptr_equal(fwsim_machine_board(m), *b);
        assert_ptr_equal(fwsim_board_find((*b)->name), *b);
        assert_non_null((*b)->summary);
        fwsim_free(m);
    }
    assert_null(fwsim_board_find("no such board"));
    assert_null(fwsim_board_find(NULL));
}

static void catalogues_are_in_order_of_name(void **state)
{
    (void)state;
    for (size_t i = 1; fwsim_boards[0] && fwsim_boards[i]; i++)
        assert_true(strcmp(fwsim_boards[i - 1]->name, fwsim_boards[i]->name) <
                    0);
    for (size_t i = 1; fwsim_periph_types[i]; i++)
        assert_true(strcmp(fwsim_periph_types[i - 1]->name,
                           fwsim_periph_types[i]->name) < 0);
}

/* ------------------------------------------------------------------ */
/* Did you mean                                                         */
/* ------------------------------------------------------------------ */

static void the_closest_name_is_found(void **state)
{
    static const char *const names[] = { "bbc_microbit", "efm32hg_tomu",
                                         "stm32f4_disco", "run", NULL };

    (void)state;
    assert_string_equal(fwsim_closest("bbc_micorbit", names), "bbc_microbit");
    assert_string_equal(fwsim_closest("BBC_Microbit", names), "bbc_microbit");
    assert_string_equal(fwsim_closest("microbit", names), "bbc_microbit");
    assert_string_equal(fwsim_closest("efm32_tomu", names), "efm32hg_tomu");
    assert_string_equal(fwsim_closest("rnu", names), "run");
    assert_string_equal(fwsim_closest("stm32f4-disco", names),
                        "stm32f4_disco");
}

static void nothing_is_suggested_when_nothing_is_close(void **state)
{
    static const char *const names[] = { "bbc_microbit", "run", NULL };
    static const char *const none[] = { NULL };
    char longer[200];

    (void)state;
    memset(longer, 'a', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    assert_null(fwsim_closest("raspberry", names));
    assert_null(fwsim_closest("xyz", names));
    assert_null(fwsim_closest("run", none));
    assert_null(fwsim_closest("", names));
    assert_null(fwsim_closest(longer, names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_board_with_a_mistake_is_refused_with_its_rows),
        cmocka_unit_test(the_board_without_a_mistake_is_accepted),
        cmocka_unit_test(a_machine_needs_a_board_and_a_chip),
        cmocka_unit_test(every_board_of_the_library_makes_a_machine),
        cmocka_unit_test(catalogues_are_in_order_of_name),
        cmocka_unit_test(the_closest_name_is_found),
        cmocka_unit_test(nothing_is_suggested_when_nothing_is_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
