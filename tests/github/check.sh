#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The steps of the GitHub action, with files in place of GitHub:
#
#   check.sh SOURCE-DIR FWSIM GUEST
#
# GUEST is tests/firmware/cli_guest.c, built; it crashes when it hears a c.
set -eu

source=$1
fwsim=$2
guest=$3
action=$source/ports/github
here=$source/tests/github
for tool in jq python3; do
    command -v $tool >/dev/null || { echo "SKIPPED: $tool is missing"; exit 77; }
done
python3 -c 'import yaml' 2>/dev/null ||
    { echo "SKIPPED: python3-yaml is missing"; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir bin
ln -s "$fwsim" bin/fwsim
PATH=$work/bin:$PATH
export GITHUB_OUTPUT="$work/output" GITHUB_STEP_SUMMARY="$work/summary"
unset GITHUB_WORKSPACE

failed=0
wrong() {
    echo "WRONG: $*"
    failed=1
}
has() { # has FILE TEXT...: each is a line, or in one
    file=$1
    shift
    for text in "$@"; do
        grep -qF -e "$text" "$file" || { wrong "no '$text' in:"; cat "$file"; }
    done
}
hasnt() { # hasnt FILE TEXT
    ! grep -qF -e "$2" "$1" || { wrong "'$2' is in:"; cat "$1"; }
}
step() { # step STATUS SCRIPT [NAME=VALUE...]: output in the file log
    wanted=$1
    script=$2
    shift 2
    status=0
    env "$@" sh "$action/$script" >log 2>&1 || status=$?
    [ $status -eq "$wanted" ] || { wrong "$script ended with $status, not $wanted:"; cat log; }
}
fresh() { # as at the begin of a step
    : >output
    : >summary
}

# --- the description fits the scripts
as_json() {
    python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)' <"$1"
}
as_json "$action/action.yml" >action.json
# shellcheck disable=SC2016
jq -r '.runs.steps[] | .run // empty' action.json |
    sed -n 's,^sh "$GITHUB_ACTION_PATH/\(.*\)"$,\1,p' >scripts
[ "$(wc -l <scripts)" -eq 4 ] || wrong "the steps are not four scripts"
while read -r script; do
    [ -f "$action/$script" ] || wrong "action.yml names $script, which is not there"
    jq -r --arg s "$script" '.runs.steps[] | select(.run // "" | contains("/" + $s + "\"")) |
        .env | keys[]' action.json | while read -r name; do
        grep -q "\b$name\b" "$action/$script" || echo "$script does not read $name"
    done >unread
    [ ! -s unread ] || wrong "$(cat unread)"
done <scripts
jq -e '[.. | strings | scan("inputs\\.([a-z-]+)")[0]] - (.inputs | keys) == []' \
    action.json >/dev/null || wrong "action.yml uses an input that it does not have"
jq -e '(.inputs | keys) - [.. | strings | scan("inputs\\.([a-z-]+)")[0]] == []' \
    action.json >/dev/null || wrong "action.yml has an input that it does not use"
# Text of a user never becomes code.
jq -e '[.runs.steps[].run // "" | select(contains("${{"))] == []' action.json >/dev/null ||
    wrong "an input is pasted into a script"

# --- results of other steps, with text that means mischief
fresh
step 0 run.sh FWSIM_OUTPUT=out "FWSIM_RESULTS=$here/*.jsonl $here/findings.sarif"
step 0 report.sh FWSIM_OUTPUT=out GITHUB_WORKSPACE=/ws
has output passed=1 failed=2 skipped=1 findings=1 problems=0 outcome=failed
has log '::error file=tests/test_uart.c,line=12,title=uart / pipes | and <b>html</b>::'"'50%25' | \`x\`%0Aexpected: </pre><script>" \
    '::error title=boot / comes_up::killed by SIGSEGV' \
    '::error file=src/parser.c,line=31,title=fuzzer%3A flash-write::a write to flash' \
    "::add-matcher::$action/problem-matcher.json"
has summary '## ❌ fwsim: 1 passed, 2 failed, 1 skipped; 1 finding' \
    'pipes &#124; and &lt;b&gt;html&lt;/b&gt;' '<code>tests/test_uart.c:12</code>' \
    '&lt;/pre&gt;&lt;script&gt;' 'HardFault at crash+0x4 (guest.c:76)' \
    'flash-write' '#0 parse (src/parser.c:31)' '#1 main'
hasnt summary '<script>'
# Inside of HTML an empty line would end it.
awk '/<pre>/ { inside = 1 } inside && /^[ \t]*$/ { bad = 1 } /<\/pre>/ { inside = 0 }
     END { exit bad }' summary || wrong "an empty line inside <pre>"
[ "$(grep -c '^| [^|]* | [^|]* | [^|]* | [^|]* |$' summary)" -eq 4 ] ||
    wrong "the table is not of four tests"

# --- verdicts
step 1 verdict.sh FWSIM_FAILED=1 FWSIM_FINDINGS=0
step 1 verdict.sh FWSIM_FAILED=0 FWSIM_FINDINGS=1
step 0 verdict.sh FWSIM_FAILED=0 FWSIM_FINDINGS=1 FWSIM_FAIL_ON=tests
step 0 verdict.sh FWSIM_FAILED=1 FWSIM_FINDINGS=1 FWSIM_FAIL_ON=nothing
step 1 verdict.sh FWSIM_PROBLEMS=1 FWSIM_FAIL_ON=nothing
step 1 verdict.sh FWSIM_FAIL_ON=sometimes
has log 'none of tests, findings, nothing'

