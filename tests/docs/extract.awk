# SPDX-License-Identifier: GPL-2.0-or-later
#
# The C program of a document: every block of C right behind a line
# <!-- test: NAME -->, in order.
#
#   awk -v name=NAME -v file=README.md -f extract.awk README.md

$0 == "<!-- test: " name " -->" {
    marked = 1
    next
}

marked && /^```c$/ {
    marked = 0
    inside = 1
    found = 1
    # What the compiler and cmocka say names the document and its line.
    printf "#line %d \"%s\"\n", NR + 1, file
    next
}

marked && NF { marked = 0 }

inside && /^```$/ { inside = 0 }

inside

END {
    if (!found) {
        print file ": no C block behind <!-- test: " name " -->" > "/dev/stderr"
        exit 1
    }
}
