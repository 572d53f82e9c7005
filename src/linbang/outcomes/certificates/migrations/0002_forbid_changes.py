from django.db import migrations

from linbang.foundation.db import append_only


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial")]

    operations = [
        *append_only("certificates_publishedkey"),
        *append_only("certificates_certificate"),
        *append_only("certificates_certifiedrecord"),
        *append_only("certificates_certificateending"),
        *append_only("certificates_sealedcopy"),
    ]
