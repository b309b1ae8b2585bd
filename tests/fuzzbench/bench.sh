#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Figures of fuzzing, as Markdown: bench.sh BUILD SECONDS [OUTPUT]
#
#   BUILD    a build of fwsim, without sanitizers
#   SECONDS  of each campaign on the images of ../shared/firmware; the issue that
#            asks for them wants 600
#   OUTPUT   file to write; default: standard output
#
# Needs clang with libFuzzer, afl++, qemu-system-arm, arm-none-eabi-gcc and jq.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
seconds=$2
output=${3:-/dev/stdout}
corpus=$top/../shared/firmware
fwsim=$build/ports/cli/fwsim
example=$build/examples/fuzz_parser
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 \
    AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1

for tool in clang afl-fuzz qemu-system-arm arm-none-eabi-gcc jq; do
    command -v $tool >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
done

say() { printf '%s\n' "$*" >>"$work/page"; }
now() { date +%s%N; }

# median: of the numbers on standard input
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# rate RUNS COMMAND...: runs a second
rate() {
    runs=$1
    shift
    begin=$(now)
    "$@" >"$work/log" 2>&1 || { tail -5 "$work/log" >&2; exit 1; }
    echo "$(now) $begin $runs" | awk '{ printf "%.0f", $3 * 1e9 / ($1 - $2) }'
}

# ---------------------------------------------------------------------------
# A parser of 20 000 instructions

here=$top/tests/fuzzbench
sed -e 's/@FLASH_ORIGIN@/0/; s/@FLASH_LENGTH@/256K/' \
    -e 's/@RAM_ORIGIN@/0x20000000/; s/@RAM_LENGTH@/64K/' \
    "$top/cmake/firmware.ld.in" >"$work/parser.ld"
arm-none-eabi-gcc -mcpu=cortex-m3 -mthumb -O2 -g -ffreestanding -nostdlib \
    -T "$work/parser.ld" "$here/parser.c" -lgcc -o "$work/parser.elf"
clang -O2 -g -fsanitize=fuzzer "$here/parser.c" -o "$work/native"
clang -O2 -g -fsanitize=fuzzer -I"$top/include" "$here/harness.c" \
    "$build/ports/libfuzzer/libfwsim-libfuzzer.a" -L"$build" -lfwsim \
    -Wl,-rpath,"$build" -o "$work/fwsim"
i=0
while [ $i -lt 80 ]; do printf 'key = value 42\n'; i=$((i + 1)); done |
    head -c 1152 >"$work/input"
export FIRMWARE="$work/parser.elf"

with=$(rate 50000 "$work/fwsim" -runs=50000 "$work/input")
without=$(NO_COMPARES=1 rate 50000 "$work/fwsim" -runs=50000 "$work/input")
native=$(rate 200000 "$work/native" -runs=200000 "$work/input")
restart() {
    n=0
    while [ $n -lt 20 ]; do
        qemu-system-arm -M mps2-an385 -display none -semihosting \
            -kernel "$work/parser.elf" </dev/null
        n=$((n + 1))
    done
}
qemu=$(rate 20 restart)

say '# Performance of fuzzing'
say
say "Written by \`make bench-fuzz SECONDS=$seconds\` on $(date -u +%Y-%m-%d), $(nproc) cores, load" \
    "$(cut -d' ' -f1 /proc/loadavg) at the start."
say
say '## A parser of 20 000 instructions, one core'
say
say '| | executions a second |'
say '| --- | ---: |'
say "| fwsim under libFuzzer | $with |"
say "| the same, without operands of comparisons | $without |"
say "| the same C function compiled natively, libFuzzer | $native |"
say "| qemu-system-arm started for each input | $qemu |"

# ---------------------------------------------------------------------------
# The planted bug. What is not found within two minutes counts as 120 s.

unset FIRMWARE
say
say '## Time to the planted bug of examples/fuzz_parser, 10 seeds, seconds'
say
say '| fuzzer | median | all |'
say '| --- | ---: | --- |'
mkdir "$work/seeds"
echo hello >"$work/seeds/1"
for fuzzer in libFuzzer AFL++; do
    : >"$work/times"
    for seed in 1 2 3 4 5 6 7 8 9 10; do
        begin=$(now)
        found=$work/found
        rm -rf "$found"
        mkdir "$found"
        if [ $fuzzer = libFuzzer ]; then
            timeout 120 "$example/fuzz_parser_libfuzzer" -seed=$seed \
                -max_len=64 -artifact_prefix="$found/" >"$work/log" 2>&1 || :
        else
            rm -rf "$work/out"
            AFL_BENCH_UNTIL_CRASH=1 timeout 120 afl-fuzz -s $seed \
                -i "$work/seeds" -o "$work/out" -- \
                "$example/fuzz_parser_aflpp" >"$work/log" 2>&1 || :
            cp "$work"/out/default/crashes/id* "$found/" 2>/dev/null || :
        fi
        end=$(now)
        if [ -z "$(ls "$found")" ]; then
            [ $((end - begin)) -gt 110000000000 ] ||
                { echo "$fuzzer ended without a finding:"; tail -5 "$work/log"; exit 1; } >&2
        fi
        echo "$end $begin" | awk '{ printf "%.1f\n", ($1 - $2) / 1e9 }' \
            >>"$work/times"
    done
    say "| $fuzzer | $(median <"$work/times") | $(sort -n "$work/times" | xargs) |"
done

# ---------------------------------------------------------------------------
# Firmware of others

if [ ! -d "$corpus/real" ]; then
    say
    say 'The firmware corpus is not here; its part is left out.'
else
    say
    say "## Firmware of others, $seconds s each with two instances"
    say
    say 'Basic blocks are those of the `.bbs.txt` beside the image that were reached. So'
    say 'short a run says little of them: set SECONDS=600.'
    say
    say '| image | executions a second | basic blocks | of | findings |'
    say '| --- | ---: | ---: | ---: | ---: |'
    for image in "$corpus"/pw/*.elf "$corpus"/real/*.elf; do
        name=$(basename "$image" .elf)
        board=$("$fwsim" doctor --json "$image" | jq -r '.cpu // "cortex-m3"' |
                tr - _ | sed 's/^/generic_/; s/f$//')
        "$fwsim" fuzz -b "$board" -o "$work/$name" -j 2 \
            --duration "${seconds}s" --blocks "${image%.elf}.bbs.txt" "$image" \
            >"$work/log" 2>&1 || :
        if [ -f "$work/$name/report.json" ]; then
            say "$(jq -r --arg n "$name" '"| \($n) | \(.executions_per_second) | \(.blocks_wanted_covered) | \(.blocks_wanted) | \(.findings | length) |"' \
                "$work/$name/report.json")"
        else
            say "| $name | $(tail -1 "$work/log" | tr '|' ' ') | | | |"
        fi
    done
fi
cp "$work/page" "$output" 2>/dev/null || cat "$work/page"
