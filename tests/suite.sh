#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The lists of docs/differential-suite.md, which come from the tests:
#
#   suite.sh check   are those of the page the same? (ctest unit.suite)
#   suite.sh update  put them into the page
set -eu
cd "$(dirname "$0")/.."
page=docs/differential-suite.md

# Names of the tests of a file, in order.
names()
{
    tr '\n' ' ' <"$1" | grep -o 'cmocka_unit_test[a-z_]*( *[a-z0-9_]*' |
        sed 's/.*( *//'
}

tests()
{
    for file in tests/test_fw_cm_*.c tests/test_fw_a64*.c \
                tests/test_fw_sequences.c tests/test_fw_mps2.c \
                tests/test_fw_determinism.c tests/test_fw_time*.c; do
        [ -e "$file" ] || continue
        printf '\n`%s`\n\n' "$file"
        names "$file" | sed 's/.*/- `&`/'
    done
    echo
}

# Rows of the table differences[] of a file.
differences()
{
    printf '\n| lines that begin with | core | why |\n| --- | --- | --- |\n'
    awk '/^} differences\[\] = \{/ { on = 1; next }
         on && /^};/ { exit }
         on { printf "%s ", $0 }' "$1" |
        sed 's/" *"/ /g; s/  */ /g; s/}, */}\n/g' |
        awk -F'"' 'NF > 3 {
            printf "| `%s` | %s | %s |\n", $2, (NF > 5 ? $6 : "all"), $4
        }'
    echo
}

fill()
{
    awk -v lists="$1" '
        /^<!-- (tests|differences) -->$/ {
            print
            while ((getline line < (lists "/" $2)) > 0)
                print line
            skip = 1
        }
        /^<!-- end -->$/ { skip = 0 }
        !skip' "$page"
}

lists=$(mktemp -d)
trap 'rm -rf "$lists"' EXIT
tests >"$lists/tests"
differences tests/test_fw_cm_qemu.c >"$lists/differences"
fill "$lists" >"$lists/page"

if [ "${1-}" = update ]; then
    cat "$lists/page" >"$page"
elif ! diff "$page" "$lists/page"; then
    echo "$page is out of date: sh tests/suite.sh update" >&2
    exit 1
fi
