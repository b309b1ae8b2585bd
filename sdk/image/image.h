/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images: what the loaders of sdk/image/ share.
 *
 * A loader (elf.c, ihex.c, ...) reads a file in memory and adds pieces of
 * bytes in any order; image.c sorts, checks and merges them into segments.
 */
#ifndef FWSIM_IMAGE_H
#define FWSIM_IMAGE_H

#include "fwsim.h"

typedef struct fwsim__dwarf fwsim__dwarf;

/** A loadable segment of an ELF, or one of its sections: where it runs. */
typedef struct fwsim__extent {
    const char *name; /* section; NULL for segments */
    uint64_t addr;    /* virtual: where it is used */
    uint64_t size;    /* in memory, zeroed part included */
    uint64_t stored;  /* bytes in the file */
    uint64_t load;    /* physical: where the bytes are loaded */
    bool executable, writable;
} fwsim__extent;

typedef struct fwsim__extents {
    fwsim__extent *list;
    size_t count;
} fwsim__extents;

/** What symbols.c keeps for each public symbol. */
typedef struct fwsim__symbol_span {
    uint64_t end;     /* first address behind it; its own when it has none */
    uint64_t max_end; /* the largest end of this symbol and all before it */
    bool sized;       /* the file says how long it is */
    bool global;
} fwsim__symbol_span;

struct fwsim_image {
    char *name;
    fwsim_format format;
    fwsim_arch arch;
    bool placed;    /* raw binary: the caller gave its address */
    bool has_entry;
    uint64_t entry;

    fwsim_segment *segments;
    size_t segment_count;
    uint8_t *bytes; /* of all segments */

    fwsim_symbol *symbols;
    fwsim__symbol_span *spans; /* one for each symbol */
    size_t symbol_count;
    uint32_t *by_name;         /* indices of symbols, in order of name */

    /* ELF only. */
    uint8_t *file;             /* symbols' names and DWARF point into it */
    size_t file_size;
    fwsim__extents loads, sections;
    const uint8_t *attributes; /* contents of .ARM.attributes; may be NULL */
    size_t attributes_size;
    fwsim__dwarf *dwarf;       /* NULL without DWARF */
};

/* ------------------------------------------------------------------ */
/* Loading                                                              */
/* ------------------------------------------------------------------ */

/** Bytes at an address, in the order of the file. */
typedef struct fwsim__piece {
    uint64_t addr;
    size_t offset, size; /* in the loader's bytes */
    size_t place;        /* line, block or segment, for messages */
    bool executable;
} fwsim__piece;

typedef struct fwsim__loader {
    fwsim_image *img;
    const uint8_t *data; /* the file */
    size_t size;
    const fwsim_image_options *opt; /* never NULL */
    const char *place_noun;         /* "line", "block", "segment" */
    fwsim__piece *pieces;
    size_t piece_count, piece_capacity;
    uint8_t *bytes;
    size_t byte_count, byte_capacity;
} fwsim__loader;

enum {
    /* More than any microcontroller has, less than hurts the host. */
    FWSIM__IMAGE_MAX = 256 << 20,
    FWSIM__FILE_MAX = 1 << 30
};

int fwsim__load_elf(fwsim__loader *l);
int fwsim__load_ihex(fwsim__loader *l);
int fwsim__load_srec(fwsim__loader *l);
int fwsim__load_uf2(fwsim__loader *l);
int fwsim__load_bin(fwsim__loader *l);

/**
 * Add bytes. A size of 0 is legal and adds nothing.
 * @param place  number of the line, block or segment they come from
 */
int fwsim__loader_add(fwsim__loader *l, uint64_t addr, const uint8_t *data,
                      size_t size, bool executable, size_t place);

/** Log an error that begins with the file's name. @return @a code */
int fwsim__loader_fail(const fwsim__loader *l, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** The segment an address is in, or NULL. */
const fwsim_segment *fwsim__image_segment_at(const fwsim_image *img,
                                             uint64_t addr);

/* Text formats (text.c). */

/** A line of a text file, without its end. */
typedef struct fwsim__line {
    const uint8_t *text;
    size_t length;
    size_t number; /* from 1 */
    size_t next;   /* offset of the line behind it */
    size_t end;    /* number of the end record's line; 0: none yet */
} fwsim__line;

/**
 * The next record: a line that is not blank, without blanks at its ends.
 * @param line        in and out: zeroed to begin; `end` is the caller's to set
 * @param end_record  what ends a file, for messages
 * @return 1; 0 when the end record was the last; or an error, logged
 */
int fwsim__loader_record(fwsim__loader *l, fwsim__line *line,
                         const char *end_record);

/** Two hexadecimal digits; -1 when they are none. */
int fwsim__hex_byte(const uint8_t *digits);

/* ------------------------------------------------------------------ */
/* Symbols                                                              */
/* ------------------------------------------------------------------ */

/** A symbol as the file has it. The name must live as long as the image. */
typedef struct fwsim__raw_symbol {
    const char *name;
    uint64_t addr, size;
    uint64_t limit; /* it ends here at the latest; 0: it covers no addresses */
    bool function, global;
} fwsim__raw_symbol;

/** Take over the symbols of a file; sorts @a raw. 0 or FWSIM_ENOMEM */
int fwsim__symbols_build(fwsim_image *img, fwsim__raw_symbol *raw,
                         size_t count);

/* ------------------------------------------------------------------ */
/* DWARF (lines.c, unwind.c)                                            */
/* ------------------------------------------------------------------ */

/**
 * Prepare for questions; nothing is read yet. Failure means no DWARF.
 * The image must have its file.
 */
fwsim__dwarf *fwsim__dwarf_new(const fwsim_image *img);
void fwsim__dwarf_free(fwsim__dwarf *d);

/**
 * Take functions that the linker has dropped out of a .debug_frame: they claim
 * to be at address 0 and would hide what is really there.
 */
void fwsim__frames_hide_dropped(uint8_t *section, size_t size);

/** Reads memory of the machine. @return false when it cannot */
typedef bool (*fwsim__unwind_read)(void *user, uint64_t addr, void *buf,
                                   size_t size);

/**
 * Go from a frame of a 32-bit Arm core to its caller.
 *
 * @param regs  in: r0 to r15 of the frame; out: those of the caller, with the
 *              return address (bit 0 clear) in r15. Unchanged on false.
 * @param is_return_address  r15 is where a call returns to: the frame is
 *              looked up by the instruction before it
 * @return false when there is no information, or it is not understood
 */
bool fwsim__image_unwind(const fwsim_image *img, uint32_t regs[16],
                         bool is_return_address, fwsim__unwind_read read,
                         void *user);

#endif
