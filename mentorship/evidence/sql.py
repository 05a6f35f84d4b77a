"""The rows of the five lines as one statement, and the same statement counted.

SQL by hand: a cohort of 600 has some fifty thousand rows behind its figures, and they are counted
where they lie. A page of one scholar reads the very same rows, so a figure and its rows never differ.

Columns: scholar, line, day, number (of the week), word (how it stands), counts, kept, why (the word's
reason), about (key of the row), path (where it is read), what and more (texts of it; of a meeting its
mentors, and the places of those who were away), since (from when on it would count: what is noted
after that was noted afterwards).
"""

from __future__ import annotations

from mentorship.expectations import AWAY_WEEKS, LOG_STATE, MEETING_STATE

# Why a row does not count yet: it lies ahead. Any other reason stays.
AHEAD = ("due", "running", "open")
# Of a week in which they did not meet: not the scholar's doing.
NOT_THEIRS = ("not_here", "called_off", "called_off_by_mentor", "mentor", "both", "differ")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


# The scholars that are asked about, each with since when something could be done here; weeks away of
# anybody in the cohort; accounts of who was missing that the reader may read. The latter two are asked
# with IN, never joined: PostgreSQL can't know how many there are, takes them for few, and would go
# through all of them for every row. OFFSET 0 below keeps it from asking for a word anew in every column
# that speaks of it.
FIRST = f"""
    WITH chosen AS MATERIALIZED (
        SELECT p.id, p.person_id, greatest(coalesce(p.accepted_at, p.created_at), k.launched_at) AS since
          FROM cohorts_membership p JOIN cohorts_cohort k ON k.id = p.cohort_id WHERE p.id IN ({{scholars}})),
    away AS MATERIALIZED ({AWAY_WEEKS}),
    account (id) AS MATERIALIZED ({{absences}})"""  # noqa: S608 - constants only


def _is_away(who: str, day: str) -> str:
    return f"({who}::text, {day}::text) IN (SELECT away.who, away.day FROM away)"  # noqa: S608


_LAST_DAY = "l.week_starts_on + 6 - mod(extract(isodow FROM l.week_starts_on)::int + 6 - {week_start}, 7)"
_UNPAIRED = f"""NOT EXISTS (
        SELECT FROM mentorship_pairing t
         WHERE t.scholar_id = l.scholar_id AND t.archived_at IS NULL
           AND t.starts_on <= {_LAST_DAY} AND t.ends_on >= l.week_starts_on)"""

RHYTHM = f"""
    SELECT l.scholar_id AS scholar, 'rhythm' AS line, l.week_starts_on AS day, l.number::int AS number, s.word,
           s.word IN ('on_time', 'late', 'missing') AS counts, s.word IN ('on_time', 'late') AS kept,
           CASE WHEN s.word = 'away' AND l.is_away THEN 'said_away' ELSE s.word END AS why,
           l.id::text AS about, '/logs/' || l.id || '/' AS path, NULL::text AS what, NULL::text AS more,
           l.due_at AS since
      FROM mentorship_weeklylog l
      JOIN chosen c ON c.id = l.scholar_id
     CROSS JOIN LATERAL (SELECT {LOG_STATE} AS state) log
     CROSS JOIN LATERAL (SELECT CASE
           WHEN log.state IN ('away', 'on_time', 'late') THEN log.state
           WHEN {_is_away("l.scholar_id", "l.week_starts_on")} THEN 'away'
           WHEN log.state = 'due' THEN 'due'
           WHEN l.due_at < c.since THEN 'not_here'
           WHEN {_UNPAIRED} THEN 'unpaired'
           ELSE 'missing' END AS word OFFSET 0) s
     WHERE l.archived_at IS NULL
       AND (l.submitted_at IS NOT NULL OR l.week_starts_on <= ({{at}} AT TIME ZONE {{zone}})::date)"""  # noqa: S608

# A pairing's week as its two people's: the accounts are theirs, in a team's meeting too.
_WEEKS = f"""
    SELECT p.scholar_id AS scholar, coalesce(w.meeting_id, w.id) AS one, w.week_starts_on AS day,
           w.number::int AS number, w.closes_at, w.meeting_id AS meeting, {MEETING_STATE} AS state,
           w.closes_at < greatest(c.since, p.created_at) AS too_early, other.name AS mentor,
           {_is_away("p.scholar_id", "w.week_starts_on")} AS away, ill.id IS NOT NULL AS ill,
           CASE WHEN {_is_away("p.mentor_id", "w.week_starts_on")} THEN p.mentor_id::text END AS mentor_away,
           CASE WHEN m.is_live OR m.id IS NULL THEN NULL WHEN m.moved_by_id = c.person_id THEN 'called_off_by_scholar'
                WHEN m.moved_by_id = s.person_id THEN 'called_off_by_mentor' ELSE 'called_off' END AS off,
           CASE WHEN m.outcome = 'did_not_meet' THEN (
               SELECT string_agg(DISTINCT a.who, '+') FILTER (WHERE a.id IN (SELECT account.id FROM account))
                 FROM mentorship_absence a
                WHERE a.meeting_id = m.id AND a.archived_at IS NULL AND a.said_by_id IN (c.person_id, s.person_id)
           ) END AS said
      FROM mentorship_pairingweek w
      JOIN mentorship_pairing p ON p.id = w.pairing_id
      JOIN chosen c ON c.id = p.scholar_id
      JOIN cohorts_membership s ON s.id = p.mentor_id
      JOIN cohorts_person other ON other.id = s.person_id
      LEFT JOIN mentorship_meeting m ON m.id = w.meeting_id
      LEFT JOIN mentorship_weeklylog ill ON ill.is_away AND ill.archived_at IS NULL
            AND ill.scholar_id = p.scholar_id AND ill.week_starts_on = w.week_starts_on
     WHERE w.archived_at IS NULL AND w.week_starts_on <= ({{at}} AT TIME ZONE {{zone}})::date"""  # noqa: S608

