#!/usr/bin/env python3
"""What can be counted of how the code is written: lengths, and words that must not be there.

usage: style.py SOURCE-ROOT
"""
import json
import re
import statistics
import subprocess
import sys
from pathlib import Path

root = Path(sys.argv[1]).resolve()
sys.path.insert(0, str(root / "tests" / "support"))
from tap import Tap

PRODUCT = ("libvio", "vio-httpd", "vio-cli")
FUNCTION_MEDIAN, FUNCTION_MOST, FILE_MOST = 15, 80, 800

# State of the whole process, each with the reason why it cannot live in a handle.
GLOBALS = {
    "chosen": "the allocator: SQLite, libcurl and cJSON take one allocator for the whole process",
    "pool": "libcurl starts once for the whole process, and its connections outlive any one handle",
}


def files(*folders, kinds=("*.c", "*.h")):
    return sorted(path for folder in folders for kind in kinds for path in (root / folder).rglob(kind))


def short(path):
    return Path(path).relative_to(root)


def tags(kind, paths):
    run = subprocess.run(
        ["ctags", "--languages=C", f"--kinds-C={kind}", "--fields=+neS", "--output-format=json", "-o", "-", "-L", "-"],
        input="\n".join(map(str, paths)), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def code_of(path):
    """The text with comments, strings and characters blanked out, its lines kept."""
    blank = lambda found: re.sub(r"[^\n]", " ", found[0])
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(\\.|[^"\\\n])*"|\'(\\.|[^\'\\\n])+\'', blank, path.read_text(), flags=re.DOTALL)


def matches(pattern, paths, text_of=code_of, but=()):
    return [
        f"{short(path)}:{number}: {line.strip()}"
        for path in paths
        if str(short(path)) not in but
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if re.search(pattern, line)
    ]


def backward_jumps(path):
    """Labels below which a goto of the same function leads back up."""
    problems, labels = [], {}
    for number, line in enumerate(code_of(path).splitlines(), 1):
        if line.startswith("}"):
            labels = {}
        label = re.match(r"\s*(\w+):(?!:)\s*$", line)
        if label and label[1] != "default":
            labels[label[1]] = number
        jump = re.search(r"\bgoto\s+(\w+)", line)
        if jump and jump[1] in labels:
            problems.append(f"{short(path)}:{number}: goto {jump[1]} leads back to line {labels[jump[1]]}")
    return problems


def heading_problem(path):
    """The first line says which file this is and what it is for."""
    start = path.read_text()[:200]
    names = (re.escape(path.name), re.escape(str(path.relative_to(root / "include"))) if "include" in path.parts else "$^")
    return [] if re.match(rf"/\*\s+(\*\s+)?({'|'.join(names)}) - \S", start) else [f"{short(path)} does not say what it is"]


def mutable_globals():
    return [
        f"{short(tag['path'])}:{tag['line']}: {tag['name']}"
        for tag in tags("v", files("libvio", kinds=("*.c",)))
        if not re.search(r"\bconst\b|pthread_(mutex|once)_t|_Thread_local", tag["pattern"] + tag.get("typeref", "")) and tag["name"] not in GLOBALS
    ]


tap = Tap()
everything = files(*PRODUCT, "include", "tests", "examples")
product = files(*PRODUCT, kinds=("*.c",))
library = files("libvio")
functions = [(tag["end"] - tag["line"] + 1, tag) for tag in tags("f", product) if "end" in tag]
lengths = [length for length, _ in functions] or [0]

tap.case(f"no file has more than {FILE_MOST} lines", [
    f"{short(path)} has {lines}" for path in everything if (lines := len(path.read_text().splitlines())) > FILE_MOST
])
tap.case(f"no function has more than {FUNCTION_MOST} lines", [
    f"{short(tag['path'])}:{tag['line']}: {tag['name']} has {length}" for length, tag in functions if length > FUNCTION_MOST
])
median = statistics.median(lengths)
tap.case(f"half of the functions have at most {FUNCTION_MEDIAN} lines", [f"the median is {median}"] if median > FUNCTION_MEDIAN else [])
tap.case("each file says first what it is", [p for path in files(*PRODUCT, "include") for p in heading_problem(path)])
tap.case("no goto leads backwards", [p for path in everything for p in backward_jumps(path)])
tap.case("nothing is left undone", matches(r"\b(TODO|FIXME|XXX|HACK)\b", everything, Path.read_text))
tap.case("no code of others is kept here", matches(r"(?i)copyright|spdx-|licen[cs]ed under", everything, Path.read_text))
tap.case("the library allocates through base/mem.c", matches(
    r"(?<![\w.>])(malloc|calloc|realloc|free|strn?dup|v?asprintf)\s*\(", library, but=("libvio/base/mem.c",)))
tap.case("the library prints nothing and never ends the program", matches(
    r"(?<![\w.>])(v?f?printf|f?puts|putchar|perror|_?exit|abort|_Exit)\s*\(|\b(stdout|stderr)\b", library))
tap.case("the library keeps no state outside its handles", mutable_globals())
print(f"# {len(functions)} functions, median {median}, longest {max(lengths)} lines")
tap.done()
