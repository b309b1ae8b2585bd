/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF: segments at their physical address, symbols, and what the file says
 * about itself.
 *
 * Source: System V ABI, chapters 4 and 5; ELF for the Arm Architecture (IHI
 * 0044); ELF for the Arm 64-bit Architecture (IHI 0056).
 *
 * All offsets are checked here before libelf and libdw see the file, which
 * trust a header further than a hostile file deserves.
 */
#include "image/image.h"

#include <gelf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SEGMENTS_MAX = 1024 }; /* linkers write a handful */

typedef struct reader {
    fwsim__loader *l;
    fwsim_image *img;
    Elf *elf;
    GElf_Ehdr head;
} reader;

#define FAIL(r, ...)                                                           \
    fwsim__loader_fail((r)->l, FWSIM_EFORMAT, __VA_ARGS__)

static int no_memory(const reader *r)
{
    return fwsim__loader_fail(r->l, FWSIM_ENOMEM, "out of memory");
}

/* ------------------------------------------------------------------ */
/* Header                                                               */
/* ------------------------------------------------------------------ */

/* Machines that firmware is built for, e_machine. */
static const struct {
    uint16_t machine;
    const char *name;
} machines[] = {
    { EM_386, "x86 (32 bit)" }, { EM_X86_64, "x86-64" },
    { EM_RISCV, "RISC-V" },     { EM_MIPS, "MIPS" },
    { EM_PPC, "PowerPC" },      { EM_PPC64, "PowerPC (64 bit)" },
    { EM_AVR, "AVR" },          { EM_XTENSA, "Xtensa" },
    { EM_MSP430, "MSP430" },    { EM_SH, "SuperH" },
    { EM_TRICORE, "TriCore" },  { EM_V850, "V850" },
    { EM_RX, "Renesas RX" },    { EM_RL78, "Renesas RL78" },
    { EM_SPARC, "SPARC" },      { EM_68K, "68000" },
    { EM_ARC_COMPACT, "ARC" },  { EM_BLACKFIN, "Blackfin" },
};

static int foreign(const reader *r)
{
    static const char remedy[] = "fwsim runs Arm and AArch64 firmware; "
                                 "give it a build for one of these";

    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        if (machines[i].machine == r->head.e_machine)
            return fwsim__loader_fail(r->l, FWSIM_ENOTSUP,
                "is for %s; %s", machines[i].name, remedy);
    return fwsim__loader_fail(r->l, FWSIM_ENOTSUP,
        "is for ELF machine number %u; %s", r->head.e_machine, remedy);
}

static int check_machine(reader *r)
{
    int class = r->head.e_ident[EI_CLASS];

    if (r->head.e_machine == EM_ARM)
        r->img->arch = FWSIM_ARCH_ARM;
    else if (r->head.e_machine == EM_AARCH64)
        r->img->arch = FWSIM_ARCH_AARCH64;
    else
        return foreign(r);
    if (r->head.e_ident[EI_DATA] != ELFDATA2LSB)
        return fwsim__loader_fail(r->l, FWSIM_ENOTSUP,
            "is big-endian; build it little-endian");
    if (class != (r->img->arch == FWSIM_ARCH_ARM ? ELFCLASS32 : ELFCLASS64))
        return FAIL(r, "the ELF header at offset 4 names class %d, which "
                    "does not go with the machine; build it again", class);
    return 0;
}

static int check_type(const reader *r)
{
    static const char *const what[] = {
        [ET_NONE] = "of no type", [ET_REL] = "an object file",
        [ET_DYN] = "position-independent or a shared object",
        [ET_CORE] = "a core dump"
    };

    if (r->head.e_type == ET_EXEC)
        return 0;
    return fwsim__loader_fail(r->l, FWSIM_ENOTSUP,
        "is %s, not a linked executable; link it to fixed addresses and load "
        "what the linker wrote",
        r->head.e_type <= ET_CORE ? what[r->head.e_type] : "of unknown type");
}

static bool in_file(const reader *r, uint64_t offset, uint64_t size)
{
    return offset <= r->img->file_size && size <= r->img->file_size - offset;
}

