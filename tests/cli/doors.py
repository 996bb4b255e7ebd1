"""doors.py - every command before a door that does not open: the database, the secret, the tenant."""

import os
import shutil
import sqlite3
import stat

from harness import (CONFLICT, DONE, FAILED, NOTFOUND, NOTREADY, PROGRAM, USAGE, Skip, case, main,
                     two_tenants)

CALL = "0193a1b2-6f3c-7a10-9d55-3b1f0c9e7a42"

# One line per command that opens the database, as it is typed when all is well.
COMMANDS = [
    ["tenant", "add", "Acme"],
    ["tenant", "list"],
    ["tenant", "show", "-t1"],
    ["tenant", "set", "-t1", "time_zone=Europe/Paris"],
    ["user", "add", "-t1", "a@example.org", "--name", "A", "--password-stdin"],
    ["contact", "add", "-t1", "Ada"],
    ["contact", "list", "-t1"],
    ["contact", "show", "-t1", "1"],
    ["call", "now", "-t1", "1"],
    ["call", "show", "-t1", CALL],
    ["step"],
    ["doctor", "--offline"],
]
WITHOUT_DATABASE = {"help", "version"}
CREATES = ["tenant", "add", "Acme"]


@case("the list of this file has every command")
def _(f):
    listed = {"-".join(c[:2]) if len(c) > 1 and c[1].isalpha() else c[0] for c in COMMANDS}
    assert listed | WITHOUT_DATABASE == set(os.environ["VIO_CLI_COMMANDS"].split()), listed


def each(f, code, says, commands=COMMANDS, **more):
    for words in commands:
        f.no(code, *words, says=says, input="long enough\n", **more)


@case("without a database every command but 'tenant add' says so and makes none")
def _(f):
    each(f, NOTFOUND, "there is no database vio.db", [c for c in COMMANDS if c != CREATES])
    assert list(f.path.iterdir()) == []


@case("'tenant add' makes database and secret, for the owner only")
def _(f):
    f.ok(*CREATES)
    assert stat.S_IMODE((f.path / "vio.db.secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((f.path / "vio.db").stat().st_mode) & 0o007 == 0


@case("'tenant add' in a folder that is not there says so")
def _(f):
    f.no(FAILED, "--db=nowhere/vio.db", *CREATES)


@case("a directory is no database")
def _(f):
    (f.path / "vio.db").mkdir()
    each(f, FAILED, "is not a file")


@case("a path through a file is no database")
def _(f):
    (f.path / "file").write_text("x")
    each(f, FAILED, "file/vio.db", env={"VIO_DB": "file/vio.db"})


@case("a file that is no database is refused and left as it is")
def _(f):
    f.ok(*CREATES)
    for junk in (f.path.glob("vio.db-*")):
        junk.unlink()
    (f.path / "vio.db").write_text("this is a letter to my aunt\n" * 100)
    each(f, FAILED, "vio.db")
    assert (f.path / "vio.db").read_text().startswith("this is a letter")


@case("a database of a newer version is refused and left as it is")
def _(f):
    two_tenants(f)
    with sqlite3.connect(f.path / "vio.db") as db:
        db.execute("PRAGMA user_version = 99999")
    db.close()
    each(f, NOTREADY, "vio-cli that is as new")
    with sqlite3.connect(f.path / "vio.db") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (99999,)
        assert db.execute("SELECT count(*) FROM tenants").fetchone() == (2,)
    db.close()


@case("a database that cannot be written is refused")
def _(f):
    two_tenants(f)
    other = None
    if os.getuid() == 0:
        # Permissions mean nothing to root, so somebody else has to try.
        other = 65534
        shutil.chown(f.path / "vio.db.secret", other)
        os.chmod(f.path, 0o555)
        try:
            if f.run("version", user=other).code != DONE:
                raise Skip("no other user may run the program")
        except PermissionError:
            raise Skip("no other user may run the program")
    (f.path / "vio.db").chmod(0o444)
    (f.path).chmod(0o555)
    try:
        each(f, FAILED, "vio.db", user=other)
    finally:
        (f.path).chmod(0o755)


@case("without its secret a database is not opened, and no new secret is made")
def _(f):
    two_tenants(f)
    (f.path / "vio.db.secret").unlink()
    each(f, NOTFOUND, "vio.db.secret")
    assert not (f.path / "vio.db.secret").exists()


@case("a secret that others can read is refused")
def _(f):
    two_tenants(f)
    (f.path / "vio.db.secret").chmod(0o644)
    each(f, FAILED, "0600")


@case("a secret that is none is refused")
def _(f):
    two_tenants(f)
    (f.path / "vio.db.secret").write_text("hunter2\n")
    for words in COMMANDS:
        err = f.no(USAGE, *words, says="64 hexadecimal", input="long enough\n")
        assert "hunter2" not in err


@case("the secret of another database is refused")
def _(f):
    two_tenants(f)
    (f.path / "vio.db.secret").write_text("ab" * 32)
    each(f, USAGE, "--secret-file")


@case("a tenant that is not there is not found")
def _(f):
    two_tenants(f)
    each(f, NOTFOUND, "there is no tenant 3",
         [[w.replace("-t1", "-t3") for w in c] for c in COMMANDS if "-t1" in c])


@case("a contact of nobody is not found")
def _(f):
    two_tenants(f)
    f.no(NOTFOUND, "-t1", "contact", "show", 99, says="contact list")
    f.no(NOTFOUND, "-t1", "call", "now", 99, says="contact list")
    f.no(NOTFOUND, "-t1", "contact", "show", 2**63 - 1)


@case("another tenant's contact is not there")
def _(f):
    two_tenants(f)
    assert f.ok("-qt2", "contact", "add", "Only Bolt's") == "3\n"
    assert "Only Bolt's" in f.ok("-t2", "contact", "show", 3)
    f.no(NOTFOUND, "-t1", "contact", "show", 3)
    f.no(NOTFOUND, "-t1", "call", "now", 3)
    assert "Only" not in f.ok("-t1", "contact", "list")


@case("the same id is another person for another tenant")
def _(f):
    two_tenants(f)
    f.ok("-t2", "tenant", "set", "name=Changed")
    assert f.ok("-q", "-t1", "contact", "list") == f.ok("-q", "-t2", "contact", "list") == "1\n2\n"
    assert '"tenantId":1' in f.ok("-j", "-t1", "contact", "show", 1)
    assert '"tenantId":2' in f.ok("-j", "-t2", "contact", "show", 1)
    assert "Acme Dental" in f.ok("-t1", "tenant", "show")


@case("a call id that is none is wrong usage, and one of nobody is not found")
def _(f):
    two_tenants(f)
    f.no(USAGE, "-t1", "call", "show", "1", says="contact show")
    f.no(NOTFOUND, "-t1", "call", "show", CALL, says="contact show")


@case("the same address twice is a conflict, in one tenant only")
def _(f):
    two_tenants(f)
    add = ["user", "add", "a@example.org", "--name", "A", "--password-stdin"]
    f.ok("-t1", *add, input="long enough\n")
    f.no(CONFLICT, "-t1", *add, input="long enough\n")
    f.ok("-t2", *add, input="long enough\n")


@case("a call that a rule forbids is a conflict which names the rule")
def _(f):
    two_tenants(f)
    f.no(CONFLICT, "-t1", "call", "now", 1, says="not_configured")


main()
