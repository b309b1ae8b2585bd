/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the commands about bundles have in common: whom to believe, how to talk
 * to servers, keys that sign, and the user's own folders.
 */
#include "bundle.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { DEFAULT_RETRIES = 3, DAY = 86400 };

void bundle_log(const fwsim_log_entry *entry, void *unused)
{
    (void)unused;
    fetch_progress_end();
    if (entry->level <= FWSIM_LOG_WARN)
        cli_message("%s", entry->text);
}

int bundle_exit(int err)
{
    switch (err) {
    case 0:
        return CLI_OK;
    case FWSIM_EINVAL:
        return CLI_USAGE;
    case FWSIM_ENOMEM:
        return cli_error(CLI_INTERNAL, "out of memory");
    default:
        return CLI_INPUT;
    }
}

int bundle_list_add(bundle_list *list, const char *what, const char *item)
{
    if (list->count == BUNDLE_LIST)
        return cli_error(CLI_USAGE, "more than %d %s", BUNDLE_LIST, what);
    list->items[list->count++] = item;
    return CLI_OK;
}

/* ------------------------------------------------------------------ */
/* Times and folders                                                    */
/* ------------------------------------------------------------------ */

const char *bundle_date(uint64_t seconds, char *buf, size_t size)
{
    time_t t = (time_t)seconds;
    struct tm tm;

    if (seconds > INT32_MAX * (uint64_t)100 || !gmtime_r(&t, &tm) ||
        !strftime(buf, size, "%Y-%m-%d %H:%M:%S UTC", &tm))
        snprintf(buf, size, "%" PRIu64 " s", seconds);
    return buf;
}

/** "2026-11-21" or seconds. */
static int read_time(const cli_option *o, const char *text, uint64_t *out)
{
    struct tm tm = { 0 };
    int end = 0;

    if (sscanf(text, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
               &end) == 3 && !text[end] && tm.tm_year >= 1970 &&
        tm.tm_mon >= 1 && tm.tm_mon <= 12 && tm.tm_mday >= 1 &&
        tm.tm_mday <= 31) {
        tm.tm_year -= 1900;
        tm.tm_mon -= 1;
        *out = (uint64_t)timegm(&tm);
        return CLI_OK;
    }
    if (!cli_parse_uint(text, out) && *out)
        return CLI_OK;
    return cli_error(CLI_USAGE, "--%s: \"%s\" is neither a date such as "
                     "2026-11-21 nor seconds since 1970", o->name, text);
}

static int read_count(const cli_option *o, const char *text, uint64_t max,
                      uint64_t *out)
{
    const char *wrong = cli_parse_count(text, out);

    if (!wrong && *out > max)
        wrong = "is too large";
    return wrong ? cli_error(CLI_USAGE, "--%s: \"%s\" %s", o->name, text, wrong)
                 : CLI_OK;
}

/** A path below one of the user's folders (XDG Base Directory, 0.8).
 * @return false: there is no home */
static bool user_path(char *path, const char *variable, const char *below_home,
                      const char *name)
{
    const char *dir = getenv(variable), *home = getenv("HOME");

    if (dir && *dir == '/')
        snprintf(path, BUNDLE_PATHS, "%s/fwsim%s%s", dir, *name ? "/" : "", name);
    else if (home && *home)
        snprintf(path, BUNDLE_PATHS, "%s/%s/fwsim%s%s", home, below_home,
                 *name ? "/" : "", name);
    else
        return false;
    return true;
}

/** Make the folders above a file. */
static void make_folders(const char *path)
{
    char part[BUNDLE_PATHS];

    for (size_t i = 1; path[i]; i++) {
        if (path[i] != '/')
            continue;
        snprintf(part, sizeof(part), "%.*s", (int)i, path);
        mkdir(part, 0700); /* what fails here fails where the file is made */
    }
}

/** The first line of a small file. */
static int read_line(const char *path, char *line, size_t size)
{
    FILE *f = fopen(path, "r");

    if (!f || !fgets(line, (int)size, f)) {
        int code = cli_error(CLI_INPUT, "cannot read %s: %s", path,
                             f ? "it is empty" : strerror(errno));

        if (f)
            fclose(f);
        return code;
    }
    fclose(f);
    line[strcspn(line, "\r\n")] = '\0';
    return CLI_OK;
}

