#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Shows the results in the folder FWSIM_OUTPUT: a job summary, an annotation for
# each failure and finding, the outputs of the action. Then it registers the
# problem matcher, for the steps that follow: those before have annotations.
set -eu

output=${FWSIM_OUTPUT:-fwsim-results}
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A program that was killed leaves half a line behind.
whole_lines() { # whole_lines FILE
    jq -c -R 'fromjson? // empty | objects' "$1"
}

: >"$work/tests"
: >"$work/sarif"
for file in "$output"/*.jsonl; do
    [ ! -e "$file" ] || whole_lines "$file" >>"$work/tests"
done
cp "$output/problems" "$work/problems"
for file in "$output"/*.sarif; do
    [ -e "$file" ] || continue
    jq -c . "$file" >>"$work/sarif" 2>/dev/null || echo "$file is no SARIF" >>"$work/problems"
done

jq -n -f "$here/results.jq" --rawfile problems "$work/problems" \
    --arg workspace "${GITHUB_WORKSPACE:-$PWD}" \
    --slurpfile tests "$work/tests" --slurpfile sarif "$work/sarif" >"$work/results.json"
jq -r -f "$here/summary.jq" "$work/results.json" >"$output/summary.md"
jq -r -f "$here/annotations.jq" "$work/results.json"

{
    jq -r '(.tests | map(.status)) as $s |
        def count(f): map(select(f)) | length;
        ($s | count(IN("failed", "error"))) as $failed |
        "passed=\($s | count(. == "passed"))", "failed=\($failed)",
        "skipped=\($s | count(. == "skipped"))", "findings=\(.findings | length)",
        "problems=\(.problems | length)",
        "outcome=\(if $failed + (.findings + .problems | length) == 0
                   then "passed" else "failed" end)"' "$work/results.json"
    [ ! -e "$output/junit.xml" ] || echo "junit=$output/junit.xml"
    [ ! -e "$output/fuzz.sarif" ] || echo "sarif=$output/fuzz.sarif"
} >"$work/outputs"
cat "$work/outputs"
[ -z "${GITHUB_OUTPUT:-}" ] || cat "$work/outputs" >>"$GITHUB_OUTPUT"
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$output/summary.md" >>"$GITHUB_STEP_SUMMARY"
echo "::add-matcher::$here/problem-matcher.json"
