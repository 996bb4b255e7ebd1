"""
original_api.py - the endpoints of the original system, asked as its documentation asks them.

Each answer must have at least the members that the documentation shows, with values of the same kind, and its refusals
the same status and message. What our answers have beside that is no matter here.
"""

import hashlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from clinics import PASSWORD, House, days_ahead, hex_hmac  # noqa: E402
from description import watch  # noqa: E402
from tap import Tap  # noqa: E402

TEXT, NUMBER, FLAG = "a text", 1, True


class Maybe:
    """A value that may also be null."""

    def __init__(self, kind):
        self.kind = kind


USER = {"id": NUMBER, "email": TEXT, "fullName": TEXT, "role": TEXT, "tenantId": NUMBER}
CONTACT = {"id": NUMBER, "tenantId": NUMBER, "name": TEXT, "phone": TEXT, "appointmentDate": TEXT,
           "appointmentTime": TEXT, "appointmentStatus": TEXT, "appointmentType": TEXT, "lastCallOutcome": Maybe(TEXT),
           "callAttempts": NUMBER, "specialInstructions": TEXT}
ANALYTICS = {
    "activeCalls": NUMBER,
    "todaysSummary": {"callsAttemptedToday": NUMBER, "callsCompletedToday": NUMBER,
                      "appointmentsConfirmedToday": NUMBER, "pendingCalls": NUMBER},
    "outcomeBreakdown": [{"outcome": TEXT, "count": NUMBER, "percentage": NUMBER}],
    "recentCallActivity": [{"id": TEXT, "contactName": TEXT, "status": TEXT, "outcome": Maybe(TEXT), "timestamp": TEXT,
                            "duration": Maybe(NUMBER)}],
}
PERFORMANCE = {"callSuccessRate": NUMBER, "noShowRate": NUMBER, "avgCallDuration": NUMBER, "confirmationRate": NUMBER,
               "timeSeries": [{"date": TEXT, "calls": NUMBER, "confirmed": NUMBER}]}
SETTINGS = {"enabled": True, "recipientEmail": "manager@salon.com", "recipientName": "Mike Davis",
            "deliveryTime": "09:00", "deliveryDays": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
            "timezone": "America/Los_Angeles"}


def unlike(shape, value, where="$"):
    """What of @value is not as @shape shows it."""
    if isinstance(shape, Maybe):
        return [] if value is None else unlike(shape.kind, value, where)
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{where} is no object: {value!r}"]
        return [p for name, kind in shape.items()
                for p in (unlike(kind, value[name], f"{where}.{name}") if name in value else [f"{where}.{name} is missing"])]
    if isinstance(shape, list):
        if not isinstance(value, list) or not value:
            return [f"{where} is no list with something in it: {value!r}"]
        return [p for i, item in enumerate(value) for p in unlike(shape[0], item, f"{where}[{i}]")]
    kinds = {str: (str,), bool: (bool,), int: (int, float)}[type(shape)]
    wrong = not isinstance(value, kinds) or (isinstance(value, bool) and not isinstance(shape, bool))
    return [f"{where} is {value!r}, not like {shape!r}"] if wrong else []


class Visit:
    """Goes through the documentation's examples in their order."""

    def __init__(self, house, tap):
        self.house, self.tap = house, tap
        self.token = None

    def answers(self, name, shape, method, path, body=None, status=200, token=None, **more):
        answer = self.house.ask(method, path, token or self.token, body, **more)
        problems = [f"{answer}"] if answer.status != status else unlike(shape, answer.json)
        self.tap.case(name, problems)
        return answer.json

    def refuses(self, name, status, message, method, path, token=None, body=None, **more):
        answer = self.house.ask(method, path, token, body, **more)
        good = answer.status == status and (answer.json or {}).get("message") == message
        self.tap.case(name, [] if good else [f"{answer}"])


def accounts(visit, house):
    got = visit.answers("POST /api/auth/login", {"token": TEXT, "user": USER}, "POST", "/api/auth/login",
                        {"email": house.north.admin_email, "password": PASSWORD})
    visit.token = got["token"]
    visit.refuses("a wrong password", 401, "Invalid credentials", "POST", "/api/auth/login", None,
                  {"email": house.north.admin_email, "password": "wrong password"})
    visit.refuses("no token", 401, "No token provided", "GET", "/api/contacts")
    visit.refuses("a token that is none", 401, "Invalid token", "GET", "/api/contacts", "nonsense")
    visit.refuses("a role that may not", 403, "Insufficient permissions", "POST", "/api/contacts", house.north.user,
                  {"name": "Jane"})
    visit.refuses("another's contact", 404, "Contact not found", "GET", "/api/contacts/999", visit.token)


