#!/usr/bin/env python3
"""Each header compiles alone: as C99, as C17 and as C++, without a warning.

usage: headers.py INCLUDE-DIR COMPILER... -- C++-COMPILER...
"""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from tap import Tap

include = Path(sys.argv[1])
split = sys.argv.index("--")
c, cxx = sys.argv[2:split], sys.argv[split + 1 :]
LANGUAGES = {
    "C99": [*c, "-x", "c", "-std=c99", "-Wstrict-prototypes"],
    "C17": [*c, "-x", "c", "-std=c17", "-Wstrict-prototypes"],
    "C++11": [*cxx, "-x", "c++", "-std=c++11"],
}
WARNINGS = ["-pedantic", "-Wall", "-Wextra", "-Wundef", "-Werror"]

tap = Tap()
for header in sorted(include.rglob("*.h")):
    name = header.relative_to(include)
    for language, command in LANGUAGES.items():
        if not command[0].strip():
            continue
        run = subprocess.run(
            [*command, *WARNINGS, "-fsyntax-only", "-I", include, "-"],
            input=f"#include <{name}>\n", capture_output=True, text=True)
        tap.case(f"{name} compiles alone as {language}", [run.stderr] if run.returncode else [])
tap.done()
