#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Writes what the packages in FOLDER consist of as CycloneDX 1.5: the packages
# with their hashes, the libraries that they depend on as this machine has
# them, and the Unicorn that is linked into them.
#
#   sbom.sh FOLDER OUTPUT
#
# The date is SOURCE_DATE_EPOCH; the same packages give the same bytes.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C

folder=$1
output=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. /etc/os-release
distro=$ID-$VERSION_ID

# licence PACKAGE: that of the library, as an SPDX expression, from the files
# in /usr/share/doc. Those have the licences of tools and packaging too, so no
# program can tell.
licence() {
    case $1 in
    libc6) echo LGPL-2.1-or-later ;;
    libdw1* | libelf1*) echo 'LGPL-3.0-or-later OR GPL-2.0-or-later' ;;
    libcbor0* | libexpat1 | libjansson4 | libyaml-0-2) echo MIT ;;
    libmbedtls14 | libmbedx509-1 | libmbedcrypto7) echo Apache-2.0 ;; # 2.28.3
    libmbed*) echo 'Apache-2.0 OR GPL-2.0-or-later' ;;
    libunicorn-dev) echo GPL-2.0-only ;;
    libxxhash0) echo BSD-2-Clause ;;
    *)
        echo "sbom.sh: the licence of $1 is missing: write it into cmake/sbom.sh" >&2
        return 1
        ;;
    esac
}

# library NAME VERSION ARCH DISTRO: a component
library() {
    spdx=$(licence "$1")
    jq -n --arg name "$1" --arg version "$2" --arg arch "$3" --arg distro "$4" \
        --arg licence "$spdx" '
        "pkg:deb/debian/\($name)@\($version | @uri)?arch=\($arch)&distro=\($distro)" as $purl |
        { type: "library", "bom-ref": $purl, name: $name, version: $version,
          licenses: [{ expression: $licence }], purl: $purl }'
}

# --- the packages themselves
for deb in "$folder"/*.deb; do
    # shellcheck disable=SC2016
    dpkg-deb --show --showformat '${Package} ${Version} ${Architecture}\n' "$deb" |
        while read -r name version arch; do
            jq -n --arg name "$name" --arg version "$version" --arg arch "$arch" \
                --arg hash "$(sha256sum "$deb" | cut -d ' ' -f 1)" '
                "pkg:deb/fwsim/\($name)@\($version)?arch=\($arch)" as $purl |
                { type: (if $name == "fwsim" then "application" else "library" end),
                  "bom-ref": $purl, name: $name, version: $version,
                  hashes: [{ alg: "SHA-256", content: $hash }],
                  licenses: [{ expression: "GPL-2.0-or-later" }], purl: $purl }'
        done
done | jq -s . >"$work/packages"

# --- the libraries that they are linked with
for deb in "$folder"/*.deb; do
    dpkg-deb --field "$deb" Depends
done | tr ',' '\n' | sed 's/^ *//; s/[ (:].*//' | sort -u >"$work/depends"
jq -r '.[].name' "$work/packages" | sort -u | comm -13 - "$work/depends" |
    grep -v -e '-dev$' -e '^$' >"$work/libraries"
while read -r name; do
    # shellcheck disable=SC2016
    dpkg-query --show --showformat '${Version} ${Architecture}\n' "$name" | head -n 1 >"$work/one"
    read -r version arch <"$work/one"
    library "$name" "$version" "$arch" "$distro" >>"$work/linked"
done <"$work/libraries"

# --- Unicorn: where package.sh took it from
if [ -n "${FWSIM_UNICORN_ROOT:-}" ]; then
    IFS=_ read -r name version arch <"$FWSIM_UNICORN_ROOT/VERSION"
    origin=debian-13
else
    name=libunicorn-dev
    # shellcheck disable=SC2016
    version=$(dpkg-query --show --showformat '${Version}' $name)
    arch=$(dpkg --print-architecture)
    origin=$distro
fi
library "$name" "$version" "$arch" "$origin" >"$work/unicorn"
jq -s '.[0] + { description:
    "Unicorn Engine, linked into libfwsim0, its archive is in libfwsim-dev" }' \
    "$work/unicorn" >>"$work/linked"

version=$(jq -r '.[0].version' "$work/packages")
jq -n --arg version "$version" \
    --arg date "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" \
    --slurpfile packages "$work/packages" --slurpfile linked "$work/linked" '
    ($linked | sort_by(.name)) as $components |
    { bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
      metadata: {
        timestamp: $date,
        tools: { components: [{ type: "application", name: "fwsim/cmake/sbom.sh",
                                version: $version }] },
        component: {
          type: "library", "bom-ref": "fwsim", name: "fwsim", version: $version,
          description: "Runs unmodified microcontroller firmware in a test",
          licenses: [{ expression: "GPL-2.0-or-later" }],
          components: $packages[0] } },
      components: $components,
      dependencies:
        ([{ ref: "fwsim", dependsOn: [$components[]["bom-ref"]] }] +
         [$components[] | { ref: .["bom-ref"] }]) }' >"$work/bom"

# A serial number that is that of the content.
serial=$(sha256sum "$work/bom" |
         sed 's/^\(.\{8\}\)\(....\).\(...\).\(...\)\(.\{12\}\).*/\1-\2-8\3-8\4-\5/')
jq --arg serial "urn:uuid:$serial" \
    '{ bomFormat, specVersion, serialNumber: $serial } + .' "$work/bom" >"$work/out"
jq -e -f cmake/sbom-check.jq "$work/out"
mv "$work/out" "$output"
