"""harness.py - runs vio-cli in folders of its own and says in TAP how it went.

A test file makes cases with @case("a sentence") and ends with harness.main(). Each case gets a
fresh Folder, in which no environment variable and no file of the machine speaks for vio-cli.
"""

import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import traceback

PROGRAM = os.environ["VIO_CLI"]
SOURCE = pathlib.Path(__file__).parent
GOLDEN = SOURCE / "golden"

DONE, FAILED, USAGE, NOTFOUND, CONFLICT, NOTREADY = range(6)

_cases = []


class Skip(Exception):
    """Raised by a case that this machine cannot run."""


def case(sentence):
    def keep(function):
        _cases.append((sentence, function))
        return function
    return keep


def main():
    print(f"1..{len(_cases)}")
    for number, (sentence, function) in enumerate(_cases, 1):
        try:
            with Folder() as folder:
                function(folder)
            print(f"ok {number} - {sentence}")
        except Skip as why:
            print(f"ok {number} - {sentence} # SKIP {why}")
        except Exception:
            print(f"not ok {number} - {sentence}")
            for line in traceback.format_exc().splitlines():
                print("# " + line)
        sys.stdout.flush()


class Result:
    def __init__(self, words, process):
        self.words = words
        self.code = process.returncode
        self.out = process.stdout
        self.err = process.stderr

    def __str__(self):
        return f"{self.words}\nexit {self.code}\nstdout: {self.out}\nstderr: {self.err}"


class Folder:
    """An empty folder; database and secret have their default names in it."""

    def __enter__(self):
        self._temporary = tempfile.TemporaryDirectory(prefix="vio-cli-test-")
        self.path = pathlib.Path(self._temporary.name)
        self.env = {"PATH": "/usr/bin:/bin", "HOME": str(self.path)}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        return self

    def __exit__(self, *_):
        self._temporary.cleanup()

    def run(self, *words, input="", env=None, user=None):
        """Runs vio-cli. Standard input is never a terminal, and nor is anything else."""
        process = subprocess.run(
            [PROGRAM, *map(str, words)], cwd=self.path, env={**self.env, **(env or {})},
            input=input, capture_output=True, text=True, timeout=120, start_new_session=True,
            user=user)
        if "Sanitizer" in process.stderr or "runtime error" in process.stderr:
            raise AssertionError(process.stderr)
        return Result(words, process)

    def ok(self, *words, **more):
        """Runs it and wants success and silence on stderr. Returns what it printed."""
        result = self.run(*words, **more)
        assert result.code == DONE and result.err == "", str(result)
        return result.out

    def no(self, code, *words, says=None, **more):
        """Runs it and wants this exit code, one line on stderr, nothing on stdout."""
        result = self.run(*words, **more)
        assert result.code == code, f"expected exit {code}: {result}"
        assert re.fullmatch(r"vio-cli: [^\n]+\n", result.err), f"not one line: {result}"
        assert result.out == "", str(result)
        if says:
            assert says in result.err, f"expected {says!r}: {result}"
        return result.err


def two_tenants(folder):
    """Two clinics with the same people: same names, same numbers, and so the same ids."""
    for tenant, name in ((1, "Acme Dental"), (2, "Bolt Dental")):
        folder.ok("tenant", "add", name, "time_zone=Europe/Berlin")
        for person, number in (("Ada Lovelace", "+14155550101"), ("Grace Hopper", "+14155550105")):
            folder.ok("--tenant", tenant, "contact", "add", person, "--phone", number,
                      "--time", "2060-01-15T09:30:00Z", "--type", "check-up")


def zone_at_noon():
    """A zone where it is between 11 and 13 o'clock now, so that calls are allowed."""
    east = 12 - datetime.datetime.now(datetime.timezone.utc).hour
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


def normal(text):
    """Replaces what differs between two runs, in the same width: times that are now, and UUIDs."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}",
                  "########-####-7###-####-############", text)
    text = re.sub(r"20[0-57-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", "####-##-##T##:##:##Z", text)
    text = re.sub(r"20[0-57-9]\d-\d\d-\d\d( \d\d:\d\d(:\d\d)?)",
                  lambda m: "####-##-##" + re.sub(r"\d", "#", m[1]), text)
    return re.sub(r"Etc/GMT([+-]\d+)?", "Etc/GMT", text)


def golden(name, text):
    """Compares with a file; VIO_WRITE_GOLDEN=1 writes it instead, for a person to look at."""
    path = GOLDEN / name
    text = normal(text)
    if os.environ.get("VIO_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    expected = path.read_text(encoding="utf-8")
    assert text == expected, f"{name} differs; expected:\n{expected}\ngot:\n{text}"


def command_names():
    return os.environ["VIO_CLI_COMMANDS"].split()
