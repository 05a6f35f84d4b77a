"""Somebody who runs the installation: opens the admin pages, behind the same sign-in and a second factor."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from cohorts.actions.account import make_superuser
from mats.clock import is_zone, now
from mats.identity.transaction import acting
from mats.text import clean_text, normalise_email


class Command(BaseCommand):
    help = "Let somebody into the admin pages. It opens no cohort to them. Repeating it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="as others read it; by default the address before the @")
        parser.add_argument("--time-zone", default="UTC", help="for example Europe/London")

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_zone(options["time_zone"]):
            raise CommandError(f"{options['time_zone']} is not a time zone. Write it like Europe/London.")
        at = now()
        try:
            email = normalise_email(options["email"])
            name = clean_text(options["name"] or email.split("@")[0], max_length=120)
            with acting(None, at, command="make_superuser"):
                person = make_superuser(email=email, name=name, time_zone=options["time_zone"], at=at)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{person.name} <{person.email}> may open {settings.PUBLIC_ORIGIN}{reverse('admin:index')}")
        self.stdout.write("At the next sign-in they set up a second factor, if they have none yet.")
