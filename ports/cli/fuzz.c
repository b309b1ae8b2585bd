/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim fuzz`: a campaign. This process starts instances of afl-fuzz, whose
 * target is this program again ("fwsim fuzz --serve FOLDER"), shows how they get
 * on, and looks at what they find. `fwsim repro`: one input of a campaign.
 */
#include "fuzz.h"
#include "terminal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { JOBS_MAX = 64, LINE_EVERY_S = 10, LAST_EVENTS = 64 };

/* ------------------------------------------------------------------ */
/* The target                                                           */
/* ------------------------------------------------------------------ */

static fwsim_fuzz *served;
static uint64_t *executions; /* seen by the campaign */

/* A file that campaign and targets share; NULL: there is none. */
static uint64_t *map_counters(const char *folder)
{
    char path[FUZZ_PATH];
    size_t size = JOBS_MAX * sizeof(uint64_t);
    int fd = open(fuzz_path(path, folder, "executions"), O_RDWR | O_CREAT, 0666);
    void *at = MAP_FAILED;

    if (fd >= 0 && ftruncate(fd, (off_t)size) == 0)
        at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    return at == MAP_FAILED ? NULL : at;
}

static int serve_one(const uint8_t *data, size_t size)
{
    ++*executions;
    return fwsim_fuzz_one(served, data, size);
}

/* The campaign of a folder, booted. */
static int open_campaign(campaign *c, run_options *opt, char ***argv)
{
    bool done = false;
    int argc, code;

    *argv = fuzz_campaign_load(c->folder, &argc);
    if (!*argv)
        return CLI_INPUT;
    opt->fuzz.command = true;
    c->opt = opt;
    code = run_options_read(opt, argc, *argv, &done);
    if (code == CLI_OK)
        code = fuzz_boot(c);
    if (code != CLI_OK && *c->result.message)
        cli_message("%s", c->result.message);
    return code;
}

static int serve(const char *folder, const char *job)
{
    static campaign c;
    static uint64_t nowhere;
    run_options opt = { 0 };
    char **argv = NULL;
    uint64_t *counters = map_counters(folder);
    unsigned number = (unsigned)atoi(job) % JOBS_MAX;
    int code;

    c.folder = folder;
    code = open_campaign(&c, &opt, &argv);
    served = c.fuzz;
    executions = counters ? &counters[number] : &nowhere;
    if (code == CLI_OK && !fwsim_fuzz_serve(serve_one))
        code = cli_error(CLI_USAGE, "--serve is for afl-fuzz alone");
    fuzz_end(&c);
    run_options_free(&opt);
    free(argv);
    return code;
}

/* ------------------------------------------------------------------ */
/* Folders                                                              */
/* ------------------------------------------------------------------ */

static int make_folders(const campaign *c)
{
    static const char *const names[] = { "", "image", "seeds", "afl",
                                         "findings" };
    char path[FUZZ_PATH];

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (mkdir(fuzz_path(path, c->folder, "%s", names[i]), 0777) &&
            errno != EEXIST)
            return cli_error(CLI_INPUT, "%s: %s", path, strerror(errno));
    return CLI_OK;
}

static int write_seed(const campaign *c, const char *name, const char *data,
                      size_t size)
{
    char path[FUZZ_PATH];
    FILE *out = fopen(fuzz_path(path, c->folder, "seeds/%s", name), "wb");
    bool ok = out && fwrite(data, 1, size, out) == size;

    if (out && fclose(out))
        ok = false;
    return ok ? CLI_OK : cli_error(CLI_INTERNAL, "%s: %s", path,
                                   strerror(errno));
}

/* afl-fuzz wants seeds that are no findings; one that is has been found. */
static int copy_seeds(campaign *c)
{
    struct dirent **names;
    int n = scandir(c->opt->fuzz.seeds, &names, NULL, alphasort), code = CLI_OK;

    if (n < 0)
        return cli_error(CLI_INPUT, "--seeds: %s: %s", c->opt->fuzz.seeds,
                         strerror(errno));
    for (int i = 0; i < n; i++) {
        char path[FUZZ_PATH], *data = NULL;
        struct stat st;
        size_t size = 0;
        bool finding = false;

        fuzz_path(path, c->opt->fuzz.seeds, "%s", names[i]->d_name);
        if (code == CLI_OK && !stat(path, &st) && S_ISREG(st.st_mode)) {
            if ((uint64_t)st.st_size > fwsim_fuzz_max_size(c->fuzz))
                cli_message("%s: %llu bytes; at most %zu are taken, so it is "
                            "left out", path, (unsigned long long)st.st_size,
                            fwsim_fuzz_max_size(c->fuzz));
            else
                code = fuzz_look(c, path, &finding);
            if ((uint64_t)st.st_size <= fwsim_fuzz_max_size(c->fuzz) &&
                !finding && code == CLI_OK &&
                run_read_file(path, &data, &size) && size)
                code = write_seed(c, names[i]->d_name, data, size);
            free(data);
        }
        free(names[i]);
    }
    free(names);
    return code;
}

static int make_seeds(campaign *c)
{
    static const char zeros[16];
    int code = write_seed(c, "zeros", zeros, sizeof(zeros));

    if (code == CLI_OK)
        code = write_seed(c, "text", "hello\n", 6);
    return code == CLI_OK && c->opt->fuzz.seeds ? copy_seeds(c) : code;
}

/* ------------------------------------------------------------------ */
/* afl-fuzz                                                             */
/* ------------------------------------------------------------------ */

static bool is_installed(const char *program)
{
    const char *path = getenv("PATH");
    char file[FUZZ_PATH];

    while (path && *path) {
        size_t n = strcspn(path, ":");

        snprintf(file, sizeof(file), "%.*s/%s", (int)n, path, program);
        if (access(file, X_OK) == 0)
            return true;
        path += n + (path[n] == ':');
    }
    return false;
}

static void become_afl(const campaign *c, uint64_t job)
{
    char seeds[FUZZ_PATH], out[FUZZ_PATH], words[FUZZ_PATH], log[FUZZ_PATH];
    char self[FUZZ_PATH], name[32], number[24], job_number[24];
    char *const argv[] = { "afl-fuzz", job ? "-S" : "-M", name, "-i", seeds,
                           "-o", out, "-x", words, "-s", number, "-t", "5000",
                           "-m", "none", "--", self, "fuzz", "--serve",
                           (char *)c->folder, job_number, NULL };
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    int fd = open(fuzz_path(log, c->folder, "afl/job%" PRIu64 ".log", job),
                  O_WRONLY | O_CREAT | O_TRUNC, 0666);

    if (n < 0 || fd < 0)
        _exit(127);
    self[n] = '\0';
    fuzz_path(seeds, c->folder, "seeds");
    fuzz_path(out, c->folder, "afl");
    fuzz_path(words, c->folder, "dictionary");
    snprintf(name, sizeof(name), "job%" PRIu64, job);
    snprintf(number, sizeof(number), "%" PRIu64, job + 1);
    snprintf(job_number, sizeof(job_number), "%" PRIu64, job);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    setpgid(0, 0); /* Ctrl-C is for us, and we tell them */
    setenv("AFL_NO_UI", "1", 1);
    setenv("AFL_AUTORESUME", "1", 1);
    setenv("AFL_SKIP_CPUFREQ", "1", 1);
    setenv("AFL_NO_AFFINITY", "1", 1);
    setenv("AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "1", 1);
    setenv("AFL_NO_WARN_INSTABILITY", "1", 1);
    /* Where fwsim has sanitizers, afl-fuzz wants to set their options. */
    unsetenv("ASAN_OPTIONS");
    unsetenv("LSAN_OPTIONS");
    unsetenv("UBSAN_OPTIONS");
    execvp(argv[0], argv);
    _exit(127);
}

static uint64_t count_executions(const campaign *c)
{
    uint64_t n = 0;

    for (uint64_t i = 0; c->counters && i < c->opt->fuzz.jobs; i++)
        n += c->counters[i];
    return n;
}

static uint64_t count_inputs(const campaign *c, uint64_t job)
{
    char path[FUZZ_PATH];
    DIR *folder = opendir(fuzz_path(path, c->folder,
                                    "afl/job%" PRIu64 "/queue", job));
    uint64_t n = 0;

    for (const struct dirent *e; folder && (e = readdir(folder));)
        n += !strncmp(e->d_name, "id", 2);
    if (folder)
        closedir(folder);
    return n;
}

/* afl-fuzz writes its own numbers once a minute only, and at its end. */
static void read_stats(campaign *c, double seconds)
{
    c->inputs = 0;
    for (uint64_t i = 0; i < c->opt->fuzz.jobs; i++) {
        char path[FUZZ_PATH], line[256];
        uint64_t edges;
        FILE *in = fopen(fuzz_path(path, c->folder,
                                   "afl/job%" PRIu64 "/fuzzer_stats", i), "r");

        while (in && fgets(line, sizeof(line), in))
            if (sscanf(line, "edges_found : %" SCNu64, &edges) == 1 &&
                edges > c->edges)
                c->edges = edges;
        if (in)
            fclose(in);
        c->inputs += count_inputs(c, i);
    }
    c->execs = count_executions(c) - c->before;
    c->execs_per_s = seconds > 0 ? (double)c->execs / seconds : 0;
}

static void show(const campaign *c, uint64_t seconds)
{
    static uint64_t last = UINT64_MAX;
    bool terminal = isatty(STDOUT_FILENO);

    if (!terminal && last != UINT64_MAX && seconds < last + LINE_EVERY_S)
        return;
    last = seconds;
    printf("%s%" PRIu64 " s  %" PRIu64 " executions, %.0f a second  ",
           terminal ? "\r\033[K" : "", seconds, c->execs, c->execs_per_s);
    printf("%" PRIu64 " edges  %" PRIu64 " inputs  %zu findings%s", c->edges,
           c->inputs, c->finding_count, terminal ? "" : "\n");
    fflush(stdout);
}

static void show_new(const campaign *c, size_t from)
{
    for (; from < c->finding_count; from++)
        printf("%s%s: %s\n", isatty(STDOUT_FILENO) ? "\r\033[K" : "",
               c->findings[from].folder, c->findings[from].text);
}

/* @return the number of those that still run */
static unsigned reap(pid_t *jobs, uint64_t count)
{
    unsigned running = 0;

    for (uint64_t i = 0; i < count; i++) {
        if (jobs[i] && waitpid(jobs[i], NULL, WNOHANG) == jobs[i])
            jobs[i] = 0;
        running += jobs[i] != 0;
    }
    return running;
}

static int watch_jobs(campaign *c, pid_t *jobs)
{
    const struct timespec pause = { 0, 500000000 };
    const uint64_t start = terminal_clock_ns();
    uint64_t limit = c->opt->fuzz.duration_ns, passed = 0;
    int code = CLI_OK;

    while (code == CLI_OK && !terminal_signal() &&
           (!limit || passed < limit) && reap(jobs, c->opt->fuzz.jobs)) {
        size_t before = c->finding_count;

        nanosleep(&pause, NULL);
        passed = terminal_clock_ns() - start;
        read_stats(c, (double)passed / 1e9);
        code = fuzz_triage(c);
        show_new(c, before);
        show(c, passed / 1000000000u);
    }
    c->seconds = (double)passed / 1e9;
    return code;
}

static void end_jobs(campaign *c, pid_t *jobs)
{
    const struct timespec pause = { 0, 100000000 };

    for (uint64_t i = 0; i < c->opt->fuzz.jobs; i++)
        if (jobs[i])
            kill(jobs[i], SIGINT);
    for (unsigned tries = 0; reap(jobs, c->opt->fuzz.jobs) && tries < 100;
         tries++)
        nanosleep(&pause, NULL);
    for (uint64_t i = 0; i < c->opt->fuzz.jobs; i++)
        if (jobs[i]) {
            kill(-jobs[i], SIGKILL);
            waitpid(jobs[i], NULL, 0);
        }
}

/* An instance that has never begun says why in its log. */
static int check_begun(const campaign *c)
{
    char path[FUZZ_PATH], line[512];
    FILE *in;

    if (c->execs || terminal_signal() || c->seconds < 3)
        return CLI_OK;
    cli_message("afl-fuzz has not begun; its last words:");
    in = fopen(fuzz_path(path, c->folder, "afl/job0.log"), "r");
    if (in && fseek(in, -1500, SEEK_END))
        rewind(in);
    while (in && fgets(line, sizeof(line), in))
        fputs(line, stderr);
    if (in)
        fclose(in);
    return CLI_INTERNAL;
}

static int run_jobs(campaign *c)
{
    pid_t jobs[JOBS_MAX] = { 0 };
    int code;

    show_new(c, 0); /* of the seeds */
    c->counters = map_counters(c->folder);
    c->before = count_executions(c);
    terminal_catch_signals();
    for (uint64_t i = 0; i < c->opt->fuzz.jobs; i++) {
        jobs[i] = fork();
        if (jobs[i] == 0)
            become_afl(c, i);
        if (jobs[i] < 0)
            jobs[i] = 0;
    }
    code = watch_jobs(c, jobs);
    end_jobs(c, jobs);
    if (isatty(STDOUT_FILENO))
        putchar('\n');
    read_stats(c, c->seconds);
    if (code == CLI_OK)
        code = fuzz_triage(c);
    return code == CLI_OK ? check_begun(c) : code;
}

/* ------------------------------------------------------------------ */
/* The campaign                                                         */
/* ------------------------------------------------------------------ */

static void cover_queue(campaign *c)
{
    for (uint64_t i = 0; i < c->opt->fuzz.jobs; i++) {
        char folder[FUZZ_PATH], path[FUZZ_PATH];
        struct dirent **names;
        int n = scandir(fuzz_path(folder, c->folder,
                                  "afl/job%" PRIu64 "/queue", i),
                        &names, NULL, alphasort);

        for (int k = 0; k < n; k++) {
            if (!strncmp(names[k]->d_name, "id", 2))
                fuzz_cover(c, fuzz_path(path, folder, "%s", names[k]->d_name));
            free(names[k]);
        }
        if (n >= 0)
            free(names);
    }
}

static int finish(campaign *c)
{
    int code;

    cover_queue(c);
    code = fuzz_blocks_write(c);
    if (code == CLI_OK)
        code = fuzz_report_write(c);
    if (code != CLI_OK)
        return code;
    printf("%zu findings, %zu basic blocks", c->finding_count,
           c->starts.count);
    if (c->wanted)
        printf(", %zu of %zu in %s", c->wanted_covered, c->wanted,
               c->opt->fuzz.blocks);
    printf("; see %s/report.md\n", c->folder);
    return c->finding_count ? CLI_CRASH : CLI_OK;
}

static int run_campaign(campaign *c, int argc, char **argv)
{
    int code;

    if (!c->opt->fuzz.jobs)
        c->opt->fuzz.jobs = 1;
    if (!is_installed("afl-fuzz"))
        return cli_error(CLI_INPUT, "afl-fuzz is not installed (Debian: apt-get "
                                    "install afl++)");
    code = make_folders(c);
    if (code != CLI_OK)
        return code;
    code = fuzz_boot(c);
    if (code != CLI_OK)
        return cli_error(code, "%s", c->result.message);
    if (c->no_input)
        cli_message("warning: the firmware takes no byte of input from registers "
                    "within its boot, so all runs may be alike; see --uart, "
                    "--buffer, --function and --models");
    if ((code = fuzz_campaign_save(c, argc, argv)) != CLI_OK ||
        (code = make_seeds(c)) != CLI_OK ||
        (code = fuzz_dictionary_write(c)) != CLI_OK ||
        (code = run_jobs(c)) != CLI_OK)
        return code;
    return finish(c);
}

int fuzz_main(int argc, char **argv)
{
    static campaign c;
    run_options opt = { .fuzz = { .command = true } };
    bool done = false;
    int code;

    if (argc == 4 && !strcmp(argv[1], "--serve"))
        return serve(argv[2], argv[3]);
    c.opt = &opt;
    code = run_options_read(&opt, argc, argv, &done);
    c.folder = opt.fuzz.output;
    if (code == CLI_OK && !done)
        code = run_campaign(&c, argc, argv);
    fuzz_end(&c);
    run_options_free(&opt);
    return code;
}

/* ------------------------------------------------------------------ */
/* fwsim repro                                                          */
/* ------------------------------------------------------------------ */

/* The folder above a file that holds a campaign. */
static bool find_campaign(const char *input, char *folder)
{
    char file[FUZZ_PATH];

    if (!realpath(input, folder))
        return false;
    for (char *slash; (slash = strrchr(folder, '/')) && slash != folder;) {
        *slash = '\0';
        if (access(fuzz_path(file, folder, "campaign"), R_OK) == 0)
            return true;
    }
    return false;
}

static void put(const char *line, void *user)
{
    fprintf(user, "%s\n", line);
}

static int tell(campaign *c, const char *path)
{
    char *data = NULL;
    size_t size = 0;
    fwsim_fuzz_result r;
    int err;

    if (!run_read_file(path, &data, &size)) {
        free(data);
        return cli_error(CLI_INPUT, "%s: %s", path, strerror(errno));
    }
    err = fwsim_fuzz_run(c->fuzz, data, size, &r);
    if (err) {
        free(data);
        return cli_error(err == FWSIM_ENOSPC ? CLI_INPUT : CLI_INTERNAL,
                         "%s: %s", path, fwsim_errmsg(c->m));
    }
    fwsim_fuzz_report(c->fuzz, &r, put, stdout);
    free(data);
    return r.finding ? CLI_CRASH : cli_flush();
}

static int keep_operand(const cli_option *o, const char *value, void *user)
{
    const char **input = user;

    (void)o;
    if (*input)
        return cli_error(CLI_USAGE, "one input at a time");
    *input = value;
    return CLI_OK;
}

int repro_main(int argc, char **argv)
{
    char folder[PATH_MAX > FUZZ_PATH ? PATH_MAX : FUZZ_PATH];
    run_options opt = { 0 };
    static campaign c;
    const char *input = NULL;
    char **args = NULL;
    bool done = false;
    int code = cli_parse(cli_command_find("repro"), argc, argv, keep_operand,
                         &input, &done);

    if (code != CLI_OK || done)
        return code;
    if (!input)
        return cli_error(CLI_USAGE, "which input? Name a file of a campaign");
    if (access(input, R_OK))
        return cli_error(CLI_INPUT, "%s: %s", input, strerror(errno));
    if (!find_campaign(input, folder))
        return cli_error(CLI_INPUT, "%s: no folder above it holds the file "
                                    "\"campaign\" that \"fwsim fuzz\" writes",
                         input);
    c.folder = folder;
    code = open_campaign(&c, &opt, &args);
    if (code == CLI_OK)
        fwsim_journal_enable(c.m, LAST_EVENTS);
    if (code == CLI_OK)
        code = tell(&c, input);
    fuzz_end(&c);
    run_options_free(&opt);
    free(args);
    return code;
}
