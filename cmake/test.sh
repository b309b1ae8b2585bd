#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds presets and runs their tests: test.sh PRESET...
# The last line says how many passed and failed, over all presets.
set -eu
cd "$(dirname "$0")/.."
. cmake/common.sh

begin
jobs=$(nproc 2>/dev/null || echo 2)
# A bare chroot has no /proc, which LeakSanitizer reads, and no terminals.
if [ ! -e /proc/self/maps ]; then
    if [ "$(id -u)" -ne 0 ] || ! mount -t proc proc /proc 2>/dev/null; then
        die "/proc is not mounted, and the sanitizers need it" \
            "As root: mount -t proc proc /proc"
    fi
    trap 'umount /proc; umount /dev/pts 2>/dev/null || true' EXIT
    trap 'exit 1' HUP INT TERM
    mount -t devpts -o ptmxmode=0666 devpts /dev/pts 2>/dev/null || true
    say setup "/proc is mounted while the tests run"
fi
# Older sanitizers die at random where the kernel scatters addresses widely.
fixed=
if [ "$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 0)" -gt 28 ] &&
   setarch "$(uname -m)" -R true 2>/dev/null; then
    fixed="setarch $(uname -m) -R"
fi
passed=0
failed=0
skipped=0
broken=0
presets=$*

for preset in "$@"; do
    sh cmake/build.sh "$preset"

    log=$logs/test-$preset.log
    full=build/$preset/Testing/Temporary/LastTest.log
    rm -f "$full"
    start=$(date +%s)
    status=0
    # shellcheck disable=SC2086
    $fixed ctest --preset "$preset" -j "$jobs" >"$log" 2>&1 || status=$?
    seconds=$(($(date +%s) - start))

    # shellcheck disable=SC2046
    set -- $(awk -f cmake/count-tests.awk "$full" "$log" 2>/dev/null || echo 0 0 0)
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + $3))
    say test "$preset: $1 passed, $2 failed, $3 skipped ($seconds s)"

    if [ $status -ne 0 ] || [ "$2" -ne 0 ]; then
        broken=1
        {
            printf '\n--- from %s:\n' "$log"
            grep -vE '^ +Start +[0-9]+:| Passed +[0-9.]+ sec$' "$log" | tail -n 120
            printf '\n'
        } >&2
        if [ "$2" -eq 0 ]; then
            # ctest itself failed, or found no test at all.
            failed=$((failed + 1))
        fi
    fi
done

# Other compilers and sanitizers change no fingerprint.
first=
for preset in $presets; do
    program=build/$preset/tests/test_fw_determinism
    prints=$logs/fingerprints-$preset
    [ -x "$program" ] || continue
    if ! ASAN_OPTIONS=detect_leaks=0 $fixed "$program" fingerprints >"$prints" ||
       ! cmp "$prints" "${first:=$prints}" >&2; then
        say test "$preset: other fingerprints than in ${first##*fingerprints-}"
        failed=$((failed + 1))
        broken=1
    fi
done

if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
exit $broken
