/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of faults: what they mean, that they come back, and bad ones. */
#include "support.h"

#include <string.h>

static int setup(void **state)
{
    *state = new_machine(fwsim_board_find("bbc_microbit"), NULL);
    return 0;
}

/** Parse a text; the printed form is @a printed, and means the same. */
static fwsim_inject_fault parsed(fwsim_machine *m, const char *text,
                                 const char *printed)
{
    fwsim_inject_fault f, again;
    char buf[FWSIM_INJECT_TEXT_MAX];

    OK(fwsim_inject_parse(m, text, &f));
    assert_string_equal(fwsim_inject_print(&f, buf, sizeof buf), printed);
    OK(fwsim_inject_parse(m, buf, &again));
    assert_memory_equal(&f, &again, sizeof f);
    return f;
}

static void each_kind_comes_back_as_it_was_written(void **test)
{
    static const char *const texts[] = {
        "flip:ram:0x20000010:3@12345",
        "flip:flash:0x00001000:31",
        "flip:reg:r7:0@pc:0x000001f4",
        "stuck:ram:0x20000010:3:0@1500000ns",
        "stuck:io:0x40002518:7:1",
        "buserror:0x40002000+0x1000#1",
        "buserror:0x20000000+0x10:read#3+",
        "buserror:0x20000000+0x10:write#*",
        "nack:start:twi0#2",
        "nack:byte:twi0@10#1x3",
        "irq:lost:8#1",
        "irq:late:8:1000ns#4",
        "irq:spurious:-14@5",
        "drop:rx:uart0#1",
        "drop:tx:uart0#17",
        "corrupt:rx:uart0:7#1",
        "corrupt:tx:uart0:0#2x9",
        "skip@pc:0x00000100*3",
        "drift:core:-300",
        "drift:io:timer0:100000",
        "brownout:keep",
        "brownout:lose@7",
        "cut@18446744073709551615",
        "cut:flash:0#1",
        "cut:flash:18446744073709551615#5",
    };
    fwsim_machine *m = *test;
    unsigned seen = 0;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        seen |= 1u << parsed(m, texts[i], texts[i]).kind;
    assert_int_equal(seen, (1u << FWSIM_INJECT_KINDS) - 1);
}

static void a_person_may_write_them_in_other_words(void **test)
{
    fwsim_machine *m = *test;

    parsed(m, "flip:ram:536870928:3", "flip:ram:0x20000010:3");
    parsed(m, "cut@1.5ms", "cut@1500000ns");
    parsed(m, "cut@0.000000001s", "cut@1ns");
    parsed(m, "cut@2s", "cut@2000000000ns");
    parsed(m, "skip@pc:0x101*1", "skip@pc:0x00000100");
    parsed(m, "nack:start:twi0", "nack:start:twi0#1");
    parsed(m, "nack:start:twi0#1x1", "nack:start:twi0#1");
    parsed(m, "nack:start:twi0#1+", "nack:start:twi0#*");
    parsed(m, "drift:core:+5", "drift:core:5");
}

static void what_is_no_fault_is_refused_with_its_place(void **test)
{
    static const struct bad {
        const char *text;
        int code;
        const char *why;
    } bad[] = {
        { "", FWSIM_EINVAL, "no kind" },
        { "flip:rom:0:1", FWSIM_EINVAL, "did you mean flip:ram?" },
        { "cuts@5", FWSIM_EINVAL, "did you mean cut?" },
        { "flip:ram", FWSIM_EINVAL, "ADDRESS:BIT" },
        { "flip:ram:", FWSIM_EINVAL, "an address or a symbol" },
        { "flip:ram:nobody:1", FWSIM_ENOENT, "no such symbol" },
        { "flip:ram:0x20000000", FWSIM_EINVAL, "number of a bit" },
        { "flip:ram:0x20000000:64", FWSIM_ERANGE, "too large" },
        { "flip:ram:0x20000000:1@", FWSIM_EINVAL, "a symbol is expected" },
        { "flip:ram:0x20000000:1@5xs", FWSIM_EINVAL, "nothing more" },
        { "flip:ram:0x20000000:1@1.5", FWSIM_EINVAL, "has a unit" },
        { "flip:ram:0x20000000:1#2", FWSIM_EINVAL, "counts nothing" },
        { "flip:ram:0x20000000:1 ", FWSIM_EINVAL, "nothing more" },
        { "flip:ram:99999999999999999999:1", FWSIM_ERANGE, "too large" },
        { "stuck:ram:0x20000000:1:2", FWSIM_ERANGE, "too large" },
        { "buserror:0x20000000", FWSIM_EINVAL, "a size" },
        { "buserror:0x20000000+4:exec", FWSIM_EINVAL, "nothing more" },
        { "nack:start:twi0#0", FWSIM_EINVAL, "counted from 1" },
        { "nack:start:twi0#2x0", FWSIM_EINVAL, "none of them" },
        { "irq:late:8", FWSIM_EINVAL, "a delay" },
        { "irq:late:8:5", FWSIM_EINVAL, "has a unit" },
        { "skip@main*0", FWSIM_ENOENT, "no such symbol" },
        { "skip@pc:0x10*0", FWSIM_EINVAL, "counted from 1" },
        { "brownout:maybe", FWSIM_EINVAL, "\"keep\" or \"lose\"" },
        { "cut@99999999999s", FWSIM_ERANGE, "too long" },
        { "drop:rx:a_name_that_is_longer_than_any_name_of_a_peripheral",
          FWSIM_EINVAL, "name of a peripheral" },
    };
    fwsim_machine *m = *test;
    fwsim_inject_fault f;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int code = fwsim_inject_parse(m, bad[i].text, &f);

        if (code != bad[i].code || !strstr(fwsim_errmsg(m), bad[i].why))
            fail_msg("\"%s\" gives %d: %s", bad[i].text, code, fwsim_errmsg(m));
    }
}

