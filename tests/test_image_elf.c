/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF, and that all formats of one firmware give the same bytes. The other
 * formats are made by the system's objcopy. ELF headers are changed at offsets
 * from the System V ABI, chapters 4 and 5 (32-bit class).
 */
#include "images.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Offsets in the header of an ELF32 file, and in a program header. */
enum {
    E_DATA = 5,
    E_TYPE = 16,
    E_MACHINE = 18,
    E_PHOFF = 28,
    E_SHOFF = 32,
    E_PHNUM = 44,
    PH_SIZE = 32,
    P_OFFSET = 4,
    P_PADDR = 12,
    P_FILESZ = 16,
    P_MEMSZ = 20
};

typedef struct elf {
    uint8_t *data;
    size_t size;
} elf;

static int setup(void **state)
{
    elf *e = malloc(sizeof *e);

    if (!e)
        return -1;
    e->data = read_file(GUEST("image_guest"), &e->size);
    *state = e;
    return 0;
}

static int teardown(void **state)
{
    elf *e = *state;

    free(e->data);
    free(e);
    return 0;
}

static void put16(elf *e, size_t at, uint16_t value)
{
    e->data[at] = (uint8_t)value;
    e->data[at + 1] = (uint8_t)(value >> 8);
}

static uint32_t get32(const elf *e, size_t at)
{
    const uint8_t *p = e->data + at;

    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static void put32(elf *e, size_t at, uint32_t value)
{
    put16(e, at, (uint16_t)value);
    put16(e, at + 2, (uint16_t)(value >> 16));
}

/* Program header @a i. */
static size_t segment(const elf *e, size_t i)
{
    return get32(e, E_PHOFF) + i * PH_SIZE;
}

static void refused(const elf *e, int code, const char *part)
{
    image_refused(e->data, e->size, code, part);
}

static void segments_are_at_their_physical_address(void **state)
{
    elf *e = *state;
    const fwsim_segment *s;
    fwsim_image *img = image_ok(e->data, e->size);
    const fwsim_symbol *load = fwsim_image_symbol(img, "__data_load");
    size_t count = fwsim_image_segments(img, &s);

    assert_int_equal(fwsim_image_arch(img), FWSIM_ARCH_ARM);
    assert_int_equal(fwsim_image_format(img), FWSIM_FORMAT_ELF);
    assert_int_equal(count, 2);
    assert_int_equal(s[0].addr, 0);
    assert_true(s[0].executable);
    /* .data is used at 0x20000000 and loaded behind the code. */
    assert_non_null(load);
    assert_segment(img, 1, load->addr, "\x78\x56\x34\x12", 4);
    assert_false(s[1].executable);
    fwsim_image_free(img);
}

static void zeroed_memory_is_no_part_of_the_image(void **state)
{
    elf *e = *state;
    uint8_t byte;
    fwsim_image *img = image_ok(e->data, e->size);

    assert_int_equal(fwsim_image_read(img, 0x20000000, &byte, 1), 0);
    fwsim_image_free(img);
}

static void the_entry_point_is_that_of_the_file(void **state)
{
    elf *e = *state;
    uint64_t entry;
    fwsim_image *img = image_ok(e->data, e->size);

    assert_true(fwsim_image_entry(img, &entry));
    assert_int_equal(entry,
                     fwsim_image_symbol(img, "reset_handler")->addr | 1);
    fwsim_image_free(img);
}

static void objcopy_to(const char *format, const char *suffix, char *path,
                       size_t size)
{
    char command[1024];

    snprintf(path, size, "%s/image_elf%s", FWSIM_TEST_BINARY_DIR, suffix);
    snprintf(command, sizeof command, "arm-none-eabi-objcopy -O %s '%s' '%s'",
             format, GUEST("image_guest"), path);
    assert_int_equal(system(command), 0);
}

static void same_bytes(const fwsim_image *a, const fwsim_image *b)
{
    const fwsim_segment *s;
    size_t count = fwsim_image_segments(a, &s);

    for (size_t i = 0; i < count; i++) {
        uint8_t *bytes = malloc(s[i].size);
        assert_non_null(bytes);
        assert_int_equal(fwsim_image_read(b, s[i].addr, bytes, s[i].size),
                         s[i].size);
        assert_memory_equal(bytes, s[i].data, s[i].size);
        free(bytes);
    }
}

static void all_formats_of_a_firmware_give_the_same_bytes(void **state)
{
    static const struct {
        const char *format, *suffix;
        fwsim_format expected;
    } rows[] = { { "ihex", ".hex", FWSIM_FORMAT_IHEX },
                 { "srec", ".srec", FWSIM_FORMAT_SREC },
                 { "binary", ".bin", FWSIM_FORMAT_BIN } };
    elf *e = *state;
    fwsim_image *img = image_ok(e->data, e->size);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[512];
        uint64_t entry;
        objcopy_to(rows[i].format, rows[i].suffix, path, sizeof path);
        fwsim_image *other = image_open_ok(path);
        assert_int_equal(fwsim_image_format(other), rows[i].expected);
        same_bytes(img, other);
        same_bytes(other, img);
        assert_int_equal(fwsim_image_entry(other, &entry),
                         rows[i].expected != FWSIM_FORMAT_BIN);
        fwsim_image_free(other);
        remove(path);
    }
    fwsim_image_free(img);
}

