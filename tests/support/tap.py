"""TAP for the checks that are written in Python."""
import re
import sys
from pathlib import Path


class Tap:
    """Counts cases; a case passes when it found no problem."""

    def __init__(self):
        self.cases = 0
        self.failed = 0

    def case(self, name, problems):
        self.cases += 1
        self.failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.cases} - {name}", flush=True)
        for problem in problems:
            print(f"{name}: {problem}", file=sys.stderr)

    def skip(self, name, reason):
        self.cases += 1
        print(f"ok {self.cases} - {name} # SKIP {reason}", flush=True)

    def done(self):
        print(f"1..{self.cases}")
        sys.exit(1 if self.failed or not self.cases else 0)


def public_functions(include):
    """The functions marked VIO_API in the headers: {name: (header, return type, comment above)}."""
    functions = {}
    for header in sorted(Path(include).rglob("*.h")):
        text = header.read_text()
        for found in re.finditer(r"^VIO_API\s+([^;]*?)\b(vio_\w+)\s*\([^;]*;", text, re.MULTILINE):
            above = text[: found.start()].rstrip()
            comment = above[above.rfind("/**") :] if above.endswith("*/") else ""
            functions[found[2]] = (header, found[1].strip(), " ".join(comment.replace("*", " ").split()))
    return functions
