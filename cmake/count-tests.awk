# SPDX-License-Identifier: GPL-2.0-or-later
#
# Counts test cases in ctest's LastTest.log: prints "passed failed skipped".
# A cmocka program counts as many as it has cases, any other test as one. What
# goes wrong outside of a case (a crash, a leak at the exit) is one failure.

function finish_case() {
    if (open)
        bad++
    open = 0
}

/^[0-9]+\/[0-9]+ Testing: / {
    good = bad = left = seen = open = 0
}

/\[ RUN      \] / { finish_case(); open = 1; seen = 1 }
/\[       OK \] / { if (open) good++; open = 0 }
/\[  SKIPPED \] / { if (open) left++; open = 0 }
/\[  (FAILED  |ERROR   )\] / { finish_case() }

/^Test (Passed|Failed|Skipped|Not Run|timed out)/ ||
/^(Test |\*\*\*)/ && !/^Test time/ {
    finish_case()
    if (/Passed/) {
        if (!seen)
            good++
    } else if (/Skipped/) {
        if (!seen)
            left++
    } else if (!bad) {
        bad++
    }
    passed += good
    failed += bad
    skipped += left
    good = bad = left = seen = 0
}

END { print passed + 0, failed + 0, skipped + 0 }
