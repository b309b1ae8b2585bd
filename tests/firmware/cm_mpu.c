/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory protection unit: what regions allow to whom, and the faults that
 * tell of it. Privileged code has the default map as background, except where
 * a case takes it away; unprivileged code has flash and RAM, but for `area`.
 */
#include "cm.h"

#define MPU_TYPE REG(0xe000ed90)
#define MPU_CTRL REG(0xe000ed94)
#define MPU_RNR  REG(0xe000ed98)
#define MPU_RBAR REG(0xe000ed9c)
#define MPU_RASR REG(0xe000eda0) /* RLAR on Armv8-M */
#define MPU_RBAR_A(n) REG(0xe000ed9c + 8 * (n))
#define MPU_RASR_A(n) REG(0xe000eda0 + 8 * (n))
#define MPU_MAIR0 REG(0xe000edc0)

enum { ENABLE = 1, HFNMIENA = 2, PRIVDEFENA = 4 };

/* Rights, as AP of PMSAv7 has them. */
enum { NONE, PRIV, PRIV_USER_RO, ALL, PRIV_RO = 5, ALL_RO };

/* The regions of `area`: behind those of flash and RAM. */
enum { FIRST = 3, LAST = 7 };

enum { AREA = 0x1000, USER_RAM = 0x10000, RETURN = 0x47704770 /* bx lr, twice */ };

static uint32_t area[AREA / 4] __attribute__((aligned(AREA)));

struct {
    uint32_t fault_at, go_on;
} labels;

static unsigned faults;

/* ------------------------------------------------------------------ */
/* Regions                                                              */
/* ------------------------------------------------------------------ */

/* On Armv7-M the size is a power of two. */
static void region_parts(unsigned n, uint32_t first, uint32_t size, unsigned ap,
                         bool xn, uint32_t disabled)
{
#if V8M
    static const uint8_t ap8[] = { [PRIV] = 0, [ALL] = 1, [PRIV_RO] = 2,
                                   [ALL_RO] = 3 };

    (void)disabled;
    MPU_RNR = n;
    MPU_RBAR = first | ap8[ap] << 1 | xn;
    MPU_RASR = ((first + size - 1) & ~31u) | 1;
#else
    uint32_t log2 = 31 - (uint32_t)__builtin_clz(size);

    MPU_RBAR = first | 1u << 4 | n;
    MPU_RASR = (uint32_t)xn << 28 | ap << 24 | 1u << 17 | disabled << 8 |
               (log2 - 1) << 1 | 1;
#endif
    barrier();
}

static void region(unsigned n, uint32_t first, uint32_t size, unsigned ap,
                   bool xn)
{
    region_parts(n, first, size, ap, xn, 0);
}

static void no_regions_in_area(void)
{
    for (unsigned n = FIRST; n <= LAST; n++) {
        MPU_RNR = n;
        MPU_RASR = 0;
    }
    barrier();
}

static void turn_on(uint32_t ctrl)
{
    MPU_CTRL = ctrl;
    barrier();
}

/* Where the RAM begins. */
static uint32_t ram(void)
{
    return (uint32_t)area & 0xf8000000u;
}

static void set_up(void)
{
    uint32_t flash = VTOR & 0xf0000000u;

    region(0, flash, 0x40000, ALL_RO, false);
#if V8M
    uint32_t behind = (uint32_t)area + AREA;

    MPU_MAIR0 = 0x44;
    if (ram() < (uint32_t)area)
        region(1, ram(), (uint32_t)area - ram(), ALL, true);
    region(2, behind, ram() + USER_RAM - behind, ALL, true);
#else
    region(1, ram(), USER_RAM, ALL, true);
    region(2, (uint32_t)area, AREA, NONE, false);
#endif
}

/* ------------------------------------------------------------------ */
/* Accesses                                                             */
/* ------------------------------------------------------------------ */

#define ACCESS(name, before, instruction)                                      \
    __attribute__((naked, noinline)) static void name(uint32_t at              \
                                                      __attribute__((unused))) \
    {                                                                          \
        __asm__ volatile("push {r4-r7, lr}\n"                                  \
                         "ldr r1, =labels\n"                                   \
                         "ldr r2, =1f\n"                                       \
                         "str r2, [r1]\n"                                      \
                         "ldr r2, =2f\n"                                       \
                         "str r2, [r1, #4]\n" before "\n"                      \
                         "1: " instruction "\n"                                \
                         "2: pop {r4-r7, pc}\n"                                \
                         ".ltorg\n");                                          \
    }

