import django.db.models.deletion
import linbang.foundation.crypto
import linbang.foundation.db
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("activities", "0001_initial"),
        ("organisations", "0001_initial"),
        ("people", "0003_publish_first_consent_texts"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="InsuredList",
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
                ("frozen_at", models.DateTimeField()),
                (
                    "policy",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="activities.insurancepolicy",
                    ),
                ),
                (
                    "shift",
                    linbang.foundation.db.CellOneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="insured_list",
                        to="activities.shift",
                    ),
                ),
            ],
            options={
                "verbose_name": "班次投保名单",
            },
        ),
        migrations.CreateModel(
            name="Suspension",
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
                    "cause",
                    models.CharField(
                        choices=[("no_shows", "90 天内三次未到"), ("by_staff", "工作人员暂停")],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_by_id", models.BigIntegerField(null=True)),
                (
                    "person",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "报名暂停",
            },
        ),
        migrations.CreateModel(
            name="Appeal",
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
                ("text", linbang.foundation.crypto.SealedTextField(blank=True, default="")),
                ("opened_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待处理"),
                            ("granted", "已恢复报名"),
                            ("refused", "维持暂停"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("answer", models.CharField(blank=True, max_length=200)),
                (
                    "suspension",
                    linbang.foundation.db.CellOneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="clearance.suspension",
                    ),
                ),
            ],
            options={
                "verbose_name": "申诉",
            },
        ),
        migrations.CreateModel(
            name="Training",
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
                ("name", models.CharField(max_length=50)),
                ("content", models.CharField(max_length=500)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("general", "通用培训"),
                            ("post", "岗位培训"),
                            ("professional", "专业培训"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("face", "面授"), ("remote", "线上")], max_length=6),
                ),
                ("learning_minutes", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organiser",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "qualification",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="activities.qualification",
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
                "verbose_name": "培训",
            },
        ),
        migrations.CreateModel(
            name="TrainingSession",
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
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("place", models.CharField(max_length=160)),
                ("trainer", models.CharField(blank=True, max_length=50)),
                ("places", models.PositiveSmallIntegerField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancel_reason", models.CharField(blank=True, max_length=200)),
                (
                    "training",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="clearance.training",
                    ),
                ),
            ],
            options={
                "verbose_name": "培训场次",
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
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
                ("enrolled_at", models.DateTimeField()),
                ("enrolled_by_id", models.BigIntegerField(null=True)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "合格"), ("failed", "不合格"), ("absent", "未到")],
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by_id", models.BigIntegerField(null=True)),
                (
                    "person",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "session",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="clearance.trainingsession",
                    ),
                ),
            ],
            options={
                "verbose_name": "培训报名",
            },
        ),
        migrations.CreateModel(
            name="Acceptance",
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
                        choices=[("risk", "风险告知"), ("agreement", "志愿服务协议")], max_length=10
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("text_digest", models.CharField(help_text="SHA-256", max_length=64)),
                ("accepted_at", models.DateTimeField()),
                ("given_by_id", models.BigIntegerField()),
                (
                    "activity",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="activities.activity",
                    ),
                ),
                (
                    "person",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "告知与协议",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cell", "activity", "person", "kind", "version"),
                        name="acceptance_once_a_version",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Credential",
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
                    "source",
                    models.CharField(
                        choices=[
                            ("training", "培训合格"),
                            ("document", "证书核验"),
                            ("vetting", "背景核查"),
                            ("import", "批量导入"),
                        ],
                        max_length=10,
                    ),
                ),
                ("source_id", models.BigIntegerField(help_text="培训报名编号", null=True)),
                (
                    "number",
                    linbang.foundation.crypto.SealedTextField(
                        blank=True, default="", help_text="证书编号"
                    ),
                ),
                ("issued_by", models.CharField(blank=True, max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("verified_at", models.DateTimeField()),
                ("verified_by_id", models.BigIntegerField(null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoke_reason", models.CharField(blank=True, max_length=200)),
                (
                    "person",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credentials",
                        to="people.person",
                    ),
                ),
                (
                    "qualification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="activities.qualification",
                    ),
                ),
            ],
            options={
                "verbose_name": "资格证明",
                "indexes": [
                    models.Index(fields=["person", "qualification"], name="credential_by_person"),
                    models.Index(fields=["cell", "valid_until"], name="credential_by_expiry"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="credential_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revoked_at", None),
                            models.Q(("revoke_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="credential_revoked_says_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_id__isnull", False)),
                        fields=("cell", "source", "source_id"),
                        name="credential_once_a_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuardianConsent",
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
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "activity",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="activities.activity",
                    ),
                ),
                (
                    "guardian",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "person",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "监护人同意书",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("cell", "activity", "person", "guardian"),
                        name="guardian_consent_once_an_activity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("guardian")), _negated=True),
                        name="guardian_consent_is_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InsuredListEntry",
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
                    "insured_list",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="clearance.insuredlist",
                    ),
                ),
                (
                    "person",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "班次被保险人",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cell", "insured_list", "person"), name="insured_list_entry_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InsuredPerson",
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
                ("added_at", models.DateTimeField()),
                ("added_by_id", models.BigIntegerField(null=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "policy",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="insured",
                        to="activities.insurancepolicy",
                    ),
                ),
            ],
            options={
                "verbose_name": "被保险人",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("cell", "policy", "person"),
                        name="insured_person_once_a_policy",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="suspension",
            index=models.Index(fields=["person", "-ends_at"], name="suspension_by_person"),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="suspension_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                fields=("cell", "person", "cause", "starts_at"), name="suspension_once_a_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("decided_at__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="appeal_decided_says_when_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="training",
            constraint=models.CheckConstraint(
                condition=models.Q(("learning_minutes__gt", 0)), name="training_takes_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="training",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("cell", "region", "name"),
                name="training_name_once_a_region",
            ),
        ),
        migrations.AddIndex(
            model_name="trainingsession",
            index=models.Index(fields=["cell", "starts_at"], name="training_session_by_time"),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="training_session_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("places__gt", 0)), name="training_session_has_places"
            ),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["person", "-id"], name="enrolment_by_person"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)),
                fields=("cell", "session", "person"),
                name="enrolment_once_a_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("result", "")),
                    models.Q(
                        models.Q(("result", ""), _negated=True), ("decided_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="enrolment_result_has_time",
            ),
        ),
    ]
