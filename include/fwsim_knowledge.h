/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Help for inference from those who know register maps: a summary of what a
 * firmware did with its registers, candidates for what they are, and what of
 * that is taken over. docs/model-service.md tells the whole story. The
 * conventions of fwsim.h hold; nothing here is legal in a callback.
 */
#include "fwsim.h" /* which includes this one, in its order */

#ifndef FWSIM_KNOWLEDGE_H
#define FWSIM_KNOWLEDGE_H

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ */
/* Asking                                                               */
/* ------------------------------------------------------------------ */

/** What a summary may say. All false: offsets, widths, directions, counts,
 * masks tested, lengths of polls, use of interrupts, and the name of the core.
 * Code and data are never in it. */
typedef struct fwsim_summary_options {
    bool addresses; /**< where the registers are, and which lines interrupt */
    bool symbols;   /**< functions that used a register first */
} fwsim_summary_options;

/**
 * Print what is known of the registers that nobody modelled, in JSON: what a
 * service is asked with, to the byte. The same run gives the same text.
 *
 * @param opt  NULL for defaults
 * @param put  called with one part after the other, not zero-terminated
 * @return 0; FWSIM_EINVAL when inference is off; FWSIM_EBUSY in a callback;
 *         FWSIM_ENOMEM
 */
FWSIM_API int
fwsim_infer_summary(fwsim_machine *m, const fwsim_summary_options *opt,
                    void (*put)(const char *text, size_t size, void *user),
                    void *user);

/**
 * Take over what an answer says: names of registers and fields, and roles of
 * registers that inference itself is less sure of than @a below. What does not
 * fit to what the firmware did is left out, and told to the log. Only what
 * fwsim_infer_save writes changes by it, with its source; no access is answered
 * otherwise.
 *
 * @param answer  a bundle that answers the summary of this machine
 * @param below   percent: roles below this confidence are given away; 0: none
 * @param taken   out: registers that were given a name or a role; may be NULL
 * @return 0; FWSIM_EINVAL when inference is off; FWSIM_EBUSY in a callback;
 *         FWSIM_ENOMEM
 */
FWSIM_API int fwsim_infer_advise(fwsim_machine *m, const fwsim_bundle *answer,
                                 unsigned below, size_t *taken);

/** How to ask a service. */
typedef struct fwsim_ask_options {
    fwsim_summary_options upload;
    /** Percent: roles that inference is less sure of are given away. */
    unsigned below;
    fwsim_fetch_options fetch;
} fwsim_ask_options;

/**
 * Ask a service about the registers of this machine: upload the summary, check
 * the answer, take it over. After an error nothing is changed: go on without.
 *
 * @param url    of the service: https://host[:port]/
 * @param trust  whose answers to believe
 * @param opt    NULL: names are taken over, roles are not
 * @param taken  out: registers that were given a name or a role; may be NULL
 * @return 0; as fwsim_fetch, fwsim_bundle_parse and fwsim_infer_advise;
 *         FWSIM_EACCES also for the answer to another question
 */
FWSIM_API int fwsim_infer_ask(fwsim_machine *m, const char *url,
                              const fwsim_trust *trust,
                              const fwsim_ask_options *opt, size_t *taken);

/* ------------------------------------------------------------------ */
/* Answering                                                            */
/* ------------------------------------------------------------------ */

/** Register maps of many chips, with an index. Read-only once it is open: it
 * may be asked by several threads at once. */
typedef struct fwsim_knowledge fwsim_knowledge;

