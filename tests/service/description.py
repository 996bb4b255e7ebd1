"""description.py - doc/openapi.yaml, and whether what is asked and answered is as it says."""

import functools
import json
import re
from datetime import date, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

try:
    import jsonschema
    import yaml
except ImportError as missing:
    MISSING = missing.name
else:
    MISSING = None

DOCUMENT = Path(__file__).parent.parent.parent / "doc" / "openapi.yaml"

METHODS = ("get", "put", "post", "patch", "delete")

# The headers whose presence means something; an answer has no other of them than it is described with.
TELLING = ("etag", "link", "location", "retry-after", "www-authenticate", "content-disposition", "x-vio-sandbox",
           "x-request-id")


def is_time(text):
    """RFC 3339, always with an offset."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text):
        return False
    return bool(datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S"))


FORMATS = {"date-time": is_time, "date": date.fromisoformat, "uuid": UUID}


def format_checker():
    checker = jsonschema.FormatChecker(formats=())
    for name, reads in FORMATS.items():
        checker.checks(name, raises=ValueError)(
            lambda value, reads=reads: not isinstance(value, str) or bool(reads(value)))
    return checker


def no_twins(pairs):
    """An object of JSON, unless two of its members have one name."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError(f"two members of one name among {[name for name, _ in pairs]}")
    return dict(pairs)


class Operation:
    """One method of one path."""

    def __init__(self, method, path, row):
        self.method, self.path, self.row = method, path, row
        self.key = method + " " + re.sub("{(.*?)}", r":\1", path)
        self.pattern = re.compile(re.sub(r"{.*?}", "[^/]+", path))
        self.seen = set()

    @property
    def is_signed(self):
        return bool(self.row["security"]) and self.row["security"] != [{"bearer": []}]

    @property
    def needs_token(self):
        return self.row["security"] == [{"bearer": []}]


class Description:
    """The document. What does not fit is gathered in .problems; which statuses were seen, in the operations."""

    def __init__(self):
        self.document = yaml.safe_load(DOCUMENT.read_text())
        self.formats = format_checker()
        self.validators = {}
        self.problems = []
        self.answers = 0
        rows = [(m, p, item[m]) for p, item in self.document["paths"].items() for m in METHODS if m in item]
        # A fixed path is meant before a pattern that would match it too.
        self.operations = [Operation(m.upper(), p, row) for m, p, row in sorted(rows, key=lambda r: "{" in r[1])]

    def resolve(self, node):
        """What a reference stands for."""
        while isinstance(node, dict) and "$ref" in node:
            names = node["$ref"].removeprefix("#/").split("/")
            node = functools.reduce(lambda place, name: place[name], names, self.document)
        return node

    def unlike(self, schema, value):
        """What of @value is not as @schema says, whose references lead into the document."""
        name = json.dumps(schema)
        if name not in self.validators:
            whole = {"allOf": [schema], "components": self.document["components"]}
            self.validators[name] = jsonschema.Draft202012Validator(whole, format_checker=self.formats)
        return [f"{error.json_path}: {error.message[:300]}" for error in self.validators[name].iter_errors(value)]

    def parameters(self, operation, place):
        """The parameters of an operation in the path, the query or a header, by name."""
        rows = map(self.resolve, operation.row.get("parameters", []))
        return {row["name"]: row for row in rows if row["in"] == place}

    def body_schema(self, operation):
        """What an operation takes as JSON; None: nothing."""
        content = self.resolve(operation.row.get("requestBody", {})).get("content", {})
        return content.get("application/json", {}).get("schema")

    def response(self, operation, status):
        """The described answer; the one that stands for the rest only for the statuses that it lists."""
        rows = operation.row["responses"]
        if str(status) in rows:
            return self.resolve(rows[str(status)])
        rest = self.resolve(rows.get("default", {}))
        return rest if status in rest.get("x-statuses", ()) else None

    def find(self, method, path):
        """The operation that is asked; None when the method is another or there is no such path."""
        for operation in self.operations:
            if operation.method == method and operation.pattern.fullmatch(path):
                return operation
        return None

    def observe(self, method, target, answer):
        """For House.observers: compares one exchange."""
        path = urlsplit(target).path
        operation = self.find("GET" if method == "HEAD" else method, path)
        self.answers += 1
        if operation:
            operation.seen.add(answer.status)
            problems = self.judge(operation, method, answer) + self.judge_question(operation, target, answer)
        else:
            problems = self.judge_stranger(method, answer)
        self.problems += [f"{method} {path}: {answer.status}: {problem}" for problem in problems]

    def judge_stranger(self, method, answer):
        """What is not described is not served."""
        if method == "OPTIONS" and answer.status == 204:
            return []
        if answer.status not in (404, 405):
            return ["this path does not take that method, by the description"]
        return self.unlike({"$ref": "#/components/schemas/Error"}, answer.json) if method != "HEAD" else []

    def judge(self, operation, method, answer):
        """What of the answer is not described. That a fault is described does not make it right."""
        if answer.status == 500:
            return ["a fault"]
        row = self.response(operation, answer.status)
        if row is None:
            return ["this status is not described"]
        problems = self.judge_headers(row, answer)
        if method == "HEAD":
            return problems
        if "content" not in row:
            return problems + (["there is a body, and none is described"] if answer.body else [])
        kind = answer.headers.get("content-type")
        if kind not in row["content"]:
            return problems + [f"the type {kind} is not described"]
        if kind != "application/json":
            return problems
        try:
            value = json.loads(answer.body, object_pairs_hook=no_twins)
        except ValueError as error:
            return problems + [str(error)]
        return problems + self.unlike(row["content"][kind]["schema"], value)

    def judge_headers(self, row, answer):
        problems = []
        rows = {name.lower(): self.resolve(header) for name, header in row.get("headers", {}).items()}
        for name, header in rows.items():
            if name in answer.headers:
                problems += [f"{name}: {p}" for p in self.unlike(header["schema"], answer.headers[name])]
            elif header.get("required"):
                problems.append(f"there is no {name}")
        return problems + [f"{name} is not described" for name in TELLING if name in answer.headers and name not in rows]

    def judge_question(self, operation, target, answer):
        """What was taken must be what is described as taken."""
        if answer.status >= 300:
            return []
        known = self.parameters(operation, "query")
        problems = [f"{name} in the query is not described"
                    for name, _ in parse_qsl(urlsplit(target).query, keep_blank_values=True) if name not in known]
        schema = self.body_schema(operation)
        if answer.sent and schema and not operation.is_signed:
            problems += [f"what was sent, {p}" for p in self.unlike(schema, json.loads(answer.sent))]
        return problems

    def take_problems(self):
        """What did not fit since this was asked last."""
        problems, self.problems = self.problems, []
        return problems


def watch(house):
    """Compares everything that the house answers from now on, where the means are there; else None."""
    if MISSING:
        print(f"# the answers are not compared with their description: there is no Python module {MISSING}")
        return None
    description = Description()
    house.observers.append(description.observe)
    return description
