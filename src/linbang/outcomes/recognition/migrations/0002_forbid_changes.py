from django.db import migrations

from linbang.foundation.db import append_only


class Migration(migrations.Migration):
    dependencies = [("recognition", "0001_initial")]

    operations = [
        *append_only("recognition_starscheme"),
        *append_only("recognition_starchange"),
        *append_only("recognition_rating"),
        *append_only("recognition_honourproof"),
    ]
