/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bus: memories and their aliases, windows, accesses to nobody, hooks,
 * flash controllers and bus masters.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "fwsim_periph.h"
#include "machine/machine.h"

#define FLASH  UINT64_C(0x08000000)
#define RAM    UINT64_C(0x20000000)
#define ROM    UINT64_C(0x10000000)
#define DEVICE UINT64_C(0x40000000)
#define STUB   UINT64_C(0x40001000)
#define CTRL   UINT64_C(0x40002000)
#define QUIET  UINT64_C(0x50000000)
#define FAIL   UINT64_C(0x60000000)

enum { DATA = 0x0 };

static const fwsim_reg device_regs[] = {
    { "DATA", DATA, .rw = 0xffffffff },
    FWSIM_REG_END
};

static const fwsim_periph_type device = {
    .name = "device", .size = 0x100, .regs = device_regs
};

/** A flash controller that programs words at once. */
static bool program_word(fwsim_periph *p, uint64_t address, unsigned width,
                         uint32_t value)
{
    return width == 4 && fwsim_flash_program(p, address, &value, 4);
}

static const fwsim_periph_type controller = {
    .name = "controller",
    .size = 0x100,
    .regs = device_regs,
    .on_flash_write = program_word,
};

/* clang-format off */
static const fwsim_soc soc = {
    .name = "test_soc",
    .clock_hz = 1000000,
    .memory = (const fwsim_memory[]) {
        { "flash", FLASH,         0x2000, FWSIM_MEM_FLASH,
          .controller = "ctrl" },
        { "boot",  0,             0x1000, FWSIM_MEM_FLASH,
          .alias_of = "flash" },
        { "ram1",  RAM,           0x1000, .kind = FWSIM_MEM_RAM },
        { "ram2",  RAM + 0x1000,  0x1000, .kind = FWSIM_MEM_RAM },
        { "rom",   ROM,           0x1000, .kind = FWSIM_MEM_ROM },
        { "plain", FLASH + 0x10000, 0x400, .kind = FWSIM_MEM_FLASH },
        { 0 }
    },
    .regions = (const fwsim_region[]) {
        { "periph", DEVICE, 0x10000000, FWSIM_POLICY_DEFAULT },
        { "quiet",  QUIET,  0x1000,     FWSIM_POLICY_IGNORE },
        { "strict", FAIL,   0x1000,     FWSIM_POLICY_FAIL },
        { 0 }
    },
    .periph = (const fwsim_slot[]) {
        { "device", &device,     .base = DEVICE },
        { "stub",   &fwsim_stub, .base = STUB },
        { "ctrl",   &controller, .base = CTRL },
        { 0 }
    },
};
/* clang-format on */

static const fwsim_board board = { .name = "test_board", .soc = &soc };

static int setup(void **state)
{
    return bench_setup(state, &board);
}

static size_t unmodelled_lines(const bench *b)
{
    return log_count(&b->log, FWSIM_TOPIC_UNMODELLED);
}

/* ------------------------------------------------------------------ */
/* Memory                                                               */
/* ------------------------------------------------------------------ */

static void flash_is_erased_and_ram_is_zero(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    assert_int_equal(bus_read(m, FLASH), 0xffffffff);
    assert_int_equal(bus_read(m, RAM), 0);
    assert_int_equal(bus_read(m, ROM), 0);
}

static void ram_is_little_endian(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    const uint8_t bytes[] = { 0x11, 0x22, 0x33, 0x44 };

    OK(fwsim_mem_write(m, RAM + 8, bytes, 4));
    assert_int_equal(bus_read(m, RAM + 8), 0x44332211);
    bus_write16(m, RAM + 10, 0xbeef);
    assert_int_equal(bus_read8(m, RAM + 10), 0xef);
    assert_int_equal(bus_read8(m, RAM + 11), 0xbe);
}

static void mem_accesses_span_adjacent_memories(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    char text[] = "across the border", back[sizeof text];

    OK(fwsim_mem_write(m, RAM + 0x1000 - 5, text, sizeof text));
    OK(fwsim_mem_read(m, RAM + 0x1000 - 5, back, sizeof back));
    assert_string_equal(back, text);
    assert_int_equal(bus_read8(m, RAM + 0x1000), text[5]);
}

