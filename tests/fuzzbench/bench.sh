#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Figures of fuzzing, as Markdown: bench.sh BUILD SECONDS [OUTPUT]
#
#   BUILD    a build of fwsim, without sanitizers
#   SECONDS  of each campaign on the images of ../shared/firmware; coverage means
#            something from 600 on
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
say "Written by tests/fuzzbench/bench.sh, which \`make bench-fuzz SECONDS=$seconds\` runs, on $(date -u +%Y-%m-%d), $(nproc) cores, load" \
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

# column NAME IMAGE: of the table of the corpus
column() {
    awk -F '\t' -v name="$1" -v image="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
        $1 == image { print $at }' "$corpus/firmware.tsv"
}

# campaign NAME: of an image, such as pw/NAME; into $work/out
campaign() {
    board=$("$fwsim" doctor --json "$corpus/$1.elf" | jq -r '.cpu // "cortex-m3"' |
            tr - _ | sed 's/^/generic_/; s/f$//')
    rm -rf "$work/out"
    "$fwsim" fuzz -b "$board" -o "$work/out" -j 2 --duration "${seconds}s" \
        --blocks "$corpus/$1.bbs.txt" "$corpus/$1.elf" >"$work/log" 2>&1 || :
    [ -f "$work/out/report.json" ]
}

passwords() {
    say
    say '## Passwords of 8 characters'
    say
    say 'Look-ahead of the inference (`fwsim_score --group pw`) runs once, without input:'
    say 'characters found and seconds of the host. Beside it what a campaign of'
    say "\`fwsim fuzz\` has found after $seconds s with two instances."
    say
    say '| image | look-ahead | s | campaign | executions a second |'
    say '| --- | ---: | ---: | ---: | ---: |'
    "$build/tests/score/fwsim_score" --group pw --json "$corpus" |
        jq -r '"\(.image) \([.rows[] | select(.passed)] | length) \(.rows | length) \(.seconds)"' \
        >"$work/passwords"
    while read -r image passed rows took; do
        campaign "${image%.elf}" ||
            { say "| $image | $passed of $rows | $took | $(tail -1 "$work/log") | |"; continue; }
        n=0
        for place in $(column pass_addr "$image" | sed 's/->/ /g'); do
            grep -qi "^${place#0x}\$" "$work/out/blocks.txt" || break
            n=$((n + 1))
        done
        say "| $image | $passed of $rows | $took | $n of $rows |" \
            "$(jq .executions_per_second "$work/out/report.json") |"
    done <"$work/passwords"
}

products() {
    say
    say "## Firmware of products, $seconds s each with two instances"
    say
    say 'Published: the best of the figures in `firmware.tsv` (hoedur-experiments, a'
    say 'Xeon Gold 5320); what they count as an execution the table does not say. Here it is'
    say 'a run from the snapshot before the first byte of input to the end of the input, or'
    say 'to 50 000 instructions without taking any, and the machine had the load above.'
    say 'Basic blocks are those of the `.bbs.txt` beside the image. So short a campaign says'
    say 'little of them: set SECONDS=600.'
    say
    say '| image | executions a second | published | basic blocks | of | findings |'
    say '| --- | ---: | ---: | ---: | ---: | ---: |'
    for image in "$corpus"/real/*.elf; do
        name=real/$(basename "$image" .elf)
        best=$(column published "$name.elf" | sed 's/^[^:]*://' | grep -oE '[0-9]+(\.[0-9]+)?' |
               sort -n | tail -1)
        if campaign "$name"; then
            say "$(jq -r --arg n "$name" --arg best "$best" '"| \($n) | \(.executions_per_second) | \($best) | \(.blocks_wanted_covered) | \(.blocks_wanted) | \(.findings | length) |"' \
                "$work/out/report.json")"
        else
            say "| $name | $(tail -1 "$work/log" | tr '|' ' ') | $best | | | |"
        fi
    done
}

if [ -d "$corpus/real" ]; then
    corpus=$(cd "$corpus" && pwd)
    passwords
    products
    say
    say "Load at the end: $(cut -d' ' -f1 /proc/loadavg)."
else
    say
    say 'The firmware corpus is not here; its part is left out.'
fi
cat "$work/page" >"$output"
