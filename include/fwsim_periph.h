/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For authors of peripheral models. docs/writing-a-peripheral.md is the guide.
 *
 * A model is one const table: registers as rows of masks, and a few callbacks
 * for what masks cannot say. It knows no address, no interrupt number and no
 * chip; the slot in a SoC table does. State is plain data (integers, arrays of
 * integers), never a pointer: reset, snapshot, restore and hash are done by
 * the machine.
 *
 * All functions here are for the callbacks of a model and are legal in each of
 * them. They report no errors: a call that breaks a rule stated here is a bug
 * of the model and is caught by an assertion, in builds that have them. None
 * of them blocks; only fwsim_uart_tx allocates.
 */
#ifndef FWSIM_PERIPH_H
#define FWSIM_PERIPH_H

#include "fwsim.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A peripheral of a machine. */
typedef struct fwsim_periph fwsim_periph;

/* ------------------------------------------------------------------ */
/* Registers                                                            */
/* ------------------------------------------------------------------ */

/** What a write to an alias register does to the register it stands for. */
typedef enum fwsim_alias {
    FWSIM_ALIAS_NONE,
    FWSIM_ALIAS_SET,   /**< ones set bits; reads give the register */
    FWSIM_ALIAS_CLEAR, /**< ones clear bits; reads give the register */
    FWSIM_ALIAS_TOGGLE /**< ones invert bits; reads give the register */
} fwsim_alias;

/**
 * A register, or an array of equal registers.
 *
 * A write is split by the masks: `rw` bits are stored, `w1c` bits are cleared
 * by a one, `w0c` bits by a zero, `wo` bits are accepted but not stored. A one
 * written to a bit in no mask that did not read as one is a guest error.
 * Narrow accesses touch only the bytes they name.
 */
typedef struct fwsim_reg {
    const char *name;
    uint32_t offset;
    uint16_t count;  /**< elements of an array; 0: 1 */
    uint16_t stride; /**< bytes from element to element; 0: width */
    uint8_t width;   /**< bytes: 1, 2 or 4; 0: 4 */
    bool retained;   /**< keeps its value in all resets but power-on */
    uint32_t reset;
    uint32_t rw, w1c, w0c;
    uint32_t wo;
    uint32_t rc;     /**< bits cleared by a read, after the value was taken */
    uint32_t unimpl; /**< stored but without effect; logged when first set */
    fwsim_alias alias;
    uint32_t of;     /**< alias: offset of the (first) register it stands for */
    /**
     * The value of a read.
     * @param index   element of the array
     * @param stored  the stored value from before `rc` took effect; in the
     *                register the bits are cleared already
     */
    uint32_t (*on_read)(fwsim_periph *p, unsigned index, uint32_t stored);
    /**
     * After a write, when the masks have been applied. Called on the register
     * an alias stands for as well (with its new value as @a written).
     * @param written  bits as the firmware wrote them, those outside the
     *                 bytes of the access as zeros
     */
    void (*on_write)(fwsim_periph *p, unsigned index, uint32_t written);
} fwsim_reg;

#define FWSIM_REG_END { .name = NULL }

/** A quantity the model senses (input) or shows (output). */
typedef struct fwsim_quantity {
    const char *name;    /**< "temperature" */
    const char *unit;    /**< "m°C", "uV", "mg", "%" */
    int32_t initial;     /**< inputs */
    int32_t min, max;    /**< inputs */
} fwsim_quantity;

/** A part's end of an I2C bus. */
typedef struct fwsim_i2c_ops {
    /** Addressed after START. @return true to acknowledge */
    bool (*start)(fwsim_periph *p, bool read);
    /** @return true to acknowledge */
    bool (*write)(fwsim_periph *p, uint8_t byte);
    uint8_t (*read)(fwsim_periph *p);
    void (*stop)(fwsim_periph *p);
} fwsim_i2c_ops;

/** A part's end of an SPI bus. A part with a pin "cs" is selected while that is
 * driven low, one without it always. */
typedef struct fwsim_spi_ops {
    /** Selected, or not any more. May be NULL. */
    void (*select)(fwsim_periph *p, bool selected);
    /** A byte is exchanged; bits in the order of the line, first one highest.
     * @return the part's */
    uint8_t (*transfer)(fwsim_periph *p, uint8_t byte);
} fwsim_spi_ops;

