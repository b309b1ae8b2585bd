/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts of faults: what is printed is read as the same, and can be armed. The
 * same text as a pattern: each case has a text.
 */
#include <stdlib.h>
#include <string.h>

#include "fwsim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_sweep(fwsim_machine *m, const char *pattern)
{
    char text[FWSIM_INJECT_TEXT_MAX];
    fwsim_sweep *s;
    size_t n;

    if (fwsim_sweep_new(&s, m, pattern))
        return;
    n = fwsim_sweep_cases(s);
    if (!n || n % fwsim_sweep_moments(s))
        abort();
    for (size_t i = 0; i < n; i += n / 16 + 1)
        if (strlen(fwsim_sweep_text(s, i, text, sizeof text)) >= sizeof text)
            abort();
    fwsim_sweep_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fwsim_machine *m;
    fwsim_inject_fault f, again;
    char printed[FWSIM_INJECT_TEXT_MAX];
    char *text = malloc(size + 1);

    if (!text || (!m && fwsim_new(&m, fwsim_board_find("bbc_microbit"), NULL)))
        abort();
    memcpy(text, size ? (const char *)data : "", size);
    text[size] = '\0';
    if (fwsim_inject_parse(m, text, &f) == 0) {
        fwsim_inject_print(&f, printed, sizeof printed);
        if (fwsim_inject_parse(m, printed, &again) ||
            memcmp(&f, &again, sizeof f) != 0)
            abort();
        if (fwsim_inject(m, &f) > 0 && fwsim_inject_clear(m))
            abort();
    }
    check_sweep(m, text);
    free(text);
    return 0;
}
