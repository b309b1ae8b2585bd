#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# docs/threat-model.md and the tests that it names:
#
#   threats.sh check   does each attack have a test, does each test exist, and
#                      is each test of bundles over the network named?
set -eu
cd "$(dirname "$0")/.."
page=docs/threat-model.md
failed=0

complain()
{
    echo "$page: $*" >&2
    failed=1
}

# Attacks: rows of the tables, without their heads.
rows()
{
    grep '^|' "$page" | grep -v '^| attack |\|^| --- |'
}

# Names in backquotes of the last column.
named()
{
    sed 's/ |$//; s/.* | //' | grep -o '`[a-z0-9_]*`' | tr -d '`'
}

[ "$(rows | wc -l)" -gt 40 ] || complain "there are few attacks: is it read?"
untested=$(rows | while read -r row; do
    [ -n "$(printf '%s\n' "$row" | named)" ] || printf '%s\n' "$row"
done)
[ -z "$untested" ] || complain "no test: $untested"

for name in $(rows | named | sort -u); do
    # Registered, by cmocka_unit_test or a macro of the file's own.
    grep -q "[A-Za-z_](\($name\)[,)]" tests/test_*.c ||
        complain "no test is called $name"
done
for name in $(grep -o '`fuzz_[a-z_]*`' "$page" | tr -d '`'); do
    [ -f "tests/fuzz/$name.c" ] || complain "there is no tests/fuzz/$name.c"
done
for name in $(grep -o 'cmocka_unit_test([a-z0-9_]*' tests/test_bundle_fetch.c |
              sed 's/.*(//'); do
    case $name in
    a_server_of_the_ca_is_believed | bodies_come_in_all_their_forms | \
    the_commands_add_sync_list_and_remove | \
    what_may_pass_is_tried_again | nobody_there_is_an_error_that_names_it)
        ;; # what works, and what nobody attacks
    *)
        rows | named | grep -qx "$name" ||
            complain "$name of tests/test_bundle_fetch.c is of no attack" ;;
    esac
done
exit $failed
