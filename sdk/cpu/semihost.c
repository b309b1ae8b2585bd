/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arm semihosting: a table of operations over a parameter block in memory.
 *
 * Source: Arm "Semihosting for AArch32 and AArch64", release 2.0, chapter
 * "Semihosting operations"; extensions SH_EXT_EXIT_EXTENDED and
 * SH_EXT_STDOUT_STDERR.
 *
 * Time is virtual time: SYS_TIME counts from 1970 on. The console never
 * blocks: with nothing waiting, SYS_READ reads 0 bytes and SYS_READC gives -1.
 * stdout and stderr are one line to the host. Commands (SYS_SYSTEM) are
 * refused.
 *
 * Handles and positions are state of the machine, so that a restored snapshot
 * goes on as it did before; what is in the files, and which file is behind a
 * handle that was used again since, belongs to the host. A reset closes all.
 */
#include "cpu/semihost.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cpu/sandbox.h"
#include "machine/machine.h"

enum {
    FILES_MAX = 32,
    STRING_MAX = 4096,       /* bytes of a path, or of a text of SYS_WRITE0 */
    TRANSFER_MAX = 16 << 20, /* bytes of one SYS_READ or SYS_WRITE */
    CHUNK = 4096,
    FIELDS_MAX = 4,
    FIFO_SIZE = 256,
    OPERATIONS = 0x32
};

/* "Software reason codes" of SYS_EXIT. */
enum { APPLICATION_EXIT = 0x20026 };

/* "Semihosting feature bit reporting sequence format": magic, then bits 0
 * (SH_EXT_EXIT_EXTENDED) and 1 (SH_EXT_STDOUT_STDERR). */
static const uint8_t features[] = { 0x53, 0x48, 0x46, 0x42, 0x03 };

enum { FREE, CONSOLE, FEATURES, PLAIN };

/** What is behind a handle; plain data. */
typedef struct open_file {
    uint64_t position; /* FEATURES, PLAIN */
    uint32_t kind;
    uint32_t index;    /* in files and in the descriptors of the host */
} open_file;

/** State of the console's slot. */
typedef struct state {
    open_file files[FILES_MAX]; /* a handle is an index + 1 */
    int32_t error;              /* of SYS_ERRNO */
    uint32_t read;              /* index of the oldest byte of the input */
    uint32_t count;
    uint8_t fifo[FIFO_SIZE];
} state;

struct fwsim__semihost {
    fwsim_machine *m;
    fwsim_periph *console;
    state *st;
    int fd[FILES_MAX]; /* of PLAIN files; -1: none */
    bool unknown_seen;
};

/** A call in progress. */
typedef struct call {
    fwsim__semihost *s;
    uint64_t param;
    unsigned word;
    uint64_t field[FIELDS_MAX]; /* of the parameter block */
    bool ends;
    int exit_code;
} call;

/* ------------------------------------------------------------------ */
/* Console                                                              */
/* ------------------------------------------------------------------ */

static void console_reset(fwsim_periph *p, fwsim_reset_kind kind)
{
    state *st = fwsim_state(p);

    (void)kind;
    memset(st->files, 0, sizeof st->files);
    fwsim_uart_set_ready(p, st->count < FIFO_SIZE);
}

static void console_rx(fwsim_periph *p, uint8_t byte)
{
    state *st = fwsim_state(p);

    assert(st->count < FIFO_SIZE);
    st->fifo[(st->read + st->count++) % FIFO_SIZE] = byte;
    if (st->count == FIFO_SIZE)
        fwsim_uart_set_ready(p, false);
}

/** @return a byte, or -1 when none waits */
static int console_get(fwsim_periph *p)
{
    state *st = fwsim_state(p);
    int byte;

    if (st->count == 0)
        return -1;
    byte = st->fifo[st->read];
    st->read = (st->read + 1) % FIFO_SIZE;
    st->count--;
    fwsim_uart_set_ready(p, true);
    return byte;
}

static void console_put(fwsim_periph *p, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        fwsim_uart_tx(p, bytes[i]);
}

/* ------------------------------------------------------------------ */
/* Helpers                                                              */
/* ------------------------------------------------------------------ */

static int64_t fail(call *c, int error)
{
    c->s->st->error = error;
    return -1;
}

static void guest_error(call *c, const char *text, uint64_t value)
{
    fwsim__log(c->s->m, FWSIM_LOG_WARN, FWSIM_TOPIC_GUEST_ERROR, "semihosting",
               "%s 0x%08" PRIx64, text, value);
}

