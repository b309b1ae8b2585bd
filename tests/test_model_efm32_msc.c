/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EFM32HG Reference Manual, chapter 7; times from the data sheet, "Flash". */
#include "peripherals.h"
#include "support.h"

#define MSC 0x400c0000u
#define LOCK_BITS 0x0fe04000u

enum {
    WRITECTRL = MSC + 0x08, WRITECMD = MSC + 0x0c, ADDRB = MSC + 0x10,
    WDATA = MSC + 0x18, STATUS = MSC + 0x1c, IF = MSC + 0x2c,
    IFC = MSC + 0x34, LOCK = MSC + 0x3c, MASSLOCK = MSC + 0x54
};

enum {
    LADDRIM = 1 << 0, ERASEPAGE = 1 << 1, WRITEEND = 1 << 2,
    WRITEONCE = 1 << 3, WRITETRIG = 1 << 4, ERASEABORT = 1 << 5,
    ERASEMAIN0 = 1 << 8
};

enum {
    BUSY = 1 << 0, LOCKED = 1 << 1, INVADDR = 1 << 2, WDATAREADY = 1 << 3,
    WORDTIMEOUT = 1 << 4, ERASEABORTED = 1 << 5
};

enum { IF_ERASE = 1, IF_WRITE = 2 };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 21000000,
        .irq_lines = 32,
        .memory = (const fwsim_memory[]){
            { "flash", 0, 65536, FWSIM_MEM_FLASH, .controller = "msc" },
            { "locks", LOCK_BITS, 1024, FWSIM_MEM_FLASH, .controller = "msc" },
            { 0 }
        },
        .periph = (const fwsim_slot[]){
            { "msc", &efm32_msc, MSC, .irq = { 15 },
              .param = (const uint32_t[]){ 0, LOCK_BITS } },
            { 0 }
        },
    },
};

static log_lines heard;

static int power_up(void **state)
{
    fwsim_options opt = log_options(&heard);
    const uint8_t old[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    fwsim_machine *m = new_machine(&board, &opt);

    heard.count = 0;
    OK(fwsim_mem_write(m, 0x4000, old, sizeof(old)));
    bus_write(m, WRITECTRL, 1);
    *state = m;
    return 0;
}

static uint32_t flash_word(fwsim_machine *m, uint32_t addr)
{
    uint8_t b[4];

    OK(fwsim_mem_read(m, addr, b, sizeof(b)));
    return b[0] | b[1] << 8 | b[2] << 16 | (uint32_t)b[3] << 24;
}

static void command_at(fwsim_machine *m, uint32_t addr, uint32_t command)
{
    bus_write(m, ADDRB, addr);
    bus_write(m, WRITECMD, LADDRIM);
    bus_write(m, WRITECMD, command);
}

static void a_page_erase_takes_20_ms_and_sets_its_bytes_to_ff(void **state)
{
    fwsim_machine *m = *state;

    command_at(m, 0x4123, ERASEPAGE);
    run_ns(m, FWSIM_MS(20));
    assert_int_equal(bus_read(m, STATUS) & BUSY, BUSY);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, STATUS), WDATAREADY);
    assert_int_equal(bus_read(m, IF), IF_ERASE);
    assert_int_equal(flash_word(m, 0x4000), 0xffffffff);
    assert_int_equal(flash_word(m, 0x4004), 0xffffffff);
    bus_write(m, IFC, IF_ERASE);
    assert_int_equal(bus_read(m, IF), 0);
}

static void a_write_can_only_clear_bits(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, ADDRB, 0x4000);
    bus_write(m, WRITECMD, LADDRIM);
    bus_write(m, WDATA, 0xffff0f0f);
    assert_int_equal(bus_read(m, STATUS) & WDATAREADY, 0);
    bus_write(m, WRITECMD, WRITEONCE);
    assert_int_equal(bus_read(m, STATUS) & (BUSY | WDATAREADY),
                     BUSY | WDATAREADY);
    run_ns(m, FWSIM_US(25));
    assert_int_equal(bus_read(m, STATUS) & BUSY, 0);
    assert_int_equal(bus_read(m, IF), IF_WRITE);
    assert_int_equal(flash_word(m, 0x4000), 0x04030201 & 0xffff0f0f);
}

static void a_triggered_write_takes_word_after_word(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, ADDRB, 0x5000);
    bus_write(m, WRITECMD, LADDRIM);
    bus_write(m, WDATA, 0x11111111);
    bus_write(m, WRITECMD, WRITETRIG);
    bus_write(m, WDATA, 0x22222222);
    run_ns(m, FWSIM_US(22));
    assert_int_equal(bus_read(m, STATUS) & WDATAREADY, WDATAREADY);
    bus_write(m, WDATA, 0x33333333);
    run_ns(m, FWSIM_US(45));
    bus_write(m, WRITECMD, WRITEEND);
    assert_int_equal(bus_read(m, STATUS), WDATAREADY);
    assert_int_equal(flash_word(m, 0x5000), 0x11111111);
    assert_int_equal(flash_word(m, 0x5004), 0x22222222);
    assert_int_equal(flash_word(m, 0x5008), 0x33333333);
}

