/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue of peripheral models. A row here is enough to be listed by
 * `fwsim peripherals` and covered by the conformance test.
 */
#include "peripherals.h"

const fwsim_periph_type *const fwsim_periph_types[] = {
    &efm32_cmu,
    &efm32_devinfo,
    &efm32_emu,
    &efm32_gpio,
    &efm32_i2c,
    &efm32_leuart,
    &efm32_msc,
    &efm32_rmu,
    &efm32_romtable,
    &efm32_rtc,
    &efm32_timer,
    &efm32_usart,
    &efm32_usb,
    &efm32_usb_core,
    &efm32_wdog,
    &fwsim_stub,
    &nrf51_adc,
    &nrf51_ficr,
    &nrf51_gpio,
    &nrf51_gpiote,
    &nrf51_mpu,
    &nrf51_nvmc,
    &nrf51_power_clock,
    &nrf51_ppi,
    &nrf51_radio,
    &nrf51_rng,
    &nrf51_rtc,
    &nrf51_temp,
    &nrf51_timer,
    &nrf51_twi,
    &nrf51_uart,
    &nrf51_wdt,
    &part_button,
    &part_led_matrix_5x5,
    &part_mag3110,
    &part_mma8653,
    &part_pull_up,
    &part_touch_pad,
    NULL
};
