# SPDX-License-Identifier: GPL-2.0-or-later
#
# Finds Unicorn Engine: in FWSIM_UNICORN_ROOT, else in the folder that
# cmake/setup.sh fills, else on the system. The static archive is
# preferred: its symbols can be hidden, and it is what was measured.
#
# Gives Unicorn::unicorn, Unicorn_VERSION, Unicorn_LIBRARY and, when it is not
# the system's, Unicorn_PRIVATE. Results are looked up at each configure, so
# that a folder that came or went is noticed.

include(FindPackageHandleStandardArgs)

set(_fetched ${PROJECT_SOURCE_DIR}/build/deps/unicorn)
set(_suffixes lib lib/${CMAKE_LIBRARY_ARCHITECTURE}
              usr/lib usr/lib/${CMAKE_LIBRARY_ARCHITECTURE})

macro(_unicorn_look_in root)
    unset(_include)
    unset(_library)
    find_path(_include unicorn/unicorn.h NO_CACHE NO_DEFAULT_PATH
              PATHS ${root} PATH_SUFFIXES include usr/include)
    find_library(_library NAMES libunicorn.a unicorn NO_CACHE NO_DEFAULT_PATH
                 PATHS ${root} PATH_SUFFIXES ${_suffixes})
endmacro()

# An archive made for another system may not link with this one's C library.
function(_unicorn_links include library result)
    file(TIMESTAMP ${library} _when "%s")
    string(MD5 _key "${library} ${_when} ${CMAKE_C_COMPILER}")
    if(NOT DEFINED Unicorn_LINKS_${_key})
        set(_dir ${CMAKE_BINARY_DIR}/CMakeFiles/unicorn-check)
        file(WRITE ${_dir}/check.c
             "#include <unicorn/unicorn.h>\n"
             "int main(void) { uc_engine *u; return "
             "uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &u); }\n")
        try_compile(_ok ${_dir}/build ${_dir}/check.c
                    CMAKE_FLAGS -DINCLUDE_DIRECTORIES=${include}
                    LINK_LIBRARIES ${library} m pthread)
        set(Unicorn_LINKS_${_key} ${_ok} CACHE INTERNAL "")
    endif()
    set(${result} ${Unicorn_LINKS_${_key}} PARENT_SCOPE)
endfunction()

set(Unicorn_PRIVATE OFF)
if(FWSIM_UNICORN_ROOT)
    _unicorn_look_in(${FWSIM_UNICORN_ROOT})
    set(Unicorn_PRIVATE ON)
elseif(EXISTS ${_fetched})
    _unicorn_look_in(${_fetched})
    if(_include AND _library)
        _unicorn_links(${_include} ${_library} _ok)
    else()
        set(_ok OFF)
    endif()
    if(_ok)
        set(Unicorn_PRIVATE ON)
    else()
        message(WARNING "The Unicorn in build/deps/unicorn does not link here; "
                        "taking the system's")
        unset(_library)
    endif()
endif()

if(NOT Unicorn_PRIVATE)
    unset(_include)
    unset(_library)
    find_package(PkgConfig QUIET)
    pkg_check_modules(_pc_unicorn QUIET unicorn)
    find_path(_include unicorn/unicorn.h NO_CACHE
              HINTS ${_pc_unicorn_INCLUDE_DIRS})
    find_library(_library NAMES libunicorn.a unicorn NO_CACHE
                 HINTS ${_pc_unicorn_LIBRARY_DIRS})
endif()

set(Unicorn_INCLUDE_DIR ${_include})
set(Unicorn_LIBRARY ${_library})
unset(Unicorn_VERSION)
if(Unicorn_INCLUDE_DIR)
    file(STRINGS ${Unicorn_INCLUDE_DIR}/unicorn/unicorn.h _lines
         REGEX "^#define UC_API_(MAJOR|MINOR|PATCH) +[0-9]+")
    foreach(_line IN LISTS _lines)
        string(REGEX MATCH "(MAJOR|MINOR|PATCH) +([0-9]+)" _ "${_line}")
        set(_uc_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
    endforeach()
    set(Unicorn_VERSION ${_uc_MAJOR}.${_uc_MINOR}.${_uc_PATCH})
endif()

set(FIND_PACKAGE_MESSAGE_DETAILS_Unicorn "" CACHE INTERNAL "")
set(Unicorn_FIND_QUIETLY ON)
find_package_handle_standard_args(Unicorn
    REQUIRED_VARS Unicorn_LIBRARY Unicorn_INCLUDE_DIR
    VERSION_VAR Unicorn_VERSION
    REASON_FAILURE_MESSAGE
    "Install libunicorn-dev, or run `make setup`, or set FWSIM_UNICORN_ROOT")

if(Unicorn_FOUND)
    cmake_path(IS_PREFIX PROJECT_SOURCE_DIR ${Unicorn_LIBRARY} _ours)
    set(_where ${Unicorn_LIBRARY})
    if(_ours)
        cmake_path(RELATIVE_PATH _where BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    endif()
    message(STATUS "Unicorn: ${Unicorn_VERSION} (${_where})")
    if(Unicorn_VERSION VERSION_LESS 2.1.1)
        message(STATUS "Unicorn: ${Unicorn_VERSION} IS SLOW (about ten times); "
                       "2.1.1 is wanted: make setup")
    endif()
    if(NOT TARGET Unicorn::unicorn)
        add_library(Unicorn::unicorn UNKNOWN IMPORTED)
        set_target_properties(Unicorn::unicorn PROPERTIES
            IMPORTED_LOCATION ${Unicorn_LIBRARY}
            INTERFACE_INCLUDE_DIRECTORIES ${Unicorn_INCLUDE_DIR}
            INTERFACE_LINK_LIBRARIES "m;pthread")
    endif()
endif()
