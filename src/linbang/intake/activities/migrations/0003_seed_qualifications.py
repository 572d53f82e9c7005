from django.db import migrations

from linbang.intake.activities.choices.catalogue import QUALIFICATIONS


def seed(apps, schema_editor):
    """Add the qualifications that are not there; a site's own changes stay."""
    qualification_model = apps.get_model("activities", "Qualification")
    qualification_model.objects.bulk_create(
        (
            qualification_model(**entry._asdict(), position=position)
            for position, entry in enumerate(QUALIFICATIONS, 1)
        ),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("activities", "0002_forbid_changes")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
