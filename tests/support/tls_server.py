#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""HTTPS servers that misbehave, for tests/test_bundle_fetch.c.

  tls_server.py PORTS NAME:CERT:KEY[:VERSION]... [proxy] [plain]

Each NAME listens on a port of localhost; "NAME PORT" lines go to the file
PORTS when all do. VERSION (TLSv1, TLSv1_1) is the only one that is spoken.
`proxy` is an HTTP proxy that knows CONNECT, `plain` speaks no TLS. What a server does, the path says.
"""
import os
import socket
import ssl
import struct
import sys
import threading
import time
import warnings

warnings.simplefilter("ignore", DeprecationWarning)

BIG = bytes(i * 7 % 251 for i in range(200000))
seen = {}  # requests by path
lock = threading.Lock()


def reply(s, status, body=b"", *fields):
    head = ["HTTP/1.1 %s" % status, "Content-Length: %d" % len(body), *fields]
    s.sendall("\r\n".join(head + ["", ""]).encode() + body)


def reset(s):
    """Close with RST, not FIN."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def endless(s, head, piece):
    s.sendall(head)
    while True:
        s.sendall(piece * 1000)


def resume(s, path, fields, count):
    first = int(fields["range"][6:-1]) if "range" in fields else None
    if count == 1:
        s.sendall(b"HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: %d\r\n"
                  b"\r\n" % len(BIG) + BIG[:150000])
        time.sleep(0.2)  # let it be read before it is reset
        return reset(s)
    if path == "/resume/changed" or first is None or \
            fields.get("if-range") != '"one"':
        return reply(s, "200 OK", b"another one", 'ETag: "two"')
    if path == "/resume/wrong":
        first -= 1
    reply(s, "206 Partial Content", BIG[first:], 'ETag: "one"',
          "Content-Range: bytes %d-%d/%d" % (first, len(BIG) - 1, len(BIG)))


