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

# A library for one feature: without it the feature is missing, and says so.
# Its target has the name of the module in capitals, as in fwsimConfig.cmake.in.
macro(_fwsim_optional feature module package what)
    string(TOUPPER ${module} prefix)
    if(FWSIM_WITH_${feature})
        pkg_check_modules(${prefix} IMPORTED_TARGET ${module})
        if(${prefix}_FOUND)
            list(APPEND fwsim_libraries PkgConfig::${prefix})
            list(APPEND fwsim_pkg_modules ${module})
            list(APPEND fwsim_definitions FWSIM_WITH_${feature}=1)
        else()
            message(WARNING "${module} was not found: ${what} (Debian: ${package})")
        endif()
    else()
        message(STATUS "${feature}: off, ${what}")
    endif()
endmacro()

_fwsim_optional(DWARF libdw libdw-dev "no source lines of the firmware")
_fwsim_optional(YAML yaml-0.1 libyaml-dev "models.yaml cannot be read")
_fwsim_optional(SVD expat libexpat1-dev "SVD files cannot be read")
