import django.db.models.deletion
import linbang.foundation.crypto
import linbang.foundation.db
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0003_seed_qualifications"),
        ("dispatch", "0004_add_sign_ups"),
        ("people", "0003_publish_first_consent_texts"),
        ("places", "0001_initial"),
        ("service", "0002_forbid_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cell",
                    linbang.foundation.db.CellField(db_collation="C", editable=False, max_length=6),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("key", models.CharField(db_collation="C", max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("injury", "受伤"),
                            ("illness", "突发疾病"),
                            ("traffic", "交通事故"),
                            ("property", "财物损失"),
                            ("conflict", "冲突纠纷"),
                            ("other", "其他情况"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "who",
                    linbang.foundation.crypto.SealedTextField(
                        blank=True, default="", help_text="当事人"
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("place", models.CharField(max_length=160)),
                (
                    "what",
                    linbang.foundation.crypto.SealedTextField(
                        blank=True, default="", help_text="经过"
                    ),
                ),
                (
                    "first_aid",
                    linbang.foundation.crypto.SealedTextField(
                        blank=True, default="", help_text="现场处置"
                    ),
                ),
                (
                    "hospital",
                    linbang.foundation.crypto.SealedTextField(
                        blank=True, default="", help_text="送医情况"
                    ),
                ),
                (
                    "witnesses",
                    linbang.foundation.crypto.SealedTextField(
                        blank=True, default="", help_text="见证人"
                    ),
                ),
                ("reported_at", models.DateTimeField()),
                ("reported_by_id", models.BigIntegerField()),
                ("due_at", models.DateTimeField()),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                ("completed_by_id", models.BigIntegerField(null=True)),
                (
                    "activity",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="activities.activity",
                    ),
                ),
                (
                    "person",
                    linbang.foundation.db.AnyCellForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "意外情况",
            },
        ),
        migrations.CreateModel(
            name="IncidentPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cell",
                    linbang.foundation.db.CellField(db_collation="C", editable=False, max_length=6),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("media_type", models.CharField(max_length=20)),
                ("image", linbang.foundation.crypto.SealedTextField(blank=True, default="")),
                ("added_at", models.DateTimeField()),
                ("added_by_id", models.BigIntegerField()),
                (
                    "incident",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="service.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "意外情况照片",
            },
        ),
        migrations.CreateModel(
            name="WrongTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cell",
                    linbang.foundation.db.CellField(db_collation="C", editable=False, max_length=6),
                ),
                ("at", models.DateTimeField()),
                (
                    "activity",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="activities.activity",
                    ),
                ),
                (
                    "person",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "错误的签到码",
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cell",
                    linbang.foundation.db.CellField(db_collation="C", editable=False, max_length=6),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("no_show", "未到"), ("excused", "请假")], max_length=8
                    ),
                ),
                ("shift_started_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("excused_at", models.DateTimeField(blank=True, null=True)),
                ("excused_by_id", models.BigIntegerField(null=True)),
                (
                    "person",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to="people.person",
                    ),
                ),
                (
                    "sign_up",
                    linbang.foundation.db.CellOneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absence",
                        to="dispatch.signup",
                    ),
                ),
            ],
            options={
                "verbose_name": "未到",
                "indexes": [
                    models.Index(
                        condition=models.Q(("excused_at", None), ("kind", "no_show")),
                        fields=["person", "shift_started_at"],
                        name="absence_that_counts",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "excused"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="absence_excused_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cell",
                    linbang.foundation.db.CellField(db_collation="C", editable=False, max_length=6),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("pair", models.PositiveSmallIntegerField()),
                ("in_at", models.DateTimeField()),
                ("in_recorded_at", models.DateTimeField()),
                (
                    "in_method",
                    models.CharField(
                        choices=[
                            ("code", "动态码"),
                            ("location", "定位"),
                            ("card", "扫志愿者证"),
                            ("roll", "负责人点名"),
                            ("sheet", "纸质签到表补录"),
                            ("settled", "负责人补签退"),
                        ],
                        max_length=10,
                    ),
                ),
                ("in_by_id", models.BigIntegerField()),
                ("in_key", models.CharField(blank=True, db_collation="C", max_length=64)),
                ("in_distance_m", models.PositiveIntegerField(null=True)),
                ("in_note", models.CharField(blank=True, max_length=200)),
                ("out_at", models.DateTimeField(blank=True, null=True)),
                ("out_recorded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "out_method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("code", "动态码"),
                            ("location", "定位"),
                            ("card", "扫志愿者证"),
                            ("roll", "负责人点名"),
                            ("sheet", "纸质签到表补录"),
                            ("settled", "负责人补签退"),
                        ],
                        max_length=10,
                    ),
                ),
                ("out_by_id", models.BigIntegerField(null=True)),
                ("out_key", models.CharField(blank=True, db_collation="C", max_length=64)),
                ("out_distance_m", models.PositiveIntegerField(null=True)),
                ("out_note", models.CharField(blank=True, max_length=200)),
                (
                    "person",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="people.person",
                    ),
                ),
                (
                    "sign_up",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="dispatch.signup",
                    ),
                ),
            ],
            options={
                "verbose_name": "到岗记录",
                "indexes": [models.Index(fields=["person", "-in_at"], name="attendance_by_person")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cell", "sign_up", "pair"), name="attendance_pair_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("out_at", None)),
                        fields=("cell", "person"),
                        name="attendance_open_once_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("in_key", ""), _negated=True),
                        fields=("cell", "person", "in_key"),
                        name="attendance_in_key_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("out_key", ""), _negated=True),
                        fields=("cell", "person", "out_key"),
                        name="attendance_out_key_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pair__range", (1, 3))),
                        name="attendance_pairs_up_to_three",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("out_at", None),
                                ("out_by_id", None),
                                ("out_key", ""),
                                ("out_method", ""),
                                ("out_recorded_at", None),
                            ),
                            models.Q(
                                ("out_at__gt", models.F("in_at")),
                                ("out_by_id__isnull", False),
                                ("out_recorded_at__isnull", False),
                                models.Q(("out_method", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="attendance_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("in_recorded_at__gte", models.F("in_at"))),
                        name="attendance_is_not_in_the_future",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cell",
                    linbang.foundation.db.CellField(db_collation="C", editable=False, max_length=6),
                ),
                ("digest", models.CharField(max_length=32)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "日历订阅",
                "indexes": [models.Index(fields=["digest"], name="calendar_feed_by_digest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("cell", "person"),
                        name="calendar_feed_open_once_a_person",
                    ),
                    models.UniqueConstraint(
                        fields=("cell", "digest"), name="calendar_feed_digest_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cell",
                    linbang.foundation.db.CellField(db_collation="C", editable=False, max_length=6),
                ),
                ("topic", models.CharField(max_length=20)),
                ("people", models.SmallIntegerField()),
                ("at", models.DateTimeField()),
                ("by_id", models.BigIntegerField()),
                ("key", models.CharField(db_collation="C", max_length=64)),
                (
                    "desk",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tallies",
                        to="activities.desk",
                    ),
                ),
            ],
            options={
                "verbose_name": "咨询计数",
                "indexes": [
                    models.Index(fields=["cell", "desk", "topic"], name="desk_tally_by_topic")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("cell", "key"), name="desk_tally_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("people__range", (-500, 500)), models.Q(("people", 0), _negated=True)
                        ),
                        name="desk_tally_counts_somebody",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["region", "-reported_at"], name="incident_by_region"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("completed_at", None)),
                fields=["due_at"],
                name="incident_incomplete",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.UniqueConstraint(fields=("cell", "key"), name="incident_key_once"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("reported_at__gte", models.F("happened_at"))),
                name="incident_is_told_after_it_happened",
            ),
        ),
        migrations.AddIndex(
            model_name="wrongtry",
            index=models.Index(fields=["person", "at"], name="wrong_try_by_person"),
        ),
    ]
