#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# suite.sh BUILD SCHEMA COMPILER [FLAG...]: installs the build into a folder,
# and uses it as the project beside this file does: find_package, fwsim_add_test,
# CTest, JUnit; pkg-config; with one and with several configurations.
set -eu
build=$1 schema=$2 compiler=$3
shift 3
flags=$*
here=$(cd "$(dirname "$0")" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
log=$work/log

fail() {
    echo "FAILED: $*" >&2
    [ ! -f "$log" ] || tail -n 60 "$log" >&2
    exit 1
}

# quiet COMMAND...: its output goes to the log
quiet() { "$@" >"$log" 2>&1 || fail "$*"; }
has() { grep -q -e "$1" "$log" || fail "no '$1' in the output"; }

command -v arm-none-eabi-gcc >/dev/null || {
    echo "SKIPPED: there is no arm-none-eabi-gcc (Debian: gcc-arm-none-eabi)"
    exit 77
}

quiet cmake --install "$build" --prefix "$work/prefix"
configure() { # configure FOLDER [OPTION...]
    folder=$1
    shift
    cmake -S "$here/suite" -B "$work/$folder" -DCMAKE_PREFIX_PATH="$work/prefix" \
        -DCMAKE_C_COMPILER="$compiler" -DCMAKE_C_FLAGS="$flags" "$@"
}

# --- a project
quiet configure build
quiet cmake --build "$work/build"
quiet ctest --test-dir "$work/build" --show-only
has 'test_shell\.n_counts$'
has 'fuzz_shell\.corpus$'
has 'Total Tests: 6'
quiet ctest --test-dir "$work/build" -L uart --output-on-failure
has '100% tests passed, 0 tests failed out of 5'
has 'needs_a_board_on_the_desk (Skipped)'

# --- the reports, one file a process
for test in n_counts each_test_counts_from_one other_keys_are_unknown \
    needs_a_board_on_the_desk; do
    [ -f "$work/build/junit/test_shell.$test.xml" ] || fail "no report of $test"
done
if command -v xmllint >/dev/null; then
    quiet xmllint --noout --schema "$schema" "$work"/build/junit/*.xml
else
    echo "NOT CHECKED: there is no xmllint (Debian: libxml2-utils)"
fi
grep -q 'skipped message="there is none"' \
    "$work/build/junit/test_shell.needs_a_board_on_the_desk.xml" ||
    fail "the report does not say why the test was skipped"

# --- one boot for all processes
[ "$(find "$work/build/test_shell.snapshots" -name '*.snapshot' | wc -l)" = 1 ] ||
    fail "the boot was not kept"

# --- a crash is that test's, and the others go on
quiet configure build -DWITH_BROKEN=ON
quiet cmake --build "$work/build"
if ctest --test-dir "$work/build" >"$log" 2>&1; then fail "ctest saw no crash"; fi
has 'test_broken.aborts (Subprocess aborted)'
has 'test_broken.fails (Failed)'
has 'fuzz_broken.corpus (Failed)'
has '3 tests failed out of 10'

# --- a changed firmware is built before its tests
cp -R "$here/suite" "$work/source"
quiet cmake -S "$work/source" -B "$work/changed" \
    -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_C_COMPILER="$compiler" \
    -DCMAKE_C_FLAGS="$flags"
quiet cmake --build "$work/changed"
sed 's/unknown/UNKNOWN/' "$here/suite/shell.c" >"$work/source/shell.c"
quiet cmake --build "$work/changed" --target test_shell
if ctest --test-dir "$work/changed" >"$log" 2>&1; then fail "an old firmware ran"; fi
has 'test_shell.other_keys_are_unknown (Failed)'
has '1 tests failed out of 6'

# --- mistakes
if configure mistake -DMISTAKE=firmware >"$log" 2>&1; then fail "shel.elf"; fi
has 'FIRMWARE shel.elf is no target'
quiet configure mistake -DMISTAKE=main
if cmake --build "$work/mistake" >"$log" 2>&1; then fail "no tests, no error"; fi
has 'test_mistake lists no tests: does its main return'

# --- several configurations
if command -v ninja >/dev/null; then
    quiet configure multi -G "Ninja Multi-Config"
    quiet ctest --test-dir "$work/multi" -C Debug --show-only
    has 'test_shell_NOT_BUILT'
    quiet cmake --build "$work/multi" --config Release
    quiet ctest --test-dir "$work/multi" -C Release -L uart
    has 'out of 5'
fi

# --- libFuzzer finds the bug
if [ -n "$flags" ]; then
    echo "NOT CHECKED: libFuzzer, in a build with sanitizers of its own"
elif command -v clang >/dev/null; then
    quiet cmake -S "$here/suite" -B "$work/clang" -DCMAKE_C_COMPILER=clang \
        -DCMAKE_PREFIX_PATH="$work/prefix"
    quiet cmake --build "$work/clang" --target fuzz_shell
    quiet ctest --test-dir "$work/clang" -R fuzz_shell.corpus
    has '100% tests passed, 0 tests failed out of 1'
    if "$work/clang/fuzz_shell" -seed=1 -max_total_time=60 -max_len=8 \
        -artifact_prefix="$work/" >"$log" 2>&1; then
        fail "libFuzzer found nothing"
    fi
    ls "$work"/crash-* >/dev/null || fail "libFuzzer kept no input"
else
    echo "NOT CHECKED: there is no clang"
fi

# --- pkg-config
export PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig:$(dirname "$(find \
    "$work/prefix" -name fwsim-cmocka.pc)")"
# shellcheck disable=SC2046,SC2086
quiet "$compiler" $flags -Wall -Wextra -Werror -o "$work/by_hand" \
    -DFWSIM_TEST_BOARD='"mps2_an386"' \
    -DFWSIM_TEST_FIRMWARE="\"$work/build/shell.elf\"" \
    "$here/suite/test_shell.c" $(pkg-config --cflags --libs fwsim-cmocka)
LD_LIBRARY_PATH=$(pkg-config --variable=libdir fwsim) \
    quiet "$work/by_hand" --filter '*_*'
has '3 test(s).$'

echo "installed, found, built, run"
