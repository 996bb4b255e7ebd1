"""pages.py - the manual says what the program does: synopsis, options, exit codes, examples."""

import os
import pathlib
import re
import shutil
import subprocess

import harness
from harness import Skip, case, command_names, golden, main

DOC = pathlib.Path(os.environ["VIO_DOC"])
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES", "SEE ALSO"]


def page(name):
    return (DOC / f"vio-cli-{name}.1.scd").read_text(encoding="utf-8")


def section(text, title):
    return re.search(rf"^# {title}\n\n(.*?)(?=^# |\Z)", text, re.M | re.S)[1].strip()


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"[*_]", "", text)).strip()


def help_of(f, name):
    return f.ok(*name.split("-"), "--help")


@case("every command has a page, and every page a command")
def _(f):
    pages = {p.name[len("vio-cli-"):-len(".1.scd")] for p in DOC.glob("vio-cli-*.1.scd")}
    assert pages == set(command_names()), pages ^ set(command_names())


@case("every command has a case of its own in the tests")
def _(f):
    text = "".join(p.read_text(encoding="utf-8") for p in harness.SOURCE.glob("*.py"))
    for name in command_names():
        words = '", "'.join(name.split("-"))
        assert f'"{words}"' in text, name


@case("pages have their sections in order")
def _(f):
    for name in command_names():
        assert re.findall(r"^# (.*)$", page(name), re.M) == SECTIONS, name


@case("the first line of --help is the synopsis of the page")
def _(f):
    for name in command_names():
        usage = plain(help_of(f, name).split("\n\n")[0]).removeprefix("Usage: ")
        assert usage == plain(section(page(name), "SYNOPSIS")), (name, usage)


@case("the summary is the same in --help, in the list of commands, and on the page")
def _(f):
    overview = f.ok("--help")
    for name in command_names():
        summary = help_of(f, name).split("\n\n")[1].rstrip(".\n")
        on_page = plain(section(page(name), "NAME")).split(" - ", 1)[1]
        assert on_page == summary[0].lower() + summary[1:], (on_page, summary)
        assert re.search(rf"^  {name.replace('-', ' ')} +{re.escape(summary)}$", overview, re.M), name


@case("every option of --help stands on the page, and no other")
def _(f):
    for name in command_names():
        own = re.search(r"Options:\n(.*?)\n\n", help_of(f, name), re.S)
        offered = re.findall(r"^ +(?:-(\w), )?--([a-z-]+)(?:=(\S+))?", own[1], re.M) if own else []
        described = re.findall(r"^(?:\*-(\w)\*, )?\*--([a-z-]+)\*(?:=_([^_]+)_)?$",
                               section(page(name), "OPTIONS"), re.M)
        assert offered == described, (name, offered, described)


@case("vio-cli(1) names every command and every common option")
def _(f):
    text = (DOC / "vio-cli.1.scd").read_text(encoding="utf-8")
    for name in command_names():
        assert f"*vio-cli-{name}*(1)" in section(text, "COMMANDS"), name
    common = re.search(r"Options of every command:\n(.*?)\n\n", f.ok("--help"), re.S)[1]
    for option in re.findall(r"--([a-z-]+)", common):
        assert f"*--{option}*" in section(text, "OPTIONS"), option


@case("the exit codes of every page are among those of vio-cli(1)")
def _(f):
    text = (DOC / "vio-cli.1.scd").read_text(encoding="utf-8")
    known = re.findall(r"^\*(\d)\*$", section(text, "EXIT STATUS"), re.M)
    assert known == list("012345")
    for name in command_names():
        codes = re.findall(r"^\*(\d)\*$", section(page(name), "EXIT STATUS"), re.M)
        assert codes and codes == sorted(set(codes)) and set(codes) <= set(known), (name, codes)


@case("every see-also of ours is a page that exists")
def _(f):
    known = {p.name.removesuffix(".scd") for p in DOC.glob("*.scd")} | {"vio-httpd.8", "man.1"}
    for path in DOC.glob("*.scd"):
        text = section(path.read_text(encoding="utf-8"), "SEE ALSO")
        for name, number in re.findall(r"\*([a-z-]+)\*\((\d)\)", text):
            assert f"{name}.{number}" in known, (path.name, name)


def made(f, path):
    if not shutil.which("scdoc"):
        raise Skip("scdoc is not installed")
    target = f.path / path.name.removesuffix(".scd")
    with open(path, encoding="utf-8") as source, open(target, "w", encoding="utf-8") as to:
        subprocess.run(["scdoc"], stdin=source, stdout=to, check=True)
    return target


@case("mandoc finds no fault in the pages")
def _(f):
    if not shutil.which("mandoc"):
        raise Skip("mandoc is not installed")
    for path in sorted(DOC.glob("*.scd")):
        lint = subprocess.run(["mandoc", "-Tlint", made(f, path)], capture_output=True, text=True)
        # scdoc makes paragraphs without text and long lines; both are matters of taste.
        faults = [line for line in lint.stdout.splitlines()
                  if "STYLE:" not in line and "skipping paragraph macro" not in line]
        assert not faults, faults


@case("the example of libvio(3) compiles, runs, and prints what it should")
def _(f):
    text = (DOC / "libvio.3.scd").read_text(encoding="utf-8")
    code = re.search(r"```\n(#include <stdio.h>.*?)```", section(text, "EXAMPLES"), re.S)[1]
    (f.path / "example.c").write_text(code.replace("\\\\", "\\"), encoding="utf-8")
    library = pathlib.Path(os.environ["VIO_LIBRARY"])
    compiler = os.environ["VIO_CC"].split("|")
    subprocess.run([*compiler, "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror",
                    "-I", os.environ["VIO_INCLUDE"], "example.c", "-o", "example",
                    "-L", library.parent, "-lvio", f"-Wl,-rpath,{library.parent}"],
                   cwd=f.path, check=True)
    ran = subprocess.run(["./example"], cwd=f.path, env=f.env, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "Grace Hopper: pending\n", ""), ran


main()
