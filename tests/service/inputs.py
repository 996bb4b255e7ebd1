"""
inputs.py - what every route takes: the members of its body with their kind and limits, its query, a good example.

A row here is the contract of a route. wrong_inputs.py breaks each clause of it once, fuzzed_json.py all of them at random.
"""

import base64
import datetime
import hashlib
import hmac
import time

from clinics import PASSWORD, days_ahead, hex_hmac, noon_zone

NORTH_KEY = "key_of_the_north_0123456789"
RESEND_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


class Raw:
    """A value as it stands in the body, be it JSON or not."""

    def __init__(self, text):
        self.text = text if isinstance(text, bytes) else text.encode()


class Member:
    """
    One member of a body.

    @kind: see KINDS in wrong_inputs.py. @most, @least: bytes of a text, or the bounds of a number. @empty: whether "" is
    right, as where it clears. @lines: whether line ends and other control characters are. @wrong: further wrong values.
    """

    def __init__(self, kind, needed=False, most=None, least=None, empty=True, lines=False, wrong=()):
        self.kind = kind
        self.needed = needed
        self.most, self.least = most, least
        self.empty = empty and not needed
        self.lines = lines
        self.wrong = list(wrong)


def text(most, needed=False, **more):
    return Member("text", needed, most, **more)


def number(least=1, most=None, needed=False):
    return Member("number", needed, most, least)


def word(*words, needed=False, **more):
    return Member("word", needed, wrong=("nonsense", words[0] + " ", words[0].upper() + "X"), **more)


def flag(needed=False):
    return Member("flag", needed)


MAIL = Member("text", most=254, wrong=("no address", "a@b@c.example", "a b@c.example", "@c.example", "a@"))
MAIL_NEEDED = Member("text", True, 254, wrong=MAIL.wrong)
# Whatever a person calls their password is compared, not judged.
GUESS = Member("text", True, 128, lines=True)
NEW_PASSWORD = Member("text", True, 128, 8, lines=True)
ZONE = Member("text", most=64, wrong=("Mars/Olympus", "../../etc/passwd", "/etc/localtime"))
PHONE = Member("text", most=64, wrong=("12", "call me", "+1415555010a", "+" + "1" * 30, "+1415555"))
TIME = Member("time")
TIME_NEEDED = Member("time", True)
DATE = Member("text", most=10, wrong=("tomorrow", "2027-13-01", "2027-02-30", "2027-1-1", "01/02/2027"))
ROLE = word("client_user", empty=False)

CONTACT = {
    "name": text(200, empty=False), "phone": PHONE, "email": MAIL, "timeZone": ZONE, "appointmentDate": DATE,
    "appointmentTime": TIME, "appointmentType": text(200), "specialInstructions": text(2000, lines=True),
}
LINE = text(200)
PROSE = text(8000, lines=True)
SECRET = Member("text", most=512, least=8, wrong=("key with blanks", "schlüssel1"))
CLOCK = Member("text", wrong=("8", "8:00", "25:00", "08:60", "noon", "08:00:00", "24:01"))
WEEK = Member("list", wrong=([], ["Noday"], [1], [None], ["mon"], ["Mon", "Noday"], [["Mon"]]))
HOURS = Member("object", wrong=({"Mon": {"open": "9"}}, {"Mon": {"open": "09:00"}}, {"Noday": None}, {"Mon": "09:00-17:00"},
                                {"Mon": {"open": "17:00", "close": "09:00"}}, {"Mon": {"open": 9, "close": 17}}))
