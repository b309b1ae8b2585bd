#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Includes point one way: check_includes.sh TOP-OF-TREE
#
#   examples, ports, tests -> fwsim.h <- boards -> peripherals -> fwsim_periph.h
#   sdk -> its own files and include/        sdk/cpu/unicorn.c -> Unicorn
#   ports -> ports/report besides: all of them report alike
#
# Tests named test_model_* and test_fw_* and tests/support are users like any
# other: they see no file of sdk/.
set -eu
cd "${1:-.}"

c_library=' assert ctype errno float inttypes limits math stdalign stdarg
 stdbool stddef stdint stdio stdlib string time '

bad=0
complain() {
    echo "$file:$line: $*" >&2
    bad=1
}

# public NAME: is it a header of include/?
public() {
    [ -f "include/$1" ]
}

# inside FOLDER: does the quoted include mean a file below FOLDER?
inside() {
    case $target in "$1"/*) return 0 ;; esac
    return 1
}

# Looks for a quoted include beside the including file first, then in the
# folders of -I, and sets target to its path from the top of the tree.
resolve() {
    target=
    for base in "${file%/*}" include sdk peripherals boards ports/report \
        tests tests/support; do
        [ -f "$base/$name" ] || continue
        target=$base/$name
        case $target in *../*)
            target=$(cd "${target%/*}" && pwd -P)/${target##*/}
            target=${target#"$top"/} ;;
        esac
        return 0
    done
}

is_c_library() {
    case $c_library in *[[:space:]]"${1%.h}"[[:space:]]*) return 0 ;; esac
    return 1
}

check() {
    case $name in unicorn/*)
        [ "$file" = sdk/cpu/unicorn.c ] ||
            complain "only sdk/cpu/unicorn.c includes <$name>"
        return 0 ;;
    esac

    if [ "$kind" = angle ] && ! public "$name"; then
        case $file in peripherals/* | boards/*)
            is_c_library "$name" ||
                complain "only the C library here, not <$name>" ;;
        esac
        return 0
    fi

    resolve
    case $file in
    peripherals/*)
        inside "${file%/*}" && return 0
        case $target in include/fwsim_periph.h | peripherals/peripherals.h) return 0 ;; esac
        complain "a peripheral includes fwsim_periph.h, not $name" ;;
    boards/*)
        inside boards && return 0
        case $target in include/* | peripherals/peripherals.h) return 0 ;; esac
        complain "a board includes the public headers and peripherals.h, not $name" ;;
    sdk/*)
        inside sdk || inside include ||
            complain "sdk includes its own files and include/, not $name" ;;
    ports/* | examples/*)
        case $file in ports/*) inside ports/report && return 0 ;; esac
        part=${file#*/}
        part=${file%%/*}/${part%%/*}
        inside include || inside "$part" ||
            complain "${file%%/*} includes the public headers, not $name" ;;
    tests/test_model_* | tests/test_fw_* | tests/support/*)
        if inside sdk; then
            complain "this test is a user: fwsim.h, not $name"
        fi ;;
    esac
}

top=$(pwd -P)
list=$(mktemp)
trap 'rm -f "$list"' EXIT
for folder in sdk peripherals boards ports examples tests; do
    [ -d "$folder" ] || continue
    # tests/firmware holds guest programs: another machine, other headers.
    find "$folder" -path tests/firmware -prune -o \
        \( -name '*.c' -o -name '*.h' \) -type f -print
done | sort | xargs grep -Hn '^[[:space:]]*#[[:space:]]*include' |
    sed -n -e 's/^\([^:]*\):\([0-9]*\):[^"<]*"\([^"]*\)".*/\1 \2 quote \3/p' \
        -e 's/^\([^:]*\):\([0-9]*\):[^"<]*<\([^>]*\)>.*/\1 \2 angle \3/p' >"$list"

while read -r file line kind name; do
    check
done <"$list"

count=$(wc -l <"$list")
echo "$count includes seen"
[ "$count" -gt 0 ] || bad=1
exit "$bad"
