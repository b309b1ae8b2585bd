# SPDX-License-Identifier: GPL-2.0-or-later
#
# cmake -P FwsimDiscover.cmake SETTINGS: asks a test program for its tests and
# writes them down for ctest. See FwsimTest.cmake.

math(EXPR last "${CMAKE_ARGC} - 1")
include(${CMAKE_ARGV${last}})

# Boots of another build.
file(REMOVE_RECURSE ${kept})

execute_process(
    COMMAND ${CMAKE_COMMAND} -E env FWSIM_TEST_LIST=1 ${program}
    WORKING_DIRECTORY ${directory}
    OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE result TIMEOUT 60)
if(NOT result STREQUAL "0")
    message(FATAL_ERROR "${name}: asked for its tests, it ended with ${result}:\n"
                        "${out}${err}")
endif()

set(properties "SKIP_RETURN_CODE 77 TIMEOUT ${timeout}"
    " WORKING_DIRECTORY [==[${directory}]==]"
    " ENVIRONMENT [==[${environment}]==] LABELS [==[${labels}]==]")
if(firmware)
    list(APPEND properties " REQUIRED_FILES [==[${firmware}]==]")
endif()
list(JOIN properties "" properties)

set(tests)
while(out MATCHES "(^|\n)fwsim_test: ([^\n]*)\n(.*)$")
    set(test "${name}.${CMAKE_MATCH_2}")
    string(APPEND tests
        "add_test([==[${test}]==] [==[${program}]==] --filter [==[${CMAKE_MATCH_2}]==])\n"
        "set_tests_properties([==[${test}]==] PROPERTIES ${properties})\n")
    set(out "${CMAKE_MATCH_3}")
endwhile()
if(NOT tests)
    message(FATAL_ERROR "${name} lists no tests: does its main return "
                        "fwsim_run_tests(argc, argv, ...)?")
endif()
file(WRITE ${output} "${tests}")
