/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fwsim-modeld: the command line. */
#include "modeld.h"

#include <errno.h>
#include <getopt.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const char help[] =
    "Usage: fwsim-modeld [OPTION]... --cert FILE --cert-key FILE\n"
    "\n"
    "Serves a repository of bundles over HTTPS, and answers what blocks of\n"
    "registers may be (POST /v1/infer). Also: GET /health, GET /metrics.\n"
    "\n"
    "      --listen HOST:PORT  default 127.0.0.1:8443; port 0: any, it is said\n"
    "      --cert FILE         certificate of the server, PEM\n"
    "      --cert-key FILE     its private key, PEM\n"
    "      --repo DIR          repository to serve (fwsim repo init)\n"
    "      --knowledge DIR     SVD files and bundles, for /v1/infer\n"
    "      --sign-key FILE     key that signs answers (fwsim bundle keygen)\n"
    "      --trust DIR         keys of those whose bundles in DIR are believed\n"
    "      --token-file FILE   a bearer token that /v1/infer wants\n"
    "      --chat-url URL      also ask this chat endpoint (OpenAI's interface)\n"
    "                          about blocks that the register maps leave open\n"
    "      --chat-model NAME   its model\n"
    "      --chat-token-file FILE  its bearer token\n"
    "      --chat-ca FILE      its CA, PEM; default: the system's\n"
    "      --rate COUNT        requests a second from one address; 0: any number;\n"
    "                          default 50\n"
    "      --max-body BYTES    of a question; default 262144\n"
    "      --timeout SECONDS   for a connection; default 10\n"
    "      --workers COUNT     connections served at once; default 8\n"
    "      --log FILE          the access log; default: standard error\n"
    "  -h, --help              print this text\n"
    "  -V, --version           print the version\n"
    "\n"
    "Exit codes: 0 after SIGTERM or SIGINT, 2 for the command line, 3 for a\n"
    "file or an address that cannot be used.\n";

enum { EXIT_COMMAND = 2, EXIT_INPUT = 3 };

static void on_signal(int number)
{
    (void)number;
    modeld_stopping = 1;
}

static int usage(const char *what, const char *value)
{
    fprintf(stderr, "fwsim-modeld: %s%s%s\n", what, value ? ": " : "",
            value ? value : "");
    return EXIT_COMMAND;
}