# --- nothing, and what is not there
fresh
step 0 run.sh FWSIM_OUTPUT=out
step 0 report.sh FWSIM_OUTPUT=out
has output outcome=passed
has summary 'nothing was run'
hasnt summary WRONG
fresh
step 0 run.sh FWSIM_OUTPUT=out 'FWSIM_SCENARIOS=nowhere/*.yaml' FWSIM_IMAGE=none.elf FWSIM_BOARD=bbc_microbit
step 0 report.sh FWSIM_OUTPUT=out
has output problems=2 outcome=failed
has summary 'no file is like nowhere/*.yaml' 'none.elf'

# --- scenarios and programs
printf '#!/bin/sh\nexit 3\n' >test_bad
printf '#!/bin/sh\nexit 0\n' >test_good
chmod +x test_bad test_good
fresh
step 0 run.sh FWSIM_OUTPUT=out FWSIM_TESTS='test_*'
step 0 report.sh FWSIM_OUTPUT=out
has output passed=1 failed=1 junit=out/junit.xml
[ -s out/junit.xml ] || wrong "no JUnit file"
has summary test_bad

# --- firmware
if [ -e "$guest" ]; then
    fresh
    step 0 run.sh FWSIM_OUTPUT=out FWSIM_IMAGE="$guest" FWSIM_BOARD=bbc_microbit \
        FWSIM_EXPECT_TEXT=ready FWSIM_TIMEOUT=100ms
    step 0 report.sh FWSIM_OUTPUT=out
    has output passed=1 failed=0 outcome=passed
    fresh
    step 0 run.sh FWSIM_OUTPUT=out FWSIM_IMAGE="$guest" FWSIM_BOARD=bbc_microbit \
        "FWSIM_EXPECT_TEXT=ready
not this" FWSIM_TIMEOUT=100ms
    step 0 report.sh FWSIM_OUTPUT=out
    has output passed=0 failed=1
    has summary 'not this'
    # Of a crash: where it was, as fwsim says it.
    printf c | fwsim run --board bbc_microbit --input - --timeout 1s \
        --json "$guest" >crash.json 2>/dev/null || true
    mkdir -p crash
    : >crash/problems
    jq -c -f "$action/run.jq" crash.json >crash/run.jsonl
    fresh
    step 0 report.sh FWSIM_OUTPUT=crash
    has log 'cli_guest.c,line='
    has summary 'the firmware crashed' 'backtrace:' 'reset_handler'
else
    echo "NOT TESTED: firmware, there is no $guest"
fi

# --- installing, with an apt-get that only tells
mkdir debs fake
: >debs/fwsim_1_amd64.deb
: >debs/fwsim-dbgsym_1_amd64.deb
printf '#!/bin/sh\necho "apt-get $*"\n' >fake/apt-get
printf '#!/bin/sh\nshift\nexec "$@"\n' >fake/env
printf '#!/bin/sh\nexec "$@"\n' >fake/sudo
chmod +x fake/*
rm fake/env
tar -C debs -cf debs.tar fwsim_1_amd64.deb
mkdir empty
for packages in debs debs.tar; do
    step 0 install.sh FWSIM_PACKAGES=$packages "PATH=$work/fake:$PATH"
    has log 'apt-get install' '/fwsim_1_amd64.deb' 'fwsim '
    hasnt log dbgsym
done
step 1 install.sh FWSIM_PACKAGES=empty "PATH=$work/fake:$PATH"
has log '::error title=fwsim::no .deb files in empty'
step 1 install.sh FWSIM_PACKAGES=nowhere
has log 'there is no nowhere'
step 0 install.sh

# --- the problem matcher and the lines that programs print
matches() { # matches OWNER PATTERN LINE FILE LINE-NUMBER
    jq -e -n --slurpfile m "$action/problem-matcher.json" --arg owner "$1" --argjson n "$2" \
        --arg text "$3" --arg file "$4" --arg line "$5" '
        ($m[0].problemMatcher[] | select(.owner == $owner).pattern[$n]) as $p
        | $text | match($p.regexp).captures | map(.string)
        | if $p.file then .[$p.file - 1] == $file and .[$p.line - 1] == $line
          else . != [] end' >/dev/null || wrong "the matcher $1 does not see: $3"
}
printf 'board: bbc_microbit\nfirmwar: x\n' >bad.yaml
fwsim test bad.yaml test_bad >lines 2>&1 || true
text=$(grep 'no key "firmwar"' lines) || wrong "no error in bad.yaml: $(cat lines)"
matches fwsim 0 "$text" bad.yaml 2
text=$(grep -E '^(FAIL|ERROR)' lines) || wrong "no failure of test_bad: $(cat lines)"
matches fwsim-test 0 "$text" '' ''
if [ -e "$guest" ]; then
    printf 'fwsim-scenario: 1\nboard: bbc_microbit\nload: %s\ntests:\n- name: silent\n  steps:\n  - expect: nothing\n' \
        "$guest" >silent.yaml
    fwsim test silent.yaml >lines 2>&1 || true
    grep -A 2 '^FAIL' lines >three || wrong "no failure in silent.yaml: $(cat lines)"
    matches fwsim-test 0 "$(sed -n 1p three)" '' ''
    matches fwsim-test 1 "$(sed -n 2p three)" silent.yaml 7
    matches fwsim-test 2 "$(sed -n 3p three)" '' ''
fi

# --- a scenario that cannot be read: where it is wrong
fresh
step 0 run.sh FWSIM_OUTPUT=out FWSIM_SCENARIOS=bad.yaml
step 0 report.sh FWSIM_OUTPUT=out
has log '::error file=bad.yaml,line=2,title=fwsim'

exit $failed
