"""Handing a letter to the mail server, and knowing what became of it."""

from __future__ import annotations

import smtplib
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from mats.post.letters import Letter
from mats.post.models import Message


class NotAccepted(Exception):
    """The mail server did not take the message; it went nowhere. Says why, without addresses."""


class Unanswered(Exception):
    """The server may have the message or not: the line broke before it answered."""


def hand_over(message: Message, letter: Letter) -> None:
    """Give the letter to the mail server; raises `NotAccepted` or `Unanswered`.

    Opening the line is apart from sending, because a failure to open is known to be harmless.
    """
    line = get_connection()
    _open(line)
    try:
        _send(line, _mail(message, letter))
    finally:
        # The message is already taken; how the line closes changes nothing.
        with suppress(smtplib.SMTPException, OSError):
            line.close()


def _mail(message: Message, letter: Letter) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to or message.person.email],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail


def _open(line: BaseEmailBackend) -> None:
    try:
        line.open()
    except smtplib.SMTPAuthenticationError as error:
        raise NotAccepted("The mail server refused our sign-in.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotAccepted("The mail server could not be reached.") from error


def _send(line: BaseEmailBackend, mail: EmailMultiAlternatives) -> None:
    try:
        taken = line.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        code = max((code for code, _ in error.recipients.values()), default=0)
        raise NotAccepted(f"The mail server refused the recipient's address (answer {code}).") from error
    except smtplib.SMTPResponseException as error:
        raise NotAccepted(f"The mail server refused the message (answer {error.smtp_code}).") from error
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        raise NotAccepted("The message could not be written for this mail server.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unanswered("The line to the mail server broke before it answered.") from error
    if not taken:
        raise NotAccepted("The mail server took nothing.")
