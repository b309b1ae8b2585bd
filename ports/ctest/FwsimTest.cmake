# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests of firmware in CTest, a CTest test for each test of a cmocka program:
#
#   fwsim_add_test(NAME shell
#       SOURCES  test_shell.c
#       FIRMWARE shell_firmware
#       BOARD    mps2_an386
#       LABELS   firmware uart
#       TIMEOUT  10)
#
#   NAME         of the program and its target; a test is NAME.function
#   SOURCES      C or C++ files; main returns what fwsim_run_tests returns
#   FIRMWARE     name of fwsim_add_firmware, a target that is an executable, or
#                a file: built before, and FWSIM_TEST_FIRMWARE in the sources
#   BOARD        FWSIM_TEST_BOARD in the sources
#   LIBRARIES    to link besides fwsim::cmocka
#   LABELS       of each test
#   TIMEOUT      seconds of the host for each test (default 60)
#   ENVIRONMENT  NAME=VALUE for each test
#   JUNIT_DIR    folder for a JUnit file of each test
#   WORKING_DIRECTORY  of each test (default the current binary folder)
#
# The program is asked for its tests whenever it was built. A test that returns
# 77 was skipped. What fwsim_cmocka_boot boots is kept for the other tests of
# the program, until it is built again.

set(_fwsim_discover ${CMAKE_CURRENT_LIST_DIR}/FwsimDiscover.cmake)

# Where a firmware is, and the target that makes it. Both empty: it cannot be
# built here.
function(_fwsim_find_firmware what firmware out_path out_target)
    set(path)
    set(target)
    get_property(absent GLOBAL PROPERTY FWSIM_FIRMWARE_ABSENT)
    if(TARGET firmware_${firmware})
        set(target firmware_${firmware})
        get_target_property(path ${target} FWSIM_IMAGE)
    elseif(firmware IN_LIST absent)
        # fwsim_add_firmware has found no compiler
    elseif(TARGET ${firmware})
        set(target ${firmware})
        get_target_property(type ${target} TYPE)
        get_target_property(path ${target} FWSIM_IMAGE)
        if(type STREQUAL EXECUTABLE)
            set(path $<TARGET_FILE:${target}>)
        elseif(NOT path)
            message(FATAL_ERROR "${what}: FIRMWARE ${firmware} is a target "
                    "(${type}), but no executable")
        endif()
    else()
        cmake_path(ABSOLUTE_PATH firmware BASE_DIRECTORY
                   ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE path)
        cmake_path(IS_ABSOLUTE firmware absolute)
        if(NOT absolute AND NOT EXISTS ${path})
            message(FATAL_ERROR "${what}: FIRMWARE ${firmware} is no target, and "
                    "there is no file ${path}")
        endif()
    endif()
    set(${out_path} "${path}" PARENT_SCOPE)
    set(${out_target} "${target}" PARENT_SCOPE)
endfunction()

# A test that says why it is none.
function(_fwsim_skipped_test name why labels)
    message(NOTICE "SKIPPED: ${name}: ${why}")
    add_test(NAME ${name} COMMAND sh -c "echo 'SKIPPED: ${why}'; exit 77")
    set_tests_properties(${name} PROPERTIES
        SKIP_RETURN_CODE 77 LABELS "${labels}")
endfunction()

# What FIRMWARE says: `image` and `maker` of the caller, or `missing` and a test
# that is skipped.
macro(_fwsim_use_firmware what test)
    set(image)
    set(maker)
    set(missing OFF)
    if(A_FIRMWARE)
        _fwsim_find_firmware("${what}" ${A_FIRMWARE} image maker)
        if(NOT image)
            _fwsim_skipped_test(${test} "no compiler for ${A_FIRMWARE}"
                                "${A_LABELS}")
            set(missing ON)
        endif()
    endif()
endmacro()

# Let the sources know, and have it built before.
function(_fwsim_define_firmware target)
    if(image)
        target_compile_definitions(${target} PRIVATE
                                   FWSIM_TEST_FIRMWARE="${image}")
    endif()
    if(A_BOARD)
        target_compile_definitions(${target} PRIVATE
                                   FWSIM_TEST_BOARD="${A_BOARD}")
    endif()
    if(maker)
        add_dependencies(${target} ${maker})
    endif()
