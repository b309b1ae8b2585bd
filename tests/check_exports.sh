#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The shared library exports what the public headers declare with FWSIM_API,
# and nothing else: no name of Unicorn, none that sdk/ keeps for itself.
#
#   check_exports.sh LIBRARY HEADERS SOVERSION COMPILER [FLAG...]
set -eu
export LC_ALL=C

library=$1
headers=$2
soversion=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

nm -D --defined-only "$library" | awk '{ print $NF }' | sort -u >"$work/exported"

# After the preprocessor FWSIM_API is an attribute. A declaration ends at a
# semicolon, and its name stands before the first parenthesis, if there is one.
for header in "$headers"/*.h; do
    printf '#include "%s"\n' "$header"
done | "$@" -E -P -x c - | tr '\n' ' ' | tr ';' '\n' |
    sed -n 's/.*__attribute__((visibility("default")))//p' |
    sed -e 's/[[(].*//' -e 's/ *$//' -e 's/.*[ *]//' | sort -u >"$work/declared"

status=0
report() { # report TEXT FILE
    if [ -s "$2" ]; then
        echo "$1:"
        sed 's/^/  /' "$2"
        status=1
    fi
}
comm -23 "$work/declared" "$work/exported" >"$work/missing"
comm -13 "$work/declared" "$work/exported" >"$work/extra"
report "declared with FWSIM_API, but not in the library" "$work/missing"
report "exported, but in no public header" "$work/extra"

wanted=libfwsim.so.$soversion
soname=$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
if [ "$soname" != "$wanted" ]; then
    echo "the SONAME is $soname, not $wanted"
    status=1
fi

count=$(wc -l <"$work/declared")
echo "$count names, $soname"
[ "$count" -gt 100 ] || { echo "that are too few"; status=1; }
exit $status
