"""options.py - the parser: every way of writing an option, and every way of getting it wrong."""

import itertools
import json

from harness import DONE, USAGE, case, main, two_tenants


@case("no command at all is wrong usage")
def _(f):
    f.no(USAGE, says="--help")


@case("an unknown command is named")
def _(f):
    f.no(USAGE, "frobnicate", says="'frobnicate'")


@case("half a command is told the other half")
def _(f):
    f.no(USAGE, "contact", says="add, list, show")
    f.no(USAGE, "contact", "remove", says="add, list, show")


@case("commands are not abbreviated")
def _(f):
    f.no(USAGE, "cont", "list")
    f.no(USAGE, "contact", "li")
    f.no(USAGE, "contact list")
    f.no(USAGE, "")


@case("an unknown option is named without its value")
def _(f):
    err = f.no(USAGE, "contact", "add", "--password=hunter2", "Ada", says="--password ")
    assert "hunter2" not in err


@case("long options are not abbreviated")
def _(f):
    f.no(USAGE, "contact", "list", "--lim", "3")
    f.no(USAGE, "--tenan=1", "contact", "list")


@case("an unknown letter is named")
def _(f):
    f.no(USAGE, "contact", "list", "-x", says="-x")


@case("an option of another command is unknown")
def _(f):
    f.no(USAGE, "contact", "list", "--phone", "1", says="--phone")


@case("an option without its value is wrong usage")
def _(f):
    for words in (["--limit"], ["-n"], ["--status"], ["--db"], ["-d"], ["-qn"]):
        f.no(USAGE, "contact", "list", *words, says="needs a value")


@case("a flag with a value is wrong usage")
def _(f):
    f.no(USAGE, "contact", "list", "--json=yes", says="takes no value")


@case("an option with a value is given once")
def _(f):
    f.no(USAGE, "contact", "list", "--limit", "1", "--limit=2", says="twice")
    f.no(USAGE, "--tenant=1", "contact", "list", "-t", "2", says="twice")
    f.no(USAGE, "contact", "add", "--note=a", "Ada", "--note", "b", says="twice")


@case("a number is digits, from 1 on, and not too large")
def _(f):
    for bad in ("0", "-1", "+1", "1x", "", " 1", "1.0", "0x10", "9223372036854775808", "1" * 40):
        f.no(USAGE, "contact", "list", f"--limit={bad}", says="--limit")
        f.no(USAGE, f"--tenant={bad}", "contact", "list", says="--tenant")
        f.no(USAGE, "contact", "show", "--", bad, says="CONTACT-ID")


@case("a time needs its offset")
def _(f):
    for bad in ("", "tomorrow", "2060-01-15", "2060-01-15T09:30", "2060-01-15T09:30:00",
                "2060-02-30T09:30:00Z", "2060-01-15T25:30:00Z", "2060-01-15T09:30:00Zx"):
        f.no(USAGE, "-t1", "contact", "add", "Ada", "--time", bad, says="--time")


@case("a path is not empty")
def _(f):
    for option in ("db", "secret-file", "retell-url"):
        f.no(USAGE, f"--{option}=", "tenant", "list", says=f"--{option}")


@case("a missing operand is named, and one too many is counted")
def _(f):
    f.no(USAGE, "contact", "add", says="NAME")
    f.no(USAGE, "contact", "show", says="CONTACT-ID")
    f.no(USAGE, "tenant", "set", says="SETTING")
    f.no(USAGE, "call", "show", says="CALL-ID")
    f.no(USAGE, "contact", "show", "1", "2", says="one word too many")
    f.no(USAGE, "tenant", "list", "x", "y", says="words too many")


@case("a required option is named")
def _(f):
    f.no(USAGE, "user", "add", "a@example.org", says="--name=NAME")


@case("json and quiet exclude each other")
def _(f):
    f.no(USAGE, "-jq", "version", says="exclude")


@case("a status and a role come from their lists")
def _(f):
    two_tenants(f)
    f.no(USAGE, "-t1", "contact", "list", "--status", "lost", says="pending, confirmed")
    f.no(USAGE, "-t1", "user", "add", "a@example.org", "--name", "A", "--role", "boss",
         says="client_user")


@case("no tenant is meant unless one is named")
def _(f):
    two_tenants(f)
    for words in (["contact", "list"], ["tenant", "show"], ["call", "now", "1"]):
        f.no(USAGE, *words, says="--tenant")


