"""stories.py - what single routes have of their own: conflicts, limits and failures that no rule leads to."""

import base64
import hashlib
import hmac
import json
import re
import sqlite3
from datetime import datetime

from asking import must
from clinics import PASSWORD, days_ahead, hex_hmac
from isolation import cancelled_task, fresh_account

MAIL_SECRET = b"thirty bytes of a mail secret."

def wrong_logins(house):
    problems = []
    twin = {"email": "twin@both.example", "password": PASSWORD, "fullName": "Twin", "role": "client_user"}
    ids = [house.expect(201, "POST", "/api/users", clinic.admin, twin).json["id"]
           for clinic in (house.north, house.south)]
    login = {"email": "twin@both.example", "password": PASSWORD}
    must(problems, "twins", house.ask("POST", "/api/auth/login", None, login), 409)
    house.expect(200, "PATCH", f"/api/users/{ids[0]}", house.north.admin, {"isActive": False})
    must(problems, "inactive", house.ask("POST", "/api/auth/login", None, login | {"tenantId": house.north.id}), 403)
    return problems + until_limited(house, 401, "/api/auth/login", None, {"email": "x@y.example", "password": "wrong"})


def until_limited(house, status, *question):
    """Guesses until it must wait. In the sandbox time passes fast, and so do the first waits."""
    problems = []
    for _ in range(20):
        answer = must(problems, "a guess", house.ask("POST", *question), status, 429)
        if answer.status == 429:
            return problems
    return problems + ["guessing is never slowed down"]


def own_password(house):
    problems = []
    account = fresh_account(house, house.north)
    email = next(u["email"] for u in house.ask("GET", "/api/users", house.north.admin).json if u["id"] == account)
    path, token = "/api/auth/password", house.login(email)
    changed = must(problems, "well", house.ask(
        "POST", path, token, {"currentPassword": PASSWORD, "newPassword": "another " + PASSWORD}), 200)
    must(problems, "the old token", house.ask("GET", "/api/auth/me", token), 401)
    token = changed.json["token"]
    problems += until_limited(house, 400, path, token, {"currentPassword": "wrong", "newPassword": PASSWORD})
    must(problems, "everywhere", house.ask("POST", "/api/auth/logout", token, {"everywhere": True}), 200)
    return problems


def impersonation(house):
    problems = []
    begin = f"/api/admin/impersonate/{house.north.id}"
    token = house.expect(200, "POST", begin, house.owner).json["token"]
    must(problems, "who", house.ask("GET", "/api/auth/me", token), 200)
    must(problems, "the password", house.ask("POST", "/api/auth/password", token,
                                            {"currentPassword": PASSWORD, "newPassword": PASSWORD + "!"}), 403)
    must(problems, "out everywhere", house.ask("POST", "/api/auth/logout", token, {"everywhere": True}), 403)
    must(problems, "the end", house.ask("POST", "/api/auth/impersonation/end", token), 200)
    must(problems, "the end of a login", house.ask("POST", "/api/auth/impersonation/end", house.north.admin), 400)
    return problems


def accounts(house):
    problems = []
    mine = house.ask("GET", "/api/auth/me", house.north.admin).json["id"]
    body = {"email": house.north.user_email, "password": PASSWORD, "fullName": "Same"}
    must(problems, "the same address", house.ask("POST", "/api/users", house.north.admin, body), 409)
    must(problems, "oneself", house.ask("PATCH", f"/api/users/{mine}", house.north.admin, {"isActive": False}), 403)
    must(problems, "one's own", house.ask("POST", f"/api/users/{mine}/password", house.north.admin,
                                         {"newPassword": PASSWORD + "!"}), 403)
    owner = {"X-Tenant-Id": str(house.north.id)}
    must(problems, "the last admin", house.ask("PATCH", f"/api/users/{mine}", house.owner, {"role": "client_user"},
                                              headers=owner), 409)
    return problems


def tenants(house):
    """A tenant in which everything is set, and one that is suspended."""
    problems = []
    made = must(problems, "add", house.ask("POST", "/api/admin/tenants", house.owner, {
        "name": "Full", "timeZone": "Europe/Paris",
        "businessHours": {"Mon": {"open": "09:00", "close": "24:00"}, "Sun": None},
        "features": {"x": [1]}, "callDays": ["Mon"], "weeklyCallLimit": 21, "calendarType": "calendly", "country": "33",
        "dailySummaryDays": ["Sat", "Sun"], "calendlyToken": "0123456789abcdef", "parkingInstructions": "No",
        "admin": {"email": "full@full.example", "password": PASSWORD, "fullName": "Full"}}), 201)
    path = made.headers["location"]
    must(problems, "suspend", house.ask("POST", path + "/suspend", house.owner, {"reason": "unpaid"}), 200)
    must(problems, "two lines", house.ask("POST", path + "/suspend", house.owner, {"reason": "a\nb"}), 400)
    must(problems, "list", house.ask("GET", "/api/admin/tenants", house.owner), 200)
    log = f"/api/admin/audit?tenantId={made.json['id']}"
    must(problems, "its log", house.ask("GET", log, house.owner), 200)
    must(problems, "a page of it", house.ask("GET", log + "&limit=1", house.owner), 200)
    must(problems, "nobody's log", house.ask("GET", "/api/admin/audit?tenantId=99999", house.owner), 404)
    return problems


