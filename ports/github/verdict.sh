#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fails when something did that FWSIM_FAIL_ON names: "tests", "findings", or
# "nothing". What could not be run fails always: nobody knows what it hides.
set -eu

status=0
tests=
findings=
for word in ${FWSIM_FAIL_ON:-tests findings}; do
    case $word in
    test | tests) tests=yes ;;
    finding | findings) findings=yes ;;
    nothing) ;;
    *)
        echo "::error title=fwsim::fail-on: \"$word\" is none of tests, findings, nothing"
        status=1
        ;;
    esac
done
fails() { # fails COUNT TEXT
    [ "${1:-0}" -eq 0 ] || { echo "fwsim: $1 $2"; status=1; }
}
fails "${FWSIM_PROBLEMS:-0}" "could not be run"
[ -z "$tests" ] || fails "${FWSIM_FAILED:-0}" "failed"
[ -z "$findings" ] || fails "${FWSIM_FINDINGS:-0}" "findings of the fuzzer"
[ $status -ne 0 ] || echo "fwsim: passed"
exit $status
