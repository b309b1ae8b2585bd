/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is told about an image: small images made here, word by word, so that
 * each has one peculiarity. test_corpus_images.c has the real ones.
 */
#include "images.h"

#include <string.h>

#include "image/arm_attributes.h"
#include "image/thumb_class.h"

enum { BASE = 0x08000000, SIZE = 1024, CODE = 0x100 };

/* A raw image: a table of 48 words, then code from CODE on. */
typedef struct raw {
    uint8_t bytes[SIZE];
} raw;

static void put16(raw *r, size_t at, uint16_t value)
{
    r->bytes[at] = (uint8_t)value;
    r->bytes[at + 1] = (uint8_t)(value >> 8);
}

static void put32(raw *r, size_t at, uint32_t value)
{
    put16(r, at, (uint16_t)value);
    put16(r, at + 2, (uint16_t)(value >> 16));
}

/* All handlers are `b .` at CODE, reset is at CODE + 0x20, line 3 has its own
 * at CODE + 4. */
static raw make_raw(void)
{
    static const int system[] = { 2, 3, 4, 5, 6, 11, 12, 14, 15 };
    raw r = { { 0 } };

    put32(&r, 0, 0x20005000);
    put32(&r, 4, BASE + CODE + 0x21);
    for (size_t i = 0; i < sizeof system / sizeof *system; i++)
        put32(&r, 4 * (size_t)system[i], BASE + CODE + 1);
    for (size_t i = 16; i < 48; i++)
        put32(&r, 4 * i, BASE + CODE + 1);
    put32(&r, 4 * (16 + 3), BASE + CODE + 5);
    for (size_t at = CODE; at < SIZE; at += 2)
        put16(&r, at, 0xe7fe);
    return r;
}

/* Code of the reset handler; the last instruction stands behind it. */
static void put_code(raw *r, const uint16_t *code, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put16(r, CODE + 0x20 + 2 * i, code[i]);
}

typedef struct patient {
    fwsim_image *img;
    fwsim_diagnosis *d;
} patient;

static patient examine_at(const raw *r, size_t size,
                          const fwsim_image_options *opt)
{
    patient p;

    assert_int_equal(fwsim_image_parse(&p.img, "raw.bin", r->bytes, size, opt),
                     0);
    assert_int_equal(fwsim_diagnose(&p.d, p.img), 0);
    return p;
}

static patient examine(const raw *r)
{
    return examine_at(r, SIZE, &(fwsim_image_options){ .base = BASE,
                                                       .has_base = true });
}

static void discharge(patient *p)
{
    fwsim_diagnosis_free(p->d);
    fwsim_image_free(p->img);
}

static bool has_finding(const patient *p, fwsim_level level, const char *part)
{
    for (size_t i = 0; i < p->d->finding_count; i++)
        if (p->d->findings[i].level == level &&
            strstr(p->d->findings[i].text, part))
            return p->d->findings[i].remedy != NULL;
    return false;
}

static void vectors_and_memories_are_described(void **state)
{
    raw r = make_raw();
    patient p = examine(&r);
    (void)state;

    assert_int_equal(p.d->arch, FWSIM_ARCH_ARM);
    assert_true(p.d->has_vectors);
    assert_int_equal(p.d->vector_table, BASE);
    assert_int_equal(p.d->initial_sp, 0x20005000);
    assert_int_equal(p.d->reset_vector, BASE + CODE + 0x21);
    assert_int_equal(p.d->vectors, 48);
    assert_int_equal(p.d->irqs_used, 1);
    assert_int_equal(p.d->flash_count, 1);
    assert_int_equal(p.d->flash[0].addr, BASE);
    assert_int_equal(p.d->flash[0].size, SIZE);
    assert_int_equal(p.d->ram_count, 1);
    assert_int_equal(p.d->ram[0].addr + p.d->ram[0].size, 0x20005000);
    assert_false(p.d->has_base);
    assert_true(has_finding(&p, FWSIM_LOG_INFO, "no symbols"));
    discharge(&p);
}