static void a_name_that_promises_elf_is_held_to_it(void **state)
{
    static const char *const names[] = { "a.elf", "b.AXF" };
    const fwsim_image_options bin = { .format = FWSIM_FORMAT_BIN };
    elf *e = *state;
    fwsim_image *img;

    e->data[0] = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(
            fwsim_image_parse(&img, names[i], e->data, e->size, NULL),
            FWSIM_EFORMAT);
        assert_int_equal(
            fwsim_image_parse(&img, names[i], e->data, e->size, &bin), 0);
        fwsim_image_free(img);
    }
    assert_int_equal(fwsim_image_parse(&img, "elf", e->data, e->size, NULL), 0);
    fwsim_image_free(img);
}

static void a_stripped_file_has_no_symbols(void **state)
{
    char path[512];
    (void)state;

    objcopy_to("elf32-littlearm --strip-all", ".stripped", path, sizeof path);
    fwsim_image *img = image_open_ok(path);
    assert_int_equal(fwsim_image_symbols(img, NULL), 0);
    assert_null(fwsim_image_symbol(img, "reset_handler"));
    assert_null(fwsim_image_symbol_at(img, 0x100));
    assert_false(fwsim_image_line(img, 0x100, NULL, NULL));
    fwsim_image_free(img);
    remove(path);
}

static void other_machines_are_refused_by_name(void **state)
{
    /* e_machine: numbers of the System V ABI. */
    static const struct {
        uint16_t machine;
        const char *name;
    } rows[] = { { 243, "RISC-V" }, { 62, "x86-64" }, { 94, "Xtensa" },
                 { 83, "AVR" },     { 4711, "ELF machine number 4711" } };
    elf *e = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        put16(e, E_MACHINE, rows[i].machine);
        refused(e, FWSIM_ENOTSUP, rows[i].name);
    }
}

static void big_endian_firmware_is_refused(void **state)
{
    elf *e = *state;

    for (size_t at = 16; at < 52; at += 2) { /* the header, but e_ident */
        bool word = at >= 20 && at < 40;
        uint8_t *p = e->data + at, first = p[0], second = p[1];
        if (word) {
            p[0] = p[3];
            p[3] = first;
            p[1] = p[2];
            p[2] = second;
            at += 2;
        } else {
            p[0] = second;
            p[1] = first;
        }
    }
    e->data[E_DATA] = 2;
    refused(e, FWSIM_ENOTSUP, "big-endian");
}

static void an_object_file_is_refused_with_a_remedy(void **state)
{
    elf *e = *state;

    put16(e, E_TYPE, 1);
    refused(e, FWSIM_ENOTSUP, "an object file, not a linked executable; link");
    put16(e, E_TYPE, 3);
    refused(e, FWSIM_ENOTSUP, "position-independent");
    put16(e, E_TYPE, 4);
    refused(e, FWSIM_ENOTSUP, "a core dump");
}

static void damage_names_the_segment(void **state)
{
    elf *e = *state;
    size_t s = segment(e, 1);
    uint32_t filesz = get32(e, s + P_FILESZ), offset = get32(e, s + P_OFFSET);

    put32(e, s + P_OFFSET, (uint32_t)e->size - 2);
    refused(e, FWSIM_EFORMAT, "segment 1: its 4 bytes");
    put32(e, s + P_OFFSET, 0xffffffff);
    refused(e, FWSIM_EFORMAT, "segment 1: its 4 bytes");
    put32(e, s + P_OFFSET, offset);
    put32(e, s + P_MEMSZ, filesz - 1);
    refused(e, FWSIM_EFORMAT, "segment 1 has more bytes in the file");
    put32(e, s + P_MEMSZ, 0xfffffff0);
    refused(e, FWSIM_EFORMAT, "segment 1 at 0x");
}

