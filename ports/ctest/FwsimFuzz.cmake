# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fuzzers of firmware, and their corpus as a CTest test:
#
#   fwsim_add_fuzzer(NAME parser
#       SOURCES  fuzz_parser.c
#       FIRMWARE parser_firmware
#       CORPUS   corpus/parser
#       LABELS   fuzz)
#
#   NAME       of the program and its target; the test is NAME.corpus
#   SOURCES    C or C++ files with LLVMFuzzerTestOneInput, see fwsim_fuzz.h
#   ENGINE     libfuzzer (clang only) or afl; without it libfuzzer where the
#              compiler has it, else afl
#   FIRMWARE, BOARD, LIBRARIES, LABELS, TIMEOUT, ENVIRONMENT  as in
#              fwsim_add_test; the time-out is that of the whole corpus
#   CORPUS     files and folders; each input is run once by NAME.corpus, which
#              fails when one is a finding
#
# A program of libFuzzer has its options. One for AFL++ needs nothing of it to
# be built: it serves afl-fuzz, and alone it runs the files it is given.

include(CheckCSourceCompiles)

# Does this compiler link with libFuzzer?
function(_fwsim_check_libfuzzer)
    set(CMAKE_REQUIRED_FLAGS -fsanitize=fuzzer)
    set(CMAKE_REQUIRED_QUIET ON)
    check_c_source_compiles("
        #include <stddef.h>
        #include <stdint.h>
        int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
        int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
        {
            return data && size == 77;
        }" FWSIM_HAVE_LIBFUZZER)
endfunction()

function(_fwsim_fuzz_engine what engine out)
    if(NOT engine STREQUAL "afl")
        _fwsim_check_libfuzzer()
    endif()
    if(NOT engine)
        set(engine afl)
        if(FWSIM_HAVE_LIBFUZZER)
            set(engine libfuzzer)
        endif()
    elseif(engine STREQUAL "libfuzzer" AND NOT FWSIM_HAVE_LIBFUZZER)
        message(FATAL_ERROR "${what}: ${CMAKE_C_COMPILER} has no libFuzzer; "
            "configure with clang (Debian: clang libclang-rt-dev), or ENGINE afl")
    elseif(NOT engine MATCHES "^(afl|libfuzzer)$")
        message(FATAL_ERROR "${what}: ENGINE ${engine} is neither libfuzzer nor afl")
    endif()
    set(${out} ${engine} PARENT_SCOPE)
endfunction()

function(fwsim_add_fuzzer)
    cmake_parse_arguments(PARSE_ARGV 0 A ""
        "NAME;ENGINE;FIRMWARE;BOARD;TIMEOUT"
        "SOURCES;CORPUS;LIBRARIES;LABELS;ENVIRONMENT")
    set(what "fwsim_add_fuzzer(NAME ${A_NAME})")
    if(NOT A_NAME OR NOT A_SOURCES OR A_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "${what}: no NAME or no SOURCES, or unknown: "
                            "${A_UNPARSED_ARGUMENTS}")
    endif()
    _fwsim_fuzz_engine("${what}" "${A_ENGINE}" engine)
    if(NOT A_TIMEOUT)
        set(A_TIMEOUT 120)
    endif()
    set(corpus)
    foreach(path IN LISTS A_CORPUS)
        cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
        if(NOT EXISTS ${path})
            message(FATAL_ERROR "${what}: there is no CORPUS ${path}")
        endif()
        list(APPEND corpus ${path})
    endforeach()

    _fwsim_use_firmware("${what}" ${A_NAME}.corpus)
    if(missing)
        return()
    endif()
    add_executable(${A_NAME} ${A_SOURCES})
    if(engine STREQUAL "libfuzzer")
        target_compile_options(${A_NAME} PRIVATE -fsanitize=fuzzer)
        target_link_options(${A_NAME} PRIVATE -fsanitize=fuzzer)
        # The exit code of a finding is 77 otherwise, which is "skipped".
        set(replay -runs=0 -error_exitcode=1)
        target_link_libraries(${A_NAME} PRIVATE fwsim::libfuzzer)
    else()
        set(replay)
        target_link_libraries(${A_NAME} PRIVATE fwsim::aflpp)
    endif()
    target_link_libraries(${A_NAME} PRIVATE fwsim::fwsim ${A_LIBRARIES})
    _fwsim_define_firmware(${A_NAME})

    if(corpus)
        add_test(NAME ${A_NAME}.corpus COMMAND ${A_NAME} ${replay} ${corpus})
        set_tests_properties(${A_NAME}.corpus PROPERTIES
            TIMEOUT ${A_TIMEOUT} LABELS "${A_LABELS}"
            ENVIRONMENT "${A_ENVIRONMENT}")
    endif()
endfunction()
