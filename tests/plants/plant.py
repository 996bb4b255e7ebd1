#!/usr/bin/env python3
"""Copies a source with faults planted in it: in.c out.c OLD NEW [OLD NEW ...]. Each OLD must stand there exactly once."""
import sys
from pathlib import Path

source, copy, *pairs = sys.argv[1:]
text = Path(source).read_text()
for old, new in zip(pairs[::2], pairs[1::2], strict=True):
    if text.count(old) != 1:
        sys.exit(f"{source}: the place for the fault is there {text.count(old)} times: {old}")
    text = text.replace(old, new)
Path(copy).write_text(text)
