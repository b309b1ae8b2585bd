/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "alloc_failure.h"

#include <stddef.h>

static unsigned long countdown; /* 0: none fails, or the one has failed */
static bool failed;

void alloc_fail_at(unsigned long n)
{
    countdown = n;
    failed = false;
}

bool alloc_has_failed(void)
{
    return failed;
}

static bool fails(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    return failed = true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}
