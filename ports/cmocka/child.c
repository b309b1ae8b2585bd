/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The child writes into pipes. It flushes its streams before a mark and waits
 * for an answer to it, so what is in the pipes belongs before the mark.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/** Standard output and error lead to the same place. */
static bool share_one_file(void)
{
    struct stat out, err;

    return !fstat(STDOUT_FILENO, &out) && !fstat(STDERR_FILENO, &err) &&
           out.st_dev == err.st_dev && out.st_ino == err.st_ino;
}

/** In the child: run the cases and end. */
static void be_the_child(const fwsim__group *group, int out, int err, int marks)
{
    /* Whoever kills the parent, for taking too long, means the tests. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    fcntl(marks, F_SETFD, FD_CLOEXEC);
    setvbuf(stdout, NULL, _IOLBF, 0);
    /* Its lines are read by outcome.c. */
    unsetenv("CMOCKA_MESSAGE_OUTPUT");
    cmocka_set_message_output(CM_OUTPUT_STDOUT);
    fwsim__group_run(group, marks);
    exit(0);
}

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
}

int fwsim__child_start(fwsim__child *child, const fwsim__group *group)
{
    int out[2] = { -1, -1 }, err[2] = { -1, -1 }, marks[2] = { -1, -1 };
    bool one = share_one_file();
    int number = 0;

    fflush(NULL);
    if (pipe(out) || (!one && pipe(err)) ||
        socketpair(AF_UNIX, SOCK_SEQPACKET, 0, marks) ||
        (child->pid = fork()) < 0)
        number = errno;
    if (number) {
        close_pair(out);
        close_pair(err);
        close_pair(marks);
        errno = number;
        return -1;
    }
    if (child->pid == 0) {
        close(out[0]);
        close(marks[0]);
        if (!one)
            close(err[0]);
        be_the_child(group, out[1], one ? out[1] : err[1], marks[1]);
    }
    close(out[1]);
    close(marks[1]);
    if (!one)
        close(err[1]);
    child->out = out[0];
    child->err = one ? -1 : err[0];
    child->marks = marks[0];
    fcntl(child->out, F_SETFL, O_NONBLOCK);
    if (!one)
        fcntl(child->err, F_SETFL, O_NONBLOCK);
    return 0;
}

static void forward(int to, const char *bytes, size_t size)
{
    while (size) {
        ssize_t n = write(to, bytes, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* nobody reads: the reports still tell */
        bytes += n;
        size -= (size_t)n;
    }
}

/** Read what is there. */
static void drain(int *from, int to, const fwsim__child_events *events)
{
    char bytes[4096];

    while (*from >= 0) {
        ssize_t n = read(*from, bytes, sizeof bytes);

        if (n > 0) {
            events->text(bytes, (size_t)n, events->user);
            forward(to, bytes, (size_t)n);
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            close(*from);
            *from = -1;
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

static void drain_all(fwsim__child *child, const fwsim__child_events *events)
{
    drain(&child->out, STDOUT_FILENO, events);
    drain(&child->err, STDERR_FILENO, events);
}

static void hear_mark(fwsim__child *child, const fwsim__child_events *events)
{
    fwsim__mark mark;
    ssize_t n = read(child->marks, &mark, sizeof mark);

    if (n < 0 && errno == EINTR)
        return;
    drain_all(child, events);
    if (n == (ssize_t)sizeof mark) {
        events->mark(&mark, events->user);
        if (send(child->marks, "", 1, MSG_NOSIGNAL) == 1)
            return;
    }
    close(child->marks);
    child->marks = -1;
}

int fwsim__child_hear(fwsim__child *child, const fwsim__child_events *events)
{
    int status = -1;
    bool gone = false;

    while (child->marks >= 0) {
        struct pollfd at[] = { { child->marks, POLLIN, 0 },
                               { child->out, POLLIN, 0 },
                               { child->err, POLLIN, 0 } };

        /* A process that the test has left behind may hold the pipes. */
        if (poll(at, 3, 200) == 0) {
            gone = waitpid(child->pid, &status, WNOHANG) == child->pid;
            if (gone)
                break;
        }
        if (at[1].revents)
            drain(&child->out, STDOUT_FILENO, events);
        if (at[2].revents)
            drain(&child->err, STDERR_FILENO, events);
        if (at[0].revents)
            hear_mark(child, events);
    }
    while (!gone && waitpid(child->pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    drain_all(child, events);
    if (child->marks >= 0)
        close(child->marks);
    if (child->out >= 0)
        close(child->out);
    if (child->err >= 0)
        close(child->err);
    return status;
}