ACCESS(load, "nop", "ldr r1, [r0]")
ACCESS(load_byte, "nop", "ldrb r1, [r0, #3]")
ACCESS(load_many, "nop", "ldmia r0!, {r1-r4}")
ACCESS(load_two, "nop", "ldrd r2, r3, [r0, #-4]")
ACCESS(load_in_it, "cmp r0, r0\n itt eq\n moveq r2, #1", "ldreq r1, [r0, #8]")
ACCESS(store, "ldr r1, =0x47704770", "str r1, [r0]")
ACCESS(store_half, "ldr r1, =0x47704770\n nop", "strh r1, [r0, #2]")
ACCESS(store_many, "nop", "stmdb r0!, {r1-r4}")
ACCESS(execute, "str r0, [r1]\n adds r0, #1", "blx r0")
/* In one block: the second is refused. */
ACCESS(load_twice, "ldr r1, [r0]", "ldr r1, [r0, #32]")

static void raise_privilege(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    WRITE_SPECIAL("control", 0);
}

static void as_user(void (*access)(uint32_t), uint32_t at)
{
    WRITE_SPECIAL("control", 1);
    access(at);
    __asm__ volatile("svc 0" ::: "memory");
}

static void go_on_behind(uint32_t *frame)
{
    frame[F_PC] = labels.go_on;
    frame[F_XPSR] = (frame[F_XPSR] & ~0x0600fc00u) | 1u << 24;
}

static void count(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    CFSR = CFSR;
    go_on_behind(frame);
    faults++;
}

static bool can(void (*access)(uint32_t), uint32_t at, bool user)
{
    faults = 0;
    if (user)
        as_user(access, at);
    else
        access(at);
    return !faults;
}

static void put_rights(uint32_t at, bool user)
{
    put(can(load, at, user) ? "r" : "-");
    put(can(store, at, user) ? "w" : "-");
    put(can(execute, at, user) ? "x" : "-");
}

static void rights(const char *title, uint32_t at)
{
    put(title);
    put(" privileged ");
    put_rights(at, false);
    put(", user ");
    put_rights(at, true);
    put("\n");
}

/* A letter a step: nothing, readable, writable. */
static void map(const char *title, uint32_t at, uint32_t step, unsigned n)
{
    put(title);
    put(" ");
    for (unsigned i = 0; i < n; i++, at += step)
        put(!can(load, at, true) ? "-" : can(store, at, true) ? "w" : "r");
    put("\n");
}

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

static void registers(void)
{
    line("type", MPU_TYPE);
    line("ctrl", MPU_CTRL);
#if V8M
    MPU_RNR = 5;
    MPU_RBAR = 0x20000043;
    MPU_RASR = 0x200007e1;
    MPU_RBAR_A(2) = 0x20001000;
    MPU_RASR_A(3) = 0x20002fe0;
    line("rnr", MPU_RNR);
    line("a1 is 5", MPU_RBAR_A(1));
    line("rlar", MPU_RASR_A(1));
    MPU_RNR = 6;
    line("6", MPU_RBAR);
    MPU_RNR = 7;
    line("7", MPU_RASR);
    MPU_RNR = 5;
#else
    MPU_RNR = 2;
    MPU_RBAR = 0x20000400;
    line("rbar", MPU_RBAR);
    MPU_RBAR = 0x20000800 | 1u << 4 | 5;
    line("rnr", MPU_RNR);
    line("rbar", MPU_RBAR);
    MPU_RASR_A(1) = 0x13060f12;
    line("rasr", MPU_RASR);
    MPU_RBAR_A(3) = 0x20001000 | 1u << 4 | 6;
    line("rnr", MPU_RNR);
    line("rbar", MPU_RBAR_A(2));
    MPU_RNR = 2;
    line("rbar", MPU_RBAR);
#endif
    MPU_RASR = 0;
}

/* ------------------------------------------------------------------ */
/* Rights                                                               */
/* ------------------------------------------------------------------ */

static void access_permissions(void)
{
    uint32_t at = (uint32_t)area;

#if !V8M
    region(FIRST, at, AREA, NONE, false);
    rights("none:", at);
    region(FIRST, at, AREA, PRIV_USER_RO, false);
    rights("rw/ro:", at);
#endif
    region(FIRST, at, AREA, PRIV, false);
    rights("rw/-:", at);
    region(FIRST, at, AREA, ALL, false);
    rights("rw/rw:", at);
    region(FIRST, at, AREA, ALL, true);
    rights("rw/rw xn:", at);
    region(FIRST, at, AREA, PRIV_RO, false);
    rights("ro/-:", at);
    region(FIRST, at, AREA, ALL_RO, false);
    rights("ro/ro:", at);
    region(FIRST, at, AREA, ALL_RO, true);
    rights("ro/ro xn:", at);
    no_regions_in_area();
}

