# SPDX-License-Identifier: GPL-2.0-or-later
#
# Is this a CycloneDX 1.5 document that says what ours has to say? True, or an
# error that names what is wrong. Used as jq -e -f sbom-check.jq FILE.

def check(condition; text): if condition then . else error(text) end;

def component:
    check(.type | IN("application", "framework", "library", "container", "file");
          "component \(.name): type \(.type)")
    | check(.name | type == "string" and . != ""; "a component has no name")
    | check(.version | type == "string" and . != ""; "\(.name) has no version")
    | check(.purl == null or (.purl | test("^pkg:deb/[a-z]+/[^@?]+@[^?]+([?].*)?$"));
            "\(.name): purl \(.purl)")
    | check(.licenses[0].expression // "" | test("^[A-Za-z0-9.-]+( (OR|AND) [A-Za-z0-9.-]+)*$");
            "\(.name): licence")
    | check((.hashes // []) | all(.alg == "SHA-256" and (.content | test("^[0-9a-f]{64}$")));
            "\(.name): hash");

[.components[]["bom-ref"], .metadata.component["bom-ref"],
 .metadata.component.components[]["bom-ref"]] as $refs
| check(.bomFormat == "CycloneDX" and .specVersion == "1.5" and .version == 1; "format")
| check(.serialNumber | test("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
        "serial number \(.serialNumber)")
| check(.metadata.timestamp | fromdateiso8601 > 0; "time stamp")
| check($refs | length == (unique | length); "a bom-ref occurs twice")
| (.metadata.component, .metadata.component.components[], .components[]) |= component
| check([.dependencies[] | .ref, (.dependsOn // [])[]] | all(IN($refs[]));
        "a dependency that is no component")
| check(.metadata.component.components | length >= 4; "packages are missing")
| check(.components | any(.name == "libunicorn-dev" and
                          .licenses[0].expression == "GPL-2.0-only");
        "Unicorn and its licence are missing")
| check(.components | any(.name == "libc6"); "no libraries")
| true
