"""clinics.py - two clinics and a platform's owner in front of a running vio-httpd, and how to ask it."""

import hashlib
import hmac
import http.client
import json
import os
import re
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

PASSWORD = "correct horse battery"

# In every text of the south. Nobody of the north may ever receive it.
CANARY = "canary-of-the-south"

# Rows that the engine writes by itself, whoever asks for what.
ENGINE_COLUMNS = {"tenant_state": {"swept_at"}}


def noon_zone():
    """A zone in which it is about noon, so that calls are allowed."""
    east = 12 - time.gmtime().tm_hour
    return f"Etc/GMT{-east:+d}"


def days_ahead(days):
    """About noon in the clinics' zone."""
    return time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime(time.time() + days * 86400))


class Answer:
    """One answer: status, headers by lower-case name, body as bytes and, when it is JSON, as a value; what was sent."""

    def __init__(self, status, headers, body, sent):
        self.sent = sent
        self.status = status
        self.headers = headers
        self.body = body
        is_json = headers.get("content-type", "").startswith("application/json")
        self.json = json.loads(body) if body and is_json else None

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Clinic:
    """A tenant with the tokens of its people and the ids of what it has."""

    def __init__(self, name, email):
        self.name = name
        self.id = None
        self.admin_email = f"admin@{email}"
        self.user_email = f"user@{email}"
        self.admin = self.user = None
        self.contacts = []
        self.call = self.task = self.event = self.account = None


