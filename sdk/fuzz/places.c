/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the options name: symbols and addresses, where firmware gives up, where
 * its stack ends. The lists know toolchains and libraries, no firmware.
 */
#include "fuzz/fuzz.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const fwsim_fuzz_asserts[] = {
    /* C and C++ */
    "abort", "__assert", "__assert_func", "__assert_fail", "__stack_chk_fail",
    "__cxa_pure_virtual", "_ZSt9terminatev", "__chk_fail", "__aeabi_assert",
    /* Rust */
    "rust_begin_unwind", "rust_panic",
    /* vendors' libraries */
    "assert_failed", "_Error_Handler", "Error_Handler", "app_error_fault_handler",
    "assert_nrf_callback", "ASSERT_Handler",
    /* operating systems */
    "vAssertCalled", "vApplicationStackOverflowHook",
    "vApplicationMallocFailedHook", "mbed_assert_internal", "mbed_error", "mbed_die",
    "k_sys_fatal_error_handler", "z_fatal_error", "z_arm_fatal_error",
    "core_panic", "panic", "__assert_post_action", "chSysHalt",
    "osRtxErrorNotify", "tx_assert", "LOS_Panic",
    NULL
};

/* ------------------------------------------------------------------ */
/* Names                                                                */
/* ------------------------------------------------------------------ */

/** The symbol of the images that is nearest to a name; NULL: none is. */
static const char *nearest(fwsim_machine *m, const char *name)
{
    const char *best = NULL, **names;
    const fwsim_symbol *s;
    size_t count = 0;

    for (size_t i = 0; i < m->image_count; i++)
        count += fwsim_image_symbols(m->images[i], &s);
    names = calloc(count + 1, sizeof *names);
    if (!names)
        return NULL;
    count = 0;
    for (size_t i = 0; i < m->image_count; i++)
        for (size_t n = fwsim_image_symbols(m->images[i], &s); n; n--, s++)
            names[count++] = s->name;
    best = fwsim_closest(name, names);
    free(names);
    return best;
}

/** A symbol, or a number. @a size: of the symbol, 0 for a number */
static int place(fwsim_fuzz *f, const char *what, const char *name,
                 uint64_t *addr, uint64_t *size)
{
    const fwsim_symbol *s = fwsim_symbol_find(f->m, name);
    const char *like;
    char *end;

    *size = 0;
    if (s) {
        *addr = s->addr;
        *size = s->size;
        return 0;
    }
    if (isdigit((unsigned char)*name)) {
        errno = 0;
        *addr = strtoull(name, &end, 0);
        if (!*end && !errno)
            return 0;
        return fwsim__error(f->m, FWSIM_EINVAL, "%s: \"%s\" is no address",
                            what, name);
    }
    like = nearest(f->m, name);
    return fwsim__error(f->m, FWSIM_ENOENT,
                        "%s: the images have no symbol \"%s\"%s%s%s", what,
                        name, like ? "; did you mean " : "", like ? like : "",
                        like ? "?" : "");
}

/** Addresses of Thumb functions may have bit 0 set. */
static uint64_t instruction(const fwsim_fuzz *f, uint64_t addr)
{
    return f->a64 ? addr : addr & ~(uint64_t)1;
}

static int check_ram(fwsim_fuzz *f, const char *what, uint64_t addr,
                     uint64_t size)
{
    const fwsim__mem *mem = fwsim__mem_at(f->m, addr);

    if (mem && mem->desc->kind == FWSIM_MEM_RAM &&
        size <= mem->base + mem->size - addr)
        return 0;
    return fwsim__error(f->m, FWSIM_EFAULT,
                        "%s: 0x%08llx+%llu is not in RAM", what,
                        (unsigned long long)addr, (unsigned long long)size);
}

/* ------------------------------------------------------------------ */
/* Where input goes                                                     */
/* ------------------------------------------------------------------ */

static int buffer_place(fwsim_fuzz *f)
{
    fwsim_fuzz_options *o = &f->opt;
    uint64_t size, width;
    int err = place(f, "buffer", o->buffer, &f->buffer, &size);

    if (err)
        return err;
    if (!o->buffer_size)
        o->buffer_size = (size_t)size;
    if (!o->buffer_size)
        return fwsim__error(f->m, FWSIM_EINVAL,
                            "buffer: the size of %s is not known; set "
                            "buffer_size", o->buffer);
    if (size && o->buffer_size > size)
        return fwsim__error(f->m, FWSIM_EINVAL,
                            "buffer: %s has %llu bytes, not %zu", o->buffer,
                            (unsigned long long)size, o->buffer_size);
    err = check_ram(f, "buffer", f->buffer, o->buffer_size);
    if (err || !o->length)
        return err;
    err = place(f, "length", o->length, &f->length, &width);
    if (err)
        return err;
    if (width && width != 1 && width != 2 && width != 4 && width != 8)
        return fwsim__error(f->m, FWSIM_EINVAL,
                            "length: %s has %llu bytes, which is no integer",
                            o->length, (unsigned long long)width);
    f->length_width = width ? (unsigned)width : 4;
    return check_ram(f, "length", f->length, f->length_width);
}

/** The function returns to an instruction that it does not execute itself: the
 * one that the core begins with. */
static int function_place(fwsim_fuzz *f)
{
    uint64_t size, vector;
    uint32_t word = 0;
    int err = place(f, "function", f->opt.function, &f->function, &size);

    if (err)
        return err;
    f->function = instruction(f, f->function);
    vector = f->m->soc->boot_addr;
    if (f->a64)
        f->returns = vector;
    else if (!fwsim_mem_read(f->m, vector + 4, &word, sizeof word))
        f->returns = word & ~1u;
    return 0;
}