SETTINGS = {
    "timeZone": ZONE, "country": Member("text", wrong=("01", "1234", "one", "+1")), "businessTemplate": LINE,
    "retellApiKey": SECRET, "retellAgentId": LINE, "retellPhoneNumber": PHONE, "retellWebhookSecret": SECRET,
    "acceptBareSignature": flag(), "calendarType": word("cal_com", "calendly"), "calComApiKey": SECRET,
    "calendlyToken": SECRET, "dailySummaryEnabled": flag(), "dailySummaryRecipientEmail": MAIL,
    "dailySummaryRecipientName": LINE, "dailySummaryTime": CLOCK, "dailySummaryTimezone": ZONE,
    "dailySummaryDays": WEEK, "dailySummaryCountsOnly": flag(), "calComPhoneField": LINE,
    "calendlyPhoneQuestion": LINE, "businessHours": HOURS, "publicTransportInstructions": PROSE,
    "parkingInstructions": PROSE, "arrivalNotes": PROSE, "voiceAgentPrompt": PROSE, "features": Member("object"),
    "callWindowStart": Member("text", wrong=CLOCK.wrong + ["07:59", "20:00", "21:00"]),
    "callWindowEnd": Member("text", wrong=CLOCK.wrong + ["21:01", "24:00"]), "callDays": WEEK,
    "dailyCallLimit": number(1, 3), "weeklyCallLimit": number(1, 21), "followUpDelayMinutes": number(15, 1440),
    "reminderLeadMinutes": number(120, 10080),
}
NAME = {"name": text(200, empty=False)}
GOOD_SETTINGS = {
    "name": "Other Clinic", "timeZone": "Europe/Paris", "country": "33", "businessTemplate": "salon",
    "retellApiKey": "another_key_0123456789", "retellAgentId": "agent_2", "retellPhoneNumber": "+14155550100",
    "retellWebhookSecret": "webhook_key_0123456789", "acceptBareSignature": True, "calendarType": "calendly",
    "calComApiKey": "cal_0123456789abc", "calendlyToken": "calendly_0123456789", "dailySummaryEnabled": False,
    "dailySummaryRecipientEmail": "a@example.com", "dailySummaryRecipientName": "Ada", "dailySummaryTime": "07:30",
    "dailySummaryTimezone": "Europe/Paris", "dailySummaryDays": ["Mon"], "dailySummaryCountsOnly": True,
    "calComPhoneField": "phone", "calendlyPhoneQuestion": "Your number?",
    "businessHours": {"Mon": {"open": "09:00", "close": "17:00"}}, "publicTransportInstructions": "Bus 7\nto the end",
    "parkingInstructions": "Behind", "arrivalNotes": "Ring", "voiceAgentPrompt": "Be kind", "features": {"a": True},
    "callWindowStart": "09:00", "callWindowEnd": "20:00", "callDays": DAYS, "dailyCallLimit": 2, "weeklyCallLimit": 7,
    "followUpDelayMinutes": 1440, "reminderLeadMinutes": 1440,
}
ADMIN = {"admin.email": MAIL_NEEDED, "admin.password": NEW_PASSWORD, "admin.fullName": text(200, True)}
SUMMARY = {
    "enabled": flag(), "recipientEmail": MAIL, "recipientName": LINE, "deliveryTime": Member("text", wrong=CLOCK.wrong),
    "deliveryDays": WEEK, "timezone": ZONE, "countsOnly": flag(),
}
GOOD_SUMMARY = {"enabled": False, "recipientEmail": "mike@example.com", "recipientName": "Mike", "deliveryTime": "09:00",
                "deliveryDays": ["Mon", "Sat"], "timezone": "America/Los_Angeles", "countsOnly": True}


def serial(house):
    house.serial = getattr(house, "serial", 0) + 1
    return house.serial


def account(house):
    return {"email": f"new{serial(house)}@example.com", "password": PASSWORD, "fullName": "New Person"}


def fresh_contact(house):
    return house.add_contact(house.north, phone="+14155550108")


def past_contact(house):
    """One who could have failed to come."""
    return house.add_contact(house.north, phone="+14155550108", appointmentTime=days_ahead(-1))


def good_contact(_house):
    return {"name": "Vienna Barnes", "phone": "+14155550106", "email": "vienna@example.com", "timeZone": "Europe/Paris",
            "appointmentDate": days_ahead(3)[:10], "appointmentTime": days_ahead(3), "appointmentType": "Check-up",
            "specialInstructions": "Window\nseat"}


