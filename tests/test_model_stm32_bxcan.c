/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ST RM0008, chapter 24: bxCAN of an STM32F103 with an APB clock of 8 MHz, and
 * CAN frames of the test program.
 */
#include "peripherals.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CAN 0x40006400u
enum {
    MCR = CAN, MSR = CAN + 0x04, TSR = CAN + 0x08, RF0R = CAN + 0x0c,
    RF1R = CAN + 0x10, IER = CAN + 0x14, BTR = CAN + 0x1c, TI0R = CAN + 0x180,
    RI0R = CAN + 0x1b0, RI1R = CAN + 0x1c0, FMR = CAN + 0x200,
    FM1R = CAN + 0x204, FS1R = CAN + 0x20c, FFA1R = CAN + 0x214,
    FA1R = CAN + 0x21c, F0R1 = CAN + 0x240
};
enum { INRQ = 1, SLEEP = 2, TXFP = 4, RFLM = 8, INAK = 1, SLAK = 2 };
enum { DT = 0x4, DL = 0x8, DH = 0xc };

static const fwsim_board board = {
    .name = "bench",
    .soc = &(const fwsim_soc){
        .name = "bench",
        .clock_hz = 8000000,
        .irq_lines = 32,
        .periph = (const fwsim_slot[]){
            { "can1", &stm32_bxcan, CAN, .irq = { 19, 20, 21, 22 } },
            { 0 }
        },
    },
};

/* 500 kbit/s of 8 MHz: prescaler 1, 1 + 13 + 2 quanta. A frame of 8 bytes with
 * 11 bits has 111 bits and lasts 222 us. */
enum { RATE = 12u << 16 | 1u << 20 };

static void initialise(fwsim_machine *m, uint32_t mcr, uint32_t btr)
{
    bus_write(m, MCR, INRQ);
    assert_int_equal(bus_read(m, MSR) & (INAK | SLAK), INAK);
    bus_write(m, BTR, RATE | btr);
    bus_write(m, MCR, mcr);
    assert_int_equal(bus_read(m, MSR) & (INAK | SLAK), 0);
}

/** Bank 0: 32-bit mask that lets all through to FIFO 0. */
static void accept_all(fwsim_machine *m)
{
    bus_write(m, FS1R, 1);
    bus_write(m, FA1R, 1);
    bus_write(m, FMR, 0x2a1c0e00);
}

static int power_up(void **state)
{
    *state = new_machine(&board, NULL);
    return 0;
}

static void request(fwsim_machine *m, unsigned box, uint32_t ir, uint32_t dlc,
                    uint32_t low, uint32_t high)
{
    uint32_t at = TI0R + 0x10 * box;

    bus_write(m, at + DT, dlc);
    bus_write(m, at + DL, low);
    bus_write(m, at + DH, high);
    bus_write(m, at, ir | 1);
}

static void send_standard(fwsim_machine *m, uint32_t id, uint8_t first)
{
    OK(fwsim_can_send(m, "can1", &(fwsim_can_frame){ .id = id, .dlc = 1,
                                                     .data = { first } }));
}

static void after_reset_it_sleeps(void **state)
{
    fwsim_machine *m = *state;

    assert_int_equal(bus_read(m, MCR), 0x00010002);
    assert_int_equal(bus_read(m, MSR), 0x00000c02);
    assert_int_equal(bus_read(m, TSR), 0x1c000000);
    send_standard(m, 1, 1);
    run_ns(m, FWSIM_S(1));
    assert_int_equal(fwsim_can_pending(m, "can1"), 1);
}

static void frames_that_wait_are_in_a_snapshot_file(void **state)
{
    fwsim_machine *m = *state;
    char path[] = "/tmp/fwsim-can-XXXXXX";
    int fd = mkstemp(path);
    fwsim_snapshot *s;

    assert_true(fd >= 0);
    close(fd);
    initialise(m, 0, 0);
    accept_all(m);
    send_standard(m, 1, 0x11);
    send_standard(m, 2, 0x22);
    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_snapshot_save(s, path));
    fwsim_snapshot_free(s);
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(fwsim_can_pending(m, "can1"), 0);
    OK(fwsim_snapshot_load(m, path, &s));
    unlink(path);
    OK(fwsim_snapshot_restore(m, s));
    fwsim_snapshot_free(s);
    assert_int_equal(fwsim_can_pending(m, "can1"), 2);
    run_ns(m, FWSIM_MS(2));
    assert_int_equal(fwsim_can_pending(m, "can1"), 0);
    assert_int_equal(bus_read(m, RF0R) & 3, 2);
}

