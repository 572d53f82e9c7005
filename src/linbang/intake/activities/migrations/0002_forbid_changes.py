from django.db import migrations

from linbang.foundation.db import append_only


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial")]

    operations = [
        *append_only("activities_activitystep"),
    ]
