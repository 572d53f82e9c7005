from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_publish_first_consent_texts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="method",
            field=models.CharField(
                choices=[
                    ("own", "本人在线确认"),
                    ("sms", "短信确认"),
                    ("signed_form", "签字表格"),
                    ("on_site", "本人在现场设备上勾选"),
                ],
                max_length=12,
            ),
        ),
    ]