static void a_range_that_is_not_all_memory_copies_nothing(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    const uint8_t ones[16] = { 1, 1, 1, 1, 1, 1, 1, 1,
                               1, 1, 1, 1, 1, 1, 1, 1 };
    uint8_t buf[16] = { 7 };

    assert_int_equal(fwsim_mem_write(m, RAM + 0x2000 - 8, ones, 16),
                     FWSIM_EFAULT);
    assert_int_equal(bus_read(m, RAM + 0x2000 - 8), 0);
    assert_int_equal(fwsim_mem_read(m, RAM + 0x2000 - 8, buf, 16),
                     FWSIM_EFAULT);
    assert_int_equal(buf[0], 7);
    assert_int_equal(fwsim_mem_read(m, DEVICE, buf, 4), FWSIM_EFAULT);
    assert_int_equal(fwsim_mem_read(m, UINT64_MAX - 3, buf, 16), FWSIM_EFAULT);
    assert_errmsg(m, "0xfffffffffffffffc");
    OK(fwsim_mem_read(m, UINT64_MAX, buf, 0));
}

static void an_alias_shows_the_bytes_of_its_memory(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    OK(fwsim_mem_write(m, FLASH + 0x10, "abcd", 4));
    assert_int_equal(bus_read8(m, 0x11), 'b');
    OK(fwsim_mem_write(m, 0x12, "X", 1));
    assert_int_equal(bus_read8(m, FLASH + 0x12), 'X');
    /* The alias is shorter than the memory. */
    assert_int_equal(fwsim_mem_write(m, 0x1000, "X", 1), FWSIM_EFAULT);
}

static void bus_writes_to_rom_and_plain_flash_are_faults(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    assert_int_equal(fwsim_bus_write(m, ROM, 4, 1), FWSIM_EFAULT);
    assert_int_equal(fwsim_bus_write(m, FLASH + 0x10000, 4, 1), FWSIM_EFAULT);
    OK(fwsim_mem_write(m, ROM, "\1", 1));
    assert_int_equal(bus_read(m, ROM), 1);
}

static void odd_widths_and_alignments_are_invalid(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    uint32_t value;

    assert_int_equal(fwsim_bus_read(m, RAM, 3, &value), FWSIM_EINVAL);
    assert_int_equal(fwsim_bus_read(m, RAM, 0, &value), FWSIM_EINVAL);
    assert_int_equal(fwsim_bus_read(m, RAM, 8, &value), FWSIM_EINVAL);
    assert_int_equal(fwsim_bus_read(m, RAM + 2, 4, &value), FWSIM_EINVAL);
    assert_int_equal(fwsim_bus_write(m, DEVICE + 1, 2, 0), FWSIM_EINVAL);
}

static void an_address_of_nobody_is_a_bus_fault(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    uint32_t value = 5;

    assert_int_equal(fwsim_bus_read(m, 0x90000000, 4, &value), FWSIM_EFAULT);
    assert_int_equal(fwsim_bus_write(m, 0x90000000, 4, 0), FWSIM_EFAULT);
    assert_errmsg(m, "0x90000000");
}

/* ------------------------------------------------------------------ */
/* Flash                                                                */
/* ------------------------------------------------------------------ */

static void a_store_to_flash_goes_to_its_controller(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, FLASH + 4, 0x12345678);
    assert_int_equal(bus_read(m, FLASH + 4), 0x12345678);
    assert_int_equal(fwsim_bus_write(m, FLASH + 8, 2, 0), FWSIM_EFAULT);
}

static void a_store_to_an_alias_of_flash_goes_to_the_same_controller(
    void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;

    bus_write(m, 8, 0x0badf00d);
    assert_int_equal(bus_read(m, FLASH + 8), 0x0badf00d);
}

static void programming_clears_bits_and_erasing_sets_them(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    fwsim_periph *p = fwsim__periph_find(m, "ctrl");
    const uint8_t low = 0x0f, high = 0xf1;

    assert_true(fwsim_flash_program(p, FLASH + 5, &low, 1));
    assert_true(fwsim_flash_program(p, FLASH + 5, &high, 1));
    assert_int_equal(bus_read8(m, FLASH + 5), 0x01);
    assert_int_equal(bus_read8(m, FLASH + 4), 0xff);
    assert_true(fwsim_flash_erase(p, FLASH, 0x2000));
    assert_int_equal(bus_read8(m, FLASH + 5), 0xff);
}

