#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs the commands of a document: each line that begins with "fwsim" in a block
# of sh. commands.sh DOCUMENT PROGRAM. They may find something (codes 4 and 10),
# and must not be refused.
set -u
count=0
bad=0
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
sed -n '/^```sh$/,/^```$/s/^fwsim //p' "$1" >"$lines"

while read -r line; do
    count=$((count + 1))
    eval "\"\$2\" $line" </dev/null >/dev/null
    code=$?
    case $code in
    0 | 4 | 10) ;;
    *)
        echo "$1: code $code: fwsim $line" >&2
        bad=1
        ;;
    esac
done <"$lines"
echo "$count commands"
[ "$count" -gt 0 ] || bad=1
exit "$bad"
