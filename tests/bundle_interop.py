#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Bundles against another implementation: CBOR by cbor2, ECDSA by openssl.

  bundle_interop.py FWSIM check PAGE   ctest unit.bundle_interop
  bundle_interop.py FWSIM vectors      prints new vectors for PAGE

What fwsim signs is taken apart and verified here; what is made here, from
docs/model-bundle.md alone, is accepted by fwsim. PAGE is that page: its vectors
are verified, too.
"""
import hashlib
import os
import re
import subprocess
import sys
import tempfile

try:
    import cbor2
except ImportError:
    print("SKIPPED: python3-cbor2 is not here (make setup)")
    sys.exit(77)
if subprocess.call(["sh", "-c", "command -v openssl >/dev/null"]):
    print("SKIPPED: openssl is not here (make setup)")
    sys.exit(77)

FWSIM = os.path.abspath(sys.argv[1])
NOW = 1800000000
ALG, CONTENT_TYPE, KID, COUNTERSIGNATURE = 1, 3, 4, 11
MODELS = """fwsim-models: 1
soc: TEST1
peripherals:
  - base: 0x40000000
    size: 0x100
    registers:
      - offset: 0x00
        role: status
        fields:
          - { bits: 7, kind: ready-set }
"""


def run(*args, data=None):
    return subprocess.run(args, input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def fwsim(*args):
    run(FWSIM, *args)


def refused(*args):
    done = subprocess.run([FWSIM, *args], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE)
    assert done.returncode == 2 or done.returncode == 3, done
    return done.stderr.decode()


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def dumps(item):
    return cbor2.dumps(item, canonical=True)


# ---------------------------------------------------------------- ECDSA

def spki(pub):
    return run("openssl", "pkey", "-pubin", "-in", pub, "-outform", "DER")


def der_integer(data):
    data = data.lstrip(b"\0") or b"\0"
    if data[0] & 0x80:
        data = b"\0" + data
    return b"\x02" + bytes([len(data)]) + data


def verifies(pub, message, signature):
    assert len(signature) == 64
    body = der_integer(signature[:32]) + der_integer(signature[32:])
    write("sig.der", b"\x30" + bytes([len(body)]) + body)
    return subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", pub, "-signature", "sig.der"],
        input=message, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL).returncode == 0


def sign(key, message):
    der = run("openssl", "dgst", "-sha256", "-sign", key, data=message)
    out, at = b"", 2
    for _ in range(2):
        assert der[at] == 2
        n = der[at + 1]
        out += der[at + 2:at + 2 + n].lstrip(b"\0").rjust(32, b"\0")
        at += 2 + n
    return out


# ----------------------------------------------------------------- COSE

def sig_structure(protected, payload):  # RFC 9052, 4.4
    return dumps(["Signature1", protected, b"", payload])


def countersign_structure(protected, header, payload, signature):
    return dumps(["CounterSignatureV2", protected, header, b"", payload,
                  [signature]])  # RFC 9338, 3.3


def make(content_type, payload, key, pub, *more):
    protected = dumps({ALG: -7, CONTENT_TYPE: content_type,
                       KID: hashlib.sha256(spki(pub)).digest()})
    signature = sign(key, sig_structure(protected, payload))
    unprotected, others = {}, []
    for other_key, other_pub in more:
        header = dumps({ALG: -7, KID: hashlib.sha256(spki(other_pub)).digest()})
        others.append([header, {}, sign(other_key, countersign_structure(
            protected, header, payload, signature))])
    if others:
        unprotected[COUNTERSIGNATURE] = others if len(others) > 1 else others[0]
    return dumps(cbor2.CBORTag(18, [protected, unprotected, payload, signature]))


def take(data, content_type, *pubs):
    """Verify an envelope with all its signatures; returns the payload."""
    tagged = cbor2.loads(data)
    assert dumps(tagged) == data, "not deterministic"
    assert tagged.tag == 18
    protected, unprotected, payload, signature = tagged.value
    header = cbor2.loads(protected)
    assert dumps(header) == protected
    assert header == {ALG: -7, CONTENT_TYPE: content_type,
                      KID: hashlib.sha256(spki(pubs[0])).digest()}
    assert verifies(pubs[0], sig_structure(protected, payload), signature)
    others = unprotected.get(COUNTERSIGNATURE, [])
    if others and isinstance(others[0], bytes):
        others = [others]
    assert set(unprotected) <= {COUNTERSIGNATURE}
    assert len(others) == len(pubs) - 1
    for (head, empty, counter), pub in zip(others, pubs[1:]):
        assert empty == {}
        assert cbor2.loads(head) == {ALG: -7, KID: hashlib.sha256(
            spki(pub)).digest()}
        message = countersign_structure(protected, head, payload, signature)
        assert verifies(pub, message, counter)
        assert not verifies(pub, message + b"x", counter)
    item = cbor2.loads(payload)
    assert dumps(item) == payload, "not deterministic"
    return item


BUNDLE = "application/vnd.fwsim.bundle+cbor"
ROOT = "application/vnd.fwsim.root+cbor"
INDEX = "application/vnd.fwsim.index+cbor"


def some_payload(**changes):
    return {"schema": 1, "name": "test1", "version": 3, "created": NOW - 86400,
            "expires": NOW + 86400, "for": {"soc": "TEST1", "vendor": "ACME"},
            "parts": [{"kind": "models", "licence": "CC0-1.0",
                       "provenance": "written by hand",
                       "data": MODELS}], **changes}


def verify_bundle(path, *keys, threshold=1):
    return ["bundle", "verify", "--seen", "", "--time", str(NOW),
            "--threshold", str(threshold)] + \
        [arg for key in keys for arg in ("--trust-key", key)] + [path]


def keygen(name):
    fwsim("bundle", "keygen", name)


# ---------------------------------------------------------------- checks

def ours_is_taken():
    write("models.yaml", MODELS.encode())
    fwsim("bundle", "build", "-o", "x.fwb", "--name", "test1", "--version", "3",
          "-k", "a.key", "--time", str(NOW - 86400), "--days", "2", "--soc",
          "TEST1", "--vendor", "ACME", "--licence", "CC0-1.0", "--provenance",
          "written by hand", "--part", "models=models.yaml")
    assert take(read("x.fwb"), BUNDLE, "a.pem") == some_payload()
    fwsim("bundle", "sign", "-k", "b.key", "x.fwb")
    take(read("x.fwb"), BUNDLE, "a.pem", "b.pem")
    fwsim("bundle", "sign", "-k", "c.key", "x.fwb")
    assert take(read("x.fwb"), BUNDLE, "a.pem", "b.pem",
                "c.pem") == some_payload()


def theirs_is_taken():
    payload = dumps(some_payload())
    keys = [("b.key", "b.pem"), ("c.key", "c.pem")]
    for n in range(3):
        write("y.fwb", make(BUNDLE, payload, "a.key", "a.pem", *keys[:n]))
        fwsim(*verify_bundle("y.fwb", "a.pem", "b.pem", "c.pem",
                             threshold=n + 1))
        if n < 2:
            refused(*verify_bundle("y.fwb", "a.pem", "b.pem", "c.pem",
                                   threshold=n + 2))
    # A countersignature of something else
    tagged = cbor2.loads(read("y.fwb"))
    tagged.value[1][COUNTERSIGNATURE][0][2] = sign("b.key", b"x")
    write("y.fwb", dumps(tagged))
    assert "is wrong" in refused(*verify_bundle("y.fwb", "a.pem", "b.pem",
                                                "c.pem"))
    # Unknown keys of the payload are passed over, unless they are critical.
    write("y.fwb", make(BUNDLE, dumps(some_payload(extra={"a": [1, b"2"]})),
                        "a.key", "a.pem"))
    fwsim(*verify_bundle("y.fwb", "a.pem"))
    write("y.fwb", make(BUNDLE, dumps(some_payload(extra=1,
                                                   critical=["extra"])),
                        "a.key", "a.pem"))
    assert "extra" in refused(*verify_bundle("y.fwb", "a.pem"))
    # Not deterministic: a map in another order
    write("y.fwb", make(BUNDLE, cbor2.dumps(some_payload()), "a.key", "a.pem"))
    assert "ascending" in refused(*verify_bundle("y.fwb", "a.pem"))


def roots_are_taken():
    os.mkdir("store")
    keys = [spki(name + ".pem") for name in "abc"]
    root = {"schema": 1, "name": "acme", "version": 1, "created": NOW - 1,
            "expires": NOW + 1, "keys": keys, "revoked": [],
            "roles": {"root": {"keys": [0, 1], "threshold": 2},
                      "index": {"keys": [1], "threshold": 1},
                      "bundle": {"keys": [2], "threshold": 1}}}
    verify = ["bundle", "verify", "--seen", "", "--time", str(NOW), "--trust",
              "store", "z.fwb"]
    write("z.fwb", make(BUNDLE, dumps(some_payload()), "c.key", "c.pem"))
    write("store/root.fwb", make(ROOT, dumps(root), "a.key", "a.pem"))
    assert "1 of 2" in refused(*verify)
    write("store/root.fwb", make(ROOT, dumps(root), "a.key", "a.pem",
                                 ("b.key", "b.pem")))
    fwsim(*verify)
    write("store/root.fwb", make(ROOT, dumps({**root, "revoked": [2]}), "a.key",
                                 "a.pem", ("b.key", "b.pem")))
    refused(*verify)
    # Ours, taken by them
    fwsim("repo", "root", "-o", "root.fwb", "--name", "acme", "--version", "1",
          "-k", "a.key", "--time", str(NOW), "--root-key", "a.pem",
          "--index-key", "b.pem", "--bundle-key", "c.pem")
    ours = take(read("root.fwb"), ROOT, "a.pem")
    assert [ours["keys"][ours["roles"][role]["keys"][0]]
            for role in ("root", "index", "bundle")] == keys


def an_index_is_taken():
    fwsim("repo", "init", "--name", "acme", "-k", "a.key", "--time", str(NOW),
          "--trust-key", "a.pem", "--seen", "", "repo")
    write("a1.fwb", make(BUNDLE, dumps(some_payload(name="a1")), "a.key",
                         "a.pem"))
    fwsim("repo", "publish", "--name", "acme", "-k", "a.key", "--time",
          str(NOW), "--trust-key", "a.pem", "--seen", "", "repo", "x1.fwb",
          "a1.fwb")
    index = take(read("repo/index.fwb"), INDEX, "a.pem")
    assert index["version"] == 2 and index["name"] == "acme"
    assert [row["name"] for row in index["bundles"]] == ["a1", "test1"]
    for row in index["bundles"]:
        data = read("repo/bundles/%s.fwb" % row["sha256"].hex())
        assert hashlib.sha256(data).digest() == row["sha256"]
        assert len(data) == row["size"]


def vectors_of(page):
    text = read(page).decode()
    found = re.findall(r"<!-- vector ([a-z0-9-]+) -->\n+```\n([^`]*)```", text)
    return {name: body for name, body in found}


def vectors_are_right(page):
    found = vectors_of(page)
    write("vector.pem", found["public-key"].encode())
    data = bytes.fromhex(found["bundle"])
    write("vector.fwb", data)
    take(data, BUNDLE, "vector.pem")
    fwsim(*verify_bundle("vector.fwb", "vector.pem"))
    tagged = cbor2.loads(data)
    assert sig_structure(tagged.value[0], tagged.value[2]).hex() == \
        "".join(found["sig-structure"].split())
    assert hashlib.sha256(spki("vector.pem")).hexdigest() == \
        found["key-id"].strip()


def lines(data):
    text = data.hex()
    return "\n".join(text[i:i + 76] for i in range(0, len(text), 76))


def print_vectors():
    models = "fwsim-models: 1\nsoc: TEST1\nperipherals: []\n"
    payload = dumps({"schema": 1, "name": "tiny", "version": 1,
                     "created": NOW - 86400, "expires": NOW + 86400, "for": {},
                     "parts": [{"kind": "models", "licence": "CC0-1.0",
                                "provenance": "vector", "data": models}]})
    data = make(BUNDLE, payload, "a.key", "a.pem")
    protected = cbor2.loads(data).value[0]
    for name, body in (("public-key", read("a.pem").decode().strip()),
                       ("key-id", hashlib.sha256(spki("a.pem")).hexdigest()),
                       ("sig-structure", lines(sig_structure(protected,
                                                             payload))),
                       ("bundle", lines(data))):
        print("<!-- vector %s -->\n\n```\n%s\n```\n" % (name, body))


def main():
    page = os.path.abspath(sys.argv[3]) if len(sys.argv) > 3 else None
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name in "abc":
            keygen(name)
        if sys.argv[2] == "vectors":
            return print_vectors()
        ours_is_taken()
        write("x1.fwb", make(BUNDLE, dumps(some_payload()), "a.key", "a.pem"))
        theirs_is_taken()
        roots_are_taken()
        an_index_is_taken()
        vectors_are_right(page)
        os.chdir("/")
    return 0


sys.exit(main())
