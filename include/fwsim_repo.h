/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Repositories of bundles on HTTPS servers, and the cache and lock file that
 * make a fetch repeatable. docs/model-bundle.md has the layout of a
 * repository. The conventions of fwsim.h hold; nothing here is legal in a
 * callback of a machine. Time-outs are of the host: a network has no other
 * time. No simulation waits for any of this.
 *
 * Every function returns FWSIM_ENOTSUP in a build without libcbor and mbedTLS.
 */
#include "fwsim.h" /* which includes this one, in its order */

#ifndef FWSIM_REPO_H
#define FWSIM_REPO_H

#ifdef __cplusplus
extern "C" {
#endif

/** Called while something is fetched. @a total is 0 when it is not known. */
typedef void (*fwsim_progress_fn)(const char *url, uint64_t done,
                                  uint64_t total, void *user);

/** How to talk to a server. */
typedef struct fwsim_fetch_options {
    const char *ca;    /**< PEM file with certificates; NULL: the system's */
    const char *pin;   /**< SHA-256 of the server's public key
                        * (SubjectPublicKeyInfo) in hex: stands in for `ca`;
                        * host name and dates are checked all the same */
    const char *proxy; /**< "http://host:port"; NULL: none */
    const char *token; /**< bearer token; NULL: none. Never logged */
    unsigned connect_ms; /**< to connect; 0: 10 s */
    unsigned total_ms;   /**< for all, retries included; 0: 60 s. The system
                          * takes its own time to resolve a host name */
    unsigned retries;    /**< after 429, 5xx or a broken connection; with a
                          * back-off. 0: none */
    fwsim_progress_fn progress; /**< NULL: none */
    void *progress_user;
    fwsim_log_fn log; /**< says what failed; NULL for silence */
    void *log_user;
} fwsim_fetch_options;

/**
 * A request of one's own, over TLS 1.2 or better with a verified server.
 *
 * @param url    https://host[:port]/path
 * @param body   sent by POST as JSON; NULL: GET
 * @param limit  bytes of an answer; a larger one is refused
 * @param out    out: the body of the answer with a zero byte behind it; free
 * @return 0 for a status of 200; FWSIM_EINVAL for the URL; FWSIM_ENOENT for
 *         404; FWSIM_EACCES for 401, 403, or a server that is not who it
 *         should be; FWSIM_EIO, FWSIM_ETIMEDOUT; FWSIM_EFORMAT for what is no
 *         HTTP; FWSIM_ENOSPC; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_fetch(const char *url, const char *body, size_t limit,
                          char **out, size_t *size,
                          const fwsim_fetch_options *opt);

/* ------------------------------------------------------------------ */
/* Using a repository                                                   */
/* ------------------------------------------------------------------ */

/** Where bundles come from, and where they are kept. */
typedef struct fwsim_repo_options {
    /** Folder for what was fetched; made when needed. Must be given. Safe with
     * several processes. */
    const char *cache;
    /** Nothing is fetched: what is not in the cache is an error. */
    bool offline;
    fwsim_fetch_options fetch;
} fwsim_repo_options;

/** A bundle that a project uses: a row of fwsim.lock. */
typedef struct fwsim_locked {
    const char *name;
    uint64_t version;
    const char *sha256; /**< of its file, in hex */
    const char *url;    /**< of its repository: https://host/path */
} fwsim_locked;

/**
 * The newest version of a bundle in a repository: fetch and verify the index,
 * and root documents that follow ours.
 *
 * @param out  out: what to lock; strings until fwsim_locked_free
 * @return 0; FWSIM_ENOENT when the repository has no bundle of this name (the
 *         log has the nearest); as fwsim_fetch and fwsim_bundle_open. Offline:
 *         from the index in the cache
 */
FWSIM_API int fwsim_repo_find(fwsim_locked **out, const char *url,
                              const char *name, fwsim_trust *trust,
                              const fwsim_repo_options *opt);
FWSIM_API void fwsim_locked_free(fwsim_locked *locked);

/**
 * The bundle of a row: from the cache when it is there, else from its
 * repository, by its hash alone. Its name, version and signatures are checked
 * at every use.
 * @return as fwsim_fetch and fwsim_bundle_open; FWSIM_EACCES when it is not
 *         the bundle of the row
 */
FWSIM_API int fwsim_repo_open(fwsim_bundle **out, const fwsim_locked *locked,
                              fwsim_trust *trust,
                              const fwsim_repo_options *opt);

/** Is the bundle of a row in the cache, undamaged? */
FWSIM_API bool fwsim_repo_cached(const fwsim_locked *locked,
                                 const fwsim_repo_options *opt);

/** The rows of a lock file. */
typedef struct fwsim_lock fwsim_lock;

/**
 * Read a lock file; one that is not there has no rows.
 * @return 0; FWSIM_EIO; FWSIM_EFORMAT (the log has line and column);
 *         FWSIM_ENOTSUP without YAML; FWSIM_ENOMEM
 */
FWSIM_API int fwsim_lock_open(fwsim_lock **out, const char *path,
                              fwsim_log_fn log, void *log_user);
FWSIM_API void fwsim_lock_free(fwsim_lock *lock);

/** The @a index-th row in order of name; NULL at the end. Until the next
 * change. */
FWSIM_API const fwsim_locked *fwsim_lock_get(const fwsim_lock *lock,
                                             size_t index);
/** Add a row, or replace the one of its name.
 * @return 0; FWSIM_EINVAL for what is no name, hash or URL; FWSIM_ENOMEM */
FWSIM_API int fwsim_lock_put(fwsim_lock *lock, const fwsim_locked *row);
/** @return 0; FWSIM_ENOENT */
FWSIM_API int fwsim_lock_remove(fwsim_lock *lock, const char *name);
/** Write it back, whole or not at all. @return 0; FWSIM_EIO; FWSIM_ENOMEM */
FWSIM_API int fwsim_lock_save(const fwsim_lock *lock, fwsim_log_fn log,
                              void *log_user);

/* ------------------------------------------------------------------ */
/* Making a repository                                                  */
/* ------------------------------------------------------------------ */

/** What a new index says of itself. */
typedef struct fwsim_publication {
    const char *name;          /**< of the repository */
    uint64_t created, expires; /**< seconds since 1970 (UTC) */
    const char *const *bundles; /**< files to add; ends with NULL; may be NULL */
    const char *root;           /**< root document to add; NULL: none */
} fwsim_publication;

/**
 * Add bundles to a folder that a server serves, and write the next index. A
 * bundle of a name that is there replaces it in the index; its file stays.
 *
 * @param dir    made when it is not there
 * @param key    signs the index; fwsim_document_sign adds further signatures
 * @param trust  must accept the bundles, and the index that is there
 * @return 0; FWSIM_EINVAL; FWSIM_EACCES for a version that is not newer;
 *         FWSIM_EIO; as fwsim_bundle_open; then the index is as it was
 */
FWSIM_API int fwsim_repo_publish(const char *dir,
                                 const fwsim_publication *publication,
                                 fwsim_key *key, fwsim_trust *trust,
                                 fwsim_log_fn log, void *log_user);

#ifdef __cplusplus
}
#endif

#endif
