"""
wrong_inputs.py - every clause of every route's contract in inputs.py, broken once.

A wrong member is answered with 400 and its name in "field" and in the message; a wrong type of body with 415; nothing
has changed afterwards. A body that is no JSON object has no member to blame. In the end the good request must still be
taken: it was the one fault that was refused.
"""

import json
import sqlite3
import sys
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from clinics import House  # noqa: E402
from inputs import RESEND_SECRET, ROUTES, Raw, path_of, prepare, token_for  # noqa: E402
from tap import Tap  # noqa: E402

HUGE = [Raw(str(2**53 + 2)), Raw(str(2**63)), Raw(str(2**64 + 1)), Raw("1e200"), Raw("-1e200")]
NO_NUMBERS = [Raw("1.5"), Raw("1e-3"), "5", True, [], {}, [5]] + HUGE
NO_TEXTS = [5, 1.5, True, [], {}, ["x"], {"x": "y"}]
NO_FLAGS = [0, 1, "true", "", [], {}]
NO_TIMES = ["", "tomorrow", "2027-11-24", "2027-11-24T09:30:00", "2027-13-24T09:30:00Z", "2027-11-24T25:30:00Z",
            "2027-02-30T09:30:00Z", "2027-11-24T09:30:00+25:00", "2027-11-24T09:30:00Z ", "x" * 5000,
            "99999-11-24T09:30:00Z", "2027-11-24T09:30:00\u0001Z"] + NO_TEXTS
# By the kind of a member: values of another type.
KINDS = {"text": NO_TEXTS, "word": NO_TEXTS, "number": NO_NUMBERS, "flag": NO_FLAGS, "time": NO_TIMES,
         "list": ["Mon", 5, True, {}, ""], "object": ["x", 5, True, [], ""]}
# In a query these are what they are not in JSON; whole numbers have 18 digits there.
RIGHT_IN_A_QUERY = ("5", "true", str(2**53 + 2))
# No JSON: the body has a fault, not a member of it.
NO_VALUES = {"a byte that is not UTF-8": b'"a\xff"', "an overlong sequence": b'"a\xc0\x80"', "half a pair": b'"\\ud800"',
             "a NUL": b'"a\\u0000b"', "a raw control character": b'"a\x01b"', "no value": b"", "a bare word": b"yes",
             "a number beyond all": b"1e400", "a number that is none": b"01", "NaN": b"NaN", "an open text": b'"a'}
NO_OBJECTS = {"nothing": b"", "a list": b"[]", "a text": b'"x"', "a number": b"5", "null": b"null", "true": b"true",
              "blanks": b"  \n", "half an object": b'{"a":', "more than one": b"{}{}", "a tail": b"{} x",
              "a NUL": b"{}\0", "a byte order mark": b"\xef\xbb\xbf{}", "UTF-16": "{}".encode("utf-16"),
              "too many levels": b'{"a":' * 40 + b"1" + b"}" * 40, "a comment": b"{/**/}", "single quotes": b"{'a':1}"}
NO_JSON_TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/csv",
                 "application/jsonp", "application/problem+json", "application/xml", "", "*/*", "json"]
NO_QUERIES = {"a bad escape": "%zz", "half an escape": "%4", "a lone percent": "%", "a NUL": "%00", "no UTF-8": "%ff",
              "a control character": "a%01b", "overlong": "9" * 3000}
# What the engine may write meanwhile, whoever asks for what: how far it has read a calendar.
ENGINES_OWN = [set(), {"calendar_syncs"}, {"calendar_syncs", "tenant_state"}]
NO_IDS = ["0", "-1", "+1", "1.5", "1e3", "abc", "%31", "1%00", str(2**63), str(2**64 + 1), "9" * 70, "x" * 300, "1;",
          "01x"]


def lay_out(body):
    """The bytes of a body in which some values are raw."""
    raws = []

    def show(value):
        if isinstance(value, Raw):
            raws.append(value.text)
            return f"@raw{len(raws) - 1}@"
        return {n: show(v) for n, v in value.items()} if isinstance(value, dict) else value

    data = json.dumps(show(body)).encode()
    for i, raw in enumerate(raws):
        data = data.replace(f'"@raw{i}@"'.encode(), raw)
    return data


def with_member(body, name, value):
    """A copy of @body in which "a.b" is @value; without it where @value is Ellipsis."""
    first, _, rest = name.partition(".")
    changed = dict(body)
    if rest:
        changed[first] = with_member(body[first], rest, value)
    elif value is Ellipsis:
        changed.pop(first)
    else:
        changed[first] = value
    return changed


