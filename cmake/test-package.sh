#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tries the packages in build/package: builds them a second time, from the
# tarball in another folder, and compares; then installs them into a fresh
# chroot of Debian, where an outside program is built with them, and removes
# them again.
set -eu
cd "$(dirname "$0")/.."
. cmake/common.sh

packages=$PWD/build/package
[ -e "$packages/SHA256SUMS" ] || die "there are no packages" "make package"
begin

skip() { # skip TEXT
    say chroot "SKIPPED: $1"
    exit 77
}

work=$(mktemp -d /tmp/fwsim-package.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# --- the same bytes again, from another folder
say rebuild "from the tarball, in another folder"
rebuild() {
    tar -C "$work" -xf "$packages"/fwsim-*.tar.xz
    FWSIM_UNICORN_ROOT=${FWSIM_UNICORN_ROOT:-$PWD/build/deps/unicorn} \
        sh "$work"/fwsim-*/cmake/package.sh "$work/package"
    diff "$packages/SHA256SUMS" "$work/package/SHA256SUMS"
}
run "building the same packages again" package-rebuild rebuild
say rebuild "the same bytes: $(wc -l <"$packages/SHA256SUMS") files"
rm -rf "$work"/fwsim-* "$work/package"

# --- the chroot
[ "$(id -u)" -eq 0 ] || skip "a chroot needs root"
command -v debootstrap >/dev/null || skip "debootstrap is missing (make setup)"
. /etc/os-release
site=$(mirrors "$VERSION_CODENAME" | head -n 1)
[ -n "$site" ] || skip "apt has no Debian mirror for $VERSION_CODENAME"

# What the packages depend on, but for each other.
depends=$(for deb in "$packages"/*.deb; do dpkg-deb --field "$deb" Depends; done |
          tr ',' '\n' | sed 's/^ *//; s/ .*//' | grep -v fwsim | sort -u)
include=$(printf '%s\n' gcc libc6-dev cmake make pkg-config libcmocka-dev "$depends" |
          paste -s -d ,)

root=$work/root
say chroot "debootstrap $VERSION_CODENAME"
run "debootstrap" package-debootstrap debootstrap --variant=minbase \
    --include="$include" "$VERSION_CODENAME" "$root" "$site"
mkdir "$root/debs"
cp "$packages"/*.deb "$root/debs"
cp -R tests/package "$root/outside"
say chroot "install, use, remove"
run "the packages in a chroot" package-chroot chroot "$root" \
    /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh /outside/in_chroot.sh
say chroot "$(tail -n 1 $logs/package-chroot.log)"
