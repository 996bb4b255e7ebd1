#!/usr/bin/env python3
"""A seed can be replayed: replayed.py VIO-SIM. The totals hold a hash of everything that happened. TAP."""
import re
import subprocess
import sys


def run(*args):
    return subprocess.run([sys.argv[1], "--days", "1", *args], capture_output=True, text=True, check=True).stdout


def hash_of(totals):
    return int(re.search(r"^history ([0-9a-f]{16})$", totals, re.M)[1], 16)


def main():
    once, other = run("--seed", "3"), run("--seed", "4")
    both = run("--seeds", "2", "--from", "3")
    cases = [
        ("the same seed twice is the same history", once == run("--seed", "3")),
        ("another seed is another history", hash_of(once) != hash_of(other)),
        ("what ran before a seed does not matter", hash_of(both) == (hash_of(once) + hash_of(other)) % 2**64),
    ]
    print(f"1..{len(cases)}")
    for number, (name, holds) in enumerate(cases, 1):
        print(f"{'ok' if holds else 'not ok'} {number} - {name}")
    return 0 if all(holds for _, holds in cases) else 1


sys.exit(main())
