from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0004_add_sign_ups"),
        ("clearance", "0003_clear_by_function"),
    ]

    operations = [
        # Measured (performance §7): with room left on the page, a counter changes in place.
        migrations.RunSQL(
            "ALTER TABLE dispatch_shiftplaces SET (fillfactor = 60)",
            "ALTER TABLE dispatch_shiftplaces RESET (fillfactor)",
        ),
        migrations.RunSQL(
            (SQL / "sign_up_v1.sql").read_text(), (SQL / "sign_up_v1_down.sql").read_text()
        ),
    ]