static bool fields_read(call *c, uint64_t addr, unsigned count)
{
    uint8_t bytes[FIELDS_MAX * 8];

    if (fwsim_mem_read(c->s->m, addr, bytes, count * c->word))
        return false;
    for (unsigned i = 0; i < count; i++) {
        c->field[i] = 0;
        for (unsigned k = c->word; k--;)
            c->field[i] = c->field[i] << 8 | bytes[i * c->word + k];
    }
    return true;
}

static bool fields_write(call *c, uint64_t addr, const uint64_t *field,
                         unsigned count)
{
    uint8_t bytes[FIELDS_MAX * 8];

    for (unsigned i = 0; i < count; i++)
        for (unsigned k = 0; k < c->word; k++)
            bytes[i * c->word + k] = (uint8_t)(field[i] >> (8 * k));
    return fwsim_mem_write(c->s->m, addr, bytes, count * c->word) == 0;
}

/** Copy a string of the guest and end it. @return 0, or an errno */
static int string_read(call *c, uint64_t addr, uint64_t length,
                       char text[STRING_MAX])
{
    if (length >= STRING_MAX)
        return ENAMETOOLONG;
    if (fwsim_mem_read(c->s->m, addr, text, (size_t)length))
        return EFAULT;
    text[length] = '\0';
    return 0;
}

static open_file *file_of(call *c, uint64_t handle)
{
    open_file *f = NULL;

    if (handle >= 1 && handle <= FILES_MAX)
        f = &c->s->st->files[handle - 1];
    if (f && f->kind != FREE)
        return f;
    fail(c, EBADF);
    return NULL;
}

/** The host's descriptor of a PLAIN file, at the position of the file. */
static int descriptor(call *c, const open_file *f)
{
    int fd = c->s->fd[f->index];

    return lseek(fd, (off_t)f->position, SEEK_SET) < 0 ? -1 : fd;
}

/** The result of an operation on paths, with a log line when refused. */
static int64_t path_result(call *c, const char *path, int err)
{
    const char *root = c->s->m->semihosting_dir;

    if (err >= 0)
        return err;
    if (err == -EACCES)
        fwsim__log(c->s->m, FWSIM_LOG_WARN, FWSIM_TOPIC_GENERAL, "semihosting",
                   "refused: \"%s\" is no plain file below %s", path,
                   root ? root : "a directory for semihosting (none is given)");
    return fail(c, -err);
}

/* ------------------------------------------------------------------ */
/* Files                                                                */
/* ------------------------------------------------------------------ */

static void close_descriptor(fwsim__semihost *s, uint32_t index)
{
    if (s->fd[index] >= 0)
        close(s->fd[index]);
    s->fd[index] = -1;
}

/** @param fd  of a PLAIN file, -1 for the others; it is taken over */
static int64_t new_handle(call *c, uint32_t kind, int fd)
{
    for (uint32_t i = 0; i < FILES_MAX; i++)
        if (c->s->st->files[i].kind == FREE) {
            c->s->st->files[i] = (open_file){ .kind = kind, .index = i };
            /* A reset or a snapshot may have freed the handle. */
            close_descriptor(c->s, i);
            c->s->fd[i] = fd;
            return i + 1;
        }
    if (fd >= 0)
        close(fd);
    return fail(c, EMFILE);
}

static int64_t open_plain(call *c, const char *path, unsigned mode)
{
    /* r, r+, w, w+, a, a+; each twice, without and with b. */
    static const int flags[] = {
        O_RDONLY,
        O_RDWR,
        O_WRONLY | O_CREAT | O_TRUNC,
        O_RDWR | O_CREAT | O_TRUNC,
        O_WRONLY | O_CREAT | O_APPEND,
        O_RDWR | O_CREAT | O_APPEND,
    };
    int fd = fwsim__sandbox_open(c->s->m->semihosting_dir, path,
                                 flags[mode / 2]);

    if (fd < 0)
        return path_result(c, path, fd);
    return new_handle(c, PLAIN, fd);
}

static int64_t sys_open(call *c)
{
    char path[STRING_MAX];
    uint64_t mode = c->field[1];
    int err = string_read(c, c->field[0], c->field[2], path);

    if (err)
        return fail(c, err);
    if (mode > 11)
        return fail(c, EINVAL);
    if (strcmp(path, ":tt") == 0)
        return new_handle(c, CONSOLE, -1);
    if (strcmp(path, ":semihosting-features") != 0)
        return open_plain(c, path, (unsigned)mode);
    /* To be read only: r and rb. */
    if (mode > 1)
        return fail(c, EACCES);
    return new_handle(c, FEATURES, -1);
}

