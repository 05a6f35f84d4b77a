"""Good values for every field that a form leaves open, so that what is sent is carried out."""

from __future__ import annotations

import re

from tests.attack.pages import SentForm
from tests.cast import Cast

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def good_values(cast: Cast) -> dict[str, str]:
    return {
        "name": "Another name",
        "email": "new@example.org",
        "lines": "new@example.org",
        "emergency_name": "A friend",
        "emergency_phone": "+44 20 7946 0000",
        "agrees": "on",
        "reason": "It was agreed.",
        "how": "programme",
        "talk_on": "2027-02-09",
        "talk_note": "We spoke.",
        "letter": "Your place ends.",
        "is_sure": "on",
        "why": "It was agreed.",
        "slug": "spring-2028",
        "time_zone": "Europe/London",
        "text": "Ablation",
        "title": "A probe",
        "what": "Run it again",
        "notes": "We spoke.",
        "view": "on_course",
        "because": "A clean ablation.",
        "would_change": "Another seed.",
        "talked_on": "2027-02-10",
        "words": "Another task, smaller.",
        "by_when": "2027-03-05",
        "help_given": "An hour on Tuesdays.",
        "review_on": "2027-03-08",
        "review_words": "It went well.",
        "reasons": "It is sound.",
        "total_months": "6",
        "plan": "Finish the probe.",
        "answer": "yes",
        "seen_done": "Built it alone.",
        "months_for": "The second result.",
        "can_mentor": "yes",
        "band": "yes",
        "appeal": "It came out after I applied.",
        "accept_by": "2027-02-20",
        "until_on": "2027-02-26",
        "done": "Trained the probe.",
        "body": "A quiet week.",
        "working": "A quiet week.",
        "said": "took_place",
        "dated": "2027-02-09",
        "took_place_on": "2027-02-09",
        "due_on": "2027-02-20",
        "day": "2027-02-18",
        "starts": "10:00",
        "ends": "10:30",
        "starts_on": "2027-02-15",
        "ends_on": "2027-03-12",
        "last_day": "2027-03-12",
        "scholar": str(cast.place["other_scholar"].pk),
        "mentor": str(cast.place["other_mentor"].pk),
        "coach": str(cast.place["other_coach"].pk),
        "owner": str(cast.place["scholar"].pk),
        "role": "mentor",
        "outcome": "met",
        "who": "mentor",
        "audience": "working",
        "log_time": "18:00",
        "local_time": "",
        "hours_per_week": "40",
        "cadence_days": "14",
    }


def filled(form: SentForm, cast: Cast) -> dict[str, str]:
    """What a careful person would send: what stands there stays, what is open is filled."""
    good = good_values(cast)
    blank_pairing = {"weekday": "", "local_time": "", "time_zone": form.fields.get("time_zone", "")}
    values = {name: value or good.get(name, "") for name, value in form.fields.items()}
    people = {name: good[name] for name in ("scholar", "mentor", "coach") if name in form.fields}
    if "weekday" in form.fields and not form.fields.get("local_time"):
        values |= blank_pairing | ({"time_zone": ""} if not form.fields["weekday"] else {})
    return values | people
