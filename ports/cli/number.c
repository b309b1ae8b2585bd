/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers on the command line and in messages. */
#include "cli.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct unit {
    const char *name;
    uint64_t factor;
} unit;

/* Ends with a factor of 0. */
static const unit count_units[] = {
    { "", 1 }, { "k", 1000 }, { "M", 1000000 }, { "G", 1000000000 }, { 0 }
};
static const unit time_units[] = {
    { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 }, { 0 }
};

/* Digits, a fraction if any, and what is left of the text. Units of all our
 * tables have at most nine decimal places; digits beyond them are dropped. */
static bool read_decimal(const char **text, uint64_t *whole,
                         uint64_t *billionth)
{
    const char *s = *text;
    uint64_t weight = 100000000;

    if (!isdigit((unsigned char)*s))
        return false;
    *whole = 0;
    for (; isdigit((unsigned char)*s); s++) {
        uint64_t digit = (uint64_t)(*s - '0');

        if (*whole > (UINT64_MAX - digit) / 10)
            return false;
        *whole = *whole * 10 + digit;
    }
    *billionth = 0;
    if (*s == '.' && isdigit((unsigned char)s[1])) {
        for (s++; isdigit((unsigned char)*s); s++, weight /= 10)
            *billionth += (uint64_t)(*s - '0') * weight;
    }
    *text = s;
    return true;
}

static const unit *unit_find(const unit *units, const char *name)
{
    for (; units->factor; units++) {
        if (!strcmp(units->name, name))
            return units;
    }
    return NULL;
}

/* @return NULL, or one of the three texts */
static const char *parse_scaled(const char *text, const unit *units,
                                const char *not_a_number, const char *no_unit,
                                uint64_t *value)
{
    uint64_t whole, billionth;
    const unit *u;

    if (!read_decimal(&text, &whole, &billionth))
        return not_a_number;
    u = unit_find(units, text);
    if (!u)
        return no_unit;
    if (whole > UINT64_MAX / u->factor - 1)
        return "is too large";
    *value = whole * u->factor + billionth * u->factor / 1000000000u;
    return *value ? NULL : "must be more than 0";
}

const char *cli_parse_count(const char *text, uint64_t *count)
{
    static const char what[] = "is not a count (such as 5000, 20k, 1.5M or 2G)";

    return parse_scaled(text, count_units, what, what, count);
}

const char *cli_parse_time(const char *text, uint64_t *ns)
{
    return parse_scaled(text, time_units,
                        "is not a time (such as 500us, 20ms or 1.5s)",
                        "needs a unit: ns, us, ms or s", ns);
}

const char *cli_parse_uint(const char *text, uint64_t *value)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    char *end;

    if (!isxdigit((unsigned char)text[hex ? 2 : 0]))
        return "is not a number (decimal, or hexadecimal with 0x)";
    errno = 0;
    *value = strtoull(text, &end, hex ? 16 : 10);
    if (*end)
        return "is not a number (decimal, or hexadecimal with 0x)";
    return errno ? "is too large" : NULL;
}

const char *cli_parse_range(const char *text, fwsim_range *range)
{
    static const char what[] = "is not a range (such as 0x20000000+0x5000 or "
                               "0x20000000+20k)";
    const char *plus = strchr(text, '+');
    char part[32];
    size_t length;
    uint64_t factor = 1;

    if (!plus || (size_t)(plus - text) >= sizeof(part))
        return what;
    snprintf(part, sizeof(part), "%.*s", (int)(plus - text), text);
    if (cli_parse_uint(part, &range->addr))
        return what;
    length = strlen(plus + 1);
    if (length && length < sizeof(part) && strchr("kM", plus[length]))
        factor = plus[length--] == 'k' ? 1024 : 1024 * 1024;
    snprintf(part, sizeof(part), "%.*s", (int)length, plus + 1);
    if (cli_parse_uint(part, &range->size))
        return what;
    if (range->size > UINT32_MAX / factor)
        return "is too large";
    range->size *= factor;
    return range->size ? NULL : what;
}

const char *cli_format_time(uint64_t ns, char *buf, size_t size)
{
    if (ns >= FWSIM_S(1))
        snprintf(buf, size, "%" PRIu64 ".%03" PRIu64 " s", ns / FWSIM_S(1),
                 ns % FWSIM_S(1) / FWSIM_MS(1));
    else if (ns >= FWSIM_MS(1))
        snprintf(buf, size, "%" PRIu64 ".%03" PRIu64 " ms", ns / FWSIM_MS(1),
                 ns % FWSIM_MS(1) / FWSIM_US(1));
    else
        snprintf(buf, size, "%" PRIu64 ".%03" PRIu64 " us", ns / FWSIM_US(1),
                 ns % FWSIM_US(1));
    return buf;
}