/** A type of peripheral. All pointers are to const data; NULL where unused. */
typedef struct fwsim_periph_type {
    const char *name;     /**< "stm32_usart" */
    const char *summary;  /**< one line for `fwsim peripherals` */
    const char *source;   /**< manual and section the model follows */
    const char *const *gaps; /**< what is not modelled; ends with NULL */
    uint32_t size;        /**< bytes of address space; 0: a part on a bus */
    const fwsim_reg *regs; /**< ends with FWSIM_REG_END */
    uint32_t state_size;  /**< bytes of own state, see fwsim_state */
    uint8_t irqs;         /**< interrupt outputs */
    const char *const *pins;   /**< pins of a part, by name; ends with NULL */
    const char *const *params; /**< parameters in the slot; ends with NULL */
    const fwsim_quantity *inputs;  /**< ends with a row without a name */
    const fwsim_quantity *outputs; /**< ends with a row without a name */
    bool uart; /**< has a serial line to the host (fwsim_uart_*) */

    /** After registers and own state were set to their reset values. Own state
     * is zeroed at power-on only; other resets leave it to the model. */
    void (*on_reset)(fwsim_periph *p, fwsim_reset_kind kind);
    /** An event set by fwsim_event_set is due. It is no longer set. */
    void (*on_event)(fwsim_periph *p, unsigned id);
    /** A byte arrives on the serial line. */
    void (*on_rx)(fwsim_periph *p, uint8_t byte);
    /** The level of a pin has changed; any pin of the machine. */
    void (*on_pin)(fwsim_periph *p, unsigned pin, bool level);
    /** Somebody called fwsim_signal: the address of its register. */
    void (*on_signal)(fwsim_periph *p, uint64_t address);
    /** An input has a new value. */
    void (*on_input)(fwsim_periph *p, unsigned index);
    /** The value of an output now. Must not change state. */
    int32_t (*output)(fwsim_periph *p, unsigned index);
    /** Flash controllers: the core writes to a flash that names this slot. Use
     * fwsim_flash_* to change it. An address in an alias comes as that of the
     * flash itself. @return false for a bus fault */
    bool (*on_flash_write)(fwsim_periph *p, uint64_t address, unsigned width,
                           uint32_t value);
    /** CAN controllers: a frame of another node is complete, and all of it can
     * be received. */
    void (*on_can)(fwsim_periph *p, const fwsim_can_frame *frame);
    const fwsim_i2c_ops *i2c; /**< parts */
    const fwsim_spi_ops *spi; /**< parts */
    bool i2c_bus; /**< is the controller of an I2C bus (fwsim_i2c_*) */
    bool spi_bus; /**< is the controller of an SPI bus (fwsim_spi_*) */
} fwsim_periph_type;

/** All types of the library, in order of name; ends with NULL. */
FWSIM_API extern const fwsim_periph_type *const fwsim_periph_types[];

/** A window without registers: accesses are logged once a register. */
FWSIM_API extern const fwsim_periph_type fwsim_stub;

/**
 * The stored value of a register of this peripheral, by offset. No side
 * effects. @a offset must be that of a register, or of an array's element.
 */
FWSIM_API uint32_t fwsim_reg_get(const fwsim_periph *p, uint32_t offset);
/** Store a value, all bits. No side effects. */
FWSIM_API void fwsim_reg_set(fwsim_periph *p, uint32_t offset, uint32_t value);
/** Clear the bits of @a clear, then set those of @a set. No side effects. */
FWSIM_API void fwsim_reg_update(fwsim_periph *p, uint32_t offset,
                                uint32_t clear, uint32_t set);

/** Own state: state_size bytes, aligned to 8, zero after power-on. */
FWSIM_API void *fwsim_state(fwsim_periph *p);

/** The slot this peripheral sits in. */
FWSIM_API const fwsim_slot *fwsim_periph_slot(const fwsim_periph *p);

/* ------------------------------------------------------------------ */
/* Interrupts and signals                                               */
/* ------------------------------------------------------------------ */

/** Set the level of an interrupt output. @a output < type.irqs */
FWSIM_API void fwsim_irq_set(fwsim_periph *p, unsigned output, bool level);

/**
 * Tell the machine that an event of this peripheral happened. Every peripheral
 * whose type has on_signal hears the address of the register, at once.
 */
FWSIM_API void fwsim_signal(fwsim_periph *p, uint32_t offset);

/* ------------------------------------------------------------------ */
/* Time                                                                 */
/* ------------------------------------------------------------------ */

