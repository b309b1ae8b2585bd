# SPDX-License-Identifier: GPL-2.0-or-later
#
# Warnings, sanitizers and coverage for our own sources: fwsim::flags.

add_library(fwsim_flags INTERFACE)

target_compile_options(fwsim_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow
    # Zero is the default: a row of a table stops where the rest is zero.
    -Wno-missing-field-initializers
    $<$<BOOL:${FWSIM_WERROR}>:-Werror>
    # __FILE__ in a message does not depend on where the tree lies.
    -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
target_compile_definitions(fwsim_flags INTERFACE _DEFAULT_SOURCE)

if(FWSIM_SANITIZE)
    target_compile_options(fwsim_flags INTERFACE
        -fsanitize=${FWSIM_SANITIZE} -fno-sanitize-recover=all
        -fno-omit-frame-pointer
        # With checks between them gcc no longer sees the ranges of values.
        $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation>)
    target_link_options(fwsim_flags INTERFACE -fsanitize=${FWSIM_SANITIZE})
    # Unicorn's own leaks are not ours: ctest sets this for all tests, since
    # examples and the programs of other frameworks have them too.
    file(WRITE ${PROJECT_BINARY_DIR}/sanitize.ctest.cmake
        "set(ENV{LSAN_OPTIONS} suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0)\n")
    set_property(DIRECTORY APPEND PROPERTY
        TEST_INCLUDE_FILES ${PROJECT_BINARY_DIR}/sanitize.ctest.cmake)
endif()

if(FWSIM_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "FWSIM_FUZZ needs clang: cmake --preset fuzz")
    endif()
    target_compile_options(fwsim_flags INTERFACE -fsanitize=fuzzer-no-link)
    target_link_options(fwsim_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
