"""What erasure does in the database, written out as one function of the owner's.

The app's role may not rewrite history and does not see coaching; it may call this function, which does
nothing but for a person whose erasure somebody carries out. It is made anew after each migrate from what
the apps have declared (`cohorts.held`), so a later model joins by its declaration.

The function runs as the owner of the tables, with the owner's purpose and nobody's identity (both are
put back): the policies of confidential tables open for it, and the triggers that freeze what was decided
let it pass. History is cleaned first; then the rows, whose change history then records without the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import sql

from cohorts.held import ADDRESS, ALIAS, KINDS, LINK, NO_ADDRESS, REMOVED, UNUSABLE, WORDS, Held, model_at
from cohorts.models import Person
from mats.identity.roles import app_role

NAME = "erase_person"
OURS = ("mats.", "cohorts.", "mentorship.", "coaching.")
# Every table and column below is named by a model of ours, every word by a declaration: nothing is sent in.
# ruff: noqa: S608

HEAD = f"""
CREATE OR REPLACE FUNCTION {NAME}(request uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $erase$
DECLARE
    purpose text := coalesce(current_setting('mats.purpose', true), '');
    me text := coalesce(current_setting('mats.person', true), '');
    p uuid;
    its_moment timestamptz;
    their_alias text;
    their_address text;
    their_names text;
    their_addresses text[];
{{variables}}
BEGIN
    SELECT e.person_id, e.carried_out_at INTO p, its_moment FROM pages_erasure e
     WHERE e.id = request AND e.carried_out_at IS NOT NULL AND e.withdrawn_at IS NULL;
    IF p IS NULL THEN
        RAISE EXCEPTION 'nobody carries out an erasure under this key' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- A restored database knows less than the ledger, by which its owner erases again.
    IF session_user <> current_user
        AND EXISTS (SELECT FROM cohorts_membership WHERE person_id = p AND archived_at IS NULL) THEN
        RAISE EXCEPTION 'somebody with a place is not erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('mats.purpose', 'erase', true), set_config('mats.person', '', true);

    SELECT 'Former ' || coalesce((
        SELECT CASE m.role WHEN 'scholar' THEN k.scholar_label WHEN 'coach' THEN k.coach_label
                           WHEN 'staff' THEN k.staff_label ELSE m.role END
          FROM cohorts_membership m JOIN cohorts_cohort k ON k.id = m.cohort_id
         WHERE m.person_id = p ORDER BY m.role = 'scholar' DESC, m.created_at DESC LIMIT 1), 'member')
        || ' ' || left(p::text, 4) INTO their_alias;
    their_address := 'erased-' || p || '@erased.invalid';
    their_addresses := ARRAY(SELECT email FROM cohorts_person WHERE id = p
                       UNION SELECT email FROM cohorts_personevent WHERE id = p);
    -- Every name they had, and each part of it, as whole words; with its signs taken literally.
    SELECT '\\m(' || string_agg(regexp_replace(part, '([^[:alnum:]])', '\\\\\\1', 'g'), '|') || ')\\M'
      INTO their_names FROM (
        WITH names AS (SELECT name FROM cohorts_person WHERE id = p
                       UNION SELECT name FROM cohorts_personevent WHERE id = p)
        SELECT name AS part FROM names
        UNION SELECT part FROM names, regexp_split_to_table(name, '\\s+') AS part WHERE length(part) > 2) AS parts;

{{body}}

    PERFORM set_config('mats.purpose', purpose, true), set_config('mats.person', me, true);
END $erase$;
"""

# What no column of a kind says.
FURTHER = """
    UPDATE post_message
       SET dropped_at = its_moment, dropped_why = 'The account was erased.', sealed = '', leased_until = NULL
     WHERE person_id = p AND sent_at IS NULL AND dropped_at IS NULL AND given_up_at IS NULL;
    UPDATE cohorts_invitation SET revoked_at = its_moment, version = version + 1
     WHERE membership_id = ANY (of_cohorts_membership) AND accepted_at IS NULL AND revoked_at IS NULL;
    UPDATE pages_importrun r
       SET difference = '[]', bad = '[]', note = '',
           state = CASE WHEN r.state IN ('shown', 'waiting', 'running') THEN 'discarded' ELSE r.state END
     WHERE EXISTS (SELECT FROM unnest(their_addresses) AS one
                    WHERE strpos(lower(r.difference::text || r.bad::text || r.note), one) > 0);
    DELETE FROM pages_importfile f USING pages_importrun r WHERE r.id = f.run_id AND r.state = 'discarded';
    UPDATE django_admin_log SET object_repr = '(removed)', change_message = '' WHERE object_id = p::text;"""

LAST = """
    UPDATE cohorts_person
       SET is_active = false, starts_cohorts = false, is_superuser = false, last_login = NULL, erased_at = its_moment
     WHERE id = p;"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the function as the tables' owner, and let the app's role call it, nobody else."""
    rights = "REVOKE ALL ON FUNCTION {name}(uuid) FROM PUBLIC; GRANT EXECUTE ON FUNCTION {name}(uuid) TO {app};"
    with connection.cursor() as cursor:
        cursor.execute(function_sql())
        cursor.execute(sql.SQL(rights).format(name=sql.Identifier(NAME), app=sql.Identifier(app_role())))


def function_sql() -> str:
    return HEAD.format(
        variables="\n".join(f"    {variable(kind.model)} uuid[];" for kind in pointed_at()),
        body="\n".join([*keys(), *deletions(), FURTHER, *cleanings(), LAST]),
    )


# --- whose rows -----------------------------------------------------------------------------------


def variable(model: type[models.Model]) -> str:
    """The keys of a kind's rows that are the person's, deleted ones of before a launch included."""
    return f"of_{model._meta.db_table}"


def pointed_at() -> list[Held]:
    """The kinds by whose rows those of other kinds are the person's, each after those it needs itself."""
    found: dict[type[models.Model], Held] = {}

    def add(kind: Held) -> None:
        for target in targets(kind):
            add(KINDS[target])
            found.setdefault(target, KINDS[target])

    for kind in KINDS.values():
        add(kind)
    return list(found.values())


def targets(kind: Held) -> list[type[models.Model]]:
    ends = (model_at(kind.model, path) for path in kind.about if path != "id")
    return [end for end in ends if end is not Person]


def keys() -> Iterator[str]:
    for kind in pointed_at():
        table = kind.model._meta.db_table
        yield f"    {variable(kind.model)} := ARRAY({union(table, condition(kind), history_of(kind.model))});"


def union(table: str, rows: str, history: type[models.Model] | None) -> str:
    live = f"SELECT id FROM {table} WHERE {rows}"
    return f"{live} UNION SELECT id FROM {history._meta.db_table} WHERE {rows}" if history else live


def condition(kind: Held) -> str:
    """In SQL, on the columns of the table or of its history: the rows are the person's."""
    parts = [kind.theirs_sql] if kind.theirs_sql else []
    parts += [leads_to_them(kind.model, path) for path in kind.about]
    return " OR ".join(f"({part})" for part in parts) or "false"


def leads_to_them(model: type[models.Model], path: str) -> str:
    if path == "id":
        return "id = p"
    name, _, rest = path.partition("__")
    field: Any = model._meta.get_field(name)
    if rest:
        further = leads_to_them(field.related_model, rest)
        table, history = field.related_model._meta.db_table, history_of(field.related_model)
        return f"{field.column} IN ({union(table, further, history)})"
    return (
        f"{field.column} = p"
        if field.related_model is Person
        else (f"{field.column} = ANY ({variable(field.related_model)})")
    )


def history_of(model: type[models.Model]) -> type[models.Model] | None:
    return getattr(model, "pgh_event_model", None)


# --- rows that go ---------------------------------------------------------------------------------


def deletions() -> Iterator[str]:
    """Drafts about them, sign-in facts of packages, and what is declared to go; a kind's history last,
    as the deletion itself writes into it."""
    about = " UNION ".join(f"SELECT unnest({variable(kind.model)})::text" for kind in pointed_at())
    yield f"    DELETE FROM forms_draft WHERE about IN ({about});"
    yield (
        "    DELETE FROM django_session"
        " WHERE session_key IN (SELECT session_key FROM usersessions_usersession WHERE user_id = p);"
    )
    yield from of_packages()
    for kind in KINDS.values():
        if kind.is_deleted and is_ours(kind.model):
            yield f"    DELETE FROM {kind.model._meta.db_table} WHERE {condition(kind)};"
            if history := history_of(kind.model):
                yield f"    DELETE FROM {history._meta.db_table} WHERE {condition(kind)};"


def is_ours(model: type[models.Model]) -> bool:
    return model.__module__.startswith(OURS)


def of_packages() -> Iterator[str]:
    """What packages keep of a person are facts of signing in: all of it goes, what hangs on it first."""
    tables = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    theirs = {model: field.column for model in tables for field in to(Person, model) if not is_ours(model)}
    for model in tables:
        for other, column in theirs.items():
            for field in to(other, model):
                needed = other._meta
                yield (
                    f"    DELETE FROM {model._meta.db_table} WHERE {field.column} IN"
                    f" (SELECT {needed.pk.column} FROM {needed.db_table} WHERE {column} = p);"
                )
    yield from (f"    DELETE FROM {model._meta.db_table} WHERE {column} = p;" for model, column in theirs.items())


def to(target: type[models.Model], model: type[models.Model]) -> Iterable[Any]:
    return [field for field in model._meta.concrete_fields if field.related_model is target]


# --- text that goes -------------------------------------------------------------------------------


def cleanings() -> Iterator[str]:
    """History first, every reason given with a change of their rows too, then the rows themselves."""
    for kind in KINDS.values():
        if kind.is_deleted or not is_ours(kind.model):
            continue
        table = kind.model._meta.db_table
        if history := history_of(kind.model):
            theirs = f"id IN (SELECT id FROM {table} WHERE {condition(kind)}) OR {condition(kind)}"
            changes = {**emptied(kind, history), "pgh_context": "pgh_context - 'why'"}
            yield change(history._meta.db_table, changes, theirs)
        if changes := emptied(kind, kind.model):
            counted = "version" in columns_of(kind.model)
            yield change(table, changes, condition(kind), further="version = version + 1" if counted else "")


def change(table: str, changes: dict[str, str], rows: str, *, further: str = "") -> str:
    sets = ", ".join([*(f"{column} = {value}" for column, value in changes.items()), *filter(None, [further])])
    differs = " OR ".join(f"{column} IS DISTINCT FROM {value}" for column, value in changes.items())
    return f"    UPDATE {table} SET {sets} WHERE ({rows}) AND ({differs});"


def columns_of(model: type[models.Model]) -> set[str]:
    return {field.column for field in model._meta.concrete_fields if field.column}


def emptied(kind: Held, model: type[models.Model]) -> dict[str, str]:
    """Column → what stands there afterwards, of those that the table or its history has."""
    found = {column: value_of(column, how) for column, how in kind.removed.items()}
    found |= {column: renamed(kind.model, column) for column in kind.renamed}
    return {column: value for column, value in found.items() if column in columns_of(model)}


def value_of(column: str, how: str) -> str:
    of_words = "CASE WHEN {0} = '' THEN '' ELSE '{1}' END"
    known = {
        WORDS: of_words.format(column, REMOVED),
        LINK: of_words.format(column, NO_ADDRESS),
        ALIAS: "their_alias",
        ADDRESS: "their_address",
        UNUSABLE: "'!' || md5(random()::text)",
    }
    return known.get(how, f"'{how}'")


def renamed(model: type[models.Model], column: str) -> str:
    field: Any = model._meta.get_field(column)
    replaced = f"regexp_replace({column}, their_names, their_alias, 'g')"
    return f"left({replaced}, {field.max_length})" if field.max_length else replaced
