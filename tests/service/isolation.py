"""
isolation.py - every route, asked by everybody, about what is theirs, another's, and nobody's.

The cells follow from the route table that the program prints: a new route without a line in ROUTES fails. Before and
after each request of the north the rows of the south are compared, and no byte that the north receives may hold the
canary of the south.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from clinics import CANARY, PASSWORD, House, days_ahead  # noqa: E402
from description import watch  # noqa: E402
from tap import Tap  # noqa: E402

ABSENT_ID = {"number": "999999", "uuid": "01932d0f-7b1e-7c3a-9a51-0f4f5e0c9b11"}


class Route:
    """What a route needs to be asked well: an id of either clinic, a body, and the status that then comes."""

    def __init__(self, ok=200, own=None, body=None, absent="number", raw=None, headers=None, unsigned=401, missing=404):
        self.ok = ok if isinstance(ok, tuple) else (ok,)
        self.own = own  # of (house, clinic): an id that is used for one request only; None: the path has none
        self.body = body if callable(body) else lambda house: body
        self.absent = ABSENT_ID.get(absent, absent)
        self.raw = raw
        self.headers = headers
        self.unsigned = unsigned
        self.missing = missing


def fresh_contact(house, clinic):
    return house.add_contact(clinic, phone="+14155550108")


def fresh_task(house, clinic):
    contact = fresh_contact(house, clinic)
    return house.expect(200, "GET", f"/api/tasks?contactId={contact}", clinic.admin).json[0]["id"]


def cancelled_task(house, clinic):
    task = fresh_task(house, clinic)
    house.expect(200, "POST", f"/api/tasks/{task}/cancel", clinic.admin)
    return task


def fresh_account(house, clinic):
    house.serial = getattr(house, "serial", 0) + 1
    mark = CANARY if clinic is house.south else "north"
    return house.expect(201, "POST", "/api/users", clinic.admin, {
        "email": f"person{house.serial}@{mark}.example", "password": PASSWORD, "fullName": f"Person {mark}",
        "role": "client_user"}).json["id"]


def third_tenant(house, _clinic):
    house.serial = getattr(house, "serial", 0) + 1
    return house.expect(201, "POST", "/api/admin/tenants", house.owner, {
        "name": "East Clinic", "admin": {"email": f"east{house.serial}@east.example", "password": PASSWORD,
                                         "fullName": "Eve East"}}).json["id"]


def the(name):
    return lambda _house, clinic: getattr(clinic, name)


def new_account(house):
    house.serial = getattr(house, "serial", 0) + 1
    return {"email": f"new{house.serial}@example.com", "password": PASSWORD, "fullName": "New Person",
            "role": "client_user"}


def new_tenant(house):
    return {"name": "West Clinic", "admin": {n: v for n, v in new_account(house).items() if n != "role"}}


def callable_contact(house):
    return {"contactId": house.callable}


SUMMARY = {"enabled": False, "recipientEmail": "a@example.com", "recipientName": "A", "deliveryTime": "08:00",
           "deliveryDays": ["Mon"], "timezone": "Europe/Paris"}

ROUTES = {
    "POST /api/auth/login": Route(body={"email": "nobody@example.com", "password": "wrong password"}, ok=401),
    "POST /api/auth/logout": Route(),
    "GET /api/auth/me": Route(),
    "POST /api/auth/password": Route(body={"currentPassword": "wrong password", "newPassword": PASSWORD},
                                     ok=(400, 401, 403, 429)),
    "POST /api/auth/impersonation/end": Route(ok=(200, 400)),
    "GET /api/admin/tenants": Route(),
    "POST /api/admin/tenants": Route(ok=201, body=new_tenant),
    "GET /api/admin/tenants/:id": Route(own=third_tenant),
    "PATCH /api/admin/tenants/:id": Route(own=third_tenant, body={"name": "Far East"}),
    "POST /api/admin/tenants/:id/suspend": Route(own=third_tenant, body={"reason": "unpaid"}),
    "POST /api/admin/tenants/:id/resume": Route(own=third_tenant),
    "POST /api/admin/impersonate/:tenantId": Route(own=third_tenant),
    "GET /api/admin/audit": Route(),
    "GET /api/admin/stuck-calls": Route(),
    "GET /api/admin/health": Route(),
    "GET /api/users": Route(),
    "POST /api/users": Route(ok=201, body=new_account),
    "PATCH /api/users/:id": Route(own=fresh_account, body={"fullName": "Other Name"}),
    "POST /api/users/:id/password": Route(own=fresh_account, body={"newPassword": PASSWORD}),
    "GET /api/audit": Route(),
    "GET /api/settings": Route(),
    "PATCH /api/settings": Route(body={"parkingInstructions": "Behind the house"}),
    "POST /api/settings/test-retell": Route(),
    "GET /api/settings/calendars": Route(),
    "POST /api/settings/calendars/:provider": Route(ok=(200, 201), own=lambda *_: "cal-com", absent="outlook"),
    "DELETE /api/settings/calendars/:provider": Route(ok=(200, 204, 404), own=lambda *_: "calendly", absent="outlook"),
    "GET /api/contacts": Route(),
    "POST /api/contacts": Route(ok=201, body={"name": "Somebody"}),
    "GET /api/contacts/stats": Route(),
    "GET /api/contacts/export": Route(),
    "POST /api/contacts/import": Route(raw=b"name,phone\r\nImported,+14155550105\r\n",
                                       headers={"Content-Type": "text/csv"}),
    "GET /api/contacts/:id": Route(own=fresh_contact),
    "PATCH /api/contacts/:id": Route(own=fresh_contact, body={"name": "Other Name"}),
    "DELETE /api/contacts/:id": Route(ok=204, own=fresh_contact),
    "PUT /api/contacts/:id/opt-out": Route(own=fresh_contact, body={"optedOut": True}),
    "GET /api/contacts/:id/explain": Route(own=fresh_contact),
    "GET /api/calls": Route(),
    "POST /api/calls/manual": Route(ok=(200, 400), body=callable_contact),
    "GET /api/calls/:id": Route(own=the("call"), absent="uuid"),
    "GET /api/calls/:id/events": Route(own=the("call"), absent="uuid"),
    "POST /api/events/:id/replay": Route(own=the("event")),
    "GET /api/tasks": Route(),
    "PATCH /api/tasks/:id": Route(own=fresh_task, absent="uuid",
                                  body=lambda _: {"scheduledFor": days_ahead(1)}),
    "POST /api/tasks/:id/cancel": Route(own=fresh_task, absent="uuid"),
    "POST /api/tasks/:id/retry": Route(ok=(200, 201), own=cancelled_task, absent="uuid",
                                       body=lambda _: {"scheduledFor": days_ahead(2)}),
    "GET /api/analytics/calls": Route(),
    "GET /api/analytics/performance": Route(),
    "GET /api/daily-summary/settings": Route(),
    "PUT /api/daily-summary/settings": Route(body=SUMMARY),
    "GET /api/daily-summary/preview": Route(),
    "POST /api/daily-summary/test": Route(ok=(200, 429)),
    "POST /api/retell/webhook": Route(body={"event": "call_ended", "call": {"call_id": "call_x"}}),
    "POST /api/webhooks/cal-com": Route(body={"triggerEvent": "PING", "payload": {"metadata": {"tenantId": 1}}}),
    "POST /api/webhooks/cal-com/:token": Route(body={"triggerEvent": "PING"}, unsigned=404),
    "POST /api/webhooks/calendly/:token": Route(body={"event": "invitee.created"}, unsigned=404),
    "POST /api/webhooks/resend": Route(body={"type": "email.sent"}),
    "GET /livez": Route(),
    "GET /readyz": Route(),
}


class Person:
    """Somebody who asks: a token, a role, and the clinic they act on."""

    def __init__(self, name, token, role, clinic, headers=None):
        self.name, self.token, self.role, self.clinic = name, token, role, clinic
        self.headers = headers or {}


def everybody(house):
    north, south = house.north, house.south

    def acting():
        """A new token each time: some of what is asked ends it."""
        return house.expect(200, "POST", f"/api/admin/impersonate/{north.id}", house.owner).json["token"]

    return [
        Person("nobody", None, None, north),
        Person("user of the north", north.user, "client_user", north),
        Person("admin of the north", north.admin, "client_admin", north),
        Person("user of the south", south.user, "client_user", south),
        Person("admin of the south", south.admin, "client_admin", south),
        Person("owner on the north", house.owner, "super_admin", north, {"X-Tenant-Id": str(north.id)}),
        Person("owner in the north's name", acting, "client_admin", north),
    ]


def expected(route, scope, roles, person, whose):
    """The statuses that a cell may have."""
    if scope == "public":
        return route.ok
    if scope == "webhook":
        return (route.unsigned,)
    if person.role is None:
        return (401,)
    if person.role not in roles:
        return (403,)
    return route.ok if whose == "own" else (route.missing,)


class Matrix:
    """Walks the cells and notes what is wrong, by route."""

    def __init__(self, house):
        self.house = house
        self.cells = 0
        self.problems = []

    def id_for(self, route, scope, person, whose):
        if whose == "absent" or not route.own:
            return route.absent
        if whose == "own":
            return route.own(self.house, person.clinic)
        other = self.house.south if person.clinic is self.house.north else self.house.north
        theirs = route.own(self.house, other) if scope == "tenant" else route.absent
        # Contacts are counted by tenant: only a number that the asker's clinic does not have is another's.
        while isinstance(theirs, int) and route.own is fresh_contact and other is self.house.south and \
                theirs <= max(self.house.north.contacts):
            theirs = route.own(self.house, other)
        return theirs

    def ask(self, key, route, scope, roles, person, whose):
        house = self.house
        method, path = key.split(" ")
        asked_id = self.id_for(route, scope, person, whose)
        start = path.find(":")
        if start >= 0:
            end = path.find("/", start)
            path = path[:start] + str(asked_id) + (path[end:] if end >= 0 else "")
        victim = house.south if person.clinic is house.north else house.north
        token = person.token() if callable(person.token) else person.token
        before = house.rows_of(victim.id)
        body = None if route.raw else route.body(house)
        answer = house.ask(method, path, token, body, headers=person.headers | (route.headers or {}),
                           raw=route.raw)
        self.cells += 1
        where = f"{key} by {person.name}, {whose} id"
        wanted = expected(route, scope, roles, person, whose)
        if answer.status not in wanted:
            self.problems.append(f"{where}: {answer} instead of {wanted}")
        if scope in ("tenant", "person") and house.rows_of(victim.id) != before:
            after = house.rows_of(victim.id)
            changed = [t for t in after if after[t] != before[t]]
            self.problems.append(f"{where}: rows of the other clinic changed in {changed}")
        if victim is house.south and scope != "operator" and CANARY.encode() in answer.body:
            self.problems.append(f"{where}: the answer holds what belongs to the south")

    def walk(self, key, scope, roles, people):
        route = ROUTES[key]
        for person in people:
            kinds = ["own", "foreign", "absent"] if ":" in key and scope in ("tenant", "operator") else ["own"]
            if isinstance(route.absent, str) and route.absent == "outlook":
                kinds = ["own", "absent"]
            for whose in kinds:
                # A contact's number of the north is one of the south's own too: that way round nothing is foreign.
                if whose == "foreign" and route.own is fresh_contact and person.clinic is self.house.south:
                    continue
                self.ask(key, route, scope, roles, person, whose)
                if key == "POST /api/calls/manual":
                    self.house.quiet()


def main():
    tap = Tap()
    planted = "--planted" in sys.argv
    programs = [a for a in sys.argv[1:] if not a.startswith("--")]
    with House(programs) as house:
        description = watch(house)
        house.furnish()
        house.callable = house.add_contact(house.north, phone="+14155550101")
        people = everybody(house)
        matrix = Matrix(house)
        found = []
        routes = list(house.routes())
        tap.case("every route has a line here", [f"{m} {p}" for m, p, _, _ in routes if f"{m} {p}" not in ROUTES])
        for method, path, scope, roles in routes:
            key = f"{method} {path}"
            if key not in ROUTES:
                continue
            matrix.problems = []
            matrix.walk(key, scope, roles, people)
            found += matrix.problems
            if not planted:
                tap.case(f"{key} keeps the tenants apart", matrix.problems)
        if description and not planted:
            tap.case("every answer is as described", description.take_problems())
        if planted:
            tap.case("a leak that was planted is found", [] if any("foreign id" in p for p in found) else ["it was not"])
    print(f"# {matrix.cells} cells")
    tap.done()


if __name__ == "__main__":
    main()
