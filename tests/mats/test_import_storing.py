"""All or nothing, the same files again change nothing, and the difference is shown before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.models import Caseload, Cohort, Membership, Person, Stay
from mats.pages.importing.applying import BadFiles, ShownOtherwise, look
from mats.post.models import Message
from mentorship.actions.launch import launch_cohort
from mentorship.models import Meeting, Pairing, PairingWeek, WeeklyLog
from mentorship.models.meeting import MEETING_CAP
from tests.cast import LONDON, WEEK_SIX, a_person
from tests.mats.import_files import FOUR, HEADS, SAM_AND_CAI, SAM_AND_MIA, csv, files, raw, shown, store, target

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("week_six")]


def cohort() -> Cohort:
    return Cohort.objects.get(slug="spring")


def events() -> int:
    """How many rows of history the import's tables have."""
    models = (Person, Membership, Stay, Pairing, Caseload)
    return sum(model._meta.get_field("events").related_model.objects.count() for model in models)


def test_new_cohort_comes_in_unlaunched_without_passwords_and_messages():
    store(files())
    sam = Person.objects.get(email="sam@example.org")
    assert (cohort().is_launched, sam.has_usable_password(), Message.objects.count()) == (False, False, 0)


def test_blanks_are_filled_with_what_they_mean():
    store(files())
    stay = Stay.objects.select_related("site").get(membership__person__email="sam@example.org")
    pairing = Pairing.objects.get()
    assert (stay.time_zone, stay.site.name, stay.hours_per_week) == (LONDON, "London", 40)
    assert (str(pairing.starts_on), str(pairing.ends_on)) == ("2027-01-04", "2027-04-11")
    assert (pairing.weekday, f"{pairing.local_time:%H:%M}", pairing.time_zone) == (3, "14:00", LONDON)


def test_same_files_again_change_nothing():
    store(files())
    before = events()
    _, found = store(files())
    assert (found.changes, events()) == (0, before)


def test_import_into_a_launched_cohort_invites_whoever_is_new_once():
    store(files())
    launch_cohort(cohort=cohort(), by=None, at=WEEK_SIX)
    before = Message.objects.filter(kind="place_invitation").count()
    _, found = store(files(people=("new@example.org,New,mentor,,,,,",)))
    sent = Message.objects.filter(kind="place_invitation")
    assert (found.changes, sent.count() - before) == (1, 1)
    store(files(people=("new@example.org,New,mentor,,,,,",)))
    assert (sent.count() - before, Membership.objects.filter(accepted_at__isnull=False).count()) == (1, 0)


def test_one_bad_row_and_nothing_is_stored():
    with pytest.raises(BadFiles):
        store(files(caseloads=("sam@example.org,nobody@example.org",)))
    assert (Cohort.objects.count(), Person.objects.count()) == (0, 0)


def test_difference_says_new_changed_and_gone():
    store(files())
    people = ("sam@example.org,Sam Scholar,scholar,,,,,20", *FOUR[1:3], "new@example.org,New Scholar,scholar")
    part = shown([csv("people", *people)], "people")
    assert part.new == [
        "New Scholar <new@example.org>, scholar: 2027-01-04 to 2027-04-11, remote, Europe/London, 40 hours a week"
    ]
    assert part.changed == ["Sam Scholar <sam@example.org>, scholar: site London → remote; hours a week 40 → 20"]
    assert part.gone == ["Sta Staff <sta@example.org>, staff"]


def test_new_site_takes_the_zone_of_the_first_row_that_names_it():
    people = ("sam@example.org,Sam,scholar,Asia/Tokyo,Tokyo", "tom@example.org,Tom,scholar,,tokyo")
    store(files(people, (), ()))
    assert list(cohort().sites.values_list("name", "time_zone")) == [("Tokyo", "Asia/Tokyo")]


def test_changed_pairing_is_corrected_in_place():
    store(files())
    row = "sam@example.org,mia@example.org,no,,2027-03-31,Fri,15:00,Europe/London"
    before = Pairing.objects.get().pk
    part = store(files(pairings=(row,)))[1].parts["pairings"]
    assert part.changed == [
        "sam@example.org with mia@example.org: last day 2027-04-11 → 2027-03-31; lead mentor yes → no;"
        " weekly meeting Thursday 14:00 Europe/London → Friday 15:00 Europe/London"
    ]
    pairing = Pairing.objects.get()
    assert (pairing.pk, pairing.is_lead, pairing.weekday, pairing.version) == (before, False, 4, 2)


def test_corrected_first_day_is_a_change_and_no_second_pairing():
    store(files())
    part = store(files(pairings=(SAM_AND_MIA.replace("yes,,", "yes,2027-01-11,"),)))[1].parts["pairings"]
    assert (len(part.changed), Pairing.objects.count(), str(Pairing.objects.get().starts_on)) == (1, 1, "2027-01-11")


