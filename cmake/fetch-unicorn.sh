#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Puts the Unicorn of Debian 13 (2.1.1) into build/deps/unicorn, for Debian 12,
# whose own 2.0.1 is ten times slower. The package comes from the mirror that
# this machine's apt uses, through apt, with apt's check of the archive's
# signature, but with a state of its own: nothing of the system is touched, and
# no root is needed. The folder appears whole or not at all.
set -eu
cd "$(dirname "$0")/.."
. cmake/common.sh

suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
target=build/deps/unicorn

if [ -f $target/include/unicorn/unicorn.h ] && [ -f $target/lib/libunicorn.a ]; then
    exit 0
fi
for tool in apt-get dpkg-deb; do
    command -v $tool >/dev/null || die "no $tool: this is not Debian" \
        "Install Unicorn 2.1.1 and set FWSIM_UNICORN_ROOT to its folder."
done
[ -r $keyring ] || die "no $keyring" "apt-get install debian-archive-keyring"

begin
mkdir -p build/deps
# What a call that was killed left behind.
find build/deps -maxdepth 1 -name '.unicorn.*' -mmin +60 -exec rm -rf {} +
work=$(mktemp -d "$PWD/build/deps/.unicorn.XXXXXX") ||
    disk_full build "cannot make a folder in build/deps"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial"

# apt's own configuration stays in force (proxy, certificates, time-outs).
private_apt() {
    apt-get -q \
        -o Dir::State="$work/state" \
        -o Dir::State::status=/dev/null \
        -o Dir::Cache="$work/cache" \
        -o Dir::Etc::sourcelist="$work/sources.list" \
        -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Etc::preferences=/dev/null \
        -o Dir::Etc::preferencesparts=/dev/null \
        -o APT::Default-Release= \
        -o APT::Sandbox::User="$(id -un)" \
        -o Acquire::Languages=none \
        -o Acquire::Retries=2 \
        -o Acquire::http::Timeout=30 \
        "$@"
}

# The folders of archives that this machine has for its own release.
. /etc/os-release
# shellcheck disable=SC2016
sites=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(SITE)' \
            'Created-By: Packages' 2>/dev/null |
        awk -v release="${VERSION_CODENAME:-stable}" '
            ($1 == release || $1 == "stable" || $1 == "oldstable") &&
            $2 == "main" && !seen[$3]++ { print $3 }')
[ -n "$sites" ] || die "apt has no Debian mirror for ${VERSION_CODENAME:-this release}" \
    "See /etc/apt/sources.list."

for site in $sites; do
    printf 'deb [signed-by=%s] %s %s main\n' $keyring "$site" $suite \
        >"$work/sources.list"
    # A hook of the system's apt may fail without root; the package decides.
    private_apt update || true
    if (cd "$work" && private_apt download libunicorn-dev/$suite ||
                      private_apt download libunicorn-dev); then
        break
    fi
done

set -- "$work"/libunicorn-dev_*.deb
if [ ! -f "$1" ]; then
    [ "$(free_mb build)" -ge 30 ] || disk_full build "no room for Unicorn's package"
    die "libunicorn-dev of $suite could not be fetched" \
        "Is there a network, and does apt's mirror carry $suite?"
fi

dpkg-deb -x "$1" "$work/root" || disk_full build "cannot unpack $1"
mkdir "$work/unicorn"
mv "$work/root/usr/include" "$work/unicorn/include"
mkdir "$work/unicorn/lib"
mv "$work"/root/usr/lib/*/libunicorn.a "$work/unicorn/lib/"
cp "$work/root/usr/share/doc/libunicorn-dev/copyright" "$work/unicorn/"
basename "$1" .deb >"$work/unicorn/VERSION"
sync "$work/unicorn/lib/libunicorn.a" 2>/dev/null || true

# Another call may have been faster; what is there is then as good.
rm -rf $target.old
[ ! -e $target ] || mv $target $target.old
mv "$work/unicorn" $target
rm -rf $target.old
