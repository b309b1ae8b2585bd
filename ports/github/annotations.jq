# SPDX-License-Identifier: GPL-2.0-or-later
#
# Workflow commands for what results.jq gives: an error at file and line each.

def data: gsub("%"; "%25") | gsub("\r"; "%0D") | gsub("\n"; "%0A");
def property: tostring | data | gsub(":"; "%3A") | gsub(","; "%2C");

def annotation($title; $text):
    [ if .file then "file=\(.file | property)" else empty end,
      if .file and .line then "line=\(.line)" else empty end,
      "title=\($title | property)" ]
    | "::error \(join(","))::\($text | data)";

(.problems[] | annotation("fwsim"; .message)),
(.tests[] | select(.status | IN("failed", "error"))
 | annotation([.suite, .name] | map(select(.)) | join(" / "); .message // "failed")),
(.findings[] | annotation("fuzzer: \(.rule)"; .message // .rule))
