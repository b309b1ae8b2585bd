# SPDX-License-Identifier: GPL-2.0-or-later
#
# The document of "fwsim run --json" as a result of a test, as JSON lines have it.
def place: if . == null then "" elif .file then " (\(.file):\(.line))" else "" end;

.stop.pc as $pc
| { status: (if .exit_code == 0 then "passed"
             elif .exit_code | IN(1, 5, 8) then "failed" else "error" end),
    suite: "fwsim run", name: (.images[0] | split("/") | last),
    message: .message,
    output: ((.consoles | map("\(.name):\n\(.text)") | join("\n")) +
             if (.backtrace // []) == [] then "" else
                 "\nbacktrace:\n" + (.backtrace | to_entries |
                     map("  #\(.key) \(.value.address) \(.value.function // "?")\(.value | place)") |
                     join("\n")) end) }
  + if .exit_code != 0 and $pc.file then { file: $pc.file, line: $pc.line } else {} end
  + if .exit_code == 0 then { message: null } else {} end
| del(.message | nulls)