static int64_t sys_close(call *c)
{
    open_file *f = file_of(c, c->field[0]);

    if (!f)
        return -1;
    close_descriptor(c->s, f->index);
    *f = (open_file){ .kind = FREE };
    return 0;
}

static size_t read_console(call *c, uint8_t *buf, size_t size)
{
    size_t n;

    for (n = 0; n < size; n++) {
        int byte = console_get(c->s->console);

        if (byte < 0)
            break;
        buf[n] = (uint8_t)byte;
    }
    return n;
}

static size_t read_features(open_file *f, uint8_t *buf, size_t size)
{
    size_t n;

    for (n = 0; n < size && f->position < sizeof features; n++)
        buf[n] = features[f->position++];
    return n;
}

/** @return bytes put into @a buf, 0 at the end, or a negative errno */
static int64_t read_some(call *c, open_file *f, uint8_t *buf, size_t size)
{
    ssize_t n;

    if (f->kind == CONSOLE)
        return (int64_t)read_console(c, buf, size);
    if (f->kind == FEATURES)
        return (int64_t)read_features(f, buf, size);
    n = read(descriptor(c, f), buf, size);
    if (n < 0)
        return -errno;
    f->position += (uint64_t)n;
    return n;
}

static size_t chunk_of(uint64_t left)
{
    return left < CHUNK ? (size_t)left : CHUNK;
}

/* The result is the number of bytes that were not read. */
static int64_t sys_read(call *c)
{
    uint64_t wanted = c->field[2];
    uint64_t end = wanted < TRANSFER_MAX ? wanted : TRANSFER_MAX;
    open_file *f = file_of(c, c->field[0]);
    uint8_t buf[CHUNK];
    uint64_t done = 0;

    if (!f)
        return -1;
    while (done < end) {
        int64_t n = read_some(c, f, buf, chunk_of(end - done));

        if (n < 0)
            return fail(c, (int)-n);
        if (n == 0)
            break;
        if (fwsim_mem_write(c->s->m, c->field[1] + done, buf, (size_t)n))
            return fail(c, EFAULT);
        done += (uint64_t)n;
    }
    return (int64_t)(wanted - done);
}

/** @return bytes taken, or a negative errno */
static int64_t write_some(call *c, open_file *f, const uint8_t *buf,
                          size_t size)
{
    ssize_t n;
    int fd;

    if (f->kind == FEATURES)
        return -EBADF;
    if (f->kind == CONSOLE) {
        console_put(c->s->console, buf, size);
        return (int64_t)size;
    }
    fd = descriptor(c, f);
    n = write(fd, buf, size);
    if (n < 0)
        return -errno;
    /* Not the old position plus n: what is appended goes to the end. */
    f->position = (uint64_t)lseek(fd, 0, SEEK_CUR);
    return n;
}

/* The result is the number of bytes that were not written, also on error. */
static int64_t sys_write(call *c)
{
    uint64_t wanted = c->field[2];
    uint64_t end = wanted < TRANSFER_MAX ? wanted : TRANSFER_MAX;
    open_file *f = file_of(c, c->field[0]);
    uint8_t buf[CHUNK];
    uint64_t done = 0;

    while (f && done < end) {
        size_t size = chunk_of(end - done);
        int64_t n;

        if (fwsim_mem_read(c->s->m, c->field[1] + done, buf, size))
            n = -EFAULT;
        else
            n = write_some(c, f, buf, size);
        if (n <= 0) {
            fail(c, (int)-n);
            break;
        }
        done += (uint64_t)n;
    }
    return (int64_t)(wanted - done);
}

static int64_t sys_istty(call *c)
{
    open_file *f = file_of(c, c->field[0]);

    return f ? f->kind == CONSOLE : -1;
}

static int64_t sys_seek(call *c)
{
    open_file *f = file_of(c, c->field[0]);
    uint64_t position = c->field[1];

    if (!f)
        return -1;
    if (f->kind == CONSOLE)
        return fail(c, ESPIPE);
    if (position > (f->kind == FEATURES ? sizeof features : INT64_MAX))
        return fail(c, EINVAL);
    f->position = position;
    return 0;
}

/* The console has length 0: newlib's fstat takes an error here for a file
 * that does not exist, and then buffers its output until the end. */
