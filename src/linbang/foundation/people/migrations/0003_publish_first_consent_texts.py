"""The first version of every text people agree to (rules 4, 7, 9, 10, 80 and 100)."""

from datetime import datetime, timedelta, timezone

from django.db import migrations

PUBLISHED_AT = datetime(2026, 11, 1, tzinfo=timezone(timedelta(hours=8)))

TEXTS = {
    "registration": (
        "个人信息处理同意书",
        "Consent to registration",
        (
            "为了给您提供社区志愿服务，我们需要登记您的姓名、性别、出生日期、证件类型和号码、所在社区、住址和联系电话。\n"
            "证件号码、电话和住址加密保存，平时只显示一部分；工作人员查看完整内容必须说明原因，每次查看都有记录，您可以在“谁看过我的资料”里查到。\n"
            "您的住址和电话只有在志愿者接受您的求助后，才向这位志愿者显示，服务结束 24 小时后不再显示。\n"
            "我们不出售您的信息，也不向无关的人提供。您可以随时查看、更正、下载自己的资料，也可以随时撤回同意、注销登记；注销后资料立即不再使用，只在法律要求的期限内封存。"
        ),
        (
            "To offer you community volunteer services we keep your name, sex, date of birth, identity document, community, address and phone.\n"
            "Document number, phone and address are encrypted and mostly hidden. Staff who open a full value must give a reason; every look is recorded and you can read who looked.\n"
            "Your address and phone are shown only to the volunteer who accepted your request, until 24 hours after the visit.\n"
            "We never sell your data. You can view, correct and download it, withdraw this consent and close your record at any time; closed records are used no more and only stored as long as the law demands."
        ),
    ),
    "volunteer": (
        "志愿者登记同意书",
        "Consent to volunteering",
        (
            "我自愿成为志愿者。我知道：\n"
            "参加志愿服务完全自愿，拒绝任何一次邀请都不会有不利影响；我可以随时暂停或停止。\n"
            "系统会按照距离、特长、空闲时间和近期服务次数推荐合适的志愿者，推荐的理由会保存，我可以询问和提出异议。\n"
            "我的服务记录会按国家规定保存，我可以申请志愿服务记录证明。\n"
            "我会尊重服务对象，不泄露他们的个人信息，不收取报酬。"
        ),
        (
            "I become a volunteer of my own will. I know that:\n"
            "every invitation may be refused without any disadvantage, and I may pause or stop at any time;\n"
            "volunteers are proposed by distance, skills, free time and recent services; the reasons are kept, and I may ask about them and object;\n"
            "my service records are kept as the law prescribes, and I may ask for a certificate;\n"
            "I respect the people I help, keep what I learn about them to myself and take no payment."
        ),
    ),
    "sensitive": (
        "敏感个人信息单独同意书",
        "Separate consent to sensitive data",
        (
            "如果您属于低保、残疾、空巢、高龄等需要关爱的家庭，社区希望登记您的关爱类别，以便优先上门探访和安排帮助。\n"
            "这是敏感个人信息，加密保存，只有负责关爱工作的人员可以查看，不会公开，也不会导出。\n"
            "不同意不影响您使用其他服务。您可以随时撤回，撤回后社区不再使用这些类别。"
        ),
        (
            "If you receive minimum living allowance, live with a disability, live alone or are of high age, the community would like to note this so that you are visited and helped first.\n"
            "This is sensitive data: encrypted, open only to those in charge of care, never published, never exported.\n"
            "Refusing has no effect on other services. You can withdraw at any time; the categories are then used no more."
        ),
    ),
    "guardian": (
        "监护人同意书",
        "Consent of a guardian",
        (
            "我是孩子的监护人。我同意登记孩子的姓名、性别、出生日期、证件号码、所在社区和联系电话，用于为孩子提供服务和保障孩子安全地参加志愿服务。\n"
            "未满 6 周岁不参加志愿服务；6 至 9 周岁必须有大人陪同；每次服务都会事先告诉我。\n"
            "工作人员查看孩子的资料必须有经批准的理由，每次查看都有记录，我可以查到。\n"
            "我可以随时查看、更正、删除孩子的资料，或撤回同意。"
        ),
        (
            "I am the child's guardian. I agree that the child's name, sex, date of birth, document number, community and phone are kept, to serve the child and to keep the child safe when helping others.\n"
            "Children under 6 do not volunteer; from 6 to 9 an adult comes along; I am told before each service.\n"
            "Staff open a child's record only for an approved reason; every look is recorded and I can read it.\n"
            "I can view, correct and delete the child's data or withdraw this consent at any time."
        ),
    ),
}


def publish(apps, schema_editor):
    ConsentText = apps.get_model("people", "ConsentText")
    ConsentText.objects.bulk_create(
        ConsentText(
            kind=kind, version=1, title=title, title_en=title_en, body=body, body_en=body_en,
            published_at=PUBLISHED_AT,
        )
        for kind, (title, title_en, body, body_en) in TEXTS.items()
    )  # fmt: skip


def withdraw(apps, schema_editor):
    apps.get_model("people", "ConsentText").objects.filter(version=1).delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0002_number_volunteers")]

    operations = [migrations.RunPython(publish, withdraw)]
