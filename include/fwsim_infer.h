/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers that nobody modelled are inferred while the firmware runs, from
 * how it uses them. docs/inference.md says how, and what of it to trust. The
 * conventions of fwsim.h hold.
 */
#ifndef FWSIM_INFER_H
#define FWSIM_INFER_H

#include "fwsim.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How registers that nobody modelled are inferred. */
typedef struct fwsim_infer_options {
    /** Instructions between the interrupts that inference raises, on lines
     * that the firmware has enabled; 0: the default, 2000. */
    uint64_t irq_period;
    /** File of register models to begin with (docs/models-yaml.md); NULL:
     * none. They win over what is inferred. */
    const char *models;
    /** Nothing is inferred. A register without a model stops the run:
     * FWSIM_STOP_UNMODELLED. */
    bool frozen;
    /** CMSIS-SVD file of the chip; NULL: none. Names for fwsim_infer_save,
     * reset values, access rights: hints, which what the firmware does
     * overrules. A register that only this file knows has no model. */
    const char *svd;
    /** Configuration of Fuzzware whose `mmio_models` are begun with, behind
     * @a models; NULL: none. */
    const char *fuzzware;
    /** Weights of a learned prior: it gives roles to registers of which the
     * rules are unsure (docs/inference-prior.md). A file, or "" for the table
     * that is built in; NULL: off. */
    const char *prior;
    /** Bundles whose models are begun with, behind @a models and @a fuzzware;
     * ends with NULL; may be NULL. Weights in one stand in for @a prior where
     * that is NULL. Not kept. */
    const fwsim_bundle *const *bundles;
} fwsim_infer_options;

/**
 * From now on answer accesses that no model answers from how the firmware uses
 * the registers: what it waits for, what it tests, what it writes. Runs stay
 * deterministic. Without it, the policy of the region answers.
 *
 * @param opt  NULL for defaults
 * @return 0; FWSIM_EINVAL when it is on already; FWSIM_EBUSY in a callback;
 *         FWSIM_ENOENT, FWSIM_EIO, FWSIM_EFORMAT for a file (the log has line
 *         and column); FWSIM_ENOTSUP in a build without YAML or, for an SVD,
 *         without expat; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_infer_enable(fwsim_machine *m,
                                 const fwsim_infer_options *opt);

/** What inference has done so far; all zero when it is off. */
typedef struct fwsim_infer_stats {
    uint64_t reads, writes; /**< of registers that nobody modelled */
    uint64_t analyses;      /**< times it looked ahead */
    uint64_t reanalyses;    /**< of these, at a place that was known */
    uint64_t instructions;  /**< interpreted in all analyses */
    size_t registers;       /**< found */
    size_t sites;           /**< places in the code that read them */
    size_t memory_bytes;    /**< of the host */
} fwsim_infer_stats;
FWSIM_API void fwsim_infer_stats_get(const fwsim_machine *m,
                                     fwsim_infer_stats *out);

/** A register that was inferred. */
typedef struct fwsim_infer_register {
    uint64_t addr;
    uint8_t width;    /**< bytes */
    const char *role; /**< "control", "status", ...; static */
    uint64_t reads, writes;
    uint32_t ones, zeros; /**< bits that hardware holds so, as it seems */
    uint64_t first_pc;    /**< instruction of the first access */
    unsigned confidence;  /**< percent */
    const char *reason;   /**< for the role, in words; static */
} fwsim_infer_register;

/** The @a index-th of them in order of first use, those of a loaded file
 * first, which may have no reads and writes; false at the end. */
FWSIM_API bool fwsim_infer_register_get(const fwsim_machine *m, size_t index,
                                        fwsim_infer_register *out);

/** Where the firmware wants input, as it seems. */
typedef struct fwsim_infer_stream {
    char name[24];     /**< for fwsim_stream_feed: "0x40004404" */
    uint64_t addr;     /**< of the register that delivers data, */
    bool buffer;       /**< or that holds the address of a buffer to fill */
    uint64_t asked;    /**< reads of the register; bytes of the buffers */
    uint64_t waiting;  /**< bytes that were fed and not yet taken */
    uint64_t first_pc; /**< instruction of the first access */
} fwsim_infer_stream;

/** The @a index-th of them in order of first use; false at the end. */
FWSIM_API bool fwsim_infer_stream_get(const fwsim_machine *m, size_t index,
                                      fwsim_infer_stream *out);

/** An interrupt line that inference has raised. */
typedef struct fwsim_infer_line {
    unsigned line;   /**< of the interrupt controller */
    uint64_t raised; /**< times */
    uint64_t block;  /**< base of the registers that its handler reads; 0:
                        none that nobody models */
} fwsim_infer_line;

/** The @a index-th of them in order of line; false at the end. */
FWSIM_API bool fwsim_infer_line_get(const fwsim_machine *m, size_t index,
                                    fwsim_infer_line *out);

/** A channel that moves data without the core. */
typedef struct fwsim_infer_dma {
    uint64_t address;   /**< register with the address of the buffer */
    uint64_t count;     /**< register with the number of elements */
    uint64_t buffer;    /**< the last one, */
    uint64_t size;      /**< bytes of it */
    bool to_memory;     /**< the buffer is filled, from a stream */
    uint64_t transfers; /**< done */
} fwsim_infer_dma;

/** The @a index-th of them in order of first use; false at the end. */
FWSIM_API bool fwsim_infer_dma_get(const fwsim_machine *m, size_t index,
                                   fwsim_infer_dma *out);

/**
 * Freeze: write what was inferred into a file that a person can review, and
 * that fwsim_infer_options.models takes. What the files of the options have
 * said of registers is in it. The file is written whole or not at all.
 * @return 0; FWSIM_EINVAL when inference is off; FWSIM_EBUSY in a callback;
 *         FWSIM_EIO for the file (the log has the text); FWSIM_ENOMEM
 */
FWSIM_API int fwsim_infer_save(fwsim_machine *m, const char *path);

/**
 * The text of that file.
 * @param put  called with one part after the other, not zero-terminated
 * @return as fwsim_infer_save
 */
FWSIM_API int
fwsim_infer_print(fwsim_machine *m,
                  void (*put)(const char *text, size_t size, void *user),
                  void *user);

/**
 * Feed input to registers that deliver data, and to buffers. Bytes are taken
 * in order, as the firmware reads them; what is left is part of a snapshot.
 *
 * @param stream  fwsim_infer_stream.name; "" or NULL: every one that has no
 *                stream of its own
 * @return 0; FWSIM_EINVAL when inference is off; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_stream_feed(fwsim_machine *m, const char *stream,
                                const void *data, size_t size);

#ifdef __cplusplus
}
#endif

#endif