/* ------------------------------------------------------------------ */
/* Trust                                                                */
/* ------------------------------------------------------------------ */

bool trust_option(trust_request *r, const cli_option *option, const char *value,
                  int *code)
{
    uint64_t count;

    switch (option->id) {
    case TRUST_DIR:
        r->how.dir = value;
        break;
    case TRUST_KEY:
        *code = bundle_list_add(&r->keys, "keys", value);
        break;
    case TRUST_THRESHOLD:
        *code = read_count(option, value, 64, &count);
        r->how.threshold = *code ? 0 : (unsigned)count;
        break;
    case TRUST_TIME:
        *code = read_time(option, value, &r->how.now);
        break;
    case TRUST_SEEN:
        r->how.seen = value;
        break;
    default:
        return false;
    }
    return true;
}

int trust_open(fwsim_trust **out, trust_request *r)
{
    if (!r->how.dir &&
        user_path(r->dir, "XDG_CONFIG_HOME", ".config", "trust") &&
        !access(r->dir, F_OK))
        r->how.dir = r->dir;
    if (!r->how.seen &&
        user_path(r->seen, "XDG_STATE_HOME", ".local/state", "seen")) {
        make_folders(r->seen);
        r->how.seen = r->seen;
    }
    if (r->how.seen && !*r->how.seen)
        r->how.seen = NULL;
    if (!r->how.dir && !r->keys.count)
        return cli_error(CLI_USAGE, "nobody is trusted: give --trust-key or "
                         "--trust, or put public keys into "
                         "~/.config/fwsim/trust");
    r->how.keys = r->keys.items;
    if (!r->how.now)
        r->how.now = (uint64_t)time(NULL);
    r->how.log = bundle_log;
    return bundle_exit(fwsim_trust_open(out, &r->how));
}

/* ------------------------------------------------------------------ */
/* Fetching                                                             */
/* ------------------------------------------------------------------ */

static bool shown;

static void show_progress(const char *url, uint64_t done, uint64_t total,
                          void *user)
{
    const char *name = strrchr(url, '/');

    (void)user;
    if (!isatty(STDERR_FILENO))
        return;
    shown = true;
    name = name ? name + 1 : url;
    if (total)
        fprintf(stderr, "\r\033[Kfwsim: %.40s %3u %% of %" PRIu64 " KiB", name,
                (unsigned)(done * 100 / total), (total + 1023) / 1024);
    else
        fprintf(stderr, "\r\033[Kfwsim: %.40s %" PRIu64 " KiB", name,
                done / 1024);
}

void fetch_progress_end(void)
{
    if (shown)
        fputs("\r\033[K", stderr);
    shown = false;
}

bool fetch_option(fetch_request *r, const cli_option *option, const char *value,
                  int *code)
{
    fwsim_fetch_options *f = &r->how.fetch;
    const char *wrong;
    uint64_t number;

    switch (option->id) {
    case FETCH_CACHE:
        r->how.cache = value;
        break;
    case FETCH_OFFLINE:
        r->how.offline = true;
        break;
    case FETCH_CA:
        f->ca = value;
        break;
    case FETCH_PIN:
        f->pin = value;
        if (strlen(value) != 64 ||
            strspn(value, "0123456789abcdefABCDEF") != 64)
            *code = cli_error(CLI_USAGE, "--pin: \"%s\" is no SHA-256: 64 hex "
                              "digits", value);
        break;
    case FETCH_TIMEOUT:
        wrong = cli_parse_time(value, &number);
        if (!wrong && (number < FWSIM_MS(1) || number > FWSIM_S(86400)))
            wrong = "is not between 1 ms and a day";
        if (wrong)
            *code = cli_error(CLI_USAGE, "--fetch-timeout: \"%s\" %s", value,
                              wrong);
        else
            f->total_ms = (unsigned)(number / FWSIM_MS(1));
        break;
    case FETCH_RETRIES:
        if (cli_parse_uint(value, &number) || number > 100)
            *code = cli_error(CLI_USAGE, "--retries: \"%s\" is no number up to "
                              "100", value);
        else
            f->retries = (unsigned)number;
        break;
    case FETCH_TOKEN:
        *code = read_line(value, r->token, sizeof(r->token));
        f->token = r->token;
        break;
    case FETCH_LOCK:
        r->lock = value;
        break;
    default:
        return false;
    }
    return true;
}

