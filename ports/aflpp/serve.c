/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The target's side of afl-fuzz: its forkserver protocol, which AFL++ from 4.00
 * on speaks, the map of edges and the input in shared memory.
 *
 * No process is made for a run, nor is one stopped: a machine goes back to its
 * snapshot instead. A child serves afl-fuzz itself, and its parent only waits.
 * When afl-fuzz kills the child, or the harness crashes, the parent says so and
 * makes another one.
 */
#include "aflpp.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONTROL = 198, STATUS = 199, INPUT_MAX = 1 << 20 };

/* The first word that the target sends. */
#define ENABLED        0x80000001u
#define HAS_MAP_SIZE   0x40000000u
#define SHARED_INPUT   0x01000000u
#define MAP_SIZE_FIELD ((AFLPP_MAP_SIZE - 1u) << 1)

/* afl-fuzz looks for these words in the program: input after input in one
 * process, and a forkserver that starts when the harness is ready. */
__attribute__((used)) static const char persistent[] =
    "##SIG_AFL_PERSISTENT##";
__attribute__((used)) static const char deferred[] =
    "##SIG_AFL_DEFER_FORKSRV##";

typedef int (*test_fn)(const uint8_t *data, size_t size);

/** Seen by parent and child. */
typedef struct shared {
    volatile sig_atomic_t in_run;
} shared;

static const uint8_t *input; /* NULL: on standard input */
static const uint32_t *input_size;

static void *attach(const char *name)
{
    const char *id = getenv(name);
    void *at = id ? shmat(atoi(id), NULL, 0) : (void *)-1;

    return at == (void *)-1 ? NULL : at;
}

static bool get_word(uint32_t *word)
{
    ssize_t n;

    do
        n = read(CONTROL, word, sizeof *word);
    while (n < 0 && errno == EINTR);
    return n == sizeof *word;
}

static bool put_word(uint32_t word)
{
    return write(STATUS, &word, sizeof word) == sizeof word;
}

/** @return false when there is nobody */
static bool greet(void)
{
    const uint8_t *at = attach("__AFL_SHM_FUZZ_ID");
    uint32_t answer;

    if (!put_word(ENABLED | HAS_MAP_SIZE | MAP_SIZE_FIELD |
                  (at ? SHARED_INPUT : 0)))
        return false;
    if (!at)
        return true;
    if (!get_word(&answer))
        return false;
    if (answer & SHARED_INPUT) {
        input_size = (const uint32_t *)(const void *)at;
        input = at + sizeof *input_size;
    }
    return true;
}

static void run(test_fn one)
{
    static uint8_t bytes[INPUT_MAX];
    size_t size = 0;
    ssize_t n = 1;

    aflpp_last = (aflpp_run){ 0 };
    if (input) {
        one(input, *input_size);
        return;
    }
    lseek(STDIN_FILENO, 0, SEEK_SET);
    while (n > 0 && size < sizeof bytes) {
        n = read(STDIN_FILENO, bytes + size, sizeof bytes - size);
        size += n > 0 ? (size_t)n : 0;
    }
    one(bytes, size);
}

static void serve(test_fn one, shared *s)
{
    uint32_t word;

    while (get_word(&word)) {
        s->in_run = 1;
        if (!put_word((uint32_t)getpid()))
            break;
        if (aflpp_map)
            aflpp_map[0] = 1; /* no map is empty, also that of a run without
                               * an edge */
        run(one);
        s->in_run = 0;
        /* As waitpid would give it. */
        if (!put_word(aflpp_last.finding
                          ? (uint32_t)fwsim_fuzz_signal(aflpp_last.verdict)
                          : 0))
            break;
    }
    _exit(0);
}

bool fwsim_fuzz_serve(test_fn one)
{
    shared *s;
    int status;

    /* No pipe: nobody has started us, or a tool that only looks. */
    aflpp_map = attach("__AFL_SHM_ID");
    if (!aflpp_map || !greet())
        return false;
    s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED)
        _exit(2);
    signal(SIGTERM, SIG_DFL);
    for (;;) {
        pid_t child;

        s->in_run = 0;
        child = fork();
        if (child < 0)
            _exit(2);
        if (child == 0)
            serve(one, s);
        while (waitpid(child, &status, 0) < 0)
            if (errno != EINTR)
                _exit(2);
        if (!s->in_run || (WIFEXITED(status) && !WEXITSTATUS(status)))
            _exit(0);
        if (!put_word((uint32_t)status))
            _exit(0);
    }
}
