"""asking.py - a good request for each route, and those that provoke what the description says of a kind of status."""

import re

from clinics import PASSWORD, days_ahead
from isolation import ROUTES, Route, fresh_task

# Where the other walk is content with a refusal, or sends what is not worth describing.
GOOD = {
    "POST /api/auth/login": Route(body=lambda house: {"email": house.north.user_email, "password": PASSWORD}),
    "PATCH /api/tasks/:id": Route(own=fresh_task, absent="uuid", body=lambda _: {"scheduledFor": days_ahead(2)}),
    "POST /api/calls/manual": Route(body=lambda house: {"contactId": house.callable}),
}


class Asker:
    """Asks an operation as somebody who may, or otherwise."""

    def __init__(self, house, description):
        self.house, self.description = house, description

    def route(self, operation):
        return GOOD.get(operation.key) or ROUTES[operation.key]

    def token(self, operation):
        roles = operation.row["x-roles"]
        return self.house.north.admin if "client_admin" in roles else self.house.owner if roles else None

    def target(self, operation, absent=False):
        route = self.route(operation)
        if "{" not in operation.path:
            return operation.path
        item = route.absent if absent or not route.own else route.own(self.house, self.house.north)
        return re.sub("{.*?}", str(item), operation.path)

    def ask(self, operation, absent=False, query="", **changes):
        """A good request, but for the changes: token, body, raw, headers."""
        route = self.route(operation)
        sent = {"token": self.token(operation), "headers": dict(route.headers or {}), "raw": route.raw}
        sent["body"] = None if route.raw else route.body(self.house)
        sent["headers"] |= changes.pop("headers", {})
        sent |= changes
        if sent["raw"] is not None:
            sent["body"] = None
        return self.house.ask(operation.method, self.target(operation, absent) + query, **sent)


def must(problems, what, answer, *statuses):
    """Notes an answer whose status is none of these."""
    if answer.status not in statuses:
        problems.append(f"{what}: {answer} instead of {statuses}")
    return answer


# What follows provokes one kind of status, in the same way wherever the description names it.

def ask_unknown(asker, operation, problems):
    must(problems, "without a token", asker.ask(operation, token=None), 401)
    must(problems, "with a token that is none", asker.ask(operation, token="x.y.z"), 401)


def ask_forbidden(asker, operation, problems):
    house, roles = asker.house, operation.row["x-roles"]
    other = house.north.user if "client_user" not in roles else house.owner if "super_admin" not in roles else None
    if roles and other:
        must(problems, "as somebody who may not", asker.ask(operation, token=other), 403)
    elif "X-Tenant-Id" in asker.description.parameters(operation, "header"):
        must(problems, "for another tenant", asker.ask(operation, headers={"X-Tenant-Id": str(house.south.id)}), 403)


def names_tenant(asker, operation):
    """Whether the owner may ask it, for a tenant."""
    headers = asker.description.parameters(operation, "header")
    return "X-Tenant-Id" in headers and "super_admin" in operation.row["x-roles"]


def ask_without_tenant(asker, operation, problems):
    if names_tenant(asker, operation):
        must(problems, "by the owner for nobody", asker.ask(operation, token=asker.house.owner), 400)


def ask_missing(asker, operation, problems):
    house = asker.house
    if "{" in operation.path:
        must(problems, "for what is not there", asker.ask(operation, absent=True), 404)
    elif names_tenant(asker, operation):
        must(problems, "by the owner for no tenant",
             asker.ask(operation, token=house.owner, headers={"X-Tenant-Id": "999999"}), 404)


def ask_too_much(asker, operation, problems):
    webhook, csv = operation.is_signed, operation.key == "POST /api/contacts/import"
    size = (16 << 20) if csv else (4 << 20) if webhook else 256 << 10
    must(problems, "with too large a body", asker.ask(operation, raw=b" " * (size + 1)), 413)


def ask_wrong_type(asker, operation, problems):
    must(problems, "with another type", asker.ask(operation, raw=b"<x/>", headers={"Content-Type": "text/xml"}), 415)


def ask_no_json(asker, operation, problems):
    if asker.description.body_schema(operation) and not operation.is_signed:
        for raw in (b"{", b"[]", b'"x"'):
            answer = asker.ask(operation, raw=raw, headers={"Content-Type": "application/json"})
            must(problems, f"with {raw}", answer, 400)


def ask_again(asker, operation, problems):
    """Until nothing has happened in between: the engine works on meanwhile, and time passes fast."""
    target = asker.target(operation)
    token = asker.token(operation)
    must(problems, "as HEAD", asker.house.ask("HEAD", target, token), 200)
    for _ in range(50):
        tag = asker.house.ask("GET", target, token).headers.get("etag", "")
        if asker.house.ask("GET", target, token, headers={"If-None-Match": tag}).status == 304:
            return
    problems.append("its tag is never good")


PROVOCATIONS = {"304": ask_again, "400": ask_no_json, "401": ask_unknown, "403": ask_forbidden, "404": ask_missing,
                "413": ask_too_much, "415": ask_wrong_type}


def walk(asker, operation):
    """A good request, and each refusal that is described."""
    problems = []
    if operation.key not in ROUTES:
        return ["there is no way to ask this"]
    if not operation.is_signed:
        must(problems, "well", asker.ask(operation), *asker.route(operation).ok)
    for status, provoke in PROVOCATIONS.items():
        if status in operation.row["responses"] and (status != "401" or operation.needs_token):
            provoke(asker, operation, problems)
    ask_without_tenant(asker, operation, problems)
    if not operation.row["security"]:
        must(problems, "with a body where none is read", asker.ask(operation, raw=b" " * 300000), 413)
    return problems