static int64_t sys_flen(call *c)
{
    open_file *f = file_of(c, c->field[0]);
    struct stat st;

    if (!f)
        return -1;
    if (f->kind == CONSOLE)
        return 0;
    if (f->kind == FEATURES)
        return sizeof features;
    if (fstat(c->s->fd[f->index], &st) != 0)
        return fail(c, errno);
    if (c->word == 4 && st.st_size > INT32_MAX)
        return fail(c, EOVERFLOW);
    return st.st_size;
}

static int64_t sys_tmpnam(call *c)
{
    char name[16];
    size_t size;

    if (c->field[1] > 255)
        return fail(c, EINVAL);
    size = (size_t)snprintf(name, sizeof name, "tmp%03u.tmp",
                            (unsigned)c->field[1]) + 1;
    if (c->field[2] < size)
        return fail(c, ENAMETOOLONG);
    return fwsim_mem_write(c->s->m, c->field[0], name, size)
               ? fail(c, EFAULT)
               : 0;
}

static int64_t sys_remove(call *c)
{
    char path[STRING_MAX];
    int err = string_read(c, c->field[0], c->field[1], path);

    if (err)
        return fail(c, err);
    return path_result(
        c, path, fwsim__sandbox_remove(c->s->m->semihosting_dir, path));
}

static int64_t sys_rename(call *c)
{
    char from[STRING_MAX], to[STRING_MAX], both[2 * STRING_MAX + 8];
    int err = string_read(c, c->field[0], c->field[1], from);

    if (!err)
        err = string_read(c, c->field[2], c->field[3], to);
    if (err)
        return fail(c, err);
    snprintf(both, sizeof both, "%s\" or \"%s", from, to);
    return path_result(
        c, both, fwsim__sandbox_rename(c->s->m->semihosting_dir, from, to));
}

/* ------------------------------------------------------------------ */
/* Console operations                                                   */
/* ------------------------------------------------------------------ */

static int64_t sys_writec(call *c)
{
    uint8_t byte;

    if (fwsim_mem_read(c->s->m, c->param, &byte, 1))
        return fail(c, EFAULT);
    console_put(c->s->console, &byte, 1);
    return 0;
}

static int64_t sys_write0(call *c)
{
    for (uint64_t i = 0; i < STRING_MAX; i++) {
        uint8_t byte;

        if (fwsim_mem_read(c->s->m, c->param + i, &byte, 1))
            return fail(c, EFAULT);
        if (byte == '\0')
            return 0;
        console_put(c->s->console, &byte, 1);
    }
    guest_error(c, "SYS_WRITE0: no end within 4096 bytes of the string at",
                c->param);
    return fail(c, EINVAL);
}

static int64_t sys_readc(call *c)
{
    return console_get(c->s->console);
}

/* ------------------------------------------------------------------ */
/* The rest                                                             */
/* ------------------------------------------------------------------ */

static int64_t sys_iserror(call *c)
{
    return c->field[0] >> (8 * c->word - 1) != 0;
}

static int64_t sys_clock(call *c)
{
    return (int64_t)(fwsim_time_ns(c->s->m) / 10000000u);
}

static int64_t sys_time(call *c)
{
    return (int64_t)(fwsim_time_ns(c->s->m) / 1000000000u);
}

/* One field of 64 bits, or two of 32 with the low one first. */
static int64_t sys_elapsed(call *c)
{
    uint64_t now = c->s->m->now;
    const uint64_t ticks[] = { now, now >> 32 };

    return fields_write(c, c->param, ticks, 8 / c->word) ? 0 : fail(c, EFAULT);
}

static int64_t sys_tickfreq(call *c)
{
    return c->s->m->clock_hz;
}

static int64_t sys_errno(call *c)
{
    return c->s->st->error;
}

static int64_t sys_system(call *c)
{
    fwsim__log(c->s->m, FWSIM_LOG_WARN, FWSIM_TOPIC_GENERAL, "semihosting",
               "refused: SYS_SYSTEM, a command for the host");
    return fail(c, EPERM);
}

static int64_t sys_get_cmdline(call *c)
{
    const char *args = c->s->m->semihosting_args;
    size_t length;

    args = args ? args : "";
    length = strlen(args);
    if (c->field[1] <= length)
        return fail(c, E2BIG);
    c->field[1] = length;
    if (fwsim_mem_write(c->s->m, c->field[0], args, length + 1) ||
        !fields_write(c, c->param, c->field, 2))
        return fail(c, EFAULT);
    return 0;
}

