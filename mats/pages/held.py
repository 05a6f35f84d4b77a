"""What the ground, the roof and the packages under sign-in hold about a person."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q

from coaching.forms.note import EntryForm, NoteChangeForm
from cohorts.held import WORDS, Held, leave_out, register
from mats.forms.models import Draft, Submission
from mats.pages.models import DataExport, Erasure, ExportFile, ImportFile, ImportRun
from mats.post.models import Message
from mentorship.forms.decision import DecisionForm, OpinionForm

YOU_ALONE = "you alone"
NO_WORDS = "names a kind or an occasion and says nothing of anybody"

# What nobody carries away of what they wrote about others, they don't carry away half written.
ABOUT_OTHERS = (EntryForm, NoteChangeForm, OpinionForm, DecisionForm)


register(
    Held(
        name="messages",
        words="Messages sent to you",
        model=Message,
        about=("person",),
        seen_by="you; that they were sent, and when: the cohort’s staff, but for sign-in and coaching",
        columns=("kind", "cohort__name", "moment", "sent_at", "dropped_at"),
        removed={"dropped_why": WORDS, "failed_why": WORDS, "sealed": ""},
        kept={"kind": NO_WORDS, "occurrence": NO_WORDS, "message_id": NO_WORDS},
    ),
    Held(
        name="drafts",
        words="Drafts of forms you have not sent",
        model=Draft,
        about=("person",),
        seen_by=YOU_ALONE,
        columns=("form", "saved_at", "sealed"),
        stays=Q(form__in=[form.form_name for form in ABOUT_OTHERS]),
        is_deleted=True,
    ),
    Held(name="sent-forms", words="That a form was sent", model=Submission, about=("person",), is_deleted=True),
    Held(name="export-files", words="Files of exports", model=ExportFile, about=("person",), is_deleted=True),
    Held(
        name="exports",
        words="Copies of your data you asked for",
        model=DataExport,
        about=("person",),
        thing="export",
        columns=("asked_at", "state", "built_at", "expires_at"),
        is_deleted=True,
    ),
    Held(
        name="erasures",
        words="Requests to be erased",
        model=Erasure,
        about=("person",),
        thing="erasure",
        columns=("created_at", "withdrawn_at", "carried_out_at"),
        kept={"reason": "says why the erasure was carried out"},
    ),
    Held(
        name="sessions",
        words="Where you are signed in",
        model=UserSession,
        about=("user",),
        seen_by=YOU_ALONE,
        columns=("created_at", "last_seen_at", "ip", "user_agent"),
        is_deleted=True,
        page="sessions",
    ),
    Held(
        name="authenticators",
        words="Your second factors",
        model=Authenticator,
        about=("user",),
        seen_by="nobody: their secrets are sealed, and not in the export either",
        columns=("type", "created_at", "last_used_at"),
        is_deleted=True,
        page="security",
    ),
    Held(
        name="addresses",
        words="Addresses you confirmed",
        model=EmailAddress,
        about=("user",),
        seen_by=YOU_ALONE,
        columns=("email", "verified", "primary"),
        is_deleted=True,
        page="security",
    ),
    Held(
        name="providers",
        words="Other accounts you sign in with",
        model=SocialAccount,
        about=("user",),
        seen_by=YOU_ALONE,
        columns=("provider", "uid", "date_joined", "last_login"),
        is_deleted=True,
        page="security",
    ),
)
leave_out(
    "what staff uploaded: files go when they are stored, the rest after a month; erasure takes out who is named in it",
    ImportRun,
    ImportFile,
)
