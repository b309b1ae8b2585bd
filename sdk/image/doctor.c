/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The analysis behind `fwsim doctor`.
 */
#include "image/core.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FINDINGS_MAX = 16, STRINGS_MAX = 40 };

typedef struct doctor {
    fwsim_diagnosis pub;
    const fwsim_image *img;
    fwsim__vectors vectors;
    fwsim__survey survey;
    fwsim__arm_attributes attributes;
    fwsim__core core;
    fwsim_range *flash, *ram;
    const fwsim_board **boards;
    fwsim_finding findings[FINDINGS_MAX];
    char *strings[STRINGS_MAX];
    size_t string_count;
    bool no_memory;
} doctor;

static const char *text(doctor *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static const char *text(doctor *d, const char *fmt, ...)
{
    char buf[512], *copy;
    va_list args;

    va_start(args, fmt);
    vsnprintf(buf, sizeof buf, fmt, args);
    va_end(args);
    copy = d->string_count < STRINGS_MAX ? malloc(strlen(buf) + 1) : NULL;
    if (!copy) {
        d->no_memory = true;
        return "";
    }
    strcpy(copy, buf);
    return d->strings[d->string_count++] = copy;
}

/* Most severe first, otherwise in order of discovery. */
static void find(doctor *d, fwsim_level level, const char *what,
                 const char *remedy)
{
    size_t at = d->pub.finding_count;

    if (at == FINDINGS_MAX)
        return;
    for (; at > 0 && d->findings[at - 1].level > level; at--)
        d->findings[at] = d->findings[at - 1];
    d->findings[at] = (fwsim_finding){ level, what, remedy };
    d->pub.finding_count++;
}

/* ------------------------------------------------------------------ */
/* Memories                                                             */
/* ------------------------------------------------------------------ */

static bool add_range(doctor *d, fwsim_range **list, size_t *count,
                      uint64_t addr, uint64_t size)
{
    if (size == 0)
        return true;
    fwsim_range *more = realloc(*list, (*count + 1) * sizeof *more);
    if (!more) {
        d->no_memory = true;
        return false;
    }
    *list = more;
    more[(*count)++] = (fwsim_range){ addr, size };
    return true;
}

static int by_address(const void *a, const void *b)
{
    const fwsim_range *x = a, *y = b;

    if (x->addr != y->addr)
        return x->addr < y->addr ? -1 : 1;
    return x->size < y->size ? -1 : x->size > y->size;
}

/* Sort, and join what is less than @a gap bytes apart. */
static void join(fwsim_range *list, size_t *count, uint64_t gap)
{
    size_t n = 0;

    if (*count)
        qsort(list, *count, sizeof *list, by_address);
    for (size_t i = 0; i < *count; i++) {
        fwsim_range *last = n ? &list[n - 1] : NULL;
        uint64_t end = list[i].addr + list[i].size;
        if (last && list[i].addr - last->addr <= last->size + gap) {
            if (end - last->addr > last->size)
                last->size = end - last->addr;
        } else {
            list[n++] = list[i];
        }
    }
    *count = n;
}

/* The SRAM region of the address map (DDI 0403E, B3.1). */
static bool in_sram_region(uint64_t addr)
{
    return addr >= 0x20000000 && addr < 0x40000000;
}

static void add_ram(doctor *d, uint64_t addr, uint64_t size)
{
    add_range(d, &d->ram, &d->pub.ram_count, addr, size);
}

static void add_segments(doctor *d)
{
    for (size_t i = 0; i < d->img->segment_count; i++) {
        const fwsim_segment *s = &d->img->segments[i];
        uint64_t addr = s->addr + d->vectors.slide;
        if (in_sram_region(addr))
            add_ram(d, addr, s->size);
        else
            add_range(d, &d->flash, &d->pub.flash_count, addr, s->size);
    }
}

/* Writable sections that run elsewhere than they are loaded, or have no bytes
 * in the file. Some linkers give them no program header of their own. */
static void add_sections(doctor *d)
{
    const fwsim_image *img = d->img;

    for (size_t i = 0; i < img->sections.count; i++) {
        const fwsim__extent *s = &img->sections.list[i];
        if (s->writable && (s->stored == 0 || s->addr != s->load))
            add_ram(d, s->addr, s->size);
    }
    for (size_t i = 0; i < img->loads.count && !img->sections.count; i++) {
        const fwsim__extent *s = &img->loads.list[i];
        if (s->addr != s->load)
            add_ram(d, s->addr, s->size);
        else
            add_ram(d, s->addr + s->stored, s->size - s->stored);
    }
}

/*
 * The stack ends at the initial stack pointer. It belongs to the RAM in use
 * that is nearest below it, if there is one within the size of a memory.
 */
static void add_stack(doctor *d)
{
    enum { MEMORY = 1 << 20, STACK = 1024 };
    uint64_t sp = d->vectors.sp & ~3u, start = sp - STACK;
    uint64_t nearest = 0;
    bool above = false;

    for (size_t i = 0; i < d->pub.ram_count; i++) {
        uint64_t addr = d->ram[i].addr;
        if (addr < sp && sp - addr <= MEMORY && addr > nearest)
            nearest = addr;
        above = above || (addr >= sp && addr < sp + STACK);
    }
    if (nearest)
        start = nearest;
    else if (above || sp < STACK || sp % STACK)
        start = (sp - 1) / STACK * STACK;
    add_ram(d, start, sp - start);
}

static void find_memories(doctor *d)
{
    add_segments(d);
    add_sections(d);
    if (d->vectors.found && !d->no_memory)
        add_stack(d);
    join(d->flash, &d->pub.flash_count, 4);
    join(d->ram, &d->pub.ram_count, 64);
    d->pub.flash = d->flash;
    d->pub.ram = d->ram;
}

/* ------------------------------------------------------------------ */
/* Boards                                                               */
/* ------------------------------------------------------------------ */

static bool has_range(const fwsim_soc *soc, fwsim_range r)
{
    uint64_t at = r.addr, end = r.addr + r.size;

    while (at < end) {
        const fwsim_memory *m = soc->memory;
        while (m->size && at - m->base >= m->size)
            m++;
        if (!m->size)
            return false;
        at = m->base + m->size;
    }
    return true;
}

static const fwsim_memory *memory_at(const fwsim_soc *soc, uint64_t addr)
{
    for (const fwsim_memory *m = soc->memory; m->size; m++)
        if (addr - m->base < m->size)
            return m;
    return NULL;
}

/* Of one core: cortex-m4 is cortex-m4f without the FPU. */
static bool same_core(const char *board, const char *image)
{
    size_t n = strlen(image);

    return strncmp(board, image, n) == 0 && !(board[n] >= '0' && board[n] <= '9');
}

static bool board_fits(const doctor *d, const fwsim_board *board)
{
    const fwsim_soc *soc = board->soc;

    if (!soc->cpu || !soc->memory || !d->core.cpu ||
        !fwsim__core_runs(soc->cpu, d->core.cpu))
        return false;
    if (soc->generic)
        return d->vectors.found && same_core(soc->cpu, d->core.cpu);
    if (d->vectors.found && memory_at(soc, d->vectors.addr) !=
                                memory_at(soc, soc->boot_addr))
        return false;
    for (size_t i = 0; i < d->pub.flash_count; i++)
        if (!has_range(soc, d->flash[i]))
            return false;
    for (size_t i = 0; i < d->pub.ram_count; i++)
        if (!has_range(soc, d->ram[i]))
            return false;
    return true;
}

static bool stack_ends_a_memory(const doctor *d, const fwsim_soc *soc)
{
    enum { RESERVED = 256 }; /* a boot loader may keep what is above */

    for (const fwsim_memory *m = soc->memory; m->size; m++)
        if (m->kind == FWSIM_MEM_RAM &&
            m->base + m->size - d->vectors.sp < RESERVED)
            return true;
    return false;
}

/*
 * How much speaks for a chip beside that the image has room on it: the core, a
 * vector table where it boots, a stack that begins at the end of its RAM, a
 * table as long as it has interrupts. A generic board is better than a chip
 * for which only the first two speak.
 */
static int likeness(const doctor *d, const fwsim_board *board)
{
    const fwsim_soc *soc = board->soc;
    int core = same_core(soc->cpu, d->core.cpu);

    if (soc->generic)
        return 4 + core;
    return core + 2 * (soc->boot_addr == d->vectors.addr) +
           4 * stack_ends_a_memory(d, soc) +
           4 * (d->vectors.count == 16u + soc->irq_lines);
}

/* Most likely first, otherwise in order of name. */
static void add_board(doctor *d, const fwsim_board *board)
{
    size_t at = d->pub.board_count++;
    int like = likeness(d, board);

    for (; at > 0 && likeness(d, d->boards[at - 1]) < like; at--)
        d->boards[at] = d->boards[at - 1];
    d->boards[at] = board;
}

static void find_boards(doctor *d)
{
    size_t count = 0;

    while (fwsim_boards[count])
        count++;
    d->boards = calloc(count + 1, sizeof *d->boards);
    if (!d->boards) {
        d->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (board_fits(d, fwsim_boards[i]))
            add_board(d, fwsim_boards[i]);
    d->pub.boards = d->boards;
}

/* ------------------------------------------------------------------ */
/* Findings                                                             */
/* ------------------------------------------------------------------ */

/*
 * Are the bytes evenly distributed, as encrypted or compressed ones are? The
 * chi-square statistic of 256 classes is near 255 then; code is far above.
 */
static bool looks_random(const fwsim_image *img)
{
    enum { LEAST = 4096, LIMIT = 512 };
    uint64_t count[256] = { 0 }, total = 0, squares = 0;

    for (size_t i = 0; i < img->segment_count; i++)
        for (uint64_t k = 0; k < img->segments[i].size; k++)
            count[img->segments[i].data[k]]++;
    for (size_t i = 0; i < 256; i++) {
        total += count[i];
        squares += count[i] * count[i];
    }
    return total >= LEAST && squares / total * 256 + squares % total * 256 /
                             total < total + LIMIT;
}

static bool looks_erased(const fwsim_image *img)
{
    for (size_t i = 0; i < img->segment_count; i++)
        for (uint64_t k = 0; k < img->segments[i].size; k++) {
            uint8_t byte = img->segments[i].data[k];
            if (byte != 0 && byte != 0xff)
                return false;
        }
    return true;
}

/*
 * Does raw code look like AArch64? Most of its words have one of a few top
 * bytes (ARM DDI 0487, C4.1), and functions return with RET.
 */
static bool looks_aarch64(const fwsim_image *img)
{
    static const uint8_t tops[] = { 0x94, 0x97, 0xf9, 0xb9, 0x91, 0xd1, 0xa9,
                                    0xd5, 0xd2, 0x52, 0xaa, 0x2a, 0x54, 0x14,
                                    0x17, 0x39, 0xf1, 0x71, 0xb4, 0xb5, 0x34,
                                    0x35, 0x90, 0xb0, 0xd0, 0xf0, 0x58, 0xd6,
                                    0x72, 0x11, 0x51, 0x92, 0x12, 0xf8 };
    const fwsim_segment *s = &img->segments[0];
    uint64_t words = 0, likely = 0, system = 0;

    for (uint64_t i = 0; i + 4 <= s->size && i < 65536; i += 4) {
        const uint8_t *b = s->data + i;
        if (!(b[0] | b[1] | b[2] | b[3]))
            continue;
        words++;
        likely += memchr(tops, b[3], sizeof tops) != NULL;
        /* RET, MRS, MSR, WFE: exact enough to be no accident. */
        system += (b[3] == 0xd6 && b[2] == 0x5f && b[1] == 0x03) ||
                  (b[3] == 0xd5 && (b[2] & 0xc0) == 0x00);
    }
    return words >= 16 && system >= 2 && likely * 2 >= words;
}

static void check_stack(doctor *d)
{
    uint32_t sp = d->vectors.sp;

    if (sp % 8)
        find(d, FWSIM_LOG_WARN,
             text(d, "The initial stack pointer 0x%08" PRIx32 " is not a "
                  "multiple of 8%s.", sp, sp % 4
                  ? "; the core clears its two lowest bits" : ""),
             "Set the end of the stack to a multiple of 8 in the linker "
             "script.");
}

static void check_place(doctor *d)
{
    enum { SECTOR = 64 << 10 };

    if (d->vectors.addr % SECTOR == 0 || in_sram_region(d->vectors.addr))
        return;
    find(d, FWSIM_LOG_INFO,
         text(d, "The vector table is at 0x%08" PRIx64 ", which is not where "
              "a flash begins: a bootloader starts this image.",
              d->vectors.addr),
         "Load the bootloader too, or use a board that starts at this "
         "address.");
}

/* The first words of a segment, when no table was found there. */
static void check_lost_table(doctor *d)
{
    const fwsim_segment *s = &d->img->segments[0];
    fwsim__vectors v = { .addr = s->addr };
    uint32_t sp = fwsim__vectors_word(d->img, &v, 0);
    uint32_t reset = fwsim__vectors_word(d->img, &v, 1);

    if (d->img->format == FWSIM_FORMAT_BIN && !d->img->placed)
        find(d, FWSIM_LOG_ERROR, "There is no vector table, and a raw binary "
             "says nothing about itself.",
             "Give the address of its first byte, or load the ELF or HEX "
             "file.");
    else if (!fwsim__is_stack(d->img, 0, sp))
        find(d, FWSIM_LOG_ERROR,
             text(d, "There is no vector table. The image begins at 0x%08"
                  PRIx64 " with 0x%08" PRIx32 ", which is no stack pointer "
                  "in RAM.", s->addr, sp),
             "Check the linker script: the table must come first, and be "
             "kept.");
    else if (!(reset & 1))
        find(d, FWSIM_LOG_ERROR,
             text(d, "There is no vector table. What may be a reset vector at "
                  "0x%08" PRIx64 ", 0x%08" PRIx32 ", is even: a Cortex-M "
                  "executes Thumb code only.", s->addr + 4, reset),
             "Declare the reset handler as a function (.thumb_func in "
             "assembler).");
    else if (!fwsim__vectors_is_handler(d->img, &v, reset))
        find(d, FWSIM_LOG_ERROR,
             text(d, "There is no vector table. What may be a reset vector at "
                  "0x%08" PRIx64 ", 0x%08" PRIx32 ", points outside the "
                  "image.", s->addr + 4, reset),
             "Check the address the image is linked for, and that it is "
             "complete.");
    else
        find(d, FWSIM_LOG_ERROR, "There is no vector table: after a stack "
             "pointer and a reset vector comes something else.",
             "Check that the table is linked in, and that this is a Cortex-M "
             "image.");
}

static void check_without_table(doctor *d)
{
    if (looks_erased(d->img))
        find(d, FWSIM_LOG_ERROR, "All bytes are 0x00 or 0xff: this is erased "
             "memory.", "Read or build the image again.");
    else if (looks_random(d->img))
        find(d, FWSIM_LOG_ERROR, "The bytes look encrypted or compressed.",
             "Load the image as it is before it is packed for the update.");
    else
        check_lost_table(d);
}

static void check_vectors(doctor *d)
{
    check_stack(d);
    check_place(d);
    if (d->vectors.slide)
        find(d, FWSIM_LOG_INFO,
             text(d, "The raw binary does not say where it belongs; its "
                  "vectors fit 0x%08" PRIx64 ".", d->pub.base),
             text(d, "Load it at base 0x%" PRIx64 ".", d->pub.base));
}

static void check_core(doctor *d)
{
    bool known = d->attributes.present || d->pub.arch == FWSIM_ARCH_AARCH64;

    if (known && !d->core.cpu)
        find(d, FWSIM_LOG_ERROR, d->core.reason,
             "Build the firmware for a core that is simulated.");
}

static void find_faults(doctor *d)
{
    if (d->vectors.found)
        check_vectors(d);
    else if (d->pub.arch != FWSIM_ARCH_AARCH64)
        check_without_table(d);
    check_core(d);
    if (d->img->symbol_count == 0)
        find(d, FWSIM_LOG_INFO, "There are no symbols: reports show addresses "
             "only.", "Load the ELF file that the build wrote, not stripped.");
}

/* ------------------------------------------------------------------ */

static void describe_vectors(doctor *d)
{
    const fwsim__vectors *v = &d->vectors;
    fwsim_diagnosis *p = &d->pub;

    p->has_vectors = v->found;
    if (!v->found)
        return;
    p->vector_table = v->addr;
    p->initial_sp = v->sp;
    p->reset_vector = v->reset;
    p->vectors = (unsigned)v->count;
    p->irqs_used = (unsigned)v->irqs;
    p->has_base = v->slide != 0;
    p->base = d->img->segments[0].addr + v->slide;
    if (v->name)
        p->vector_reason = text(d, "\"%s\" is there, and it looks like one.",
                                v->name);
    else
        p->vector_reason = "A stack pointer in RAM, a reset vector and "
                           "handlers inside the image are there.";
}

static fwsim_arch find_arch(const doctor *d)
{
    if (d->img->arch != FWSIM_ARCH_UNKNOWN)
        return d->img->arch;
    if (d->vectors.found)
        return FWSIM_ARCH_ARM;
    return looks_aarch64(d->img) ? FWSIM_ARCH_AARCH64 : FWSIM_ARCH_UNKNOWN;
}

/* AArch64 code does not tell one core from another. */
static void find_core64(doctor *d)
{
    for (const fwsim_cpu_info *i = fwsim_cpus; i->name && !d->core.cpu; i++)
        if (i->arch == FWSIM_ARCH_AARCH64)
            d->core.cpu = i->name;
    snprintf(d->core.reason, sizeof d->core.reason, "The code is AArch64%s.",
             d->core.cpu ? "" : ", and no 64-bit core is simulated");
}

static int examine(doctor *d)
{
    fwsim_diagnosis *p = &d->pub;
    int err = 0;

    p->format = d->img->format;
    if (d->img->arch != FWSIM_ARCH_AARCH64)
        d->vectors = fwsim__vectors_find(d->img);
    p->arch = find_arch(d);
    d->attributes = fwsim__arm_attributes_read(d->img);
    if (p->arch == FWSIM_ARCH_ARM)
        err = fwsim__survey_run(d->img, &d->vectors, &d->survey);
    if (err)
        return err;
    if (p->arch == FWSIM_ARCH_AARCH64)
        find_core64(d);
    else
        fwsim__core_find(d->img, &d->attributes, &d->survey, &d->core);
    p->cpu = d->core.cpu;
    p->cpu_reason = d->core.reason;
    describe_vectors(d);
    find_memories(d);
    find_boards(d);
    find_faults(d);
    p->findings = d->findings;
    return d->no_memory ? FWSIM_ENOMEM : 0;
}

int fwsim_diagnose(fwsim_diagnosis **out, const fwsim_image *img)
{
    doctor *d;
    int err;

    if (!out)
        return FWSIM_EINVAL;
    *out = NULL;
    if (!img)
        return FWSIM_EINVAL;
    d = calloc(1, sizeof *d);
    if (!d)
        return FWSIM_ENOMEM;
    d->img = img;
    err = examine(d);
    if (err)
        fwsim_diagnosis_free(&d->pub);
    else
        *out = &d->pub;
    return err;
}

void fwsim_diagnosis_free(fwsim_diagnosis *diagnosis)
{
    doctor *d = (doctor *)diagnosis; /* its first member */

    if (!d)
        return;
    for (size_t i = 0; i < d->string_count; i++)
        free(d->strings[i]);
    free(d->flash);
    free(d->ram);
    free(d->boards);
    free(d);
}
