"""django-allauth, our way: nobody signs up, and every mail goes through the outbox."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from staff; sign-up is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