/** Virtual time, in ticks of the core clock: in on_event the tick of the
 * event, in an access of the core that at which its block began. */
FWSIM_API uint64_t fwsim_now(const fwsim_periph *p);

/** The slot's input clock; the core clock when the slot has none. */
FWSIM_API uint32_t fwsim_clock_hz(const fwsim_periph *p);

/** Ticks of the core clock in @a ns nanoseconds, rounded up. */
FWSIM_API uint64_t fwsim_ticks_from_ns(const fwsim_periph *p, uint64_t ns);

/** Call on_event(id) @a ticks from now (0: before the next instruction that
 * can be interrupted, one tick later when set in on_event; UINT64_MAX: never).
 * An event with the same id is replaced. @a id < 256; a machine has room for
 * 256 events that are set. */
FWSIM_API void fwsim_event_set(fwsim_periph *p, unsigned id, uint64_t ticks);
FWSIM_API void fwsim_event_cancel(fwsim_periph *p, unsigned id);

/**
 * A counter that runs with the virtual time: no event a step, the value is
 * computed when asked for. Part of a model's own state; zeroed is stopped at 0.
 */
typedef struct fwsim_counter {
    uint64_t since;   /**< running: core tick at which it had `base` */
    uint64_t base;    /**< steps */
    uint32_t rate_num; /**< steps a second are rate_num / rate_den */
    uint32_t rate_den;
    uint32_t running;
    uint32_t reserved;
} fwsim_counter;

/** Let it run from its value at num/den steps a second. num, den > 0 */
FWSIM_API void fwsim_counter_start(fwsim_periph *p, fwsim_counter *c,
                                   uint32_t num, uint32_t den);
FWSIM_API void fwsim_counter_stop(fwsim_periph *p, fwsim_counter *c);
/** Give it a value; it goes on running if it did. */
FWSIM_API void fwsim_counter_put(fwsim_periph *p, fwsim_counter *c,
                                 uint64_t value);
/** Its value: steps, not wrapped; mask it to the width of the register. */
FWSIM_API uint64_t fwsim_counter_get(const fwsim_periph *p,
                                     const fwsim_counter *c);
/** Core ticks until it reaches @a value (an unwrapped one, not in the past),
 * for fwsim_event_set; UINT64_MAX when it does not run. */
FWSIM_API uint64_t fwsim_counter_until(const fwsim_periph *p,
                                       const fwsim_counter *c, uint64_t value);

/* ------------------------------------------------------------------ */
/* Serial lines                                                         */
/* ------------------------------------------------------------------ */

/** Send a byte to the host. Without memory for it the byte is lost, logged. */
FWSIM_API void fwsim_uart_tx(fwsim_periph *p, uint8_t byte);

/** Time a byte takes on the line, from the baud rate the firmware has set.
 * Bytes of the host arrive at this pace; 0: at once. */
FWSIM_API void fwsim_uart_set_byte_time(fwsim_periph *p, uint64_t ns);

/** Hold the host back (false), as RTS does, or let it send. */
FWSIM_API void fwsim_uart_set_ready(fwsim_periph *p, bool ready);

/* ------------------------------------------------------------------ */
/* Pins                                                                 */
/* ------------------------------------------------------------------ */

/** A GPIO port drives pin @a bit (counted from slot.first_pin). */
FWSIM_API void fwsim_port_drive(fwsim_periph *p, unsigned bit,
                                fwsim_drive drive);
/** Level of pin @a bit of this port. */
FWSIM_API bool fwsim_port_level(const fwsim_periph *p, unsigned bit);

/** A part drives its pin @a index (into type.pins) from outside the chip. */
FWSIM_API void fwsim_part_drive(fwsim_periph *p, unsigned index,
                                fwsim_drive drive);
/** Level of the part's pin @a index. */
FWSIM_API bool fwsim_part_level(const fwsim_periph *p, unsigned index);

/** Level of any pin of the machine, by machine number; for routing blocks
 * whose registers hold pin numbers. Pins that do not exist read 0. */
FWSIM_API bool fwsim_pin_level(const fwsim_periph *p, unsigned pin);

/** Drive any pin by machine number instead of what the GPIO port drives, as a
 * pin multiplexer does; FWSIM_PIN_FLOAT gives the pin back to the port. */
FWSIM_API void fwsim_pin_override(fwsim_periph *p, unsigned pin,
                                  fwsim_drive drive);

/** Value of an input, in its unit. */
FWSIM_API int32_t fwsim_input(const fwsim_periph *p, unsigned index);

