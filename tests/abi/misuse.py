#!/usr/bin/env python3
"""What must not compile does not, for the reason given, and its right twin does.

Each file of misuse/ holds both under #ifdef RIGHT; its first line ends with the compilers' words
for the mistake, alternatives parted by "|".
usage: misuse.py INCLUDE-DIR COMPILER...
"""
import re
import subprocess
import sys
from pathlib import Path

here = Path(__file__).parent
sys.path.insert(0, str(here.parent / "support"))
from tap import Tap

include, compiler = sys.argv[1], sys.argv[2:]
FLAGS = ["-std=gnu11", "-fsyntax-only", "-Werror=incompatible-pointer-types", "-I", include]

tap = Tap()
for source in sorted((here / "misuse").glob("*.c")):
    story, words = re.fullmatch(r"/\* (.*): (.*) \*/", source.read_text().splitlines()[0]).groups()
    wrong = subprocess.run([*compiler, *FLAGS, source], capture_output=True, text=True)
    right = subprocess.run([*compiler, *FLAGS, "-DRIGHT", source], capture_output=True, text=True)
    expected = wrong.returncode and re.search(words, wrong.stderr)
    tap.case(f"{story} does not compile", [] if expected else [f"expected {words}: {wrong.stderr or 'it compiled'}"])
    tap.case(f"{story}: the right twin compiles", [right.stderr] if right.returncode else [])
tap.done()