@case("options stand before, between and after the words, in every order and form")
def _(f):
    two_tenants(f)
    expected = f.ok("--tenant=1", "--json", "contact", "list", "--limit=1", "--after=1")
    assert json.loads(expected)["contact"]["id"] == 2
    tenant = (["--tenant", "1"], ["--tenant=1"], ["-t", "1"], ["-t1"])
    mode = (["--json"], ["-j"], ["--json", "--json"])
    limit = (["--limit", "1"], ["-n1"])
    for t, m, n in itertools.product(tenant, mode, limit):
        for before, after in ((t + m, n), (t, m + n), (m, n + t), ([], t + n + m), ([], m + n + t)):
            out = f.ok(*before, "contact", "list", *after, "--after", "1")
            assert out == expected, (before, after, out)


@case("letters without values share a word, and the last may have a value")
def _(f):
    two_tenants(f)
    assert f.ok("contact", "list", "-qt1") == "1\n2\n"
    assert f.ok("-qt", "1", "contact", "list") == "1\n2\n"


@case("two dashes end the options")
def _(f):
    two_tenants(f)
    assert f.ok("-qt1", "contact", "add", "--", "--json") == "3\n"
    assert f.ok("-qt1", "contact", "add", "--note", "n", "--", "-t") == "4\n"
    assert json.loads(f.ok("-jt1", "contact", "show", "3"))["contact"]["name"] == "--json"
    f.no(USAGE, "-t1", "contact", "show", "--", "1", "--json", says="one word too many")


@case("the value of an option may begin with a dash")
def _(f):
    two_tenants(f)
    f.ok("-t1", "contact", "add", "Eve", "--note", "--json")
    assert json.loads(f.ok("-jt1", "contact", "show", "3"))["contact"]["specialInstructions"] == "--json"


@case("the environment stands in for an option, and the option wins")
def _(f):
    two_tenants(f)
    env = {"VIO_TENANT": "2"}
    assert json.loads(f.ok("--json", "tenant", "show", env=env))["tenant"]["id"] == 2
    assert json.loads(f.ok("--json", "-t1", "tenant", "show", env=env))["tenant"]["id"] == 1
    f.no(USAGE, "tenant", "show", env={"VIO_TENANT": "two"}, says="VIO_TENANT")
    f.no(USAGE, "tenant", "show", env={"VIO_TENANT": ""}, says="--tenant")


@case("the database is named by option, VIO_DB, DATABASE_URL, in this order")
def _(f):
    two_tenants(f)
    (f.path / "vio.db").rename(f.path / "here.db")
    (f.path / "vio.db.secret").rename(f.path / "here.db.secret")
    missing = {"VIO_DB": "nowhere.db", "DATABASE_URL": "nowhere.db"}
    for words, env in ((["--db=here.db"], missing), (["--db=sqlite:here.db"], missing),
                       ([], {"VIO_DB": "here.db", "DATABASE_URL": "nowhere.db"}),
                       ([], {"DATABASE_URL": "here.db"}), ([], {"DATABASE_URL": "sqlite:here.db"}),
                       ([], {"VIO_DB": "", "DATABASE_URL": f"sqlite://{f.path}/here.db"})):
        assert f.ok(*words, "-q", "tenant", "list", env=env) == "1\n2\n"
    f.no(USAGE, "tenant", "list", env={"DATABASE_URL": "postgres://db/vio"}, says="--db")


@case("the secret file is named by option or VIO_SECRET_FILE")
def _(f):
    two_tenants(f)
    (f.path / "vio.db.secret").rename(f.path / "elsewhere")
    assert f.ok("-q", "tenant", "list", "--secret-file=elsewhere") == "1\n2\n"
    assert f.ok("-q", "tenant", "list", env={"VIO_SECRET_FILE": "elsewhere"}) == "1\n2\n"


@case("help and version need no database, wherever they stand")
def _(f):
    for words in (["--help"], ["-h"], ["help"], ["contact", "add", "--help"], ["contact", "add", "-h"],
                  ["--help", "contact", "add"], ["contact", "add", "--help", "--", "x", "y"],
                  ["--version"], ["-V"], ["version"]):
        assert f.ok(*words) != "", words
    assert list(f.path.iterdir()) == []


@case("help says when the output cannot be written")
def _(f):
    import subprocess
    import harness
    with open("/dev/full", "w") as full:
        for words in (["--help"], ["version"], ["--json", "version"]):
            code = subprocess.run([harness.PROGRAM, *words], stdout=full, stderr=subprocess.DEVNULL,
                                  env=f.env, cwd=f.path).returncode
            assert code == 1, (words, code)


main()
