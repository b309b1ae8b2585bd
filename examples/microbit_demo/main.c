/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MicroPython on a simulated micro:bit: Debian's image, as it is. On a
 * terminal the prompt is the user's; otherwise a short script is typed.
 *
 *     microbit_demo [--script] [IMAGE]
 */
#include "microbit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEBIAN_IMAGE "/usr/share/firmware-microbit-micropython/firmware.hex"

static bool on_terminal(void)
{
    const char *kind = getenv("TERM");

    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && kind && *kind &&
           strcmp(kind, "dumb") != 0;
}

static int demo(const char *image, bool script)
{
    fwsim_machine *m = microbit_new(image);
    int code;

    if (!m)
        return 1;
    code = script ? demo_script(m) : demo_terminal(m);
    fwsim_free(m);
    return code;
}

int main(int argc, char **argv)
{
    bool script = argc > 1 && !strcmp(argv[1], "--script");
    const char *image = argv[script ? 2 : 1];

    setlocale(LC_CTYPE, "");
    if (argc > (script ? 3 : 2) || (image && image[0] == '-')) {
        fprintf(stderr, "usage: microbit_demo [--script] [IMAGE]\n");
        return 2;
    }
    if (!image)
        image = DEBIAN_IMAGE;
    if (access(image, R_OK) != 0) {
        fprintf(stderr,
                "demo: there is no %s\n"
                "Debian has it in a package: apt install "
                "firmware-microbit-micropython\n",
                image);
        return 1;
    }
    return demo(image, script || !on_terminal());
}
