"""A draft and the record of a submission are seen by the person who wrote them, by nobody else."""

from django.db import migrations

from mats.identity.policies import ME, policy, protect


def own_rows(table: str) -> list:
    mine = f"person_id = {ME}"
    return [protect(table), policy(table, "own_rows", "ALL", using=mine, check=mine)]


class Migration(migrations.Migration):
    dependencies = [("forms", "0001_initial")]

    operations = [*own_rows("forms_draft"), *own_rows("forms_submission")]