static void a_frame_goes_out_after_its_time(void **state)
{
    fwsim_machine *m = *state;
    const fwsim_can_frame frame = { .id = 0x123, .dlc = 8,
                                    .data = { 1, 2, 3, 4, 5, 6, 7, 8 } };
    fwsim_can_frame sent;

    initialise(m, 0, 0);
    request(m, 0, 0x123u << 21, 8, 0x04030201, 0x08070605);
    assert_int_equal(bus_read(m, TSR), 0x19000000);
    run_ns(m, FWSIM_US(221));
    assert_false(fwsim_can_output(m, "can1", 0, &sent));
    OK(fwsim_can_expect(m, "can1", &frame, FWSIM_US(1)));
    assert_int_equal(bus_read(m, TSR), 0x1c000003);
    assert_true(fwsim_can_output(m, "can1", 0, &sent));
    assert_int_equal(sent.id, 0x123);
    bus_write(m, TSR, 1);
    assert_int_equal(bus_read(m, TSR), 0x1c000000);
}

static void extended_and_remote_frames_go_out(void **state)
{
    fwsim_machine *m = *state;

    initialise(m, 0, 0);
    request(m, 0, 0x12345678u << 3 | 4, 2, 0xbbaa, 0);
    OK(fwsim_can_expect(m, "can1",
                        &(fwsim_can_frame){ .id = 0x12345678, .extended = true,
                                            .dlc = 2, .data = { 0xaa, 0xbb } },
                        FWSIM_MS(1)));
    request(m, 0, 0x7ffu << 21 | 2, 3, 0x11111111, 0);
    OK(fwsim_can_expect(m, "can1",
                        &(fwsim_can_frame){ .id = 0x7ff, .remote = true,
                                            .dlc = 3 },
                        FWSIM_MS(1)));
}

static uint32_t id_of_output(fwsim_machine *m, size_t index)
{
    fwsim_can_frame f;

    assert_true(fwsim_can_output(m, "can1", index, &f));
    return f.id;
}

static void the_lowest_identifier_goes_first(void **state)
{
    fwsim_machine *m = *state;

    initialise(m, 0, 0);
    request(m, 0, 0x300u << 21, 0, 0, 0); /* is on the bus at once */
    request(m, 1, 0x200u << 21, 0, 0, 0);
    request(m, 2, 0x100u << 21, 0, 0, 0);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(id_of_output(m, 0), 0x300);
    assert_int_equal(id_of_output(m, 1), 0x100);
    assert_int_equal(id_of_output(m, 2), 0x200);
}

static void with_txfp_the_first_request_goes_first(void **state)
{
    fwsim_machine *m = *state;

    initialise(m, TXFP, 0);
    request(m, 0, 0x300u << 21, 0, 0, 0);
    request(m, 1, 0x200u << 21, 0, 0, 0);
    request(m, 2, 0x100u << 21, 0, 0, 0);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(id_of_output(m, 1), 0x200);
    assert_int_equal(id_of_output(m, 2), 0x100);
}

static void a_request_that_waits_can_be_aborted(void **state)
{
    fwsim_machine *m = *state;
    fwsim_can_frame f;

    initialise(m, 0, 0);
    request(m, 0, 0x300u << 21, 0, 0, 0);
    request(m, 1, 0x200u << 21, 0, 0, 0);
    bus_write(m, TSR, 0x8000);
    assert_int_equal(bus_read(m, TSR) & 0xff00, 0x0100);
    run_ns(m, FWSIM_MS(1));
    assert_false(fwsim_can_output(m, "can1", 1, &f));
}

static void frames_arrive_in_a_fifo(void **state)
{
    fwsim_machine *m = *state;

    accept_all(m);
    initialise(m, 0, 0);
    OK(fwsim_can_send(m, "can1",
                      &(fwsim_can_frame){ .id = 0x1abcdef0, .extended = true,
                                          .dlc = 5,
                                          .data = { 1, 2, 3, 4, 5 } }));
    send_standard(m, 0x456, 9);
    /* 67 + 40 bits, then 47 + 8, of 2 us. */
    run_ns(m, FWSIM_US(213));
    assert_int_equal(bus_read(m, RF0R), 0);
    run_ns(m, FWSIM_US(1));
    assert_int_equal(bus_read(m, RF0R), 1);
    assert_int_equal(bus_read(m, RI0R), 0x1abcdef0u << 3 | 4);
    assert_int_equal(bus_read(m, RI0R + DT), 5);
    assert_int_equal(bus_read(m, RI0R + DL), 0x04030201);
    assert_int_equal(bus_read(m, RI0R + DH), 5);
    run_ns(m, FWSIM_US(110));
    assert_int_equal(bus_read(m, RF0R), 2);
    bus_write(m, RF0R, 1 << 5);
    assert_int_equal(bus_read(m, RF0R), 1);
    assert_int_equal(bus_read(m, RI0R), 0x456u << 21);
    assert_int_equal(bus_read(m, RI0R + DL), 9);
    bus_write(m, RF0R, 1 << 5);
    assert_int_equal(bus_read(m, RF0R), 0);
}

