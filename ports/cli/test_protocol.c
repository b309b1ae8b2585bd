/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim test`: test programs that list their tests, and run those that they
 * are asked for. A row a framework. A program is asked only when the name of
 * the framework's switch is in its file: another one would run its tests.
 */
#include "terminal.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIST_LIMIT = 16 << 20 };

struct test_protocol {
    const char *mark;          /* in the file of such a program */
    const char *list_variable; /* set to 1, or */
    const char *list_option;   /* given, it lists its tests */
    /* Add the name in a line of the list to @a names; @a suite is kept from
     * line to line. */
    bool (*take)(char *line, char **suite, test_file *f);
    const char *filter; /* in front of the names to run */
    char separator;     /* between them */
    const char *option; /* always given when tests are run, or NULL */
};

/* ------------------------------------------------------------------ */
/* Lists                                                                */
/* ------------------------------------------------------------------ */

static bool add_name(test_file *f, const char *suite, const char *name)
{
    size_t size = strlen(suite) + strlen(name) + 1;
    char **more = realloc(f->names, (f->name_count + 1) * sizeof(*more));

    if (!more)
        return false;
    f->names = more;
    more[f->name_count] = malloc(size);
    if (!more[f->name_count])
        return false;
    snprintf(more[f->name_count++], size, "%s%s", suite, name);
    return true;
}

/* fwsim_run_tests: "fwsim_test: name" */
static bool take_fwsim(char *line, char **suite, test_file *f)
{
    static const char head[] = "fwsim_test: ";

    (void)suite;
    return strncmp(line, head, sizeof(head) - 1) ||
           add_name(f, "", line + sizeof(head) - 1);
}

/* GoogleTest: "Suite." and below it "  Name", both with "  # comment". A test
 * that is disabled does not run. */
static bool take_googletest(char *line, char **suite, test_file *f)
{
    static const char disabled[] = "DISABLED_";
    size_t indent = strspn(line, " ");
    char *name = line + indent;

    name[strcspn(name, " ")] = '\0';
    if (!*name)
        return true;
    if (!indent) {
        *suite = name[strlen(name) - 1] == '.' ? name : NULL;
        return true;
    }
    return !*suite || strstr(*suite, disabled) == *suite ||
           strstr(name, disabled) == name || add_name(f, *suite, name);
}

static const struct test_protocol protocols[] = {
    { .mark = "FWSIM_TEST_LIST", .list_variable = "FWSIM_TEST_LIST",
      .take = take_fwsim, .filter = "FWSIM_TEST_FILTER", .separator = '\n' },
    { .mark = "gtest_list_tests", .list_option = "--gtest_list_tests",
      .take = take_googletest, .filter = "--gtest_filter=", .separator = ':',
      .option = "--gtest_color=no" },
};

/* ------------------------------------------------------------------ */
/* Asking                                                               */
/* ------------------------------------------------------------------ */

static void be_the_child(const char *path, const struct test_protocol *p,
                         int out)
{
    char *argv[] = { (char *)path, (char *)p->list_option, NULL };
    int null = open("/dev/null", O_RDWR);

    setpgid(0, 0);
    dup2(null, STDIN_FILENO);
    dup2(null, STDERR_FILENO);
    dup2(out, STDOUT_FILENO);
    if (p->list_variable)
        setenv(p->list_variable, "1", 1);
    execv(path, argv);
    _exit(127);
}

/* Everything up to the end, the limit of size or that of time. */
static void read_all(int fd, uint64_t timeout_ns, test_text *text)
{
    uint64_t begun = terminal_clock_ns();

    while (text->size < LIST_LIMIT &&
           terminal_clock_ns() - begun < timeout_ns && !terminal_signal()) {
        struct pollfd at = { fd, POLLIN, 0 };
        char *grown;
        ssize_t n;

        if (poll(&at, 1, 50) <= 0)
            continue;
        grown = realloc(text->data, text->size + 4097);
        n = grown ? read(fd, grown + text->size, 4096) : 0;
        text->data = grown ? grown : text->data;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        text->size += (size_t)n;
        text->data[text->size] = '\0';
    }
}

/* What the program says when it is asked. */
static void ask(const char *path, const struct test_protocol *p,
                uint64_t timeout_ns, test_text *text)
{
    int out[2];
    pid_t pid;

    if (pipe(out) != 0)
        return;
    fcntl(out[0], F_SETFD, FD_CLOEXEC);
    fcntl(out[1], F_SETFD, FD_CLOEXEC);
    fflush(NULL);
    pid = fork();
    if (pid == 0)
        be_the_child(path, p, out[1]);
    close(out[1]);
    if (pid > 0) {
        read_all(out[0], timeout_ns, text);
        kill(-pid, SIGKILL); /* it may hang, or have left something behind */
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    close(out[0]);
}

/* @return false: out of memory */
static bool take_list(test_file *f, const struct test_protocol *p, char *text)
{
    char *suite = NULL, *line, *state = NULL;
    bool ok = true;

    for (line = strtok_r(text, "\r\n", &state); ok && line;
         line = strtok_r(NULL, "\r\n", &state))
        ok = p->take(line, &suite, f);
    return ok;
}

static bool has_mark(const char *data, size_t size, const char *mark)
{
    size_t length = strlen(mark);
    const char *end = data + size, *at = data;

    while ((at = memchr(at, *mark, (size_t)(end - at)))) {
        if ((size_t)(end - at) >= length && !memcmp(at, mark, length))
            return true;
        at++;
    }
    return false;
}

bool test_protocol_find(test_file *f, uint64_t timeout_ns)
{
    int fd = open(f->path, O_RDONLY | O_CLOEXEC);
    struct stat st = { 0 };
    void *data = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0
                     ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE,
                            fd, 0)
                     : MAP_FAILED;
    bool ok = true;

    if (fd >= 0)
        close(fd);
    for (size_t i = 0; ok && data != MAP_FAILED && !f->protocol &&
                       i < sizeof(protocols) / sizeof(*protocols); i++) {
        const struct test_protocol *p = &protocols[i];
        test_text text = { 0 };

        if (!has_mark(data, (size_t)st.st_size, p->mark))
            continue;
        ask(f->path, p, timeout_ns, &text);
        if (text.data)
            ok = take_list(f, p, text.data);
        test_text_clear(&text);
        if (f->name_count)
            f->protocol = p;
    }
    if (data != MAP_FAILED)
        munmap(data, (size_t)st.st_size);
    return ok;
}

void test_protocol_forget(test_file *f)
{
    for (size_t i = 0; i < f->name_count; i++)
        free(f->names[i]);
    free(f->names);
}

/* ------------------------------------------------------------------ */
/* Running                                                              */
/* ------------------------------------------------------------------ */

/* The tests that are left, behind @a head. NULL: out of memory. */
static char *names_left(const test_job *job, const char *head)
{
    const test_file *f = job->file;
    size_t size = strlen(head) + 1;
    char *text, *to;

    for (size_t i = job->next; i < f->test_count; i++)
        size += strlen(f->names[job->order[i]]) + 1;
    text = malloc(size);
    to = text ? stpcpy(text, head) : NULL;
    for (size_t i = job->next; to && i < f->test_count; i++) {
        if (i > job->next)
            *to++ = f->protocol->separator;
        to = stpcpy(to, f->names[job->order[i]]);
    }
    return text;
}

void test_protocol_exec(const test_job *job)
{
    const test_file *f = job->file;
    const struct test_protocol *p = f->protocol;
    bool all = !job->next && f->test_count == f->name_count;
    char *argv[4] = { (char *)f->path };
    size_t n = 1;
    char *names;

    if (p->option)
        argv[n++] = (char *)p->option;
    if (!all) {
        names = names_left(job, p->list_option ? p->filter : "");
        if (!names)
            return;
        if (p->list_option)
            argv[n++] = names;
        else
            setenv(p->filter, names, 1);
    } else if (p->list_variable) {
        unsetenv(p->filter); /* of another program */
    }
    execv(f->path, argv);
}
