from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_forbid_changes"), ("needs", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (SQL / "accept_v1.sql").read_text(), (SQL / "accept_v1_down.sql").read_text()
        ),
    ]