static void a_controller_changes_only_flash_that_names_it(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    fwsim_periph *p = fwsim__periph_find(m, "ctrl");
    fwsim_periph *other = fwsim__periph_find(m, "device");

    assert_int_equal(fwsim_flash_size(p, FLASH + 0x123), 0x2000);
    assert_int_equal(fwsim_flash_size(p, FLASH + 0x10000), 0);
    assert_int_equal(fwsim_flash_size(other, FLASH), 0);
    assert_false(fwsim_flash_erase(other, FLASH, 0x400));
    assert_false(fwsim_flash_erase(p, RAM, 0x400));
    assert_false(fwsim_flash_erase(p, FLASH + 0x1000, 0x1001));
    assert_false(fwsim_flash_program(p, FLASH + 0x1fff, "ab", 2));
}

/* ------------------------------------------------------------------ */
/* Accesses to nobody                                                   */
/* ------------------------------------------------------------------ */

static void unmodelled_registers_read_zero_and_are_reported_once(void **state)
{
    bench *b = *state;

    bus_write(b->m, DEVICE + 0x5004, 0xffffffff);
    for (int i = 0; i < 10; i++)
        assert_int_equal(bus_read(b->m, DEVICE + 0x5004), 0);
    assert_int_equal(unmodelled_lines(b), 1);
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_UNMODELLED, "0x40005004"));
    assert_string_equal(b->log.line[0].origin, "periph");
    assert_int_equal(b->log.line[0].level, FWSIM_LOG_WARN);
    bus_read(b->m, DEVICE + 0x5008);
    assert_int_equal(unmodelled_lines(b), 2);
}

static void unmodelled_registers_are_counted_in_order_of_first_use(
    void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    fwsim_unmodelled u;

    bus_read16(m, DEVICE + 0x5002);
    bus_write(m, STUB + 8, 0x11);
    bus_write(m, STUB + 8, 0x22);
    bus_read(m, STUB + 8);
    assert_true(fwsim_unmodelled_get(m, 0, &u));
    assert_int_equal(u.addr, DEVICE + 0x5002);
    assert_int_equal(u.width, 2);
    assert_int_equal(u.reads, 1);
    assert_int_equal(u.writes, 0);
    assert_true(fwsim_unmodelled_get(m, 1, &u));
    assert_int_equal(u.addr, STUB + 8);
    assert_int_equal(u.reads, 1);
    assert_int_equal(u.writes, 2);
    assert_int_equal(u.last_written, 0x22);
    assert_false(fwsim_unmodelled_get(m, 2, &u));
}

static void thousands_of_unmodelled_registers_are_found_again(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    fwsim_unmodelled u;

    for (int pass = 0; pass < 2; pass++)
        for (uint64_t i = 0; i < 5000; i++)
            bus_read(m, DEVICE + 0x10000 + 4 * i);
    for (size_t i = 0; i < 5000; i++) {
        assert_true(fwsim_unmodelled_get(m, i, &u));
        assert_int_equal(u.addr, DEVICE + 0x10000 + 4 * i);
        assert_int_equal(u.reads, 2);
    }
    assert_false(fwsim_unmodelled_get(m, 5000, &u));
}

static void a_machine_remembers_65536_unmodelled_registers(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    fwsim_unmodelled u;

    for (uint64_t i = 0; i < 70000; i++)
        bus_read(m, DEVICE + 0x100000 + 4 * i);
    assert_true(fwsim_unmodelled_get(m, 65535, &u));
    assert_false(fwsim_unmodelled_get(m, 65536, &u));
    bus_read(m, DEVICE + 0x100000);
    assert_true(fwsim_unmodelled_get(m, 0, &u));
    assert_int_equal(u.reads, 2);
}

static void a_stub_is_reported_by_its_name(void **state)
{
    bench *b = *state;

    bus_read(b->m, STUB + 0x10);
    assert_int_equal(unmodelled_lines(b), 1);
    assert_string_equal(b->log.line[0].origin, "stub");
    assert_non_null(log_find(&b->log, FWSIM_TOPIC_UNMODELLED, "+0x10"));
}

