#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# examples/ci as its user has it: a folder of its own, with the build installed
# elsewhere. Its tests pass, both fuzzers find its bug, and what the action and
# ClusterFuzzLite do with it is what they promise.
#
#   ci.sh BUILD SCHEMA SOURCE-DIR
set -eu
build=$1 schema=$2 source=$3

for tool in arm-none-eabi-gcc clang jq xmllint; do
    command -v $tool >/dev/null || { echo "SKIPPED: $tool is missing (make setup)"; exit 77; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
log=$work/log

fail() {
    echo "FAILED: $*" >&2
    [ ! -f "$log" ] || tail -n 60 "$log" >&2
    exit 1
}
quiet() { "$@" >"$log" 2>&1 || fail "$*"; }
has() { # has FILE TEXT...
    file=$1
    shift
    for text in "$@"; do
        grep -qF -e "$text" "$file" || { cp "$file" "$log"; fail "no '$text' in $file"; }
    done
}

quiet cmake --install "$build" --prefix "$work/prefix"
PATH=$work/prefix/bin:$PATH
libdir=$(dirname "$(find "$work/prefix" -name 'fwsim.pc')")
export PKG_CONFIG_PATH="$libdir"
LD_LIBRARY_PATH=$(dirname "$libdir")
export LD_LIBRARY_PATH
cp -R "$source/examples/ci" "$work/meter"
cd "$work/meter"

echo '--- build and ctest, with JUnit and JSON lines'
quiet cmake -S . -B build -DCMAKE_PREFIX_PATH="$work/prefix" \
    -DCMAKE_C_COMPILER=clang -DFUZZERS=ON
quiet cmake --build build
mkdir results
FWSIM_TEST_JSONL=$PWD/results/
export FWSIM_TEST_JSONL
quiet ctest --test-dir build --no-tests=error \
    --output-on-failure
has "$log" '100% tests passed, 0 tests failed out of 5'
quiet xmllint --noout --schema "$schema" build/junit/*.xml

unset FWSIM_TEST_JSONL

echo '--- without the optional parser there is no bug'
quiet cmake -S . -B plain -DCMAKE_PREFIX_PATH="$work/prefix" -DIMPORT=OFF
quiet cmake --build plain
quiet ctest --test-dir plain --no-tests=error --output-on-failure

echo '--- libFuzzer'
status=0
mkdir found
./build/fuzz_meter -seed=1 -max_total_time=120 -max_len=64 \
    -artifact_prefix=found/ found seeds >"$log" 2>&1 || status=$?
[ $status -ne 0 ] || fail "libFuzzer found nothing"
has "$log" '==fwsim== fault' 'meter.c:'
crash=$(find found -name 'crash-*' | head -n 1)
[ -n "$crash" ] || fail "libFuzzer kept no input"
# It is the bug that was planted: a name of 16 to 20 bytes.
od -An -v -tx1 "$crash" | tr -d ' \n' | grep -q '4d5452311[0-4]' ||
    fail "another bug than the planted one: $(od -An -c "$crash")"
status=0
./build/afl_meter "$crash" >"$log" 2>&1 || status=$?
[ $status -eq 1 ] || fail "afl_meter $crash ended with $status"
has "$log" fault meter.c:

if command -v afl-fuzz >/dev/null; then
    echo '--- AFL++'
    AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 \
        AFL_BENCH_UNTIL_CRASH=1 AFL_NO_AFFINITY=1 \
        timeout 150 afl-fuzz -s 1 -V 120 -i seeds -o afl -- build/afl_meter \
        >"$log" 2>&1 || true
    ls afl/default/crashes/id* >/dev/null 2>&1 || fail "AFL++ found nothing"
else
    echo 'NOT TESTED: there is no afl-fuzz (Debian: afl++)'
fi

echo '--- the action'
export GITHUB_STEP_SUMMARY="$work/summary" GITHUB_OUTPUT="$work/outputs"
export GITHUB_WORKSPACE="$PWD"
export FWSIM_OUTPUT=fwsim-results
action=$work/prefix/share/fwsim/github
if fwsim help fuzz >/dev/null 2>&1 && command -v afl-fuzz >/dev/null; then
    export FWSIM_FUZZ_SECONDS=60
    export FWSIM_FUZZ_OPTIONS='--uart uart0 --boot-text ready --seeds seeds'
    findings=1
else
    echo 'NOT TESTED: fwsim fuzz: it, or afl-fuzz, is missing'
    findings=0
fi
FWSIM_SCENARIOS='*.yaml' FWSIM_RESULTS='results/*.jsonl' \
    FWSIM_IMAGE=build/meter.elf FWSIM_BOARD=mps2_an386 FWSIM_TIMEOUT=100ms \
    FWSIM_EXPECT_TEXT='meter ready' quiet sh "$action/run.sh"
quiet sh "$action/report.sh"
has "$GITHUB_OUTPUT" passed=6 failed=0 problems=0
# One bug; where the wild jump leads may give it several backtraces.
found=$(sed -n 's/^findings=//p' "$GITHUB_OUTPUT")
[ "$found" -ge "$findings" ] || fail "fwsim fuzz found nothing"
has "$GITHUB_STEP_SUMMARY" 'a_name_is_imported' 'pulses are counted' 'meter.elf'
[ $findings -eq 0 ] || has "$GITHUB_STEP_SUMMARY" 'meter.c:'

echo '--- ClusterFuzzLite'
FIRMWARE_BUILD="cp build/meter.elf \$OUT" OUT=$work/out CC=clang \
    CFLAGS='-O1 -fsanitize=address,fuzzer-no-link' \
    quiet sh "$work/prefix/share/fwsim/clusterfuzzlite/build.sh"
unset LD_LIBRARY_PATH
status=0
"$work/out/fuzz_meter" "$crash" >"$log" 2>&1 || status=$?
[ $status -ne 0 ] || fail "the fuzzer of ClusterFuzzLite does not crash on $crash"
has "$log" '==fwsim== fault' meter.c:
echo passed
