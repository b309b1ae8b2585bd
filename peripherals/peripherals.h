/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The peripheral models of the library, one line each, in order of name.
 * SoC and board tables include this; models do not include each other.
 */
#ifndef FWSIM_PERIPHERALS_H
#define FWSIM_PERIPHERALS_H

#include "fwsim_periph.h"

extern const fwsim_periph_type cmsdk_dualtimer;
extern const fwsim_periph_type cmsdk_gpio;
extern const fwsim_periph_type cmsdk_sysctrl;
extern const fwsim_periph_type cmsdk_timer;
extern const fwsim_periph_type cmsdk_uart;
extern const fwsim_periph_type cmsdk_watchdog;
extern const fwsim_periph_type efm32_cmu;
extern const fwsim_periph_type efm32_devinfo;
extern const fwsim_periph_type efm32_emu;
extern const fwsim_periph_type efm32_gpio;
extern const fwsim_periph_type efm32_i2c;
extern const fwsim_periph_type efm32_leuart;
extern const fwsim_periph_type efm32_msc;
extern const fwsim_periph_type efm32_rmu;
extern const fwsim_periph_type efm32_romtable;
extern const fwsim_periph_type efm32_rtc;
extern const fwsim_periph_type efm32_timer;
extern const fwsim_periph_type efm32_usart;
extern const fwsim_periph_type efm32_usb;
extern const fwsim_periph_type efm32_usb_core;
extern const fwsim_periph_type efm32_wdog;
extern const fwsim_periph_type iotkit_sysctrl;
extern const fwsim_periph_type iotkit_sysinfo;
extern const fwsim_periph_type mps2_fpgaio;
extern const fwsim_periph_type mps2_scc;
extern const fwsim_periph_type nrf51_adc;
extern const fwsim_periph_type nrf51_ficr;
extern const fwsim_periph_type nrf51_gpio;
extern const fwsim_periph_type nrf51_gpiote;
extern const fwsim_periph_type nrf51_mpu;
extern const fwsim_periph_type nrf51_nvmc;
extern const fwsim_periph_type nrf51_power_clock;
extern const fwsim_periph_type nrf51_ppi;
extern const fwsim_periph_type nrf51_radio;
extern const fwsim_periph_type nrf51_rng;
extern const fwsim_periph_type nrf51_rtc;
extern const fwsim_periph_type nrf51_spi_twi;
extern const fwsim_periph_type nrf51_temp;
extern const fwsim_periph_type nrf51_timer;
extern const fwsim_periph_type nrf51_uart;
extern const fwsim_periph_type nrf51_wdt;
extern const fwsim_periph_type part_button;
extern const fwsim_periph_type part_led_matrix_5x5;
extern const fwsim_periph_type part_mag3110;
extern const fwsim_periph_type part_mma8653;
extern const fwsim_periph_type part_pull_up;
extern const fwsim_periph_type part_touch_pad;
extern const fwsim_periph_type pl011;
extern const fwsim_periph_type plain_flash;
extern const fwsim_periph_type stm32_bxcan;

#endif
