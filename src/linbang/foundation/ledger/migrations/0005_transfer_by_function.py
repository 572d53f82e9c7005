from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_grant_books")]

    operations = [
        migrations.RunSQL(
            (SQL / "transfer_v1.sql").read_text(), (SQL / "transfer_v1_down.sql").read_text()
        )
    ]
