/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "images.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char name[] = "sample.img";

fwsim_image *image_ok(const void *data, size_t size)
{
    log_lines log = { .count = 0 };
    fwsim_image *img = NULL;

    if (fwsim_image_parse(&img, name, data, size,
                          &(fwsim_image_options){ .log = log_collect,
                                                  .log_user = &log }))
        fail_msg("refused: %s", log.line[0].text);
    assert_int_equal(log.count, 0);
    return img;
}

fwsim_image *image_open_ok(const char *path)
{
    log_lines log = { .count = 0 };
    fwsim_image *img = NULL;

    if (fwsim_image_open(&img, path,
                         &(fwsim_image_options){ .log = log_collect,
                                                 .log_user = &log }))
        fail_msg("refused: %s", log.line[0].text);
    return img;
}

static void assert_error(const log_lines *log, const char *file,
                         const char *part)
{
    assert_int_equal(log->count, 1);
    assert_int_equal(log->line[0].level, FWSIM_LOG_ERROR);
    assert_string_equal(log->line[0].origin, "image");
    if (!strstr(log->line[0].text, file) || !strstr(log->line[0].text, part))
        fail_msg("\"%s\" lacks \"%s\" or \"%s\"", log->line[0].text, file,
                 part);
}

void image_refused(const void *data, size_t size, int code, const char *part)
{
    log_lines log = { .count = 0 };
    fwsim_image *img = (fwsim_image *)&log;

    assert_int_equal(
        fwsim_image_parse(&img, name, data, size,
                          &(fwsim_image_options){ .log = log_collect,
                                                  .log_user = &log }),
        code);
    assert_null(img);
    assert_error(&log, name, part);
}

void image_open_refused(const char *path, int code, const char *part)
{
    log_lines log = { .count = 0 };
    fwsim_image *img = (fwsim_image *)&log;

    assert_int_equal(
        fwsim_image_open(&img, path,
                         &(fwsim_image_options){ .log = log_collect,
                                                 .log_user = &log }),
        code);
    assert_null(img);
    assert_error(&log, path, part);
}

fwsim_image *text_ok(const char *text)
{
    return image_ok(text, strlen(text));
}

void text_refused(const char *text, const char *part)
{
    image_refused(text, strlen(text), FWSIM_EFORMAT, part);
}

void assert_segment(const fwsim_image *img, size_t index, uint64_t addr,
                    const void *bytes, size_t size)
{
    const fwsim_segment *s;
    size_t count = fwsim_image_segments(img, &s);

    assert_true(index < count);
    assert_int_equal(s[index].addr, addr);
    assert_int_equal(s[index].size, size);
    assert_memory_equal(s[index].data, bytes, size);
}

uint8_t *read_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data;
    long end;

    if (!f)
        fail_msg("%s cannot be opened", path);
    fseek(f, 0, SEEK_END);
    end = ftell(f);
    rewind(f);
    assert_true(end > 0);
    *size = (size_t)end;
    data = malloc(*size);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *size, f), *size);
    fclose(f);
    return data;
}
