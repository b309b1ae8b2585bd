/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands about bundles, repositories and the lock file: what their files
 * share. Their option tables are in bundle_options.c.
 */
#ifndef FWSIM_CLI_BUNDLE_H
#define FWSIM_CLI_BUNDLE_H

#include "cli.h"

enum { BUNDLE_PATHS = 4096, BUNDLE_LIST = 256 };

/* ids of the options */
enum {
    /* of those that verify: for trust_option. Above those of `run`. */
    TRUST_DIR = 1000, TRUST_KEY, TRUST_THRESHOLD, TRUST_TIME, TRUST_SEEN,
    /* of those that fetch: for fetch_option */
    FETCH_CACHE, FETCH_OFFLINE, FETCH_CA, FETCH_PIN, FETCH_TIMEOUT,
    FETCH_RETRIES, FETCH_TOKEN, FETCH_LOCK,
    /* of those that sign: for sign_option */
    SIGN_KEY, SIGN_PASSPHRASE, SIGN_TIME, SIGN_DAYS,
    /* of one command */
    BUNDLE_OUTPUT, BUNDLE_NAME, BUNDLE_VERSION, BUNDLE_SOC, BUNDLE_VENDOR,
    BUNDLE_DEVICE, BUNDLE_CPU, BUNDLE_LICENCE, BUNDLE_PROVENANCE, BUNDLE_PART,
    BUNDLE_JSON, MODELS_UPDATE, REPO_ROOT, ROOT_KEY, ROOT_THRESHOLD, INDEX_KEY,
    INDEX_THRESHOLD, BUNDLE_KEY, BUNDLE_THRESHOLD, ROOT_REVOKE,
    /* of `run` and `infer` */
    INFER_BUNDLE, INFER_FROM, INFER_SHOW_UPLOAD, INFER_UPLOAD_ADDRESSES,
    INFER_UPLOAD_SYMBOLS
};

/* What inference gets from others: of `run` and `infer`; of `infer`. */
/* clang-format off */
#define BUNDLE_OPTIONS                                                         \
    { "bundle", 0, "FILE|NAME", INFER_BUNDLE,                                  \
      "Begin with the models of a signed bundle: a file, or a name of the "    \
      "lock file. Several times: all of them." },                              \
    { "trust", 0, "DIR", TRUST_DIR,                                            \
      "The trust store with the keys of those whose bundles and answers are "  \
      "believed; see \"fwsim bundle verify\"." },                              \
    { "trust-key", 0, "FILE", TRUST_KEY, "One more public key to believe." },  \
    { "lock", 0, "FILE", FETCH_LOCK, "The lock file; default fwsim.lock." },   \
    { "cache", 0, "DIR", FETCH_CACHE,                                          \
      "Where fetched bundles are kept; default $XDG_CACHE_HOME/fwsim." },      \
    { "offline", 0, NULL, FETCH_OFFLINE,                                       \
      "Fetch and ask nothing; a bundle that is not in the cache is an error." }, \
    { "ca", 0, "FILE", FETCH_CA,                                               \
      "Certificates of servers to believe in place of the system's, in PEM." }, \
    { "pin", 0, "HASH", FETCH_PIN,                                             \
      "SHA-256 of the server's public key in hex, in place of certificates." }, \
    { "token-file", 0, "FILE", FETCH_TOKEN,                                    \
      "A file with a bearer token for the server." },                          \
    { "fetch-timeout", 0, "TIME", FETCH_TIMEOUT,                               \
      "Real time at most for each request; default 60s." }

#define SERVICE_OPTIONS                                                        \
    { "models-from", 0, "URL", INFER_FROM,                                     \
      "Ask a service for the names of registers, and for the roles of those "  \
      "that inference is unsure of. Only a summary goes there: \"docs/model-"  \
      "service.md\" says what is in it. Nothing but names and roles in the "   \
      "file of --output depends on the answer." },                             \
    { "show-upload", 0, NULL, INFER_SHOW_UPLOAD,                               \
      "Print what --models-from would send to standard output, and send "      \
      "nothing." },                                                            \
    { "upload-addresses", 0, NULL, INFER_UPLOAD_ADDRESSES,                     \
      "Let the summary say where registers are and which lines interrupt." },  \
    { "upload-symbols", 0, NULL, INFER_UPLOAD_SYMBOLS,                         \
      "Let the summary name functions." }
/* clang-format on */

extern const cli_option bundle_keygen_options[], bundle_build_options[],
    bundle_sign_options[], bundle_verify_options[], bundle_show_options[],
    bundle_diff_options[], models_add_options[], models_sync_options[],
    models_list_options[], models_remove_options[], repo_init_options[],
    repo_publish_options[], repo_root_options[];

int bundle_keygen_main(int argc, char **argv);
int bundle_build_main(int argc, char **argv);
int bundle_sign_main(int argc, char **argv);
int bundle_verify_main(int argc, char **argv);
int bundle_show_main(int argc, char **argv);
int bundle_diff_main(int argc, char **argv);
int models_add_main(int argc, char **argv);
int models_sync_main(int argc, char **argv);
int models_list_main(int argc, char **argv);
int models_remove_main(int argc, char **argv);
int repo_init_main(int argc, char **argv);
int repo_publish_main(int argc, char **argv);
int repo_root_main(int argc, char **argv);

/** Operands and values that may be given several times; ends with NULL. */
typedef struct bundle_list {
    const char *items[BUNDLE_LIST + 1];
    size_t count;
} bundle_list;

/** @return CLI_OK, or CLI_USAGE after a message */
int bundle_list_add(bundle_list *list, const char *what, const char *item);

/* ------------------------------------------------------------------ */
/* bundle_trust.c                                                       */
/* ------------------------------------------------------------------ */

/** Whom to believe, as the command line says. */
typedef struct trust_request {
    fwsim_trust_options how;
    bundle_list keys;
    char dir[BUNDLE_PATHS], seen[BUNDLE_PATHS];
} trust_request;

/** Serve an option of TRUST_x. @return false: it is another one */
bool trust_option(trust_request *r, const cli_option *option, const char *value,
                  int *code);

/** Open it, with the user's own folders where nothing was said. @return CLI_OK,
 * or an exit code after a message */
int trust_open(fwsim_trust **out, trust_request *r);

/** What to do with a server, as the command line says. */
typedef struct fetch_request {
    fwsim_repo_options how;
    const char *lock; /* path of fwsim.lock */
    char cache[BUNDLE_PATHS], proxy[512], token[1024];
} fetch_request;

/** Serve an option of FETCH_x. @return false: it is another one */
bool fetch_option(fetch_request *r, const cli_option *option, const char *value,
                  int *code);

/** Fill in what was not said. @param url  for the proxy; NULL: none yet */
int fetch_prepare(fetch_request *r, const char *url);

/** Make room on the terminal after progress was shown. */
void fetch_progress_end(void);

/** A key that signs, and when. */
typedef struct sign_request {
    const char *key, *passphrase_file;
    uint64_t time; /* 0: now */
    uint64_t days;
} sign_request;

/** Serve an option of SIGN_x. @return false: it is another one */
bool sign_option(sign_request *r, const cli_option *option, const char *value,
                 int *code);

/** Open the key, and settle the time. */
int sign_open(fwsim_key **key, sign_request *r);

/** Prints warnings and errors of the library. For every `log`. */
void bundle_log(const fwsim_log_entry *entry, void *unused);

/** The exit code of an error that the library has told. */
int bundle_exit(int err);

/** "2026-11-21 08:30:00 UTC". @return @a buf */
const char *bundle_date(uint64_t seconds, char *buf, size_t size);

#endif
