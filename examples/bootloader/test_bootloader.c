/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Power cuts during an update: at each write to flash, with the word that is
 * being written left half programmed, and at instructions in between. The boot
 * loader has to come up with the new application each time; one that is
 * careless is caught.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fwsim.h>
#include <stdio.h>

#include "image.h"

/* Two pages, 1200 bytes of code, 16 bytes of header. */
enum { WRITES = 2 + (1200 + 16) / 4 };

typedef struct counts {
    unsigned of[FWSIM_SWEEP_OUTCOMES];
    unsigned hits;
    char first_bad[FWSIM_INJECT_TEXT_MAX];
} counts;

#define OK(call) must(m, call, #call)

static void must(fwsim_machine *m, int err, const char *call)
{
    if (err < 0)
        fail_msg("%s: %s", call, m ? fwsim_errmsg(m) : fwsim_strerror(err));
}

static void load_at(fwsim_machine *m, const char *path, uint64_t addr)
{
    OK(fwsim_load(m, path, &(fwsim_image_options){ .has_base = true,
                                                   .base = addr }));
}

static fwsim_machine *device(const char *bootloader)
{
    fwsim_machine *m = NULL;

    OK(fwsim_new(&m, fwsim_board_find("bbc_microbit"), NULL));
    OK(fwsim_load(m, bootloader, NULL));
    load_at(m, APP1_BIN, ACTIVE_SLOT);
    load_at(m, APP2_BIN, STAGED_SLOT);
    return m;
}

static bool count(fwsim_machine *m, const fwsim_sweep_case *c, void *user)
{
    counts *n = user;

    (void)m;
    n->of[c->outcome]++;
    n->hits += c->hits != 0;
    if (c->outcome != FWSIM_SWEEP_OK && !n->first_bad[0])
        snprintf(n->first_bad, sizeof n->first_bad, "%s: %s", c->text,
                 fwsim_sweep_outcome_name(c->outcome));
    return true;
}

static counts sweep(const char *bootloader, const char *pattern)
{
    counts n = { 0 };
    fwsim_machine *m = device(bootloader);
    fwsim_snapshot *boot;
    fwsim_sweep *cases;

    OK(fwsim_snapshot_take(m, &boot));
    OK(fwsim_sweep_new(&cases, m, pattern));
    OK(fwsim_sweep_run(m, cases, boot,
                       &(fwsim_sweep_options){ .limit = { .time_ns =
                                                              FWSIM_MS(500) },
                                               .ok_text = "app 2 runs\n",
                                               .wrong_text = "broken\n",
                                               .detected_text = "no app\n",
                                               .on_case = count,
                                               .user = &n }));
    fwsim_sweep_free(cases);
    fwsim_snapshot_free(boot);
    fwsim_free(m);
    return n;
}

static void assert_survives(const char *pattern, unsigned cases)
{
    counts n = sweep(BOOTLOADER_ELF, pattern);

    if (n.first_bad[0])
        fail_msg("%s", n.first_bad);
    assert_int_equal(n.of[FWSIM_SWEEP_OK], cases);
    assert_int_equal(n.hits, cases);
}

static void an_update_takes_so_many_writes(void **state)
{
    counts n;

    (void)state;
    /* So that the sweeps below are known to reach them all. */
    n = sweep(BOOTLOADER_ELF, "cut:flash:0#306");
    assert_int_equal(WRITES, 306);
    assert_int_equal(n.hits, 1);
    n = sweep(BOOTLOADER_ELF, "cut:flash:0#307");
    assert_int_equal(n.hits, 0);
}

static void it_survives_a_cut_at_every_write(void **state)
{
    (void)state;
    /* The word is half programmed, the page half erased. */
    assert_survives("cut:flash:1#{1..306}", WRITES);
}

static void it_survives_whatever_half_has_come_to_be(void **state)
{
    (void)state;
    /* Seed 0: no bit of it. */
    assert_survives("cut:flash:{0,2,3,4}#{1..306/15}", 4 * 21);
}

static void it_survives_a_cut_at_instructions_in_between(void **state)
{
    (void)state;
    assert_survives("cut@{1000..700000/19997}", 35);
}

static void one_that_is_careless_is_caught(void **state)
{
    counts n = sweep(CARELESS_ELF, "cut:flash:{0,1}#{1..306/5}");

    (void)state;
    print_message("careless: %u ok, %u wrong, %u crash, %u hang; first %s\n",
                  n.of[FWSIM_SWEEP_OK], n.of[FWSIM_SWEEP_WRONG],
                  n.of[FWSIM_SWEEP_CRASH], n.of[FWSIM_SWEEP_HANG],
                  n.first_bad);
    assert_true(n.of[FWSIM_SWEEP_WRONG] + n.of[FWSIM_SWEEP_CRASH] > 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_update_takes_so_many_writes),
        cmocka_unit_test(it_survives_a_cut_at_every_write),
        cmocka_unit_test(it_survives_whatever_half_has_come_to_be),
        cmocka_unit_test(it_survives_a_cut_at_instructions_in_between),
        cmocka_unit_test(one_that_is_careless_is_caught),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
