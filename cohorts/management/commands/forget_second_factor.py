"""The way back in for somebody who lost their phone and their recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cohorts.accounts import put_account_mail
from cohorts.actions.account import forget_second_factor
from cohorts.models import Person
from mats.clock import now
from mats.identity.transaction import acting
from mats.text import normalise_email


class Command(BaseCommand):
    help = (
        "Take passkeys, authenticator app and recovery codes from an account, and sign it out everywhere."
        " Make sure first, by voice or in person, that it is its owner who asks. They get a mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = Person.objects.filter(email=normalise_email(options["email"]), is_active=True).first()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if person is None:
            raise CommandError("There is no open account with this address.")
        at = now()
        with acting(None, at, command="forget_second_factor"):
            number = forget_second_factor(person=person, at=at)
            put_account_mail(person, "second_factor_forgotten", at=at)
        self.stdout.write(f"{person.name} <{person.email}>: {number} taken away, signed out everywhere.")
