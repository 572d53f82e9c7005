from django.db import migrations

from linbang.foundation.db import append_only


class Migration(migrations.Migration):
    dependencies = [("service_records", "0007_add_integrity")]

    operations = [
        *append_only("service_records_recordflag"),
        *append_only("service_records_flagdecision"),
        *append_only("service_records_spotround"),
    ]
