/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every firmware image of the shared corpus, against the table that comes with
 * it (firmware/README.md there). Read in place; skipped without it.
 */
#include "images.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CORPUS FWSIM_CORPUS_DIR "/firmware/"

enum {
    FILE_NAME = 0,
    CPU = 10,
    RANGES = 13,
    VECTOR_TABLE = 14,
    INITIAL_SP = 15,
    RESET_ENTRY = 16,
    REGIONS = 17,
    COLUMNS = 18
};

typedef struct row {
    char *column[COLUMNS];
} row;

/* Calls @a check for each row whose file is in one of the folders. */
static size_t each(const char *const *folders, void (*check)(const row *))
{
    static char line[1 << 16];
    FILE *f = fopen(CORPUS "firmware.tsv", "r");
    size_t count = 0;

    if (!f) {
        print_message("SKIPPED: there is no corpus at %s\n", CORPUS);
        skip();
    }
    while (fgets(line, sizeof line, f)) {
        row r = { { NULL } };
        char *at = line;
        for (size_t i = 0; i < COLUMNS && at; i++) {
            r.column[i] = at;
            at = strchr(at, '\t');
            if (at)
                *at++ = '\0';
        }
        for (size_t i = 0; folders[i]; i++)
            if (r.column[COLUMNS - 1] &&
                strncmp(r.column[0], folders[i], strlen(folders[i])) == 0) {
                check(&r);
                count++;
            }
    }
    fclose(f);
    return count;
}

static fwsim_image *open_row(const row *r)
{
    char path[1024];

    snprintf(path, sizeof path, "%s%s", CORPUS, r->column[FILE_NAME]);
    return image_open_ok(path);
}

static uint64_t number(const char *text)
{
    return strtoull(text, NULL, 0);
}

/* "0x8000000+0x6348 0x8006348+0xe8": every byte and no other is loaded. */
static void check_ranges(const fwsim_image *img, const row *r)
{
    const fwsim_segment *s;
    size_t count = fwsim_image_segments(img, &s);
    uint64_t total = 0, loaded = 0;
    char *at = r->column[RANGES];

    while (*at) {
        uint64_t addr = strtoull(at, &at, 0), size = strtoull(at + 1, &at, 0);
        uint8_t *bytes = malloc(size);
        assert_non_null(bytes);
        assert_int_equal(fwsim_image_read(img, addr, bytes, size), size);
        free(bytes);
        total += size;
        while (*at == ' ')
            at++;
    }
    for (size_t i = 0; i < count; i++)
        loaded += s[i].size;
    assert_int_equal(loaded, total);
}

/* "Cortex-M0+" of the table is "cortex-m0plus" here. */
static void assert_cpu(const fwsim_diagnosis *d, const row *r)
{
    char name[64];
    size_t n = 0;

    for (const char *p = r->column[CPU]; *p && n < sizeof name - 5; p++)
        if (*p == '+')
            n += (size_t)sprintf(name + n, "plus");
        else
            name[n++] = (char)tolower((unsigned char)*p);
    name[n] = '\0';
    assert_non_null(d->cpu);
    assert_string_equal(d->cpu, name);
    assert_true(strlen(d->cpu_reason) > 0);
}

/*
 * Is a range inside the regions that are no registers? They are written
 * "ram=0x20000000+0x100000(rw-)" or "ram=0x20000000,0x40000".
 */
static bool in_regions(const row *r, fwsim_range range)
{
    for (const char *at = r->column[REGIONS]; (at = strchr(at, '=')); at++) {
        char *end;
        uint64_t addr = strtoull(at + 1, &end, 0);
        uint64_t size = strtoull(end + 1, &end, 0);
        bool registers = addr >= 0x40000000;
        if (!registers && range.addr >= addr &&
            range.addr + range.size <= addr + size)
            return true;
    }
    return false;
}