def calls(house):
    problems = []
    path, token = "/api/calls/manual", house.north.admin
    opted = house.add_contact(house.north)
    house.expect(200, "PUT", f"/api/contacts/{opted}/opt-out", token, {"optedOut": True, "reason": "asked"})
    must(problems, "opted out", house.ask("POST", path, token, {"contactId": opted}), 400)
    must(problems, "nobody", house.ask("POST", path, token, {"contactId": 999999}), 404)
    lost = house.add_contact(house.north, phone="+14155550112")
    must(problems, "answer lost", house.ask("POST", path, token, {"contactId": lost}), 202)
    for ending in ("02", "03", "04"):
        called = house.add_contact(house.north, phone=f"+141555501{ending}")
        house.place_call(house.north, called)
        must(problems, "explained", house.ask("GET", f"/api/contacts/{called}/explain", house.north.user), 200)
    for page in ("/api/calls", "/api/tasks", "/api/contacts", "/api/audit"):
        answer = must(problems, "page", house.ask("GET", page + "?limit=1", token), 200)
        link = re.match("<(.*?)>", answer.headers.get("link", ""))
        if link:
            must(problems, "next page", house.ask("GET", link[1], token), 200)
        else:
            problems.append(f"{page} names no next page")
    problems += erasure(house)
    slow = house.add_contact(house.north, phone="+14155550114")
    must(problems, "throttled", house.ask("POST", path, token, {"contactId": slow}), 400)
    return problems


def erasure(house):
    """What is left of somebody who was erased still has its shape."""
    problems = []
    gone = house.add_contact(house.north, phone="+14155550101")
    call = house.place_call(house.north, gone)
    must(problems, "erased", house.ask("DELETE", f"/api/contacts/{gone}?erase=true", house.north.admin), 204)
    must(problems, "its call", house.ask("GET", f"/api/calls/{call}", house.north.admin), 200)
    must(problems, "its tasks", house.ask("GET", f"/api/tasks?contactId={gone}", house.north.admin), 200)
    events = must(problems, "its events", house.ask("GET", f"/api/calls/{call}/events", house.north.admin), 200).json
    for event in events[:1]:
        must(problems, "replay", house.ask("POST", f"/api/events/{event['id']}/replay", house.north.admin), 409)
    must(problems, "activity", house.ask("GET", "/api/analytics/calls", house.north.admin), 200)
    return problems


def tasks(house):
    problems = []
    token = house.north.admin
    over = f"/api/tasks/{cancelled_task(house, house.north)}"
    must(problems, "move", house.ask("PATCH", over, token, {"scheduledFor": days_ahead(2)}), 409)
    must(problems, "cancel", house.ask("POST", over + "/cancel", token), 409)
    past = {"scheduledFor": days_ahead(-1)}
    must(problems, "retry for the past", house.ask("POST", over + "/retry", token, past), 400)
    must(problems, "retry", house.ask("POST", over + "/retry", token, {"scheduledFor": days_ahead(2)}), 201)
    must(problems, "retry again", house.ask("POST", over + "/retry", token), 409)
    return problems


def imports(house):
    problems = []
    path = "/api/contacts/import"
    sent = {"token": house.north.admin, "headers": {"Content-Type": "text/csv"}}
    bad = b"name,phone,pet\r\nA,+14155550105,cat\r\nB,12,dog\r\n"
    must(problems, "bad rows", house.ask("POST", path, raw=bad, **sent), 400)
    must(problems, "dry run", house.ask("POST", path + "?dryRun=true", raw=bad, **sent), 200)
    must(problems, "the good rows", house.ask("POST", path + "?skipBad=true", raw=bad, **sent), 200)
    must(problems, "no columns", house.ask("POST", path, raw=b"pet\r\ncat\r\n", **sent), 400)
    return problems


def summaries(house):
    problems = []
    path = "/api/daily-summary/test"
    must(problems, "nobody to mail to", house.ask("POST", path, house.south.admin), 409)
    body = {"enabled": True, "recipientEmail": "dana@south.example"}
    must(problems, "on", house.ask("PUT", "/api/daily-summary/settings", house.south.admin, body), 200)
    must(problems, "mail", house.ask("POST", path, house.south.admin), 200)
    must(problems, "at once again", house.ask("POST", path, house.south.admin), 429)
    late = {"deliveryTime": "24:00"}
    must(problems, "24:00", house.ask("PUT", "/api/daily-summary/settings", house.south.admin, late), 400)
    return problems


