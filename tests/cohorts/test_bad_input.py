"""Whatever is sent to a form of staff is answered in words, and stores nothing half."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

import pytest

from tests.cohorts.staff import OF_ONESELF_TOO, STAFF_ONLY, events

NASTY = {
    "NUL": "a\x00b",
    "invisible": "\u200b\u2060\u00ad",
    "right-to-left": "abc\u202edcba",
    "1 MB": "x" * 1_000_000,
}
NO_DATE_NOR_KEY = {
    "half a character": "\ud800",
    "the end of time": "9999-12-31",
    "before time": "0000-00-00",
    "endless number": "1e400",
}
ASKING_NOTHING = {"cohort_launch", "phase_remove", "site_remove", "stay_remove", "leave_remove"}
ASKING_ONLY_WHY = {"person_remove", "pairing_remove", "caseload_remove"}
FORMS = [name for name in [*STAFF_ONLY, *OF_ONESELF_TOO] if name not in ASKING_NOTHING]


def post(client, url: str, form: dict) -> int:
    """As a browser would not: half characters included."""
    body = urlencode(form, errors="surrogatepass")
    return client.post(url, body, content_type="application/x-www-form-urlencoded").status_code


@pytest.mark.parametrize("name", FORMS)
def test_bad_text_in_every_field_is_refused_at_the_form(client, cast, address, name):
    client.force_login(cast.staff)
    fields = [field for field in client.get(address(name)).context["form"].fields if not field.startswith("_")]
    before = events()
    for what, text in (NASTY if name in ASKING_ONLY_WHY else NASTY | NO_DATE_NOR_KEY).items():
        form = {"_key": str(uuid.uuid4()), "_version": "1", **dict.fromkeys(fields, text)}
        assert post(client, address(name), form) == 422, what
    assert events() == before


@pytest.mark.parametrize("name", FORMS)
def test_last_and_first_days_of_the_calendar_are_refused(client, cast, address, name):
    client.force_login(cast.staff)
    form = client.get(address(name)).context["form"]
    days = [field for field in form.fields if field.endswith(("_on", "_day"))]
    filled = {field: form[field].value() for field in form.fields if not field.startswith("_")}
    filled |= {"reason": "Why not.", "scholar": cast.place["other_scholar"].pk, "mentor": cast.place["other_mentor"].pk}
    filled |= {"coach": cast.place["other_coach"].pk, "name": "Spring", "email": "new@example.org", "role": "mentor"}
    filled = {field: value for field, value in filled.items() if field in form.fields and value not in {None, ""}}
    for field in days:
        for extreme in ("0001-01-01", "9999-12-31"):
            sent = {"_key": str(uuid.uuid4()), "_version": "1", **filled, field: extreme}
            assert client.post(address(name), sent).status_code == 422, (field, extreme)


def test_fields_of_a_query_string_prefill_and_never_break(client, cast, address):
    client.force_login(cast.staff)
    for text in ("nonsense", "%00", "%ED%A0%80", "x" * 4000):
        for name in ("pairing_new", "caseload_new"):
            assert client.get(f"{address(name)}?scholar={text}&mentor={text}").status_code == 200
        assert client.get(f"{address('person_add')}?role={text}").status_code == 200