def changed_contact(_house):
    return {"name": "Vienna Barnes", "phone": "+14155550106", "email": "vienna@example.com", "timeZone": "Europe/Paris",
            "appointmentType": "Check-up", "specialInstructions": "Window\nseat", "attentionNote": "Call\nback",
            "noShow": False, "appointmentStatus": "confirmed", "appointmentTime": days_ahead(4),
            "appointmentDate": days_ahead(4)[:10]}


def fresh_task(house):
    contact = fresh_contact(house)
    return house.expect(200, "GET", f"/api/tasks?contactId={contact}", house.north.admin).json[0]["id"]


def cancelled_task(house):
    task = fresh_task(house)
    house.expect(200, "POST", f"/api/tasks/{task}/cancel", house.north.admin)
    return task


def fresh_account(house):
    return house.expect(201, "POST", "/api/users", house.north.admin, account(house)).json["id"]


def tenant(house):
    return house.expect(201, "POST", "/api/admin/tenants", house.owner,
                        {"name": "East Clinic", "admin": account(house)}).json["id"]


def the(name):
    return lambda house: getattr(house.north, name)


def in_a_day(_house):
    """Inside everybody's calling window: it is noon."""
    return {"scheduledFor": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))}


def clock(house):
    """The seconds of the program's clock, which the sandbox lets run 60 times as fast."""
    return int(house.noticed[0] + (time.time() - house.noticed[1]) * 60)


def sign_retell(_house, _route, body):
    return {"X-Retell-Signature": hex_hmac(NORTH_KEY, body)}


def sign_cal_com(house, _route, body):
    return {"X-Cal-Signature-256": hex_hmac(house.hooks["cal-com"]["secret"], body)}


def sign_calendly(house, _route, body):
    now = str(clock(house))
    mac = hex_hmac(house.hooks["calendly"]["secret"], now.encode() + b"." + body)
    return {"Calendly-Webhook-Signature": f"t={now},v1={mac}"}


def sign_resend(house, _route, body):
    key = base64.b64decode(RESEND_SECRET.removeprefix("whsec_"))
    ident, now = f"msg_{serial(house)}", str(clock(house))
    mac = hmac.new(key, f"{ident}.{now}.".encode() + body, hashlib.sha256).digest()
    return {"svix-id": ident, "svix-timestamp": now, "svix-signature": "v1," + base64.b64encode(mac).decode()}


def retell_event(house):
    return {"event": "call_analyzed", "call": {
        "call_id": house.retell_call, "call_status": "ended", "disconnection_reason": "user_hangup",
        "start_timestamp": 1795000000000, "end_timestamp": 1795000087000, "transcript": "Hi Vienna",
        "metadata": {"call_session_id": house.north.call}, "call_analysis": {
            "call_successful": True, "user_sentiment": "Positive", "in_voicemail": False, "call_summary": "Good",
            "custom_analysis_data": {"appointment_confirmed": True, "appointment_cancelled": False}}}}


def cal_com_event(house):
    return {"triggerEvent": "BOOKING_CREATED", "createdAt": days_ahead(0), "payload": {
        "uid": f"booking{serial(house)}", "bookingId": 42, "metadata": {"tenantId": house.north.id}, "title": "Check-up",
        "startTime": days_ahead(5), "endTime": days_ahead(5), "status": "ACCEPTED", "type": "check-up",
        "responses": {"attendeePhoneNumber": {"label": "phone", "value": "+14155550109"}},
        "attendees": [{"name": "Vienna Barnes", "email": "vienna@example.com", "phoneNumber": "+14155550109",
                       "timeZone": "Europe/Paris"}]}}


def calendly_event(house):
    event = f"https://api.calendly.com/scheduled_events/{serial(house)}"
    return {"event": "invitee.created", "created_at": days_ahead(0), "payload": {
        "uri": event + "/invitees/1", "name": "Vienna Barnes", "email": "vienna@example.com", "status": "active",
        "timezone": "Europe/Paris", "rescheduled": False, "text_reminder_number": "+14155550109",
        "questions_and_answers": [{"question": "Phone", "answer": "+14155550109", "position": 0}],
        "scheduled_event": {"uri": event, "name": "Check-up", "start_time": days_ahead(5), "end_time": days_ahead(5)}}}


