/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Three kinds of work: branches and integers, single precision arithmetic,
 * and loads and stores. They are small enough for the RAM of a small chip.
 */
#include "kernels.h"

/* ------------------------------------------------------------------ */
/* Integers: sort, search and checksum                                  */
/* ------------------------------------------------------------------ */

enum { ITEMS = 512 };

static uint32_t items[ITEMS];

static uint32_t next_random(uint32_t *state)
{
    uint32_t x = *state;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

static void shell_sort(uint32_t *v, unsigned n)
{
    for (unsigned gap = n / 2; gap; gap /= 2)
        for (unsigned i = gap; i < n; i++) {
            uint32_t x = v[i];
            unsigned k = i;

            for (; k >= gap && v[k - gap] > x; k -= gap)
                v[k] = v[k - gap];
            v[k] = x;
        }
}

static unsigned position(const uint32_t *v, unsigned n, uint32_t x)
{
    unsigned low = 0;

    while (n) {
        unsigned half = n / 2;

        if (v[low + half] < x) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

static uint32_t crc32(uint32_t crc, uint32_t word)
{
    crc ^= word;
    for (unsigned bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
    return crc;
}

uint32_t kernel_integer(unsigned rounds)
{
    uint32_t random = 0x2545f491, sum = 0;

    while (rounds--) {
        for (unsigned i = 0; i < ITEMS; i++)
            items[i] = next_random(&random);
        shell_sort(items, ITEMS);
        for (unsigned i = 0; i < ITEMS / 2; i++)
            sum += position(items, ITEMS, next_random(&random));
        for (unsigned i = 0; i < ITEMS; i++)
            sum = crc32(sum, items[i]);
    }
    return sum;
}

/* ------------------------------------------------------------------ */
/* Floating point: a filter and lengths of vectors                      */
/* ------------------------------------------------------------------ */

enum { SAMPLES = 256 };

static float samples[SAMPLES];

static void biquad(float *v, unsigned n)
{
    /* A low pass at a tenth of the sample rate, direct form I. */
    const float b0 = 0.0674553f, b1 = 0.1349105f, b2 = 0.0674553f;
    const float a1 = -1.1429805f, a2 = 0.4128016f;
    float x1 = 0, x2 = 0, y1 = 0, y2 = 0;

    for (unsigned i = 0; i < n; i++) {
        float x = v[i];
        float y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;

        x2 = x1;
        x1 = x;
        y2 = y1;
        y1 = y;
        v[i] = y;
    }
}

/** Scale each three samples to length 1. */
static float normalise(float *v, unsigned n)
{
    float total = 0;

    for (unsigned i = 0; i + 3 <= n; i += 3) {
        /* The guest has no library; with these options it is VSQRT. */
        float square = v[i] * v[i] + v[i + 1] * v[i + 1] + v[i + 2] * v[i + 2];
        float length = __builtin_sqrtf(square) + 0.001f;

        v[i] /= length;
        v[i + 1] /= length;
        v[i + 2] /= length;
        total += length;
    }
    return total;
}

uint32_t kernel_fpu(unsigned rounds)
{
    uint32_t sum = 0;

    while (rounds--) {
        union {
            float value;
            uint32_t bits;
        } total;

        for (unsigned i = 0; i < SAMPLES; i++)
            samples[i] = (float)(int)((i * 37 + rounds) % 101) - 50.0f;
        biquad(samples, SAMPLES);
        total.value = normalise(samples, SAMPLES);
        sum = (sum << 1 | sum >> 31) ^ total.bits;
    }
    return sum;
}

/* ------------------------------------------------------------------ */
/* Memory: copies, strides and a list                                   */
/* ------------------------------------------------------------------ */

enum { WORDS = 4096 };

static uint32_t from[WORDS], to[WORDS];

static void copy_words(uint32_t *out, const uint32_t *in, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        out[i] = in[i];
}

static void reverse_bytes(uint8_t *out, const uint8_t *in, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        out[n - 1 - i] = in[i];
}

/** Follow the words of a table as indices into it. */
static uint32_t walk(const uint32_t *table, unsigned steps)
{
    uint32_t at = 0, sum = 0;

    while (steps--) {
        at = table[at % WORDS];
        sum += at;
    }
    return sum;
}

uint32_t kernel_memory(unsigned rounds)
{
    uint32_t random = 0x9e3779b9, sum = 0;

    for (unsigned i = 0; i < WORDS; i++)
        from[i] = next_random(&random);
    while (rounds--) {
        from[rounds % WORDS] += sum;
        copy_words(to, from, WORDS);
        sum += walk(to, WORDS);
        reverse_bytes((uint8_t *)to, (const uint8_t *)from, WORDS);
        for (unsigned i = 0; i < WORDS; i += 8)
            sum += to[i];
    }
    return sum;
}