static void check_memories(const fwsim_diagnosis *d, const row *r)
{
    bool has_stack = false;

    assert_true(d->flash_count > 0 && d->ram_count > 0);
    for (size_t i = 0; i < d->ram_count; i++) {
        fwsim_range x = d->ram[i];
        if (!in_regions(r, x))
            fail_msg("%s: RAM 0x%llx+0x%llx is not in \"%s\"",
                     r->column[FILE_NAME], (unsigned long long)x.addr,
                     (unsigned long long)x.size, r->column[REGIONS]);
        has_stack = has_stack || (d->initial_sp - 4 >= x.addr &&
                                  d->initial_sp - 4 < x.addr + x.size);
    }
    assert_true(has_stack);
}

static void check_image(const row *r)
{
    fwsim_diagnosis *d;

    print_message("%s\n", r->column[FILE_NAME]);
    fwsim_image *img = open_row(r);
    assert_int_equal(fwsim_image_arch(img), FWSIM_ARCH_ARM);
    check_ranges(img, r);
    assert_int_equal(fwsim_diagnose(&d, img), 0);
    assert_cpu(d, r);
    assert_true(d->has_vectors);
    assert_int_equal(d->vector_table, number(r->column[VECTOR_TABLE]));
    assert_int_equal(d->initial_sp, number(r->column[INITIAL_SP]));
    assert_int_equal(d->reset_vector, number(r->column[RESET_ENTRY]));
    check_memories(d, r);
    for (size_t i = 0; i < d->finding_count; i++)
        assert_true(d->findings[i].level != FWSIM_LOG_ERROR);
    fwsim_diagnosis_free(d);
    fwsim_image_free(img);
}

static void every_image_loads_and_is_diagnosed_rightly(void **state)
{
    static const char *const folders[] = { "unit/", "hal/", "real/", NULL };
    (void)state;

    assert_true(each(folders, check_image) >= 50);
}

/* These were built for another core than the table says they run on; the
 * vectors can be found all the same. */
static void check_vectors(const row *r)
{
    fwsim_diagnosis *d;

    print_message("%s\n", r->column[FILE_NAME]);
    fwsim_image *img = open_row(r);
    check_ranges(img, r);
    assert_int_equal(fwsim_diagnose(&d, img), 0);
    assert_int_equal(d->vector_table, number(r->column[VECTOR_TABLE]));
    assert_int_equal(d->initial_sp, number(r->column[INITIAL_SP]));
    assert_int_equal(d->reset_vector, number(r->column[RESET_ENTRY]));
    fwsim_diagnosis_free(d);
    fwsim_image_free(img);
}

static void the_vectors_of_the_other_images_are_found(void **state)
{
    static const char *const folders[] = { "pw/", "stack/", "dma/", "diverse/",
                                           NULL };
    (void)state;

    assert_true(each(folders, check_vectors) >= 15);
}

static void check_riscv(const row *r)
{
    char path[1024];

    snprintf(path, sizeof path, "%s%s", CORPUS, r->column[FILE_NAME]);
    image_open_refused(path, FWSIM_ENOTSUP, "RISC-V");
}

static void risc_v_is_refused_by_name(void **state)
{
    static const char *const folders[] = { "riscv/", NULL };
    (void)state;

    assert_true(each(folders, check_riscv) >= 1);
}

static void check_arm64(const row *r)
{
    fwsim_diagnosis *d;
    fwsim_image *img = open_row(r);

    assert_int_equal(fwsim_diagnose(&d, img), 0);
    assert_int_equal(d->arch, FWSIM_ARCH_AARCH64);
    assert_false(d->has_vectors);
    fwsim_diagnosis_free(d);
    fwsim_image_free(img);
}

static void raw_aarch64_code_is_recognised(void **state)
{
    static const char *const folders[] = { "arm64/", NULL };
    (void)state;

    assert_true(each(folders, check_arm64) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_image_loads_and_is_diagnosed_rightly),
        cmocka_unit_test(the_vectors_of_the_other_images_are_found),
        cmocka_unit_test(risc_v_is_refused_by_name),
        cmocka_unit_test(raw_aarch64_code_is_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
