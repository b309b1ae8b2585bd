#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each public header compiles alone: check_headers.sh FOLDER COMPILER [FLAG...]
set -eu

folder=$1
shift
seen=0
for header in "$folder"/*.h; do
    [ -f "$header" ] || continue
    name=$(basename "$header")
    echo "$name"
    # Twice, so that a missing include guard shows too.
    printf '#include "%s"\n#include "%s"\n' "$name" "$name" |
        "$@" -fsyntax-only -I"$folder" -
    seen=$((seen + 1))
done
if [ "$seen" -eq 0 ]; then
    echo "no headers in $folder" >&2
    exit 1
fi