/* Without PRIVDEFENA nothing is behind the regions but the PPB. */
static void background(void)
{
    uint32_t at = ram() + USER_RAM;

    REG(at) = RETURN;
    rights("background:", at);
    turn_on(ENABLE);
    rights("no background:", at);
    line("ctrl", MPU_CTRL);
    turn_on(ENABLE | PRIVDEFENA);
    turn_on(0);
    rights("mpu off:", at);
    turn_on(ENABLE | PRIVDEFENA);
}

static void small_regions(void)
{
    uint32_t at = (uint32_t)area + 0x400;

    region(FIRST, at + 0x40, 0x20, ALL, false);
    region(FIRST + 1, at + 0x100, 0x100, ALL_RO, true);
    region(FIRST + 2, at + 0x3e0, 0x20, ALL, true);
    map("small", at, 0x20, 33);
    rights("32 bytes:", at + 0x5c);
    rights("256 bytes:", at + 0x1fc);
    rights("32 bytes xn:", at + 0x3e0);
    no_regions_in_area();
}

static void overlap(void)
{
    uint32_t at = (uint32_t)area;

    region(FIRST, at, 0x800, ALL, true);
    region(FIRST + 1, at + 0x400, 0x400, ALL_RO, true);
    region(FIRST + 2, at + 0x440, 0x40, PRIV, true);
    map("overlap", at, 0x100, 16);
    map("overlap", at + 0x400, 0x20, 8);
    rights("overlap:", at + 0x440);
    no_regions_in_area();
}

#if !V8M
static void subregions(void)
{
    uint32_t at = (uint32_t)area;

    region_parts(FIRST, at, 0x1000, ALL, true, 0x81);
    region_parts(FIRST + 1, at + 0x400, 0x400, ALL_RO, true, 0xaa);
    region_parts(FIRST + 2, at + 0x800, 0x100, ALL_RO, true, 0x3c);
    map("subregions", at, 0x200, 8);
    map("parts of 128", at + 0x400, 0x80, 8);
    map("parts of 32", at + 0x800, 0x20, 9);
    no_regions_in_area();
}
#endif

/* ------------------------------------------------------------------ */
/* Faults                                                               */
/* ------------------------------------------------------------------ */

static void report(uint32_t *frame, uint32_t lr)
{
    (void)lr;
    put("exception ");
    put_dec(READ_SPECIAL("ipsr"));
    line(", pc +", frame[F_PC] - labels.fault_at);
    line("  cfsr", CFSR);
    if (HFSR)
        line("  hfsr", HFSR);
    if (CFSR & 1u << 7)
        line("  mmfar area +", MMFAR - (uint32_t)area);
    if (CFSR & 1u << 15)
        line("  bfar", BFAR);
    CFSR = CFSR;
    HFSR = HFSR;
    go_on_behind(frame);
    faults++;
}

