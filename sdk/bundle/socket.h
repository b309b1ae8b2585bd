/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP with a deadline, through a proxy when there is one.
 */
#ifndef FWSIM_SOCKET_H
#define FWSIM_SOCKET_H

#include "bundle/tls.h"

enum { FWSIM__SOCKET_LATE = -2, FWSIM__SOCKET_BROKEN = -1 };

/** Connect; through the proxy by CONNECT. @return as fwsim__tls_open */
int fwsim__socket_open(int *fd, const fwsim__tls_options *opt,
                       const fwsim__teller *t);

/** Some bytes. @return their number; 0: end (of a receive); FWSIM__SOCKET_x */
int fwsim__socket_send(int fd, const void *data, size_t size, int64_t deadline);
int fwsim__socket_receive(int fd, void *buf, size_t size, int64_t deadline);

#endif
