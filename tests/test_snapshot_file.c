/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots in files: what was saved comes back in another machine, and a file
 * that does not fit, or is damaged, is refused with a reason.
 */
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/snapshot.h"

enum { RAM = 0x20000000, DATA_MAX = 1 << 20 };

typedef struct file {
    uint8_t *data;
    size_t size;
} file;

static const char path[] = "test_snapshot_file.snap";

static fwsim_machine *microbit(const fwsim_options *opt)
{
    return new_machine(fwsim_board_find("bbc_microbit"), opt);
}

/** Something that is not the state after power-on. */
static void disturb(fwsim_machine *m)
{
    uint8_t bytes[600];

    memset(bytes, 0x5a, sizeof bytes);
    OK(fwsim_mem_write(m, RAM + 0xf80, bytes, sizeof bytes));
    OK(fwsim_mem_write(m, 0x18000, bytes, sizeof bytes));
    bus_write(m, 0x40002524, 1); /* UART0 BAUDRATE, of nobody's firmware */
    OK(fwsim_uart_send(m, "uart0", "waiting", 7));
    OK(fwsim_pin_set(m, "button_a", FWSIM_PIN_LOW));
    run_ns(m, FWSIM_MS(3));
}

static file read_file(const char *name)
{
    file f = { malloc(DATA_MAX), 0 };
    FILE *in = fopen(name, "rb");

    assert_non_null(in);
    assert_non_null(f.data);
    f.size = fread(f.data, 1, DATA_MAX, in);
    assert_true(f.size > 0 && f.size < DATA_MAX);
    fclose(in);
    return f;
}

static file saved(fwsim_machine *m)
{
    fwsim_snapshot *s;
    file f;

    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_snapshot_save(s, path));
    fwsim_snapshot_free(s);
    f = read_file(path);
    unlink(path);
    return f;
}

static void assert_refused(fwsim_machine *m, const file *f, int code,
                           const char *why)
{
    uint64_t before = fwsim_hash(m);
    fwsim_snapshot *s = (fwsim_snapshot *)m;

    assert_int_equal(fwsim__snapshot_parse(m, "x.snap", f->data, f->size, &s),
                     code);
    assert_null(s);
    assert_errmsg(m, why);
    assert_errmsg(m, "x.snap");
    assert_true(fwsim_hash(m) == before);
}

static void what_was_saved_comes_back_in_another_machine(void **test)
{
    fwsim_machine *m = microbit(NULL), *other = microbit(NULL);
    fwsim_snapshot *s;
    uint64_t hash;

    (void)test;
    disturb(m);
    hash = fwsim_hash(m);
    OK(fwsim_snapshot_take(m, &s));
    OK(fwsim_snapshot_save(s, path));
    fwsim_snapshot_free(s);
    fwsim_free(m);
    m = other;
    assert_true(fwsim_hash(m) != hash);
    OK(fwsim_snapshot_load(m, path, &s));
    OK(fwsim_snapshot_restore(m, s));
    assert_true(fwsim_hash(m) == hash);
    assert_int_equal(fwsim_uart_pending(m, "uart0"), 7);
    disturb(m);
    OK(fwsim_snapshot_restore(m, s));
    assert_true(fwsim_hash(m) == hash);
    fwsim_snapshot_free(s);
    fwsim_free(m);
    unlink(path);
}

static void a_loaded_snapshot_is_saved_as_the_same_file(void **test)
{
    fwsim_machine *m = microbit(NULL);
    file first, second;
    fwsim_snapshot *s;

    (void)test;
    disturb(m);
    first = saved(m);
    OK(fwsim__snapshot_parse(m, "x", first.data, first.size, &s));
    OK(fwsim_snapshot_save(s, path));
    second = read_file(path);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    fwsim_snapshot_free(s);
    free(first.data);
    free(second.data);
    fwsim_free(m);
    unlink(path);
}

