#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unpacks packages of another Debian release into a folder of the build:
#
#   fetch-deb.sh SUITE FOLDER PACKAGE...
#
# They come from the mirror that this machine's apt uses, through apt, with
# apt's check of the archive's signature, but with a state of its own: nothing
# of the system is touched, and no root is needed. The folder appears whole or
# not at all.
set -eu
cd "$(dirname "$0")/.."
. cmake/common.sh
export LC_ALL=C # what apt says is read here

suite=$1
target=$2
shift 2
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

for tool in apt-get dpkg-deb; do
    command -v $tool >/dev/null ||
        die "no $tool here, so no package of Debian's can be fetched"
done
[ -r $keyring ] || die "no $keyring" "apt-get install debian-archive-keyring"

begin
parent=$(dirname "$target")
mkdir -p "$parent"
# What a call that was killed left behind.
find "$parent" -maxdepth 1 -name '.fetch.*' -mmin +60 -exec rm -rf {} +
work=$(mktemp -d "$PWD/$parent/.fetch.XXXXXX") ||
    disk_full build "cannot make a folder in $parent"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/root"

# apt's own configuration stays in force (proxy, certificates).
private_apt() {
    apt-get -q \
        -o Dir::State="$work/state" \
        -o Dir::State::status=/dev/null \
        -o Dir::Cache="$work/cache" \
        -o Dir::Cache::pkgcache= \
        -o Dir::Cache::srcpkgcache= \
        -o Dir::Etc::sourcelist="$work/sources.list" \
        -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Etc::preferences=/dev/null \
        -o Dir::Etc::preferencesparts=/dev/null \
        -o APT::Default-Release= \
        -o APT::Sandbox::User="$(id -un)" \
        -o Acquire::Languages=none \
        -o Acquire::GzipIndexes=true \
        -o Acquire::Retries=2 \
        -o Acquire::http::Timeout=30 \
        "$@"
}

. /etc/os-release
sites=$(mirrors "${VERSION_CODENAME:-stable}")
[ -n "$sites" ] ||
    die "apt has no Debian mirror for ${VERSION_CODENAME:-this release}" \
        "See /etc/apt/sources.list."

fetched=
for site in $sites; do
    printf 'deb [signed-by=%s] %s %s main\n' $keyring "$site" "$suite" \
        >"$work/sources.list"
    # A hook of the system's apt may fail without root; the package decides.
    private_apt update || true
    if (cd "$work" && private_apt download "$@"); then
        fetched=yes
        break
    fi
done
if [ -z "$fetched" ]; then
    [ "$(free_mb build)" -ge 40 ] || disk_full build "no room for $*"
    die "$* of $suite could not be fetched" \
        "Is there a network, and does apt's mirror carry $suite?"
fi

for deb in "$work"/*.deb; do
    dpkg-deb -x "$deb" "$work/root" || disk_full build "cannot unpack $deb"
    basename "$deb" .deb >>"$work/root/VERSION"
done

# Another call may have been faster; what is there is then as good.
rm -rf "$target.old"
[ ! -e "$target" ] || mv "$target" "$target.old"
mv "$work/root" "$target"
rm -rf "$target.old"
