"""wait.py - a call from its dial to its outcome, waited for at the command line."""

import json

import retell
from harness import case, golden, main, zone_at_noon


@case("call now --wait sees the call through and the appointment confirmed")
def _(f):
    with retell.serving() as url:
        f.env.update(VIO_RETELL_URL=url, VIO_TENANT="1")
        f.ok("tenant", "add", "Acme Dental", "time_zone=Europe/Berlin", "retell_api_key@-",
             "retell_agent_id=agent_1", "retell_phone_number=+14155550100", input="key_test")
        f.ok("contact", "add", "Ada", "--phone", "+14155550101", "--zone", zone_at_noon(),
             "--time", "2060-01-15T12:00:00Z")
        call = json.loads(f.ok("--json", "call", "now", "--wait", "1"))
        assert call["call"]["outcome"] == "confirmed" and call["call"]["final"], call
        assert call["call"]["transcript"].startswith("Agent: Will you come?"), call
        golden("call-show-final.txt", f.ok("call", "show", call["call"]["id"]))
        contact = json.loads(f.ok("--json", "contact", "show", "1"))
        assert contact["contact"]["appointmentStatus"] == "confirmed", contact
        assert contact["contact"]["callAttempts"] == 1 and len(contact["calls"]) == 1, contact


main()
