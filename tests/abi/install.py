#!/usr/bin/env python3
"""An installed copy serves a program that knows of it by pkg-config only.

usage: install.py BUILD-DIR PREFIX EXAMPLE COMPILER...
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from tap import Tap

build, prefix, example, compiler = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
problems = []


def run(*command, **how):
    """The output of a command; what goes wrong is a problem of the case under way."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **how)
    except OSError as error:
        problems.append(f"{command[0]}: {error}")
        return ""
    if done.returncode:
        problems.append(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


tap = Tap()
with tempfile.TemporaryDirectory() as folder:
    top = Path(folder)
    run("meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", top / "root")
    root = top / "root" / prefix.lstrip("/")
    pc = next(root.rglob("vio.pc"), None)
    tap.case("it installs headers, both libraries and vio.pc", problems or [
        f"there is no {name}" for name in ("vio.h", "core.h", "libvio.so", "libvio.so.0", "libvio.a", "vio.pc")
        if not any(root.rglob(name))
    ])

    problems = []
    os.environ["PKG_CONFIG_PATH"] = str(pc.parent) if pc else ""
    query = ["pkg-config", f"--define-variable=prefix={root}"]
    flags = run(*query, "--cflags", "--libs", "vio").split()
    run(*compiler, "-Wall", "-Wextra", "-Werror", example, *flags, "-o", top / "shared")
    libdir = run(*query, "--variable=libdir", "vio").strip()
    run(top / "shared", cwd=folder, env={**os.environ, "LD_LIBRARY_PATH": libdir})
    tap.case("a program compiles against it, links the shared library and runs", problems)

    problems = []
    needs = run("readelf", "-d", top / "shared")
    tap.case("the program needs libvio.so.0 and none of its foundations", problems + [
        f"it needs {name}" for name in ("sqlite3", "curl", "cjson", "argon2", "mbed") if name in needs
    ] + ([] if "libvio.so.0" in needs else ["it does not need libvio.so.0"]))

    problems = []
    private = run(*query, "--print-requires-private", "vio").splitlines()
    foundations = run("pkg-config", "--libs", *private).split()
    foundations += re.findall(r"^Libs\.private: (.*)", pc.read_text() if pc else "", re.MULTILINE)[0].split()
    run(*compiler, example, *run(*query, "--cflags", "vio").split(), Path(libdir) / "libvio.a", *foundations,
        "-o", top / "static")
    (top / "clinic.db").unlink(missing_ok=True)
    run(top / "static", cwd=folder)
    if "libvio" in run("readelf", "-d", top / "static"):
        problems.append("it needs libvio.so all the same")
    tap.case("a program links the static library and runs", problems)
tap.done()
