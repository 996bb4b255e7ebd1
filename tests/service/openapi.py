"""
openapi.py - doc/openapi.yaml against the program: its table of routes, its manual, and what it really answers.

Every status that the description names for a route is provoked, but for those in UNPROVOKED; every member of a body and
every parameter of a query is sent well and badly. What is answered is compared with the description.
"""

import base64
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from asking import Asker, walk  # noqa: E402
from clinics import House  # noqa: E402
from description import DOCUMENT, MISSING, watch  # noqa: E402
from spoiling import spoil_bodies, spoil_queries  # noqa: E402
from stories import MAIL_SECRET, STORIES  # noqa: E402
from tap import Tap  # noqa: E402

# Faults on our side, and on that of services which in the sandbox have none; too many requests at once.
UNPROVOKED = {("any", 500), ("any", 503), ("POST /api/calls/manual", 502), ("POST /api/daily-summary/test", 502),
              ("GET /livez", 429), ("GET /readyz", 429)}


def compare_table(house, description):
    """Paths and methods both ways; then who may ask, and how they prove it."""
    table = {f"{method} {path}": (scope, roles) for method, path, scope, roles in house.routes()}
    described = {operation.key: operation for operation in description.operations}
    problems = [f"{key} is not described" for key in table if key not in described]
    problems += [f"{key} is described, and no route" for key in described if key not in table]
    for key in set(table) & set(described):
        problems += [f"{key}: {p}" for p in compare_row(description, described[key], *table[key])]
    return problems


def compare_row(description, operation, scope, roles):
    problems = []
    schemes = [name for needed in operation.row["security"] for name in needed]
    if set(operation.row["x-roles"]) != roles:
        problems.append(f"x-roles are not {sorted(roles)}")
    if ("X-Tenant-Id" in description.parameters(operation, "header")) != (scope == "tenant"):
        problems.append("X-Tenant-Id is for the routes of a tenant, and for each of them")
    if scope == "public" and schemes:
        problems.append("everybody may ask")
    if scope in ("person", "tenant", "operator") and schemes != ["bearer"]:
        problems.append("a token is needed")
    kinds = {description.document["components"]["securitySchemes"][name]["type"] for name in schemes}
    if scope == "webhook" and kinds != {"apiKey"}:
        problems.append("the header of the signature is not named")
    if set(description.parameters(operation, "path")) != set(re.findall("{(.*?)}", operation.path)):
        problems.append("the parameters are not those of the path")
    return problems


def compare_manual(description, manual):
    headings = re.findall(r"^## ([A-Z]+ /\S*)$", manual.read_text(), re.MULTILINE)
    described = [operation.key for operation in description.operations]
    return ([f"{key} has no section" for key in described if key not in headings] +
            [f"{key} is not described" for key in headings if key not in described] +
            [f"{key} has two sections" for key in set(headings) if headings.count(key) > 1])


def nodes(value, where="#"):
    """Every object of the document, with its place."""
    if isinstance(value, dict):
        yield where, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from nodes(member, f"{where}/{name}")


def check_examples(description):
    """Each example beside a schema, or in one, is as it says."""
    problems = []
    for where, node in nodes(description.document):
        if "example" not in node or not isinstance(node, dict):
            continue
        schema = node.get("schema") or {k: v for k, v in node.items() if k != "example"}
        problems += [f"{where}: {p}" for p in description.unlike(schema, node["example"])]
    return problems


def check_closed(description):
    """An object that is described by its members has no others, so that a new one is noticed."""
    foreign = re.compile("/(RetellEvent|CalComEvent|CalendlyEvent|MailEvent)$")
    problems = []
    for where, node in nodes(description.document["components"]["schemas"]):
        closed = node.get("additionalProperties") is False or node.get("unevaluatedProperties") is False
        piece = re.search("(Members|SettingChanges)$", where)
        if isinstance(node.get("properties"), dict) and not closed and not piece and not foreign.search(where):
            problems.append(f"{where} is open")
    return problems


def as_described(description, tap, name, problems):
    """One case of the walk: what was expected of it, and what the comparer noted meanwhile."""
    tap.case(name, problems + description.take_problems())


def unseen(operation):
    """Statuses that are described and were never answered."""
    described = {int(status) for status in operation.row["responses"] if status != "default"}
    return sorted(status for status in described - operation.seen
                  if ("any", status) not in UNPROVOKED and (operation.key, status) not in UNPROVOKED)


def ask_everything(house, description, tap):
    asker = Asker(house, description)
    house.callable = house.add_contact(house.north, phone="+14155550105")
    as_described(description, tap, "everybody arrives", [])
    for operation in description.operations:
        as_described(description, tap, f"{operation.key} answers as described", walk(asker, operation))
    for name, story in STORIES.items():
        as_described(description, tap, f"{name}, as described", story(house))
    for operation in description.operations:
        key = operation.key
        if description.body_schema(operation) and not operation.is_signed:
            as_described(description, tap, f"{key} takes the body that is described", spoil_bodies(asker, operation))
        if description.parameters(operation, "query"):
            as_described(description, tap, f"{key} takes the query that is described", spoil_queries(asker, operation))
    for operation in description.operations:
        tap.case(f"{operation.key} gave every status", [f"never {status}" for status in unseen(operation)])


def compare(house, tap):
    description = watch(house)
    tap.case("each example is as its schema says", check_examples(description))
    tap.case("each object is closed", check_closed(description))
    tap.case("the routes are those of the program", compare_table(house, description))
    tap.case("the routes are those of the manual", compare_manual(description, DOCUMENT.parent / "http-api.md"))
    house.furnish()
    ask_everything(house, description, tap)
    print(f"# {description.answers} answers")


def main():
    if MISSING:
        print(f"1..0 # SKIP there is no Python module {MISSING}: install python3-yaml and python3-jsonschema")
        return
    tap = Tap()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as config:
        config.write(f"resend-webhook-secret = whsec_{base64.b64encode(MAIL_SECRET).decode()}\n")
        config.flush()
        with House(sys.argv[1:], ["--config", config.name]) as house:
            compare(house, tap)
    tap.done()


main()