static void a_triggered_write_wraps_at_the_end_of_the_page(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, ADDRB, 0x53fc);
    bus_write(m, WRITECMD, LADDRIM);
    bus_write(m, WDATA, 0x11111111);
    bus_write(m, WRITECMD, WRITETRIG);
    bus_write(m, WDATA, 0x22222222);
    run_ns(m, FWSIM_US(100));
    assert_int_equal(flash_word(m, 0x53fc), 0x11111111);
    assert_int_equal(flash_word(m, 0x5000), 0x22222222);
    assert_int_equal(flash_word(m, 0x5400), 0xffffffff);
}

static void a_triggered_write_without_a_next_word_times_out(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, ADDRB, 0x5000);
    bus_write(m, WRITECMD, LADDRIM);
    bus_write(m, WDATA, 0);
    bus_write(m, WRITECMD, WRITETRIG);
    run_ns(m, FWSIM_US(45));
    assert_int_equal(bus_read(m, STATUS), BUSY | WDATAREADY);
    run_ns(m, FWSIM_US(10));
    assert_int_equal(bus_read(m, STATUS), WORDTIMEOUT | WDATAREADY);
}

static void nothing_happens_without_wren(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, WRITECTRL, 0);
    command_at(m, 0x4000, ERASEPAGE);
    assert_int_equal(bus_read(m, STATUS) & BUSY, 0);
    run_ns(m, FWSIM_MS(50));
    assert_int_equal(flash_word(m, 0x4000), 0x04030201);
    assert_int_equal(log_count(&heard, FWSIM_TOPIC_GUEST_ERROR), 1);
}

static void an_address_outside_flash_is_invalid(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, ADDRB, 0x00020000);
    bus_write(m, WRITECMD, LADDRIM);
    assert_int_equal(bus_read(m, STATUS) & INVADDR, INVADDR);
    bus_write(m, ADDRB, 0x4000);
    bus_write(m, WRITECMD, LADDRIM);
    assert_int_equal(bus_read(m, STATUS) & INVADDR, 0);
}

static void a_page_whose_lock_bit_is_0_is_not_erased(void **state)
{
    fwsim_machine *m = *state;
    const uint8_t page_16_locked = 0xfe;

    OK(fwsim_mem_write(m, LOCK_BITS + 2, &page_16_locked, 1));
    command_at(m, 0x4000, ERASEPAGE);
    assert_int_equal(bus_read(m, STATUS) & (BUSY | LOCKED), LOCKED);
    command_at(m, 0x4400, ERASEPAGE);
    assert_int_equal(bus_read(m, STATUS) & (BUSY | LOCKED), BUSY);
}

static void commands_are_ignored_while_lock_holds(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, LOCK, 0);
    assert_int_equal(bus_read(m, LOCK), 1);
    command_at(m, 0x4000, ERASEPAGE);
    assert_int_equal(bus_read(m, STATUS) & BUSY, 0);
    bus_write(m, LOCK, 0x1b71);
    assert_int_equal(bus_read(m, LOCK), 0);
    command_at(m, 0x4000, ERASEPAGE);
    assert_int_equal(bus_read(m, STATUS) & BUSY, BUSY);
}

static void an_aborted_erase_leaves_the_page_and_says_so(void **state)
{
    fwsim_machine *m = *state;

    command_at(m, 0x4000, ERASEPAGE);
    run_ns(m, FWSIM_MS(1));
    bus_write(m, WRITECMD, ERASEABORT);
    assert_int_equal(bus_read(m, STATUS) & (BUSY | ERASEABORTED), ERASEABORTED);
    run_ns(m, FWSIM_MS(50));
    assert_int_equal(bus_read(m, IF), 0);
}

static void mass_erase_needs_masslock_and_spares_other_flash(void **state)
{
    fwsim_machine *m = *state;
    const uint8_t zero = 0;

    OK(fwsim_mem_write(m, LOCK_BITS + 512, &zero, 1));
    bus_write(m, WRITECMD, ERASEMAIN0);
    assert_int_equal(bus_read(m, STATUS) & BUSY, 0);
    bus_write(m, MASSLOCK, 0x631a);
    bus_write(m, WRITECMD, ERASEMAIN0);
    run_ns(m, FWSIM_MS(41));
    assert_int_equal(bus_read(m, STATUS) & BUSY, 0);
    assert_int_equal(flash_word(m, 0x4000), 0xffffffff);
    assert_int_equal(flash_word(m, LOCK_BITS + 512), 0xffffff00);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_erase_takes_20_ms_and_sets_its_bytes_to_ff),
        TEST(a_write_can_only_clear_bits),
        TEST(a_triggered_write_takes_word_after_word),
        TEST(a_triggered_write_wraps_at_the_end_of_the_page),
        TEST(a_triggered_write_without_a_next_word_times_out),
        TEST(nothing_happens_without_wren),
        TEST(an_address_outside_flash_is_invalid),
        TEST(a_page_whose_lock_bit_is_0_is_not_erased),
        TEST(commands_are_ignored_while_lock_holds),
        TEST(an_aborted_erase_leaves_the_page_and_says_so),
        TEST(mass_erase_needs_masslock_and_spares_other_flash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
