"""
fuzzed_json.py - good bodies, queries and paths with random faults, for every route that reads any.

Whatever is sent is answered, and never with a 5xx; no sanitizer reports anything, and at the end the program is ready.
Each round depends on the seed and its number alone: --seed N --first N --rounds 1 sends one again.

usage: fuzzed_json.py VIO-HTTPD VIO-CLI [--seed N] [--first ROUND] [--rounds N] [--seconds N]
"""

import argparse
import copy
import json
import random
import re
import socket
import sys
import time
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from clinics import House  # noqa: E402
from inputs import RESEND_SECRET, ROUTES, path_of, prepare, token_for  # noqa: E402
from tap import Tap  # noqa: E402

SHOWN = 6000  # bytes of a request that failed
EDGES = [None, True, False, 0, -1, 1, 0.5, 1e200, -1e200, 2**31, 2**53, 2**63, 2**64, "", " ", "\0", "\n", "a" * 300,
         "ü" * 200, "\U0001f9b7" * 60, "\ud800", "%s%n%d", "' OR 1=1 --", "../../../etc/passwd", "{{name}}", "\u202e",
         [], {}, [[]], [None], {"": ""}, "2026-02-30T00:00:00Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "+00000000000000",
         "00:00", "24:00", "Etc/GMT+14", "x" * 70000, list(range(500)), {str(i): i for i in range(100)}]
TOKENS = [b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u0000", b"\\ud83e", b"null", b"1e999", b"-", b"\0",
          b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"//", b"'", b"\r\n", b"\x7f", b"[" * 40, b'{"a":' * 40]
CSV = [b'"', b",", b"\r", b"\n", b"\0", b";", b"\xff", b"\t"]
STRINGS = [b"%", b"%00", b"%zz", b"%ff", b"&", b"=", b"&&", b"#", b"?", b"+", b";", b"\xff", b"..", b"/", b"//", b"%2f",
           b"'", b"<", b"|", b"0" * 400, b"-1", b"9223372036854775808", b"limit", b"after", b"erase"]


def nodes_of(tree, path=()):
    """The paths of everything in a JSON value."""
    yield path
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield from nodes_of(value, path + (key,))


def at(tree, path):
    for key in path:
        tree = tree[key]
    return tree


class Mutator:
    """Makes faults, the same for the same random numbers."""

    def __init__(self, dice):
        self.dice = dice

    def value(self, tree):
        choice = self.dice.randrange(4)
        if choice == 0:
            return copy.deepcopy(at(tree, self.dice.choice(list(nodes_of(tree)))))
        if choice == 1:
            return "".join(chr(self.dice.randrange(1, 0xd800)) for _ in range(self.dice.randrange(40)))
        return copy.deepcopy(self.dice.choice(EDGES))

    def once(self, tree):
        path = self.dice.choice(list(nodes_of(tree)))
        if not path:
            return self.value(tree) if self.dice.random() < 0.1 else tree | {self.dice.choice(["x", "id", ""]): 1}
        above, key = at(tree, path[:-1]), path[-1]
        choice = self.dice.randrange(6)
        if choice == 0:
            del above[key]
        elif choice == 1:
            above[key] = [above[key]] * self.dice.randrange(3)
        elif choice == 2:
            above[key] = {str(key): above[key]}
        elif choice == 3 and isinstance(above[key], str):
            text = above[key]
            cut = self.dice.randrange(len(text) + 1)
            above[key] = text[:cut] + self.dice.choice(["\0", "\n", "ü", "\x7f", text, "", "0"]) + text[cut:]
        elif choice == 4 and isinstance(above, dict):
            above[str(key).swapcase()] = above.pop(key)
        else:
            above[key] = self.value(tree)
        return tree

    def tree(self, good):
        tree = copy.deepcopy(good)
        for _ in range(self.dice.choice([1, 1, 1, 2, 5])):
            if isinstance(tree, dict):
                tree = self.once(tree)
        return tree

    def bytes(self, data, tokens):
        for _ in range(self.dice.choice([1, 1, 2, 4, 16])):
            a, b = sorted(self.dice.randrange(len(data) + 1) for _ in range(2))
            b = min(b, a + 64)
            choice = self.dice.randrange(5)
            if choice == 0 and data:
                a = min(a, len(data) - 1)
                data = data[:a] + bytes([data[a] ^ 1 << self.dice.randrange(8)]) + data[a + 1:]
            elif choice == 1:
                data = data[:a] + data[b:]
            elif choice == 2:
                data = data[:b] + data[a:]
            elif choice == 3:
                data = data[:a] + self.dice.choice(tokens) + data[a:]
            else:
                data = data[:a] + self.dice.randbytes(self.dice.randrange(8)) + data[b:]
        return data

    def body(self, good):
        if self.dice.random() < 0.6:
            return json.dumps(self.tree(good)).encode()
        return self.bytes(json.dumps(good).encode(), TOKENS)

    def target(self, path, query):
        """A path with a query; what would end the request's line is written as an escape."""
        sent = path.encode()
        if query:
            good = "&".join(f"{n}={quote(v)}" for n, (_, v) in query.items() if self.dice.random() < 0.5)
            sent += b"?" + self.bytes(good.encode(), STRINGS)
        if not query or self.dice.random() < 0.2:
            sent = sent[:1] + self.bytes(sent[1:], STRINGS)
        return b"".join(b"%%%02x" % c if c <= 32 or c == 127 else bytes([c]) for c in sent)[:8000]


