#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes what a release consists of: package.sh [FOLDER], by default build/package.
#
#   fwsim-VERSION.tar.xz    the source
#   *.deb                   built from that tarball, checked by lintian
#   fwsim-VERSION.cdx.json  what is in the packages, as CycloneDX
#   SHA256SUMS
#
# All dates are that of debian/changelog, so a second call gives the same bytes.
set -eu
cd "$(dirname "$0")/.."
. cmake/common.sh
export LC_ALL=C TZ=UTC
# A compiler cache gives debug information with the folders of other builds.
unset CMAKE_C_COMPILER_LAUNCHER

out=${1:-build/package}
umask 022
begin
version=$(dpkg-parsechangelog -S Version)
header=$(sed -n 's/^#define FWSIM_VERSION "\(.*\)"/\1/p' include/fwsim.h)
[ "$version" = "$header" ] ||
    die "debian/changelog is of version $version, include/fwsim.h of $header" \
        "Write the same version into both."
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -S Timestamp)
export SOURCE_DATE_EPOCH

rm -rf "$out"
mkdir -p "$out/work"
out=$(cd "$out" && pwd)
work=$out/work
name=fwsim-$version
tarball=$out/$name.tar.xz

# In a clone: what git knows, as it lies here. In an unpacked tarball: all but
# what was built.
source_files() {
    if git rev-parse --git-dir >/dev/null 2>&1; then
        git ls-files --cached --others --exclude-standard | while read -r file; do
            [ ! -e "$file" ] || printf '%s\n' "$file"
        done
    else
        find . -path ./build -prune -o \( -type f -o -type l \) -print |
            sed 's,^\./,,'
    fi | sort
}

make_tarball() {
    source_files >"$work/files"
    tar -c --format=gnu --no-recursion --files-from="$work/files" --mtime="@$SOURCE_DATE_EPOCH" \
        --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r,go-w \
        --transform="s,^,$name/," | xz -6 -T1 >"$tarball"
}

# The Unicorn of cmake/setup.sh, else the system's.
unicorn=${FWSIM_UNICORN_ROOT:-build/deps/unicorn}
profiles=${DEB_BUILD_PROFILES:-}
if [ -d "$unicorn/usr/share/doc/libunicorn-dev" ]; then
    FWSIM_UNICORN_ROOT=$(cd "$unicorn" && pwd)
    profiles="$profiles pkg.fwsim.unicorn"
else
    FWSIM_UNICORN_ROOT=
fi
export FWSIM_UNICORN_ROOT DEB_BUILD_PROFILES="${profiles# }"

build_packages() (
    cd "$work/$name"
    dpkg-buildpackage -b --no-sign
)

say tarball "$name.tar.xz"
run "making the tarball" package-tarball make_tarball
tar -C "$work" -xf "$tarball"

say build "packages of version $version"
run "the build of the packages" package-build build_packages
mv "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo "$out"

say lintian "$(find "$out" -name '*.deb' | wc -l) packages"
run "lintian" package-lintian \
    lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$out"/*.changes

say sbom "$name.cdx.json"
run "making the SBOM" package-sbom sh cmake/sbom.sh "$out" "$out/$name.cdx.json"

rm -rf "$work"
(cd "$out" && sha256sum ./*.deb ./*.tar.xz ./*.json >SHA256SUMS)
(cd "$out" && du -k ./*.deb ./*.tar.xz ./*.json) | sort -k 2 |
    awk '{ sub(/^\.\//, "", $2); printf "%8d KB  %s\n", $1, $2 }'