static int check_tables(const reader *r)
{
    const GElf_Ehdr *h = &r->head;
    bool wide = h->e_ident[EI_CLASS] == ELFCLASS64;
    size_t phsize = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
    size_t shsize = wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);

    if (h->e_phnum > SEGMENTS_MAX)
        return FAIL(r, "the ELF header announces %u segments; the file is "
                    "damaged, build it again", h->e_phnum);
    if (h->e_phnum && (h->e_phentsize != phsize ||
                       !in_file(r, h->e_phoff, h->e_phnum * phsize)))
        return FAIL(r, "the table of segments at offset 0x%" PRIx64 " is not "
                    "inside the file; it is cut off, copy it again",
                    h->e_phoff);
    if (h->e_shoff && (h->e_shentsize != shsize ||
                       !in_file(r, h->e_shoff, h->e_shnum * shsize)))
        return FAIL(r, "the table of sections at offset 0x%" PRIx64 " is not "
                    "inside the file; it is cut off, copy it again",
                    h->e_shoff);
    /* Number 0 is the escape for more than 65279 sections: no firmware. */
    if (h->e_shoff && (h->e_shnum == 0 || h->e_shstrndx >= h->e_shnum))
        return FAIL(r, "the table of sections at offset 0x%" PRIx64 " has no "
                    "names; the file is damaged, build it again", h->e_shoff);
    return 0;
}

/* ------------------------------------------------------------------ */
/* Segments                                                             */
/* ------------------------------------------------------------------ */

static int add_extent(const reader *r, fwsim__extents *e, fwsim__extent x)
{
    fwsim__extent *list = realloc(e->list, (e->count + 1) * sizeof *list);

    if (!list)
        return no_memory(r);
    e->list = list;
    list[e->count++] = x;
    return 0;
}

/* Some linkers leave all physical addresses 0: then there are none. */
static bool has_physical(const reader *r)
{
    bool virtual = false;
    GElf_Phdr p;

    for (int i = 0; i < r->head.e_phnum; i++) {
        if (!gelf_getphdr(r->elf, i, &p) || p.p_type != PT_LOAD)
            continue;
        if (p.p_paddr)
            return true;
        virtual = virtual || p.p_vaddr;
    }
    return !virtual;
}

static int add_segment(reader *r, const GElf_Phdr *p, bool physical, int i)
{
    uint64_t load = physical ? p->p_paddr : p->p_vaddr;
    bool executable = p->p_flags & PF_X;
    uint64_t room = r->img->arch == FWSIM_ARCH_ARM ? UINT32_MAX : UINT64_MAX;
    int err;

    if (p->p_memsz && (p->p_vaddr > room || p->p_memsz - 1 > room - p->p_vaddr
                       || load > room || p->p_memsz - 1 > room - load))
        return FAIL(r, "segment %d at 0x%" PRIx64 " goes beyond the address "
                    "space; the file is damaged, build it again", i, load);
    if (p->p_filesz && !in_file(r, p->p_offset, p->p_filesz))
        return FAIL(r, "segment %d: its %" PRIu64 " bytes at offset 0x%"
                    PRIx64 " are not inside the file, which has %zu; it is "
                    "cut off, copy it again", i, p->p_filesz, p->p_offset,
                    r->img->file_size);
    if (p->p_filesz > p->p_memsz)
        return FAIL(r, "segment %d has more bytes in the file (%" PRIu64
                    ") than in memory (%" PRIu64 "); the file is damaged, "
                    "build it again", i, p->p_filesz, p->p_memsz);
    if (p->p_memsz == 0)
        return 0;
    err = add_extent(r, &r->img->loads,
                     (fwsim__extent){ .addr = p->p_vaddr, .size = p->p_memsz,
                                      .stored = p->p_filesz, .load = load,
                                      .executable = executable,
                                      .writable = p->p_flags & PF_W });
    if (!err)
        err = fwsim__loader_add(r->l, load, r->img->file + p->p_offset,
                                (size_t)p->p_filesz, executable, (size_t)i);
    return err;
}

