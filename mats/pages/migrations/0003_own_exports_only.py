"""A person's export is read by that person alone, whoever forgets a filter."""

from django.db import migrations

from mats.identity.policies import IS_ACTIVE, ME, policy, protect

TABLE = "pages_exportfile"
MINE = f"person_id = {ME}"


class Migration(migrations.Migration):
    dependencies = [("pages", "0002_exports_and_erasures")]

    operations = [
        protect(TABLE),
        policy(TABLE, "own_rows", "ALL", using=MINE, check=MINE),
        policy(TABLE, "disabled_never", "ALL", using=IS_ACTIVE, deny=True),
    ]
