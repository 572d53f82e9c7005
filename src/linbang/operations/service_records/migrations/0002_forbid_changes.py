from django.db import migrations

from linbang.foundation.db import append_only


class Migration(migrations.Migration):
    dependencies = [("service_records", "0001_initial")]

    operations = [
        *append_only("service_records_servicerecord"),
        *append_only("service_records_recordconfirmation"),
        *append_only("service_records_recordverification"),
        *append_only("service_records_recordcorrection"),
    ]