static int read_segments(reader *r)
{
    bool physical = has_physical(r);
    GElf_Phdr p;
    int err = 0;

    for (int i = 0; !err && i < r->head.e_phnum; i++) {
        if (!gelf_getphdr(r->elf, i, &p))
            return FAIL(r, "segment %d cannot be read: %s; the file is "
                        "damaged, build it again", i, elf_errmsg(-1));
        if (p.p_type == PT_LOAD)
            err = add_segment(r, &p, physical, i);
    }
    return err;
}

/* ------------------------------------------------------------------ */
/* Sections                                                             */
/* ------------------------------------------------------------------ */

/* A string inside a section of strings, or NULL. */
static const char *string_at(const reader *r, const GElf_Shdr *strings,
                             uint64_t offset)
{
    const char *s = (const char *)r->img->file + strings->sh_offset;

    if (offset >= strings->sh_size ||
        !memchr(s + offset, '\0', (size_t)(strings->sh_size - offset)))
        return NULL;
    return s + offset;
}

static bool section(const reader *r, size_t index, GElf_Shdr *s)
{
    /* Section 0 is none (ELF gABI, SHN_UNDEF), whatever its header says. */
    return index != 0 && index < r->head.e_shnum &&
           gelf_getshdr(elf_getscn(r->elf, index), s) != NULL;
}

static int check_sections(const reader *r)
{
    GElf_Shdr s;

    for (size_t i = 1; i < r->head.e_shnum; i++) {
        if (!section(r, i, &s))
            return FAIL(r, "section %zu cannot be read: %s; the file is "
                        "damaged, build it again", i, elf_errmsg(-1));
        if (s.sh_type != SHT_NOBITS && s.sh_type != SHT_NULL &&
            !in_file(r, s.sh_offset, s.sh_size))
            return FAIL(r, "section %zu: its %" PRIu64 " bytes at offset 0x%"
                        PRIx64 " are not inside the file; it is cut off, copy "
                        "it again", i, s.sh_size, s.sh_offset);
    }
    return 0;
}

/* Where the bytes of a section are loaded: as its segment is. */
static uint64_t load_address(const fwsim_image *img, uint64_t addr)
{
    for (size_t i = 0; i < img->loads.count; i++) {
        const fwsim__extent *e = &img->loads.list[i];
        if (addr - e->addr < e->size)
            return e->load + (addr - e->addr);
    }
    return addr;
}

static int read_sections(reader *r)
{
    GElf_Shdr names, s;
    int err = 0;

    if (!section(r, r->head.e_shstrndx, &names) ||
        names.sh_type != SHT_STRTAB)
        return FAIL(r, "section %u should hold the names of the sections and "
                    "does not; the file is damaged, build it again",
                    r->head.e_shstrndx);
    for (size_t i = 1; !err && i < r->head.e_shnum; i++) {
        if (!section(r, i, &s))
            continue;
        const char *name = string_at(r, &names, s.sh_name);
        if (s.sh_type == SHT_ARM_ATTRIBUTES &&
            r->img->arch == FWSIM_ARCH_ARM) {
            r->img->attributes = r->img->file + s.sh_offset;
            r->img->attributes_size = (size_t)s.sh_size;
        }
        if (name && strcmp(name, ".debug_frame") == 0 &&
            s.sh_type == SHT_PROGBITS && !(s.sh_flags & SHF_COMPRESSED) &&
            r->img->arch == FWSIM_ARCH_ARM)
            fwsim__frames_hide_dropped(r->img->file + s.sh_offset,
                                       (size_t)s.sh_size);
        if ((s.sh_flags & SHF_ALLOC) && s.sh_size && name)
            err = add_extent(r, &r->img->sections, (fwsim__extent){
                .name = name, .addr = s.sh_addr, .size = s.sh_size,
                .stored = s.sh_type == SHT_NOBITS ? 0 : s.sh_size,
                .load = load_address(r->img, s.sh_addr),
                .executable = s.sh_flags & SHF_EXECINSTR,
                .writable = s.sh_flags & SHF_WRITE
            });
    }
    return err;
}

/* ------------------------------------------------------------------ */
/* Symbols                                                              */
/* ------------------------------------------------------------------ */

/* $a, $d, $t, $x, $t.1: marks of the assembler (IHI 0044, 5.5.5). */
static bool is_mapping(const char *name)
{
    return name[0] == '$' && name[1] && strchr("adtx", name[1]) &&
           (name[2] == '\0' || name[2] == '.');
}