/** Is a host one that the proxy is not for? "a.org,.b.org,*" */
static bool without_proxy(const char *host, size_t length)
{
    const char *list = getenv("no_proxy") ? getenv("no_proxy")
                                          : getenv("NO_PROXY");

    while (list && *list) {
        size_t n = strcspn(list, ", ");
        const char *name = list;
        size_t named = n;

        if (n == 1 && *name == '*')
            return true;
        if (named && *name == '.') {
            name++;
            named--;
        }
        if (named && length >= named &&
            !strncasecmp(host + length - named, name, named) &&
            (length == named || host[length - named - 1] == '.'))
            return true;
        list += n + strspn(list + n, ", ");
    }
    return false;
}

static void find_proxy(fetch_request *r, const char *url)
{
    const char *proxy = getenv("https_proxy") ? getenv("https_proxy")
                                              : getenv("HTTPS_PROXY");
    const char *host = strstr(url, "://");
    size_t length;

    if (!proxy || !*proxy || !host)
        return;
    host += 3;
    length = strcspn(host, ":/");
    if (without_proxy(host, length))
        return;
    snprintf(r->proxy, sizeof(r->proxy), "%s", proxy);
    length = strlen(r->proxy);
    if (length && r->proxy[length - 1] == '/')
        r->proxy[length - 1] = '\0';
    r->how.fetch.proxy = r->proxy;
}

int fetch_prepare(fetch_request *r, const char *url)
{
    fwsim_fetch_options *f = &r->how.fetch;

    if (!r->lock)
        r->lock = "fwsim.lock";
    if (!r->how.cache) {
        if (!user_path(r->cache, "XDG_CACHE_HOME", ".cache", ""))
            return cli_error(CLI_USAGE, "no place for fetched bundles: HOME is "
                             "not set; give --cache");
        r->how.cache = r->cache;
    }
    if (!f->ca && getenv("SSL_CERT_FILE"))
        f->ca = getenv("SSL_CERT_FILE");
    if (url)
        find_proxy(r, url);
    f->log = bundle_log;
    f->progress = show_progress;
    return CLI_OK;
}

/* ------------------------------------------------------------------ */
/* Signing                                                              */
/* ------------------------------------------------------------------ */

bool sign_option(sign_request *r, const cli_option *option, const char *value,
                 int *code)
{
    switch (option->id) {
    case SIGN_KEY:
        r->key = value;
        break;
    case SIGN_PASSPHRASE:
        r->passphrase_file = value;
        break;
    case SIGN_TIME:
        *code = read_time(option, value, &r->time);
        break;
    case SIGN_DAYS:
        *code = read_count(option, value, 36500, &r->days);
        break;
    default:
        return false;
    }
    return true;
}

int sign_open(fwsim_key **key, sign_request *r)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    char passphrase[512];
    int code = CLI_OK;

    if (!r->key)
        return cli_error(CLI_USAGE, "no key: --key FILE is needed; \"fwsim "
                         "bundle keygen\" makes one");
    if (!r->time && epoch && cli_parse_uint(epoch, &r->time))
        return cli_error(CLI_USAGE, "SOURCE_DATE_EPOCH: \"%s\" is no number",
                         epoch);
    if (!r->time)
        r->time = (uint64_t)time(NULL);
    if (r->passphrase_file)
        code = read_line(r->passphrase_file, passphrase, sizeof(passphrase));
    if (code == CLI_OK)
        code = bundle_exit(fwsim_key_open(key, r->key,
                                          r->passphrase_file ? passphrase : NULL,
                                          bundle_log, NULL));
    explicit_bzero(passphrase, sizeof(passphrase));
    return code;
}