def signed(secret, message, encode):
    return encode(hmac.new(secret, message, hashlib.sha256).digest())


def now_in(house):
    """The house's own time, in seconds: in the sandbox it runs ahead of everybody else's."""
    made = house.expect(201, "POST", "/api/contacts", house.north.admin, {"name": "Clock"}).json["createdAt"]
    return str(int(datetime.fromisoformat(made.replace("Z", "+00:00")).timestamp()))


def mail_headers(house, body):
    now = now_in(house)
    code = signed(MAIL_SECRET, f"msg_1.{now}.".encode() + body, base64.b64encode).decode()
    return {"svix-id": "msg_1", "svix-timestamp": now, "svix-signature": "v1," + code}


def post(house, path, event, headers=None):
    body = json.dumps(event).encode() if not isinstance(event, bytes) else event
    signature = headers(house, body) if headers else {}
    return house.ask("POST", path, raw=body, headers={"Content-Type": "application/json"} | signature)


def own_webhooks(house):
    problems = []

    def sign(_house, body):
        return {"X-Retell-Signature": hex_hmac("key_of_the_north_0123456789", body)}

    call = house.ask("GET", f"/api/calls/{house.north.call}", house.north.admin).json["retellCallId"]
    event = {"event": "call_ended", "call": {"call_id": call}}
    retell = "/api/retell/webhook"
    must(problems, "Retell", post(house, retell, event, sign), 200)
    must(problems, "Retell unsigned", post(house, retell, event), 401)
    must(problems, "Retell, no event", post(house, retell, b"[]", sign), 400)
    event["call"]["call_id"] = "call_of_nobody"
    must(problems, "Retell, nobody's", post(house, retell, event, sign), 404)
    mail = "/api/webhooks/resend"
    must(problems, "mail", post(house, mail, {"type": "email.sent", "data": {}}, mail_headers), 200)
    must(problems, "mail unsigned", post(house, mail, {"type": "email.sent"}), 401)
    must(problems, "mail, no event", post(house, mail, b"7", mail_headers), 400)
    return problems


def calendars(house):
    """Both calendars: connected, listed, telling of a booking, disconnected."""
    problems = []
    for provider, event in (("cal-com", {"triggerEvent": "PING", "payload": {"metadata": {"tenantId": house.north.id}}}),
                            ("calendly", {"event": "invitee.created", "payload": {}})):
        path = f"/api/settings/calendars/{provider}"
        hook = must(problems, provider, house.ask("POST", path, house.north.admin), 200).json
        if "secret" not in hook:
            continue
        must(problems, "renewed", house.ask("POST", path, house.north.admin), 200)
        must(problems, "listed", house.ask("GET", "/api/settings/calendars", house.north.admin), 200)

        def sign(house, body, provider=provider, secret=hook["secret"]):
            if provider == "cal-com":
                return {"X-Cal-Signature-256": hex_hmac(secret, body)}
            now = now_in(house)
            code = signed(secret.encode(), f"{now}.".encode() + body, bytes.hex)
            return {"Calendly-Webhook-Signature": f"t={now},v1={code}"}

        addresses = [hook["path"]] + ["/api/webhooks/cal-com"] * (provider == "cal-com")
        for address in addresses:
            must(problems, address, post(house, address, event, sign), 200)
            must(problems, f"{address} unsigned", post(house, address, event), 401)
        must(problems, "no object", post(house, hook["path"], b"7", sign), 400)
        must(problems, "gone", house.ask("DELETE", path, house.north.admin), 204)
        must(problems, "gone before", house.ask("DELETE", path, house.north.admin), 404)
    must(problems, "no object, at the address without a token", post(house, "/api/webhooks/cal-com", b"7"), 401)
    return problems


def database_away(house):
    """Somebody else holds the database: nothing can be written."""
    problems = []
    base = sqlite3.connect(house.db, isolation_level=None)
    base.execute("BEGIN IMMEDIATE")
    must(problems, "not ready", house.ask("GET", "/readyz"), 503)
    must(problems, "not added", house.ask("POST", "/api/contacts", house.north.admin, {"name": "X"}), 503)
    base.execute("ROLLBACK")
    base.close()
    must(problems, "ready again", house.ask("GET", "/readyz"), 200)
    return problems


STORIES = {
    "accounts have their refusals": accounts, "logins are refused in every way": wrong_logins,
    "one's own password": own_password, "an impersonation": impersonation, "tenants and their logs": tenants,
    "tasks that are over": tasks, "files": imports, "summaries": summaries, "webhooks": own_webhooks,
    "calendars": calendars, "calls in every state": calls, "the database is away": database_away,
}
