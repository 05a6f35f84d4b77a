"""Every page that a signed-in person can open, for whom it is heaviest, and what it is opened for.

The walk goes through the URL resolver: an address that stands neither here nor among those that
are no pages is an error, so that a new page is measured from its first day.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

# name: the roles that open it, and the attribute of `Sample` it is opened for ("" for none).
PAGES: dict[str, tuple[str, str]] = {
    "home": ("scholar mentor coach", ""),
    "cohort_health": ("staff", "slug"),
    "go": ("scholar", "token"),
    "timeline": ("staff", "place"),
    "gallery": ("staff", ""),
    "messages": ("staff", "slug"),
    "message": ("staff", "message"),
    "import_new": ("staff", ""),
    "import": ("staff", "slug"),
    "import_run": ("staff", "import_run"),
    "profile": ("scholar", ""),
    "cohort_list": ("staff", ""),
    "cohort_new": ("staff", ""),
    "cohort": ("staff scholar", "slug"),
    "cohort_change": ("staff", "slug"),
    "cohort_launch": ("staff", "slug"),
    "phase_add": ("staff", "slug"),
    "phase_change": ("staff", "phase"),
    "phase_remove": ("staff", "phase"),
    "site_add": ("staff", "slug"),
    "site_change": ("staff", "site"),
    "site_remove": ("staff", "site"),
    "people": ("staff scholar", "slug"),
    "person_add": ("staff", "slug"),
    "person": ("staff scholar", "place"),
    "person_remove": ("staff", "place"),
    "stay_add": ("staff", "place"),
    "stay_change": ("staff", "stay"),
    "stay_remove": ("staff", "stay"),
    "leave_add": ("staff", "place"),
    "leave_change": ("staff", "leave"),
    "leave_remove": ("staff", "leave"),
    "caseload_new": ("staff", "slug"),
    "caseload_change": ("staff", "caseload"),
    "caseload_end": ("staff", "caseload"),
    "caseload_hand_over": ("staff", "caseload"),
    "caseload_remove": ("staff", "caseload"),
    "pairings": ("staff scholar", "slug"),
    "pairing_new": ("staff", "slug"),
    "pairing": ("staff scholar", "pairing"),
    "pairing_change": ("staff", "pairing"),
    "pairing_end": ("staff", "pairing"),
    "pairing_hand_over": ("staff", "pairing"),
    "pairing_remove": ("staff", "pairing"),
    "log": ("mentor scholar", "log"),
    "log_write": ("scholar", "log"),
    "log_changes": ("mentor scholar", "log"),
    "meeting": ("mentor scholar", "meeting"),
    "meeting_call_off": ("mentor", "meeting"),
    "meeting_move": ("mentor", "meeting"),
    "meeting_plan": ("mentor", "week_without_meeting"),
    "milestones": ("scholar staff", "slug"),
    "milestone": ("scholar staff", "milestone"),
    "milestone_add": ("staff", "slug"),
    "milestone_change": ("staff", "milestone"),
    "milestone_remove": ("staff", "milestone_ahead"),
    "milestone_readers": ("staff", "milestone_ahead"),
    "rubric_change": ("staff", "milestone"),
    "submission": ("scholar mentor staff", "submission"),
    "submission_write": ("scholar", "submission_owed"),
    "submission_changes": ("scholar mentor", "submission"),
    "submission_date": ("staff", "submission_owed"),
    "submission_reader": ("staff", "submission_ahead"),
    "review_write": ("staff", "review"),
    "conflicts": ("mentor staff", "slug"),
    "conflict_new": ("mentor staff", "slug"),
    "conflict_withdraw": ("staff", "conflict"),
    "midpoint": ("mentor staff", "slug"),
    "midpoint_line": ("scholar mentor staff", "line"),
    "midpoint_write": ("mentor", "line"),
    "midpoint_read": ("scholar", "line"),
    "talk": ("scholar staff", "talk"),
    "talk_take": ("staff", "talk"),
    "support_plan": ("scholar mentor staff", "support_plan"),
    "support_plan_add": ("staff", "place"),
    "support_plan_change": ("staff", "support_plan"),
    "support_plan_review": ("staff", "support_plan"),
    "extension": ("scholar mentor staff", "slug"),
    "standard_change": ("staff", "slug"),
    "round_change": ("staff", "slug"),
    "round_answers": ("staff", "round"),
    "round_letters": ("staff", "round"),
    "late_entry": ("staff", "place"),
    "case": ("scholar mentor staff", "case"),
    "case_withdraw": ("scholar", "case"),
    "case_approver": ("staff", "case"),
    "mentor_search": ("staff", "case"),
    "case_end": ("staff", "case"),
    "approval": ("scholar staff", "approval"),
    "approval_write": ("mentor", "approval"),
    "duties": ("scholar staff", "slug"),
    "duty_new": ("staff", "slug"),
    "duty_end": ("staff", "duty"),
    "committee": ("staff", "slug"),
    "agreed_list": ("staff", "slug"),
    "funnel": ("staff", "slug"),
    "letters": ("staff", "slug"),
    "letter": ("staff", "letter"),
    "letter_change": ("staff", "letter"),
    "letter_talked": ("staff", "letter"),
    "letter_date": ("staff", "letter"),
    "case_committee": ("staff", "case"),
    "opinion_write": ("staff", "case"),
    "decision_propose": ("staff", "case"),
    "decision_confirm": ("staff", "proposal"),
    "decision_pull": ("staff", "proposal"),
    "condition_met": ("staff", "decision"),
    "case_invite": ("staff", "case"),
    "case_invitation_end": ("staff", "case_invitation"),
    "sheet": ("scholar mentor staff", "sheet"),
    "sheet_change": ("staff", "sheet"),
    "sheet_share": ("staff", "sheet"),
    "standing": ("scholar mentor staff", "place"),
    "evidence": ("staff", "slug"),
    "outputs": ("scholar staff", "slug"),
    "output_add": ("scholar", "place"),
    "output_change": ("scholar", "output"),
    "output_remove": ("scholar", "output"),
    "my_chances": ("scholar", ""),
    "action_done": ("scholar", "action"),
    "action_drop": ("scholar", "action"),
    "action_reopen": ("scholar", "action"),
    "coaching": ("coach", ""),
    "coached": ("coach", "place"),
    "one_on_one_plan": ("coach", "place"),
    "one_on_one_add": ("coach", "place"),
    "one_on_one_move": ("coach", "plan"),
    "one_on_one_back": ("coach", "one_on_one"),
    "note_change": ("coach", "note"),
    "my_coaching": ("scholar", ""),
    "account_logout": ("scholar", ""),
    "account_set_password": ("scholar", ""),
    "history": ("staff", "history_of"),
    "my_history": ("scholar staff", ""),
    "who_sees_what": ("scholar", ""),
    "who_sees_here": ("staff", "place"),
    "my_data": ("scholar coach", ""),
    "export_ask": ("scholar", ""),
    "erasure_ask": ("scholar", ""),
    "erasures": ("staff", ""),
    "security": ("staff", ""),
    "sessions": ("staff", ""),
    "invite": ("staff", "slug"),
    "invitations": ("staff", "slug"),
    "first_hour": ("scholar", "place"),
    "agreement_change": ("staff", "slug"),
    "place_end": ("staff", "place"),
    "place_withdraw": ("scholar", "place"),
    "places_complete": ("staff", "slug"),
    "set_up": ("staff", "slug"),
    "account_change_password": ("staff", ""),
    "account_reauthenticate": ("staff", ""),
}

BUTTON = "a form on another page; opened by itself it leads back there"
ITS_TIME = "a form while the case stands so that it can be sent; it leads back otherwise"
SIGNED_OUT = "for people who are not signed in"
NONE_THERE = "there is none in a cohort that goes its way"
OWN_KEYS = "the keys of the person who opens it"
PROVIDER = "leads to another site and back"
NO_PAGES: dict[str, str] = {
    "healthz": "for machines",
    "readyz": "for machines",
    "import_template": "a file to download",
    "cohort_health_csv": "a file to download",
    "committee_csv": "a file to download",
    "sheets_csv": "a file to download",
    "case_talk": ITS_TIME,
    "case_apply": ITS_TIME,
    "case_change": ITS_TIME,
    "case_answer": ITS_TIME,
    "case_accept": ITS_TIME,
    "case_decline": ITS_TIME,
    "case_appeal": ITS_TIME,
    "case_lapse": ITS_TIME,
    "letters_release": BUTTON,
    "sheet_agree": BUTTON,
    "meeting_now": "a part of the meeting's page",
    "one_on_one_call_off": BUTTON,
    "one_on_one_said": BUTTON,
    "meeting_end": BUTTON,
    "action_add": BUTTON,
    "agenda_add": BUTTON,
    "meeting_absence": BUTTON,
    "meeting_notes": BUTTON,
    "own_note": BUTTON,
    "meeting_outcome": BUTTON,
    "meeting_start": BUTTON,
    "export_download": "a file to download",
    "erasure": NONE_THERE,
    "erasure_withdraw": BUTTON,
    "invitation_resend": NONE_THERE,
    "invitation_revoke": NONE_THERE,
    "invitation_address": NONE_THERE,
    "invitation_accept": BUTTON,
    "join": NONE_THERE,
    "agreement_tick": BUTTON,
    "ending": NONE_THERE,
    "ending_confirm": NONE_THERE,
    "ending_drop": NONE_THERE,
    "times": NONE_THERE,
    "cohort_remove": "for a cohort that is not launched",
    "address_change": OWN_KEYS,
    "address_confirm": OWN_KEYS,
    "second_factor": OWN_KEYS,
    "confirm_by_code": OWN_KEYS,
    **dict.fromkeys(
        (
            "mfa_login_webauthn",
            "mfa_authenticate",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_edit_webauthn",
            "mfa_remove_webauthn",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
        ),
        OWN_KEYS,
    ),
    "google_login": PROVIDER,
    "google_callback": PROVIDER,
    "github_login": PROVIDER,
    "github_callback": PROVIDER,
    "account_login": SIGNED_OUT,
    "account_inactive": SIGNED_OUT,
    "account_signup": SIGNED_OUT,
    "account_request_login_code": SIGNED_OUT,
    "account_confirm_login_code": SIGNED_OUT,
    "account_reset_password": SIGNED_OUT,
    "account_confirm_password_reset_code": SIGNED_OUT,
    "account_complete_password_reset": SIGNED_OUT,
    "account_password_reset_completed": SIGNED_OUT,
}


@dataclass(frozen=True)
class Page:
    """An address name, the role that opens it and what for."""

    name: str
    role: str
    about: str

    def address(self, sample: object) -> str:
        """Most addresses name one thing; `Sample` answers with a tuple for one that names more."""
        about = getattr(sample, self.about) if self.about else ()
        return reverse(self.name, args=about if isinstance(about, tuple) else [about])


def pages() -> list[Page]:
    """Every page of the resolver that is known, each once a role, in the resolver's order."""
    names = [pattern.name for pattern in patterns() if pattern.name in PAGES]
    return [Page(name, role, PAGES[name][1]) for name in names for role in PAGES[name][0].split()]


def unknown() -> list[URLPattern]:
    """Addresses that nobody has said anything about."""
    return [pattern for pattern in patterns() if pattern.name not in PAGES and pattern.name not in NO_PAGES]


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the product, however deep it is included; Django's own admin has its own pace."""
    for pattern in (resolver or get_resolver("mats.urls")).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern) if pattern.app_name != "admin" else ()
        else:
            yield pattern


def made_up_address(pattern: URLPattern) -> str:
    """An address of this pattern about nothing, to ask whether it can be opened at all."""
    made_up = {UUIDConverter: uuid.UUID(int=0), SlugConverter: "nothing", StringConverter: "nothing", IntConverter: 0}
    takes = pattern.pattern.converters.items()
    return reverse(str(pattern.name), kwargs={name: made_up[type(converter)] for name, converter in takes})
