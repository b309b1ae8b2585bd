#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Shell scripts are clean for shellcheck, and YAML, JSON and jq programs can
# be read: check_scripts.sh SOURCE-DIR
set -eu
cd "$1"

for tool in shellcheck jq python3; do
    command -v $tool >/dev/null || { echo "SKIPPED: $tool is missing"; exit 77; }
done
python3 -c 'import yaml' 2>/dev/null ||
    { echo "SKIPPED: python3-yaml is missing"; exit 77; }

files() { # files FIND-TEST...
    find .ci .github cmake docs examples ports tests -type f "$@" -print | sort
}

status=0
count=0
check() { # check FILE COMMAND...
    count=$((count + 1))
    file=$1
    shift
    "$@" >/tmp/check_scripts.$$ 2>&1 || {
        echo "$file:"
        cat /tmp/check_scripts.$$
        status=1
    }
}
trap 'rm -f /tmp/check_scripts.$$' EXIT

for file in $(files -name '*.sh') .ci/run; do
    check "$file" shellcheck -x --severity=warning --exclude=SC2154,SC2155 "$file"
done
for file in $(files \( -name '*.yml' -o -name '*.yaml' \) \
                  ! -path 'tests/*'); do
    check "$file" python3 -c '
import sys, yaml
with open(sys.argv[1]) as f:
    list(yaml.compose_all(f))' "$file"
done
for file in $(files -name '*.json' ! -path 'tests/*'); do
    check "$file" jq -e . "$file"
done
for file in $(files -name '*.jq'); do
    # A program that cannot be read ends with code 3.
    check "$file" sh -c 'jq -n --arg workspace "" --arg problems "" \
        --argjson tests "[]" --argjson sarif "[]" -f "$1"
        [ $? -ne 3 ]' - "$file"
done
echo "$count files"
[ $count -gt 20 ] || status=1
exit $status
