#!/usr/bin/env python3
"""What is written for people is there, well formed, and true where that can be tried.

usage: docs.py SOURCE-ROOT SHARED-LIBRARY COMPILER...
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

root, library, compiler = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3:]
sys.path.insert(0, str(root / "tests" / "support"))
from tap import Tap, public_functions

# Functions whose int is no error number.
NO_ERRORS = {"vio_tenant_refusal": "gives a reason, an enum vio_reason"}


def says_errors(name, kind, comment):
    """An int that is no getter's says which errors it can be, or whose it shares."""
    if kind != "int" or "_get_" in name or name in NO_ERRORS:
        return True
    return bool(re.search(r"Errors?:|No error|otherwise as vio_\w+\(\)", comment))


def readme_program():
    """The first C program of the README compiles without a warning and runs."""
    block = re.search(r"^```c\n(.*?)^```", (root / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    if not block:
        return ["README.md shows no C program"]
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder, "readme.c"), Path(folder, "readme")
        source.write_text(block[1])
        build = subprocess.run(
            [*compiler, "-Wall", "-Wextra", "-Werror", "-I", root / "include", source, library, "-o", program],
            capture_output=True, text=True)
        if build.returncode:
            return [build.stderr]
        run = subprocess.run([program], cwd=folder, capture_output=True, text=True,
                             env={**os.environ, "LD_LIBRARY_PATH": str(library.parent)})
        return [run.stdout + run.stderr] if run.returncode else []


def page_problems(page):
    """A page passes scdoc, and mandoc has no warning for what the page, not scdoc, has done."""
    made = subprocess.run(["scdoc"], input=page.read_bytes(), capture_output=True)
    if made.returncode:
        return [made.stderr.decode()]
    lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning"], input=made.stdout, capture_output=True)
    return [line for line in lint.stdout.decode().splitlines() if "skipping paragraph macro" not in line]


def dead_links(page):
    """Relative links of a Markdown file that lead nowhere."""
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text())
    return [f"{page.relative_to(root)} links to {link}" for link in links if not (page.parent / link).exists()]


tap = Tap()
functions = public_functions(root / "include")
tap.case("each public function is described", [name for name, (_, _, comment) in functions.items() if not comment])
tap.case("each public function says since when", [
    name for name, (_, _, comment) in functions.items() if not re.search(r"Since: \d+\.\d+", comment)
])
tap.case("each public function that returns int says its errors", [
    name for name, (_, kind, comment) in functions.items() if not says_errors(name, kind, comment)
])
tap.case("the umbrella header includes every header", [
    f"vio/{path.name}" for path in sorted((root / "include" / "vio").glob("*.h"))
    if f"<vio/{path.name}>" not in (root / "include" / "vio.h").read_text()
])
tap.case("the program of the README compiles and runs", readme_program())
tap.case("no link of a document is dead", [
    problem for page in [*root.glob("*.md"), *(root / "doc").rglob("*.md")] for problem in dead_links(page)
])
tap.case("HACKING.md is one page", [] if len((root / "HACKING.md").read_text().splitlines()) <= 120 else ["it is longer"])
if shutil.which("scdoc") and shutil.which("mandoc"):
    for page in sorted((root / "doc").rglob("*.scd")):
        tap.case(f"{page.name} is well formed", page_problems(page))
tap.done()
