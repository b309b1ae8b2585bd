/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Register models in files: models.yaml (docs/models-yaml.md), and what
 * Fuzzware has learned.
 *
 * Readers tell the log file, line, column, what was expected and what was
 * found. They are there when fwsim is built with libyaml; without it they
 * return FWSIM_ENOTSUP and say so.
 */
#ifndef FWSIM_MODEL_FILE_H
#define FWSIM_MODEL_FILE_H

#include "board/text_source.h"
#include "infer/model.h"

enum { FWSIM__MODELS_VERSION = 1 }; /* of models.yaml */

/**
 * Read models.yaml.
 *
 * @param out  out: the models, to free; NULL after an error
 * @return 0; FWSIM_ENOENT, FWSIM_EIO for the file; FWSIM_EFORMAT; FWSIM_ENOTSUP
 *         for another version of the format; FWSIM_ENOMEM
 */
int fwsim__models_read(fwsim__models **out, const fwsim__text_source *source);

/** Read `mmio_models` of a Fuzzware configuration. Returns as above. */
int fwsim__fuzzware_read(fwsim__models **out, const fwsim__text_source *source);

/** Where models.yaml goes, and what its comments may say. */
typedef struct fwsim__models_sink {
    void (*put)(const char *text, size_t n, void *user);
    void *put_user;
    /** Write what is known of an instruction, such as "uart_send (uart.c:7)".
     * May be NULL. @return false: nothing is known */
    bool (*describe)(uint64_t pc, char *text, size_t size, void *user);
    void *describe_user;
} fwsim__models_sink;

/** Write models.yaml: the same models always give the same bytes. */
void fwsim__models_write(const fwsim__models *models,
                         const fwsim__models_sink *sink);

/**
 * Write a file that is there completely or not at all.
 *
 * @param sink  of which `put` is not used; may be NULL
 * @return 0; FWSIM_EIO with a text in the log; FWSIM_ENOMEM
 */
int fwsim__models_save(const fwsim__models *models, const char *path,
                       const fwsim__models_sink *sink, fwsim_log_fn log,
                       void *log_user);

#endif
