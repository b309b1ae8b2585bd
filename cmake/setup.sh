#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs what a fresh Debian 12 or 13 lacks: setup.sh GOAL. Whatever
# is there already is left alone, so a second call only looks.
set -eu
cd "$(dirname "$0")/.."
. cmake/common.sh
export LC_ALL=C # what apt says is read here

goal=${1:-test}
case $goal in
build) groups='build' room=200 ;;
demo) groups='build demo' room=200 ;;
test) groups='build demo test' room=800 ;;
bench) groups='build bench' room=400 ;;
package) groups='build package' room=800 ;;
*) die "unknown goal: $goal" "setup.sh build|demo|test|bench|package" ;;
esac

unicorn=build/deps/unicorn
firmware=build/deps/firmware

here() { # here CHECK: is it on this machine?
    arg=${1#*:}
    case $1 in
    cmd:*) command -v "$arg" >/dev/null ;;
    pc:*) pkg-config --exists "$arg" 2>/dev/null ;;
    file:*) [ -e "$arg" ] ;;
    data:*) [ -e "$arg" ] || [ -e "$firmware$arg" ] ;;
    arm:*) [ -e "$(arm-none-eabi-gcc -print-file-name="$arg" 2>/dev/null)" ] ;;
    fuzzer:*) fuzzer_links "$arg" ;;
    esac
}

fuzzer_links() { # fuzzer_links COMPILER
    probe=$(mktemp -d) || return 1
    echo 'int LLVMFuzzerTestOneInput(const char *d, long n);
          int LLVMFuzzerTestOneInput(const char *d, long n) { return d && n < 0; }' \
        >"$probe/probe.c"
    ok=0
    "$1" -fsanitize=fuzzer,address -o "$probe/probe" "$probe/probe.c" \
        >/dev/null 2>&1 || ok=1
    rm -rf "$probe"
    return $ok
}

missing() { # missing PATTERN: the packages whose check is like this
    for group in $groups; do
        sed -n "s/^$group  *//p" cmake/packages.txt
    done | while read -r package check; do
        # shellcheck disable=SC2254
        case $check in
        $1) here "$check" || printf '%s ' "$package" ;;
        esac
    done
}

# Which Unicorn is there: a version, or nothing.
unicorn_version() {
    for dir in ${FWSIM_UNICORN_ROOT:+"$FWSIM_UNICORN_ROOT/include"} \
               $unicorn/usr/include /usr/local/include /usr/include; do
        [ -f "$dir/unicorn/unicorn.h" ] || continue
        awk '/^#define UC_API_(MAJOR|MINOR|PATCH) / { v = v s $3; s = "." }
             END { print v }' "$dir/unicorn/unicorn.h"
        return
    done
    pkg-config --modversion unicorn 2>/dev/null || true
}

# at_least VERSION: is it this one or a newer one?
at_least() {
    printf '%s\n' "$1" | awk -F '[.]' '{
        exit !($1 * 10000 + $2 * 100 + $3 >= 20101) }'
}

as_root=
find_root() { # find_root WHAT-FOR
    if [ "$(id -u)" -eq 0 ]; then
        return
    fi
    if command -v sudo >/dev/null; then
        if sudo -n true 2>/dev/null || { [ -t 0 ] && sudo true; }; then
            as_root=sudo
            return
        fi
    fi
    die "packages are missing, and $(id -un) may not install them" \
        "Ask someone who may to run:" "" "apt-get install $1"
}

apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive \
        ${http_proxy:+http_proxy="$http_proxy"} \
        ${https_proxy:+https_proxy="$https_proxy"} apt-get -q -y --no-remove \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 \
        -o Acquire::http::Timeout=30 "$@"
}

known() { # known PACKAGE...: do apt's lists have them all?
    for package in "$@"; do
        [ -n "$(apt-cache policy "$package" 2>/dev/null |
                sed -n 's/^ *Candidate: *\([0-9].*\)/\1/p')" ] || return 1
    done
}

updated=
update_lists() {
    [ -z "$updated" ] || return 0
    updated=yes
    say packages "reading the package lists"
    apt update >$logs/apt-update.log 2>&1 || true
}

# Explains a failure of apt in the words of who has to mend it.
apt_failed() { # apt_failed LOG PACKAGE...
    log=$1
    shift
    if grep -qiE 'no space left|enough free space' "$log"; then
        need=$(sed -n 's/^After this operation, \(.*B\) of .*/ (\1)/p' "$log")
        disk_full / "the packages do not fit$need"
    fi
    if cat "$log" $logs/apt-update.log 2>/dev/null | grep -qE \
        'Could not resolve|Temporary failure|Could not connect|Unable to connect|Network is unreachable|onnection (failed|timed out|refused)'; then
        die "no network: the package mirror of this machine cannot be reached" \
            "Connect, or install these by other means, and run the same command again:" \
            "" "apt-get install $*"
    fi
    {
        printf '\n--- the end of %s:\n' "$log"
        tail -n 20 "$log"
    } >&2
    die "packages could not be installed" "Try by hand:" "" \
        "apt-get update && apt-get install $*"
}

