# SPDX-License-Identifier: GPL-2.0-or-later
#
# The library: compiled once, linked as fwsim_static and as fwsim_shared.
# sdk/, peripherals/ and boards/ add their sources to fwsim_objects.

add_library(fwsim_objects OBJECT)
set_target_properties(fwsim_objects PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_link_libraries(fwsim_objects PRIVATE fwsim_flags ${fwsim_libraries})
target_compile_definitions(fwsim_objects PRIVATE ${fwsim_definitions})
target_include_directories(fwsim_objects PRIVATE
    ${PROJECT_SOURCE_DIR}/include
    ${PROJECT_SOURCE_DIR}/sdk
    ${PROJECT_SOURCE_DIR}/peripherals)

# Adds every *.c below the calling folder to the library.
function(fwsim_add_sources)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
    target_sources(fwsim_objects PRIVATE ${sources})
endfunction()

function(_fwsim_library target kind)
    add_library(${target} ${kind} $<TARGET_OBJECTS:fwsim_objects>)
    target_include_directories(${target} INTERFACE
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_link_libraries(${target} PRIVATE ${fwsim_libraries})
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME fwsim LINKER_LANGUAGE C
        VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
endfunction()

_fwsim_library(fwsim_static STATIC)
set_target_properties(fwsim_static PROPERTIES EXPORT_NAME static)
add_library(fwsim::static ALIAS fwsim_static)
add_library(fwsim::fwsim ALIAS fwsim_static)

if(FWSIM_SHARED)
    _fwsim_library(fwsim_shared SHARED)
    set_target_properties(fwsim_shared PROPERTIES EXPORT_NAME shared)
    add_library(fwsim::shared ALIAS fwsim_shared)
    # A program may use another Unicorn of its own beside the one in here.
    target_link_options(fwsim_shared PRIVATE
        LINKER:--exclude-libs,libunicorn.a LINKER:--as-needed)
    if(FWSIM_SANITIZE)
        target_link_options(fwsim_shared PRIVATE -fsanitize=${FWSIM_SANITIZE})
    else()
        target_link_options(fwsim_shared PRIVATE LINKER:--no-undefined)
    endif()
endif()
