/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every model of the catalogue must do, whatever it models. A row in
 * peripherals/catalog.c is enough to be tried here.
 *
 * A type is tried in the first slot that has it, on its real board but without
 * a core; on a small board of its own if no board has it.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "fwsim_periph.h"
#include "machine/machine.h"

enum { RAM = 0x20000000, STEPS = 8000 };

/* ------------------------------------------------------------------ */
/* A place to try a type in                                             */
/* ------------------------------------------------------------------ */

typedef struct place {
    const fwsim_periph_type *type;
    const char *slot;
    uint64_t ram, ram_size;
    fwsim_soc soc;
    fwsim_board board;
    fwsim_slot slots[3], parts[2];
} place;

static const uint32_t no_params[16];

static const fwsim_memory own_memory[] = {
    { "ram", RAM, 0x1000, .kind = FWSIM_MEM_RAM },
    { .name = NULL }
};

static const char *slot_with(const fwsim_slot *slots,
                             const fwsim_periph_type *type)
{
    for (; slots && slots->name; slots++)
        if (slots->type == type)
            return slots->name;
    return NULL;
}

static bool find_on_boards(place *at)
{
    for (const fwsim_board *const *b = fwsim_boards; *b; b++) {
        at->slot = slot_with((*b)->soc->periph, at->type);
        if (!at->slot)
            at->slot = slot_with((*b)->parts, at->type);
        if (at->slot) {
            at->board = **b;
            at->soc = *(*b)->soc;
            return true;
        }
    }
    return false;
}

static void make_own_board(place *at)
{
    fwsim_slot slot = { .name = "tried", .type = at->type, .param = no_params };

    at->slot = slot.name;
    at->soc = (fwsim_soc){ .name = "own",
                           .clock_hz = 16000000,
                           .pins = 64,
                           .memory = own_memory,
                           .periph = at->slots };
    at->board = (fwsim_board){ .name = "own", .parts = at->parts };
    at->slots[0] = (fwsim_slot){ .name = "bus",
                                 .type = &fwsim_stub,
                                 .base = 0x50000000 };
    if (at->type->size) {
        slot.base = 0x40000000;
        at->slots[1] = slot;
    } else {
        slot.bus = "bus";
        at->parts[0] = slot;
    }
}

static void find_place(place *at, const fwsim_periph_type *type)
{
    *at = (place){ .type = type };
    if (!find_on_boards(at))
        make_own_board(at);
    at->soc.cpu = NULL;
    at->board.soc = &at->soc;
    for (const fwsim_memory *mem = at->soc.memory; mem && mem->size; mem++)
        if (mem->kind == FWSIM_MEM_RAM) {
            at->ram = mem->base;
            at->ram_size = mem->size;
        }
}

static fwsim_machine *machine_at(place *at)
{
    return new_machine(&at->board, NULL);
}

static fwsim_periph *periph_at(const place *at, fwsim_machine *m)
{
    return fwsim__periph_find(m, at->slot);
}

/** Calls @a what for each type of the catalogue. */
static void for_each_type(void (*what)(place *at))
{
    for (const fwsim_periph_type *const *t = fwsim_periph_types; *t; t++) {
        place at;

        find_place(&at, *t);
        what(&at);
    }
}

/* ------------------------------------------------------------------ */
/* The table                                                            */
/* ------------------------------------------------------------------ */

static bool in_order(const fwsim_quantity *q)
{
    for (; q && q->name; q++)
        if (q->min > q->max || q->initial < q->min || q->initial > q->max)
            return false;
    return true;
}

static void check_description(place *at)
{
    const fwsim_periph_type *t = at->type;

    if (!t->name || !t->summary || !t->source || !in_order(t->inputs))
        fail_msg("%s: name, summary, source or inputs", at->slot);
    if ((t->outputs && !t->output) || (t->uart && !t->on_rx))
        fail_msg("%s: a callback is missing", t->name);
}

static void a_type_describes_itself(void **state)
{
    (void)state;
    for_each_type(check_description);
}

/* ------------------------------------------------------------------ */
/* Rows                                                                 */
/* ------------------------------------------------------------------ */

/** Calls @a what for each element of each register that stores something. */
static void for_each_register(place *at,
                              void (*what)(place *at, fwsim_machine *m,
                                           const fwsim_reg *row,
                                           uint32_t offset))
{
    fwsim_machine *m = machine_at(at);

    for (const fwsim_reg *row = at->type->regs; row && row->name; row++) {
        unsigned width = row->width ? row->width : 4;
        unsigned count = row->count ? row->count : 1;
        unsigned stride = row->stride ? row->stride : width;

        for (unsigned i = 0; i < count && !row->alias; i++)
            what(at, m, row, row->offset + i * stride);
    }
    fwsim_free(m);
}

static uint32_t read_register(place *at, fwsim_machine *m, const fwsim_reg *row,
                              uint32_t offset)
{
    uint64_t base = periph_at(at, m)->slot->base;
    uint32_t value;

    OK(fwsim_bus_read(m, base + offset, row->width ? row->width : 4, &value));
    return value;
}