def answer(s, path, fields, text, ports):
    with lock:
        count = seen[path] = seen.get(path, 0) + 1
    if path == "/good":
        reply(s, "200 OK", b"hello")
    elif path == "/count/503":
        reply(s, "200 OK", b"%d" % seen.get("/status/503", 0))
    elif path == "/chunked":
        s.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
    elif path == "/close":
        s.sendall(b"HTTP/1.1 200 OK\r\n\r\nhello")
        s.unwrap()
    elif path == "/close/dirty":  # no close_notify
        s.sendall(b"HTTP/1.1 200 OK\r\n\r\nhello")
    elif path == "/cut/length":
        s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
        s.unwrap()
    elif path == "/cut/chunk":
        s.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  b"5\r\nhello\r\n")
        s.unwrap()
    elif path == "/cut/head":
        s.sendall(b"HTTP/1.1 200 OK\r\nContent-")
    elif path == "/silent":
        time.sleep(20)
    elif path == "/slow":
        s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
        while True:
            s.sendall(b".")
            time.sleep(0.05)
    elif path == "/endless/body":
        endless(s, b"HTTP/1.1 200 OK\r\n\r\n", b"x")
    elif path == "/endless/length":
        endless(s, b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                b"x")
    elif path == "/endless/chunks":
        endless(s, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"1\r\nx\r\n")
    elif path == "/endless/head":
        endless(s, b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")
    elif path == "/endless/trailers":
        endless(s, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                b"0\r\n", b"X: y\r\n")
    elif path == "/endless/interim":
        endless(s, b"", b"HTTP/1.1 103 Early Hints\r\n\r\n")
    elif path == "/interim":
        s.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                  b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    elif path == "/garbage":
        s.sendall(bytes(range(256)) * 4 + b"\r\n\r\n")
    elif path == "/smuggled":
        s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
                  b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
    elif path == "/redirect/inside":
        reply(s, "302 Found", b"", "Location: /good")
    elif path == "/redirect/absolute":
        reply(s, "308 Permanent Redirect", b"",
              "Location: https://localhost:%d/good" % ports["good"])
    elif path == "/redirect/host":
        reply(s, "302 Found", b"", "Location: https://other.example/good")
    elif path == "/redirect/port":
        reply(s, "302 Found", b"",
              "Location: https://localhost:%d/good" % ports["other_port"])
    elif path == "/redirect/http":
        reply(s, "302 Found", b"", "Location: http://localhost/good")
    elif path == "/redirect/nowhere":
        reply(s, "302 Found", b"")
    elif path == "/redirect/loop":
        reply(s, "302 Found", b"", "Location: /redirect/loop")
    elif path.startswith("/status/"):
        reply(s, path[8:] + " Status", b"secret words of the server")
    elif path == "/once/503":
        if count == 1:
            reply(s, "503 Down")
        else:
            reply(s, "200 OK", b"up again")
    elif path == "/once/429":
        if count == 1:
            reply(s, "429 Many", b"", "Retry-After: 1")
        else:
            reply(s, "200 OK", b"up again")
    elif path == "/once/late":
        reply(s, "503 Down", b"", "Retry-After: 3000")
    elif path == "/once/reset":
        if count == 1:
            reset(s)
        else:
            reply(s, "200 OK", b"up again")
    elif path.startswith("/resume/"):
        resume(s, path, fields, count)
    elif path == "/part":
        reply(s, "206 Partial Content", b"llo", "Content-Range: bytes 2-4/5")
    elif path == "/unmodified":
        reply(s, "304 Not Modified")
    elif path == "/echo":
        reply(s, "200 OK", text)
    else:
        reply(s, "404 Not Found", b"nothing here")


def read_request(s):
    text = b""
    while b"\r\n\r\n" not in text:
        more = s.recv(4096)
        if not more:
            return None
        text += more
    head, _, body = text.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = {k.lower(): v for k, v in
              (line.split(": ", 1) for line in lines[1:])}
    while len(body) < int(fields.get("content-length", 0)):
        body += s.recv(4096)
    return lines[0].split()[1], fields, head + b"\r\n\r\n" + body


def serve_tls(s, context, ports):
    s = context.wrap_socket(s, server_side=True)
    request = read_request(s)
    if request:
        answer(s, *request, ports)
    return s


def relay(a, b):
    while True:
        data = a.recv(65536)
        if not data:
            b.shutdown(socket.SHUT_WR)
            return
        b.sendall(data)


def serve_proxy(s, _context, _ports):
    target = read_request(s)
    if not target:
        return s
    host, port = target[0].rsplit(":", 1)
    if host == "forbidden.example":
        s.sendall(b"HTTP/1.1 407 Authenticate\r\n\r\n")
        return s
    if host == "garbage.example":
        s.sendall(b"what?\r\n\r\n")
        return s
    far = socket.create_connection(("127.0.0.1", int(port)))
    s.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    thread = threading.Thread(target=guard, args=(relay, far, s), daemon=True)
    thread.start()
    relay(s, far)
    thread.join()
    return s


def serve_plain(s, _context, _ports):
    reply(s, "400 Bad Request")


def guard(function, *args):
    try:
        return function(*args)
    except (OSError, ValueError):
        return None


def handle(function, s, context, ports):
    try:
        s = function(s, context, ports) or s
    except (OSError, ValueError):
        pass
    s.close()


def accept(listener, function, context, ports):
    while True:
        s, _ = listener.accept()
        threading.Thread(target=handle, args=(function, s, context, ports),
                         daemon=True).start()


def context_of(cert, key, version=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if version:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = getattr(ssl.TLSVersion, version)
        context.maximum_version = getattr(ssl.TLSVersion, version)
    context.load_cert_chain(cert, key)
    return context


SERVERS = {"proxy": serve_proxy, "plain": serve_plain}


def main():
    ports = {}
    for arg in sys.argv[2:]:
        name, *rest = arg.split(":")
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        ports[name] = listener.getsockname()[1]
        function = serve_tls if rest else SERVERS[name]
        context = context_of(*rest) if rest else None
        threading.Thread(target=accept, daemon=True,
                         args=(listener, function, context, ports)).start()
    with open(sys.argv[1] + ".new", "w") as f:
        f.writelines("%s %d\n" % row for row in ports.items())
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.2)


main()
