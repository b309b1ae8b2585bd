#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Run by cmake/test-package.sh as root in a fresh chroot that has the packages
# in /debs and this folder in /outside: installs, uses, removes.
set -eu
export LC_ALL=C

files() {
    find / -xdev \( -path /tmp -o -path /proc -o -path /sys -o -path /dev -o \
        -path /var/log -o -path /var/cache -o -path /root -o \
        -path '/var/lib/dpkg/*-old' \) -prune -o -print | sort
}

files >/tmp/before
dpkg -i /debs/*.deb
command -v fwsim

echo '--- find_package'
for static in OFF ON; do
    cmake -S /outside -B /tmp/cmake-$static -DSTATIC=$static
    cmake --build /tmp/cmake-$static
    ctest --test-dir /tmp/cmake-$static --no-tests=error --output-on-failure
done
ldd /tmp/cmake-OFF/test_installed | grep libfwsim.so.0
if ldd /tmp/cmake-ON/test_installed | grep libfwsim; then exit 1; fi

echo '--- pkg-config'
# shellcheck disable=SC2046
cc -Wall -Wextra -Werror -o /tmp/shared /outside/test_installed.c \
    $(pkg-config --cflags --libs fwsim cmocka)
/tmp/shared
# shellcheck disable=SC2046
cc -Wall -Wextra -Werror -o /tmp/static /outside/test_installed.c \
    -Wl,-Bstatic $(pkg-config --cflags --libs fwsim) -Wl,-Bdynamic \
    $(pkg-config --static --libs fwsim) $(pkg-config --libs cmocka)
/tmp/static

echo '--- the command line program'
[ "$(fwsim --version)" = "fwsim $(pkg-config --modversion fwsim)" ]
printf '\000\040\000\040\011\000\000\000\006\040\007\041\110\103\376\347' >/tmp/guest.bin
fwsim run -b bbc_microbit --limit 10 --json /tmp/guest.bin >/tmp/run.json
grep '"instructions": *10' /tmp/run.json

echo '--- removal'
# shellcheck disable=SC2046
dpkg --purge $(for deb in /debs/*.deb; do dpkg-deb --field "$deb" Package; done)
files >/tmp/after
diff /tmp/before /tmp/after
echo 'nothing is left'
