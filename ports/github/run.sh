#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs what the inputs ask for and keeps the results in the folder FWSIM_OUTPUT.
# That a test fails is no failure of this script: the report and the verdict
# come after it. What could not be run at all is in the file "problems".
#
#   run.json, run.jsonl    the image: what "fwsim run" says, and as a result
#   test.jsonl, junit.xml  scenarios and test programs
#   fuzz/, fuzz.sarif      the campaign, and its findings
#   more-*                 from the input "results"
set -eu

output=${FWSIM_OUTPUT:-fwsim-results}
here=$(dirname "$0")
mkdir -p "$output"
# Whatever was here is of another run.
rm -rf "$output"/run.json* "$output"/test.jsonl "$output"/junit.xml \
    "$output"/fuzz "$output"/fuzz.sarif "$output"/more-* "$output"/problems
: >"$output/problems"

problem() { # problem TEXT: it could not be run
    echo "$1" | tee -a "$output/problems"
}

# What the last program has said on standard error, as it could not be run.
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
said() { # said TEXT
    if grep -q . "$errors"; then
        grep . "$errors" | head -n 10 >>"$output/problems"
    else
        problem "$1"
    fi
}

group() { # group TITLE COMMAND...: its output folded in the log
    echo "::group::$1"
    shift
    "$@"
    echo "::endgroup::"
}

# Each line of an input is an option.
run_image() {
    set -- "$FWSIM_IMAGE" --json --timeout "${FWSIM_TIMEOUT:-10s}"
    [ -z "${FWSIM_BOARD:-}" ] || set -- "$@" --board "$FWSIM_BOARD"
    while read -r text; do
        [ -z "$text" ] || set -- "$@" --expect-text "$text"
    done <<EOF
${FWSIM_EXPECT_TEXT:-}
EOF
    status=0
    fwsim run "$@" </dev/null >"$output/run.json" 2>"$errors" || status=$?
    cat "$errors"
    case $status in
    0 | 1 | 4 | 5 | 6 | 8 | 9)
        jq -c -f "$here/run.jq" "$output/run.json" >"$output/run.jsonl"
        ;;
    *) said "fwsim run $FWSIM_IMAGE ended with code $status" ;;
    esac
}

run_tests() {
    set -f
    for pattern in ${FWSIM_SCENARIOS:-} ${FWSIM_TESTS:-}; do
        set +f
        found=
        for file in $pattern; do
            [ ! -e "$file" ] || { found=yes; set -- "$@" "$file"; }
        done
        [ -n "$found" ] || problem "no file is like $pattern"
        set -f
    done
    set +f
    [ $# -gt 0 ] || return 0
    status=0
    fwsim test --junit "$output/junit.xml" --jsonl "$output/test.jsonl" "$@" \
        2>"$errors" || status=$?
    cat "$errors"
    case $status in
    0 | 1) ;;
    *) said "fwsim test ended with code $status" ;;
    esac
}

run_fuzzer() {
    if [ -z "${FWSIM_IMAGE:-}" ]; then
        problem "fuzz-seconds is given, but no image"
        return 0
    fi
    # Options are words, as on a command line.
    # shellcheck disable=SC2086
    set -- ${FWSIM_FUZZ_OPTIONS:-} --output "$output/fuzz" \
        --duration "${FWSIM_FUZZ_SECONDS}s" "$FWSIM_IMAGE"
    [ -z "${FWSIM_BOARD:-}" ] || set -- --board "$FWSIM_BOARD" "$@"
    status=0
    fwsim fuzz "$@" </dev/null 2>"$errors" || status=$?
    cat "$errors"
    case $status in
    0 | 4) mv "$output/fuzz/findings.sarif" "$output/fuzz.sarif" ;;
    *) said "fwsim fuzz $FWSIM_IMAGE ended with code $status" ;;
    esac
}

# What other steps have written, under names that do not collide.
take_results() {
    count=0
    set -f
    for pattern in $FWSIM_RESULTS; do
        set +f
        found=
        for file in $pattern; do
            [ -f "$file" ] || continue
            found=yes
            count=$((count + 1))
            case $file in
            *.jsonl | *.sarif) cp "$file" "$output/more-$count-$(basename "$file")" ;;
            *) problem "$file: results are files .jsonl and .sarif" ;;
            esac
        done
        [ -n "$found" ] || problem "no file is like $pattern"
        set -f
    done
    set +f
}

[ -z "${FWSIM_IMAGE:-}" ] || group "fwsim run $FWSIM_IMAGE" run_image
group "fwsim test" run_tests
[ "${FWSIM_FUZZ_SECONDS:-0}" = 0 ] || group "fwsim fuzz ${FWSIM_IMAGE:-}" run_fuzzer
[ -z "${FWSIM_RESULTS:-}" ] || take_results
