from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("clearance", "0002_forbid_changes")]

    operations = [
        migrations.RunSQL(
            (SQL / "against_v1.sql").read_text(), (SQL / "against_v1_down.sql").read_text()
        ),
    ]
