/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `fwsim fuzz` and `fwsim repro`: what their files share. A campaign is a folder:
 *
 *     campaign           the command line, for going on and for repro
 *     image/             the images, as they were
 *     models.yaml        what was learned of registers before the first run
 *     seeds/ dictionary  for afl-fuzz, whose own folder is afl/
 *     findings/          a folder each: input, story.txt
 *     blocks.txt report.md report.json findings.sarif
 */
#ifndef FWSIM_CLI_FUZZ_H
#define FWSIM_CLI_FUZZ_H

#include "run.h"

enum { FUZZ_PATH = 4096, FUZZ_NAME = 128, FUZZ_RECENT = 1 << 14 };

typedef struct fuzz_finding {
    fwsim_verdict verdict;
    uint64_t hash, pc;
    char function[64]; /* "": unknown */
    char *file;        /* NULL: unknown */
    unsigned line;
    char text[400];
    char folder[FUZZ_NAME]; /* below findings/ */
    size_t size;            /* bytes of the input */
    unsigned seen;          /* inputs of afl-fuzz that lead there */
} fuzz_finding;

/** Addresses in ascending order, each once. */
typedef struct fuzz_blocks {
    uint64_t *list;
    size_t count, room;
} fuzz_blocks;

typedef struct campaign {
    const char *folder;
    run_options *opt;
    run_result result; /* of what goes wrong */
    char models[FUZZ_PATH]; /* learned at the beginning */
    bool no_input; /* the firmware takes none from registers, as far as seen */
    fwsim_machine *m;
    fwsim_fuzz *fuzz;
    fuzz_finding *findings;
    size_t finding_count;
    char **seen; /* names of crashes that were looked at */
    size_t seen_count;
    fuzz_blocks starts;  /* of basic blocks that were covered */
    fuzz_blocks covered; /* halfwords of them */
    uint64_t recent[FUZZ_RECENT]; /* of these: need no look */
    size_t wanted, wanted_covered; /* of --blocks */
    /* of afl-fuzz, all instances */
    uint64_t execs, edges, inputs;
    double execs_per_s;
    double seconds;
    uint64_t *counters; /* of executions, one an instance; its targets count */
    uint64_t before;    /* executions of earlier campaigns in the folder */
} campaign;

/** "FOLDER/NAME" in a buffer of FUZZ_PATH. @return it */
char *fuzz_path(char *buf, const char *folder, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* fuzz_target.c */

/** Make the machine, boot it, and prepare the runs. @return CLI_OK, or the exit
 * code with a message in c->result */
int fuzz_boot(campaign *c);
void fuzz_end(campaign *c);
/** Add the blocks that an input covers. */
void fuzz_cover(campaign *c, const char *path);
/** Write blocks.txt, and compare with --blocks. */
int fuzz_blocks_write(campaign *c);
/** Collect words of comparisons for the dictionary of afl-fuzz. */
int fuzz_dictionary_write(campaign *c);

/* fuzz_campaign.c: the file `campaign` */

/** Copy the images and keep the command line. */
int fuzz_campaign_save(campaign *c, int argc, char **argv);
/** The command line of a folder. @return NULL after a message */
char **fuzz_campaign_load(const char *folder, int *argc);

/* fuzz_findings.c */

/** Look at the crashes of afl-fuzz that are new. */
int fuzz_triage(campaign *c);
/** Run one input; a finding is minimised and kept when it is new. */
int fuzz_look(campaign *c, const char *path, bool *finding);

/* fuzz_report.c */
int fuzz_report_write(campaign *c);

#endif
