#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs fwsim's packages from FWSIM_PACKAGES: a folder with .deb files, or a
# tar archive of them. Without it fwsim has to be there.
set -eu

fail() { # fail TEXT
    echo "::error title=fwsim::$1"
    exit 1
}

missing_tools() {
    command -v jq >/dev/null || echo jq
    # What "fwsim fuzz" runs.
    [ "${FWSIM_FUZZ_SECONDS:-0}" = 0 ] || command -v afl-fuzz >/dev/null || echo afl++
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || fail "neither root nor sudo: cannot install packages"
        sudo "$@"
    fi
}

packages=${FWSIM_PACKAGES:-}
if [ -z "$packages" ]; then
    command -v fwsim >/dev/null ||
        fail "fwsim is not installed: give the input \"packages\", a folder with its .deb files"
    [ -z "$(missing_tools)" ] || fail "not installed, but needed: $(missing_tools | paste -s -d ' ')"
    fwsim --version
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -d "$packages" ]; then
    cp "$packages"/*.deb "$work" 2>/dev/null || fail "no .deb files in $packages"
elif [ -f "$packages" ]; then
    mkdir "$work/tar"
    tar -C "$work/tar" -xf "$packages" || fail "$packages is no tar archive"
    find "$work/tar" -name '*.deb' -exec cp '{}' "$work" ';'
else
    fail "there is no $packages"
fi
rm -f "$work"/*-dbgsym_*.deb
ls "$work"/fwsim_*.deb >/dev/null 2>&1 || fail "no package fwsim_*.deb in $packages"
chmod -R a+rX "$work" # apt reads as a user of its own

as_root apt-get update -qq
# shellcheck disable=SC2046
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends "$work"/*.deb $(missing_tools)
fwsim --version