endfunction()

# Ask the program for its tests after each build, and have ctest read them.
function(_fwsim_discover_tests name)
    get_property(multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
    set(base ${CMAKE_CURRENT_BINARY_DIR}/${name})
    set(config)
    set(ctest_config)
    if(multi)
        set(config -$<CONFIG>)
        set(ctest_config "-\${CTEST_CONFIGURATION_TYPE}")
    endif()
    file(GENERATE OUTPUT ${base}.discover${config}.cmake CONTENT
"set(name [==[${name}]==])
set(program [==[$<TARGET_FILE:${name}>]==])
set(output [==[${base}.tests${config}.cmake]==])
set(kept [==[${base}.snapshots]==])
set(directory [==[${A_WORKING_DIRECTORY}]==])
set(firmware [==[${image}]==])
set(labels [==[${A_LABELS}]==])
set(timeout [==[${A_TIMEOUT}]==])
set(environment [==[${A_ENVIRONMENT}]==])
")
    add_custom_command(TARGET ${name} POST_BUILD
        COMMAND ${CMAKE_COMMAND} -P ${_fwsim_discover}
                ${base}.discover${config}.cmake
        BYPRODUCTS ${base}.tests${config}.cmake
        COMMENT "Asking ${name} for its tests" VERBATIM)
    file(WRITE ${base}.include.cmake
"if(EXISTS \"${base}.tests${ctest_config}.cmake\")
    include(\"${base}.tests${ctest_config}.cmake\")
else()
    add_test(${name}_NOT_BUILT ${name}_NOT_BUILT)
    set_tests_properties(${name}_NOT_BUILT PROPERTIES LABELS [==[${A_LABELS}]==])
endif()
")
    set_property(DIRECTORY APPEND PROPERTY
                 TEST_INCLUDE_FILES ${base}.include.cmake)
endfunction()

function(fwsim_add_test)
    cmake_parse_arguments(PARSE_ARGV 0 A ""
        "NAME;FIRMWARE;BOARD;TIMEOUT;JUNIT_DIR;WORKING_DIRECTORY"
        "SOURCES;LIBRARIES;LABELS;ENVIRONMENT")
    if(NOT A_NAME OR NOT A_SOURCES OR A_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "fwsim_add_test(NAME ${A_NAME}): no NAME or no "
                            "SOURCES, or unknown: ${A_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT TARGET fwsim::cmocka)
        message(FATAL_ERROR "fwsim_add_test(NAME ${A_NAME}): there is no "
            "fwsim::cmocka; install cmocka (Debian: libcmocka-dev)")
    endif()
    if(NOT A_TIMEOUT)
        set(A_TIMEOUT 60)
    endif()
    if(NOT A_WORKING_DIRECTORY)
        set(A_WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
    endif()

    _fwsim_use_firmware("fwsim_add_test(NAME ${A_NAME})" ${A_NAME})
    if(missing)
        return()
    endif()

    list(APPEND A_ENVIRONMENT
         FWSIM_SNAPSHOT_DIR=${CMAKE_CURRENT_BINARY_DIR}/${A_NAME}.snapshots)
    if(A_JUNIT_DIR)
        cmake_path(ABSOLUTE_PATH A_JUNIT_DIR BASE_DIRECTORY
                   ${CMAKE_CURRENT_BINARY_DIR})
        file(MAKE_DIRECTORY ${A_JUNIT_DIR})
        list(APPEND A_ENVIRONMENT FWSIM_TEST_JUNIT=${A_JUNIT_DIR}/)
    endif()

    add_executable(${A_NAME} ${A_SOURCES})
    target_link_libraries(${A_NAME} PRIVATE fwsim::cmocka ${A_LIBRARIES})
    _fwsim_define_firmware(${A_NAME})
    _fwsim_discover_tests(${A_NAME})
endfunction()