#define TRY(call)                                                              \
    do {                                                                       \
        put(#call ": ");                                                       \
        faults = 0;                                                            \
        call;                                                                  \
        if (!faults)                                                           \
            put("no fault\n");                                                 \
    } while (0)

static void each_fault(uint32_t at)
{
    TRY(load(at));
    TRY(load_byte(at));
    TRY(load_many(at - 4));
    TRY(load_many(at - 8));
    TRY(load_many(at - 16));
    TRY(load_two(at));
    TRY(load_in_it(at));
    TRY(store(at));
    TRY(store_half(at));
    TRY(store_many(at + 12));
    TRY(execute(at));
    TRY(load_twice(at - 32));
    TRY(as_user(load, at));
    TRY(as_user(execute, at));
}

static void probe_scb(uint32_t at)
{
    load(at);
}

static void reports(void)
{
    uint32_t at = (uint32_t)area;

    on[MEMMANAGE] = on[HARDFAULT] = on[BUSFAULT] = report;
    put("at the end of a page\n");
    region(FIRST, at, 0x400, ALL, true);
#if V8M
    turn_on(ENABLE);
#endif
    each_fault(at + 0x400);
    put("inside a page\n");
    region(FIRST, at, 0x20, ALL, true);
    each_fault(at + 0x20);
    put("disabled\n");
    SHCSR &= ~(1u << 16);
    TRY(load(at + 0x20));
    TRY(execute(at));
    SHCSR |= 1u << 16;
    put("system control space\n");
    TRY(as_user(probe_scb, 0xe000ed00));
    turn_on(ENABLE | PRIVDEFENA);
    no_regions_in_area();
    on[MEMMANAGE] = on[HARDFAULT] = on[BUSFAULT] = count;
}

/* ------------------------------------------------------------------ */
/* HardFault, NMI and FAULTMASK                                         */
/* ------------------------------------------------------------------ */

static void store_in_handler(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    (void)lr;
    faults = 0;
    store((uint32_t)area);
    put_dec(READ_SPECIAL("ipsr"));
    put(faults ? " is refused\n" : " may store\n");
}

static void with_negative_priority(void)
{
    region(FIRST, (uint32_t)area, AREA, ALL_RO, true);
    put("store: ");
    put(can(store, (uint32_t)area, false) ? "yes\n" : "no\n");
    put("store with FAULTMASK: ");
    WRITE_SPECIAL("faultmask", 1);
    put(can(store, (uint32_t)area, false) ? "yes\n" : "no\n");
    WRITE_SPECIAL("faultmask", 0);
    put("store: ");
    put(can(store, (uint32_t)area, false) ? "yes\n" : "no\n");
    on[NMI] = store_in_handler;
    ICSR = 1u << 31;
    barrier();
    turn_on(ENABLE | HFNMIENA | PRIVDEFENA);
    region(FIRST, (uint32_t)area, AREA, PRIV, true);
    ICSR = 1u << 31;
    barrier();
    turn_on(ENABLE | PRIVDEFENA);
    no_regions_in_area();
}

/* ------------------------------------------------------------------ */
/* Frames                                                               */
/* ------------------------------------------------------------------ */

/* A stack that unprivileged code may not use: the SVC waits for MemManage. */
static void bad_stack(uint32_t *frame, uint32_t lr)
{
    static uint32_t good[32];

    (void)frame;
    line("stacking: lr", lr);
    line("  cfsr", CFSR);
    CFSR = CFSR;
    good[16 + F_PC] = labels.go_on;
    good[16 + F_XPSR] = 1u << 24;
    WRITE_SPECIAL("psp", &good[16]);
}

static void svc_at_last(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    line("svc: lr", lr);
    WRITE_SPECIAL("control", 2);
}

/* The rights are gone when the frame is to be read. */
static void take_frame_away(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    line("svc: lr", lr);
    region(FIRST, (uint32_t)area, AREA, PRIV, true);
}

static void give_frame_back(uint32_t *frame, uint32_t lr)
{
    (void)frame;
    line("unstacking: lr", lr);
    line("  cfsr", CFSR);
    CFSR = CFSR;
    region(FIRST, (uint32_t)area, AREA, ALL, true);
    on[SVCALL] = svc_at_last;
}

__attribute__((naked, noinline)) static void
svc_on_stack(uint32_t psp __attribute__((unused)))
{
    __asm__ volatile("push {r4, lr}\n"
                     "ldr r1, =labels\n"
                     "ldr r2, =2f\n"
                     "str r2, [r1, #4]\n"
                     "msr psp, r0\n"
                     "movs r0, #3\n"
                     "msr control, r0\n"
                     "isb\n"
                     "svc 0\n"
                     "2: mrs r1, control\n"
                     "lsls r1, #31\n"
                     "it mi\n"
                     "svcmi 0\n"
                     "movs r0, #0\n"
                     "msr control, r0\n"
                     "isb\n"
                     "pop {r4, pc}\n"
                     ".ltorg\n");
}

static void frames(void)
{
    set_priority(SVCALL, 0x80);
    region(FIRST, (uint32_t)area, AREA, PRIV, true);
    on[SVCALL] = svc_at_last;
    on[MEMMANAGE] = bad_stack;
    svc_on_stack((uint32_t)area + 0x100);
    region(FIRST, (uint32_t)area, AREA, ALL, true);
    on[SVCALL] = take_frame_away;
    on[MEMMANAGE] = give_frame_back;
    svc_on_stack((uint32_t)area + 0x100);
    on[MEMMANAGE] = count;
    on[SVCALL] = raise_privilege;
    no_regions_in_area();
}

void run(void)
{
    on[MEMMANAGE] = on[HARDFAULT] = on[BUSFAULT] = count;
    on[SVCALL] = raise_privilege;
    SHCSR = 7u << 16;
    for (unsigned i = 0; i < AREA / 4; i++)
        area[i] = RETURN;
    registers();
    set_up();
    turn_on(ENABLE | PRIVDEFENA);
    access_permissions();
    background();
    small_regions();
    overlap();
#if !V8M
    subregions();
#endif
    reports();
    with_negative_priority();
    frames();
}