def resend_event(_house):
    return {"type": "email.bounced", "created_at": days_ahead(0), "data": {
        "email_id": "56761188-7520-42d8-8898-ff6fc54ce618", "to": ["Mike <mike@example.com>"], "tags": {"tenant": "1"},
        "bounce": {"type": "Permanent", "message": "gone"}}}


class Route:
    """
    @good: makes a good body; None: no body is read. @members: of the body. @query: of the query, each with a good value.
    @own: makes what the path names. @ok: the statuses of a good request. @bare: whether the body may be left out.
    @sign: makes a webhook's headers; such a body is somebody else's, and what is wrong with it is not named.
    @raw, @headers: of a body that is no JSON; @wrong_raw: wrong ones, by name.
    """

    def __init__(self, good=None, members=None, query=None, own=None, ok=(200,), bare=False, sign=None, raw=None,
                 headers=None, wrong_raw=None, who=None, item=None):
        self.good, self.members, self.query = good, members or {}, query or {}
        self.own, self.ok, self.bare = own, ok, bare
        self.sign, self.raw, self.headers = sign, raw, headers or {}
        self.wrong_raw = wrong_raw or {}
        self.who = who  # makes the token of somebody other than the scope's usual person
        self.item = item  # what ":token" of a webhook stands for


def newcomer(house):
    """Somebody of the north whose password may change."""
    person = account(house)
    house.expect(201, "POST", "/api/users", house.north.admin, person)
    return house.login(person["email"])


def fixed(body):
    return lambda _house: body


def renew_hook(house, provider):
    house.hooks[provider] = house.expect(200, "POST", f"/api/settings/calendars/{provider}", house.north.admin).json
    return house.hooks[provider]["path"].rsplit("/", 1)[1]


def hook_token(provider):
    return lambda house: renew_hook(house, provider)


MOMENT = "2026-01-01T00:00:00Z"
PAGE = {"limit": (number(1, 500), "10")}
CURSOR = {"after": (text(None, empty=True, wrong=("nonsense", "aWExMDA6AAAA", "%22")), "")}
SPAN = {"from": (TIME, MOMENT), "to": (TIME, MOMENT)}
AUDIT = {"userId": (number(), "1"), "contactId": (number(), "1"), "before": (number(), "9"), **PAGE, **SPAN,
         "action": (text(63), "contact.")}
SWITCH = (flag(), "true")
LIST_OF_CONTACTS = {
    "filter": (word("needs_attention", empty=False), "pending"), "search": (text(200), "Vienna"),
    "sort": (Member("word", empty=False, wrong=("nonsense", "--id", "-", "id;")), "-name"), **PAGE, **CURSOR}
LIST_OF_CALLS = {"contactId": (number(), "1"), "status": (word("queued", empty=False), "completed"),
                 "outcome": (word("none", empty=False), "confirmed"),
                 "callType": (word("manual", empty=False), "manual"), **SPAN, **PAGE, **CURSOR}
LIST_OF_TASKS = {"contactId": (number(), "1"), "status": (word("pending", empty=False), "pending"), **SPAN, **PAGE,
                 **CURSOR}
NO_CSV = {"an empty file": b"", "no column that is known": b"a,b\r\n1,2\r\n", "a bad row": b"name,phone\r\nA,12\r\n",
          "no UTF-8": b"name,phone\r\n\xff\xfe,+14155550105\r\n", "an open quotation": b'name,phone\r\n"A,+14155550105',
          "a NUL": b"name,phone\r\nA\0B,+14155550105\r\n", "a row too long": b"name,phone\r\nA,+14155550105,x,y\r\n",
          "a name too long": b"name\r\n" + b"x" * 201 + b"\r\n"}