static void a_full_fifo_loses_a_frame(void **state)
{
    fwsim_machine *m = *state;

    accept_all(m);
    initialise(m, 0, 0);
    for (unsigned i = 1; i <= 4; i++)
        send_standard(m, i, (uint8_t)i);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, RF0R), 3 | 1 << 3 | 1 << 4);
    bus_write(m, RF0R, 1 << 4);
    assert_int_equal(bus_read(m, RF0R), 3 | 1 << 3);
    bus_write(m, RF0R, 1 << 5);
    bus_write(m, RF0R, 1 << 5);
    assert_int_equal(bus_read(m, RI0R + DL), 4);
    bus_write(m, RF0R, 1 << 5);
    bus_write(m, MCR, RFLM);
    for (unsigned i = 1; i <= 4; i++)
        send_standard(m, i, (uint8_t)i);
    run_ns(m, FWSIM_MS(1));
    bus_write(m, RF0R, 1 << 5);
    bus_write(m, RF0R, 1 << 5);
    assert_int_equal(bus_read(m, RI0R + DL), 3);
}

/* Bank 0: 32-bit list; bank 1: 32-bit mask, FIFO 1; bank 2: 16-bit list;
 * bank 3: 16-bit masks, FIFO 1. */
static void filters_choose_the_fifo(void **state)
{
    fwsim_machine *m = *state;

    bus_write(m, FS1R, 0x3);
    bus_write(m, FM1R, 0x5);
    bus_write(m, FFA1R, 0xa);
    bus_write(m, F0R1, 0x100u << 21);
    bus_write(m, F0R1 + 0x04, 0x1ffu << 3 | 4);
    bus_write(m, F0R1 + 0x08, 0x200u << 21);
    bus_write(m, F0R1 + 0x0c, 0x700u << 21);
    bus_write(m, F0R1 + 0x10, 0x301u << 21 | 0x300u << 5);
    bus_write(m, F0R1 + 0x14, 0x303u << 21 | 0x302u << 5);
    bus_write(m, F0R1 + 0x18, 0x7f0u << 21 | 0x400u << 5);
    bus_write(m, F0R1 + 0x1c, 0x7ffu << 21 | 0x500u << 5);
    bus_write(m, FA1R, 0xf);
    bus_write(m, FMR, 0x2a1c0e00);
    initialise(m, 0, 0);

    static const struct {
        uint32_t id;
        bool extended;
        int fifo; /* -1: refused */
        unsigned match;
    } cases[] = {
        { 0x100, false, 0, 0 }, { 0x1ff, true, 0, 1 },  { 0x1ff, false, -1, 0 },
        { 0x2ab, false, 1, 0 }, { 0x303, false, 0, 5 }, { 0x300, false, 0, 2 },
        { 0x40f, false, 1, 1 }, { 0x410, false, -1, 0 }, { 0x500, false, 1, 2 },
        { 0x501, false, -1, 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t fifo = cases[i].fifo == 1;

        OK(fwsim_can_send(m, "can1",
                          &(fwsim_can_frame){ .id = cases[i].id,
                                              .extended = cases[i].extended }));
        run_ns(m, FWSIM_MS(1));
        assert_int_equal(bus_read(m, RF0R), cases[i].fifo == 0);
        assert_int_equal(bus_read(m, RF1R), cases[i].fifo == 1);
        if (cases[i].fifo < 0)
            continue;
        assert_int_equal(bus_read(m, (fifo ? RI1R : RI0R) + DT) >> 8,
                         cases[i].match);
        bus_write(m, fifo ? RF1R : RF0R, 1 << 5);
    }
}

static void loop_back_receives_its_own_frames_only(void **state)
{
    fwsim_machine *m = *state;
    fwsim_can_frame f;

    accept_all(m);
    initialise(m, 0, 3u << 30); /* silent, too */
    send_standard(m, 0x11, 1);
    request(m, 0, 0x22u << 21, 1, 5, 0);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, RF0R), 1);
    assert_int_equal(bus_read(m, RI0R), 0x22u << 21);
    assert_false(fwsim_can_output(m, "can1", 0, &f));
}

