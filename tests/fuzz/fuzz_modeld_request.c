/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heads of requests to fwsim-modeld: what is not refused is in order. */
#include <stdlib.h>
#include <string.h>

#include "../../ports/modeld/modeld.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = size ? (const char *)data : "";
    size_t end = modeld_head_end(text, size);
    modeld_request r;
    unsigned status;

    if (end > size || (end && memcmp(text + end - 4, "\r\n\r\n", 4) != 0))
        abort();
    status = modeld_request_read(&r, text, end);
    if (status) {
        if (status < 400 || status > 599)
            abort();
        return 0;
    }
    if (r.path[0] != '/' || strlen(r.path) >= sizeof r.path ||
        strpbrk(r.path, " ?\r\n") || strpbrk(r.token, "\r\n") ||
        strpbrk(r.if_range, "\r\n") || strpbrk(r.if_none_match, "\r\n") ||
        (r.length && !r.has_length) || (!r.has_host && !r.is_old))
        abort();
    return 0;
}
