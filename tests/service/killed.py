"""
killed.py - vio-httpd killed at any moment, under load, and started again on what it left behind.

Retell is a vio-httpd of its own, run only for its sandbox: what it has rung is known whatever becomes of the other.
The calls of a round are told by webhooks that this program posts, so that it knows which were acknowledged. After each
kill the file is examined as it was left, then the server is started on it and asked for all that it had promised.

    killed.py VIO_HTTPD VIO_CLI [--times N] [--seed N] [--settle SECONDS]
"""

import argparse
import collections
import http.client
import json
import random
import re
import shutil
import sqlite3
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from clinics import House, days_ahead, hex_hmac  # noqa: E402
from tap import Tap  # noqa: E402

# What comes of a call to a number, by its last two digits. 12 and 15 make the dial itself go wrong.
PEOPLE = {"01": "confirmed", "02": "cancelled", "03": "rescheduled", "04": "voicemail", "05": "no_answer",
          "06": "busy", "12": "confirmed", "15": "confirmed"}
SPEED = 60  # of the sandbox: a call is over within a second
OPEN_DIALS = ("dialing", "unknown")


class Promise:
    """A contact as one thread made it: what was sent for it, and what of that was acknowledged."""

    def __init__(self, clinic, name):
        self.clinic, self.name = clinic, name
        self.id = None  # once its 201 has come
        self.sent = self.acknowledged = 0