static void what_inference_knows_and_its_input_come_back(void **test)
{
    fwsim_machine *m = new_machine(fwsim_board_find("generic_cortex_m3"), NULL);
    fwsim_machine *other =
        new_machine(fwsim_board_find("generic_cortex_m3"), NULL);
    fwsim_snapshot *s;
    uint64_t hash;
    file f;

    (void)test;
    OK(fwsim_infer_enable(m, NULL));
    OK(fwsim_stream_feed(m, "0x40004404", "abc", 3));
    OK(fwsim_stream_feed(m, "", "defg", 4));
    bus_write(m, 0x40001000, 0x1234);
    hash = fwsim_hash(m);
    f = saved(m);
    fwsim_free(m);
    m = other;
    assert_refused(m, &f, FWSIM_ESTATE, "inference on, this is inference off");
    OK(fwsim_infer_enable(m, NULL));
    OK(fwsim__snapshot_parse(m, "x", f.data, f.size, &s));
    OK(fwsim_snapshot_restore(m, s));
    assert_true(fwsim_hash(m) == hash);
    fwsim_snapshot_free(s);
    free(f.data);
    fwsim_free(m);
}

static void another_machine_is_refused_by_name(void **test)
{
    fwsim_machine *m = microbit(NULL);
    file f = saved(m);
    fwsim_machine *tomu = new_machine(fwsim_board_find("efm32hg_tomu"), NULL);
    fwsim_machine *semi = microbit(&(fwsim_options){ .semihosting = true });

    (void)test;
    assert_refused(tomu, &f, FWSIM_ESTATE,
                   "board bbc_microbit, this is board efm32hg_tomu");
    assert_refused(semi, &f, FWSIM_ESTATE,
                   "semihosting off, this is semihosting on");
    fwsim_free(semi);
    fwsim_free(tomu);
    fwsim_free(m);
    free(f.data);
}

/** Change a value of the description. */
static void say(file *f, const char *key, char first)
{
    size_t length = strlen(key), at = 72; /* the head is before it */

    while (at + length < f->size && memcmp(f->data + at, key, length) != 0)
        at++;
    assert_true(at + length < f->size);
    f->data[at + length] = (uint8_t)first;
    fwsim__snapshot_seal(f->data, f->size);
}

static void another_version_is_refused_by_name(void **test)
{
    fwsim_machine *m = microbit(NULL);
    file f = saved(m), g = saved(m), h = saved(m);

    (void)test;
    say(&f, "fwsim ", '9');
    assert_refused(m, &f, FWSIM_ESTATE, "fwsim 9");
    assert_errmsg(m, "this is fwsim " FWSIM_VERSION);
    say(&g, "layout ", 'x');
    assert_refused(m, &g, FWSIM_ESTATE, "other memories or peripherals");
    h.data[8]++;
    assert_refused(m, &h, FWSIM_ENOTSUP, "format 2");
    assert_errmsg(m, "reads format 1");
    free(f.data);
    free(g.data);
    free(h.data);
    fwsim_free(m);
}

static void load_bytes(fwsim_machine *m, const char *bytes)
{
    fwsim_image *img;

    OK(fwsim_image_parse(&img, "guest", bytes, strlen(bytes),
                         &(fwsim_image_options){ .format = FWSIM_FORMAT_BIN,
                                                 .has_base = true }));
    OK(fwsim_load_image(m, img));
}

static void other_firmware_is_refused_and_none_is_not(void **test)
{
    fwsim_machine *m = microbit(NULL), *same = microbit(NULL);
    fwsim_machine *none = microbit(NULL);
    fwsim_snapshot *s;
    file f;

    (void)test;
    load_bytes(m, "one firmware");
    load_bytes(same, "one firmware");
    f = saved(m);
    OK(fwsim__snapshot_parse(same, "x", f.data, f.size, &s));
    fwsim_snapshot_free(s);
    OK(fwsim__snapshot_parse(none, "x", f.data, f.size, &s));
    fwsim_snapshot_free(s);
    load_bytes(none, "another one");
    assert_refused(none, &f, FWSIM_ESTATE, "other firmware");
    free(f.data);
    fwsim_free(m);
    fwsim_free(same);
    fwsim_free(none);
}

static void each_changed_byte_is_noticed(void **test)
{
    fwsim_machine *m = microbit(NULL);
    fwsim_snapshot *s;
    file f;

    (void)test;
    disturb(m);
    f = saved(m);
    for (size_t i = 0; i < f.size; i += i < 1024 ? 1 : 97) {
        f.data[i] ^= 0x10;
        assert_int_not_equal(
            fwsim__snapshot_parse(m, "x", f.data, f.size, &s), 0);
        f.data[i] ^= 0x10;
    }
    OK(fwsim__snapshot_parse(m, "x", f.data, f.size, &s));
    fwsim_snapshot_free(s);
    free(f.data);
    fwsim_free(m);
}

