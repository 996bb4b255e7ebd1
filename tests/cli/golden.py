"""golden.py - what each command prints, as text and as JSON, word for word."""

import json
import subprocess

import harness
import retell
from harness import CONFLICT, DONE, NOTREADY, case, golden, main, normal, two_tenants, zone_at_noon


def both(f, name, *words, **more):
    golden(name + ".txt", f.ok(*words, **more))
    golden(name + ".json", f.ok("--json", *words, **more))


@case("tenant add")
def _(f):
    golden("tenant-add.txt", f.ok("tenant", "add", "Acme Dental", "time_zone=Europe/Berlin"))
    golden("tenant-add.json", f.ok("--json", "tenant", "add", "Bolt Dental"))
    assert f.ok("-q", "tenant", "add", "Third") == "3\n"


@case("tenant list")
def _(f):
    two_tenants(f)
    both(f, "tenant-list", "tenant", "list")
    assert f.ok("-q", "tenant", "list") == "1\n2\n"


@case("tenant show")
def _(f):
    two_tenants(f)
    both(f, "tenant-show", "-t2", "tenant", "show")
    assert f.ok("-q", "-t2", "tenant", "show") == "2\n"


@case("tenant set")
def _(f):
    two_tenants(f)
    both(f, "tenant-set", "-t1", "tenant", "set", "call_window_start=09:00",
         "retell_api_key@-", input="key_test_abcdefgh")


@case("user add")
def _(f):
    two_tenants(f)
    words = ["user", "add", "--name", "Ada Lovelace", "--role", "client_admin", "--password-stdin"]
    golden("user-add.txt", f.ok("-t1", *words, "ada@example.org", input="correct horse\n"))
    golden("user-add.json", f.ok("-t2", "--json", *words, "ada@example.org", input="correct horse\n"))


@case("contact add")
def _(f):
    two_tenants(f)
    words = ["contact", "add", "Ægir Ólafsson 李", "--phone", "+1 (415) 555-0102", "--email",
             "a@example.org", "--time", "2060-01-15T12:00:00+01:00", "--date", "2060-01-15",
             "--type", "cleaning", "--zone", "America/New_York", "--note", "Bring\nthe X-rays"]
    golden("contact-add.txt", f.ok("-t1", *words))
    golden("contact-add.json", f.ok("-t2", "--json", *words))


@case("contact list")
def _(f):
    two_tenants(f)
    f.ok("-t1", "contact", "add", "李小龙")
    both(f, "contact-list", "-t1", "contact", "list")
    assert f.ok("-qt1", "contact", "list", "--after", "1", "--limit", "1") == "2\n"
    assert f.ok("-t1", "contact", "list", "--status", "confirmed") == ""
    assert f.ok("-qt1", "contact", "list", "--status", "pending") == "1\n2\n3\n"


@case("contact show")
def _(f):
    two_tenants(f)
    both(f, "contact-show", "-t1", "contact", "show", "1")


def callable_clinic(f, url):
    """A clinic that may call now, with one person to call."""
    f.env["VIO_RETELL_URL"] = url
    f.env["VIO_TENANT"] = "1"
    (f.path / "key").write_text("key_test")
    f.ok("tenant", "add", "Acme Dental", "time_zone=Europe/Berlin", "retell_api_key@key",
         "retell_agent_id=agent_1", "retell_phone_number=+14155550100")
    f.ok("contact", "add", "Ada", "--phone", "+14155550101", "--zone", zone_at_noon(),
         "--time", "2060-01-15T12:00:00Z")


@case("call now and call show")
def _(f):
    with retell.serving() as url:
        callable_clinic(f, url)
        golden("call-now.txt", f.ok("call", "now", "1"))
        id = json.loads(f.ok("--json", "contact", "show", "1"))["calls"][0]["id"]
        both(f, "call-show", "call", "show", id)
        assert f.ok("-q", "call", "show", id) == id + "\n"
        f.no(CONFLICT, "call", "now", "1", says="call_live")


@case("step and doctor")
def _(f):
    with retell.serving() as url:
        callable_clinic(f, url)
        both(f, "step", "step", "--until-idle")
        both(f, "doctor", "doctor")
        golden("doctor-offline.txt", f.ok("doctor", "--offline"))
        assert f.ok("-q", "doctor") == f.ok("-q", "step") == ""


@case("a doctor who finds something says what to do, and is not ready")
def _(f):
    two_tenants(f)
    result = f.run("--json", "doctor")
    assert result.code == NOTREADY and result.err == "", str(result)
    findings = [json.loads(line)["finding"] for line in result.out.splitlines()]
    assert [x["check"] for x in findings if not x["ok"]] == ["retell", "retell"], findings
    assert all(bool(x["remedy"]) != x["ok"] for x in findings), findings
    assert f.ok("-q", "doctor", "--offline") == ""


@case("version")
def _(f):
    both(f, "version", "version")
    assert f.ok("--version") == f.ok("version")


@case("help without a manual prints what --help prints")
def _(f):
    golden("help.txt", f.ok("help"))
    golden("help-contact-add.txt", f.ok("contact", "add", "--help"))
    assert f.ok("help") == f.ok("--help")
    f.env["PATH"] = "/nonexistent"
    assert f.ok("help", "contact", "add") == f.ok("contact", "add", "--help")


@case("help opens the page of the command")
def _(f):
    man = f.path / "man"
    man.write_text("#!/bin/sh\necho \"page $*\"\n")
    man.chmod(0o755)
    f.env["PATH"] = f"{f.path}:/usr/bin:/bin"
    assert f.ok("help", "contact", "add") == "page vio-cli-contact-add\n"
    man.write_text("#!/bin/sh\necho 'no such page' >&2\nexit 16\n")
    assert f.ok("help", "contact", "add") == f.ok("contact", "add", "--help")
    f.no(harness.USAGE, "help", "frobnicate", says="vio-cli help")


@case("every line of JSON is an object that begins with its version")
def _(f):
    two_tenants(f)
    for words in (["tenant", "list"], ["-t1", "tenant", "show"], ["-t1", "contact", "list"],
                  ["-t1", "contact", "show", "1"], ["version"], ["step"], ["doctor", "--offline"]):
        lines = f.run("--json", *words).out.splitlines()
        assert lines
        for line in lines:
            assert line.startswith('{"version":1,') and isinstance(json.loads(line), dict), line


@case("what comes from outside cannot speak to the terminal")
def _(f):
    two_tenants(f)
    result = f.run("-t1", "contact", "add", "Eve\x1b[2J\x07\u009b31m\u202e", "--note", "a\x1b]0;x\x07\nb")
    if result.code == DONE:
        for words in (["contact", "list"], ["contact", "show", "3"]):
            out = f.ok("-t1", *words)
            assert not any(ord(c) < 32 and c != "\n" or 127 <= ord(c) < 160 for c in out), repr(out)
    err = f.no(harness.USAGE, "no\x1b[2Jsuch")
    assert "\x1b" not in err


@case("a reader who stops listening is no error to shout about")
def _(f):
    two_tenants(f)
    line = f"{harness.PROGRAM} -t1 --json contact list | true"
    result = subprocess.run(["sh", "-c", line], cwd=f.path, env=f.env, capture_output=True, text=True)
    assert result.stderr == "", result.stderr


main()
