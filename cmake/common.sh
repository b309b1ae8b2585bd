# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For the scripts beside this one: short output on the terminal, the whole log
# in a file, and a remedy with each failure. Sourced from the top of the tree.

logs=build/log

say() { # say WHAT TEXT
    printf '%-10s %s\n' "$1" "$2"
}

die() { # die TEXT REMEDY...
    printf '\nfwsim: %s\n' "$1" >&2
    shift
    for line in "$@"; do
        printf '%s\n' "${line:+  $line}" >&2
    done
    exit 1
}

free_mb() { # free_mb FOLDER
    df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print int($4 / 1024) }'
}

disk_full() { # disk_full FOLDER TEXT
    die "the disk is full: $2" \
        "Free some space on the file system of $1 ($(free_mb "$1") MB are free)" \
        "and run the same command again."
}

# mirrors RELEASE: where this machine's apt has the archive of its own release.
mirrors() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(SITE)' \
        'Created-By: Packages' 2>/dev/null |
        awk -v release="$1" '
            ($1 == release || $1 == "stable" || $1 == "oldstable") &&
            $2 == "main" && !seen[$3]++ { print $3 }'
}

begin() { # makes build/ and build/log
    if ! mkdir -p $logs 2>/dev/null || ! touch $logs/.write 2>/dev/null; then
        [ "$(free_mb .)" != 0 ] || disk_full . "build/ cannot be made"
        die "cannot write to build/ in $(pwd)" \
            "Make the folder writable for $(id -un), or copy the tree elsewhere."
    fi
    rm -f $logs/.write
}

# run WHAT LOG COMMAND...: the command with its output in build/log/LOG.log;
# when it fails the end of the log, what it means, and the end of the script.
run() {
    what=$1
    log=$logs/$2.log
    shift 2
    touch "$log" 2>/dev/null || disk_full build "cannot write $log"
    if "$@" >"$log" 2>&1; then
        return 0
    fi
    if grep -q 'No space left on device' "$log" || [ "$(free_mb build)" -lt 2 ]; then
        disk_full build "$what failed"
    fi
    {
        printf '\n--- the end of %s:\n' "$log"
        tail -n 40 "$log"
    } >&2
    die "$what failed" "The whole output is in $log"
}
