from django.db import migrations

from linbang.foundation.db import append_only


class Migration(migrations.Migration):
    dependencies = [("time_bank", "0001_initial")]

    operations = [
        *append_only("time_bank_posting"),
    ]
