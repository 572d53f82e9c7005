from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def _function(name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        (SQL / f"{name}.sql").read_text(), (SQL / f"{name}_down.sql").read_text()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0004_write_attendances_once"),
        ("dispatch", "0005_sign_up_by_function"),
    ]

    operations = [
        _function("distance_v1"),
        _function("check_in_v1"),
        _function("check_out_v1"),
    ]
