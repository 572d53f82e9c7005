from pathlib import Path

from django.db import migrations

from linbang.foundation.db import append_only

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("time_bank", "0003_schemes_pool_and_branches")]

    operations = [
        migrations.RunSQL((SQL / "backfill_movements_v1.sql").read_text(), migrations.RunSQL.noop),
        *append_only("time_bank_adjustment"),
        *append_only("time_bank_movement"),
        *append_only("time_bank_shortfallsettlement"),
        *append_only("time_bank_grant"),
        *append_only("time_bank_grantreturn"),
        *append_only("time_bank_schemeadoption"),
    ]