/**
 * Read a folder, and those in it: CMSIS-SVD files (*.svd), and bundles (*.fwb)
 * that @a trust believes. A file that cannot be read is left out, with a
 * warning.
 *
 * @param trust  NULL: no bundles
 * @return 0; FWSIM_ENOENT, FWSIM_EIO for the folder; FWSIM_ENOTSUP without
 *         expat and YAML; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_knowledge_open(fwsim_knowledge **out, const char *dir,
                                   const fwsim_trust *trust, fwsim_log_fn log,
                                   void *log_user);
FWSIM_API void fwsim_knowledge_free(fwsim_knowledge *k);

/** How much it knows. */
typedef struct fwsim_knowledge_stats {
    size_t chips, peripherals, registers;
} fwsim_knowledge_stats;
FWSIM_API void fwsim_knowledge_stats_get(const fwsim_knowledge *k,
                                         fwsim_knowledge_stats *out);

enum { FWSIM_CANDIDATES_MAX = 5, FWSIM_SUMMARY_BLOCKS_MAX = 256 };

/** What a block of registers may be. */
typedef struct fwsim_candidate {
    const char *vendor, *chip, *peripheral; /**< as long as the knowledge */
    unsigned confidence;                    /**< percent */
    char reason[160];
} fwsim_candidate;

/** A block of a summary with what it may be, most likely first. */
typedef struct fwsim_identified {
    unsigned block; /**< as in the summary */
    size_t count;   /**< of candidates; 0: nothing is like it */
    fwsim_candidate candidates[FWSIM_CANDIDATES_MAX];
} fwsim_identified;

/**
 * What the blocks of a summary may be.
 *
 * @param summary  of fwsim_infer_summary; @a size bytes of somebody else
 * @param out      out: FWSIM_SUMMARY_BLOCKS_MAX of them
 * @param count    out: how many
 * @return 0; FWSIM_EFORMAT (the log has line and column); FWSIM_ENOTSUP;
 *         FWSIM_ENOMEM
 */
FWSIM_API int fwsim_knowledge_match(const fwsim_knowledge *k,
                                    const char *summary, size_t size,
                                    fwsim_identified *out, size_t *count,
                                    fwsim_log_fn log, void *log_user);

enum { FWSIM_GUESS_NAME = 33, FWSIM_GUESS_REGISTERS = 64 };

/** What somebody who has no register maps makes of a block. */
typedef struct fwsim_guess {
    char peripheral[FWSIM_GUESS_NAME]; /**< "UART"; letters, digits, '_' */
    unsigned confidence;               /**< percent */
    size_t count;
    struct fwsim_guess_register {
        unsigned offset;
        unsigned confidence; /**< percent, of the role */
        char name[FWSIM_GUESS_NAME];
        char role[FWSIM_GUESS_NAME]; /**< as in models.yaml: "status" */
    } registers[FWSIM_GUESS_REGISTERS];
} fwsim_guess;

/** A second source for blocks that the knowledge is unsure about. */
typedef struct fwsim_second_source {
    const char *name; /**< for people: "chat endpoint acme-7b" */
    unsigned below;   /**< percent: asked when the first candidate has less */
    /** Called for one block after the other. @param summary  of this block
     * alone, without address and symbols, zero-terminated. @return false: it
     * has nothing to say */
    bool (*ask)(const char *summary, fwsim_guess *out, void *user);
    void *user;
} fwsim_second_source;

/**
 * The same as a signed bundle: a part with the candidates in words, and a part
 * with the registers of each block's first one. A guess of the second source
 * is checked against what the firmware did; what contradicts it is left out,
 * and the rest has a confidence of 40 percent at most.
 *
 * @param key     signs it
 * @param second  NULL: none
 * @param now     seconds since 1970 (UTC): when it is made; it ends a day later
 * @param out   out: the bundle; free
 * @return as fwsim_knowledge_match; FWSIM_EACCES for the key
 */
FWSIM_API int fwsim_knowledge_answer(const fwsim_knowledge *k,
                                     const char *summary, size_t size,
                                     const fwsim_second_source *second,
                                     fwsim_key *key, uint64_t now, char **out,
                                     size_t *out_size, fwsim_log_fn log,
                                     void *log_user);

#ifdef __cplusplus
}
#endif

#endif