static void a_gap_in_a_modelled_peripheral_follows_the_policy(void **state)
{
    bench *b = *state;

    assert_int_equal(bus_read(b->m, DEVICE + 0x40), 0);
    assert_int_equal(unmodelled_lines(b), 1);
    assert_string_equal(b->log.line[0].origin, "device");
}

static void ignored_accesses_are_logged_at_debug_level(void **state)
{
    bench *b = *state;

    bus_read(b->m, QUIET + 4);
    assert_int_equal(unmodelled_lines(b), 1);
    assert_int_equal(b->log.line[0].level, FWSIM_LOG_DEBUG);
}

static void failing_accesses_stop_the_run(void **state)
{
    bench *b = *state;
    fwsim_stop stop;
    fwsim_machine *m = b->m;

    bus_read(m, FAIL + 4);
    bus_read(m, FAIL + 8);
    assert_int_equal(b->log.line[0].level, FWSIM_LOG_ERROR);
    OK(fwsim_run(m, &(fwsim_limit){ .time_ns = 1000 }, &stop));
    assert_int_equal(stop.reason, FWSIM_STOP_UNMODELLED);
    assert_int_equal(stop.address, FAIL + 4);
}

static void the_policy_of_the_options_wins(void **state)
{
    fwsim_machine *m;
    log_lines log = { 0 };
    fwsim_options opt = log_options(&log);

    (void)state;
    opt.policy = FWSIM_POLICY_FAIL;
    m = new_machine(&board, &opt);
    bus_read(m, STUB);
    assert_int_equal(run_ns(m, 1000), FWSIM_STOP_UNMODELLED);
    fwsim_free(m);

    opt.policy = FWSIM_POLICY_IGNORE;
    m = new_machine(&board, &opt);
    bus_read(m, FAIL);
    assert_int_equal(run_ns(m, 1000), FWSIM_STOP_LIMIT);
    fwsim_free(m);
}

static void a_peripheral_wins_over_the_region_around_it(void **state)
{
    bench *b = *state;

    /* A hit in the region comes first, so that it could stick. */
    bus_read(b->m, DEVICE + 0x9000);
    bus_write(b->m, DEVICE + DATA, 0x77);
    bus_read(b->m, DEVICE + 0x9000);
    assert_int_equal(bus_read(b->m, DEVICE + DATA), 0x77);
    assert_int_equal(bus_read(b->m, CTRL + DATA), 0);
    assert_int_equal(unmodelled_lines(b), 1);
}

/* ------------------------------------------------------------------ */
/* Hooks                                                                */
/* ------------------------------------------------------------------ */

typedef struct heard {
    size_t count;
    char text[512];
} heard;

static void hear(fwsim_machine *m, const fwsim_access *a, void *user)
{
    heard *h = user;
    size_t used = strlen(h->text);

    (void)m;
    h->count++;
    snprintf(h->text + used, sizeof h->text - used, "%s%c%u %x=%x %s.%s",
             used ? "; " : "", a->write ? 'W' : 'R', a->width,
             (unsigned)a->addr, (unsigned)a->value,
             a->periph ? a->periph : "-", a->reg ? a->reg : "-");
}

static void access_hooks_hear_each_access_bit_exactly(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    heard h = { 0 };

    assert_true(fwsim_on_access(m, 0, 0, hear, &h) > 0);
    bus_write(m, DEVICE, 0x11223344);
    bus_write8(m, DEVICE + 1, 0xab);
    bus_read16(m, DEVICE);
    bus_read(m, STUB + 4);
    bus_write(m, DEVICE + 0x6000, 1);
    bus_write(m, RAM, 1);
    assert_string_equal(h.text, "W4 40000000=11223344 device.DATA; "
                                "W1 40000001=ab device.DATA; "
                                "R2 40000000=ab44 device.DATA; "
                                "R4 40001004=0 stub.-; "
                                "W4 40006000=1 -.-");
}

static void an_access_hook_hears_its_range_only(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    heard h = { 0 };

    assert_true(fwsim_on_access(m, STUB + 2, 4, hear, &h) > 0);
    bus_read(m, STUB - 4);
    bus_read(m, STUB);
    bus_read(m, STUB + 4);
    bus_read(m, STUB + 8);
    bus_read8(m, STUB + 1);
    assert_int_equal(h.count, 2);
}

