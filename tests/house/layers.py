#!/usr/bin/env python3
"""Who may include whom: the layers, and the one door to each foreign library.

usage: layers.py SOURCE-ROOT
"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1]).resolve()
sys.path.insert(0, str(root / "tests" / "support"))
from tap import Tap

# A room may include from itself and from these. "top" is vio.c, which opens and closes the handles
# that abi/handle.h describes, so these two are of one rank.
ROOMS = {
    "base": set(),
    "rules": {"base"},
    "store": {"base", "rules"},
    "remote": {"base", "rules"},
    "flow": {"base", "rules", "store", "remote"},
    "top": {"base", "rules", "store", "remote", "flow", "abi"},
    "abi": {"base", "rules", "store", "remote", "flow", "top"},
}

# The one file, or the few, that may include a foreign header.
DOORS = {
    r"sqlite3\.h": {"libvio/store/sqlite.c"},
    r"curl/.*": {"libvio/remote/http.c"},
    r"mbedtls/.*": {"libvio/base/crypto.c"},
    r"argon2\.h": {"libvio/base/password.c"},
    r"(cjson/)?cJSON\.h": {"libvio/base/json.c"},
    r"civetweb\.h": {"vio-httpd/server.c", "vio-httpd/sandbox/server.c"},
}

# The headers of C and POSIX, and those of Linux that have a use here. Another one is a decision.
SYSTEM = set("""
assert.h ctype.h dirent.h errno.h fcntl.h float.h getopt.h inttypes.h limits.h locale.h math.h poll.h pthread.h
regex.h signal.h spawn.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h strings.h sysexits.h
syslog.h termios.h time.h unistd.h arpa/inet.h net/if.h netdb.h netinet/in.h netinet/tcp.h sys/eventfd.h
sys/file.h sys/ioctl.h sys/mman.h sys/random.h sys/resource.h sys/select.h sys/signalfd.h sys/socket.h sys/stat.h
sys/time.h sys/types.h sys/uio.h sys/un.h sys/wait.h wchar.h wctype.h linux/filter.h
""".split())

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def sources(folder):
    return sorted(path for path in (root / folder).rglob("*.[ch]"))


def includes(path):
    return INCLUDE.findall(path.read_text())


def room_of(path):
    """The room of a file below libvio/, "" for anything else."""
    parts = path.relative_to(root).parts
    if parts[0] != "libvio":
        return ""
    return parts[1] if len(parts) > 2 else "top"


def resolve(path, name):
    """What a quoted include of a file of the library means: beside it, or from libvio/."""
    for folder in (path.parent, root / "libvio"):
        if (folder / name).exists():
            return (folder / name).resolve()
    return None


def room_problems(room):
    problems = []
    for path in sources("libvio"):
        if room_of(path) != room:
            continue
        for kind, name in includes(path):
            target = resolve(path, name) if kind == '"' else None
            if kind == '"' and not target:
                continue  # generated, or missing: the compiler knows
            if target and room_of(target) not in ROOMS[room] | {room}:
                problems.append(f"{path.relative_to(root)} includes {name} of {room_of(target) or 'elsewhere'}")
    return problems


def front_end_problems(folder):
    """A front end sees vio.h, vio/... and what is its own."""
    own = root / folder
    problems = []
    for path in sources(folder):
        for kind, name in includes(path):
            beside = (path.parent / name).resolve()
            at_top = (own / name).resolve()
            if kind == '"' and not any(p.is_relative_to(own.resolve()) for p in (beside, at_top) if p.exists()):
                if "inc" not in name.split(".")[-1]:  # a generated one lies in the build folder
                    problems.append(f"{path.relative_to(root)} includes {name}, which is not its own")
    return problems


def door_problems(pattern, doors):
    return [
        f"{path.relative_to(root)} includes {name}"
        for folder in ("include", "libvio", "vio-httpd", "vio-cli", "examples")
        for path in sources(folder)
        for _, name in includes(path)
        if re.fullmatch(pattern, name) and str(path.relative_to(root)) not in doors
    ]


def strangers(folder):
    known = [*DOORS, r"vio\.h", r"vio/\w+\.h"]
    return [
        f"{path.relative_to(root)} includes <{name}>"
        for path in sources(folder)
        for kind, name in includes(path)
        if kind == "<" and name not in SYSTEM and not any(re.fullmatch(pattern, name) for pattern in known)
    ]


tap = Tap()
for room, below in ROOMS.items():
    tap.case(f"{room} includes nothing but {', '.join(sorted(below)) or 'itself'}", room_problems(room))
for front_end in ("vio-httpd", "vio-cli"):
    tap.case(f"{front_end} includes the public headers and its own only", front_end_problems(front_end))
for pattern, doors in DOORS.items():
    tap.case(f"{pattern} is included by {' and '.join(sorted(doors))} only", door_problems(pattern, doors))
for folder in ("include", "libvio", "vio-httpd", "vio-cli"):
    tap.case(f"{folder} includes no header that nobody decided on", strangers(folder))
tap.done()