static void a_raw_binary_without_address_is_placed_by_its_vectors(void **state)
{
    raw r = make_raw();
    patient p = examine_at(&r, SIZE, NULL);
    (void)state;

    assert_true(p.d->has_vectors && p.d->has_base);
    assert_int_equal(p.d->base, BASE);
    assert_int_equal(p.d->vector_table, BASE);
    assert_int_equal(p.d->flash[0].addr, BASE);
    assert_true(has_finding(&p, FWSIM_LOG_INFO, "0x08000000"));
    discharge(&p);
}

static void an_application_behind_a_bootloader_is_recognised(void **state)
{
    raw r = make_raw();
    (void)state;

    for (size_t i = 1; i < 48; i++) {
        uint32_t word = r.bytes[4 * i] | (uint32_t)r.bytes[4 * i + 1] << 8 |
                        (uint32_t)r.bytes[4 * i + 3] << 24;
        if (word)
            put32(&r, 4 * i, word + 0xc000);
    }
    patient p = examine_at(&r, SIZE,
                           &(fwsim_image_options){ .base = BASE + 0xc000,
                                                   .has_base = true });
    assert_int_equal(p.d->vector_table, BASE + 0xc000);
    assert_true(has_finding(&p, FWSIM_LOG_INFO, "bootloader"));
    discharge(&p);
}

static void a_crooked_stack_pointer_is_a_warning(void **state)
{
    raw r = make_raw();
    (void)state;

    put32(&r, 0, 0x20004ffc);
    patient p = examine(&r);
    assert_true(has_finding(&p, FWSIM_LOG_WARN, "0x20004ffc is not a multiple "
                                                "of 8"));
    discharge(&p);
}

static void a_stack_pointer_among_peripherals_is_an_error(void **state)
{
    raw r = make_raw();
    (void)state;

    put32(&r, 0, 0x40005000);
    patient p = examine(&r);
    assert_false(p.d->has_vectors);
    assert_true(has_finding(&p, FWSIM_LOG_ERROR, "no stack pointer in RAM"));
    discharge(&p);
}

static void an_even_reset_vector_is_an_error(void **state)
{
    raw r = make_raw();
    (void)state;

    put32(&r, 4, BASE + CODE + 0x20);
    patient p = examine(&r);
    assert_true(has_finding(&p, FWSIM_LOG_ERROR, "is even"));
    discharge(&p);
}

static void a_reset_vector_outside_the_image_is_an_error(void **state)
{
    raw r = make_raw();
    (void)state;

    put32(&r, 4, 0x00300001);
    patient p = examine(&r);
    assert_true(has_finding(&p, FWSIM_LOG_ERROR, "points outside the image"));
    discharge(&p);
}

static void a_table_may_be_two_words_with_code_behind_them(void **state)
{
    raw r = make_raw();
    (void)state;

    for (size_t at = 8; at < CODE; at += 2)
        put16(&r, at, 0x4770);
    patient p = examine(&r);
    assert_true(p.d->has_vectors);
    assert_int_equal(p.d->vectors, 2);
    assert_int_equal(p.d->irqs_used, 0);
    assert_int_equal(p.d->reset_vector, BASE + CODE + 0x21);
    discharge(&p);
}

static void erased_memory_is_named(void **state)
{
    raw r;
    (void)state;

    memset(r.bytes, 0xff, SIZE);
    patient p = examine(&r);
    assert_false(p.d->has_vectors);
    assert_null(p.d->cpu);
    assert_true(has_finding(&p, FWSIM_LOG_ERROR, "erased memory"));
    discharge(&p);
}

/* A linear congruential generator gives bytes as even as a cipher's. */
static void random_bytes_look_encrypted(void **state)
{
    static uint8_t bytes[65536];
    uint32_t x = 12345;
    patient p;
    (void)state;

    for (size_t i = 0; i < sizeof bytes; i++) {
        x = x * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(x >> 24);
    }
    p.img = image_ok(bytes, sizeof bytes);
    assert_int_equal(fwsim_diagnose(&p.d, p.img), 0);
    assert_true(has_finding(&p, FWSIM_LOG_ERROR, "encrypted or compressed"));
    discharge(&p);
}

static void tiny_images_are_no_trouble(void **state)
{
    raw r = make_raw();
    (void)state;

    for (size_t size = 1; size <= 80; size++) {
        patient p = examine_at(&r, size, NULL);
        discharge(&p);
    }
}

