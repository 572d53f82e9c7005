from django.db import migrations

from linbang.foundation.db import append_only


class Migration(migrations.Migration):
    dependencies = [("service", "0001_initial")]

    operations = [
        *append_only("service_checkin"),
        *append_only("service_checkout"),
    ]
