from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("offer", "派单邀请"),
                    ("need", "求助进展"),
                    ("visit", "上门服务"),
                    ("record", "服务记录"),
                    ("shift", "活动班次"),
                    ("clearance", "培训与资格"),
                    ("task", "待办"),
                    ("account", "账号"),
                ],
                max_length=12,
            ),
        ),
    ]
