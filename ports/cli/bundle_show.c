/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `fwsim bundle verify`, `show` and `diff`: looking at bundles. Nothing is
 * shown of a bundle that is not believed. */
#include "bundle.h"
#include "json.h"

#include <errno.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

typedef struct show_request {
    trust_request trust;
    bundle_list files;
    bool json;
} show_request;

static int show_option(const cli_option *option, const char *value, void *user)
{
    show_request *r = user;
    int code = CLI_OK;

    if (!option)
        return bundle_list_add(&r->files, "files", value);
    if (!trust_option(&r->trust, option, value, &code))
        r->json = true;
    return code;
}

/** Read the command line and open the trust. @a r is to be freed */
static int begin(show_request **r, fwsim_trust **trust, const char *command,
                 size_t files, int argc, char **argv, bool *done)
{
    int code;

    *trust = NULL;
    *r = calloc(1, sizeof(**r));
    if (!*r)
        return cli_error(CLI_INTERNAL, "out of memory");
    code = cli_parse(cli_command_find(command), argc, argv, show_option, *r,
                     done);
    if (code != CLI_OK || *done)
        return code;
    if (files ? (*r)->files.count != files : !(*r)->files.count)
        return cli_error(CLI_USAGE, files == 2 ? "two bundles are compared"
                                               : "no bundle to look at");
    return trust_open(trust, &(*r)->trust);
}

static int end(show_request *r, fwsim_trust *trust, int code)
{
    fwsim_trust_free(trust);
    free(r);
    return code;
}

/* ------------------------------------------------------------------ */
/* verify                                                               */
/* ------------------------------------------------------------------ */

static int verify(const char *path, const fwsim_trust *trust)
{
    const fwsim_bundle_info *info;
    fwsim_bundle *bundle;
    int code = bundle_exit(fwsim_bundle_open(&bundle, path, trust));
    unsigned counted = 0;

    if (code != CLI_OK)
        return code;
    info = fwsim_bundle_info_get(bundle);
    for (size_t i = 0; i < info->signer_count; i++)
        counted += info->signers[i].counts;
    printf("%s: %s %" PRIu64 ", %u good %s\n", path, info->name, info->version,
           counted, counted == 1 ? "signature" : "signatures");
    fwsim_bundle_free(bundle);
    return CLI_OK;
}

int bundle_verify_main(int argc, char **argv)
{
    fwsim_trust *trust;
    show_request *r;
    bool done = false;
    int worst = begin(&r, &trust, "bundle verify", 0, argc, argv, &done);

    for (size_t i = 0; trust && i < r->files.count; i++) {
        int code = verify(r->files.items[i], trust);

        worst = worst == CLI_OK ? code : worst;
    }
    return end(r, trust, worst);
}

/* ------------------------------------------------------------------ */
/* show                                                                 */
/* ------------------------------------------------------------------ */

static void row(FILE *out, const char *name, const char *value)
{
    if (value)
        fprintf(out, "%-11s %s\n", name, value);
}

static void print_info(FILE *out, const fwsim_bundle_info *info, bool parts)
{
    char date[64];

    fprintf(out, "%-11s %s\n%-11s %" PRIu64 "\n", "name:", info->name,
            "version:", info->version);
    row(out, "created:", bundle_date(info->created, date, sizeof(date)));
    row(out, "expires:", bundle_date(info->expires, date, sizeof(date)));
    row(out, "soc:", info->target.soc);
    row(out, "vendor:", info->target.vendor);
    row(out, "device:", info->target.device);
    row(out, "cpu:", info->target.cpu);
    row(out, "sha256:", info->sha256);
    for (size_t i = 0; i < info->signer_count; i++)
        fprintf(out, "%-11s %s%s\n", "signed by:", info->signers[i].key_id,
                info->signers[i].counts ? "" : " (does not count)");
    for (size_t i = 0; i < info->part_count; i++) {
        const fwsim_part *p = &info->parts[i];

        fprintf(out, "\npart %zu: %s, %zu bytes\n", i + 1,
                fwsim_part_kind_name(p->kind), p->size);
        row(out, "licence:", p->licence);
        row(out, "provenance:", p->provenance);
        if (parts)
            fprintf(out, "\n%.*s", (int)p->size, (const char *)p->data);
    }
}

