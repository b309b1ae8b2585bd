#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cmake/abi.sh tells a new function from what breaks programs:
# check_abi.sh SOURCE-DIR COMPILER
set -eu

abi=$1/cmake/abi.sh
compiler=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export FWSIM_ABI_DIR="$work/abi"
mkdir "$work/include"
cd "$work"

library() { # library MEMBERS-OF-S MEMBERS-OF-P FUNCTION...: s is public, p is not
    printf 'struct p;\nstruct s { %s };\nint a(struct s *, struct p *);\n' "$1" >include/x.h
    printf '#include "x.h"\nstruct p { %s };
            int a(struct s *s, struct p *p) { return s->x + p->x; }\n' "$2" >x.c
    shift 2
    for name in "$@"; do
        echo "int $name(void);" >>include/x.h
        echo "int $name(void) { return 1; }" >>x.c
    done
    "$compiler" -g -fPIC -shared -Iinclude -Wl,-soname,libx.so.0 -o libx.so x.c
}

try() { # try STATUS TEXT [--record]: what abi.sh has to end with, and say
    wanted=$1
    text=$2
    shift 2
    status=0
    sh "$abi" "$@" libx.so include >out 2>&1 || status=$?
    [ $status -ne 77 ] || { cat out; exit 77; }
    if [ $status -ne "$wanted" ] || ! grep -q "$text" out; then
        echo "wanted code $wanted and '$text', got code $status and:"
        cat out
        exit 1
    fi
}

library 'int x;' 'int x;' b
try 0 'no release of it yet'
try 0 'recorded' --record
try 0 'run$'
library 'int x;' 'int x;' b c
try 0 'new: .*int c'
library 'int x;' 'int y, x;' b
try 0 'run$'
library 'int x;' 'int x;'
try 1 "function int b()"
library 'int y, x;' 'int x;' b
try 1 "'int y'"
rm libx.so
try 2 'there is no libx.so'
echo 'additions pass, removals and new layouts do not'
