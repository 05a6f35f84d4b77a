"""The access table itself: which relation to a thing allows which acts, and what it denies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """Whoever stands in `relation` to a `thing` may do `acts`; `denies` turns it round; `who` in words for people.

    `former` is a scholar whose place has ended, for as long as they read their own things; `stand_in` is
    whoever has taken a mentor's meetings: on pages both are called as the one they were or stand in for.
    """

    relation: str
    thing: str
    acts: tuple[str, ...]
    denies: bool = False
    who: str = ""


def _rows(thing: str, *lines: tuple[str, str, str]) -> list[Row]:
    return [Row(relation, thing, tuple(acts.split()), who=who) for relation, acts, who in lines]


# relation, acts, the words for "who can read this"
TABLE: list[Row] = [
    *_rows(
        "person",
        ("self", "read change", "you"),
    ),
    *_rows(
        "cohort",
        ("member", "read", "everyone in the cohort"),
        ("helper", "see_times", "delegates and stand-ins"),
        ("member", "declare_conflict", "everyone in the cohort"),
        (
            "staff",
            "read change launch see_health see_evidence see_cases import see_messages see_history declare_conflict",
            "the cohort’s staff",
        ),
    ),
    *_rows(
        "milestone",
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change see_submissions", "the cohort’s staff"),
    ),
    *_rows(
        "membership",
        ("self", "read", "you"),
        ("self", "be_away", "the person themselves"),
        ("self", "begin", "the person themselves"),
        ("self", "withdraw", "the person themselves"),
        ("former", "read", "you"),
        ("invited", "accept", "whoever is invited"),
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change be_away end see_history see_timeline see_who_sees", "the cohort’s staff"),
    ),
    *_rows(
        "invitation",
        ("staff", "read change", "the cohort’s staff"),
    ),
    *_rows(
        "contact",
        ("self", "read write", "you alone"),
    ),
    *_rows(
        "ending",
        ("staff", "read confirm", "the cohort’s staff"),
        ("former", "read", "whoever it is about, once it is confirmed"),
    ),
    # Nobody ends their own place as the programme, or confirms it.
    Row("concerned", "ending", ("confirm",), denies=True, who="whoever it is about"),
    *_rows(
        "pairing",
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change see_history", "the cohort’s staff"),
    ),
    *_rows(
        "caseload",
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change see_history", "the cohort’s staff"),
    ),
    *_rows(
        "duty",
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change", "the cohort’s staff"),
    ),
    *_rows(
        "log",
        ("scholar", "read write", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("stand_in", "read", "the scholar’s mentors"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read see_history", "the cohort’s staff"),
    ),
    *_rows(
        "meeting",
        ("scholar", "read write hold plan", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read write hold plan", "the mentor"),
        ("stand_in", "read write hold plan", "the mentor"),
        ("delegate", "plan", "the mentor’s delegate, times only"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read plan see_history", "the cohort’s staff"),
    ),
    *_rows(
        "pairing_week",
        ("scholar", "read plan", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read plan", "the mentor"),
        ("stand_in", "read plan", "the mentor"),
        ("delegate", "plan", "the mentor’s delegate, times only"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read plan", "the cohort’s staff"),
    ),
    *_rows(
        "action",
        ("scholar", "read write", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read write", "the scholar’s mentors"),
        ("stand_in", "read write", "the scholar’s mentors"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read", "the cohort’s staff"),
    ),
    *_rows(
        "absence",
        ("author", "read write", "you"),
        ("staff", "read", "the cohort’s staff, unless it is a meeting of theirs"),
    ),
    *_rows(
        "own_note",
        ("author", "read write", "you alone"),
    ),
    *_rows(
        "coached",
        ("coach", "read write", "the scholar’s coach"),
    ),
    Row("mentor", "coached", ("read", "write"), denies=True, who="a mentor of this scholar"),
    *_rows(
        "note",
        ("author", "read write", "you (working notes)"),
        ("scholar", "read", "you and the scholar"),
        ("former", "read", "you and the scholar"),
    ),
    Row("mentor", "note", ("read", "write"), denies=True, who="a mentor of this scholar"),
    *_rows(
        "one_on_one",
        ("coach", "read", "the scholar’s coach"),
        ("holder", "read write", "the coach who held it"),
        ("scholar", "read", "the scholar"),
        ("former", "read", "the scholar"),
        ("staff", "read", "the cohort’s staff, unless they mentor or mentored the scholar"),
    ),
    Row("mentor", "one_on_one", ("read", "write"), denies=True, who="a mentor of this scholar"),
    # A scholar's 1-1s as bare facts: whether they take place, and by when the next one is due.
    *_rows(
        "one_on_ones",
        ("coach", "read", "the scholar’s coach"),
        ("scholar", "read", "the scholar"),
        ("former", "read", "the scholar"),
        ("staff", "read", "the cohort’s staff, unless they mentor or mentored the scholar"),
    ),
    Row("mentor", "one_on_ones", ("read",), denies=True, who="a mentor of this scholar"),
    *_rows(
        "for_my_coach",
        ("scholar", "read write", "you"),
        ("former", "read", "you"),
        ("coach", "read", "your coach"),
    ),
    Row("mentor", "for_my_coach", ("read", "write"), denies=True, who="a mentor of this scholar"),
    # That somebody who is not its author opened a confidential text, and when.
    *_rows(
        "opening",
        ("scholar", "read", "whoever it is about"),
        ("former", "read", "whoever it is about"),
        ("reader", "read", "whoever opened it"),
    ),
    Row("mentor", "opening", ("read",), denies=True, who="a mentor of this scholar"),
    *_rows(
        "submission",
        ("scholar", "read write", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("reader", "read", "its reader"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read change", "the cohort’s staff"),
    ),
    *_rows(
        "review",
        ("reader", "read write", "its reader"),
        ("scholar", "read", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read", "the cohort’s staff"),
    ),
    Row("own_mentor", "review", ("write",), denies=True, who="a mentor of this scholar"),
    *_rows(
        "conflict",
        ("self", "read change", "whoever it is about"),
        ("staff", "read change", "the cohort’s staff"),
    ),
    *_rows(
        "midpoint_line",
        ("author", "read write", "the mentor who says it"),
        ("scholar", "read receive", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("staff", "read", "the cohort’s staff"),
    ),
    *_rows(
        "talk",
        ("scholar", "read know", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "know", "the scholar’s mentors"),
        ("staff", "read know write", "the cohort’s staff"),
    ),
    *_rows(
        "support_plan",
        ("scholar", "read", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("staff", "read write", "the cohort’s staff"),
    ),
    *_rows(
        "round",
        ("member", "read", "everyone in the cohort"),
        ("staff", "read change", "the cohort’s staff"),
    ),
    # Where a scholar stands on what we look for, with the rows behind it.
    *_rows(
        "evidence",
        ("scholar", "read", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("approver", "read", "the mentor who is asked to approve"),
        ("staff", "read support", "the cohort’s staff"),
        ("invited", "read", "an outside member of the committee"),
        ("outside_member", "read", "an outside member of the committee"),
    ),
    *_rows(
        "case",
        ("scholar", "read apply", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("approver", "read", "the mentor who is asked to approve"),
        ("staff", "read administer", "the cohort’s staff"),
        ("committee", "read judge", "the committee"),
        ("invited", "read judge", "an outside member of the committee"),
        ("outside_member", "read judge", "an outside member of the committee"),
    ),
    # Nobody decides, or does the work of the committee, on their own request, as a mentor or coach of the
    # scholar (now, before or to come), as one who is asked to approve, or with a declared conflict.
    Row("recused", "case", ("judge", "administer"), denies=True, who="whoever is recused"),
    # "read" is what is shown to the scholar; "judge" is what is for the committee as well.
    *_rows(
        "approval",
        ("author", "read write", "the mentor who writes it"),
        ("scholar", "read", "the scholar"),
        ("former", "read", "the scholar"),
        ("staff", "read", "the cohort’s staff"),
        ("committee", "read judge", "the committee"),
        ("invited", "read judge", "an outside member of the committee"),
        ("outside_member", "read judge", "an outside member of the committee"),
        ("duty_lead", "read read_named_why", "the duty leads"),
    ),
    Row("recused", "approval", ("judge", "read_named_why"), denies=True, who="whoever is recused"),
    *_rows(
        "opinion",
        ("author", "read", "you"),
        ("peer", "read", "whoever of the committee has written theirs"),
    ),
    Row("recused", "opinion", ("read",), denies=True, who="whoever is recused"),
    # A decision and its letter are read by those they touch once the letter is released.
    *_rows(
        "decision",
        ("scholar", "read answer", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("approver", "read", "the mentor who was asked to approve"),
        ("staff", "read administer", "the cohort’s staff"),
        ("committee", "read judge", "the committee"),
        ("invited", "read judge", "an outside member of the committee"),
        ("outside_member", "read judge", "an outside member of the committee"),
    ),
    Row("kept_out", "decision", ("read",), denies=True, who="whoever is recused"),
    Row("recused", "decision", ("judge", "administer"), denies=True, who="whoever is recused"),
    *_rows(
        "letter",
        ("scholar", "read", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("approver", "read", "the mentor who was asked to approve"),
        ("staff", "read release", "the cohort’s staff"),
    ),
    Row("kept_out", "letter", ("read",), denies=True, who="whoever is recused"),
    Row("recused", "letter", ("release",), denies=True, who="whoever is recused"),
    *_rows(
        "sheet",
        ("scholar", "read agree", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read agree", "the mentors of the term"),
        ("coach", "read", "the coach of the term"),
        ("staff", "read write", "the cohort’s staff"),
    ),
    Row("recused", "sheet", ("write",), denies=True, who="whoever is recused"),
    *_rows(
        "output",
        ("scholar", "read write", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("coach", "read", "the scholar’s coach"),
        ("staff", "read", "the cohort’s staff"),
        ("member", "read", "everyone in the cohort, where the scholar chose so"),
    ),
    *_rows(
        "chance",
        ("scholar", "read write", "the scholar"),
        ("former", "read", "the scholar"),
        ("mentor", "read", "the scholar’s mentors"),
        ("coach", "read", "the scholar’s coach"),
    ),
    *_rows(
        "export",
        ("self", "read", "you alone"),
    ),
    *_rows(
        "erasure",
        ("self", "read withdraw", "whoever asked for it"),
        ("staff", "read carry_out", "the staff of a cohort in which they have or had a place"),
    ),
    Row("self", "erasure", ("carry_out",), denies=True, who="whoever it is about"),
    *_rows(
        "import_run",
        ("uploader", "read confirm", "whoever uploaded the files"),
        ("staff", "read confirm", "the cohort’s staff"),
    ),
]