static bool wanted(const GElf_Sym *s, const char *name)
{
    int type = GELF_ST_TYPE(s->st_info);

    return name && name[0] && s->st_shndx != SHN_UNDEF && !is_mapping(name) &&
           (type == STT_NOTYPE || type == STT_OBJECT || type == STT_FUNC ||
            type == STT_ARM_TFUNC);
}

static fwsim__raw_symbol make_symbol(const reader *r, const GElf_Sym *s,
                                     const char *name)
{
    int type = GELF_ST_TYPE(s->st_info);
    bool function = type == STT_FUNC || type == STT_ARM_TFUNC;
    bool thumb = function && r->img->arch == FWSIM_ARCH_ARM;
    GElf_Shdr home;

    return (fwsim__raw_symbol){
        .name = name,
        .addr = thumb ? s->st_value & ~(uint64_t)1 : s->st_value,
        .size = s->st_size,
        .limit = section(r, s->st_shndx, &home)
                     ? home.sh_addr + home.sh_size : 0,
        .function = function,
        .global = GELF_ST_BIND(s->st_info) != STB_LOCAL,
    };
}

static int read_table(reader *r, const GElf_Shdr *table)
{
    GElf_Shdr strings;
    Elf_Data *data;
    GElf_Sym s;
    size_t entry = r->head.e_ident[EI_CLASS] == ELFCLASS64
                       ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
    size_t total = (size_t)(table->sh_size / entry), count = 0;
    fwsim__raw_symbol *raw;
    int err;

    if (!section(r, table->sh_link, &strings) ||
        strings.sh_type != SHT_STRTAB || total > INT32_MAX)
        return FAIL(r, "the table of symbols at offset 0x%" PRIx64 " has no "
                    "names; the file is damaged, build it again",
                    table->sh_offset);
    if (total == 0)
        return 0;
    data = elf_getdata_rawchunk(r->elf, (int64_t)table->sh_offset,
                                total * entry, ELF_T_SYM);
    raw = data ? malloc(total * sizeof *raw) : NULL;
    if (!raw)
        return no_memory(r);
    for (size_t i = 1; i < total && gelf_getsym(data, (int)i, &s); i++) {
        const char *name = string_at(r, &strings, s.st_name);
        if (wanted(&s, name))
            raw[count++] = make_symbol(r, &s, name);
    }
    err = fwsim__symbols_build(r->img, raw, count);
    free(raw);
    return err ? no_memory(r) : 0;
}

static int read_symbols(reader *r)
{
    GElf_Shdr s;

    for (size_t i = 1; i < r->head.e_shnum; i++)
        if (section(r, i, &s) && s.sh_type == SHT_SYMTAB)
            return read_table(r, &s);
    return 0;
}

/* ------------------------------------------------------------------ */

static int read_file(reader *r)
{
    int err;

    if (!r->elf || elf_kind(r->elf) != ELF_K_ELF ||
        !gelf_getehdr(r->elf, &r->head))
        return FAIL(r, "the ELF header is damaged or cut off; build or copy "
                    "the file again");
    r->img->has_entry = r->head.e_entry != 0;
    r->img->entry = r->head.e_entry;
    err = check_machine(r);
    if (!err)
        err = check_type(r);
    if (!err)
        err = check_tables(r);
    if (!err)
        err = read_segments(r);
    if (err || r->head.e_shoff == 0)
        return err;
    err = check_sections(r);
    if (!err)
        err = read_sections(r);
    if (!err)
        err = read_symbols(r);
    if (!err)
        r->img->dwarf = fwsim__dwarf_new(r->img);
    return err;
}

int fwsim__load_elf(fwsim__loader *l)
{
    reader r = { .l = l, .img = l->img };
    int err;

    l->place_noun = "segment";
    elf_version(EV_CURRENT);
    l->img->file = malloc(l->size);
    if (!l->img->file)
        return no_memory(&r);
    memcpy(l->img->file, l->data, l->size);
    l->img->file_size = l->size;
    r.elf = elf_memory((char *)l->img->file, l->size);
    err = read_file(&r);
    elf_end(r.elf);
    return err;
}
