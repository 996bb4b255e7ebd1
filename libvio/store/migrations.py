#!/usr/bin/env python3
"""Writes the numbered migrations, given in order, as one C file: out.c 0001_a.sql 0002_b.sql ..."""
import json
import pathlib
import sys

out, *scripts = map(pathlib.Path, sys.argv[1:])
lines = ['/* Made from the files in migrations/. */', '#include "store/migrate.h"', '']
for number, script in enumerate(scripts, start=1):
    if int(script.name.split('_')[0]) != number:
        sys.exit(f'{script.name}: expected number {number}')
    lines.append(f'static const char script_{number}[] =')
    lines += [f'    {json.dumps(line)}' for line in script.read_text().splitlines(keepends=True)]
    lines[-1] += ';'
lines += ['', 'static const char *const scripts[] = {']
lines += [f'    script_{number},' for number in range(1, len(scripts) + 1)]
lines += ['};', '', f'const struct migrations migrations = {{scripts, {len(scripts)}}};']
out.write_text('\n'.join(lines) + '\n')