static void write_register(place *at, fwsim_machine *m, const fwsim_reg *row,
                           uint32_t offset, uint32_t value)
{
    uint64_t base = periph_at(at, m)->slot->base;

    OK(fwsim_bus_write(m, base + offset, row->width ? row->width : 4, value));
}

static void check_reset_value(place *at, fwsim_machine *m, const fwsim_reg *row,
                              uint32_t offset)
{
    uint32_t value = fwsim_reg_get(periph_at(at, m), offset);

    /* What on_reset sets, and on_read gives, is the model's own affair. */
    if (at->type->on_reset || row->on_read)
        return;
    if (value != row->reset || read_register(at, m, row, offset) != row->reset)
        fail_msg("%s: %s: 0x%x at reset, not 0x%x", at->type->name, row->name,
                 value, row->reset);
}

static void check_reset_values(place *at)
{
    for_each_register(at, check_reset_value);
}

static void registers_reset_to_the_values_of_their_rows(void **state)
{
    (void)state;
    for_each_type(check_reset_values);
}

static void check_masked_bits(place *at, fwsim_machine *m, const fwsim_reg *row,
                              uint32_t offset)
{
    fwsim_periph *p = periph_at(at, m);
    uint32_t fixed = ~(row->rw | row->unimpl | row->w1c | row->w0c);
    uint32_t before = fwsim_reg_get(p, offset);

    /* Callbacks may change bits that the firmware cannot. */
    if (row->on_write)
        return;
    write_register(at, m, row, offset, 0xffffffff);
    write_register(at, m, row, offset, 0);
    write_register(at, m, row, offset, 0xa5a5a5a5);
    if ((fwsim_reg_get(p, offset) ^ before) & fixed)
        fail_msg("%s: %s: bits 0x%x were written, and are in no mask",
                 at->type->name, row->name,
                 (fwsim_reg_get(p, offset) ^ before) & fixed);
    if ((fwsim_reg_get(p, offset) ^ 0xa5a5a5a5) & row->rw & ~row->unimpl)
        fail_msg("%s: %s does not store its rw bits", at->type->name,
                 row->name);
}

static void check_masks(place *at)
{
    for_each_register(at, check_masked_bits);
}

static void writes_change_no_bits_outside_the_masks(void **state)
{
    (void)state;
    for_each_type(check_masks);
}

/* ------------------------------------------------------------------ */
/* Random use                                                           */
/* ------------------------------------------------------------------ */

