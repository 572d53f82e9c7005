"""The serial behind volunteer numbers (rule 6)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE people_volunteer_serial AS bigint START 100001 MAXVALUE 999999999",
            "DROP SEQUENCE people_volunteer_serial",
        )
    ]
