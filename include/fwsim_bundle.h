/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signed bundles of register models: who made them is checked before anything
 * in them is looked at. docs/model-bundle.md has the format,
 * docs/threat-model.md what is defended against, and how. The conventions of
 * fwsim.h hold; nothing here is legal in a callback, and nothing reads the
 * clock of the host: the caller says what time it is.
 *
 * Every function returns FWSIM_ENOTSUP in a build without libcbor and mbedTLS.
 */
#include "fwsim.h" /* which includes this one, in its order */

#ifndef FWSIM_BUNDLE_H
#define FWSIM_BUNDLE_H

#ifdef __cplusplus
extern "C" {
#endif

enum {
    FWSIM_KEY_ID_TEXT = 65,           /**< a key id in hex, with its zero byte */
    FWSIM_BUNDLE_SIZE_MAX = 16 << 20, /**< bytes; a larger one is refused */
    FWSIM_BUNDLE_PARTS_MAX = 64
};

/* ------------------------------------------------------------------ */
/* Keys                                                                 */
/* ------------------------------------------------------------------ */

/**
 * Make a P-256 key from the randomness of the operating system, as two files
 * in PEM. Neither file may exist; the private one can be read by its owner
 * only.
 *
 * @param id  out: the id, FWSIM_KEY_ID_TEXT bytes; may be NULL
 * @return 0; FWSIM_EACCES when a file exists; FWSIM_EIO; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_key_generate(const char *private_path,
                                 const char *public_path, char *id,
                                 fwsim_log_fn log, void *log_user);

/**
 * Open a private key.
 *
 * @param out         out: free with fwsim_key_free, which wipes it
 * @param path        PEM or DER: PKCS #8 or SEC 1
 * @param passphrase  of an encrypted one; NULL: none
 * @return 0; FWSIM_ENOENT, FWSIM_EIO; FWSIM_EFORMAT; FWSIM_EACCES without the
 *         right passphrase; FWSIM_ENOTSUP for a key that is not on P-256;
 *         FWSIM_ENOMEM
 */
FWSIM_API int fwsim_key_open(fwsim_key **out, const char *path,
                             const char *passphrase, fwsim_log_fn log,
                             void *log_user);

/** The id of a key in hex: SHA-256 of its public half. As long as the key. */
FWSIM_API const char *fwsim_key_id(const fwsim_key *key);

/** Free a key. NULL is legal. */
FWSIM_API void fwsim_key_free(fwsim_key *key);

/* ------------------------------------------------------------------ */
/* Trust                                                                */
/* ------------------------------------------------------------------ */

/** Whom to believe, and when. */
typedef struct fwsim_trust_options {
    /** Folder with public keys (NAME.pem) and perhaps a root document
     * (root.fwb); NULL: none. With a root document, it alone says which keys
     * count, for what, and how many are needed. */
    const char *dir;
    /** More public keys: PEM files, ends with NULL; may be NULL. They count
     * where no root document is. */
    const char *const *keys;
    /** Signatures needed where no root document says it; 0: 1. */
    unsigned threshold;
    /** Seconds since 1970 (UTC), for expiry. Must be given. */
    uint64_t now;
    /** File with the last versions that were seen of each name: an older one
     * is refused. It need not exist yet. NULL: not kept. */
    const char *seen;
    fwsim_log_fn log; /**< says why something was refused; NULL for silence */
    void *log_user;
} fwsim_trust_options;

/**
 * Read keys, root document and versions.
 * @return 0; FWSIM_EINVAL without `now`; FWSIM_ENOENT, FWSIM_EIO,
 *         FWSIM_EFORMAT for a file; FWSIM_EACCES for a root document that is
 *         not signed as it demands; FWSIM_ENOMEM. With a root document that
 *         has expired one can do nothing but rotate it
 */
FWSIM_API int fwsim_trust_open(fwsim_trust **out,
                               const fwsim_trust_options *opt);

/** Free it. NULL is legal. */
FWSIM_API void fwsim_trust_free(fwsim_trust *trust);

/** Version of the root document; 0: there is none. */
FWSIM_API uint64_t fwsim_trust_root_version(const fwsim_trust *trust);

/**
 * Replace the root document by the next one, in memory and in the folder. It
 * must have the next version, and enough signatures by the root keys of both.
 *
 * @param path  the new document
 * @return 0; as fwsim_bundle_open; then nothing is changed
 */
FWSIM_API int fwsim_trust_rotate(fwsim_trust *trust, const char *path);

/* ------------------------------------------------------------------ */
/* Bundles                                                              */
/* ------------------------------------------------------------------ */

/** What a part of a bundle holds. */
#define FWSIM_PART_MAP(X)                                                      \
    X(MODELS, "models")   /* register models: models.yaml */                   \
    X(NAMES, "names")     /* the same, with names of an SVD and no more */     \
    X(BOARD, "board")     /* memories of a chip */                             \
    X(WEIGHTS, "weights") /* of the prior (docs/inference-prior.md) */         \
    X(CANDIDATES, "candidates") /* what a service has found, in words */

typedef enum fwsim_part_kind {
#define X(name, text) FWSIM_PART_##name,
    FWSIM_PART_MAP(X)
#undef X
    FWSIM_PART_KINDS
} fwsim_part_kind;

/** Name of a kind, "models"; static. */
FWSIM_API const char *fwsim_part_kind_name(fwsim_part_kind kind);

/** A part of a bundle. */
typedef struct fwsim_part {
    fwsim_part_kind kind;
    const char *licence;    /**< SPDX */
    const char *provenance; /**< where it comes from, for people */
    const void *data;       /**< a text of its format, without a zero byte */
    size_t size;
} fwsim_part;

/** What a bundle is for. NULL: it does not say. */
typedef struct fwsim_bundle_target {
    const char *soc;    /**< "STM32F103" */
    const char *vendor; /**< "ST" */
    const char *device; /**< identification of the chip, as the vendor has it */
    const char *cpu;    /**< a name of fwsim_cpus */
} fwsim_bundle_target;

/** A signature of a bundle. */
typedef struct fwsim_signer {
    char key_id[FWSIM_KEY_ID_TEXT];
    bool counts; /**< the key may sign this; else it was revoked */
} fwsim_signer;

/** A bundle: what is in it. */
typedef struct fwsim_bundle_info {
    const char *name;  /**< letters, digits, '.', '_' and '-' */
    uint64_t version;  /**< grows */
    uint64_t created;  /**< seconds since 1970 (UTC) */
    uint64_t expires;  /**< the same */
    fwsim_bundle_target target;
    const fwsim_part *parts;
    size_t part_count;
    /* Of a bundle that was opened; not looked at by fwsim_bundle_write. */
    const fwsim_signer *signers;
    size_t signer_count;
    char sha256[65]; /**< of the file, in hex */
    size_t size;     /**< of the file, in bytes */
} fwsim_bundle_info;

/**
 * Open a bundle: check who signed it, when it ends and that it is not older
 * than the last one seen, then read it.
 *
 * @param out    out: free with fwsim_bundle_free
 * @param trust  not kept
 * @return 0; FWSIM_ENOENT, FWSIM_EIO for the file; FWSIM_EFORMAT when it is
 *         damaged; FWSIM_EACCES when it is not signed as it must be, has
 *         expired or is too old; FWSIM_ENOTSUP when it needs a newer fwsim;
 *         FWSIM_ENOSPC when it is too large; FWSIM_ENOMEM. The log of the
 *         trust says why.
 */
FWSIM_API int fwsim_bundle_open(fwsim_bundle **out, const char *path,
                                const fwsim_trust *trust);

/** The same from memory. @a name is for messages; @a data is copied. */
FWSIM_API int fwsim_bundle_parse(fwsim_bundle **out, const char *name,
                                 const void *data, size_t size,
                                 const fwsim_trust *trust);

/** What is in it, as long as the bundle. */
FWSIM_API const fwsim_bundle_info *
fwsim_bundle_info_get(const fwsim_bundle *bundle);

/** The memories of its board, for fwsim_board_for_image; NULL: it has none.
 * As long as the bundle. Models and weights are for
 * fwsim_infer_options.bundles. */
FWSIM_API const fwsim_map *fwsim_bundle_map(const fwsim_bundle *bundle);

/**
 * From now on refuse older versions of this bundle: note it in the file of
 * fwsim_trust_options.seen. Nothing happens without one.
 * @return 0; FWSIM_EIO; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_bundle_remember(const fwsim_bundle *bundle,
                                    fwsim_trust *trust);

/** Free a bundle. NULL is legal. */
FWSIM_API void fwsim_bundle_free(fwsim_bundle *bundle);

/**
 * Write a signed bundle, whole or not at all. Parts are checked as if they
 * were read.
 *
 * @return 0; FWSIM_EINVAL for what a reader would refuse (told to the log);
 *         FWSIM_EIO; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_bundle_write(const char *path,
                                 const fwsim_bundle_info *info, fwsim_key *key,
                                 fwsim_log_fn log, void *log_user);

/**
 * Add a signature to a signed document: a bundle, a root, an index.
 * @return 0; FWSIM_EINVAL when the key has signed it already; FWSIM_ENOSPC
 *         after 16; FWSIM_EFORMAT; FWSIM_ENOENT, FWSIM_EIO; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_document_sign(const char *path, const char *to,
                                  fwsim_key *key, fwsim_log_fn log,
                                  void *log_user);

/* ------------------------------------------------------------------ */
/* Root documents                                                       */
/* ------------------------------------------------------------------ */

/** What a key may sign. */
#define FWSIM_ROLE_KEY_MAP(X)                                                  \
    X(ROOT, "root")     /* the next root document */                           \
    X(INDEX, "index")   /* the index of a repository */                        \
    X(BUNDLE, "bundle") /* bundles */

typedef enum fwsim_key_role {
#define X(name, text) FWSIM_KEY_ROLE_##name,
    FWSIM_ROLE_KEY_MAP(X)
#undef X
    FWSIM_KEY_ROLES
} fwsim_key_role;

/** The keys of a role, and how many of them must have signed. */
typedef struct fwsim_role_keys {
    const char *const *keys; /**< public keys: PEM files, ends with NULL */
    unsigned threshold;      /**< 1 to the number of keys */
} fwsim_role_keys;

/** A root document: which keys count. */
typedef struct fwsim_root {
    const char *name;
    uint64_t version; /**< 1, then the one after the last */
    uint64_t created, expires; /**< seconds since 1970 (UTC) */
    fwsim_role_keys roles[FWSIM_KEY_ROLES];
    /** Keys whose signatures do not count any more: PEM files, ends with NULL;
     * may be NULL. They are known still: a document that one of them has
     * signed beside others is not refused for it. */
    const char *const *revoked;
} fwsim_root;

/** Write a root document, whole or not at all, signed by @a key.
 * fwsim_document_sign adds further signatures. Returns as
 * fwsim_bundle_write. */
FWSIM_API int fwsim_root_write(const char *path, const fwsim_root *root,
                               fwsim_key *key, fwsim_log_fn log,
                               void *log_user);

#ifdef __cplusplus
}
#endif

#endif
