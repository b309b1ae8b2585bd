#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ClusterFuzzLite's build step, run at the top of your repository: each
# fuzz_*.c becomes a fuzzer in $OUT, with the libraries it needs beside it,
# since the fuzzers run in another container than this one. Besides, "make
# firmware", or what FIRMWARE_BUILD says, has to leave the images in $OUT.
#
# Set by ClusterFuzzLite: CC, CFLAGS, LIB_FUZZING_ENGINE, OUT.
set -eu

: "${CC:=clang}" "${CFLAGS:=}" "${LIB_FUZZING_ENGINE:=-fsanitize=fuzzer}"
: "${OUT:?}" "${FIRMWARE_BUILD:=make firmware}"
mkdir -p "$OUT/lib"
export OUT

sh -c "$FIRMWARE_BUILD"

found=
for source in fuzz_*.c; do
    [ -e "$source" ] || continue
    found=yes
    fuzzer=$OUT/$(basename "$source" .c)
    # shellcheck disable=SC2046,SC2086
    "$CC" $CFLAGS $(pkg-config --cflags fwsim) -o "$fuzzer" "$source" \
        -L"$(pkg-config --variable=libdir fwsim)" -lfwsim-libfuzzer \
        $(pkg-config --libs fwsim) $LIB_FUZZING_ENGINE -Wl,-rpath,'$ORIGIN/lib'
    # All but the C library itself.
    LD_LIBRARY_PATH=$(pkg-config --variable=libdir fwsim) ldd "$fuzzer" |
        awk '$2 == "=>" && $1 !~ /^(libc|libm|libdl|librt|libpthread|libgcc_s)\.so/ { print $3 }' |
        while read -r library; do
            cp -L "$library" "$OUT/lib"
        done
done
[ -n "$found" ] || { echo "build.sh: there is no fuzz_*.c in $PWD" >&2; exit 1; }
