"""wait.py - a call from its dial to its outcome, waited for at the command line."""

import json
import sqlite3
import subprocess
import time

import harness
import retell
from harness import case, golden, main, zone_at_noon


def begin(f, url):
    """A clinic that may call now, a person, and a vio-cli that calls and waits."""
    f.env.update(VIO_RETELL_URL=url, VIO_TENANT="1")
    f.ok("tenant", "add", "Acme Dental", "time_zone=Europe/Berlin", "retell_api_key@-",
         "retell_agent_id=agent_1", "retell_phone_number=+14155550100", input="key_test")
    f.ok("contact", "add", "Ada", "--phone", "+14155550101", "--zone", zone_at_noon(),
         "--time", "2060-01-15T12:00:00Z")
    return subprocess.Popen([harness.PROGRAM, "--json", "call", "now", "--wait", "1"], cwd=f.path,
                            env=f.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def poll_now(f):
    """The first poll is due 90 seconds after the dial; this moves it to now."""
    deadline = time.monotonic() + 60
    db = sqlite3.connect(f.path / "vio.db", timeout=60, isolation_level=None)
    while time.monotonic() < deadline:
        change = "UPDATE call_sessions SET next_poll_at = 1 WHERE next_poll_at IS NOT NULL"
        if db.execute(change).rowcount:
            db.execute("UPDATE tenant_state SET next_due_at = 1")
            break
        time.sleep(0.1)
    db.close()


@case("call now --wait sees the call through and the appointment confirmed")
def _(f):
    with retell.serving() as url:
        waiting = begin(f, url)
        poll_now(f)
        out, err = waiting.communicate(timeout=120)
        assert waiting.returncode == 0 and err == "", (waiting.returncode, err)
        call = json.loads(out)
        assert call["call"]["outcome"] == "confirmed" and call["call"]["final"], call
        assert call["call"]["transcript"].startswith("Agent: Will you come?"), call
        golden("call-show-final.txt", f.ok("call", "show", call["call"]["id"]))
        contact = json.loads(f.ok("--json", "contact", "show", "1"))
        assert contact["contact"]["appointmentStatus"] == "confirmed", contact
        assert contact["contact"]["callAttempts"] == 1 and len(contact["calls"]) == 1, contact


@case("it goes on waiting while the call is not over")
def _(f):
    with retell.serving() as url:
        waiting = begin(f, url)
        try:
            waiting.wait(timeout=3)
            raise AssertionError(waiting.communicate())
        except subprocess.TimeoutExpired:
            pass
        finally:
            waiting.terminate()
            waiting.communicate()


main()
