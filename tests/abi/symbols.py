#!/usr/bin/env python3
"""The headers, the version script and the shared library name the same functions.

usage: symbols.py INCLUDE-DIR VERSION-SCRIPT SHARED-LIBRARY
"""
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from tap import Tap, public_functions


def differences(here, there, what):
    return [f"{name} {what}" for name in sorted(set(here) - set(there))]


include, script, library = sys.argv[1:]
tap = Tap()

in_headers = set(public_functions(include))
nodes = re.findall(r"^([\w.]+)\s*\{(.*?)\}", Path(script).read_text(), re.DOTALL | re.MULTILINE)
in_script = [name for _, body in nodes for name in re.findall(r"\b(vio_\w+)\s*;", body)]
symbols = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
exported = [line.split()[2].partition("@") for line in symbols.splitlines() if line.split()[1] != "A"]
in_library = {name for name, _, _ in exported if not name.startswith("__")}

tap.case("each public function is in the version script", differences(in_headers, in_script, "is missing in libvio.map"))
tap.case("the version script names public functions only", differences(in_script, in_headers, "is in no header"))
tap.case("the version script names each function once", [n for n in set(in_script) if in_script.count(n) > 1])
tap.case("the version script is in order", [] if all(
    names == sorted(names) for names in ([n for n in re.findall(r"\b(vio_\w+)\s*;", body)] for _, body in nodes)
) else ["the names of a node are not sorted"])
tap.case("each public function is in the library", differences(in_headers, in_library, "is declared, but not there"))
tap.case("the library exports public functions only", differences(in_library, in_headers, "is exported, but in no header"))
tap.case("each symbol carries the version of its node", [
    f"{name} has no version" for name, _, version in exported if name in in_headers and not version
])
tap.done()
