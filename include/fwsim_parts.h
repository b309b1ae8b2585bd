/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts in the test program: chips on the I2C and SPI buses of a board, written
 * as a few callbacks, or as a script of the transactions that should come.
 *
 *     static uint8_t who_am_i(fwsim_machine *m, void *user) { return 0x33; }
 *     static const fwsim_i2c_device chip = { .read = who_am_i };
 *
 *     fwsim_i2c_attach(m, "twi0", 0x19, &chip, NULL);
 *
 * A part in the test program is the host's, like a hook. Its own data is not
 * part of a snapshot and not of a fingerprint; the state of the bus is: which
 * part the controller is talking to. So after fwsim_snapshot_restore a part has
 * to have the data that belongs to that moment. Parts that only answer need
 * nothing; others keep a copy beside the snapshot, or are attached (or their
 * scripts written) after each restore. Where what they answer depends on nothing
 * but the bytes they get, runs stay deterministic.
 *
 * Attach and detach are not legal in a callback (FWSIM_EBUSY). The callbacks of
 * a part run in the middle of an access of the firmware: they may do what hooks
 * may, set pins and inputs, and request a stop. The conventions of fwsim.h hold.
 */
#ifndef FWSIM_PARTS_H
#define FWSIM_PARTS_H

#include "fwsim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ */
/* I2C                                                                  */
/* ------------------------------------------------------------------ */

/** A part on an I2C bus. Callbacks may be NULL. */
typedef struct fwsim_i2c_device {
    /** START or repeated START with its address. @return true to acknowledge;
     * NULL: does */
    bool (*start)(fwsim_machine *m, bool read, void *user);
    /** A byte from the controller. @return true to acknowledge; NULL: does */
    bool (*write)(fwsim_machine *m, uint8_t byte, void *user);
    /** A byte for the controller; NULL: 0xff. */
    uint8_t (*read)(fwsim_machine *m, void *user);
    /** The transfer has ended with STOP. */
    void (*stop)(fwsim_machine *m, void *user);
} fwsim_i2c_device;

/**
 * Put a part on a bus. A part of the board with this address hears nothing
 * while it is there. With a controller whose pins the firmware chooses (nRF51)
 * it is on whatever pins these are.
 *
 * @param controller  slot of the controller: "twi0"
 * @param addr        7 bits
 * @param device      must outlive its use, and is not copied
 * @return 0; FWSIM_ENOENT for a controller that is none (fwsim_errmsg names
 *         those there are); FWSIM_ERANGE for an address of more than 7 bits;
 *         FWSIM_EINVAL when a part was attached there before; FWSIM_ENOMEM;
 *         FWSIM_EBUSY
 */
FWSIM_API int fwsim_i2c_attach(fwsim_machine *m, const char *controller,
                               uint8_t addr, const fwsim_i2c_device *device,
                               void *user);

/** Take it away, or the script there. Returns FWSIM_ENOENT when none is there. */
FWSIM_API int fwsim_i2c_detach(fwsim_machine *m, const char *controller,
                               uint8_t addr);

/* ------------------------------------------------------------------ */
/* SPI                                                                  */
/* ------------------------------------------------------------------ */

/** A part on an SPI bus. Callbacks may be NULL. */
typedef struct fwsim_spi_device {
    /** Its chip select has become active, or inactive. */
    void (*select)(fwsim_machine *m, bool selected, void *user);
    /** A byte is exchanged: @a byte comes from the controller. Bits are in the
     * order of the line, first one highest. @return the part's; NULL: 0xff */
    uint8_t (*transfer)(fwsim_machine *m, uint8_t byte, void *user);
} fwsim_spi_device;

/**
 * Put a part on a bus.
 *
 * @param cs  pin of its chip select, active low: the part is selected while
 *            something drives the pin low; a floating pin selects nobody.
 *            NULL: it is always selected
 * @return as fwsim_i2c_attach; FWSIM_ENOENT also for an unknown pin
 */
FWSIM_API int fwsim_spi_attach(fwsim_machine *m, const char *controller,
                               const char *cs, const fwsim_spi_device *device,
                               void *user);

/** Take it away, or the script there. Returns FWSIM_ENOENT when none is there. */
FWSIM_API int fwsim_spi_detach(fwsim_machine *m, const char *controller,
                               const char *cs);

/* ------------------------------------------------------------------ */
/* Scripts                                                              */
/* ------------------------------------------------------------------ */

/*
 * A script is a part that knows what should come: the steps of one address or
 * chip select, in order. The first step attaches it. It acknowledges what is
 * expected; after the first step that is another one it is silent, and
 * fwsim_i2c_expect_done and fwsim_spi_expect_done report the difference.
 * Steps may be added when earlier ones are done. Going back to a snapshot takes
 * all scripts away, as the steps are those of another run: write them anew. The
 * rules of fwsim_expect.h hold for the functions _done; the others do not run
 * the machine, and return 0 or as fwsim_i2c_attach.
 */

/** The firmware writes exactly these bytes: from START to STOP or to the next
 * START. @a data is copied. */
FWSIM_API int fwsim_i2c_expect_write(fwsim_machine *m, const char *controller,
                                     uint8_t addr, const void *data,
                                     size_t size);

/** The firmware reads this many bytes, and gets these. @a reply is copied. */
FWSIM_API int fwsim_i2c_expect_read(fwsim_machine *m, const char *controller,
                                    uint8_t addr, const void *reply,
                                    size_t size);

/** Run until all steps are done. FWSIM_EINVAL without a script. */
FWSIM_API int fwsim_i2c_expect_done(fwsim_machine *m, const char *controller,
                                    uint8_t addr, uint64_t timeout_ns);

/**
 * The firmware exchanges this many bytes, and gets @a reply, while the part is
 * selected once. With no chip select, steps follow each other without a gap.
 *
 * @param data   what the firmware sends; NULL: anything
 * @param reply  NULL: 0xff
 */
FWSIM_API int fwsim_spi_expect(fwsim_machine *m, const char *controller,
                               const char *cs, const void *data,
                               const void *reply, size_t size);

/** Run until all steps are done. FWSIM_EINVAL without a script. */
FWSIM_API int fwsim_spi_expect_done(fwsim_machine *m, const char *controller,
                                    const char *cs, uint64_t timeout_ns);

#ifdef __cplusplus
}
#endif

#endif
