/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of the commands about bundles, repositories and the lock file. */
#include "bundle.h"

/* clang-format off */
#define STORE_OPTIONS                                                          \
    { "trust", 0, "DIR", TRUST_DIR,                                            \
      "The trust store: a folder with public keys (*.pem), or with a root "    \
      "document (root.fwb), which alone counts then. Default: "                \
      "$XDG_CONFIG_HOME/fwsim/trust, when it is there." },                     \
    { "trust-key", 0, "FILE", TRUST_KEY,                                       \
      "One more public key to believe, where no root document is. Several "    \
      "times: all of them." },                                                 \
    { "threshold", 0, "COUNT", TRUST_THRESHOLD,                                \
      "Signatures of different keys that are needed, where no root document "  \
      "says it; default 1." },                                                 \
    { "seen", 0, "FILE", TRUST_SEEN,                                           \
      "The file of the last versions that were seen, against old ones in "     \
      "place of new ones; \"\": none. Default: $XDG_STATE_HOME/fwsim/seen." }

#define TRUST_OPTIONS                                                          \
    STORE_OPTIONS,                                                             \
    { "time", 0, "TIME", TRUST_TIME,                                           \
      "The time for expiry: a date such as 2026-11-21, or seconds since 1970; " \
      "default: now." }

#define LOCK_OPTION                                                            \
    { "lock", 0, "FILE", FETCH_LOCK,                                           \
      "The lock file; default fwsim.lock." }

#define CACHE_OPTION                                                           \
    { "cache", 0, "DIR", FETCH_CACHE,                                          \
      "Where fetched bundles are kept; default $XDG_CACHE_HOME/fwsim." }

#define FETCH_OPTIONS                                                          \
    LOCK_OPTION,                                                               \
    CACHE_OPTION,                                                              \
    { "offline", 0, NULL, FETCH_OFFLINE,                                       \
      "Fetch nothing: what is not in the cache is an error." },                \
    { "ca", 0, "FILE", FETCH_CA,                                               \
      "Certificates to believe in place of the system's, in PEM." },           \
    { "pin", 0, "HASH", FETCH_PIN,                                             \
      "SHA-256 of the server's public key (SubjectPublicKeyInfo) in hex, in "  \
      "place of certificates to believe." },                                   \
    { "fetch-timeout", 0, "TIME", FETCH_TIMEOUT,                               \
      "Real time at most for each request, with its retries; default 60s." },  \
    { "retries", 0, "COUNT", FETCH_RETRIES,                                    \
      "Attempts after a broken connection, 429 or 5xx; default 3." },          \
    { "token-file", 0, "FILE", FETCH_TOKEN,                                    \
      "A file with a bearer token for the server." }

#define SIGN_OPTIONS                                                           \
    { "key", 'k', "FILE", SIGN_KEY,                                            \
      "The private key that signs. Required." },                               \
    { "passphrase-file", 0, "FILE", SIGN_PASSPHRASE,                           \
      "A file with the passphrase of an encrypted key." },                     \
    { "time", 0, "TIME", SIGN_TIME,                                            \
      "When it is made: a date such as 2026-11-21, or seconds since 1970; "    \
      "default: $SOURCE_DATE_EPOCH, or now." }

#define DAYS_OPTION(text)                                                      \
    { "days", 0, "COUNT", SIGN_DAYS, text }

#define JSON_OPTION                                                            \
    { "json", 0, NULL, BUNDLE_JSON, "Print a JSON document." }

const cli_option bundle_keygen_options[] = { { 0 } };