/* The parameter is the address of a pointer to the block. Zeros leave it to
 * the firmware: C libraries then go by the symbols of the linker. */
static int64_t sys_heapinfo(call *c)
{
    static const uint64_t unknown[4];

    return fields_write(c, c->field[0], unknown, 4) ? 0 : fail(c, EFAULT);
}

static int64_t end_run(call *c, uint64_t reason, uint64_t status)
{
    c->ends = true;
    c->exit_code = 1;
    if (reason == APPLICATION_EXIT)
        c->exit_code = (int)(uint32_t)status;
    else
        guest_error(c, "ended with the reason of a failure,", reason);
    return 0;
}

static int64_t sys_exit_extended(call *c)
{
    return end_run(c, c->field[0], c->field[1]);
}

/* AArch32 has no block: the parameter is the reason itself. */
static int64_t sys_exit(call *c)
{
    if (c->word == 4)
        return end_run(c, c->param, 0);
    if (!fields_read(c, c->param, 2))
        return fail(c, EFAULT);
    return sys_exit_extended(c);
}

/* clang-format off */
static const struct operation {
    int64_t (*serve)(call *c);
    unsigned fields; /* of the parameter block, read before */
} operations[OPERATIONS] = {
    [0x01] = { sys_open, 3 },
    [0x02] = { sys_close, 1 },
    [0x03] = { sys_writec, 0 },
    [0x04] = { sys_write0, 0 },
    [0x05] = { sys_write, 3 },
    [0x06] = { sys_read, 3 },
    [0x07] = { sys_readc, 0 },
    [0x08] = { sys_iserror, 1 },
    [0x09] = { sys_istty, 1 },
    [0x0a] = { sys_seek, 2 },
    [0x0c] = { sys_flen, 1 },
    [0x0d] = { sys_tmpnam, 3 },
    [0x0e] = { sys_remove, 2 },
    [0x0f] = { sys_rename, 4 },
    [0x10] = { sys_clock, 0 },
    [0x11] = { sys_time, 0 },
    [0x12] = { sys_system, 2 },
    [0x13] = { sys_errno, 0 },
    [0x15] = { sys_get_cmdline, 2 },
    [0x16] = { sys_heapinfo, 1 },
    [0x18] = { sys_exit, 0 },
    [0x20] = { sys_exit_extended, 2 },
    [0x30] = { sys_elapsed, 0 },
    [0x31] = { sys_tickfreq, 0 },
};
/* clang-format on */

static int64_t serve(call *c, uint32_t op)
{
    const struct operation *o = op < OPERATIONS ? &operations[op] : NULL;

    if (!o || !o->serve) {
        if (!c->s->unknown_seen)
            guest_error(c, "there is no operation", op);
        c->s->unknown_seen = true;
        return fail(c, ENOSYS);
    }
    if (o->fields && !fields_read(c, c->param, o->fields)) {
        guest_error(c, "no memory for the parameter block at", c->param);
        return fail(c, EFAULT);
    }
    return o->serve(c);
}

bool fwsim__semihost_call(fwsim__semihost *s, uint32_t op, uint64_t param,
                          unsigned word, uint64_t *result, int *exit_code)
{
    call c = { .s = s, .param = param, .word = word };

    assert(word == 4 || word == 8);
    *result = (uint64_t)serve(&c, op);
    if (word == 4)
        *result &= UINT32_MAX;
    if (c.ends)
        *exit_code = c.exit_code;
    return c.ends;
}

fwsim__semihost *fwsim__semihost_new(fwsim_machine *m)
{
    fwsim__semihost *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->m = m;
    s->console = fwsim__periph_find(m, "semihosting");
    assert(s->console);
    s->st = fwsim_state(s->console);
    for (int i = 0; i < FILES_MAX; i++)
        s->fd[i] = -1;
    return s;
}

void fwsim__semihost_free(fwsim__semihost *s)
{
    if (!s)
        return;
    for (uint32_t i = 0; i < FILES_MAX; i++)
        close_descriptor(s, i);
    free(s);
}

const fwsim_periph_type fwsim__semihost_console = {
    .name = "semihosting",
    .summary = "The firmware's console by semihosting",
    .source = "Arm Semihosting for AArch32 and AArch64, release 2.0",
    .state_size = sizeof(state),
    .uart = true,
    .on_reset = console_reset,
    .on_rx = console_rx,
};
