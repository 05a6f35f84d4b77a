"""The base form, through the real profile page and its action."""

from __future__ import annotations

import re
import uuid
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from cohorts.forms.profile import ProfileForm
from cohorts.models import Person
from mats.forms.models import Submission
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX

NASTY = {
    "NUL": "a\x00b",
    "invisible": "\u200b\u2060\u00ad",
    "right-to-left": "abc\u202edcba",
    "half a character": "\ud800",
    "1 MB": "x" * 1_000_000,
    "markup": "<script>alert(1)</script>",
}


def sent(**fields) -> dict:
    return {"_key": str(uuid.uuid4()), "_version": "1", "name": "Sana S.", "time_zone": "Europe/Paris", **fields}


@pytest.fixture
def scholar(client, cast):
    client.force_login(cast.scholar)
    return client


def name_now(cast) -> str:
    return Person.objects.get(pk=cast.scholar.pk).name


def test_form_sent_is_carried_out_once_and_redirects(scholar, cast):
    answer = scholar.post("/me/", sent())
    assert (answer.status_code, answer["Location"], name_now(cast)) == (302, "/me/", "Sana S.")


def test_same_form_again_gets_the_same_answer_and_acts_once(scholar, cast):
    form = sent()
    answers = [scholar.post("/me/", form)["Location"] for _ in range(2)]
    cast.scholar.refresh_from_db()
    assert (answers, cast.scholar.version) == (["/me/", "/me/"], 2)


def test_same_key_with_other_content_is_a_conflict_with_the_text_back(scholar, cast):
    form = sent()
    scholar.post("/me/", form)
    answer = scholar.post("/me/", {**form, "name": "Quite Another"})
    assert (answer.status_code, name_now(cast)) == (409, "Sana S.")
    assert "Quite Another" in answer.content.decode()


def test_malformed_key_counts_as_new(scholar, cast):
    assert scholar.post("/me/", sent(_key="'; drop")).status_code == 302


def test_older_version_shows_both_texts_and_overwrites_nothing(scholar, cast):
    Person.objects.filter(pk=cast.scholar.pk).update(name="From Elsewhere", version=2)
    answer = scholar.post("/me/", sent(name="From Here"))
    page = answer.content.decode()
    assert (answer.status_code, name_now(cast)) == (409, "From Elsewhere")
    assert "From Elsewhere" in page
    assert "From Here" in page


def test_conflict_page_saves_when_sent_again(scholar, cast):
    Person.objects.filter(pk=cast.scholar.pk).update(name="From Elsewhere", version=2)
    page = scholar.post("/me/", sent(name="From Here")).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', page))
    assert scholar.post("/me/", sent(name="From Here", **hidden)).status_code == 302
    assert name_now(cast) == "From Here"


@pytest.mark.parametrize("version", ["", "0", "x", "-1", "99999999999999999999", "²"])
def test_missing_or_malformed_version_overwrites_nothing(scholar, cast, version):
    assert scholar.post("/me/", sent(_version=version)).status_code == 409
    assert name_now(cast) == "Sana Scholar"


NOT_OF_THE_FORM = ["is_active", "email", "starts_cohorts", "role", "is_staff", "cohort", "author", "pk", "id"]


@pytest.mark.parametrize("field", NOT_OF_THE_FORM)
def test_field_that_is_not_of_the_form_changes_nothing(scholar, cast, field):
    scholar.post("/me/", sent(**{field: str(cast.staff.pk)}))
    after = Person.objects.get(pk=cast.scholar.pk)
    assert (after.email, after.is_active, after.starts_cohorts, after.pk) == (
        cast.scholar.email, True, False, cast.scholar.pk,
    )  # fmt: skip
    assert Person.objects.get(pk=cast.staff.pk).version == 1


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
@pytest.mark.parametrize("field", ["name", "time_zone", "_key", "_version", "_form", "_about", "_base", "_page"])
def test_bad_text_in_any_field_is_never_a_server_error(scholar, cast, field, text):
    body = urlencode(sent(**{field: text}), errors="surrogatepass")
    answer = scholar.post("/me/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {200, 302, 409, 422}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_bad_text_in_a_query_string_is_never_a_server_error(scholar, cast, text):
    query = urlencode({"next": text[:4000]}, errors="surrogatepass")
    assert scholar.get(f"/me/?{query}").status_code == 200


def test_invalid_form_is_422_and_leads_to_its_field(scholar, cast):
    answer = scholar.post("/me/", sent(name=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#profile-name"' in page
    assert 'aria-invalid="true"' in page
    assert re.search(r'id="profile-name_error"', page)


def test_next_to_elsewhere_is_not_followed(scholar, cast):
    assert scholar.post("/me/?next=https://evil.example/", sent(next="https://evil.example/"))["Location"] == "/me/"


def bound(cast, **fields) -> ProfileForm:
    request = RequestFactory().post("/me/", sent(**fields))
    request.user, request.now = cast.scholar, WEEK_SIX
    request._messages = type("Kept", (), {"add": lambda *_: None})()
    form = ProfileForm(request, about=cast.scholar)
    assert form.is_valid()
    return form


def test_answer_that_leads_elsewhere_is_refused(cast):
    with acting(cast.scholar, WEEK_SIX), pytest.raises(ValueError, match="not ours"):
        bound(cast).carry_out(lambda: None, then="https://evil.example/")


def test_refusal_stands_on_the_form_and_frees_the_key(cast):
    def act():
        raise ValidationError({"name": "Not this name.", "nowhere": "Not at all."})

    with acting(cast.scholar, WEEK_SIX):
        form = bound(cast)
        assert form.carry_out(act, then="/") is None
        assert Submission.objects.count() == 0
    assert form.errors == {"name": ["Not this name."], "__all__": ["Not at all."]}


def test_submission_holds_nothing_of_the_text(scholar, cast):
    scholar.post("/me/", sent(name="Cinnamon Lighthouse"))
    with acting(cast.scholar, WEEK_SIX):
        row = Submission.objects.get()
    assert "Cinnamon" not in " ".join([row.fingerprint, row.answer, row.form])
