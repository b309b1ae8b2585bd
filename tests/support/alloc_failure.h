/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocations of fwsim that fail. For programs that are linked with the --wrap
 * options of tests/CMakeLists.txt; allocations of other libraries succeed.
 */
#ifndef FWSIM_TEST_ALLOC_FAILURE_H
#define FWSIM_TEST_ALLOC_FAILURE_H

#include <stdbool.h>

/** Let the @a n-th allocation from now fail, counted from 1; 0: none. */
void alloc_fail_at(unsigned long n);

/** Has it failed? */
bool alloc_has_failed(void);

#endif
