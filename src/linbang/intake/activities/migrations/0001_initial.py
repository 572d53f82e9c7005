import django.contrib.postgres.fields
import django.db.models.deletion
import linbang.foundation.crypto
import linbang.foundation.db
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        ("people", "0003_publish_first_consent_texts"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Qualification",
            fields=[
                ("code", models.CharField(max_length=24, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("training", "培训"),
                            ("licence", "执业资格"),
                            ("vetting", "背景核查"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("name_en", models.CharField(max_length=80)),
                ("months_valid", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("position", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name": "资格",
            },
        ),
        migrations.CreateModel(
            name="Brand",
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
                ("summary", models.CharField(blank=True, max_length=500)),
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
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "品牌",
            },
        ),
        migrations.CreateModel(
            name="Campaign",
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
                ("summary", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                (
                    "brand",
                    linbang.foundation.db.CellForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="activities.brand",
                    ),
                ),
                (
                    "organiser",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
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
                "verbose_name": "主题行动",
            },
        ),
        migrations.CreateModel(
            name="Activity",
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
                ("key", models.CharField(db_collation="C", help_text="幂等键", max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("gathering", "集体活动"),
                            ("consult", "咨询台活动"),
                            ("duty", "值勤岗"),
                            ("classes", "课堂"),
                        ],
                        default="gathering",
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=50)),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("0001", "社区服务"),
                                ("0002", "扶贫减贫"),
                                ("0003", "支教助学"),
                                ("0004", "卫生健康"),
                                ("0005", "法律服务"),
                                ("0006", "环境保护"),
                                ("0007", "科技科普"),
                                ("0008", "文化艺术"),
                                ("0009", "平安综治"),
                                ("0010", "文明风尚"),
                                ("0011", "交通引导"),
                                ("0012", "志愿消防"),
                                ("0013", "应急救援"),
                                ("0014", "禁毒宣传"),
                                ("0015", "体育健身"),
                                ("0016", "旅游服务"),
                                ("0017", "关爱特殊群体"),
                                ("0018", "大型活动"),
                                ("0019", "海外志愿服务"),
                                ("0020", "税收服务"),
                                ("0099", "其他服务"),
                            ],
                            max_length=4,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "beneficiaries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("01", "儿童"),
                                ("02", "妇女"),
                                ("03", "老年人"),
                                ("04", "残障人士"),
                                ("05", "优抚对象"),
                                ("06", "贫困家庭"),
                                ("07", "特殊群体"),
                                ("08", "病患者"),
                                ("09", "农村居民"),
                                ("10", "城镇居民"),
                                ("11", "社会公众"),
                                ("99", "其他对象"),
                            ],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("content", models.TextField(blank=True)),
                ("conditions", models.CharField(blank=True, max_length=500)),
                ("place_name", models.CharField(blank=True, max_length=80)),
                ("address", models.CharField(blank=True, max_length=160)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("radius_m", models.PositiveSmallIntegerField(default=200)),
                (
                    "audience",
                    models.CharField(
                        choices=[("everyone", "公开招募"), ("members", "仅限本组织成员")],
                        default="everyone",
                        max_length=10,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("instant", "报名即录取"), ("approval", "需负责人审核")],
                        default="instant",
                        max_length=10,
                    ),
                ),
                ("has_waiting_list", models.BooleanField(default=True)),
                ("sign_up_opens_at", models.DateTimeField(blank=True, null=True)),
                ("sign_up_closes_at", models.DateTimeField(blank=True, null=True)),
                ("risk_text", models.TextField(blank=True)),
                ("risk_version", models.PositiveSmallIntegerField(default=1)),
                (
                    "hazards",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("rescue", "应急救援"),
                                ("traffic", "交通路口"),
                                ("fire", "消防"),
                                ("large_event", "大型活动"),
                                ("abroad", "境外"),
                                ("other", "其他人身危险"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "guarantees",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("01", "保险"),
                                ("02", "集中乘车"),
                                ("03", "交通补贴"),
                                ("04", "餐饮"),
                                ("05", "饮水"),
                                ("06", "住宿"),
                                ("07", "服装"),
                                ("08", "工具"),
                                ("09", "体检"),
                                ("10", "专项培训"),
                                ("11", "服务证书"),
                                ("99", "其他保障"),
                            ],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("guarantee_note", models.CharField(blank=True, max_length=200)),
                ("with_minors", models.BooleanField(default=False, help_text="与未成年人密切接触")),
                ("is_outside_city", models.BooleanField(default=False)),
                ("wants_agreement", models.BooleanField(default=False, help_text="一方要求签协议")),
                (
                    "needs_agreement",
                    models.BooleanField(default=False, help_text="须签志愿服务协议"),
                ),
                (
                    "allowance_fen",
                    models.PositiveIntegerField(default=0, help_text="每人每天补贴（分）"),
                ),
                ("allowance_reason", models.CharField(blank=True, max_length=200)),
                ("declares_none_forbidden", models.BooleanField(default=False)),
                ("contact_name", models.CharField(blank=True, max_length=50)),
                (
                    "contact_phone",
                    linbang.foundation.crypto.SealedTextField(
                        blank=True, default="", help_text="公开的联系电话"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("in_review", "待审核"),
                            ("published", "已发布"),
                            ("cancelled", "已取消"),
                            ("closed", "已结束"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("extended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "people_served",
                    models.PositiveIntegerField(blank=True, help_text="服务对象人次", null=True),
                ),
                ("outcome", models.CharField(blank=True, help_text="活动小结", max_length=500)),
                (
                    "leader",
                    linbang.foundation.db.AnyCellForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_activities",
                        to="people.person",
                    ),
                ),
                (
                    "organiser",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="organisations.organisation",
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
                (
                    "brand",
                    linbang.foundation.db.CellForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="activities.brand",
                    ),
                ),
                (
                    "campaign",
                    linbang.foundation.db.CellForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="activities.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "活动",
            },
        ),
        migrations.CreateModel(
            name="Desk",
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
                ("number", models.PositiveSmallIntegerField()),
                ("department", models.CharField(max_length=60)),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                (
                    "activity",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="desks",
                        to="activities.activity",
                    ),
                ),
            ],
            options={
                "verbose_name": "咨询台",
            },
        ),
        migrations.CreateModel(
            name="DutyPoint",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("crossing", "文明路口"),
                            ("service_point", "志愿服务点"),
                            ("patrol", "巡逻段"),
                            ("fire_post", "志愿消防站"),
                        ],
                        max_length=14,
                    ),
                ),
                ("name", models.CharField(max_length=50)),
                ("address", models.CharField(blank=True, max_length=160)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("is_demonstration", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
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
                "verbose_name": "值勤点",
            },
        ),
        migrations.CreateModel(
            name="InsurancePolicy",
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
                ("insurer", models.CharField(max_length=80)),
                ("number", models.CharField(max_length=60)),
                (
                    "scope",
                    models.CharField(
                        choices=[("named", "仅名单内人员"), ("signed_up", "活动全部报名人员")],
                        default="signed_up",
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("sum_fen", models.PositiveBigIntegerField(default=0)),
                ("entered_at", models.DateTimeField()),
                ("entered_by_id", models.BigIntegerField(null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organiser",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policies",
                        to="organisations.organisation",
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
                "verbose_name": "保险单",
            },
        ),
        migrations.AddField(
            model_name="activity",
            name="policy",
            field=linbang.foundation.db.AnyCellForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="activities",
                to="activities.insurancepolicy",
            ),
        ),
        migrations.CreateModel(
            name="KeyPeriod",
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
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
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
                "verbose_name": "重点时期",
            },
        ),
        migrations.AddField(
            model_name="activity",
            name="key_period",
            field=linbang.foundation.db.CellForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="activities",
                to="activities.keyperiod",
            ),
        ),
        migrations.CreateModel(
            name="PointPairing",
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
                ("since_date", models.DateField()),
                ("until_date", models.DateField(blank=True, null=True)),
                (
                    "organisation",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "point",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairings",
                        to="activities.dutypoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "点位结对",
            },
        ),
        migrations.CreateModel(
            name="Post",
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
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=50)),
                ("tasks", models.CharField(blank=True, max_length=500)),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("01", "医疗急救"),
                                ("02", "体育竞技"),
                                ("03", "驾驶运输"),
                                ("04", "法律服务"),
                                ("05", "信息技术"),
                                ("06", "经营管理"),
                                ("07", "公共关系"),
                                ("08", "教育培训"),
                                ("09", "电器维修"),
                                ("10", "安全保卫"),
                                ("11", "财会金融"),
                                ("12", "设计创意"),
                                ("13", "客服接待"),
                                ("14", "物业养护"),
                                ("15", "新闻写作"),
                                ("16", "精通外语"),
                                ("17", "音乐"),
                                ("18", "心理咨询"),
                                ("19", "护理照护"),
                                ("20", "手工制作"),
                                ("21", "文化艺术"),
                                ("22", "网络技术"),
                                ("23", "摄像摄影"),
                                ("99", "其他"),
                            ],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "qualifications",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("age_min", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("age_max", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("places", models.PositiveSmallIntegerField()),
                ("places_min", models.PositiveSmallIntegerField(default=1)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "activity",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to="activities.activity",
                    ),
                ),
                (
                    "desk",
                    linbang.foundation.db.CellForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="activities.desk",
                    ),
                ),
                (
                    "point",
                    linbang.foundation.db.CellForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="activities.dutypoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "岗位",
            },
        ),
        migrations.CreateModel(
            name="Project",
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
                ("summary", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("0001", "社区服务"),
                            ("0002", "扶贫减贫"),
                            ("0003", "支教助学"),
                            ("0004", "卫生健康"),
                            ("0005", "法律服务"),
                            ("0006", "环境保护"),
                            ("0007", "科技科普"),
                            ("0008", "文化艺术"),
                            ("0009", "平安综治"),
                            ("0010", "文明风尚"),
                            ("0011", "交通引导"),
                            ("0012", "志愿消防"),
                            ("0013", "应急救援"),
                            ("0014", "禁毒宣传"),
                            ("0015", "体育健身"),
                            ("0016", "旅游服务"),
                            ("0017", "关爱特殊群体"),
                            ("0018", "大型活动"),
                            ("0019", "海外志愿服务"),
                            ("0020", "税收服务"),
                            ("0099", "其他服务"),
                        ],
                        max_length=4,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("goals", models.TextField()),
                ("budget_fen", models.PositiveBigIntegerField(default=0)),
                (
                    "campaign",
                    linbang.foundation.db.CellForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="activities.campaign",
                    ),
                ),
                (
                    "organiser",
                    linbang.foundation.db.AnyCellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
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
                "verbose_name": "项目",
            },
        ),
        migrations.AddField(
            model_name="activity",
            name="project",
            field=linbang.foundation.db.CellForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="activities",
                to="activities.project",
            ),
        ),
        migrations.CreateModel(
            name="ProjectMeasure",
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
                ("name", models.CharField(max_length=50)),
                ("unit", models.CharField(max_length=20)),
                ("target", models.PositiveIntegerField()),
                ("reached", models.PositiveIntegerField(blank=True, null=True)),
                ("measured_on", models.DateField(blank=True, null=True)),
                (
                    "project",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="activities.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "项目成效",
            },
        ),
        migrations.CreateModel(
            name="Series",
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
                ("rule", models.CharField(help_text="RRULE, RFC 5545", max_length=200)),
                (
                    "day_rule",
                    models.CharField(
                        choices=[
                            ("any", "不论节假日"),
                            ("workdays", "只在工作日（含调休上班日）"),
                            ("not_holidays", "法定节假日停办"),
                            ("only_holidays", "只在法定节假日"),
                        ],
                        default="any",
                        max_length=14,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("start_time", models.TimeField()),
                ("minutes", models.PositiveSmallIntegerField()),
                (
                    "posts",
                    models.JSONField(blank=True, default=list, help_text="岗位编号；空为全部"),
                ),
                ("created_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(blank=True, null=True)),
                (
                    "activity",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="series",
                        to="activities.activity",
                    ),
                ),
            ],
            options={
                "verbose_name": "周期",
            },
        ),
        migrations.CreateModel(
            name="Shift",
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
                ("series_date", models.DateField(blank=True, null=True)),
                ("is_moved", models.BooleanField(default=False)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("places", models.PositiveSmallIntegerField()),
                ("places_min", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "如期"), ("cancelled", "已取消")],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancel_reason", models.CharField(blank=True, max_length=200)),
                (
                    "activity",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shifts",
                        to="activities.activity",
                    ),
                ),
                (
                    "post",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shifts",
                        to="activities.post",
                    ),
                ),
                (
                    "series",
                    linbang.foundation.db.CellForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shifts",
                        to="activities.series",
                    ),
                ),
            ],
            options={
                "verbose_name": "班次",
            },
        ),
        migrations.CreateModel(
            name="ActivityStep",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("in_review", "待审核"),
                            ("published", "已发布"),
                            ("cancelled", "已取消"),
                            ("closed", "已结束"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "activity",
                    linbang.foundation.db.CellForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="activities.activity",
                    ),
                ),
            ],
            options={
                "verbose_name": "活动进展",
                "indexes": [
                    models.Index(fields=["cell", "activity", "id"], name="activity_step_by_time")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.UniqueConstraint(
                fields=("cell", "region", "name"), name="brand_name_once_a_region"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="campaign_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="desk",
            constraint=models.UniqueConstraint(
                fields=("cell", "activity", "number"), name="desk_number_once_an_activity"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutypoint",
            constraint=models.UniqueConstraint(
                fields=("cell", "region", "name"), name="duty_point_name_once_a_region"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutypoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                    _connector="OR",
                ),
                name="duty_point_location_is_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="insurancepolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="policy_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="insurancepolicy",
            constraint=models.UniqueConstraint(
                fields=("cell", "insurer", "number"), name="policy_number_once_an_insurer"
            ),
        ),
        migrations.AddConstraint(
            model_name="keyperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="key_period_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="pointpairing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_date", None)),
                fields=("cell", "point", "organisation"),
                name="point_pairing_once_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="pointpairing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_date", None),
                    ("until_date__gte", models.F("since_date")),
                    _connector="OR",
                ),
                name="point_pairing_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("cell", "activity", "name"),
                name="post_name_once_an_activity",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("places__range", (1, 5000)), ("places_min__lte", models.F("places"))
                ),
                name="post_places_cover_the_minimum",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("age_min", None),
                    ("age_max", None),
                    ("age_max__gte", models.F("age_min")),
                    _connector="OR",
                ),
                name="post_ages_are_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="project_ends_after_start",
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                fields=["region", "state", "id"], name="activity_by_region_and_state"
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["organiser", "-id"], name="activity_by_organiser"),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("brand__isnull", False)),
                fields=["cell", "brand"],
                name="activity_by_brand",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(fields=("cell", "key"), name="activity_key_once"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="activity_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                    _connector="OR",
                ),
                name="activity_location_is_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("radius_m__range", (0, 9999))),
                name="activity_radius_up_to_9999_m",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sign_up_opens_at", None),
                    ("sign_up_closes_at", None),
                    ("sign_up_closes_at__gt", models.F("sign_up_opens_at")),
                    _connector="OR",
                ),
                name="activity_sign_up_closes_after_opening",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectmeasure",
            constraint=models.UniqueConstraint(
                fields=("cell", "project", "name"), name="project_measure_once_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="projectmeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reached", None), ("measured_on__isnull", False), _connector="OR"
                ),
                name="project_measure_reached_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="series_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (15, 1440))),
                name="series_lasts_15_minutes_to_a_day",
            ),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["cell", "activity", "starts_at"], name="shift_by_activity"),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["cell", "post", "starts_at"], name="shift_by_post"),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["cell", "starts_at", "id"], name="shift_by_time"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="shift_window_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("places__range", (1, 5000)), ("places_min__lte", models.F("places"))
                ),
                name="shift_places_cover_the_minimum",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at", None), ("state", "planned")),
                    models.Q(
                        ("cancelled_at__isnull", False),
                        ("state", "cancelled"),
                        models.Q(("cancel_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="shift_cancelled_says_when_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.UniqueConstraint(
                condition=models.Q(("series__isnull", False)),
                fields=("cell", "post", "series", "series_date"),
                name="shift_once_a_date_of_a_series",
            ),
        ),
    ]
