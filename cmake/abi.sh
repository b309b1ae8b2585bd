#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Would a program that was built with the last release run with this library?
#
#   abi.sh LIBRARY HEADERS           compare with the last release
#   abi.sh --record LIBRARY HEADERS  at a release: this is what is promised
#
# What was promised is kept in cmake/abi/, a file for each SONAME. New
# functions are welcome; whatever else differs ends with code 1, and needs a
# new FWSIM_VERSION_MAJOR. FWSIM_ABI_DIR is another folder to keep it in.
set -eu

record=
if [ "${1:-}" = --record ]; then
    record=yes
    shift
fi
[ $# -eq 2 ] || { sed -n 's/^# \{0,1\}//; 5,12p' "$0" >&2; exit 2; }
library=$1
headers=$2
folder=${FWSIM_ABI_DIR:-$(dirname "$0")/abi}
for file in "$library" "$headers"; do
    [ -e "$file" ] || { echo "abi.sh: there is no $file" >&2; exit 2; }
done
command -v abidiff >/dev/null || {
    echo "abi.sh: SKIPPED: abidiff is missing (Debian: abigail-tools)" >&2
    exit 77
}

soname=$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
promised=$folder/$soname.abi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -n "$record" ]; then
    abidw --headers-dir "$headers" --drop-private-types \
        --no-corpus-path --no-comp-dir-path --out-file "$work/abi" "$library"
    mkdir -p "$folder"
    mv "$work/abi" "$promised"
    echo "$soname: recorded in $promised"
    exit 0
fi
if [ ! -e "$promised" ]; then
    echo "$soname: no release of it yet, nothing is promised"
    exit 0
fi

compare() { # compare OPTION...: types of sdk/ are nobody's business
    abidiff --headers-dir2 "$headers" --drop-private-types --no-show-locs \
        "$@" "$promised" "$library"
}

status=0
compare --no-added-syms >"$work/report" || status=$?
if [ $((status & 3)) -ne 0 ]; then
    cat "$work/report" >&2
    echo "abi.sh: abidiff failed" >&2
    exit 2
fi
if [ $status -ne 0 ]; then
    cat "$work/report"
    echo
    echo "$soname: programs that were built with the last release may break."
    echo "Take the change back, or raise FWSIM_VERSION_MAJOR in include/fwsim.h."
    exit 1
fi
compare >"$work/report" || true
sed -n 's/^ *\[A\] //p' "$work/report" | sed 's/^/  new: /'
echo "$soname: programs that were built with the last release run"