static void json_info(json *j, const fwsim_bundle_info *info)
{
    json_object(j, NULL);
    json_string(j, "name", info->name);
    json_uint(j, "version", info->version);
    json_uint(j, "created", info->created);
    json_uint(j, "expires", info->expires);
    json_string(j, "soc", info->target.soc);
    json_string(j, "vendor", info->target.vendor);
    json_string(j, "device", info->target.device);
    json_string(j, "cpu", info->target.cpu);
    json_string(j, "sha256", info->sha256);
    json_uint(j, "size", info->size);
    json_array(j, "signers");
    for (size_t i = 0; i < info->signer_count; i++) {
        json_object(j, NULL);
        json_string(j, "key", info->signers[i].key_id);
        json_bool(j, "counts", info->signers[i].counts);
        json_object_end(j);
    }
    json_array_end(j);
    json_array(j, "parts");
    for (size_t i = 0; i < info->part_count; i++) {
        const fwsim_part *p = &info->parts[i];

        json_object(j, NULL);
        json_string(j, "kind", fwsim_part_kind_name(p->kind));
        json_string(j, "licence", p->licence);
        json_string(j, "provenance", p->provenance);
        json_bytes(j, "data", p->data, p->size);
        json_object_end(j);
    }
    json_array_end(j);
    json_object_end(j);
    json_end(j);
}

int bundle_show_main(int argc, char **argv)
{
    fwsim_trust *trust;
    show_request *r;
    fwsim_bundle *bundle;
    bool done = false;
    int code = begin(&r, &trust, "bundle show", 1, argc, argv, &done);

    if (code != CLI_OK || done)
        return end(r, trust, code);
    code = bundle_exit(fwsim_bundle_open(&bundle, r->files.items[0], trust));
    if (code == CLI_OK) {
        if (r->json)
            json_info(&(json){ .out = stdout }, fwsim_bundle_info_get(bundle));
        else
            print_info(stdout, fwsim_bundle_info_get(bundle), true);
        fwsim_bundle_free(bundle);
    }
    return end(r, trust, code);
}

/* ------------------------------------------------------------------ */
/* diff                                                                 */
/* ------------------------------------------------------------------ */

/** What `show` prints, in a file of its own. @a path  in: pattern, out: file */
static int write_text(const char *bundle_path, const fwsim_trust *trust,
                      char *path)
{
    fwsim_bundle *bundle;
    int code = bundle_exit(fwsim_bundle_open(&bundle, bundle_path, trust));
    int fd;
    FILE *f;

    if (code != CLI_OK) {
        *path = '\0';
        return code;
    }
    fd = mkstemp(path);
    f = fd < 0 ? NULL : fdopen(fd, "w");
    if (f) {
        print_info(f, fwsim_bundle_info_get(bundle), true);
        code = fclose(f) ? CLI_INTERNAL : CLI_OK;
    } else {
        code = CLI_INTERNAL;
    }
    fwsim_bundle_free(bundle);
    return code == CLI_OK ? code
                          : cli_error(code, "cannot write %s: %s", path,
                                      strerror(errno));
}

/** diff -u; 1 means that they differ, which is no failure. */
static int run_diff(const char *a, const char *b, const char *a_name,
                    const char *b_name)
{
    char *args[] = { "diff", "-u", "--label", (char *)a_name, "--label",
                     (char *)b_name, (char *)a, (char *)b, NULL };
    int status = 0;
    pid_t pid;

    fflush(stdout);
    if (posix_spawnp(&pid, "diff", NULL, NULL, args, environ) ||
        waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
        WEXITSTATUS(status) > 1)
        return cli_error(CLI_INTERNAL, "diff cannot be run (Debian: diffutils)");
    return CLI_OK;
}

int bundle_diff_main(int argc, char **argv)
{
    char a[] = "/tmp/fwsim-diff-XXXXXX", b[] = "/tmp/fwsim-diff-XXXXXX";
    fwsim_trust *trust;
    show_request *r;
    bool done = false;
    int code = begin(&r, &trust, "bundle diff", 2, argc, argv, &done);

    if (code != CLI_OK || done)
        return end(r, trust, code);
    code = write_text(r->files.items[0], trust, a);
    if (code != CLI_OK)
        return end(r, trust, code);
    code = write_text(r->files.items[1], trust, b);
    if (code == CLI_OK)
        code = run_diff(a, b, r->files.items[0], r->files.items[1]);
    unlink(a);
    if (*b)
        unlink(b);
    return end(r, trust, code);
}
