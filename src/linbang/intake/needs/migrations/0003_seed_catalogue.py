from django.db import migrations

from linbang.intake.needs.choices.catalogue import CATALOGUE, DESCRIPTIONS_EN


def seed(apps, schema_editor):
    """Add the items that are not there; a station's own changes stay."""
    item_model = apps.get_model("needs", "ServiceItem")
    item_model.objects.bulk_create(
        (
            item_model(
                **entry._asdict(),
                description_en=DESCRIPTIONS_EN[entry.code],
                position=position,
            )
            for position, entry in enumerate(CATALOGUE, 1)
        ),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("needs", "0002_forbid_changes")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