install_packages() {
    find_root "$*"
    known "$@" || update_lists
    known "$@" || apt_failed $logs/apt-update.log "$@"
    say packages "installing $*"
    apt_install "$@" && return
    if grep -qE 'dpkg --configure -a|--fix-broken' $logs/apt.log; then
        say packages "finishing an installation that was cut off"
        $as_root dpkg --configure -a >$logs/apt-repair.log 2>&1 || true
        apt install --fix-broken >>$logs/apt-repair.log 2>&1 ||
            apt_failed $logs/apt-repair.log "$@"
    elif [ -n "$updated" ]; then
        apt_failed $logs/apt.log "$@"
    else
        # Old lists name files that the mirror no longer has.
        update_lists
    fi
    apt_install "$@" || apt_failed $logs/apt.log "$@"
}

# A package with a daemon, such as nginx, must not start it: policy-rc.d is
# where Debian asks.
apt_install() {
    policy=/usr/sbin/policy-rc.d
    status=0
    if [ -e $policy ]; then
        policy=
    else
        printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
        $as_root chmod 755 $policy
    fi
    apt install --no-install-recommends "$@" >$logs/apt.log 2>&1 || status=$?
    [ -z "$policy" ] || $as_root rm -f $policy
    return $status
}

fetch() { # fetch LOG SUITE FOLDER PACKAGE...
    log=$logs/$1.log
    shift
    sh cmake/fetch-deb.sh "$@" >"$log" 2>&1 && return
    # A full disk may have no room for the words in the log either.
    if grep -q 'the disk is full' "$log" || [ "$(free_mb build)" -lt 2 ]; then
        disk_full build "no room for $3"
    fi
    return 1
}

begin
# Better now than in the middle of a link.
if [ ! -e build/default/build.ninja ] && [ "$(free_mb build)" -lt $room ]; then
    disk_full build "fwsim needs about $room MB to be built"
fi
if ! command -v apt-get >/dev/null; then
    lacking=$(missing '[!d]*')
    [ -n "$(unicorn_version)" ] || lacking="$lacking libunicorn-dev"
    # shellcheck disable=SC2086
    [ -z "$lacking" ] ||
        die "something is missing, and there is no apt here to install it" \
            "Install what corresponds to these Debian packages" \
            "(of Unicorn 2.1.1 is best):" "" $lacking
    data=$(missing 'data:*')
    [ -z "$data" ] || say data "not here, and left out: $data"
    exit 0
fi

# Packages. A firmware that this release does not have (Debian 13) comes from
# one that has it, and without root it is fetched as well.
lacking=$(missing '[!d]*')
data=$(missing 'data:*')
# Debian 12 has a Unicorn too, but not the one that is wanted; see below.
if [ -z "$(unicorn_version)" ] && ! grep -q '^VERSION_ID="*12' /etc/os-release; then
    lacking="${lacking}libunicorn-dev "
fi
if [ -n "$lacking" ]; then
    find_root "$lacking"
    # shellcheck disable=SC2086
    known $lacking || update_lists
fi
# shellcheck disable=SC2086
if [ -n "$data" ] && [ "$(id -u)" -eq 0 ] && known $data; then
    lacking="$lacking$data"
    data=
fi
if [ -n "$lacking" ]; then
    # shellcheck disable=SC2086
    install_packages $lacking
    left=$(missing '[!d]*')
    [ -z "$left" ] || die "installed, but still not usable: $left" \
        "See cmake/packages.txt for what is looked for, and $logs/apt.log."
fi
if [ -n "$data" ]; then
    # shellcheck disable=SC2086
    if fetch firmware bookworm $firmware $data; then
        say firmware "$(tr '\n' ' ' <$firmware/VERSION)into $firmware"
    elif [ "$goal" = demo ]; then
        die "firmware for the demonstration could not be fetched: $data" \
            "Is there a network? The whole output is in $logs/firmware.log"
    else
        say firmware "NOT TO BE HAD HERE, its tests are skipped: $data"
    fi
fi

# Unicorn: the version that was measured, whichever way it comes.
have=$(unicorn_version)
failed=build/deps/unicorn.unavailable
if [ -n "${FWSIM_UNICORN_ROOT:-}" ] || at_least "$have"; then
    exit 0
fi
if [ -n "$have" ] && [ -n "$(find $failed -mmin -1440 2>/dev/null)" ]; then
    exit 0 # tried within a day
fi
if fetch unicorn trixie $unicorn libunicorn-dev; then
    say unicorn "$(cat $unicorn/VERSION) into $unicorn"
    rm -f $failed
else
    [ -n "$have" ] || install_packages libunicorn-dev
    mkdir -p build/deps
    : >$failed
    say unicorn "2.1.1 CANNOT BE HAD HERE (see $logs/unicorn.log)"
    say unicorn "going on with the system's, which is about ten times slower"
fi
