"""What a password has to be."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator

ADVISED = 15


class LengthValidator(MinimumLengthValidator):
    """At least `min_length` characters, and more are advised."""

    def get_help_text(self) -> str:
        return (
            f"At least {self.min_length} characters; {ADVISED} or more are better."
            " A few words that have nothing to do with each other are easy to keep."
        )
