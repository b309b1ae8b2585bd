# SPDX-License-Identifier: GPL-2.0-or-later
#
# `cmake --install`: libraries, headers, pkg-config file, CMake package and
# manual pages. The command line program installs itself (ports/cli).

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fwsim)

install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")
install(TARGETS fwsim_static EXPORT fwsimStaticTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT fwsimStaticTargets NAMESPACE fwsim:: DESTINATION ${package_dir})
install(TARGETS fwsim_libfuzzer fwsim_aflpp EXPORT fwsimFuzzTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT fwsimFuzzTargets NAMESPACE fwsim:: DESTINATION ${package_dir})
if(FWSIM_SHARED)
    install(TARGETS fwsim_shared EXPORT fwsimSharedTargets
            LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT fwsimSharedTargets NAMESPACE fwsim:: DESTINATION ${package_dir})
endif()

set(pc_files fwsim)
if(TARGET fwsim_cmocka)
    list(APPEND pc_files fwsim-cmocka)
    install(FILES ports/cmocka/fwsim_cmocka.h
            DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
    install(TARGETS fwsim_cmocka EXPORT fwsimCmockaTargets
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT fwsimCmockaTargets NAMESPACE fwsim:: DESTINATION ${package_dir})
endif()

# A static fwsim needs the Unicorn it was built with. One from a folder goes
# into a folder of ours, where it does not meet the system's.
set(pc_unicorn "-lunicorn")
set(installed_unicorn ${CMAKE_INSTALL_LIBDIR})
if(Unicorn_PRIVATE)
    set(pc_unicorn "-L\${libdir}/fwsim -lunicorn")
    set(installed_unicorn ${CMAKE_INSTALL_LIBDIR}/fwsim)
    install(FILES ${Unicorn_LIBRARY} DESTINATION ${installed_unicorn})
endif()

# The .pc file says where it lies, so the installed tree may be moved.
file(RELATIVE_PATH pc_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
     ${CMAKE_INSTALL_PREFIX})
set(pc_libraries ${fwsim_plain_libraries})
foreach(module IN LISTS fwsim_pkg_modules)
    string(TOUPPER ${module} prefix)
    list(APPEND pc_libraries ${${prefix}_LIBRARIES})
endforeach()
list(TRANSFORM pc_libraries PREPEND "-l")
list(JOIN pc_libraries " " pc_libraries)
foreach(pc IN LISTS pc_files)
    configure_file(cmake/${pc}.pc.in ${pc}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${pc}.pc
            DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

configure_package_config_file(cmake/fwsimConfig.cmake.in fwsimConfig.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(fwsimConfigVersion.cmake
    COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/fwsimConfig.cmake
              ${PROJECT_BINARY_DIR}/fwsimConfigVersion.cmake
              cmake/Firmware.cmake cmake/firmware.ld.in
              ports/ctest/FwsimTest.cmake ports/ctest/FwsimDiscover.cmake
              ports/ctest/FwsimFuzz.cmake
        DESTINATION ${package_dir})

# For CI, and for editors.
install(DIRECTORY ports/github ports/gitlab ports/clusterfuzzlite
        USE_SOURCE_PERMISSIONS DESTINATION ${CMAKE_INSTALL_DATADIR}/fwsim)
file(GLOB schemas CONFIGURE_DEPENDS docs/*.schema.json)
if(schemas)
    install(FILES ${schemas} DESTINATION ${CMAKE_INSTALL_DATADIR}/fwsim/schema)
endif()

foreach(section 1 3 5 7)
    file(GLOB pages CONFIGURE_DEPENDS docs/man/*.${section})
    if(pages)
        install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
    endif()
endforeach()