def wrong_values(member):
    """What @member must not be, as (what it is, value)."""
    if member.needed:
        yield "missing", Ellipsis
        yield "null", None
    for value in KINDS[member.kind] + member.wrong:
        shown = value.text.decode() if isinstance(value, Raw) else repr(value)
        yield f"as {shown[:40]}", value
    if member.kind in ("text", "word"):
        if not member.empty:
            yield "empty", ""
        if not member.lines:
            yield "with a control character", "a\u0001b"
            yield "with DEL", "a\u007fb"
        yield "much too long", "x" * 60000
    if member.kind == "text" and member.most:
        yield "too long by one", "x" * (member.most + 1)
        yield "too long in bytes", "ü" * (member.most // 2 + 1)
    if member.kind == "text" and member.least:
        yield "too short", "x" * (member.least - 1)
    if member.kind == "number":
        for value in (0, -1, (member.least or 1) - 1, member.most + 1 if member.most else Raw("-9223372036854775808")):
            yield f"as {value}" if isinstance(value, int) else "as the least", value


def wrong_texts(member):
    """The same as a query can say it, where a number is a text too."""
    for what, value in wrong_values(member):
        if isinstance(value, Raw):
            value = value.text.decode()
        elif isinstance(value, int) and not isinstance(value, bool) and member.kind in ("number", "flag"):
            value = str(value)
        if isinstance(value, str) and 0 < len(value) < 5000 and value not in RIGHT_IN_A_QUERY:
            yield what, value


def wrong_bodies(route, good):
    """(what is wrong, bytes, the name to blame or None)"""
    for name, member in route.members.items():
        for what, value in wrong_values(member):
            yield f"{name} {what}", lay_out(with_member(good, name, value)), name
        for what, raw in NO_VALUES.items():
            yield f"{name}: {what}", lay_out(with_member(good, name, Raw(raw))), None
        if "." not in name:
            whole = lay_out(good)
            yield f"{name} twice", b"{" + lay_out({name: good[name]})[1:-1] + b"," + whole[1:], None
        first, dot, last = name.rpartition(".")
        capitals = first + dot + last.upper()
        yield f"{name} in capitals", lay_out(with_member(good, capitals, 1)), capitals
    for name in ("stranger", "tenantId2", "__proto__", "x" * 47):
        yield f"a stranger {name}", lay_out(good | {name: 1}), name
    yield "a stranger without a value", lay_out(good | {"stranger": None}), "stranger"
    for what, raw in NO_OBJECTS.items():
        if raw or not route.bare:
            yield what, raw, None


class World:
    """Tells whether anything of anybody has changed."""

    def __init__(self, house):
        self.house = house
        self.base = sqlite3.connect(f"file:{house.db}?mode=ro", uri=True, isolation_level=None)
        self.version = None
        self.rows = None
        self.look()

    def _version(self):
        return self.base.execute("PRAGMA data_version").fetchone()[0]

    def look(self):
        """The engine may have written since: what counts is what is there now."""
        while self.version != self._version():
            self.version = self._version()
            tenants = [t for (t,) in self.base.execute("SELECT id FROM tenants")]
            self.rows = {t: self.house.rows_of(t) for t in tenants}

    def changes(self):
        before = self.rows
        self.look()
        found = []
        for tenant, tables in self.rows.items():
            changed = {name for name in tables if tables[name] != before.get(tenant, {}).get(name)}
            found += [] if changed in ENGINES_OWN else [f"{name} of {tenant}" for name in sorted(changed)]
        return found


class Breaker:
    """Sends wrong requests to one route after the other, and notes what is not answered as it should be."""

    def __init__(self, house):
        self.house = house
        self.world = World(house)
        self.requests = 0
        self.problems = []

    def note(self, what, answer, why):
        self.problems.append(f"{what}: {why}: {answer}")

    def refused(self, what, statuses, field, method, path, token, **more):
        """@field: whom to blame; "" when there may be anybody, None when there must be nobody."""
        self.world.look()
        answer = self.house.ask(method, path, token, **more)
        self.requests += 1
        said = answer.json if isinstance(answer.json, dict) else {}
        if answer.status not in statuses:
            self.note(what, answer, f"not {statuses}")
        elif not said.get("message") or not said.get("error") or not said.get("requestId"):
            self.note(what, answer, "not the shape of an error")
        elif field and (said.get("field") != field or field.split(".")[-1] not in said["message"]):
            self.note(what, answer, f"does not name {field}")
        elif field is None and "field" in said:
            self.note(what, answer, "names a field")
        changed = self.world.changes()
        if changed and answer.status >= 300:
            self.note(what, answer, f"changed {', '.join(changed)}")

    def bodies(self, method, path, token, route):
        good = route.good(self.house)
        typed = {"Content-Type": "application/json"}
        for what, data, field in wrong_bodies(route, good):
            self.refused(what, (400,), field, method, path, token, raw=data, headers=typed)
        for kind in NO_JSON_TYPES:
            self.refused(f"as {kind!r}", (415,), None, method, path, token, raw=lay_out(good), headers={
                "Content-Type": kind})

    def raw_bodies(self, method, path, token, route):
        for what, data in route.wrong_raw.items():
            self.refused(what, (400,), "", method, path, token, raw=data, headers=route.headers)
        for kind in ("application/json", "text/plain", "text/csvx", ""):
            self.refused(f"as {kind!r}", (415,), None, method, path, token, raw=route.raw, headers={
                "Content-Type": kind})
        self.refused("without a type", (415,), None, method, path, token, raw=route.raw)

    def queries(self, method, path, token, route):
        def ask(what, query, field):
            self.refused(what, (400,), field, method, f"{path}?{query}", token, raw=route.raw, headers=route.headers)

        good = "&".join(f"{n}={quote(v)}" for n, (_, v) in route.query.items())
        for name, (member, value) in route.query.items():
            others = "&".join(f"{n}={quote(v)}" for n, (_, v) in route.query.items() if n != name)
            for what, text in NO_QUERIES.items():
                ask(f"{name}: {what}", f"{name}={text}", name)
                ask(f"{name}: {what}, behind others", f"{others}&{name}={text}", name)
            for what, wrong in wrong_texts(member):
                ask(f"{name} {what}", f"{name}={quote(wrong)}", name)
            ask(f"{name} twice", f"{good}&{name}={quote(value)}", name)
            if not member.empty or member.kind != "text":
                ask(f"{name} empty", f"{name}=", name)
                ask(f"{name} without a value", name, name)
            ask(f"{name} in capitals", f"{name.upper()}={quote(value)}", name.upper())
        ask("a stranger", "stranger=1", "stranger")
        ask("a stranger behind others", f"{good}&stranger=1", "stranger")

    def ids(self, method, path, token, route):
        start = path.index(":")
        end = path.find("/", start)
        for wrong in NO_IDS:
            there = path[:start] + wrong + (path[end:] if end >= 0 else "")
            raw = lay_out(route.good(self.house)) if route.good else route.raw
            typed = {"Content-Type": "application/json"} if route.good else {}
            self.refused(f"id {wrong[:20]}", (400, 404), None, method, there, token, raw=raw, headers=typed)

    def tenants(self):
        """What the owner of the platform may say instead of a tenant's number."""
        for wrong in NO_IDS + ["", "1, 2", "1 2", "999999"]:
            statuses = (404,) if wrong == "999999" else (400,)
            self.refused(f"X-Tenant-Id: {wrong[:20]}", statuses, None, "GET", "/api/contacts", self.house.owner,
                         headers={"X-Tenant-Id": wrong})

    def webhook(self, method, path, route):
        """Signed rightly. Nobody is told what is wrong with it, and an event that means nothing is acknowledged."""
        for what, data in NO_OBJECTS.items():
            signed = route.sign(self.house, route, data) | {"Content-Type": "application/json"}
            self.refused(what, (400, 401), None, method, path, None, raw=data, headers=signed)

    def good(self, method, path, token, route):
        """Last, because it changes things."""
        data = lay_out(route.good(self.house)) if route.good else route.raw
        headers = dict(route.headers)
        if route.good:
            headers["Content-Type"] = "application/json"
        if route.sign:
            headers |= route.sign(self.house, route, data)
        query = "&".join(f"{n}={quote(v)}" for n, (_, v) in route.query.items() if v and n != "dates")
        answer = self.house.ask(method, f"{path}?{query}" if query else path, token, raw=data, headers=headers)
        if answer.status not in route.ok:
            self.note("the good request", answer, f"not {route.ok}")
        elif "callSessionId" in (answer.json or {}):
            self.house.call_ends(self.house.north, answer.json["callSessionId"])

    def walk(self, key, scope):
        route = ROUTES[key]
        method, pattern = key.split(" ")
        token = token_for(self.house, scope, route)
        path = path_of(self.house, pattern, route)
        if route.sign:
            self.webhook(method, path, route)
        elif route.good:
            self.bodies(method, path, token, route)
        elif route.raw is not None:
            self.raw_bodies(method, path, token, route)
        if not route.sign and scope != "public":
            self.queries(method, path, token, route)
        if ":" in pattern and not route.sign:
            self.ids(method, pattern, token, route)
        self.good(method, path, token, route)


def main():
    tap = Tap()
    with House(sys.argv[1:], environment={"VIO_RESEND_WEBHOOK_SECRET": RESEND_SECRET}) as house:
        later = prepare(house)
        breaker = Breaker(house)
        routes = list(house.routes())
        tap.case("every route has a row", [f"{m} {p}" for m, p, _, _ in routes if f"{m} {p}" not in ROUTES])
        for method, path, scope, _ in routes:
            key = f"{method} {path}"
            if key in later:
                tap.skip(key, "it answers that it is still to come")
                continue
            breaker.problems = []
            if key in ROUTES:
                breaker.walk(key, scope)
            tap.case(f"{key} refuses what is wrong by its name", breaker.problems)
        breaker.problems = []
        breaker.tenants()
        tap.case("a tenant that is none is refused", breaker.problems)
        tap.case("it is ready for more", [] if house.ask("GET", "/readyz").status == 200 else ["it is not"])
        print(f"# {breaker.requests} wrong requests")
    tap.done()


main()
