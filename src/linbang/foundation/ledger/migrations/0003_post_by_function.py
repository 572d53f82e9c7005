from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
# In the order of need: reversing and settling call posting.
FILES = ("balance_v1", "post_v1", "reverse_v1", "settle_v1", "hold_v1", "release_v1")


def both_ways(name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        (SQL / f"{name}.sql").read_text(), (SQL / f"{name}_down.sql").read_text()
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_forbid_changes")]

    operations = [
        *(both_ways(name) for name in FILES),
        # Balances change in place and are in no index: room on the page keeps updates HOT.
        migrations.RunSQL(
            "ALTER TABLE ledger_account SET (fillfactor = 70)",
            "ALTER TABLE ledger_account RESET (fillfactor)",
        ),
    ]
