# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds guest programs with the system's arm-none-eabi-gcc, beside the host's
# compiler and without a toolchain file:
#
#   fwsim_add_firmware(uart_echo
#       SOURCES uart_echo.c startup.c
#       CPU     cortex-m4 FPU
#       LINKER  stm32f4.ld
#       DEFINES BAUD=115200)
#
#   SOURCES   C or assembler files
#   CPU       as in -mcpu= (default cortex-m3)
#   FPU       hard floating point, with the FPU this core has
#   LINKER    linker script; without one, cmake/firmware.ld.in is filled in
#   FLASH     "origin length" for that script (default "0x08000000 1M")
#   RAM       "origin length" for that script (default "0x20000000 128K")
#   DEFINES   preprocessor definitions
#   INCLUDES  include folders
#   OPTIONS   more compiler options (after -O1 -g, so -O2 wins)
#   LIBS      libraries of newlib, e.g. c; without any: -ffreestanding
#   OUTPUT    folder of the image (default the current binary folder)
#
# Makes the target firmware_<name>, part of `all`, and <output>/<name>.elf.
# FWSIM_FIRMWARE_FOUND says whether there is a compiler; without one the call
# does nothing.

find_program(FWSIM_ARM_GCC arm-none-eabi-gcc DOC "Compiler for Cortex-M guests")
mark_as_advanced(FWSIM_ARM_GCC)
set(FWSIM_FIRMWARE_FOUND OFF)
if(FWSIM_ARM_GCC)
    set(FWSIM_FIRMWARE_FOUND ON)
endif()

set(_fwsim_firmware_ld ${CMAKE_CURRENT_LIST_DIR}/firmware.ld.in)

set(_fwsim_fpu_cortex-m4 fpv4-sp-d16)
set(_fwsim_fpu_cortex-m7 fpv5-d16)
set(_fwsim_fpu_cortex-m33 fpv5-sp-d16)

function(fwsim_add_firmware name)
    cmake_parse_arguments(PARSE_ARGV 1 A "FPU" "CPU;LINKER;FLASH;RAM;OUTPUT"
                          "SOURCES;DEFINES;INCLUDES;OPTIONS;LIBS")
    if(A_UNPARSED_ARGUMENTS OR NOT A_SOURCES)
        message(FATAL_ERROR "fwsim_add_firmware(${name}): no SOURCES, or "
                            "unknown: ${A_UNPARSED_ARGUMENTS}")
    endif()
    set(used ${A_SOURCES})
    list(TRANSFORM used PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/
         REGEX "^[^/]")
    set_property(DIRECTORY APPEND PROPERTY FWSIM_FIRMWARE_SOURCES ${used})
    if(NOT FWSIM_FIRMWARE_FOUND)
        set_property(GLOBAL APPEND PROPERTY FWSIM_FIRMWARE_ABSENT ${name})
        return()
    endif()

    if(NOT A_CPU)
        set(A_CPU cortex-m3)
    endif()
    if(NOT A_OUTPUT)
        set(A_OUTPUT ${CMAKE_CURRENT_BINARY_DIR})
    endif()
    set(work ${CMAKE_CURRENT_BINARY_DIR}/${name}.dir)
    file(MAKE_DIRECTORY ${work} ${A_OUTPUT})

    set(flags -mcpu=${A_CPU} -mthumb)
    if(A_FPU)
        if(NOT _fwsim_fpu_${A_CPU})
            message(FATAL_ERROR "fwsim_add_firmware(${name}): ${A_CPU} has no FPU")
        endif()
        list(APPEND flags -mfloat-abi=hard -mfpu=${_fwsim_fpu_${A_CPU}})
    else()
        list(APPEND flags -mfloat-abi=soft)
    endif()

    if(A_LINKER)
        cmake_path(ABSOLUTE_PATH A_LINKER BASE_DIRECTORY
                   ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE script)
    else()
        if(NOT A_FLASH)
            set(A_FLASH "0x08000000 1M")
        endif()
        if(NOT A_RAM)
            set(A_RAM "0x20000000 128K")
        endif()
        separate_arguments(flash UNIX_COMMAND "${A_FLASH}")
        separate_arguments(ram UNIX_COMMAND "${A_RAM}")
        list(GET flash 0 FLASH_ORIGIN)
        list(GET flash 1 FLASH_LENGTH)
        list(GET ram 0 RAM_ORIGIN)
        list(GET ram 1 RAM_LENGTH)
        set(script ${work}/${name}.ld)
        configure_file(${_fwsim_firmware_ld} ${script} @ONLY)
    endif()

    set(compile -std=gnu11 -Wall -Wextra -O1 -g -gdwarf-4
                -ffunction-sections -fdata-sections
                # Line tables name files as seen from the top of the tree.
                -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
                -ffile-prefix-map=${CMAKE_CURRENT_BINARY_DIR}=.)
    set(libs -Wl,--start-group)
    if(A_LIBS)
        list(TRANSFORM A_LIBS PREPEND -l)
        list(APPEND libs ${A_LIBS})
    else()
        list(APPEND compile -ffreestanding)
    endif()
    list(APPEND libs -lgcc -Wl,--end-group)
    list(TRANSFORM A_DEFINES PREPEND -D)
    foreach(dir IN LISTS A_INCLUDES)
        cmake_path(ABSOLUTE_PATH dir BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
        list(APPEND compile -I${dir})
    endforeach()

    set(objects)
    foreach(source IN LISTS A_SOURCES)
        cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY
                   ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE path)
        cmake_path(GET path FILENAME file)
        set(object ${work}/${file}.o)
        add_custom_command(
            OUTPUT ${object}
            COMMAND ${FWSIM_ARM_GCC} ${flags} ${compile} ${A_DEFINES}
                    ${A_OPTIONS} -MD -MF ${object}.d -c ${path} -o ${object}
            DEPENDS ${path} DEPFILE ${object}.d
            COMMENT "Building firmware ${name}: ${file}" VERBATIM)
        list(APPEND objects ${object})
    endforeach()

    set(image ${A_OUTPUT}/${name}.elf)
    add_custom_command(
        OUTPUT ${image}
        COMMAND ${FWSIM_ARM_GCC} ${flags} -nostdlib -T ${script}
                -Wl,--gc-sections -Wl,--build-id=none -Wl,-Map=${work}/${name}.map
                ${objects} ${libs} -o ${image}
        DEPENDS ${objects} ${script}
        COMMENT "Linking firmware ${name}.elf" VERBATIM)
    add_custom_target(firmware_${name} ALL DEPENDS ${image})
    set_target_properties(firmware_${name} PROPERTIES FWSIM_IMAGE ${image})
    set_property(GLOBAL APPEND PROPERTY FWSIM_FIRMWARE_TARGETS firmware_${name})
endfunction()