class House:
    """The installation. Everything in it is made through vio-cli and the HTTP interface."""

    def __init__(self, programs, arguments=(), environment=None):
        self.vio_httpd, self.vio_cli = programs
        self.folder = tempfile.TemporaryDirectory(prefix="vio-service-")
        self.db = str(Path(self.folder.name) / "vio.db")
        self.observers = []
        self.north = Clinic("North Clinic", "north.example")
        self.south = Clinic("South Clinic", "south.example")
        self.owner = None
        self._found()
        self._serve(arguments, environment or {})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.folder.cleanup()
        if not any(_) and self.process.returncode != 0:
            raise AssertionError(f"vio-httpd ended with {self.process.returncode}")

    def cli(self, *words, given=None):
        environment = {"PATH": os.environ["PATH"], "VIO_DB": self.db}
        done = subprocess.run([self.vio_cli, *words], input=given, capture_output=True, text=True,
                              env=environment, check=False)
        assert done.returncode == 0, f"vio-cli {' '.join(words)}: {done.stderr}"
        return done.stdout.strip()

    def _found(self):
        for clinic in (self.north, self.south):
            clinic.id = int(self.cli("-q", "tenant", "add", clinic.name, f"time_zone={noon_zone()}",
                                     "retell_phone_number=+14155550100", "retell_agent_id=agent_1"))
            self.cli("-t", str(clinic.id), "tenant", "set", "retell_api_key@-",
                     given=f"key_of_the_{clinic.name.split()[0].lower()}_0123456789")
            for role, email in (("client_admin", clinic.admin_email), ("client_user", clinic.user_email)):
                self.cli("-t", str(clinic.id), "user", "add", "--name", f"Dana {role}", "--role", role,
                         "--password-stdin", email, given=PASSWORD + "\n")
        self.cli("user", "add", "--name", "Robin Platt", "--role", "super_admin", "--password-stdin",
                 "owner@platform.example", given=PASSWORD + "\n")

    def _serve(self, arguments, environment):
        self.process, words = self.start("--db", self.db, "--sandbox", "--sandbox-speed", "60", *arguments,
                                         environment=environment)
        self.address = words["listening"]

    def start(self, *arguments, environment=None):
        """Starts a vio-httpd. Returns the process, and the addresses it tells by the word before them."""
        told = {}
        with open(Path(self.folder.name) / "log", "ab") as log:
            process = subprocess.Popen(  # pylint: disable=consider-using-with
                [self.vio_httpd, "--listen", "127.0.0.1:0", *arguments], stdout=subprocess.PIPE, stderr=log, text=True,
                env={"PATH": os.environ["PATH"]} | (environment or {}))
        for line in process.stdout:
            found = re.match(r"(\w+) on http://([\d.]+):(\d+)", line)
            if found:
                told[found[1]] = (found[2], int(found[3]))
            if "listening" in told:
                return process, told
        raise AssertionError("vio-httpd did not start: " + (Path(self.folder.name) / "log").read_text())

    def ask(self, method, path, token=None, body=None, headers=None, raw=None):
        """One request on a connection of its own. @body is sent as JSON, @raw as it is."""
        sent = dict(headers or {})
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        if token:
            sent["Authorization"] = "Bearer " + token
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        connection.request(method, path, data, sent)
        response = connection.getresponse()
        got = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, got, response.read(), data)
        connection.close()
        for observe in self.observers:
            observe(method, path, answer)
        return answer

    def expect(self, status, method, path, token=None, body=None, **more):
        answer = self.ask(method, path, token, body, **more)
        assert answer.status == status, f"{method} {path}: {answer}"
        return answer

    def login(self, email):
        return self.expect(200, "POST", "/api/auth/login", None,
                           {"email": email, "password": PASSWORD}).json["token"]

    def people_arrive(self):
        """Everybody logs in."""
        for clinic in (self.north, self.south):
            clinic.admin = self.login(clinic.admin_email)
            clinic.user = self.login(clinic.user_email)
        self.owner = self.login("owner@platform.example")

    def add_contact(self, clinic, **fields):
        mark = CANARY if clinic is self.south else "north"
        body = {"name": f"Vienna Barnes {mark}", "phone": "+14155550101", "appointmentTime": days_ahead(3),
                "appointmentType": f"Check-up {mark}", "specialInstructions": f"Window seat {mark}",
                "email": f"vienna@{mark}.example"}
        body.update(fields)
        made = self.expect(201, "POST", "/api/contacts", clinic.admin, body).json["id"]
        clinic.contacts.append(made)
        return made

    def place_call(self, clinic, contact):
        """Calls a contact and waits until all is known of the call."""
        call = self.expect(200, "POST", "/api/calls/manual", clinic.admin, {"contactId": contact}).json
        return self.call_ends(clinic, call["callSessionId"])

    def call_ends(self, clinic, call):
        """Waits until all is known of the call."""
        for _ in range(600):
            if self.expect(200, "GET", f"/api/calls/{call}", clinic.admin).json["final"]:
                return call
            time.sleep(0.05)
        raise AssertionError("the call does not end")

    def quiet(self):
        """Waits until no call is under way and nothing more is to be learned of any."""
        base = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)
        for _ in range(1200):
            open_calls = base.execute("SELECT count(*) FROM call_sessions WHERE is_final = 0"
                                      " OR next_poll_at IS NOT NULL OR deadline_at IS NOT NULL").fetchone()
            if open_calls == (0,):
                base.close()
                return
            time.sleep(0.05)
        raise AssertionError("the calls do not come to an end")

    def furnish(self):
        """The same in both clinics, with the same numbers; only the south's texts hold the canary."""
        self.people_arrive()
        for clinic in (self.north, self.south):
            first = self.add_contact(clinic)
            clinic.call = self.place_call(clinic, first)
            tasks = self.expect(200, "GET", f"/api/tasks?contactId={first}", clinic.admin).json
            clinic.task = tasks[0]["id"]
            events = self.expect(200, "GET", f"/api/calls/{clinic.call}/events", clinic.admin).json
            clinic.event = events[0]["id"]
            users = self.expect(200, "GET", "/api/users", clinic.admin).json
            clinic.account = next(u["id"] for u in users if u["role"] == "client_user")
        for _ in range(5):
            self.add_contact(self.south, phone="+14155550107")
        self.quiet()

    def rows_of(self, tenant):
        """Every row that belongs to a tenant, as text, table by table."""
        base = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)
        rows = {}
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            columns = [c[1] for c in base.execute(f"PRAGMA table_info({table})")]
            key = "tenant_id" if "tenant_id" in columns else "id" if table == "tenants" else None
            if key:
                shown = [c for c in columns if c not in ENGINE_COLUMNS.get(table, ())]
                found = base.execute(f"SELECT {', '.join(shown)} FROM {table} WHERE {key} = ?", (tenant,))
                rows[table] = sorted(map(repr, found))
        base.close()
        return rows

    def routes(self):
        """The program's own table: (method, path, scope, set of roles)."""
        lines = subprocess.run([self.vio_httpd, "--routes"], capture_output=True, text=True, check=True).stdout
        for line in lines.splitlines():
            method, path, scope, roles = line.split()
            yield method, path, scope, set(roles.split(",")) - {"-"}


def hex_hmac(key, message):
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
