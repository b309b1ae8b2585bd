#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Configures and builds one preset: build.sh PRESET [TARGET...]
set -eu
cd "$(dirname "$0")/.."
. cmake/common.sh

preset=$1
shift
begin

configure() {
    cmake --preset "$preset" && return
    # The tree was moved or copied with its build folder.
    grep -q 'is different than the directory' "$logs/configure-$preset.log" || return 1
    cmake --fresh --preset "$preset"
}

say configure "$preset"
run "cmake --preset $preset" "configure-$preset" configure
# What a reader should know of it: a slow Unicorn, tests that are left out.
sed -n -e 's/^-- Unicorn: \(.* IS SLOW\)/unicorn    \1/p' \
    "$logs/configure-$preset.log"
[ $# -ne 0 ] || sed -n -e 's/^NO /test       NO /p' "$logs/configure-$preset.log"

say build "$preset"
run "the build of preset $preset" "build-$preset" \
    cmake --build --preset "$preset" ${1:+--target} "$@"