class Fuzz:
    """Knows what to ask each route with, and asks."""

    def __init__(self, house, later):
        self.house = house
        self.routes = [(f"{m} {p}", s) for m, p, s, _ in house.routes()
                       if f"{m} {p}" in ROUTES and f"{m} {p}" not in later]
        self.bodies = [r for r in self.routes if ROUTES[r[0]].good or ROUTES[r[0]].raw]
        self.known = {}
        self.statuses = {}

    def place(self, key, scope):
        """Token and path, made once: wrong requests leave them alone, and accepted ones change them little."""
        if key not in self.known:
            route = ROUTES[key]
            token = token_for(self.house, scope, route)
            if key == "PATCH /api/settings":
                token = self.house.south.admin  # the north's key signs webhooks
            self.known[key] = token, path_of(self.house, key.split(" ")[1], route)
        return self.known[key]

    def request(self, dice):
        """The bytes of one request, and the route that it is meant for."""
        mutate = Mutator(dice)
        key, scope = dice.choice(self.bodies if dice.random() < 0.75 else self.routes)
        route = ROUTES[key]
        method = key.split(" ")[0]
        token, path = self.place(key, scope)
        headers, data = dict(route.headers), b""
        target = path.encode()
        if route.raw:
            data = mutate.bytes(route.raw * dice.randrange(1, 4), CSV)
        elif route.good:
            data = mutate.body(route.good(self.house))
            headers["Content-Type"] = "application/json"
        elif dice.random() < 0.3:
            data = mutate.bytes(b"{}", TOKENS)  # where nobody wants a body
        if route.query or not (route.good or route.raw):
            target = mutate.target(path, route.query)
        if route.sign:
            headers |= route.sign(self.house, route, data)
        if token:
            headers["Authorization"] = "Bearer " + token
        lines = [f"{n}: {v}" for n, v in headers.items()] + ["Host: fuzz", "Connection: close",
                                                             f"Content-Length: {len(data)}", "", ""]
        return method.encode() + b" " + target + b" HTTP/1.1\r\n" + "\r\n".join(lines).encode() + data, key

    def send(self, request):
        """All that comes back until the connection ends."""
        answer = b""
        try:
            with socket.create_connection(self.house.address, timeout=60) as wire:
                wire.sendall(request)
                while piece := wire.recv(65536):
                    answer += piece
        except OSError as e:
            return answer, str(e)
        return answer, ""

    def round(self, dice):
        """Returns what is wrong with the answer, and the request."""
        request, key = self.request(dice)
        answer, cut = self.send(request)
        found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
        if not found or cut:
            return f"{key}: no whole answer {cut} {answer[:300]!r}", request
        status = int(found[1])
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if (status == 401 and ROUTES[key].who) or (status == 404 and ROUTES[key].item):
            del self.known[key]  # one was accepted that made the token void, or ended the address
        if status >= 500:
            return f"{key}: {answer[:1000]!r}", request
        return None, request


def reports(log):
    lines = log.read_text(errors="replace").splitlines()
    return [line for line in lines if "Sanitizer" in line or "runtime error" in line]


def run(house, options, tap):
    later = prepare(house)
    for key in later:
        tap.skip(key, "it answers that it is still to come")
    house.expect(200, "PATCH", "/api/settings", house.north.admin, {"dailySummaryRecipientEmail": "mike@example.com"})
    fuzz = Fuzz(house, later)
    problems, number = [], options.first
    end = time.monotonic() + options.seconds
    while number < options.first + options.rounds and time.monotonic() < end and len(problems) < 5:
        problem, request = fuzz.round(random.Random(f"{options.seed}:{number}"))
        if problem:
            again = f"--seed {options.seed} --first {number} --rounds 1"
            problems.append(f"{again}: {problem}\n  sent: {request[:SHOWN]!r}")
        if house.process.poll() is not None:
            problems.append(f"round {number}: the program ended with {house.process.returncode}")
            break
        number += 1
    print(f"# {number - options.first} requests; " + ", ".join(f"{n} x {s}" for s, n in sorted(fuzz.statuses.items())))
    tap.case("every request is answered, and none with a 5xx", problems)
    tap.case("no sanitizer reports anything", reports(Path(house.folder.name) / "log"))
    tap.case("both kinds of answer came", [] if {200, 400} <= set(fuzz.statuses) or options.rounds < 500 else ["no"])
    answer, _ = fuzz.send(b"GET /readyz HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\n\r\n")
    tap.case("it is ready for more", [] if answer.startswith(b"HTTP/1.1 200 ") else [repr(answer)])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", nargs=2)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=10**6)
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    tap = Tap()
    print(f"# seed {options.seed}")
    with House(options.programs, environment={"VIO_RESEND_WEBHOOK_SECRET": RESEND_SECRET}) as house:
        run(house, options, tap)
    tap.done()


main()