static void each_length_but_the_right_one_is_truncated(void **test)
{
    fwsim_machine *m = microbit(NULL);
    file f;

    (void)test;
    disturb(m);
    f = saved(m);
    for (size_t n = 0; n < f.size; n += n < 1024 ? 1 : 509) {
        file part = { f.data, n };

        assert_refused(m, &part, FWSIM_EFORMAT,
                       n < 8 ? "no snapshot" : "truncated");
    }
    free(f.data);
    fwsim_free(m);
}

/** A member of the head, by its place in docs/snapshots.md. */
static void put64(file *f, size_t at, uint64_t value)
{
    memcpy(f->data + at, &value, sizeof value);
    fwsim__snapshot_seal(f->data, f->size);
}

static void sizes_that_lie_are_refused(void **test)
{
    static const uint64_t lies[] = { 0, 1, 1u << 20, UINT32_MAX, UINT64_MAX,
                                     UINT64_MAX / 2 };
    static const size_t members[] = { 32, 40, 48, 56, 64 };
    fwsim_machine *m = microbit(NULL);
    fwsim_snapshot *s;
    uint64_t right;
    file f;

    (void)test;
    disturb(m);
    f = saved(m);
    for (size_t i = 0; i < 5; i++) {
        memcpy(&right, f.data + members[i], sizeof right);
        for (size_t k = 0; k < sizeof lies / sizeof *lies; k++) {
            if (lies[k] == right)
                continue;
            put64(&f, members[i], lies[k]);
            assert_refused(m, &f, FWSIM_EFORMAT, "damaged");
        }
        put64(&f, members[i], right);
    }
    OK(fwsim__snapshot_parse(m, "x", f.data, f.size, &s));
    fwsim_snapshot_free(s);
    free(f.data);
    fwsim_free(m);
}

static void files_that_are_none_have_a_reason(void **test)
{
    fwsim_machine *m = microbit(NULL);
    fwsim_snapshot *s;

    (void)test;
    assert_int_equal(fwsim_snapshot_load(m, "/nonexistent/x.snap", &s),
                     FWSIM_ENOENT);
    assert_errmsg(m, "/nonexistent/x.snap");
    assert_null(s);
    assert_int_equal(fwsim_snapshot_load(m, "/", &s), FWSIM_EFORMAT);
    assert_int_equal(fwsim_snapshot_load(m, "/dev/null", &s), FWSIM_EFORMAT);
    fwsim_free(m);
}

static void a_failure_leaves_the_file_as_it_was(void **test)
{
    fwsim_machine *m = microbit(NULL);
    fwsim_snapshot *s;
    struct stat st;

    (void)test;
    OK(fwsim_snapshot_take(m, &s));
    assert_int_equal(fwsim_snapshot_save(s, "/nonexistent/x.snap"), FWSIM_EIO);
    assert_int_equal(errno, ENOENT);
    mkdir("test_snapshot_file.dir", 0777);
    assert_int_equal(fwsim_snapshot_save(s, "test_snapshot_file.dir"),
                     FWSIM_EIO);
    assert_int_equal(stat("test_snapshot_file.dir", &st), 0);
    rmdir("test_snapshot_file.dir");
    /* A device is written to, and says so when it is full. */
    assert_int_equal(fwsim_snapshot_save(s, "/dev/full"), FWSIM_EIO);
    assert_int_equal(errno, ENOSPC);
    fwsim_snapshot_free(s);
    fwsim_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_saved_comes_back_in_another_machine),
        cmocka_unit_test(a_loaded_snapshot_is_saved_as_the_same_file),
        cmocka_unit_test(what_inference_knows_and_its_input_come_back),
        cmocka_unit_test(another_machine_is_refused_by_name),
        cmocka_unit_test(another_version_is_refused_by_name),
        cmocka_unit_test(other_firmware_is_refused_and_none_is_not),
        cmocka_unit_test(each_changed_byte_is_noticed),
        cmocka_unit_test(each_length_but_the_right_one_is_truncated),
        cmocka_unit_test(sizes_that_lie_are_refused),
        cmocka_unit_test(files_that_are_none_have_a_reason),
        cmocka_unit_test(a_failure_leaves_the_file_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