# One row a meeting, however many mentors are in it.
_MEETINGS = f"""
    SELECT scholar, min(day) AS day, min(number) AS number, max(closes_at) AS closes_at, min(meeting::text) AS meeting,
           min(one::text) AS one, string_agg(DISTINCT mentor, ', ') AS mentors,
           bool_and(too_early) AS too_early,
           bool_or(away) AS away, bool_or(ill) AS ill, string_agg(DISTINCT mentor_away, ' ') AS mentors_away,
           CASE WHEN min(state) IN ('met', 'running') THEN min(state)
                WHEN bool_or(away OR ill OR mentor_away IS NOT NULL) THEN 'away' ELSE min(state) END AS word,
           max(off) AS off, string_agg(DISTINCT said, '+') AS said
      FROM ({_WEEKS}) week GROUP BY scholar, one"""  # noqa: S608

MEETINGS = f"""
    SELECT scholar, 'meetings', day, number, word,
           word = 'met' OR (word = 'did_not_meet' AND why NOT IN ({_listed(NOT_THEIRS)})), word = 'met',
           why, coalesce(meeting, one), '/meetings/' || meeting || '/', mentors, mentors_away, closes_at
      FROM ({_MEETINGS}) met
     CROSS JOIN LATERAL (SELECT CASE
           WHEN word = 'away' THEN CASE WHEN away THEN 'away' WHEN ill THEN 'said_away' ELSE 'mentor_away' END
           WHEN word <> 'did_not_meet' THEN word
           WHEN too_early THEN 'not_here'
           WHEN meeting IS NULL THEN 'not_planned'
           WHEN off IS NOT NULL THEN off
           WHEN said LIKE '%%+%%' THEN 'differ'
           ELSE coalesce(said, 'did_not_meet') END AS why OFFSET 0) reason"""  # noqa: S608

# What waits for its reader does not count: it is no longer the scholar's to do.
MILESTONES = """
    SELECT s.scholar_id, 'milestones', (s.due_at AT TIME ZONE {zone})::date, NULL::int, w.word,
           w.word = 'passed' OR (s.due_at < {at} AND w.word <> 'submitted'), w.word = 'passed',
           CASE WHEN w.word = 'passed' OR s.due_at < {at} THEN w.word ELSE 'due' END,
           s.id::text, '/submissions/' || s.id || '/', m.kind, NULL, s.due_at
      FROM mentorship_submission s
      JOIN chosen c ON c.id = s.scholar_id
      JOIN cohorts_milestone m ON m.id = s.milestone_id AND m.archived_at IS NULL
     CROSS JOIN LATERAL (SELECT CASE
           WHEN s.passed_at IS NOT NULL THEN 'passed'
           WHEN s.revise_at IS NOT NULL THEN 'revise'
           WHEN s.submitted_at IS NOT NULL THEN 'submitted'
           WHEN s.due_at < {at} THEN 'missing'
           ELSE 'due' END AS word OFFSET 0) w
     WHERE s.archived_at IS NULL"""

ACTIONS = """
    SELECT a.owner_id, 'actions', coalesce(a.due_on, (a.created_at AT TIME ZONE {zone})::date), NULL::int, w.word,
           w.word <> 'open', w.word IN ('done', 'dropped'), w.word, a.id::text,
           CASE WHEN a.log_id IS NOT NULL THEN '/logs/' || a.log_id || '/#next'
                WHEN a.meeting_id IS NOT NULL THEN '/meetings/' || a.meeting_id || '/#actions' END,
           a.what, coalesce(nullif(a.dropped_why, ''), a.due_on::text), NULL::timestamptz
      FROM mentorship_action a
      JOIN chosen c ON c.id = a.owner_id
     CROSS JOIN LATERAL (SELECT CASE
           WHEN a.done_at IS NOT NULL THEN 'done'
           WHEN a.dropped_at IS NOT NULL THEN 'dropped'
           WHEN a.due_on < ({at} AT TIME ZONE {zone})::date THEN 'late'
           ELSE 'open' END AS word OFFSET 0) w
     WHERE a.archived_at IS NULL"""

OUTPUTS = """
    SELECT o.scholar_id, 'outputs', (o.created_at AT TIME ZONE {zone})::date, NULL::int, o.state, true, true, o.state,
           o.id::text, nullif(o.link, ''), o.title, o.kind, NULL::timestamptz
      FROM mentorship_output o
      JOIN chosen c ON c.id = o.scholar_id
     WHERE o.archived_at IS NULL"""

ALL = " UNION ALL ".join((RHYTHM, MEETINGS, MILESTONES, ACTIONS, OUTPUTS))
ROWS = f"{FIRST} SELECT * FROM ({ALL}) evidence"  # noqa: S608

# A line per scholar: how many rows count, are kept, do not count, are not known, lie ahead.
COUNTS = f"""{FIRST}
    SELECT scholar, line, count(*) FILTER (WHERE counts), count(*) FILTER (WHERE kept),
           count(*) FILTER (WHERE NOT counts AND why <> 'unknown' AND why NOT IN ({_listed(AHEAD)})),
           count(*) FILTER (WHERE NOT counts AND why = 'unknown'),
           count(*) FILTER (WHERE NOT counts AND why IN ({_listed(AHEAD)}))
      FROM ({ALL}) evidence GROUP BY scholar, line"""  # noqa: S608