static void the_core_follows_from_the_instructions(void **state)
{
    /* Each twice: one alone may be data. Encodings: DDI 0403E, A7.7; DDI
     * 0553B, C2.4. 0xe7fe is `b .`. */
    static const struct {
        const char *cpu;
        uint16_t code[8];
    } rows[] = {
        { "cortex-m0", { 0x2000, 0x3001, 0xe7fe } },
        /* movw r0, #1; sdiv r0, r0, r1 */
        { "cortex-m3", { 0xf240, 0x0001, 0xfb90, 0xf0f1, 0xe7fe } },
        /* smlad r0, r1, r2, r3 */
        { "cortex-m4f", { 0xfb21, 0x3002, 0xfb21, 0x3002, 0xe7fe } },
        /* vadd.f32 s0, s0, s0 */
        { "cortex-m4f", { 0xee30, 0x0a00, 0xee30, 0x0a00, 0xe7fe } },
        /* vadd.f64 d0, d0, d0 */
        { "cortex-m7", { 0xee30, 0x0b00, 0xee30, 0x0b00, 0xe7fe } },
        /* lda r0, [r1] */
        { "cortex-m33", { 0xe8d1, 0x0faf, 0xe8d1, 0x0faf, 0xe7fe } },
        /* one instruction of a Cortex-M4F is not enough */
        { "cortex-m0", { 0xee30, 0x0a00, 0xe7fe } },
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        raw r = make_raw();
        put_code(&r, rows[i].code, 8);
        patient p = examine(&r);
        assert_non_null(p.d->cpu);
        assert_string_equal(p.d->cpu, rows[i].cpu);
        assert_true(strlen(p.d->cpu_reason) > 10);
        discharge(&p);
    }
}

/* ldr r3, [pc, #4]; str r2, [r3, #offset]; b .; .word 0xe000ed00 */
static const char *core_that_writes(uint32_t reg, uint16_t store)
{
    static char name[32];
    raw r = make_raw();
    const uint16_t code[] = { 0x4b01, store, 0xe7fe, 0, (uint16_t)reg,
                              (uint16_t)(reg >> 16) };

    put_code(&r, code, 6);
    patient p = examine(&r);
    assert_non_null(p.d->cpu);
    strcpy(name, p.d->cpu);
    discharge(&p);
    return name;
}

static void the_core_follows_from_its_registers(void **state)
{
    (void)state;
    /* str r2, [r3, #8]: VTOR, which a Cortex-M0 lacks */
    assert_string_equal(core_that_writes(0xe000ed00, 0x609a), "cortex-m0plus");
    /* str r2, [r3, #0]: CPACR */
    assert_string_equal(core_that_writes(0xe000ed88, 0x601a), "cortex-m4f");
    /* str r2, [r3, #4]: AIRCR would be in all; ICSR here */
    assert_string_equal(core_that_writes(0xe000ed00, 0x605a), "cortex-m0");
    /* CFSR */
    assert_string_equal(core_that_writes(0xe000ed28, 0x601a), "cortex-m3");
}

static void findings_come_in_order_of_severity(void **state)
{
    raw r = make_raw();
    (void)state;

    put32(&r, 0, 0x20004ffc);
    patient p = examine(&r);
    assert_true(p.d->finding_count >= 2);
    for (size_t i = 1; i < p.d->finding_count; i++)
        assert_true(p.d->findings[i - 1].level <= p.d->findings[i].level);
    discharge(&p);
}

static bool has_board(const patient *p, const char *name)
{
    for (size_t i = 0; i < p->d->board_count; i++)
        if (strcmp(p->d->boards[i]->name, name) == 0)
            return true;
    return false;
}

static void boards_that_hold_the_image_are_named(void **state)
{
    raw r = make_raw();
    (void)state;

    /* Flash at 0x08000000 is not what the micro:bit has. */
    patient p = examine(&r);
    assert_false(has_board(&p, "bbc_microbit"));
    discharge(&p);

    put32(&r, 0, 0x20004000);
    for (size_t i = 1; i < 48; i++)
        r.bytes[4 * i + 3] = 0;
    p = examine_at(&r, SIZE, &(fwsim_image_options){ .has_base = true });
    assert_true(has_board(&p, "bbc_microbit"));
    discharge(&p);

    /* Its RAM ends at 0x20004000. */
    put32(&r, 0, 0x20004400);
    p = examine_at(&r, SIZE, &(fwsim_image_options){ .has_base = true });
    assert_false(has_board(&p, "bbc_microbit"));
    discharge(&p);
}