class Killed(House):
    """The installation with its Retell apart, and the memory of what was promised to whom."""

    def __init__(self, programs, seed):
        self.random = random.Random(seed)
        self.retell = self.retell_process = None
        self.lock = threading.Lock()
        self.serial = 0
        self.promises = []
        self.calls = []  # (clinic, session, retell call id) of every 200
        self.delivered = {}  # retell call id: (clinic, body) of every acknowledged webhook
        self.fresh = []  # of those, this round's
        self.wrong_answers = []
        self.n_calls = 0
        self.over = threading.Event()
        super().__init__(programs)

    def _serve(self, arguments, environment=None):
        if not self.retell:
            self.retell_process, told = self.start("--db", str(Path(self.folder.name) / "retell.db"), "--sandbox",
                                                   "--sandbox-speed", str(SPEED))
            self.retell = told["sandbox"]
        self.process, told = self.start("--db", self.db, "--retell-url", "http://%s:%d" % self.retell, *arguments,
                                        environment=environment)
        self.address = told["listening"]

    def __exit__(self, *problem):
        try:
            super().__exit__(*problem)
        finally:
            self.retell_process.kill()
            self.retell_process.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    # Retell

    def ask_retell(self, clinic, method, path, body=None):
        connection = http.client.HTTPConnection(*self.retell, timeout=30)
        connection.request(method, path, body and json.dumps(body),
                           {"Authorization": "Bearer " + self.key(clinic), "Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status == 200, f"{path}: {answer.status} {text!r}"
        return json.loads(text)

    @staticmethod
    def key(clinic):
        return f"key_of_the_{clinic.name.split()[0].lower()}_0123456789"

    def rings(self, clinic, limit=None):
        """What has rung for a clinic, latest first; all of it without a limit."""
        asked = {"limit": limit or 1000}
        found = []
        while True:
            page = self.ask_retell(clinic, "POST", "/v3/list-calls", asked)
            found += page["items"]
            if limit or not page["has_more"]:
                return found
            asked["pagination_key"] = page["pagination_key"]

    # The load. Each thread ends when the server is gone.

    def under_load(self, work, clinic, seed):
        chance = random.Random(seed)
        while not self.over.is_set():
            try:
                work(clinic, chance)
            except (OSError, http.client.HTTPException):
                time.sleep(0.01)  # it is gone, or about to be
            except (AssertionError, LookupError) as wrong:
                self.wrong_answers.append(repr(wrong))

    def promise(self, clinic, ending, appointment):
        with self.lock:
            self.serial += 1
            made = Promise(clinic, f"Contact {self.serial}")
            self.promises.append(made)
        phone = f"+1415{2000000 + self.serial * 100 + int(ending)}"
        body = {"name": made.name, "phone": phone, "appointmentTime": appointment, "specialInstructions": "0"}
        answer = self.expect(201, "POST", "/api/contacts", clinic.admin, body)
        made.id = answer.json["id"]
        return made

    def reception(self, clinic, chance):
        """Adds contacts and changes them, each change with a higher number than the one before."""
        made = self.promise(clinic, "08", days_ahead(3))
        for _ in range(chance.randrange(4)):
            made.sent += 1
            self.expect(200, "PATCH", f"/api/contacts/{made.id}", clinic.admin, {"specialInstructions": str(made.sent)})
            made.acknowledged = made.sent

    def caller(self, clinic, chance):
        """A call by hand, and an appointment so near that the engine calls by itself."""
        made = self.promise(clinic, chance.choice(list(PEOPLE)), days_ahead(3))
        call = self.ask("POST", "/api/calls/manual", clinic.admin, {"contactId": made.id})
        if call.status == 200:
            self.calls.append((clinic, call.json["callSessionId"], call.json["retellCallId"]))
        assert call.status in (200, 202, 400, 502, 503), f"{call}"
        self.promise(clinic, chance.choice(list(PEOPLE)), days_ahead(3 / 24))

    def postman(self, clinic, _chance):
        """Tells what came of the calls, as Retell would."""
        for ring in self.rings(clinic, 60):
            if ring["call_id"] in self.delivered or "call_analysis" not in ring:
                continue
            call = self.ask_retell(clinic, "GET", f"/v2/get-call/{ring['call_id']}")
            body = json.dumps({"event": "call_analyzed", "call": call}).encode()
            self.deliver(clinic, body)
            self.delivered[ring["call_id"]] = (clinic, body)
            self.fresh.append(ring["call_id"])
        time.sleep(0.02)

    def deliver(self, clinic, body):
        now = int(time.time() * 1000)
        signature = f"v={now},d={hex_hmac(self.key(clinic), body + str(now).encode())}"
        return self.expect(200, "POST", "/api/retell/webhook", raw=body,
                           headers={"Content-Type": "application/json", "X-Retell-Signature": signature})

    def round(self):
        """Load, and in the midst of it the kill."""
        self.fresh = []
        self.over.clear()
        threads = [threading.Thread(target=self.under_load, args=(work, clinic, self.random.random()))
                   for clinic in (self.north, self.south)
                   for work in (self.reception, self.reception, self.caller, self.caller, self.postman)]
        for thread in threads:
            thread.start()
        time.sleep(self.random.uniform(0.05, 2.0))
        self.kill()
        self.over.set()
        for thread in threads:
            thread.join()

    # What must be there

    def left_behind(self, problems):
        """Examines a copy of the file as the kill left it, so that the server finds it untouched."""
        with tempfile_copy(self.db) as copy:
            base = sqlite3.connect(copy)
            for pragma, good in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
                found = base.execute(f"PRAGMA {pragma}").fetchall()
                if found != good:
                    problems.append(f"{pragma}: {found[:5]}")
            base.close()

    def contacts_of(self, clinic):
        path, found = "/api/contacts?limit=500", []
        while path:
            page = self.expect(200, "GET", path, clinic.admin)
            found += page.json
            link = re.match(r"<([^>]*)>", page.headers.get("link", ""))
            path = link and link[1]
        return found

    def check_contacts(self, problems):
        for clinic in (self.north, self.south):
            there = collections.defaultdict(list)
            for contact in self.contacts_of(clinic):
                there[contact["name"]].append(contact)
            for made in self.promises:
                if made.clinic is clinic:
                    problems += self.broken_promise(made, there[made.name])

    def broken_promise(self, made, found):
        if len(found) > 1 or (made.id and not found):
            return [f"{made.name} is there {len(found)} times"]
        if made.id and found[0]["id"] != made.id:
            return [f"{made.name} has another id"]
        value = int(found[0]["specialInstructions"]) if found else 0
        if not made.acknowledged <= value <= made.sent:
            return [f"{made.name} has {value}, not {made.acknowledged} to {made.sent}"]
        return []

    def check_calls(self, problems):
        """A call that was answered with 200 is there under both of its names."""
        for clinic, session, retell_id in self.calls:
            seen = self.ask("GET", f"/api/calls/{session}", clinic.admin)
            if seen.status != 200 or seen.json["retellCallId"] != retell_id or seen.json["dialState"] != "placed":
                problems.append(f"call {session}: {seen}")
        self.n_calls += len(self.calls)
        self.calls = []

    def check_webhooks(self, problems):
        for call_id in self.fresh:
            clinic, body = self.delivered[call_id]
            call = json.loads(body)["call"]
            session = call["metadata"]["attempt_ref"]
            before = self.seen(clinic, session)
            wanted = PEOPLE[call["to_number"][-2:]]
            if before[0]["outcome"] != wanted or not before[0]["final"]:
                problems.append(f"the webhook of {session} is lost: {before[0]['outcome']}, not {wanted}")
            self.deliver(clinic, body)
            if self.seen(clinic, session) != before:
                problems.append(f"the second webhook of {session} changed something")

    def seen(self, clinic, session):
        call = self.expect(200, "GET", f"/api/calls/{session}", clinic.admin).json
        contact = self.expect(200, "GET", f"/api/contacts/{call['contactId']}", clinic.admin).json
        events = self.expect(200, "GET", f"/api/calls/{session}/events", clinic.admin).json
        return call, contact, len(events)

    def check_rings(self, problems):
        """Retell's ledger against our sessions."""
        for clinic in (self.north, self.south):
            states = self.sessions(clinic)
            rung = collections.Counter(r["metadata"]["attempt_ref"] for r in self.rings(clinic))
            problems += [f"{ref} rang {n} times" for ref, n in rung.items() if n > 1]
            problems += [f"{ref} rang, and nobody knows of it" for ref in rung if ref not in states]
            problems += [f"{ref} rang and is {states[ref]}" for ref in rung
                         if states.get(ref) in ("rejected", "not_placed")]
            problems += [f"{ref} is placed and never rang" for ref, state in states.items()
                         if state == "placed" and ref not in rung]

    def sessions(self, clinic):
        base = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)
        states = dict(base.execute("SELECT call_id, state FROM attempts WHERE tenant_id = ?", (clinic.id,)))
        base.close()
        return states

    def open_dials(self):
        return sum(state in OPEN_DIALS for c in (self.north, self.south) for state in self.sessions(c).values())

    def settle(self, seconds):
        """Lets the server look for the dials that a kill cut short. Returns how many stay unclear."""
        end = time.monotonic() + seconds
        while self.open_dials() and time.monotonic() < end:
            time.sleep(1)
        return self.open_dials()


class tempfile_copy:  # pylint: disable=invalid-name
    """A copy of a database and of its log beside it, for the time of a with."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        for end in ("", "-wal"):
            if Path(self.path + end).exists():
                shutil.copy(self.path + end, self.path + ".copy" + end)
        return self.path + ".copy"

    def __exit__(self, *_):
        for end in ("", "-wal", "-shm"):
            Path(self.path + ".copy" + end).unlink(missing_ok=True)


CHECKS = {
    "each call rang once, and each that is placed rang": Killed.check_rings,
    "every acknowledged contact is there once, as it was last changed": Killed.check_contacts,
    "every acknowledged call is there": Killed.check_calls,
    "every acknowledged webhook is there, and changes nothing when it comes again": Killed.check_webhooks,
}


def look(house, name, found):
    """One check. An answer that should never come is one more problem."""
    try:
        CHECKS[name](house, found[name])
    except AssertionError as wrong:
        found[name].append(str(wrong))


def one_kill(house, found):
    house.round()
    house.left_behind(found["what a kill leaves behind is whole"])
    house._serve(())  # pylint: disable=protected-access
    for name in CHECKS:
        look(house, name, found)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", nargs=2)
    parser.add_argument("--times", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--settle", type=int, default=0, help="seconds to wait at the end for unclear dials")
    return parser.parse_args()


def tell(house, times, unclear):
    rings = sum(len(house.rings(clinic)) for clinic in (house.north, house.south))
    print(f"# {times} kills; {len(house.promises)} contacts asked for, "
          f"{sum(p.id is not None for p in house.promises)} acknowledged; "
          f"{sum(p.acknowledged for p in house.promises)} changes, {house.n_calls} calls and "
          f"{len(house.delivered)} webhooks acknowledged; {rings} rings; {unclear} dials unclear after the last kill")


def main():
    tap = Tap()
    given = arguments()
    found = collections.defaultdict(list)
    with Killed(given.programs, given.seed) as house:
        house.people_arrive()
        for _ in range(given.times):
            one_kill(house, found)
        tell(house, given.times, house.open_dials())
        if given.settle:
            found["every dial is settled"] = [f"{n} are not" for n in (house.settle(given.settle),) if n]
            look(house, "each call rang once, and each that is placed rang", found)
        found["there was something to lose"] = [] if house.delivered and house.n_calls else ["there was not"]
        found["nothing was answered but what belongs there"] = house.wrong_answers
    for name, problems in found.items():
        tap.case(name, problems[:20])
    tap.done()


main()
