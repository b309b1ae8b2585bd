/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes an application: make_app VERSION FILE. */
#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_SIZE = 1200 };

/** movs r0, #version; bx lr */
static void put_function(uint8_t *at, unsigned version)
{
    const uint8_t code[] = { (uint8_t)version, 0x20, 0x70, 0x47 };

    memcpy(at, code, sizeof code);
}

int main(int argc, char **argv)
{
    static uint8_t bytes[sizeof(image_header) + CODE_SIZE];
    uint8_t *code = bytes + sizeof(image_header);
    image_header h = { .magic = IMAGE_MAGIC, .size = CODE_SIZE };
    FILE *out = argc == 3 ? fopen(argv[2], "wb") : NULL;
    const size_t after_crc = sizeof h.magic + sizeof h.crc;

    if (!out) {
        fprintf(stderr, "make_app VERSION FILE\n");
        return 1;
    }
    h.version = (uint32_t)atoi(argv[1]);
    for (unsigned i = 0; i < CODE_SIZE; i++)
        code[i] = (uint8_t)(i * 7 + h.version);
    put_function(code, h.version);
    put_function(code + CODE_SIZE - 4, h.version);
    memcpy(bytes, &h, sizeof h);
    h.crc = crc32_of(bytes + after_crc, (uint32_t)(sizeof bytes - after_crc), 0);
    memcpy(bytes, &h, sizeof h);
    fwrite(bytes, 1, sizeof bytes, out);
    return fclose(out) ? 1 : 0;
}
