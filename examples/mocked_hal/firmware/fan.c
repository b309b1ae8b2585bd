/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fan controller: a driver for a temperature sensor and a fan, on a HAL whose
 * hardware no simulator has.
 */
#include <stdbool.h>
#include <stdint.h>

extern uint32_t __stack_top, __bss_start, __bss_end;

#define I2C (*(volatile uint32_t *)0x4000d000)
#define PWM (*(volatile uint32_t *)0x4000d100)

enum { TEMPERATURE = 0x00, RETRIES = 3, NO_TEMPERATURE = INT16_MIN };

/* HAL */

__attribute__((noinline)) int hal_i2c_read(uint8_t addr, uint8_t reg,
                                           uint8_t *data, uint32_t length)
{
    I2C = (uint32_t)addr << 8 | reg;
    while (length--) {
        while (!(I2C & 1u << 31))
            ;
        *data++ = (uint8_t)I2C;
    }
    return 0;
}

__attribute__((noinline)) void hal_pwm_set(uint8_t percent)
{
    PWM = percent;
}

/* driver */

__attribute__((noinline)) int16_t sensor_read(void)
{
    uint8_t raw[2];

    for (int i = 0; i < RETRIES; i++)
        if (hal_i2c_read(0x48, TEMPERATURE, raw, 2) == 0)
            return (int16_t)(raw[0] << 8 | raw[1]) / 256;
    return NO_TEMPERATURE;
}

/* application */

struct {
    bool alarm;
    uint8_t percent;
} g_fan;

__attribute__((noinline)) void fan_step(void)
{
    int16_t t = sensor_read();

    g_fan.alarm = t == NO_TEMPERATURE;
    if (g_fan.alarm || t >= 60)
        g_fan.percent = 100;
    else
        g_fan.percent = t < 20 ? 0 : (uint8_t)((t - 20) * 5 / 2);
    hal_pwm_set(g_fan.percent);
}

void reset_handler(void)
{
    for (uint32_t *to = &__bss_start; to < &__bss_end;)
        *to++ = 0;
    for (;;)
        fan_step();
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
    &__stack_top, (void *)reset_handler
};
