/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machines of this process. The linker leads calls of fwsim_new and
 * fwsim_free through here (--wrap, see CMakeLists.txt), wherever they stand in
 * the program. Machines may live in several threads.
 */
#include "runner.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct live {
    fwsim_machine *m;
    uint64_t seen_ns; /* its time when the test began */
    bool made_here;   /* since the test began */
    struct live *next;
} live;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static live *machines;

/* Weak: a program that is linked without --wrap works, and is not watched. */
__attribute__((weak)) int __real_fwsim_new(fwsim_machine **out,
                                           const fwsim_board *board,
                                           const fwsim_options *opt);
__attribute__((weak)) void __real_fwsim_free(fwsim_machine *m);
int __wrap_fwsim_new(fwsim_machine **out, const fwsim_board *board,
                     const fwsim_options *opt);
void __wrap_fwsim_free(fwsim_machine *m);

int __wrap_fwsim_new(fwsim_machine **out, const fwsim_board *board,
                     const fwsim_options *opt)
{
    int err = __real_fwsim_new(out, board, opt);
    live *l;

    if (err)
        return err;
    l = malloc(sizeof *l);
    if (!l)
        return 0; /* this one is not watched */
    pthread_mutex_lock(&lock);
    *l = (live){ .m = *out, .made_here = true, .next = machines };
    machines = l;
    pthread_mutex_unlock(&lock);
    return 0;
}

void __wrap_fwsim_free(fwsim_machine *m)
{
    live **at = &machines, *gone;

    pthread_mutex_lock(&lock);
    while (*at && (*at)->m != m)
        at = &(*at)->next;
    gone = *at;
    if (gone)
        *at = gone->next;
    pthread_mutex_unlock(&lock);
    free(gone);
    __real_fwsim_free(m);
}

void fwsim__machines_begin(void)
{
    pthread_mutex_lock(&lock);
    for (live *l = machines; l; l = l->next) {
        l->seen_ns = fwsim_time_ns(l->m);
        l->made_here = false;
    }
    pthread_mutex_unlock(&lock);
}

size_t fwsim__machines_left(void)
{
    size_t left = 0;

    pthread_mutex_lock(&lock);
    for (const live *l = machines; l; l = l->next)
        left += l->made_here;
    pthread_mutex_unlock(&lock);
    return left;
}

void fwsim__machine_reported(const fwsim_machine *m)
{
    pthread_mutex_lock(&lock);
    for (live *l = machines; l; l = l->next)
        if (l->m == m)
            l->seen_ns = fwsim_time_ns(m);
    pthread_mutex_unlock(&lock);
}

void fwsim__machines_report(void)
{
    pthread_mutex_lock(&lock);
    for (const live *l = machines; l; l = l->next)
        if (fwsim_time_ns(l->m) != l->seen_ns)
            fwsim__firmware_report(l->m);
    pthread_mutex_unlock(&lock);
}
