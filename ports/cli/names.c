/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for the enumerations of fwsim.h. */
#include "cli.h"

const char *cli_format_name(fwsim_format format)
{
    switch (format) {
    case FWSIM_FORMAT_ELF:
        return "ELF";
    case FWSIM_FORMAT_IHEX:
        return "Intel HEX";
    case FWSIM_FORMAT_SREC:
        return "S-record";
    case FWSIM_FORMAT_UF2:
        return "UF2";
    case FWSIM_FORMAT_BIN:
        return "raw binary";
    default:
        return "unknown";
    }
}

const char *cli_arch_name(fwsim_arch arch)
{
    switch (arch) {
    case FWSIM_ARCH_ARM:
        return "arm";
    case FWSIM_ARCH_AARCH64:
        return "aarch64";
    default:
        return "unknown";
    }
}

const char *cli_level_name(fwsim_level level)
{
    switch (level) {
    case FWSIM_LOG_ERROR:
        return "error";
    case FWSIM_LOG_WARN:
        return "warning";
    case FWSIM_LOG_INFO:
        return "info";
    default:
        return "debug";
    }
}
