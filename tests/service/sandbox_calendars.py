"""
sandbox_calendars.py - with --sandbox, a tenant's calendar is asked of nobody outside, and its key goes nowhere.

The sandbox itself has no calendars: it answers what is asked of it, and the log tells that the answer made no sense.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
from clinics import House  # noqa: E402
from tap import Tap  # noqa: E402

KEYS = {"cal-com": {"calendarType": "cal_com", "calComApiKey": "cal_0123456789abc"},
        "calendly": {"calendarType": "calendly", "calendlyToken": "calendly_0123456789"}}


def first_word_about(house, calendar):
    """What the log says first of the tenant's calendar."""
    for _ in range(600):
        for line in (Path(house.folder.name) / "log").read_text().splitlines():
            if f" {calendar}: " in line:
                return line
        time.sleep(0.05)
    return "nothing"


def main():
    tap = Tap()
    with House(sys.argv[1:]) as house:
        house.people_arrive()
        later = house.ask("GET", "/api/settings/calendars", house.north.admin).status == 500
        for calendar, settings in KEYS.items():
            name = f"{calendar} is asked of the sandbox"
            if later:
                tap.skip(name, "calendars are still to come")
                continue
            house.expect(200, "PATCH", "/api/settings", house.north.admin, settings)
            line = first_word_about(house, calendar)
            tap.case(name, [] if "did not understand" in line else [line])
    tap.done()


main()
