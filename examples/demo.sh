#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `make demo`: MicroPython on a simulated micro:bit. On a terminal it is yours
# to type in; otherwise a short script is typed.
set -eu
cd "$(dirname "$0")/.."

sh cmake/build.sh default example_microbit_demo

image=/usr/share/firmware-microbit-micropython/firmware.hex
[ -e $image ] || image=build/deps/firmware$image # from cmake/setup.sh
exec build/default/examples/microbit_demo "$@" "$image"
