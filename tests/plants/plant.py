#!/usr/bin/env python3
"""Copies a source with one fault planted in it: in.c out.c OLD NEW. OLD must stand there exactly once."""
import sys
from pathlib import Path

source, copy, old, new = sys.argv[1:]
text = Path(source).read_text()
if text.count(old) != 1:
    sys.exit(f"{source}: the place for the fault is there {text.count(old)} times: {old}")
Path(copy).write_text(text.replace(old, new))