def contacts(visit):
    wanted = {"name": "Jane Smith", "phone": "+14155550108", "appointmentTime": days_ahead(4),
              "appointmentDate": days_ahead(4)[:10], "appointmentType": "Consultation",
              "specialInstructions": "First-time client"}
    visit.answers("POST /api/contacts", CONTACT, "POST", "/api/contacts", wanted, 201)
    visit.answers("GET /api/contacts", [CONTACT], "GET", "/api/contacts")
    visit.answers("GET /api/contacts?filter=pending", [CONTACT], "GET", "/api/contacts?filter=pending")
    visit.answers("GET /api/contacts/stats", dict.fromkeys(("total", "pending", "confirmed", "cancelled"), NUMBER),
                  "GET", "/api/contacts/stats")


def calls(visit, house):
    contact = house.add_contact(house.north, phone="+14155550101")
    got = visit.answers("POST /api/calls/manual", {"callSessionId": TEXT, "retellCallId": TEXT}, "POST",
                        "/api/calls/manual", {"contactId": contact})
    tired = house.add_contact(house.north, phone="+14155550106")
    for _ in range(3):
        house.place_call(house.north, tired)
    visit.refuses("a fourth call in a day", 400, "Daily call limit reached", "POST", "/api/calls/manual", visit.token,
                  {"contactId": tired})
    visit.answers("GET /api/analytics/calls", ANALYTICS, "GET", "/api/analytics/calls")
    visit.answers("GET /api/analytics/performance", PERFORMANCE, "GET", "/api/analytics/performance?timePeriod=30")
    return got["retellCallId"]


def webhooks(visit, house, call):
    body = json.dumps({"event": "call_analyzed", "data": {
        "call_id": call, "call_status": "ended",
        "call_analysis": {"call_successful": True, "user_sentiment": "Positive",
                          "custom_analysis_data": {"appointment_confirmed": True, "appointment_cancelled": False,
                                                   "appointment_rescheduled": False}},
        "transcript": "Hi Vienna, this is...", "call_length": 87}}).encode()
    signature = {"Content-Type": "application/json",
                 "X-Retell-Signature": hex_hmac("key_of_the_north_0123456789", body)}
    visit.answers("POST /api/retell/webhook", {"received": FLAG}, "POST", "/api/retell/webhook", raw=body,
                  headers=signature)
    signature["X-Retell-Signature"] = hashlib.sha256(body).hexdigest()
    visit.refuses("a forged webhook", 401, "Invalid signature", "POST", "/api/retell/webhook", None, None, raw=body,
                  headers=signature)
    hook = house.expect(200, "POST", "/api/settings/calendars/cal-com", house.north.admin).json
    booking = json.dumps({"triggerEvent": "BOOKING_CREATED", "createdAt": days_ahead(0), "payload": {
        "uid": "qJ5zTnM2sVb8Hk3wXy1LpD", "metadata": {"tenantId": house.north.id}, "startTime": days_ahead(5),
        "attendees": [{"name": "Vienna Barnes", "email": "vienna@example.com", "phoneNumber": "+14155550109"}]}}).encode()
    visit.answers("POST /api/webhooks/cal-com", {"received": FLAG}, "POST", "/api/webhooks/cal-com", raw=booking,
                  headers={"Content-Type": "application/json", "X-Cal-Signature-256": hex_hmac(hook["secret"], booking)})


def summaries(visit):
    path = "/api/daily-summary/settings"
    visit.answers("PUT /api/daily-summary/settings", SETTINGS | {"deliveryDays": [TEXT]}, "PUT", path, SETTINGS)
    got = visit.answers("GET /api/daily-summary/settings", {"lastSentAt": Maybe(TEXT)}, "GET", path)
    visit.tap.case("the summary's settings are kept", [f"{n}: {got[n]!r}" for n in SETTINGS if got[n] != SETTINGS[n]])


def the_owner(visit, house):
    got = visit.answers("POST /api/admin/impersonate/:tenantId", {"token": TEXT, "tenant": {"id": NUMBER, "name": TEXT}},
                        "POST", f"/api/admin/impersonate/{house.south.id}", token=house.owner)
    visit.answers("acting for a tenant", [CONTACT], "GET", "/api/contacts", token=got["token"])
    visit.refuses("a tenant that is none", 404, "Tenant not found", "POST", "/api/admin/impersonate/999", house.owner)
    visit.refuses("what only the owner may", 403, "Insufficient permissions", "GET", "/api/admin/tenants", visit.token)


def main():
    tap = Tap()
    with House(sys.argv[1:]) as house:
        description = watch(house)
        house.furnish()
        visit = Visit(house, tap)
        accounts(visit, house)
        contacts(visit)
        call = calls(visit, house)
        webhooks(visit, house, call)
        summaries(visit)
        the_owner(visit, house)
        visit.answers("POST /api/auth/logout", {"message": TEXT}, "POST", "/api/auth/logout")
        if description:
            tap.case("every answer is as described", description.take_problems())
    tap.done()


main()
