#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold YAML files against a JSON schema: validate.py SCHEMA FILE...

Prints "ok FILE" or "bad FILE: why" for each. Exits with 77 when Debian's
python3-jsonschema or python3-yaml is not there.
"""
import json
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print("SKIPPED:", missing, "(Debian: python3-jsonschema, python3-yaml)")
    sys.exit(77)

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        errors = list(validator.iter_errors(yaml.safe_load(file)))
    if errors:
        where = "/".join(str(part) for part in errors[0].absolute_path)
        print(f"bad {path}: {where}: {errors[0].message[:200]}")
    else:
        print(f"ok {path}")
