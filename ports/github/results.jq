# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the folder of results says, as one object:
#
#   jq -n -f results.jq --rawfile problems FILE --arg workspace FOLDER \
#      --slurpfile tests FILE.jsonl --slurpfile sarif FILE
#
#   { tests: [{status, suite, name, file, line, message, output}],
#     findings: [{rule, message, file, line, frames: [text]}],
#     problems: [{file, line, message}] }

# A name as the annotations want it: below the workspace.
def relative:
    if . == null then null
    elif $workspace != "" and startswith($workspace + "/") then .[($workspace | length) + 1:]
    else ltrimstr("file://") end;

def physical: .physicalLocation | { file: .artifactLocation.uri, line: .region.startLine };

def frame:
    .location | physical as $p
    | (.message.text // .logicalLocations[0].fullyQualifiedName //
       .logicalLocations[0].name // "?")
      + if $p.file then " (\($p.file):\($p.line // "?"))" else "" end;

{ tests: [$tests[] | select(.status) | .file |= relative],
  findings: [$sarif[].runs[]?.results[]? |
      ((.locations // [])[0] // {} | physical) as $p |
      { rule: (.ruleId // "finding"), message: .message.text,
        file: ($p.file | relative), line: $p.line,
        frames: [(.stacks // [])[0].frames[]? | frame] }],
  problems: ($problems | split("\n") | map(select(. != "") | ltrimstr("fwsim: ") |
      (capture("^(?<file>[^:]+\\.ya?ml):(?<line>[0-9]+):[0-9]+: (?<message>.*)$")
       // { message: . }))) }
