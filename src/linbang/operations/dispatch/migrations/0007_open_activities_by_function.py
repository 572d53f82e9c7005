from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0006_add_rosters")]

    operations = [
        migrations.RunSQL(
            (SQL / "open_activities_v1.sql").read_text(),
            (SQL / "open_activities_v1_down.sql").read_text(),
        )
    ]
