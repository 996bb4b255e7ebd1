#!/usr/bin/env python3
"""The project works as a subproject of another.

usage: subproject.py SOURCE-ROOT
"""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

here = Path(__file__).parent
sys.path.insert(0, str(here.parent / "support"))
from tap import Tap

tap = Tap()
with tempfile.TemporaryDirectory() as folder:
    top = Path(folder)
    shutil.copytree(here / "subproject", top, dirs_exist_ok=True)
    (top / "subprojects").mkdir()
    (top / "subprojects" / "vio").symlink_to(Path(sys.argv[1]).resolve())
    for name, command in (
        ("it configures", ["meson", "setup", top / "build", top, "--wrap-mode=nodownload", "-Dbuildtype=plain"]),
        ("it builds", ["ninja", "-C", top / "build", "clinic"]),
        ("its program runs", [top / "build" / "clinic"]),
    ):
        run = subprocess.run(command, capture_output=True, text=True)
        tap.case(f"as a subproject {name}", [run.stdout + run.stderr] if run.returncode else [])
tap.done()
