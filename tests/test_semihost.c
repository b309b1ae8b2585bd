/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Semihosting without a core: parameter blocks are written to the memory of a
 * machine and the calls are made directly. What is expected stands in Arm's
 * "Semihosting for AArch32 and AArch64", release 2.0.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cpu/semihost.h"

#define OK(call) assert_int_equal(call, 0)

enum {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITEC = 0x03,
    SYS_WRITE0 = 0x04,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_READC = 0x07,
    SYS_ISERROR = 0x08,
    SYS_ISTTY = 0x09,
    SYS_SEEK = 0x0a,
    SYS_FLEN = 0x0c,
    SYS_TMPNAM = 0x0d,
    SYS_REMOVE = 0x0e,
    SYS_RENAME = 0x0f,
    SYS_CLOCK = 0x10,
    SYS_TIME = 0x11,
    SYS_SYSTEM = 0x12,
    SYS_ERRNO = 0x13,
    SYS_GET_CMDLINE = 0x15,
    SYS_HEAPINFO = 0x16,
    SYS_EXIT = 0x18,
    SYS_EXIT_EXTENDED = 0x20,
    SYS_ELAPSED = 0x30,
    SYS_TICKFREQ = 0x31
};

/* Modes of SYS_OPEN. */
enum { R = 0, RB = 1, R_PLUS = 2, W = 4, W_PLUS = 6, A = 8 };

enum {
    RAM = 0x20000000,
    RAM_SIZE = 0x10000,
    BLOCK = RAM,           /* the parameter block */
    TEXT = RAM + 0x1000,   /* a string */
    TEXT2 = RAM + 0x2000,  /* another one */
    BUFFER = RAM + 0x4000, /* data */
    NOWHERE = 0x10000000   /* no memory */
};

enum { APPLICATION_EXIT = 0x20026, RUN_TIME_ERROR = 0x20023 };

static const fwsim_soc soc = {
    .name = "test",
    .clock_hz = 1000000,
    .memory = (const fwsim_memory[]) {
        { "ram", RAM, RAM_SIZE, FWSIM_MEM_RAM, NULL, NULL },
        { 0 }
    },
};

static const fwsim_board board = { .name = "test", .soc = &soc };

typedef struct fixture {
    fwsim_machine *m;
    fwsim__semihost *s;
    unsigned word;
    bool ended;
    int exit_code;
    unsigned refused;    /* log lines that say so */
    unsigned unknown;    /* log lines about an operation */
    char dir[256];       /* holds: inside/ (for the guest), secret */
    char path[512];      /* of the last host_path */
} fixture;

static void count_log(const fwsim_log_entry *entry, void *user)
{
    fixture *f = user;

    f->refused += strstr(entry->text, "refused") != NULL;
    f->unknown += strstr(entry->text, "no operation") != NULL;
}

static const char *host_path(fixture *f, const char *name)
{
    snprintf(f->path, sizeof f->path, "%s/%s", f->dir, name);
    return f->path;
}

