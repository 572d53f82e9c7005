import django.db.models.deletion
import linbang.foundation.db
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0003_seed_qualifications"),
        ("dispatch", "0003_accept_by_function"),
        ("organisations", "0001_initial"),
        ("people", "0003_publish_first_consent_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignUp",
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "待审核"),
                            ("waiting", "候补中"),
                            ("held", "名额保留中"),
                            ("confirmed", "已录取"),
                            ("withdrawn", "已退出"),
                            ("declined", "未录取"),
                            ("lapsed", "候补已过期"),
                            ("released", "班次有变，已解除"),
                            ("replaced", "已有人替班"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("self", "本人报名"),
                            ("worker", "工作人员代报"),
                            ("team", "队伍集体报名"),
                            ("roster", "排班"),
                            ("walk_in", "现场登记"),
                            ("stand_in", "替班"),
                            ("reserved", "单位预留名额"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(blank=True, db_collation="C", max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                ("free_until", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=200)),
                ("is_late", models.BooleanField(default=False)),
                (
                    "person",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_ups",
                        to="people.person",
                    ),
                ),
                (
                    "shift",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_ups",
                        db_index=False,
                        to="activities.shift",
                    ),
                ),
            ],
            options={
                "verbose_name": "报名",
            },
        ),
        migrations.CreateModel(
            name="StandIn",
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
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "正在找人"),
                            ("taken", "已有人替班"),
                            ("withdrawn", "不找了"),
                            ("declined", "对方不方便换"),
                            ("lapsed", "班次已开始"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "sign_up",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stand_ins",
                        to="dispatch.signup",
                    ),
                ),
                (
                    "swap_with",
                    linbang.foundation.db.CellForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="swaps_asked",
                        to="dispatch.signup",
                    ),
                ),
                (
                    "taken_by",
                    linbang.foundation.db.CellForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in_for",
                        to="dispatch.signup",
                    ),
                ),
            ],
            options={
                "verbose_name": "找人替班",
            },
        ),
        migrations.CreateModel(
            name="Reservation",
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
                ("places", models.PositiveSmallIntegerField(help_text="还没有落实到人的名额")),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "shift",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="activities.shift",
                    ),
                ),
            ],
            options={
                "verbose_name": "预留名额",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("released_at", None)),
                        fields=("cell", "shift", "organisation"),
                        name="reservation_once_a_unit",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShiftPlaces",
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
                ("places", models.PositiveSmallIntegerField()),
                ("taken", models.PositiveSmallIntegerField(default=0)),
                ("waiting", models.PositiveIntegerField(default=0)),
                (
                    "shift",
                    linbang.foundation.db.CellOneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="load",
                        to="activities.shift",
                    ),
                ),
            ],
            options={
                "verbose_name": "班次名额",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("taken__lte", models.F("places"))),
                        name="places_taken_at_most_all",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(fields=["cell", "shift", "id"], name="sign_up_by_shift"),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(fields=["person", "-id"], name="sign_up_by_person"),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(
                condition=models.Q(("state", "held")), fields=["held_until"], name="sign_up_held"
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("cell", "shift", "person"),
                name="sign_up_once_a_shift",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("cell", "person", "key"),
                name="sign_up_key_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False),
                        ("state__in", ("withdrawn", "declined", "lapsed", "released", "replaced")),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "state__in",
                                ("withdrawn", "declined", "lapsed", "released", "replaced"),
                            ),
                            _negated=True,
                        ),
                        ("ended_at", None),
                    ),
                    _connector="OR",
                ),
                name="sign_up_ended_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "held"), _negated=True),
                    ("held_until__isnull", False),
                    _connector="OR",
                ),
                name="sign_up_held_says_until_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    ("confirmed_at__isnull", False),
                    _connector="OR",
                ),
                name="sign_up_confirmed_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="standin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("cell", "sign_up"),
                name="stand_in_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="standin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="stand_in_ended_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="standin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "taken"), _negated=True),
                    ("taken_by__isnull", False),
                    _connector="OR",
                ),
                name="stand_in_taken_says_by_whom",
            ),
        ),
    ]