ROUTES = {
    "POST /api/auth/login": Route(
        lambda house: {"email": house.north.user_email, "password": PASSWORD, "tenantId": house.north.id},
        {"email": Member("text", True, 254, lines=True), "password": GUESS, "tenantId": number()}),
    "POST /api/auth/logout": Route(fixed({"everywhere": False}), {"everywhere": flag()}, bare=True, who=newcomer),
    "GET /api/auth/me": Route(),
    "POST /api/auth/password": Route(
        fixed({"currentPassword": PASSWORD, "newPassword": "another battery"}),
        {"currentPassword": Member("text", True, 128, lines=True, wrong=("a wrong one",)), "newPassword": NEW_PASSWORD},
        who=newcomer),
    "POST /api/auth/impersonation/end": Route(ok=(200, 400)),
    "GET /api/admin/tenants": Route(),
    "POST /api/admin/tenants": Route(
        lambda house: GOOD_SETTINGS | {"admin": account(house)},
        {"name": text(200, True), "admin": Member("object", True)} | ADMIN | SETTINGS, ok=(201,)),
    "GET /api/admin/tenants/:id": Route(own=tenant),
    "PATCH /api/admin/tenants/:id": Route(fixed(GOOD_SETTINGS), NAME | SETTINGS, own=tenant),
    "POST /api/admin/tenants/:id/suspend": Route(fixed({"reason": "unpaid"}), {"reason": LINE}, own=tenant, bare=True),
    "POST /api/admin/tenants/:id/resume": Route(own=tenant),
    "POST /api/admin/impersonate/:tenantId": Route(own=tenant),
    "GET /api/admin/audit": Route(query=AUDIT | {"tenantId": (number(), "1")}),
    "GET /api/admin/stuck-calls": Route(),
    "GET /api/admin/health": Route(),
    "GET /api/users": Route(),
    "POST /api/users": Route(lambda house: account(house) | {"role": "client_user"},
                             {"email": MAIL_NEEDED, "password": NEW_PASSWORD, "fullName": text(200, True),
                              "role": Member("word", empty=False, wrong=ROLE.wrong + ["super_admin"])}, ok=(201,)),
    "PATCH /api/users/:id": Route(fixed({"fullName": "Other Name", "role": "client_admin", "isActive": True}),
                                  {"fullName": text(200, empty=False), "isActive": flag(),
                                   "role": Member("word", empty=False, wrong=ROLE.wrong + ["super_admin"])},
                                  own=fresh_account),
    "POST /api/users/:id/password": Route(fixed({"newPassword": PASSWORD}), {"newPassword": NEW_PASSWORD},
                                          own=fresh_account),
    "GET /api/audit": Route(query=AUDIT),
    "GET /api/settings": Route(),
    "PATCH /api/settings": Route(
        fixed(GOOD_SETTINGS | {"timeZone": noon_zone(), "retellApiKey": NORTH_KEY, "retellWebhookSecret": NORTH_KEY,
                               "dailyCallLimit": 3, "weeklyCallLimit": 21}), NAME | SETTINGS),
    "POST /api/settings/test-retell": Route(),
    "GET /api/settings/calendars": Route(),
    "POST /api/settings/calendars/:provider": Route(own=fixed("cal-com"), ok=(200, 201)),
    "DELETE /api/settings/calendars/:provider": Route(own=fixed("calendly"), ok=(204, 404)),
    "GET /api/contacts": Route(query=LIST_OF_CONTACTS),
    "POST /api/contacts": Route(good_contact, CONTACT | {"name": text(200, True, wrong=(" ",))}, ok=(201,)),
    "GET /api/contacts/stats": Route(),
    "GET /api/contacts/export": Route(query={"bom": SWITCH}),
    "POST /api/contacts/import": Route(raw=b"name,phone\r\nImported,+14155550105\r\n", wrong_raw=NO_CSV,
                                       headers={"Content-Type": "text/csv"},
                                       query={"dryRun": SWITCH, "skipBad": SWITCH,
                                              "dates": (word("day-first", empty=False), "month-first")}),
    "GET /api/contacts/:id": Route(own=fresh_contact),
    "PATCH /api/contacts/:id": Route(
        changed_contact, CONTACT | {"attentionNote": text(2000, lines=True), "noShow": flag(),
                                    "appointmentStatus": word("pending", empty=False)}, own=past_contact),
    "DELETE /api/contacts/:id": Route(own=fresh_contact, query={"erase": SWITCH}, ok=(204,)),
    "PUT /api/contacts/:id/opt-out": Route(fixed({"optedOut": True, "reason": "by mail\nof today"}),
                                           {"optedOut": flag(True), "reason": text(500, lines=True)}, own=fresh_contact),
    "GET /api/contacts/:id/explain": Route(own=fresh_contact),
    "GET /api/calls": Route(query=LIST_OF_CALLS),
    "POST /api/calls/manual": Route(lambda house: {"contactId": fresh_contact(house)}, {"contactId": number(needed=True)},
                                    ok=(200, 202)),
    "GET /api/calls/:id": Route(own=the("call")),
    "GET /api/calls/:id/events": Route(own=the("call")),
    "POST /api/events/:id/replay": Route(own=the("event")),
    "GET /api/tasks": Route(query=LIST_OF_TASKS),
    "PATCH /api/tasks/:id": Route(
        in_a_day, {"scheduledFor": Member("time", True, wrong=(MOMENT, days_ahead(400)))}, own=fresh_task),
    "POST /api/tasks/:id/cancel": Route(own=fresh_task),
    "POST /api/tasks/:id/retry": Route(in_a_day, {"scheduledFor": Member("time", wrong=(MOMENT, days_ahead(400)))},
                                       own=cancelled_task, ok=(201,), bare=True),
    "GET /api/analytics/calls": Route(),
    "GET /api/analytics/performance": Route(query={"timePeriod": (number(1, 366), "30")}),
    "GET /api/daily-summary/settings": Route(),
    "PUT /api/daily-summary/settings": Route(fixed(GOOD_SUMMARY), SUMMARY),
    "GET /api/daily-summary/preview": Route(),
    "POST /api/daily-summary/test": Route(ok=(200, 409, 429)),
    "POST /api/retell/webhook": Route(retell_event, sign=sign_retell),
    "POST /api/webhooks/cal-com": Route(cal_com_event, sign=sign_cal_com),
    "POST /api/webhooks/cal-com/:token": Route(cal_com_event, sign=sign_cal_com, item=hook_token("cal-com")),
    "POST /api/webhooks/calendly/:token": Route(calendly_event, sign=sign_calendly, item=hook_token("calendly")),
    "POST /api/webhooks/resend": Route(resend_event, sign=sign_resend),
    "GET /livez": Route(),
    "GET /readyz": Route(),
}
CALENDARS = [key for key in ROUTES if "/calendars" in key or "/cal-com" in key or "/calendly" in key]


