"""secret.py - passwords and keys: never an argument, never shown, never asked for in the dark."""

import os
import pty
import select
import subprocess
import termios
import time

import harness
from harness import FAILED, NOTFOUND, USAGE, Skip, case, main, two_tenants

KEY = "key_5ecre7-5ecre7-5ecre7-wxyz"
ADD = ["-t1", "user", "add", "ada@example.org", "--name", "Ada"]


@case("a secret on the command line is refused, and not repeated")
def _(f):
    two_tenants(f)
    err = f.no(USAGE, "-t1", "tenant", "set", f"retell_api_key={KEY}", says="retell_api_key@FILE")
    assert KEY not in err
    err = f.no(USAGE, "tenant", "add", "Third", f"retell_api_key={KEY}", says="retell_api_key@FILE")
    assert KEY not in err
    assert f.ok("-q", "tenant", "list") == "1\n2\n"


@case("a word that is no setting is not repeated: it may be a secret gone astray")
def _(f):
    two_tenants(f)
    for word in (KEY, f"retell_key={KEY}", f"{KEY}=x", f"={KEY}", "@x"):
        assert KEY not in f.no(USAGE, "-t1", "tenant", "set", word)
    assert KEY not in f.no(USAGE, *ADD, KEY)


@case("a secret comes from a file or standard input, and only its end is shown")
def _(f):
    two_tenants(f)
    (f.path / "key").write_text(KEY + "\n")
    outs = [f.ok("-t1", "tenant", "set", "retell_api_key@key"),
            f.ok("-t1", "tenant", "set", "cal_com_api_key@-", input=KEY + "\r\n"),
            f.ok("-t1", "tenant", "show"), f.ok("-j", "-t1", "tenant", "show")]
    for out in outs:
        assert KEY not in out and KEY[:12] not in out and "wxyz" in out, out
    for file in f.path.glob("vio.db*"):
        assert KEY.encode() not in file.read_bytes(), file


@case("an ordinary setting may come from a file too")
def _(f):
    two_tenants(f)
    (f.path / "prompt").write_text("Speak slowly.\nBe kind.\n")
    assert "Speak slowly. Be kind." in f.ok("-t1", "tenant", "set", "voice_agent_prompt@prompt")


@case("a setting is cleared by an empty value")
def _(f):
    two_tenants(f)
    f.ok("-t1", "tenant", "set", "retell_api_key@-", input=KEY)
    assert "wxyz" not in f.ok("-t1", "tenant", "set", "retell_api_key=")


@case("an empty file clears nothing")
def _(f):
    two_tenants(f)
    f.no(USAGE, "-t1", "tenant", "set", "retell_api_key@-", input="\n", says="retell_api_key=")
    f.no(USAGE, "-t1", "tenant", "set", "retell_api_key@-", "cal_com_api_key@-", input=KEY)


@case("settings are taken all or none")
def _(f):
    two_tenants(f)
    f.no(USAGE, "-t1", "tenant", "set", "name=Changed", "time_zone=Mars/Base", says="time_zone")
    f.no(USAGE, "-t1", "tenant", "set", "name=Changed", "name=Again", says="twice")
    assert "Changed" not in f.ok("-t1", "tenant", "show")


@case("a file that is not there, a directory, and a file with zero bytes are refused")
def _(f):
    two_tenants(f)
    (f.path / "zero").write_bytes(b"a\0b")
    (f.path / "big").write_bytes(b"a" * 70000)
    f.no(NOTFOUND, "-t1", "tenant", "set", "retell_api_key@nowhere", says="nowhere")
    f.no(FAILED, "-t1", "tenant", "set", "retell_api_key@/", says="/")
    f.no(USAGE, "-t1", "tenant", "set", "retell_api_key@zero", says="zero byte")
    f.no(FAILED, "-t1", "tenant", "set", "retell_api_key@big", says="big")
    f.no(USAGE, "-t1", "tenant", "set", "retell_api_key@", says="retell_api_key@")


@case("a password comes from a file or standard input, and is never shown")
def _(f):
    two_tenants(f)
    (f.path / "pw").write_text("correct horse\n")
    assert "correct" not in f.ok(*ADD, "--password-file=pw")
    out = f.ok("--json", "user", "add", "root@example.org", "--name", "R", "--role", "super_admin",
               "--password-stdin", input="battery staple\n")
    assert "battery" not in out and '"tenantId":null' in out


@case("a password that is too short is refused and not repeated")
def _(f):
    two_tenants(f)
    assert "short" not in f.no(USAGE, *ADD, "--password-stdin", input="sh0rt\n").replace("too short", "")


@case("two sources of one password are refused")
def _(f):
    two_tenants(f)
    f.no(USAGE, *ADD, "--password-stdin", "--password-file=x", says="exclude")


@case("without a terminal nothing is asked")
def _(f):
    two_tenants(f)
    f.no(USAGE, *ADD, says="--password-file")
    f.no(USAGE, *ADD, input="long enough\nlong enough\n", says="--password-stdin")


def at_terminal(f, words, typed):
    """Runs vio-cli at a terminal; types a line at each prompt. Gives exit code and what is seen."""
    try:
        pid, fd = pty.fork()
    except OSError as why:
        raise Skip(f"no terminal can be made here: {why}") from None
    if pid == 0:
        os.chdir(f.path)
        os.execve(harness.PROGRAM, [harness.PROGRAM, *words], f.env)
    seen, waiting, deadline = b"", list(typed), time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([fd], [], [], 1)
        try:
            chunk = os.read(fd, 4096) if ready else b""
        except OSError:
            break
        if ready and not chunk:
            break
        seen += chunk
        if waiting and seen.rstrip(b" ").endswith(b":"):
            os.write(fd, waiting.pop(0))
    assert termios.tcgetattr(fd)[3] & termios.ECHO, "the echo is off"
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen.decode()


@case("at a terminal the password is asked for twice, without echo")
def _(f):
    two_tenants(f)
    code, seen = at_terminal(f, ADD, [b"correct horse\n", b"correct horse\n"])
    assert code == 0 and "Password: " in seen and "correct" not in seen, seen
    assert "ada@example.org" in seen


@case("two passwords that differ are refused")
def _(f):
    two_tenants(f)
    code, seen = at_terminal(f, ADD, [b"correct horse\n", b"correct house\n"])
    assert code == USAGE and "differ" in seen and "correct" not in seen, seen


@case("Ctrl-C at the prompt stops, with the echo on again")
def _(f):
    two_tenants(f)
    code, seen = at_terminal(f, ADD, [b"corr\x03"])
    assert code == FAILED and "no password" in seen and "corr" not in seen, seen


@case("nobody is asked before the tenant is known to be there")
def _(f):
    two_tenants(f)
    code, seen = at_terminal(f, ["-t9"] + ADD[1:], [])
    assert code == NOTFOUND and "Password" not in seen, seen


@case("no command line of a running vio-cli holds a secret")
def _(f):
    two_tenants(f)
    process = subprocess.Popen([harness.PROGRAM, *ADD, "--password-stdin"], cwd=f.path, env=f.env,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with open(f"/proc/{process.pid}/cmdline", "rb") as line:
        assert b"correct" not in line.read()
    process.communicate(b"correct horse\n")
    assert process.returncode == 0


main()