static void what_does_not_fit_the_machine_is_refused(void **test)
{
    static const struct bad {
        const char *text;
        int code;
        const char *why;
    } bad[] = {
        { "flip:ram:0x1000:1", FWSIM_EFAULT, "0x00001000 is no RAM" },
        { "flip:flash:0x20000000:1", FWSIM_EFAULT, "is no flash" },
        { "flip:ram:0x20003fff:8", FWSIM_EFAULT, "is no RAM" },
        { "flip:ram:0x20000000:32", FWSIM_ERANGE, "bit 32" },
        { "flip:reg:r99:1", FWSIM_ENOENT, "r99" },
        { "flip:reg:r0:32", FWSIM_ERANGE, "bit 32" },
        { "stuck:io:0x20000000:1:1", FWSIM_EFAULT, "register" },
        { "buserror:0x20003ff0+0x20#1", FWSIM_EFAULT, "beyond" },
        { "buserror:0x70000000+4#1", FWSIM_EFAULT, "nothing is at" },
        { "buserror:0x20000000+0#1", FWSIM_EINVAL, "empty" },
        { "nack:start:twi#1", FWSIM_ENOENT, "did you mean twi" },
        { "drop:rx:timer0#1", FWSIM_ENOENT, "is no UART" },
        { "corrupt:rx:uart0:8#1", FWSIM_ERANGE, "bit 8" },
        { "irq:lost:32#1", FWSIM_ERANGE, "interrupt line 32" },
        { "irq:lost:-1#1", FWSIM_ERANGE, "interrupt line -1" },
        { "drift:core:0", FWSIM_ERANGE, "not 0" },
        { "drift:core:600000", FWSIM_ERANGE, "600000" },
        { "skip@pc:0x70000000", FWSIM_EFAULT, "no memory" },
    };
    fwsim_machine *m = *test;
    fwsim_inject_state s;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int code = fwsim_inject_text(m, bad[i].text);

        if (code != bad[i].code || !strstr(fwsim_errmsg(m), bad[i].why))
            fail_msg("\"%s\" gives %d: %s", bad[i].text, code, fwsim_errmsg(m));
    }
    assert_false(fwsim_inject_get(m, 0, &s));
}

static void a_clock_drifts_once(void **test)
{
    fwsim_machine *m = *test;
    int id = fwsim_inject_text(m, "drift:io:timer0:100");

    assert_true(id > 0);
    assert_int_equal(fwsim_inject_text(m, "drift:io:timer0:200"),
                     FWSIM_EINVAL);
    assert_errmsg(m, "drifts already");
    assert_true(fwsim_inject_text(m, "drift:io:timer1:200") > 0);
    OK(fwsim_inject_remove(m, id));
    assert_int_equal(fwsim_inject_remove(m, id), FWSIM_ENOENT);
    assert_true(fwsim_inject_text(m, "drift:io:timer0:200") > 0);
    OK(fwsim_inject_clear(m));
}

static void a_struct_that_is_no_fault_is_refused(void **test)
{
    fwsim_machine *m = *test;
    fwsim_inject_fault f = { .kind = FWSIM_INJECT_KINDS };
    char buf[8];

    assert_int_equal(fwsim_inject(m, &f), FWSIM_EINVAL);
    assert_string_equal(fwsim_inject_print(&f, buf, sizeof buf), "?");
    f = (fwsim_inject_fault){ .kind = FWSIM_INJECT_DROP_RX };
    memset(f.name, 'x', sizeof f.name);
    assert_int_equal(fwsim_inject(m, &f), FWSIM_EINVAL);
    assert_null(fwsim_inject_kind_name(FWSIM_INJECT_KINDS));
}

static void stuck_ram_is_not_for_aarch64(void **test)
{
    fwsim_machine *m = new_machine(fwsim_board_find("virt"), NULL);

    (void)test;
    assert_int_equal(fwsim_inject_text(m, "stuck:ram:0x40000000:1:1"),
                     FWSIM_ENOTSUP);
    assert_true(fwsim_inject_text(m, "flip:reg:x0:63") > 0);
    fwsim_free(m);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, free_machine)
    const struct CMUnitTest tests[] = {
        TEST(each_kind_comes_back_as_it_was_written),
        TEST(a_person_may_write_them_in_other_words),
        TEST(what_is_no_fault_is_refused_with_its_place),
        TEST(what_does_not_fit_the_machine_is_refused),
        TEST(a_clock_drifts_once),
        TEST(a_struct_that_is_no_fault_is_refused),
        cmocka_unit_test(stuck_ram_is_not_for_aarch64),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