def prepare(house):
    """What the rows need beside the two clinics. Returns the routes that are still to come."""
    for clinic in (house.north, house.south):  # so that nothing moves by itself for a while
        house.cli("-t", str(clinic.id), "tenant", "set", "follow_up_delay_minutes=1440")
    house.furnish()
    made = house.expect(201, "POST", "/api/contacts", house.north.admin, {"name": "Somebody"}).json["createdAt"]
    house.noticed = datetime.datetime.fromisoformat(made.replace("Z", "+00:00")).timestamp(), time.time()
    call = house.expect(200, "GET", f"/api/calls/{house.north.call}", house.north.admin).json
    house.retell_call = call["retellCallId"]
    house.hooks = {}
    for provider in ("cal-com", "calendly"):
        answer = house.ask("POST", f"/api/settings/calendars/{provider}", house.north.admin)
        if answer.status == 500 and (answer.json or {}).get("message") == "Not yet":
            return CALENDARS
        house.hooks[provider] = answer.json
    return []


def token_for(house, scope, route):
    if route.who:
        return route.who(house)
    return {"operator": house.owner, "person": house.north.admin, "tenant": house.north.admin}.get(scope)


def path_of(house, path, route):
    """The path with what it names put in."""
    if ":" not in path:
        return path
    start = path.index(":")
    end = path.find("/", start)
    made = route.item(house) if route.item else route.own(house)
    return path[:start] + str(made) + (path[end:] if end >= 0 else "")