static void a_software_reset_forgets_all(void **state)
{
    fwsim_machine *m = *state;

    accept_all(m);
    initialise(m, 0, 0);
    send_standard(m, 1, 1);
    run_ns(m, FWSIM_MS(1));
    bus_write(m, MCR, 1 << 15);
    assert_int_equal(bus_read(m, MCR), 0x00010002);
    assert_int_equal(bus_read(m, RF0R), 0);
    assert_int_equal(bus_read(m, FA1R), 0);
}

static void a_snapshot_has_frames_that_wait(void **state)
{
    fwsim_machine *m = *state;
    fwsim_snapshot *s;
    uint64_t hash;

    accept_all(m);
    initialise(m, 0, 0);
    send_standard(m, 1, 1);
    send_standard(m, 2, 2);
    run_ns(m, FWSIM_US(50));
    OK(fwsim_snapshot_take(m, &s));
    run_ns(m, FWSIM_MS(1));
    hash = fwsim_hash(m);
    OK(fwsim_snapshot_restore(m, s));
    assert_int_equal(fwsim_can_pending(m, "can1"), 2);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, RF0R), 2);
    assert_true(fwsim_hash(m) == hash);
    fwsim_snapshot_free(s);
}

static void the_frame_that_did_not_come_is_named(void **state)
{
    fwsim_machine *m = *state;

    initialise(m, 0, 0);
    request(m, 0, 0x123u << 21, 2, 0x0201, 0);
    assert_int_equal(
        fwsim_can_expect(m, "can1",
                         &(fwsim_can_frame){ .id = 0x123, .dlc = 2,
                                             .data = { 1, 3 } }, FWSIM_MS(1)),
        FWSIM_ETIMEDOUT);
    assert_string_equal(fwsim_failure(m),
                        "can1: the frame 123#0103 has not come within 1 ms\n"
                        "  came      123#0102\n"
                        "  ended     0.001000 s: a limit of the run was reached\n"
                        "  events    0.000126 s  can1     sends 123#0102");
    OK(fwsim_can_expect(m, "can1",
                        &(fwsim_can_frame){ .id = 0x123, .dlc = 2,
                                            .data = { 1, 2 } }, 0));
}

static void answer(fwsim_machine *m, const char *can,
                   const fwsim_can_frame *frame, void *user)
{
    fwsim_can_frame reply = *frame;

    (void)user;
    reply.id++;
    OK(fwsim_can_send(m, can, &reply));
}

static void a_hook_may_answer(void **state)
{
    fwsim_machine *m = *state;

    accept_all(m);
    initialise(m, 0, 0);
    OK(fwsim_on_can(m, "can1", answer, NULL));
    request(m, 0, 0x123u << 21, 0, 0, 0);
    run_ns(m, FWSIM_MS(1));
    assert_int_equal(bus_read(m, RI0R), 0x124u << 21);
}

static void frames_that_there_cannot_be_are_refused(void **state)
{
    fwsim_machine *m = *state;
    const fwsim_can_frame long_id = { .id = 0x800 };
    const fwsim_can_frame longer_id = { .id = 1u << 29, .extended = true };
    const fwsim_can_frame much = { .dlc = 9 };

    assert_int_equal(fwsim_can_send(m, "can1", &long_id), FWSIM_ERANGE);
    assert_errmsg(m, "0x800 has more than 11 bits");
    assert_int_equal(fwsim_can_send(m, "can1", &longer_id), FWSIM_ERANGE);
    assert_int_equal(fwsim_can_expect(m, "can1", &much, 1), FWSIM_ERANGE);
    assert_int_equal(fwsim_can_send(m, "can2", &much), FWSIM_ENOENT);
    assert_int_equal(fwsim_can_expect(m, "can2", &much, 1), FWSIM_ENOENT);
    assert_int_equal(fwsim_on_can(m, "can2", answer, NULL), FWSIM_ENOENT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, power_up, free_machine)
    const struct CMUnitTest tests[] = {
        TEST(after_reset_it_sleeps),
        TEST(frames_that_wait_are_in_a_snapshot_file),
        TEST(a_frame_goes_out_after_its_time),
        TEST(extended_and_remote_frames_go_out),
        TEST(the_lowest_identifier_goes_first),
        TEST(with_txfp_the_first_request_goes_first),
        TEST(a_request_that_waits_can_be_aborted),
        TEST(frames_arrive_in_a_fifo),
        TEST(a_full_fifo_loses_a_frame),
        TEST(filters_choose_the_fifo),
        TEST(loop_back_receives_its_own_frames_only),
        TEST(a_software_reset_forgets_all),
        TEST(a_snapshot_has_frames_that_wait),
        TEST(the_frame_that_did_not_come_is_named),
        TEST(a_hook_may_answer),
        TEST(frames_that_there_cannot_be_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
