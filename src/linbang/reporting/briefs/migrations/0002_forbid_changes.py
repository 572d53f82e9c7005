from django.db import migrations

from linbang.foundation.db import append_only


class Migration(migrations.Migration):
    dependencies = [("briefs", "0001_initial")]

    operations = [
        *append_only("briefs_brief"),
    ]