/** A small generator of the test's own (xorshift, Marsaglia 2003). */
static uint32_t next(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/** Values that firmware writes: small, single bits, masks, addresses. */
static uint32_t random_value(const place *at, uint32_t *seed)
{
    switch (next(seed) % 6) {
    case 0:
        return next(seed) % 8;
    case 1:
        return 1u << next(seed) % 32;
    case 2:
        return 0xffffffff;
    case 3:
        return (uint32_t)(at->ram + next(seed) % (at->ram_size + 16));
    case 4:
        return next(seed) % 4096;
    default:
        return next(seed);
    }
}

static uint32_t random_access(place *at, fwsim_machine *m, uint32_t *seed)
{
    static const unsigned widths[] = { 1, 2, 4, 4 };
    const fwsim_slot *slot = periph_at(at, m)->slot;
    unsigned width = widths[next(seed) % 4];
    uint64_t addr = slot->base + next(seed) % at->type->size / width * width;
    uint32_t value = 0;

    if (next(seed) % 2)
        OK(fwsim_bus_write(m, addr, width, random_value(at, seed)));
    else
        OK(fwsim_bus_read(m, addr, width, &value));
    return value;
}

/** Known registers, more often than by chance. */
static uint32_t random_register(place *at, fwsim_machine *m, uint32_t *seed)
{
    const fwsim_reg *rows = at->type->regs;
    uint32_t value = 0;
    size_t n = 0;

    while (rows && rows[n].name)
        n++;
    if (n == 0)
        return 0;
    rows += next(seed) % n;
    if (next(seed) % 3)
        write_register(at, m, rows, rows->offset, random_value(at, seed));
    else
        value = read_register(at, m, rows, rows->offset);
    return value;
}

static uint32_t random_transfer(place *at, fwsim_machine *m, uint32_t *seed)
{
    fwsim_periph *part = periph_at(at, m);
    uint32_t value = 0;

    if (!part->bus)
        return 0;
    fwsim_i2c_start(part->bus, (uint8_t)part->slot->bus_addr, next(seed) % 2);
    for (unsigned i = next(seed) % 8; i > 0; i--) {
        if (next(seed) % 2)
            fwsim_i2c_write(part->bus, (uint8_t)next(seed));
        else
            value = value * 31 + fwsim_i2c_read(part->bus);
    }
    if (next(seed) % 2)
        fwsim_i2c_stop(part->bus);
    return value;
}

/** Something happens outside of the chip. */
static uint32_t random_world(place *at, fwsim_machine *m, uint32_t *seed)
{
    fwsim_periph *p = periph_at(at, m);
    const fwsim_quantity *in = at->type->inputs, *out = at->type->outputs;
    int32_t value = 0;
    char pin[16];

    if (m->soc->pins) {
        snprintf(pin, sizeof pin, "pin%u", next(seed) % m->soc->pins);
        OK(fwsim_pin_set(m, pin, (fwsim_drive)(next(seed) % 5)));
    }
    if (at->type->uart)
        OK(fwsim_uart_send(m, at->slot, &(uint8_t){ (uint8_t)next(seed) }, 1));
    for (; in && in->name; in++)
        OK(fwsim_input_set(m, at->slot, in->name,
                           (int32_t)(in->min + next(seed) %
                                     ((int64_t)in->max - in->min + 1))));
    for (; out && out->name; out++)
        OK(fwsim_output_get(m, at->slot, out->name, &value));
    if (at->type->on_flash_write) {
        uint64_t addr = (at->ram ^ next(seed)) & ~3u;

        at->type->on_flash_write(p, addr, 4, next(seed));
    }
    return (uint32_t)value;
}

/** From a nanosecond to 16 ms, as often short as long. */
static uint64_t random_time(uint32_t *seed)
{
    uint32_t limit = 2u << next(seed) % 24;

    return next(seed) % limit + 1;
}

/** Use the peripheral at random; returns a sum of what it answered. */
static uint32_t use(place *at, fwsim_machine *m, uint32_t seed)
{
    uint32_t sum = 0;

    for (int i = 0; i < STEPS; i++) {
        uint32_t answer = 0;

        switch (next(&seed) % 16) {
        case 0:
            run_ns(m, random_time(&seed));
            break;
        case 1:
            answer = random_world(at, m, &seed);
            break;
        case 2:
        case 3:
            answer = random_transfer(at, m, &seed);
            break;
        case 4:
        case 5:
        case 6:
            if (at->type->size)
                answer = random_access(at, m, &seed);
            break;
        default:
            answer = random_register(at, m, &seed);
        }
        sum = sum * 31 + answer;
    }
    return sum;
}

static void check_determinism(place *at)
{
    fwsim_machine *a = machine_at(at), *b = machine_at(at);

    if (use(at, a, 1) != use(at, b, 1) || fwsim_hash(a) != fwsim_hash(b))
        fail_msg("%s: two machines differ after the same accesses",
                 at->type->name);
    fwsim_free(a);
    fwsim_free(b);
}

static void the_same_accesses_give_the_same_answers(void **state)
{
    (void)state;
    for_each_type(check_determinism);
}

static void check_snapshot(place *at)
{
    fwsim_machine *m = machine_at(at);
    fwsim_machine *other = machine_at(at);
    fwsim_snapshot *s;
    uint64_t taken, after;
    uint32_t sum;

    use(at, m, 2);
    OK(fwsim_snapshot_take(m, &s));
    taken = fwsim_hash(m);
    sum = use(at, m, 3);
    after = fwsim_hash(m);
    OK(fwsim_snapshot_restore(m, s));
    if (fwsim_hash(m) != taken)
        fail_msg("%s: a restored machine is another one", at->type->name);
    if (use(at, m, 3) != sum || fwsim_hash(m) != after)
        fail_msg("%s: a restored machine goes another way", at->type->name);
    OK(fwsim_snapshot_restore(other, s));
    if (use(at, other, 3) != sum || fwsim_hash(other) != after)
        fail_msg("%s: state outside of the snapshot", at->type->name);
    fwsim_snapshot_free(s);
    fwsim_free(m);
    fwsim_free(other);
}

static void a_restored_peripheral_goes_on_in_the_same_way(void **state)
{
    (void)state;
    for_each_type(check_snapshot);
}

static void check_power_on(place *at)
{
    fwsim_machine *used = machine_at(at), *fresh = machine_at(at);
    const fwsim_periph *p = periph_at(at, used), *q = periph_at(at, fresh);

    for (uint32_t i = 0, seed = 4; at->type->regs && i < STEPS; i++)
        random_register(at, used, &seed);
    assert_int_equal(fwsim_reset(used, FWSIM_RESET_POWER_ON), 0);
    for (uint32_t i = 0; p->map && i < p->map->words; i++)
        if (p->regs[i] != q->regs[i])
            fail_msg("%s: word %u is 0x%x after power-on, not 0x%x",
                     at->type->name, i, p->regs[i], q->regs[i]);
    fwsim_free(used);
    fwsim_free(fresh);
}

static void power_on_brings_back_the_registers_of_a_new_machine(void **state)
{
    (void)state;
    for_each_type(check_power_on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_type_describes_itself),
        cmocka_unit_test(registers_reset_to_the_values_of_their_rows),
        cmocka_unit_test(writes_change_no_bits_outside_the_masks),
        cmocka_unit_test(the_same_accesses_give_the_same_answers),
        cmocka_unit_test(a_restored_peripheral_goes_on_in_the_same_way),
        cmocka_unit_test(power_on_brings_back_the_registers_of_a_new_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
