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
set(fwsim_plain_libraries) # by name: they have no pkg-config module

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

# Signed bundles of models: libcbor, and mbedTLS, which has no pkg-config file
# before 3.6.
if(FWSIM_WITH_BUNDLES)
    pkg_check_modules(LIBCBOR IMPORTED_TARGET libcbor)
    find_path(MBEDTLS_INCLUDE_DIR mbedtls/ssl.h)
    find_library(MBEDTLS_LIBRARY mbedtls)
    find_library(MBEDX509_LIBRARY mbedx509)
    find_library(MBEDCRYPTO_LIBRARY mbedcrypto)
    mark_as_advanced(MBEDTLS_INCLUDE_DIR MBEDTLS_LIBRARY MBEDX509_LIBRARY
                     MBEDCRYPTO_LIBRARY)
    if(LIBCBOR_FOUND AND MBEDTLS_INCLUDE_DIR AND MBEDTLS_LIBRARY AND
       MBEDX509_LIBRARY AND MBEDCRYPTO_LIBRARY)
        set(fwsim_plain_libraries mbedtls mbedx509 mbedcrypto)
        list(APPEND fwsim_libraries PkgConfig::LIBCBOR ${fwsim_plain_libraries})
        list(APPEND fwsim_pkg_modules libcbor)
        list(APPEND fwsim_definitions FWSIM_WITH_BUNDLES=1)
    else()
        message(WARNING "libcbor or mbedTLS was not found: no signed bundles "
                        "(Debian: libcbor-dev libmbedtls-dev)")
    endif()
else()
    message(STATUS "BUNDLES: off, no signed bundles, nothing is fetched")
endif()

# Not for the library: for fwsim::cmocka, and for the tests.
pkg_check_modules(CMOCKA IMPORTED_TARGET cmocka)

# For fwsim-modeld alone: the answers of chat endpoints.
pkg_check_modules(JANSSON IMPORTED_TARGET jansson)