/** A number from @a min to @a max. */
static bool number(const char *text, unsigned long min, unsigned long max,
                   unsigned long *out)
{
    char *end;

    errno = 0;
    *out = strtoul(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno && *out >= min &&
           *out <= max;
}

/** HOST:PORT, [HOST]:PORT; the text is cut in two. */
static bool split(char *text, modeld_options *opt)
{
    char *colon = strrchr(text, ':');
    unsigned long port;

    if (!colon || !number(colon + 1, 0, 65535, &port))
        return false;
    *colon = '\0';
    opt->port = colon + 1;
    opt->host = text;
    if (*text == '[' && colon > text && colon[-1] == ']') {
        colon[-1] = '\0';
        opt->host = text + 1;
    }
    return *opt->host;
}

enum { TOKEN_ROOM = MODELD_TOKEN_MAX + 3 }; /* CR, LF, zero byte */

/** The first line of a file. @param token  TOKEN_ROOM characters */
static char *read_token(const char *path, char *token)
{
    FILE *f = fopen(path, "r");
    const char *why = f ? NULL : strerror(errno);

    if (f && !fgets(token, TOKEN_ROOM, f))
        why = ferror(f) ? strerror(errno) : "it is empty";
    if (f)
        fclose(f);
    token[strcspn(token, "\r\n")] = '\0';
    if (!why && !*token)
        why = "its first line is empty";
    if (!why && strlen(token) > MODELD_TOKEN_MAX)
        why = "its first line is longer than 512 characters";
    for (const char *c = token; !why && *c; c++) {
        if (*c <= ' ' || *c > '~')
            why = "its first line has a blank or a control character";
    }
    if (!why)
        return token;
    fprintf(stderr, "fwsim-modeld: %s: no token in it: %s\n", path, why);
    return NULL;
}

enum {
    LISTEN = 256, CERT, CERT_KEY, REPO, KNOWLEDGE, SIGN_KEY, TRUST, TOKEN_FILE,
    CHAT_URL, CHAT_MODEL, CHAT_TOKEN_FILE, CHAT_CA, RATE, MAX_BODY, TIMEOUT,
    WORKERS, LOG
};

/** An option with a number. @return 0, or an exit code */
static int set_number(modeld_options *opt, int option, const char *text)
{
    unsigned long n;

    switch (option) {
    case RATE:
        if (!number(text, 0, 1000000, &n))
            return usage("--rate wants a number up to 1000000", text);
        opt->rate = (unsigned)n;
        return 0;
    case MAX_BODY:
        if (!number(text, 1, 16 << 20, &n))
            return usage("--max-body wants a number up to 16777216", text);
        opt->body_max = n;
        return 0;
    case TIMEOUT:
        if (!number(text, 1, 3600, &n))
            return usage("--timeout wants seconds from 1 to 3600", text);
        opt->timeout_ms = (unsigned)n * 1000;
        return 0;
    default:
        if (!number(text, 1, MODELD_WORKERS_MAX, &n))
            return usage("--workers wants a number from 1 to 64", text);
        opt->workers = (unsigned)n;
        return 0;
    }
}

static int set(modeld_options *opt, int option, char *value)
{
    static char token[TOKEN_ROOM], chat_token[TOKEN_ROOM];

    switch (option) {
    case LISTEN:
        return split(value, opt) ? 0 : usage("--listen wants HOST:PORT", value);
    case CERT:
        opt->certificate = value;
        return 0;
    case CERT_KEY:
        opt->private_key = value;
        return 0;
    case REPO:
        opt->repository = value;
        return 0;
    case KNOWLEDGE:
        opt->knowledge = value;
        return 0;
    case SIGN_KEY:
        opt->sign_key = value;
        return 0;
    case TRUST:
        opt->trust = value;
        return 0;
    case TOKEN_FILE:
        opt->token = read_token(value, token);
        return opt->token ? 0 : EXIT_INPUT;
    case CHAT_URL:
        opt->chat_url = value;
        return 0;
    case CHAT_MODEL:
        opt->chat_model = value;
        return 0;
    case CHAT_TOKEN_FILE:
        opt->chat_token = read_token(value, chat_token);
        return opt->chat_token ? 0 : EXIT_INPUT;
    case CHAT_CA:
        opt->chat_ca = value;
        return 0;
    case LOG:
        opt->log = value;
        return 0;
    default:
        return set_number(opt, option, value);
    }
}

/** Do the options fit to each other? @return -1, or an exit code */
static int check(const modeld_options *opt)
{
    if (!opt->certificate || !opt->private_key)
        return usage("--cert and --cert-key are needed", NULL);
    if (opt->knowledge && !opt->sign_key)
        return usage("--knowledge needs --sign-key: answers are signed", NULL);
    if (!opt->repository && !opt->knowledge)
        return usage("nothing to serve: --repo, --knowledge, or both", NULL);
    if ((opt->chat_model || opt->chat_token || opt->chat_ca) && !opt->chat_url)
        return usage("the other --chat options need --chat-url", NULL);
    if (!opt->chat_url)
        return -1;
    if (!opt->chat_model || !opt->knowledge)
        return usage("--chat-url needs --chat-model and --knowledge", NULL);
    if (strncmp(opt->chat_url, "https://", 8) != 0)
        return usage("--chat-url wants https://", opt->chat_url);
    if (!modeld_chat_there())
        return usage("--chat-url: this program was built without libjansson",
                     NULL);
    return -1;
}

/** @return -1 to go on, or an exit code */
static int read_options(modeld_options *opt, int argc, char **argv)
{
    static const struct option options[] = {
        { "listen", 1, NULL, LISTEN },     { "cert", 1, NULL, CERT },
        { "cert-key", 1, NULL, CERT_KEY }, { "repo", 1, NULL, REPO },
        { "knowledge", 1, NULL, KNOWLEDGE },
        { "sign-key", 1, NULL, SIGN_KEY }, { "trust", 1, NULL, TRUST },
        { "token-file", 1, NULL, TOKEN_FILE },
        { "chat-url", 1, NULL, CHAT_URL },
        { "chat-model", 1, NULL, CHAT_MODEL },
        { "chat-token-file", 1, NULL, CHAT_TOKEN_FILE },
        { "chat-ca", 1, NULL, CHAT_CA },
        { "rate", 1, NULL, RATE },         { "max-body", 1, NULL, MAX_BODY },
        { "timeout", 1, NULL, TIMEOUT },   { "workers", 1, NULL, WORKERS },
        { "log", 1, NULL, LOG },           { "help", 0, NULL, 'h' },
        { "version", 0, NULL, 'V' },       { 0 }
    };
    int option, code = 0;

    while (!code &&
           (option = getopt_long(argc, argv, "hV", options, NULL)) != -1) {
        if (option == 'h' || option == 'V') {
            if (option == 'h')
                fputs(help, stdout);
            else
                printf("fwsim-modeld %s\n", fwsim_version());
            return 0;
        }
        code = option == '?' ? EXIT_COMMAND : set(opt, option, optarg);
    }
    if (code)
        return code;
    if (optind < argc)
        return usage("what is this for", argv[optind]);
    return check(opt);
}

static void log_entry(const fwsim_log_entry *entry, void *unused)
{
    (void)unused;
    if (entry->level <= FWSIM_LOG_WARN)
        modeld_log("%s", entry->text);
}

/** A folder that is not there is no repository without bundles. */
static bool check_repository(const modeld_options *opt)
{
    struct stat st;
    int e = opt->repository && stat(opt->repository, &st) ? errno : 0;

    if (!opt->repository || (!e && S_ISDIR(st.st_mode)))
        return true;
    modeld_log("--repo %s: %s", opt->repository,
               e ? strerror(e) : "is not a folder");
    return false;
}

/** Read the register maps. */
static bool learn(modeld *server)
{
    fwsim_trust_options how = { .dir = server->opt.trust,
                                .now = (uint64_t)time(NULL),
                                .log = log_entry };
    fwsim_knowledge_stats s;
    fwsim_trust *trust = NULL;
    int err = 0;

    if (!server->opt.knowledge)
        return true;
    if (server->opt.trust)
        err = fwsim_trust_open(&trust, &how);
    if (!err)
        err = fwsim_knowledge_open(&server->knowledge, server->opt.knowledge,
                                   trust, log_entry, NULL);
    fwsim_trust_free(trust);
    if (err) {
        modeld_log("%s: %s", server->opt.knowledge, fwsim_strerror(err));
        return false;
    }
#ifdef __GLIBC__
    malloc_trim(0); /* what reading the files took */
#endif
    fwsim_knowledge_stats_get(server->knowledge, &s);
    modeld_log("%zu chips, %zu peripherals, %zu registers are known", s.chips,
               s.peripherals, s.registers);
    if (!s.chips)
        modeld_log("warning: no register map was read from %s%s",
                   server->opt.knowledge,
                   server->opt.trust ? "" : "; bundles need --trust");
    return true;
}

int main(int argc, char **argv)
{
    modeld server = { .opt = { .host = "127.0.0.1",
                               .port = "8443",
                               .workers = 8,
                               .rate = 50,
                               .timeout_ms = 10000,
                               .body_max = 256 << 10 } };
    struct sigaction action = { .sa_handler = on_signal };
    int code = read_options(&server.opt, argc, argv);

    if (code >= 0)
        return code;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* of a log that nobody reads any more */
    if (!modeld_log_open(server.opt.log))
        return EXIT_INPUT;
    code = EXIT_INPUT;
    if (check_repository(&server.opt) && learn(&server) && modeld_listen(&server) && modeld_serve(&server))
        code = 0;
    fwsim_knowledge_free(server.knowledge);
    modeld_log_close();
    return code;
}
