/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the host that firmware may reach: those below one directory. A path
 * that is absolute, has a ".." or meets a symbolic link is refused, as is what
 * is no plain file. Links are not followed even where they would stay inside,
 * so that nothing can be changed between a check and its use.
 *
 * Errors are negative errno numbers of the host; -EACCES for what is refused.
 */
#ifndef FWSIM_SANDBOX_H
#define FWSIM_SANDBOX_H

/**
 * @param root   the directory; NULL: nothing is below it
 * @param flags  as for open(2)
 * @return a file descriptor, or an error
 */
int fwsim__sandbox_open(const char *root, const char *path, int flags);
int fwsim__sandbox_remove(const char *root, const char *path);
int fwsim__sandbox_rename(const char *root, const char *from, const char *to);

#endif
