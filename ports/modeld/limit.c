/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rate limit: a bucket of tokens for each address, in a small table. */
#include "modeld.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

enum { BUCKETS = 1024, BURST = 2 /* seconds' worth */ };

typedef struct bucket {
    uint64_t who;    /* hash of the address; 0: free */
    int64_t filled_ms;
    int64_t tokens; /* thousandths */
} bucket;

static bucket buckets[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int64_t modeld_clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/** FNV-1a over the address; of IPv6 the network, which one host can fill. */
static uint64_t who_is(const struct sockaddr *from)
{
    uint64_t hash = 14695981039346656037u;
    const unsigned char *bytes;
    size_t size;

    if (from->sa_family == AF_INET6) {
        bytes = ((const struct sockaddr_in6 *)(const void *)from)
                    ->sin6_addr.s6_addr;
        size = 8;
    } else {
        bytes = (const unsigned char *)&((const struct sockaddr_in *)(
                                             const void *)from)->sin_addr;
        size = 4;
    }
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
    return hash ? hash : 1;
}

/** The bucket of an address; a full table gives the place of another one. */
static bucket *find(uint64_t who)
{
    for (size_t i = 0; i < 8; i++) {
        bucket *b = &buckets[(who + i) % BUCKETS];

        if (b->who == who || !b->who)
            return b;
    }
    return &buckets[who % BUCKETS];
}

bool modeld_may_ask(const struct sockaddr *from, unsigned rate)
{
    int64_t now = modeld_clock_ms(), full = (int64_t)rate * BURST * 1000;
    uint64_t who = who_is(from);
    bool may;
    bucket *b;

    if (!rate)
        return true;
    pthread_mutex_lock(&lock);
    b = find(who);
    if (b->who != who)
        *b = (bucket){ who, now, full };
    b->tokens += (now - b->filled_ms) * rate;
    b->filled_ms = now;
    if (b->tokens > full)
        b->tokens = full;
    may = b->tokens >= 1000;
    if (may)
        b->tokens -= 1000;
    pthread_mutex_unlock(&lock);
    return may;
}
