from django.db import migrations

from linbang.foundation.db import append_only


class Migration(migrations.Migration):
    dependencies = [("clearance", "0001_initial")]

    operations = [
        *append_only("clearance_acceptance"),
        *append_only("clearance_insuredlist"),
        *append_only("clearance_insuredlistentry"),
    ]