/* ------------------------------------------------------------------ */
/* Buses                                                                */
/* ------------------------------------------------------------------ */

/**
 * I2C, for the controller: parts whose slot names this controller as `bus`.
 * A START with the address of nobody is not acknowledged.
 * @return true when acknowledged
 */
FWSIM_API bool fwsim_i2c_start(fwsim_periph *p, uint8_t addr, bool read);
/** The same for a controller whose pins the firmware chooses: addresses parts
 * whose slot names no bus and whose pins "scl" and "sda" are these. */
FWSIM_API bool fwsim_i2c_start_on(fwsim_periph *p, unsigned scl, unsigned sda,
                                  uint8_t addr, bool read);
FWSIM_API bool fwsim_i2c_write(fwsim_periph *p, uint8_t byte);
/** @return the byte; 0xff when nobody is addressed */
FWSIM_API uint8_t fwsim_i2c_read(fwsim_periph *p);
FWSIM_API void fwsim_i2c_stop(fwsim_periph *p);

/**
 * SPI, for the controller: exchange a byte with the part that is selected, of
 * those whose slot names this controller as `bus`. Frames of more than 8 bits
 * are several bytes, in the order of the line.
 *
 * @param out  bits in the order of the line, first one highest
 * @param in   out: the part's byte; 0xff when nobody is selected
 * @return true when a part is selected, and drives the line
 */
FWSIM_API bool fwsim_spi_transfer(fwsim_periph *p, uint8_t out, uint8_t *in);
/** The same for a controller whose pins the firmware chooses: also with parts
 * whose slot names no bus and whose pins "sck", and "mosi" and "miso" if they
 * have them, are these. */
FWSIM_API bool fwsim_spi_transfer_on(fwsim_periph *p, unsigned sck,
                                     unsigned mosi, unsigned miso, uint8_t out,
                                     uint8_t *in);

/** CAN: a frame of the firmware is complete on the bus. Without memory for it
 * the frame is lost, logged. */
FWSIM_API void fwsim_can_tx(fwsim_periph *p, const fwsim_can_frame *frame);
/** Time of a bit in ns, from the bit rate the firmware has set; 0: not on the
 * bus, frames of others wait. */
FWSIM_API void fwsim_can_set_bit_time(fwsim_periph *p, uint32_t ns);
/** Bits a frame takes, with the space between frames and without stuff bits. */
FWSIM_API uint32_t fwsim_can_frame_bits(const fwsim_can_frame *frame);

/**
 * Read memory, or write RAM, as a bus master (DMA). No registers.
 * @return false when a byte is outside memory, or of a write outside RAM;
 *         nothing is copied then
 */
FWSIM_API bool fwsim_dma_read(fwsim_periph *p, uint64_t addr, void *buf,
                              uint32_t size);
FWSIM_API bool fwsim_dma_write(fwsim_periph *p, uint64_t addr, const void *buf,
                               uint32_t size);

/** Write to a register of another peripheral, by address, as hardware that is
 * programmed with addresses does. @return false when nobody is there */
FWSIM_API bool fwsim_bus_poke(fwsim_periph *p, uint64_t addr, uint32_t value);

/** Program flash that names this slot as its controller: bits can only be
 * cleared. @return false outside such a flash */
FWSIM_API bool fwsim_flash_program(fwsim_periph *p, uint64_t addr,
                                   const void *data, uint32_t size);
/** Set @a size bytes to 0xff. @return false outside such a flash */
FWSIM_API bool fwsim_flash_erase(fwsim_periph *p, uint64_t addr, uint64_t size);
/** Size of the flash region at @a addr that names this slot; 0 if none. */
FWSIM_API uint64_t fwsim_flash_size(const fwsim_periph *p, uint64_t addr);

/* ------------------------------------------------------------------ */
/* The rest                                                             */
/* ------------------------------------------------------------------ */

/** Next number of the machine's seeded generator, uniform over 32 bits. */
FWSIM_API uint32_t fwsim_random(fwsim_periph *p);

/** Reset the whole chip before the next block, as a watchdog does. */
FWSIM_API void fwsim_request_reset(fwsim_periph *p, fwsim_reset_kind kind);

/** Report a mistake of the firmware (printf format). */
FWSIM_API void fwsim_guest_error(fwsim_periph *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/** Report a function the model lacks; each format string once a machine. */
FWSIM_API void fwsim_unimpl(fwsim_periph *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif

#endif