const cli_option bundle_build_options[] = {
    { "output", 'o', "FILE", BUNDLE_OUTPUT, "The bundle to write. Required." },
    { "name", 0, "NAME", BUNDLE_NAME,
      "Its name: letters, digits, '.', '_' and '-'. Required." },
    { "version", 0, "COUNT", BUNDLE_VERSION,
      "Its version: 1, and a higher number each time. Required." },
    SIGN_OPTIONS,
    DAYS_OPTION("Days until it expires; default 365."),
    { "soc", 0, "TEXT", BUNDLE_SOC, "The chip it is for." },
    { "vendor", 0, "TEXT", BUNDLE_VENDOR, "The vendor of the chip." },
    { "device", 0, "TEXT", BUNDLE_DEVICE,
      "The identification of the chip, as its vendor has it." },
    { "cpu", 0, "NAME", BUNDLE_CPU, "The core of the chip." },
    { "licence", 0, "SPDX", BUNDLE_LICENCE,
      "Licence of the parts that follow. Required before a part." },
    { "provenance", 0, "TEXT", BUNDLE_PROVENANCE,
      "Where the parts that follow come from. Required before a part." },
    { "part", 0, "KIND=FILE", BUNDLE_PART,
      "A part: models=FILE or names=FILE (models.yaml), board=FILE (memories "
      "of a chip), weights=FILE (of the prior). Several times: all of them." },
    { 0 }
};

const cli_option bundle_sign_options[] = {
    SIGN_OPTIONS,
    { "output", 'o', "FILE", BUNDLE_OUTPUT,
      "Where the document with the new signature goes; default: in place." },
    { 0 }
};

const cli_option bundle_verify_options[] = { TRUST_OPTIONS, { 0 } };
const cli_option bundle_show_options[] = { TRUST_OPTIONS, JSON_OPTION, { 0 } };
const cli_option bundle_diff_options[] = { TRUST_OPTIONS, { 0 } };

const cli_option models_add_options[] = { TRUST_OPTIONS, FETCH_OPTIONS, { 0 } };

const cli_option models_sync_options[] = {
    TRUST_OPTIONS,
    FETCH_OPTIONS,
    { "update", 0, NULL, MODELS_UPDATE,
      "Take the newest versions, and write them into the lock file." },
    { 0 }
};

const cli_option models_list_options[] = {
    LOCK_OPTION, CACHE_OPTION, JSON_OPTION, { 0 }
};
const cli_option models_remove_options[] = { LOCK_OPTION, { 0 } };

const cli_option repo_init_options[] = {
    { "name", 0, "NAME", BUNDLE_NAME, "The name of the repository. Required." },
    SIGN_OPTIONS,
    DAYS_OPTION("Days until its index expires; default 30."),
    STORE_OPTIONS,
    { "root", 0, "FILE", REPO_ROOT, "A root document to publish with it." },
    { 0 }
};

const cli_option repo_publish_options[] = {
    { "name", 0, "NAME", BUNDLE_NAME, "The name of the repository. Required." },
    SIGN_OPTIONS,
    DAYS_OPTION("Days until its index expires; default 30."),
    STORE_OPTIONS,
    { "root", 0, "FILE", REPO_ROOT, "A root document to publish with it." },
    { 0 }
};

const cli_option repo_root_options[] = {
    { "output", 'o', "FILE", BUNDLE_OUTPUT, "The document to write. Required." },
    { "name", 0, "NAME", BUNDLE_NAME, "Whose root it is. Required." },
    { "version", 0, "COUNT", BUNDLE_VERSION,
      "1 for the first one, then one more each time. Required." },
    SIGN_OPTIONS,
    DAYS_OPTION("Days until it expires; default 365."),
    { "root-key", 0, "FILE", ROOT_KEY,
      "A public key that may sign the next root document. Several times: all "
      "of them." },
    { "root-threshold", 0, "COUNT", ROOT_THRESHOLD,
      "How many of them must; default 1." },
    { "index-key", 0, "FILE", INDEX_KEY,
      "A public key that may sign the index of a repository." },
    { "index-threshold", 0, "COUNT", INDEX_THRESHOLD,
      "How many of them must; default 1." },
    { "bundle-key", 0, "FILE", BUNDLE_KEY, "A public key that may sign bundles." },
    { "bundle-threshold", 0, "COUNT", BUNDLE_THRESHOLD,
      "How many of them must; default 1." },
    { "revoke", 0, "FILE", ROOT_REVOKE,
      "A public key whose signatures do not count any more." },
    { 0 }
};
/* clang-format on */
