"""Letters about one's own data: the copy is ready; somebody asks to be erased."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.urls import reverse

from cohorts.models import Membership, Person, Role
from cohorts.querysets import here
from mats import clock
from mats.pages import emails
from mats.pages.models import DataExport, Erasure
from mats.post import kinds
from mats.post.letterbox import drop_in
from mats.post.letters import Letter, link
from mats.post.models import Message


def _about(message: Message) -> UUID:
    assert message.about_id  # every message here is about a row
    return message.about_id


def tell_ready(export: DataExport, at: dt.datetime) -> None:
    drop_in(EXPORT_READY, [(export.person_id, None, export.pk, str(export.pk))], at)


def drop_ready(message: Message, at: dt.datetime) -> str:
    ready = DataExport.objects.filter(pk=_about(message), state=DataExport.State.READY, expires_at__gt=at)
    return "" if ready.exists() else "The file is deleted."


def write_ready(message: Message, at: dt.datetime) -> Letter:
    export = DataExport.objects.get(pk=_about(message))
    assert export.expires_at  # of one that is ready
    until = clock.format_moment(export.expires_at, message.person.time_zone, date=True)
    return emails.export_ready(name=message.person.name, until=until, data_link=link(reverse("my_data")))


def tell_staff(erasure: Erasure, at: dt.datetime) -> None:
    """To the staff of every cohort in which the person has or had a place; not to themselves."""
    cohorts = Membership.objects.filter(person=erasure.person_id, accepted_at__isnull=False).values("cohort")
    staff = Membership.objects.filter(here(), role=Role.STAFF, cohort__in=cohorts)
    people = Person.objects.filter(memberships__in=staff, is_active=True).exclude(pk=erasure.person_id).distinct()
    drop_in(ERASURE_ASKED, [(one.pk, None, erasure.pk, str(erasure.pk)) for one in people], at)


def drop_asked(message: Message, at: dt.datetime) -> str:
    erasure = Erasure.objects.filter(pk=_about(message)).first()
    return "" if erasure and erasure.is_open else "It was withdrawn or carried out."


def write_asked(message: Message, at: dt.datetime) -> Letter:
    """Who asks stands on the page, behind a sign-in, and not in a mailbox for good."""
    page = reverse("erasure", args=[_about(message)])
    return emails.erasure_asked(name=message.person.name, erasure_link=link(page))


EXPORT_READY = kinds.register(
    kinds.Kind(
        name="export_ready",
        words="The copy of your data is ready",
        policy=Message.Policy.LETTER,
        drop_why=drop_ready,
        write=write_ready,
    )
)
ERASURE_ASKED = kinds.register(
    kinds.Kind(
        name="erasure_asked",
        words="Somebody asks to be erased",
        policy=Message.Policy.LETTER,
        drop_why=drop_asked,
        write=write_asked,
    )
)