def test_two_mentors_change_places_as_lead():
    people = (*FOUR, "moe@example.org,Moe,mentor")
    store(files(people, ("sam@example.org,mia@example.org,yes", "sam@example.org,moe@example.org,no")))
    store(files(people, ("sam@example.org,mia@example.org,no", "sam@example.org,moe@example.org,yes")))
    assert Pairing.objects.get(is_lead=True).mentor.person.email == "moe@example.org"


def test_gone_deletes_nothing():
    store(files())
    store(files(people=FOUR[:1], pairings=(), caseloads=()))
    assert (Membership.objects.count(), Pairing.objects.count(), Caseload.objects.count()) == (4, 1, 1)


def test_account_that_exists_keeps_its_name_and_zone():
    a_person("Samira", email="sam@example.org", time_zone="Asia/Tokyo")
    part = store(files())[1].parts["people"]
    person = Person.objects.get(email="sam@example.org")
    assert (person.name, person.time_zone) == ("Samira", "Asia/Tokyo")
    assert part.kept == [
        "sam@example.org keeps the name “Samira” of the account; the file says “Sam Scholar”",
        "sam@example.org keeps the time zone “Asia/Tokyo” of the account; the file says “Europe/London”",
    ]


def test_address_in_full_width_letters_is_the_same_person():
    store(files())
    store([csv("people", "ＳＡＭ@example.org,Sam Scholar,STAFF ")])
    assert (Person.objects.count(), Membership.objects.filter(person__email="sam@example.org").count()) == (4, 2)


def test_place_that_was_removed_comes_back():
    store(files())
    Membership.objects.filter(person__email="sta@example.org").update(archived_at=WEEK_SIX)
    part = store(files())[1].parts["people"]
    assert (len(part.new), Membership.objects.filter(archived_at=None).count()) == (1, 4)


def test_site_that_was_removed_comes_back():
    store(files())
    Stay.objects.update(site=None)
    cohort().sites.update(archived_at=WEEK_SIX)
    assert shown(files(), "sites").new == ["London, Europe/London"]
    store(files())
    assert cohort().sites.filter(archived_at=None).count() == 1


def test_history_says_which_files_it_came_from():
    store(files())
    event = Membership._meta.get_field("events").related_model.objects.first()
    assert event.pgh_context["why"] == "Imported from people.csv and pairings.csv and caseloads.csv"


def test_difference_that_is_no_longer_the_one_shown_is_not_applied():
    store(files())
    sources = files(people=(*FOUR, "new@example.org,New,scholar"))
    seen = look(target(), sources).found.fingerprint
    Stay.objects.filter(membership__person__email="sam@example.org").update(hours_per_week=10)
    with pytest.raises(ShownOtherwise):
        store(sources, shown=seen)
    assert Person.objects.count() == 4


def test_launched_cohort_gets_the_weeks_of_whoever_is_new():
    store(files())
    Cohort.objects.update(launched_at=WEEK_SIX)
    people = (*FOUR, "tom@example.org,Tom,scholar")
    store(files(people, (SAM_AND_MIA, "tom@example.org,mia@example.org,yes,,,Fri,9:00,Europe/London")))
    tom = {"scholar__person__email": "tom@example.org"}
    assert (
        WeeklyLog.objects.filter(**tom).count(),
        PairingWeek.objects.filter(pairing__scholar__person__email="tom@example.org").count(),
    ) == (14, 14)


def many(count: int) -> list:
    people = [f"s{number}@example.org,Scholar {number},scholar,,London" for number in range(count)]
    mentors = [f"m{number}@example.org,Mentor {number},mentor" for number in range(count)]
    pairings = [f"s{number}@example.org,m{number}@example.org,yes,,,Tue,10:00,Europe/London" for number in range(count)]
    caseloads = [f"s{number}@example.org,cai@example.org" for number in range(count)]
    return files((*FOUR, *people, *mentors), (SAM_AND_MIA, *pairings), (SAM_AND_CAI, *caseloads))


def queries_to_store(count: int) -> int:
    """In a cohort whose people nobody has met before."""
    sources = [replace(one, content=one.content.replace(b"@", b"@%d." % count)) for one in many(count)]
    with CaptureQueriesContext(connection) as captured:
        store(sources)
    return len(captured)


def test_statements_do_not_grow_with_the_files():
    few = queries_to_store(10)
    Cohort.objects.update(slug="other")
    assert queries_to_store(100) == few


def test_file_can_not_make_a_meeting_longer():
    head, row = f"{HEADS['pairings']},minutes", f"{SAM_AND_MIA},31"
    pairings = raw(f"{head}\n{row}\n".encode(), "pairings")
    store([*files(pairings=None), pairings])
    launch_cohort(cohort=cohort(), by=None, at=WEEK_SIX)
    lengths = {meeting.planned.upper - meeting.planned.lower for meeting in Meeting.objects.all()}
    assert lengths == {MEETING_CAP}