static void hooks_are_removed_by_id(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    heard first = { 0 }, second = { 0 };
    int id = fwsim_on_access(m, 0, 0, hear, &first);

    assert_true(fwsim_on_access(m, 0, 0, hear, &second) > id);
    bus_read(m, DEVICE);
    OK(fwsim_unhook(m, id));
    bus_read(m, DEVICE);
    assert_int_equal(first.count, 1);
    assert_int_equal(second.count, 2);
    assert_int_equal(fwsim_unhook(m, id), FWSIM_ENOENT);
    assert_int_equal(fwsim_unhook(m, 0), FWSIM_ENOENT);
    assert_int_equal(fwsim_on_access(m, 0, 0, NULL, NULL), FWSIM_EINVAL);
}

/* ------------------------------------------------------------------ */
/* Bus masters                                                          */
/* ------------------------------------------------------------------ */

static void dma_reads_memory_and_writes_ram(void **state)
{
    fwsim_machine *m = ((bench *)*state)->m;
    fwsim_periph *p = fwsim__periph_find(m, "device");
    uint32_t word = 0xdeadbeef, back = 0;

    assert_true(fwsim_dma_write(p, RAM + 0xffe, &word, 4));
    assert_true(fwsim_dma_read(p, RAM + 0xffe, &back, 4));
    assert_int_equal(back, word);
    assert_true(fwsim_dma_read(p, FLASH, &back, 4));
    assert_int_equal(back, 0xffffffff);
    assert_false(fwsim_dma_write(p, FLASH, &word, 4));
    assert_false(fwsim_dma_write(p, RAM + 0x1ffe, &word, 4));
    assert_false(fwsim_dma_read(p, DEVICE, &back, 4));
}

static void a_poke_writes_a_register_of_another_peripheral(void **state)
{
    bench *b = *state;
    fwsim_periph *p = fwsim__periph_find(b->m, "device");

    assert_true(fwsim_bus_poke(p, CTRL + DATA, 0x99));
    assert_int_equal(bus_read(b->m, CTRL + DATA), 0x99);
    assert_false(fwsim_bus_poke(p, CTRL + 0x40, 1));
    assert_false(fwsim_bus_poke(p, STUB, 1));
    assert_false(fwsim_bus_poke(p, RAM, 1));
    assert_int_equal(unmodelled_lines(b), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(flash_is_erased_and_ram_is_zero),
        TEST(ram_is_little_endian),
        TEST(mem_accesses_span_adjacent_memories),
        TEST(a_range_that_is_not_all_memory_copies_nothing),
        TEST(an_alias_shows_the_bytes_of_its_memory),
        TEST(bus_writes_to_rom_and_plain_flash_are_faults),
        TEST(odd_widths_and_alignments_are_invalid),
        TEST(an_address_of_nobody_is_a_bus_fault),
        TEST(a_store_to_flash_goes_to_its_controller),
        TEST(a_store_to_an_alias_of_flash_goes_to_the_same_controller),
        TEST(programming_clears_bits_and_erasing_sets_them),
        TEST(a_controller_changes_only_flash_that_names_it),
        TEST(unmodelled_registers_read_zero_and_are_reported_once),
        TEST(unmodelled_registers_are_counted_in_order_of_first_use),
        TEST(thousands_of_unmodelled_registers_are_found_again),
        TEST(a_machine_remembers_65536_unmodelled_registers),
        TEST(a_stub_is_reported_by_its_name),
        TEST(a_gap_in_a_modelled_peripheral_follows_the_policy),
        TEST(ignored_accesses_are_logged_at_debug_level),
        TEST(failing_accesses_stop_the_run),
        cmocka_unit_test(the_policy_of_the_options_wins),
        TEST(a_peripheral_wins_over_the_region_around_it),
        TEST(access_hooks_hear_each_access_bit_exactly),
        TEST(an_access_hook_hears_its_range_only),
        TEST(hooks_are_removed_by_id),
        TEST(dma_reads_memory_and_writes_ram),
        TEST(a_poke_writes_a_register_of_another_peripheral),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