int fwsim__fuzz_places(fwsim_fuzz *f)
{
    const fwsim_fuzz_options *o = &f->opt;
    int err = 0;

    if ((o->length || o->buffer_size) && !o->buffer)
        return fwsim__error(f->m, FWSIM_EINVAL,
                            "length and buffer_size have a meaning with buffer "
                            "only");
    if (o->uart) {
        f->uart = fwsim__uart_find(f->m, *o->uart ? o->uart : NULL);
        if (!f->uart)
            return FWSIM_ENOENT;
    }
    if (o->stream && !f->m->substitute)
        return fwsim__error(f->m, FWSIM_EINVAL,
                            "a stream needs inference: fwsim_infer_enable");
    if (o->buffer)
        err = buffer_place(f);
    if (!err && o->function)
        err = function_place(f);
    return err;
}

/* ------------------------------------------------------------------ */
/* Where a run ends                                                     */
/* ------------------------------------------------------------------ */

static void on_end(fwsim_machine *m, uint64_t pc, void *user)
{
    (void)m;
    (void)pc;
    fwsim__fuzz_finish(user, FWSIM__FUZZ_ENDED);
}

static void on_assert(fwsim_machine *m, uint64_t pc, void *user)
{
    fwsim_fuzz *f = user;

    (void)m;
    if (f->end == FWSIM__FUZZ_GOES_ON)
        f->asserted = pc;
    fwsim__fuzz_finish(f, FWSIM__FUZZ_ASSERTED);
}

static void on_comparer(fwsim_machine *m, uint64_t pc, void *user)
{
    fwsim_fuzz *f = user;

    for (const fwsim__fuzz_comparer *c = fwsim__fuzz_comparers; c->name; c++) {
        const fwsim_symbol *s = fwsim_symbol_find(m, c->name);

        if (s && s->addr == pc) {
            fwsim__fuzz_compare_call(f, c, pc);
            return;
        }
    }
}

static int keep(fwsim_fuzz *f, int id)
{
    if (id < 0)
        return id;
    if (f->hook_count == FWSIM__FUZZ_HOOKS) {
        fwsim_unhook(f->m, id);
        return fwsim__error(f->m, FWSIM_ENOSPC, "too many symbols: %d",
                            FWSIM__FUZZ_HOOKS);
    }
    f->hooks[f->hook_count++] = id;
    return 0;
}

static int hook_symbols(fwsim_fuzz *f, const char *what,
                        const char *const *names, fwsim_code_fn fn)
{
    uint64_t addr, size;
    int err = 0;

    for (; names && *names && !err; names++) {
        err = place(f, what, *names, &addr, &size);
        if (!err)
            err = keep(f, fwsim_on_code(f->m, instruction(f, addr), fn, f));
    }
    return err;
}

static int hook_usual(fwsim_fuzz *f, const char *name, fwsim_code_fn fn)
{
    const fwsim_symbol *s = fwsim_symbol_find(f->m, name);

    return s && s->function ? keep(f, fwsim_on_code(f->m, s->addr, fn, f)) : 0;
}

int fwsim__fuzz_hooks(fwsim_fuzz *f)
{
    const fwsim_fuzz_options *o = &f->opt;
    int err = hook_symbols(f, "assert", o->asserts, on_assert);

    if (!err)
        err = hook_symbols(f, "end", o->ends, on_end);
    for (size_t i = 0; fwsim_fuzz_asserts[i] && !err && !o->no_usual_asserts;
         i++)
        err = hook_usual(f, fwsim_fuzz_asserts[i], on_assert);
    for (size_t i = 0;
         fwsim__fuzz_comparers[i].name && !err && !o->no_compares; i++)
        err = hook_usual(f, fwsim__fuzz_comparers[i].name, on_comparer);
    if (!err && f->function)
        err = keep(f, fwsim_on_code(f->m, f->returns, on_end, f));
    if (!err && f->uart)
        err = keep(f, fwsim_on_access(f->m, f->uart->slot->base,
                                      f->uart->type->size,
                                      fwsim__fuzz_uart_access, f));
    return err;
}

/* ------------------------------------------------------------------ */
/* The stack                                                            */
/* ------------------------------------------------------------------ */

/**
 * Linker scripts say where the stack may end (CMSIS, GNU ld of vendors), or
 * else where variables end, which is where the heap begins. Below that a stack
 * has overflowed whatever the heap does.
 */
uint64_t fwsim__fuzz_stack_limit(fwsim_fuzz *f)
{
    static const char *const names[] = {
        "__StackLimit", "__stack_limit", "__stack_limit__", "_sstack", "_stack_end",
        "__stack_start__", "Image$$ARM_LIB_STACK$$ZI$$Base", "CSTACK$$Base",
        "end", "_end", "__end__", "__bss_end__", "_ebss", "__bss_end", NULL
    };
    uint64_t sp;

    if (f->a64 || fwsim_cpu_read(f->m, "msp", &sp))
        return 0;
    for (size_t i = 0; names[i]; i++) {
        const fwsim_symbol *s = fwsim_symbol_find(f->m, names[i]);
        const fwsim__mem *mem = s ? fwsim__mem_at(f->m, s->addr) : NULL;

        /* It is one of this stack, which is above it in the same memory. */
        if (mem && mem->desc->kind == FWSIM_MEM_RAM && s->addr < sp &&
            sp <= mem->base + mem->size)
            return s->addr;
    }
    return 0;
}
