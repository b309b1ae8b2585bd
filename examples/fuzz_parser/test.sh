#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The bug of the example falls: test.sh LIBFUZZER-PROGRAM AFLPP-PROGRAM. The
# seed is fixed and the runs are counted, so it is the same each time.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Without a fuzzer: a frame that is right, and one whose name is too long.
printf '\176\006\001FWF1a' >good
printf '\176\031\001FWF1aaaaaaaaaaaaaaaaaaaa' >bad
"$2" good >out 2>&1 || { cat out; echo "the right frame is a finding"; exit 1; }
if "$2" bad >out 2>&1; then
    cat out
    echo "the frame that is too long is no finding"
    exit 1
fi
grep -q 'fault' out && grep -q 'parse' out || { cat out; exit 1; }

if [ ! -x "$1" ]; then
    echo "SKIPPED: no libFuzzer here (Debian: clang, libclang-rt-dev), or a" \
         "build with sanitizers"
    exit 77
fi
code=0
"$1" -seed=1 -runs=2000000 -max_len=64 -artifact_prefix="$work/" >out 2>&1 ||
    code=$?
tail -40 out
[ "$code" = 77 ] || { echo "libFuzzer ended with $code, not with a finding"; exit 1; }
grep -q '==fwsim== fault' out
grep -q 'parse' out
# What it found is a finding for the other program, too.
! "$2" crash-* >out 2>&1
grep -q '1 findings' out
