/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Summaries: what is read can be matched, and what is said of it is in order. */
#include <stdlib.h>
#include <string.h>

#include "infer/model_file.h"
#include "knowledge/knowledge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char models_text[] =
    "fwsim-models: 1\nperipherals:\n"
    "  - base: 0x40000000\n    name: UART\n    size: 0x400\n    registers:\n"
    "      - { offset: 0x00, name: SR, role: unknown, source: svd,"
    " access: read-only, fields: [ { bits: 7, name: TXE, kind: stored,"
    " source: svd } ] }\n"
    "      - { offset: 0x04, name: DR, role: unknown, source: svd }\n"
    "  - base: 0x40000a00\n    name: TIM\n    size: 0x100\n    registers:\n"
    "      - { offset: 0x00, name: CR, width: 2, role: unknown, source: svd }\n"
    "      - { offset: 0x08, name: CNT, role: unknown, source: svd }\n";

static void log_nothing(const fwsim_log_entry *entry, void *user)
{
    (void)user;
    if (!entry->text[0])
        abort();
}

static fwsim_knowledge *some_knowledge(void)
{
    const fwsim__text_source source = { "fuzz", models_text,
                                        sizeof models_text - 1, log_nothing,
                                        NULL };
    fwsim_knowledge *k = calloc(1, sizeof *k);
    fwsim__models *models;

    if (!k || fwsim__models_read(&models, &source) ||
        fwsim__know_add(k, "ACME", "ACME1", models))
        abort();
    return k;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fwsim_identified found[FWSIM_SUMMARY_BLOCKS_MAX];
    static fwsim_knowledge *k;
    size_t count;

    if (!k)
        k = some_knowledge();
    if (fwsim_knowledge_match(k, size ? (const char *)data : "", size, found,
                              &count, log_nothing, NULL)) {
        if (count)
            abort();
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        unsigned sum = 0;

        for (size_t n = 0; n < found[i].count; n++) {
            sum += found[i].candidates[n].confidence;
            if (!*found[i].candidates[n].reason)
                abort();
        }
        if (sum > 100)
            abort();
    }
    return 0;
}
