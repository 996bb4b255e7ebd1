"""spoiling.py - each member of a body, each parameter of a query, sent as the description forbids and as it allows."""

from asking import must
from clinics import days_ahead

def merged(description, schema):
    """The members and the required ones of an object, with those that it takes over from others."""
    schema = description.resolve(schema)
    members, required = dict(schema.get("properties", {})), list(schema.get("required", []))
    for piece in schema.get("allOf", []):
        more, needed = merged(description, piece)
        members = more | members
        required += needed
    return members, required


def wrong_values(description, schema):
    """Values that a member must not have, by what its schema says."""
    schema = description.resolve(schema)
    inner = next((s for s in schema.get("oneOf", []) if s != {"type": "null"}), None)
    if inner:
        return wrong_values(description, inner)
    kinds = schema.get("type", "string")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    yield 7 if "object" in kinds or "array" in kinds or "boolean" in kinds else {"x": 1}
    if "string" in kinds:
        yield 7
        yield from ["x" * (schema["maxLength"] + 1)] if "maxLength" in schema else []
        yield from ["x" * (schema["minLength"] - 1)] if "minLength" in schema else []
        yield from ["no " + str(schema.get("format") or "such word")] if "enum" in schema or "format" in schema or \
            "pattern" in schema else []
    if "integer" in kinds:
        yield "7"
        yield 1.5
        yield from [schema["minimum"] - 1] if "minimum" in schema else []
        yield from [schema["maximum"] + 1] if "maximum" in schema else []
    if "boolean" in kinds:
        yield "true"
    if "array" in kinds:
        yield []
        yield ["Nonday"]
    if "object" in kinds and schema.get("additionalProperties") is False and "required" not in schema:
        yield {"Nonday": {}}


def takes_null(description, schema):
    return not description.unlike(schema, None)


def spoiled(description, schema, body, prefix=""):
    """(what is wrong, the body, the field to be named): each member wrong in turn, the others right."""
    members, required = merged(description, schema)
    yield "a member that is none", body | {"nobody": 1}, prefix + "nobody"
    for name, member in members.items():
        for value in wrong_values(description, member):
            yield f"{name} {str(value)[:20]}", body | {name: value}, prefix + name
        if not takes_null(description, member):
            yield f"{name} null", body | {name: None}, prefix + name
        if name in required:
            yield f"no {name}", {k: v for k, v in body.items() if k != name}, prefix + name


def spoil_bodies(asker, operation):
    """Whatever the description forbids is refused by name, and null is taken where it says so."""
    problems = []
    description = asker.description
    schema = description.body_schema(operation)
    good = asker.route(operation).body(asker.house) or {}
    cases = list(spoiled(description, schema, good))
    if isinstance(good.get("admin"), dict):
        members, _ = merged(description, schema)
        cases += [(f"admin: {what}", good | {"admin": inner}, field)
                  for what, inner, field in spoiled(description, members["admin"], good["admin"], "admin.")]
    target = asker.target(operation)
    for what, body, field in cases:
        answer = asker.house.ask(operation.method, target, asker.token(operation), body)
        named = (answer.json or {}).get("field")
        if answer.status != 400 or named != field:
            problems.append(f"{what}: {answer} instead of 400 about {field}")
    return problems + take_nulls(asker, operation, schema, good)


def take_nulls(asker, operation, schema, good):
    problems = []
    members, required = merged(asker.description, schema)
    for name in members:
        if name not in required and takes_null(asker.description, members[name]):
            fresh = asker.route(operation).body(asker.house) if good else {}
            body = {k: v for k, v in fresh.items() if k in required} | {name: None}
            answer = asker.house.ask(operation.method, asker.target(operation), asker.token(operation), body)
            if answer.status >= 300:
                problems.append(f"{name} null: {answer}")
    return problems


# Cursors are their maker's; a search or the beginning of an action may be any text; a tenant may be missing.
GOOD_QUERIES = {"from": [days_ahead(-9)], "to": [days_ahead(9)], "after": [], "search": ["Vienna"],
                "action": ["contact."], "limit": [1, 500], "timePeriod": [1, 366], "userId": [1], "contactId": [1],
                "before": [5]}


def query_values(description, name, row):
    """What a parameter may be, and what not."""
    schema = description.resolve(row["schema"])
    good = schema.get("enum") or GOOD_QUERIES.get(name, [])
    if schema.get("type") == "boolean":
        good = ["true", "false"]
    bad = ["%zz"]
    if schema.get("type") != "string" or "format" in schema:
        bad.append("nonsense")
    bad += ["x" * (schema["maxLength"] + 1)] if "maxLength" in schema else []
    bad += [schema["minimum"] - 1] if "minimum" in schema else []
    bad += [schema["maximum"] + 1] if "maximum" in schema else []
    return good, bad


def spoil_queries(asker, operation):
    problems = []
    for name, row in asker.description.parameters(operation, "query").items():
        good, bad = query_values(asker.description, name, row)
        for value in good:
            text = str(value).replace("+", "%2B")
            must(problems, f"{name}={value}", asker.ask(operation, query=f"?{name}={text}"), 200, 204)
        for value in bad:
            answer = must(problems, f"{name}={value}", asker.ask(operation, query=f"?{name}={value}"), 400)
            if (answer.json or {}).get("field") != name:
                problems.append(f"{name}={value}: {answer} does not name it")
    return problems
