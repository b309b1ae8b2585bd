/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images in tests: from memory, with the error text at hand.
 */
#ifndef FWSIM_TEST_IMAGES_H
#define FWSIM_TEST_IMAGES_H

#include "support.h"

/** An image that must be accepted. */
fwsim_image *image_ok(const void *data, size_t size);
fwsim_image *image_open_ok(const char *path);

/** It must be refused with @a code, and an error text that has the name of
 * the file, @a part, and nothing that printf was not given. */
void image_refused(const void *data, size_t size, int code, const char *part);
void image_open_refused(const char *path, int code, const char *part);

/** The same for a text format. */
fwsim_image *text_ok(const char *text);
void text_refused(const char *text, const char *part);

/** Assert that segment @a index is at @a addr with these bytes. */
void assert_segment(const fwsim_image *img, size_t index, uint64_t addr,
                    const void *bytes, size_t size);

/** The bytes of a file, to free; fails the test when it cannot be read. */
uint8_t *read_file(const char *path, size_t *size);

/** A guest built by the test run; its path is static. */
#define GUEST(name) FWSIM_TEST_FIRMWARE_DIR "/" name ".elf"

#endif