static void segments_that_overlap_name_both_ranges(void **state)
{
    elf *e = *state;

    put32(e, segment(e, 1) + P_PADDR, 0x10);
    refused(e, FWSIM_EFORMAT, "0x10-0x13 (from segment 1) overlap with "
                              "different bytes at 0x10");
}

static void headers_outside_the_file_are_refused(void **state)
{
    elf *e = *state;
    uint32_t phoff = get32(e, E_PHOFF);

    put32(e, E_PHOFF, (uint32_t)e->size - 8);
    refused(e, FWSIM_EFORMAT, "table of segments at offset");
    put32(e, E_PHOFF, phoff);
    put32(e, E_SHOFF, 0xfffffff0);
    refused(e, FWSIM_EFORMAT, "");
}

static void a_file_that_is_cut_off_anywhere_is_refused_or_complete(void **state)
{
    elf *e = *state;
    size_t step = e->size / 199 + 1;

    for (size_t size = 1; size < e->size; size += step) {
        uint8_t *cut = malloc(size);
        fwsim_image *img;
        assert_non_null(cut);
        memcpy(cut, e->data, size);
        int err = fwsim_image_parse(&img, "cut.elf", cut, size, NULL);
        if (size >= 4)
            assert_int_equal(err, FWSIM_EFORMAT);
        fwsim_image_free(img);
        free(cut);
    }
}

static void an_elf_without_sections_is_loaded(void **state)
{
    elf *e = *state;

    put32(e, E_SHOFF, 0);
    put32(e, 48, 0); /* e_shnum, e_shstrndx */
    fwsim_image *img = image_ok(e->data, e->size);
    assert_int_equal(fwsim_image_segments(img, NULL), 2);
    assert_int_equal(fwsim_image_symbols(img, NULL), 0);
    fwsim_image_free(img);
}

static void an_elf_without_segments_is_refused(void **state)
{
    elf *e = *state;

    put16(e, E_PHNUM, 0);
    refused(e, FWSIM_EFORMAT, "no bytes to load");
}

/* A minimal ELF64 with one segment of 8 bytes. */
static void aarch64_is_loaded(void **state)
{
    uint8_t data[64 + 56 + 8] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };
    uint64_t entry;
    elf e = { data, sizeof data };
    (void)state;

    put16(&e, 16, 2);         /* ET_EXEC */
    put16(&e, 18, 183);       /* EM_AARCH64 */
    put32(&e, 20, 1);         /* version */
    put32(&e, 24, 0x80000);   /* entry */
    put32(&e, 32, 64);        /* phoff */
    put16(&e, 52, 64);        /* ehsize */
    put16(&e, 54, 56);        /* phentsize */
    put16(&e, 56, 1);         /* phnum */
    put32(&e, 64, 1);         /* PT_LOAD */
    put32(&e, 68, 5);         /* R X */
    put32(&e, 72, 64 + 56);   /* offset */
    put32(&e, 80, 0x80000);   /* vaddr */
    put32(&e, 88, 0x80000);   /* paddr */
    put32(&e, 96, 8);         /* filesz */
    put32(&e, 104, 16);       /* memsz */
    fwsim_image *img = image_ok(data, sizeof data);
    assert_int_equal(fwsim_image_arch(img), FWSIM_ARCH_AARCH64);
    assert_segment(img, 0, 0x80000, "\0\0\0\0\0\0\0\0", 8);
    assert_true(fwsim_image_entry(img, &entry));
    assert_int_equal(entry, 0x80000);
    fwsim_image_free(img);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(segments_are_at_their_physical_address),
        CASE(zeroed_memory_is_no_part_of_the_image),
        CASE(the_entry_point_is_that_of_the_file),
        CASE(all_formats_of_a_firmware_give_the_same_bytes),
        CASE(a_name_that_promises_elf_is_held_to_it),
        CASE(a_stripped_file_has_no_symbols),
        CASE(other_machines_are_refused_by_name),
        CASE(big_endian_firmware_is_refused),
        CASE(an_object_file_is_refused_with_a_remedy),
        CASE(damage_names_the_segment),
        CASE(segments_that_overlap_name_both_ranges),
        CASE(headers_outside_the_file_are_refused),
        CASE(a_file_that_is_cut_off_anywhere_is_refused_or_complete),
        CASE(an_elf_without_sections_is_loaded),
        CASE(an_elf_without_segments_is_refused),
        CASE(aarch64_is_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
