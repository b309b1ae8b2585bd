/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A converter: its calibration ends by itself, the end of a conversion is
 * polled, then tells itself by interrupt. Values stay within 12 bits.
 */
#include "inf.h"

enum { ADC = 0x40012000, LINE = 5 };
#define STAT REG(ADC + 0x00)
#define CTL0 REG(ADC + 0x04)
#define CTL1 REG(ADC + 0x08)
#define SEQ REG(ADC + 0x34)
#define DATA REG(ADC + 0x4c)

enum {
    END = BIT(1),
    STARTED = BIT(4),
    END_IRQ = BIT(5),
    ON = BIT(0),
    CALIBRATE = BIT(2),
    RESET_CALIBRATION = BIT(3),
    SOFTWARE_START = BIT(22)
};

static volatile uint32_t samples, last;

void irq5(void)
{
    if (STAT & END) {
        last = DATA & 0xfff;
        STAT = ~(uint32_t)END;
        samples++;
    }
}

static void calibrate(void)
{
    CTL1 |= RESET_CALIBRATION;
    while (CTL1 & RESET_CALIBRATION)
        ;
    CTL1 |= CALIBRATE;
    while (CTL1 & CALIBRATE)
        ;
}

static uint32_t convert(unsigned channel)
{
    SEQ = channel;
    CTL1 |= SOFTWARE_START;
    while (!(STAT & END))
        ;
    return DATA & 0xfff;
}

int main(void)
{
    static volatile uint32_t millivolts __attribute__((unused));

    CTL1 = ON;
    calibrate();
    for (unsigned channel = 0; channel < 4; channel++)
        millivolts = convert(channel) * 3300 / 4095;
    irq_enable(LINE);
    CTL0 |= END_IRQ;
    while (samples < 5) {
        CTL1 |= SOFTWARE_START;
        sleep();
    }
    CTL0 &= ~(uint32_t)END_IRQ;
    done();
    for (;;)
        millivolts = convert(16) * 3300 / 4095;
}
