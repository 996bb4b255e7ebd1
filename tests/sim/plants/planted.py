#!/usr/bin/env python3
"""Every planted fault is found: planted.py SEEDS NAME PROGRAM [NAME PROGRAM ...]. TAP."""
import os
import re
import subprocess
import sys

FOUND = re.compile(r"^seed (\d+) fails at step \d+: (.*)$", re.M)


def look(program, seeds):
    """The number of the seed that found the fault, and what it saw; or None."""
    run = subprocess.run([program, "--seeds", seeds, "--days", "2"], capture_output=True, text=True,
                         env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
    found = FOUND.search(run.stdout)
    return (int(found[1]), found[2]) if run.returncode == 1 and found else None


def main():
    seeds, *pairs = sys.argv[1:]
    plants = list(zip(pairs[::2], pairs[1::2], strict=True))
    print(f"1..{len(plants)}")
    failures = 0
    for number, (name, program) in enumerate(plants, 1):
        found = look(program, seeds)
        failures += not found
        seen = f"by seed {found[0]} of {seeds}: {found[1]}" if found else f"not found by {seeds} seeds"
        print(f"{'ok' if found else 'not ok'} {number} - {name} is found", flush=True)
        print(f"# {seen}", flush=True)
    return 1 if failures else 0


sys.exit(main())
