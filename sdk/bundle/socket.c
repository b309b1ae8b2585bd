/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP with a deadline, see socket.h.
 */
#include "bundle/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int64_t fwsim__clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/** Wait until a socket can be used. @return false: the deadline has come */
static bool wait_for(int fd, short events, int64_t deadline)
{
    for (;;) {
        struct pollfd p = { .fd = fd, .events = events };
        int64_t left = deadline - fwsim__clock_ms();
        int n;

        if (left <= 0)
            return false;
        n = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
        if (n > 0)
            return true;
        if (n < 0 && errno != EINTR)
            return true; /* the call that follows says what is wrong */
    }
}

static bool late(int64_t deadline)
{
    return fwsim__clock_ms() >= deadline;
}

static bool must_wait(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int fwsim__socket_send(int fd, const void *data, size_t size, int64_t deadline)
{
    for (;;) {
        ssize_t n;

        if (late(deadline))
            return FWSIM__SOCKET_LATE;
        n = send(fd, data, size > INT_MAX ? INT_MAX : size, MSG_NOSIGNAL);
        if (n >= 0)
            return (int)n;
        if (!must_wait())
            return FWSIM__SOCKET_BROKEN;
        if (!wait_for(fd, POLLOUT, deadline))
            return FWSIM__SOCKET_LATE;
    }
}

int fwsim__socket_receive(int fd, void *buf, size_t size, int64_t deadline)
{
    for (;;) {
        ssize_t n;

        if (late(deadline))
            return FWSIM__SOCKET_LATE;
        n = recv(fd, buf, size > INT_MAX ? INT_MAX : size, 0);
        if (n >= 0)
            return (int)n;
        if (!must_wait())
            return FWSIM__SOCKET_BROKEN;
        if (!wait_for(fd, POLLIN, deadline))
            return FWSIM__SOCKET_LATE;
    }
}

/* ------------------------------------------------------------------ */
/* Connecting                                                           */
/* ------------------------------------------------------------------ */

/** @return 0 or errno */
static int connect_to(const struct addrinfo *a, int64_t deadline, int *out)
{
    int fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                    a->ai_protocol);
    socklen_t size = sizeof(int);
    int e = 0;

    if (fd < 0)
        return errno;
    if (connect(fd, a->ai_addr, a->ai_addrlen)) {
        e = errno;
        if (e == EINPROGRESS) {
            e = ETIMEDOUT;
            if (wait_for(fd, POLLOUT, deadline) &&
                getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &size))
                e = errno;
        }
    }
    if (e)
        close(fd);
    else
        *out = fd;
    return e;
}

static int dial(int *fd, const char *host, const char *port, int64_t deadline,
                const fwsim__teller *t)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list;
    int e = getaddrinfo(host, port, &hints, &list);

    /* RFC 6761, section 6.3: localhost is this host, whatever a resolver says;
     * a bare root has none that knows it. */
    if (e && !strcasecmp(host, "localhost"))
        e = getaddrinfo(NULL, port, &hints, &list);
    if (e)
        return fwsim__refuse(t, FWSIM_EIO, "%s: %s", host, gai_strerror(e));
    e = EHOSTUNREACH;
    for (const struct addrinfo *a = list; e && a; a = a->ai_next)
        e = connect_to(a, deadline, fd);
    freeaddrinfo(list);
    if (!e)
        return 0;
    return fwsim__refuse(t, e == ETIMEDOUT ? FWSIM_ETIMEDOUT : FWSIM_EIO,
                         "no connection to %s, port %s: %s", host, port,
                         strerror(e));
}

/* ------------------------------------------------------------------ */
/* Proxies                                                              */
/* ------------------------------------------------------------------ */

/** "http://host:port" as an address. */
static int read_proxy(fwsim__url *out, const char *proxy, const fwsim__teller *t)
{
    char as_https[600];
    const char *wrong;

    if (strncasecmp(proxy, "http://", 7) || strlen(proxy) > 500)
        return fwsim__refuse(t, FWSIM_EINVAL,
                             "the proxy is to be http://host:port");
    snprintf(as_https, sizeof as_https, "https://%s", proxy + 7);
    wrong = fwsim__url_read(out, as_https);
    return wrong ? fwsim__refuse(t, FWSIM_EINVAL,
                                 "the proxy is to be http://host:port; "
                                 "expected %s", wrong)
                 : 0;
}

/** Read up to the empty line, byte by byte: what follows is of the server. */
static int read_answer(int fd, char *text, size_t room, size_t *size,
                       int64_t deadline)
{
    *size = 0;
    while (!fwsim__http_head_end(text, *size)) {
        int n = *size == room ? FWSIM__SOCKET_BROKEN
                              : fwsim__socket_receive(fd, text + *size, 1,
                                                      deadline);

        if (n <= 0)
            return n == FWSIM__SOCKET_LATE ? n : FWSIM__SOCKET_BROKEN;
        *size += (size_t)n;
    }
    return 0;
}

static int tunnel(int fd, const fwsim__tls_options *opt, int64_t deadline,
                  const fwsim__teller *t)
{
    bool v6 = strchr(opt->host, ':');
    char text[4096];
    fwsim__http_head head;
    size_t size;
    int n = snprintf(text, sizeof text,
                     "CONNECT %s%s%s:%s HTTP/1.1\r\nHost: %s%s%s:%s\r\n\r\n",
                     v6 ? "[" : "", opt->host, v6 ? "]" : "", opt->port,
                     v6 ? "[" : "", opt->host, v6 ? "]" : "", opt->port);
    int sent = 0;

    while (sent < n) {
        int more = fwsim__socket_send(fd, text + sent, (size_t)(n - sent),
                                      deadline);

        if (more < 0)
            return fwsim__refuse(t, FWSIM_EIO, "the proxy does not listen");
        sent += more;
    }
    if (read_answer(fd, text, sizeof text, &size, deadline))
        return fwsim__refuse(t, FWSIM_EIO, "the proxy does not answer");
    if (fwsim__http_head_read(&head, text, size) || head.status / 100 != 2)
        return fwsim__refuse(t, FWSIM_EIO,
                             "the proxy answers %u to CONNECT", head.status);
    return 0;
}

int fwsim__socket_open(int *fd, const fwsim__tls_options *opt,
                       const fwsim__teller *t)
{
    int64_t deadline = fwsim__clock_ms() + opt->connect_ms;
    fwsim__url proxy;
    int err;

    *fd = -1;
    if (deadline > opt->deadline_ms)
        deadline = opt->deadline_ms;
    if (!opt->proxy)
        return dial(fd, opt->host, opt->port, deadline, t);
    err = read_proxy(&proxy, opt->proxy, t);
    if (!err && !strstr(opt->proxy + 7, ":"))
        snprintf(proxy.port, sizeof proxy.port, "80");
    if (!err)
        err = dial(fd, proxy.host, proxy.port, deadline, t);
    if (!err)
        err = tunnel(*fd, opt, deadline, t);
    if (err && *fd >= 0) {
        close(*fd);
        *fd = -1;
    }
    return err;
}