static void the_most_likely_board_is_first(void **state)
{
    raw r = make_raw();
    patient p;
    (void)state;

    /* NUC123: 20 KiB of RAM at 0x20000000, 32 interrupts, starts at 0. */
    for (size_t i = 1; i < 48; i++)
        r.bytes[4 * i + 3] = 0;
    p = examine_at(&r, SIZE, &(fwsim_image_options){ .has_base = true });
    assert_string_equal(p.d->boards[0]->name, "nuc123");
    discharge(&p);

    /* Nothing but the core speaks for a chip whose RAM is larger. */
    put32(&r, 0, 0x20000800);
    put32(&r, 4 * 47, 0xffffffff);
    p = examine_at(&r, SIZE, &(fwsim_image_options){ .has_base = true });
    assert_true(p.d->boards[0]->soc->generic);
    assert_true(has_board(&p, "nuc123"));
    discharge(&p);
}

static void a_guest_is_for_the_core_it_was_compiled_for(void **state)
{
    patient p;
    (void)state;

    p.img = image_open_ok(GUEST("image_guest"));
    assert_int_equal(fwsim_diagnose(&p.d, p.img), 0);
    assert_string_equal(p.d->cpu, "cortex-m3");
    assert_int_equal(p.d->vector_table, 0);
    assert_int_equal(p.d->vectors, 24);
    assert_int_equal(p.d->irqs_used, 1);
    assert_int_equal(p.d->ram_count, 1);
    assert_int_equal(p.d->ram[0].addr, 0x20000000);
    assert_int_equal(p.d->ram[0].size, 0x4000);
    assert_int_equal(p.d->finding_count, 0);
    discharge(&p);
}

static void damaged_build_attributes_are_no_trouble(void **state)
{
    /* aeabi: file attributes with Tag_CPU_name "M", Tag_CPU_arch 10, then a
     * profile (IHI 0045, chapter 2). */
    static const uint8_t good[] = { 'A', 22, 0, 0, 0, 'a', 'e', 'a', 'b', 'i',
                                    0, 1, 12, 0, 0, 0, 5, 'M', 0, 6, 10, 7,
                                    'M' };
    (void)state;

    for (size_t size = 0; size <= sizeof good; size++) {
        uint8_t copy[sizeof good];
        memcpy(copy, good, sizeof good);
        struct fwsim_image img = { .attributes = copy,
                                   .attributes_size = size };
        fwsim__arm_attributes a = fwsim__arm_attributes_read(&img);
        if (size == sizeof good) {
            assert_int_equal(a.arch, FWSIM__ARCH_V7);
            assert_int_equal(a.profile, 'M');
            assert_string_equal(a.cpu_name, "M");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_and_memories_are_described),
        cmocka_unit_test(
            a_raw_binary_without_address_is_placed_by_its_vectors),
        cmocka_unit_test(an_application_behind_a_bootloader_is_recognised),
        cmocka_unit_test(a_crooked_stack_pointer_is_a_warning),
        cmocka_unit_test(a_stack_pointer_among_peripherals_is_an_error),
        cmocka_unit_test(an_even_reset_vector_is_an_error),
        cmocka_unit_test(a_reset_vector_outside_the_image_is_an_error),
        cmocka_unit_test(a_table_may_be_two_words_with_code_behind_them),
        cmocka_unit_test(erased_memory_is_named),
        cmocka_unit_test(random_bytes_look_encrypted),
        cmocka_unit_test(tiny_images_are_no_trouble),
        cmocka_unit_test(the_core_follows_from_the_instructions),
        cmocka_unit_test(the_core_follows_from_its_registers),
        cmocka_unit_test(findings_come_in_order_of_severity),
        cmocka_unit_test(boards_that_hold_the_image_are_named),
        cmocka_unit_test(the_most_likely_board_is_first),
        cmocka_unit_test(a_guest_is_for_the_core_it_was_compiled_for),
        cmocka_unit_test(damaged_build_attributes_are_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
