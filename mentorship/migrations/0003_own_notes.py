"""What somebody writes for themselves alone is read by nobody else, its history neither."""

from django.db import migrations

from mats.identity.policies import IS_ACTIVE, ME, policy, protect


def own_rows(table: str) -> list:
    mine = f"author_id = {ME}"
    return [
        protect(table),
        policy(table, "own_rows", "ALL", using=mine, check=mine),
        policy(table, "disabled_never", "ALL", using=IS_ACTIVE, deny=True),
    ]


class Migration(migrations.Migration):
    dependencies = [("mentorship", "0002_rules_across_rows")]

    operations = [*own_rows("mentorship_ownnote"), *own_rows("mentorship_ownnoteevent")]
