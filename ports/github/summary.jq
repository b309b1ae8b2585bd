# SPDX-License-Identifier: GPL-2.0-or-later
#
# The job summary, as Markdown, of what results.jq gives. Whatever comes from
# outside is text in HTML: it changes no table and no page.

def cell: tostring | @html | gsub("[\r\n]+"; " ") | gsub("\\|"; "&#124;");
def code: "<code>\(cell)</code>";
def place: if .file then "\(.file)\(if .line then ":\(.line)" else "" end)" else "" end;
def bad: .status | IN("failed", "error");
# The end of a long text says more than its beginning.
def tail: if length > 4000 then "[...]\n" + .[-4000:] else . end;
# No empty line: it would end the HTML.
def pre: "<pre>\(tail | rtrimstr("\n") | @html | gsub("\n[ \t\r]*(?=\n)"; "\n&nbsp;"))</pre>";
def first_line: split("\n")[0];
def plural($n; $word): "\($n) \($word)\(if $n == 1 then "" else "s" end)";

def test_row:
    { passed: "✅", failed: "❌", error: "💥", skipped: "⏭️" }[.status] as $mark
    | "| \($mark) \(.status | cell) | \(.suite // "" | cell) | \(.name // "" | cell) | " +
      "\(if .file and bad then place | code else "" end) |";

def failure:
    "<details open><summary>\(if .status == "error" then "💥" else "❌" end) " +
    "<b>\([.suite, .name] | map(select(.)) | join(" / ") | cell)</b>" +
    "\(if .file then " at " + (place | code) else "" end)</summary>\n" +
    "\(.message // "no message" | pre)\n" +
    "\(if (.output // "") == "" then "" else "what it wrote:\n\(.output | pre)\n" end)" +
    "</details>\n";

def finding:
    "<details open><summary>🐞 <b>\(.rule | cell)</b>\(if .file then " at " + (place | code) else "" end)" +
    "</summary>\n\(.message // "no message" | pre)\n" +
    "\(if .frames == [] then "" else "backtrace:\n\(.frames | to_entries | map("#\(.key) \(.value)") | join("\n") | pre)\n" end)" +
    "</details>\n";

def up_to($n; f; $what):
    (.[:$n] | map(f)),
    if length > $n then "\n\(length - $n) more \($what) are in the files of the artifact.\n" else empty end;

(.tests | map(select(bad))) as $bad
| (.tests | map(select(.status == "passed")) | length) as $passed
| (.tests | map(select(.status == "skipped")) | length) as $skipped
| [ "## \(if $bad == [] and .findings == [] and .problems == [] then "✅" else "❌" end) fwsim: " +
    ([ if .tests == [] then empty else
           "\($passed) passed, \($bad | length) failed, \($skipped) skipped" end,
       if .findings == [] then empty else plural(.findings | length; "finding") end,
       if .problems == [] then empty else plural(.problems | length; "problem") end ]
     | if . == [] then "nothing was run" else join("; ") end) + "\n",
    if .problems == [] then empty else
        "### Could not be run\n", (.problems | map("- \(if .file then (place | code) + ": " else "" end)\(.message | cell)")), "" end,
    if $bad == [] then empty else
        "### Failures\n", ($bad | up_to(50; failure; "failures")) end,
    if .findings == [] then empty else
        "### Findings of the fuzzer\n", (.findings | up_to(50; finding; "findings")) end,
    if .tests == [] then empty else
        "### Tests\n", "| | suite | test | where |", "|---|---|---|---|",
        (.tests | up_to(300; test_row; "tests")), "" end ]
| flatten | join("\n")
