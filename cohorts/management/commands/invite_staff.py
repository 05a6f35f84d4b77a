"""The first person of an installation: may start cohorts, signs in with a code by mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from cohorts.actions.account import invite
from mats.clock import is_zone, now
from mats.identity.transaction import acting
from mats.text import clean_text, normalise_email


class Command(BaseCommand):
    help = "Make the account of somebody who may start cohorts. Repeating it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="as others read it; by default the address before the @")
        parser.add_argument("--time-zone", default="UTC", help="for example Europe/London")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            email = normalise_email(options["email"])
            name = clean_text(options["name"] or email.split("@")[0], max_length=120)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if not is_zone(options["time_zone"]):
            raise CommandError(f"{options['time_zone']} is not a time zone. Write it like Europe/London.")
        at = now()
        with acting(None, at, command="invite_staff"):
            try:
                person = invite(email=email, name=name, time_zone=options["time_zone"], at=at)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from None
        sign_in = settings.PUBLIC_ORIGIN + reverse("account_request_login_code")
        self.stdout.write(f"{person.name} <{person.email}> may start cohorts.")
        self.stdout.write(f"To sign in they ask for a code by mail: {sign_in}")
        self.stdout.write(f"Then they start a cohort: {settings.PUBLIC_ORIGIN}{reverse('cohort_new')}")