static void host_write(fixture *f, const char *name, const char *text)
{
    FILE *file = fopen(host_path(f, name), "wb");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_host_file(fixture *f, const char *name, const char *text)
{
    char buf[256] = "";
    FILE *file = fopen(host_path(f, name), "rb");

    assert_non_null(file);
    buf[fread(buf, 1, sizeof buf - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(buf, text);
}

static void make_files(fixture *f)
{
    char target[300];

    snprintf(f->dir, sizeof f->dir, "%s/semihost.XXXXXX",
             FWSIM_TEST_BINARY_DIR);
    assert_non_null(mkdtemp(f->dir));
    OK(mkdir(host_path(f, "inside"), 0777));
    OK(mkdir(host_path(f, "inside/sub"), 0777));
    host_write(f, "secret", "secret");
    OK(symlink("../secret", host_path(f, "inside/link")));
    OK(symlink("..", host_path(f, "inside/up")));
    OK(symlink("sub", host_path(f, "inside/within")));
    OK(mkfifo(host_path(f, "inside/fifo"), 0666));
    snprintf(target, sizeof target, "%s/secret", f->dir);
    OK(symlink(target, host_path(f, "inside/absolute")));
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    fwsim_options opt = {
        .log = count_log,
        .log_user = f,
        .log_level = FWSIM_LOG_DEBUG,
        .semihosting = true,
        .semihosting_args = "program --fast \"a b\"",
    };

    assert_non_null(f);
    make_files(f);
    opt.semihosting_dir = host_path(f, "inside");
    OK(fwsim_new(&f->m, &board, &opt));
    f->s = fwsim__semihost_new(f->m);
    assert_non_null(f->s);
    f->word = 4;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    char command[300];

    fwsim__semihost_free(f->s);
    fwsim_free(f->m);
    snprintf(command, sizeof command, "rm -rf '%s'", f->dir);
    OK(system(command));
    free(f);
    return 0;
}

/* ------------------------------------------------------------------ */
/* The guest's side                                                     */
/* ------------------------------------------------------------------ */

static int64_t call(fixture *f, unsigned op, uint64_t param)
{
    uint64_t result;

    f->ended = fwsim__semihost_call(f->s, op, param, f->word, &result,
                                    &f->exit_code);
    return f->word == 4 ? (int32_t)result : (int64_t)result;
}

static void poke(fixture *f, uint64_t addr, uint64_t value)
{
    OK(fwsim_mem_write(f->m, addr, &value, f->word));
}

static uint64_t peek(fixture *f, uint64_t addr)
{
    uint64_t value = 0;

    OK(fwsim_mem_read(f->m, addr, &value, f->word));
    return value;
}

static int64_t call4(fixture *f, unsigned op, uint64_t a, uint64_t b,
                     uint64_t c, uint64_t d)
{
    poke(f, BLOCK, a);
    poke(f, BLOCK + f->word, b);
    poke(f, BLOCK + 2 * f->word, c);
    poke(f, BLOCK + 3 * f->word, d);
    return call(f, op, BLOCK);
}

static int64_t call1(fixture *f, unsigned op, uint64_t a)
{
    return call4(f, op, a, 0, 0, 0);
}

static size_t put_text(fixture *f, uint64_t addr, const char *text)
{
    OK(fwsim_mem_write(f->m, addr, text, strlen(text) + 1));
    return strlen(text);
}

static int64_t guest_open(fixture *f, const char *path, unsigned mode)
{
    size_t length = put_text(f, TEXT, path);

    return call4(f, SYS_OPEN, TEXT, mode, length, 0);
}

static int64_t guest_write(fixture *f, int64_t handle, const char *text)
{
    size_t length = put_text(f, BUFFER, text);

    return call4(f, SYS_WRITE, (uint64_t)handle, BUFFER, length, 0);
}

static int64_t guest_read(fixture *f, int64_t handle, size_t size)
{
    return call4(f, SYS_READ, (uint64_t)handle, BUFFER, size, 0);
}

static int64_t guest_remove(fixture *f, const char *path)
{
    return call4(f, SYS_REMOVE, TEXT, put_text(f, TEXT, path), 0, 0);
}

static int64_t guest_rename(fixture *f, const char *from, const char *to)
{
    return call4(f, SYS_RENAME, TEXT, put_text(f, TEXT, from), TEXT2,
                 put_text(f, TEXT2, to));
}

static void assert_buffer(fixture *f, const char *text)
{
    char buf[256];

    OK(fwsim_mem_read(f->m, BUFFER, buf, strlen(text)));
    assert_memory_equal(buf, text, strlen(text));
}

static void assert_console(fixture *f, const char *text)
{
    assert_string_equal(fwsim_uart_output(f->m, "semihosting", NULL), text);
}

/* ------------------------------------------------------------------ */
/* Console                                                              */
/* ------------------------------------------------------------------ */

static void console_writes_reach_the_host(void **state)
{
    fixture *f = *state;
    int64_t out = guest_open(f, ":tt", W);
    int64_t err = guest_open(f, ":tt", A);

    assert_true(out > 0);
    assert_true(err > 0);
    assert_int_not_equal(out, err);
    put_text(f, TEXT, "zero ");
    call(f, SYS_WRITE0, TEXT);
    call(f, SYS_WRITEC, TEXT + 1);
    OK(guest_write(f, out, " out"));
    OK(guest_write(f, err, " err"));
    assert_console(f, "zero e out err");
}

static void console_reads_give_what_the_host_has_sent(void **state)
{
    fixture *f = *state;
    int64_t in = guest_open(f, ":tt", R);

    OK(fwsim_uart_send(f->m, "semihosting", "hello", 5));
    assert_int_equal(call(f, SYS_READC, 0), 'h');
    assert_int_equal(guest_read(f, in, 10), 6);
    assert_buffer(f, "ello");
}

static void an_empty_console_does_not_block(void **state)
{
    fixture *f = *state;
    int64_t in = guest_open(f, ":tt", R);

    assert_int_equal(call(f, SYS_READC, 0), -1);
    assert_int_equal(guest_read(f, in, 10), 10);
}

static void long_console_input_is_not_lost(void **state)
{
    fixture *f = *state;
    uint8_t sent[1000], got[1000];
    int64_t in;

    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (uint8_t)(i * 7);
    OK(fwsim_uart_send(f->m, "semihosting", sent, sizeof sent));
    assert_true(fwsim_uart_pending(f->m, "semihosting") > 0);
    OK(fwsim_reset(f->m, FWSIM_RESET_SYSTEM));
    in = guest_open(f, ":tt", R);
    OK(guest_read(f, in, sizeof sent));
    OK(fwsim_mem_read(f->m, BUFFER, got, sizeof got));
    assert_memory_equal(got, sent, sizeof sent);
    assert_int_equal(fwsim_uart_pending(f->m, "semihosting"), 0);
}

static void console_input_is_part_of_a_snapshot(void **state)
{
    fixture *f = *state;
    fwsim_snapshot *snapshot;

    OK(fwsim_uart_send(f->m, "semihosting", "ab", 2));
    OK(fwsim_snapshot_take(f->m, &snapshot));
    assert_int_equal(call(f, SYS_READC, 0), 'a');
    OK(fwsim_snapshot_restore(f->m, snapshot));
    assert_int_equal(call(f, SYS_READC, 0), 'a');
    fwsim_snapshot_free(snapshot);
}

static void only_the_console_is_a_terminal(void **state)
{
    fixture *f = *state;
    int64_t tty = guest_open(f, ":tt", W);
    int64_t file = guest_open(f, "file", W);
    int64_t features = guest_open(f, ":semihosting-features", R);

    assert_int_equal(call1(f, SYS_ISTTY, (uint64_t)tty), 1);
    assert_int_equal(call1(f, SYS_ISTTY, (uint64_t)file), 0);
    assert_int_equal(call1(f, SYS_ISTTY, (uint64_t)features), 0);
    assert_int_equal(call1(f, SYS_ISTTY, 99), -1);
}

static void a_string_without_an_end_is_cut_at_4096_bytes(void **state)
{
    fixture *f = *state;
    char text[8192];
    size_t size;

    memset(text, 'x', sizeof text);
    OK(fwsim_mem_write(f->m, BUFFER, text, sizeof text));
    assert_int_equal(call(f, SYS_WRITE0, BUFFER), -1);
    fwsim_uart_output(f->m, "semihosting", &size);
    assert_int_equal(size, 4096);
}

/* ------------------------------------------------------------------ */
/* Files                                                                */
/* ------------------------------------------------------------------ */

static void a_file_is_written_and_read_back(void **state)
{
    fixture *f = *state;
    int64_t h = guest_open(f, "sub/data", W_PLUS);

    assert_true(h > 0);
    OK(guest_write(f, h, "0123456789"));
    assert_int_equal(call1(f, SYS_FLEN, (uint64_t)h), 10);
    OK(call4(f, SYS_SEEK, (uint64_t)h, 4, 0, 0));
    OK(guest_read(f, h, 3));
    assert_buffer(f, "456");
    assert_int_equal(guest_read(f, h, 10), 7);
    assert_buffer(f, "789");
    assert_int_equal(guest_read(f, h, 10), 10);
    OK(call1(f, SYS_CLOSE, (uint64_t)h));
    assert_host_file(f, "inside/sub/data", "0123456789");
    assert_int_equal(f->refused, 0);
}

static void modes_mean_what_fopen_says(void **state)
{
    fixture *f = *state;
    int64_t h;

    assert_int_equal(guest_open(f, "new", R), -1);
    assert_int_equal(call(f, SYS_ERRNO, 0), ENOENT);
    assert_int_equal(guest_open(f, "new", R_PLUS), -1);
    assert_int_equal(guest_open(f, "new", 12), -1);
    host_write(f, "inside/old", "old");
    h = guest_open(f, "old", A);
    OK(guest_write(f, h, "e"));
    OK(call4(f, SYS_SEEK, (uint64_t)h, 0, 0, 0));
    OK(guest_write(f, h, "r"));
    assert_host_file(f, "inside/old", "older");
    h = guest_open(f, "old", R_PLUS);
    OK(guest_write(f, h, "B"));
    assert_host_file(f, "inside/old", "Blder");
    h = guest_open(f, "old", RB);
    assert_int_equal(guest_write(f, h, "no"), 2);
    h = guest_open(f, "old", W);
    assert_host_file(f, "inside/old", "");
    assert_int_equal(guest_read(f, h, 1), -1);
    assert_int_equal(call(f, SYS_ERRNO, 0), EBADF);
}

static void large_buffers_go_through_in_one_call(void **state)
{
    fixture *f = *state;
    enum { SIZE = 0xa001 };
    uint8_t *data = malloc(SIZE), *back = malloc(SIZE);
    int64_t h = guest_open(f, "large", W_PLUS);

    assert_non_null(data);
    assert_non_null(back);
    for (size_t i = 0; i < SIZE; i++)
        data[i] = (uint8_t)(i ^ i >> 8);
    OK(fwsim_mem_write(f->m, BUFFER, data, SIZE));
    OK(call4(f, SYS_WRITE, (uint64_t)h, BUFFER, SIZE, 0));
    memset(back, 0, SIZE);
    OK(fwsim_mem_write(f->m, BUFFER, back, SIZE));
    OK(call4(f, SYS_SEEK, (uint64_t)h, 0, 0, 0));
    OK(guest_read(f, h, SIZE));
    OK(fwsim_mem_read(f->m, BUFFER, back, SIZE));
    assert_memory_equal(back, data, SIZE);
    free(data);
    free(back);
}

static void files_are_removed_and_renamed(void **state)
{
    fixture *f = *state;

    host_write(f, "inside/a", "text");
    OK(guest_rename(f, "a", "sub/b"));
    assert_host_file(f, "inside/sub/b", "text");
    assert_int_not_equal(access(host_path(f, "inside/a"), F_OK), 0);
    OK(guest_remove(f, "sub/b"));
    assert_int_not_equal(access(host_path(f, "inside/sub/b"), F_OK), 0);
    assert_int_not_equal(guest_remove(f, "sub/b"), 0);
    assert_int_equal(call(f, SYS_ERRNO, 0), ENOENT);
}

static void handles_are_checked_and_can_run_out(void **state)
{
    fixture *f = *state;
    int64_t h = guest_open(f, ":tt", W);
    unsigned opened = 1;

    OK(call1(f, SYS_CLOSE, (uint64_t)h));
    assert_int_equal(call1(f, SYS_CLOSE, (uint64_t)h), -1);
    assert_int_equal(call1(f, SYS_CLOSE, 0), -1);
    assert_int_equal(call1(f, SYS_CLOSE, UINT32_MAX), -1);
    assert_int_equal(call1(f, SYS_FLEN, 5), -1);
    assert_int_equal(call4(f, SYS_SEEK, 5, 0, 0, 0), -1);
    assert_int_equal(guest_read(f, 5, 1), -1);
    assert_int_equal(guest_write(f, 5, "abc"), 3);
    while (guest_open(f, "file", W) > 0)
        assert_true(opened++ < 1000);
    assert_int_equal(call(f, SYS_ERRNO, 0), EMFILE);
}

static void a_snapshot_holds_handles_and_positions(void **state)
{
    fixture *f = *state;
    fwsim_snapshot *snapshot;
    int64_t h, later = 0;

    host_write(f, "inside/text", "abcdef");
    h = guest_open(f, "text", R);
    OK(guest_read(f, h, 2));
    OK(fwsim_snapshot_take(f->m, &snapshot));
    for (int i = 0; i < 100; i++) {
        OK(fwsim_snapshot_restore(f->m, snapshot));
        OK(guest_read(f, h, 3));
        assert_buffer(f, "cde");
        later = guest_open(f, i % 2 ? "text" : ":tt", R);
        assert_int_equal(later, h + 1);
    }
    OK(fwsim_snapshot_restore(f->m, snapshot));
    assert_int_equal(call1(f, SYS_ISTTY, (uint64_t)later), -1);
    fwsim_snapshot_free(snapshot);
}

static void a_handle_closed_after_the_snapshot_is_an_error(void **state)
{
    fixture *f = *state;
    fwsim_snapshot *snapshot;
    int64_t h = guest_open(f, "text", W_PLUS);

    OK(fwsim_snapshot_take(f->m, &snapshot));
    OK(call1(f, SYS_CLOSE, (uint64_t)h));
    OK(fwsim_snapshot_restore(f->m, snapshot));
    assert_int_equal(guest_read(f, h, 1), -1);
    assert_int_equal(guest_write(f, h, "x"), 1);
    assert_int_equal(call1(f, SYS_FLEN, (uint64_t)h), -1);
    OK(call1(f, SYS_CLOSE, (uint64_t)h));
    fwsim_snapshot_free(snapshot);
}

static void a_reset_closes_all_handles(void **state)
{
    fixture *f = *state;

    for (int i = 0; i < 100; i++) {
        assert_int_equal(guest_open(f, "file", W), 1);
        OK(fwsim_reset(f->m, FWSIM_RESET_SYSTEM));
        assert_int_equal(guest_write(f, 1, "x"), 1);
    }
}

static void temporary_names_can_be_opened(void **state)
{
    fixture *f = *state;
    char name[32], other[32];

    OK(call4(f, SYS_TMPNAM, TEXT, 7, sizeof name, 0));
    OK(fwsim_mem_read(f->m, TEXT, name, sizeof name));
    assert_non_null(memchr(name, '\0', sizeof name));
    assert_true(guest_open(f, name, W) > 0);
    OK(call4(f, SYS_TMPNAM, TEXT, 8, sizeof other, 0));
    OK(fwsim_mem_read(f->m, TEXT, other, sizeof other));
    assert_string_not_equal(name, other);
    assert_int_equal(call4(f, SYS_TMPNAM, TEXT, 256, sizeof name, 0), -1);
    assert_int_equal(call4(f, SYS_TMPNAM, TEXT, 7, 3, 0), -1);
}

/* ------------------------------------------------------------------ */
/* The fence                                                            */
/* ------------------------------------------------------------------ */

static void no_path_leads_out_of_the_directory(void **state)
{
    static const char *const paths[] = {
        "../secret",       "sub/../../secret", "sub/../sub/x",
        "/etc/passwd",     "link",             "absolute",
        "up/secret",       "up/inside/sub/x",  "within/x",
        "..",              "./../secret",      "sub//../../secret",
        "fifo",
    };
    fixture *f = *state;
    char absolute[300];

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        for (unsigned mode = 0; mode < 12; mode++) {
            f->refused = 0;
            if (guest_open(f, paths[i], mode) != -1)
                fail_msg("%s was opened with mode %u", paths[i], mode);
            assert_int_equal(f->refused, 1);
            assert_int_equal(call(f, SYS_ERRNO, 0), EACCES);
        }
    snprintf(absolute, sizeof absolute, "%s/secret", f->dir);
    assert_int_equal(guest_open(f, absolute, R), -1);
    assert_host_file(f, "secret", "secret");
}

static void nothing_outside_is_removed_or_renamed(void **state)
{
    fixture *f = *state;

    host_write(f, "inside/mine", "mine");
    assert_int_equal(guest_remove(f, "../secret"), -1);
    assert_int_equal(guest_remove(f, "up/secret"), -1);
    assert_int_equal(guest_rename(f, "../secret", "stolen"), -1);
    assert_int_equal(guest_rename(f, "mine", "../secret"), -1);
    assert_int_equal(guest_rename(f, "mine", "up/secret"), -1);
    assert_int_equal(f->refused, 5);
    OK(guest_remove(f, "link")); /* the link, not what it points to */
    assert_host_file(f, "secret", "secret");
    assert_host_file(f, "inside/mine", "mine");
}

static void odd_paths_are_errors(void **state)
{
    fixture *f = *state;
    char path[3000];

    assert_int_equal(guest_open(f, "", R), -1);
    assert_int_equal(guest_open(f, ".", R), -1);
    assert_int_equal(guest_open(f, "sub", R), -1);
    assert_int_equal(guest_open(f, "sub/", W), -1);
    assert_int_equal(guest_open(f, "missing/x", W), -1);
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(guest_open(f, path, W), -1);
    assert_int_equal(call(f, SYS_ERRNO, 0), ENAMETOOLONG);
    assert_int_equal(call4(f, SYS_OPEN, TEXT, R, UINT32_MAX, 0), -1);
    assert_int_equal(call(f, SYS_ERRNO, 0), ENAMETOOLONG);
}

static void without_a_directory_there_are_no_files(void **state)
{
    fixture bare = { .word = 4 };
    fwsim_options opt = { .log = count_log,
                          .log_user = &bare,
                          .log_level = FWSIM_LOG_WARN,
                          .semihosting = true };

    (void)state;
    OK(fwsim_new(&bare.m, &board, &opt));
    bare.s = fwsim__semihost_new(bare.m);
    assert_non_null(bare.s);
    assert_int_equal(guest_open(&bare, "file", W), -1);
    assert_int_equal(bare.refused, 1);
    assert_true(guest_open(&bare, ":tt", W) > 0);
    fwsim__semihost_free(bare.s);
    fwsim_free(bare.m);
}

static void commands_for_the_host_are_refused(void **state)
{
    fixture *f = *state;
    char command[300];
    size_t length;

    snprintf(command, sizeof command, "touch %s/done", f->dir);
    length = put_text(f, TEXT, command);
    assert_int_equal(call4(f, SYS_SYSTEM, TEXT, length, 0, 0), -1);
    assert_int_equal(f->refused, 1);
    assert_int_not_equal(access(host_path(f, "done"), F_OK), 0);
}

/* ------------------------------------------------------------------ */
/* Extensions, exit, time, information                                  */
/* ------------------------------------------------------------------ */

static void both_extensions_are_reported(void **state)
{
    fixture *f = *state;
    int64_t h = guest_open(f, ":semihosting-features", R);
    int64_t again = guest_open(f, ":semihosting-features", RB);

    assert_int_equal(call1(f, SYS_FLEN, (uint64_t)h), 5);
    assert_int_equal(guest_read(f, h, 10), 5);
    assert_buffer(f, "SHFB\x03");
    OK(call4(f, SYS_SEEK, (uint64_t)h, 4, 0, 0));
    OK(guest_read(f, h, 1));
    assert_buffer(f, "\x03");
    OK(guest_read(f, again, 1));
    assert_buffer(f, "S");
    assert_int_equal(guest_write(f, h, "x"), 1);
    for (unsigned mode = R_PLUS; mode < 12; mode++)
        assert_int_equal(guest_open(f, ":semihosting-features", mode), -1);
}

static void exit_of_aarch32_knows_success_and_failure(void **state)
{
    fixture *f = *state;

    call(f, SYS_EXIT, APPLICATION_EXIT);
    assert_true(f->ended);
    assert_int_equal(f->exit_code, 0);
    call(f, SYS_EXIT, RUN_TIME_ERROR);
    assert_true(f->ended);
    assert_int_equal(f->exit_code, 1);
}

static void extended_exit_has_a_status(void **state)
{
    fixture *f = *state;

    call4(f, SYS_EXIT_EXTENDED, APPLICATION_EXIT, 42, 0, 0);
    assert_true(f->ended);
    assert_int_equal(f->exit_code, 42);
    call4(f, SYS_EXIT_EXTENDED, RUN_TIME_ERROR, 42, 0, 0);
    assert_true(f->ended);
    assert_int_equal(f->exit_code, 1);
}

static void exit_of_aarch64_has_a_status(void **state)
{
    fixture *f = *state;

    f->word = 8;
    call4(f, SYS_EXIT, APPLICATION_EXIT, 7, 0, 0);
    assert_true(f->ended);
    assert_int_equal(f->exit_code, 7);
    call4(f, SYS_EXIT_EXTENDED, APPLICATION_EXIT, 8, 0, 0);
    assert_true(f->ended);
    assert_int_equal(f->exit_code, 8);
    assert_int_equal(call(f, SYS_EXIT, NOWHERE), -1);
    assert_false(f->ended);
}

static void time_is_virtual(void **state)
{
    fixture *f = *state;
    fwsim_limit limit = { .time_ns = FWSIM_MS(2500) };

    OK(call(f, SYS_CLOCK, 0));
    OK(call(f, SYS_TIME, 0));
    OK(fwsim_run(f->m, &limit, NULL));
    assert_int_equal(call(f, SYS_CLOCK, 0), 250);
    assert_int_equal(call(f, SYS_TIME, 0), 2);
    assert_int_equal(call(f, SYS_TICKFREQ, 0), 1000000);
    poke(f, BUFFER + 4, 99);
    OK(call(f, SYS_ELAPSED, BUFFER));
    assert_int_equal(peek(f, BUFFER), 2500000);
    OK(peek(f, BUFFER + 4));
    f->word = 8;
    OK(call(f, SYS_ELAPSED, BUFFER));
    assert_int_equal(peek(f, BUFFER), 2500000);
    assert_int_equal(call(f, SYS_ELAPSED, NOWHERE), -1);
}

static void the_command_line_is_handed_over(void **state)
{
    fixture *f = *state;
    const char *args = "program --fast \"a b\"";
    size_t length = strlen(args);

    OK(call4(f, SYS_GET_CMDLINE, BUFFER, 80, 0, 0));
    assert_int_equal(peek(f, BLOCK), BUFFER);
    assert_int_equal(peek(f, BLOCK + 4), length);
    assert_buffer(f, args);
    OK(call4(f, SYS_GET_CMDLINE, BUFFER, length + 1, 0, 0));
    assert_int_equal(call4(f, SYS_GET_CMDLINE, BUFFER, length, 0, 0), -1);
    assert_int_equal(call4(f, SYS_GET_CMDLINE, NOWHERE, 80, 0, 0), -1);
}

static void heap_and_stack_are_left_to_the_firmware(void **state)
{
    fixture *f = *state;

    for (unsigned i = 0; i < 5; i++)
        poke(f, BUFFER + 4 * i, 0x55);
    OK(call1(f, SYS_HEAPINFO, BUFFER));
    for (unsigned i = 0; i < 4; i++)
        OK(peek(f, BUFFER + 4 * i));
    assert_int_equal(peek(f, BUFFER + 16), 0x55);
    assert_int_equal(call1(f, SYS_HEAPINFO, NOWHERE), -1);
}

static void negative_results_are_errors(void **state)
{
    fixture *f = *state;

    OK(call1(f, SYS_ISERROR, 0));
    OK(call1(f, SYS_ISERROR, 5));
    assert_int_not_equal(call1(f, SYS_ISERROR, UINT32_MAX), 0);
    f->word = 8;
    OK(call1(f, SYS_ISERROR, UINT32_MAX));
    assert_int_not_equal(call1(f, SYS_ISERROR, UINT64_MAX), 0);
}

static void unknown_operations_fail_and_are_logged_once(void **state)
{
    fixture *f = *state;

    assert_int_equal(call(f, 0x17, 0), -1);
    assert_int_equal(call(f, 0x0b, 0), -1);
    assert_int_equal(call(f, 0x32, 0), -1);
    assert_int_equal(call(f, UINT32_MAX, 0), -1);
    assert_int_equal(f->unknown, 1);
    assert_false(f->ended);
}

static void bad_addresses_give_an_error(void **state)
{
    static const unsigned with_block[] = {
        SYS_OPEN,   SYS_CLOSE,  SYS_WRITE,       SYS_READ,     SYS_ISERROR,
        SYS_ISTTY,  SYS_SEEK,   SYS_FLEN,        SYS_TMPNAM,   SYS_REMOVE,
        SYS_RENAME, SYS_SYSTEM, SYS_GET_CMDLINE, SYS_HEAPINFO,
        SYS_EXIT_EXTENDED, SYS_ELAPSED, SYS_WRITE0, SYS_WRITEC,
    };
    static const uint64_t addresses[] = {
        0, NOWHERE, RAM + RAM_SIZE, 0xfffffffc, RAM - 1
    };
    fixture *f = *state;
    int64_t h = guest_open(f, "file", W_PLUS);

    for (size_t i = 0; i < sizeof with_block / sizeof with_block[0]; i++)
        for (size_t k = 0; k < sizeof addresses / sizeof addresses[0]; k++) {
            assert_int_equal(call(f, with_block[i], addresses[k]), -1);
            assert_false(f->ended);
        }
    assert_int_equal(call4(f, SYS_OPEN, NOWHERE, W, 4, 0), -1);
    assert_int_equal(call4(f, SYS_TMPNAM, NOWHERE, 1, 100, 0), -1);
    assert_int_equal(call4(f, SYS_WRITE, (uint64_t)h, NOWHERE, 9, 0), 9);
    OK(guest_write(f, h, "text"));
    OK(call4(f, SYS_SEEK, (uint64_t)h, 0, 0, 0));
    assert_int_equal(call4(f, SYS_READ, (uint64_t)h, NOWHERE, 4, 0), -1);
    assert_int_equal(call(f, SYS_ERRNO, 0), EFAULT);
}

/* Fields that are never addresses of much, sizes that are never true. */
static void arbitrary_blocks_do_no_harm(void **state)
{
    static const uint32_t values[] = { 0,          1,      2,          TEXT,
                                       BUFFER,     4,      UINT32_MAX, INT32_MAX,
                                       0x80000000, NOWHERE, RAM + RAM_SIZE - 2 };
    enum { VALUES = sizeof values / sizeof values[0] };
    fixture *f = *state;
    uint32_t random = 1;

    guest_open(f, "file", W_PLUS);
    guest_open(f, ":tt", R);
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t pick[5];

        for (unsigned k = 0; k < 5; k++) {
            random = random * 1664525 + 1013904223;
            pick[k] = random >> 8;
        }
        call4(f, pick[4] % 0x40, values[pick[0] % VALUES],
              values[pick[1] % VALUES], values[pick[2] % VALUES],
              values[pick[3] % VALUES]);
    }
    assert_host_file(f, "secret", "secret");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(console_writes_reach_the_host),
        TEST(console_reads_give_what_the_host_has_sent),
        TEST(an_empty_console_does_not_block),
        TEST(long_console_input_is_not_lost),
        TEST(console_input_is_part_of_a_snapshot),
        TEST(only_the_console_is_a_terminal),
        TEST(a_string_without_an_end_is_cut_at_4096_bytes),
        TEST(a_file_is_written_and_read_back),
        TEST(modes_mean_what_fopen_says),
        TEST(large_buffers_go_through_in_one_call),
        TEST(files_are_removed_and_renamed),
        TEST(handles_are_checked_and_can_run_out),
        TEST(a_snapshot_holds_handles_and_positions),
        TEST(a_handle_closed_after_the_snapshot_is_an_error),
        TEST(a_reset_closes_all_handles),
        TEST(temporary_names_can_be_opened),
        TEST(no_path_leads_out_of_the_directory),
        TEST(nothing_outside_is_removed_or_renamed),
        TEST(odd_paths_are_errors),
        cmocka_unit_test(without_a_directory_there_are_no_files),
        TEST(commands_for_the_host_are_refused),
        TEST(both_extensions_are_reported),
        TEST(exit_of_aarch32_knows_success_and_failure),
        TEST(extended_exit_has_a_status),
        TEST(exit_of_aarch64_has_a_status),
        TEST(time_is_virtual),
        TEST(the_command_line_is_handed_over),
        TEST(heap_and_stack_are_left_to_the_firmware),
        TEST(negative_results_are_errors),
        TEST(unknown_operations_fail_and_are_logged_once),
        TEST(bad_addresses_give_an_error),
        TEST(arbitrary_blocks_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
