# SPDX-License-Identifier: GPL-2.0-or-later
#
# The libraries fwsim stands on. All come from the system, but for Unicorn,
# which may lie in a folder (see FindUnicorn.cmake).

find_package(PkgConfig REQUIRED)
find_package(Unicorn REQUIRED)
pkg_check_modules(LIBELF REQUIRED IMPORTED_TARGET libelf)
pkg_check_modules(LIBXXHASH REQUIRED IMPORTED_TARGET libxxhash)

# What the library links, and what its users need to link it statically.
set(fwsim_libraries Unicorn::unicorn PkgConfig::LIBELF PkgConfig::LIBXXHASH)
set(fwsim_pkg_modules libelf libxxhash)
set(fwsim_definitions)

if(FWSIM_WITH_DWARF)
    pkg_check_modules(LIBDW IMPORTED_TARGET libdw)
    if(LIBDW_FOUND)
        list(APPEND fwsim_libraries PkgConfig::LIBDW)
        list(APPEND fwsim_pkg_modules libdw)
        list(APPEND fwsim_definitions FWSIM_WITH_DWARF=1)
    else()
        message(WARNING "libdw was not found: no source lines of the firmware "
                        "(Debian: libdw-dev)")
    endif()
else()
    message(STATUS "DWARF: off, no source lines of the firmware")
endif()
