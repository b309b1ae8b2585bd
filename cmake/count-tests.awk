# SPDX-License-Identifier: GPL-2.0-or-later
#
# Counts test cases: LastTest.log of ctest first, then what ctest printed.
# Prints "passed failed skipped".
# A cmocka program counts as many as it has cases, any other test as one. What
# goes wrong outside of a case (a crash, a leak at the exit) is one failure.

function finish_case() {
    if (open)
        bad++
    open = 0
}

/^[0-9]+\/[0-9]+ Testing: / {
    name = $3
    good = bad = left = seen = open = 0
}

/\[ RUN      \] / { finish_case(); open = 1; seen = 1 }
/\[       OK \] / { if (open) good++; open = 0 }
/\[  SKIPPED \] / { if (open) left++; open = 0 }
/\[  (FAILED  |ERROR   )\] / { finish_case() }

/^Test (Passed|Failed)/ && name != "" {
    finish_case()
    if (/Failed/) {
        if (!bad)
            bad++
    } else if (!seen) {
        good++
        whole[name] = 1
    }
    passed += good
    failed += bad
    skipped += left
    name = ""
}

# The log calls a program that exited with 77 passed.
/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: .*\*\*\*Skipped/ {
    sub(/^.*#[0-9]+: /, "")
    if ($1 in whole) {
        passed--
        skipped++
    }
}

END { print passed + 0, failed + 0, skipped + 0 }
