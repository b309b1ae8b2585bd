/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "call/signature.h"

#include <ctype.h>
#include <string.h>

/* clang-format off */
static const struct word {
    const char *name;
    fwsim_type type;
    unsigned width;
    bool is_signed, is_bool;
} words[] = {
    { "void", FWSIM_TYPE_VOID, 0, false, false },
    { "bool", FWSIM_TYPE_U32,  1, false, true },
    { "u8",   FWSIM_TYPE_U32,  1, false, false },
    { "u16",  FWSIM_TYPE_U32,  2, false, false },
    { "u32",  FWSIM_TYPE_U32,  4, false, false },
    { "u64",  FWSIM_TYPE_U64,  8, false, false },
    { "i8",   FWSIM_TYPE_I32,  1, true,  false },
    { "i16",  FWSIM_TYPE_I32,  2, true,  false },
    { "i32",  FWSIM_TYPE_I32,  4, true,  false },
    { "i64",  FWSIM_TYPE_I64,  8, true,  false },
    { "f32",  FWSIM_TYPE_F32,  4, true,  false },
    { "f64",  FWSIM_TYPE_F64,  8, true,  false },
    { "ptr",  FWSIM_TYPE_PTR,  0, false, false },
};
/* clang-format on */

static void skip_blanks(const char **at)
{
    while (isspace((unsigned char)**at))
        ++*at;
}

static bool take(const char **at, char c)
{
    skip_blanks(at);
    if (**at != c)
        return false;
    ++*at;
    return true;
}

static bool take_type(const char **at, fwsim__parameter *out)
{
    size_t n = 0;

    skip_blanks(at);
    while (isalnum((unsigned char)(*at)[n]))
        n++;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].name) == n &&
            memcmp(words[i].name, *at, n) == 0) {
            *out = (fwsim__parameter){ .type = words[i].type,
                                       .width = words[i].width,
                                       .is_signed = words[i].is_signed,
                                       .is_bool = words[i].is_bool };
            *at += n;
            return true;
        }
    return false;
}

static bool take_list(const char **at, fwsim__signature *out)
{
    if (take(at, ')'))
        return true;
    do {
        fwsim__parameter p;

        if (out->count == FWSIM_ARGS_MAX || !take_type(at, &p))
            return false;
        if (p.type == FWSIM_TYPE_VOID)
            return out->count == 0 && take(at, ')');
        out->parameters[out->count++] = p;
    } while (take(at, ','));
    return take(at, ')');
}

static int parse(fwsim_machine *m, const char *text, fwsim__signature *out)
{
    const char *at = text;

    *out = (fwsim__signature){ .known = true };
    if (take_type(&at, &out->result) && take(&at, '(') && take_list(&at, out)) {
        skip_blanks(&at);
        if (!*at)
            return 0;
    }
    return fwsim__error(m, FWSIM_EINVAL,
                        "the signature \"%s\" cannot be read at character "
                        "%zu: it is like \"u32(ptr, u16, f64)\", of void, "
                        "bool, u8 to u64, i8 to i64, f32, f64, ptr", text,
                        (size_t)(at - text) + 1);
}

/** One that a caller of either would treat alike. */
static bool agree(const fwsim__abi *abi, const fwsim__signature *a,
                  const fwsim__signature *b)
{
    if (a->count != b->count ||
        (a->result.type == FWSIM_TYPE_VOID) !=
            (b->result.type == FWSIM_TYPE_VOID) ||
        !fwsim__abi_alike(abi, a->result.type, b->result.type))
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!fwsim__abi_alike(abi, a->parameters[i].type,
                              b->parameters[i].type))
            return false;
    return true;
}

static bool by_value(const fwsim__signature *s)
{
    bool any = s->result.type == FWSIM_TYPE_AUTO;

    for (size_t i = 0; i < s->count; i++)
        any |= s->parameters[i].type == FWSIM_TYPE_AUTO;
    return any;
}

int fwsim__signature_of(fwsim_machine *m, const fwsim__callee *callee,
                        const fwsim__abi *abi, const char *text,
                        fwsim__signature *out)
{
    fwsim__signature given = { .known = false };
    char prototype[300], returns[64];
    int err = fwsim__callee_signature(m, callee, out);

    if (!err && text)
        err = parse(m, text, &given);
    if (err)
        return err;
    if (!out->known) {
        *out = given;
        return 0;
    }
    fwsim__callee_prototype(callee, out, prototype, sizeof prototype);
    if (by_value(out))
        return fwsim__error(m, FWSIM_ENOTSUP,
                            "%s has a struct by value, which is not supported",
                            prototype);
    if (!given.known || agree(abi, &given, out))
        return 0;
    fwsim__debug_type_name(&out->result.die, returns, sizeof returns);
    return fwsim__error(m, FWSIM_EINVAL,
                        "the signature \"%s\" is not that of %s %s", text,
                        returns, prototype);
}
