# SPDX-License-Identifier: GPL-2.0-or-later
#
# Guests for AArch64 boards, with the system's cross compiler:
#
#   fwsim_add_firmware_a64(a64_mmu SOURCES a64_mmu.c LINKER a64.ld
#       [FPU] [DEFINES ...] [INCLUDES dir...] [OPTIONS ...])
#
# Without FPU the compiler keeps to the general registers.
# Makes the target firmware_<name>, part of `all`, and <name>.elf in the current
# binary folder. FWSIM_FIRMWARE_A64_FOUND says whether there is a compiler;
# without one the call does nothing.

find_program(FWSIM_A64_GCC aarch64-linux-gnu-gcc
             DOC "Compiler for AArch64 guests")
mark_as_advanced(FWSIM_A64_GCC)
set(FWSIM_FIRMWARE_A64_FOUND OFF)
if(FWSIM_A64_GCC)
    set(FWSIM_FIRMWARE_A64_FOUND ON)
endif()

function(fwsim_add_firmware_a64 name)
    cmake_parse_arguments(PARSE_ARGV 1 A "FPU" "LINKER"
                          "SOURCES;DEFINES;INCLUDES;OPTIONS")
    list(TRANSFORM A_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
    list(TRANSFORM A_DEFINES PREPEND -D)
    list(TRANSFORM A_INCLUDES PREPEND -I${CMAKE_CURRENT_SOURCE_DIR}/)
    if(NOT A_FPU)
        list(PREPEND A_OPTIONS -mgeneral-regs-only)
    endif()
    set_property(DIRECTORY APPEND PROPERTY FWSIM_FIRMWARE_SOURCES ${A_SOURCES})
    if(NOT FWSIM_FIRMWARE_A64_FOUND)
        return()
    endif()

    set(script ${CMAKE_CURRENT_SOURCE_DIR}/${A_LINKER})
    set(image ${CMAKE_CURRENT_BINARY_DIR}/${name}.elf)
    file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/a64*.h)
    add_custom_command(
        OUTPUT ${image}
        COMMAND ${FWSIM_A64_GCC} -std=gnu11 -Wall -Wextra -O1 -g -gdwarf-4
                -ffreestanding -fno-pic -fno-stack-protector
                -mstrict-align -march=armv8-a+crc
                ${A_DEFINES} ${A_INCLUDES} ${A_OPTIONS}
                -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
                -ffile-prefix-map=${CMAKE_CURRENT_BINARY_DIR}=.
                -nostdlib -static -no-pie -Wl,--build-id=none
                -Wl,--no-warn-rwx-segments
                -T ${script} ${A_SOURCES} -o ${image}
        DEPENDS ${A_SOURCES} ${headers} ${script}
        COMMENT "Building firmware ${name}.elf" VERBATIM)
    add_custom_target(firmware_${name} ALL DEPENDS ${image})
    set_property(GLOBAL APPEND PROPERTY FWSIM_FIRMWARE_TARGETS firmware_${name})
endfunction()
